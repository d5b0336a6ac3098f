"""Days and times as people write them: "idag", "igår 14:30", "i fredags", "3/11", "3 november", ISO.

What is meant becomes ISO on the wall ("2026-11-03" or "2026-11-03T14:30"), which the engine reads. A day
without a year is the nearest such day, before or after today. It must not know what today is: that comes in.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from engine.language.alphabet import fold

DAYS: Final = {
    "idag": 0, "i dag": 0, "today": 0, "igar": -1, "i gar": -1, "yesterday": -1, "i forrgar": -2,
    "forrgar": -2, "imorgon": 1, "i morgon": 1, "tomorrow": 1, "i overmorgon": 2, "overmorgon": 2,
}  # fmt: skip
"""Without accents, as all that follows: what was typed is folded before it is looked up."""
WEEKDAYS: Final = (
    ("mandag", "monday"), ("tisdag", "tuesday"), ("onsdag", "wednesday"), ("torsdag", "thursday"),
    ("fredag", "friday"), ("lordag", "saturday"), ("sondag", "sunday"),
)  # fmt: skip
MONTHS: Final = (
    ("jan", "januari", "january"), ("feb", "februari", "february"), ("mar", "mars", "march"),
    ("apr", "april"),
    ("maj", "may"), ("jun", "juni", "june"), ("jul", "juli", "july"), ("aug", "augusti", "august"),
    ("sep", "sept", "september"), ("okt", "oct", "oktober", "october"), ("nov", "november"),
    ("dec", "december"),
)  # fmt: skip

LONGEST: Final = 60
"""No day is longer to write than this."""

_TIME: Final = re.compile(
    r"(?:^|[\sT])(?:kl\.?\s*|at\s+)?(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)$", re.IGNORECASE
)
_HOUR: Final = re.compile(r"(?:^|\s)(?:kl\.?|at)\s*(?P<hour>[01]?\d|2[0-3])$", re.IGNORECASE)
_NUMBERS: Final = re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})(?:[\s/.-]+(?P<year>\d{4}|\d{2}))?")
_NAMED: Final = re.compile(
    r"(?:den\s+)?(?P<day>\d{1,2})(?::?e|:?a)?\s+(?P<month>[a-z]{3,9})\.?(?:\s+(?P<year>\d{4}))?"
)
_COMPACT: Final = re.compile(r"(?P<year>\d{4}|\d{2})(?P<month>\d{2})(?P<day>\d{2})")
_EXACT: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})", re.IGNORECASE
)


def read_when(text: str, today: date) -> str | None:
    """The day, or day and time, that a text means; None for none. An instant is given back as it is."""
    if len(text) > LONGEST:
        return None
    text = " ".join(fold(text).split())
    if _EXACT.fullmatch(text):
        return text.upper().replace(" ", "T")
    clock = None
    if found := _TIME.search(text) or _HOUR.search(text):
        clock = f"{int(found['hour']):02d}:{found.groupdict().get('minute') or '00'}"
        text = text[: found.start()].strip().rstrip(",")
        text = text or "idag"
    day = _day(text, today)
    if day is None:
        return None
    return f"{day.isoformat()}T{clock}" if clock else day.isoformat()


def read_period(text: str, today: date) -> str | None:
    """The period, as "FROM..TO", that a text such as "1/3 till 5/3" means; None when it means none."""
    ends = re.split(r"\.\.|\s+(?:till|to|-)\s+", text.strip(), maxsplit=1)
    if len(ends) != 2:
        return None
    said = [read_when(end, today) for end in ends]
    return "..".join(end for end in said if end) if all(said) else None


def _day(text: str, today: date) -> date | None:
    if text in DAYS:
        return today + timedelta(days=DAYS[text])
    if not text[:1].isdecimal() and (found := _weekday(text, today)) is not None:
        return found
    for pattern in (_NUMBERS, _NAMED, _COMPACT):
        if match := pattern.fullmatch(text):
            month = _month(match["month"])
            return _nearest(match["year"], month, int(match["day"]), today) if month else None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _weekday(text: str, today: date) -> date | None:
    """The day before today that "i fredags" means, or the day after it that "på fredag" means."""
    for number, (swedish, english) in enumerate(WEEKDAYS):
        if text in (f"i {swedish}s", f"{swedish}s", f"last {english}"):
            return today - timedelta(days=(today.weekday() - number - 1) % 7 + 1)
        if text in (f"pa {swedish}", f"on {english}", f"next {english}"):
            return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    return None


def _month(text: str) -> int | None:
    if text.isdecimal():
        return int(text)
    return next((number for number, names in enumerate(MONTHS, 1) if text in names), None)


def _nearest(year: str | None, month: int, day: int, today: date) -> date | None:
    if year is not None:
        return _date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    around = (_date(today.year + step, month, day) for step in (-1, 0, 1))
    return min((one for one in around if one), key=lambda one: abs(one - today), default=None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
