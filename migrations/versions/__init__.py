"""The migrations, oldest first. One that has landed is never edited."""
