"""Lists from the shell: what is to be done, and what cases there are."""

from __future__ import annotations

import csv
import io

import pytest


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


def test_cases__says_what_answers_to_nothing(town):
    ended = town.run("chef", "cases", "--state", "avslutad")
    assert (ended.out, ended.err) == ("", "Inga ärenden svarar mot det du frågade efter.\n")


def test_cases__counts_those_that_may_not_be_read(town):
    town.report()
    ended = town.run("usk2", "cases")
    assert ended.code == 3
    body = town.json("revisor", "cases")
    assert body["hidden"] + len(body["cases"]) == 1


def test_cases__writes_csv_that_a_spreadsheet_does_not_compute(town):
    reference = town.judge()
    (row,) = csv.DictReader(io.StringIO(town.do("chef", "cases", "--format", "csv")))
    assert (row["reference"], row["state"], row["unit"]) == (reference, "bedomd", "bjork")


@pytest.mark.parametrize("where", ["tillbud", "art~tillbud", "="])
def test_cases__refuses_a_condition_that_is_none(town, where):
    assert town.run("chef", "cases", "--where", where).code == 2


def test_cases__mine_is_what_i_reported(town):
    reference = town.report()
    assert [row["reference"] for row in town.json("usk", "cases", "--mine")["cases"]] == [reference]
    assert town.json("chef", "cases", "--mine")["cases"] == []
