"""A unit in Jönköping 2016: the report by machine gives the figures of the unit's own quality report."""

import json
from pathlib import Path

import pytest

import examples
from engine.app import Settings, build

FOLDER = Path(next(iter(examples.__path__)))
FIGURES = {
    "Omvårdnad socialtjänst": 5,
    "Kommunikation, information": 1,
    "Dokumentation": 13,
    "IT-stöd, datautrustning": 4,
    "Säkerhet": 5,
}
"""By the unit's own categories, which are laid over those of Hjul."""


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """Load the example as `hjul demo jonkoping_2016` does, and stand there as the manager in January after."""
    url = f"sqlite:///{tmp_path_factory.mktemp('jonkoping') / 'hjul.sqlite'}"
    made = build(Settings(url, "demo"))
    made.installation.demo("jonkoping_2016")
    made.database.close()
    app = build(Settings(url, "demo", "chef", "2017-01-16T08:00:00Z"))
    yield app
    app.database.close()


def report(app, **more):
    return json.loads(app.reports.write("handelser", year=2016, format="json", **more))


def rows(found):
    (table,) = [one for one in found["tables"] if one["table"] == "kategori"]
    return table, {row["label"]: row["value"] for row in table["rows"]}


def test_report__gives_the_units_own_figures(app):
    found = report(app)
    table, counted = rows(found)
    assert counted == FIGURES
    assert (table["total"], table["missing"]) == (28, 0)
    assert found["figures"][0]["value"] == 28
    references = [reference for row in table["rows"] for reference in row["references"]]
    assert len(set(references)) == len(references) == 28
    assert all(row["hidden"] == 0 for row in table["rows"])


def test_report__of_two_ways_has_the_same_sums(app):
    (table,) = [one for one in report(app)["two_way"] if one["two_way"] == "kategori_manad"]
    assert {row["label"]: row["value"] for row in table["rows"]} == FIGURES
    assert sum(column["value"] for column in table["columns"]) == table["total"] == 28


def test_form__asks_for_the_units_own_categories_and_those_that_have_questions_of_their_own(app):
    form = app.cases.opening_form("avvikelse")
    (field,) = [one for one in form.fields if one.field == "kategori"]
    assert [one.label.sv for one in field.choices] == [
        "Omvårdnad socialtjänst", "Kommunikation, information", "Dokumentation", "IT-stöd, datautrustning", "Säkerhet",
        "Uteblivet möte", "Fall", "Läkemedel", "Trycksår",
    ]  # fmt: skip
    assert app.cases.show("AVV-2016-0001").title.sv == "Omvårdnad socialtjänst, Enheten"


def test_report__published_shows_no_group_under_five_nor_lets_it_be_worked_out(app):
    table, counted = rows(report(app, published=True))
    assert counted == {**FIGURES, "Kommunikation, information": None, "IT-stöd, datautrustning": None}
    assert table["total"] == 28
    assert "references" not in json.dumps(table)
