"""What municipalities set differently: each parameter takes another value, stays sound, does what it says."""

from __future__ import annotations

import pytest

from engine.cases.decision import Decision
from engine.definition.check import check
from engine.definition.document import Document, build
from tests.processes import tables_avvikelse as table
from tests.processes.walk import (
    SHIPPED,
    STAND_INS,
    deviation_in,
    lacking,
    new_world,
    report,
    take,
    tasks_of,
)
from tests.world import World

OTHERWISE: dict[str, dict[str, object]] = {
    "avvikelse": {
        "vid_fara_sv": "Ring jouren.",
        "vid_fara_en": "Call the one on duty.",
        "bedoma_inom": "3 working days",
        "bedoma_importerad_inom": "30 days",
        "paborja_inom": "30 days",
        "utreda_inom": "2 months",
        "komplettera_inom": "1 working day",
        "mas_inom": "24 hours",
        "mas_inom_vid_skada": "4 hours",
        "egna_kategorier": {"codes": {"egen_bil": {"sv": "Bilen", "en": "The car", "under": "annat"}}},
        "aterkoppla_inom": "0 days",
        "svar_inom": "14 days",
        "paminn_missforhallande": "4 hours",
        "troskel_sol": {"at_least": {"allvarlighet_sol": "3"}},
        "troskel_hsl": {"at_least": {"riskvarde_hsl": "4"}},
        "troskel_handelseanalys": "never",
        "utreds_fran_riskvarde": "9",
        "utreds_fran_allvarlighet": "2",
        "alltid_utreds_hsl": "hsl_fall",
        "alltid_utreds_sol": "sol_bemotande, sol_fysiskt",
        "medbedomare_kravs": "never",
        "avslutar_hog_risk": "enhetschef",
        "lex_sarah_mottagare": "enhetschef",
        "lex_behoriga": "lex_sarah_ansvarig, enhetschef",
        "misstanke_rapporteras_forst": "always",
        "chefens_insyn": "read",
    },
    "lex_sarah": {
        "kvitto_sv": "Tack.",
        "kvitto_en": "Thank you.",
        "mottagare": "lex_sarah_ansvarig, mas",
        "dokumenterar": "lex_sarah_ansvarig, enhetschef",
        "lamnas_till_beslut": "always",
        "beslutar_grad": "forvaltningschef",
        "beslutar_ivo": "beslutsfattare",
        "utredare_far_besluta": "always",
        "foljer_upp": "enhetschef",
        "avslutar_allvarligt": "forvaltningschef",
        "lex_behoriga": "lex_sarah_ansvarig, lex_sarah_utredare, beslutsfattare, verksamhetschef",
        "chefens_insyn": "read",
        "namnd_vid_rapport": "never",
        "namnd_vid_beslut": "always",
        "namnd_vid_anmalan": "never",
        "namnd_mottagare": "forvaltningschef",
        "bekrafta_inom": "4 hours",
        "bedoma_inom": "1 working day",
        "utreda_inom": "3 weeks",
        "besluta_inom": "5 working days",
        "planera_inom": "10 working days",
        "paminn_genast": "4 hours",
        "paminn_utredning": "5 working days",
        "aterkoppla_inom": "0 days",
    },
    "atgard": {
        "besluta_inom": "1 week",
        "kallans_beslutsfattare": "lex_sarah_ansvarig",
        "effekt_bedoms_av_annan": "always",
        "ny_tid_antal": "2",
        "nasta_niva": "forvaltningschef",
    },
}


def changed(key: str, settings: dict[str, object]) -> Document:
    """A shipped process published with other settings."""
    content = next(one for one in SHIPPED if one.key == key).content
    return build(content["process"], content["lists"], settings)


def world_with(**settings: object) -> World:
    return new_world(shipped=(changed("avvikelse", settings), *SHIPPED[1:]))


def test_settings__every_one_is_tried() -> None:
    assert {one.key: set(one.process.parameters) for one in SHIPPED} == {
        k: set(v) for k, v in OTHERWISE.items()
    }


@pytest.mark.parametrize(("key", "name"), [(key, name) for key, named in OTHERWISE.items() for name in named])
def test_setting__another_value_gives_another_sound_document(key: str, name: str) -> None:
    document = changed(key, {name: OTHERWISE[key][name]})
    shipped = next(one for one in SHIPPED if one.key == key)
    assert document.hash != shipped.hash
    others = {one.key: one.process for one in (*SHIPPED, *STAND_INS)}
    assert check(document, others) == []


def test_settings__all_together_are_sound() -> None:
    for key, values in OTHERWISE.items():
        assert check(changed(key, values)) == []


def test_co_assessor__is_not_asked_where_that_is_switched_off() -> None:
    given = {name: value for name, value in table.RINGA_HSL.items() if name != "medbedomare"}
    world = world_with(medbedomare_kravs="never")
    take(world, "enhetschef", report(world), "bedom", **given)
    world = new_world()
    assert lacking(world.step("enhetschef", report(world), "bedom", given)) == ["medbedomare"]


def test_high_risk__the_manager_closes_where_that_is_set() -> None:
    world = world_with(avslutar_hog_risk="enhetschef")
    reference = deviation_in(world, "under_uppfoljning", table.HOG_SOL)
    assert tasks_of(world, reference) == {("avsluta", "enhetschef")}
    take(world, "enhetschef", reference, "avsluta")


@pytest.mark.parametrize(("limit", "is_open"), [("4", False), ("5", True)])
def test_minor__up_to_the_limit(limit: str, is_open: bool) -> None:
    world = world_with(utreds_fran_riskvarde=limit)
    found = world.step(
        "enhetschef", deviation_in(world, "bedomd"), "avsluta_ringa", table.REQUIRED["avsluta_ringa"]
    )
    assert isinstance(found, Decision) == is_open  # the case has value 4


def test_minor__categories_that_are_always_investigated() -> None:
    world = world_with(alltid_utreds_sol="sol_insats")
    reference = deviation_in(world, "bedomd")  # sol_insats_sen lies below sol_insats
    found = world.step("enhetschef", reference, "avsluta_ringa", table.REQUIRED["avsluta_ringa"])
    assert not isinstance(found, Decision)


@pytest.mark.parametrize("kept", ["envelope", "own", "read", "write"])
def test_hand_over__the_manager_keeps_what_is_set(kept: str) -> None:
    world = world_with(chefens_insyn=kept)
    reference = report(world)
    take(world, "rapportor", reference, "rapportera_missforhallande")
    assert dict(world.cases[reference].marks) == {"lex": kept}


def test_clock__counts_as_set() -> None:
    world = world_with(bedoma_inom="3 working days")
    assert world.cases[report(world)].deadlines["bedom"].due_on == "2026-03-05"
