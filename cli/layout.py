"""How text lies on the page: wrapped lines, labels beside their values, rows in columns. Knows no case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
    """Print rows under heads: fitted to the terminal, or in a pipe in plain columns with nothing cut."""
    if session.on_terminal:
        _put_fitted(session, heads, rows)
        return
    table = [heads, *rows]
    widths = [max(len(row[column]) for row in table) for column in range(len(heads))]
    for row in table:
        session.put(GAP.join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())


def _put_fitted(session: Session, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    style: dict[str, Any] = {"header_style": "bold"} if session.colour else {"header_style": ""}
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, **style)
    for number, head in enumerate(heads):
        table.add_column(head, no_wrap=number == 0, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console(no_color=not session.colour, highlight=False, width=session.width).print(table)
