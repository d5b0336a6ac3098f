"""An event: one immutable row of a stream, before it becomes bytes, and as it is read back from them.

`Event.body` gives what is hashed; `Event.personal` is what is committed to and can be erased. It must not know
the store or where salts come from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias

from engine.definition.value import Value

EMPTY: Final[Mapping[str, Any]] = MappingProxyType({})
StreamKind: TypeAlias = Literal["case", "series", "organisation", "process", "settings", "schedule"]
NEW: Final = "+"
"""A reference that is not yet given begins so: `+0`, `+1` are the new cases of a decision, in order."""

ATTACH: Final = "attach"
"""The kind of an event that attaches a file; what follows are its personal values."""
PAPER: Final = "paper"
"""The kind of an event that keeps a paper of the case; its `data` says which, `$size` and `$sha256` are its bytes'."""
HOLDS_FILE: Final = frozenset({ATTACH, PAPER})
"""The kinds of events that have a file behind them."""
PAPER_CONTENT: Final = "$content"
"""SHA-256 of what a kept paper says, whatever its format and the day it was taken out."""
FILE_NAME: Final = "$file"
FILE_TYPE: Final = "$type"
FILE_SIZE: Final = "$size"
FILE_DIGEST: Final = "$sha256"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a person code, or the system itself; `operator` is the person whose login it is, when another."""

    person: str | None
    operator: str | None = None

    @property
    def is_system(self) -> bool:
        """Whether nobody asks: `tick` does."""
        return self.person is None


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acted, in codes only: in which role, at which unit, for whom as substitute, and by whose login."""

    person: str | None
    kind: Literal["person", "system", "external"] = "person"
    role: str | None = None
    unit: str | None = None
    on_behalf_of: str | None = None
    operator: str | None = None

    def body(self) -> dict[str, str]:
        """The codes that are known."""
        named = {
            "kind": self.kind, "person": self.person, "role": self.role, "unit": self.unit,
            "for": self.on_behalf_of, "operator": self.operator,
        }  # fmt: skip
        return {name: code for name, code in named.items() if code is not None}

    @staticmethod
    def read(body: Mapping[str, str]) -> Acting:
        """The actor of a stored event."""
        return Acting(
            person=body.get("person"), kind=body.get("kind", "person"), role=body.get("role"),  # type: ignore[arg-type]
            unit=body.get("unit"), on_behalf_of=body.get("for"), operator=body.get("operator"),
        )  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """A typed relation to another case.

    `outgoing` on the side that made it; `row` is the row of a table of the other case (outgoing) or of this one
    (incoming) that it concerns, as `table.row`.
    """

    kind: str
    other: str
    outgoing: bool
    row: str = ""

    def body(self) -> dict[str, object]:
        """As it stands in an event."""
        body: dict[str, object] = {"kind": self.kind, "other": self.other, "outgoing": self.outgoing}
        return body | {"row": self.row} if self.row else body

    @staticmethod
    def read(body: Mapping[str, Any]) -> Link:
        """From a stored event."""
        return Link(body["kind"], body["other"], body["outgoing"], body.get("row", ""))


DeadlineStatus: TypeAlias = Literal["open", "paused", "met", "waived", "ended"]


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline of a case: the step it wants, its kind, its day, since when it runs.

    due_at: its instant, when it is counted in hours. `remaining` is what is left while it is paused, in the units of
    its period (working days or days). pauses: the first day of each pause and the day it ended ("": not yet). held:
    somebody paused it, so that no status lets it run again. remind_on: when one's own reminder beside a duty without a
    day comes. ground: the name of what it rests on, among the grounds of its definition.
    of: the linked case in which time began, when it runs from another.
    """

    key: str
    step: str
    kind: str
    due_on: str
    since: str
    status: DeadlineStatus = "open"
    remaining: int | None = None
    settled_on: str | None = None
    due_at: str | None = None
    remind_on: str | None = None
    ground: str | None = None
    pauses: tuple[tuple[str, str], ...] = ()
    held: bool = False
    of: str | None = None

    def body(self) -> dict[str, object]:
        """As it stands in an event; what there is nothing of is left out."""
        named = {
            "key": self.key, "step": self.step, "kind": self.kind, "due_on": self.due_on, "since": self.since,
            "status": self.status, "remaining": self.remaining, "settled_on": self.settled_on, "due_at": self.due_at,
            "remind_on": self.remind_on, "ground": self.ground,
            "pauses": [list(spell) for spell in self.pauses] or None, "held": self.held or None,
            "of": self.of,
        }  # fmt: skip
        return {name: value for name, value in named.items() if value is not None}

    def renamed(self, names: Mapping[str, str]) -> Deadline:
        """The deadline with the reference of a new case replaced by the one it was given."""
        return self if self.of is None else replace(self, of=names.get(self.of, self.of))

    @staticmethod
    def read(body: Mapping[str, Any]) -> Deadline:
        """From a stored event."""
        return Deadline(
            **{**body, "pauses": tuple((begun, ended) for begun, ended in body.get("pauses", ()))}
        )


@dataclass(frozen=True, slots=True)
class EntryMark:
    """What the body says of an entry: its heading, whether it is fact or judgement, and which entry it corrects.

    Text and source are personal: `$text` and `$source` of the event's payload.
    """

    heading: str
    judgement: bool
    corrects: int | None = None

    def body(self) -> dict[str, object]:
        """As it stands in an event."""
        body: dict[str, object] = {"heading": self.heading, "judgement": self.judgement}
        return body if self.corrects is None else body | {"corrects": self.corrects}

    @staticmethod
    def read(body: Mapping[str, Any]) -> EntryMark:
        """From a stored event."""
        return EntryMark(body["heading"], body["judgement"], body.get("corrects"))


@dataclass(frozen=True, slots=True)
class Event:
    """One row of a stream: who, what, when, and what it changed.

    kind of a case event: `step`, `amend`, `entry`, `assign`, `link`, `attach`, `paper`, `deadline`; of other streams,
    their own verbs.
    coded and personal: path -> value that the event wrote; cleared: paths it emptied.
    sets: intrinsics it wrote (`unit`, `assignee` with "" for nobody, `reporter`).
    marks: mark -> what is kept, or "" when the mark is taken away. opened: references of cases it opened.
    occurred_on: local date of the act. data: what a stream of another kind says, in codes.
    """

    stream_kind: StreamKind
    stream: str
    seq: int
    kind: str
    acting: Acting
    occurred_at: str
    occurred_on: str
    recorded_at: str
    command_id: str
    ordinal: int = 0
    definition: str = ""
    process: str = ""
    step: str | None = None
    from_state: str | None = None
    to_state: str | None = None
    coded: Mapping[str, Value] = field(default_factory=lambda: EMPTY)
    personal: Mapping[str, Value] = field(default_factory=lambda: EMPTY)
    cleared: tuple[str, ...] = ()
    sets: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    marks: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    links: tuple[Link, ...] = ()
    opened: tuple[str, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    entry: EntryMark | None = None
    warned: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=lambda: EMPTY)

    def is_typed_by(self, person: str | None) -> bool:
        """Whether somebody typed what it holds: it is theirs, and no effect of a step taken in another case.

        What such a step copies was written by others, and is not made theirs by who took the step.
        """
        return person is not None and self.acting.person == person and self.ordinal == 0

    def body(self) -> dict[str, Any]:
        """What is hashed, but for authority, training, commitments, format and prev, which the writer adds."""
        body: dict[str, Any] = {
            "stream_kind": self.stream_kind, "stream": self.stream, "seq": self.seq, "kind": self.kind,
            "actor": self.acting.body(), "occurred_at": self.occurred_at, "occurred_on": self.occurred_on,
            "recorded_at": self.recorded_at, "command": self.command_id, "ordinal": self.ordinal,
            "definition": self.definition,
        }  # fmt: skip
        optional: dict[str, Any] = {
            "process": self.process, "step": self.step, "from": self.from_state, "to": self.to_state,
            "coded": dict(self.coded), "cleared": list(self.cleared), "sets": dict(self.sets),
            "marks": dict(self.marks), "links": [link.body() for link in self.links], "opened": list(self.opened),
            "deadlines": [deadline.body() for deadline in self.deadlines],
            "entry": self.entry.body() if self.entry else None, "warned": list(self.warned), "data": dict(self.data),
        }  # fmt: skip
        body.update((name, value) for name, value in optional.items() if value not in (None, "", [], {}))
        return body

    @staticmethod
    def read(body: Mapping[str, Any], personal: Mapping[str, Value] = EMPTY) -> Event:
        """The event of a stored body and what is left of its payload."""
        return Event(
            stream_kind=body["stream_kind"], stream=body["stream"], seq=body["seq"], kind=body["kind"],
            acting=Acting.read(body["actor"]), occurred_at=body["occurred_at"], occurred_on=body["occurred_on"],
            recorded_at=body["recorded_at"], command_id=body["command"], ordinal=body["ordinal"],
            definition=body["definition"], process=body.get("process", ""), step=body.get("step"),
            from_state=body.get("from"), to_state=body.get("to"), coded=body.get("coded", EMPTY), personal=personal,
            cleared=tuple(body.get("cleared", ())), sets=body.get("sets", EMPTY), marks=body.get("marks", EMPTY),
            links=tuple(map(Link.read, body.get("links", ()))), opened=tuple(body.get("opened", ())),
            deadlines=tuple(map(Deadline.read, body.get("deadlines", ()))),
            entry=EntryMark.read(body["entry"]) if "entry" in body else None,
            warned=tuple(body.get("warned", ())), data=body.get("data", EMPTY),
        )  # fmt: skip

    def renamed(self, names: Mapping[str, str]) -> Event:
        """The event with the references of new cases (`+0`) replaced by those they were given."""
        if not names:
            return self

        def given(value: Value) -> Value:
            return names.get(value, value) if isinstance(value, str) else value

        return replace(
            self,
            stream=given(self.stream),
            coded={path: given(value) for path, value in self.coded.items()},
            links=tuple(replace(link, other=given(link.other)) for link in self.links),
            opened=tuple(map(given, self.opened)),
            deadlines=tuple(one.renamed(names) for one in self.deadlines),
            data={key: given(value) for key, value in self.data.items()}
            if self.kind == "deadline"
            else self.data,
        )
