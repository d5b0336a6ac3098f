"""PostgreSQL as Hjul uses it: psycopg 3, prepared statements, one pipeline a transaction.

This module must not know any table.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, Final

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import Int8Dumper
from sqlalchemy.engine.url import URL

from engine.errors import (
    DatabaseBusyError,
    DatabaseUnreachableError,
    DatabaseUrlError,
    DiskFullError,
    DuplicateError,
    GuardError,
    HjulError,
    LoginRefusedError,
    NoRightError,
    NoSuchDatabaseError,
    SchemaMissingError,
    StorageError,
    TextError,
    TooManyConnectionsError,
    TransactionAbortedError,
)
from engine.store.database import Patience
from engine.store.statement import DialectName

# What went wrong is said by Hjul; the lines of psycopg name database and login to whoever sits at the screen.
logging.getLogger("psycopg").addHandler(logging.NullHandler())
GUARD: Final = "HJ001"
BY_KIND: Final[tuple[tuple[tuple[type[psycopg.Error], ...], type[StorageError]], ...]] = (
    ((psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected), TransactionAbortedError),
    ((psycopg.errors.UndefinedTable,), SchemaMissingError),
    ((psycopg.errors.DiskFull,), DiskFullError),
    ((psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction), NoRightError),
)
REASONS: Final[tuple[tuple[type[DatabaseUnreachableError], tuple[str, ...]], ...]] = (
    (LoginRefusedError, (
        "password authentication failed", "authentication failed for user", "no password supplied",
        "no pg_hba.conf entry", 'role "', "autentisering misslyckades", 'roll "', 'rollen "',
    )),
    (TooManyConnectionsError, ("too many clients", "connection slots", "för många klienter")),
    (NoSuchDatabaseError, ('database "', 'databas "', 'databasen "')),
)  # fmt: skip
"""What a server says, in English or Swedish, when it does not let somebody in. There is no code to go by."""


class PostgresqlDriver:
    """Connections to one database.

    Args:
        url: Where it is; parameters of the query are libpq's.
        patience: How long a statement waits for a lock.
    """

    name: DialectName = "postgresql"

    def __init__(self, url: URL, patience: Patience) -> None:
        self._url: Final = url
        self._conninfo: Final = _conninfo(url, patience.seconds)
        self._patience: Final = patience

    def connect(self) -> psycopg.Connection[Any]:
        """A new connection with its settings made.

        Raises:
            DatabaseUrlError: The address says something that libpq does not take.
        """
        try:
            connection = psycopg.connect(self._conninfo, autocommit=True)
        except psycopg.ProgrammingError:
            raise DatabaseUrlError(self.name) from None
        # Every whole number has one type, so that a statement is prepared once and not for each width.
        connection.adapters.register_dumper(int, Int8Dumper)
        with connection.pipeline():
            connection.execute(f"SET lock_timeout = {max(1, int(self._patience.seconds * 1000))}")
            connection.execute("SET TIME ZONE 'UTC'")
            connection.execute("SET default_transaction_isolation = 'read committed'")
        return connection

    def begin_read(self, connection: Any, patience: Patience) -> None:
        """Nothing to begin: each statement sees what is committed."""

    def end_read(self, connection: Any, patience: Patience) -> None:
        """Nothing was begun."""

    def begin_snapshot(self, connection: Any, patience: Patience) -> None:  # noqa: ARG002
        """Begin to read one state."""
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def begin_write(self, connection: Any, patience: Patience) -> None:  # noqa: ARG002
        """Begin; rows are locked as they are asked for."""
        connection.execute("BEGIN")

    def commit(self, connection: Any, patience: Patience) -> None:  # noqa: ARG002
        """Send the COMMIT behind what is still to be sent."""
        connection.execute("COMMIT")

    def rollback(self, connection: Any) -> None:
        """Undo what was begun, if anything was."""
        if connection.info.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
            connection.execute("ROLLBACK")
        elif connection.info.transaction_status != TransactionStatus.IDLE:
            raise psycopg.OperationalError

    def together(self, connection: Any) -> AbstractContextManager[Any]:
        """A pipeline."""
        pipeline: AbstractContextManager[Any] = connection.pipeline()
        return pipeline

    def error(self, error: Exception) -> HjulError | None:
        """The error of Hjul that an error of psycopg is, or that of a text which is not UTF-8 or has a NUL."""
        if isinstance(error, UnicodeEncodeError) or (
            isinstance(error, psycopg.DataError) and error.sqlstate is None
        ):
            return TextError()
        if not isinstance(error, psycopg.Error):
            return None
        code = error.sqlstate or type(error).__name__
        if code == GUARD:
            return GuardError(str(error.diag.message_primary))
        if isinstance(error, psycopg.errors.UniqueViolation):
            return DuplicateError(str(error.diag.constraint_name))
        if isinstance(error, (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled)):
            return DatabaseBusyError(self._patience.seconds)
        for kinds, meant in BY_KIND:
            if isinstance(error, kinds):
                return meant(code)
        if isinstance(error, psycopg.OperationalError):
            return self._unreachable(error, code)
        return StorageError(code)

    def _unreachable(self, error: psycopg.OperationalError, code: str) -> DatabaseUnreachableError:
        """Why the server cannot be reached. It is said in the server's words only, and those are not kept."""
        said = str(error).casefold()
        url = self._url
        where = (code, url.host or "localhost", url.database or "", url.username or "")
        for kind, words in REASONS:
            if any(word in said for word in words):
                return kind(*where)
        return DatabaseUnreachableError(*where)

    def describe(self, connection: Any) -> Mapping[str, str]:
        """Version and the settings that matter."""
        row = connection.execute(
            "SELECT current_setting('server_version'), current_database(), current_schema(), "
            "current_setting('synchronous_commit'), current_setting('fsync')"
        ).fetchone()
        names = ("version", "name", "schema", "synchronous_commit", "fsync")
        return {"database": "postgresql", **dict(zip(names, map(str, row), strict=True))}


def _conninfo(url: URL, patience: float) -> str:
    if "connect_timeout" not in url.query:
        url = url.update_query_dict({"connect_timeout": str(max(2, int(patience)))})
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
