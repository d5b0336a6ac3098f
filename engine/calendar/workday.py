"""Which days are working days in Sweden.

Not working days are Saturdays, Sundays, the public holidays of lag (1989:253) and midsommarafton, julafton
and nyårsafton: the days on which lag (1930:173) 2 § lets an act wait. An authority may be closed on further
days of its own; those count for its own promises, never for the law. This module must not know deadlines or
the clock.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from engine.calendar.holiday import list_holidays

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of one authority.

    Attributes:
        closed: Days on which the authority is closed beside those of the law, such as a klämdag.
    """

    closed: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Tell whether work is done on a day.

        Raises:
            CalendarRangeError: The day is before 1953 or after 2100.
        """
        if isinstance(day, datetime):
            raise TypeError("a day, not an instant: which day it is depends on the zone")
        holidays = list_holidays(day.year)
        return day.weekday() < 5 and day not in holidays and day not in self.closed

    def next_working_day(self, day: date) -> date:
        """Return the day itself when it is a working day, else the first one after it.

        Raises:
            CalendarRangeError: The way there leaves the years 1953 to 2100.
        """
        while not self.is_working_day(day):
            day += _DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """Return the working day that comes as number `count` after a day, which is not counted itself.

        Zero gives the day itself or the first working day after it; a negative number counts backwards.

        Raises:
            CalendarRangeError: The way there leaves the years 1953 to 2100.
        """
        if not count:
            return self.next_working_day(day)
        step = _DAY if count > 0 else -_DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_working_day(day):
                day += step
        return day

    def count_working_days(self, after: date, until: date) -> int:
        """Return how many working days come after one day, up to and with another; negative if it is past.

        Raises:
            CalendarRangeError: A day is before 1953 or after 2100.
        """
        if until < after:
            return -self.count_working_days(until, after)
        days = (after + timedelta(days=n) for n in range(1, (until - after).days + 1))
        return sum(map(self.is_working_day, days))


STATUTORY: Final = Calendar()
"""The law's own working days, which no authority's closed days change."""
