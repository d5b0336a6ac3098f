"""SQLite as Hjul uses it: journal mode by version, foreign keys on and checked, and waiting of our own.

The busy handler of SQLite sleeps whole seconds on some builds, so it is off: `BEGIN IMMEDIATE` is tried
again after short sleeps instead. This module must not know any table.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from errno import ENOSPC, errorcode
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from engine.errors import (
    CannotOpenDatabaseError,
    CorruptDatabaseError,
    DatabaseBusyError,
    DatabaseFileError,
    DatabaseMissingError,
    DiskError,
    DiskFullError,
    DuplicateError,
    ForeignKeysOffError,
    GuardError,
    HjulError,
    NotADatabaseError,
    ReadOnlyDatabaseError,
    SchemaMissingError,
    StorageError,
    TextError,
)
from engine.store.database import Patience
from engine.store.statement import DialectName

BUSY: Final = frozenset({5, 6})  # SQLITE_BUSY, SQLITE_LOCKED (primary codes)
FULL: Final = 13  # SQLITE_FULL
OF_FILE: Final[Mapping[int, type[DatabaseFileError]]] = {
    3: CannotOpenDatabaseError, 8: ReadOnlyDatabaseError, 10: DiskError, 11: CorruptDatabaseError,
    14: CannotOpenDatabaseError, 23: CannotOpenDatabaseError, 26: NotADatabaseError,
}  # fmt: skip
"""What the primary codes PERM, READONLY, IOERR, CORRUPT, CANTOPEN, AUTH and NOTADB mean for the file."""
DUPLICATES: Final = frozenset({"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"})
SAFE_BRANCHES: Final[Mapping[tuple[int, int], int]] = {(3, 50): 7, (3, 44): 6}
PAGE_SIZE: Final = 8192
"""Of a new file, in bytes. An event of a kilobyte or two spills over from a page of 4096, and takes twice the room."""
SAFE_FROM: Final = (3, 51, 3)


def journal_mode(version: tuple[int, ...]) -> str:
    """`wal` where the library is free of the WAL-reset bug (sqlite.org/wal.html), else `delete`."""
    branch = SAFE_BRANCHES.get((version[0], version[1]))
    is_safe = version >= SAFE_FROM or (branch is not None and version[2] >= branch)
    return "wal" if is_safe else "delete"


class SqliteDriver:
    """Connections to one file.

    Args:
        path: The file.
        patience: How long to wait while a connection is made.
        create: Whether to make the file, readable by its owner only, when there is none.
    """

    name: DialectName = "sqlite"

    def __init__(self, path: str, patience: Patience, *, create: bool) -> None:
        self._path: Final = Path(path)
        self._patience: Final = patience
        self._create: Final = create
        self._journal: Final = journal_mode(sqlite3.sqlite_version_info)

    def connect(self) -> sqlite3.Connection:
        """A new connection with its settings made and checked.

        Raises:
            DatabaseMissingError: There is no such file.
            DatabaseFileError: The file cannot be made.
            ForeignKeysOffError: The library has no foreign keys.
            DatabaseBusyError: The journal mode could not be changed in time.
        """
        if not self._path.exists():
            if not self._create or not self._path.parent.is_dir():
                raise DatabaseMissingError(str(self._path))
            self._make()
        connection = sqlite3.connect(
            f"file:{quote(str(self._path.absolute()))}?mode=rw",
            uri=True,
            timeout=0,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        try:
            end = self._patience.until()
            # Holds in a file that has no pages yet, and says nothing in others.
            self._persist(lambda: connection.execute(f"PRAGMA page_size = {PAGE_SIZE}"), end)
            self._demand_foreign_keys(connection, end)
            self._persist(lambda: connection.execute("PRAGMA synchronous = FULL"), end)
            self._choose_journal(connection, end)
        except BaseException:
            connection.close()
            raise
        return connection

    def _make(self) -> None:
        try:
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            code = errorcode.get(error.errno or 0, "")
            if error.errno == ENOSPC:
                raise DiskFullError(code) from None
            raise CannotOpenDatabaseError(code, str(self._path)) from None

    def begin_read(self, connection: Any, patience: Patience) -> None:
        """Begin, and take the lock that readers share, so that nothing after it has to wait."""
        connection.execute("BEGIN")
        self._persist(lambda: connection.execute("SELECT 1 FROM sqlite_master").fetchone(), patience.until())

    begin_snapshot = begin_read

    def begin_write(self, connection: Any, patience: Patience) -> None:
        """Begin as the only writer."""
        self._persist(lambda: connection.execute("BEGIN IMMEDIATE"), patience.until())

    def commit(self, connection: Any, patience: Patience) -> None:
        """Make it last; waits until those who read have finished, where the journal mode asks for it."""
        self._persist(lambda: connection.execute("COMMIT"), patience.until())

    end_read = commit

    def rollback(self, connection: Any) -> None:
        """Undo what was begun, if anything was."""
        if connection.in_transaction:
            connection.execute("ROLLBACK")

    def together(self, connection: Any) -> AbstractContextManager[None]:  # noqa: ARG002
        """Nothing to gain: there is no way to travel."""
        return nullcontext()

    def error(self, error: Exception) -> HjulError | None:
        """The error of Hjul that an error of sqlite3 is, or that of a text which is not UTF-8."""
        if isinstance(error, UnicodeEncodeError):
            return TextError()
        if not isinstance(error, sqlite3.Error):
            return None
        code = getattr(error, "sqlite_errorname", type(error).__name__)
        number = getattr(error, "sqlite_errorcode", 0)
        text = str(error)
        if code == "SQLITE_CONSTRAINT_TRIGGER":
            return GuardError(text if text.startswith("hjul_") else code)
        if code in DUPLICATES:
            return DuplicateError(text.rpartition(": ")[2])
        if number & 0xFF in BUSY:
            return DatabaseBusyError(self._patience.seconds)
        if text.startswith("no such table"):
            return SchemaMissingError(text.rpartition(": ")[2])
        if number & 0xFF == FULL:
            return DiskFullError(code)
        of_file = OF_FILE.get(number & 0xFF)
        return of_file(code, str(self._path)) if of_file else StorageError(code)

    def describe(self, connection: Any) -> Mapping[str, str]:
        """Version and the settings that matter, and why the journal is as it is."""
        found = connection.execute("PRAGMA journal_mode").fetchone()[0]
        return {
            "database": "sqlite",
            "version": sqlite3.sqlite_version,
            "file": str(self._path),
            "journal_mode": str(found),
            "journal_mode_wanted": self._journal,
            "synchronous": str(connection.execute("PRAGMA synchronous").fetchone()[0]),
            "foreign_keys": str(connection.execute("PRAGMA foreign_keys").fetchone()[0]),
        }

    def _demand_foreign_keys(self, connection: sqlite3.Connection, end: float) -> None:
        self._persist(lambda: connection.execute("PRAGMA foreign_keys = ON"), end)
        if self._persist(lambda: connection.execute("PRAGMA foreign_keys").fetchone(), end) != (1,):
            raise ForeignKeysOffError(sqlite3.sqlite_version)

    def _choose_journal(self, connection: sqlite3.Connection, end: float) -> None:
        found = self._persist(lambda: connection.execute("PRAGMA journal_mode").fetchone(), end)
        if found[0] != self._journal:
            self._persist(lambda: connection.execute(f"PRAGMA journal_mode = {self._journal}"), end)

    def _persist(self, attempt: Callable[[], Any], end: float) -> Any:
        while True:
            try:
                return attempt()
            except sqlite3.OperationalError as error:
                if getattr(error, "sqlite_errorcode", 0) & 0xFF not in BUSY:
                    raise
            self._patience.wait(end)
