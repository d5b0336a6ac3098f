"""Instants from what an edge gives: a UTC instant as it is, a day or time on the wall of the authority as one."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from engine.calendar.zone import format_instant, local_date, parse_instant, to_utc
from engine.errors import InstantError

NOON: Final = time(12)
_OFFSET: Final = re.compile(r"([Zz]|[+-]\d{2}:\d{2})$")
END_OF_DAY: Final = time(23, 59, 59, 999999)


def instant_of(
    text: str | None, zone: ZoneInfo, *, day_at: time = NOON, latest: str | None = None
) -> str | None:
    """The instant, UTC and of fixed width, of an ISO text; None stays None.

    Args:
        text: "2026-03-01", "2026-03-01T08:30", or with Z or an offset.
        zone: Where the wall is.
        day_at: Which time of the day a day alone means.
        latest: Now: today alone means now, when its time is not yet.

    Raises:
        InstantError: The text is none of these.
        MissingHourError: The clock was put forward past that time.
        DoubledHourError: The clock was put back, and the time was twice.
    """
    if text is None:
        return None
    if _OFFSET.search(text, 10):
        return format_instant(parse_instant(text))
    try:
        wall = datetime.fromisoformat(text)
    except ValueError:
        raise InstantError(text[:40]) from None
    if len(text) == 10:
        found = format_instant(to_utc(datetime.combine(wall.date(), day_at), zone))
        is_today = latest is not None and local_date(parse_instant(latest), zone) == wall.date()
        return min(found, latest) if latest is not None and is_today else found
    return format_instant(to_utc(wall, zone))
