"""What the use cases answer: frozen values that an edge prints as text, JSON or a page.

Labels are `Words` (both languages); sentences are said by the edge. Nothing here holds what its reader may not see:
that is settled where the values are made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from engine.language.sentence import Argument, Sentence, Words

if TYPE_CHECKING:
    from engine.cases.decision import Fault, ShownCase
    from engine.service.listed import TaskView


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as others see them: code, name, title, and in which role and for whom they acted."""

    code: str | None
    name: str
    role: Words | None = None
    on_behalf_of: str | None = None
    operator: str | None = None
    title: str = ""


NAMELESS: Final = PersonView(None, "nameless")
"""Somebody whose name the reader may not know: whoever reported what is under an access mark."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A code that may be chosen; `depth` is how deep it lies in the tree of its list."""

    code: str
    label: Words
    depth: int = 0
    help: Words | None = None


@dataclass(frozen=True, slots=True)
class FormField:
    """A field that a step asks for now.

    value: what the case holds, or what was answered; `person` is the name of whom it points out. columns: those of a
    table. rows: the rows that are there already, each with what is asked of it.
    """

    field: str
    label: Words
    type: str
    required: bool
    help: Words | None = None
    example: str | None = None
    unknown_allowed: bool = False
    multiple: bool = False
    choices: tuple[Choice, ...] = ()
    value: Any = None
    columns: tuple[FormField, ...] = ()
    person: str | None = None
    rows: tuple[FormRow, ...] = ()


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row of a table that is there: its key, what it is called by what it holds, and what is asked of it."""

    key: str
    label: Argument
    fields: tuple[FormField, ...]


@dataclass(frozen=True, slots=True)
class StepForm:
    """What a step asks for, given what has been said so far; and, before anything is sent, who will read it.

    faults: what is wrong with the values so far; what is missing is not among them.
    """

    process: str
    reference: str | None
    step: str
    label: Words
    help: Words | None
    guides: tuple[Words, ...]
    fields: tuple[FormField, ...]
    warnings: tuple[Sentence, ...]
    may_read: tuple[Words, ...]
    manager: str | None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of a case as the caller stands to it: open, or the sentences why not.

    headings: what is written by this step, when it is one that writes entries (`hjul note`): key and label.
    """

    step: str
    label: Words
    open: bool
    why_not: tuple[Sentence, ...]
    by: tuple[Words | Sentence, ...]
    asks: tuple[FormField, ...]
    expected: bool
    help: Words | None = None
    headings: tuple[tuple[str, Words], ...] = ()


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A case that a step opened."""

    reference: str
    process: str
    label: Words


@dataclass(frozen=True, slots=True)
class AlsoMoved:
    """A case that moved by itself because of a step."""

    reference: str
    step: str
    step_label: Words
    state: str
    state_label: Words


@dataclass(frozen=True, slots=True)
class StepResult:
    """What a command did. `repeated` when it was a retry of one that had been done."""

    reference: str
    process: str
    step: str | None
    step_label: Words | None
    from_state: str
    state: str
    state_label: Words
    seq: int
    opened: tuple[OpenedCase, ...] = ()
    also: tuple[AlsoMoved, ...] = ()
    warnings: tuple[Sentence, ...] = ()
    guides: tuple[Words, ...] = ()
    repeated: bool = False
    next: tuple[TaskView, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldView:
    """A value of a case, as it is and as it is said. `removed` when the event took it away or it was erased."""

    field: str
    label: Words
    type: str
    value: Any
    said: Argument
    removed: bool = False


@dataclass(frozen=True, slots=True)
class TableView:
    """A table of a case: its columns with labels, and its rows by key."""

    field: str
    label: Words
    columns: tuple[tuple[str, Words], ...]
    rows: tuple[tuple[str, tuple[FieldView, ...]], ...]


@dataclass(frozen=True, slots=True)
class EntryView:
    """A dated, signed note. `step` is the step that wrote it, when nobody wrote it by hand: it is its source."""

    seq: int
    heading: str
    heading_label: Words
    text: str | None
    source: str | None
    judgement: bool
    corrects: int | None
    corrected_by: int | None
    person: PersonView
    recorded_at: str
    occurred_at: str
    step: Words | None = None


@dataclass(frozen=True, slots=True)
class FileView:
    """An attached file. `number` counts them within the case; what was erased has number and person alone."""

    number: int
    seq: int
    name: str | None
    media_type: str | None
    size: int | None
    sha256: str | None
    person: PersonView
    recorded_at: str


@dataclass(frozen=True, slots=True)
class KeptPaperView:
    """A paper kept in the case. `number` counts them within it; of an erased one size and SHA-256 are gone.

    paper: its key. template: SHA-256 of what it was written by. shows: seq of the last event that stands in it. others:
    the other cases that stand in it. content: SHA-256 of what it says, whatever its format and day.
    """

    number: int
    seq: int
    paper: str
    label: Words
    version: int
    template: str
    format: str
    language: str
    shows: int
    others: tuple[ShownCase, ...]
    size: int | None
    sha256: str | None
    content: str | None
    person: PersonView
    recorded_at: str


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """A deadline of a case.

    word: the law's own, where there is one; source: where it stands. due_at: the instant, when it is counted in hours.
    since: the day it began. days: how many days it has run, until it was settled. late: it is not, or was not, kept.
    remind_on: when one's own reminder comes, beside a duty without a day. held: somebody let it rest.
    of: the linked case in which time began ("" when the reader may not know of it); None when it began here.
    """

    key: str
    step: str
    label: Words
    kind: str
    due_on: date
    status: str
    overdue: bool
    working_days_left: int | None
    since: date
    days: int
    late: bool
    word: Words | None = None
    source: str | None = None
    due_at: str | None = None
    settled_on: date | None = None
    remind_on: date | None = None
    held: bool = False
    of: str | None = None


@dataclass(frozen=True, slots=True)
class DeadlineChange:
    """What an event did with a deadline that was there: its days before and after, and how it stands."""

    key: str
    label: Words
    before: date
    after: date
    status: str


@dataclass(frozen=True, slots=True)
class LinkView:
    """A connected case; title, status and seq only when the caller may see it."""

    kind: str
    label: Words
    reference: str
    row: str
    title: Words | None
    state: str | None
    state_label: Words | None
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as the caller may see it. At the level of the envelope, fields hold only what they themselves sent.

    newest_version: of the rules in force, when the case has others: to its end, or (`adopts`) till its next event.
    origin: the plan that opened it, when nobody did by hand.
    """

    reference: str
    process: str
    process_label: Words
    version: int
    state: str
    state_label: Words
    is_open: bool
    unit: str
    unit_name: str
    title: Words
    opened_on: date
    happened_on: date | None
    reporter: PersonView
    assignee: PersonView | None
    marks: tuple[Words, ...]
    level: str
    own_report: bool
    seq: int
    fields: tuple[FieldView, ...]
    tables: tuple[TableView, ...]
    entries: tuple[EntryView, ...]
    files: tuple[FileView, ...]
    deadlines: tuple[DeadlineView, ...]
    links: tuple[LinkView, ...]
    steps: tuple[StepView, ...]
    tasks: tuple[TaskView, ...]
    training: bool
    newest_version: int | None = None
    adopts: bool = False
    origin: OriginView | None = None
    papers: tuple[KeptPaperView, ...] = ()


@dataclass(frozen=True, slots=True)
class OriginView:
    """The plan of the year wheel that opened a case: its key and name, and the day that the occasion is of."""

    schedule: str
    name: str
    on: str


@dataclass(frozen=True, slots=True)
class EventView:
    """A row of a case's history, as the caller may see it.

    assigned: who got the case, one without a code when it was given back to the role; None when it changed hands with
    nobody. moved_to: the name of the unit it came to. connected: by what kind of link to which case.
    follows: the case in which something happened that moved a deadline here; "" when the reader may not know of it.
    """

    seq: int
    kind: str
    step: str | None
    step_label: Words | None
    from_state: str | None
    to_state: str | None
    to_label: Words | None
    actor: PersonView
    occurred_at: str
    occurred_on: str
    recorded_at: str
    hash: str
    changes: tuple[FieldView, ...]
    comment: str | None
    reason: str | None
    entry: EntryView | None
    file: FileView | None
    opened: tuple[str, ...]
    links: tuple[str, ...]
    erased: bool
    assigned: PersonView | None = None
    moved_to: str | None = None
    connected: tuple[tuple[Words | None, str], ...] = ()
    timed: tuple[DeadlineChange, ...] = ()
    paper: KeptPaperView | None = None
    follows: str | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """A published definition; `unchanged` when the newest published one says the same."""

    process: str
    label: Words
    version: int
    hash: str
    unchanged: bool
    warnings: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class ProcessRow:
    """A published process in the list of them. keep_older: how many open cases keep the rules of an older version."""

    process: str
    label: Words
    version: int
    hash: str
    published_at: str
    open_cases: int
    keep_older: int = 0


@dataclass(frozen=True, slots=True)
class ParameterView:
    """A parameter: what may be set, what it is set to, where the default comes from."""

    name: str
    label: Words
    type: str
    value: Any
    default: Any
    changed: bool
    source: str | None


@dataclass(frozen=True, slots=True)
class MustView:
    """What the law demands of a process, and no municipality may set differently."""

    name: str
    label: Words
    source: str


@dataclass(frozen=True, slots=True)
class DraftView:
    """What somebody typed and has not taken; seen by its owner only."""

    id: int
    process: str
    reference: str | None
    step: str
    label: Words
    fields: int
    created_at: str
    changed_at: str


@dataclass(frozen=True, slots=True)
class ProblemView:
    """A problem of a definition with its place (line and column from 1; 0 when it was not read from a file)."""

    file: str
    line: int
    column: int
    message: Sentence
    hint: Sentence | None
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class InitResult:
    """What `init` did.

    tables: from which revision to which its tables were brought, None when they were right already. before: process ->
    the version that was published before. has_units: whether there is an organisation beyond its top.
    """

    created: bool
    database: str
    training: bool
    processes: tuple[Published, ...]
    administrator: str | None
    tables: tuple[str, str] | None = None
    before: Mapping[str, int] = field(default_factory=dict)
    has_units: bool = False


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What `demo` made, and what to try next: commands with why."""

    database: str
    units: int
    persons: int
    cases: int
    tries: tuple[tuple[str, Words], ...]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that `doctor` looked at: what it found, whether it is right, the command that mends it."""

    key: str
    label: Sentence
    value: Any
    ok: bool
    mend: str | None = None


@dataclass(frozen=True, slots=True)
class DoctorReport:
    """Everything that `doctor` looked at."""

    rows: tuple[Check, ...]
