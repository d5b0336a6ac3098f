"""The holidays are those of the statutes; a library that others keep is asked as a witness."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import holidays
import pytest

from engine.calendar.holiday import FIRST_YEAR, LAST_YEAR, find_easter, holiday_name, list_holidays
from engine.calendar.workday import STATUTORY
from engine.errors import CalendarRangeError

YEARS = range(FIRST_YEAR, LAST_YEAR + 1)


def count_easter(year):
    """Easter Sunday by the Gregorian computus (Meeus, Astronomical Algorithms, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    month, day = divmod(h + k - 7 * ((a + 11 * h + 22 * k) // 451) + 114, 31)
    return date(year, month, day + 1)


def find_weekday(weekday, first):
    """The first day of a name in the week, from a day on."""
    return first + timedelta(days=(weekday - first.weekday()) % 7)


def list_days_off(year):
    """The days of lag (1989:253) and of the provisions before it, and the eves of lag (1930:173) 2 §."""
    easter = count_easter(year)
    midsummer = find_weekday(5, date(year, 6, 20))
    fixed = [(1, 1), (1, 6), (5, 1), (12, 24), (12, 25), (12, 26), (12, 31)]
    moving = [easter + timedelta(days=n) for n in (-2, 0, 1, 39, 49)]
    changed = date(year, 6, 6) if year >= 2005 else easter + timedelta(days=50)
    return {date(year, *day) for day in fixed} | {
        *moving,
        changed,
        midsummer,
        midsummer - timedelta(days=1),
        find_weekday(5, date(year, 10, 31)),
    }


def list_days(year):
    return [
        date(year, 1, 1) + timedelta(days=n) for n in range((date(year, 12, 31) - date(year, 1, 1)).days + 1)
    ]


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        (1953, 4, 5),
        (1954, 4, 18),  # the full moon that Gauss's rule without Lichtenberg's term puts a week late
        (1981, 4, 19),
        (2000, 4, 23),
        (2008, 3, 23),
        (2026, 4, 5),
        (2038, 4, 25),
        (2049, 4, 18),
        (2076, 4, 19),
        (2100, 3, 28),
    ],
)
def test_find_easter__is_the_sunday_of_the_almanac(year, month, day):
    assert find_easter(year) == date(year, month, day)


def test_find_easter__is_the_computus_in_every_gregorian_year_to_9999():
    for year in range(1583, 10_000):
        assert find_easter(year) == count_easter(year), year


def test_list_holidays__are_the_days_of_the_statutes_in_every_year():
    for year in YEARS:
        assert list(list_holidays(year)) == sorted(list_days_off(year)), year


def test_is_working_day__is_what_the_statutes_say_in_every_year():
    for year in YEARS:
        off = list_days_off(year)
        for day in list_days(year):
            assert STATUTORY.is_working_day(day) is (day.weekday() < 5 and day not in off), day


def test_holiday_name__is_what_the_witness_says_every_day_since_2005():
    for year in range(2005, LAST_YEAR + 1):
        witness = holidays.country_holidays(
            "SE", years=year, categories=("public", "de_facto"), language="sv"
        )
        for day in list_days(year):
            name = holiday_name(day)
            said = set(name.sv.split(", ")) if name else set()
            assert said == set(witness.get_list(day)), day


def test_is_working_day__is_what_the_witness_says_every_day_before_2005():
    for year in range(FIRST_YEAR, 2005):
        witness = holidays.country_holidays(
            "SE", years=year, categories=("public", "de_facto"), language="sv"
        )
        for day in list_days(year):
            assert STATUTORY.is_working_day(day) is (day.weekday() < 5 and day not in witness), day


@pytest.mark.parametrize(
    ("day", "sv", "en"),
    [
        (date(2026, 1, 1), "Nyårsdagen", "New Year's Day"),
        (date(2026, 1, 6), "Trettondedag jul", "Epiphany"),
        (date(2026, 4, 3), "Långfredagen", "Good Friday"),
        (date(2026, 4, 5), "Påskdagen", "Easter Sunday"),
        (date(2026, 4, 6), "Annandag påsk", "Easter Monday"),
        (date(2026, 5, 1), "Första maj", "May Day"),
        (date(2026, 5, 14), "Kristi himmelsfärdsdag", "Ascension Day"),
        (date(2026, 5, 24), "Pingstdagen", "Whit Sunday"),
        (date(2004, 5, 31), "Annandag pingst", "Whit Monday"),
        (date(2005, 6, 6), "Nationaldagen", "National Day"),
        (date(2026, 6, 19), "Midsommarafton", "Midsummer's Eve"),
        (date(2026, 6, 20), "Midsommardagen", "Midsummer's Day"),
        (date(2026, 10, 31), "Alla helgons dag", "All Saints' Day"),
        (date(2026, 12, 24), "Julafton", "Christmas Eve"),
        (date(2026, 12, 25), "Juldagen", "Christmas Day"),
        (date(2026, 12, 26), "Annandag jul", "Boxing Day"),
        (date(2026, 12, 31), "Nyårsafton", "New Year's Eve"),
        (date(2008, 5, 1), "Första maj, Kristi himmelsfärdsdag", "May Day, Ascension Day"),
        (date(2049, 6, 6), "Pingstdagen, Nationaldagen", "Whit Sunday, National Day"),
    ],
)
def test_holiday_name__is_the_laws_own_in_both_languages(day, sv, en):
    name = holiday_name(day)
    assert name
    assert (name.sv, name.en) == (sv, en)


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 11, 22),  # a Sunday like any other
        date(2026, 4, 4),  # påskafton
        date(2004, 6, 6),  # not yet a holiday
        date(2005, 5, 16),  # annandag pingst, no longer one
    ],
)
def test_holiday_name__is_nothing_when_the_law_names_none(day):
    assert holiday_name(day) is None


@pytest.mark.parametrize("year", [FIRST_YEAR - 1, LAST_YEAR + 1])
def test_holiday_name__refuses_years_that_the_rules_are_not_kept_for(year):
    with pytest.raises(CalendarRangeError) as caught:
        holiday_name(date(year, 12, 24))
    assert caught.value.arguments() == {"year": year, "first": 1953, "last": 2100}


def test_holiday_name__refuses_an_instant():
    with pytest.raises(TypeError):
        holiday_name(datetime(2026, 12, 24, tzinfo=UTC))


def test_is_working_day__is_told_where_the_witness_is_not_installed():
    program = (
        "import sys; sys.modules['holidays'] = None\n"
        "from datetime import date\n"
        "from engine.calendar.workday import STATUTORY\n"
        "sys.exit(STATUTORY.is_working_day(date(2026, 12, 24)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
