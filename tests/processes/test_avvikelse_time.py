"""The deadlines of a deviation: each that its description names is there, no others; kind, source, when they run."""

from __future__ import annotations

import pytest

from engine.cases.decision import Actor, Decision, OpenCase
from tests.processes import tables_avvikelse as table
from tests.processes.walk import SHIPPED, deviation_in, new_world, report, take

DOCUMENT = SHIPPED[0]
PROCESS = DOCUMENT.process


def mark_of(key: str, step: str) -> str:
    """How well the time of a deadline is evidenced: by its own grounds, else by the parameter that sets it."""
    due = next(one for name, _, one in PROCESS.deadlines if name == key)
    if due.grounds:
        return "".join({ground.source.mark for ground in due.grounds if ground.source is not None})
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
    assert {key: due.pauses_in for key, _, due in PROCESS.deadlines if due.pauses_in} == table.RESTS


def test_deadlines__of_the_law_say_its_word_and_each_says_where_it_stands() -> None:
    for key, _, due in PROCESS.deadlines:
        if due.kind == "lokal":
            continue
        assert due.word is not None, key
        assert due.word.sv == "genast", key
        texts = {ground.source.text for ground in due.grounds if ground.source}
        assert texts == {
            "SoL (2025:400) 27 kap. 2 § och LSS 24 b §",
            "LSS 24 b §",
            "SoL (2025:400) 27 kap. 2 §",
        }


@pytest.mark.parametrize(("key", "state", "reported", "step", "who", "due_on"), table.BEGUN)
def test_deadline__begins_and_has_its_last_day(key, state, reported, step, who, due_on) -> None:
    world = new_world()  # Monday 2 March 2026
    reference = report(world, **reported) if state == "rapporterad" else deviation_in(world, state)
    take(world, who, reference, step)
    found = world.cases[reference].deadlines[key]
    assert (found.status, found.due_on, found.kind) == ("open", due_on, "lokal")


@pytest.mark.parametrize(
    ("harmed", "key", "due_on"), [("nej", "", "2026-03-04"), ("ja", "_skada", "2026-03-02")]
)
def test_deadline__of_the_mas_who_objects_begins_with_the_objection(harmed, key, due_on) -> None:
    world = new_world()
    reference = report(world, skada=harmed)
    take(world, "enhetschef", reference, "bedom", **table.HOG_HSL)
    take(world, "mas", reference, "bekrafta_bedomning_hsl", haller_med_hsl="nej", invandning_hsl="Två dygn.")
    found = world.cases[reference].deadlines[f"mas_bedom_invandning{key}"]
    assert (found.status, found.due_on) == ("open", due_on)
    take(world, "mas", reference, "mas_bedom")
    assert world.cases[reference].deadlines[f"mas_bedom_invandning{key}"].status == "met"


def test_feedback__is_promised_to_whoever_reports_and_not_for_measures() -> None:
    deviation, measure = (document.process.feedback for document in SHIPPED[:2])
    assert deviation is not None
    assert str(deviation.within) == "14 days"
    assert measure is None


def test_feedback__is_told_to_whoever_reported_and_leaves_the_case_where_it_is() -> None:
    world = new_world()
    reference = deviation_in(world, "under_utredning")
    world.messages.clear()
    take(world, "utredare", reference, "aterkoppla")
    assert world.cases[reference].state == "under_utredning"
    assert [(message.person, message.text.sv) for _, message in world.messages] == [
        ("rapportor", "Du har fått återkoppling på din rapport.")
    ]


def test_deadline__to_report_at_once_begins_when_the_one_who_confirms_suspects_a_failing() -> None:
    world = new_world()
    reference = deviation_in(world, "bedomd", table.HOG_SOL)
    key = "rapportera_missforhallande_invandning"
    assert key not in world.cases[reference].deadlines
    take(
        world,
        "lex_sarah_ansvarig",
        reference,
        "bekrafta_bedomning",
        haller_med_sol="nej",
        invandning_sol="Två dygn.",
    )
    found = world.cases[reference].deadlines[key]
    assert (found.status, found.kind, found.remind_on, found.ground) == (
        "open",
        "lag_skyndsamt",
        "2026-03-03",
        "sol",
    )
    take(world, "lex_sarah_ansvarig", reference, "rapportera_missforhallande")
    assert world.cases[reference].deadlines[key].status == "met"


def test_deadline__of_what_was_taken_over_runs_from_the_day_it_was_read_in() -> None:
    world = new_world()  # Monday 2 March 2026
    values = {"handelse": "Föll i duschen", "ursprung": "Gamla systemet"}
    command = OpenCase(
        "taken-over", Actor("kvalitetssamordnare"), occurred_at="2025-11-03T09:00:00.000000Z", process="avvikelse",
        step="importera", unit="bjork", values=values,
    )  # fmt: skip
    assert isinstance(world.do(command), Decision)
    reference = next(name for name, events in world.events.items() if events[0].command_id == "taken-over")
    assert world.cases[reference].opened_on == "2025-11-03"
    assert {key: (one.since, one.due_on) for key, one in world.cases[reference].deadlines.items()} == {
        "bedom_importerad": ("2026-03-02", "2026-03-30")
    }
    take(world, "enhetschef", reference, "bedom", **table.RINGA)
    assert world.cases[reference].deadlines["bedom_importerad"].status == "met"
