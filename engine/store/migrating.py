"""Bringing a database to the tables of this version. The only module that knows Alembic.

Where the migrations are is found through their package, so nothing outside it is needed. Two that upgrade
at once wait for each other. It must not know what a migration does.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from engine.errors import ForeignDatabaseError, SchemaVersionError
from engine.store.database import Database

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LOCK: Final = 0x686A756C  # "hjul", for pg_advisory_xact_lock


def head() -> str:
    """The revision that this version of Hjul wants."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def revision(database: Database) -> str | None:
    """The revision that a database is at; None when it was never made ready.

    Raises:
        StorageError: The database cannot be read.
    """
    with database.explained(), database.engine().connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(database: Database, to: str = "head") -> None:
    """Bring a database to a revision, all or nothing; does nothing when it is there already.

    Raises:
        SchemaVersionError: The database was made by a newer version of Hjul.
        ForeignDatabaseError: It has tables of another program.
        DatabaseBusyError: Somebody else has been writing for too long.
        StorageError: The database cannot be written.
    """
    config = _config()
    with database.explained(), database.engine().connect() as connection:
        _lock(database, connection)
        found = MigrationContext.configure(connection).get_current_revision()
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        if found is not None and found not in known:
            raise SchemaVersionError(found, head())
        if found is None and inspect(connection).get_table_names():
            raise ForeignDatabaseError
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        connection.commit()


def _lock(database: Database, connection: Connection) -> None:
    """Begin as the only one who upgrades: the write lock of SQLite, a lock of our own on PostgreSQL."""
    database.begin(connection.connection.driver_connection)
    if database.dialect == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})


def _config() -> Config:
    spec = find_spec("migrations")
    locations = list(spec.submodule_search_locations or ()) if spec is not None else []
    config = Config()
    config.set_main_option("script_location", locations[0].replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
