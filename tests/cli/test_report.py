"""`hjul report`: listed, to the terminal, to files by their names, published; and what is wrong is said."""

import io
import json

import openpyxl


def test_report__lists_what_there_is(town):
    listed = [one["report"] for one in town.json("chef", "report", "list")]
    assert {"arbetsplatstraff", "enhet", "handelser", "oppna"} <= set(listed)
    assert listed == sorted(listed)


def test_report__in_the_terminal_and_in_files_by_their_names(town, tmp_path):
    reference, action = town.investigate()
    assert reference in town.do("chef", "report", "oppna")
    page = town.do("chef", "report", "handelser", "--year", "2026")
    for said in ("Händelser", "2026-11", "Fall", "0 av 1 (0\u00a0%)", "Processer, rutiner och riktlinjer"):
        assert said in page, said
    for ending, magic in (
        (".pdf", b"%PDF"),
        (".docx", b"PK"),
        (".xlsx", b"PK"),
        (".html", b"<!doc"),
        (".json", b"{"),
    ):
        file = tmp_path / f"x{ending}"
        ended = town.run("chef", "report", "handelser", "-o", str(file))
        assert (ended.code, ended.out) == (0, "")
        assert file.read_bytes().startswith(magic)
    book = openpyxl.load_workbook(io.BytesIO((tmp_path / "x.xlsx").read_bytes()))
    assert book.worksheets[1].cell(4, 2).value == 1
    measures = {
        one["figure"]: one for one in json.loads((tmp_path / "x.json").read_text("utf-8"))["figures"]
    }["measures"]
    assert (measures["value"], measures["references"]) == (1, [action])


def test_report__the_workplace_sheet_names_nobody(town):
    reference, action = town.investigate()
    for form in ("text", "md", "html"):
        page = town.do("chef", "report", "arbetsplatstraff", "--format", form)
        for name in (reference, action, "Chef", "Sköterska", "chef", "usk", "fick fel dos", "Dubbelkontroll"):
            assert name not in page
        assert "Vad vi har lärt oss" in page


def test_report__published_has_no_case(town, tmp_path):
    reference, action = town.investigate()
    found = town.json("chef", "report", "handelser", "--published")
    assert found["published"]
    assert found["figures"][0]["value"] is None
    assert reference not in json.dumps(found)
    assert action not in json.dumps(found)
    page = town.do("chef", "report", "oppna", "--published")
    assert reference not in page


def test_report__says_what_is_wrong(town):
    assert town.run("chef", "report", "handelser", "--year", "2026", "--from", "2026-01-01").code == 2
    assert town.run("chef", "report", "handelser", "--unit", "sol").code == 3
    ended = town.run("chef", "report", "handelsen")
    assert (ended.code, "handelser" in ended.err) == (4, True)
    assert town.run("chef", "report", "handelser", "--year", "tjugo").code == 2
    screen = town.sit("chef", "report", "handelser", "--format", "pdf")
    screen.see("-o FIL")
    assert screen.end() == 2
