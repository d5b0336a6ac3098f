"""The organisation from the shell."""

from __future__ import annotations

from tests.cli.conftest import ORGANISATION


def test_show__draws_the_tree_with_who_has_which_role(town):
    lines = town.do("usk", "org", "show").splitlines()
    assert lines[0] == "Omsorgen (omsorg)"
    assert any(line.startswith("    enhetschef: C. Chef") for line in lines)


def test_show__gives_programs_units_persons_and_appointments(town):
    body = town.json("usk", "org", "show")
    assert {unit["code"] for unit in body["units"]} == {"omsorg", "bjork", "sol"}
    assert {row["role"] for row in body["appointments"]} >= {"enhetschef", "administrator"}


def test_appoint__gives_a_role_and_end_takes_it_away(town):
    key = town.json("ordnare", "org", "appoint", "usk", "enhetschef", "sol", "--from", "idag")["appointment"]
    assert "enhetschef: U. Sköterska" in town.do("ordnare", "org", "show", "--unit", "sol")
    town.do("ordnare", "org", "end", key, "--to", "2026-12-31")
    assert "till 2026-12-31" in town.do("ordnare", "org", "show")


def test_substitute__stands_in_and_says_for_whom(town):
    town.do("ordnare", "org", "substitute", "kval", "chef", "--from", "idag", "--to", "2026-12-31")
    assert "K. Samordnare (ersätter C. Chef), till 2026-12-31" in town.do("ordnare", "org", "show")
    reference = town.report()
    town.do("kval", "step", reference, "begar_mas_bedomning")


def test_unit__is_added_and_then_changed(town):
    town.do(
        "ordnare", "org", "unit", "ek", "--name", "Ekbacken", "--parent", "omsorg", "--set", "regi=extern"
    )
    town.do("ordnare", "org", "unit", "ek", "--name", "Ekbackens hemtjänst")
    assert "Ekbackens hemtjänst (ek, regi extern)" in town.do("ordnare", "org", "show")


def test_person__is_registered_and_then_changed(town):
    code = town.json("ordnare", "org", "person", "ny", "--name", "N. Ny")["person"]
    assert town.json("ordnare", "org", "person", "ny", "--title", "Vikarie") == {"person": code}
    (found,) = (one for one in town.json("ordnare", "org", "show")["persons"] if one["code"] == code)
    assert (found["login"], found["title"]) == ("ny", "Vikarie")


def test_import__changes_nothing_when_nothing_is_new(town, tmp_path):
    file = tmp_path / "org.csv"
    file.write_text(ORGANISATION, "utf-8")
    body = town.json("ordnare", "org", "import", str(file), "--dry-run")
    assert (sum(body["added"].values()), sum(body["changed"].values()), body["dry_run"]) == (0, 0, True)


def test_import__says_every_row_that_is_wrong(town, tmp_path):
    file = tmp_path / "org.csv"
    file.write_text("typ;kod;namn\nenhet;ek;\nhus;al;Alen\n", "utf-8")
    ended = town.run("ordnare", "org", "import", str(file))
    assert ended.code == 3
    assert "rad 2, namn:" in ended.err
    assert "rad 3, typ:" in ended.err
    assert "Inget lästes in." in ended.err


def test_change__is_the_administrators(town):
    ended = town.run("chef", "org", "appoint", "usk", "enhetschef", "sol")
    assert ended.code == 3
    assert "administratör" in ended.err


def test_roles__are_listed(town):
    assert "enhetschef" in town.do("usk", "org", "roles")
    assert {"role", "label"} == set(town.json("usk", "org", "roles")[0])


def test_person__who_has_left_is_told_so_and_can_come_back(town):
    town.do("ordnare", "org", "person", "usk", "--to", "i fredags")
    ended = town.run("usk", "tasks")
    assert ended.code == 3
    assert ended.err.startswith("usk har slutat här; sista dagen var 2026-11-20."), (
        "a login keeps its letters"
    )
    town.do("ordnare", "org", "person", "usk", "--to", "2027-06-30")
    assert town.run("usk", "tasks").code == 0


def test_person__keeps_the_code_it_was_given(town):
    ended = town.run("ordnare", "org", "person", "usk", "--code", "p9")
    assert (ended.code, ended.err) == (3, "--code går inte att ändra i efterhand; det är p2.\n")
    town.do("ordnare", "org", "person", "usk", "--code", "p2", "--title", "undersköterska, natt")


def test_appoint__a_proxy_is_for_somebody(town):
    ended = town.run("ordnare", "org", "appoint", "usk", "Ombud", "bjork")
    assert ended.code == 3
    assert "--for LOGIN" in ended.err
    town.do("ordnare", "org", "appoint", "usk", "ombud", "bjork", "--for", "chef")
