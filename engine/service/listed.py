"""The rows of lists as use cases give them: tasks, cases, settings.

Apart from other results, so that lists start quickly. Values only; they must not know how they are shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.language.sentence import Sentence, Words


@dataclass(frozen=True, slots=True)
class TaskView:
    """What somebody should do now. working_days_left is negative when it is late; None without a deadline.

    days_gone: how many days a duty without a day (`lag_skyndsamt`) has run; None for the others. word: the law's own
    for it, where its definition says it.
    person is a code; so is assignee; person_name and assignee_name are names, where known.
    """

    reference: str
    process: str
    step: str
    step_label: Words
    role: str | None
    role_label: Words | None
    person: str | None
    assignee: str | None
    due_on: date | None
    due_kind: str | None
    overdue: bool
    working_days_left: int | None
    title: Words
    unit: str
    unit_name: str
    since: str
    person_name: str | None = None
    assignee_name: str | None = None
    days_gone: int | None = None
    word: Words | None = None


@dataclass(frozen=True, slots=True)
class NoticeView:
    """What somebody should know without there being a step: what is said, since when, of which case.

    due_on: the day that it goes by among what is to be done; overdue: that day was promised and has been. working_days:
    until it, negative when it is past. to_do: what should be done, in a few words; about: with what; role_label: of
    whom.
    """

    kind: str
    text: Sentence
    since: date
    reference: str | None
    due_on: date
    overdue: bool
    working_days: int
    to_do: Sentence
    about: Sentence
    role_label: Words


@dataclass(frozen=True, slots=True)
class TaskPage:
    """A page of tasks. `next` asks for the page after it. `notices` are on the first page, the most urgent first."""

    rows: tuple[TaskView, ...]
    total: int | None
    next: str | None
    notices: tuple[NoticeView, ...] = ()

    @property
    def merged(self) -> tuple[TaskView | NoticeView, ...]:
        """Tasks and notices together, the most urgent first; of one day the notices first."""
        both: list[TaskView | NoticeView] = [*self.notices, *self.rows]
        return tuple(sorted(both, key=lambda one: one.due_on or date.max))


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in a list."""

    reference: str
    process: str
    process_label: Words
    title: Words
    state: str
    state_label: Words
    unit: str
    unit_name: str
    opened_on: date
    happened_on: date | None
    is_open: bool
    level: str
    assignee: str | None


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected in a case, of whom (a role or a person) and when."""

    step: str
    step_label: Words
    who: Words | str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Feedback:
    """What has become of a case that somebody reported: what waits for whom, and the cases it is linked to."""

    expected: tuple[Expected, ...]
    linked: tuple[tuple[str, Words], ...]


@dataclass(frozen=True, slots=True)
class CasePage:
    """A page of cases; `hidden` is how many more the caller may not read, `more_hidden` that they are more."""

    rows: tuple[CaseRow, ...]
    hidden: int
    next: str | None
    more_hidden: bool = False


@dataclass(frozen=True, slots=True)
class SettingView:
    """A setting of the installation: `takes` is what it may hold, `is_set` whether somebody has set it."""

    key: str
    label: Words
    value: str
    default: str
    takes: Sentence
    help: Words | None
    is_set: bool
