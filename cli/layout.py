"""How text lies on the page: wrapped lines, labels beside their values, rows in columns. Knows no case."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.session import Session

GAP = "  "


def wrap(text: str, width: int, first: str = "", rest: str = "") -> str:
    """The text in lines of at most `width`, begun by `first` and then `rest`; its line breaks are kept."""
    import textwrap

    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        begin = rest if lines else first
        lines += textwrap.wrap(
            paragraph, width, initial_indent=begin, subsequent_indent=rest, break_long_words=False,
            break_on_hyphens=False,
        ) or [begin.rstrip()]  # fmt: skip
    return "\n".join(lines)


def pairs(rows: Sequence[tuple[str, str]], width: int, indent: str = "") -> str:
    """Labels in one column, what they say wrapped in the next; a label too long has a line of its own."""
    limit = width * 43 // 100
    most = max((len(label) for label, _ in rows if len(label) <= limit), default=limit // 2)
    lines = []
    rest = indent + " " * most + GAP
    for label, text in rows:
        fits = len(label) <= most
        if not fits:
            lines.append(indent + label)
        lines.append(wrap(text, width, f"{indent}{label:<{most}}{GAP}" if fits else rest, rest))
    return "\n".join(lines)


def put_table(session: Session, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under heads: in a pipe in plain columns, on a terminal so that they fit it; nothing is ever cut.

    Cells are wrapped within their columns; where these would be too narrow, or each row a block of its own with its
    labels takes fewer lines, it is that.
    """
    table = [heads, *rows]
    natural = [max(map(len, column)) for column in zip(*table, strict=True)]
    if not session.on_terminal:
        session.put("\n".join(_columns(table, natural)))
        return
    blocks = _blocks(session, heads, rows)
    widths = _fitted(table, natural, session.full_width)
    lines = _columns(table, widths) if widths else []
    if 0 < len(lines) <= len(blocks):
        tall = len(_columns([heads], widths or natural))
        lines[:tall] = [session.style(line, bold=True) for line in lines[:tall]]
        blocks = lines
    session.put("\n".join(blocks))


def _fitted(table: Sequence[Sequence[str]], natural: list[int], width: int) -> list[int] | None:
    """How wide each column is when all fit, the first unbroken and elsewhere no word; None when they do not."""
    room = width - len(GAP) * (len(natural) - 1)
    if sum(natural) <= room:
        return natural
    words = (
        max(len(word) for cell in column for word in [*cell.split(), ""])
        for column in zip(*table, strict=True)
    )
    widths = [natural[0], *list(words)[1:]]
    while sum(widths) < room:
        number = max(range(len(widths)), key=lambda one: -(-natural[one] // max(widths[one], 1)))
        widths[number] += 1
    return widths if sum(widths) <= room else None


def _cell(text: str, width: int) -> list[str]:
    return wrap(text, max(width, 1)).split("\n")


def _columns(table: Sequence[Sequence[str]], widths: Sequence[int]) -> list[str]:
    """Rows in columns; a row is as many lines as its tallest cell."""
    from itertools import zip_longest

    lines = []
    for row in table:
        cells = [
            [cell] if len(cell) <= size else _cell(cell, size) for cell, size in zip(row, widths, strict=True)
        ]
        for parts in zip_longest(*cells, fillvalue=""):
            padded = (f"{part:<{size}}" for part, size in zip(parts, widths, strict=True))
            lines.append(GAP.join(padded).rstrip())
    return lines


def _blocks(session: Session, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Each row as a block: its first cell, and under it the others that say something, with their labels."""
    blocks = []
    for row in rows:
        said = [(head, cell) for head, cell in zip(heads[1:], row[1:], strict=True) if cell]
        head = session.style(row[0], bold=True)
        blocks.append("\n".join([head, pairs(said, session.width, GAP)]) if said else head)
    return "\n\n".join(blocks).splitlines()
