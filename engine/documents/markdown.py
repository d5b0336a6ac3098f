"""Markdown (CommonMark with tables), for mail, wikis and programs. Every sign that could mean something is escaped."""

from __future__ import annotations

import re
from typing import Final

from engine.documents.tree import (
    Block,
    Cell,
    Document,
    Facts,
    Figure,
    Heading,
    Items,
    Line,
    Note,
    PageBreak,
    Paragraph,
    Table,
)

_SIGNS: Final = re.compile(
    r"[\\`*_{}\[\]<>#+!|~&$=^@]|:(?=//)|(?<![^\W_])[-:](?!\s)|^-(?=\s)|(?<=www)\.", re.MULTILINE
)
"""What could begin a mark, a tag, a link, a rule, a heading, an address or a column; not what stands within words."""
_NUMBERED: Final = re.compile(r"^(\d+)([.)])", re.MULTILINE)


def write_markdown(document: Document) -> str:
    """A document as Markdown."""
    parts = [f"# {_flat(document.title)}"]
    if document.training:
        parts.append(f"**{_flat(document.training)}**")
    if document.subtitle:
        parts.append(_broken(document.subtitle))
    parts += [written for block in document.blocks if (written := _block(block))]
    if document.foot:
        parts.append(_broken(document.foot))
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """A text that is nothing but text; its line ends are kept."""
    lines = (re.sub(r"^[ \t]+", "", one).rstrip() for one in text.split("\n"))
    return _NUMBERED.sub(r"\1\\\2", _SIGNS.sub(r"\\\g<0>", "\n".join(lines)))


def _flat(text: str) -> str:
    return escaped(" ".join(text.split()))


def _broken(text: str) -> str:
    return "  \n".join(part for part in escaped(text).split("\n") if part)


def _line(runs: Line, *, flat: bool = False) -> str:
    """A line; `flat` where it must not be broken. Marks stand against the words, never against an empty space."""
    found = []
    for run in runs:
        text = re.sub(r"\s+", " ", run.text) if flat else run.text
        core = text.strip()
        if not core:
            found.append(text)
            continue
        before, _, after = text.partition(core)
        said = _broken(core)
        sign = "**" * run.strong + "*" * run.emphasis
        if sign:
            said = f"{sign}{said}{sign}"
        if run.link is not None:
            said = f"[{said}](<{run.link}>)"
        found.append(f"{before}{said}{after}")
    return re.sub(r"[ \t]*\n[ \t]*", "  \n", "".join(found)).strip()


def _block(block: Block) -> str:
    match block:
        case Heading(level, runs):
            return f"{'#' * level} {_line(runs, flat=True)}"
        case Paragraph(runs):
            return _line(runs)
        case Items(items, ordered):
            return "\n".join(
                f"{f'{number}.' if ordered else '-'} {_line(item, flat=True)}"
                for number, item in enumerate(items, 1)
            )
        case Facts(rows):
            return "\n".join(f"- **{_flat(name)}:** {_line(said, flat=True)}" for name, said in rows)
        case Table():
            return _table(block)
        case Figure(_, title, description, table):
            said = f"**{_flat(title)}**\n\n{_broken(description)}"
            return f"{said}\n\n{_table(table)}" if table is not None else said
        case Note(runs, _):
            return "\n".join(f"> {one}" for one in _line(runs).split("\n"))
        case PageBreak():
            return ""


def _table(table: Table) -> str:
    caption = f"**{_flat(table.caption)}**" if table.caption else ""
    if not table.rows and table.empty:
        return f"{caption}  \n{_flat(table.empty)}" if caption else _flat(table.empty)
    head = "| " + " | ".join(_flat(column.label) for column in table.columns) + " |"
    rule = "|" + "|".join(" ---: " if column.number else " --- " for column in table.columns) + "|"
    rows = [_row(row, bold=False) for row in table.rows]
    if table.total is not None:
        rows.append(_row(table.total, bold=True))
    return "\n\n".join(part for part in (caption, "\n".join((head, rule, *rows))) if part)


def _row(row: tuple[Cell, ...], *, bold: bool) -> str:
    said = [_flat(cell.said) for cell in row]
    return "| " + " | ".join(f"**{one}**" if bold and one else one for one in said) + " |"
