"""Databases with a house in them (`house.py`), made once a run.

SQLite is a copied file. On PostgreSQL a new database costs half a second, so there is one, whose rows are put back
before each test from copies beside its tables.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from engine.store.tables import metadata
from tests.postgresql import new_database
from tests.service.house import House, make

TABLES = tuple(metadata.tables)
KEEP = "CREATE SCHEMA kept;" + "".join(f"CREATE TABLE kept.{name} AS TABLE public.{name};" for name in TABLES)
PUT_BACK = (
    "SET session_replication_role = replica;"  # no guards, no foreign keys: it is all put back at once
    + "".join(f"DELETE FROM public.{name};" for name in TABLES)
    + "".join(f"INSERT INTO public.{name} SELECT * FROM kept.{name};" for name in TABLES)
)


@pytest.fixture(scope="session", name="sqlite_house")
def made_sqlite_house(tmp_path_factory) -> Path:
    """A file with the house in it, to be copied."""
    folder = tmp_path_factory.mktemp("house")
    make(f"sqlite:///{folder / 'hjul.sqlite'}", folder / "definitions").close()
    return folder / "hjul.sqlite"


@pytest.fixture(scope="session", name="postgresql_house")
def made_postgresql_house(postgresql_server, worker_id, tmp_path_factory) -> Iterator[Callable[[], str]]:
    """Puts the house in order and gives its URL; there is one, so one at a time."""
    with new_database(postgresql_server, worker=f"house_{worker_id}") as found:
        url = found.render_as_string(hide_password=False)
        make(url, tmp_path_factory.mktemp("house") / "definitions").close()
        plain = found.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(KEEP.encode())

            def put_in_order() -> str:
                connection.execute(PUT_BACK.encode())
                return url

            yield put_in_order


@pytest.fixture(scope="session")
def worker_id(request) -> str:
    """Which worker of xdist this is."""
    return str(getattr(request.config, "workerinput", {}).get("workerid", "main"))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def house(request, tmp_path) -> Iterator[House]:
    """A house as it was made: the test runs once on each kind of database."""
    if request.param == "sqlite":
        path = tmp_path / "hjul.sqlite"
        shutil.copyfile(request.getfixturevalue("sqlite_house"), path)
        found = House(f"sqlite:///{path}")
    else:
        found = House(request.getfixturevalue("postgresql_house")())
    yield found
    found.close()
