"""Writes iCalendar (RFC 5545): the part of it that days to keep need, and no more. Pure; it must not know any case.

Text is escaped (3.3.11), lines end with CRLF and are folded at 75 octets without parting a letter (3.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import NAMESPACE_URL, uuid5

PRODUCT: Final = "-//Hjul//Hjul//SV"
WIDEST: Final = 75


@dataclass(frozen=True, slots=True)
class Entry:
    """A day to keep in a calendar, or an instant.

    Attributes:
        uid: Its name for ever (`uid_of`).
        sequence: Greater each time it has changed.
        when: The day, or the instant (UTC) at which something ends.
        summary: What it is, in a line.
        description: More of it.
        category: What kind it is.
        place: Where.
        is_cancelled: It no longer holds.
    """

    uid: str
    sequence: int
    when: date | datetime
    summary: str
    description: str = ""
    category: str = ""
    place: str = ""
    is_cancelled: bool = False


def uid_of(authority: str, *parts: str) -> str:
    """The name of an entry: the same for the same thing of the same authority, and telling nothing of it."""
    return str(uuid5(NAMESPACE_URL, "\n".join(("hjul", authority, *parts))))


def write_calendar(
    name: str, entries: Iterable[Entry], now: datetime, alarm_days: int | None = None
) -> bytes:
    """A calendar as a file.

    Args:
        name: What it is called where it is shown.
        entries: What stands in it.
        now: When it is made (UTC).
        alarm_days: So many days beforehand a reminder is shown; None: no reminder.
    """
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
    ]  # fmt: skip
    for entry in entries:
        lines += _entry(entry, _instant(now), alarm_days)
    lines.append("END:VCALENDAR")
    return b"".join(piece for line in lines for piece in _folded(line))


def _entry(entry: Entry, stamp: str, alarm_days: int | None) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.uid}"
    yield f"DTSTAMP:{stamp}"
    yield f"SEQUENCE:{entry.sequence}"
    if isinstance(entry.when, datetime):
        yield f"DTSTART:{_instant(entry.when)}"
    else:
        yield f"DTSTART;VALUE=DATE:{entry.when:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{entry.when + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(entry.summary)}"
    for name, text in (
        ("DESCRIPTION", entry.description), ("CATEGORIES", entry.category), ("LOCATION", entry.place)
    ):  # fmt: skip
        if text:
            yield f"{name}:{_text(text)}"
    yield f"STATUS:{'CANCELLED' if entry.is_cancelled else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"
    yield "CLASS:PRIVATE"
    if alarm_days is not None and not entry.is_cancelled:
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_text(entry.summary)}")
        yield f"TRIGGER:-P{alarm_days}D" if alarm_days else "TRIGGER:PT0S"
        yield "END:VALARM"
    yield "END:VEVENT"


def _instant(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    """A text as a value: nothing in it can end the line or begin another property."""
    plain = "".join(one if one.isprintable() or one == "\n" else " " for one in text.replace("\r\n", "\n"))
    for mark in ("\\", ";", ","):
        plain = plain.replace(mark, f"\\{mark}")
    return plain.replace("\n", "\\n")


def _folded(line: str) -> Iterator[bytes]:
    """A line in pieces of at most 75 octets, each but the first begun with a space; no letter is parted."""
    left = line.encode()
    begin = b""
    while len(begin) + len(left) > WIDEST:
        cut = WIDEST - len(begin)
        while left[cut] & 0xC0 == 0x80:
            cut -= 1
        yield begin + left[:cut] + b"\r\n"
        left, begin = left[cut:], b" "
    yield begin + left + b"\r\n"
