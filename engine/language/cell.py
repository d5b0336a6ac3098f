"""Text as a cell of a table that others open: what somebody wrote is read there and never computed.

It must not know which table, nor how the file is written.
"""

from __future__ import annotations

from typing import Final

COMPUTED: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet begins to compute at, full-width forms too (OWASP, CSV injection)."""


def inert(text: str) -> str:
    """The text, behind an apostrophe where a spreadsheet would take it for a formula."""
    is_computed = text.startswith(COMPUTED) or text.lstrip(" ").startswith(COMPUTED)
    return f"'{text}" if is_computed else text
