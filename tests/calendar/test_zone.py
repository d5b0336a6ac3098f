"""Instants are written in one way; local times that never were, or were twice, are said."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar.zone import format_instant, load_zone, local_date, parse_instant, to_utc
from engine.errors import (
    AwareTimeError,
    CalendarRangeError,
    DoubledHourError,
    InstantError,
    MissingHourError,
    NaiveTimeError,
    UnknownZoneError,
)

ZONE = load_zone()
OFFSETS = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc]  # parts never reach as far as the zone


def wall(*parts):
    """A time on the wall: without offset."""
    return utc(*parts).replace(tzinfo=None)


INSTANTS = st.datetimes(wall(1900, 1, 1), wall(2100, 1, 1), timezones=st.just(UTC))


@pytest.mark.parametrize("name", ["Europe/Sundsvall", "", "../etc/passwd", "/etc/passwd", "Europe", "a\0b"])
def test_load_zone__refuses_unknown_names(name):
    with pytest.raises(UnknownZoneError) as caught:
        load_zone(name)
    assert caught.value.name == name


def test_local_date__is_the_day_on_the_wall():
    assert local_date(utc(2026, 6, 30, 22, 0), ZONE) == date(2026, 7, 1)
    assert local_date(utc(2026, 12, 31, 22, 59), ZONE) == date(2026, 12, 31)
    assert local_date(utc(2026, 12, 31, 23, 0), ZONE) == date(2027, 1, 1)


def test_local_date__refuses_a_naive_time():
    with pytest.raises(NaiveTimeError):
        local_date(wall(2026, 1, 1), ZONE)


def test_local_date__refuses_the_end_of_time():
    with pytest.raises(CalendarRangeError):
        local_date(datetime.max.replace(tzinfo=UTC), ZONE)


def test_to_utc__reads_winter_and_summer_time():
    assert to_utc(wall(2026, 1, 15, 8, 30), ZONE) == utc(2026, 1, 15, 7, 30)
    assert to_utc(wall(2026, 7, 15, 8, 30), ZONE) == utc(2026, 7, 15, 6, 30)


@pytest.mark.parametrize("which", [None, "first", "second"])
@pytest.mark.parametrize("minute", [0, 59])
def test_to_utc__refuses_an_hour_that_never_was(minute, which):
    with pytest.raises(MissingHourError) as caught:
        to_utc(wall(2026, 3, 29, 2, minute), ZONE, which)
    assert caught.value.arguments() == {"local": f"2026-03-29T02:{minute:02}:00", "zone": "Europe/Stockholm"}


def test_to_utc__the_hour_ends_where_the_clock_goes_on():
    assert to_utc(wall(2026, 3, 29, 1, 59), ZONE) == utc(2026, 3, 29, 0, 59)
    assert to_utc(wall(2026, 3, 29, 3, 0), ZONE) == utc(2026, 3, 29, 1, 0)


def test_to_utc__asks_which_of_a_doubled_hour_is_meant():
    local = wall(2026, 10, 25, 2, 30)
    with pytest.raises(DoubledHourError) as caught:
        to_utc(local, ZONE)
    assert caught.value.arguments() == {
        "local": "2026-10-25T02:30:00",
        "zone": "Europe/Stockholm",
        "first": "2026-10-25T02:30:00+02:00",
        "second": "2026-10-25T02:30:00+01:00",
    }
    assert to_utc(local, ZONE, "first") == utc(2026, 10, 25, 0, 30) == parse_instant(caught.value.first)
    assert to_utc(local, ZONE, "second") == utc(2026, 10, 25, 1, 30) == parse_instant(caught.value.second)


def test_to_utc__refuses_a_time_with_an_offset():
    with pytest.raises(AwareTimeError):
        to_utc(utc(2026, 1, 1), ZONE)


def test_to_utc__refuses_the_beginning_of_time():
    with pytest.raises(CalendarRangeError):
        to_utc(wall(1, 1, 1), ZONE)


@given(INSTANTS)
def test_to_utc__undoes_the_local_time(instant):
    local = instant.astimezone(ZONE)
    assert to_utc(local.replace(tzinfo=None), ZONE, "second" if local.fold else "first") == instant


def test_format_instant__is_always_as_wide():
    assert format_instant(utc(2026, 3, 1, 7, 30)) == "2026-03-01T07:30:00.000000Z"
    assert format_instant(utc(987, 3, 1, 7, 30, 5, 12)) == "0987-03-01T07:30:05.000012Z"


def test_format_instant__refuses_a_naive_time_and_the_end_of_time():
    with pytest.raises(NaiveTimeError):
        format_instant(wall(2026, 1, 1))
    with pytest.raises(CalendarRangeError):
        format_instant(datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))))


@given(INSTANTS, OFFSETS)
def test_format_instant__is_read_back_whatever_the_offset(instant, offset):
    written = format_instant(instant.astimezone(offset))
    assert len(written) == 27
    assert parse_instant(written) == instant
    assert parse_instant(instant.astimezone(offset).isoformat()) == instant


@given(INSTANTS, INSTANTS)
def test_format_instant__sorts_as_the_instants_do(one, other):
    assert (format_instant(one) < format_instant(other)) is (one < other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01T08:30+01:00", utc(2026, 3, 1, 7, 30)),
        ("2026-03-01 08:30:05Z", utc(2026, 3, 1, 8, 30, 5)),
        ("2026-03-01t08:30:05.5z", utc(2026, 3, 1, 8, 30, 5, 500000)),
    ],
)
def test_parse_instant__takes_z_or_an_offset(text, expected):
    read = parse_instant(text)
    assert read == expected
    assert read.tzinfo is UTC


def test_parse_instant__refuses_a_time_without_offset():
    with pytest.raises(NaiveTimeError):
        parse_instant("2026-03-01T08:30")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "igår",
        "2026-03-01",
        "2026-02-30T08:30Z",
        "2026-03-01T24:00Z",
        "2026-03-01T08:60Z",
        "2026-03-01T08:30:60Z",
        "2026-03-01T08:30:00.1234567Z",
        "2026-03-01T08:30+25:00",
        "2026-03-01T08:30+01",
        "20260301T0830Z",
        "2026-W09-7T08:30Z",
        "2026-03-01T08:30Z\n",
        "\u0662026-03-01T08:30Z",
    ],
)
def test_parse_instant__refuses_other_texts(text):
    with pytest.raises(InstantError) as caught:
        parse_instant(text)
    assert caught.value.text == text


def test_parse_instant__refuses_the_beginning_of_time():
    with pytest.raises(CalendarRangeError):
        parse_instant("0001-01-01T00:00+01:00")
