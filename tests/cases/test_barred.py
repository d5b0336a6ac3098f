"""Who may not take a step because of who they are: neither by the step nor by an entry, and nobody else is told."""

from __future__ import annotations

from engine.cases.decision import Actor, AddEntry, Decision, Refusal
from engine.definition.load import load_text
from tests.world import World

PROCESS = """
process: door
version: 1
label: {sv: Dörr, en: Door}
reference: DOR
title: Dörr
roles: {porter: content, guest: content}
headings:
  seen: {sv: Sett, en: Seen}
fields:
  kept_out: {type: person, label: {sv: Utestängd, en: Kept out}}
states:
  open: {label: {sv: Öppen, en: Open}, expects: [shut]}
  closed: {label: {sv: Stängd, en: Closed}, final: true}
steps:
  build: {label: {sv: Bygg, en: Build}, opens: open, by: [porter, guest], asks: [kept_out]}
  write:
    label: {sv: Skriv, en: Write}
    from: [open]
    stays: true
    by: [porter]
    not_person_in: [kept_out]
    entry: [seen]
  shut: {label: {sv: Stäng, en: Shut}, from: [open], to: closed, by: [porter], not_person_in: [kept_out]}
"""
LISTS = """
lists:
  roles:
    label: {sv: Roller, en: Roles}
    codes: {porter: {sv: portvakt, en: porter}, guest: {sv: gäst, en: guest}}
"""


def house() -> tuple[World, str]:
    """A door from which one porter and a guest's friend are kept out."""
    people = {"p": [("porter", "bjork")], "q": [("porter", "bjork")], "g": [("guest", "bjork")]}
    world = World((load_text(PROCESS, LISTS),), people)
    return world, world.open("g", "door", kept_out="p")


def entry(world: World, person: str, reference: str) -> Decision | Refusal:
    return world.do(
        AddEntry(
            f"e-{person}",
            Actor(person),
            reference=reference,
            heading="seen",
            text="x",
            source="y",
            judgement=False,
        )
    )


def test_barred__takes_no_step_and_writes_no_entry_of_it() -> None:
    world, reference = house()
    for found in (world.step("p", reference, "shut"), entry(world, "p", reference)):
        assert isinstance(found, Refusal)
        assert [one.id for one in found.reasons] == ["when.different_person"]
    assert isinstance(entry(world, "q", reference), Decision)


def test_barred__is_not_said_to_one_who_may_not_take_the_step_anyway() -> None:
    world, _ = house()
    reference = world.open("p", "door", kept_out="g")
    found = world.step("g", reference, "shut")
    assert isinstance(found, Refusal)
    assert [one.id for one in found.reasons] == ["step.not_allowed"]
