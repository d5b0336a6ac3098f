"""Pictures: SVG as PNG, for formats that hold no SVG. It must not know what is drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Final

PPI: Final = 200.0
SOURCE: Final = Path(__file__).with_name("picture.typ")


def draw_png(svg: str) -> bytes:
    """A picture as PNG on white paper, the same bytes for the same picture."""
    import typst  # noqa: PLC0415  loaded when something is drawn, not before

    drawn: bytes = typst.compile(
        SOURCE.read_bytes(), format="png", ppi=PPI, sys_inputs={"svg": svg}, ignore_system_fonts=True
    )
    return drawn
