"""Calendars as files: another program's parser reads back what was put in, whatever that was."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from engine.exchange.calendar_file import Entry, uid_of, write_calendar

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
DAY = date(2026, 3, 9)
PRINTABLE = st.text(
    st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(" \\;,:\"'\n"), max_size=200
)


def read(content: bytes) -> tuple[Any, list[Any]]:
    found: Any = Calendar.from_ical(content)
    return found, list(found.walk("VEVENT"))


@given(PRINTABLE, PRINTABLE)
def test_calendar__gives_back_every_text_and_folds_every_line(summary, description):
    entry = Entry("u", 3, DAY, summary, description, "slag", "Björkgården")
    content = write_calendar("Ö" * 100, [entry], NOW)
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert content.count(b"\n") == content.count(b"\r\n")
    calendar, (event,) = read(content)
    assert str(calendar["X-WR-CALNAME"]) == "Ö" * 100
    assert (str(event["SUMMARY"]), str(event.get("DESCRIPTION", ""))) == (summary, description)


def test_calendar__has_days_as_whole_days_and_instants_as_such():
    at = datetime(2026, 3, 9, 7, 30, tzinfo=UTC)
    content = write_calendar(
        "x", [Entry("a", 1, DAY, "dag"), Entry("b", 2, at, "stund", is_cancelled=True)], NOW, 2
    )
    calendar, (day, moment) = read(content)
    assert calendar["METHOD"] == "PUBLISH"
    assert (day["DTSTART"].dt, day["DTEND"].dt) == (DAY, DAY + timedelta(days=1))
    assert moment["DTSTART"].dt == at
    assert (day["STATUS"], moment["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert (day["SEQUENCE"], moment["SEQUENCE"]) == (1, 2)
    assert day["DTSTAMP"].dt == NOW
    assert [alarm["TRIGGER"].dt for alarm in day.walk("VALARM")] == [timedelta(days=-2)]
    assert moment.walk("VALARM") == []


@pytest.mark.parametrize(
    "hostile", ["x\r\nEND:VEVENT\r\nBEGIN:VEVENT", "a\nATTENDEE:mailto:x@y.se", "\u2028\x00\x1b"]
)
def test_calendar__cannot_be_broken_out_of(hostile):
    content = write_calendar(hostile, [Entry("a", 1, DAY, hostile, hostile, hostile, hostile)], NOW, 0)
    _, (event,) = read(content)
    assert "ATTENDEE" not in event
    assert len(content.split(b"\r\nBEGIN:VEVENT\r\n")) == 2


def test_uid__is_the_same_for_the_same_and_tells_nothing():
    one = uid_of("prov", "deadline", "AVV-2026-0001", "bedom")
    assert one == uid_of("prov", "deadline", "AVV-2026-0001", "bedom")
    assert one not in {
        uid_of("annan", "deadline", "AVV-2026-0001", "bedom"),
        uid_of("prov", "deadline", "AVV-2026-0001bedom"),
    }
    assert "AVV" not in one
