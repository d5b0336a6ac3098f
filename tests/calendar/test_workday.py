"""Working days are those of the law, less the authority's own closed days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar.holiday import LAST_YEAR
from engine.calendar.workday import STATUTORY, Calendar
from engine.errors import CalendarRangeError

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
CALENDARS = st.builds(Calendar, st.frozensets(DAYS, max_size=20))


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 1),
        date(2026, 1, 6),
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 5, 14),
        date(2026, 6, 19),  # midsommarafton
        date(2026, 6, 20),
        date(2026, 10, 31),
        date(2026, 12, 24),
        date(2026, 12, 25),
        date(2026, 12, 31),  # nyårsafton
        date(2025, 6, 6),
        date(2025, 6, 20),  # midsommarafton
        date(2004, 5, 31),  # annandag pingst, a holiday for the last time
        date(2026, 11, 21),  # a Saturday
        date(2026, 11, 22),  # a Sunday
    ],
)
def test_is_working_day__is_not_a_day_on_which_the_law_lets_an_act_wait(day):
    assert not STATUTORY.is_working_day(day)


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 5),  # trettondagsafton
        date(2026, 4, 2),  # skärtorsdagen
        date(2026, 4, 30),  # valborgsmässoafton
        date(2026, 5, 15),  # the Friday after Kristi himmelsfärdsdag
        date(2026, 10, 30),  # allhelgonaafton
        date(2005, 5, 16),  # annandag pingst, no longer a holiday
        date(2004, 6, 7),
        date(2026, 11, 23),
    ],
)
def test_is_working_day__is_an_eve_or_bridge_that_the_law_does_not_name(day):
    assert STATUTORY.is_working_day(day)


@pytest.mark.parametrize(
    ("year", "count"),
    [(2024, 262 - 11), (2025, 261 - 12), (2026, 261 - 10)],  # Monday to Friday, less the holidays on them
)
def test_count_working_days__of_a_year(year, count):
    assert STATUTORY.count_working_days(date(year - 1, 12, 31), date(year, 12, 31)) == count


def test_is_working_day__knows_the_authoritys_closed_days():
    bridge = date(2026, 5, 15)
    assert not Calendar(frozenset({bridge})).is_working_day(bridge)


def test_is_working_day__refuses_an_instant():
    with pytest.raises(TypeError):
        STATUTORY.is_working_day(datetime(2026, 12, 24, tzinfo=UTC))


@pytest.mark.parametrize("day", [date(1952, 3, 3), date(1952, 3, 1), date(2101, 1, 3), date(2101, 1, 1)])
def test_is_working_day__refuses_years_whose_holidays_are_not_known_weekends_too(day):
    with pytest.raises(CalendarRangeError) as caught:
        STATUTORY.is_working_day(day)
    assert caught.value.arguments() == {"year": day.year, "first": 1953, "last": 2100}


def test_next_working_day__refuses_to_walk_out_of_the_last_year():
    with pytest.raises(CalendarRangeError):
        STATUTORY.next_working_day(date(LAST_YEAR, 12, 31))


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # Friday to Monday
        (date(2026, 11, 21), 1, date(2026, 11, 23)),  # Saturday: Monday is the first
        (date(2026, 11, 21), 0, date(2026, 11, 23)),
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
        (date(2026, 6, 18), 1, date(2026, 6, 22)),  # over midsummer
        (date(2026, 12, 23), 5, date(2027, 1, 5)),  # 28, 29, 30 December, 4 and 5 January
        (date(2026, 11, 23), -1, date(2026, 11, 20)),
        (date(2026, 11, 22), -2, date(2026, 11, 19)),
    ],
)
def test_add_working_days__counts_from_the_day_after(day, count, expected):
    assert STATUTORY.add_working_days(day, count) == expected


@given(CALENDARS, DAYS, st.integers(-60, 60))
def test_add_working_days__never_lands_on_another_day(calendar, day, count):
    assert calendar.is_working_day(calendar.add_working_days(day, count))


@given(CALENDARS, DAYS, st.integers(0, 60), st.integers(0, 30), st.integers(0, 30))
def test_add_working_days__a_later_start_or_more_days_never_end_earlier(calendar, day, count, more, later):
    end = calendar.add_working_days(day, count)
    assert end <= calendar.add_working_days(day, count + more)
    assert end <= calendar.add_working_days(day + timedelta(days=later), count)


@given(CALENDARS, DAYS, st.integers(0, 60))
def test_count_working_days__counts_what_was_added(calendar, day, count):
    end = calendar.add_working_days(day, count)
    expected = count if count or end == day else 1
    assert calendar.count_working_days(day, end) == expected
    assert calendar.count_working_days(end, day) == -expected


@given(CALENDARS, DAYS)
def test_next_working_day__is_the_first_from_the_day_on(calendar, day):
    found = calendar.next_working_day(day)
    assert calendar.is_working_day(found)
    assert not any(calendar.is_working_day(day + timedelta(days=n)) for n in range((found - day).days))
