"""The year wheel as it is read: plans with their next day, and what was planned against what was done.

Everybody registered sees what is planned and what became of it; the reference of a case only who may see the case. It
must not know how plans are changed, nor how the wheel is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from engine.calendar.recurrence import LAST_YEAR
from engine.calendar.workday import Calendar
from engine.calendar.zone import local_date, parse_instant
from engine.cases.access import SYSTEM, AccessRule
from engine.cases.decision import Actor
from engine.cases.organisation import UnitTree
from engine.cases.schedule import Plan, Schedule
from engine.errors import CalendarRangeError, UnknownScheduleError
from engine.language.naming import nearest_key
from engine.language.sentence import Words
from engine.service.occasion import Occasion, Status, Wheel, Year, count
from engine.store import reading
from engine.store.access_rule import load_process_rules
from engine.store.database import Database, Session
from engine.store.organisation import read_viewer
from engine.store.schedule import load_opened, load_schedules, load_trees

FIRST_YEAR: Final = 1953
"""The calendar knows no year before this."""


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """A plan in the list: what it is now, how the year stands, and its next day.

    Attributes:
        key: Its code.
        plan: What is planned now, or was last.
        process_label: What its process is called; None when it is not published.
        units: The units of today.
        counts: How many occasions of the year there are of each status.
        next_on: The next day that something is due and nothing is done; None when there is none this year or next.
        ended_on: Its last day, when it has one.
        changes: From which days it holds otherwise.
    """

    key: str
    plan: Plan
    process_label: Words | None
    units: tuple[str, ...]
    counts: Mapping[Status, int]
    next_on: str | None
    ended_on: str | None
    changes: tuple[str, ...]


@dataclass(slots=True)
class WheelService:
    """Reads the year wheel. `actor` says who asks."""

    database: Database
    actor: Callable[[], Actor]
    clock: Callable[[], str]
    zone: ZoneInfo
    calendar: Callable[[Session], Calendar]
    training: Callable[[], bool]

    def list(self, year: int | None = None, *, ended: bool = False) -> tuple[ScheduleRow, ...]:
        """The plans, by name, with how the year (this one) stands.

        Args:
            year: Which year.
            ended: Those too whose last day has been.

        Raises:
            CalendarRangeError: The calendar does not know the year.
            StorageError: The database cannot be read.
        """
        today = self._today()
        wanted = _known_year(year or today.year)
        with self.database.snapshot() as session:
            schedules, wheel = self._load(session, today, (wanted, today.year + 1))
            labels = {one.process: one.label for one in reading.list_definitions(session) if one.is_current}
        rows = [
            _row(schedule, wheel, wanted, labels)
            for schedule in schedules.values()
            if ended or not schedule.is_ended(today.isoformat())
        ]
        return tuple(sorted(rows, key=lambda row: (row.plan.name.casefold(), row.key)))

    def show(self, key: str, year: int | None = None) -> tuple[ScheduleRow, tuple[Occasion, ...]]:
        """A plan, and its occasions of a year (this one).

        Raises:
            UnknownScheduleError: There is no such plan.
            StorageError: The database cannot be read.
        """
        found = self.year(year, schedule=key)
        return next(row for row in self.list(year, ended=True) if row.key == key), found.occasions

    def year(self, year: int | None = None, *, schedule: str | None = None, unit: str | None = None) -> Year:
        """What was planned in a year (this one) and what became of it; of one plan, of a unit and those below it.

        Raises:
            UnknownScheduleError: There is no such plan.
            UnknownUnitError: There is no such unit.
            CalendarRangeError: The calendar does not know the year.
            StorageError: The database cannot be read.
        """
        today = self._today()
        wanted = _known_year(year or today.year)
        with self.database.snapshot() as session:
            schedules, wheel = self._load(session, today, (wanted,))
        if schedule is not None and schedule not in schedules:
            raise UnknownScheduleError(schedule[:60], nearest_key(schedule, schedules))
        tree = wheel.trees.since[-1][1]
        inside = tree.below(tree.find(unit).code) if unit is not None else None
        chosen = [one for key, one in schedules.items() if schedule in (None, key)]
        found = [
            one
            for each in chosen
            for one in wheel.occasions(each, date(wanted, 1, 1), date(wanted, 12, 31))
            if inside is None or one.unit in inside
        ]
        found.sort(key=lambda one: (one.due_on, one.name.casefold(), one.schedule))
        there = {one.schedule for one in found}
        names = sorted(
            ((one.key, one.plan.name) for one in chosen if one.key in there),
            key=lambda each: (each[1].casefold(), each[0]),
        )
        return Year(wanted, tuple(found), _units(tree, found), tuple(names), today)

    def draw(self, year: Year, language: str) -> str:
        """A year as a picture (SVG)."""
        from engine.documents.wheel import draw  # noqa: PLC0415  tables need no picture
        from engine.service.picturing import picture_of  # noqa: PLC0415

        return draw(picture_of(year, language, training=self.training()))

    def counts(self, year: Year) -> Mapping[Status, int]:
        """How many occasions of a year there are of each status."""
        return count(year.occasions)

    def _load(
        self, session: Session, today: date, years: tuple[int, ...]
    ) -> tuple[dict[str, Schedule], Wheel]:
        start, end = f"{min(years) - 1}-11-01", f"{max(years) + 1}-03-01"
        schedules = load_schedules(session, (start, end))
        trees = load_trees(session, self._day_of)
        opened = load_opened(session, start, end)
        person = self.actor().person
        viewer = SYSTEM if person is None else read_viewer(session, person, today.isoformat())
        rule = AccessRule(viewer, trees.since[-1][1], load_process_rules(session) if opened else {})
        skippers = {taken.person for one in schedules.values() for taken in one.taken.values()} - {None}
        names = {one.code: one.name for one in reading.load_persons(session)} if skippers else {}
        calendar = self.calendar(session)
        return schedules, Wheel(trees, calendar, today, opened, rule.may_see, self._day_of, names)

    def _today(self) -> date:
        return local_date(parse_instant(self.clock()), self.zone)

    def _day_of(self, instant: str) -> str:
        return local_date(parse_instant(instant), self.zone).isoformat()


def _known_year(year: int) -> int:
    """The year, when the calendar knows it.

    Raises:
        CalendarRangeError: It does not.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise CalendarRangeError(year, FIRST_YEAR, LAST_YEAR)
    return year


def _row(schedule: Schedule, wheel: Wheel, year: int, labels: Mapping[str, Words]) -> ScheduleRow:
    today = wheel.today
    counted = wheel.count(schedule, date(year, 1, 1), date(year, 12, 31))
    plan = schedule.plan_on(today.isoformat())
    tree = wheel.trees.since[-1][1]
    return ScheduleRow(
        schedule.key, plan, labels.get(plan.process), plan.scope.pick(tree, today.isoformat()), counted,
        wheel.next_on(schedule, date(today.year + 1, 12, 31)), schedule.ended_on,
        tuple(one.from_on for one in schedule.plans[1:]),
    )  # fmt: skip


def _units(tree: UnitTree, occasions: list[Occasion]) -> tuple[tuple[str, str], ...]:
    there = {one.unit: one.unit_name for one in occasions}
    known = [(unit.code, unit.name) for _, unit in tree.walk() if unit.code in there]
    return (*known, *(each for each in there.items() if each[0] not in tree))
