"""No column can be changed without being found: each of each table, in some of its rows, whatever it holds."""

from __future__ import annotations

import shutil
import sqlite3

import pytest
from sqlalchemy import Boolean

from engine.audit.verify import verify_log
from engine.store import guards
from engine.store.database import Database
from engine.store.tables import metadata

ROWS = 12
NOT_PROVED = {
    "authority": {"name", "zone", "created_at"},  # only id and training are part of the hash
    "appointments": {"id"},  # numbers inside the database, which nothing outside it names
    "tasks": {"id"},
    "deadlines": {"alert_on", "next_on"},  # when to remind: nothing that is claimed
}
NOT_LOGGED = {
    "access_log",
    "drafts",
    "duties",
    "mail_parts",
    "mail_servers",
    "mails",
    "notices",
    "outbox",
    "search_texts",
}  # no projections: nothing in a stream says what is in them
TABLES = sorted({table.name for table in metadata.sorted_tables} - NOT_LOGGED)


def other(value, column):
    """Another value of the same type; something where there was nothing."""
    if isinstance(column.type, Boolean):
        return 1 - value
    if isinstance(value, str):
        return value + "x"
    if isinstance(value, bytes):
        return bytes([*value[:-1], value[-1] ^ 1])
    return "x" if value is None else value + 1


@pytest.mark.parametrize("table", TABLES)
def test_verify__finds_any_change_of_a_column(lived_sqlite, tmp_path, table):
    path = tmp_path / "hjul.sqlite"
    shutil.copyfile(lived_sqlite, path)
    raw = sqlite3.connect(path, isolation_level=None)
    columns = [column.name for column in metadata.tables[table].columns]
    keys = [column.name for column in metadata.tables[table].primary_key.columns]
    rows = raw.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY {', '.join(keys)}").fetchall()
    raw.close()
    assert rows or table == "erasures"
    unseen = [
        (table, column, row)
        for row in rows[:: max(1, len(rows) // ROWS)]
        for column, value in zip(columns, row, strict=True)
        if column not in NOT_PROVED.get(table, ())
        and is_whole_after(
            lived_sqlite, path, table, column, value, dict(zip(columns, row, strict=True)), keys
        )
    ]
    assert unseen == []


def is_whole_after(source, path, table, column, value, row, keys) -> bool:
    """Whether a verification is content with a copy in which one value is another."""
    shutil.copyfile(source, path)
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("PRAGMA synchronous = OFF")
    raw.execute("BEGIN")
    guards.lift(raw)
    place = " AND ".join(f"{key} = ?" for key in keys)
    try:
        raw.execute(
            f"UPDATE {table} SET {column} = ? WHERE {place}",
            (other(value, metadata.tables[table].c[column]), *(row[key] for key in keys)),
        )
    except sqlite3.IntegrityError:
        return False  # it cannot even be written
    finally:
        guards.install(raw)
        raw.execute("COMMIT")
        raw.close()
    database = Database(f"sqlite:///{path}")
    report = verify_log(database)
    database.close()
    return report.ok
