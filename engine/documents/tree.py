"""The content tree: what a paper says, before it is HTML, PDF, DOCX, XLSX or Markdown.

One tree carries every paper, and one renderer per format reads it. What people wrote stands in it as text and as
nothing else; a renderer escapes it in one place. It must not know any format, case or report.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal, TypeAlias

LINKS: Final = ("https://", "http://", "mailto:", "#")
"""What a link may begin with; anything else is shown as its text."""
_CONTROL: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_KEPT: Final = {"\u2028": "\n", "\u2029": "\n", "\r": ""}
_SILENT: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufff9\ufffa\ufffb")


def plain(text: str) -> str:
    """A text that every format can hold: control characters become a mark, those that turn other text about go.

    Letters that are written from right to left are left alone; marks that override the direction of what stands
    beside them (and could so change what a paper says) are taken away.
    """

    def replaced(match: re.Match[str]) -> str:
        found = match.group()
        if found in _SILENT or found >= "\U000e0000":
            return ""
        return _KEPT.get(found, "\ufffd")

    return _CONTROL.sub(replaced, text)


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line. `link` is an address; one of another kind than `LINKS` is dropped."""

    text: str
    strong: bool = False
    emphasis: bool = False
    link: str | None = None

    def __post_init__(self) -> None:
        """Keep no text that a format cannot hold, and no address that could do something."""
        object.__setattr__(self, "text", plain(self.text))
        if self.link is not None:
            address = plain(self.link).strip()
            safe = address.casefold().startswith(LINKS) and not re.search(r"[\s<>\"\\^`{|}]", address)
            object.__setattr__(self, "link", address if safe else None)


Line: TypeAlias = tuple[Run, ...]


def line(text: str | Line) -> Line:
    """A line of plain text; a line as it is."""
    return (Run(text),) if isinstance(text, str) else text


def text_of(runs: Iterable[Run]) -> str:
    """What a line says."""
    return "".join(run.text for run in runs)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 2 to 4; the title of the document is level 1."""

    level: int
    runs: Line


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph. Line ends in its text are kept."""

    runs: Line


@dataclass(frozen=True, slots=True)
class Items:
    """A list, with numbers when it is ordered."""

    items: tuple[Line, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and what they are: `Status: Bedömd`."""

    rows: tuple[tuple[str, Line], ...]

    def __post_init__(self) -> None:
        """Keep no text that a format cannot hold."""
        object.__setattr__(self, "rows", tuple((plain(name), said) for name, said in self.rows))


Value: TypeAlias = int | Decimal | date | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: what it says, and the number or day behind it for a format that can hold one."""

    said: str
    value: Value = None

    def __post_init__(self) -> None:
        """Keep no text that a format cannot hold."""
        object.__setattr__(self, "said", plain(self.said))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. Numbers stand to the right. `wide`: it gets what room there is."""

    label: str
    number: bool = False
    wide: bool = False

    def __post_init__(self) -> None:
        """Keep no text that a format cannot hold."""
        object.__setattr__(self, "label", plain(self.label))


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption and header cells: the first of each row heads it. `total` is its last row.

    empty: what is said instead when there is no row.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None = None
    empty: str = ""

    def __post_init__(self) -> None:
        """Refuse rows of another width than the head."""
        object.__setattr__(self, "caption", plain(self.caption))
        object.__setattr__(self, "empty", plain(self.empty))
        rows = (*self.rows, self.total) if self.total is not None else self.rows
        if any(len(row) != len(self.columns) for row in rows):
            raise ValueError(self.caption)


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture as SVG, what it shows in words, and the same numbers as a table."""

    svg: str
    title: str
    description: str
    table: Table | None = None

    def __post_init__(self) -> None:
        """Keep no text that a format cannot hold."""
        object.__setattr__(self, "title", plain(self.title))
        object.__setattr__(self, "description", plain(self.description))


@dataclass(frozen=True, slots=True)
class Note:
    """Something beside the text: what is left out, what to know when one reads it."""

    runs: Line
    kind: Literal["note", "warning"] = "note"


@dataclass(frozen=True, slots=True)
class PageBreak:
    """A new page, where there are pages."""


Block: TypeAlias = Heading | Paragraph | Items | Facts | Table | Figure | Note | PageBreak


@dataclass(frozen=True, slots=True)
class Document:
    """A paper.

    Args:
        title: What it is; in files' properties too, so never a person.
        language: `sv` or `en`.
        made_on: The day it was made, of the properties that formats want.
        blocks: What it says.
        subtitle: Under the title: the unit, the period.
        training: What an exercise says at the top of every page; None for the real thing.
        foot: The last line: where it comes from and when it was taken out.
    """

    title: str
    language: str
    made_on: date
    blocks: tuple[Block, ...]
    subtitle: str = ""
    training: str | None = None
    foot: str = ""

    def __post_init__(self) -> None:
        """Keep no text that a format cannot hold."""
        for name in ("title", "subtitle", "foot"):
            object.__setattr__(self, name, plain(getattr(self, name)))
        if self.training is not None:
            object.__setattr__(self, "training", plain(self.training))

    def tables(self) -> tuple[Table, ...]:
        """Every table in it, those of figures among them, in order."""
        found = []
        for block in self.blocks:
            if isinstance(block, Table):
                found.append(block)
            elif isinstance(block, Figure) and block.table is not None:
                found.append(block.table)
        return tuple(found)
