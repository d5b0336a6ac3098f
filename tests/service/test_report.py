"""Reports: every figure is a naive count over the cases, the parts are the whole, and nothing is spoken as code."""

import json
from collections.abc import Iterable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from engine.cases.reorganisation import AddPerson, Appoint, ChangeUnit
from engine.definition.load import load_process
from engine.documents.report import load_report
from engine.documents.template import faults_of
from engine.errors import (
    PeriodBackwardsError,
    ReportFieldError,
    ReportUnitError,
    UnknownProcessError,
    UnknownReportError,
    UnknownUnitError,
)
from engine.service.report import ReportService
from engine.service.report_page import NAMES
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
PAGE = "".join(f'{{{{ chart("{key}") }}}}\n' for key in ("damage", "top", "also", "flag", "kind", "status"))
PROCESSES = Path(__file__).parents[2] / "processes"
PARENT = {"wet_mould": "wet"}


@pytest.fixture
def reports(house, tmp_path):
    """Gives the report of a person, as JSON unless another form is asked for."""
    folder = tmp_path / "reports" / "stand"
    folder.mkdir(parents=True)

    def write(person="both", form="json", report=REPORT, page="{{ figures() }}\n" + PAGE, **more):
        (folder / "report.yaml").write_text(report)
        (folder / "page.j2").write_text(page)
        app = house.by(person)
        service = ReportService(app.database, app.actor, app.clock, app.zone, True, folder.parent)
        found = service.write("stand", format=form, **more)
        if form in ("pdf", "docx", "xlsx"):
            return found
        return json.loads(found) if form == "json" else found.decode()

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


HOSTILE = "<script>alert(1)</script>{{ 7*7 }}{% raw %}'\"&"


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
        "'", "&#x27;" if form == "html" else "'"
    ) in (json.dumps(found, ensure_ascii=False) if form == "json" else found)


def test_report__what_is_not_there_is_said(house, reports):
    with pytest.raises(UnknownUnitError):
        reports(unit="nowhere")
    with pytest.raises(UnknownReportError):
        house.by("both").reports.write("../enhet")
    with pytest.raises(UnknownProcessError):
        house.by("both").reports.write("enhet")
    assert [key for key, _ in house.by("both").reports.list()] == [
        "arbetsplatstraff",
        "atgarder",
        "delegationsbeslut",
        "enhet",
        "handelser",
        "mas_manad",
        "oppna",
        "presidie",
    ]


def test_report__of_nothing_is_empty(house, reports):
    found = reports()
    assert [one["value"] for one in found["figures"]] == [0] * 5
    assert [(table["rows"], table["missing"], table["total"]) for table in found["tables"]] == [
        ([], 0, 0)
    ] * 6
    assert "Läget" in reports("both", "text")


MORE = """
report: stand
version: 1
label: {sv: Läget, en: Standing}
process: repair
compare: true
figures:
  told: {label: {sv: Anmälda, en: Told}}
  closed: {which: period_closed, of: told, label: {sv: varav avslutade, en: of which closed}}
  look: {days_to: look, label: {sv: Dagar till titt, en: Days to the look}}
  orders: {linked: {kind: for_repair, left_out: [never]}, label: {sv: Beställningar, en: Orders}}
  came:
    linked: {kind: for_repair, left_out: [never]}
    filled: came
    of: orders
    label: {sv: varav komna, en: of which came}
tables:
  month: {field: $month, chart: lines, label: {sv: Månad, en: Month}}
  unit: {field: $unit, chart: bars, label: {sv: Enhet, en: Unit}}
  damage: {field: damage, top: true, chart: bars, label: {sv: Skada, en: Damage}}
  sort: {field: kind, linked: {kind: for_repair}, label: {sv: Sort, en: Kind}}
lists:
  open: {which: open, label: {sv: Öppna, en: Open}}
texts:
  result: {field: result, beside: [damage], label: {sv: Vad vi lärde oss, en: What we learnt}}
words:
  hello: {sv: Hej, en: Hello}
"""
WHOLE = "{{ words('hello') }}\n\n{{ figures() }}\n" + "".join(
    f"{{{{ chart('{key}') }}}}\n" for key in ("month", "unit", "damage", "sort")
) + "{{ cases('open') }}\n{{ texts('result') }}\n"  # fmt: skip


@pytest.fixture
def whole(reports):
    """Gives a report with everything in it."""
    return lambda person="both", form="json", **more: reports(person, form, report=MORE, page=WHOLE, **more)


def test_report__compares_with_the_period_before_and_a_year_before(house, whole):
    fill(house)
    spring = {one["figure"]: one for one in whole(from_=date(2026, 2, 1), to=date(2026, 2, 28))["figures"]}
    assert [spring["told"][key]["value"] for key in ("before", "last_year")] == [4, 0]
    assert spring["told"]["value"] == 4
    year = whole(year=2027)
    assert [one["period"] for one in year["periods"]] == ["this", "last_year"]
    (months,) = [one for one in year["tables"] if one["table"] == "month"]
    assert len(months["rows"]) == 12
    assert [row["last_year"]["value"] for row in months["rows"]] == [4, 4, 4, 2, *[0] * 8]
    so_far = whole(from_=date(2026, 1, 1), to=date(2026, 5, 4))
    assert [(one["period"], one["from"], one["to"]) for one in so_far["periods"]][1:] == [
        ("last_year", "2025-01-01", "2025-05-04")
    ]


def test_report__days_and_measures(house, whole):
    references = fill(house)
    figures = {one["figure"]: one for one in whole()["figures"]}
    opened = {view.reference: view.opened_on for view in map(house.by("both").cases.show, references)}
    days = sorted((date(2026, 4, 23) - opened[references[place]]).days for place in (1, 4, 7))
    assert (figures["look"]["n"], figures["look"]["value"]) == (3, days[1])
    assert sorted(figures["look"]["references"]) == sorted(references[place] for place in (1, 4, 7))
    assert [(figures[key]["value"], figures[key]["references"]) for key in ("orders", "came")] == [
        (1, ["ORD-2026-0001"])
    ] * 2
    assert figures["came"]["of"] == 1


def test_report__a_list_has_its_days_and_says_how_many_are_hidden(house, whole):
    fill(house)
    (found,) = whole()["lists"]
    assert [row["days"] for row in found["rows"]] == sorted(
        (row["days"] for row in found["rows"]), reverse=True
    )
    assert found["hidden"] == 0
    (other,) = whole("guard", unit="omr")["lists"]
    assert (other["rows"], other["hidden"]) == ([], len(found["rows"]))
    page = whole(form="text")
    assert all(row["reference"] in page for row in found["rows"])


def test_report__texts_are_of_those_who_read_them_and_never_of_what_is_marked(house, whole):
    reference = house.waiting(damage="wet", story="x")
    house.take("both", reference, "judge", result="Håll hyllan **torr**.")
    assert [(row["text"], row["beside"]) for row in whole()["texts"][0]["rows"]] == [
        ("Håll hyllan **torr**.", ["Väta"])
    ]
    assert r"Håll hyllan \*\*torr\*\*." in whole(form="md")
    assert whole("guard", unit="omr")["texts"][0]["rows"] == []
    assert "Both" not in whole(form="md")
    house.run('UPDATE cases SET data = replace(data, \'"marks":{}\', \'"marks":{"sealed":"none"}\')')
    assert whole()["texts"][0]["rows"] == []


def test_report__published_names_nobody_and_no_small_group(house, whole):
    references = fill(house)
    found = whole(published=True)
    assert found["lists"] == found["texts"] == []
    assert not any(reference in json.dumps(found) for reference in references)
    rows = {
        row["code"]: row["value"] for one in found["tables"] if one["table"] == "unit" for row in one["rows"]
    }
    assert rows == {"bjork": 9, "ek": 5}
    (damage,) = [one for one in found["tables"] if one["table"] == "damage"]
    inside = {row["code"]: row["value"] for row in whole()["tables"][2]["rows"]}
    assert 0 < min(inside.values()) < 5
    assert all(row["value"] is None for row in damage["rows"] if inside[row["code"]] < 5)
    figures = {one["figure"]: one for one in found["figures"]}
    assert figures["orders"]["value"] is None
    assert figures["look"]["value"] is None
    for form in ("html", "md", "text"):
        page = whole(form=form, published=True)
        assert "färre än 5" in page
        assert not any(reference in page for reference in references)


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)  # the formats read no database
@pytest.mark.parametrize("form", ["html", "md", "text", "pdf", "docx", "xlsx"])
def test_report__in_every_format(whole, house, form):
    fill(house)
    assert len(whole(form=form)) > 500
    assert len(whole(form=form, year=2020)) > 300


def test_shipped__reports_are_sound():
    processes = {path.parent.name: load_process(path).process for path in PROCESSES.glob("*/process.yaml")}
    for path in sorted(PROCESSES.glob("reports/*/report.yaml")):
        report, process = load_report(path), processes[load_report(path).process]
        assert report.report == path.parent.name
        called: dict[str, Iterable[str]] = {
            "table": report.tables, "chart": report.tables, "cases": report.lists, "texts": report.texts,
            "words": report.words,
        }  # fmt: skip
        assert faults_of((path.parent / "page.j2").read_text("utf-8"), NAMES, called) == ()
        for table in report.tables.values():
            if table.linked is None and not table.field.startswith("$"):
                column = process.column(table.field)
                assert column is not None, table.field
                assert column.statistics
        for figure in report.figures.values():
            assert figure.of is None or figure.of in report.figures
            if figure.days_to:
                assert process.steps[figure.days_to].due
            if figure.linked:
                assert figure.linked.kind in process.links
        for texts in report.texts.values():
            assert texts.field in process.fields


TWO_WAY = (
    REPORT + "two_way:\n  cross: {rows: damage, columns: $month, top: true, label: {sv: Båda, en: Both}}\n"
)
CROSSED = '{{ two_way("cross") }}\n{{ table("top") }}\n'


def test_report__of_two_ways_counts_each_case_once(house, reports):
    references = fill(house)
    found = reports(report=TWO_WAY, page=CROSSED)
    (table,) = found["two_way"]
    assert [one["label"] for one in table["columns"]] == ["jan", "feb", "mar", "apr", "maj"]
    (top,) = [one for one in found["tables"] if one["table"] == "top"]
    sums = {row["code"]: row["value"] for row in table["rows"]}
    assert sums == {row["code"]: row["value"] for row in top["rows"]} | {"": top["missing"]}
    assert all(sum(cell["value"] for cell in row["cells"]) == row["value"] for row in table["rows"])
    for number, column in enumerate(table["columns"]):
        assert sum(row["cells"][number]["value"] for row in table["rows"]) == column["value"]
    told = [one for row in table["rows"] for cell in row["cells"] for one in cell["references"]]
    assert (sorted(told), table["total"]) == (sorted(references), 14)
    hidden = reports("guard", unit="omr", report=TWO_WAY, page=CROSSED)["two_way"][0]["rows"]
    assert sum(cell["hidden"] for row in hidden for cell in row["cells"]) == 14


def test_report__of_two_ways_is_refused_where_a_case_has_several_values(house, reports):
    fill(house)
    with pytest.raises(ReportFieldError) as error:
        reports(report=TWO_WAY.replace("rows: damage", "rows: also"), page=CROSSED)
    assert (error.value.field, error.value.cases) == ("also", 2)


@pytest.mark.parametrize("form", ["text", "html", "md", "json"])
def test_report__of_two_ways_for_publishing_shows_no_small_group_in_any_form(house, reports, form):
    fill(house)
    found = reports(form=form, report=TWO_WAY, page=CROSSED, published=True)
    shown = json.dumps(found) if form == "json" else found
    assert "REP-" not in shown
    if form == "json":
        (table,) = found["two_way"]
        numbers = [cell["value"] for row in table["rows"] for cell in row["cells"]]
        assert not {1, 2, 3, 4} & set(numbers)
        assert None in numbers
        assert table["total"] == 14
    else:
        line = next(one for one in shown.replace("<tr", "\n<tr").split("\n") if "Väta" in one or "Wet" in one)
        assert "5*" in line.replace("\\", "")
