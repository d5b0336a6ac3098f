"""How wide a text is and where it breaks, without a font: the widths of Helvetica, which Arial and its like share.

What those widths do not cover is counted as broad as it can be, so that a box is rather too wide than too narrow.
It must not know what is written.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

_PLAIN: Final = {
    222: "ijl", 191: "'", 260: "|", 278: " !,./:;I[\\]ft", 333: "()-`r", 334: "{}", 355: '"', 389: "*", 469: "^",
    500: "Jcksvxyz", 556: "#$?_abdeghnopqu0123456789L", 584: "+<=>~", 611: "FTZ", 667: "&ABEKPSVXY", 722: "CDHNRUw",
    778: "GOQ", 833: "Mm", 889: "%", 944: "W", 1015: "@",
}  # fmt: skip
"""Thousandths of the size -> the signs that are so wide."""
_BOLD: Final = {
    238: "'", 278: " ,./I\\ijl", 280: "|", 333: "!()-:;[]`ft", 389: "*{}r", 474: '"', 500: "z",
    556: "#$0123456789J_aceksvxy", 584: "+<=>^~", 611: "?FLTZbdghnopqu", 667: "EPSVXY", 722: "&ABCDHKNRU",
    778: "GOQw", 833: "M", 889: "%m", 944: "W", 975: "@",
}  # fmt: skip
_WIDTHS: Final = tuple(
    {sign: wide for wide, signs in widths.items() for sign in signs} for widths in (_PLAIN, _BOLD)
)
_UNKNOWN: Final = 1150
_BROAD: Final = 1500
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
    """How wide a line is, in the unit of its size; what is not known is counted as broad."""
    return sum(_sign(sign, bold) for sign in text) * size / 1000


def is_known(text: str) -> bool:
    """Whether every sign of a line has its own width, so that it may be drawn exactly so wide."""
    return all(_known(sign, bold=False) for sign in text)


def _known(sign: str, *, bold: bool) -> int | None:
    return _WIDTHS[bold].get(sign) or _WIDTHS[bold].get(unicodedata.normalize("NFD", sign)[0])


@cache
def _sign(sign: str, bold: bool) -> int:  # noqa: FBT001  a part of the key
    if known := _known(sign, bold=bold):
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
