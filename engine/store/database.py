"""The door to the database: connections, transactions, and waiting for others.

Statements run on the driver's connection (`statement.py`). A write on PostgreSQL is one pipeline: what is
asked is sent at once, and waited for when an answer is read. What drivers raise becomes an error of
Hjul here, without the driver's text, which may quote what a person wrote. This module must not know any
table.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol, Self, TypeAlias, TypeVar
from weakref import finalize

from sqlalchemy.engine.url import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from engine.errors import (
    DatabaseBusyError,
    DatabaseUrlError,
    HjulError,
    NoDriverError,
    TransactionAbortedError,
)
from engine.store.statement import Compiled, DialectName, Statement, compile_now, joined

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine
    from sqlalchemy.sql import ClauseElement

T = TypeVar("T")
Row = tuple[Any, ...]
Move: TypeAlias = "Callable[[Any, Patience], None]"
MOST_JOINED: Final = 16
NOTHING: Final[Mapping[str, Any]] = {}


def _jitter() -> float:
    """A share between 0 and 1 out of the machine's finest clock: spreads those who wait, no more."""
    return (time.perf_counter_ns() // 64) % 997 / 997


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for others, by the machine's clock, and how to sleep between tries.

    seconds: in all, for one transaction. shortest and longest: one sleep, in seconds.
    """

    seconds: float = 10.0
    shortest: float = 0.0002
    longest: float = 0.002
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = _jitter

    def until(self) -> float:
        """When patience ends."""
        return self.clock() + self.seconds

    def wait(self, end: float) -> None:
        """Sleep a little.

        Raises:
            DatabaseBusyError: Patience has ended.
        """
        if self.clock() >= end:
            raise DatabaseBusyError(self.seconds)
        self.sleep(self.shortest + (self.longest - self.shortest) * self.jitter())


class Cursor(Protocol):
    """What has been asked; on PostgreSQL the answer is waited for when it is first fetched."""

    def fetchone(self) -> Any: ...  # noqa: D102
    def fetchall(self) -> list[Any]: ...  # noqa: D102
    @property
    def rowcount(self) -> int: ...  # noqa: D102


class Fetched:
    """An answer that was fetched at once.

    A question that is not read to its end keeps SQLite's lock for readers, even beyond the transaction, for as long
    as somebody holds on to it; an exception does.
    """

    __slots__ = ("_rows", "rowcount")

    def __init__(self, cursor: Cursor) -> None:
        """Fetch."""
        self._rows: Final[list[Any]] = cursor.fetchall()
        self.rowcount: Final = cursor.rowcount
        self._rows.reverse()

    def fetchone(self) -> Any:
        """The next row, or None."""
        return self._rows.pop() if self._rows else None

    def fetchall(self) -> list[Any]:
        """The rows that are left."""
        rows = self._rows[::-1]
        self._rows.clear()
        return rows


class Driver(Protocol):
    """What differs between the databases."""

    name: DialectName

    def connect(self) -> Any:
        """A new driver connection with its settings made and checked."""

    def begin_read(self, connection: Any, patience: Patience) -> None:
        """Begin to read: one state throughout on SQLite, statement by statement on PostgreSQL."""

    def end_read(self, connection: Any, patience: Patience) -> None:
        """End what `begin_read` began."""

    def begin_snapshot(self, connection: Any, patience: Patience) -> None:
        """Begin to read one state of the database throughout; `commit` ends it."""

    def begin_write(self, connection: Any, patience: Patience) -> None:
        """Begin to write."""

    def commit(self, connection: Any, patience: Patience) -> None:
        """Make it last."""

    def rollback(self, connection: Any) -> None:
        """Undo what was begun, if anything was."""

    def together(self, connection: Any) -> Any:
        """A context in which statements are sent without waiting for the answers."""

    def error(self, error: Exception) -> HjulError | None:
        """The error of Hjul that a driver's error is; None when it is no driver's error."""

    def describe(self, connection: Any) -> Mapping[str, str]:
        """Versions and settings for `doctor`: name -> value."""


class Session:
    """A transaction, or a time of reading, on one driver connection.

    Attributes:
        dialect: Which database it is.
        raw: The driver's connection, for what is no Core statement (guards, bulk).
    """

    __slots__ = ("_pipeline", "dialect", "raw")

    def __init__(self, dialect: DialectName, raw: Any, pipeline: Any = None) -> None:
        """Made by `Database` only."""
        self.dialect: Final[DialectName] = dialect
        self.raw: Final = raw
        self._pipeline: Final = pipeline

    def ask(self, statement: Statement, values: Mapping[str, Any] = NOTHING) -> Cursor:
        """Run a statement; its answer can be fetched from what is returned."""
        return self._execute(statement.on(self.dialect), values)

    def run(self, statement: Statement, values: Mapping[str, Any] = NOTHING) -> None:
        """Run a statement whose answer nobody needs."""
        compiled = statement.on(self.dialect)
        self.raw.execute(compiled.sql, compiled.arguments(values))

    def run_many(self, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run a statement once for each row, in order."""
        if not rows:
            return
        compiled = statement.on(self.dialect)
        if len(rows) == 1:
            self.raw.execute(compiled.sql, compiled.arguments(rows[0]))
        else:
            self.raw.cursor().executemany(compiled.sql, list(map(compiled.arguments, rows)))

    def run_together(self, batch: Sequence[tuple[Statement, Sequence[Mapping[str, Any]]]]) -> None:
        """Run statements, each once for each of its rows, that do not depend on each other.

        On PostgreSQL a few of them become one statement, since each costs more than the rows it writes.
        """
        times = sum(len(rows) for _, rows in batch)
        if self._pipeline is None or not 1 < times <= MOST_JOINED:
            for statement, rows in batch:
                self.run_many(statement, rows)
            return
        each = [(statement, row) for statement, rows in batch for row in rows]
        values: list[Any] = []
        for statement, row in each:
            values += statement.on(self.dialect).arguments(row)
        self.raw.execute(joined(tuple(statement for statement, _ in each)), values)

    @contextmanager
    def together(self) -> Iterator[Session]:
        """Ask several things at once: PostgreSQL is sent all before the first answer is waited for."""
        if self._pipeline is not None or self.dialect == "sqlite":
            yield self
        else:
            with self.raw.pipeline() as pipeline:
                yield Session(self.dialect, self.raw, pipeline)

    def all(self, statement: Statement, values: Mapping[str, Any] = NOTHING) -> list[Row]:
        """Every row of the answer."""
        return self.ask(statement, values).fetchall()

    def one(self, statement: Statement, values: Mapping[str, Any] = NOTHING) -> Row | None:
        """The first row of the answer, or None."""
        row: Row | None = self.ask(statement, values).fetchone()
        return row

    def count(self, statement: Statement, values: Mapping[str, Any] = NOTHING) -> int:
        """Run a statement, and how many rows it changed."""
        cursor = self.ask(statement, values)
        if self._pipeline is not None:
            self._pipeline.sync()
        return cursor.rowcount

    def rows(self, construct: ClauseElement, values: Mapping[str, Any] = NOTHING) -> list[Row]:
        """Every row of the answer to a construct that was built for this question, its values in it."""
        return self._execute(compile_now(construct, self.dialect), values).fetchall()

    def _execute(self, compiled: Compiled, values: Mapping[str, Any]) -> Cursor:
        cursor: Cursor = self.raw.execute(compiled.sql, compiled.arguments(values))
        return cursor if self._pipeline is not None else Fetched(cursor)


class Database:
    """One database of one authority.

    Args:
        url: `sqlite:///file` or `postgresql://...` (with or without `+psycopg`). A schema of its own is
            chosen by `?options=-csearch_path=NAME`.
        create: Whether a SQLite file that does not exist is made.
        patience: How long to wait for other writers.
        connections: The most that are kept open (PostgreSQL and threads).

    Raises:
        DatabaseUrlError: The text is no URL of a database that Hjul can use.
        NoDriverError: It is a PostgreSQL, and what reaches one is not installed.
    """

    def __init__(
        self, url: str, *, create: bool = False, patience: Patience | None = None, connections: int = 8
    ) -> None:
        self.url: Final = _parse(url)
        self.patience: Final = patience or Patience()
        self._driver: Final = _driver(self.url, self.patience, create=create)
        self.dialect: Final[DialectName] = self._driver.name
        connect = partial(_connect, self._driver)
        self._pool: Final = QueuePool(
            connect,
            pool_size=connections,
            max_overflow=connections,
            timeout=self.patience.seconds,
            reset_on_return=None,
        )
        finalize(
            self, self._pool.dispose
        )  # the pool knows nothing of this object, which can go when nobody has it
        self._gathering: Session | None = None

    def close(self) -> None:
        """Close every connection that is not in use."""
        self._pool.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def engine(self) -> Engine:
        """A SQLAlchemy engine that opens a connection each time and keeps none, for migrations."""
        from sqlalchemy import create_engine  # noqa: PLC0415
        from sqlalchemy.pool import NullPool  # noqa: PLC0415

        return create_engine(self.url, creator=partial(_connect, self._driver), poolclass=NullPool)

    def begin(self, connection: Any) -> None:
        """Begin to write on a driver connection of `engine()`."""
        self._driver.begin_write(connection, self.patience)

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn errors of the driver, SQLAlchemy's wrapping of them included, into errors of Hjul.

        Raises:
            StorageError: The driver failed.
        """
        try:
            yield
        except Exception as error:
            said = self._driver.error(getattr(error, "orig", None) or error)
            if said is not None:
                raise said from None
            raise

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Read: one state of the database on SQLite, statement by statement on PostgreSQL. Be brief.

        Raises:
            DatabaseBusyError: A writer did not finish in time.
            StorageError: The database cannot be read.
        """
        with self._session(self._driver.begin_read, self._driver.end_read, nullcontext) as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """Read one state of the database throughout, on both. Be brief: on SQLite writers wait.

        Raises:
            DatabaseBusyError: A writer did not finish in time.
            StorageError: The database cannot be read.
        """
        with self._session(self._driver.begin_snapshot, self._driver.commit, nullcontext) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Write all or nothing: committed when the block ends, undone when it raises.

        Raises:
            DatabaseBusyError: Other writers did not finish in time.
            TransactionAbortedError: PostgreSQL undid it because of others; it can be done again (`transact`).
            GuardError: A guard in the database refused.
            StorageError: The database cannot be written.
        """
        with self._session(self._driver.begin_write, self._driver.commit, self._driver.together) as session:
            yield session

    def transact(self, work: Callable[[Session], T]) -> T:
        """Do work in a transaction, again when the database undid it because of others.

        Raises:
            DatabaseBusyError: It did not succeed in time.
            StorageError: The database cannot be written.
        """
        end = self.patience.until()
        while True:
            try:
                with self.write() as session:
                    return work(session)
            except TransactionAbortedError:
                self.patience.wait(end)

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """On SQLite, all that is written inside is made to last by one commit: for those who do much in a row.

        Each write is still done or undone by itself; when the block raises, all of it is undone. For one thread. On
        PostgreSQL, where a commit costs little, each write commits as always.

        Raises:
            DatabaseBusyError: Other writers did not finish in time.
            StorageError: The database cannot be written.
        """
        if self.dialect != "sqlite" or self._gathering is not None:
            yield
            return
        with self.write() as session:
            self._gathering = session
            try:
                yield
            finally:
                self._gathering = None

    def describe(self) -> Mapping[str, str]:
        """Versions and settings, for `doctor`: name -> value.

        Raises:
            StorageError: The database cannot be read.
        """
        with self.read() as session:
            return self._driver.describe(session.raw)

    @contextmanager
    def _session(
        self, begin: Move, end: Move, together: Callable[[Any], AbstractContextManager[Any]]
    ) -> Iterator[Session]:
        if self._gathering is not None:
            with self._part(self._gathering) as session:
                yield session
            return
        held = self._pool.connect()
        raw = held.driver_connection
        try:
            with together(raw) as pipeline:
                begin(raw, self.patience)
                yield Session(self.dialect, raw, None if pipeline is raw else pipeline)
                end(raw, self.patience)
        except BaseException as error:
            try:
                self._driver.rollback(raw)
            except Exception:  # noqa: BLE001  a connection that cannot be undone is thrown away
                held.invalidate()
            said = self._driver.error(error) if isinstance(error, Exception) else None
            if said is not None:
                raise said from None
            raise
        finally:
            held.close()

    @contextmanager
    def _part(self, gathering: Session) -> Iterator[Session]:
        """A part of what is gathered, undone by itself when it fails."""
        gathering.raw.execute("SAVEPOINT part")
        try:
            yield gathering
        except BaseException as error:
            gathering.raw.execute("ROLLBACK TO part")
            gathering.raw.execute("RELEASE part")
            said = self._driver.error(error) if isinstance(error, Exception) else None
            if said is not None:
                raise said from None
            raise
        gathering.raw.execute("RELEASE part")


def _connect(driver: Driver) -> Any:
    try:
        return driver.connect()
    except Exception as error:
        said = driver.error(error)
        if said is not None:
            raise said from None
        raise


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise DatabaseUrlError(url.partition(":")[0]) from None
    backend = parsed.get_backend_name()
    if backend == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return parsed.set(drivername="sqlite")
    if backend in ("postgresql", "postgres") and parsed.get_driver_name() in ("psycopg", "psycopg2"):
        return parsed.set(drivername="postgresql+psycopg")
    raise DatabaseUrlError(parsed.drivername)


def _driver(url: URL, patience: Patience, *, create: bool) -> Driver:
    if url.get_backend_name() == "sqlite":
        from engine.store.sqlite import SqliteDriver  # noqa: PLC0415

        return SqliteDriver(str(url.database), patience, create=create)
    try:
        from engine.store.postgresql import PostgresqlDriver  # noqa: PLC0415
    except ImportError:
        raise NoDriverError from None

    return PostgresqlDriver(url, patience)
