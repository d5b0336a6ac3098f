"""Personal identity numbers in free text: found so that whoever writes can take them out. Nothing is kept of them.

A personnummer is six or eight digits of a day of birth, a `-` or `+` that may be left out, three digits and a check
digit (folkbokföringslagen (1991:481) 18 §); a samordningsnummer has 60 added to the day (lag (2022:1697) om
samordningsnummer). The check digit is by Luhn's algorithm over the last ten. It must not know where the text stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

_SHAPE: Final = re.compile(
    r"(?<![\d-])(?P<century>18|19|20)?(?P<year>\d{2})(?P<month>\d{2})(?P<day>\d{2})\s?[-+\u2010-\u2013]?\s?(?P<end>(?!000)\d{4})(?![\d-])"
)
_COORDINATED: Final = 60
AROUND: Final = 40
"""So many characters are shown of a text on each side of what stands in it."""


@dataclass(frozen=True, slots=True)
class PersonalNumber:
    """Where one stands in a text, from and to, and how it may be shown: the year of birth, the rest hidden."""

    start: int
    end: int
    masked: str


def find_personal_numbers(text: str) -> tuple[PersonalNumber, ...]:
    """Every personal identity number, or coordination number, in a text."""
    return tuple(
        PersonalNumber(found.start(), found.end(), f"{found['century'] or ''}{found['year']}xxxx-xxxx")
        for found in _SHAPE.finditer(text)
        if _is_day(found) and _is_whole(found)
    )


@dataclass(frozen=True, slots=True)
class Spotted:
    """A text that holds such numbers: the keys and places that lead to it, and how they may be shown where they stand.

    masked: each number as it may be shown, in order. excerpt: the words around them, on one line.
    """

    path: tuple[str | int, ...]
    masked: tuple[str, ...]
    excerpt: str


def spot_personal_numbers(values: Any, path: tuple[str | int, ...] = ()) -> Iterator[Spotted]:
    """Every text with personal numbers in it, in what was typed or sent: a text, a list or a mapping, however deep."""
    if isinstance(values, str):
        found = find_personal_numbers(values)
        if found:
            yield Spotted(path, tuple(one.masked for one in found), _excerpt(values, found))
    elif isinstance(values, Mapping):
        for key, value in values.items():
            yield from spot_personal_numbers(value, (*path, key))
    elif isinstance(values, (list, tuple)):
        for place, value in enumerate(values):
            yield from spot_personal_numbers(value, (*path, place))


def _excerpt(text: str, found: tuple[PersonalNumber, ...]) -> str:
    """The text from some words before the first number to some after the last; a long way between two is left out."""
    at = max(0, found[0].start - AROUND)
    shown = "…" if at else ""
    for one in found:
        if one.start - at > 2 * AROUND:
            shown += f"{text[at : at + AROUND]} … "
            at = one.start - AROUND
        shown += text[at : one.start] + one.masked
        at = one.end
    rest = text[at:]
    shown += rest if len(rest) <= AROUND else f"{rest[:AROUND]}…"
    return " ".join(shown.split())


def _is_day(found: re.Match[str]) -> bool:
    """Whether somebody can have been born on it, in any of the centuries it may mean."""
    day = int(found["day"])
    day -= _COORDINATED if day > _COORDINATED else 0
    for century in (found["century"],) if found["century"] else ("19", "20"):
        try:
            date(int(century + found["year"]), int(found["month"]), day)
        except ValueError:
            continue
        return True
    return False


def _is_whole(found: re.Match[str]) -> bool:
    """Whether the check digit is right (Luhn)."""
    digits = found["year"] + found["month"] + found["day"] + found["end"]
    total = 0
    for place, digit in enumerate(digits):
        doubled = int(digit) * (2 - place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0
