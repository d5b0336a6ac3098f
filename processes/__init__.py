"""The processes that Hjul ships, as data: one folder per process. No code; the engine reads it."""
