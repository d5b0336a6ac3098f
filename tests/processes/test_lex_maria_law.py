"""What the statutes demand of lex Maria: harm, another provider, the notification to IVO, the patient."""

from __future__ import annotations

import pytest

from engine.cases.decision import Decision, Refusal
from tests.processes import tables_lex_maria as table
from tests.processes.walk import tasks_of, why
from tests.processes.walk_lex_maria import (
    LEX_MARIA,
    begin,
    case_in,
    new_world,
    ready_to_close,
    take,
    with_ivo,
)

PROCESS = LEX_MARIA.process
TAKER = {step: who[0] for step, who in table.WHO.items()}


# --- harm: PSL 1:5 ---------------------------------------------------------------------------------


@pytest.mark.parametrize("avoidable", ["ja", "nej", "?"])
@pytest.mark.parametrize("outcome", table.JUDGEMENTS)
def test_judge__harm_is_what_could_have_been_avoided(outcome: str, avoidable: str) -> None:
    world = new_world()
    given = {**table.ALLVARLIG, "vardskada_utfall": outcome, "undvikbar": avoidable}
    found = world.step("mas", begin(world), "bedom_vardskada", given)
    contradicts = (outcome in table.SUFFERED and avoidable == "nej") or (
        outcome == "ej_undvikbar" and avoidable != "nej"
    )
    assert isinstance(found, Refusal) == contradicts
    if contradicts:
        assert "1 kap. 5 §" in why(found)


@pytest.mark.parametrize("outcome", table.JUDGEMENTS)
def test_judge__the_title_says_it_and_nothing_personal(outcome: str) -> None:
    world = new_world()
    case = world.cases[case_in(world, "under_utredning", table.JUDGEMENTS[outcome])]
    label = PROCESS.lists["vardskada_utfall"].flat[outcome].label.sv
    assert case.title.sv == f"{label}, {{unit}}"


# --- another provider ------------------------------------------------------------------------------


@pytest.mark.parametrize("step", table.NOT_FOR_ANOTHERS)
def test_another_provider__notifies_informs_and_investigates_itself(step: str) -> None:
    world = new_world()
    reference = begin(world, vardgivare="annan")
    before = world.cases[reference]
    found = world.step(TAKER[step], reference, step, table.REQUIRED[step])
    assert isinstance(found, Refusal)
    if "initierad" in table.MOVES[step]:
        assert "Vårdgivare ska vara ”Kommunen”" in why(found)
        assert "3 kap. 3, 5 och 8 §§" in why(found)
    assert world.cases[reference] == before


def test_another_provider__is_sent_the_event_and_the_case_waits_for_the_answer() -> None:
    world = new_world()
    reference = begin(world, vardgivare="annan")
    assert ("skicka_till_annan", "mas") in tasks_of(world, reference)
    assert ("bedom_vardskada", "mas") not in tasks_of(world, reference)
    close = {"avslut_skal": "annan_vardgivare", "slutsats": "De utreder."}
    assert isinstance(world.step("mas", reference, "avsluta_utan_utredning", close), Refusal)
    take(world, "mas", reference, "skicka_till_annan")
    assert ("registrera_svar", "mas") in tasks_of(world, reference)
    assert world.cases[reference].deadlines["svar"].due_on == "2026-04-01"
    take(world, "mas", reference, "registrera_svar")
    assert ("avsluta_utan_utredning", "mas") in tasks_of(world, reference)
    take(world, "mas", reference, "avsluta_utan_utredning", **close)


def test_private_provider__notifies_itself_and_the_mas_is_told() -> None:
    world = new_world()
    reference = world.open(
        "enhetschef", "lex_maria", step="underratta_mas", **table.REQUIRED["underratta_mas"],
        vardgivaren_anmalde="2026-03-01",
    )  # fmt: skip
    assert world.cases[reference].values["vardgivare"] == "annan"
    assert "mas" in [message.role for ref, message in world.messages if ref == reference]
    assert isinstance(world.step("anmalningsansvarig", reference, "besluta_anmalan", table.ANMALS), Refusal)
    take(
        world, "mas", reference, "avsluta_utan_utredning",
        avslut_skal="annan_vardgivare", slutsats="Anmält av vårdgivaren.",
    )  # fmt: skip


# --- the decision to notify: PSL 3:5 ---------------------------------------------------------------


@pytest.mark.parametrize("decided", ["ja", "nej"])
@pytest.mark.parametrize("outcome", [None, *table.JUDGEMENTS])
def test_decision__serious_harm_is_always_notified(outcome: str | None, decided: str) -> None:
    world = new_world()
    reference = case_in(world, "under_utredning", table.JUDGEMENTS[outcome]) if outcome else begin(world)
    given = table.ANMALS if decided == "ja" else table.ANMALS_INTE
    found = world.step("anmalningsansvarig", reference, "besluta_anmalan", given)
    is_open = decided == "ja" or (outcome is not None and outcome not in table.NOTIFIED)
    assert isinstance(found, Decision) == is_open
    if not is_open:
        assert ("3 kap. 5 §" in why(found)) == (outcome is not None)
        return
    case = world.cases[reference]
    assert case.values["ivo_lage"] == ("ska_anmalas" if decided == "ja" else "ej_aktuell")
    assert case.values["beslutsfattare"] == "anmalningsansvarig"
    warned = decided == "ja" and outcome is not None and outcome not in table.NOTIFIED
    assert found.writes[0].event.warned == (("bedomningen_ar_en_annan",) if warned else ())


def test_decision__may_be_changed_until_it_is_notified() -> None:
    world = new_world()
    reference = case_in(world, "under_utredning", table.ALLVARLIG)
    take(world, "anmalningsansvarig", reference, "besluta_anmalan")
    assert ("anmal_ivo", "anmalningsansvarig") in tasks_of(world, reference)
    assert isinstance(
        world.step("anmalningsansvarig", reference, "besluta_anmalan", table.ANMALS_INTE), Refusal
    )
    milder = {**table.REQUIRED["bedom_vardskada_igen"], "vardskada_utfall": "vardskada"}
    take(world, "mas", reference, "bedom_vardskada_igen", **milder)
    take(world, "anmalningsansvarig", reference, "besluta_anmalan", **table.ANMALS_INTE)
    assert world.cases[reference].values["ivo_lage"] == "ej_aktuell"
    assert ("anmal_ivo", "anmalningsansvarig") not in tasks_of(world, reference)


@pytest.mark.parametrize("step", table.ON_THE_TRACK)
@pytest.mark.parametrize("track", table.TRACK)
def test_ivo__each_step_of_the_track_where_the_case_stands(track: str, step: str) -> None:
    world = new_world()
    reference = case_in(world, "utredning_klar")
    with_ivo(world, reference, track)
    found = world.step("anmalningsansvarig", reference, step, table.REQUIRED[step])
    assert isinstance(found, Decision) == (step in table.TRACK[track]), found


def test_ivo__a_request_leaves_the_case_where_it_stood() -> None:
    for track in ("anmald", "utredning_insand"):
        world = new_world()
        reference = case_in(world, "utredning_klar")
        with_ivo(world, reference, track)
        take(world, "anmalningsansvarig", reference, "registrera_ivo_begaran")
        assert world.cases[reference].values["ivo_lage"] == "komplettering_begard"
        assert world.cases[reference].deadlines["komplettera_ivo"].due_on == "2026-03-20"
        take(world, "anmalningsansvarig", reference, "komplettera_ivo")
        assert world.cases[reference].values["ivo_lage"] == track


def test_ivo__dates_follow_one_another() -> None:
    world = new_world()
    reference = case_in(world, "utredning_klar")
    with_ivo(world, reference, "anmald")
    before = {"utredning_skickad": "2026-03-01"}
    assert isinstance(world.step("anmalningsansvarig", reference, "skicka_utredning_ivo", before), Refusal)
    early = {"ivo_beslutsdatum": "2026-03-01", "ivo_utfall": "utan_krav"}
    assert isinstance(world.step("registrator", reference, "registrera_ivo_beslut", early), Refusal)


@pytest.mark.parametrize("step", table.AT_ONCE)
def test_clock__the_law_names_no_day(step: str) -> None:
    word, paragraph = table.AT_ONCE[step]
    dues = [due for due in PROCESS.steps[step].due if due.kind == "lag_skyndsamt"]
    assert dues
    for due in dues:
        assert due.word is not None
        assert due.source is not None
        assert due.word.sv == word
        assert paragraph in due.source.text
        assert "månad" not in due.source.text


def test_clock__runs_by_what_was_judged() -> None:
    world = new_world()
    serious = case_in(world, "under_utredning", {**table.ALLVARLIG, "medicinteknik": "ja"})
    deadlines = world.cases[serious].deadlines
    running = {key for key, one in deadlines.items() if one.kind == "lag_skyndsamt" and one.status == "open"}
    assert running == {"besluta_anmalan", "informera_patient", "anmal_medicinteknik"}
    minor = case_in(world, "under_utredning", table.RISK)
    assert not [one for one in world.cases[minor].deadlines.values() if one.kind == "lag_skyndsamt"]


def test_clock__local_promises_are_counted_from_the_beginning_and_the_judgement() -> None:
    world = new_world()  # Monday 2 March 2026
    reference = begin(world)
    assert world.cases[reference].deadlines["bedom_vardskada"].due_on == "2026-03-04"
    take(world, "mas", reference, "bedom_vardskada")
    assert world.cases[reference].deadlines["utred"].due_on == "2026-04-01"


# --- the patient: PSL 3:8, 3:8 c, 3:4 --------------------------------------------------------------


@pytest.mark.parametrize("item", table.ITEMS)
def test_patient__each_of_the_six_items_must_have_been_told(item: str) -> None:
    world = new_world()
    reference = ready_to_close(world, table.VARDSKADA)
    take(world, "enhetschef", reference, "informera_patient")
    reference = case_in(world, "under_uppfoljning", table.VARDSKADA)
    decision = take(world, "enhetschef", reference, "informera_patient", **{**table.INFORMERAD, item: "nej"})
    assert decision.writes[0].event.warned == ("punkter_aterstar",)
    assert "patient_klar" not in world.cases[reference].values
    assert ("informera_patient", "legitimerad") in tasks_of(world, reference)
    take(world, "legitimerad", reference, "informera_patient")
    assert world.cases[reference].values["patient_klar"] is True
    assert ("informera_patient", "legitimerad") not in tasks_of(world, reference)


@pytest.mark.parametrize(
    ("hinder", "next_of_kin", "is_reason", "patient_may", "next_of_kin_may"),
    [
        ("sekretess", None, True, False, False),
        ("avliden", "informeras", False, False, True),
        ("avliden", "finns_inte", True, False, True),
        ("avliden", "sekretess", True, False, False),
        ("kan_inte_ta_emot", "informeras", False, False, True),
        ("kan_inte_ta_emot", "finns_inte", True, False, True),
        ("kan_inte_ta_emot", "sekretess", True, False, False),
        ("ej_drabbad", None, True, True, True),
    ],
)
def test_patient__a_hindrance_is_a_reason_or_next_of_kin_are_told_instead(
    hinder: str, next_of_kin: str | None, is_reason: bool, patient_may: bool, next_of_kin_may: bool
) -> None:
    world = new_world()
    reference = case_in(world, "under_utredning", table.RISK)
    given = {"hinder": hinder, "hinder_motivering": "Se journal."}
    take(
        world,
        "mas",
        reference,
        "ange_hinder",
        **given,
        **({"narstaende_lage": next_of_kin} if next_of_kin else {}),
    )
    assert (world.cases[reference].values.get("patient_klar") is True) == is_reason
    told = {**table.INFORMERAD, "informerad_till": "narstaende", "narstaende_skal": "begart"}
    for values, may in ((table.INFORMERAD, patient_may), (told, next_of_kin_may)):
        found = world.copy().step("legitimerad", reference, "informera_patient", values)
        assert isinstance(found, Decision) == may, found
        if not may:
            assert "(2010:659) 3 kap. 8 " in why(found)


@pytest.mark.parametrize("outcome", table.JUDGEMENTS)
def test_patient__that_nobody_was_harmed_is_no_reason_when_somebody_was(outcome: str) -> None:
    world = new_world()
    reference = case_in(world, "under_utredning", table.JUDGEMENTS[outcome])
    given = {"hinder": "ej_drabbad", "hinder_motivering": "Upptäcktes i tid."}
    found = world.step("mas", reference, "ange_hinder", given)
    assert isinstance(found, Refusal) == (outcome in table.SUFFERED)


def test_patient__that_nobody_was_harmed_falls_when_harm_is_found_after_all() -> None:
    world = new_world()
    reference = case_in(world, "under_utredning", table.RISK)
    take(world, "mas", reference, "ange_hinder", hinder="ej_drabbad", hinder_motivering="Upptäcktes i tid.")
    take(world, "mas", reference, "bedom_vardskada_igen")
    assert world.cases[reference].values["patient_klar"] is False
    assert ("informera_patient", "enhetschef") in tasks_of(world, reference)
    assert world.cases[reference].deadlines["informera_patient_igen"].status == "open"
