"""Deadlines of which somebody is to be reminded, and the reminders, each once.

`next_on` of a deadline is the day of its next reminder: "" until it is planned, which every event of the deadline makes
it again. So what is due is found by one index. It must not know whom to remind, nor when.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, func, literal_column, select, tuple_, update

from engine.language.sentence import Words
from engine.store.database import Session
from engine.store.listing import label_of, words
from engine.store.statement import DialectName, Statement
from engine.store.tables import cases, deadlines, labels, outbox, streams, tasks

if TYPE_CHECKING:
    from sqlalchemy.sql import ClauseElement

NEVER: Final = "9999-12-31"


@dataclass(frozen=True, slots=True)
class Due:
    """An open deadline whose reminder is due. `next_on` "": none is planned yet."""

    case_id: int
    key: str
    step: str
    step_label: Words
    kind: str
    due_on: str
    alert_on: str | None
    next_on: str
    reference: str
    seq: int
    unit: str
    assignee: str | None
    definition: str

    @property
    def place(self) -> tuple[str, int, str]:
        """Where to go on behind it."""
        return self.next_on, self.case_id, self.key


@dataclass(frozen=True, slots=True)
class ToDo:
    """Whose it is to do: a role, or a person, and who has taken it on."""

    role: str
    person: str
    assignee: str | None


@dataclass(frozen=True, slots=True)
class Reminder:
    """A message to a person, under a name that it has for ever, about a case as it stands (None: about none).

    It is sent for as long as what it stands for does: a deadline that is open and alerts on that day, or a notice.
    """

    key: str
    case_id: int | None
    seq: int | None
    person: str
    unit: str
    text: Words
    deadline: str | None = None
    alert_on: str | None = None
    notice: str | None = None


_OPEN: Final = deadlines.c.status == literal_column("'open'")  # as it stands in the index


def _due(name: DialectName) -> ClauseElement:
    from engine.store.tables import definitions  # noqa: PLC0415

    step = labels.alias("step_labels")
    found = (
        select(
            deadlines.c.case_id, deadlines.c.key, deadlines.c.step, step.c.sv, step.c.en, deadlines.c.kind,
            deadlines.c.due_on, deadlines.c.alert_on, deadlines.c.next_on, streams.c.name, streams.c.seq,
            cases.c.unit, cases.c.assignee, definitions.c.hash,
        )
        .select_from(deadlines)
        .join(cases, cases.c.id == deadlines.c.case_id)
        .join(streams, streams.c.id == deadlines.c.case_id)
        .join(definitions, definitions.c.id == cases.c.definition_id)
        .outerjoin(step, label_of(step, "step", deadlines.c.step))
        .where(
            _OPEN,
            deadlines.c.next_on <= bindparam("today"),
            tuple_(deadlines.c.next_on, deadlines.c.case_id, deadlines.c.key)
            > tuple_(bindparam("next_on"), bindparam("case_id"), bindparam("key")),
        )
        .order_by(deadlines.c.next_on, deadlines.c.case_id, deadlines.c.key)
        .limit(bindparam("most"))
    )  # fmt: skip
    return found.with_for_update(of=deadlines, skip_locked=True) if name == "postgresql" else found


_DUE: Final = Statement(_due)
_COUNT: Final = Statement(
    select(func.count()).select_from(deadlines).where(_OPEN, deadlines.c.next_on <= bindparam("today"))
)
_TO_DO: Final = Statement(
    select(tasks.c.role, tasks.c.person, tasks.c.assignee)
    .where(tasks.c.case_id == bindparam("case_id"), tasks.c.step == bindparam("step"))
    .order_by(tasks.c.id)
)
_PLAN: Final = Statement(
    update(deadlines)
    .where(deadlines.c.case_id == bindparam("of_case"), deadlines.c.key == bindparam("of_key"))
    .values(next_on=bindparam("next_on"))
)


def _reminding(name: DialectName) -> ClauseElement:
    if name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert  # noqa: PLC0415
    else:
        from sqlalchemy.dialects.postgresql import insert  # type: ignore[assignment] # noqa: PLC0415
    columns = (
        "key", "case_id", "seq", "role", "person", "unit", "text_sv", "text_en", "created_at", "deadline", "alert_on",
        "notice",
    )  # fmt: skip
    row: dict[str, Any] = {column: bindparam(column) for column in columns}
    return insert(outbox).inline().values(row).on_conflict_do_nothing(index_elements=["key"])


_REMIND: Final = Statement(_reminding)


def count_due(session: Session, today: str) -> int:
    """How many deadlines have a reminder due by a day, or are to be planned."""
    row = session.one(_COUNT, {"today": today})
    return int(row[0]) if row is not None else 0


def list_due(session: Session, today: str, after: tuple[str, int, str], most: int) -> list[Due]:
    """Those that are due, in order, behind a place; on PostgreSQL none that another worker is at."""
    values = {"today": today, "next_on": after[0], "case_id": after[1], "key": after[2], "most": most}
    return [
        Due(row[0], row[1], row[2], words(row[2], row[3], row[4]), *row[5:])
        for row in session.all(_DUE, values)
    ]


def list_to_do(session: Session, due: Due) -> list[ToDo]:
    """Whose the step of a deadline is to do now."""
    return [ToDo(*row) for row in session.all(_TO_DO, {"case_id": due.case_id, "step": due.step})]


def plan(session: Session, plans: Sequence[tuple[Due, str]]) -> None:
    """Write when the next reminder of each comes."""
    session.run_many(
        _PLAN, [{"of_case": due.case_id, "of_key": due.key, "next_on": day} for due, day in plans]
    )


def remind(session: Session, reminders: Sequence[Reminder], now: str) -> None:
    """Put reminders in the outbox; those that are or were there stay as they are."""
    rows = [
        {
            "key": one.key, "case_id": one.case_id, "seq": one.seq, "role": "", "person": one.person,
            "unit": one.unit, "text_sv": one.text.sv, "text_en": one.text.en, "created_at": now,
            "deadline": one.deadline, "alert_on": one.alert_on, "notice": one.notice,
        }
        for one in reminders
    ]  # fmt: skip
    session.run_many(_REMIND, rows)
