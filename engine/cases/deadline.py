"""Deadlines of a case: started, paused, moved, recalculated, met, waived and ended (design.md section 6).

Computed once, when an event is decided, and written in it, so that replay needs no calendar. What a pause was is kept
as its first and last day, so that the day can be computed from scratch when a fact is corrected. It must not know the
clock: the day of the act is given.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from engine.calendar.period import Period, Unit, due_at, due_on
from engine.calendar.workday import Calendar
from engine.calendar.zone import format_instant, local_date, parse_instant
from engine.cases.case import Case
from engine.cases.event import Deadline
from engine.definition.condition import Base
from engine.definition.model import Due, Ground, Process
from engine.definition.value import Value, is_missing, is_unknown
from engine.definition.view import View

RUNNING = ("open", "paused")


@dataclass(frozen=True, slots=True)
class Act:
    """What an event did, as deadlines see it: the step, its instant and local day, the fields it wrote.

    corrects: whether it corrected what was said before (amend), and is no act that time runs from. noted_at: when the
    log learnt of it, and noted_on that local day.
    """

    step: str | None
    at: str
    on: str
    fields: frozenset[str]
    corrects: bool = False
    noted_at: str = ""
    noted_on: str = ""


@dataclass(frozen=True, slots=True)
class Clockwork:
    """What days are computed with: the authority's working days and its zone."""

    calendar: Calendar
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Followed:
    """What happened that a deadline of a linked case runs from.

    of: the case in which time began. restarts: the act itself was done there, now. corrects: only what was said
    before was corrected.
    """

    of: str
    on: str
    restarts: bool
    corrects: bool


@dataclass(frozen=True, slots=True)
class Start:
    """When time began to run: the local day, and the instant."""

    on: str
    at: str


def changed_deadlines(
    process: Process, after: Case, act: Act, view: View, works: Clockwork
) -> tuple[Deadline, ...]:
    """The deadlines that the act starts or changes; those of `after` are as they were before it.

    A deadline starts when the step it counts from is taken or the field it counts from is written, and starts
    anew when that happens again. It is met by its step, paused with its remainder in the states that pause it,
    recalculated when a fact is corrected, and ended by a final state or a state from which its step can no longer
    be reached.
    """
    changed: dict[str, Deadline] = {}
    for key, step, due in process.deadlines:
        now = after.deadlines.get(key)
        found = _settled(now, step, act)
        if found is None:
            found = (
                _own_part(due, now, act, view)
                if due.elsewhere is not None
                else _corrected(key, step, due, now, after, act, view, works)
                if act.corrects
                else _started(key, step, due, now, after, act, view, works)
            )
        found = found or now
        if found is None:
            continue
        if found.status in RUNNING and not _can_be_met(process, after, step):
            found = now if now is not None and now.status == "ended" else _ended(found, act.on)
        found = _paused(found, due, after.state, act.on, works.calendar)
        if found != now:
            changed[key] = found
    return tuple(changed.values())


def pause(deadline: Deadline, due: Due, on: str, calendar: Calendar) -> Deadline:
    """An open deadline stands still from a day; what is left is kept."""
    left = _left(due.period, date.fromisoformat(on), deadline.due_on, calendar)
    return replace(deadline, status="paused", remaining=left, pauses=(*deadline.pauses, (on, "")))


def resume(deadline: Deadline, due: Due, on: str, calendar: Calendar) -> Deadline:
    """A paused deadline runs again from a day, with what was left."""
    day = _resumed(due.period, date.fromisoformat(on), deadline.remaining or 0, calendar)
    spells = (*deadline.pauses[:-1], (deadline.pauses[-1][0], on)) if deadline.pauses else ()
    moved = replace(
        deadline, status="open", remaining=None, due_on=day.isoformat(), pauses=spells, held=False
    )
    return replace(moved, due_at=_moved(deadline, day))


def waive(deadline: Deadline, on: str) -> Deadline:
    """A deadline that shall not be kept after all."""
    return replace(_ended(deadline, on), status="waived")


def days_of(due: Due, start: Start, pauses: tuple[tuple[str, str], ...], works: Clockwork) -> Deadline:
    """The days of a deadline computed from scratch: when time began, and when it stood still. Its key is empty."""
    made = Deadline("", "", due.kind, due_on=start.on, since=start.on)
    if due.kind == "lag_skyndsamt":
        reminder = due_on(date.fromisoformat(start.on), due.period, "lokal", works.calendar).day if (
            due.period.count and due.period.unit is not Unit.HOUR
        ) else None  # fmt: skip
        return replace(made, remind_on=reminder.isoformat() if reminder else None)
    if due.period.unit is Unit.HOUR:
        instant = due_at(parse_instant(start.at), due.period)
        made = replace(
            made, due_on=local_date(instant, works.zone).isoformat(), due_at=format_instant(instant)
        )
    elif due.period.count:
        last = due_on(date.fromisoformat(start.on), due.period, due.kind, works.calendar).day
        made = replace(made, due_on=last.isoformat())
    for begun, ended in pauses:
        if not ended or ended > start.on or begun >= start.on:
            made = pause(made, due, max(begun, start.on), works.calendar)
            made = resume(made, due, ended, works.calendar) if ended else made
    return made


def ground_of(due: Due, view: View, since: str) -> Ground | None:
    """The ground that holds for a deadline which began on a day: the first in force then whose condition holds."""
    for ground in due.grounds:
        source = ground.source
        if source is not None and source.valid_from is not None and since < source.valid_from.isoformat():
            continue
        if source is not None and source.valid_to is not None and since > source.valid_to.isoformat():
            continue
        if ground.when is None or ground.when.test(view) is True:
            return ground
    return None


# --- by what happens


def _settled(now: Deadline | None, step: str, act: Act) -> Deadline | None:
    if now is not None and act.step == step and now.status in RUNNING:
        return replace(now, status="met", settled_on=act.on, remaining=None, held=False)
    return None


def _started(
    key: str, step: str, due: Due, now: Deadline | None, after: Case, act: Act, view: View, works: Clockwork
) -> Deadline | None:  # fmt: skip
    if due.start not in act.fields and act.step != due.start:
        return None
    taken = Start(act.on, act.at) if due.counts == "done" else Start(act.noted_on, act.noted_at)
    start = taken if act.step == due.start else read_start(after.value(due.start), works.zone)
    if start is None:
        return _ended(now, act.on) if now is not None and now.status == "open" else None
    if due.when is not None and due.when.test(view) is not True:
        return _ended(now, act.on) if now is not None and now.status in RUNNING else None
    return _made(key, step, due, start, (), view, works)


def _corrected(
    key: str, step: str, due: Due, now: Deadline | None, after: Case, act: Act, view: View, works: Clockwork
) -> Deadline | None:  # fmt: skip
    """What a correction makes of a deadline: as if it had been right from the start."""
    counted = due.start in act.fields
    asked = due.when is not None and bool(_read_by(due.when) & act.fields)
    grounded = any(ground.when is not None and _read_by(ground.when) & act.fields for ground in due.grounds)
    if not (counted or asked or grounded) or (now is not None and now.status == "waived"):
        return None
    start = _origin(due, after, works.zone) if due.counts == "done" else _noted(due, now, after, act)
    if start is None or ((counted or asked) and due.when is not None and due.when.test(view) is not True):
        return _ended(now, act.on) if now is not None and now.status in RUNNING else None
    if now is None or (now.status == "ended" and (counted or asked)):
        made = _made(key, step, due, start, (), view, works)
        taken = after.taken.get(step)
        if taken is not None and (due.start not in after.taken or taken.last_at >= start.at):
            return replace(made, status="met", settled_on=taken.last_on, remaining=None)
        return made
    if not counted:
        return replace(now, ground=_key(ground_of(due, view, now.since)))
    made = _made(key, step, due, start, now.pauses, view, works)
    remaining = made.remaining if now.status == "paused" else None
    return replace(made, status=now.status, settled_on=now.settled_on, held=now.held, remaining=remaining)


def _own_part(due: Due, now: Deadline | None, act: Act, view: View) -> Deadline | None:
    """What a correction of the own case makes of a deadline that runs from another: its day is not touched."""
    if now is None or not act.corrects or now.status == "waived":
        return None
    if due.when is not None and _read_by(due.when) & act.fields and due.when.test(view) is not True:
        return _ended(now, act.on) if now.status in RUNNING else None
    if any(ground.when is not None and _read_by(ground.when) & act.fields for ground in due.grounds):
        return replace(now, ground=_key(ground_of(due, view, now.since)))
    return None


def followed(
    process: Process, wanted: tuple[str, str, Due], after: Case, origin: Start | None, change: Followed, view: View,
    works: Clockwork,
) -> Deadline | None:  # fmt: skip
    """A deadline as what happened in a linked case makes it; None when it stays as it is.

    Args:
        process: The process of the case that has it.
        wanted: The deadline: its key, its step, what the definition says of it.
        after: The case that has it, as it is now.
        origin: When time began, by the linked cases as they are now; None when it has not.
        change: What happened.
        view: The case, for conditions.
        works: What days are computed with.
    """
    key, step, due = wanted
    now = after.deadlines.get(key)
    if origin is None:
        return _ended(now, change.on) if now is not None and now.status in RUNNING else None
    if now is not None and change.corrects and now.status == "waived":
        return None
    if due.when is not None and due.when.test(view) is not True:
        return (
            _ended(now, change.on) if change.restarts and now is not None and now.status in RUNNING else None
        )
    if not _can_be_met(process, after, step):
        return None
    made = replace(_made(key, step, due, origin, (), view, works), of=change.of)
    if now is not None and not change.restarts and now.status != "ended":
        if not change.corrects and (now.of, now.since) == (made.of, made.since):
            return None
        spells = replace(_made(key, step, due, origin, now.pauses, view, works), of=change.of)
        remaining = spells.remaining if now.status == "paused" else None
        return replace(
            spells, status=now.status, settled_on=now.settled_on, held=now.held, remaining=remaining
        )
    taken = after.taken.get(step)
    if taken is not None and taken.last_at >= origin.at:
        return replace(made, status="met", settled_on=taken.last_on, remaining=None)
    return _paused(made, due, after.state, change.on, works.calendar)


def _made(
    key: str, step: str, due: Due, start: Start, pauses: tuple[tuple[str, str], ...], view: View, works: Clockwork
) -> Deadline:  # fmt: skip
    made = days_of(due, start, pauses, works)
    return replace(made, key=key, step=step, ground=_key(ground_of(due, view, start.on)))


def _key(ground: Ground | None) -> str | None:
    return ground.name if ground is not None else None


def _ended(deadline: Deadline, on: str) -> Deadline:
    return replace(deadline, status="ended", settled_on=on, remaining=None, held=False)


def _can_be_met(process: Process, after: Case, step: str) -> bool:
    return not process.states[after.state].final and step in process.reach[after.state]


def _paused(found: Deadline, due: Due, state: str, on: str, calendar: Calendar) -> Deadline:
    if found.status == "open" and state in due.pauses_in:
        return pause(found, due, on, calendar)
    if found.status == "paused" and state not in due.pauses_in and not found.held:
        return resume(found, due, on, calendar)
    return found


# --- when time began


def _origin(due: Due, after: Case, zone: ZoneInfo) -> Start | None:
    taken = after.taken.get(due.start)
    if taken is not None:
        return Start(taken.last_on, taken.last_at)
    return read_start(after.value(due.start), zone)


def _noted(due: Due, now: Deadline | None, after: Case, act: Act) -> Start | None:
    """When the log learnt of the step: what the deadline has kept, else the day of the correction that begins it."""
    if due.start not in after.taken:
        return None
    return Start(now.since, after.taken[due.start].last_at) if now else Start(act.noted_on, act.noted_at)


def read_start(value: Value, zone: ZoneInfo) -> Start | None:
    """The day and instant of a field; the last day of a period. A day alone begins at midnight."""
    if is_missing(value) or is_unknown(value):
        return None
    text = str(value.get("to") if isinstance(value, dict) else value)
    wall = (
        datetime.fromisoformat(text)
        if len(text) > 10
        else datetime.combine(date.fromisoformat(text), time(0))
    )
    instant = wall if wall.tzinfo is not None else wall.replace(tzinfo=zone)
    return Start(text[:10], format_instant(instant.astimezone(UTC)))


def _read_by(condition: Base) -> frozenset[str]:
    """The fields that a condition and its parts read."""
    found = {name.partition(".")[0] for name in condition.fields()}
    return frozenset(found).union(*(_read_by(part) for part in condition.parts()))


# --- how much is left


def _left(period: Period, on: date, last: str, calendar: Calendar) -> int:
    day = date.fromisoformat(last)
    if period.unit is Unit.WORKING_DAY:
        return calendar.count_working_days(on, day)
    return (day - on).days


def _resumed(period: Period, on: date, left: int, calendar: Calendar) -> date:
    if period.unit is Unit.WORKING_DAY:
        return calendar.add_working_days(on, left) if left else on
    return on + timedelta(days=left)


def _moved(deadline: Deadline, day: date) -> str | None:
    """The instant of a deadline in hours, moved by as many whole days as its day."""
    if deadline.due_at is None:
        return None
    days = (day - date.fromisoformat(deadline.due_on)).days
    return format_instant(parse_instant(deadline.due_at) + timedelta(days=days))
