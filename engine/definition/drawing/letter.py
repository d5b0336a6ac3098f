"""How wide a text is and where it breaks, without a font: the widths of Helvetica, which Arial and its like share.

What those widths do not cover is counted as broad as it can be, so that a box is rather too wide than too narrow.
It must not know what is written.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

_WIDTHS: Final = {
    222: "ijl'", 278: " !,./:;I[\\]ft", 334: '()-`{|}r"', 389: "*", 500: "Jcksvxyz^", 556: "#$?_abdeghnopqu0123456789L",
    584: "+<=>~", 611: "FTZ", 667: "&ABEKPSVXY", 722: "CDHNRUw", 778: "GOQ", 833: "Mm", 889: "%", 944: "W", 1015: "@",
}  # fmt: skip
"""Thousandths of the size -> the signs that are so wide."""
_WIDTH: Final = {sign: width for width, signs in _WIDTHS.items() for sign in signs}
_UNKNOWN: Final = 1050
_BROAD: Final = 1400
_BOLD: Final = 1.09
_SILENT: Final = frozenset("\u200b\u200c\u200d\u2060\ufe0e\ufe0f")
_TURNING: Final = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def clean(text: str) -> str:
    """A text on one line that XML can hold; marks that turn the direction of other text are taken away."""
    kept = (sign if sign.isprintable() or sign in _SILENT else _instead(sign) for sign in text)
    return " ".join("".join(kept).split())


def _instead(sign: str) -> str:
    if sign.isspace():
        return " "
    return "" if sign in _TURNING or unicodedata.category(sign) == "Cf" else "\ufffd"


def width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a line is, in the unit of its size; never too little in a font like Helvetica."""
    return sum(map(_sign, text)) * size * (_BOLD if bold else 1) / 1000


@cache
def _sign(sign: str) -> int:
    known = _WIDTH.get(sign) or _WIDTH.get(unicodedata.normalize("NFD", sign)[0])
    if known:
        return known
    if sign in _SILENT or unicodedata.category(sign) in ("Mn", "Me"):
        return 0
    return _BROAD if unicodedata.east_asian_width(sign) in "WF" or sign > "\uffff" else _UNKNOWN


def wrap(text: str, size: float, room: float, *, bold: bool = False) -> tuple[str, ...]:
    """The lines of a text, none wider than the room; a word that is wider itself is broken with a hyphen."""
    lines: list[str] = []
    line = ""
    for word in clean(text).split():
        longer = f"{line} {word}" if line else word
        if width(longer, size, bold=bold) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        *broken, line = _broken(word, size, room, bold=bold)
        lines += broken
    return (*lines, line) if line else tuple(lines)


def _broken(word: str, size: float, room: float, *, bold: bool) -> list[str]:
    parts = [""]
    for sign in word:
        joins = sign in _SILENT or unicodedata.combining(sign) or parts[-1].endswith("\u200d")
        if not joins and parts[-1] and width(f"{parts[-1]}{sign}-", size, bold=bold) > room:
            if parts[-1][-1].isalpha() and sign.isalpha():
                parts[-1] += "-"
            parts.append("")
        parts[-1] += sign
    return parts
