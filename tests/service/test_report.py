"""Reports: every figure is a naive count over the cases, the parts are the whole, and nothing is spoken as code."""

import json
import shutil
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from engine.cases.reorganisation import AddPerson, Appoint, ChangeUnit
from engine.errors import (
    PeriodBackwardsError,
    ReportUnitError,
    UnknownProcessError,
    UnknownReportError,
    UnknownUnitError,
)
from engine.service.report import ReportService
from tests.service.house import organise

REPORT = """
report: stand
version: 1
label: {sv: Läget, en: Standing}
process: repair
figures:
  told: {which: period, label: {sv: Anmälda, en: Told}}
  closed: {which: period_closed, label: {sv: avslutade, en: closed}}
  still_open: {which: period_open, label: {sv: öppna, en: open}}
  open: {which: open, label: {sv: Öppna nu, en: Open now}}
  late: {which: late, label: {sv: Försenade, en: Late}}
tables:
  damage: {field: damage, label: {sv: Skada, en: Damage}}
  top: {field: damage, top: true, label: {sv: Skada, en: Damage}}
  also: {field: also, label: {sv: Också, en: Also}}
  flag: {field: flag, label: {sv: Flagga, en: Flag}}
  kind: {field: causes.kind, label: {sv: Orsak, en: Cause}}
  status: {field: $state, label: {sv: Status, en: Status}}
"""
SHIPPED = Path(__file__).parents[2] / "processes" / "reports" / "enhet"
PARENT = {"wet_mould": "wet"}


@pytest.fixture
def reports(house, tmp_path):
    """Gives the report of a person, as JSON unless another form is asked for."""
    folder = tmp_path / "reports" / "stand"
    shutil.copytree(SHIPPED, folder)
    (folder / "report.yaml").write_text(REPORT)

    def write(person="both", form="json", **more):
        app = house.by(person)
        service = ReportService(app.database, app.actor, app.clock, app.zone, True, folder.parent)
        found = service.write("stand", format=form, **more).decode()
        return json.loads(found) if form == "json" else found

    return write


def fill(house):
    """Repairs of many kinds over four months, at two units; the references."""
    kinds = [
        {}, {"damage": "wet"}, {"damage": "wet_mould", "also": "wet,wet_mould"}, {"damage": "?"},
        {"damage": "torn", "also": "torn,wet"}, {"also": "torn"},
    ]  # fmt: skip
    found = []
    for number in range(14):
        house.clock.now = f"2026-{number // 4 + 1:02d}-{number + 10:02d}T09:00:00.000000Z"
        found.append(house.tell("kim", "ek" if number % 3 == 0 else "bjork", **kinds[number % len(kinds)]))
    for reference in (found[1], found[4], found[7]):
        damage = house.by("both").cases.show(reference)
        house.look(
            reference, person="both", damage={f.field: f.value for f in damage.fields}.get("damage", "wet")
        )
        house.by("both").cases.add_entry(reference, "seen", "x", "y", judgement=False)
        house.take("mender", reference, "finish", **{"causes.+.kind": "torn", "causes.+.text": "x"})
    order = house.by("both").cases.open_case("order", values={"what": "lim"}, link_to=found[1]).reference
    house.take("both", order, "receive", came="2026-04-01")
    house.clock.now = "2026-05-04T09:00:00.000000Z"
    return found


def naive(house, references, from_, to, unit=None):
    """The figures, by looking at every case."""
    views = [house.by("both").cases.show(reference) for reference in references]
    inside = [view for view in views if unit is None or view.unit == unit]
    period = [view for view in inside if from_ <= view.opened_on <= to]
    late = [view for view in inside if view.is_open and any(d.overdue for d in view.deadlines)]
    figures = {
        "told": period, "closed": [view for view in period if not view.is_open],
        "still_open": [view for view in period if view.is_open], "open": [view for view in inside if view.is_open],
        "late": late,
    }  # fmt: skip
    said = {key: sorted(view.reference for view in found) for key, found in figures.items()}
    codes: dict[str, dict[str, list[str]]] = {
        "damage": {},
        "also": {},
        "flag": {},
        "kind": {},
        "status": {},
        "top": {},
    }
    for view in period:
        held = {field.field: field.value for field in view.fields}
        mine = {"status": [view.state], "also": held.get("also", [])}
        if "damage" in held:
            code = "?" if isinstance(held["damage"], dict) else held["damage"]
            mine |= {"damage": [code], "top": [PARENT.get(code, code)]}
        if "flag" in held:
            mine["flag"] = ["true" if held["flag"] else "false"]
        mine["kind"] = [
            cell.value
            for table in view.tables
            for _, row in table.rows
            for cell in row
            if cell.field == "kind"
        ]
        for table, values in mine.items():
            for value in dict.fromkeys(values):
                codes[table].setdefault(value, []).append(view.reference)
    return (
        said,
        {table: {c: sorted(r) for c, r in rows.items()} for table, rows in codes.items()},
        len(period),
    )


def test_report__of_days_that_end_before_they_begin_is_refused(reports):
    with pytest.raises(PeriodBackwardsError):
        reports(from_=date(2026, 3, 1), to=date(2026, 2, 1))


@pytest.mark.parametrize(
    ("from_", "to", "unit"),
    [
        (None, None, None), (date(2026, 2, 14), date(2026, 3, 19), None), (None, None, "Ekgården"),
        (date(2025, 1, 1), date(2025, 12, 31), None),
    ],
)  # fmt: skip
def test_report__is_a_naive_count(house, reports, from_, to, unit):
    references = fill(house)
    report = reports(from_=from_, to=to, unit=unit)
    figures, codes, total = naive(
        house, references, from_ or date(2026, 1, 1), to or date(2026, 5, 4), "ek" if unit else None
    )
    assert {one["figure"]: sorted(one["references"]) for one in report["figures"]} == figures
    assert {one["figure"]: one["value"] for one in report["figures"]} == {
        k: len(v) for k, v in figures.items()
    }
    tables = {one["table"]: one for one in report["tables"]}
    for key, rows in codes.items():
        assert {row["code"]: sorted(row["references"]) for row in tables[key]["rows"]} == rows, key
        assert all(row["value"] == len(row["references"]) + row["hidden"] for row in tables[key]["rows"])
        assert tables[key]["total"] == total
    told, closed, still = (len(figures[name]) for name in ("told", "closed", "still_open"))
    assert told == closed + still


def test_report__parts_of_a_table_are_the_whole(house, reports):
    fill(house)
    for table in reports()["tables"]:
        references = [reference for row in table["rows"] for reference in row["references"]]
        if table["table"] in ("damage", "top", "flag", "status"):
            assert sum(row["value"] for row in table["rows"]) + table["missing"] == table["total"] == 14
            assert len(references) == len(set(references))
        assert len(set(references) | set(table["missing_references"])) == table["total"]


def test_report__counts_all_and_names_what_may_be_seen(house, reports):
    references = fill(house)
    with pytest.raises(ReportUnitError):
        reports("keeper", unit="omr")
    figures = {one["figure"]: one for one in reports("guard", unit="omr")["figures"]}
    assert (figures["told"]["value"], figures["told"]["hidden"]) == (14, 14)
    assert len(reports("keeper")["figures"][0]["references"]) == reports("keeper")["figures"][0]["value"] == 9
    organise(house.by("boss"), AddPerson("Ny", "2020-01-01", code="new", login="new"))
    assert [one["value"] for one in reports("new")["figures"]] == [0] * 5
    assert all(reference not in reports("guard", "text", unit="omr") for reference in references)


def test_report__two_roles_below_each_other_count_once(house, reports):
    fill(house)
    organise(house.by("boss"), Appoint("keeper", "head", "omr", "2020-01-01"))
    assert reports("keeper")["figures"][0]["value"] == 14
    assert reports("keeper")["unit"] == "Området"


HOSTILE = "<script>alert(1)</script>{{ 7*7 }}{% raw %}'\"&\u202e"


class Page(HTMLParser):
    """Tags and text of a page."""

    def __init__(self):
        super().__init__()
        self.tags, self.text = [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.text += data


def test_report__a_hostile_name_is_only_a_name(house, reports):
    house.tell()
    before = Page()
    before.feed(reports("both", "html"))
    organise(house.by("boss"), ChangeUnit("omr", HOSTILE))
    page = Page()
    page.feed(reports("both", "html"))
    assert page.tags == before.tags
    assert "script" not in page.tags
    assert HOSTILE in page.text
    assert HOSTILE in reports("both", "text").replace("\n", "")
    assert reports("both")["unit"] == HOSTILE


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("form", ["text", "html", "json"])
def test_report__in_every_form_and_language(house, reports, form, language):
    fill(house)
    found = reports("both", form, language=language)
    assert {"sv": "Läget", "en": "Standing"}[language] in str(found)
    assert {"sv": "Vet inte", "en": "Don't know"}[language].replace(
        "'", "&#39;" if form == "html" else "'"
    ) in (json.dumps(found, ensure_ascii=False) if form == "json" else found)


def test_report__what_is_not_there_is_said(house, reports):
    with pytest.raises(UnknownUnitError):
        reports(unit="nowhere")
    with pytest.raises(UnknownReportError):
        house.by("both").reports.write("../enhet")
    with pytest.raises(UnknownProcessError):
        house.by("both").reports.write("enhet")
    assert [key for key, _ in house.by("both").reports.list()] == ["enhet"]


def test_report__of_nothing_is_empty(house, reports):
    found = reports()
    assert [one["value"] for one in found["figures"]] == [0] * 5
    assert [(table["rows"], table["missing"], table["total"]) for table in found["tables"]] == [
        ([], 0, 0)
    ] * 6
    assert "Läget" in reports("both", "text")
