"""What is written in a box or on a way, broken into lines, and how much room it takes. It must not know where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil
from typing import Final, Literal

from engine.definition.drawing.flow import Act, Place, Way
from engine.definition.drawing.letter import width, wrap

Style = Literal["state", "act", "who", "due", "head"]

SIZES: Final[dict[Style, float]] = {"state": 15, "act": 12.5, "who": 11, "due": 11, "head": 12.5}
BOLD: Final = frozenset[Style](("state", "act", "head"))
LEADING: Final = 1.22
SIGN: Final = 128.0
"""How wide what is written on a way may be."""
OPENING: Final = 190.0
"""How wide it may be on a way that opens a case: there is room at the top, and there are often several."""
BOX: Final = 168.0
"""How wide what is written in a box may be."""
INSIDE: Final = 9.0
"""What is left free inside an edge."""
BETWEEN: Final = 6.0
"""What is left free between two steps."""
UNDER: Final = 16.0
"""How much more is left between the name of a status and its steps, where a line is drawn."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, its base so far from the top of the block; `step` on those that are of a step."""

    text: str
    style: Style
    base: float
    step: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Lines, and the room they take with what is free around them. `rule`: where a line is drawn across, or 0."""

    lines: tuple[Line, ...]
    width: float
    height: float
    rule: float = 0.0


def box(place: Place) -> Block:
    """A status: its name, and under a rule the steps that stay in it."""
    lines, y = _set([(place.label, "state", "")], BOX, INSIDE)
    rule = 0.0
    if place.acts:
        rule = y + UNDER / 2
        more, y = _set(_spoken(place.acts), BOX, y + UNDER)
        lines += more
    return _block(lines, y, rule, least=96)


def sign(way: Way) -> Block:
    """What is written on a way: its steps, one under the other."""
    room = SIGN if way.sources or len(way.acts) == 1 else OPENING
    lines, y = _set(_spoken(way.acts), room, INSIDE - 3)
    return _block(lines, y - 3, 0.0)


def heading(text: str, room: float) -> Block:
    """What stands over steps that are told under the picture."""
    lines, y = _set([(text, "head", "")], room, 0.0)
    return Block(tuple(lines), room, y)


def told(act: Act, room: float) -> Block:
    """A step that is told under the picture."""
    lines, y = _set(_spoken((act,)), room, 0.0)
    return Block(tuple(lines), room, y)


def _spoken(acts: tuple[Act, ...]) -> Iterator[tuple[str, Style, str]]:
    for act in acts:
        yield act.label, "act", act.step
        yield act.who, "who", ""
        yield act.due, "due", ""


def _set(said: Iterable[tuple[str, Style, str]], room: float, y: float) -> tuple[list[Line], float]:
    lines: list[Line] = []
    for text, style, step in said:
        size = SIZES[style]
        if lines and style == "act":
            y += BETWEEN
        for number, one in enumerate(wrap(text, size, room, bold=style in BOLD)):
            y += size * LEADING
            lines.append(Line(one, style, y - size * (LEADING - 1), "" if number else step))
    return lines, y


def _block(lines: list[Line], y: float, rule: float, least: float = 0.0) -> Block:
    widest = max((width(one.text, SIZES[one.style], bold=one.style in BOLD) for one in lines), default=0.0)
    wide = max(widest + 2 * INSIDE, least)
    return Block(tuple(lines), 2.0 * ceil(wide / 2), float(ceil(y + INSIDE)), rule)
