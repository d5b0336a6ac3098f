"""What a floor has to do: the rows that Hjul's transactions read and write, noted while Hjul takes the steps once.

Nothing of Hjul's way of asking is kept but the SQL of its writes. Each row that a step reads counts once,
however often Hjul asks for it, and what Hjul reads of its own accord (settings, definitions, the tree of units,
the answer it shows) is left out: a floor knows those. Must not know how a floor runs it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from engine.store import case_projection as shown
from engine.store import database, lock, number, organisation, reading, search, unit_of_work
from engine.store.database import Database, Session
from engine.store.statement import Statement, at
from engine.store.tables import tasks

CASES = (reading.CASE, lock.LOCK_TO_WRITE, lock.LOCK_TO_RELY)
TASK_KEY = ("case_id", "step", "role", "person")
FIND_TASK = Statement(select(*(tasks.c[name] for name in TASK_KEY)).where(tasks.c.id == bindparam("key")))
# A floor cannot know the ids of tasks, which depend on who came first, so it names a task by its own key.
UPDATE_TASK = Statement(
    update(tasks)
    .where(*at(tasks, *TASK_KEY, prefix="old_"))
    .values({name: bindparam(name) for name in shown.TASK_COLUMNS})
)
DELETE_TASK = Statement(delete(tasks).where(*at(tasks, *TASK_KEY, prefix="old_")))
WRITES = {
    unit_of_work.INSERT_EVENT: "events", unit_of_work.INSERT_PAYLOAD: "payloads",
    shown.INSERT_CASE: "cases", shown.UPDATE_CASE: "cases", shown.UPDATE_WHOLE_CASE: "cases",
    shown.UPSERT_MARK: "case_marks", shown.DELETE_MARK: "case_marks",
    shown.UPSERT_CODED: "coded_values", shown.DELETE_CODED: "coded_values", shown.UPSERT_LINK: "links",
    shown.UPSERT_DEADLINE: "deadlines", shown.INSERT_TASK: "tasks", shown.UPDATE_TASK: "tasks",
    shown.DELETE_TASK: "tasks", shown.INSERT_MESSAGE: "outbox", number.TAKE: "counters",
    search.UPSERT: "search_texts",
}  # fmt: skip


@dataclass(slots=True)
class Transaction:
    """One commit: what must be read for it, and what it writes, in order, each with the SQL of the dialect.

    cases: references read. persons: (code, day) whose appointments are read. tasks and coded: references whose
    rows are read. writes: (table, SQL, arguments).
    """

    cases: dict[str, None] = field(default_factory=dict)
    persons: dict[tuple[str, str], None] = field(default_factory=dict)
    tasks: dict[str, None] = field(default_factory=dict)
    coded: dict[str, None] = field(default_factory=dict)
    writes: list[tuple[str, str, tuple[Any, ...]]] = field(default_factory=list)
    opens: int = 0


class Tape:
    """Notes transactions, while `recording` lasts."""

    def __init__(self) -> None:
        """Begin with none."""
        self.transactions: list[Transaction] = []
        self._now = Transaction()

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Note what sessions do in this process."""
        plain, database.Session = database.Session, self._session()  # type: ignore[misc]
        transact = Database.transact
        Database.transact = self._transacting(transact)  # type: ignore[method-assign]
        try:
            yield
        finally:
            database.Session = plain  # type: ignore[misc]
            Database.transact = transact  # type: ignore[method-assign]

    def next_act(self) -> None:
        """Forget what was read since the last commit: it was read to show the answer."""
        self._now = Transaction()

    def _transacting(self, transact: Callable[..., Any]) -> Callable[..., Any]:
        def run(base: Database, work: Callable[[Session], Any]) -> Any:
            found = transact(base, work)
            self.transactions.append(self._now)
            self._now = Transaction()
            return found

        return run

    def _session(self) -> type[Session]:
        note = self._note

        class Noted(Session):
            """A session that notes what it does."""

            __slots__ = ()

            def ask(self, statement: Statement, values: Mapping[str, Any] = database.NOTHING) -> Any:
                note(self, statement, [values])
                return super().ask(statement, values)

            def run(self, statement: Statement, values: Mapping[str, Any] = database.NOTHING) -> None:
                note(self, statement, [values])
                super().run(statement, values)

            def run_many(self, statement: Statement, rows: Any) -> None:
                note(self, statement, rows)
                super().run_many(statement, rows)

            def run_together(self, batch: Any) -> None:
                for statement, rows in batch:
                    self.run_many(statement, rows)

        return Noted

    def _note(self, session: Session, statement: Statement, rows: Any) -> None:
        now = self._now
        if statement in WRITES:
            for row in rows:
                chosen, values = statement, dict(row)
                if statement in (shown.UPDATE_TASK, shown.DELETE_TASK):
                    chosen = UPDATE_TASK if statement is shown.UPDATE_TASK else DELETE_TASK
                    compiled = FIND_TASK.on(session.dialect)
                    found = session.raw.execute(compiled.sql, (row["key"],)).fetchone()
                    values |= {f"old_{name}": value for name, value in zip(TASK_KEY, found, strict=True)}
                compiled = chosen.on(session.dialect)
                now.writes.append((WRITES[statement], compiled.sql, compiled.arguments(values)))
        elif statement in CASES:
            values = rows[0]
            if values.get("kind", "case") == "case":
                now.cases[values.get("reference") or values["name"]] = None
        elif statement is organisation.GRANTS:
            now.persons[rows[0]["person"], rows[0]["day"]] = None
        elif statement is shown.SELECT_TASKS:
            now.tasks[rows[0]["name"]] = None
        elif statement is shown.SELECT_CODED:
            now.coded[rows[0]["name"]] = None
        elif statement is number.NEXT_IDS:
            now.opens += rows[0]["count"]
