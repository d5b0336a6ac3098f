"""What all tests share: a PostgreSQL server for the run, and fresh databases on both kinds of server.

Fixtures:
    postgresql_url: a fresh, empty PostgreSQL database.
    sqlite_url: a SQLite file that does not exist yet.
    database_url: the one and then the other, for suites that hold on both (`tests/contract/`).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.postgresql import PostgresqlUnavailableError, Run, empty, new_database, server_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import URL

RUN = pytest.StashKey[Run]()
KINDS = ("sqlite", "postgresql")
NEEDS = {"postgresql_server", "postgresql_url"}


class SharedServer:
    """Tells each xdist worker where the run's server is (or will be). Only there when xdist is."""

    def pytest_configure_node(self, node) -> None:
        """Hand the folder of the run to a worker that is about to start."""
        node.workerinput["postgresql_folder"] = str(node.config.stash[RUN].folder)


def pytest_configure(config: pytest.Config) -> None:
    """Begin a run in the process that outlives all workers; the server itself starts when first asked for."""
    if hasattr(config, "workerinput"):
        return
    config.stash[RUN] = Run()
    if config.pluginmanager.hasplugin("xdist"):
        config.pluginmanager.register(SharedServer())


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server."""
    if run := config.stash.get(RUN, None):
        run.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs PostgreSQL (for `-m postgresql`), and leave it out when the environment says so."""
    left_out = os.environ.get("HJUL_TEST_SKIP_POSTGRESQL") == "1"
    for item in items:
        chosen = getattr(item, "callspec", None)
        kind = chosen.params.get("database_url") if chosen else None
        if kind == "postgresql" or NEEDS & set(getattr(item, "fixturenames", ())):
            item.add_marker("postgresql")
        if left_out and item.get_closest_marker("postgresql"):
            item.add_marker(pytest.mark.skip(reason="HJUL_TEST_SKIP_POSTGRESQL=1"))


@pytest.fixture(scope="session")
def postgresql_server(request: pytest.FixtureRequest) -> URL:
    """Give the URL of the run's server; fails with a sentence where there can be none."""
    worker = getattr(request.config, "workerinput", None)
    folder = Path(worker["postgresql_folder"]) if worker else request.config.stash[RUN].folder
    try:
        return server_url(folder)
    except PostgresqlUnavailableError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """Say which worker of xdist this is."""
    return str(getattr(request.config, "workerinput", {}).get("workerid", "main"))


@pytest.fixture(scope="session")
def postgresql_database(postgresql_server: URL, worker_id: str) -> Iterator[URL]:
    """Give the one database that every test of this worker has after the other."""
    with new_database(postgresql_server, worker=worker_id) as url:
        yield url


@pytest.fixture
def postgresql_url(postgresql_database: URL) -> Iterator[str]:
    """Give `postgresql+psycopg://...` of an empty database, emptied again after the test."""
    yield postgresql_database.render_as_string(hide_password=False)
    empty(postgresql_database)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Give `sqlite:///...` of a file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'hjul.sqlite'}"


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """Give the URL of a fresh, empty database: the test runs once on SQLite and once on PostgreSQL."""
    return request.getfixturevalue(f"{request.param}_url")
