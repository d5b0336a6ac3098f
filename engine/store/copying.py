"""A database copied whole into one SQLite file, and from such a file into a database of either kind.

A copy has every table and guard of the original and its revision, so it is itself a database of Hjul. Between two
SQLite files the pages are copied; to and from PostgreSQL the rows, in one transaction. Numbers inside the database
are never hashed, so hashes hold on either side. This module must not know who asks, or whether the log holds.
"""

# ruff: noqa: S608  SQL of names out of the tables

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import quote

from sqlalchemy import Boolean, Numeric

from engine.errors import (
    BackupBrokenError,
    CorruptDatabaseError,
    DatabaseBusyError,
    DiskFullError,
    HjulError,
    NoBackupError,
    NotADatabaseError,
)
from engine.store import guards
from engine.store.database import Database
from engine.store.sqlite import BUSY, FULL, OF_FILE, PAGE_SIZE
from engine.store.tables import attachments, metadata

if TYPE_CHECKING:
    from sqlalchemy import Column, Table

Told: TypeAlias = Callable[[int, int], None]
"""Told now and then: how much is done, of how much."""
PAGES: Final = 2048
"""How many pages are copied at a time, so that writers come between."""
RESTARTS: Final = 2
"""How often writers may make a copy begin again before they have to wait for it."""
ROWS: Final = 2000
FEW: Final = 32
"""Of rows that are large."""
MAGIC: Final = b"SQLite format 3\x00"
HEADER: Final = 100
WAIT: Final = 10.0
"""How many seconds a file that somebody is at work in is waited for."""


class _TooManyRestartsError(Exception):
    """Writers came between too often."""


def copy_pages(source: Path, target: Path, told: Told | None = None) -> None:
    """Copy a SQLite file as it is at one moment into a file that is there and empty, or replace what that one holds.

    While others write it begins again; when they do not stop they wait for it. What the target holds is replaced in
    one transaction: whoever has it open sees the old or the new.

    Raises:
        BackupBrokenError: The source is no whole SQLite file.
        StorageError: The target cannot be written.
    """
    check_file(source)
    one, other = _open(source, "ro"), _open(target, "rw")
    try:
        for attempt in range(RESTARTS + 1):
            is_last = attempt == RESTARTS
            if is_last:
                one.execute("BEGIN")
                one.execute("SELECT 1 FROM sqlite_master").fetchone()
            try:
                one.backup(other, pages=PAGES, progress=_Steady(told), sleep=0.02)
                break
            except _TooManyRestartsError:
                if is_last:
                    raise
        if one.in_transaction:
            one.execute("COMMIT")
    except sqlite3.DatabaseError as error:
        raise _fault(error, source) from error
    finally:
        one.close()
        other.close()


def settle(path: Path) -> None:
    """Make a SQLite file stand alone, without a journal beside it, and on the disk.

    Raises:
        BackupBrokenError: It is damaged.
        StorageError: It cannot be written: the disk is full, or somebody is at work in it.
    """
    connection = _open(path, "rw")
    try:
        connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.DatabaseError as error:
        raise _fault(error, path) from error
    finally:
        connection.close()
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def check_file(path: Path) -> None:
    """Make sure that a file is a SQLite database and no shorter than it says it is.

    Raises:
        NoBackupError: It is no SQLite file.
        BackupBrokenError: It is cut off.
        OSError: It cannot be opened.
    """
    with path.open("rb") as file:
        head = file.read(HEADER)
        size = file.seek(0, os.SEEK_END)
    if len(head) < HEADER or not head.startswith(MAGIC):
        raise NoBackupError(str(path))
    page = int.from_bytes(head[16:18], "big")
    page = 65536 if page == 1 else page
    pages = int.from_bytes(head[28:32], "big")
    is_counted = head[24:28] == head[92:96]  # else the number of pages is of an older writer
    if is_counted and pages and size < page * pages:
        raise BackupBrokenError(str(path), "truncated")


def check_pages(path: Path) -> None:
    """Make sure that every page, index and reference of a SQLite file is whole.

    Raises:
        BackupBrokenError: Something is not.
        StorageError: It cannot be looked at: the disk is full, or somebody is at work in it.
    """
    connection = _open(path, "rw")
    try:
        found = connection.execute("PRAGMA integrity_check(1)").fetchone()
        orphan = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise _fault(error, path) from error
    finally:
        connection.close()
    if found != ("ok",):
        raise BackupBrokenError(str(path), "integrity")
    if orphan is not None:
        raise BackupBrokenError(str(path), "references")


def copy_rows(source: Database, target: Database, told: Told | None = None) -> dict[str, int]:
    """Put every row of one database in the place of those of another, both at the same revision; all or nothing.

    The source is read at one moment. The target's guards are lifted for it, as its owner may, and put back.

    Returns:
        How many rows each table got.

    Raises:
        StorageError: The one cannot be read or the other not written.
    """
    with source.explained(), target.explained(), source.snapshot() as reading:
        tables = [table for table in metadata.sorted_tables if _columns(reading.raw, table)]
        total = sum(_count(reading.raw, table) for table in tables)
        with target.engine().connect() as connection:
            raw: Any = connection.connection.driver_connection
            target.begin(raw)
            guards.lift(raw)
            _empty(raw, tables)
            counts: dict[str, int] = {}
            done = 0
            for table in tables:
                columns = [table.c[name] for name in _columns(reading.raw, table)]
                counts[table.name] = 0
                write = _insert_sqlite if isinstance(raw, sqlite3.Connection) else _copy_in
                for number in write(raw, table, columns, _rows(reading.raw, table, columns)):
                    counts[table.name] += number
                    done += number
                    if told is not None:
                        told(done, max(done, total))
            _set_sequences(raw, tables)
            guards.install(raw)
            raw.execute("COMMIT")
    return counts


def count_rows(database: Database) -> dict[str, int]:
    """How many rows each table has, at one moment.

    Raises:
        StorageError: The database cannot be read.
    """
    with database.snapshot() as session:
        return {
            table.name: _count(session.raw, table)
            for table in metadata.sorted_tables
            if _columns(session.raw, table)
        }


class _Steady:
    """Follows a copy, and ends it when writers have made it begin again."""

    def __init__(self, told: Told | None) -> None:
        self._told = told
        self._left: int | None = None

    def __call__(self, _status: int, left: int, total: int) -> None:
        if self._left is not None and left > self._left:
            raise _TooManyRestartsError
        self._left = left
        if self._told is not None and total:
            self._told(total - left, total)


def _fault(error: sqlite3.DatabaseError, path: Path) -> HjulError:
    """What an error of sqlite3 is. A full disk or a file in use is no damage: a file so called is thrown away."""
    code, number = getattr(error, "sqlite_errorname", ""), getattr(error, "sqlite_errorcode", 0) & 0xFF
    if number in BUSY:
        return DatabaseBusyError(WAIT)
    if number == FULL:
        return DiskFullError(code)
    if number in OF_FILE and OF_FILE[number] not in (CorruptDatabaseError, NotADatabaseError):
        return OF_FILE[number](code, str(path))
    return BackupBrokenError(str(path), "unreadable")


def _open(path: Path, mode: str) -> sqlite3.Connection:
    found = sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?mode={mode}", uri=True, timeout=WAIT, isolation_level=None
    )
    if mode == "rw":
        found.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        found.execute("PRAGMA synchronous = FULL")
    return found


def _columns(raw: Any, table: Table) -> list[str]:
    """The columns that a table has in a database; none when the database is older than the table."""
    if isinstance(raw, sqlite3.Connection):
        there = {row[1] for row in raw.execute(f"PRAGMA table_info({table.name})").fetchall()}
    else:
        asked = (
            "SELECT column_name FROM information_schema.columns "
            "WHERE table_schema = current_schema() AND table_name = %s"
        )
        there = {row[0] for row in raw.execute(asked, (table.name,)).fetchall()}
    return [column.name for column in table.columns if column.name in there]


def _count(raw: Any, table: Table) -> int:
    return int(raw.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()[0])


def _quoted(columns: Sequence[Column[Any]]) -> str:
    return ", ".join(f'"{column.name}"' for column in columns)


def _rows(raw: Any, table: Table, columns: Sequence[Column[Any]]) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a table, some at a time, in the order of its key."""
    keys = _quoted(list(table.primary_key.columns))
    many = FEW if table is attachments else ROWS
    asked = f'SELECT {_quoted(columns)} FROM "{table.name}" ORDER BY {keys}'
    if isinstance(raw, sqlite3.Connection):
        cursor = raw.execute(asked)
        while rows := cursor.fetchmany(many):
            yield rows
        return
    with raw.cursor(name="hjul_copy") as cursor:
        cursor.itersize = many
        cursor.execute(asked)
        while rows := cursor.fetchmany(many):
            yield rows


def _insert_sqlite(
    raw: Any, table: Table, columns: Sequence[Column[Any]], batches: Iterator[list[tuple[Any, ...]]]
) -> Iterator[int]:
    marks = ", ".join("?" * len(columns))
    numbers = [number for number, column in enumerate(columns) if isinstance(column.type, Numeric)]
    for rows in batches:
        given = rows
        if numbers:
            given = [
                tuple(
                    str(cell) if number in numbers and cell is not None else cell
                    for number, cell in enumerate(row)
                )
                for row in rows
            ]
        raw.executemany(f'INSERT INTO "{table.name}" ({_quoted(columns)}) VALUES ({marks})', given)
        yield len(rows)


def _copy_in(
    raw: Any, table: Table, columns: Sequence[Column[Any]], batches: Iterator[list[tuple[Any, ...]]]
) -> Iterator[int]:
    truths = {number for number, column in enumerate(columns) if isinstance(column.type, Boolean)}
    for rows in batches:
        with raw.cursor().copy(f'COPY "{table.name}" ({_quoted(columns)}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(
                    [
                        bool(cell) if number in truths and cell is not None else cell
                        for number, cell in enumerate(row)
                    ]
                )
        yield len(rows)


def _empty(raw: Any, tables: Sequence[Table]) -> None:
    if isinstance(raw, sqlite3.Connection):
        raw.execute("PRAGMA defer_foreign_keys = ON")
        for table in reversed(tables):
            raw.execute(f'DELETE FROM "{table.name}"')
        return
    raw.execute("SET CONSTRAINTS ALL DEFERRED")
    raw.execute("TRUNCATE " + ", ".join(f'"{table.name}"' for table in tables))


def _set_sequences(raw: Any, tables: Sequence[Table]) -> None:
    """Let PostgreSQL's sequences go on behind the highest number that was copied."""
    if isinstance(raw, sqlite3.Connection):
        return
    for table in tables:
        for column in table.primary_key.columns:
            name = raw.execute(
                "SELECT pg_get_serial_sequence(quote_ident(current_schema()) || '.' || quote_ident(%s), %s)",
                (table.name, column.name),
            ).fetchone()[0]
            if name is not None:
                raw.execute(
                    f'SELECT setval(%s, (SELECT coalesce(max("{column.name}"), 0) + 1 FROM "{table.name}"), false)',
                    (name,),
                )
