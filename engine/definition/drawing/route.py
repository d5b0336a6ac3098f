"""The lines between the rows: straight down where they can be, else across on a track of their own.

Between two rows there is nothing but lines, and in a row every line has its place as a `bend`: so no line can cover
a box or what is written on a way. It must not know what is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from engine.definition.drawing.layer import Rows
from engine.definition.drawing.place import PORT, ends

TRACK: Final = 9.0
"""The room between two lines that go across."""
FREE: Final = 11.0
"""What is left free over the first track and under the last."""
ARROW: Final = 17.0
"""The same on a side where there are arrows."""
NEAR: Final = PORT / 2
"""Lines nearer than this would be taken for one."""
TOUCHING: Final = 100

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Arrow:
    """The end of a way at its status: the tip, and whether it points downward."""

    way: int
    tip: Point
    down: bool


@dataclass(frozen=True, slots=True)
class Routed:
    """Where everything stands from the top, and the lines.

    Attributes:
        tops: The upper edge of each node.
        height: Of it all.
        pieces: The way and the corners of each piece of line, from the top down.
        arrows: One for each way.
    """

    tops: tuple[float, ...]
    height: float
    pieces: tuple[tuple[int, tuple[Point, ...]], ...]
    arrows: tuple[Arrow, ...]


@dataclass(slots=True, eq=False)
class _Net:
    """The links that run together between two rows: where they come from above and go to beneath."""

    tops: list[float]
    bottoms: list[float]

    @property
    def low(self) -> float:
        return min(*self.tops, *self.bottoms)

    @property
    def high(self) -> float:
        return max(*self.tops, *self.bottoms)


def route(rows: Rows, where: Sequence[float], widths: Sequence[float], heights: Sequence[float]) -> Routed:
    """Give each row its height, and each link its line."""
    starts, stops = ends(rows, where, widths)
    between: dict[int, list[int]] = defaultdict(list)
    for number, link in enumerate(rows.links):
        between[rows.nodes[link.upper].row].append(number)
    tops, row_tops = [0.0] * len(rows.nodes), []
    levels: dict[int, float] = {}
    y = 0.0
    for row, members in enumerate(rows.rows):
        row_tops.append(y)
        tall = max((heights[number] for number in members), default=0.0)
        for number in members:
            tops[number] = y + (tall - heights[number]) / 2
        y += tall
        if found := _tracks(rows, between[row], starts, stops):
            arriving = [rows.links[number] for number in found if rows.links[number].arrives]
            y += ARROW if any(rows.nodes[link.upper].kind == "place" for link in arriving) else FREE
            levels |= {number: y + TRACK * level for number, level in found.items()}
            y += TRACK * max(found.values())
            y += ARROW if any(rows.nodes[link.lower].kind == "place" for link in arriving) else FREE
    pieces, arrows = [], []
    for number, link in enumerate(rows.links):
        upper, lower = rows.nodes[link.upper], rows.nodes[link.lower]
        first = row_tops[upper.row] if upper.kind == "bend" else tops[link.upper] + heights[link.upper]
        last = row_tops[lower.row] if lower.kind == "bend" else tops[link.lower]
        x1, x2 = starts[number], stops[number]
        across = ((x1, levels[number]), (x2, levels[number])) if x1 != x2 else ()
        pieces.append((link.way, ((x1, first), *across, (x2, last))))
        if link.arrives:
            down = lower.kind == "place"
            arrows.append(Arrow(link.way, (x2, last) if down else (x1, first), down))
    return Routed(tuple(tops), y, tuple(pieces), tuple(arrows))


def _tracks(
    rows: Rows, links: Sequence[int], starts: Sequence[float], stops: Sequence[float]
) -> dict[int, int]:
    """The track of each link between two rows, from above. Lines that do not meet share one."""
    nets: dict[int, _Net] = {}
    member: dict[int, int] = {}
    for number in links:
        link = rows.links[number]
        # The links that share a sign or bend run together; its end is the one that is in the odd row.
        key = link.lower if rows.nodes[link.lower].row % 2 else link.upper
        net = nets.setdefault(key, _Net([], []))
        net.tops.append(starts[number])
        net.bottoms.append(stops[number])
        member[number] = key
    order = _from_above([net for net in nets.values() if net.low < net.high])
    levels: dict[_Net, int] = {}
    for at, net in enumerate(order):
        over = [levels[one] for one in order[:at] if one.low - NEAR < net.high and net.low - NEAR < one.high]
        levels[net] = max(over, default=-1) + 1
    return {number: levels.get(nets[key], 0) for number, key in member.items()}


def _from_above(nets: list[_Net]) -> list[_Net]:
    """An order with few crossings, where no line runs in another: each goes where it costs least, until none moves."""
    order: list[_Net] = []
    for net in sorted(nets, key=lambda one: (one.low, one.high)):
        order.insert(_best(order, net), net)
    for _ in nets:
        before = list(order)
        for net in before:
            order.remove(net)
            order.insert(_best(order, net), net)
        if order == before:
            break
    return order


def _best(order: Sequence[_Net], net: _Net) -> int:
    cost = sum(_cost(net, other) for other in order)
    best, least = 0, cost
    for number, other in enumerate(order, 1):
        cost += _cost(other, net) - _cost(net, other)
        if cost < least:
            best, least = number, cost
    return best


def _cost(above: _Net, beneath: _Net) -> int:
    """How many crossings it makes that one net is above another, and whether they would run in each other."""
    crossed = sum(above.low < x < above.high for x in beneath.tops)
    crossed += sum(beneath.low < x < beneath.high for x in above.bottoms)
    touching = any(abs(x - other) < NEAR for x in above.bottoms for other in beneath.tops)
    return crossed + TOUCHING * touching
