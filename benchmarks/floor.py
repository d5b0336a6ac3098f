"""The floor under a step: the same rows read and written on the driver's connection, nothing decided or checked.

The bytes are those of the tape, so they cost nothing to make. On SQLite a transaction reads and writes statement
by statement, which costs next to nothing there. On PostgreSQL it is one read, and one round trip with the
events, one data-modifying CTE for all the rest, and the commit. Tables, indexes, triggers and keys are Hjul's own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any, Final

import psycopg
from psycopg.types.numeric import Int8Dumper

from benchmarks.tape import Transaction

CASE: Final = """
SELECT s.id, s.seq, s.state, s.head, c.definition_id, c.process, c.unit, c.reporter, c.assignee, c.opened_on,
 c.happened_on, c.recorded_at, c.is_open, c.title_sv, c.title_en, c.data, c.private
FROM streams s JOIN cases c ON c.id = s.id WHERE s.kind = 'case' AND s.name = {name}
"""
GRANTS: Final = """
SELECT a.id, a.role, a.unit, a.on_behalf_of FROM appointments a JOIN persons p ON p.code = a.person
WHERE a.person = {person} AND a.from_on <= {day} AND (a.to_on IS NULL OR a.to_on >= {day})
 AND p.from_on <= {day} AND (p.to_on IS NULL OR p.to_on >= {day})
"""
OWN: Final = (
    "SELECT * FROM {table} WHERE case_id = (SELECT id FROM streams WHERE kind = 'case' AND name = {name})"
)


class SqliteFloor:
    """Plays transactions on a file."""

    def __init__(self, path: str) -> None:
        """Connect as Hjul does, with the journal mode that the file has."""
        self.connection = sqlite3.connect(path, isolation_level=None, timeout=0, cached_statements=256)
        self.connection.execute("PRAGMA foreign_keys = ON")
        self.connection.execute("PRAGMA synchronous = FULL")
        self._case = CASE.format(name="?")
        self._grants = GRANTS.format(person="?1", day="?2")
        self._tasks, self._coded = (OWN.format(table=name, name="?") for name in ("tasks", "coded_values"))

    def play(self, transactions: Sequence[Transaction]) -> None:
        """Do them, one commit each."""
        for one in transactions:
            self._play(one)

    def _play(self, one: Transaction) -> None:
        execute = self.connection.execute
        execute("BEGIN IMMEDIATE")
        for name in one.cases:
            execute(self._case, (name,)).fetchone()
        for person in one.persons:
            execute(self._grants, person).fetchall()
        for name in one.tasks:
            execute(self._tasks, (name,)).fetchall()
        for name in one.coded:
            execute(self._coded, (name,)).fetchall()
        if one.opens:
            execute("SELECT max(id) FROM streams").fetchone()
        for _, sql, arguments in one.writes:
            execute(sql, arguments)
        execute("COMMIT")


class PostgresqlFloor:
    """Plays transactions on a connection of its own."""

    def __init__(self, conninfo: str) -> None:
        """Connect; every statement is prepared when it comes again."""
        self.connection = psycopg.connect(conninfo, autocommit=True, prepare_threshold=1)
        self.connection.prepared_max = None
        self.connection.adapters.register_dumper(int, Int8Dumper)
        self.prepared: list[tuple[tuple[str, Any], list[tuple[str, Any]]]] = []

    def prepare(self, transactions: Sequence[Transaction]) -> None:
        """Make the texts of the statements beforehand: they are few and the same for every case."""
        self.prepared = [(_reading(one), _writing(one)) for one in transactions]

    def play(self) -> None:
        """Do what was prepared, one commit each."""
        for read, writes in self.prepared:
            with self.connection.pipeline():
                self.connection.execute("BEGIN")
                self.connection.execute(*read).fetchall()
                for sql, arguments in writes:
                    self.connection.execute(sql, arguments)
                self.connection.execute("COMMIT")


def _reading(one: Transaction) -> tuple[str, dict[str, Any]]:
    """One statement for all that is read; the cases are locked by it."""
    parts = [
        f"SELECT array_agg(t) FROM ({GRANTS.format(person=f'%(p{n})s', day=f'%(d{n})s')}) t"
        for n in range(len(one.persons))
    ]
    parts += [
        f"SELECT array_agg(t) FROM {table} t JOIN streams s ON s.id = t.case_id"
        f" WHERE s.kind = 'case' AND s.name = ANY(%({table})s)"
        for table, names in (("tasks", one.tasks), ("coded_values", one.coded)) if names
    ]  # fmt: skip
    if one.opens:
        parts.append("SELECT nextval('streams_id_seq')")
    more = "".join(f", ({part})::text" for part in parts)
    values: dict[str, Any] = {
        "names": list(one.cases),
        "tasks": list(one.tasks),
        "coded_values": list(one.coded),
    }
    for number, (person, day) in enumerate(one.persons):
        values |= {f"p{number}": person, f"d{number}": day}
    if not one.cases:
        return f"SELECT 1{more}", values
    sql = CASE.format(name="ANY(%(names)s) FOR NO KEY UPDATE OF s").replace("c.private", f"c.private{more}")
    return sql, values


def _writing(one: Transaction) -> list[tuple[str, tuple[Any, ...]]]:
    """The events, then the rest at once: the triggers of the rest demand that the events are there."""
    events = [(sql, arguments) for table, sql, arguments in one.writes if table == "events"]
    rest = [(sql, arguments) for table, sql, arguments in one.writes if table != "events"]
    if not rest:
        return events
    text = "WITH " + ", ".join(f"w{n} AS ({sql})" for n, (sql, _) in enumerate(rest)) + " SELECT 1"
    return [*events, (text, tuple(value for _, arguments in rest for value in arguments))]
