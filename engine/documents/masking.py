"""Names that shall stand nowhere on a paper, whoever wrote them: each is replaced by a word in brackets.

A whole name is found in either order, in any case, with a genitive's s, over a line's end. A first name alone is left:
it may be anybody's. It must not know whose names they are, or why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

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
    Paragraph,
    Run,
    Table,
)


def mask(document: Document, names: Iterable[str], instead: str) -> Document:
    """The document with a word in place of each of the names."""
    pattern = _pattern(names)
    if pattern is None:
        return document
    masked = _Mask(pattern, instead)
    return replace(
        document, subtitle=masked.text(document.subtitle),
        blocks=tuple(masked.block(block) for block in document.blocks),
    )  # fmt: skip


def _pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    found = []
    for name in names:
        words = [re.escape(word) for word in name.replace(",", " ").split()]
        if len(words) > 1:
            found.append(r"\s+".join(words))
            found.append(words[-1] + r"\s*,\s*" + r"\s+".join(words[:-1]))
        elif words:
            found.append(words[0])
    return re.compile(rf"(?<!\w)(?:{'|'.join(found)})s?(?!\w)", re.IGNORECASE) if found else None


class _Mask:
    """One pattern, and what stands in its place."""

    def __init__(self, pattern: re.Pattern[str], instead: str) -> None:
        self.pattern = pattern
        self.instead = instead

    def text(self, text: str) -> str:
        return self.pattern.sub(lambda _: self.instead, text)

    def line(self, runs: Line) -> Line:
        return tuple(
            Run(self.text(run.text), run.strong, run.emphasis, run.link and self.text(run.link))
            for run in runs
        )

    def row(self, row: tuple[Cell, ...]) -> tuple[Cell, ...]:
        return tuple(Cell(self.text(cell.said), cell.value) for cell in row)

    def table(self, table: Table) -> Table:
        return replace(
            table, caption=self.text(table.caption), rows=tuple(map(self.row, table.rows)),
            total=self.row(table.total) if table.total is not None else None,
        )  # fmt: skip

    def block(self, block: Block) -> Block:
        match block:
            case Heading() | Paragraph() | Note():
                return replace(block, runs=self.line(block.runs))
            case Items(items):
                return replace(block, items=tuple(map(self.line, items)))
            case Facts(rows):
                return Facts(tuple((self.text(name), self.line(said)) for name, said in rows))
            case Table():
                return self.table(block)
            case Figure():
                return replace(
                    block, svg=self.text(block.svg), title=self.text(block.title),
                    description=self.text(block.description), table=block.table and self.table(block.table),
                )  # fmt: skip
            case _:
                return block
