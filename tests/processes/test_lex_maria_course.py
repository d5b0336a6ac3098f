"""How a lex Maria case ends, and what it opens: the analysis, the measures."""

from __future__ import annotations

import pytest

from engine.cases.decision import Decision, Refusal
from tests.processes import tables_atgard as measure
from tests.processes import tables_avvikelse as deviation
from tests.processes import tables_lex_maria as table
from tests.processes.walk import tasks_of, why
from tests.processes.walk_lex_maria import begin, case_in, new_world, ready_to_close, take, with_ivo

# --- the end ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("judged", table.JUDGEMENTS.values(), ids=table.JUDGEMENTS)
def test_close__when_everything_is_done(judged: dict) -> None:
    world = new_world()
    reference = ready_to_close(world, judged, decided=False)
    if judged["vardskada_utfall"] in table.NOTIFIED:
        with_ivo(world, reference, "beslut_mottaget")
        found = world.step("mas", reference, "avsluta", table.REQUIRED["avsluta"])
        assert found.kind == "not_allowed"
        take(world, "verksamhetschef", reference, "avsluta")
    else:
        take(world, "anmalningsansvarig", reference, "besluta_anmalan", **table.ANMALS_INTE)
        take(world, "mas", reference, "avsluta")


@pytest.mark.parametrize(
    "left_out", ["informera_patient", "journalanteckning", "patientens_upplevelse", "besluta_anmalan"]
)
def test_close__refuses_while_one_thing_lacks(left_out: str) -> None:
    world = new_world()
    reference = case_in(world, "under_uppfoljning", table.VARDSKADA)
    for step in ("informera_patient", "journalanteckning", "patientens_upplevelse", "besluta_anmalan"):
        if step != left_out:
            who, values = (
                ("anmalningsansvarig", table.ANMALS_INTE)
                if step == "besluta_anmalan"
                else ("mas", table.REQUIRED[step])
            )
            take(world, who, reference, step, **values)
    found = world.step("mas", reference, "avsluta", table.REQUIRED["avsluta"])
    assert found.kind == "guard"
    assert table.DEMANDED_AT_THE_END[left_out] in why(found)
    who, values = (
        ("anmalningsansvarig", table.ANMALS_INTE)
        if left_out == "besluta_anmalan"
        else ("mas", table.REQUIRED[left_out])
    )
    take(world, who, reference, left_out, **values)
    take(world, "mas", reference, "avsluta")


def test_close__says_in_words_that_the_patient_has_not_been_told() -> None:
    world = new_world()
    reference = case_in(world, "under_uppfoljning", table.VARDSKADA)
    found = world.step("mas", reference, "avsluta", table.REQUIRED["avsluta"])
    assert "Patienten informerad om alla sex punkter, eller skäl angivet" in why(found)


def test_close__needs_no_note_in_the_record_when_nobody_was_harmed() -> None:
    world = new_world()
    reference = case_in(world, "under_uppfoljning", table.RISK)
    take(world, "anmalningsansvarig", reference, "besluta_anmalan", **table.ANMALS_INTE)
    take(world, "mas", reference, "ange_hinder", hinder="ej_drabbad", hinder_motivering="Upptäcktes i tid.")
    take(world, "mas", reference, "patientens_upplevelse")
    take(world, "mas", reference, "avsluta")


@pytest.mark.parametrize("track", ["ska_anmalas", "anmald", "utredning_insand", "komplettering_begard"])
def test_close__waits_for_the_decision_of_ivo(track: str) -> None:
    world = new_world()
    reference = ready_to_close(world, table.ALLVARLIG, decided=False)
    with_ivo(world, reference, track)
    found = world.step("verksamhetschef", reference, "avsluta", table.REQUIRED["avsluta"])
    assert found.kind == "guard"
    assert "Hos IVO" in why(found)


def test_close__waits_for_the_investigation_to_be_handed_in() -> None:
    world = new_world()
    reference = ready_to_close(world, table.ALLVARLIG, decided=False)
    with_ivo(world, reference, "anmald")
    take(world, "anmalningsansvarig", reference, "registrera_ivo_beslut")
    found = world.step("verksamhetschef", reference, "avsluta", table.REQUIRED["avsluta"])
    assert "3 kap. 5 § andra stycket" in why(found)


def test_close__waits_for_the_medical_device() -> None:
    world = new_world()
    reference = ready_to_close(world, {**table.RISK, "medicinteknik": "ja"})
    assert ("anmal_medicinteknik", "mas") in tasks_of(world, reference)
    assert world.step("mas", reference, "avsluta", table.REQUIRED["avsluta"]).kind == "guard"
    take(world, "mas", reference, "anmal_medicinteknik")
    take(world, "mas", reference, "avsluta")


@pytest.mark.parametrize("outcome", table.JUDGEMENTS)
def test_close__without_investigation_only_when_it_was_no_harm(outcome: str) -> None:
    world = new_world()
    reference = case_in(world, "under_utredning", table.JUDGEMENTS[outcome])
    given = {"avslut_skal": "ingen_vardskada", "slutsats": "Ingen vårdskada."}
    found = world.step("mas", reference, "avsluta_utan_utredning", given)
    assert isinstance(found, Decision) == (outcome in {"ingen", "ej_undvikbar"})
    if isinstance(found, Refusal):
        assert "3 kap. 3 §" in why(found)
    other = {"avslut_skal": "annan_vardgivare", "slutsats": "De utreder."}
    assert isinstance(world.step("mas", begin(world), "avsluta_utan_utredning", other), Refusal)


@pytest.mark.parametrize("track", ["ska_anmalas", "anmald", "komplettering_begard"])
def test_close__without_investigation_not_while_ivo_has_it(track: str) -> None:
    world = new_world()
    reference = case_in(world, "under_utredning", table.INGEN)
    with_ivo(world, reference, track)
    given = {"avslut_skal": "ingen_vardskada", "slutsats": "Ingen vårdskada."}
    assert isinstance(world.step("mas", reference, "avsluta_utan_utredning", given), Refusal)


# --- the analysis, and what else is opened ---------------------------------------------------------


def test_analysis__is_opened_marked_with_what_it_is_about() -> None:
    world = new_world()
    reference = case_in(world, "under_utredning", table.ALLVARLIG)
    take(world, "verksamhetschef", reference, "bestall_handelseanalys")
    case = world.cases["HA-2026-0001"]
    assert dict(case.marks) == {"lex_maria": "envelope"}
    assert case.assignee == "analysledare"
    assert case.values["handelse"] == table.HANDELSE["handelse"]
    assert case.values["uppdrag"] == table.REQUIRED["bestall_handelseanalys"]["uppdrag"]
    again = world.step("mas", reference, "bestall_handelseanalys", table.REQUIRED["bestall_handelseanalys"])
    assert again.kind == "guard"


def test_analysis__who_leads_it_writes_what_the_patient_tells() -> None:
    world = new_world()
    reference = case_in(world, "under_utredning", table.ALLVARLIG)
    given = {"upplevelse_lage": "lamnad", "upplevelse": "Jag blev rädd."}
    assert world.step("analysledare", reference, "patientens_upplevelse", given).kind == "not_allowed"
    take(world, "mas", reference, "bestall_handelseanalys")
    take(world, "analysledare", reference, "patientens_upplevelse", **given)


def test_deviation__opens_it_with_what_the_mas_knows_and_marked() -> None:
    world = new_world()
    report = world.open("rapportor", "avvikelse", **deviation.RAPPORT, lagrum="hsl", berord_ref="1234")
    given = {"vardskada_utfall": "allvarlig", "motivering": "Se journal.", "vardgivare": "kommunen"}
    assert isinstance(world.step("mas", report, "mas_bedom", given), Decision)
    case = world.cases["LM-2026-0002"]
    assert (case.state, case.reporter, dict(case.marks)) == ("initierad", "mas", {"lex_maria": "envelope"})
    assert {key: case.values[key] for key in ("handelse", "vardgivare", "berord_ref", "ivo_lage")} == {
        "handelse": deviation.RAPPORT["handelse"],
        "vardgivare": "kommunen",
        "berord_ref": "1234",
        "ivo_lage": "ej_aktuell",
    }
    assert ("bedom_vardskada", "mas") in tasks_of(world, "LM-2026-0002")


# --- measures --------------------------------------------------------------------------------------


def test_measures__each_cause_has_one_or_reasons_and_a_plan_in_time() -> None:
    """PSL 3:2: what cannot be done at once needs a plan in time."""
    world = new_world()
    reference = case_in(world, "under_utredning")
    take(world, "mas", reference, "ange_orsak")
    take(world, "mas", reference, "slutfor_utredning")
    assert "r1" in why(world.step("enhetschef", reference, "planera_atgarder"))
    proposed = world.open(
        "enhetschef", "atgard", step="foresla", to=reference, row="orsaker.r1", **measure.REQUIRED["foresla"]
    )
    found = world.step("enhetschef", reference, "planera_atgarder")
    assert proposed in why(found)
    assert "3 kap. 2 §" in why(found)
    take(world, "enhetschef", proposed, "besluta")
    take(world, "enhetschef", proposed, "planera")
    take(world, "enhetschef", reference, "planera_atgarder")
    assert world.cases[reference].state == "atgarder_pagar"
    take(world, "ansvarig", proposed, "genomfor")
    assert world.cases[reference].state == "under_uppfoljning"
    assert world.events[reference][-1].acting.kind == "system"


def test_measures__reasons_may_be_given_for_none_when_planning() -> None:
    world = new_world()
    reference = case_in(world, "under_utredning")
    take(world, "mas", reference, "ange_orsak")
    take(world, "mas", reference, "slutfor_utredning")
    take(
        world,
        "mas",
        reference,
        "planera_atgarder",
        **{"orsaker.r1.ingen_atgard_motivering": "Avdelningen är stängd."},
    )
    assert world.cases[reference].state == "under_uppfoljning"


def test_close__refuses_while_a_measure_has_no_judged_effect() -> None:
    world = new_world()
    reference = case_in(world, "atgarder_pagar")
    planned = next(link.other for link in world.cases[reference].links if link.kind == "atgard_for")
    take(world, "ansvarig", planned, "genomfor")
    take(world, "anmalningsansvarig", reference, "besluta_anmalan", **table.ANMALS_INTE)
    for step in ("informera_patient", "journalanteckning", "patientens_upplevelse"):
        take(world, "mas", reference, step)
    found = world.step("mas", reference, "avsluta", table.REQUIRED["avsluta"])
    assert why(found).startswith(f"{planned} saknar")
    take(world, "enhetschef", planned, "folj_upp")
    take(world, "mas", reference, "avsluta")


def test_close__waits_for_the_decisions_on_the_analysis() -> None:
    world = new_world()
    reference = case_in(world, "under_utredning")
    take(world, "mas", reference, "bestall_handelseanalys")
    take(world, "mas", reference, "ange_orsak", **table.NO_MEASURE)
    finished = take(world, "mas", reference, "slutfor_utredning")
    assert "analysen_pagar" in finished.writes[0].event.warned
    take(world, "enhetschef", reference, "planera_atgarder")
    take(world, "anmalningsansvarig", reference, "besluta_anmalan", **table.ANMALS_INTE)
    for step in ("informera_patient", "journalanteckning", "patientens_upplevelse"):
        take(world, "mas", reference, step)
    found = world.step("mas", reference, "avsluta", table.REQUIRED["avsluta"])
    assert "HA-2026-0001" in why(found)
    assert isinstance(world.step("mas", "HA-2026-0001", "avbryt", {"skal": "Görs i en annan."}), Decision)
    take(world, "mas", reference, "avsluta")
