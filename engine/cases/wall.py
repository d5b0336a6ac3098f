"""Days and times of fields, as they stood on the wall of the authority: "2026-03-01" or "2026-03-01T08:30".

A time that never was, when the clock was put forward, is none. One that was twice, when it was put back, says which by
its offset from UTC ("2026-10-25T02:30+01:00"), and no other time has one. It must not know where input comes from.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, Final

from engine.calendar.holiday import FIRST_YEAR, LAST_YEAR
from engine.calendar.spoken import read_when
from engine.calendar.zone import parse_instant, to_utc
from engine.errors import DoubledHourError, HjulError, MissingHourError
from engine.language.sentence import Sentence, Words, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from engine.cases.decision import Raw
    from engine.cases.facts import Facts
    from engine.definition.value import Value

_WALL: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]([01]\d|2[0-3])[:.]([0-5]\d)(?::\d{2}(?:\.\d+)?)?)?")
_OFFSET: Final = re.compile(r"(z|[+-]\d{2}:\d{2})$", re.IGNORECASE)
TIMES: Final = (
    Words("första gången, före omställningen", "the first time, before the change"),
    Words("andra gången, efter omställningen", "the second time, after the change"),
)


class Unreadable(Exception):  # noqa: N818  carries the sentence of a fault to its collector, never leaves the module
    """A raw value is no value of its field, and why."""

    def __init__(self, why: Sentence, choices: tuple[tuple[str, Words], ...] = ()) -> None:
        super().__init__(why)
        self.why = why
        self.choices = choices


def read_wall(raw: Raw, facts: Facts, *, is_end: bool = False) -> str:
    """A day, or a time on the wall.

    Args:
        raw: What was said.
        facts: For the day and the zone.
        is_end: Whether it is an end of a period: then it is no choice by itself.

    Raises:
        Unreadable: It is none, or one that never was, or one that was twice and does not say which.
    """
    text = str(raw).strip().casefold()
    if not _WALL.fullmatch(text.upper()):
        text = (read_when(text, facts.today) or text).casefold()
    if _OFFSET.search(text) and "t" in text:
        return _of_instant(text, facts.zone)
    found = _WALL.fullmatch(text.upper())
    if not found:
        raise Unreadable(sentence("value.not_date"))
    day_text, hour, minute = found.groups()
    try:
        day = date.fromisoformat(day_text)
    except ValueError:
        raise Unreadable(sentence("value.no_such_day", day=day_text)) from None
    _check_year(day)
    if not hour:
        return day_text
    local = datetime.combine(day, time(int(hour), int(minute)))
    when = f"{day_text} {hour}:{minute}"
    try:
        to_utc(local, facts.zone)
    except MissingHourError:
        raise Unreadable(sentence("value.missing_hour", when=when)) from None
    except DoubledHourError:
        times = [local.replace(tzinfo=facts.zone, fold=fold).isoformat(timespec="minutes") for fold in (0, 1)]
        why = sentence("value.doubled_hour", when=when, first=times[0], second=times[1])
        raise Unreadable(why, () if is_end else tuple(zip(times, TIMES, strict=True))) from None
    return f"{day_text}T{hour}:{minute}"


def check_past(value: Value, facts: Facts) -> None:
    """Make sure that a day, a time or a period has come.

    Raises:
        Unreadable: It has not.
    """
    ends: Sequence[Any] = (value.get("from"), value.get("to")) if isinstance(value, dict) else (value,)
    now = parse_instant(facts.now).astimezone(facts.zone).isoformat()
    for end in map(str, ends):
        if is_before(now if "T" in end else now[:10], end, facts.zone):
            raise Unreadable(sentence("value.in_future", when=end.replace("T", " ")))


def is_before(one: str, other: str, zone: ZoneInfo) -> bool:
    """Whether a day or a time comes before another; of a day and a time, the day begins at midnight."""
    if len(one) == len(other) == 10:
        return one < other
    return _instant(one, zone) < _instant(other, zone)


def _instant(text: str, zone: ZoneInfo) -> datetime:
    found = datetime.fromisoformat(text)
    return (found if found.tzinfo is not None else found.replace(tzinfo=zone)).astimezone(UTC)


def _of_instant(text: str, zone: ZoneInfo) -> str:
    """An instant as it stood on the wall; with its offset where that time was twice."""
    try:
        local = parse_instant(text.upper()).astimezone(zone)
    except (HjulError, OverflowError):
        raise Unreadable(sentence("value.not_date")) from None
    _check_year(local.date())
    is_doubled = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return (local if is_doubled else local.replace(tzinfo=None)).isoformat(timespec="minutes")


def _check_year(day: date) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Unreadable(sentence("value.no_such_year", first=FIRST_YEAR, last=LAST_YEAR))
