"""Deadlines as people may see them: how long is left or has gone, what they rest on, what became of them.

Pure. It must not know the store.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from engine.calendar.workday import Calendar
from engine.cases.case import Case
from engine.cases.event import Deadline, Event
from engine.cases.view import words_of
from engine.definition.model import Due, Process
from engine.service.result import DeadlineChange, DeadlineView


def present_deadlines(
    process: Process, case: Case, today: date, calendar: Calendar, now: str = "", seen: Collection[str] = ()
) -> tuple[DeadlineView, ...]:
    """The deadlines of a case, the nearest first.

    now: the instant, for those that are counted in hours. seen: the linked cases that the reader may know of.
    """
    dues = {key: due for key, _, due in process.deadlines}
    found = [
        replace(
            _present_deadline(process, one, dues.get(one.key), today, calendar, now),
            of=one.of if one.of is None or one.of in seen else "",
        )
        for one in case.deadlines.values()
    ]
    return tuple(sorted(found, key=lambda one: (one.status != "open", one.due_on)))


def _present_deadline(
    process: Process, one: Deadline, due: Due | None, today: date, calendar: Calendar, now: str
) -> DeadlineView:
    day, since = date.fromisoformat(one.due_on), date.fromisoformat(one.since)
    settled = date.fromisoformat(one.settled_on) if one.settled_on else None
    is_open, has_day = one.status == "open", one.kind != "lag_skyndsamt"
    overdue = is_open and has_day and (day < today or (one.due_at is not None and one.due_at < now))
    ground = next((ground for ground in due.grounds if ground.name == one.ground), None) if due else None
    source = (ground.source if ground is not None else None) or (due.source if due is not None else None)
    return DeadlineView(
        key=one.key, step=one.step, label=words_of(process, one.step), kind=one.kind, due_on=day, status=one.status,
        overdue=overdue, working_days_left=days_left(today, day, calendar) if is_open and has_day else None,
        since=since, days=((settled or today) - since).days,
        late=overdue or (one.status == "met" and has_day and settled is not None and settled > day),
        word=(ground.word if ground is not None else None) or (due.word if due is not None else None),
        source=source.text if source is not None else None, due_at=one.due_at, settled_on=settled,
        remind_on=date.fromisoformat(one.remind_on) if one.remind_on else None, held=one.held,
    )  # fmt: skip


def deadline_changes(process: Process, events: Sequence[Event]) -> list[tuple[DeadlineChange, ...]]:
    """For each event of a case, what it did with the deadlines that were there: moved, paused, resumed, waived."""
    known: dict[str, Deadline] = {}
    found = []
    for event in events:
        moved = [
            DeadlineChange(
                one.key, words_of(process, one.step), date.fromisoformat(known.get(one.key, one).due_on),
                date.fromisoformat(one.due_on), one.status,
            )
            for one in event.deadlines
            if event.kind == "deadline" or (one.key in known and one.due_on != known[one.key].due_on)
        ]  # fmt: skip
        known |= {one.key: one for one in event.deadlines}
        found.append(tuple(moved))
    return found


def days_left(today: date, due: date, calendar: Calendar) -> int:
    """Working days from today until a day; negative when it is past."""
    return calendar.count_working_days(today, due)
