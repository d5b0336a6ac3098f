"""Tables of cases: every row checked before any is written, everything wrong told, nothing done twice."""

from __future__ import annotations

import shutil
from datetime import date

import pytest

from engine.calendar.zone import format_instant, parse_instant
from engine.errors import (
    DoubledColumnError,
    MappingFileError,
    MissingColumnError,
    UnknownProcessError,
)
from engine.exchange.case_import import Choices
from engine.exchange.mapping import guess_map, propose_map, read_map
from engine.exchange.spreadsheet import Line, Spreadsheet
from engine.exchange.table_row import written_day
from tests.service.house import House

HEADINGS = ("Nr", "Berättelse", "Hittad", "Skada", "Hus", "Anmäld")
MAP = """
process: repair
key: Nr
columns:
  Berättelse: story
  Hittad: found
  Skada: {field: damage, values: {Blöt: wet, Trasig: torn, Okänt: "?"}}
  Hus: {field: unit, values: {Gamla björken: bjork}}
  Anmäld: $done_at
"""


@pytest.fixture
def sqlite_only_house(sqlite_house, tmp_path):
    """A house on SQLite, for what no database decides."""
    shutil.copyfile(sqlite_house, tmp_path / "hjul.sqlite")
    found = House(f"sqlite:///{tmp_path / 'hjul.sqlite'}")
    yield found
    found.close()


def table(*rows, headings=HEADINGS, first=2):
    """A table of rows."""
    return Spreadsheet(headings, iter([Line(number, row) for number, row in enumerate(rows, first)]))


def row(number, story="våt", found="5/3 2019", damage="Blöt", unit="Gamla Björken", done="2019-03-06"):
    return (str(number), story, found, damage, unit, done)


def staged(house, *rows, said=MAP, by="kim", digest="f", headings=HEADINGS, **choices):
    """The checked rows of a table."""
    service = house.by(by).imports
    process = service.process(said.split()[1] if said.strip().startswith("process:") else "repair")
    mapping = read_map(said.encode(), "karta.yaml", process)
    return service.check(table(*rows, headings=headings), mapping, digest, Choices(**choices))


def brought(house, *rows, **how):
    """What became of a table that was imported."""
    found = staged(house, *rows, **how)
    if not found.refuses:
        found.write(None)
    return found.result()


def wrong(result):
    return [(problem.rows, problem.column, problem.value, problem.why.id) for problem in result.problems]


def test_import__keeps_what_was_true_then(house):
    """A case is dated when it was told, numbered in that year, and the log says when it learnt of it."""
    done = brought(house, row(1), row(2, done=""), row(3, damage="Okänt", found="2018-12-24 17:30"))
    assert (done.rows, done.imported, done.skipped, done.refused) == (3, 3, 0, False)
    assert done.years == {
        2019: ("REP-2019-0001", "REP-2019-0002", 2), 2026: ("REP-2026-0001", "REP-2026-0001", 1),
    }  # fmt: skip
    case = house.by("keeper").cases.show("REP-2019-0001")
    assert (case.opened_on, case.happened_on, case.unit) == (date(2019, 3, 6), date(2019, 3, 5), "bjork")
    (event,) = house.by("keeper").cases.history("REP-2019-0001")
    assert event.recorded_at.startswith("2026-03-02")
    assert event.comment == f"Import {done.id}, rad 2"
    values = {one.field: one.value for one in house.by("keeper").cases.show("REP-2019-0002").fields}
    assert values["found"] == "2018-12-24T17:30"


def test_import__nothing_while_a_row_is_wrong(house):
    """Everything that is wrong is told at once, alike rows together; nothing is written."""
    before = house.everything()
    done = brought(
        house, row(1), row(2, unit="Månen"), row(3, unit="Månen"), row(4, story=""), row(5, found="5/3", damage="Sur"),
        row(1), row(""), row(8, story="Gäller 19811218-9876"), row(9, done="2030-01-01"),
    )  # fmt: skip
    assert (done.rows, done.skipped, done.refused, done.years) == (9, 8, True, {})
    assert wrong(done) == [
        ((3, 4), "Hus", "Månen", "value.no_unit"),
        ((5,), "Berättelse", "", "value.required"),
        ((6,), "Hittad", "", "import.no_day"),
        ((6,), "Skada", "Sur", "import.choose"),
        ((7,), "Nr", "", "import.twice"),
        ((8,), "Nr", "", "import.no_key"),
        ((9,), "Berättelse", "", "import.personal_number"),
        ((10,), "Anmäld", "", "step.in_future"),
    ]
    assert house.everything() == before


def test_import__skips_what_is_wrong(house):
    """The other rows are imported when that is chosen, and the wrong ones when they have been mended."""
    rows = [row(1), row(2, unit="Månen"), row(3)]
    done = brought(house, *rows, skip_bad=True)
    assert (done.imported, done.skipped, done.refused) == (2, 1, False)
    again = brought(house, rows[0], row(2), rows[2], digest="mended")
    assert (again.imported, again.already) == (1, 2)


def test_import__dry_run(house):
    """A dry run says what would be."""
    before = house.everything()
    found = staged(house, row(1), dry_run=True)
    assert (found.result().imported, found.result().dry_run) == (1, True)
    assert house.everything() == before


def test_import__goes_on_where_it_was_stopped(house, monkeypatch):
    """What was written stays; the same again opens the rest and nothing twice."""
    monkeypatch.setattr("engine.exchange.case_import.TOGETHER", 2)
    rows = [row(number) for number in range(5)]
    found = staged(house, *rows)
    with pytest.raises(KeyboardInterrupt):
        found.write(_stopping)
    assert house.rows("SELECT count(*) FROM cases") == [(2,)]
    done = brought(house, *rows)
    assert (done.imported, done.already) == (3, 2)
    assert house.rows(
        "SELECT count(*), max(number) FROM (SELECT row_number() OVER () AS number FROM cases) AS n"
    ) == [(5, 5)]


def _stopping(done, total):
    raise KeyboardInterrupt


def test_import__two_at_once(house):
    """The same file checked by two, then written by both: each row once."""
    rows = [row(number) for number in range(3)]
    first, second = staged(house, *rows), staged(house, *rows, by="keeper")
    first.write(None)
    second.write(None)
    assert (first.result().imported, second.result().imported, second.result().already) == (3, 0, 3)


def test_import__without_a_number_the_file_and_row_name_it(house):
    """Another file with the same rows is another import."""
    said = MAP.replace("key: Nr\n", "")
    assert brought(house, row(1), said=said).imported == 1
    assert brought(house, row(1), said=said).already == 1
    assert brought(house, row(1), said=said, digest="another").imported == 1


def test_import__rights_are_those_of_whoever_imports(house):
    """An opening step that is for others is refused, for every row at once."""
    said = "process: order\ncolumns: {Berättelse: what, Hus: unit}\n"
    rows = [row(1, unit="bjork"), row(2, unit="bjork")]
    assert wrong(brought(house, *rows, said=said)) == [((2, 3), "", "", "step.not_allowed")]
    assert brought(house, *rows, said=said, by="keeper").imported == 2


def test_import__does_not_tell_what_was_imported_to_one_who_may_not_import(house):
    said = "process: order\nkey: Nr\ncolumns: {Berättelse: what, Hus: unit}\n"
    assert brought(house, row(1, unit="bjork"), said=said, by="keeper").imported == 1
    again = brought(house, row(1, unit="bjork"), row(2, unit="bjork"), said=said, by="kim")
    assert again.already == 0
    assert wrong(again) == [((2, 3), "", "", "step.not_allowed")]


def test_import__what_no_column_gives(house):
    """A field that the step needs and no column goes to is named."""
    done = brought(house, row(1), said="process: repair\ncolumns: {Berättelse: story}\n")
    assert wrong(done) == [((2,), "", "", "import.no_column")]


def test_import__several_texts_become_one(house):
    """Columns that go to the same text stand under their headings; a surplus cell is told."""
    said = "process: repair\ncolumns: {Berättelse: story, Skada: story, Hus: unit}\n"
    done = brought(house, row(1, unit="bjork"), said=said)
    assert done.imported == 1
    values = {one.field: one.value for one in house.by("keeper").cases.show("REP-2026-0001").fields}
    assert values["story"] == "Berättelse: våt\n\nSkada: Blöt"


def test_import__step_by_a_column(house):
    """A column may say which opening step a row takes."""
    said = "process: repair\nsteps: {column: Skada, values: {Blöt: tell}}\ncolumns: {Berättelse: story, Hus: unit}\n"
    done = brought(house, row(1, unit="bjork"), row(2, damage="Torr", unit="bjork"), said=said, skip_bad=True)
    assert done.imported == 1
    assert wrong(done) == [((3,), "Skada", "", "import.no_step")]


@pytest.mark.parametrize(
    ("said", "headings", "error"),
    [
        (MAP, ("Nr", "Berättelse"), MissingColumnError),
        (MAP, (*HEADINGS[:-1], "Nr"), MissingColumnError),
        (MAP, (*HEADINGS, "nr"), DoubledColumnError),
        ("process: order\ncolumns: {Nr: story}\n", HEADINGS, MappingFileError),
        ("columns: {Nr: storu}\n", HEADINGS, MappingFileError),
        ("columns: {Nr: causes}\n", HEADINGS, MappingFileError),
        ("columns: {Nr: risk}\n", HEADINGS, MappingFileError),
        ("columns: {Nr: story}\nstep: look\n", HEADINGS, MappingFileError),
        ("columns: {Nr: story}\ndates: vecka\n", HEADINGS, MappingFileError),
        ("columns: []\n", HEADINGS, MappingFileError),
        ("- Nr\n", HEADINGS, MappingFileError),
        ("colums: {Nr: story}\n", HEADINGS, MappingFileError),
        ("columns: {Nr: {felt: story}}\n", HEADINGS, MappingFileError),
    ],
)
def test_import__map_that_does_not_fit(sqlite_only_house, said, headings, error):
    """A map that is wrong, or not of this file, is refused before a row is read."""
    with pytest.raises(error):
        staged(sqlite_only_house, said=said, headings=headings)


def test_import__unknown_process(sqlite_only_house):
    """There must be something to import to."""
    with pytest.raises(UnknownProcessError):
        sqlite_only_house.by("kim").imports.process("nothing")


def test_map__guessed_and_proposed(sqlite_only_house):
    """Headings that are called as fields are known; a proposal lists the texts that are no codes."""
    process = sqlite_only_house.by("kim").imports.process("repair")
    found, unknown = guess_map(HEADINGS, process)
    assert {heading: targets[0].to for heading, targets in found.columns.items()} == {
        "Berättelse": "story", "Hittad": "found", "Skada": "damage",
    }  # fmt: skip
    assert unknown == ("Nr", "Hus", "Anmäld")
    text, left = propose_map(table(row(1), row(2, damage="Väta"), row(3, damage="blöt")), process, "tell")
    assert left == unknown
    mended = text.replace('"Blöt": ""', '"Blöt": wet').replace('"Hus": "-"', '"Hus": unit')
    read = read_map(mended.encode(), "karta.yaml", process)
    assert read.columns["Skada"][0].value("BLÖT") == "wet"
    assert read.step == "tell"
    assert "#   damage: Skada\n" in text
    assert "#   damage: Damage\n" in propose_map(table(row(1)), process, "tell", "en")[0]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2019-03-05", "2019-03-05"), ("2019-03-05 08:30", "2019-03-05T08:30"), ("5/3 2019", "2019-03-05"),
        ("05.03.2019 08.30", "2019-03-05T08:30"), ("5-3-19", "2019-03-05"), ("5 mars 2019", "2019-03-05"),
        ("20190305", "2019-03-05"), ("190305", "2019-03-05"), ("43529", "2019-03-05"), ("5/3", None), ("idag", None),
        ("i fredags", None), ("31/2 2019", None), ("13.13.2019", None), ("strax", None), ("", None),
    ],
)  # fmt: skip
def test_written_day(text, day):
    """Days with a year, as they stand in tables; a day without one is not guessed."""
    assert written_day(text, "day", date(2026, 3, 2)) == day


def test_written_day__month_first():
    """What others write first can be said."""
    assert written_day("3/5/2019", "month", date(2026, 3, 2)) == "2019-03-05"


def test_import__clock_of_the_log(house):
    """The log never learns of a case before it was told."""
    brought(house, row(1))
    ((recorded,),) = house.rows("SELECT recorded_at FROM events WHERE command_id LIKE 'import:%'")
    assert format_instant(parse_instant(recorded)) == recorded == house.clock.now


def test_import__more_than_four_digits(sqlite_only_house):
    """The last reference of a year is the one that was given last."""
    sqlite_only_house.run("INSERT INTO counters (prefix, year, last) VALUES ('REP', 2019, 9998)")
    done = brought(sqlite_only_house, *(row(number) for number in range(3)))
    assert done.years == {2019: ("REP-2019-9999", "REP-2019-10001", 3)}
