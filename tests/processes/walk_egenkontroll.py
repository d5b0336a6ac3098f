"""Walks a self-check to any status by real steps, in a world in memory, as the tables say."""

from __future__ import annotations

from typing import Any

from engine.cases.decision import Decision
from engine.definition.load import load_process
from tests.processes import tables_egenkontroll as table
from tests.processes.walk import PEOPLE, PROCESSES, SHIPPED, STAND_INS, measure_for
from tests.processes.walk import take as take_step
from tests.world import World

CHECK = load_process(PROCESSES / "egenkontroll" / "process.yaml")


def new_world(check=CHECK) -> World:
    """A world with the shipped processes that a self-check touches."""
    others = [one for one in (*SHIPPED, *STAND_INS) if one.key != CHECK.key]
    return World((*others, check), PEOPLE)


def plan(world: World, person: str = "enhetschef", **more: Any) -> str:
    """Plan a self-check of two points."""
    reference = world.open(person, "egenkontroll", **{**table.PLAN, **table.POINTS, **more})
    assert isinstance(reference, str), reference
    return reference


def take(world: World, reference: str, step: str, person: str = "enhetschef", **more: Any) -> Decision:
    """Take a step that must be open, with what the table says it needs and more."""
    found = world.step(person, reference, step, {**table.REQUIRED[step], **more})
    assert isinstance(found, Decision), (step, found)
    return found


def measure(world: World, reference: str, row: str = "punkter.r2") -> str:
    """Propose a measure for a finding."""
    return measure_for(world, reference, row)


def judge(world: World, measured: str) -> None:
    """Bring a measure to a judged effect."""
    for step, person in (("besluta", "enhetschef"), ("planera", "enhetschef"), ("genomfor", "ansvarig")):
        take_step(world, person, measured, step)
    take_step(world, "enhetschef", measured, "folj_upp")


def check_in(world: World, state: str, *, named: bool = False) -> str:
    """A self-check in a status; under measures with a finding and a measure for it. named: somebody is to do it."""
    reference = plan(world)
    if named:
        take(world, reference, "utse")
    if state == "planerad":
        return reference
    if state == "ej_genomford":
        take(world, reference, "ej_genomfor")
    elif state == "felregistrerad":
        take(world, reference, "felregistrera", "kvalitetssamordnare")
    elif state in ("genomford", "avslutad"):
        take(world, reference, "genomfor", **table.MET)
        if state == "avslutad":
            take(world, reference, "avsluta")
    else:
        take(world, reference, "genomfor", **table.NOT_MET)
        measured = measure(world, reference)
        take(world, reference, "besluta_atgarder")
        if state == "atgarder_bedomda":
            judge(world, measured)
    assert world.cases[reference].state == state
    return reference
