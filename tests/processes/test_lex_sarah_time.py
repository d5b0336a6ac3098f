"""The deadlines of a lex Sarah case: each that its description names, no others; the law's word by law and day."""

from __future__ import annotations

import pytest

from tests.processes import tables_lex_sarah as table
from tests.processes.walk import SHIPPED
from tests.processes.walk_lex import act, lex_in, lex_world, report_lex

DOCUMENT = next(one for one in SHIPPED if one.key == "lex_sarah")
PROCESS = DOCUMENT.process


def mark_of(key: str, step: str) -> str:
    """How well the time is evidenced: by its grounds, its own source, else by the parameter that sets it."""
    due = next(one for name, _, one in PROCESS.deadlines if name == key)
    if due.grounds:
        return "".join(sorted({ground.source.mark for ground in due.grounds if ground.source is not None}))
    if due.source is not None:
        return due.source.mark
    written = DOCUMENT.content["process"]["steps"][step]["due"]
    parameter = next(one["period"] for one in written if one["name"] == key).removeprefix("$")
    source = PROCESS.parameters[parameter].source
    assert source is not None, parameter
    return source.mark


def test_deadlines__are_those_of_the_table() -> None:
    found = {
        key: (step, due.from_, str(due.period), due.kind, mark_of(key, step))
        for key, step, due in PROCESS.deadlines
    }
    assert found == table.DEADLINES


@pytest.mark.parametrize(("lagrum", "day", "word", "source"), table.WORDS)
def test_word__follows_the_law_and_the_day(lagrum: str, day: str, word: str, source: str) -> None:
    world = lex_world()
    world.now = f"{day}T08:00:00.000000Z"
    reference = report_lex(world, intraffade="?", uppmarksammad="?")
    act(world, "lex_sarah_ansvarig", reference, "bekrafta_mottagande", mottagen_datum=day, lagrum=lagrum)
    ground = world.cases[reference].deadlines["utred_genast"].ground
    due = next(one for key, _, one in PROCESS.deadlines if key == "utred_genast")
    said = next(one for one in due.grounds if one.name == ground)
    assert said.word is not None
    assert said.source is not None
    assert (said.word.sv, said.source.text) == (word, source)


@pytest.mark.parametrize("lagrum", ["annat", "hsl"])
def test_word__of_another_law_says_both(lagrum: str) -> None:
    world = lex_world()
    reference = report_lex(world)
    act(world, "lex_sarah_ansvarig", reference, "bekrafta_mottagande", lagrum=lagrum)
    assert world.cases[reference].deadlines["utred_genast"].ground is None
    due = next(one for key, _, one in PROCESS.deadlines if key == "utred_genast")
    assert due.source is not None
    assert "LSS 24 e §" in due.source.text


def test_days__of_ones_own_promises() -> None:
    world = lex_world()  # Monday 2 March 2026
    deadlines = world.cases[lex_in(world, "rapporterad")].deadlines
    assert deadlines["bekrafta"].due_on == "2026-03-03"
    deadlines = world.cases[lex_in(world, "under_utredning")].deadlines
    assert deadlines["forsta_bedomning"].status == "met"
    assert deadlines["utred"].due_on == "2026-04-01"
    deadlines = world.cases[lex_in(world, "utredning_klar")].deadlines
    assert deadlines["besluta"].due_on == "2026-03-16"
    deadlines = world.cases[lex_in(world, "beslutad")].deadlines
    assert deadlines["planera_atgarder"].due_on == "2026-03-30"


def test_report__for_another_counts_from_the_day_it_was_given() -> None:
    world = lex_world()
    given = {**table.REQUIRED["registrera_rapport"], "ankomstdatum": "2026-02-27"}  # a Friday
    reference = world.open("lex_sarah_ansvarig", "lex_sarah", step="registrera_rapport", **given)
    assert isinstance(reference, str)
    assert world.cases[reference].deadlines["bekrafta"].due_on == "2026-03-02"
    assert world.cases[reference].deadlines["bekrafta_genast"].since == "2026-02-27"
