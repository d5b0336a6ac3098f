"""Rules of what comes back: read strictly, said in words, and the same days whatever windows they are asked for by."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.calendar.cadence import rule_of, say_rule
from engine.calendar.recurrence import Recurrence, move, move_by_law, read_rule
from engine.calendar.workday import Calendar
from engine.errors import RuleError
from engine.language.say import say

DAY = date(2026, 11, 22)


def coming(rule, first=DAY, count=4):
    return [str(day) for day in Recurrence.read(rule, first).coming(first, count)]


@pytest.mark.parametrize(
    ("every", "on", "days", "words"),
    [
        ("kvartal", (), ["2026-12-31", "2027-03-31", "2027-06-30", "2027-09-30"], "varje kvartal, sista dagen"),
        ("Quarter", ("first",), ["2027-01-01", "2027-04-01", "2027-07-01", "2027-10-01"],
         "varje kvartal, första dagen"),
        ("år", ("03-01",), ["2027-03-01", "2028-03-01", "2029-03-01", "2030-03-01"], "varje år, den 1 mars"),
        ("år", ("02-29",), ["2027-02-28", "2028-02-29", "2029-02-28", "2030-02-28"],
         "varje år, sista dagen i februari"),
        ("år", ("02-28",), ["2027-02-28", "2028-02-28", "2029-02-28", "2030-02-28"], "varje år, den 28 februari"),
        ("year", ("01-31", "04-30", "07-31", "10-31"), ["2027-01-31", "2027-04-30", "2027-07-31", "2027-10-31"],
         "varje år, sista dagen i januari, april, juli och oktober"),
        ("år", ("november",), ["2026-11-30", "2027-11-30", "2028-11-30", "2029-11-30"],
         "varje år, sista dagen i november"),
        ("år", (), ["2026-12-31", "2027-12-31", "2028-12-31", "2029-12-31"], "varje år, sista dagen"),
        ("halvår", ("15",), ["2026-12-15", "2027-06-15", "2027-12-15", "2028-06-15"],
         "varje år, den 15 juni och december"),
        ("tertial", (), ["2026-12-31", "2027-04-30", "2027-08-31", "2027-12-31"], "varje tertial, sista dagen"),
        ("månad", ("30",), ["2026-11-30", "2026-12-30", "2027-01-30", "2027-02-28"], "varje månad, den 30"),
        ("vecka", ("måndag", "torsdag"), ["2026-11-23", "2026-11-26", "2026-11-30", "2026-12-03"],
         "varje vecka, måndag och torsdag"),
        ("week", (), ["2026-11-27", "2026-12-04", "2026-12-11", "2026-12-18"], "varje vecka, fredag"),
    ],
)  # fmt: skip
def test_cadence__says_in_words_what_comes_back_and_in_words_again(every, on, days, words):
    rule = rule_of(every, on)
    assert coming(rule) == days
    assert say(say_rule(rule)) == words


def test_cadence__reads_a_day_as_people_write_it():
    assert rule_of("år", ("1/3",)) == rule_of("year", ("03-01",)) == rule_of("år", ("2026-03-01",))
    assert rule_of("år", ("31/12",)) == rule_of("år")


@pytest.mark.parametrize(
    ("every", "on", "why"),
    [
        ("dag", (), "unknown_every"), ("kvartal", ("1", "15"), "one_day"), ("vecka", ("3",), "no_weekday"),
        ("månad", ("32",), "no_day"), ("månad", ("0",), "no_day"), ("kvartal", ("03-01",), "no_day"),
        ("år", ("02-30",), "no_such_date"), ("år", ("03-01", "x"), "no_date"),
        ("år", ("03-01", "09-15"), "different_days"),
    ],
)  # fmt: skip
def test_cadence__refuses_what_is_no_day_of_the_period(every, on, why):
    with pytest.raises(RuleError) as said:
        rule_of(every, on)
    assert said.value.why.id == f"rule.{why}"


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("", "no_frequency"), ("BYMONTH=3", "no_frequency"), ("FREQ=HOURLY", "bad_part"), ("FREQ", "unknown_part"),
        ("FREQ=DAILY;BYHOUR=3", "unknown_part"), ("FREQ=DAILY;FREQ=DAILY", "part_twice"),
        ("FREQ=YEARLY;BYMONTH=13", "bad_part"), ("FREQ=YEARLY;BYMONTHDAY=0", "bad_part"),
        ("FREQ=YEARLY;UNTIL=20260231", "bad_part"), ("FREQ=DAILY;INTERVAL=0", "bad_part"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20271231", "together"), ("FREQ=WEEKLY;BYDAY=1MO", "together"),
        ("FREQ=MONTHLY;BYSETPOS=1", "together"), ("FREQ=WEEKLY;BYMONTHDAY=3", "together"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never"), ("FREQ=DAILY;UNTIL=20200101", "never"),
    ],
)  # fmt: skip
def test_recurrence__refuses_what_it_does_not_understand(rule, why):
    with pytest.raises(RuleError) as said:
        Recurrence.read(rule, DAY)
    assert said.value.why.id == f"rule.{why}"


def test_recurrence__is_kept_in_one_form():
    assert read_rule("rrule: bymonthday=+1,1 ; freq=monthly") == "FREQ=MONTHLY;BYMONTHDAY=1"


def test_recurrence__knows_an_end_a_count_and_days_left_out():
    rule = "FREQ=MONTHLY;BYMONTHDAY=1;COUNT=3"
    assert coming(rule) == ["2026-12-01", "2027-01-01", "2027-02-01"]
    found = Recurrence.read("FREQ=MONTHLY;BYMONTHDAY=1", DAY, date(2027, 3, 1), frozenset({date(2027, 1, 1)}))
    assert [str(day) for day in found.coming(DAY, 9)] == ["2026-12-01", "2027-02-01", "2027-03-01"]
    assert found.falls_on(date(2027, 2, 1))
    assert not found.falls_on(date(2027, 1, 1))
    with pytest.raises(RuleError):
        Recurrence.read(rule, DAY, DAY - timedelta(days=1))


def test_move__lets_a_day_stay_or_be_worked_on():
    saturday, closed = date(2026, 8, 1), Calendar(frozenset({date(2026, 8, 3)}))
    assert [str(move(saturday, how, closed)) for how in ("stays", "next", "previous")] == [
        "2026-08-01", "2026-08-04", "2026-07-31",
    ]  # fmt: skip
    assert str(move_by_law(saturday)) == "2026-08-03"  # the law knows no closed days of one's own


RULES = st.sampled_from(
    [
        "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", "FREQ=MONTHLY;BYMONTHDAY=-1",
        "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1",
        "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1", "FREQ=DAILY;COUNT=40",
        "FREQ=YEARLY;BYYEARDAY=-1",
    ]
)  # fmt: skip
DAYS = st.dates(date(2025, 1, 1), date(2031, 12, 31))


@settings(max_examples=60, deadline=None)
@given(RULES, DAYS, st.none() | DAYS, st.sets(DAYS, max_size=3), DAYS, DAYS, DAYS)
def test_recurrence__gives_over_two_windows_what_it_gives_over_both(
    rule, first, last, without, one, two, three
):
    found = Recurrence(rule, first, last, frozenset(without))
    start, middle, end = sorted((one, two, three))
    apart = [*found.days(start, middle), *found.days(middle + timedelta(days=1), end)]
    together = list(found.days(start, end))
    assert apart == together == sorted(set(together))
    assert all(found.falls_on(day) for day in together)
