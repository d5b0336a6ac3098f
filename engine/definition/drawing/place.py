"""Where everything in a row stands from left to right: the second half of a layered drawing.

Each row in turn is moved as near as it can be to what it is joined to, without changing its order or coming too
near: least squares under these limits, which is isotonic regression and solved by pooling neighbours (Barlow and
others, 1972). Then the ways that pass many rows are made straight. It must not know what is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, pairwise
from math import floor
from typing import Final, TypeAlias

from engine.definition.drawing.layer import Node, Rows

APART: Final = 26.0
"""The least room between two things in a row; between two lines `LINES`."""
LINES: Final = 18.0
SWEEPS: Final = 40
PORT: Final = 16.0
"""The least room between two lines that leave a box by the same side."""
CORNER: Final = 14.0
"""How near a corner of its box a line may begin."""
ASIDE: Final = 30.0
"""How far a box may be moved to make a line straight."""
SMALL: Final = 3
"""How much worse a small step aside is than none; a large one is 2."""
Side: TypeAlias = tuple[int, bool]
"""A box, and whether it is at the upper end of the links: then it is its lower side."""
_PULL: Final[Mapping[tuple[str, str], float]] = {
    ("bend", "bend"): 8.0,
    ("bend", "sign"): 5.0,
    ("sign", "bend"): 5.0,
}


def least_width(rows: Rows, number: int) -> float:
    """How wide a box must be for the lines on its sides."""
    above = sum(link.lower == number for link in rows.links)
    below = sum(link.upper == number for link in rows.links)
    return 2 * CORNER + PORT * max(above - 1, below - 1, 0)


def place(rows: Rows, widths: Sequence[float]) -> list[float]:
    """The middle of each node, the leftmost edge at 0."""
    where = [0.0] * len(rows.nodes)
    for row in rows.rows:
        edge = 0.0
        for before, number in zip((None, *row), row, strict=False):
            edge += _apart(rows.nodes, widths, before, number) if before is not None else 0.0
            where[number] = edge
    near: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for link in rows.links:
        pull = _PULL.get((rows.nodes[link.upper].kind, rows.nodes[link.lower].kind), 1.0)
        near[link.upper].append((link.lower, pull))
        near[link.lower].append((link.upper, pull))
    turn = [*range(len(rows.rows)), *range(len(rows.rows) - 2, 0, -1)]
    for _ in range(SWEEPS):
        for row in turn:
            _move(rows, widths, rows.rows[row], near, where)
    for _ in range(4):
        _straighten(rows, widths, where)
        for row in rows.rows[::2]:
            _move_places(rows, widths, row, near, where)
    where = [float(round(x)) for x in where]
    for _ in range(4):
        _unbend(rows, widths, where)
        _unbend_boxes(rows, widths, where)
    _untangle(rows, widths, where)
    left = floor(min(x - width / 2 for x, width in zip(where, widths, strict=True)))
    return [x - left for x in where]


def _apart(nodes: Sequence[Node], widths: Sequence[float], left: int, right: int) -> float:
    free = LINES if nodes[left].kind == nodes[right].kind == "bend" else APART
    return (widths[left] + widths[right]) / 2 + free


def _wish(
    rows: Rows,
    widths: Sequence[float],
    number: int,
    near: Sequence[tuple[int, float]],
    where: Sequence[float],
) -> tuple[float, float]:
    """Where a node would stand, and how much it matters. A line may begin anywhere along the side of a box."""
    total = weight = 0.0
    for other, pull in near:
        x = where[other]
        if rows.nodes[other].kind == "place":
            room = max(widths[other] / 2 - CORNER, 0.0)
            x = min(max(where[number], x - room), x + room)
        total += pull * x
        weight += pull
    return (total / weight, weight) if weight else (where[number], 0.1)


def _move(
    rows: Rows,
    widths: Sequence[float],
    row: Sequence[int],
    near: Mapping[int, Sequence[tuple[int, float]]],
    where: list[float],
) -> None:
    wishes = [_wish(rows, widths, number, near.get(number, ()), where) for number in row]
    gaps = [_apart(rows.nodes, widths, left, right) for left, right in pairwise(row)]
    for number, x in zip(row, settle(wishes, gaps), strict=True):
        where[number] = x


def settle(wishes: Sequence[tuple[float, float]], gaps: Sequence[float]) -> list[float]:
    """The places nearest to those wished for (place, weight), each at least a gap after the one before."""
    shift, shifts = 0.0, [0.0]
    for gap in gaps:
        shift += gap
        shifts.append(shift)
    pools: list[tuple[float, float, int]] = []
    for (wish, weight), moved in zip(wishes, shifts, strict=False):
        pool = wish - moved, weight, 1
        while pools and pools[-1][0] > pool[0]:
            mean, other, many = pools.pop()
            both = other + pool[1]
            pool = (mean * other + pool[0] * pool[1]) / both, both, many + pool[2]
        pools.append(pool)
    flat = [mean for mean, _, many in pools for _ in range(many)]
    return [x + moved for x, moved in zip(flat, shifts, strict=False)]


def _room(rows: Rows, widths: Sequence[float], number: int, where: Sequence[float]) -> tuple[float, float]:
    """How far to the left and the right a node may go when the others stand still."""
    row = rows.rows[rows.nodes[number].row]
    at = row.index(number)
    low = where[row[at - 1]] + _apart(rows.nodes, widths, row[at - 1], number) if at else float("-inf")
    high = (
        where[row[at + 1]] - _apart(rows.nodes, widths, number, row[at + 1])
        if at + 1 < len(row)
        else float("inf")
    )
    return low, high


def _straighten(rows: Rows, widths: Sequence[float], where: list[float]) -> None:
    """Let the parts of a way stand under each other, as many as have room to."""
    for part in _stretches(rows):
        rest = list(part)
        while len(rest) > 1:
            count = len(rest)
            while count > 1 and (x := _common(rows, widths, rest[:count], where)) is None:
                count -= 1
            if count > 1 and x is not None:
                for number in rest[:count]:
                    where[number] = x
            rest = rest[count:]


def _common(rows: Rows, widths: Sequence[float], part: Sequence[int], where: Sequence[float]) -> float | None:
    rooms = [_room(rows, widths, number, where) for number in part]
    low, high = max(one[0] for one in rooms), min(one[1] for one in rooms)
    if low > high:
        return None
    middle = sorted(where[number] for number in part)[len(part) // 2]
    return min(max(middle, low), high)


def _stretches(rows: Rows) -> Iterable[Sequence[int]]:
    """The signs and bends of each way that has several, from the top."""
    parts: dict[int, list[int]] = defaultdict(list)
    for number, node in enumerate(rows.nodes):
        if node.kind in ("sign", "bend"):
            parts[node.item].append(number)
    for part in parts.values():
        if len(part) > 1:
            yield sorted(part, key=lambda number: rows.nodes[number].row)


def _unbend(rows: Rows, widths: Sequence[float], where: list[float]) -> None:
    """Move each way to where one of its lines begins on a box, when more is straight then."""
    sides = _sides(rows)
    parts: dict[int, list[int]] = defaultdict(list)
    for number, node in enumerate(rows.nodes):
        if node.kind != "place":
            parts[node.item].append(number)
    for way, part in parts.items():
        mine = {at for at, link in enumerate(rows.links) if link.way == way}
        near = {side: at for side, at in sides.items() if mine.intersection(at)}
        rooms = [_room(rows, widths, number, where) for number in part]
        least, beginnings = _bends(rows, widths, near, mine, where)
        for x in dict.fromkeys((*beginnings, *(where[number] for number in part))):
            then = list(where)
            for number, (low, high) in zip(part, rooms, strict=True):
                if low <= x <= high:
                    then[number] = x
            count, _ = _bends(rows, widths, near, mine, then)
            if count < least:
                where[:], least = then, count


def _unbend_boxes(rows: Rows, widths: Sequence[float], where: list[float]) -> None:
    """Move each box a little, to where one of its lines is straight, when more is straight then."""
    sides = _sides(rows)
    for number, node in enumerate(rows.nodes):
        near = {side: sides[side] for side in ((number, True), (number, False)) if side in sides}
        if node.kind != "place" or not near:
            continue
        low, high = _room(rows, widths, number, where)
        least, _ = _bends(rows, widths, near, set(), where)
        moves = [
            where[rows.links[at].lower if upper else rows.links[at].upper] - x
            for (_, upper), links in near.items()
            for at, x in _side(rows, widths, where, number, links, upper=upper)
        ]
        start = where[number]
        for move in dict.fromkeys(move for move in moves if abs(move) <= ASIDE):
            then = list(where)
            then[number] = min(max(start + move, low), high)
            count, _ = _bends(rows, widths, near, set(), then)
            if count < least:
                where[:], least = then, count


def _untangle(rows: Rows, widths: Sequence[float], where: list[float]) -> None:
    """Move a way a little aside where two would run in one line between two rows, whichever goes above the other."""
    while knots := _knots(rows, *ends(rows, where, widths)):
        best, least = None, (len(knots), 0)
        for row, way in sorted(knot for pair in knots for knot in pair):
            for number, node in enumerate(rows.nodes):
                if node.kind not in ("sign", "bend") or node.item != way or node.row not in (row, row + 1):
                    continue
                low, high = _room(rows, widths, number, where)
                for move in (-PORT, PORT, -1.5 * PORT, 1.5 * PORT):
                    then = list(where)
                    then[number] = min(max(where[number] + move, low), high)
                    starts, stops = ends(rows, then, widths)
                    bent = sum(abs(x - y) >= 1 for x, y in zip(starts, stops, strict=True))
                    cost = len(_knots(rows, starts, stops)), bent
                    if cost < least:
                        best, least = then, cost
        if best is None:
            return
        where[:] = best


def _knots(
    rows: Rows, starts: Sequence[float], stops: Sequence[float]
) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """The pairs of (row above, way) of which neither can go above the other without running in it."""
    gaps: dict[int, dict[int, tuple[list[float], list[float]]]] = defaultdict(dict)
    for link, start, stop in zip(rows.links, starts, stops, strict=True):
        tops, bottoms = gaps[rows.nodes[link.upper].row].setdefault(link.way, ([], []))
        tops.append(start)
        bottoms.append(stop)
    return [
        ((row, one), (row, other))
        for row, ways in sorted(gaps.items())
        for one, other in combinations(sorted(ways), 2)
        if _near(ways[one][1], ways[other][0]) and _near(ways[other][1], ways[one][0])
    ]


def _near(some: Sequence[float], others: Sequence[float]) -> bool:
    return any(abs(x - y) < PORT / 2 for x in some for y in others)


def _bends(
    rows: Rows,
    widths: Sequence[float],
    sides: Mapping[Side, Sequence[int]],
    mine: set[int],
    where: Sequence[float],
) -> tuple[int, tuple[float, ...]]:
    """How far from straight the links of a way and of the sides it touches are; and where its own begin on these."""
    begins = {
        (at, upper): x
        for (number, upper), links in sides.items()
        for at, x in _side(rows, widths, where, number, links, upper=upper)
    }
    count = 0
    for at in mine.union(*sides.values()):
        link = rows.links[at]
        first, last = begins.get((at, True), where[link.upper]), begins.get((at, False), where[link.lower])
        aside = abs(first - last)
        count += 0 if aside < 1 else SMALL if aside < PORT else 2
    return count, tuple(dict.fromkeys(x for (at, _), x in begins.items() if at in mine))


def _move_places(
    rows: Rows,
    widths: Sequence[float],
    row: Sequence[int],
    near: Mapping[int, Sequence[tuple[int, float]]],
    where: list[float],
) -> None:
    """Let each box and dot come nearer to its lines where there is room, without moving a way."""
    for number in row:
        if rows.nodes[number].kind in ("place", "start"):
            low, high = _room(rows, widths, number, where)
            if low <= high:
                where[number] = min(
                    max(_wish(rows, widths, number, near.get(number, ()), where)[0], low), high
                )


def ends(rows: Rows, where: Sequence[float], widths: Sequence[float]) -> tuple[list[float], list[float]]:
    """Where each link begins above and ends beneath, from left to right. On a box each has its own place."""
    starts = [where[link.upper] for link in rows.links]
    stops = [where[link.lower] for link in rows.links]
    for (number, upper), links in _sides(rows).items():
        for at, x in _side(rows, widths, where, number, links, upper=upper):
            (starts if upper else stops)[at] = x
    return starts, stops


def _sides(rows: Rows) -> Mapping[Side, Sequence[int]]:
    """The links on each side of each box."""
    found: dict[Side, list[int]] = defaultdict(list)
    for at, link in enumerate(rows.links):
        for number, upper in ((link.upper, True), (link.lower, False)):
            if rows.nodes[number].kind == "place":
                found[number, upper].append(at)
    return found


def _side(
    rows: Rows,
    widths: Sequence[float],
    where: Sequence[float],
    number: int,
    links: Sequence[int],
    *,
    upper: bool,
) -> Iterable[tuple[int, float]]:
    """Where the links of a side begin: right opposite their other ends as far as there is room."""
    ordered = sorted((where[rows.links[at].lower if upper else rows.links[at].upper], at) for at in links)
    room = widths[number] / 2 - CORNER
    low, high = where[number] - room, where[number] + room
    # Those that can run straight down are moved aside last.
    wishes = [(x, 20.0) if low <= x <= high else (min(max(x, low), high), 1.0) for x, _ in ordered]
    found = settle(wishes, [PORT] * (len(ordered) - 1))
    for place_, over in enumerate(range(len(found) - 1, -1, -1)):
        found[over] = min(found[over], high - PORT * place_)
    for place_ in range(len(found)):
        found[place_] = max(found[place_], low + PORT * place_)
    return [(at, float(round(x))) for x, (_, at) in zip(found, ordered, strict=True)]
