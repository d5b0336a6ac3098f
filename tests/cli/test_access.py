"""`hjul audit access` as people and programs meet it."""

import csv
import io
import json


def test_access__tells_who_read_a_case_by_what_right(town):
    reference = town.report()
    town.do("chef", "show", reference)
    assert town.run("revisor", "log", reference).code == 0
    said = town.do("chef", "audit", "access", reference)
    assert "C. Chef, enhetschef Björkgården" in said
    assert "G. Granskare" not in said, "the auditor sees the envelope: that is no content"


def test_access__as_json_and_as_a_sheet_that_computes_nothing(town, tmp_path):
    reference = town.report()
    town.do("chef", "show", reference)
    page = town.json("revisor", "audit", "access")
    assert (page["reach"], page["next"], page["sample"]) == ("all", None, None)
    (row,) = page["rows"]
    assert (row["action"], row["outcome"], row["right"], row["right_unit"]) == (
        "show",
        "shown",
        "enhetschef",
        "bjork",
    )
    file = tmp_path / "a.csv"
    town.do("revisor", "audit", "access", "-o", str(file))
    head, line = csv.reader(io.StringIO(file.read_text("utf-8-sig")), delimiter=";")
    assert (head[0], line[6], line[10]) == ("När", reference, "visat")
    assert town.do("revisor", "audit", "access", "--format", "csv", "--limit", "1").count("\n") == 2


def test_access__sample_says_its_seed_and_of_how_many(town):
    reference = town.report()
    for _ in range(3):
        town.do("chef", "show", reference)
    said = town.do("revisor", "audit", "access", "--sample", "2", "--seed", "nov")
    assert "Slumpvis urval: 2 rader av 3, frö nov." in " ".join(said.split())
    again = json.loads(
        town.do("revisor", "audit", "access", "--sample", "2", "--seed", "nov", "--person", "chef", "--json")
    )
    assert again["sample"] == {"size": 2, "of": 3, "seed": "nov"}


def test_access__is_refused_in_words(town):
    reference = town.report()
    assert town.run("kval", "audit", "access", "--seed", "x").code == 2
    assert "--sample" in town.run("kval", "audit", "access", "--seed", "x").err
    assert town.run("admin", "audit", "access", reference, "-o", "x.pdf").code == 2
    assert town.run("kval", "audit", "access", "--person", "ingen").code == 4
    assert town.run("kval", "audit", "access", "AVV-2026-0999").code == 4
