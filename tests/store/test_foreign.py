"""A database of another program is left alone."""

import sqlite3

import pytest

from engine.errors import ForeignDatabaseError
from engine.store.database import Database
from engine.store.migrating import upgrade


def test_upgrade__leaves_the_database_of_another_program_alone(tmp_path):
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (a)")
    connection.close()
    with pytest.raises(ForeignDatabaseError):
        upgrade(Database(f"sqlite:///{path}"))
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("t",)]
    connection.close()
