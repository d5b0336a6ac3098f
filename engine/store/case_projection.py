"""The rows that follow from a case and its last event: the case, coded values, links, deadlines, tasks.

Rows are gathered from many writes and sent statement by statement, changed in place rather than made anew,
since a commit costs by the pages it touches. `coded_rows` and `case_row` are what replay compares with. It
must not know how events are chained or locked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import orjson
from sqlalchemy import bindparam, delete, select, update

from engine.cases.case import Case
from engine.cases.decision import Message, Task, Write
from engine.cases.event import Event
from engine.definition.model import Process
from engine.definition.value import Value, is_missing, is_unknown, number_of, split_path
from engine.store import search
from engine.store.database import Cursor, Row, Session
from engine.store.statement import Statement, at, insertion, upsertion
from engine.store.tables import case_marks, cases, coded_values, deadlines, links, outbox, streams, tasks

UNKNOWN_CODE: Final = "?"
NO_DAY: Final = "9999-12-31"
SORTED: Final = orjson.OPT_SORT_KEYS
"""One spelling, so that replay gives the same bytes."""
CodedKey = tuple[str, str, str]
CodedRow = tuple[str | None, str | None]

_NARROW: Final = (
    "definition_id", "assignee", "happened_on", "recorded_at", "is_open", "title_sv", "title_en", "data",
    "private",
)  # fmt: skip
_WIDE: Final = ("unit", "reporter", *_NARROW)
TASK_COLUMNS: Final = ("step", "role", "person", "unit", "assignee", "due_on", "due_kind", "since")
_STILL: Final = tuple(name for name in _NARROW if name != "assignee")


def _set(names: Iterable[str]) -> dict[str, Any]:
    return {name: bindparam(name) for name in names}


_ID_OF: Final = (
    select(streams.c.id)
    .where(streams.c.kind == "case", streams.c.name == bindparam("name"))
    .scalar_subquery()
)
INSERT_CASE: Final = insertion(cases)
UPDATE_CASE: Final = Statement(update(cases).where(cases.c.id == bindparam("key")).values(_set(_STILL)))
UPDATE_WHOLE_CASE: Final = Statement(update(cases).where(cases.c.id == bindparam("key")).values(_set(_WIDE)))
UPSERT_MARK: Final = upsertion(case_marks)
DELETE_MARK: Final = Statement(delete(case_marks).where(*at(case_marks, "case_id", "mark")))
SELECT_CODED: Final = Statement(
    select(
        coded_values.c.field,
        coded_values.c.row,
        coded_values.c.code,
        coded_values.c.number,
        coded_values.c.day,
    ).where(coded_values.c.case_id == _ID_OF)
)
UPSERT_CODED: Final = upsertion(coded_values)
DELETE_CODED: Final = Statement(
    delete(coded_values).where(*at(coded_values, "case_id", "field", "row", "code"))
)
UPSERT_LINK: Final = upsertion(links)
UPSERT_DEADLINE: Final = upsertion(deadlines)
SELECT_TASKS: Final = Statement(
    select(tasks.c.id, *(tasks.c[name] for name in TASK_COLUMNS))
    .where(tasks.c.case_id == _ID_OF)
    .order_by(tasks.c.id)
)
INSERT_TASK: Final = insertion(tasks, without=["id"])
UPDATE_TASK: Final = Statement(update(tasks).where(tasks.c.id == bindparam("key")).values(_set(TASK_COLUMNS)))
DELETE_TASK: Final = Statement(delete(tasks).where(tasks.c.id == bindparam("key")))
INSERT_MESSAGE: Final = insertion(outbox, without=["id", "sent_at", "key", "deadline", "alert_on", "notice"])
_ORDER: Final = (
    INSERT_CASE, UPDATE_CASE, UPDATE_WHOLE_CASE, DELETE_MARK, UPSERT_MARK, DELETE_CODED, UPSERT_CODED,
    UPSERT_LINK, UPSERT_DEADLINE, search.UPSERT, DELETE_TASK, UPDATE_TASK, INSERT_TASK, INSERT_MESSAGE,
)  # fmt: skip


def case_row(case: Case, process: Process, definition_id: int) -> dict[str, Any]:
    """The columns of a case that follow from it, without `id` and `opened_at`."""
    return {
        "process": case.process, "definition_id": definition_id, "unit": case.unit, "reporter": case.reporter,
        "assignee": case.assignee, "opened_on": case.opened_on, "happened_on": case.happened_on,
        "recorded_at": case.recorded_at, "is_open": case.is_open, "title_sv": case.title.sv,
        "title_en": case.title.en, "data": orjson.dumps(case.data(process), option=SORTED).decode(),
        "private": orjson.dumps(case.private(process), option=SORTED).decode(),
    }  # fmt: skip


def coded_rows(process: Process, path: str, value: Value) -> dict[CodedKey, CodedRow]:
    """How a coded value stands in `coded_values`: (field, row, code) -> (number, day).

    Unknown is the code `?`, yes and no are `true` and `false`, a choice of several is several rows, a period
    is the codes `from` and `to` with their days. Numbers and days have the empty code; a scale has both code
    and number.
    """
    table, row, column_name = split_path(path)
    field = f"{table}.{column_name}" if row is not None else table
    column = process.column(path)
    kind = column.type if column is not None else "text"

    def key(code: str) -> CodedKey:
        return field, row or "", code

    if is_missing(value):
        return {}
    if is_unknown(value):
        return {key(UNKNOWN_CODE): (None, None)}
    if isinstance(value, bool):
        return {key("true" if value else "false"): (None, None)}
    if isinstance(value, list):
        return {key(str(code)): (None, None) for code in value}
    if isinstance(value, dict):
        return {key(str(end)): (None, str(day)[:10]) for end, day in value.items()}
    if kind in ("date", "datetime"):
        return {key(""): (None, str(value)[:10])}
    number = number_of(value) if kind in ("number", "percent", "money", "computed", "scale") else None
    if number is None:
        return {key(str(value)): (None, None)}
    return {key(str(value) if kind == "scale" else ""): (format(number, "f"), None)}


class Before:
    """What stands of a case before it is written: asked for at once, read when needed."""

    __slots__ = ("_coded", "_tasks")

    def __init__(self, session: Session, write: Write) -> None:
        """Ask for the rows that the write may change."""
        name = {"name": write.event.stream}
        touches_coded = write.event.coded or write.event.cleared
        self._tasks: Final[Cursor] = session.ask(SELECT_TASKS, name)
        self._coded: Final[Cursor | None] = session.ask(SELECT_CODED, name) if touches_coded else None

    def tasks(self) -> list[Row]:
        """The tasks: id, then their columns."""
        return self._tasks.fetchall()

    def coded(self) -> dict[CodedKey, CodedRow]:
        """The coded values, numbers as plain text."""
        rows = self._coded.fetchall() if self._coded is not None else ()
        return {
            (field, row, code): (None if number is None else _plain(number), day)
            for field, row, code, number, day in rows
        }


class CaseRows:
    """Rows gathered from writes, to be sent together."""

    __slots__ = ("_rows",)

    def __init__(self) -> None:
        """Begin with none."""
        self._rows: Final[dict[Statement, list[dict[str, Any]]]] = {statement: [] for statement in _ORDER}

    def add(
        self, case_id: int, write: Write, process: Process, definition_id: int, before: Before | None,
        ids: Mapping[str, int],
    ) -> None:  # fmt: skip
        """Add what follows from one write.

        Args:
            case_id: The stream's id.
            write: Event and case, with their final references.
            process: The definition that the event follows.
            definition_id: Its id.
            before: What stands; None for a new case.
            ids: Ids of the cases that the event links to.
        """
        event, case = write.event, write.case
        if case is None:
            raise ValueError(event.stream)
        row = case_row(case, process, definition_id)
        if before is None:
            self._rows[INSERT_CASE].append(row | {"id": case_id, "opened_at": event.occurred_at})
        else:
            self._rows[UPDATE_WHOLE_CASE if event.sets else UPDATE_CASE].append(row | {"key": case_id})
        self._add_coded(case_id, event, process, before.coded() if before else {})
        self._add_tasks(case_id, write.tasks, before.tasks() if before else [])
        for mark, keeps in event.marks.items():
            self._rows[UPSERT_MARK if keeps else DELETE_MARK].append(
                {"case_id": case_id, "mark": mark, "keeps": keeps}
            )
        self._rows[UPSERT_LINK].extend(
            {
                "case_id": case_id, "kind": link.kind, "other_id": ids[link.other], "outgoing": link.outgoing,
                "row": link.row,
            }
            for link in event.links
        )  # fmt: skip
        self._rows[UPSERT_DEADLINE].extend(
            {
                "case_id": case_id, "key": due.key, "step": due.step, "kind": due.kind, "due_on": due.due_on,
                "since": due.since, "status": due.status, "settled_on": due.settled_on,
                "alert_on": due.remind_on if due.kind == "lag_skyndsamt" else due.due_on, "next_on": "",
            }
            for due in event.deadlines
        )  # fmt: skip
        self._rows[search.UPSERT].extend(search.rows_of(case_id, event, process, case.title))
        self._rows[INSERT_MESSAGE].extend(_message_row(case_id, event, message) for message in write.messages)

    def send(self, session: Session, *payloads: tuple[Statement, list[dict[str, Any]]]) -> None:
        """Send all that was gathered, behind other rows that depend on none of it, and begin again."""
        new = self._rows[INSERT_CASE]
        if new:
            session.run_many(INSERT_CASE, new)
            new.clear()
        session.run_together(
            [*payloads, *((statement, rows) for statement, rows in self._rows.items() if rows)]
        )
        for rows in self._rows.values():
            rows.clear()

    def _add_coded(
        self, case_id: int, event: Event, process: Process, old: Mapping[CodedKey, CodedRow]
    ) -> None:
        new: dict[CodedKey, CodedRow] = {}
        places = set()
        for path, value in (*dict.fromkeys(event.cleared).items(), *event.coded.items()):
            table, row, column = split_path(path)
            places.add((f"{table}.{column}" if row is not None else table, row or ""))
            new.update(coded_rows(process, path, value))
        self._rows[DELETE_CODED].extend(
            {"case_id": case_id, "field": key[0], "row": key[1], "code": key[2]}
            for key in old
            if key[:2] in places and key not in new
        )
        self._rows[UPSERT_CODED].extend(
            {
                "case_id": case_id, "field": key[0], "row": key[1], "code": key[2], "number": value[0],
                "day": value[1],
            }
            for key, value in new.items()
            if old.get(key, 0) != value
        )  # fmt: skip

    def _add_tasks(self, case_id: int, wanted: Sequence[Task], there: Sequence[Row]) -> None:
        old = {row[1:4]: row for row in there}
        new = {row[:3]: row for row in map(task_row, wanted)}
        spare = [row[0] for key, row in old.items() if key not in new]
        for key, row in new.items():
            found = old.get(key)
            if found is None:
                columns = dict(zip(TASK_COLUMNS, row, strict=True))
                if spare:
                    self._rows[UPDATE_TASK].append(columns | {"key": spare.pop(0)})
                else:
                    self._rows[INSERT_TASK].append(columns | {"case_id": case_id})
            elif tuple(found[1:]) != row:
                self._rows[UPDATE_TASK].append(dict(zip(TASK_COLUMNS, row, strict=True)) | {"key": found[0]})
        self._rows[DELETE_TASK].extend({"key": key} for key in spare)


def task_row(task: Task) -> tuple[str | None, ...]:
    """The columns of a task that follow from it."""
    return (
        task.step, task.role or "", task.person or "", task.unit, task.assignee, task.due_on or NO_DAY,
        task.due_kind, task.since,
    )  # fmt: skip


def _message_row(case_id: int, event: Event, message: Message) -> dict[str, Any]:
    return {
        "case_id": case_id, "seq": event.seq, "role": message.role or "", "person": message.person or "",
        "unit": message.unit, "text_sv": message.text.sv, "text_en": message.text.en,
        "created_at": event.recorded_at,
    }  # fmt: skip


def _plain(number: Any) -> str:
    found = number_of(str(number))
    if found is None:
        return str(number)
    return format(found.normalize(), "f") if found else "0"
