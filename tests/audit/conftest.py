"""Databases in which the invented world has lived, made once and put back for each test; and the services' house."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.store.database import Database
from tests.audit.recorded import live, make
from tests.kept import Kept, keeping
from tests.postgresql import new_database
from tests.service.made import house, made_postgresql_house, made_sqlite_house

__all__ = ["house", "made_postgresql_house", "made_sqlite_house"]

WORKER = "lived"


@pytest.fixture(scope="session", name="lived_sqlite")
def made_lived_sqlite(tmp_path_factory) -> Path:
    """A file with the world in it, to be copied."""
    path = tmp_path_factory.mktemp("lived") / "hjul.sqlite"
    recorded = make(f"sqlite:///{path}")
    live(recorded)
    recorded.database.close()
    return path


@pytest.fixture(scope="session", name="lived_postgresql")
def made_lived_postgresql(postgresql_server, worker_id) -> Iterator[Kept]:
    """A database with the world in it, to be put back."""
    with new_database(postgresql_server, worker=f"{WORKER}_{worker_id}") as url:
        recorded = make(url.render_as_string(hide_password=False))
        live(recorded)
        recorded.database.close()
        with keeping(url) as kept:
            yield kept


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def lived(request, tmp_path) -> Iterator[Database]:
    """A database in which the world has lived: the test runs once on each kind."""
    if request.param == "sqlite":
        path = tmp_path / "hjul.sqlite"
        shutil.copyfile(request.getfixturevalue("lived_sqlite"), path)
        database = Database(f"sqlite:///{path}")
    else:
        database = Database(request.getfixturevalue("lived_postgresql").put_back())
    yield database
    database.close()
