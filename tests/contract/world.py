"""A small process and decisions over it, built by hand: what the store is tested with.

The store must not care why a decision was taken, so none of these comes from `decide`.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from engine.cases.case import Case
from engine.cases.decision import Decision, Task, Write
from engine.cases.event import Acting, Event, Link, StreamKind
from engine.definition.document import Document, build
from engine.store.authority import Authority
from engine.store.database import Database, Patience
from engine.store.migrating import upgrade
from engine.store.unit_of_work import UnitOfWork

AUTHORITY = Authority("test-authority", "Provkommunen", "Europe/Stockholm", training=True)
START = "2026-03-0{day}T08:00:00.{micro:06d}Z"
_commands = itertools.count(1)


def words(text: str) -> dict[str, str]:
    return {"sv": text, "en": text}


PROCESS: dict[str, Any] = {
    "process": "errand",
    "version": 1,
    "label": words("Errand"),
    "reference": "ERR",
    "title": "{sort}, {unit}",
    "roles": {"chief": "content"},
    "links": {"part": {"label": words("Part"), "reverse": words("Whole")}},
    "fields": {
        "story": {"type": "text", "label": words("Story")},
        "sort": {"type": "choice", "list": "sorts", "label": words("Sort"), "statistics": "true"},
        "kinds": {"type": "choices", "list": "sorts", "label": words("Kinds"), "statistics": "true"},
        "cost": {"type": "number", "label": words("Cost"), "statistics": "true"},
        "risk": {"type": "scale", "list": "scale", "label": words("Risk"), "statistics": "true",
                 "unknown": "allowed"},
    },
    "states": {
        "reported": {"label": words("Reported"), "expects": ["judge"]},
        "judged": {"label": words("Judged"), "expects": ["close"]},
        "closed": {"label": words("Closed"), "final": "true"},
    },
    "steps": {
        "report": {
            "label": words("Report"), "opens": "reported", "by": ["anyone"], "asks": ["story"],
            "may_ask": ["sort", "kinds"],
        },
        "judge": {
            "label": words("Judge"), "from": ["reported"], "to": "judged", "by": ["chief"],
            "asks": ["risk"], "may_ask": ["cost"],
        },
        "remark": {
            "label": words("Remark"), "from": "any_open", "stays": "true", "by": ["chief"],
            "may_ask": ["story"],
        },
        "close": {"label": words("Close"), "from": ["judged"], "to": "closed", "by": ["chief"]},
    },
}  # fmt: skip
LISTS: dict[str, Any] = {
    "sorts": {
        "label": words("Sorts"),
        "codes": {"fall": {"sv": "Fall", "en": "Fall"}, "delay": {"sv": "Dröjsmål", "en": "Delay"}},
    },
    "scale": {
        "label": words("Scale"),
        "codes": {code: {"sv": code, "en": code} for code in "1234"},
    },
}


def document(**changes: Any) -> Document:
    """The process as it is published, but for changes."""
    return build(PROCESS | changes, LISTS)


@dataclass
class World:
    """A database with one published process, and a clock that moves a microsecond at each use."""

    database: Database
    work: UnitOfWork
    document: Document
    definition_id: int
    ticks: int = 0

    @property
    def definitions(self) -> dict[str, Any]:
        return {self.document.hash: (self.definition_id, self.document.process)}

    def now(self) -> str:
        self.ticks += 1
        return f"2026-03-02T08:00:00.{self.ticks:06d}Z"

    def record(self, decision: Decision):
        return self.work.record(decision, self.definitions)

    def opening(
        self, number: int = 0, *, sort: str = "fall", story: str = "She fell.", **changes: Any
    ) -> Write:
        at = self.now()
        event = Event(
            stream_kind="case", stream=f"+{number}", seq=1, kind="step",
            acting=Acting("p1", role="chief", unit="u1"), occurred_at=at, occurred_on=at[:10],
            recorded_at=at, command_id="", ordinal=number, definition=self.document.hash, process="errand",
            step="report", to_state="reported",
            coded={"sort": sort}, personal={"story": story}, sets={"unit": "u1", "reporter": "p1"},
        )  # fmt: skip
        event = replace(event, **changes)
        return Write(event, Case.born(event, self.document.process), tasks=(self.task("judge"),))

    def task(self, step: str, role: str = "chief") -> Task:
        return Task(step=step, role=role, person=None, unit="u1", since="2026-03-02")

    def open(self, *openings: Write, command: str | None = None) -> Decision:
        return decision(*(openings or (self.opening(),)), command=command)

    def opened(self, story: str = "She fell.") -> Case:
        """A case that is there."""
        opening = self.opening(story=story)
        result = self.record(self.open(opening)).results[0]
        return case_of(opening).renamed({"+0": result.reference})

    def moving(self, case: Case, step: str, to: str | None, **changes: Any) -> Write:
        at = self.now()
        event = Event(
            stream_kind="case", stream=case.reference, seq=case.seq + 1, kind="step",
            acting=Acting("p2", role="chief", unit="u1"), occurred_at=at, occurred_on=at[:10], recorded_at=at,
            command_id="", definition=self.document.hash, process="errand", step=step,
            from_state=case.state if to else None, to_state=to,
        )  # fmt: skip
        event = replace(event, **changes)
        expected = {"judged": ("close",), "reported": ("judge",), "closed": ()}[event.to_state or case.state]
        return Write(event, case.after(event, self.document.process), tasks=tuple(map(self.task, expected)))

    def judging(self, case: Case, **changes: Any) -> Write:
        return self.moving(case, "judge", "judged", **{"coded": {"risk": "3", "cost": 12}, **changes})

    def remarking(self, case: Case, story: str = "More.") -> Write:
        return self.moving(case, "remark", None, personal={"story": story})

    def stepping(self, case: Case) -> tuple[Decision, Case]:
        """A remark as a decision, and the case it leaves."""
        write = self.remarking(case)
        return decision(write), case_of(write)


def decision(
    *writes: Write, command: str | None = None, relied: tuple = (), appointments: tuple = ()
) -> Decision:
    """Writes as one decision of one command."""
    command = command or f"command-{next(_commands)}"
    return Decision(
        tuple(
            replace(write, event=replace(write.event, command_id=command, ordinal=number))
            for number, write in enumerate(writes)
        ),
        relied=relied,
        appointments=appointments,
    )


def case_of(write: Write) -> Case:
    """The case that a write leaves."""
    assert write.case is not None
    return write.case


def other(
    kind: StreamKind, name: str, seq: int, event_kind: str, data: dict, personal: dict | None = None
) -> Write:
    """An event of a stream that is no case."""
    at = f"2026-01-01T08:00:00.{seq:06d}Z"
    return Write(
        Event(
            stream_kind=kind, stream=name, seq=seq, kind=event_kind, acting=Acting(None, "system"),
            occurred_at=at, occurred_on=at[:10], recorded_at=at, command_id="", data=data,
            personal=personal or {},
        ),
        None,
    )  # fmt: skip


def entropy(seed: str = "salt"):
    """Bytes that differ each time and are the same in each run."""
    numbers = itertools.count()
    return lambda size: hashlib.shake_128(f"{seed}{next(numbers)}".encode()).digest(size)


def make(url: str, patience: Patience | None = None) -> World:
    """A database made ready, with the process published and an organisation of one unit and two persons."""
    database = Database(url, create=True, patience=patience)
    upgrade(database)
    work = UnitOfWork(database, AUTHORITY, entropy())
    published = document()
    work.record(
        decision(
            other(
                "process", "errand", 1, "published", {"version": 1, "hash": published.hash, "parameters": {}}
            )
        ),
        {},
        [published],
    )
    facts: tuple[tuple[str, dict, dict], ...] = (
        ("unit_added", {"code": "u1", "name": "Enhet 1", "from_on": "2020-01-01"}, {}),
        ("person_added", {"code": "p1", "from_on": "2020-01-01"}, {"name": "Namn Ett", "login": "ett"}),
        ("person_added", {"code": "p2", "from_on": "2020-01-01"}, {"name": "Namn Två", "login": "tva"}),
        (
            "appointed",
            {"key": "a1", "person": "p2", "role": "chief", "unit": "u1", "from_on": "2020-01-01"},
            {},
        ),
    )
    work.record_all(
        [
            decision(other("organisation", "organisation", seq, kind, data, personal))
            for seq, (kind, data, personal) in enumerate(facts, start=1)
        ],
        {},
    )
    return World(database, work, published, 1)


@contextmanager
def reopen(url: str, patience: Patience | None = None) -> Iterator[World]:
    """A database that `make` has made, or a copy of it."""
    database = Database(url, patience=patience)
    yield World(database, UnitOfWork(database, AUTHORITY, entropy(url)), document(), 1)
    database.close()


def linked(one: Write, other_: Write, kind: str = "part") -> tuple[Write, Write]:
    """The two writes, linked to each other."""
    a, b = one.event.stream, other_.event.stream
    return _with_link(one, Link(kind, b, outgoing=True)), _with_link(other_, Link(kind, a, outgoing=False))


def _with_link(write: Write, link: Link) -> Write:
    return replace(
        write,
        event=replace(write.event, links=(link,)),
        case=replace(case_of(write), links=(*case_of(write).links, link)),
    )
