"""Counting a period from a day or an instant, and saying which rule moved the last day. It must not know any case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from engine.calendar.holiday import holiday_name
from engine.calendar.period import Period, Unit, due_at, due_on
from engine.calendar.workday import STATUTORY, Calendar
from engine.calendar.zone import format_instant, local_date, parse_instant
from engine.language.sentence import Words
from engine.service.moment import instant_of
from engine.service.setting import load_calendar
from engine.store.database import Database

LAW_SINCE: Final = date(2005, 1, 1)
"""From here the days of lag (1930:173) 2 § are those that are computed; before it they are today's rule, and the law
may have read otherwise (see `engine.calendar.holiday`)."""
_WEEKDAYS: Final = {5: Words("lördag", "Saturday"), 6: Words("söndag", "Sunday")}
_CLOSED: Final = Words("stängt", "closed")


@dataclass(frozen=True, slots=True)
class Counted:
    """The end of a period.

    Attributes:
        start: Where it began, a day or an instant (UTC).
        day: The last day.
        at: The instant at which it is over, of a period in hours.
        counted: The day that the period by itself ends on.
        over: The days that were passed over behind it, and what each is.
        claimed: Whether the law's present wording is known to hold on these days.
    """

    start: date | datetime
    period: Period
    kind: Literal["statutory", "working"]
    day: date
    at: str | None
    counted: date
    over: tuple[tuple[date, Words], ...]
    claimed: bool


@dataclass(slots=True)
class CountingService:
    """Counts periods."""

    database: Database
    zone: Callable[[], ZoneInfo]

    def due(self, start: str, period: str, kind: Literal["statutory", "working"] | None = None) -> Counted:
        """When a period is over that begins on a day, or at an instant.

        Args:
            start: A day, a time on the wall, or an instant with its offset.
            period: Such as "2 months" or "10 arbetsdagar".
            kind: By the law's own days (then the last day moves to the next working day), or by the days on which the
                office works. Working days are counted as the latter, everything else as the former.

        Raises:
            PeriodError: The text is no period.
            PeriodRangeError: It has an absurd number.
            CalendarRangeError: The end is beyond the calendar.
            MissingHourError: The clock was put forward past that time.
            DoubledHourError: The clock was put back, and the time was twice.
        """
        length, zone = Period.parse(period), self.zone()
        chosen = kind or ("working" if length.unit is Unit.WORKING_DAY else "statutory")
        begun = _begun(start, zone)
        first = local_date(begun, zone) if isinstance(begun, datetime) else begun
        with self.database.read() as session:
            calendar = load_calendar(session) if chosen == "working" else STATUTORY
        if length.unit is Unit.HOUR:
            at = due_at(parse_instant(instant_of(start, zone, day_at=datetime.min.time()) or start), length)
            ended = local_date(at, zone)
            return Counted(begun, length, chosen, ended, format_instant(at), ended, (), claimed=True)
        counted = due_on(first, length, "lokal" if chosen == "working" else "lag_villkor", calendar).day
        day = calendar.next_working_day(counted)
        over = tuple((one, _what(one, calendar)) for one in _days(counted, day))
        return Counted(begun, length, chosen, day, None, counted, over, claimed=first >= LAW_SINCE)


def _begun(start: str, zone: ZoneInfo) -> date | datetime:
    """The day, or the instant."""
    if len(start) == 10:
        return date.fromisoformat(start)
    return parse_instant(instant_of(start, zone) or start)


def _days(first: date, before: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((before - first).days)]


def _what(day: date, calendar: Calendar) -> Words:
    """Why nothing is done on a day: the holiday's name goes before the weekday's."""
    found = holiday_name(day) or _WEEKDAYS.get(day.weekday())
    return found or (_CLOSED if day in calendar.closed else Words("", ""))
