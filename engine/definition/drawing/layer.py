"""Which row everything stands in, and in what order from left to right: the first half of a layered drawing.

After Sugiyama, Tagawa and Toda (1981), with two liberties. What is written on a way stands in a row of its own between
those of the statuses, so that it can cover nothing. And the ways of one step from many statuses run together in one
line as they go. A way that leads back is laid out as if it led on; only its arrow shows that it does not.
It must not know widths, nor what is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from engine.definition.drawing.flow import Flow

SWEEPS: Final = 12

Kind = Literal["place", "start", "sign", "bend"]


@dataclass(frozen=True, slots=True)
class Node:
    """Something in a row. `item` is the number of its place (`place`) or way (the others).

    A `start` is the dot where cases begin, a `sign` what is written on a way, a `bend` where a way passes a row.
    """

    kind: Kind
    item: int
    row: int


@dataclass(frozen=True, slots=True)
class Link:
    """A piece of a way between two rows that follow each other: the numbers of its nodes.

    `arrives` on the one that ends at the status it leads to.
    """

    upper: int
    lower: int
    way: int
    arrives: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """Everything in its row and order.

    Attributes:
        nodes: All of them; the others speak of them by number.
        links: The pieces of the ways.
        rows: The nodes of each row from left to right; even rows hold places, odd ones signs.
    """

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    rows: tuple[tuple[int, ...], ...]


def arrange(flow: Flow) -> Rows:
    """Put everything in rows, so that few lines cross."""
    ranks = _ranks(flow)
    nodes = [Node("place", number, 2 * ranks[place.state]) for number, place in enumerate(flow.places)]
    number_of = {place.state: number for number, place in enumerate(flow.places)}
    links: list[Link] = []
    for way_number, way in enumerate(flow.ways):
        target = number_of[way.target]
        sources = [number_of[one] for one in way.sources]
        if not sources:
            nodes.append(Node("start", way_number, nodes[target].row - 2))
            sources = [len(nodes) - 1]
        _lay(nodes, links, way_number, sources, target)
    rows: list[list[int]] = [[] for _ in range(max(node.row for node in nodes) + 1)]
    for number, node in enumerate(nodes):
        rows[node.row].append(number)
    return Rows(tuple(nodes), tuple(links), _ordered(rows, links))


def _ranks(flow: Flow) -> Mapping[str, int]:
    """How far down each status stands: beneath every status written before it that a way joins it to.

    The order written decides which way is back: it is the order in which a case goes, as its author sees it.
    """
    order = {place.state: number for number, place in enumerate(flow.places)}
    ranks = dict.fromkeys(order, 0)
    above: dict[str, set[str]] = defaultdict(set)
    for way in flow.ways:
        if not way.sources:
            ranks[way.target] = 1
        for source in way.sources:
            first, second = sorted((source, way.target), key=order.__getitem__)
            above[second].add(first)
    for state in order:
        ranks[state] = max((ranks[state], *(ranks[one] + 1 for one in above[state])))
    return ranks


def _lay(nodes: list[Node], links: list[Link], way: int, sources: Sequence[int], target: int) -> None:
    """The nodes and links of a way. Its sources lie all above its target, or all beneath."""
    rows = [nodes[one].row for one in sources]
    down = rows[0] < nodes[target].row
    end = nodes[target].row
    # The line begins at the farthest source, what is written on it stands where the last one has joined.
    stretch = range(min(rows) + 1, end) if down else range(max(rows) - 1, end, -1)
    sign = max(rows) + 1 if down else min(rows) - 1
    before: int | None = None
    at: dict[int, int] = {}
    for row in stretch:
        nodes.append(Node("sign" if row == sign else "bend", way, row))
        here = at[row] = len(nodes) - 1
        if before is not None:
            links.append(_link(before, here, way, down=down))
        before = here
    assert before is not None  # noqa: S101  a target is never in the row of its source
    links.append(Link(before, target, way, arrives=True) if down else Link(target, before, way, arrives=True))
    links += [_link(one, at[nodes[one].row + (1 if down else -1)], way, down=down) for one in sources]


def _link(first: int, second: int, way: int, *, down: bool) -> Link:
    return Link(first, second, way) if down else Link(second, first, way)


def _ordered(rows: list[list[int]], links: Sequence[Link]) -> tuple[tuple[int, ...], ...]:
    """The order with the fewest crossings that is met when each row is put after its neighbours, to and fro."""
    over, under = defaultdict(list), defaultdict(list)
    for link in links:
        under[link.upper].append(link.lower)
        over[link.lower].append(link.upper)
    best, fewest = [list(row) for row in rows], _all_crossings(rows, under)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        near = over if down else under
        turn = range(1, len(rows)) if down else range(len(rows) - 2, -1, -1)
        for row in turn:
            _settle(rows, row, near, -1 if down else 1)
        for row in range(len(rows)):
            _exchange(rows, row, over, under)
        if (number := _all_crossings(rows, under)) < fewest:
            best, fewest = [list(one) for one in rows], number
    return tuple(map(tuple, best))


def _settle(rows: list[list[int]], row: int, near: Mapping[int, Sequence[int]], way: int) -> None:
    """Put a row in the order of the middle of what its nodes are joined to in the next; who is joined to none stays."""
    there = {node: number for number, node in enumerate(rows[row + way])}
    share = max(len(there), 1) / max(len(rows[row]), 1)

    def middle(pair: tuple[int, int]) -> float:
        joined = [there[one] for one in near.get(pair[1], ())]
        return sum(joined) / len(joined) if joined else pair[0] * share

    rows[row] = [node for _, node in sorted(enumerate(rows[row]), key=lambda pair: (middle(pair), pair[0]))]


def _exchange(
    rows: list[list[int]], row: int, over: Mapping[int, Sequence[int]], under: Mapping[int, Sequence[int]]
) -> None:
    """Let neighbours change places as long as fewer lines cross."""
    here = rows[row]
    beside = [
        (near, {node: number for number, node in enumerate(rows[other])})
        for near, other in ((over, row - 1), (under, row + 1))
        if 0 <= other < len(rows)
    ]
    for _ in here:
        changed = False
        for number in range(len(here) - 1):
            left, right = here[number], here[number + 1]
            now = sum(_crossings(near.get(left, ()), near.get(right, ()), at) for near, at in beside)
            then = sum(_crossings(near.get(right, ()), near.get(left, ()), at) for near, at in beside)
            if then < now:
                here[number], here[number + 1] = right, left
                changed = True
        if not changed:
            return


def _crossings(left: Iterable[int], right: Iterable[int], at: Mapping[int, int]) -> int:
    """How many lines of a node cross those of the one to its right."""
    ends = [at[one] for one in right]
    return sum(at[one] > end for one in left for end in ends)


def _all_crossings(rows: Sequence[Sequence[int]], under: Mapping[int, Sequence[int]]) -> int:
    found = 0
    for row, below in pairwise(rows):
        at = {node: number for number, node in enumerate(below)}
        found += sum(
            _crossings(under.get(left, ()), under.get(right, ()), at)
            for number, left in enumerate(row)
            for right in row[number + 1 :]
        )
    return found
