"""Which tables a database has, and which this version of Hjul wants: a number each, compared before anything is read.

The numbers are those of the migrations, by the names of their files: Alembic is needed to upgrade, and not to see that
it must be done. It must not know what a migration does.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from sqlalchemy import column, select, table

from engine.errors import ForeignDatabaseError, SchemaMissingError, SchemaOldError, SchemaVersionError
from engine.store.database import Database, Session
from engine.store.statement import Statement

_FILE: Final = re.compile(r"(\d{4})_\w+\.py")
_FOUND: Final = Statement(select(column("version_num")).select_from(table("alembic_version")))
_ANY_TABLE: Final = {
    "sqlite": "SELECT count(*) FROM sqlite_master WHERE type = 'table'",
    "postgresql": "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()",
}


@cache
def known() -> frozenset[str]:
    """The revisions that this version of Hjul knows."""
    spec = find_spec("migrations")
    folders = list(spec.submodule_search_locations or ()) if spec is not None else []
    names = (path.name for folder in folders for path in (Path(folder) / "versions").iterdir())
    return frozenset(match[1] for name in names if (match := _FILE.fullmatch(name)))


def wanted() -> str:
    """The revision that this version of Hjul wants."""
    return max(known())


def check_revision(session: Session) -> None:
    """Make sure that a database has the tables that this version wants.

    Raises:
        SchemaMissingError: It was never made ready.
        SchemaOldError: It is of an older version.
        SchemaVersionError: It is of a newer version.
    """
    row = session.one(_FOUND)
    if row is None:
        raise SchemaMissingError("")
    found = str(row[0])
    if found != wanted():
        raise (SchemaOldError if found in known() else SchemaVersionError)(found, wanted())


def refuse_foreign(database: Database) -> None:
    """Make sure that a database which was never made ready is empty.

    Raises:
        ForeignDatabaseError: It has tables of another program.
        StorageError: It cannot be read.
    """
    with database.read() as session:
        row = session.raw.execute(_ANY_TABLE[session.dialect]).fetchone()
    if row and row[0]:
        raise ForeignDatabaseError
