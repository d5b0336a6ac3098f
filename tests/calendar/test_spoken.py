"""Days and times as people write them; today is Sunday 22 November 2026."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar.spoken import read_period, read_when

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("idag", "2026-11-22"),
        ("IGAR", "2026-11-21"),
        ("pa mandag", "2026-11-23"),
        ("I dag", "2026-11-22"),
        ("igår 14:30", "2026-11-21T14:30"),
        ("i går kl. 14.30", "2026-11-21T14:30"),
        ("yesterday at 9", "2026-11-21T09:00"),
        ("i förrgår", "2026-11-20"),
        ("imorgon", "2026-11-23"),
        ("i fredags", "2026-11-20"),
        ("i söndags", "2026-11-15"),
        ("i måndags kl 8", "2026-11-16T08:00"),
        ("på måndag", "2026-11-23"),
        ("på söndag", "2026-11-29"),
        ("last friday", "2026-11-20"),
        ("3/11", "2026-11-03"),
        ("3/11 07:05", "2026-11-03T07:05"),
        ("3/11 2025", "2025-11-03"),
        ("3/11-25", "2025-11-03"),
        ("15/1", "2027-01-15"),
        ("3 november", "2026-11-03"),
        ("den 3 nov", "2026-11-03"),
        ("3:e maj 2024", "2024-05-03"),
        ("3 May 2024", "2024-05-03"),
        ("20261103", "2026-11-03"),
        ("261103", "2026-11-03"),
        ("2026-11-03", "2026-11-03"),
        ("2026-11-03 14:30", "2026-11-03T14:30"),
        ("2026-11-03T14:30", "2026-11-03T14:30"),
        ("14:30", "2026-11-22T14:30"),
        ("2026-11-03T14:30:00Z", "2026-11-03T14:30:00Z"),
        ("2026-11-03T14:30+01:00", "2026-11-03T14:30+01:00"),
    ],
)
def test_read_when__understands_people(text, meant):
    assert read_when(text, TODAY) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "i våras",
        "31/2",
        "2026-13-01",
        "3/13",
        "25:00",
        "14:61",
        "på lunchen",
        "30 februari",
        "12345",
        f"idag{' ' * 60}nej",
    ],
)
def test_read_when__does_not_guess(text):
    assert read_when(text, TODAY) is None


def test_read_when__takes_the_nearest_year_around_new_year():
    assert read_when("28/12", date(2026, 1, 5)) == "2025-12-28"
    assert read_when("3/1", date(2025, 12, 30)) == "2026-01-03"


def test_read_when__finds_the_nearest_leap_day():
    assert read_when("29/2", date(2025, 1, 10)) == "2024-02-29"
    assert read_when("29/2", date(2026, 1, 10)) is None


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_read_when__reads_every_day_it_could_write(day):
    assert read_when(day.isoformat(), TODAY) == day.isoformat()


@given(st.integers(-180, 180))
def test_read_when__reads_a_day_without_year_within_half_a_year(days):
    day = TODAY + timedelta(days=days)
    assert read_when(f"{day.day}/{day.month}", TODAY) == day.isoformat()


@given(st.text(max_size=30))
def test_read_when__never_stumbles(text):
    found = read_when(text, TODAY)
    assert found is None or found[4] == "-"


@pytest.mark.parametrize(
    "text", ["1/3 2026 till 5/3 2026", "2026-03-01..2026-03-05", "1 mars 2026 - 5 mars 2026"]
)
def test_read_period__takes_two_days(text):
    assert read_period(text, TODAY) == "2026-03-01..2026-03-05"


@pytest.mark.parametrize("text", ["1/3", "1/3 till", "till 5/3", "i våras..idag"])
def test_read_period__wants_both_ends(text):
    assert read_period(text, TODAY) is None
