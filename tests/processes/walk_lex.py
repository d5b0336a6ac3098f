"""Walks a lex Sarah case to any status by real steps, in a world in memory, as its tables say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from engine.cases.access import AccessRule, ProcessRule, Viewer
from engine.cases.decision import Actor, AddEntry, Decision, Refusal
from engine.definition.document import Document
from tests.processes import tables_atgard as measure
from tests.processes import tables_lex_sarah as lex
from tests.processes.walk import SHIPPED, STAND_INS, measure_for
from tests.world import World

PEOPLE: dict[str, list[tuple[str, str]]] = {
    **{role: [(role, "forv")] for role in lex.ROLES},
    "enhetschef": [("enhetschef", "bjork")],
    "enhetschef_ek": [("enhetschef", "ek")],
    "utredare_2": [("lex_sarah_utredare", "forv")],
    "rapportor": [],
    "ansvarig": [],
    "utomstaende": [],
}
OWN, PRIVATE = "bjork", "ek"


def lex_world(shipped: Iterable[Document] = SHIPPED, people: dict | None = None) -> World:
    """A world with the shipped processes and one person a role; roles are held for the whole but the manager's."""
    return World((*shipped, *STAND_INS), people or PEOPLE)


def report_lex(world: World, person: str = "rapportor", unit: str = OWN, **more) -> str:
    """Report as the table has it."""
    reference = world.open(person, "lex_sarah", unit, **{**lex.RAPPORT, **more})
    assert isinstance(reference, str), reference
    return reference


def act(world: World, person: str, reference: str, step: str, /, **values) -> Decision:
    """Take a step that must be open, with what the table says it needs and what else is given."""
    decision = world.step(person, reference, step, {**lex.REQUIRED[step], **values})
    assert isinstance(decision, Decision), (step, decision)
    return decision


def write_entries(world: World, reference: str, person: str = "lex_sarah_utredare", but: str = "") -> None:
    """An entry under every heading of the investigation, but one."""
    for heading in lex.HEADINGS:
        if heading != but:
            assert isinstance(note(world, reference, heading, person), Decision), heading


def note(
    world: World,
    reference: str,
    heading: str,
    person: str = "lex_sarah_utredare",
    corrects: int | None = None,
) -> Decision | Refusal:
    """Write an entry under a heading."""
    return world.do(
        AddEntry(
            f"c{next(world.ids)}", Actor(person), reference=reference, heading=heading, text=f"{heading}: text",
            source="Samtal", judgement=heading == "U6", corrects=corrects,
        )
    )  # fmt: skip


def lex_in(world: World, state: str, unit: str = OWN, grade: str = "missforhallande") -> str:
    """A case in a status by the shortest course, without what stands beside it (registry, information, IVO)."""
    reference = report_lex(world, unit=unit)
    walk_on(world, reference, state, grade)
    if world.cases[reference].state == state:
        return reference
    if state == "atgarder_pagar":
        measure_for(world, reference, person=manager(unit))
    act(world, manager(unit), reference, "planera_atgarder")
    if state == "atgarder_pagar":
        return reference
    if state == "under_uppfoljning":
        return reference
    finish(world, reference, unit, grade)
    assert world.cases[reference].state == "avslutad"
    return reference


def walk_on(world: World, reference: str, state: str, grade: str = "missforhallande") -> None:
    """Take a case that was reported on to a status, at most to the decision."""
    if state == "rapporterad":
        return
    act(world, "lex_sarah_ansvarig", reference, "bekrafta_mottagande")
    if state == "mottagen":
        return
    act(world, "lex_sarah_ansvarig", reference, "forsta_bedomning")
    if state == "under_utredning":
        return
    investigate(world, reference, grade)
    if state != "utredning_klar":
        act(world, "beslutsfattare", reference, "besluta", grad=grade)


def investigate(world: World, reference: str, grade: str = "missforhallande") -> None:
    """Write the investigation, with a cause for which no measure is needed, and finish it."""
    write_entries(world, reference)
    if not world.cases[reference].table("orsaker"):
        act(world, "lex_sarah_utredare", reference, "ange_orsak", **lex.NO_MEASURE)
    act(world, "lex_sarah_utredare", reference, "slutfor_utredning", foreslagen_grad=grade)


def finish(world: World, reference: str, unit: str = OWN, grade: str = "missforhallande") -> None:
    """Do what a case must have done beside its course, and close it."""
    act(world, "registrator", reference, "diariefor")
    act(world, manager(unit), reference, "informera_enskild")
    if unit == PRIVATE:
        act(world, "lex_sarah_ansvarig", reference, "informera_namnd_rapport")
    if grade in lex.SERIOUS:
        act(world, "beslutsfattare", reference, "anmal_ivo", bifogat="utredning")
        if unit == PRIVATE:
            act(world, "lex_sarah_ansvarig", reference, "informera_namnd_anmalan")
        act(world, "beslutsfattare", reference, "registrera_ivo_beslut")
    act(world, "verksamhetschef" if grade in lex.SERIOUS else "lex_sarah_ansvarig", reference, "avsluta")


def manager(unit: str) -> str:
    """The manager of a unit."""
    return "enhetschef_ek" if unit == PRIVATE else "enhetschef"


def carry_out(world: World, reference: str) -> str:
    """Let the one measure of a case stand as carried out, without the automatic step that follows."""
    found = next(link.other for link in world.cases[reference].links if link.kind == "atgard_for")
    world.cases[found] = replace(world.cases[found], state="genomford")
    return found


def planned_measure(world: World, reference: str, row: str = "", person: str = "enhetschef") -> str:
    """A measure for a case, proposed, approved, planned and carried out; its effect not judged."""
    found = measure_for(world, reference, row, person)
    for step, who in (("besluta", "enhetschef"), ("planera", "enhetschef"), ("genomfor", "ansvarig")):
        decision = world.step(who, found, step, measure.REQUIRED[step])
        assert isinstance(decision, Decision), decision
    return found


def level(world: World, person: str, reference: str) -> str:
    """What a person sees of a case."""
    case = world.cases[reference]
    rule = ProcessRule.of(world.definitions[case.definition].process)
    viewer = Viewer(person, world.grants.get(person, ()))
    return AccessRule(viewer, world.facts().tree, {case.process: rule}).level(case)


def refused(found: Decision | Refusal) -> Refusal:
    """The refusal; fails when it was none."""
    assert isinstance(found, Refusal), found
    return found
