"""The year wheel as a picture: a ring for each plan, its days around the year, their state by shape, letter and colour.

One SVG that stands alone: a title and a description for those who do not see it, no script, no outside font, and
shapes and letters that say in black and white what the colours say. It must not know plans or cases: what is to be
drawn comes as values, already in the reader's language.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import pairwise
from math import cos, pi, sin
from typing import Final

RING: Final = 26.0
"""How broad a ring is."""
HOLE: Final = 96.0
"""The radius inside the innermost ring, where the year stands."""
LEAST: Final = 250.0
"""The least radius of the outermost ring."""
MARGIN: Final = 100.0
COLUMN: Final = 400.0
LINE: Final = 19.0
LETTERS: Final = 46
"""How many letters of a name stand on a line beside the wheel."""
GAP: Final = 0.025
"""How much of the circle is left free on either side of the top, where the rings have their numbers."""
READABLE: Final = 7.0
"""The least radius of a mark that has room for its letter."""
FONT: Final = "Liberation Sans, Arial, Helvetica, sans-serif"
INK: Final = "#1a1a1a"
DASHED: Final = f'stroke="{INK}" stroke-width="1.5" stroke-dasharray="5 3"'
SHAPES: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "done": ("circle", "#1b6e33", "#1b6e33", "#ffffff"),
    "open": ("circle", "#ffffff", "#1f5fa8", "#1f5fa8"),
    "planned": ("circle", "#ffffff", "#767676", "#4a4a4a"),
    "late": ("triangle", "#f0a30a", "#8a5a00", INK),
    "missed": ("square", "#a8201a", "#a8201a", "#ffffff"),
    "undone": ("square", "#ffffff", "#a8201a", "#a8201a"),
    "skipped": ("diamond", "#d9d9d9", "#767676", INK),
}
"""Status -> shape, fill, line, letter."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A day of a plan: the status of the unit that wants most attention, its letter, and what it says in full."""

    day: date
    status: str
    letter: str
    text: str


@dataclass(frozen=True, slots=True)
class Ring:
    """A plan: its name, what stands under that, and its days."""

    name: str
    about: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class WheelPicture:
    """Everything that is drawn, in the reader's language.

    Attributes:
        year: Which year.
        title: What the picture is.
        description: What it shows, in words and numbers.
        months: The twelve names.
        rings: The plans, the outermost first.
        legend: Status, its letter, what it is called and how many there are.
        today: The day, drawn when it lies in the year, and what it is called.
        empty: What is said when there is no plan.
        mark: What stands at the top in a training database; else empty.
    """

    year: int
    title: str
    description: str
    months: tuple[str, ...]
    rings: tuple[Ring, ...]
    legend: tuple[tuple[str, str, str, int], ...]
    today: tuple[date, str]
    empty: str
    mark: str = ""


def draw(picture: WheelPicture) -> str:
    """Return the SVG."""
    outer = max(LEAST, HOLE + RING * len(picture.rings))
    side = 2 * (outer + MARGIN)
    beside = list(_beside(picture))
    height = max(side, beside[-1][0] + 40)
    width = side + COLUMN
    centre = side / 2, height / 2
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(width)} {_n(height)}" role="img"'
        f' aria-labelledby="wheel-title wheel-desc" font-family="{FONT}" fill="{INK}">'
    )
    parts = [
        head,
        f'<title id="wheel-title">{escape(picture.title)}</title>',
        f'<desc id="wheel-desc">{escape(picture.description)}</desc>',
        f'<rect width="{_n(width)}" height="{_n(height)}" fill="#ffffff"/>',
        *_months(picture, centre, outer),
        *_rings(picture, centre, outer),
        *_today(picture, centre, outer),
        *_middle(picture, centre),
        *(part for _, part in _placed(beside, side, height)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


# --- around


def _months(picture: WheelPicture, centre: tuple[float, float], outer: float) -> Iterator[str]:
    """The twelve months as sectors, every other one shaded, with their names outside."""
    for month in range(1, 13):
        first = date(picture.year, month, 1)
        after = date(picture.year + month // 12, month % 12 + 1, 1)
        start, end = _turn(first), _turn(after) if month < 12 else 1 - GAP
        fill = "#f1f3f5" if month % 2 else "#ffffff"
        yield (
            f'<path d="{_sector(centre, HOLE, outer, start, end)}" fill="{fill}" stroke="#c3c8cd"'
            ' stroke-width="0.75"/>'
        )
        x, y = _at(centre, outer + 16, (start + end) / 2)
        yield _text(x, y + 5, 15, picture.months[month - 1], anchor=_side(x, centre))


def _rings(picture: WheelPicture, centre: tuple[float, float], outer: float) -> Iterator[str]:
    for number, ring in enumerate(picture.rings, 1):
        radius = outer - RING * (number - 0.5)
        yield (
            f'<circle cx="{_n(centre[0])}" cy="{_n(centre[1])}" r="{_n(radius)}" fill="none" stroke="#9aa1a8"'
            ' stroke-width="1"/>'
        )
        yield f"<g><title>{escape(f'{number}. {ring.name}')}</title>"
        size = _size(ring.marks, radius)
        for mark in ring.marks:
            x, y = _at(centre, radius, _turn(mark.day, noon=True))
            yield f"<g><title>{escape(mark.text)}</title>{_shape(mark.status, mark.letter, x, y, size)}</g>"
        x, y = _at(centre, radius, 0)
        yield (
            f'<rect x="{_n(x - 9)}" y="{_n(y - 7.5)}" width="18" height="15" rx="3" fill="#ffffff" stroke="#9aa1a8"/>'
            f"{_text(x, y + 4, 11, str(number), anchor='middle')}</g>"
        )


def _today(picture: WheelPicture, centre: tuple[float, float], outer: float) -> Iterator[str]:
    if not _shows_today(picture):
        return
    turn = _turn(picture.today[0], noon=True)
    (x1, y1), (x2, y2) = _at(centre, HOLE, turn), _at(centre, outer + 8, turn)
    yield (f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" {DASHED}/>')


def _shows_today(picture: WheelPicture) -> bool:
    return picture.today[0].year == picture.year


def _middle(picture: WheelPicture, centre: tuple[float, float]) -> Iterator[str]:
    x, y = centre
    yield _text(x, y + 12, 36, str(picture.year), anchor="middle", weight="bold")
    if picture.mark:
        yield _text(x, y + 34, 14, picture.mark, anchor="middle")
    if not picture.rings:
        for number, line in enumerate(textwrap.wrap(picture.empty, 22)):
            yield _text(x, y + 54 + 16 * number, 13, line, anchor="middle")


# --- beside


def _beside(picture: WheelPicture) -> Iterator[tuple[float, str]]:
    """What stands beside the wheel, each part at its height from the top of the column: title, plans, legend."""
    y = 0.0
    for line in textwrap.wrap(picture.title, 34):
        y += 26
        yield y, _text(0, y, 21, line, weight="bold")
    y += 14
    for number, ring in enumerate(picture.rings, 1):
        for place, line in enumerate(textwrap.wrap(ring.name, LETTERS) or [""]):
            y += LINE
            if not place:
                yield y, _text(22, y, 14, str(number), anchor="end")
            yield y, _text(32, y, 14, line)
        for line in textwrap.wrap(ring.about, LETTERS + 8):
            y += LINE - 3
            yield y, _text(32, y, 12, line, ink="#4a4a4a")
        y += 4
    y += 16
    for status, letter, label, number in picture.legend:
        y += LINE + 5
        yield y, _shape(status, letter, 13, y - 5, 10)
        yield y, _text(32, y, 14, label)
        yield y, _text(COLUMN - 120, y, 14, str(number), anchor="end")
    if _shows_today(picture):
        y += LINE + 5
        yield y, f'<line x1="3" y1="{_n(y - 5)}" x2="23" y2="{_n(y - 5)}" {DASHED}/>'
        yield y, _text(32, y, 14, picture.today[1])


def _placed(beside: Sequence[tuple[float, str]], side: float, height: float) -> Iterator[tuple[float, str]]:
    """The column in the middle of the height."""
    top = (height - beside[-1][0]) / 2
    yield 0, f'<g transform="translate({_n(side)} {_n(top)})">'
    yield from beside
    yield 0, "</g>"


# --- shapes


def _shape(status: str, letter: str, x: float, y: float, size: float) -> str:
    shape, fill, line, ink = SHAPES[status]
    width = 2 if status == "open" else 1.2
    paint = f'fill="{fill}" stroke="{line}" stroke-width="{width}"'
    if status == "planned":
        paint += ' stroke-dasharray="3 2"'
    if shape == "circle":
        drawn = f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(size)}" {paint}/>'
    else:
        drawn = f'<polygon points="{_corners(shape, x, y, size)}" {paint}/>'
    if size < READABLE:
        return drawn
    down = 0.42 if shape == "triangle" else 0.36
    return drawn + _text(x, y + size * down, size * 1.1, letter, anchor="middle", weight="bold", ink=ink)


def _text(
    x: float, y: float, size: float, text: str, *, anchor: str = "start", weight: str = "", ink: str = ""
) -> str:
    more = f' text-anchor="{anchor}"' if anchor != "start" else ""
    more += f' font-weight="{weight}"' if weight else ""
    more += f' fill="{ink}"' if ink else ""
    return f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}"{more}>{escape(text)}</text>'


def _side(x: float, centre: tuple[float, float]) -> str:
    """Which end of a text outside the wheel stands at its point."""
    if abs(x - centre[0]) < 40:
        return "middle"
    return "start" if x > centre[0] else "end"


def _corners(shape: str, x: float, y: float, size: float) -> str:
    corners: Iterable[tuple[float, float]] = {
        "triangle": ((0, -1.2), (1.15, 0.85), (-1.15, 0.85)),
        "square": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
        "diamond": ((0, -1.15), (1.15, 0), (0, 1.15), (-1.15, 0)),
    }[shape]
    return " ".join(f"{_n(x + dx * size)},{_n(y + dy * size)}" for dx, dy in corners)


def _size(marks: Sequence[Mark], radius: float) -> float:
    """How large the marks of a ring can be without covering each other."""
    turns = sorted(_turn(mark.day, noon=True) for mark in marks)
    gaps = [after - before for before, after in pairwise(turns) if after > before]
    nearest = min(gaps, default=1.0) * 2 * pi * radius
    return max(2.5, min(RING * 0.4, nearest * 0.46))


def _turn(day: date, *, noon: bool = False) -> float:
    """How far round the wheel a day is, 0 to 1 from the top; with `noon` its middle."""
    first = date(day.year, 1, 1)
    days = (date(day.year, 12, 31) - first).days + 1
    return GAP + (1 - 2 * GAP) * ((day - first).days + (0.5 if noon else 0)) / days


def _at(centre: tuple[float, float], radius: float, turn: float) -> tuple[float, float]:
    """The point so far round from the top, clockwise."""
    return centre[0] + radius * sin(2 * pi * turn), centre[1] - radius * cos(2 * pi * turn)


def _sector(centre: tuple[float, float], inner: float, outer: float, start: float, end: float) -> str:
    (ax, ay), (bx, by) = _at(centre, outer, start), _at(centre, outer, end)
    (cx, cy), (dx, dy) = _at(centre, inner, end), _at(centre, inner, start)
    return (
        f"M {_n(ax)} {_n(ay)} A {_n(outer)} {_n(outer)} 0 0 1 {_n(bx)} {_n(by)} L {_n(cx)} {_n(cy)}"
        f" A {_n(inner)} {_n(inner)} 0 0 0 {_n(dx)} {_n(dy)} Z"
    )


def _n(number: float) -> str:
    """A number of at most two decimals, the same on every machine."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
