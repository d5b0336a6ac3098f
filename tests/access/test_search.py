"""Searching: the same answers on both databases, and nothing is found that may not be read."""

import pytest

from engine.errors import NothingToSearchError, RefusedError
from engine.store import search
from tests.service.made import house, made_postgresql_house, made_sqlite_house

__all__ = ["house", "made_postgresql_house", "made_sqlite_house"]

STORIES = {
    "a": "Åsa föll i badrummet, våt matta",
    "b": "Asa tappade boken i hallen. Badrumsdörren stod öppen",
    "c": "Läkemedelslistan saknades; fel dos gavs 007 gånger",
    "d": "Dubbel-kontroll: dosen gavs fel. CAFÉ Müller",
    "e": "våt bok " + "ord " * 300 + "sist av allt",
}
FOUND = {
    "badrum": "ab",
    "BADRUM": "ab",
    "badrummet": "a",
    "åsa": "a",
    "asa": "b",
    "bok": "be",
    "öppen": "b",
    "oppen": "",
    "läkemedel": "c",
    "lakemedel": "",
    "fel dos": "cd",
    '"fel dos"': "c",
    '"dos fel"': "",
    "dubbelkontroll": "",
    "dubbel-kontroll": "d",
    "kontroll-dubbel": "",
    "cafe muller": "d",
    "7": "c",
    "07": "c",
    "70": "",
    "matta OR boken": "",
    "mat*": "a",
    "NOT matta": "",
    "'; DROP TABLE cases; --": "",
    '"ord sist av allt"': "e",
    "våt -matta": "a",
    "rep-2026-3": "c",
    "REP-2026-0003": "c",
    "2026": "abcde",
    "kalle anka": "",
}


@pytest.fixture
def told(house):
    """Give the stories, by reference."""
    return {house.tell("kim", story=story): key for key, story in STORIES.items()}


def found(house, told, person, text):
    page = house.by(person).register.cases(search=text)
    assert page.hidden == 0
    return "".join(sorted(told[row.reference] for row in page.rows))


def test_search__finds_the_same_on_both_databases(house, told):
    assert {text: found(house, told, "keeper", text) for text in FOUND} == FOUND
    for text in ("", "   ", '""', "- *"):
        with pytest.raises(NothingToSearchError):
            house.by("keeper").register.cases(search=text)


def test_search__of_what_was_written_is_for_those_who_read_it(house, told):
    references = {key: reference for reference, key in told.items()}
    assert found(house, told, "lo", "badrum") == ""
    assert found(house, told, "kim", "badrum") == ""
    assert found(house, told, "kim", "rep-2026-3") == "c"
    assert found(house, told, "boss", "badrum") == ""
    assert found(house, told, "head", "badrum") == "ab"
    house.take("keeper", references["a"], "hand_over", why="hemligt")
    assert found(house, told, "keeper", "badrum") == "b"
    assert found(house, told, "keeper", "hemligt") == ""
    assert found(house, told, "keeper", references["a"]) == "a"


def test_search__follows_what_is_written_and_what_is_erased(house, told):
    reference = next(iter(told))
    house.look(reference)
    house.by("keeper").cases.add_entry(reference, "seen", "Ryggen var lös", "hyllan", judgement=False)
    assert found(house, told, "keeper", "ryggen hyllan matta") == "a"
    assert found(house, told, "keeper", "väta") == "a"
    with pytest.raises(RefusedError):
        house.by("keeper").cases.add_entry(reference, "seen", "", "vägrad", judgement=False)
    assert found(house, told, "keeper", "vägrad") == ""
    house.run("DELETE FROM payloads WHERE seq = 3", guarded=False)
    assert found(house, told, "keeper", "ryggen") == ""
    assert found(house, told, "keeper", "matta") == "a"


def test_rebuild__gives_the_rows_that_were_written(house, told, tmp_path):
    reference = next(iter(told))
    house.look(reference)
    house.by("keeper").cases.add_entry(reference, "seen", "Ryggen var lös", "hyllan", judgement=False)
    (tmp_path / "rygg.txt").write_text("x")
    house.by("keeper").attachments.attach(reference, tmp_path / "rygg.txt")
    rows = "SELECT case_id, seq, part, words FROM search_texts ORDER BY 1, 2, 3"
    written = house.rows(rows)
    with house.by("keeper").database.write() as session:
        count = search.rebuild(session.raw)
    assert house.rows(rows) == written
    assert count == len(written)
    assert found(house, told, "keeper", "rygg.txt") == "a"


def test_rebuild__looks_at_the_cases_of_a_batch_alone(house, told):
    if house.url.startswith("postgresql"):
        pytest.skip("PostgreSQL chooses the order itself")
    asked: list[str] = []
    with house.by("keeper").database.write() as session:
        session.raw.set_trace_callback(asked.append)
        search.rebuild(session.raw)
        session.raw.set_trace_callback(None)
        (read, *_) = [one for one in asked if one.startswith(search.WRITTEN)]
        plan = [row[3] for row in session.raw.execute(f"EXPLAIN QUERY PLAN {read}")]
    assert plan[0] == "SEARCH c USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"
    assert all(step.startswith("SEARCH") for step in plan)
