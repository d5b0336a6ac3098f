"""What comes in from files and what goes out to them: tables of cases, files of commands, calendars."""
