"""Reports of chosen cases: naive counts, and nothing told of a case that its reader may not read."""

import json

from tests.service.test_report import fill, reports

__all__ = ["reports"]

CHOSEN = """
report: stand
version: 1
label: {sv: Läget, en: Standing}
process: repair
figures:
  wet: {where: {damage: [wet]}, label: {sv: Våta, en: Wet}}
  bare: {lacks: [damage], label: {sv: Utan, en: Without}}
  told: {which: ever, where: {$state: [told]}, label: {sv: Anmälda, en: Told}}
  found: {dated: found, label: {sv: Hittade, en: Found}}
lists:
  wet: {which: ever, where: {damage: [wet]}, columns: [damage, story], label: {sv: Våta, en: Wet}}
  all: {which: ever, columns: [story], label: {sv: Alla, en: All}}
two_way:
  wet: {rows: $unit, columns: damage, where: {damage: [wet]}, label: {sv: Våta, en: Wet}}
"""
LISTED = "{{ figures() }}\n{{ cases('wet') }}\n{{ cases('all') }}\n{{ two_way('wet') }}\n"


def test_report__of_chosen_cases_is_a_naive_count(house, reports):
    fill(house)
    house.tell(damage="wet", found="2025-12-31 23:30", story="Vått *nytt*")
    house.tell(damage="wet_mould", found="2026-01-01")
    cases = [
        house.by("both").cases.show(one.reference)
        for one in house.by("both").register.cases(process="repair", limit=500).rows
    ]
    values = [{one.field: one.value for one in case.fields} for case in cases]
    found = reports(report=CHOSEN, page=LISTED, year=2026)
    wet = [one for one in values if one.get("damage") in ("wet", "wet_mould")]
    by_key = {one["figure"]: one for one in found["figures"]}
    assert by_key["wet"]["value"] == len(by_key["wet"]["references"]) == len(wet) > 2
    assert by_key["bare"]["value"] == sum("damage" not in one for one in values)
    assert by_key["told"]["value"] == sum(case.state == "told" for case in cases)
    days = [
        str(one["found"])[:10] for one in values if isinstance(one.get("found"), str) and one["found"] != "?"
    ]
    assert by_key["found"]["value"] == sum(day.startswith("2026") for day in days)
    rows, everything = (one["rows"] for one in found["lists"])
    assert len(rows) == len(wet)
    assert len(everything) == len(cases)
    assert {row["values"]["story"] for row in rows} == {one["story"] for one in wet}
    (way,) = found["two_way"]
    assert way["total"] == len(wet)
    assert "Vått \\*nytt\\*" in reports(report=CHOSEN, page=LISTED, form="md", year=2026)


def test_report__a_list_tells_nothing_of_a_case_that_its_reader_may_not_read(house, reports):
    told = house.tell(damage="wet", story="Hemligt")
    marked = house.tell(damage="wet", story="Mycket hemligt")
    house.take("keeper", marked, "hand_over", why="x")
    for person, chosen, seen in (
        ("keeper", [told], [told, marked]),
        ("kim", [], [told, marked]),
        ("both", [told], None),
    ):
        wet, everything = reports(person, report=CHOSEN, page=LISTED)["lists"]
        assert [row["reference"] for row in wet["rows"]] == chosen, person
        assert wet["hidden"] == 2 - len(chosen)
        if seen is not None:
            assert [row["reference"] for row in everything["rows"]] == seen
        assert "Mycket hemligt" not in json.dumps([wet, everything], ensure_ascii=False)
        assert ("Hemligt" in json.dumps(everything, ensure_ascii=False)) == (person != "kim")
