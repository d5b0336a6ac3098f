"""Periods of time, and on which day (or at which instant) one that has begun is over.

Lag (1930:173) 1 §: a time of weeks, months or years ends on the day that by its weekday or its number in the
month corresponds to the day it began; if the month has no such day, on the month's last. 2 §: when the
last day to do something is no working day, it may be done on the next. The day a time begins is not counted.
This module must not know cases, fields or the clock.
"""

import calendar as months
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Literal, Self, TypeAlias

from engine.calendar.workday import STATUTORY, Calendar
from engine.errors import (
    CalendarRangeError,
    NaiveTimeError,
    PeriodError,
    PeriodRangeError,
    PeriodUnitError,
    UndatedDeadlineError,
)
from engine.language.sentence import Words

DeadlineKind: TypeAlias = Literal["lag_datum", "lag_villkor", "lag_skyndsamt", "lokal"]


class Unit(StrEnum):
    """What a period is counted in."""

    HOUR = "hour"
    WORKING_DAY = "working day"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


MOST: Final = MappingProxyType(
    {
        Unit.HOUR: 10_000,
        Unit.WORKING_DAY: 2_500,
        Unit.DAY: 36_525,
        Unit.WEEK: 5_218,
        Unit.MONTH: 1_200,
        Unit.YEAR: 100,
    }
)
"""The most of each unit: a hundred years, ten of working days, one of hours. More is a slip of the pen."""

_NAMES: Final = MappingProxyType(
    {
        Unit.HOUR: (Words("timme", "hour"), Words("timmar", "hours")),
        Unit.WORKING_DAY: (Words("arbetsdag", "working day"), Words("arbetsdagar", "working days")),
        Unit.DAY: (Words("dag", "day"), Words("dagar", "days")),
        Unit.WEEK: (Words("vecka", "week"), Words("veckor", "weeks")),
        Unit.MONTH: (Words("månad", "month"), Words("månader", "months")),
        Unit.YEAR: (Words("år", "year"), Words("år", "years")),
    }
)
_UNITS: Final = MappingProxyType(
    {text: unit for unit, names in _NAMES.items() for name in names for text in (name.sv, name.en)}
)
_WRITTEN: Final = re.compile(r"([0-9]{1,9}) ([^0-9]+)")


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time as people and statutes state it, such as five working days.

    Raises:
        PeriodRangeError: The count is negative, or more than `MOST` of its unit.
    """

    count: int
    unit: Unit

    def __post_init__(self) -> None:
        if not 0 <= self.count <= MOST[self.unit]:
            raise PeriodRangeError(self.count, self.unit, MOST[self.unit])

    @classmethod
    def parse(cls, text: object) -> Self:
        """Read a period in one of `FORMS`, in either language.

        Raises:
            PeriodError: The text has none of the forms.
            PeriodRangeError: It has, with an absurd number.
        """
        if not isinstance(text, str):
            raise PeriodError(str(text)[:80], FORMS)
        found = _WRITTEN.fullmatch(" ".join(unicodedata.normalize("NFC", text).lower().split()))
        unit = _UNITS.get(found[2]) if found else None
        if not found or not unit:
            raise PeriodError(text[:80], FORMS)
        return cls(int(found[1]), unit)

    @property
    def words(self) -> Words:
        """The period as a reader of either language sees it."""
        name = _NAMES[self.unit][self.count != 1]
        return Words(f"{self.count} {name.sv}", f"{self.count} {name.en}")

    def __str__(self) -> str:
        """The one form that is kept and hashed: the English."""
        return self.words.en


FORMS: Final = tuple(
    Period(count, unit).words
    for count, unit in (
        (24, Unit.HOUR),
        (5, Unit.WORKING_DAY),
        (30, Unit.DAY),
        (2, Unit.WEEK),
        (2, Unit.MONTH),
        (1, Unit.YEAR),
    )
)
"""An example of each form that `Period.parse` reads."""


@dataclass(frozen=True, slots=True)
class Due:
    """The last day of a deadline.

    Attributes:
        day: The last day.
        moved_by: How many days lag (1930:173) 2 § moved it; then it is said beside the day.
    """

    day: date
    moved_by: int = 0


def due_on(start: date, period: Period, kind: DeadlineKind, calendar: Calendar) -> Due:
    """Return the last day of a period that began on a day.

    Args:
        start: The day the period began; not counted.
        period: Its length, in days or longer.
        kind: `lag_datum` moves to the law's next working day; `lag_villkor` decides whether a duty arises
            and `lokal` is one's own promise: they do not move.
        calendar: The authority's working days. A statutory deadline counts by the law's, whatever is closed.

    Raises:
        UndatedDeadlineError: The kind is `lag_skyndsamt`, which has no date.
        PeriodUnitError: The period is in hours; see `due_at`.
        CalendarRangeError: The last day is beyond the calendar.
    """
    if isinstance(start, datetime):
        raise TypeError("a day, not an instant: which day it is depends on the zone")
    if kind == "lag_skyndsamt":
        raise UndatedDeadlineError(kind)
    day = _add(start, period, calendar if kind == "lokal" else STATUTORY)
    if kind != "lag_datum":
        return Due(day)
    moved = STATUTORY.next_working_day(day)
    return Due(moved, (moved - day).days)


def due_at(start: datetime, period: Period) -> datetime:
    """Return the instant, in UTC, at which a period in hours that began at an instant is over.

    Raises:
        NaiveTimeError: The start does not say its offset from UTC.
        PeriodUnitError: The period is not in hours; see `due_on`.
        CalendarRangeError: The instant is beyond year 9999.
    """
    if start.tzinfo is None:
        raise NaiveTimeError(start.isoformat())
    if period.unit is not Unit.HOUR:
        raise PeriodUnitError(str(period))
    try:
        return start.astimezone(UTC) + timedelta(hours=period.count)
    except OverflowError:
        raise CalendarRangeError(start.year, date.min.year, date.max.year) from None


def _add(start: date, period: Period, calendar: Calendar) -> date:
    try:
        match period.unit:
            case Unit.WORKING_DAY:
                return calendar.add_working_days(start, period.count)
            case Unit.DAY:
                return start + timedelta(days=period.count)
            case Unit.WEEK:
                return start + timedelta(weeks=period.count)
            case Unit.MONTH:
                return _add_months(start, period.count)
            case Unit.YEAR:
                return _add_months(start, 12 * period.count)
            case Unit.HOUR:
                raise PeriodUnitError(str(period))
    except OverflowError:
        raise CalendarRangeError(start.year, date.min.year, date.max.year) from None


def _add_months(start: date, count: int) -> date:
    years, month = divmod(start.month - 1 + count, 12)
    year = start.year + years
    if year > date.max.year:
        raise CalendarRangeError(year, date.min.year, date.max.year)
    return date(year, month + 1, min(start.day, months.monthrange(year, month + 1)[1]))
