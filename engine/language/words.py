"""Words as they are searched for: what a text has in it, and what somebody who searches means.

Decided here and not by a database, so that both give the same answers: å, ä and ö are letters of their own, other
accents and case aside; a number is the same with and without zeros before it; whatever is no letter and no digit
divides words, and nothing that is typed is an operator. It must not know what is searched.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final

LONGEST: Final = 60
"""Letters of a word that count."""
MOST_TERMS: Final = 20
SHORTEST_BEGINNING: Final = 2
"""A word this long also finds words that begin with it."""
_QUOTES: Final = re.compile(r'["”“„«»]([^"”“„«»]*)["”“„«»]|([^\s"”“„«»]+)')
_KEPT: Final = {"å": "å", "ä": "ä", "ö": "ö", "æ": "ä", "ø": "ö"}
_SPELT: Final = {"z": "zz", "å": "za", "ä": "ze", "ö": "zo"}


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must stand beside each other; with `begins` the last one may go on."""

    words: tuple[str, ...]
    begins: bool


def words_of(text: str) -> list[str]:
    """The words of a text, in order, as they are compared."""
    return [
        _word(word)
        for word in "".join(map(_folded, unicodedata.normalize("NFC", text).casefold())).split(" ")
        if word
    ]


def read_terms(text: str) -> tuple[Term, ...]:
    """What somebody searches for: every term must be found.

    Words in quotation marks stand beside each other as they are. Other words find what begins with them, too; numbers
    and single letters only themselves. A word with a hyphen or the like in it is its parts beside each other.
    """
    terms: dict[Term, None] = {}
    for match in _QUOTES.finditer(text):
        quoted, plain = match.groups()
        words = tuple(words_of(quoted if quoted is not None else plain))
        if words:
            begins = quoted is None and not words[-1].isdecimal() and len(words[-1]) >= SHORTEST_BEGINNING
            terms[Term(words, begins)] = None
    return tuple(terms)[:MOST_TERMS]


def spell(word: str) -> str:
    """A word in small letters of ASCII and digits that no database divides or folds: one begins as the other does."""
    return "w" + "".join(map(_spelt, word))


@cache
def _folded(letter: str) -> str:
    """A letter as it is compared; the empty text for an accent by itself, a space for what divides words."""
    if letter in _KEPT:
        return _KEPT[letter]
    if unicodedata.combining(letter):
        return ""
    parts = unicodedata.normalize("NFKD", letter)
    plain = "".join(part for part in parts if not unicodedata.combining(part)).casefold()
    return plain if plain and all(part.isalnum() for part in plain) else " "


@cache
def _spelt(letter: str) -> str:
    if letter in _SPELT:
        return _SPELT[letter]
    return letter if letter.isascii() else f"zx{ord(letter):06x}"


def _word(text: str) -> str:
    word = text[:LONGEST]
    return (word.lstrip("0") or "0") if word.isascii() and word.isdecimal() else word
