"""The file of an organisation: what it may look like, every problem at once, and what importing it again changes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from engine.cases.event import Acting
from engine.cases.organisation import Organisation
from engine.cases.reorganisation import (
    AddPerson,
    AddUnit,
    Appoint,
    Cause,
    Change,
    ChangeAppointment,
    decide_changes,
)
from engine.language.alphabet import fold
from engine.language.sentence import Words
from engine.service.organisation_file import WORDS, read_file
from engine.service.organisation_plan import plan_import

TODAY = "2026-06-15"
ROLES = {
    "chef": Words("Enhetschef", "Unit manager"),
    "utredare": Words("Utredare", "Investigator"),
    "administrator": Words("Administratör", "Administrator"),
}
FILE = """typ;kod;namn;överenhet;inloggning;befattning;person;roll;enhet;ersätter;från;till;attribut:regi
enhet;hem;Ängens hem;omr;;;;;;;;;egen
enhet;omr;Området;kom;;;;;;;;;
enhet;kom;Kommunen;;;;;;;;2020-01-01;;
person;p001;Anna Ek;;anna;chef;;;;;;;
person;;Bo Ek;;bo;;;;;;;;
roll;;;;;;bo;utredare;Ängens hem;anna;;2026-08-31;
roll;;;;;;anna;utredare;hem;;;;
roll;;;;;;Anna Ek;Enhetschef;Området;;2026-01-01;;
"""
HEAD = FILE.splitlines()[0] + "\n"


def cause(on=TODAY):
    return Cause("c1", Acting("p001"), f"{on}T08:00:00.000000Z", on)


def plan(text, organisation=None, *, on=TODAY, end_missing=False, roles=ROLES):
    rows, wrong = read_file(text.encode())
    found = plan_import(organisation or Organisation(), rows, cause(on), roles, end_missing=end_missing)
    return found, (*wrong, *found.problems)


def imported(text=FILE, organisation=None, **more):
    found, problems = plan(text, organisation, **more)
    assert problems == ()
    before = organisation or Organisation()
    return decide_changes(before, found.changes, cause(more.get("on", TODAY)))[1] if found.changes else before


def told(problems):
    return [(problem.row, problem.column, problem.error.kind.rpartition(".")[2]) for problem in problems]


def test_import__makes_units_people_and_roles_whatever_the_order_of_rows():
    found = imported()
    assert (found.units["hem"].parent, found.units["hem"].attributes) == ("omr", {"regi": "egen"})
    assert found.units["kom"].from_on == "2020-01-01"
    assert {(p.code, p.login, p.title) for p in found.persons.values()} == {
        ("p001", "anna", "chef"),
        ("p002", "bo", ""),
    }
    assert {
        (a.person, a.role, a.unit, a.from_on, a.to_on, a.on_behalf_of) for a in found.appointments.values()
    } == {
        ("p001", "utredare", "hem", TODAY, None, None),
        ("p001", "chef", "omr", "2026-01-01", None, None),
        ("p002", "utredare", "hem", TODAY, "2026-08-31", "p001"),
    }


@pytest.mark.parametrize("on", [TODAY, "2026-07-01"])
def test_import__again_changes_nothing(on):
    found, problems = plan(FILE, imported(), on=on)
    assert (found.changes, found.same, found.missing, problems) == ((), 8, (), ())


ENGLISH = """type,code,name,parent,login,title,email,person,role,unit,for,from,to,attribute:regi
unit,hem,Ängens hem,omr,,,,,,,,,,egen
unit,omr,Området,kom,,,,,,,,,,
unit,kom,Kommunen,,,,,,,,,2020-01-01,,
person,p001,Anna Ek,,anna,chef,,,,,,,,
person,,Bo Ek,,bo,,,,,,,,,
role,,,,,,,bo,investigator,Ängens hem,anna,,2026-08-31,
role,,,,,,,anna,utredare,hem,,,,
role,,,,,,,Anna Ek,chef,Området,,2026-01-01,,
"""


CAPITALS = HEAD.upper() + re.sub(r"(?m)^\w+", lambda found: found[0].upper(), FILE.removeprefix(HEAD))
OTHER_CLOTHES = {
    "english": ENGLISH, "byte order mark": "\ufeff" + FILE, "crlf": FILE.replace("\n", "\r\n"),
    "tabs": FILE.replace(";", "\t"), "capitals": CAPITALS,
}  # fmt: skip


@pytest.mark.parametrize("text", OTHER_CLOTHES.values(), ids=OTHER_CLOTHES)
def test_import__says_the_same_in_other_clothes(text):
    found, problems = plan(text, imported())
    assert (found.changes, problems) == ((), ())


def test_import__changes_the_rows_that_changed():
    text = FILE.replace("Ängens hem;omr", "Ängsgårdens hem;kom").replace(
        "bo;utredare;Ängens hem", "bo;utredare;hem"
    )
    found = imported(text.replace("2026-08-31", "2026-09-30").replace(";chef;;;;;;;", ";;;;;;;;"), imported())
    assert (found.units["hem"].name, found.units["hem"].parent) == ("Ängsgårdens hem", "kom")
    assert found.persons["p001"].title == ""
    assert [a.to_on for a in found.appointments.values() if a.on_behalf_of] == ["2026-09-30"]


def test_import__leaves_what_has_no_column():
    found = imported("typ;kod;namn\nenhet;hem;Hemmet\nperson;p001;Anna Ek\n", imported())
    assert (found.units["hem"].name, found.units["hem"].parent, found.units["hem"].attributes) == (
        "Hemmet", "omr", {"regi": "egen"},
    )  # fmt: skip
    assert found.persons["p001"].login == "anna"


def without(*lines):
    return "".join(line for line in FILE.splitlines(keepends=True) if not line.startswith(lines))


def test_import__tells_what_is_missing_and_leaves_it():
    found, problems = plan(without("enhet;hem", "roll", "person;;Bo"), imported())
    assert (problems, found.changes, found.missing) == ((), (), (("person", "p002"), ("unit", "hem")))


def test_import__ends_what_is_missing_when_asked_and_not_once_more():
    text = without("roll;;;;;;bo", "person;;Bo")
    found = imported(text, imported(), end_missing=True)
    assert found.persons["p002"].to_on == TODAY
    assert [a.to_on for a in found.appointments.values() if a.person == "p002"] == [TODAY]
    again, _ = plan(text, found, end_missing=True)
    assert (again.changes, again.missing) == ((), ())


def test_import__takes_back_one_who_was_ended():
    found = imported(FILE, imported(without("roll;;;;;;bo", "person;;Bo"), imported(), end_missing=True))
    assert found.persons["p002"].to_on is None


def test_import__never_ends_an_administrator():
    changes: list[Change] = [
        AddPerson("Root", TODAY, code="rot"),
        Appoint("rot", "administrator", "kom", TODAY),
    ]
    before = decide_changes(imported(), changes, cause())[1]
    found, _ = plan(FILE, before, end_missing=True)
    assert (found.changes, found.missing) == ((), ())


def test_import__gives_a_role_anew_that_had_ended():
    before = imported()
    key = next(key for key, each in before.appointments.items() if each.role == "chef")
    before = decide_changes(before, [ChangeAppointment(key, "2026-05-31")], cause())[1]
    found = imported(FILE.replace(";;2026-01-01;;", ";;;;"), before)
    assert [a.from_on for a in found.appointments.values() if a.role == "chef"] == ["2026-01-01", TODAY]


KOM = "enhet;kom;Kommunen;;;;;;;;;;\n"
ANNA = "person;p001;Anna Ek;;anna;;;;;;;;\n"
WRONG = [
    (HEAD + "hus;kom;Kommunen;;;;;;;;;;\n", [(2, "typ", "row_kind")]),
    (HEAD + "enhet;;Kommunen;;;;;;;;;;\n", [(2, "kod", "missing_cell")]),
    (HEAD + "enhet;kom;;;;;;;;;;;\n", [(2, "namn", "missing_cell")]),
    (HEAD + "person;;Anna;;;;;;;;;;\n", [(2, "inloggning", "missing_cell")]),
    (HEAD + "enhet;två ord;Kommunen;;;;;;;;;;\n", [(2, "kod", "code_form")]),
    (HEAD + "enhet;kom;Kommunen;;;;;;;;1/3 2026;;\n", [(2, "från", "day_form")]),
    (HEAD + "enhet;kom;Kommunen;;;;;;;;2026-02-30;;\n", [(2, "från", "day_form")]),
    (HEAD + "enhet;kom;Kommunen;;;;;;;;;20260301;\n", [(2, "till", "day_form")]),
    (HEAD + "enhet;kom;Kommunen;;;;;;;;2026-03-02;2026-03-01;\n", [(2, "till", "period_order")]),
    (HEAD + "enhet;kom;Kommunen;;anna;;;;;;;;\n", [(2, "inloggning", "unused_cell")]),
    (HEAD + "person;p001;Anna;;anna;;;;;;;;egen\n", [(2, "attribut:regi", "unused_cell")]),
    (HEAD + "enhet;kom;Kommunen;;;;;;;;;;;för mycket\n", [(2, "", "unused_cell")]),
    (HEAD + "enhet;kom;Kommunen;borta;;;;;;;;;\n", [(2, "överenhet", "unknown_unit")]),
    (HEAD + "enhet;a;A;b;;;;;;;;;\nenhet;b;B;a;;;;;;;;;\n",
     [(2, "överenhet", "unit_cycle"), (3, "överenhet", "unknown_unit")]),
    (HEAD + KOM + KOM, [(3, "typ", "repeated_row")]),
    (HEAD + ANNA + "person;;Annan;;Anna;;;;;;;;\n", [(3, "typ", "repeated_row")]),
    (HEAD + KOM + ANNA + "roll;;;;;;cia;chef;kom;;;;\n", [(4, "person", "unknown_person")]),
    (HEAD + KOM + ANNA + "roll;;;;;;anna;chef;borta;;;;\n", [(4, "enhet", "unknown_unit")]),
    (HEAD + KOM + ANNA + "roll;;;;;;anna;kock;kom;;;;\n", [(4, "roll", "unknown_role")]),
    (HEAD + KOM + ANNA + "roll;;;;;;anna;;kom;;;;\n", [(4, "roll", "missing_cell")]),
    (HEAD + KOM + ANNA + "roll;;;;;;anna;chef;kom;cia;;;\n", [(4, "ersätter", "unknown_person")]),
    (HEAD + KOM + ANNA + "roll;;;;;;anna;chef;kom;anna;;;\n", [(4, "ersätter", "nothing_to_substitute")]),
    ("typ;kod;nam\nenhet;kom;Kommunen\n", [(1, "nam", "unknown_column")]),
    ("typ;kod;kod;namn\nenhet;kom;kom;Kommunen\n", [(1, "kod", "unknown_column"), (1, "kod", "unknown_column")]),
    ("kod;namn\nkom;Kommunen\n", [(1, "typ", "missing_cell")]),
    ("", [(1, "typ", "missing_cell")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), WRONG)
def test_import__tells_what_is_wrong_with_row_and_column(text, expected):
    _, problems = plan(text)
    assert told(problems) == expected


def test_import__tells_every_problem_at_once():
    text = (
        HEAD
        + KOM
        + "enhet;två ord;X;;;;;;;;;;\nperson;;;;;;;;;;;;\nroll;;;;;;cia;kock;kom;;x;;\n"
        + ANNA.replace("Ek", "")
    )
    rows, wrong = read_file(text.encode())
    found = plan_import(Organisation(), rows, cause(), ROLES, end_missing=False)
    assert {problem.row for problem in (*wrong, *found.problems)} == {3, 4, 5}


def test_import__refuses_a_row_beside_one_that_is_there():
    before = decide_changes(Organisation(), [AddUnit("kom", "Kommunen", None, TODAY)], cause())[1]
    _, problems = plan(
        HEAD + KOM + "person;p001;Anna;;anna;;;;;;;;\nperson;p002;Anna;;ANNA ;;;;;;;;\n", before
    )
    assert told(problems) == [(4, "typ", "repeated_row")]


def test_import__that_is_not_utf_8_says_where():
    content: Any = FILE.encode("latin-1")
    rows, problems = read_file(content)
    assert (rows, told(problems)) == ((), [(1, "", "file_encoding")])


def test_import__without_published_processes_takes_any_role():
    assert imported(FILE.replace("Enhetschef", "chef"), roles={}).appointments


def test_import__skips_empty_rows_and_counts_them():
    _, problems = plan(HEAD + ";;;;;;;;;;;;\n\nhus;;;;;;;;;;;;\n")
    assert told(problems) == [(4, "typ", "row_kind")]


def test_example__of_the_handbook_is_imported():
    text = (Path(__file__).parents[2] / "docs" / "how-to" / "organisation.csv").read_text("utf-8")
    found = imported(text, roles={})
    assert (len(found.units), len(found.persons), len(found.appointments)) == (4, 3, 4)


def test_handbook__names_every_heading_and_sort_of_row():
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "organisation.md").read_text("utf-8")
    said = {fold(word) for word in re.findall(r"`([^` ]+)`", page)}
    assert {fold(word) for word in WORDS} <= said
    assert {
        "type",
        "code",
        "name",
        "parent",
        "login",
        "title",
        "email",
        "role",
        "unit",
        "for",
        "from",
        "to",
    } <= said
