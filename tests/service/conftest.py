"""Databases with a house in them (`house.py`), made once a run and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgresql import new_database
from tests.service.house import House, make


@pytest.fixture(scope="session", name="sqlite_house")
def made_sqlite_house(tmp_path_factory) -> Path:
    """A file with the house in it, to be copied."""
    folder = tmp_path_factory.mktemp("house")
    make(f"sqlite:///{folder / 'hjul.sqlite'}", folder / "definitions").close()
    return folder / "hjul.sqlite"


@pytest.fixture(scope="session", name="postgresql_house")
def made_postgresql_house(postgresql_server, worker_id, tmp_path_factory) -> Iterator[str]:
    """The name of a database with the house in it, to be copied."""
    with new_database(postgresql_server, worker=f"house_{worker_id}") as url:
        folder = tmp_path_factory.mktemp("house")
        make(url.render_as_string(hide_password=False), folder / "definitions").close()
        yield str(url.database)


@pytest.fixture(scope="session")
def worker_id(request) -> str:
    """Which worker of xdist this is."""
    return str(getattr(request.config, "workerinput", {}).get("workerid", "main"))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def house(request, tmp_path, worker_id) -> Iterator[House]:
    """A house of one's own: the test runs once on each kind of database."""
    if request.param == "sqlite":
        path = tmp_path / "hjul.sqlite"
        shutil.copyfile(request.getfixturevalue("sqlite_house"), path)
        house = House(f"sqlite:///{path}")
        yield house
        house.close()
        return
    server = request.getfixturevalue("postgresql_server")
    template = request.getfixturevalue("postgresql_house")
    with new_database(server, worker=f"house_{worker_id}", template=template) as url:
        house = House(url.render_as_string(hide_password=False))
        yield house
        house.close()
