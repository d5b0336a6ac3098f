"""Which letters and signs the fonts inside typst can show (Libertinus Serif, DejaVu Sans Mono, New Computer Modern).

PDF/UA demands a glyph for every sign, and a machine may have no fonts of its own. What cannot be shown is written by
its number in Unicode, `[U+1F600]`, so that nothing of what somebody wrote is lost. It must not know what is written.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

_COVERED: Final = (
    "20-7E A0-AC AE-4FF 510-513 51A-51D 531-5F4 606-60C 615 61B 61F 621-63A 640-655 65A 660-66D 674 "
    "679-67B 67E-680 683-684 686-687 691 698 6A4 6A9 6AF 6BE 6CC 6F0-6F9 900-950 955-97F E3F E81-E84 "
    "E87-E88 E8A E8D E94-E97 E99-E9F EA1-EA7 EAA-EAB EAD-EB9 EBB-EBC EC8-ECD 10D0-10FF 115F-1160 "
    "13A0-13FD 17B4-17B5 17C1-17C3 180B-180D 180F 1AB0-1ACE 1D00-200A 2010-2027 202F-2040 2042 2044-2052 "
    "2054-205F 2070-211E 2120 2122 2124 2126-2151 2153-2184 2189 2190-23FF 2422-2423 2460-262F 2638-268B "
    "2690-269C 26A0-26A7 26AA-26B2 2701-2704 2706-2709 270C-2727 2729-274B 274D 274F-2752 2756 2758-275E "
    "2761-277F 2794 2798-27AF 27B1-2BFF 2C60-2CFF 2E02-2E05 2E08-2E0A 2E17-2E18 2E1F 2E22-2E25 2E2E "
    "A640-A641 A648-A649 A656-A657 A708-A716 A71B-A727 A72D A730 A735 A765 A789-A78E A790-A791 A793 A7AA "
    "A7F8-A7F9 AB52 AB66 AB70-ABBF FB00-FB4F FB52-FB81 FB8A-FB95 FB9E-FB9F FBAA-FBAD FBE8-FBE9 FBFC-FBFF "
    "FE00-FE0F FE20-FE2F FE66 FE70-FEFC FFA0 FFFC-FFFD 1D400-1D7FF 1F12F 1F6D1 1F780-1F7EB 1F800-1F8B1 "
)
"""First and last of each run of code points, found by setting every sign there is with typst 0.15."""
_SELECTORS: Final = frozenset("\ufe0e\ufe0f\u200d")
"""They change the look of the sign before them; without it they say nothing."""


def shown(text: str) -> str:
    """A text in which every sign has a glyph."""
    if text.isascii():
        return text
    return "".join(
        one if _is_covered(one) else "" if one in _SELECTORS else f"[U+{ord(one):04X}]" for one in text
    )


@cache
def _is_covered(sign: str) -> bool:
    if sign in "\n\t" or ord(sign) < 0x7F:
        return True
    if unicodedata.category(sign) == "Cf":
        return sign not in _SELECTORS
    number = ord(sign)
    return any(first <= number <= last for first, last in _ranges())


@cache
def _ranges() -> tuple[tuple[int, int], ...]:
    found = []
    for run in _COVERED.split():
        first, _, last = run.partition("-")
        found.append((int(first, 16), int(last or first, 16)))
    return tuple(found)
