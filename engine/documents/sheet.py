"""XLSX by XlsxWriter: each table a sheet, numbers as numbers, days as days, and no cell that computes.

A text is always written as a text, whatever it begins with. It must not know what the paper is about.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from engine.documents.tree import (
    Cell,
    Document,
    Facts,
    Heading,
    Items,
    Line,
    Note,
    Paragraph,
    Table,
    plain,
    text_of,
)

LONGEST: Final = 32_767
"""How much text a cell holds."""
_REFUSED: Final = re.compile(r"[\[\]:*?/\\']")
OPTIONS: Final = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "remove_timezone": True,
}  # fmt: skip
"""Nothing is more than what it says."""
TOP: Final = 2
"""The caption and an empty row stand above the head of a table."""


def write_xlsx(document: Document) -> bytes:
    """A document as a workbook: what it says on the first sheet, each table on its own."""
    import xlsxwriter  # noqa: PLC0415  loaded when a workbook is written, not before

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        book.set_properties(
            {
                "title": document.title[:255],
                "created": datetime.combine(document.made_on, time()),
                "author": "",
            }
        )
        writer = _Writer(book)
        writer.front(document)
        for table in document.tables():
            writer.table(table)
    return buffer.getvalue()


def write_list(table: Table, made_on: date) -> bytes:
    """A table alone as a workbook of one sheet, its head in the first row, for whoever goes on with it there."""
    import xlsxwriter  # noqa: PLC0415  loaded when a workbook is written, not before

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        book.set_properties(
            {"title": table.caption[:255], "created": datetime.combine(made_on, time()), "author": ""}
        )
        _Writer(book).table(table, top=0)
    return buffer.getvalue()


class _Writer:
    """Writes sheets into one book."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.names: set[str] = set()
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.bold = book.add_format({"bold": True})
        self.large = book.add_format({"bold": True, "font_size": 14})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
        self.number = book.add_format({"num_format": "0.##", "valign": "top"})
        self.whole = book.add_format({"num_format": "0", "valign": "top"})

    def front(self, document: Document) -> None:
        sheet = self._sheet(document.title)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 80)
        row = 0
        self._write(sheet, row, 0, document.title, self.large)
        for said in (document.training, document.subtitle):
            if said:
                row += 1
                self._write(sheet, row, 0, said, self.bold if said == document.training else None)
        row += 2
        for name, said, is_head in _front_rows(document):
            self._write(sheet, row, 0, name, self.bold if is_head else self.text)
            if said:
                self._write(sheet, row, 1, said, self.text)
            row += 1
        if document.foot:
            self._write(sheet, row + 1, 0, document.foot, None)

    def table(self, table: Table, top: int = TOP) -> None:
        sheet = self._sheet(table.caption or table.columns[0].label)
        if top:
            self._write(sheet, 0, 0, table.caption, self.large)
        for number, column in enumerate(table.columns):
            self._write(sheet, top, number, column.label, self.head)
        widths = [len(column.label) for column in table.columns]
        for number, row in enumerate(table.rows, top + 1):
            for place, cell in enumerate(row):
                self._cell(sheet, number, place, cell)
                widths[place] = max(widths[place], len(cell.said))
        if table.total is not None:
            for place, cell in enumerate(table.total):
                self._cell(sheet, top + 1 + len(table.rows), place, cell)
        if not table.rows and table.empty:
            self._write(sheet, top + 1, 0, table.empty, None)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, min(max(width + 2, 9), 60))
        sheet.freeze_panes(top + 1, 1)
        sheet.repeat_rows(top)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_paper(9)
        if table.rows:
            sheet.autofilter(top, 0, top + len(table.rows), len(table.columns) - 1)

    def _cell(self, sheet: Any, row: int, place: int, cell: Cell) -> None:
        match cell.value:
            case int() as value:
                sheet.write_number(row, place, value, self.whole)
            case Decimal() as value:
                sheet.write_number(row, place, float(value), self.number)
            case date() as value:
                sheet.write_datetime(row, place, datetime.combine(value, time()), self.day)
            case _:
                self._write(sheet, row, place, cell.said, self.text)

    def _write(self, sheet: Any, row: int, place: int, text: str, how: Any) -> None:
        """A text, never a formula, an address or a number, cut to what a cell holds."""
        if text:
            sheet.write_string(row, place, plain(text)[:LONGEST], how)

    def _sheet(self, title: str) -> Any:
        """A new sheet; its name is the title as far as a name may go, and never that of another."""
        base = " ".join(_REFUSED.sub(" ", title).split())[:28] or "Tabell"
        if base.casefold() == "history":
            base = f"{base} 1"
        name, number = base, 2
        while name.casefold() in self.names:
            name, number = f"{base[: 27 - len(str(number))]} {number}", number + 1
        self.names.add(name.casefold())
        return self.book.add_worksheet(name)


def _front_rows(document: Document) -> Iterable[tuple[str, str, bool]]:
    """What is no table: in the first column, and what a name stands for in the second."""
    for block in document.blocks:
        match block:
            case Heading(_, runs):
                yield text_of(runs), "", True
            case Paragraph(runs) | Note(runs, _):
                yield text_of(runs), "", False
            case Items(items, _):
                yield from ((text_of(item), "", False) for item in items)
            case Facts(rows):
                yield from ((name, _said(said), False) for name, said in rows)
            case _:
                pass


def _said(runs: Line) -> str:
    return text_of(runs)
