"""Tables as people keep them: every way a file may be written comes out as the same cells."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from engine.errors import SheetFileError
from engine.exchange.spreadsheet import read_spreadsheet

HEADINGS = ("Nr", "Händelse", "Dag")
ROWS = [("1", "Föll i badrummet", "2019-03-05"), ("2", "Fick fel dos", "2019-03-06")]


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def cells_of(path: Path) -> list[tuple[str, ...]]:
    table = read_spreadsheet(path)
    assert table.headings == HEADINGS
    return [line.cells for line in table.lines]


def as_text(separator: str) -> str:
    return "".join(separator.join(row) + "\r\n" for row in (HEADINGS, *ROWS))


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_read__text_of_every_kind(tmp_path: Path, separator: str, encoding: str) -> None:
    """The separator and the letters are found out."""
    assert cells_of(written(tmp_path / "a.csv", as_text(separator).encode(encoding))) == ROWS


def test_read__quoted_text_with_separator_and_line_end(tmp_path: Path) -> None:
    """A row is a row, whatever stands between quotation marks; its number is that of the spreadsheet."""
    path = written(
        tmp_path / "a.csv", 'Nr;Händelse;Dag\n1;"Föll; slog sig\noch ringde";2019\n2;b;2020\n'.encode()
    )
    lines = list(read_spreadsheet(path).lines)
    assert [(line.number, line.cells[1]) for line in lines] == [(2, "Föll; slog sig\noch ringde"), (3, "b")]


def test_read__more_cells_than_headings(tmp_path: Path) -> None:
    """What stands beyond the headings is told; what is lacking is empty."""
    path = written(tmp_path / "a.csv", b"Nr;Dag\n1;2;tre\n2\n")
    assert [(line.cells, line.surplus) for line in read_spreadsheet(path).lines] == [
        (("1", "2"), "tre"), (("2", ""), ""),
    ]  # fmt: skip


def test_read__workbook(tmp_path: Path) -> None:
    """Days, numbers and yes come out as a person reads them; a title and empty rows are passed over."""
    book = Workbook()
    book.create_sheet("Tomt", 0)
    page = book["Sheet"]
    for row in (["Utdrag"], [], ["Nr", "Dag", "Tid", "Antal", "Skada", None]):
        page.append(row)
    page.append([7.0, date(2019, 3, 5), datetime.fromisoformat("2019-03-05T08:30"), 2.5, True, None])
    page.append([])
    page.append(["8", datetime.fromisoformat("2019-03-06"), "kl 9", "=1+1", None, None])
    book.save(tmp_path / "a.xlsx")
    table = read_spreadsheet(tmp_path / "a.xlsx")
    assert table.headings == ("Nr", "Dag", "Tid", "Antal", "Skada")
    assert [(line.number, line.cells) for line in table.lines] == [
        (4, ("7", "2019-03-05", "2019-03-05 08:30", "2.5", "ja")),
        (6, ("8", "2019-03-06", "kl 9", "", "")),
    ]


def test_read__named_sheet(tmp_path: Path) -> None:
    """A sheet may be named; one that is not there is told of, with those that are."""
    book = Workbook()
    book.create_sheet("Andra").append(["a", "b"])
    book.save(tmp_path / "a.xlsx")
    assert read_spreadsheet(tmp_path / "a.xlsx", "Andra").headings == ("a", "b")
    with pytest.raises(SheetFileError) as caught:
        read_spreadsheet(tmp_path / "a.xlsx", "Tredje")
    assert caught.value.why.id == "sheet.no_sheet"


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("annat.txt", "x")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"\n\n ; \n", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_excel"),
        (b"%PDF-1.7", "other"),
        (b"Nr;Dag\x00", "other"),
        (b'Nr;Dag\n1;"aldrig slut\n', "quotes"),
        (b"PK\x03\x04 men inget arkiv", "other"),
        (";".join(f"k{n}" for n in range(501)).encode(), "columns"),
    ],
)
def test_read__no_table(tmp_path: Path, content: bytes, why: str) -> None:
    """What is no table is refused with why."""
    with pytest.raises(SheetFileError) as caught:
        list(read_spreadsheet(written(tmp_path / "a.csv", content)).lines)
    assert caught.value.why.id == f"sheet.{why}"


def test_read__archive_that_is_no_workbook(tmp_path: Path) -> None:
    """A document of another kind is not read as a table."""
    _zip(tmp_path / "a.xlsx")
    with pytest.raises(SheetFileError):
        read_spreadsheet(tmp_path / "a.xlsx")


def test_read__refuses_a_picture_whatever_it_is_called(tmp_path: Path) -> None:
    """Bytes that no letters are written by are no text, from the first."""
    path = written(tmp_path / "a.csv", b"\x89PNG\r\n\x1a\n\x81\x8d\x8f\x90\x9d" * 50)
    with pytest.raises(SheetFileError) as refused:
        read_spreadsheet(path)
    assert refused.value.why.id == "sheet.other"
