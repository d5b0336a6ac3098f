"""The course of a lex Sarah case: IVO beside it, a private provider, those barred, measures, the end, the hand-over."""

from __future__ import annotations

import pytest

from engine.cases.decision import Decision
from tests.processes import tables_atgard as measures
from tests.processes import tables_avvikelse as deviations
from tests.processes import tables_lex_sarah as table
from tests.processes.walk import (
    deviation_in,
    lex_of,
    new_world,
    report,
    take,
    tasks_of,
    walk_on,
    why,
    written,
)
from tests.processes.walk_lex import (
    OWN,
    PRIVATE,
    act,
    finish,
    level,
    lex_in,
    lex_world,
    manager,
    note,
    planned_measure,
    refused,
    report_lex,
    write_entries,
)


def close(world, reference, person="lex_sarah_ansvarig", **more):
    """Try to close."""
    return world.step(person, reference, "avsluta", {**table.REQUIRED["avsluta"], **more})


# --- IVO: beside the statuses ----------------------------------------------------------------------


@pytest.mark.parametrize("state", table.RECEIVED)
def test_ivo__is_notified_from_every_status_after_receipt(state: str) -> None:
    world = lex_world()
    reference = lex_in(world, state)
    act(world, "beslutsfattare", reference, "anmal_ivo")
    case = world.cases[reference]
    assert (case.state, case.values["ivo_lage"]) == (state, "anmald")
    assert case.deadlines["skicka_utredning"].due_on == "2026-05-04"  # 2 May 2026 is a Saturday
    assert case.deadlines["skicka_utredning"].kind == "lag_datum"
    again = world.step("beslutsfattare", reference, "anmal_ivo", table.REQUIRED["anmal_ivo"])
    assert refused(again).kind == "wrong_state"


def test_ivo__is_not_notified_before_the_report_is_received() -> None:
    world = lex_world()
    found = world.step("beslutsfattare", report_lex(world), "anmal_ivo", table.REQUIRED["anmal_ivo"])
    assert refused(found).kind == "wrong_state"


def test_ivo__an_investigation_that_is_not_finished_is_not_enclosed() -> None:
    world = lex_world()
    reference = lex_in(world, "under_utredning")
    given = {**table.REQUIRED["anmal_ivo"], "bifogat": "utredning"}
    assert "Slutför utredningen" in why(world.step("beslutsfattare", reference, "anmal_ivo", given))


def test_ivo__obviously_serious_is_to_be_notified_before_the_investigation() -> None:
    world = lex_world()
    reference = lex_in(world, "mottagen")
    act(world, "lex_sarah_ansvarig", reference, "forsta_bedomning", uppenbart_allvarligt="ja")
    deadline = world.cases[reference].deadlines["anmal_ivo"]
    assert (deadline.kind, deadline.ground, deadline.remind_on) == ("lag_skyndsamt", "sol", "2026-03-03")
    assert ("anmal_ivo", "beslutsfattare") in tasks_of(world, reference)
    act(world, "lex_sarah_ansvarig", reference, "anmal_ivo")
    assert world.cases[reference].deadlines["anmal_ivo"].status == "met"
    assert world.cases[reference].deadlines["utred_till_ivo"].due_on == "2026-05-04"
    assert ("anmal_ivo", "beslutsfattare") not in tasks_of(world, reference)


def test_ivo__a_case_decided_as_not_serious_is_no_longer_to_be_notified() -> None:
    world = lex_world()
    reference = lex_in(world, "mottagen")
    act(world, "lex_sarah_ansvarig", reference, "forsta_bedomning", uppenbart_allvarligt="ja")
    write_entries(world, reference)
    act(world, "lex_sarah_utredare", reference, "ange_orsak", **table.NO_MEASURE)
    act(world, "lex_sarah_utredare", reference, "slutfor_utredning")
    act(world, "beslutsfattare", reference, "besluta")
    assert world.cases[reference].values["ivo_lage"] == "ej_aktuell"


def test_ivo__asks_is_answered_and_decides() -> None:
    world = lex_world()
    reference = lex_in(world, "beslutad", grade="allvarligt_missforhallande")
    act(world, "beslutsfattare", reference, "anmal_ivo")
    assert ("skicka_utredning_ivo", "beslutsfattare") in tasks_of(world, reference)
    stages = [
        ("registrera_ivo_begaran", "komplettering_begard"),
        ("skicka_utredning_ivo", "komplettering_begard"),  # what IVO asked for is still to be answered
        ("komplettera_ivo", "utredning_insand"),
        ("registrera_ivo_begaran", "komplettering_begard"),
        ("komplettera_ivo", "utredning_insand"),
        ("registrera_ivo_beslut", "beslut_mottaget"),
    ]
    for step, stage in stages:
        act(world, "beslutsfattare", reference, step)
        assert world.cases[reference].values["ivo_lage"] == stage, step
    assert world.cases[reference].deadlines["skicka_utredning"].status == "met"
    found = world.step(
        "beslutsfattare", reference, "registrera_ivo_begaran", table.REQUIRED["registrera_ivo_begaran"]
    )
    assert refused(found).kind == "guard"


def test_ivo__answered_before_the_investigation_was_sent_is_still_only_notified() -> None:
    world = lex_world()
    reference = lex_in(world, "under_utredning")
    act(world, "beslutsfattare", reference, "anmal_ivo")
    act(world, "beslutsfattare", reference, "registrera_ivo_begaran")
    assert world.cases[reference].deadlines["svara_ivo"].due_on == "2026-03-20"
    act(world, "beslutsfattare", reference, "komplettera_ivo")
    assert world.cases[reference].values["ivo_lage"] == "anmald"


@pytest.mark.parametrize(
    "step", ["skicka_utredning_ivo", "registrera_ivo_begaran", "komplettera_ivo", "registrera_ivo_beslut"]
)
def test_ivo__nothing_more_before_the_notification(step: str) -> None:
    world = lex_world()
    found = world.step("beslutsfattare", lex_in(world, "beslutad"), step, table.REQUIRED[step])
    assert refused(found).kind == "guard"


# --- the end ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("grade", table.SERIOUS)
def test_close__serious_only_after_notification_and_the_decision_of_ivo(grade: str) -> None:
    world = lex_world()
    reference = lex_in(world, "under_uppfoljning", grade=grade)
    act(world, "registrator", reference, "diariefor")
    act(world, "enhetschef", reference, "informera_enskild")
    assert "Anmäl till IVO" in why(close(world, reference, "verksamhetschef"))
    assert "SoL (2025:400) 27 kap. 6 §" in why(close(world, reference, "verksamhetschef"))
    act(world, "beslutsfattare", reference, "anmal_ivo", bifogat="utredning")
    assert ("registrera_ivo_beslut", "beslutsfattare") in tasks_of(world, reference)
    assert refused(close(world, reference, "verksamhetschef")).kind == "guard"
    act(world, "beslutsfattare", reference, "registrera_ivo_beslut")
    assert refused(close(world, reference)).kind == "not_allowed"
    assert isinstance(close(world, reference, "verksamhetschef"), Decision)


def test_close__a_notified_case_waits_for_ivo_whatever_its_degree() -> None:
    world = lex_world()
    reference = lex_in(world, "under_uppfoljning", grade="inget_missforhallande")
    act(world, "registrator", reference, "diariefor")
    act(world, "enhetschef", reference, "informera_enskild")
    act(world, "beslutsfattare", reference, "anmal_ivo", bifogat="utredning")
    assert refused(close(world, reference)).kind == "guard"


def test_close__refuses_while_a_measure_has_no_judged_effect() -> None:
    world = lex_world()
    reference = lex_in(world, "under_uppfoljning")
    act(world, "registrator", reference, "diariefor")
    act(world, "enhetschef", reference, "informera_enskild")
    found = planned_measure(world, reference)
    assert f"{found} saknar" in why(close(world, reference))
    written(world.step("enhetschef", found, "folj_upp", measures.REQUIRED["folj_upp"]))
    written(close(world, reference))


@pytest.mark.parametrize("lacks", ["informera_namnd_rapport", "informera_namnd_anmalan"])
def test_close__a_private_provider_tells_the_committee_twice(lacks: str) -> None:
    world = lex_world()
    reference = lex_in(world, "under_uppfoljning", PRIVATE, "allvarligt_missforhallande")
    act(world, "registrator", reference, "diariefor")
    act(world, "enhetschef_ek", reference, "informera_enskild")
    act(world, "beslutsfattare", reference, "anmal_ivo", bifogat="utredning")
    act(world, "beslutsfattare", reference, "registrera_ivo_beslut")
    for step in ("informera_namnd_rapport", "informera_namnd_anmalan"):
        assert (step, "lex_sarah_ansvarig") in tasks_of(world, reference)
        if step != lacks:
            act(world, "lex_sarah_ansvarig", reference, step)
    said = why(close(world, reference, "verksamhetschef"))
    assert ("27 kap. 4 §" if lacks == "informera_namnd_rapport" else "27 kap. 6 §") in said
    act(world, "lex_sarah_ansvarig", reference, lacks)
    written(close(world, reference, "verksamhetschef"))


@pytest.mark.parametrize("step", ["informera_namnd_rapport", "informera_namnd_anmalan"])
def test_committee__is_no_step_of_a_unit_of_ones_own(step: str) -> None:
    world = lex_world()
    reference = lex_in(world, "beslutad", OWN, "allvarligt_missforhallande")
    act(world, "beslutsfattare", reference, "anmal_ivo")
    assert refused(world.step("lex_sarah_ansvarig", reference, step, table.REQUIRED[step])).kind == "guard"


# --- measures --------------------------------------------------------------------------------------


def test_measures__one_for_each_cause_or_reasons() -> None:
    world = lex_world()
    reference = lex_in(world, "under_utredning")
    write_entries(world, reference)
    act(world, "lex_sarah_utredare", reference, "ange_orsak")
    act(world, "lex_sarah_utredare", reference, "ange_orsak")
    act(world, "lex_sarah_utredare", reference, "slutfor_utredning")
    act(world, "beslutsfattare", reference, "besluta")
    planned_measure(world, reference, "orsaker.r1")
    said = why(world.step("enhetschef", reference, "planera_atgarder"))
    assert "r2" in said
    assert "r1" not in said
    act(
        world, "enhetschef", reference, "planera_atgarder",
        **{"orsaker.r2.ingen_atgard_motivering": "Vikarien har slutat."},
    )  # fmt: skip
    assert world.cases[reference].state == "under_uppfoljning"  # the one measure is carried out


def test_measures__the_follow_up_begins_by_itself() -> None:
    world = lex_world()
    assert world.cases[lex_in(world, "under_uppfoljning")].state == "under_uppfoljning"


# --- those who are barred --------------------------------------------------------------------------


def test_barred__an_investigator_after_ten_entries() -> None:
    world = lex_world()
    reference = lex_in(world, "under_utredning")
    write_entries(world, reference)
    note(world, reference, "U8")
    assert len(world.cases[reference].entries) == 10
    act(world, "lex_sarah_ansvarig", reference, "ange_javig", person="lex_sarah_utredare", skal="narstaende")
    act(world, "lex_sarah_ansvarig", reference, "prova_jav", jav_provad="finns", ersattare="Utredare två.")
    assert refused(note(world, reference, "U1")).kind == "guard"
    act(
        world, "lex_sarah_utredare", reference, "aterkoppla"
    )  # they still have it, and may tell the reporter so
    found = world.step(
        "lex_sarah_utredare", reference, "slutfor_utredning", table.REQUIRED["slutfor_utredning"]
    )
    assert refused(found).kind == "guard"
    act(world, "lex_sarah_ansvarig", reference, "byt_utredare")
    assert level(world, "lex_sarah_utredare", reference) == "envelope"
    entries = [event for event in world.events[reference] if event.kind == "entry"]
    assert {event.acting.person for event in entries} == {"lex_sarah_utredare"}
    assert len(world.cases[reference].entries) == 10
    act(world, "utredare_2", reference, "ange_orsak")
    act(world, "utredare_2", reference, "slutfor_utredning")


@pytest.mark.parametrize("who", ["rapporterad_av", "javiga", "avvikelsens_rapportor"])
@pytest.mark.parametrize("step", ["forsta_bedomning", "inte_lex_sarah", "anmal_ivo"])
def test_barred__from_judging_and_deciding(step: str, who: str) -> None:
    world = lex_world()
    person = "beslutsfattare" if step == "inte_lex_sarah" else "lex_sarah_ansvarig"
    if who == "avvikelsens_rapportor":
        reference = handed_over(world, person)
    else:
        reference = report_lex(world, person if who == "rapporterad_av" else "rapportor")
    act(world, "lex_sarah_ansvarig", reference, "bekrafta_mottagande")
    act(world, "registrator", reference, "diariefor")
    if who == "javiga":
        act(world, "lex_sarah_ansvarig", reference, "ange_javig", person=person)
    found = refused(world.step(person, reference, step, table.REQUIRED[step]))
    assert [one.id for one in found.reasons if one.id != "step.source"] == ["when.different_person"]


def handed_over(world, reporter: str, lagrum: str = "sol") -> str:
    """A lex Sarah case from a deviation that somebody reported and the manager reported as a failing."""
    reference = report(world, reporter, lagrum=lagrum)
    take(world, "enhetschef", reference, "rapportera_missforhallande")
    return lex_of(world, reference)


# --- a role that becomes vacant --------------------------------------------------------------------


def test_vacant__the_case_waits_for_the_role_and_whoever_gets_it_goes_on() -> None:
    world = lex_world()
    reference = lex_in(world, "mottagen")
    world.grants["lex_sarah_ansvarig"] = ()
    assert ("forsta_bedomning", "lex_sarah_ansvarig") in tasks_of(world, reference)
    with pytest.raises(LookupError):  # an appointment that ended yesterday gives no sight
        world.step("lex_sarah_ansvarig", reference, "forsta_bedomning", table.REQUIRED["forsta_bedomning"])
    act(world, "registrator", reference, "diariefor")
    world.people["ny"] = []
    world.grants["ny"] = lex_world(people={"ny": [("lex_sarah_ansvarig", "forv")]}).grants["ny"]
    act(world, "ny", reference, "forsta_bedomning")


# --- the hand-over and the return ------------------------------------------------------------------


def test_hand_over__moves_the_secrecy_in_one_decision_and_tells_who_has_it_now() -> None:
    world = new_world()
    reference = report(world, plats="Badrummet", lagrum="sol", berord_ref="1234")
    world.messages.clear()
    decision = take(world, "enhetschef", reference, "rapportera_missforhallande")
    assert len(decision.writes) == 2
    deviation, lex = world.cases[reference], world.cases[lex_of(world, reference)]
    assert (dict(deviation.marks), dict(lex.marks)) == ({"lex": "envelope"}, {"lex": "envelope"})
    for one in (deviation, lex):
        assert level(world, "enhetschef", one.reference) == "envelope"
        assert level(world, "lex_sarah_ansvarig", one.reference) == "content"
    assert {message.role for _, message in world.messages if message.role} == {
        "lex_sarah_ansvarig",
        "enhetschef",
    }
    copied = {name: lex.values[name] for name in ("handelse", "plats", "lagrum", "berord_ref", "ivo_lage")}
    assert copied == {
        "handelse": deviations.RAPPORT["handelse"],
        "plats": "Badrummet",
        "lagrum": ["sol"],
        "berord_ref": "1234",
        "ivo_lage": "ej_aktuell",
    }
    assert (lex.values["rapporterad_av"], lex.values["avvikelsens_rapportor"]) == ("enhetschef", "rapportor")
    assert lex.values["ankomstdatum"] == "2026-03-02"


@pytest.mark.parametrize(
    ("state", "back"), [("rapporterad", "rapporterad"), ("bedomd", "bedomd"), ("under_utredning", "bedomd")]
)
def test_return__by_itself_when_it_is_not_lex_sarah(state: str, back: str) -> None:
    world = new_world()
    reference = deviation_in(world, state, {**deviations.RINGA, "missforhallande_misstanks": "ja"})
    take(world, "enhetschef", reference, "rapportera_missforhallande")
    lex = lex_of(world, reference)
    act(world, "lex_sarah_ansvarig", lex, "bekrafta_mottagande")
    act(world, "registrator", lex, "diariefor")
    world.messages.clear()
    act(world, "beslutsfattare", lex, "inte_lex_sarah")
    case = world.cases[reference]
    assert (case.state, dict(case.marks)) == (back, {})
    assert level(world, "enhetschef", reference) == "content"
    assert level(world, "enhetschef", lex) == "envelope"
    last = world.events[reference][-1]
    assert (last.acting.kind, last.step) == (
        "system",
        "aterlamna_obedomd" if state == "rapporterad" else "aterlamna_bedomd",
    )
    assert any(ref == reference and message.role == "enhetschef" for ref, message in world.messages)
    assert ("rapportera_missforhallande", "enhetschef") not in tasks_of(world, reference)


def test_return__after_a_decision_is_asked_for_and_taken_by_hand() -> None:
    world = new_world()
    reference = deviation_in(world, "bedomd")
    take(world, "enhetschef", reference, "rapportera_missforhallande")
    assert tasks_of(world, reference) == set()
    walk_on(world, lex_of(world, reference), "beslutad")
    assert tasks_of(world, reference) == {("aterta", "lex_sarah_ansvarig")}
    take(world, "lex_sarah_ansvarig", reference, "aterta_uppfoljning", skal="Åtgärderna är gjorda.")
    assert (world.cases[reference].state, dict(world.cases[reference].marks)) == ("under_uppfoljning", {})


def test_return__a_second_hand_over_asks_anew() -> None:
    world = new_world()
    reference = deviation_in(world, "bedomd")
    take(world, "enhetschef", reference, "rapportera_missforhallande")
    first = lex_of(world, reference)
    act(world, "lex_sarah_ansvarig", first, "bekrafta_mottagande")
    act(world, "registrator", first, "diariefor")
    act(world, "beslutsfattare", first, "inte_lex_sarah")
    take(world, "enhetschef", reference, "rapportera_missforhallande")
    assert world.cases[reference].state == "overlamnad"
    second = next(
        one.other for one in world.cases[reference].links if one.other != first and one.other[:2] == "LS"
    )
    walk_on(world, second, "beslutad")
    assert tasks_of(world, reference) == {("aterta", "lex_sarah_ansvarig")}


def test_health_care_part__stays_with_the_manager_and_nothing_is_given_back() -> None:
    world = new_world()
    reference = report(world, lagrum="hsl,sol")
    take(world, "rapportor", reference, "rapportera_missforhallande_hsl_kvar")
    lex = lex_of(world, reference)
    assert dict(world.cases[lex].marks) == {"lex": "envelope"}
    act(world, "lex_sarah_ansvarig", lex, "bekrafta_mottagande")
    act(world, "registrator", lex, "diariefor")
    before = world.cases[reference].seq
    act(world, "beslutsfattare", lex, "inte_lex_sarah")
    assert world.cases[reference].seq == before


def test_course__of_a_private_provider_is_closed_by_those_who_must() -> None:
    world = lex_world()
    reference = lex_in(world, "under_uppfoljning", PRIVATE)
    finish(world, reference, PRIVATE)
    assert manager(PRIVATE) == "enhetschef_ek"
    assert world.cases[reference].state == "avslutad"
