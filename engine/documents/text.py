"""Plain text for a terminal: tables in columns, charts as their tables. It must not know what the paper is about."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from typing import Final

from engine.documents.tree import (
    Block,
    Cell,
    Document,
    Facts,
    Figure,
    Heading,
    Items,
    Note,
    PageBreak,
    Paragraph,
    Table,
    text_of,
)

WIDTH: Final = 80
GAP: Final = 2
NARROWEST: Final = 16
DAY: Final = 10


def write_text(document: Document) -> str:
    """A document as text, 80 signs wide as far as its words allow."""
    head = f"{document.title}\n{document.subtitle}".strip()
    parts = [f"{head}  {document.training}" if document.training else head]
    parts += [_block(block) for block in document.blocks]
    parts.append("\n".join(_wrapped(document.foot, WIDTH)))
    return "\n\n".join(part for part in parts if part) + "\n"


def _wrapped(text: str, width: int) -> list[str]:
    """The lines of a text, each within the width."""
    found = [
        piece
        for one in text.split("\n")
        for piece in (textwrap.wrap(one, width, break_on_hyphens=False) or [""])
    ]
    return found or [""]


def _block(block: Block) -> str:
    match block:
        case Heading(_, runs):
            return text_of(runs).upper()
        case Paragraph(runs) | Note(runs, _):
            return "\n".join(_wrapped(text_of(runs), WIDTH))
        case Items(items, ordered):
            return "\n".join(
                textwrap.fill(
                    text_of(item),
                    WIDTH,
                    initial_indent=f"{number}. " if ordered else "- ",
                    subsequent_indent="  ",
                )
                for number, item in enumerate(items, 1)
            )
        case Facts(rows):
            width = min(max((len(name) for name, _ in rows), default=0), 34)
            return "\n".join(_pair(name, text_of(said), width) for name, said in rows)
        case Table():
            return _table(block)
        case Figure(_, title, _, table):
            return _table(replace(table, caption=title)) if table is not None else title
        case PageBreak():
            return ""


def _pair(name: str, said: str, width: int) -> str:
    rest = _wrapped(said, max(WIDTH - width - GAP, 20))
    lines = [f"{name:<{width}}{' ' * GAP}{rest[0]}", *(" " * (width + GAP) + one for one in rest[1:])]
    return "\n".join(lines)


def _table(table: Table) -> str:
    if not table.rows and table.empty:
        return f"{table.caption}\n  {table.empty}"
    rows = [tuple(Cell(column.label) for column in table.columns), *table.rows]
    if table.total is not None:
        rows.append(table.total)
    widths = _widths(table, rows)
    lines = [line for row in rows for line in _row(table, row, widths)]
    return "\n".join([*([table.caption] if table.caption else []), *lines])


def _widths(table: Table, rows: list[tuple[Cell, ...]]) -> list[int]:
    """Each column as wide as its longest cell; what is wide gives way first, then other text, until the table fits."""
    widths = [
        max(len(one) for row in rows for one in row[place].said.split("\n"))
        for place in range(len(table.columns))
    ]
    columns = list(enumerate(table.columns))
    soft = [place for place, column in columns if column.wide] or [0]
    rest = [place for place, column in columns if place and not column.number and place not in soft]
    for places, narrowest in ((soft, NARROWEST), (rest, DAY)):
        while sum(widths) + GAP * len(widths) > WIDTH and any(widths[place] > narrowest for place in places):
            widths[max(places, key=lambda place: widths[place])] -= 1
    return widths


def _row(table: Table, row: tuple[Cell, ...], widths: list[int]) -> list[str]:
    cells = [_wrapped(cell.said, width or 1) for cell, width in zip(row, widths, strict=True)]
    lines = []
    for number in range(max(len(cell) for cell in cells)):
        said = [cell[number] if number < len(cell) else "" for cell in cells]
        lines.append("  " + (" " * GAP).join(
            one.rjust(width) if column.number else one.ljust(width)
            for one, width, column in zip(said, widths, table.columns, strict=True)
        ).rstrip())  # fmt: skip
    return lines
