"""References: how a case is named (`ÅTG-2026-0031`), and how people type it (`atg-2026-31`).

A reference is matched without regard to case, accents and leading zeros. Since prefixes are unique among processes,
the folded form names one case. It must not know which prefixes there are.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_TYPED: Final = re.compile(r"([^\W\d_][\w]{0,7})-(\d{4})-0*([1-9]\d{0,8})")
DIGITS: Final = 4


def format_reference(prefix: str, year: int, number: int) -> str:
    """A reference as it is written: at least four digits."""
    return f"{prefix}-{year}-{number:0{DIGITS}d}"


def is_reference(name: str, prefix: str, day: str) -> bool:
    """Whether a name is one that a case of a prefix, opened on a day, can have been given."""
    head, _, number = name.rpartition("-")
    is_number = number.isascii() and number.isdecimal() and len(number) >= DIGITS and number != "0" * DIGITS
    return is_number and (len(number) == DIGITS or number[0] != "0") and head == f"{prefix}-{day[:4]}"


def fold(text: str) -> str:
    """Upper case without accents: `åtg` and `ATG` are the same."""
    apart = unicodedata.normalize("NFD", text.strip().upper())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def read_reference(text: str) -> str | None:
    """The folded form of a typed reference (`ATG-2026-0031`), None when it is none."""
    found = _TYPED.fullmatch(fold(text))
    return format_reference(found[1], int(found[2]), int(found[3])) if found else None


def asked_for(text: str) -> str:
    """A reference that was asked for, in the one form in which it is said to be unknown.

    Whether it is hidden or not there, however it was typed, it looks the same.
    """
    return read_reference(text) or text[:40]
