"""Periods are read strictly and end where lag (1930:173) lets them."""

import calendar as months
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar.period import FORMS, MOST, Due, Period, Unit, due_at, due_on
from engine.calendar.workday import STATUTORY, Calendar
from engine.errors import (
    CalendarRangeError,
    HjulError,
    NaiveTimeError,
    PeriodError,
    PeriodRangeError,
    PeriodUnitError,
    UndatedDeadlineError,
)

DAYS = st.dates(date(1960, 1, 1), date(2020, 12, 31))
DATED = st.sampled_from([unit for unit in Unit if unit is not Unit.HOUR])
PERIODS = st.builds(Period, st.integers(0, 60), DATED)
KINDS = st.sampled_from(["lag_datum", "lag_villkor", "lokal"])


@pytest.mark.parametrize(
    ("text", "count", "unit"),
    [
        ("5 working days", 5, Unit.WORKING_DAY),
        ("30 days", 30, Unit.DAY),
        ("2 months", 2, Unit.MONTH),
        ("1 year", 1, Unit.YEAR),
        ("2 weeks", 2, Unit.WEEK),
        ("24 hours", 24, Unit.HOUR),
        ("0 days", 0, Unit.DAY),
        ("  10   Working  Days ", 10, Unit.WORKING_DAY),
        ("1 working days", 1, Unit.WORKING_DAY),
        ("007 days", 7, Unit.DAY),
        ("5 arbetsdagar", 5, Unit.WORKING_DAY),
        ("1 arbetsdag", 1, Unit.WORKING_DAY),
        ("14 dagar", 14, Unit.DAY),
        ("1 dag", 1, Unit.DAY),
        ("2 veckor", 2, Unit.WEEK),
        ("1 vecka", 1, Unit.WEEK),
        ("2 månader", 2, Unit.MONTH),
        ("1 månad", 1, Unit.MONTH),
        ("1 år", 1, Unit.YEAR),
        ("2 ÅR", 2, Unit.YEAR),
        ("2 ma\u030anader", 2, Unit.MONTH),  # å as a letter and a ring, which some keyboards and files give
        ("24 timmar", 24, Unit.HOUR),
        ("1 timme", 1, Unit.HOUR),
    ],
)
def test_parse__reads_count_and_unit(text, count, unit):
    assert Period.parse(text) == Period(count, unit)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5",
        "days",
        "5days",
        "-5 days",
        "5.5 days",
        "5 dgr",
        "5 vardagar",
        "5 working dagar",
        "2 manader",
        "5 daysx",
        "1 day 2 hours",
        "\u0665 days",
        "5 days\n6",
    ],
)
def test_parse__refuses_other_texts_and_shows_the_forms(text):
    with pytest.raises(PeriodError) as caught:
        Period.parse(text)
    assert caught.value.arguments() == {"text": text, "accepted": FORMS}


@pytest.mark.parametrize("value", [5, None, ["5 days"], {"days": 5}])
def test_parse__refuses_what_is_no_text(value):
    with pytest.raises(PeriodError):
        Period.parse(value)


def test_parse__error_can_be_collected_and_does_not_log_what_was_written():
    with pytest.raises(ValueError, match=r"calendar\.period") as caught:
        Period.parse("Greta")
    assert isinstance(caught.value, HjulError)
    assert "Greta" not in str(caught.value)


def test_forms__are_what_parse_accepts_in_both_languages():
    assert [Period.parse(form.sv).words for form in FORMS] == list(FORMS)
    assert [Period.parse(form.en).words for form in FORMS] == list(FORMS)
    assert {Period.parse(form.sv).unit for form in FORMS} == set(Unit)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("5 arbetsdagar", "5 working days"),
        ("1 arbetsdag", "1 working day"),
        ("2 månader", "2 months"),
        ("1 år", "1 year"),
        ("24 timmar", "24 hours"),
        ("0 dagar", "0 days"),
    ],
)
def test_str__is_english_whatever_was_written(text, kept):
    assert str(Period.parse(text)) == kept


@pytest.mark.parametrize("unit", list(Unit))
def test_period__refuses_absurd_numbers(unit):
    assert Period(MOST[unit], unit).count == MOST[unit]
    for count in (MOST[unit] + 1, -1):
        with pytest.raises(PeriodRangeError) as caught:
            Period(count, unit)
        assert caught.value.arguments() == {"count": count, "unit": unit, "most": MOST[unit]}


@given(st.integers(0, 100), st.sampled_from(Unit))
def test_str__is_read_back(count, unit):
    period = Period(count, unit)
    assert Period.parse(str(period)) == period
    assert Period.parse(period.words.sv) == period


@pytest.mark.parametrize(
    ("start", "text", "expected"),
    [
        (date(2026, 12, 31), "2 months", date(2027, 2, 28)),
        (date(2027, 12, 31), "2 months", date(2028, 2, 29)),
        (date(2026, 1, 31), "1 month", date(2026, 2, 28)),
        (date(2026, 1, 31), "3 months", date(2026, 4, 30)),
        (date(2026, 11, 30), "14 months", date(2028, 1, 30)),
        (date(2028, 2, 29), "1 year", date(2029, 2, 28)),
        (date(2028, 2, 29), "4 years", date(2032, 2, 29)),
        (date(2026, 2, 28), "2 years", date(2028, 2, 28)),
        (date(2026, 11, 18), "2 weeks", date(2026, 12, 2)),
        (date(2026, 12, 10), "14 days", date(2026, 12, 24)),
        (date(2026, 12, 24), "0 days", date(2026, 12, 24)),
    ],
)
def test_due_on__a_limit_ends_on_the_corresponding_day_and_does_not_move(start, text, expected):
    assert due_on(start, Period.parse(text), "lag_villkor", STATUTORY) == Due(expected, 0)
    assert due_on(start, Period.parse(text), "lokal", STATUTORY) == Due(expected, 0)


@pytest.mark.parametrize(
    ("start", "text", "expected", "moved"),
    [
        (date(2026, 12, 31), "2 months", date(2027, 3, 1), 1),  # 28 February 2027 is a Sunday
        (date(2026, 12, 10), "14 days", date(2026, 12, 28), 4),  # julafton, two holidays, Sunday
        (date(2026, 6, 5), "14 days", date(2026, 6, 22), 3),  # midsommarafton, Saturday, Sunday
        (date(2026, 6, 19), "0 days", date(2026, 6, 22), 3),
        (date(2026, 12, 17), "2 weeks", date(2027, 1, 4), 4),  # nyårsafton, nyårsdagen, weekend
        (date(2026, 3, 20), "2 weeks", date(2026, 4, 7), 4),  # långfredagen to annandag påsk
        (date(2026, 11, 9), "14 days", date(2026, 11, 23), 0),
        (date(2026, 3, 30), "1 month", date(2026, 4, 30), 0),  # valborgsmässoafton does not count
        (date(2026, 6, 18), "1 working day", date(2026, 6, 22), 0),
    ],
)
def test_due_on__a_statutory_day_moves_to_the_next_working_day(start, text, expected, moved):
    assert due_on(start, Period.parse(text), "lag_datum", STATUTORY) == Due(expected, moved)


def test_due_on__the_authoritys_closed_days_move_no_statutory_day():
    closed = Calendar(frozenset({date(2026, 11, 23), date(2026, 11, 24)}))
    start = date(2026, 11, 20)
    assert due_on(start, Period.parse("3 days"), "lag_datum", closed) == Due(date(2026, 11, 23))
    assert due_on(start, Period.parse("1 working day"), "lag_datum", closed) == Due(date(2026, 11, 23))
    assert due_on(start, Period.parse("1 working day"), "lokal", closed) == Due(date(2026, 11, 25))


@given(DAYS, PERIODS)
def test_due_on__a_statutory_day_is_a_working_day_and_moves_no_further_than_it_must(start, period):
    due = due_on(start, period, "lag_datum", STATUTORY)
    unmoved = due_on(start, period, "lag_villkor", STATUTORY).day
    assert due.day - unmoved == timedelta(days=due.moved_by)
    assert STATUTORY.is_working_day(due.day)
    assert not any(STATUTORY.is_working_day(unmoved + timedelta(days=n)) for n in range(due.moved_by))


@given(DAYS, PERIODS, KINDS, st.integers(0, 40), st.integers(0, 12))
def test_due_on__a_later_start_or_a_longer_period_never_ends_earlier(start, period, kind, later, more):
    end = due_on(start, period, kind, STATUTORY).day
    assert start <= end
    assert end <= due_on(start + timedelta(days=later), period, kind, STATUTORY).day
    assert end <= due_on(start, Period(period.count + more, period.unit), kind, STATUTORY).day


@given(DAYS, st.integers(0, 100))
def test_due_on__months_end_on_the_same_number_or_on_the_months_last(start, count):
    end = due_on(start, Period(count, Unit.MONTH), "lag_villkor", STATUTORY).day
    last = months.monthrange(end.year, end.month)[1]
    assert end.day == start.day or (end.day == last < start.day)
    assert (end.year - start.year) * 12 + end.month - start.month == count


def test_due_on__refuses_to_make_a_date_of_a_word():
    with pytest.raises(UndatedDeadlineError) as caught:
        due_on(date(2026, 1, 7), Period.parse("1 day"), "lag_skyndsamt", STATUTORY)
    assert caught.value.deadline == "lag_skyndsamt"


def test_due_on__refuses_hours_and_instants():
    with pytest.raises(PeriodUnitError) as caught:
        due_on(date(2026, 1, 7), Period.parse("24 hours"), "lokal", STATUTORY)
    assert caught.value.period == "24 hours"
    with pytest.raises(TypeError):
        due_on(datetime(2026, 1, 7, tzinfo=UTC), Period.parse("1 day"), "lokal", STATUTORY)


@pytest.mark.parametrize("text", ["100 years", "1200 months", "36525 days", "5218 weeks"])
def test_due_on__refuses_days_beyond_the_calendar(text):
    with pytest.raises(CalendarRangeError):
        due_on(date(9950, 1, 1), Period.parse(text), "lag_villkor", STATUTORY)


def test_due_on__a_limit_may_lie_beyond_the_known_holidays_but_a_statutory_day_may_not():
    century = Period.parse("100 years")
    assert due_on(date(2026, 5, 2), century, "lag_villkor", STATUTORY).day == date(2126, 5, 2)
    with pytest.raises(CalendarRangeError):
        due_on(date(2026, 5, 2), century, "lag_datum", STATUTORY)


def test_due_at__counts_hours_that_pass_even_when_the_clock_is_changed():
    start = datetime(2026, 3, 28, 12, 0, tzinfo=timezone(timedelta(hours=1)))
    assert due_at(start, Period.parse("24 hours")) == datetime(2026, 3, 29, 11, 0, tzinfo=UTC)


def test_due_at__refuses_days_naive_times_and_the_end_of_time():
    start = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    with pytest.raises(PeriodUnitError):
        due_at(start, Period.parse("1 day"))
    with pytest.raises(NaiveTimeError):
        due_at(start.replace(tzinfo=None), Period.parse("1 hour"))
    with pytest.raises(CalendarRangeError):
        due_at(datetime.max.replace(tzinfo=UTC), Period.parse("1 hour"))
