"""The deviation process against its table: each step from each status, who, what is given, how judged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.cases.decision import Decision, Refusal
from tests.processes import tables_avvikelse as table
from tests.processes.walk import (
    SHIPPED,
    deviation_in,
    lacking,
    needed,
    new_world,
    report,
    take,
    tasks_of,
    written,
)
from tests.world import World

PROCESS = SHIPPED[0].process

# Who takes a step when the question is where, not who; how the case was judged so that its conditions hold.
TAKER = {step: next(iter(who)) for step, who in table.WHO.items()} | {
    "rapportera_missforhallande": "enhetschef",
    "rapportera_missforhallande_hsl_kvar": "enhetschef",
    "ange_orsak": "enhetschef",
}
JUDGED = {
    "bekrafta_bedomning": table.HOG_SOL,
    "bekrafta_bedomning_hsl": table.HOG_HSL,
    "rapportera_missforhallande_hsl_kvar": table.RINGA_HSL,
}


def prepared(world: World, step: str, state: str) -> str:
    """A case in a status where nothing but the status can be against the step."""
    reference = deviation_in(world, state, JUDGED.get(step, table.RINGA))
    if step == "registrera_svar" and state in table.OPEN:
        take(world, "enhetschef", reference, "skicka_till_annan")
    if step == "slutfor_utredning" and state == "under_utredning":
        take(world, "utredare", reference, "ange_orsak", **table.NO_MEASURE)
    if step == "rapportera_missforhallande_hsl_kvar" and state in {"rapporterad", "komplettering"}:
        reference = report(world, lagrum="hsl")
        if state == "komplettering":
            take(world, "enhetschef", reference, "begar_komplettering")
    if step == "paborja_uppfoljning" and state == "atgarder_pagar":
        # Carried out without the automatic step that follows, so that somebody can take it by hand.
        measure = next(link.other for link in world.cases[reference].links if link.kind == "atgard_for")
        world.cases[measure] = replace(world.cases[measure], state="genomford")
    return reference


# --- every step from every status ------------------------------------------------------------------


def test_table__covers_the_definition() -> None:
    assert set(PROCESS.states) == set(table.STATES)
    assert set(PROCESS.steps) == {*table.OPENING, *table.MOVES, *table.AUTOMATIC}
    assert {state for state, one in PROCESS.states.items() if one.final} == set(table.FINAL)
    assert set(table.WHO) == set(table.REQUIRED) == {*table.OPENING, *table.MOVES}


@pytest.mark.parametrize("state", table.STATES)
@pytest.mark.parametrize("step", table.MOVES)
def test_step__from_every_status(step: str, state: str) -> None:
    world = new_world()
    reference = prepared(world, step, state)
    assert world.cases[reference].state == state
    before = world.cases[reference].seq
    leads = table.MOVES[step].get(state)
    try:
        found = world.step(TAKER[step], reference, step, needed(step))
    except LookupError:  # the investigator does not see a case before they have it
        assert (step, leads) == ("slutfor_utredning", None)
        return
    if leads is None:
        assert isinstance(found, Refusal)
        assert found.kind in ("wrong_state", "locked")
        assert world.cases[reference].seq == before
    else:
        event, case = written(found)
        assert event.step == step
        assert case.state == (state if leads == table.STAYS else leads)


@pytest.mark.parametrize("step", table.AUTOMATIC)
def test_automatic__is_taken_by_nobody(step: str) -> None:
    world = new_world()
    for person in ("lex_sarah_ansvarig", "enhetschef", "rapportor"):
        assert world.step(person, deviation_in(world, "overlamnad"), step).kind == "not_allowed"


@pytest.mark.parametrize("step", table.OPENING)
def test_opening__leads_to_its_status(step: str) -> None:
    world = new_world()
    reference = world.open(table.WHO[step][0], "avvikelse", step=step, **table.REQUIRED[step])
    assert isinstance(reference, str)
    assert world.cases[reference].state == table.OPENING[step]


# --- who -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", table.PERSONS)
@pytest.mark.parametrize("step", table.OPENING)
def test_opening__by_whom(step: str, person: str) -> None:
    found = new_world().open(person, "avvikelse", step=step, **table.REQUIRED[step])
    if person in table.WHO[step]:
        assert isinstance(found, str)
    else:
        assert found.kind == "not_allowed"


@pytest.mark.parametrize("person", table.PERSONS)
@pytest.mark.parametrize("step", table.MOVES)
def test_step__by_whom(step: str, person: str) -> None:
    world = new_world()
    state = "under_utredning" if "under_utredning" in table.MOVES[step] else next(iter(table.MOVES[step]))
    reference = prepared(world, step, state)
    before = world.cases[reference]
    try:
        found = world.step(person, reference, step, needed(step))
    except LookupError:
        found = None  # who does not see a case is not told that it exists
    if person in table.WHO[step]:
        assert isinstance(found, Decision), found
    else:
        assert found is None or found.kind == "not_allowed"
        assert (found is None) == (
            person not in table.SEES or (person == "utredare" and state != "under_utredning")
        )
        assert world.cases[reference] == before


# --- what must be given ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "field"), [(step, field) for step, values in table.REQUIRED.items() for field in values]
)
def test_step__refuses_without_a_required_field(step: str, field: str) -> None:
    world = new_world()
    values = {name: value for name, value in needed(step).items() if name != field}
    if step in table.OPENING:
        found = world.open(table.WHO[step][0], "avvikelse", step=step, **values)
    else:
        state = next(iter(table.MOVES[step]))
        found = world.step(TAKER[step], prepared(world, step, state), step, values)
    assert isinstance(found, Refusal)
    assert field in [fault.field.rpartition(".")[2] for fault in found.faults]


@pytest.mark.parametrize(("step", "values", "field"), table.REQUIRED_WHEN)
def test_step__refuses_without_a_field_that_the_rest_demands(step: str, values: dict, field: str) -> None:
    world = new_world()
    reference = report(world)
    without = {name: value for name, value in values.items() if name != field}
    found = world.step(TAKER[step], reference, step, without)
    assert isinstance(found, Refusal)
    assert lacking(found) == [field]
    assert isinstance(world.step(TAKER[step], reference, step, values), Decision)


def test_report__says_everything_that_is_missing_at_once() -> None:
    found = new_world().open("rapportor", "avvikelse", plats="Badrummet")
    assert {fault.field for fault in found.faults} == set(table.RAPPORT)
    assert found.kind == "missing"


def test_report__takes_vet_inte_where_nobody_can_be_expected_to_know() -> None:
    world = new_world()
    reference = report(world, intraffade="?", art="?", skada="?", lagrum="?", kategori="?")
    assert world.cases[reference].state == "rapporterad"


@pytest.mark.parametrize("field", ["fara_nu", "handelse"])
def test_report__refuses_vet_inte_where_an_answer_is_needed(field: str) -> None:
    found = new_world().open("rapportor", "avvikelse", **{**table.RAPPORT, field: "?"})
    assert lacking(found) == [field]


@pytest.mark.parametrize(("kategori", "values"), table.MAY_ASK_WHEN.items())
def test_report__asks_more_by_what_it_is_about(kategori: str, values: dict) -> None:
    world = new_world()
    reference = report(world, kategori=kategori, **values)
    assert set(values) <= set(world.cases[reference].values)
    found = world.open("rapportor", "avvikelse", **{**table.RAPPORT, "kategori": "bemotande", **values})
    assert {fault.field for fault in found.faults} == set(values)


def test_report__refuses_an_end_before_the_beginning() -> None:
    world = new_world()
    assert isinstance(
        world.open("rapportor", "avvikelse", **table.RAPPORT, intraffade_till="2026-02-28 10:00"), Refusal
    )
    assert report(world, intraffade_till="2026-03-01 23:00")
    assert report(world, intraffade="?", intraffade_till="2026-03-01 23:00")


def test_report__refuses_a_time_that_has_not_come() -> None:
    found = new_world().open("rapportor", "avvikelse", **{**table.RAPPORT, "intraffade": "2027-01-01"})
    assert lacking(found) == ["intraffade"]


# --- judging ---------------------------------------------------------------------------------------


def test_judge__does_not_take_over_what_the_reporter_guessed() -> None:
    world = new_world()
    reference = report(world, lagrum="sol", kategori="lakemedel")
    found = world.step(
        "enhetschef", reference, "bedom", {k: v for k, v in table.RINGA.items() if k != "lagrum"}
    )
    assert "lagrum" in [fault.field for fault in found.faults]
    take(world, "enhetschef", reference, "bedom")
    case = world.cases[reference]
    assert case.values["kategori"] == "lakemedel"
    assert case.values["kategori_sol"] == "sol_insats_sen"
    assert "kategori_hsl" not in case.values


def test_judge__needs_a_known_area() -> None:
    world = new_world()
    found = world.step("enhetschef", report(world), "bedom", {**table.RINGA, "lagrum": "?"})
    assert isinstance(found, Refusal)
    assert ("lagrum", "value.unknown_not_allowed") in [(one.field, one.why.id) for one in found.faults]


def test_judge__asks_only_for_the_areas_that_apply() -> None:
    world = new_world()
    found = world.step("enhetschef", report(world), "bedom", {**table.RINGA, "allvarlighet_hsl": "1"})
    assert lacking(found) == ["allvarlighet_hsl"]


def test_judge__two_areas_are_two_judgements() -> None:
    world = new_world()
    reference = deviation_in(world, "bedomd", {**table.BADA, "sannolikhet": "2", "allvarlighet_hsl": "1"})
    values = world.cases[reference].values
    assert (values["riskvarde_hsl"], values["riskvarde_sol"]) == (2, 4)


def test_judge__the_co_assessor_is_somebody_else() -> None:
    world = new_world()
    found = world.step("enhetschef", report(world), "bedom", {**table.RINGA_HSL, "medbedomare": "enhetschef"})
    assert found.kind == "guard"


@pytest.mark.parametrize(("said", "judged", "is_high"), table.THRESHOLDS)
def test_judge__over_the_threshold(said: str, judged: dict, is_high: bool) -> None:
    world = new_world()
    reference = report(world)
    found = world.step("enhetschef", reference, "bedom", judged)
    assert isinstance(found, Refusal) == is_high, said
    if is_high:
        assert lacking(found) == ["motivering_ingen_misstanke"]
        take(world, "enhetschef", reference, "bedom", **judged, motivering_ingen_misstanke="Ingen påverkan.")
    step, who = (
        ("bekrafta_bedomning_hsl", "mas")
        if "allvarlighet_hsl" in judged
        else ("bekrafta_bedomning", "lex_sarah_ansvarig")
    )
    assert ((step, who) in tasks_of(world, reference)) == is_high
    assert isinstance(world.step(who, reference, step, table.REQUIRED[step]), Decision) == is_high
    assert (step, who) not in tasks_of(world, reference)


def test_judge__an_objection_demands_its_reason_and_asks_for_the_report() -> None:
    world = new_world()
    reference = deviation_in(world, "bedomd", table.HOG_SOL)
    found = world.step("lex_sarah_ansvarig", reference, "bekrafta_bedomning", {"haller_med_sol": "nej"})
    assert lacking(found) == ["invandning_sol"]
    take(
        world,
        "lex_sarah_ansvarig",
        reference,
        "bekrafta_bedomning",
        haller_med_sol="nej",
        invandning_sol="Två timmar.",
    )
    assert ("rapportera_missforhallande", "lex_sarah_ansvarig") in tasks_of(world, reference)


def test_judge__a_suspected_failing_is_to_be_reported_at_once() -> None:
    world = new_world()
    reference = deviation_in(world, "bedomd", {**table.RINGA, "missforhallande_misstanks": "ja"})
    assert ("rapportera_missforhallande", "enhetschef") in tasks_of(world, reference)
    deadline = world.cases[reference].deadlines["rapportera_missforhallande"]
    assert (deadline.kind, deadline.status) == ("lag_skyndsamt", "open")
    decision = take(world, "enhetschef", reference, "paborja_utredning")
    assert decision.writes[0].event.warned == ("misstanke_inte_rapporterad",)


def test_judge__suspected_harm_goes_to_the_mas() -> None:
    world = new_world()
    reference = deviation_in(world, "bedomd", {**table.RINGA_HSL, "vardskada_misstanks": "ja"})
    assert ("mas_bedom", "mas") in tasks_of(world, reference)
    assert world.cases[reference].deadlines["mas_bedom_misstanke"].due_on == "2026-03-04"
    take(world, "mas", reference, "mas_bedom")
    assert ("mas_bedom", "mas") not in tasks_of(world, reference)


@pytest.mark.parametrize(("said", "judged", "is_open"), table.RINGA_GUARD)
def test_close_as_minor__only_what_is_minor(said: str, judged: dict, is_open: bool) -> None:
    world = new_world()
    reference = report(world)
    given = dict(judged)
    found = world.step("enhetschef", reference, "bedom", given)
    if isinstance(found, Refusal):
        given["motivering_ingen_misstanke"] = "Ingen påverkan."
        take(world, "enhetschef", reference, "bedom", **given)
    found = world.step("enhetschef", reference, "avsluta_ringa", table.REQUIRED["avsluta_ringa"])
    if is_open:
        assert isinstance(found, Decision), said
        assert world.cases[reference].state == "avslutad"
    else:
        assert found.kind == "guard", said
        assert len(found.reasons) >= 1


@pytest.mark.parametrize("outcome", ["vardskada", "risk_allvarlig", "allvarlig"])
def test_close_as_minor__not_when_the_mas_found_harm(outcome: str) -> None:
    world = new_world()
    reference = deviation_in(world, "bedomd", table.RINGA_HSL)
    more = {} if outcome == "vardskada" else {"vardgivare": "annan", "berord_ref": "1234"}
    take(world, "mas", reference, "mas_bedom", vardskada_utfall=outcome, motivering="Se journal.", **more)
    found = world.step("enhetschef", reference, "avsluta_ringa", table.REQUIRED["avsluta_ringa"])
    assert found.kind == "guard"


def test_close_as_minor__not_while_the_mas_has_been_asked() -> None:
    world = new_world()
    reference = deviation_in(world, "bedomd", table.RINGA_HSL)
    take(world, "enhetschef", reference, "begar_mas_bedomning")
    found = world.step("enhetschef", reference, "avsluta_ringa", table.REQUIRED["avsluta_ringa"])
    assert found.kind == "guard"


def test_close_as_minor__may_be_done_for_many_and_nothing_else_may() -> None:
    assert [key for key, step in PROCESS.steps.items() if step.bulk] == ["avsluta_ringa"]
