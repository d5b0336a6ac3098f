"""Walks a deviation or a measure to any status by real steps, in a world in memory, as the tables say.

The processes that a deviation opens cases of are not shipped yet; `STAND_INS` are the smallest that answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from engine.cases.case import Case
from engine.cases.decision import Decision, Refusal
from engine.cases.event import Event
from engine.definition.document import Document
from engine.definition.load import load_process, load_text
from engine.language.say import say
from tests.processes import tables_atgard as measure
from tests.processes import tables_avvikelse as deviation
from tests.world import World

PROCESSES = Path(__file__).parents[2] / "processes"
LISTS = (PROCESSES / "lists.yaml").read_text(encoding="utf-8")

OTHER = """
process: {key}
version: 1
label: {{sv: {key}, en: {key}}}
reference: {prefix}
title: Ett annat ärende
roles: {{mas: content}}
fields:
  handelse: {{type: text, label: {{sv: H, en: H}}}}
  intraffade: {{type: datetime, label: {{sv: I, en: I}}, statistics: true, unknown: allowed}}
  berord_ref: {{type: text, label: {{sv: B, en: B}}}}
  vardgivare: {{type: choice, list: vardgivare, label: {{sv: V, en: V}}, statistics: true}}
states:
  initierad: {{label: {{sv: Initierad, en: Begun}}, expects: [avsluta]}}
  avslutad: {{label: {{sv: Avslutad, en: Closed}}, final: true}}
steps:
  initiera:
    label: {{sv: Initiera, en: Begin}}
    opens: initierad
    by: [mas]
    may_ask: [handelse, intraffade, berord_ref, vardgivare]
  avsluta: {{label: {{sv: Avsluta, en: Close}}, from: [initierad], to: avslutad, by: [mas]}}
"""
STAND_INS = (
    load_text(OTHER.format(key="lex_maria", prefix="LM"), LISTS),
    load_text(OTHER.format(key="handelseanalys", prefix="HA"), LISTS),
)
SHIPPED = tuple(
    load_process(PROCESSES / key / "process.yaml") for key in ("avvikelse", "atgard", "lex_sarah")
)

ROLES = tuple(dict.fromkeys((*deviation.ROLES, *measure.ROLES)))
PEOPLE = {
    **{role: [(role, "bjork")] for role in ROLES},
    "rapportor": [],
    "utredare": [],
    "ansvarig": [],
    "utomstaende": [],
    "mas_2": [("mas", "omr")],
    "enhetschef_ek": [("enhetschef", "ek")],
}


def new_world(others: Iterable[Document] = STAND_INS, shipped: Iterable[Document] = SHIPPED) -> World:
    """A world with the shipped processes, one person a role, and a deviation and a measure to refer to."""
    world = World((*shipped, *others), PEOPLE)
    assert report(world) == "AVV-2026-0001"
    assert measure_for(world, "AVV-2026-0001") == "ÅTG-2026-0001"
    return world


def report(world: World, person: str = "rapportor", **more) -> str:
    """Report a deviation as the table has it."""
    reference = world.open(person, "avvikelse", **{**deviation.RAPPORT, **more})
    assert isinstance(reference, str), reference
    return reference


def take(world: World, person: str, reference: str, step: str, **values) -> Decision:
    """Take a step that must be open, with what the table says it needs unless something else is given."""
    tables = measure if reference.startswith("ÅTG") else deviation
    decision = world.step(person, reference, step, values or tables.REQUIRED[step])
    assert isinstance(decision, Decision), (step, decision)
    return decision


def walk_on(world: World, reference: str, state: str) -> None:
    """Take a lex Sarah case that was reported on to a status."""
    from tests.processes import walk_lex

    walk_lex.walk_on(world, reference, state)


def deviation_in(world: World, state: str, judged=deviation.RINGA) -> str:
    """A deviation in a status. Under follow-up it has no measure; while measures are under way it has one."""
    reference = report(world)
    if state == "rapporterad":
        return reference
    if state == "komplettering":
        take(world, "enhetschef", reference, "begar_komplettering")
        return reference
    if state == "felregistrerad":
        take(world, "kvalitetssamordnare", reference, "felregistrera")
        return reference
    if state == "overlamnad":
        take(world, "rapportor", reference, "rapportera_missforhallande")
        walk_on(world, lex_of(world, reference), "beslutad")
        return reference
    take(world, "enhetschef", reference, "bedom", **judged)
    if state == "bedomd":
        return reference
    take(world, "enhetschef", reference, "paborja_utredning")
    if state == "under_utredning":
        return reference
    if state == "atgarder_pagar":
        take(world, "utredare", reference, "ange_orsak")
        measure_for(world, reference, "orsaker.r1")
    else:
        take(world, "utredare", reference, "ange_orsak", **deviation.NO_MEASURE)
    take(world, "utredare", reference, "slutfor_utredning")
    if state in ("atgarder_pagar", "under_uppfoljning"):
        return reference
    closer = "verksamhetschef" if judged in (deviation.HOG_SOL, deviation.HOG_HSL) else "enhetschef"
    take(world, closer, reference, "avsluta")
    return reference


def lex_of(world: World, reference: str) -> str:
    """The lex Sarah case that a deviation was handed over to."""
    return next(link.other for link in world.cases[reference].links if link.kind == "overlamnad_till")


def measure_for(
    world: World, source: str, row: str = "", person: str = "enhetschef", step: str = "foresla"
) -> str:
    """Propose or register a measure for a case."""
    reference = world.open(person, "atgard", step=step, to=source, row=row, **measure.REQUIRED[step])
    assert isinstance(reference, str), reference
    return reference


def measure_in(world: World, state: str, source: str | None = None) -> str:
    """A measure in a status, for a deviation under investigation unless another is given."""
    source = source or deviation_in(world, "under_utredning")
    reference = measure_for(world, source, person="rapportor")
    ways = {
        "foreslagen": (),
        "beslutad": ("besluta",),
        "planerad": ("besluta", "planera"),
        "genomford": ("besluta", "planera", "genomfor"),
        "uppfoljd": ("besluta", "planera", "genomfor", "folj_upp"),
        "avslagen": ("besluta_avsla",),
        "avbruten": ("avbryt",),
    }
    for step in ways[state]:
        take(world, "ansvarig" if step == "genomfor" else "enhetschef", reference, step)
    assert world.cases[reference].state == state
    return reference


def tasks_of(world: World, reference: str) -> set[tuple[str, str]]:
    """Who is expected to take which step now."""
    return {(task.step, task.role or task.person) for task in world.tasks[reference]}


def needed(step: str) -> dict:
    """What a step of a deviation needs; to take an unjudged case back from lex Sarah, also what it was."""
    values = dict(deviation.REQUIRED[step])
    if step in {"aterta", "aterta_uppfoljning"}:
        values |= {"lagrum": "sol", "kategori_sol": "sol_insats_sen"}
    return values


def written(found: Decision | Refusal | str) -> tuple[Event, Case]:
    """The first event of a decision, and the case it leaves; fails with the reasons when it was refused."""
    assert isinstance(found, Decision), found
    write = found.writes[0]
    assert write.case is not None
    return write.event, write.case


def why(found: Decision | Refusal | str | None) -> str:
    """Every reason of a refusal, as the user reads them; fails when it was none."""
    assert isinstance(found, Refusal), found
    return " ".join(map(say, found.reasons))


def lacking(found: Decision | Refusal | str) -> list[str]:
    """The fields that a refusal finds wrong or missing; fails when it was none."""
    assert isinstance(found, Refusal), found
    return [fault.field for fault in found.faults]
