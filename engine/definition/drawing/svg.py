"""A process as SVG that stands alone: no script, no outside font, text as text, told in words for those who do not see.

What colour says, shape says too: a double frame, a dashed line, a dot. Colours turn where the reader has dark screens,
and stay light on paper. It must not know cases or files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from engine.definition.drawing.beneath import put_legend, put_notes
from engine.definition.drawing.block import INSIDE, Block, box, sign
from engine.definition.drawing.flow import Flow, flow_of
from engine.definition.drawing.layer import Rows, arrange
from engine.definition.drawing.letter import width, wrap
from engine.definition.drawing.paint import DARK, FONT, figure, paint, put_lines, put_rect, put_text
from engine.definition.drawing.place import least_width, place
from engine.definition.drawing.route import Arrow, Point, Routed, route
from engine.definition.model import Process

MARGIN: Final = 24.0
TITLE: Final = 24.0
NARROWEST: Final = 560.0
DOT: Final = 16.0
ROUND: Final = 7.0


@dataclass(frozen=True, slots=True)
class Picture:
    """Where everything stands: what is written, what is joined, and how wide and high it is."""

    flow: Flow
    rows: Rows
    blocks: tuple[Block, ...]
    where: tuple[float, ...]
    routed: Routed
    width: float


def svg(process: Process, language: str = "sv", *, staying: bool = True) -> str:
    """The picture, the same for the same process.

    Args:
        process: What to draw: its states from above in the order written, and the steps between them.
        language: Of the labels, "sv" or "en".
        staying: Whether the steps that stay are told, in the box of their state or under the picture.
    """
    return draw(lay_out(flow_of(process, language, staying=staying)), language)


def lay_out(flow: Flow) -> Picture:
    """Place everything that a process says."""
    rows = arrange(flow)
    blocks = tuple(_block(flow, rows, number) for number in range(len(rows.nodes)))
    widths = [one.width for one in blocks]
    where = place(rows, widths)
    routed = route(rows, where, widths, [one.height for one in blocks])
    right = max(x + width / 2 for x, width in zip(where, widths, strict=True))
    return Picture(flow, rows, blocks, tuple(where), routed, right)


def _block(flow: Flow, rows: Rows, number: int) -> Block:
    node = rows.nodes[number]
    if node.kind == "place":
        found = box(flow.places[node.item])
        wide = max(found.width, least_width(rows, number))
        return Block(found.lines, wide, found.height, found.rule)
    if node.kind == "sign":
        return sign(flow.ways[node.item])
    side = DOT if node.kind == "start" else 0.0
    return Block((), side, side)


def draw(picture: Picture, language: str) -> str:
    """The SVG of what has been placed."""
    flow, routed = picture.flow, picture.routed
    wide = max(picture.width, NARROWEST)
    head = list(_head(flow, wide))
    left = MARGIN + (wide - picture.width) / 2
    top = MARGIN + _under(picture, left, TITLE * 1.25 * (len(head) - 1) + 26)
    legend, below = put_legend(flow, language, wide)
    notes, last = put_notes(flow, wide, below)
    total = wide + 2 * MARGIN, top + routed.height + 26 + last + MARGIN
    size = " ".join(map(figure, total))
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" role="img"'
        f' aria-labelledby="title desc" font-family="{FONT}">'
    )
    parts = [
        opening,
        f'<title id="title">{escape(flow.heading)}</title>',
        f'<desc id="desc">{escape(flow.told)}</desc>',
        f"<style>@media screen and (prefers-color-scheme:dark){{{DARK}}}</style>",
        f'<rect {paint("paper")} width="{figure(total[0])}" height="{figure(total[1])}"/>',
        *head,
        f'<g transform="translate({figure(left)} {figure(top)})">',
        *_ways(picture),
        *_nodes(picture),
        "</g>",
        f'<g transform="translate({figure(MARGIN)} {figure(top + routed.height + 26)})">',
        *legend,
        *notes,
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _under(picture: Picture, left: float, high: float) -> float:
    """How far down the picture begins: beside its title when all that is so high up stands to the right of that."""
    broad = max(width(line, TITLE, bold=True) for line in (picture.flow.title, picture.flow.version))
    nodes = zip(picture.where, picture.blocks, picture.routed.tops, strict=True)
    edges = [x - block.width / 2 for x, block, y in nodes if y < high]
    edges += [x for _, corners in picture.routed.pieces for x, y in corners if y < high]
    return 0.0 if left + min(edges) > MARGIN + broad + 2 * MARGIN else high


def _head(flow: Flow, wide: float) -> Iterator[str]:
    y = MARGIN
    for line in wrap(flow.title, TITLE, wide, bold=True):
        yield put_text(MARGIN, y + TITLE * 0.8, TITLE, line, bold=True)
        y += TITLE * 1.25
    yield put_text(MARGIN, y + 9, 12, flow.version, ink="faint")


# --- the picture


def _ways(picture: Picture) -> Iterator[str]:
    """Each way as one line, with paper under it so that one line is seen to pass over another."""
    arrows = {arrow.way: arrow for arrow in picture.routed.arrows}
    for number, way in enumerate(picture.flow.ways):
        path = " ".join(
            _path(corners, arrows[number]) for of, corners in picture.routed.pieces if of == number
        )
        dashed = ' stroke-dasharray="6 4"' if way.by_itself else ""
        sources = escape(" ".join(way.sources))
        yield f'<path {paint("halo")} fill="none" stroke-width="5" d="{path}"/>'
        yield (
            f'<path {paint("line")} fill="none" stroke-width="1.6"{dashed} data-from="{sources}"'
            f' data-to="{escape(way.target)}" d="{path}"/>'
        )
        yield _arrow(arrows[number])


def _path(corners: Sequence[Point], arrow: Arrow) -> str:
    """A line with rounded corners; it ends a little within its arrow."""
    points = [(x, y + (-6 if arrow.down else 6)) if (x, y) == arrow.tip else (x, y) for x, y in corners]
    (x, y), *rest = points
    drawn = [f"M{figure(x)} {figure(y)}"]
    if len(points) == 4:
        across, last = points[2][0], points[3]
        size = min(ROUND, abs(across - x) / 2, abs(points[1][1] - y), abs(last[1] - points[1][1]))
        level, side = points[1][1], size if across > x else -size
        drawn += [
            f"V{figure(level - size)}Q{figure(x)} {figure(level)} {figure(x + side)} {figure(level)}",
            f"H{figure(across - side)}Q{figure(across)} {figure(level)} {figure(across)} {figure(level + size)}",
        ]
    return "".join((*drawn, f"V{figure(rest[-1][1])}"))


def _arrow(arrow: Arrow) -> str:
    x, y = arrow.tip
    back = y - 9 if arrow.down else y + 9
    return f'<path {paint("tip")} d="M{figure(x)} {figure(y)}L{figure(x - 4.5)} {figure(back)}H{figure(x + 4.5)}Z"/>'


def _nodes(picture: Picture) -> Iterator[str]:
    for number, node in enumerate(picture.rows.nodes):
        block, y = picture.blocks[number], picture.routed.tops[number]
        x = picture.where[number] - block.width / 2
        if node.kind == "place":
            yield from _box(picture, node.item, block, x, y)
        elif node.kind == "sign":
            dashed = ' stroke-dasharray="4 3"' if picture.flow.ways[node.item].by_itself else ""
            yield "<g>"
            yield put_rect("card", "edge", x, y, block, 0.8, dashed, radius=9)
            yield from put_lines(block, x + block.width / 2, y, middle=True)
            yield "</g>"
        elif node.kind == "start":
            half = DOT / 2
            yield f'<circle {paint("tip")} cx="{figure(x + half)}" cy="{figure(y + half)}" r="{figure(half)}"/>'


def _box(picture: Picture, item: int, block: Block, x: float, y: float) -> Iterator[str]:
    one = picture.flow.places[item]
    yield f'<g data-state="{escape(one.state)}">'
    yield put_rect("end" if one.is_final else "box", "frame", x, y, block, 1.8, radius=5)
    if one.is_final:
        inner = Block((), block.width - 8, block.height - 8)
        yield put_rect("end", "frame", x + 4, y + 4, inner, 1.2, radius=3)
    if block.rule:
        yield (
            f'<path {paint("frame")} stroke-width="0.8" d="M{figure(x + INSIDE)} {figure(y + block.rule)}'
            f'H{figure(x + block.width - INSIDE)}"/>'
        )
    yield from put_lines(block, x + block.width / 2, y, middle=True)
    yield "</g>"
