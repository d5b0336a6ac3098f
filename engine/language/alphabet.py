"""Letters: how words are compared when people type them, and the order a Swede expects lists in.

It must not know what the words name.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

_SWEDISH: Final = {"å": "z1", "ä": "z2", "ö": "z3", "æ": "z2", "ø": "z3"}


@cache
def fold(text: str) -> str:
    """Return the text as it is compared when somebody types it: without case, accents and outer blanks."""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter)).strip()


@cache
def sort_key(text: str) -> tuple[tuple[tuple[int, int | str], ...], str]:
    """Return the key that sorts as Swedish does: å, ä, ö last in that order, other accents and case aside.

    Digits that stand together sort as the number they are, so that *Avdelning 9* comes before *Avdelning 10*.
    """
    units: list[tuple[int, int | str]] = []
    digits = ""
    for letter in unicodedata.normalize("NFC", text.casefold()):
        if letter.isdecimal():
            digits += letter
            continue
        if digits:
            units.append((1, int(digits)))
            digits = ""
        units.append((2, _SWEDISH.get(letter) or fold(letter) or " "))
    if digits:
        units.append((1, int(digits)))
    return tuple(units), text
