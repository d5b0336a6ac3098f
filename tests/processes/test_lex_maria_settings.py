"""What municipalities set differently in lex Maria and the event analysis; and what the law lets nobody set."""

from __future__ import annotations

import pytest

from engine.cases.access import AccessRule, ProcessRule, Viewer
from engine.cases.decision import Decision
from engine.definition.check import check
from engine.definition.document import Document, build
from engine.errors import ByLawError
from tests.processes import tables_lex_maria as table
from tests.processes.walk import tasks_of
from tests.processes.walk_lex_maria import (
    ANALYSIS,
    ATGARD,
    AVVIKELSE,
    LEX_MARIA,
    begin,
    case_in,
    new_world,
    ready_to_close,
    take,
    with_ivo,
)

KNOWN = {one.key: one.process for one in (LEX_MARIA, ANALYSIS, ATGARD, AVVIKELSE)}
OTHERWISE: dict[str, dict[str, object]] = {
    "lex_maria": {
        "medicinskt_ansvariga": "mas, mar",
        "anmalningsansvariga": "mas, mar",
        "informerar_patient": "enhetschef",
        "lex_maria_laser": "mas, enhetschef",
        "chefens_insyn": "read",
        "bedoma_inom": "1 working day",
        "paminn_beslut": "24 hours",
        "paminn_anmalan": "1 week",
        "paminn_utredning_ivo": "30 days",
        "paminn_patient": "4 hours",
        "paminn_medicinteknik": "3 working days",
        "utreda_inom": "2 months",
        "planera_inom": "1 month",
        "svar_inom": "14 days",
        "avslutar_anmald": "mas",
        "avslutar_ej_anmald": "verksamhetschef",
    },
    "handelseanalys": {
        "analysera_inom": "90 days",
        "ta_stallning_inom": "1 month",
        "bestaller": "mas",
        "lex_maria_laser": "mas, analysledare",
        "lex_sarah_laser": "lex_sarah_ansvarig, analysledare",
    },
}


def changed(key: str, **settings: object) -> Document:
    """A shipped process published with other settings."""
    content = {"lex_maria": LEX_MARIA, "handelseanalys": ANALYSIS}[key].content
    return build(content["process"], content["lists"], settings)


def test_settings__every_one_is_tried() -> None:
    for key, settings in OTHERWISE.items():
        assert set(KNOWN[key].parameters) == set(settings)


@pytest.mark.parametrize(("key", "name"), [(key, name) for key, named in OTHERWISE.items() for name in named])
def test_setting__another_value_gives_another_sound_document(key: str, name: str) -> None:
    document = changed(key, **{name: OTHERWISE[key][name]})
    assert document.hash not in {LEX_MARIA.hash, ANALYSIS.hash}
    assert check(document, KNOWN) == []


def test_settings__all_together_are_sound() -> None:
    for key, settings in OTHERWISE.items():
        assert check(changed(key, **settings), KNOWN) == []


@pytest.mark.parametrize("must", LEX_MARIA.process.musts)
def test_law__is_no_setting(must: str) -> None:
    with pytest.raises(ByLawError):
        changed("lex_maria", **{must: "never"})


def test_two_roles__either_may_and_each_is_asked() -> None:
    world = new_world(lex_maria=changed("lex_maria", medicinskt_ansvariga="mas, mar"))
    reference = begin(world)
    assert {("bedom_vardskada", "mas"), ("bedom_vardskada", "mar")} <= tasks_of(world, reference)
    take(world, "mar", reference, "bedom_vardskada")


def test_small_office__the_mas_decides_notifies_and_closes() -> None:
    world = new_world(lex_maria=changed("lex_maria", anmalningsansvariga="mas", avslutar_anmald="mas"))
    reference = ready_to_close(world, table.RISK_ALLVARLIG, decided=False)
    for step in ("besluta_anmalan", "anmal_ivo", "skicka_utredning_ivo", "registrera_ivo_beslut"):
        assert isinstance(world.step("mas", reference, step, table.REQUIRED[step]), Decision)
    take(world, "mas", reference, "avsluta")


@pytest.mark.parametrize(
    ("kept", "may_read"), [("envelope", False), ("own", False), ("read", True), ("write", True)]
)
def test_manager__reads_what_is_set(kept: str, may_read: bool) -> None:
    document = changed("lex_maria", chefens_insyn=kept)
    world = new_world(lex_maria=document)
    rule = AccessRule(
        Viewer("enhetschef", world.grants["enhetschef"]),
        world.facts().tree,
        {"lex_maria": ProcessRule.of(document.process)},
    )
    assert rule.may_read(world.cases["LM-2026-0001"]) == may_read


def test_closing__by_whom_it_is_set() -> None:
    document = changed("lex_maria", avslutar_ej_anmald="verksamhetschef")
    world = new_world(lex_maria=document)
    reference = ready_to_close(world)
    assert world.step("mas", reference, "avsluta", table.REQUIRED["avsluta"]).kind == "not_allowed"
    take(world, "verksamhetschef", reference, "avsluta")


def test_reminder__is_ones_own_and_never_a_day_of_the_law() -> None:
    world = new_world(lex_maria=changed("lex_maria", paminn_anmalan="10 working days"))
    reference = case_in(world, "under_utredning", table.ALLVARLIG)
    with_ivo(world, reference, "ska_anmalas")
    deadline = world.cases[reference].deadlines["anmal_ivo"]
    assert (deadline.kind, deadline.due_on, deadline.remind_on) == (
        "lag_skyndsamt",
        "2026-03-02",
        "2026-03-16",
    )
