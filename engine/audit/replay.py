"""Replays a case by `Case.born` and `Case.after`, and names every row that is not the one that follows.

The rows are made by what the writer makes them with (`case_projection`), so there is one truth about them. It
must not know what the log itself must be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from engine.audit.basis import Basis, Published, as_listed
from engine.audit.page import CASE_COLUMNS
from engine.audit.problem import Findings
from engine.audit.task import task_faults
from engine.cases.case import Case
from engine.cases.event import Event
from engine.cases.reference import is_reference
from engine.definition.model import Process
from engine.definition.value import split_path
from engine.store.case_projection import case_row, coded_rows
from engine.store.database import Row


@dataclass(slots=True)
class Stored:
    """The rows of one case, as they are stored."""

    case: Row | None
    coded: list[list[Any]]
    deadlines: list[list[Any]]
    links: list[Row]
    marks: list[Row]
    tasks: list[Row]

    def tables(self) -> list[str]:
        """The tables that have rows."""
        found = {
            "cases": self.case, "coded_values": self.coded, "deadlines": self.deadlines, "links": self.links,
            "case_marks": self.marks, "tasks": self.tasks,
        }  # fmt: skip
        return [table for table, rows in found.items() if rows]


@dataclass(slots=True)
class Replay:
    """One case while its events are laid upon each other.

    Attributes:
        basis: The definitions.
        findings: Where problems go.
        reference: The case.
    """

    basis: Basis
    findings: Findings
    reference: str
    case: Case | None = None
    opened_at: str = ""
    last: Event | None = None
    is_lost: bool = field(default=False)

    def step(self, found: tuple[Mapping[str, Any], Mapping[str, Any]] | None) -> None:
        """Lay the next event upon the case; when one cannot be, the rows can no longer be told."""
        if self.is_lost:
            return
        if found is None:
            self.is_lost = True
            return
        body, personal = found
        try:
            event = Event.read(body, personal)
            process = self._process(event.definition)
            self.opened_at = self.opened_at or event.occurred_at
            case = self.case.after(event, process) if self.case else Case.born(event, process)
            gone = body.get("commitments", {}).keys() - personal.keys()
            self.case = replace(case, rows=_with_rows(case.rows, gone)) if gone else case
            self.last = event
        except (LookupError, ValueError, TypeError, AttributeError):
            self.is_lost = True
            self.findings.add(self.reference, int(body.get("seq", 0)), "not_replayable")

    def end(self, stored: Stored) -> None:
        """Compare the rows of the case with those that its events make."""
        if self.is_lost or self.case is None:
            self._add("rows_not_compared")
            return
        case, published = self.case, self.basis.definitions[self.case.definition]
        process = self._process(case.definition)
        if stored.case is None:
            self._add("no_case")
        else:
            self._compare_case(stored.case, case, published, process)
        rows: dict[str, tuple[list[Any], list[Any]]] = {
            "coded_values": (stored.coded, _coded(case, process)),
            "deadlines": (stored.deadlines, _deadlines(case)),
            "links": (stored.links, [(one.kind, one.other, one.outgoing, one.row) for one in case.links]),
            "case_marks": (stored.marks, list(case.marks.items())),
        }
        for table, (found, expected) in rows.items():
            self._compare(table, found, expected)
        self._compare_tasks(stored.tasks, case, process)
        if not is_reference(self.reference, process.reference, case.opened_on):
            self._add("reference_form", prefix=process.reference)

    def _compare_case(self, row: Row, case: Case, published: Published, process: Process) -> None:
        expected = {**case_row(case, process, published.id), "opened_at": self.opened_at}
        stored = dict(zip((*CASE_COLUMNS, "data", "private"), row[1:], strict=True))
        wrong = [name for name in CASE_COLUMNS if stored[name] != expected[name]]
        wrong += [
            name for name in ("data", "private") if not is_same_json(stored[name], expected[name].encode())
        ]
        if wrong:
            self._add("case_columns", columns=tuple(wrong))

    def _compare_tasks(self, rows: list[Row], case: Case, process: Process) -> None:
        past, last = self.basis.past, self.last
        if past is None or last is None:
            return  # `verify` says once that no tasks can be compared
        try:
            faults = task_faults(rows, case, process, last.acting.person, last.occurred_on, past)
        except (LookupError, ValueError, TypeError, AttributeError):
            self._add("tasks_not_told")
            return
        if faults:
            self._add(
                "tasks",
                steps=tuple(process.steps[step].label if step in process.steps else step for step in faults),
            )

    def _compare(self, table: str, found: list[Any], expected: list[Any]) -> None:
        there, wanted = {repr(_plain(row)) for row in found}, {repr(_plain(row)) for row in expected}
        if there != wanted:
            self._add("rows", table=table, missing=str(len(wanted - there)), surplus=str(len(there - wanted)))

    def _process(self, digest: str) -> Process:
        """The process of a definition; LookupError when there is none that can be read."""
        process = self.basis.definitions[digest].process
        if process is None:
            raise LookupError(digest)
        return process

    def _add(self, kind: str, **arguments: Any) -> None:
        self.findings.add(self.reference, None, kind, **arguments)


def is_same_json(stored: str, made: bytes) -> bool:
    """Whether a stored JSON says what was made, types included, in any order of keys but without anything more."""
    try:
        read = orjson.dumps(orjson.loads(stored), option=orjson.OPT_SORT_KEYS)
    except ValueError:
        return False
    return read == made and len(stored.encode()) == len(made)


def _with_rows(rows: Mapping[str, int], paths: Any) -> dict[str, int]:
    """The highest rows, those counted whose values were erased."""
    found = dict(rows)
    for path in paths:
        table, row, _ = split_path(path)
        if row is not None:
            found[table] = max(found.get(table, 0), int(row[1:]))
    return found


def _coded(case: Case, process: Process) -> list[list[Any]]:
    return [
        as_listed(key, row)
        for path, value in case.values.items()
        if process.is_coded(path)
        for key, row in coded_rows(process, path, value).items()
    ]


def _deadlines(case: Case) -> list[list[Any]]:
    return [
        [one.key, one.step, one.kind, one.due_on, one.since, one.status, one.settled_on]
        for one in case.deadlines.values()
    ]


def _plain(row: Any) -> tuple[Any, ...]:
    """A row with truths as numbers, and numbers as both databases can say them."""
    return tuple(format(float(value), ".15g") if isinstance(value, (int, float)) else value for value in row)
