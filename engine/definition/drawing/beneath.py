"""What stands under the picture: what its shapes mean, and the steps that can be taken in several statuses.

It must not know where the statuses stand.
"""

from __future__ import annotations

from typing import Final

from engine.definition.drawing.block import INSIDE, Block, heading, told
from engine.definition.drawing.flow import Beside, Flow
from engine.definition.drawing.letter import width
from engine.definition.drawing.paint import figure, paint, put_lines, put_rect, put_text
from engine.language.say import say
from engine.language.sentence import sentence

NOTE: Final = 250.0
"""How wide a column is at least."""
GUTTER: Final = 16.0


def put_legend(flow: Flow, language: str, wide: float) -> tuple[list[str], float]:
    """What the shapes mean: those that are in the picture. And how far down it goes."""
    small = Block((), 26, 14)
    shown = [
        (
            f'<circle {paint("tip")} cx="18" cy="0" r="6"/>',
            "diagram.legend.start",
            any(not way.sources for way in flow.ways),
        ),
        (
            put_rect("end", "frame", 0, -7, small, 1.5, radius=3)
            + put_rect("end", "frame", 3, -4, Block((), 20, 8), 1, radius=2),
            "diagram.legend.end",
            any(one.is_final for one in flow.places),
        ),
        (
            f'<path {paint("line")} stroke-width="1.6" stroke-dasharray="6 4" d="M0 0H26"/>',
            "diagram.legend.by_itself",
            any(way.by_itself for way in flow.ways),
        ),
        (
            put_rect("box", "frame", 0, -7, small, 1.2, radius=3)
            + f'<path {paint("frame")} stroke-width="0.8" d="M4 1H22"/>',
            "diagram.legend.stays",
            any(one.acts for one in flow.places),
        ),
    ]
    parts: list[str] = []
    x, y = 0.0, 8.0
    for drawn, name, is_there in shown:
        if not is_there:
            continue
        said = say(sentence(name), language)
        long = 34 + width(said, 11.5) + 26
        if x and x + long > wide:
            x, y = 0.0, y + 22
        parts.append(
            f'<g transform="translate({figure(x)} {figure(y)})">{drawn}{put_text(34, 4, 11.5, said, ink="faint")}</g>'
        )
        x += long
    return parts, y + 12 if parts else 0.0


def put_notes(flow: Flow, wide: float, top: float) -> tuple[list[str], float]:
    """The steps that stay in several statuses: cards as broad as they have steps, each as high up as it can be."""
    if not flow.beside:
        return [], top
    columns = max(1, int((wide + GUTTER) // (NOTE + GUTTER)))
    column = (wide - GUTTER * (columns - 1)) / columns
    number = sum(len(one.acts) for one in flow.beside)
    filled = [top + 14.0] * columns
    parts: list[str] = []
    for one in flow.beside:
        span = (
            columns if len(flow.beside) == 1 else max(1, min(columns - 1, columns * len(one.acts) // number))
        )
        at = min(range(columns - span + 1), key=lambda first: (max(filled[first : first + span]), first))
        x, y = at * (column + GUTTER), max(filled[at : at + span])
        card, high = _card(one, x, y, (column + GUTTER) * span - GUTTER, span)
        parts += card
        filled[at : at + span] = [y + high + 12] * span
    return parts, max(filled) - 12


def _card(one: Beside, x: float, y: float, wide: float, columns: int) -> tuple[list[str], float]:
    """A heading with its steps in so many columns, read downward; and how high it is."""
    columns = min(columns, len(one.acts))
    column = (wide - GUTTER * (columns - 1)) / columns
    head = heading(one.heading, wide - 2 * INSIDE)
    acts = [told(act, column - 2 * INSIDE) for act in one.acts]
    each = -(-len(acts) // columns)
    parts: list[str] = []
    high = 0.0
    for first in range(0, len(acts), each):
        down = INSIDE + head.height + 6
        for block in acts[first : first + each]:
            parts += put_lines(block, x + INSIDE + first // each * (column + GUTTER), y + down, middle=False)
            down += block.height + 8
        high = max(high, down)
    return [
        "<g>",
        put_rect("card", "edge", x, y, Block((), wide, high), 0.8, radius=5),
        *put_lines(head, x + INSIDE, y + INSIDE, middle=False),
        *parts,
        "</g>",
    ], high
