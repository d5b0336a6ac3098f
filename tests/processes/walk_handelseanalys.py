"""Walks an event analysis to any status by real steps, in a world in memory, as its table says."""

from __future__ import annotations

from functools import cache

from engine.cases.decision import Decision
from tests.processes import tables_handelseanalys as table
from tests.processes.walk_lex_maria import ANALYSIS, ATGARD, AVVIKELSE, LEX_MARIA
from tests.world import World

PEOPLE = {
    **{role: [(role, "bjork")] for role in table.ROLES},
    "ledaren": [("analysledare", "bjork")],
    "uppdragets": [("uppdragsgivare", "bjork")],
    "deltagaren": [],
    "utomstaende": [],
    "ansvarig": [],
}
# What happens before each status is left forward, and whether rows are needed for it.
ROWS = {
    "initierad": "lagg_till_deltagare",
    "faktainsamling": "lagg_till_kalla",
    "handelseforlopp": "lagg_till_delhandelse",
    "orsaksanalys": "lagg_till_orsak",
    "atgardsforslag": "lagg_till_forslag",
    "uppfoljning": "lagg_till_spridning",
}


def new_world() -> World:
    """A world with event analyses and what they serve."""
    return World((ANALYSIS, LEX_MARIA, ATGARD, AVVIKELSE), PEOPLE)


def taker(step: str) -> str:
    """Who takes a step when the question is where, not who."""
    return table.WHO[step][0]


def take(world: World, reference: str, step: str, person: str = "", **values: str) -> Decision:
    """Take a step that must be open, with what the table says it needs unless something else is given."""
    decision = world.step(person or taker(step), reference, step, values or table.REQUIRED[step])
    assert isinstance(decision, Decision), (step, decision)
    return decision


def begin(world: World, *, assigned: bool = True) -> str:
    """Commission an analysis, and give the assignment."""
    reference = world.open("mas", "handelseanalys", **table.HANDELSE)
    assert isinstance(reference, str), reference
    if assigned:
        take(world, reference, "ge_uppdrag")
    return reference


def in_state(world: World, state: str, *, ready: bool = False) -> str:
    """An analysis in a status; ready: with everything that the step forward needs."""
    if type(world) is not World or world.cases:
        return _walk(world, state, ready=ready)
    before, reference = _walked(state, ready)
    world.become(before)
    return reference


@cache
def _walked(state: str, ready: bool) -> tuple[World, str]:
    """A world where nothing else has happened: walked once for all tests."""
    world = new_world()
    return world, _walk(world, state, ready=ready)


def _walk(world: World, state: str, *, ready: bool) -> str:
    reference = begin(world)
    if state == "avbruten":
        take(world, reference, "avbryt")
        return reference
    for place, now in enumerate(table.STATES[:8]):
        if now == state:
            if ready:
                prepare(world, reference, now)
            break
        prepare(world, reference, now)
        take(world, reference, table.FORWARD[place])
    assert world.cases[reference].state == state
    return reference


def prepare(world: World, reference: str, state: str) -> None:
    """Do what the step forward from a status needs."""
    if state in ROWS:
        take(world, reference, ROWS[state])
    if state == "beslut":
        take(world, reference, "ta_stallning")
