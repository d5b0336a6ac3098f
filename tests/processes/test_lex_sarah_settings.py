"""How municipalities have lex Sarah: Sundsvall's gates, an office where one does everything; what nobody may set."""

from __future__ import annotations

import pytest

from engine.definition.document import build
from engine.errors import ByLawError
from tests.processes import tables_atgard as measures
from tests.processes import tables_avvikelse as deviations
from tests.processes import tables_lex_sarah as table
from tests.processes.test_settings import changed
from tests.processes.walk import (
    SHIPPED,
    deviation_in,
    lex_of,
    measure_for,
    take,
    tasks_of,
    walk_on,
    why,
    written,
)
from tests.processes.walk_lex import (
    PEOPLE,
    act,
    level,
    lex_in,
    lex_world,
    note,
    refused,
    report_lex,
    write_entries,
)
from tests.world import World

# --- Sundsvall (law.md 10.2): the gates (1)-(8), each a refusal with its sentence ------------------------------------

SUNDSVALL: dict[str, dict[str, object]] = {
    "avvikelse": {"misstanke_rapporteras_forst": "always"},
    "lex_sarah": {
        "lamnas_till_beslut": "always",
        "foljer_upp": "enhetschef",
        "beslutar_grad": "lex_sarah_ansvarig",
    },
}


def sundsvall() -> World:
    shipped = [changed(one.key, SUNDSVALL[one.key]) if one.key in SUNDSVALL else one for one in SHIPPED]
    return lex_world(shipped, {**PEOPLE, "utredare": []})


def suspected(world: World) -> str:
    return deviation_in(world, "bedomd", {**deviations.RINGA, "missforhallande_misstanks": "ja"})


def test_sundsvall_1__no_decision_before_the_investigation_is_complete() -> None:
    world = sundsvall()
    reference = lex_in(world, "under_utredning")
    said = why(world.step("lex_sarah_ansvarig", reference, "besluta", table.REQUIRED["besluta"]))
    assert said.startswith("Steget ”Besluta” kan inte tas när ärendet har status Under utredning.")
    deviation = deviation_in(world, "under_utredning")
    said = why(world.step("enhetschef", deviation, "avsluta", deviations.REQUIRED["avsluta"]))
    assert said.startswith("Steget ”Avsluta” kan inte tas när ärendet har status Under utredning.")


def test_sundsvall_1__what_the_mas_has_not_judged_never_blocks() -> None:
    world = sundsvall()
    reference = deviation_in(world, "under_uppfoljning", deviations.RINGA_HSL)
    take(world, "enhetschef", reference, "begar_mas_bedomning")
    take(world, "enhetschef", reference, "avsluta")


def test_sundsvall_2__a_suspected_failing_goes_to_lex_sarah_first() -> None:
    world = sundsvall()
    reference = suspected(world)
    found = world.step("enhetschef", reference, "paborja_utredning", {"utredare": "utredare"})
    assert "Rapportera missförhållande" in why(found)
    take(world, "enhetschef", reference, "rapportera_missforhallande")
    walk_on(world, lex_of(world, reference), "utredning_klar")
    act(world, "lex_sarah_ansvarig", lex_of(world, reference), "lamna_till_beslut")
    act(world, "lex_sarah_ansvarig", lex_of(world, reference), "besluta")
    take(
        world,
        "lex_sarah_ansvarig",
        reference,
        "aterta",
        skal="Beslutat.",
        lagrum="sol",
        kategori_sol="sol_insats_sen",
    )
    take(world, "enhetschef", reference, "paborja_utredning")


def test_sundsvall_3__the_investigator_cannot_hand_on_for_decision() -> None:
    world = sundsvall()
    reference = lex_in(world, "utredning_klar")
    found = refused(world.step("lex_sarah_utredare", reference, "lamna_till_beslut"))
    assert why(found) == "Steget ”Lämna till beslut” tas av lex Sarah-ansvarig."
    found = world.step("lex_sarah_ansvarig", reference, "besluta", table.REQUIRED["besluta"])
    assert "Lämnad till beslut" in why(found)
    assert ("lamna_till_beslut", "lex_sarah_ansvarig") in tasks_of(world, reference)
    act(world, "lex_sarah_ansvarig", reference, "lamna_till_beslut")
    act(world, "lex_sarah_ansvarig", reference, "besluta")


def test_sundsvall_3__unlocked_it_is_handed_on_anew() -> None:
    world = sundsvall()
    reference = lex_in(world, "utredning_klar")
    act(world, "lex_sarah_ansvarig", reference, "lamna_till_beslut")
    act(world, "lex_sarah_ansvarig", reference, "las_upp")
    act(world, "lex_sarah_utredare", reference, "slutfor_utredning")
    found = world.step("lex_sarah_ansvarig", reference, "besluta", table.REQUIRED["besluta"])
    assert refused(found).kind == "guard"


def test_sundsvall_4__no_decision_without_a_saved_investigation() -> None:
    world = sundsvall()
    reference = lex_in(world, "under_utredning")
    found = world.step(
        "lex_sarah_utredare", reference, "slutfor_utredning", table.REQUIRED["slutfor_utredning"]
    )
    assert "det ska finnas en anteckning under U1" in why(found)


def test_sundsvall_5__the_manager_follows_up() -> None:
    world = sundsvall()
    reference = lex_in(world, "utredning_klar")
    act(world, "lex_sarah_ansvarig", reference, "lamna_till_beslut")
    act(world, "lex_sarah_ansvarig", reference, "besluta")
    found = measure_for(world, reference)
    act(world, "enhetschef", reference, "planera_atgarder")
    for step, who in (("besluta", "enhetschef"), ("planera", "enhetschef"), ("genomfor", "ansvarig")):
        written(world.step(who, found, step, measures.REQUIRED[step]))
    assert world.cases[reference].state == "under_uppfoljning"
    assert ("avsluta", "enhetschef") in tasks_of(world, reference)
    said = why(world.step("lex_sarah_ansvarig", reference, "avsluta", table.REQUIRED["avsluta"]))
    assert said.startswith("Steget ”Avsluta” tas av enhetschef.")


def test_sundsvall_6__a_failing_is_not_closed_early() -> None:
    world = sundsvall()
    found = world.step("enhetschef", suspected(world), "avsluta_ringa", deviations.REQUIRED["avsluta_ringa"])
    assert "Misstänkt missförhållande" in why(found)
    reference = lex_in(world, "under_utredning")
    found = world.step("enhetschef", reference, "avsluta", table.REQUIRED["avsluta"])
    assert refused(found).kind == "wrong_state"


@pytest.mark.parametrize("decided", [False, True])
def test_sundsvall_7__not_closed_while_a_measure_is_undecided_or_not_followed_up(decided: bool) -> None:
    world = sundsvall()
    reference = deviation_in(world, "under_uppfoljning")
    found = measure_for(world, reference)
    if decided:
        written(world.step("enhetschef", found, "besluta", measures.REQUIRED["besluta"]))
    said = why(world.step("enhetschef", reference, "avsluta", deviations.REQUIRED["avsluta"]))
    assert said.startswith(f"{found} saknar bedömd effekt")


def test_sundsvall_8__complete_is_locked_and_unlocked_explicitly() -> None:
    world = sundsvall()
    reference = lex_in(world, "utredning_klar")
    assert refused(note(world, reference, "U8", "lex_sarah_ansvarig")).kind == "locked"
    act(world, "lex_sarah_ansvarig", reference, "las_upp")
    written(note(world, reference, "U8", "lex_sarah_ansvarig"))


# --- a small office: one does everything -----------------------------------------------------------

SMALL: dict[str, object] = {"utredare_far_besluta": "always", "avslutar_allvarligt": "lex_sarah_ansvarig"}
SAS = ("lex_sarah_ansvarig", "lex_sarah_utredare", "beslutsfattare", "registrator", "namndsekreterare")


@pytest.mark.parametrize("grade", table.DEGREES)
def test_small_office__one_does_everything_but_what_the_manager_must(grade: str) -> None:
    settings = SMALL
    shipped = [changed(one.key, settings) if one.key == "lex_sarah" else one for one in SHIPPED]
    people = {
        "sas": [(role, "forv") for role in SAS],
        "enhetschef": [("enhetschef", "bjork")],
        "rapportor": [],
    }
    world = lex_world(shipped, people)
    reference = report_lex(world)
    act(world, "sas", reference, "bekrafta_mottagande")
    act(world, "sas", reference, "diariefor")
    act(world, "sas", reference, "forsta_bedomning", utredare="sas")
    act(world, "sas", reference, "informera_enskild")
    write_entries(world, reference, "sas")
    act(world, "sas", reference, "ange_orsak", **table.NO_MEASURE)
    act(world, "sas", reference, "slutfor_utredning", foreslagen_grad=grade)
    act(world, "sas", reference, "besluta", grad=grade)
    act(world, "sas", reference, "anmal_delegationsbeslut")
    if grade in table.SERIOUS:
        act(world, "sas", reference, "anmal_ivo", bifogat="utredning")
        act(world, "sas", reference, "registrera_ivo_beslut")
    act(world, "enhetschef", reference, "planera_atgarder")
    act(world, "sas", reference, "avsluta")
    assert world.cases[reference].state == "avslutad"


def test_small_office__the_reporter_is_barred_there_too() -> None:
    shipped = [
        changed(one.key, {"utredare_far_besluta": "always"}) if one.key == "lex_sarah" else one
        for one in SHIPPED
    ]
    world = lex_world(shipped, {"sas": [(role, "forv") for role in SAS]})
    reference = report_lex(world, "sas")
    act(world, "sas", reference, "bekrafta_mottagande")
    given = {**table.REQUIRED["forsta_bedomning"], "utredare": "sas"}
    assert refused(world.step("sas", reference, "forsta_bedomning", given)).kind == "guard"


# --- each difference does what it says -------------------------------------------------------------


def world_with(**settings: object) -> World:
    return lex_world([changed(one.key, settings) if one.key == "lex_sarah" else one for one in SHIPPED])


@pytest.mark.parametrize("kept", ["envelope", "own", "read", "write"])
def test_manager__sees_what_is_set(kept: str) -> None:
    world = world_with(chefens_insyn=kept)
    sees = "content" if kept in ("read", "write") else "envelope"
    assert level(world, "enhetschef", report_lex(world)) == sees


def test_manager__writes_in_the_investigation_where_that_is_set() -> None:
    world = world_with(chefens_insyn="write", dokumenterar="lex_sarah_ansvarig, enhetschef")
    reference = lex_in(world, "under_utredning")
    written(note(world, reference, "U7", "enhetschef"))
    world = lex_world()
    reference = lex_in(world, "under_utredning")
    assert refused(note(world, reference, "U7", "enhetschef")).kind == "not_allowed"


def test_receiver__another_role_receives_where_that_is_set() -> None:
    world = world_with(mottagare="enhetschef")
    reference = report_lex(world)
    assert tasks_of(world, reference) == {("bekrafta_mottagande", "enhetschef")}
    act(world, "enhetschef", reference, "bekrafta_mottagande")


def test_two_deciders__degree_and_notification() -> None:
    world = world_with(beslutar_grad="beslutsfattare", beslutar_ivo="forvaltningschef", lex_behoriga=(
        "lex_sarah_ansvarig, lex_sarah_utredare, beslutsfattare, forvaltningschef"
    ))  # fmt: skip
    reference = lex_in(world, "beslutad", grade="allvarligt_missforhallande")
    found = world.step("beslutsfattare", reference, "anmal_ivo", table.REQUIRED["anmal_ivo"])
    assert refused(found).kind == "not_allowed"
    act(world, "forvaltningschef", reference, "anmal_ivo")


TOLD: tuple[tuple[tuple[str, str, str], set[str]], ...] = (
    # (told at receipt, at the decision, at the notification) -> when somebody hears for the committee
    (("always", "never", "always"), {"bekrafta_mottagande", "anmal_ivo"}),
    (("never", "always", "never"), {"besluta"}),
    (("never", "never", "always"), {"anmal_ivo"}),
    (("never", "never", "never"), set()),
)


@pytest.mark.parametrize(("settings", "told"), TOLD)
def test_committee__is_told_when_it_is_set(settings: tuple[str, str, str], told: set[str]) -> None:
    names = ("namnd_vid_rapport", "namnd_vid_beslut", "namnd_vid_anmalan")
    world = world_with(**dict(zip(names, settings, strict=True)))
    reference = report_lex(world)
    heard = set()
    for step in ("bekrafta_mottagande", "besluta", "anmal_ivo"):
        world.messages.clear()
        given = dict(table.REQUIRED[step])
        if settings[0] == "never":
            given.pop("namnd_informerad", None)
        if step == "besluta":
            act(world, "lex_sarah_ansvarig", reference, "forsta_bedomning")
            write_entries(world, reference)
            act(world, "lex_sarah_utredare", reference, "ange_orsak")
            act(world, "lex_sarah_utredare", reference, "slutfor_utredning")
            world.messages.clear()
        person = "lex_sarah_ansvarig" if step == "bekrafta_mottagande" else "beslutsfattare"
        written(world.step(person, reference, step, given))
        if any(message.role == "forvaltningschef" for _, message in world.messages):
            heard.add(step)
    assert heard == told


# --- what no municipality may set ------------------------------------------------------------------

MUSTS = {  # what the law demands -> a word of its source
    "alla_rapporterar": "27 kap. 2 §",
    "utreds_alltid": "27 kap. 5 §",
    "beslut_avslutar": "SOSFS 2011:5",
    "allvarligt_anmals": "27 kap. 6 §",
    "namnd_far_rapport": "27 kap. 4 §",
    "namnd_far_anmalan": "27 kap. 6 §",
    "enskild_informeras": "SOSFS 2011:5",
    "egen_registrering": "5 kap. 1 §",
}


def test_musts__are_those_of_the_law() -> None:
    process = next(one for one in SHIPPED if one.key == "lex_sarah").process
    assert set(process.musts) == set(MUSTS)
    assert all(word in process.musts[key].source.text for key, word in MUSTS.items())


@pytest.mark.parametrize("must", MUSTS)
def test_must__an_attempt_to_set_it_is_refused_with_its_source(must: str) -> None:
    content = next(one for one in SHIPPED if one.key == "lex_sarah").content
    with pytest.raises(ByLawError) as refusal:
        build(content["process"], content["lists"], {must: "never"})
    assert MUSTS[must] in str(vars(refusal.value))
