"""The course of a deviation: its clocks, the investigation, the measures, the end."""

from __future__ import annotations

import pytest

from engine.cases.decision import Actor, Amend, Decision, Refusal
from tests.processes import tables_avvikelse as table
from tests.processes.walk import (
    SHIPPED,
    deviation_in,
    lacking,
    measure_for,
    measure_in,
    new_world,
    report,
    take,
    tasks_of,
    why,
)

PROCESS = SHIPPED[0].process


# --- clocks ----------------------------------------------------------------------------------------


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


@pytest.mark.parametrize(("key", "due_on"), [("bedom", "2026-03-09"), ("paborja", "2026-03-16")])
def test_clock__counts_from_the_report(key: str, due_on: str) -> None:
    world = new_world()
    assert world.cases[report(world)].deadlines[key].due_on == due_on


def test_clock__counts_from_a_report_given_to_somebody_else() -> None:
    world = new_world()
    reference = world.open(
        "registrator", "avvikelse", step="registrera_at_annan", **table.REQUIRED["registrera_at_annan"]
    )
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


# --- investigating, measures, the end --------------------------------------------------------------


def test_investigation__needs_a_cause() -> None:
    world = new_world()
    reference = deviation_in(world, "under_utredning")
    found = world.step("utredare", reference, "slutfor_utredning", table.REQUIRED["slutfor_utredning"])
    assert lacking(found) == ["orsaker"]


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
    given = {
        **table.REQUIRED["slutfor_utredning"],
        "orsaker.r2.ingen_atgard_motivering": "Vikarien har slutat.",
    }
    decision = world.step("utredare", reference, "slutfor_utredning", given)
    assert decision.writes[0].event.warned == ("orsak_utan_atgard",)


def test_investigation__is_locked_when_finished_and_unlocked_with_a_reason() -> None:
    world = new_world()
    reference = deviation_in(world, "atgarder_pagar")

    def amend() -> Decision | Refusal:
        return world.do(
            Amend(
                "amend",
                Actor("utredare"),
                reference=reference,
                values={"handelseforlopp": "Ny"},
                reason="Fel",
            )
        )

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
    assert isinstance(
        world.step("verksamhetschef", reference, "avsluta", table.REQUIRED["avsluta"]), Decision
    )


def test_reopen__after_a_minor_one_somebody_must_investigate() -> None:
    world = new_world()
    reference = deviation_in(world, "bedomd")
    take(world, "enhetschef", reference, "avsluta_ringa")
    assert lacking(world.step("enhetschef", reference, "ateroppna", {"skal": "Igen."})) == ["utredare"]
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
