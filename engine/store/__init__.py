"""Where cases and their log are kept: tables, guards, the one writer, the reads. SQLite and PostgreSQL alike."""
