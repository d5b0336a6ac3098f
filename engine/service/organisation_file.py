"""Reads the file that an organisation is kept in: rows of units, persons and roles, with their places.

The format is for people (docs/how-to/organisation.md): one CSV with a heading, `;` or `,`, columns in any
order, Swedish or English words. Everything that is wrong with the form of a row is collected. It must not
know what is already there.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Final, Literal, TypeAlias

from engine.errors import (
    DayFormError,
    FileEncodingError,
    HjulError,
    MissingCellError,
    RowKindError,
    UnknownColumnError,
    UnusedCellError,
)
from engine.language.alphabet import fold

Kind: TypeAlias = Literal["unit", "person", "role"]

KINDS: Final[Mapping[str, Kind]] = {
    "enhet": "unit", "unit": "unit", "person": "person", "medarbetare": "person",
    "roll": "role", "role": "role",
}  # fmt: skip
COLUMNS: Final[Mapping[str, str]] = {
    "typ": "type", "type": "type", "kod": "code", "code": "code", "namn": "name", "name": "name",
    "overenhet": "parent", "parent": "parent", "inloggning": "login", "login": "login",
    "befattning": "title", "titel": "title", "title": "title", "e-post": "email", "epost": "email",
    "email": "email", "person": "person", "roll": "role", "role": "role", "enhet": "unit", "unit": "unit",
    "ersatter": "for", "for": "for", "fran": "from", "from": "from", "till": "to", "to": "to",
}  # fmt: skip
USED: Final[Mapping[Kind, frozenset[str]]] = {
    "unit": frozenset({"code", "name", "parent", "from", "to"}),
    "person": frozenset({"code", "name", "login", "title", "email", "from", "to"}),
    "role": frozenset({"person", "role", "unit", "for", "from", "to"}),
}
NEEDED: Final[Mapping[Kind, tuple[str, ...]]] = {
    "unit": ("code", "name"), "person": ("name",), "role": ("person", "role", "unit"),
}  # fmt: skip
ATTRIBUTE: Final = re.compile(r"(?:attribut|attribute):([a-z][a-z0-9_]*)")
WORDS: Final = (
    "typ", "kod", "namn", "överenhet", "inloggning", "befattning", "e-post", "person", "roll", "enhet",
    "ersätter", "från", "till",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with one row: its number as in a spreadsheet, the heading, what stands there, and why."""

    row: int
    column: str
    value: str
    error: HjulError


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its number, its kind, and the cells of the columns there are, by our names; an empty cell is "".

    headings: our name -> the heading of the file. attributes: of a unit, those with a column.
    """

    number: int
    kind: Kind
    cells: Mapping[str, str]
    headings: Mapping[str, str]
    attributes: Mapping[str, str]

    def get(self, column: str) -> str | None:
        """Return the cell, None when the file has no such column."""
        return self.cells.get(column)

    def problem(self, column: str, error: HjulError) -> RowProblem:
        """Say what is wrong with a cell."""
        return RowProblem(self.number, self.headings.get(column, column), self.cells.get(column, ""), error)


def read_file(content: bytes) -> tuple[tuple[Row, ...], tuple[RowProblem, ...]]:
    """Return the rows of a file whose form is right, and what is wrong with the others."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = content[: error.start].count(b"\n") + 1
        return (), (RowProblem(number, "", "", FileEncodingError()),)
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
    except csv.Error:
        return (), (RowProblem(1, "", "", FileEncodingError()),)
    headings = records[0] if records else []
    columns = [_column(heading) for heading in headings]
    problems = list(_heading_problems(headings, columns))
    if problems:
        return (), tuple(problems)
    rows = []
    for number, values in enumerate(records[1:], start=2):
        if not any(value.strip() for value in values):
            continue
        found = _row(number, headings, columns, [value.strip() for value in values])
        if isinstance(found, Row):
            wrong = list(_form_problems(found))
            problems += wrong
            if not wrong:
                rows.append(found)
        else:
            problems.append(found)
    return tuple(rows), tuple(problems)


def _delimiter(text: str) -> str:
    heading = text.partition("\n")[0]
    return max(";,\t", key=heading.count)


def _column(heading: str) -> str | None:
    word = fold(heading)
    attribute = ATTRIBUTE.fullmatch(word.replace(" ", ""))
    return f"attribute:{attribute[1]}" if attribute else COLUMNS.get(word)


def _heading_problems(headings: list[str], columns: list[str | None]) -> Iterator[RowProblem]:
    for heading, column in zip(headings, columns, strict=True):
        if column is None or columns.count(column) > 1:
            near = get_close_matches(heading.strip().casefold(), WORDS, n=1) or WORDS
            yield RowProblem(1, heading, heading, UnknownColumnError(heading, tuple(near)))
    if "type" not in columns:
        yield RowProblem(1, "typ", "", MissingCellError("typ"))


def _row(number: int, headings: list[str], columns: list[str | None], values: list[str]) -> Row | RowProblem:
    values += [""] * (len(columns) - len(values))
    if len(values) > len(columns):
        return RowProblem(number, "", values[len(columns)], UnusedCellError(""))
    cells = {column or "": value for column, value in zip(columns, values, strict=True)}
    named = {column or "": heading for column, heading in zip(columns, headings, strict=True)}
    kind = KINDS.get(fold(cells["type"]))
    if kind is None:
        return RowProblem(number, named["type"], cells["type"], RowKindError(("enhet", "person", "roll")))
    attributes = {
        column.partition(":")[2]: value for column, value in cells.items() if column.startswith("attribute:")
    }
    return Row(number, kind, cells, named, attributes if kind == "unit" else {})


def _form_problems(row: Row) -> Iterator[RowProblem]:
    for column in NEEDED[row.kind]:
        if not row.get(column):
            yield row.problem(column, MissingCellError(row.headings.get(column, column)))
    if row.kind == "person" and not row.get("code") and not row.get("login"):
        yield row.problem("login", MissingCellError(row.headings.get("login", "inloggning")))
    for column in ("from", "to"):
        if (text := row.get(column)) and not _is_day(text):
            yield row.problem(column, DayFormError(text))
    for column, value in row.cells.items():
        allowed = (
            column == "type"
            or column in USED[row.kind]
            or (row.kind == "unit" and column.startswith("attribute:"))
        )
        if value and not allowed:
            yield row.problem(column, UnusedCellError(row.headings[column]))


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
