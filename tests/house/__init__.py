"""Rules of the house that can be forgotten, as tests."""
