"""HTML: one file that needs nothing else, for a screen, a screen reader, a phone and a printer.

Everything that is text goes through `escaped`. It must not know what the paper is about.
"""

from __future__ import annotations

import re
from datetime import date
from html import escape
from pathlib import Path
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

DAY: Final = ' class="day"'
_OWN_ID: Final = re.compile(r'(id="|url\(#)(\w+)("|\))')
"""Several pictures on one page must not share names."""
STYLE: Final = Path(__file__).with_name("page.css")


def write_html(document: Document) -> str:
    """A document as one HTML file."""
    parts = [
        "<!doctype html>",
        f'<html lang="{escaped(document.language)}">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escaped(_window_title(document))}</title>",
        f"<style>\n{STYLE.read_text('utf-8')}</style>",
        "</head>",
        "<body>",
        "<header>",
        *([f'<p class="training">{escaped(document.training)}</p>'] if document.training else []),
        f"<h1>{escaped(document.title)}</h1>",
        *([f'<p class="subtitle">{_broken(document.subtitle)}</p>'] if document.subtitle else []),
        "</header>",
        "<main>",
        *(_block(block, number) for number, block in enumerate(document.blocks)),
        "</main>",
        *([f"<footer><p>{_broken(document.foot)}</p></footer>"] if document.foot else []),
        "</body>",
        "</html>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def escaped(text: str) -> str:
    """A text that is nothing but text."""
    return escape(text, quote=True)


def _window_title(document: Document) -> str:
    first = document.subtitle.partition("\n")[0]
    return f"{document.title}: {first}" if first else document.title


def _broken(text: str) -> str:
    return escaped(text).replace("\n", "<br>")


def _line(runs: Line) -> str:
    found = []
    for run in runs:
        said = _broken(run.text)
        if run.strong:
            said = f"<strong>{said}</strong>"
        if run.emphasis:
            said = f"<em>{said}</em>"
        if run.link is not None:
            said = f'<a href="{escaped(run.link)}" rel="noreferrer">{said}</a>'
        found.append(said)
    return "".join(found)


def _block(block: Block, number: int) -> str:
    match block:
        case Heading(level, runs):
            return f"<h{level}>{_line(runs)}</h{level}>"
        case Paragraph(runs):
            return f"<p>{_line(runs)}</p>"
        case Items(items, ordered):
            tag = "ol" if ordered else "ul"
            inside = "\n".join(f"<li>{_line(item)}</li>" for item in items)
            return f"<{tag}>\n{inside}\n</{tag}>" if items else ""
        case Facts(rows):
            inside = "\n".join(
                f"<div><dt>{escaped(name)}</dt><dd>{_line(said)}</dd></div>" for name, said in rows
            )
            return f"<dl>\n{inside}\n</dl>" if rows else ""
        case Table():
            return _table(block)
        case Figure():
            return _figure(block, number)
        case Note(runs, kind):
            return f'<div role="note" class="{kind}"><p>{_line(runs)}</p></div>'
        case PageBreak():
            return '<div class="page-break"></div>'


def _table(table: Table) -> str:
    if not table.rows and table.empty:
        return f'<p class="empty"><strong>{escaped(table.caption)}</strong><br>{escaped(table.empty)}</p>'
    kinds = [' class="number"' if column.number else "" for column in table.columns]
    head = "".join(
        f'<th scope="col"{kind}>{escaped(column.label)}</th>'
        for column, kind in zip(table.columns, kinds, strict=True)
    )
    rows = [_row(row, kinds) for row in table.rows]
    foot = f"<tfoot>\n{_row(table.total, kinds)}\n</tfoot>\n" if table.total is not None else ""
    caption = f"<caption>{escaped(table.caption)}</caption>\n" if table.caption else ""
    label = f' aria-label="{escaped(table.caption)}"' if table.caption else ""
    return (
        f'<div class="scroll" tabindex="0" role="region"{label}>\n<table>\n{caption}'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n" + "\n".join(rows) + f"\n</tbody>\n{foot}</table>\n</div>"
    )


def _row(row: tuple[Cell, ...], kinds: list[str]) -> str:
    first, *rest = row
    cells = [f'<th scope="row"{kinds[0]}>{_broken(first.said)}</th>'] + [
        f"<td{DAY if isinstance(cell.value, date) else kind}>{_broken(cell.said)}</td>"
        for cell, kind in zip(rest, kinds[1:], strict=True)
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _figure(figure: Figure, number: int) -> str:
    svg = _OWN_ID.sub(rf"\1\2-{number}\3", figure.svg).replace(
        'aria-labelledby="title desc"', f'aria-labelledby="title-{number} desc-{number}"'
    )
    table = f"\n{_table(figure.table)}" if figure.table is not None else ""
    return f"<figure>\n<figcaption>{escaped(figure.title)}</figcaption>\n{svg.strip()}\n</figure>{table}"
