"""The Swedish page for those who coordinate, done in the town: what it tells one to type works, on what it tells of."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from xlsxwriter import Workbook

PAGE = (Path(__file__).parents[2] / "docs" / "sv" / "samordna.md").read_text("utf-8")
HEADINGS = (
    "Nr",
    "Händelsedatum",
    "Registrerad",
    "Enhet",
    "Typ",
    "Beskrivning",
    "Intern anteckning",
    "Status",
)
OLD = (
    ("17", "2019-03-05 22:15", "2019-03-06", "Björkgården", "Fall", "Låg på golvet.", "x", "Avslutad"),
    ("18", "7/3 2019", "8 mars 2019", "Solhem", "Medicin", "Kvällsdosen uteblev.", "", "Pågår"),
)


def told(beginning):
    """The commands of the page that begin so, as words after `hjul`; the names of the page as those of the town."""
    text = PAGE.replace("\\\n", "").replace("bjorkgarden", "bjork")
    return [
        shlex.split(found)[1:] for found in re.findall(rf"^\$ (hjul {beginning}[^\n]*)$", text, re.MULTILINE)
    ]


@pytest.fixture(name="here")
def folder(tmp_path, monkeypatch):
    """A folder to stand in, with an old table in it."""
    monkeypatch.chdir(tmp_path)
    with Workbook("gamla.xlsx") as book:
        sheet = book.add_worksheet()
        for place, row in enumerate((HEADINGS, *OLD)):
            sheet.write_row(place, 0, row)
    return tmp_path


def test_import__is_done_as_the_page_says(town, here):
    make, dry, real = told("import")
    town.do("kval", *make)
    assert "Händelsedatum" in (here / "karta.yaml").read_text("utf-8")
    (filled_in,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (here / "karta.yaml").write_text(filled_in, "utf-8")
    assert "2 ärenden skulle importeras" in town.do("kval", *dry)
    assert "2 ärenden har importerats" in town.do("kval", *real)
    assert "2 rader hade importerats förut" in town.do("kval", *real)


def test_lists__reports_and_papers_are_asked_for_as_the_page_says(town, here):
    reference = town.report(handelse="Den boende låg på vått golv")
    asked = [
        words for one in ("cases", "report", "tasks", "calendar", "attach", "document") for words in told(one)
    ]
    (here / "golvet.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(100))
    files = {word for words in asked for word in words if word.endswith((".xlsx", ".pdf"))}
    for words in asked:
        if "--get" in words:
            (here / "golvet.jpg").unlink()
        ended = town.run("kval", *[reference if word.startswith("AVV-") else word for word in words])
        assert ended.code == 0, (words, ended.err)
    assert files <= {one.name for one in here.iterdir()}
    assert reference in town.do("kval", *told("cases")[0])


def test_bulk__shows_what_would_be_closed_as_the_page_says(town):
    town.judge(paverkan="ingen", sannolikhet="1", allvarlighet_hsl="1")
    (words,) = told("step --process")
    assert "Avsluta som ringa skulle tas för 1 ärende" in town.run("chef", *words).err + town.do(
        "chef", *words
    )


def test_mistakes__are_put_right_as_the_page_says(town):
    first, second = town.report(), town.report()
    given = ("--set", "skal=Samma fall två gånger", "--set", f"ersatts_av={first}")
    town.do("kval", "step", second, "felregistrera", *given)
    town.do("kval", "step", first, "flytta", "--set", "ny_enhet=Solhem", "--set", "skal=Hände där")
    assert town.json("kval", "show", first)["unit"] == "sol"
