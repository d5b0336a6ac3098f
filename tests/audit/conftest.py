"""Databases in which the invented world has lived, made once a run and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import URL

from engine.store import guards
from engine.store.database import Database
from engine.store.tables import metadata
from tests.audit.recorded import live, make
from tests.postgresql import new_database

WORKER = "lived"


@pytest.fixture(scope="session")
def worker_id(request) -> str:
    """Which worker of xdist this is."""
    return str(getattr(request.config, "workerinput", {}).get("workerid", "main"))


@pytest.fixture(scope="session", name="lived_sqlite")
def made_lived_sqlite(tmp_path_factory) -> Path:
    """A file with the world in it, to be copied."""
    path = tmp_path_factory.mktemp("lived") / "hjul.sqlite"
    recorded = make(f"sqlite:///{path}")
    live(recorded)
    recorded.database.close()
    return path


@pytest.fixture(scope="session", name="lived_postgresql")
def made_lived_postgresql(postgresql_server, worker_id) -> Iterator[str]:
    """The URL of a database with the world in it, and every row once more in the schema `kept`."""
    with new_database(postgresql_server, worker=f"{WORKER}_{worker_id}") as url:
        recorded = make(url.render_as_string(hide_password=False))
        live(recorded)
        recorded.database.close()
        with psycopg.connect(plain(url)) as raw:
            raw.execute("CREATE SCHEMA kept")
            for table in metadata.tables:
                raw.execute(f"CREATE TABLE kept.{table} AS TABLE {table}")
        yield url.render_as_string(hide_password=False)


def put_back(url: URL) -> None:
    """Make all rows and guards what they were: quicker than a copy of the database for each test."""
    with psycopg.connect(plain(url)) as raw:
        raw.execute("SET session_replication_role = replica")
        for table in metadata.tables:
            raw.execute(f"DELETE FROM {table}")
            raw.execute(f"INSERT INTO {table} SELECT * FROM kept.{table}")
        guards.install(raw)


def plain(url: URL) -> str:
    """The URL as psycopg takes it."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def lived(request, tmp_path) -> Iterator[Database]:
    """A database in which the world has lived: the test runs once on each kind."""
    if request.param == "sqlite":
        path = tmp_path / "hjul.sqlite"
        shutil.copyfile(request.getfixturevalue("lived_sqlite"), path)
        database = Database(f"sqlite:///{path}")
    else:
        database = Database(request.getfixturevalue("lived_postgresql"))
        put_back(database.url)
    yield database
    database.close()
