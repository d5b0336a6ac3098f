"""PDF by typst: tagged for screen readers (PDF/UA-1) and for the archive (PDF/A-2a), with fonts of its own.

Text goes in as data (`sys.inputs`), never into the source of `pdf.typ`. No font of the machine is used, so that the
same document gives the same bytes everywhere. It must not know what the paper is about.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final, Literal

from engine.documents.glyph import shown
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

STANDARDS: Final[tuple[Literal["ua-1", "a-2a"], ...]] = ("ua-1", "a-2a")
SOURCE: Final = Path(__file__).with_name("pdf.typ")
_LONG: Final = re.compile(r"[^\s\u200b]{28,}")
_PIECE: Final = re.compile(r".{14}")


def write_pdf(document: Document) -> bytes:
    """A document as PDF."""
    import typst  # noqa: PLC0415  30 MB that are loaded when a PDF is written, not before

    content = {
        "title": _said(document.title), "language": document.language, "subtitle": _said(document.subtitle),
        "training": _said(document.training) if document.training else None, "foot": _said(document.foot),
        "made_on": [document.made_on.year, document.made_on.month, document.made_on.day],
        "blocks": [_block(block) for block in document.blocks],
    }  # fmt: skip
    written: bytes = typst.compile(
        SOURCE.read_bytes(), format="pdf", pdf_standards=[*STANDARDS], ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(content, ensure_ascii=False)},
    )  # fmt: skip
    return written


def _said(text: str) -> str:
    """A text that the fonts can show, with places where a very long word may be broken."""
    return _LONG.sub(lambda word: _PIECE.sub("\\g<0>\u200b", word.group()), shown(text))


def _line(runs: Line) -> list[dict[str, Any]]:
    return [
        {"text": _said(run.text), "strong": run.strong, "emphasis": run.emphasis,
         "link": run.link if run.link and not run.link.startswith("#") else None}
        for run in runs
    ]  # fmt: skip


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading(level, runs):
            return {"kind": "heading", "level": level, "runs": _line(runs)}
        case Paragraph(runs):
            return {"kind": "paragraph", "runs": _line(runs)}
        case Items(items, ordered):
            return {"kind": "items", "ordered": ordered, "items": [_line(item) for item in items]}
        case Facts(rows):
            return {
                "kind": "facts",
                "rows": [{"name": _said(name), "said": _line(said)} for name, said in rows],
            }
        case Table():
            return _table(block)
        case Figure(svg, title, description, table):
            return {"kind": "figure", "svg": svg, "title": _said(title), "description": _said(description),
                    "table": _table(table) if table is not None else None}  # fmt: skip
        case Note(runs, kind):
            return {"kind": "note", "warning": kind == "warning", "runs": _line(runs)}
        case PageBreak():
            return {"kind": "break"}


def _table(table: Table) -> dict[str, Any]:
    def cells(row: tuple[Cell, ...]) -> list[str]:
        return [_said(cell.said) for cell in row]

    return {
        "kind": "table", "caption": _said(table.caption), "empty": _said(table.empty),
        "columns": [
            {"label": _said(column.label), "number": column.number, "wide": column.wide} for column in table.columns
        ],
        "rows": [cells(row) for row in table.rows],
        "total": cells(table.total) if table.total is not None else None,
    }  # fmt: skip
