"""Occasions of the year wheel: a plan, a unit, a day; computed, and joined with what became of them.

Which are to be opened depends on the plan, the organisation of the day and what was opened or skipped; never on when or
how often anybody looked. It must not know how a case is opened, nor who asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, TypeAlias

from engine.calendar.workday import Calendar
from engine.cases.decision import Actor, ForOccasion, OpenCase
from engine.cases.organisation import UnitTree
from engine.cases.schedule import Day, Schedule, Taken, Trees, units_of
from engine.language.sentence import Words
from engine.store.schedule import OpenedCase

Status: TypeAlias = Literal["planned", "open", "late", "done", "skipped", "missed", "undone"]
STATUSES: Final[tuple[Status, ...]] = ("missed", "late", "undone", "open", "planned", "skipped", "done")
"""What an occasion can be, the one that wants most attention first."""
CATCH_UP: Final = 366
"""So many days after its due day an occasion is still opened when nobody opened it; after that it is missed."""
_MOST_MOVED: Final = 31
"""No run of days that are not worked is longer."""


@dataclass(frozen=True, slots=True)
class Found:
    """An occasion that there is."""

    schedule: Schedule
    day: Day
    unit: str

    @property
    def key(self) -> tuple[str, str, str]:
        """The schedule, the day by the rule, and the unit."""
        return self.schedule.key, self.day.on.isoformat(), self.unit

    @property
    def place(self) -> str:
        """Where it stands in the order in which cases are opened."""
        return "/".join((self.day.opens_on.isoformat(), self.day.due_on.isoformat(), *self.key))


@dataclass(frozen=True, slots=True)
class Occasion:
    """An occasion as people see it.

    Attributes:
        schedule: Key of the plan.
        name: What the plan is called.
        unit: Code of the unit.
        unit_name: Its name.
        on: The day by the rule, ISO.
        due_on: The day it is due.
        opens_on: The day from which its case is opened.
        status: What became of it.
        was_late: Whether it was done after its day.
        reference: Its case, where the reader may see that.
        state: The status of its case.
        reason: Why it was skipped.
        person: Who skipped it, a code, and `person_name` what they are called.
        at: When it was opened or skipped.
    """

    schedule: str
    name: str
    unit: str
    unit_name: str
    on: str
    due_on: str
    opens_on: str
    status: Status
    was_late: bool = False
    reference: str | None = None
    state: Words | None = None
    reason: str = ""
    person: str | None = None
    person_name: str = ""
    at: str | None = None


def opening_of(found: Found) -> OpenCase:
    """The command that opens an occasion's case: always the same, so that it is done once."""
    day, plan = found.day, found.day.plan
    due_on = day.due_on.isoformat()
    values = dict(plan.values) | ({plan.day_field: due_on} if plan.day_field else {})
    key, on, unit = found.key
    return OpenCase(
        f"schedule:{key}:{unit}:{on}", Actor(None), process=plan.process, step=plan.step, unit=unit, values=values,
        occasion=ForOccasion(key, on, due_on),
    )  # fmt: skip


def to_open(
    schedules: Iterable[Schedule], trees: Trees, calendar: Calendar, today: date
) -> tuple[Found, ...]:
    """The occasions whose cases are to be opened today or should have been, in the order that they should.

    Args:
        schedules: With what became of their occasions since a year and two months.
        trees: The organisation through time.
        calendar: The authority's working days.
        today: The day.
    """
    tree, now = trees.since[-1][1], today.isoformat()
    waiting = [
        found
        for schedule in schedules
        for day in _days(schedule, today, calendar)
        for found in _units(schedule, day, trees, today)
        if schedule.taken_at(found.day.on.isoformat(), found.unit) is None and _exists(tree, found.unit, now)
    ]
    return tuple(sorted(waiting, key=lambda found: found.place))


def window(today: date) -> tuple[str, str]:
    """The days by the rule between which `to_open` may find something, as `load_schedules` takes them."""
    return (today - timedelta(days=CATCH_UP + _MOST_MOVED)).isoformat(), "9999-12-31"


def _days(schedule: Schedule, today: date, calendar: Calendar) -> Iterator[Day]:
    """The days of a schedule that are open and not too long ago."""
    lead = max(plan.opens_before for plan in schedule.plans)
    start = today - timedelta(days=CATCH_UP + _MOST_MOVED)
    for day in schedule.days(start, today + timedelta(days=lead + _MOST_MOVED), calendar):
        if day.opens_on <= today <= day.due_on + timedelta(days=CATCH_UP):
            yield day


def _units(schedule: Schedule, day: Day, trees: Trees, today: date) -> Iterator[Found]:
    return (Found(schedule, day, unit) for unit in units_of(day, trees, today))


def _exists(tree: UnitTree, code: str, day: str) -> bool:
    unit = tree.get(code)
    return unit is not None and unit.is_in_force(day)


@dataclass(frozen=True, slots=True)
class Year:
    """A year of the wheel: its occasions by day, and the units that have any, in the order of the organisation."""

    year: int
    occasions: tuple[Occasion, ...]
    units: tuple[tuple[str, str], ...]
    schedules: tuple[tuple[str, str], ...]
    today: date


@dataclass(frozen=True, slots=True)
class Wheel:
    """What is needed to say what occasions there are and what became of them.

    Attributes:
        trees: The organisation through time.
        calendar: The authority's working days.
        today: The day.
        opened: The cases that were opened, by reference.
        may_see: Whether the reader sees that a case exists.
        day_of: The local day of an instant.
        names: Person code -> name, of those who skipped.
    """

    trees: Trees
    calendar: Calendar
    today: date
    opened: Mapping[str, OpenedCase]
    may_see: Callable[[OpenedCase], bool]
    day_of: Callable[[str], str]
    names: Mapping[str, str]

    def occasions(self, schedule: Schedule, start: date, end: date) -> tuple[Occasion, ...]:
        """The occasions of a schedule that are due between two days, both included, by day and in order of units."""
        return tuple(sorted(map(self._seen, self._found(schedule, start, end)), key=lambda one: one.due_on))

    def count(self, schedule: Schedule, start: date, end: date) -> dict[Status, int]:
        """How many of them there are of each status."""
        return count_of(self._standing(found)[0] for found in self._found(schedule, start, end))

    def next_on(self, schedule: Schedule, end: date) -> str | None:
        """The first day from today to another that something is due and not done."""
        start = self.today - timedelta(days=_MOST_MOVED)
        for day in schedule.days(start, end, self.calendar):
            if self.today <= day.due_on <= end and any(
                self._standing(found)[0] in ("planned", "open")
                for found in _units(schedule, day, self.trees, self.today)
            ):
                return day.due_on.isoformat()
        return None

    def _found(self, schedule: Schedule, start: date, end: date) -> list[Found]:
        first, last = start - timedelta(days=_MOST_MOVED), end + timedelta(days=_MOST_MOVED)
        computed = [
            found
            for day in schedule.days(first, last, self.calendar)
            if start <= day.due_on <= end
            for found in _units(schedule, day, self.trees, self.today)
        ]
        there = {found.key[1:] for found in computed}
        gone = [
            Found(
                schedule,
                schedule.day_of(schedule.plan_on(on), date.fromisoformat(on), self.calendar),
                unit,
            )
            for (on, unit), taken in schedule.taken.items()
            if taken.status == "opened" and (on, unit) not in there
        ]
        return computed + [found for found in gone if start <= found.day.due_on <= end]

    def _standing(self, found: Found) -> tuple[Status, Taken | None, OpenedCase | None]:
        taken = found.schedule.taken_at(found.day.on.isoformat(), found.unit)
        case = self.opened.get(taken.reference) if taken is not None and taken.reference else None
        return self._status(found.day.due_on.isoformat(), taken, case), taken, case

    def _seen(self, found: Found) -> Occasion:
        day, unit = found.day, self.trees.since[-1][1].get(found.unit)
        status, taken, case = self._standing(found)
        due_on = day.due_on.isoformat()
        is_seen = case is not None and self.may_see(case)
        return Occasion(
            found.schedule.key, day.plan.name, found.unit, unit.name if unit else found.unit, day.on.isoformat(),
            due_on, day.opens_on.isoformat(), status,
            was_late=case is not None and status == "done" and self.day_of(case.settled_at) > due_on,
            reference=case.reference if case is not None and is_seen else None,
            state=case.state_label if case is not None and is_seen else None,
            reason=taken.reason if taken is not None else "", person=taken.person if taken is not None else None,
            person_name=self.names.get(taken.person or "", "") if taken is not None else "",
            at=taken.at if taken is not None else None,
        )  # fmt: skip

    def _status(self, due_on: str, taken: Taken | None, case: OpenedCase | None) -> Status:
        is_past = due_on < self.today.isoformat()
        if taken is None:
            return "missed" if is_past else "planned"
        if taken.status == "skipped":
            return "skipped"
        if case is not None and not case.is_open:
            return "undone" if case.undone else "done"
        return "late" if is_past else "open"


def count(occasions: Iterable[Occasion]) -> dict[Status, int]:
    """How many there are of each status."""
    return count_of(one.status for one in occasions)


def count_of(statuses: Iterable[Status]) -> dict[Status, int]:
    """How often each status is there."""
    found: dict[Status, int] = dict.fromkeys(STATUSES, 0)
    for status in statuses:
        found[status] += 1
    return found
