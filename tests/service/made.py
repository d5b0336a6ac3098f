"""Databases with a house in them (`house.py`), made once a run.

SQLite is a copied file. On PostgreSQL there is one database, whose rows are put back before each test.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kept import Kept, keeping
from tests.postgresql import new_database
from tests.service.house import House, make


@pytest.fixture(scope="session", name="sqlite_house")
def made_sqlite_house(tmp_path_factory) -> Path:
    """A file with the house in it, to be copied."""
    folder = tmp_path_factory.mktemp("house")
    make(f"sqlite:///{folder / 'hjul.sqlite'}", folder / "definitions").close()
    return folder / "hjul.sqlite"


@pytest.fixture(scope="session", name="postgresql_house")
def made_postgresql_house(postgresql_server, worker_id, tmp_path_factory) -> Iterator[Kept]:
    """A database with the house in it, to be put back; there is one, so one at a time."""
    with new_database(postgresql_server, worker=f"house_{worker_id}") as url:
        folder = tmp_path_factory.mktemp("house") / "definitions"
        make(url.render_as_string(hide_password=False), folder).close()
        with keeping(url) as kept:
            yield kept


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def house(request, tmp_path) -> Iterator[House]:
    """A house as it was made: the test runs once on each kind of database."""
    if request.param == "sqlite":
        path = tmp_path / "hjul.sqlite"
        shutil.copyfile(request.getfixturevalue("sqlite_house"), path)
        found = House(f"sqlite:///{path}")
    else:
        found = House(request.getfixturevalue("postgresql_house").put_back())
    yield found
    found.close()


@pytest.fixture
def sqlite_only(sqlite_house, tmp_path) -> Iterator[House]:
    """A house on SQLite, for what is no matter of the database."""
    shutil.copyfile(sqlite_house, tmp_path / "hjul.sqlite")
    found = House(f"sqlite:///{tmp_path / 'hjul.sqlite'}")
    yield found
    found.close()
