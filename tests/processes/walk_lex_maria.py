"""Walks a lex Maria case to any status by real steps, in a world in memory, as its table says."""

from __future__ import annotations

from functools import cache

from engine.cases.decision import Decision
from engine.definition.document import Document
from engine.definition.load import load_process
from tests.processes import tables_atgard as measure
from tests.processes import tables_lex_maria as table
from tests.processes.walk import PROCESSES
from tests.world import World

LEX_MARIA = load_process(PROCESSES / "lex_maria" / "process.yaml")
AVVIKELSE = load_process(PROCESSES / "avvikelse" / "process.yaml")
ATGARD = load_process(PROCESSES / "atgard" / "process.yaml")
ANALYSIS = load_process(PROCESSES / "handelseanalys" / "process.yaml")
PEOPLE = {
    **{role: [(role, "bjork")] for role in table.ROLES},
    "utomstaende": [],
    "mas_2": [("mas", "ek")],
    "ansvarig": [],
    "rapportor": [],
}


def new_world(*others: Document, analysis: Document = ANALYSIS, lex_maria: Document = LEX_MARIA) -> World:
    """A world with lex Maria, measures and deviations, one person a role, and a case to refer to."""
    return _world(lex_maria, analysis, *others).copy()


@cache
def _world(*documents: Document) -> World:
    world = World((*documents, ATGARD, AVVIKELSE), PEOPLE)
    assert begin(world) == "LM-2026-0001"
    return world


def begin(world: World, person: str = "mas", **more: str) -> str:
    """Begin a case as the table has it."""
    reference = world.open(person, "lex_maria", **{**table.HANDELSE, **more})
    assert isinstance(reference, str), reference
    return reference


def take(world: World, person: str, reference: str, step: str, **values: str) -> Decision:
    """Take a step that must be open, with what the table says it needs unless something else is given."""
    required = (measure if reference.startswith("ÅTG") else table).REQUIRED[step]
    decision = world.step(person, reference, step, values or required)
    assert isinstance(decision, Decision), (step, decision)
    return decision


def case_in(world: World, state: str, judged: dict[str, str] = table.RISK) -> str:
    """A case in a status. Nothing is notified, and nobody has talked with the patient."""
    if type(world) is not World or set(world.cases) != {"LM-2026-0001"}:
        return _walk(world, state, judged)
    before, reference = _walked(world.documents, state, tuple(judged.items()))
    world.become(before)
    return reference


@cache
def _walked(
    documents: tuple[Document, ...], state: str, judged: tuple[tuple[str, str], ...]
) -> tuple[World, str]:
    """A world where nothing else has happened: walked once for all tests."""
    world = World(documents, PEOPLE)
    begin(world)
    return world, _walk(world, state, dict(judged))


def _walk(world: World, state: str, judged: dict[str, str]) -> str:
    reference = begin(world)
    if state == "initierad":
        return reference
    take(world, "mas", reference, "bedom_vardskada", **judged)
    if state == "under_utredning":
        return reference
    if state == "avslutad":
        take(world, "mas", reference, "avsluta_utan_utredning")
        return reference
    if state == "atgarder_pagar":
        take(world, "mas", reference, "ange_orsak")
        planned_measure(world, reference)
    else:
        take(world, "mas", reference, "ange_orsak", **table.NO_MEASURE)
    take(world, "mas", reference, "slutfor_utredning")
    if state == "utredning_klar":
        return reference
    take(world, "enhetschef", reference, "planera_atgarder")
    assert world.cases[reference].state == state, world.cases[reference].state
    return reference


def planned_measure(world: World, source: str, row: str = "orsaker.r1") -> str:
    """A measure with a plan in time, for a cause of a case."""
    reference = world.open(
        "enhetschef", "atgard", step="foresla", to=source, row=row, **measure.REQUIRED["foresla"]
    )
    assert isinstance(reference, str), reference
    take(world, "enhetschef", reference, "besluta")
    take(world, "enhetschef", reference, "planera")
    return reference


def with_ivo(world: World, reference: str, track: str) -> None:
    """Bring a case to where it stands with IVO."""
    steps = {
        "ej_aktuell": (),
        "ska_anmalas": ("besluta_anmalan",),
        "anmald": ("besluta_anmalan", "anmal_ivo"),
        "utredning_insand": ("besluta_anmalan", "anmal_ivo", "skicka_utredning_ivo"),
        "komplettering_begard": ("besluta_anmalan", "anmal_ivo", "registrera_ivo_begaran"),
        "beslut_mottaget": ("besluta_anmalan", "anmal_ivo", "skicka_utredning_ivo", "registrera_ivo_beslut"),
    }
    for step in steps[track]:
        take(world, "anmalningsansvarig", reference, step)
    assert world.cases[reference].values["ivo_lage"] == track


def ready_to_close(world: World, judged: dict[str, str] = table.RISK, *, decided: bool = True) -> str:
    """A case of which nothing is left but to close it."""
    reference = case_in(world, "under_uppfoljning", judged)
    if decided:
        take(world, "anmalningsansvarig", reference, "besluta_anmalan", **table.ANMALS_INTE)
    for step in ("informera_patient", "journalanteckning", "patientens_upplevelse"):
        take(world, "mas", reference, step)
    return reference
