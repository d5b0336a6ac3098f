"""What `decide` is asked and what it answers: commands, decisions, refusals. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from engine.cases.case import Case
from engine.cases.event import EMPTY, Actor, Event
from engine.language.sentence import Sentence, Words

__all__ = [
    "Actor", "AddEntry", "Advance", "Amend", "Assign", "Attach", "ChangeDeadline", "Command", "Decision", "Fault",
    "ForOccasion", "KeepPaper", "LinkCases", "Message", "OpenCase", "Raw", "Refusal", "ShownCase", "TakeStep", "Task",
    "Write",
]  # fmt: skip

Raw: TypeAlias = Any
"""A value as it was given: text of `--set`, or JSON of `--from`. `engine.cases.reading` makes a Value of it."""


@dataclass(frozen=True, slots=True)
class Command:
    """What somebody wants done. `occurred_at` is when the act was done (None: now), as a UTC instant of fixed width.

    `command_id` makes a retry harmless. `expected_seq` is what the caller saw, when they want to know of changes.
    """

    command_id: str
    actor: Actor
    occurred_at: str | None = field(default=None, kw_only=True)
    expected_seq: int | None = field(default=None, kw_only=True)
    comment: str | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class ForOccasion:
    """The occasion of a schedule that a case is opened for: its key, the day by the rule, the day it is due."""

    schedule: str
    on: str
    due_on: str


@dataclass(frozen=True, slots=True)
class OpenCase(Command):
    """Open a case by an opening step. `link_to` is the case it is opened for, `link_row` a `table.row` of it.

    `occasion` is that of a schedule, which then knows that it was opened.
    """

    process: str
    step: str | None
    unit: str | None
    values: Mapping[str, Raw] = field(default_factory=lambda: EMPTY)
    link_to: str | None = None
    link_row: str = ""
    occasion: ForOccasion | None = None


@dataclass(frozen=True, slots=True)
class TakeStep(Command):
    """Take a step of a case."""

    reference: str
    step: str
    values: Mapping[str, Raw] = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True)
class Advance(Command):
    """Let the system take the automatic step that a case's own last event made true; refused as `nothing` when none."""

    reference: str


@dataclass(frozen=True, slots=True)
class Amend(Command):
    """Correct fields of a case, with a reason; the old values stay in the log."""

    reference: str
    values: Mapping[str, Raw]
    reason: str


@dataclass(frozen=True, slots=True)
class AddEntry(Command):
    """Add an entry. `corrects` is the seq of the entry that it replaces."""

    reference: str
    heading: str
    text: str
    source: str
    judgement: bool
    corrects: int | None = None


@dataclass(frozen=True, slots=True)
class Attach(Command):
    """Attach a file: what it is called, of what kind its content is, how many bytes, and their SHA-256."""

    reference: str
    name: str
    media_type: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class ShownCase:
    """A case that a paper shows beside its own: at which seq, and whether its content or only that it is there."""

    reference: str
    seq: int
    content: bool


@dataclass(frozen=True, slots=True)
class KeepPaper(Command):
    """Keep a paper of a case as it was written, in the case. `expected_seq` is always given: it shows the case then.

    Args:
        reference: The case.
        paper: Key of the paper, with its version, what it is called, and the SHA-256 of its template.
        version: See paper.
        label: See paper.
        template: See paper.
        format: Its format, with its language.
        language: See format.
        shows: The last event of the case that stands in it.
        others: The other cases that stand in it.
        size: Bytes, with their SHA-256.
        digest: See size.
        content: SHA-256 of what it says, whatever the format and the day.
    """

    reference: str
    paper: str
    version: int
    label: Words
    template: str
    format: str
    language: str
    shows: int
    others: tuple[ShownCase, ...]
    size: int
    digest: str
    content: str


@dataclass(frozen=True, slots=True)
class Assign(Command):
    """Say who has the case: a person code, or None to leave it to the role again.

    `only_free` takes it from nobody.
    """

    reference: str
    assignee: str | None
    only_free: bool = False


@dataclass(frozen=True, slots=True)
class ChangeDeadline(Command):
    """Let a deadline of one's own rest, run again or be, with a reason. `deadline` is its name, or its step's."""

    reference: str
    deadline: str
    change: Literal["pause", "resume", "waive"]
    reason: str


@dataclass(frozen=True, slots=True)
class LinkCases(Command):
    """Connect two cases."""

    reference: str
    kind: str
    other: str
    row: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """What somebody should do now: a step that the state expects, for a role at a unit or for a person.

    due_on is the earliest open deadline of the step. `assignee` is who has taken it on among those of the role.
    """

    step: str
    role: str | None
    person: str | None
    unit: str
    assignee: str | None = None
    due_on: str | None = None
    due_kind: str | None = None
    since: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """Something to tell somebody; no personal data. To a role at a unit, or to a person."""

    role: str | None
    person: str | None
    unit: str
    text: Words


@dataclass(frozen=True, slots=True)
class Write:
    """One event and the case it leaves: nothing can build the one without the other.

    `case` is None only for streams that are no cases. A new case has `event.seq` 1 and a reference that begins with
    `NEW`; the unit of work gives it its number.
    """

    event: Event
    case: Case | None
    tasks: tuple[Task, ...] = ()
    messages: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """A set of writes with one cause, at most one a stream, and what they relied on.

    relied: (reference, seq) of cases that were read and not written. appointments: ids that gave the right to act.
    warnings were acknowledged and logged; guides are what the person should know now, by what they said.
    """

    writes: tuple[Write, ...]
    relied: tuple[tuple[str, int], ...] = ()
    appointments: tuple[int, ...] = ()
    warnings: tuple[Sentence, ...] = ()
    guides: tuple[Words, ...] = ()

    @property
    def command_id(self) -> str:
        """The command that caused it."""
        return self.writes[0].event.command_id


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field of the input: its key, what it is called, why, and what would do."""

    field: str
    label: Words
    why: Sentence
    choices: tuple[tuple[str, Words], ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a command was not done: everything at once. Nothing has changed.

    kind: `not_allowed` (who), `wrong_state`, `guard` (a condition), `input` (missing or wrong values), `locked`.
    """

    kind: str
    reasons: tuple[Sentence, ...]
    faults: tuple[Fault, ...] = ()
    step: str | None = None
    label: Words | None = None

    @property
    def is_about_right(self) -> bool:
        """Whether the actor lacks the right, whatever else speaks against it."""
        return self.kind == "not_allowed" or any(one.id == "step.not_allowed" for one in self.reasons)
