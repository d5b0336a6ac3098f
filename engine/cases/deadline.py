"""Deadlines of a case: started, paused, moved, met and ended by what an event did (design.md section 6).

Computed once, when the event is decided, and written in it, so that replay needs no calendar. It must not know the
clock: the day of the act is given.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from engine.calendar.period import Unit, due_at, due_on
from engine.calendar.workday import Calendar
from engine.calendar.zone import format_instant, parse_instant
from engine.cases.case import Case
from engine.cases.event import Deadline
from engine.definition.model import Due, Process
from engine.definition.value import is_missing, is_unknown
from engine.definition.view import View


@dataclass(frozen=True, slots=True)
class Act:
    """What an event did, as deadlines see it: the step, its instant and local day, the fields it wrote."""

    step: str | None
    at: str
    on: str
    fields: frozenset[str]


def changed_deadlines(
    process: Process, before: Case | None, after: Case, act: Act, view: View, calendar: Calendar
) -> tuple[Deadline, ...]:
    """The deadlines that the act starts or changes.

    A deadline starts when the step it counts from is taken or the field it counts from is written, and starts
    anew when that happens again. It is met by its step, paused with its remainder in the states that pause it,
    and ended by a final state or a state from which its step can no longer be reached.
    """
    changed: dict[str, Deadline] = {}
    running = before.deadlines if before else {}
    final = process.states[after.state].final
    for key, step, due in process.deadlines:
        now = running.get(key)
        found = (
            _settled(now, step, act)
            or _started(key, step, due, now, process, after, act, view, calendar)
            or now
        )
        if found is None:
            continue
        if found.status in ("open", "paused") and (final or step not in process.reach[after.state]):
            found = replace(found, status="ended", settled_on=act.on, remaining=None)
        found = _paused(found, due, after.state, act, calendar)
        if found != now:
            changed[key] = found
    return tuple(changed.values())


def _settled(now: Deadline | None, step: str, act: Act) -> Deadline | None:
    if now is not None and act.step == step and now.status in ("open", "paused"):
        return replace(now, status="met", settled_on=act.on, remaining=None)
    return None


def _started(  # noqa: PLR0913, PLR0917  the parts of one question
    key: str,
    step: str,
    due: Due,
    now: Deadline | None,
    process: Process,
    after: Case,
    act: Act,
    view: View,
    calendar: Calendar,
) -> Deadline | None:
    if due.from_ in process.steps:
        if act.step != due.from_:
            return None
        start_at, start_on = act.at, act.on
    else:
        if due.from_ not in act.fields:
            return None
        value = after.value(due.from_)
        if is_missing(value) or is_unknown(value):
            return replace(now, status="ended", settled_on=act.on) if now and now.status == "open" else None
        start_on = str(value.get("to") if isinstance(value, dict) else value)[:10]
        start_at = act.at
    if due.when is not None and due.when.test(view) is not True:
        return None
    day = _last_day(due, start_on, start_at, calendar)
    return Deadline(key, step, due.kind, due_on=day, since=start_on)


def _last_day(due: Due, start_on: str, start_at: str, calendar: Calendar) -> str:
    start = date.fromisoformat(start_on)
    if due.kind == "lag_skyndsamt":
        return start_on
    if due.period.unit is Unit.HOUR:
        return format_instant(due_at(parse_instant(start_at), due.period))[:10]
    if due.period.count == 0:
        return start_on
    return due_on(start, due.period, due.kind, calendar).day.isoformat()


def _paused(found: Deadline, due: Due, state: str, act: Act, calendar: Calendar) -> Deadline:
    on = date.fromisoformat(act.on)
    if found.status == "open" and state in due.pauses_in:
        return replace(found, status="paused", remaining=_left(due, on, found.due_on, calendar))
    if found.status == "paused" and state not in due.pauses_in:
        return replace(
            found, status="open", remaining=None, due_on=_resumed(due, on, found.remaining or 0, calendar)
        )
    return found


def _left(due: Due, on: date, last: str, calendar: Calendar) -> int:
    day = date.fromisoformat(last)
    if due.period.unit is Unit.WORKING_DAY:
        return calendar.count_working_days(on, day)
    return (day - on).days


def _resumed(due: Due, on: date, left: int, calendar: Calendar) -> str:
    if due.period.unit is Unit.WORKING_DAY:
        return (calendar.add_working_days(on, left) if left else on).isoformat()
    return (on + timedelta(days=left)).isoformat()
