"""The deviation process against its table, step by step, and what the table cannot say: clocks, effects, access."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.cases.decision import Actor, Amend, Decision, Refusal
from engine.language.say import say
from tests.processes import tables_avvikelse as table
from tests.processes.walk import (
    SHIPPED,
    deviation_in,
    measure_for,
    measure_in,
    new_world,
    report,
    take,
    tasks_of,
)
from tests.world import World

PROCESS = SHIPPED[0].process

# Who takes a step when the question is where, not who; and how the case was judged so that its conditions hold.
TAKER = {step: next(iter(who)) for step, who in table.WHO.items()} | {
    "rapportera_missforhallande": "enhetschef", "rapportera_missforhallande_hsl_kvar": "enhetschef",
    "ange_orsak": "enhetschef",
}  # fmt: skip
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




def values_for(step: str) -> dict:
    values = dict(table.REQUIRED[step])
    if step in {"aterta", "aterta_uppfoljning"}:
        values |= {"lagrum": "sol", "kategori_sol": "sol_insats_sen"}
    return values


def why(refusal: Refusal) -> str:
    return " ".join(map(say, refusal.reasons))


# --- every step from every status ---------------------------------------------------------------------------------------


def test_table__covers_the_definition() -> None:
    assert set(PROCESS.states) == set(table.STATES)
    assert set(PROCESS.steps) == {*table.OPENING, *table.MOVES}
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
        found = world.step(TAKER[step], reference, step, values_for(step))
    except LookupError:  # the investigator does not see a case before they have it
        assert (step, leads) == ("slutfor_utredning", None)
        return
    if leads is None:
        assert isinstance(found, Refusal)
        assert found.kind == "wrong_state"
        assert world.cases[reference].seq == before
    else:
        assert isinstance(found, Decision), why(found) + str(found.faults)
        written = found.writes[0]
        assert written.event.step == step
        assert written.case.state == (state if leads == table.STAYS else leads)


@pytest.mark.parametrize("step", table.OPENING)
def test_opening__leads_to_its_status(step: str) -> None:
    world = new_world()
    reference = world.open("enhetschef", "avvikelse", step=step, **table.REQUIRED[step])
    assert world.cases[reference].state == table.OPENING[step]


# --- who ---------------------------------------------------------------------------------------------------------------


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
        found = world.step(person, reference, step, values_for(step))
    except LookupError:
        found = None  # who does not see a case is not told that it exists
    if person in table.WHO[step]:
        assert isinstance(found, Decision), found
    else:
        assert found is None or found.kind == "not_allowed"
        assert (found is None) == (person not in table.SEES or (person == "utredare" and state != "under_utredning"))
        assert world.cases[reference] == before


# --- what must be given ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "field"), [(step, field) for step, values in table.REQUIRED.items() for field in values]
)
def test_step__refuses_without_a_required_field(step: str, field: str) -> None:
    world = new_world()
    values = {name: value for name, value in values_for(step).items() if name != field}
    if step in table.OPENING:
        found = world.open("enhetschef", "avvikelse", step=step, **values)
    else:
        state = next(iter(table.MOVES[step]))
        found = world.step(TAKER[step], prepared(world, step, state), step, values)
    assert isinstance(found, Refusal)
    assert field in [fault.field.rpartition(".")[2] for fault in found.faults] or "Lagrum" in why(found)


@pytest.mark.parametrize(("step", "values", "field"), table.REQUIRED_WHEN)
def test_step__refuses_without_a_field_that_the_rest_demands(step: str, values: dict, field: str) -> None:
    world = new_world()
    reference = report(world)
    without = {name: value for name, value in values.items() if name != field}
    found = world.step(TAKER[step], reference, step, without)
    assert isinstance(found, Refusal)
    assert [fault.field for fault in found.faults] == [field]
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
    assert [fault.field for fault in found.faults] == [field]


@pytest.mark.parametrize(("kategori", "values"), table.MAY_ASK_WHEN.items())
def test_report__asks_more_by_what_it_is_about(kategori: str, values: dict) -> None:
    world = new_world()
    reference = report(world, kategori=kategori, **values)
    assert set(values) <= set(world.cases[reference].values)
    found = world.open("rapportor", "avvikelse", **{**table.RAPPORT, "kategori": "bemotande", **values})
    assert {fault.field for fault in found.faults} == set(values)


def test_report__refuses_an_end_before_the_beginning() -> None:
    world = new_world()
    assert isinstance(world.open("rapportor", "avvikelse", **table.RAPPORT, intraffade_till="2026-02-28 10:00"), Refusal)
    assert report(world, intraffade_till="2026-03-01 23:00")
    assert report(world, intraffade="?", intraffade_till="2026-03-01 23:00")


def test_report__refuses_a_time_that_has_not_come() -> None:
    found = new_world().open("rapportor", "avvikelse", **{**table.RAPPORT, "intraffade": "2027-01-01"})
    assert [fault.field for fault in found.faults] == ["intraffade"]


# --- judging -----------------------------------------------------------------------------------------------------------


def test_judge__does_not_take_over_what_the_reporter_guessed() -> None:
    world = new_world()
    reference = report(world, lagrum="sol", kategori="lakemedel")
    found = world.step("enhetschef", reference, "bedom", {k: v for k, v in table.RINGA.items() if k != "lagrum"})
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


def test_judge__asks_only_for_the_areas_that_apply() -> None:
    world = new_world()
    found = world.step("enhetschef", report(world), "bedom", {**table.RINGA, "allvarlighet_hsl": "1"})
    assert [fault.field for fault in found.faults] == ["allvarlighet_hsl"]


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
        assert [fault.field for fault in found.faults] == ["motivering_ingen_misstanke"]
        take(world, "enhetschef", reference, "bedom", **judged, motivering_ingen_misstanke="Ingen påverkan.")
    step, who = (
        ("bekrafta_bedomning_hsl", "mas") if "allvarlighet_hsl" in judged else ("bekrafta_bedomning", "lex_sarah_ansvarig")
    )
    assert ((step, who) in tasks_of(world, reference)) == is_high
    assert isinstance(world.step(who, reference, step, table.REQUIRED[step]), Decision) == is_high
    assert (step, who) not in tasks_of(world, reference)


def test_judge__an_objection_demands_its_reason_and_asks_for_the_report() -> None:
    world = new_world()
    reference = deviation_in(world, "bedomd", table.HOG_SOL)
    found = world.step("lex_sarah_ansvarig", reference, "bekrafta_bedomning", {"haller_med_sol": "nej"})
    assert [fault.field for fault in found.faults] == ["invandning_sol"]
    take(world, "lex_sarah_ansvarig", reference, "bekrafta_bedomning", haller_med_sol="nej", invandning_sol="Två timmar.")
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
        assert isinstance(found, Decision), (said, why(found))
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


# --- clocks ------------------------------------------------------------------------------------------------------------


def test_clock__to_judge_pauses_while_the_report_is_completed() -> None:
    world = new_world()  # Monday 2 March 2026
    reference = report(world)
    assert world.cases[reference].deadlines["bedom"].due_on == "2026-03-09"
    take(world, "enhetschef", reference, "begar_komplettering")
    paused = world.cases[reference].deadlines["bedom"]
    assert (paused.status, paused.remaining) == ("paused", 5)
    world.now = "2026-03-04T08:00:00.000000Z"
    take(world, "rapportor", reference, "komplettera")
    resumed = world.cases[reference].deadlines["bedom"]
    assert (resumed.status, resumed.due_on) == ("open", "2026-03-11")


def test_clock__to_judge_runs_on_when_the_case_is_moved() -> None:
    world = new_world()
    reference = report(world)
    take(world, "enhetschef", reference, "flytta")
    case = world.cases[reference]
    assert case.unit == "ek"
    assert (case.deadlines["bedom"].status, case.deadlines["bedom"].due_on) == ("open", "2026-03-09")
    assert case.values["handelse"] == table.RAPPORT["handelse"]
    assert isinstance(world.step("enhetschef_ek", reference, "bedom", table.RINGA), Decision)


@pytest.mark.parametrize(
    ("key", "due_on"), [("bedom", "2026-03-09"), ("paborja", "2026-03-16")]
)
def test_clock__counts_from_the_report(key: str, due_on: str) -> None:
    world = new_world()
    assert world.cases[report(world)].deadlines[key].due_on == due_on


def test_clock__counts_from_a_report_given_to_somebody_else() -> None:
    world = new_world()
    reference = world.open("registrator", "avvikelse", step="registrera_at_annan", **table.REQUIRED["registrera_at_annan"])
    assert world.cases[reference].deadlines["bedom_registrerad"].due_on == "2026-03-09"
    assert world.cases[reference].values["registrerad_av"] == "registrator"


def test_clock__to_investigate_counts_from_its_beginning() -> None:
    world = new_world()
    reference = deviation_in(world, "under_utredning")
    assert world.cases[reference].deadlines["utred"].due_on == "2026-04-01"


def test_clock__a_harmed_patient_is_judged_the_same_day() -> None:
    world = new_world()
    reference = report(world, skada="ja")
    take(world, "enhetschef", reference, "begar_mas_bedomning")
    deadlines = world.cases[reference].deadlines
    assert deadlines["mas_bedom_skada"].due_on == "2026-03-02"
    assert "mas_bedom" not in deadlines


# --- investigating, measures, the end ------------------------------------------------------------------------------------


def test_investigation__needs_a_cause() -> None:
    world = new_world()
    reference = deviation_in(world, "under_utredning")
    found = world.step("utredare", reference, "slutfor_utredning", table.REQUIRED["slutfor_utredning"])
    assert [fault.field for fault in found.faults] == ["orsaker"]


def test_investigation__each_cause_has_a_measure_or_reasons() -> None:
    world = new_world()
    reference = deviation_in(world, "under_utredning")
    take(world, "utredare", reference, "ange_orsak")
    take(world, "enhetschef", reference, "ange_orsak")
    measure_for(world, reference, "orsaker.r1")
    found = world.step("utredare", reference, "slutfor_utredning", table.REQUIRED["slutfor_utredning"])
    assert found.kind == "guard"
    assert "r2" in why(found)
    assert "r1" not in why(found)
    given = {**table.REQUIRED["slutfor_utredning"], "orsaker.r2.ingen_atgard_motivering": "Vikarien har slutat."}
    decision = world.step("utredare", reference, "slutfor_utredning", given)
    assert decision.writes[0].event.warned == ("orsak_utan_atgard",)


def test_investigation__is_locked_when_finished_and_unlocked_with_a_reason() -> None:
    world = new_world()
    reference = deviation_in(world, "atgarder_pagar")

    def amend() -> Decision | Refusal:
        return world.do(Amend("amend", Actor("utredare"), reference=reference, values={"handelseforlopp": "Ny"}, reason="Fel"))

    with pytest.raises(LookupError):  # the investigation is handed in: the case is the manager's again
        amend()
    take(world, "enhetschef", reference, "las_upp")
    assert world.cases[reference].assignee == "utredare"
    assert isinstance(amend(), Decision)


def test_follow_up__begins_by_itself_when_the_last_measure_is_carried_out() -> None:
    world = new_world()
    reference = deviation_in(world, "under_utredning")
    first = measure_in(world, "planerad", reference)
    second = measure_in(world, "foreslagen", reference)
    take(world, "utredare", reference, "ange_orsak", **table.NO_MEASURE)
    take(world, "utredare", reference, "slutfor_utredning")
    assert world.cases[reference].state == "atgarder_pagar"
    take(world, "ansvarig", first, "genomfor")
    assert world.cases[reference].state == "atgarder_pagar"
    found = world.step("enhetschef", reference, "paborja_uppfoljning")
    assert second in why(found)
    assert first not in why(found)
    take(world, "enhetschef", second, "besluta_avsla")
    assert world.cases[reference].state == "under_uppfoljning"
    last = world.events[reference][-1]
    assert (last.step, last.acting.kind) == ("paborja_uppfoljning", "system")


def test_follow_up__a_case_without_measures_goes_on() -> None:
    world = new_world()
    assert world.cases[deviation_in(world, "under_uppfoljning")].state == "under_uppfoljning"


@pytest.mark.parametrize("state", ["genomford"])
def test_close__refuses_while_a_measure_has_no_judged_effect(state: str) -> None:
    world = new_world()
    reference = deviation_in(world, "under_uppfoljning")
    measure = measure_in(world, state, reference)
    found = world.step("enhetschef", reference, "avsluta", table.REQUIRED["avsluta"])
    assert found.kind == "guard"
    assert why(found).startswith(f"{measure} saknar")
    take(world, "enhetschef", measure, "folj_upp")
    assert isinstance(world.step("enhetschef", reference, "avsluta", table.REQUIRED["avsluta"]), Decision)


@pytest.mark.parametrize("state", ["foreslagen", "beslutad", "planerad"])
def test_close__refuses_while_a_measure_is_not_carried_out(state: str) -> None:
    world = new_world()
    reference = deviation_in(world, "under_uppfoljning")
    measure = measure_in(world, state, reference)
    found = world.step("enhetschef", reference, "avsluta", table.REQUIRED["avsluta"])
    assert measure in why(found)


@pytest.mark.parametrize("state", ["avslagen", "avbruten", "uppfoljd"])
def test_close__needs_no_effect_of_a_measure_that_was_declined_or_stopped(state: str) -> None:
    world = new_world()
    reference = deviation_in(world, "under_uppfoljning")
    measure_in(world, state, reference)
    assert isinstance(world.step("enhetschef", reference, "avsluta", table.REQUIRED["avsluta"]), Decision)


@pytest.mark.parametrize("judged", [table.HOG_SOL, table.HOG_HSL])
def test_close__at_high_risk_by_the_next_level(judged: dict) -> None:
    world = new_world()
    reference = deviation_in(world, "under_uppfoljning", judged)
    assert ("avsluta", "verksamhetschef") in tasks_of(world, reference)
    assert world.step("enhetschef", reference, "avsluta", table.REQUIRED["avsluta"]).kind == "not_allowed"
    assert isinstance(world.step("verksamhetschef", reference, "avsluta", table.REQUIRED["avsluta"]), Decision)


def test_reopen__after_a_minor_one_somebody_must_investigate() -> None:
    world = new_world()
    reference = deviation_in(world, "bedomd")
    take(world, "enhetschef", reference, "avsluta_ringa")
    assert world.step("enhetschef", reference, "ateroppna", {"skal": "Igen."}).kind == "guard"
    take(world, "enhetschef", reference, "ateroppna", skal="Igen.", utredare="utredare")
    assert world.cases[reference].assignee == "utredare"
    assert world.cases[reference].deadlines["utred_ateroppnad"].status == "open"


def test_registered_in_error__keeps_the_content_and_is_not_counted() -> None:
    world = new_world()
    reference = deviation_in(world, "felregistrerad")
    case = world.cases[reference]
    assert case.values["handelse"] == table.RAPPORT["handelse"]
    assert [state for state, one in PROCESS.states.items() if not one.counted] == ["felregistrerad"]
    assert any(link.kind == "ersatts_av" and link.other == "AVV-2026-0001" for link in case.links)


def test_registered_in_error__without_a_replacement_when_that_is_said() -> None:
    world = new_world()
    take(world, "kvalitetssamordnare", report(world), "felregistrera", skal="Prov.", utan_ersattare="ja")


# --- the MAS and others -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("outcome", "opened"), table.MAS_OPENS.items())
def test_mas__opens_lex_maria_for_serious_harm_in_own_work(outcome: str, opened: str | None) -> None:
    world = new_world()
    reference = deviation_in(world, "bedomd", table.RINGA_HSL)
    more = {"vardgivare": "kommunen", "berord_ref": "1234"} if opened else {}
    decision = take(world, "mas", reference, "mas_bedom", vardskada_utfall=outcome, motivering="Se journal.", **more)
    assert [write.event.process for write in decision.writes[1:]] == ([opened] if opened else [])
    if opened:
        case = world.cases["LM-2026-0001"]
        assert case.values["berord_ref"] == "1234"
        assert case.reporter == "mas"


def test_mas__needs_whose_work_it_was_and_who_it_concerns_when_serious() -> None:
    world = new_world()
    reference = deviation_in(world, "bedomd", table.RINGA_HSL)
    given = {"vardskada_utfall": "allvarlig", "motivering": "Se journal."}
    found = world.step("mas", reference, "mas_bedom", given)
    assert [fault.field for fault in found.faults] == ["vardgivare"]
    assert world.step("mas", reference, "mas_bedom", {**given, "vardgivare": "kommunen"}).kind == "guard"


def test_mas__another_providers_work_is_never_our_lex_maria() -> None:
    world = new_world()
    reference = deviation_in(world, "bedomd", table.RINGA_HSL)
    decision = take(
        world, "mas", reference, "mas_bedom",
        vardskada_utfall="allvarlig", motivering="Se journal.", vardgivare="annan", berord_ref="1234",
    )  # fmt: skip
    assert len(decision.writes) == 1


def test_mas__opens_one_analysis_at_the_highest_severity() -> None:
    world = new_world()
    judged = {**table.HOG_HSL, "allvarlighet_hsl": "4"}
    reference = deviation_in(world, "bedomd", judged)
    assert len(take(world, "mas", reference, "mas_bedom").writes) == 1  # no harm: nothing to analyse
    given = {"vardskada_utfall": "vardskada", "motivering": "Se journal."}
    assert [w.event.process for w in take(world, "mas", reference, "mas_bedom", **given).writes[1:]] == ["handelseanalys"]
    assert len(take(world, "mas", reference, "mas_bedom", **given).writes) == 1


def test_answer__needs_something_sent() -> None:
    world = new_world()
    reference = report(world)
    found = world.step("enhetschef", reference, "registrera_svar", table.REQUIRED["registrera_svar"])
    assert found.kind == "guard"
    take(world, "enhetschef", reference, "skicka_till_annan")
    assert ("registrera_svar", "mas") in tasks_of(world, reference)
    assert world.cases[reference].deadlines["svar"].due_on == "2026-04-01"
    take(world, "mas", reference, "registrera_svar")
    assert ("registrera_svar", "mas") not in tasks_of(world, reference)


# --- lex Sarah ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "lagrum"), [("rapportera_missforhallande", "sol"), ("rapportera_missforhallande_hsl_kvar", "hsl")]
)
def test_failing__cannot_be_reported_here_until_its_process_is_published(step: str, lagrum: str) -> None:
    world = new_world(others=())
    reference = report(world, lagrum=lagrum)
    found = world.step("rapportor", reference, step, table.REQUIRED[step])
    assert found.kind == "guard"
    assert [reason.id for reason in found.reasons] == ["step.opens_unpublished"]


def test_harm__that_opens_nothing_can_be_judged_before_lex_maria_is_published() -> None:
    world = new_world(others=())
    reference = deviation_in(world, "bedomd", table.RINGA_HSL)
    take(world, "mas", reference, "mas_bedom")
    serious = {"vardskada_utfall": "allvarlig", "motivering": "Se journal.", "vardgivare": "kommunen", "berord_ref": "1"}
    assert [r.id for r in world.step("mas", reference, "mas_bedom", serious).reasons] == ["step.opens_unpublished"]


def test_failing__hands_the_case_over_with_copies() -> None:
    world = new_world()
    reference = report(world)
    take(world, "rapportor", reference, "rapportera_missforhallande")
    case, lex = world.cases[reference], world.cases["LS-2026-0001"]
    assert (case.state, dict(case.marks), case.assignee) == ("overlamnad", {"lex": "envelope"}, None)
    assert lex.values["handelse"] == table.RAPPORT["handelse"]
    assert lex.values["konsekvens"] == "Larmet besvarades inte på två timmar."
    assert (lex.reporter, lex.unit, dict(lex.marks)) == ("rapportor", "bjork", {"lex": "envelope"})
    assert case.values["omedelbara_atgarder"] == table.RAPPORT["omedelbara_atgarder"]


@pytest.mark.parametrize("lagrum", ["?", "sol", "lss", "lvu"])
def test_failing__is_never_refused_for_want_of_an_area(lagrum: str) -> None:
    world = new_world()
    take(world, "rapportor", report(world, lagrum=lagrum), "rapportera_missforhallande")
    take(world, "rapportor", report(world), "rapportera_missforhallande")


@pytest.mark.parametrize("lagrum", ["hsl", "hsl,sol"])
def test_failing__the_health_care_part_stays(lagrum: str) -> None:
    world = new_world()
    reference = report(world, lagrum=lagrum)
    found = world.step(
        "rapportor", reference, "rapportera_missforhallande", table.REQUIRED["rapportera_missforhallande"]
    )
    assert found.kind == "guard"
    take(world, "rapportor", reference, "rapportera_missforhallande_hsl_kvar")
    case = world.cases[reference]
    assert (case.state, dict(case.marks)) == ("rapporterad", {})
    assert world.cases["LS-2026-0001"].state == "rapporterad"


def test_failing__stays_only_with_a_health_care_part() -> None:
    world = new_world()
    reference = report(world, lagrum="sol")
    step = "rapportera_missforhallande_hsl_kvar"
    assert world.step("rapportor", reference, step, table.REQUIRED[step]).kind == "guard"


@pytest.mark.parametrize("step", ["aterta", "aterta_uppfoljning"])
def test_take_back__only_after_a_decision_there(step: str) -> None:
    world = new_world()
    reference = report(world)
    take(world, "rapportor", reference, "rapportera_missforhallande")
    found = world.step("lex_sarah_ansvarig", reference, step, values_for(step))
    assert "LS-2026-0001" in why(found)
    world.step("lex_sarah_ansvarig", "LS-2026-0001", "besluta")
    take(world, "lex_sarah_ansvarig", reference, step, **values_for(step))
    assert not world.cases[reference].marks


def test_take_back__says_which_area_and_category_it_was() -> None:
    world = new_world()
    reference = deviation_in(world, "overlamnad")
    assert world.step("lex_sarah_ansvarig", reference, "aterta", {"skal": "x"}).kind == "guard"
    assert world.step("lex_sarah_ansvarig", reference, "aterta", {"skal": "x", "lagrum": "sol"}).kind == "guard"
    assert world.step("lex_sarah_ansvarig", reference, "aterta", {"skal": "x", "lagrum": "hsl"}).kind == "guard"


# --- what was reported, titles, tasks -----------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["enhetschef", "kvalitetssamordnare", "mas"])
def test_reported__nobody_else_rewrites_it(person: str) -> None:
    world = new_world()
    reference = report(world)
    command = Amend("amend", Actor(person), reference=reference, values={"handelse": "Något annat"}, reason="Fel")
    assert world.do(command).kind == "not_allowed"
    assert world.cases[reference].values["handelse"] == table.RAPPORT["handelse"]


def test_reported__the_reporter_may_correct_it() -> None:
    world = new_world()
    reference = report(world)
    command = Amend("amend", Actor("rapportor"), reference=reference, values={"handelse": "I köket."}, reason="Fel rum")
    assert isinstance(world.do(command), Decision)


@pytest.mark.parametrize(
    ("told", "judged", "title"),
    [
        ({}, None, "kategori saknas, {unit}"),
        ({"kategori": "fall"}, None, "Fall, {unit}"),
        ({"kategori": "fall"}, table.RINGA, "Insatsen utfördes för sent, {unit}"),
        ({"kategori": "?"}, table.RINGA_HSL, "Fördröjd dos, {unit}"),
    ],
)
def test_title__is_the_judged_category_else_what_the_reporter_said(told: dict, judged: dict | None, title: str) -> None:
    world = new_world()
    reference = report(world, **told)
    if judged:
        take(world, "enhetschef", reference, "bedom", **judged)
    assert world.cases[reference].title.sv == title


@pytest.mark.parametrize(("state", "expected"), table.EXPECTED.items())
def test_tasks__of_each_status(state: str, expected: set) -> None:
    world = new_world()
    assert tasks_of(world, deviation_in(world, state)) == expected


def test_danger__is_told_to_the_manager_and_shown_before_the_form_goes_on() -> None:
    world = new_world()
    reference = report(world, fara_nu="ja")
    texts = [message.text.sv for ref, message in world.messages if ref == reference and message.role == "enhetschef"]
    assert any("fara nu" in text for text in texts)
    guide = PROCESS.steps["rapportera"].guides[0]
    assert "112" in guide.text.sv
    assert "112" in guide.text.en
