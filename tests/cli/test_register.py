"""Lists from the shell: what is to be done, and what cases there are."""

from __future__ import annotations

import csv
import io
import json
import sqlite3

import pytest
from openpyxl import load_workbook

from tests.cli.conftest import JUDGED, REPORT, sets


def test_tasks__says_kindly_that_there_is_nothing(town):
    ended = town.run("chef", "tasks")
    assert (ended.code, ended.out, ended.err) == (0, "", "Inget att göra just nu.\n")


def test_tasks__lists_what_the_manager_should_do(town):
    reference = town.report()
    lines = town.do("chef", "tasks").splitlines()
    assert lines[0].split() == ["Referens", "Att", "göra", "Senast", "Rubrik", "Väntar", "på"]
    assert reference in lines[1]
    assert "Bedöm (bedom)" in lines[1]
    assert "2026-11-30 5 arbetsdagar kvar" in lines[1]


def test_tasks__has_the_shape_of_the_contract_wherever_json_is_asked_for(town):
    town.report()
    (task,) = town.json("chef", "tasks")
    assert {"reference", "step", "role", "assignee", "due_on", "overdue", "title"} <= set(task)
    assert (task["step"], task["role"], task["due_on"], task["overdue"]) == (
        "bedom", "enhetschef", "2026-11-30", False,
    )  # fmt: skip
    assert town.do("chef", "--json", "tasks") == town.do("chef", "tasks", "--json")


def test_tasks__says_how_late_it_is_in_working_days(town, monkeypatch):
    town.report()
    monkeypatch.setattr("tests.cli.conftest.NOW", "2026-12-02T09:00:00Z")
    assert "2026-11-30 2 arbetsdagar sen" in town.do("chef", "tasks", "--overdue")
    assert town.run("chef", "tasks", "--due-before", "2026-11-30").out == ""


def test_tasks__says_the_laws_own_word_where_it_names_no_day(town, monkeypatch):
    suspected = {"lagrum": "sol", "kategori_sol": "sol_fysiskt_personal", "allvarlighet_sol": "3",
                 "missforhallande_misstanks": "ja"}  # fmt: skip
    left_out = ("kategori_hsl", "allvarlighet_hsl", "vardskada_misstanks", "medbedomare")
    reference = town.report()
    given = {name: value for name, value in JUDGED.items() if name not in left_out} | suspected
    town.do("chef", "step", reference, "bedom", *sets(given))
    monkeypatch.setattr("tests.cli.conftest.NOW", "2026-11-25T09:00:00Z")
    (task,) = (one for one in town.json("chef", "tasks") if one["due_kind"] == "lag_skyndsamt")
    assert (task["word"], task["days_gone"], task["overdue"]) == ("genast", 2, False)
    assert "genast, 2 dagar har gått" in town.do("chef", "tasks")
    assert "at once, 2 days have passed" in town.do("chef", "tasks", "--lang", "en")
    assert "genast, 2 dagar har gått" in " ".join(town.do("chef", "show", reference).split())


def test_tasks__have_what_is_known_without_a_step_among_them_by_its_day(town, monkeypatch):
    first = town.report()
    monkeypatch.setattr("tests.cli.conftest.NOW", "2026-12-08T09:00:00Z")
    late = town.report()
    town.do("ordnare", "org", "appoint", "chef", "kvalitetssamordnare", "bjork", "--from", "2026-11-01")
    town.do("ordnare", "tick")
    listed = town.json("chef", "tasks")
    assert [(one["reference"], one["step"] or one["notice"], one["due_on"]) for one in listed] == [
        (first, "bedom", "2026-11-30"), (first, "silent", "2026-12-07"), (late, "bedom", "2026-12-15"),
    ]  # fmt: skip
    assert listed[1]["overdue"]
    line = town.do("chef", "tasks").splitlines()[2]
    assert "Återkoppla till den som rapporterade" in line
    assert "2026-12-07 1 arbetsdag sen" in line


def test_tasks__shows_a_person_what_names_them(town):
    reference = town.judge()
    town.do("chef", "step", reference, "paborja_utredning", "--set", "utredare=usk")
    (task,) = town.json("usk", "tasks", "--mine")
    assert (task["reference"], task["step"]) == (reference, "slutfor_utredning")
    assert "dig" in town.do("usk", "tasks") or "U. Sköterska" in town.do("usk", "tasks")


def test_tasks__goes_on_from_page_to_page(town):
    for _ in range(3):
        town.report()
    first = town.run("chef", "tasks", "--limit", "2")
    mark = first.err.partition("--after ")[2].strip().strip('"')
    assert len(first.out.splitlines()) == 3
    assert len(town.do("chef", "tasks", "--limit", "2", "--after", mark).splitlines()) == 2


def test_tasks__refuses_a_mark_from_nowhere(town):
    assert town.run("chef", "tasks", "--after", "hittepa").code == 2


def test_tasks__names_the_unit_that_was_meant(town):
    assert town.run("chef", "tasks", "--unit", "bjrk").code == 4


def test_cases__lists_and_filters(town):
    first, second = town.report(), town.judge()
    rows = town.json("chef", "cases")["cases"]
    assert {row["reference"] for row in rows} == {first, second}
    judged = town.json("chef", "cases", "--where", "kategori_hsl=hsl_fall")["cases"]
    assert [row["reference"] for row in judged] == [second]
    assert town.json("chef", "cases", "--from", "idag", "--by", "happened")["cases"] == []
    assert len(town.json("chef", "cases", "--from", "idag", "--by", "recorded")["cases"]) == 2
    assert town.json("chef", "cases", "--state", "bedomd")["cases"][0]["reference"] == second


def test_lists__say_which_name_is_none_and_what_was_meant(town):
    for args, code, said in (
        (("cases", "--state", "rapporterat"), 4, "ingen status som heter rapporterat. Menade du rapporterad?"),
        (("cases", "--process", "avikelse"), 4, "ingen publicerad process som heter avikelse. Menade du avvikelse?"),
        (("tasks", "--role", "enhetschf"), 4, "Det finns ingen roll som heter enhetschf. Menade du enhetschef?"),
        (("tasks", "--unit", "bjrk"), 4, "Det finns ingen enhet bjrk. Menade du bjork?"),
        (("cases", "--where", "handelse=x"), 4, "Det finns inget fält handelse att välja ut ärenden efter"),
        (("cases", "--where", "skada=kanske"), 4, "har inget värde som heter kanske. Det finns: ja och nej."),
        (("cases", "--where", "kategori_hsl>3"), 2, "Använd = eller !=."),
        (("cases", "--from", "idag", "--to", "igår"), 2, "Perioden slutar (2026-11-22) innan den börjar (2026-11-23)."),
        (("report", "enhet", "--from", "idag", "--to", "igår"), 2, "Perioden slutar (2026-11-22)"),
    ):  # fmt: skip
        ended = town.run("chef", *args)
        assert (ended.code, ended.out) == (code, "")
        assert said in ended.err


def test_lists__many_names_end_with_how_many_more(town):
    said = town.run("chef", "cases", "--state", "qqq").err
    assert " … och " in said
    assert said.count(",") == 11
    codes = town.run("chef", "cases", "--where", "kategori_hsl=qqq").err
    assert "…" not in codes
    assert codes.count(",") > 12


def test_commands__take_a_step_a_status_and_a_field_as_people_say_them(town):
    reference = town.do("usk", "new", "Avvikelse", "--set", "Enhet=Björkgården", *sets(REPORT)).strip()
    judged = {"Lagrum" if name == "lagrum" else name: value for name, value in JUDGED.items()}
    town.do("chef", "step", reference, "Bedöm", *sets(judged))
    rows = town.json("chef", "cases", "--state", "Bedömd", "--where", "Kategori HSL=fall")["cases"]
    assert [row["reference"] for row in rows] == [reference]


def test_cases__says_what_answers_to_nothing(town):
    ended = town.run("chef", "cases", "--state", "avslutad")
    assert (ended.out, ended.err) == ("", "Inga ärenden svarar mot det du frågade efter.\n")


def test_cases__counts_those_that_may_not_be_read(town):
    town.report()
    ended = town.run("usk2", "cases")
    assert ended.code == 3
    body = town.json("revisor", "cases")
    assert body["hidden"] + len(body["cases"]) == 1


def test_cases__writes_sheets_that_a_spreadsheet_does_not_compute(town, tmp_path):
    reference = town.judge()
    with sqlite3.connect(town.database) as raw:
        raw.execute("UPDATE units SET name = '=1+1' WHERE code = 'bjork'")
    raw.close()
    csv_file, book = tmp_path / "lista.csv", tmp_path / "lista.xlsx"
    town.do("chef", "cases", "-o", str(csv_file))
    assert csv_file.read_bytes().startswith(b"\xef\xbb\xbfReferens;Process;")
    (row,) = csv.DictReader(io.StringIO(csv_file.read_text("utf-8-sig")), delimiter=";")
    assert (row["Referens"], row["Status"], row["Enhet"]) == (reference, "Bedömd", "'=1+1")
    town.do("chef", "cases", "-o", str(book))
    sheet = load_workbook(book).worksheets[0]
    heads, cells = sheet.iter_rows(values_only=True)
    found = dict(zip(heads, cells, strict=True))
    assert (found["Referens"], found["Enhet"], str(found["Hände"])[:10]) == (reference, "=1+1", "2026-11-22")
    kinds = {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row}
    assert kinds <= {"s", "d", "n"}
    assert town.run("chef", "cases", "-o", str(tmp_path / "lista.txt")).code == 2
    town.do("chef", "cases", "-o", str(tmp_path / "lista.json"))
    assert json.loads((tmp_path / "lista.json").read_text("utf-8"))["cases"][0]["reference"] == reference


@pytest.mark.parametrize("where", ["tillbud", "art~tillbud", "="])
def test_cases__refuses_a_condition_that_is_none(town, where):
    assert town.run("chef", "cases", "--where", where).code == 2


def test_cases__mine_is_what_i_reported(town):
    reference = town.report()
    assert [row["reference"] for row in town.json("usk", "cases", "--mine")["cases"]] == [reference]
    assert town.json("chef", "cases", "--mine")["cases"] == []


def test_cases__mine_says_what_has_become_of_it_and_nothing_that_was_written(town):
    reference = town.report()
    told = town.do("usk", "cases", "--mine")
    assert "Status nu: Rapporterad" in told
    assert "Härnäst: Bedöm (enhetschef), senast" in told
    first, second = town.investigate()
    told = town.do("usk", "cases", "--mine")
    assert f"Har lett till {second} (Åtgärd)" in told
    assert "Dosen gavs" not in told
    (row,) = (row for row in town.json("usk", "cases", "--mine")["cases"] if row["reference"] == first)
    assert row["feedback"]["linked"] == [second]
    assert reference in told
    assert "feedback" not in town.json("chef", "cases")["cases"][0]
