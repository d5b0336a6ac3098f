"""SQL written once in SQLAlchemy Core, compiled once a dialect, and run on the driver's own connection.

Running through Core costs more than the database does; compiling each hot statement once and handing the
driver a tuple does not. This module must not know which statements there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from sqlalchemy import ColumnElement, Table, bindparam, insert

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.sql import ClauseElement

DialectName: TypeAlias = Literal["sqlite", "postgresql"]


@cache
def dialect_of(name: DialectName) -> Dialect:
    """The dialect that writes SQL as its driver reads it, parameters by position; imports no driver."""
    if name == "sqlite":
        from sqlalchemy.dialects.sqlite.base import SQLiteDialect  # noqa: PLC0415

        return SQLiteDialect(paramstyle="qmark")
    from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg  # noqa: PLC0415

    return PGDialect_psycopg(paramstyle="format")  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Compiled:
    """SQL of one driver, the names of its parameters in order, and values that stand in the statement."""

    sql: str
    names: tuple[str, ...]
    constants: Mapping[str, Any]

    def arguments(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """The parameters in the driver's order.

        Raises:
            KeyError: A parameter has no value.
        """
        if self.constants:
            values = {**self.constants, **values}
        return tuple([values[name] for name in self.names])


class Statement:
    """A statement that is compiled when a dialect first needs it.

    Attributes:
        build: Gives the Core construct for a dialect.
    """

    __slots__ = ("_compiled", "build")

    def __init__(self, build: ClauseElement | Callable[[DialectName], ClauseElement]) -> None:
        """Take the construct itself, or what makes it where the dialects need different ones."""
        self.build: Final = build
        self._compiled: dict[DialectName, Compiled] = {}

    def on(self, name: DialectName) -> Compiled:
        """The statement as the driver of a dialect takes it."""
        found = self._compiled.get(name)
        if found is None:
            construct = self.build(name) if callable(self.build) else self.build
            found = self._compiled[name] = compile_now(construct, name)
        return found


def compile_now(construct: ClauseElement, name: DialectName) -> Compiled:
    """Compile a construct, values that stand in it included; for statements that are built anew each time."""
    compiled = construct.compile(dialect=dialect_of(name), compile_kwargs={"render_postcompile": True})
    names = tuple(compiled.positiontup or ())  # type: ignore[attr-defined]
    constants = {key: value for key, value in compiled.params.items() if value is not None and key in names}
    return Compiled(str(compiled), names, constants)


@lru_cache(maxsize=512)
def joined(statements: tuple[Statement, ...]) -> str:
    """Several statements, each once for each time it is given, as one for PostgreSQL.

    They are carried out together and must not touch the same row or depend on each other.
    """
    texts = [statement.on("postgresql").sql for statement in statements]
    parts = ", ".join(f"part{number} AS ({text})" for number, text in enumerate(texts[:-1]))
    return f"WITH {parts} {texts[-1]}" if parts else texts[-1]


def insertion(table: Table, *, without: Iterable[str] = ()) -> Statement:
    """INSERT of a row with every column as a parameter of its name, but those the database gives."""
    left_out = set(without)
    values: dict[str, Any] = {c.name: bindparam(c.name) for c in table.columns if c.name not in left_out}
    return Statement(insert(table).inline().values(values))


def upsertion(table: Table) -> Statement:
    """INSERT of a row, or UPDATE of the row with the same primary key."""
    keys = [column.name for column in table.primary_key.columns]
    names = [column.name for column in table.columns]

    def build(name: DialectName) -> ClauseElement:
        if name == "sqlite":
            from sqlalchemy.dialects.sqlite import insert as chosen  # noqa: PLC0415
        else:
            from sqlalchemy.dialects.postgresql import insert as chosen  # type: ignore[assignment] # noqa: PLC0415
        inserted = chosen(table).inline().values({column: bindparam(column) for column in names})
        changed = {column: inserted.excluded[column] for column in names if column not in keys}
        if not changed:
            return inserted.on_conflict_do_nothing(index_elements=keys)
        return inserted.on_conflict_do_update(index_elements=keys, set_=changed)

    return Statement(build)


def at(table: Table, *columns: str, prefix: str = "") -> Sequence[ColumnElement[bool]]:
    """Equality of columns with parameters of their names, behind a prefix where these are taken."""
    return [table.c[column] == bindparam(prefix + column) for column in columns]
