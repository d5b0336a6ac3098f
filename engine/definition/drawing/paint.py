"""What a picture is painted with: colours on paper and on a dark screen, boxes and texts as SVG.

Colours stand on each shape, and a style for dark screens changes them: who knows no styles sees the paper's. It must
not know what is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from engine.definition.drawing.block import BOLD, SIZES, Block, Line
from engine.definition.drawing.letter import is_known, width

FONT: Final = "Liberation Sans, Arial, Helvetica, sans-serif"
COLOURS: Final = {
    "paper": ("fill", "#ffffff", "#16191d"),
    "ink": ("fill", "#1a1a1a", "#f1f3f5"),
    "faint": ("fill", "#4d4d4d", "#b9c0c7"),
    "time": ("fill", "#7a3b00", "#ffc078"),
    "box": ("fill", "#e8f0f8", "#1f3448"),
    "end": ("fill", "#eeeeee", "#2b2f34"),
    "card": ("fill", "#f6f7f8", "#202429"),
    "frame": ("stroke", "#1f4e79", "#8ec1f0"),
    "edge": ("stroke", "#8a9199", "#6c757d"),
    "line": ("stroke", "#4a4a4a", "#c1c8ce"),
    "halo": ("stroke", "#ffffff", "#16191d"),
    "tip": ("fill", "#4a4a4a", "#c1c8ce"),
}
"""What is painted -> whether it is filled or drawn, its colour on paper and on a dark screen."""
DARK: Final = "".join(f".hjul-{name}{{{how}:{dark}}}" for name, (how, _, dark) in COLOURS.items())
INKS: Final = {"state": "ink", "act": "ink", "head": "ink", "who": "faint", "due": "time"}


def put_rect(
    fill: str, stroke: str, x: float, y: float, block: Block, thick: float, more: str = "", *, radius: float
) -> str:
    """A box of the size of a block, its upper left corner there."""
    return (
        f'<rect class="hjul-{fill} hjul-{stroke}" fill="{COLOURS[fill][1]}" stroke="{COLOURS[stroke][1]}"'
        f' stroke-width="{figure(thick)}"{more} x="{figure(x)}" y="{figure(y)}" width="{figure(block.width)}"'
        f' height="{figure(block.height)}" rx="{figure(radius)}"/>'
    )


def paint(name: str) -> str:
    """The class and colour of what is painted."""
    how, light, _ = COLOURS[name]
    return f'class="hjul-{name}" {how}="{light}"'


def put_text(
    x: float, y: float, size: float, text: str,
    *, bold: bool = False, ink: str = "ink", middle: bool = False, more: str = "",
) -> str:  # fmt: skip
    """A line of text, beginning or with its middle there."""
    anchor = ' text-anchor="middle"' if middle else ""
    weight = ' font-weight="bold"' if bold else ""
    place = f'x="{figure(x)}" y="{figure(y)}" font-size="{figure(size)}"'
    if text and is_known(text):  # as wide as it was counted, whatever font there is
        place += f' textLength="{figure(width(text, size, bold=bold))}" lengthAdjust="spacingAndGlyphs"'
    return f"<text {paint(ink)} {place}{weight}{anchor}{more}>{escape(text)}</text>"


def figure(number: float) -> str:
    """A number of at most two decimals, the same on every machine."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def put_lines(block: Block, x: float, y: float, *, middle: bool) -> Iterator[str]:
    """What is written in a block whose upper edge is there."""
    for line in block.lines:
        yield _line(line, x, y, middle=middle)


def _line(line: Line, x: float, y: float, *, middle: bool) -> str:
    step = f' data-step="{escape(line.step)}"' if line.step else ""
    return put_text(
        x, y + line.base, SIZES[line.style], line.text,
        bold=line.style in BOLD, ink=INKS[line.style], middle=middle, more=step,
    )  # fmt: skip
