"""Databases of the small world (`world.py`), made once a run and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.world import World, make, reopen
from tests.kept import Kept, keeping
from tests.postgresql import new_database

WORKER = "world"


@pytest.fixture(scope="session", name="sqlite_world")
def made_sqlite_world(tmp_path_factory) -> Path:
    """A file with the world in it, to be copied."""
    path = tmp_path_factory.mktemp("world") / "hjul.sqlite"
    make(f"sqlite:///{path}").database.close()
    return path


@pytest.fixture(scope="session", name="postgresql_world")
def made_postgresql_world(postgresql_server, worker_id) -> Iterator[str]:
    """The name of a database with the world in it, to be copied."""
    with new_database(postgresql_server, worker=f"{WORKER}_{worker_id}") as url:
        make(url.render_as_string(hide_password=False)).database.close()
        yield str(url.database)


@pytest.fixture(scope="session", name="kept_world")
def made_kept_world(postgresql_server, postgresql_world, worker_id) -> Iterator[Kept]:
    """A database with the world in it, to be put back."""
    with (
        new_database(postgresql_server, worker=f"kept_{worker_id}", template=postgresql_world) as url,
        keeping(url) as kept,
    ):
        yield kept


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def world(request, tmp_path) -> Iterator[World]:
    """A database with one published process and a small organisation: the test runs once on each kind."""
    if request.param == "sqlite":
        path = tmp_path / "hjul.sqlite"
        shutil.copyfile(request.getfixturevalue("sqlite_world"), path)
        with reopen(f"sqlite:///{path}") as world:
            yield world
        return
    with reopen(request.getfixturevalue("kept_world").put_back()) as world:
        yield world
