"""Instants and the local time of an authority's zone.

An instant is kept in UTC with microseconds and written in one way, so that texts sort as the instants do. The
time on the wall is read in a zone; an hour that never was, and one that was twice, are said and not guessed.
This module must not know what the time is.
"""

import re
from datetime import UTC, date, datetime, tzinfo
from typing import Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.errors import (
    AwareTimeError,
    CalendarRangeError,
    DoubledHourError,
    InstantError,
    MissingHourError,
    NaiveTimeError,
    UnknownZoneError,
)

STOCKHOLM: Final = "Europe/Stockholm"

_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]([01][0-9]|2[0-3]):[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
    r"(?P<offset>[Zz]|[+-][0-9]{2}:[0-9]{2})?"
)


def load_zone(name: str = STOCKHOLM) -> ZoneInfo:
    """Return the time zone of a name.

    Raises:
        UnknownZoneError: There is none.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownZoneError(name) from None


def local_date(instant: datetime, zone: ZoneInfo) -> date:
    """Return the day that it was in a zone at an instant.

    Raises:
        NaiveTimeError: The time does not say its offset from UTC.
        CalendarRangeError: The day is outside the years 1 to 9999.
    """
    return _convert(instant, zone).date()


def to_utc(local: datetime, zone: ZoneInfo, which: Literal["first", "second"] | None = None) -> datetime:
    """Return the instant, in UTC, of a time on the wall in a zone.

    Args:
        local: The time without offset.
        zone: Where the wall is.
        which: Which one is meant, should the time have been twice.

    Raises:
        AwareTimeError: The time says an offset; then it is an instant already.
        MissingHourError: The clock was put forward past that time.
        DoubledHourError: The clock was put back, the time was twice and `which` was not said.
        CalendarRangeError: The instant is outside the years 1 to 9999.
    """
    if local.tzinfo is not None:
        raise AwareTimeError(local.isoformat())
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    instant = _convert(first, UTC)
    if first.utcoffset() == second.utcoffset():
        return instant
    if instant.astimezone(zone).replace(tzinfo=None) != local.replace(fold=0):
        raise MissingHourError(local.isoformat(), str(zone))
    if which is None:
        raise DoubledHourError(local.isoformat(), str(zone), first.isoformat(), second.isoformat())
    return instant if which == "first" else _convert(second, UTC)


def format_instant(instant: datetime) -> str:
    """Write an instant as `YYYY-MM-DDTHH:MM:SS.ffffffZ`, always 27 characters.

    Raises:
        NaiveTimeError: The time does not say its offset from UTC.
        CalendarRangeError: The instant in UTC is outside the years 1 to 9999.
    """
    return _convert(instant, UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def parse_instant(text: str) -> datetime:
    """Read an instant, in UTC: a date, a time and `Z` or an offset such as `+02:00`.

    Raises:
        InstantError: The text is no date and time.
        NaiveTimeError: It says neither `Z` nor an offset.
        CalendarRangeError: The instant in UTC is outside the years 1 to 9999.
    """
    found = _INSTANT.fullmatch(text)
    if not found:
        raise InstantError(text[:80])
    try:
        read = datetime.fromisoformat(text.upper())
    except ValueError:
        raise InstantError(text[:80]) from None
    return _convert(read, UTC)


def _convert(instant: datetime, zone: tzinfo) -> datetime:
    if instant.tzinfo is None:
        raise NaiveTimeError(instant.isoformat())
    try:
        return instant.astimezone(zone)
    except OverflowError:
        raise CalendarRangeError(instant.year, date.min.year, date.max.year) from None
