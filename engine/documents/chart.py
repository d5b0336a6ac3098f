"""Charts as SVG: bars and lines that can be read in black and white, on a screen reader and by a colour-blind eye.

A second series is told from the first by its pattern, not only its colour. Every chart is a `Figure` with a title, a
description and its table. It must not know what is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from engine.documents.tree import plain

WIDTH: Final = 640
LABEL: Final = 220
ROW: Final = 22
LONGEST: Final = 25
"""How many bars are drawn; the table has them all."""
FONT: Final = 13
_SIGN: Final = 6.6
_COLOURS: Final = ("#2f6690", "#c9822b", "#6b6b6b")
_STRIPES: Final = (
    '<defs><pattern id="stripes" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" fill="none"/><line class="line-2" x1="0" y1="0" x2="0" y2="6" stroke="#c9822b"'
    ' stroke-width="3"/></pattern></defs>'
)


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers under a name; None where there is none to show, with `instead` written in its place."""

    name: str
    values: tuple[int | None, ...]


def draw_bars(
    title: str, description: str, labels: Sequence[str], series: Sequence[Series], *, instead: str = ""
) -> str:
    """Horizontal bars, those of a label together; at most two series."""
    labels = labels[:LONGEST]
    height = len(labels) * (ROW * len(series) + 10)
    top = 24 if len(series) > 1 else 4
    highest = max((value or 0 for one in series for value in one.values[:LONGEST]), default=0)
    room = WIDTH - LABEL - 60
    parts = [*_key(series)] if len(series) > 1 else []
    for number, label in enumerate(labels):
        y = top + number * (ROW * len(series) + 10)
        middle = y + ROW * len(series) / 2
        parts += _label(label, LABEL - 10, middle)
        for place, one in enumerate(series):
            value = one.values[number]
            width = room * value / highest if value and highest else 0
            bar = y + place * ROW + 2
            if width:
                parts.append(_bar(place, LABEL, bar, width))
            said = str(value) if value is not None else instead
            parts.append(_text(said, LABEL + width + 6, bar + ROW - 8))
    parts.append(_rule(LABEL, top, LABEL, top + height - 6))
    return _svg(title, description, top + height, parts)


def draw_lines(
    title: str, description: str, labels: Sequence[str], series: Sequence[Series], *, instead: str = ""
) -> str:
    """Lines over time from nought, with a mark for each value and the first series' values written out."""
    left, right, top, bottom = 66, 36, 34, 200
    highest = _round_up(max((value or 0 for one in series for value in one.values), default=0))
    step = (WIDTH - left - right) / max(len(labels) - 1, 1)

    def y(value: int) -> float:
        return bottom - (bottom - top) * value / highest

    parts = [*_key(series)] if len(series) > 1 else []
    for share in (0, highest // 2, highest):
        parts.append(_rule(34, y(share), WIDTH, y(share), faint=share > 0))
        parts.append(_text(str(share), 28, y(share) + 4, anchor="end"))
    every = -(-len(labels) // 12)
    for number, label in enumerate(labels):
        if number % every == 0:
            parts.append(_text(label, left + number * step, bottom + 18, anchor="middle", size=11))
    for place, one in reversed([*enumerate(series)]):
        points = [(left + number * step, value) for number, value in enumerate(one.values)]
        for stretch in _stretches(points):
            path = " ".join(f"{x:.1f},{y(value):.1f}" for x, value in stretch)
            dash = ' stroke-dasharray="6 4"' if place else ""
            parts.append(
                f'<polyline class="line-{place + 1}" points="{path}" fill="none" stroke="{_COLOURS[place]}"'
                f' stroke-width="2"{dash}/>'
            )
        for x, value in points:
            if value is not None:
                parts.append(_point(place, x, y(value)))
                if place == 0 and len(labels) <= 24:
                    parts.append(_text(str(value), x, y(value) - 8, anchor="middle", size=11))
            elif place == 0:
                parts.append(_text(instead, x, bottom - 6, anchor="middle", size=11))
    return _svg(title, description, bottom + 26, parts)


def _svg(title: str, description: str, height: float, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img"'
        f' aria-labelledby="title desc" font-family="system-ui, sans-serif" font-size="{FONT}">'
        f'<title id="title">{_said(title)}</title><desc id="desc">{_said(description)}</desc>'
        f"{_STRIPES}{''.join(parts)}</svg>"
    )


def _said(text: str) -> str:
    return escape(plain(text).replace("\n", " "), quote=True)


def _text(text: str, x: float, y: float, *, anchor: str = "start", size: int = FONT) -> str:
    if not text:
        return ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="currentColor">'
        f"{_said(text)}</text>"
    )


def _rule(x1: float, y1: float, x2: float, y2: float, *, faint: bool = False) -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="currentColor"'
        f' stroke-opacity="{"0.25" if faint else "0.8"}"/>'
    )


def _bar(place: int, x: float, y: float, width: float) -> str:
    if place == 0:
        fill = f'class="bar-1" fill="{_COLOURS[0]}"'
    else:
        fill = f'class="line-2" fill="url(#stripes)" stroke="{_COLOURS[1]}"'
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{ROW - 6}" {fill}/>'


def _point(place: int, x: float, y: float) -> str:
    if place == 0:
        return f'<circle class="bar-1" cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{_COLOURS[0]}"/>'
    square = f'x="{x - 3:.1f}" y="{y - 3:.1f}" width="6" height="6"'
    return f'<rect class="bar-{place + 1}" {square} fill="{_COLOURS[place]}"/>'


def _key(series: Sequence[Series]) -> list[str]:
    """What each series is, above the chart."""
    parts = []
    x = 0.0
    for place, one in enumerate(series):
        parts += [_bar(place, x + 1, 1, 18), _text(one.name, x + 26, 14)]
        x += 50 + len(one.name) * _SIGN
    return parts


def _label(text: str, width: float, middle: float) -> list[str]:
    """A label to the left of its bars: on one line or two, cut when that is not enough."""
    room = int(width / _SIGN)
    lines = _wrapped(" ".join(plain(text).split()), room)
    first = middle + 4 - (len(lines) - 1) * 7
    return [_text(one, width, first + number * 14, anchor="end") for number, one in enumerate(lines)]


def _wrapped(text: str, room: int) -> list[str]:
    if len(text) <= room:
        return [text]
    cut = text.rfind(" ", 0, room + 1)
    first, rest = (
        (text[:cut], text[cut + 1 :]) if cut > room // 3 else (text[: room - 1] + "-", text[room - 1 :])
    )
    return [first, rest if len(rest) <= room else rest[: room - 1].rstrip() + "…"]


def _round_up(value: int) -> int:
    """An even number at or above the highest value, with two digits that count: the end of the axis."""
    if value <= 2:
        return 2
    unit: int = max(10 ** (len(str(value)) - 2), 2)
    return -(-value // unit) * unit


def _stretches(points: Sequence[tuple[float, int | None]]) -> list[list[tuple[float, int]]]:
    """The unbroken parts of a line: a value that is left out breaks it."""
    found: list[list[tuple[float, int]]] = [[]]
    for x, value in points:
        if value is None:
            found.append([])
        else:
            found[-1].append((x, value))
    return [one for one in found if len(one) > 1]
