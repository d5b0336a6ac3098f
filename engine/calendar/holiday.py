"""Which days are holidays in Sweden, and what they are called.

Lag (1989:253) om allmänna helgdagar 1-2 §§ names the holidays and says when they fall. Lag (2004:1320), in
force on 1 April 2005 and so before either day fell that year, took in nationaldagen and took out annandag
pingst (prop. 2004/05:23). To these come the three eves that lag (1930:173) om beräkning av lagstadgad tid 2 §
and semesterlag (1977:480) 7 § treat alike: midsommarafton, julafton and nyårsafton.

Until 1990 the same days stood in scattered provisions (prop. 1988/89:114): första maj in lag (1938:107), the
Saturdays of midsommardagen and alla helgons dag in lag (1952:48), from 1953 on, where this module begins.
The eves are those of 2 § as it reads since nyårsafton came last (prop. 1974:147); for the years before, they
are today's rule and not that of the time. Every Sunday is a holiday too, but has a name here only if the law
gives it one. This module must not know working days, deadlines or the clock.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import Final

from engine.errors import CalendarRangeError
from engine.language.sentence import Words

FIRST_YEAR: Final = 1953
LAST_YEAR: Final = 2100

_FIXED: Final = (
    (1, 1, Words("Nyårsdagen", "New Year's Day")),
    (1, 6, Words("Trettondedag jul", "Epiphany")),
    (5, 1, Words("Första maj", "May Day")),
    (12, 24, Words("Julafton", "Christmas Eve")),
    (12, 25, Words("Juldagen", "Christmas Day")),
    (12, 26, Words("Annandag jul", "Boxing Day")),
    (12, 31, Words("Nyårsafton", "New Year's Eve")),
)
_AFTER_EASTER: Final = (
    (-2, Words("Långfredagen", "Good Friday")),
    (0, Words("Påskdagen", "Easter Sunday")),
    (1, Words("Annandag påsk", "Easter Monday")),
    (39, Words("Kristi himmelsfärdsdag", "Ascension Day")),
    (49, Words("Pingstdagen", "Whit Sunday")),
)
_WHIT_MONDAY: Final = Words("Annandag pingst", "Whit Monday")
_NATIONAL_DAY: Final = Words("Nationaldagen", "National Day")
_MIDSUMMER_EVE: Final = Words("Midsommarafton", "Midsummer's Eve")
_MIDSUMMER_DAY: Final = Words("Midsommardagen", "Midsummer's Day")
_ALL_SAINTS: Final = Words("Alla helgons dag", "All Saints' Day")

_NATIONAL_DAY_SINCE: Final = 2005
_SATURDAY: Final = 5


def holiday_name(day: date) -> Words | None:
    """Return what a holiday or one of the three eves is called; nothing for other days, ordinary Sundays too.

    Raises:
        CalendarRangeError: The day is before 1953 or after 2100.
    """
    if isinstance(day, datetime):
        raise TypeError("a day, not an instant: which day it is depends on the zone")
    return list_holidays(day.year).get(day)


@cache
def list_holidays(year: int) -> Mapping[date, Words]:
    """Return the holidays and the three eves of a year in order, with their names.

    Raises:
        CalendarRangeError: The year is before 1953 or after 2100.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise CalendarRangeError(year, FIRST_YEAR, LAST_YEAR)
    easter = find_easter(year)
    midsummer = _find_saturday(date(year, 6, 20))
    days = [
        *((date(year, month, day), name) for month, day, name in _FIXED),
        *((easter + timedelta(days=count), name) for count, name in _AFTER_EASTER),
        (midsummer - timedelta(days=1), _MIDSUMMER_EVE),
        (midsummer, _MIDSUMMER_DAY),
        (_find_saturday(date(year, 10, 31)), _ALL_SAINTS),
        (date(year, 6, 6), _NATIONAL_DAY)
        if year >= _NATIONAL_DAY_SINCE
        else (easter + timedelta(days=50), _WHIT_MONDAY),
    ]
    found: dict[date, Words] = {}
    for day, name in sorted(days, key=lambda each: each[0]):
        other = found.get(day)
        found[day] = Words(f"{other.sv}, {name.sv}", f"{other.en}, {name.en}") if other else name
    return MappingProxyType(found)


def find_easter(year: int) -> date:
    """Return påskdagen: the Sunday after the church's full moon on or next after 21 March (1989:253 2 §).

    Gauss's rule without its exceptions: H. Lichtenberg, Historia Mathematica 24 (1997), 441-444.
    """
    century = year // 100
    shift = (3 * century + 3) // 4
    moon = year % 19
    late = (19 * moon + 15 + shift - (8 * century + 13) // 25) % 30
    full_moon = 21 + late - (late + moon // 11) // 29
    sunday = 7 - (year + year // 4 + 2 - shift) % 7
    return date(year, 3, 1) + timedelta(days=full_moon + 6 - (full_moon - sunday) % 7)


def _find_saturday(first: date) -> date:
    return first + timedelta(days=(_SATURDAY - first.weekday()) % 7)
