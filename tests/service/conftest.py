"""The databases with a house in them, as the tests of this room are given them."""

from tests.service.made import house, made_postgresql_house, made_sqlite_house, sqlite_only

__all__ = ["house", "made_postgresql_house", "made_sqlite_house", "sqlite_only"]
