"""Days, instants and numbers as people read them. Instants are shown as the time on the wall in Sweden.

It must not know what the time is, nor any sentence.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from decimal import Decimal

ZONE: Final = "Europe/Stockholm"
MONTHS: Final = {
    "sv": ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}


def format_day(day: date | str) -> str:
    """Write a day as `2026-03-01`, which is how Swedish authorities write it too.

    A text that is no day is given back as it is: showing a case must not fail on what it holds.
    """
    return day if isinstance(day, str) else day.isoformat()[:10]


def format_instant(instant: datetime | str, zone: str = ZONE, *, seconds: bool = False) -> str:
    """Write an instant as local time: `2026-03-01 14:30`, with `seconds` `2026-03-01 14:30:05`.

    Args:
        instant: Aware, or text such as `2026-03-01T13:30:00.000000Z`. What is no instant is given back as it
            is; a time without an offset is on the wall already.
        zone: The authority's zone.
        seconds: Whether to show them.
    """
    if isinstance(instant, str):
        try:
            return format_instant(datetime.fromisoformat(instant), zone, seconds=seconds)
        except ValueError:
            return instant
    if instant.tzinfo is not None:
        from zoneinfo import ZoneInfo  # noqa: PLC0415 - help shows no times and need not load zones

        instant = instant.astimezone(ZoneInfo(zone))
    return instant.strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")


def format_month(month: str, language: str = "sv", *, year: bool = True) -> str:
    """Write a month such as `2026-03` shortly: `mar 2026`, without `year` `mar`."""
    name = MONTHS["en" if language == "en" else "sv"][int(month[5:7]) - 1]
    return f"{name} {month[:4]}" if year else name


def format_number(number: float | Decimal, language: str = "sv") -> str:
    """Write a number with the decimal mark of the language: `2,5`, in English `2.5`. Not grouped."""
    text = (
        str(number)
        if isinstance(number, int)
        else format(number, "f" if not isinstance(number, float) else "g")
    )
    return text if language == "en" else text.replace(".", ",")
