"""Reads what people keep in Excel: a heading and rows, from CSV or XLSX, cell by cell as text.

Rows come one at a time and are numbered as a spreadsheet numbers them. Whatever a file may be (other encodings,
other separators, cells with formulas, days as numbers) the cells come out as a person would read them. It must not
know what the columns mean.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any, Final

from engine.errors import SheetFileError
from engine.language.sentence import sentence

MOST_COLUMNS: Final = 500
MOST_CELL: Final = 1_000_000
MOST_BYTES: Final = 1_000_000_000
"""A larger file, or one that unpacks to more, is refused before it is read."""
LOOKED_AT: Final = 20
"""The heading is the first of so many lines that has more than one filled cell, or the first with any."""
ENCODINGS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
)  # fmt: skip
ERRORS: Final = frozenset({"#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#N/A", "#NUM!", "#NULL!"})


@dataclass(frozen=True, slots=True)
class Line:
    """A row: its number as a spreadsheet shows it, and its cells, as many as the headings."""

    number: int
    cells: tuple[str, ...]
    surplus: str = ""
    """What stands beyond the last heading: a separator in a text that was not quoted."""


@dataclass(frozen=True, slots=True)
class Spreadsheet:
    """Headings, and the rows below them that are not empty."""

    headings: tuple[str, ...]
    lines: Iterator[Line]


def read_spreadsheet(path: Path, sheet: str | None = None) -> Spreadsheet:
    """Open a file; rows are read as they are asked for.

    Args:
        path: A `.csv`, `.txt`, `.tsv` or `.xlsx` file.
        sheet: The name of a sheet of a workbook; None for the first that holds anything.

    Raises:
        SheetFileError: It is no such file, or cannot be read.
        OSError: The system does not let it be read.
    """
    if path.stat().st_size == 0:
        raise SheetFileError(sentence("sheet.empty"))
    if path.stat().st_size > MOST_BYTES:
        raise SheetFileError(sentence("sheet.large"))
    with path.open("rb") as file:
        beginning = file.read(8)
    if beginning.startswith(b"PK\x03\x04"):
        rows = _workbook_rows(path, sheet)
    elif beginning.startswith(b"\xd0\xcf\x11\xe0"):
        raise SheetFileError(sentence("sheet.old_excel"))
    elif beginning.startswith(b"%PDF"):
        raise SheetFileError(sentence("sheet.other"))
    else:
        if sheet is not None:
            raise SheetFileError(sentence("sheet.no_sheets"))
        rows = _text_rows(path)
    return _headed(rows)


def _headed(rows: Iterable[tuple[int, list[str]]]) -> Spreadsheet:
    numbered = iter(rows)
    first = [(number, cells) for number, cells in islice(numbered, LOOKED_AT) if any(cells)]
    if not first:
        raise SheetFileError(sentence("sheet.empty"))
    at = next((place for place, (_, cells) in enumerate(first) if sum(map(bool, cells)) > 1), 0)
    headings = first[at][1]
    while headings and not headings[-1]:
        headings = headings[:-1]
    if len(headings) > MOST_COLUMNS:
        raise SheetFileError(sentence("sheet.columns"))
    named = tuple(heading or f"kolumn {_letters(place)}" for place, heading in enumerate(headings))

    def lines() -> Iterator[Line]:
        yield from (_line(number, cells, len(named)) for number, cells in first[at + 1 :])
        yield from (_line(number, cells, len(named)) for number, cells in numbered if any(cells))

    return Spreadsheet(named, lines())


def _line(number: int, cells: list[str], width: int) -> Line:
    beyond = next((cell for cell in cells[width:] if cell), "")
    return Line(number, (*cells[:width], *("",) * (width - len(cells))), beyond)


def _letters(place: int) -> str:
    """The name of a column in a spreadsheet: A, B ... Z, AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name


# --- text ---------------------------------------------------------------------------------------------------------


def _text_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        try:
            beginning = file.read(200_000)
        except UnicodeDecodeError:
            raise SheetFileError(sentence("sheet.other")) from None
        if "\x00" in beginning:
            raise SheetFileError(sentence("sheet.other"))
        file.seek(0)
        before = csv.field_size_limit(MOST_CELL)
        try:
            reader = csv.reader(file, delimiter=_separator(beginning), strict=True)
            for number, cells in enumerate(reader, 1):
                yield number, [cell.strip() for cell in cells]
        except csv.Error:
            raise SheetFileError(sentence("sheet.quotes", row=reader.line_num)) from None
        except UnicodeDecodeError:
            raise SheetFileError(sentence("sheet.encoding")) from None
        finally:
            csv.field_size_limit(before)


def _encoding(path: Path) -> str:
    """UTF-8 where the whole file is, else what a Swedish Windows writes."""
    with path.open("rb") as file:
        beginning = file.read(4)
        for mark, encoding in ENCODINGS:
            if beginning.startswith(mark):
                return encoding
        file.seek(0)
        decoder = io.TextIOWrapper(file, encoding="utf-8")
        try:
            while decoder.read(1 << 20):
                pass
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def _separator(text: str) -> str:
    """What divides the cells: that which divides the first lines most, each alike."""

    def divided(separator: str) -> tuple[int, int]:
        try:
            rows = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=separator), LOOKED_AT))
        except csv.Error:
            return 0, 0
        widths = [len(row) for row in rows if any(row)]
        widest = max(widths, default=0)
        return (widths.count(widest), widest) if widest > 1 else (0, 0)

    return max(";\t,|", key=divided)


# --- workbooks ----------------------------------------------------------------------------------------------------


def _workbook_rows(path: Path, sheet: str | None) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook  # noqa: PLC0415  only who reads a workbook waits for it
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    _check_archive(path)
    try:
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except (InvalidFileException, KeyError, ValueError, TypeError, zipfile.BadZipFile, SyntaxError):
        raise SheetFileError(sentence("sheet.other")) from None
    try:
        names = book.sheetnames
        if sheet is not None and sheet not in names:
            raise SheetFileError(sentence("sheet.no_sheet", name=sheet[:60], names=tuple(names)))
        for name in [sheet] if sheet is not None else names:
            page = book[name]
            if not hasattr(page, "iter_rows"):
                continue
            page.reset_dimensions()
            found = False
            for number, row in enumerate(page.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True), 1):
                cells = [_cell(value) for value in row]
                found = found or any(cells)
                yield number, cells
            if found:
                return
    except (KeyError, ValueError, TypeError, zipfile.BadZipFile, SyntaxError):
        raise SheetFileError(sentence("sheet.other")) from None
    finally:
        book.close()


def _check_archive(path: Path) -> None:
    """Refuse what is no workbook, is locked with a password, or unpacks to more than a disk holds."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        raise SheetFileError(sentence("sheet.other")) from None
    if sum(part.file_size for part in parts) > MOST_BYTES:
        raise SheetFileError(sentence("sheet.large"))
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise SheetFileError(sentence("sheet.other"))


def _cell(value: Any) -> str:
    """A cell as a person reads it: days without a time as days, whole numbers without a point, yes and no."""
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nej"
        case datetime():
            rounded = value.replace(microsecond=0)
            return (
                rounded.date().isoformat() if rounded.time() == time() else rounded.strftime("%Y-%m-%d %H:%M")
            )
        case date():
            return value.isoformat()
        case time():
            return value.strftime("%H:%M")
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case _:
            return str(value).strip()
