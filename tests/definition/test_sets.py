"""What a step sets by itself, with what is set otherwise."""

from __future__ import annotations

import pytest

from engine.cases.decision import Decision
from engine.definition.check import check
from engine.definition.load import load_text
from tests.world import World

PROCESS = """
process: lamp
version: 1
label: {sv: Lampa, en: Lamp}
reference: LAM
title: Lampa
roles: {porter: content}
fields:
  colour: {type: choice, list: colour, label: {sv: F, en: C}, statistics: true, unknown: allowed}
  size: {type: choice, list: size, label: {sv: S, en: S}, statistics: true}
  seen: {type: yes_no, label: {sv: Sedd, en: Seen}, statistics: true}
  by: {type: person, label: {sv: Av, en: By}}
states:
  lit: {label: {sv: Tänd, en: Lit}, expects: [judge]}
  out: {label: {sv: Släckt, en: Out}, final: true}
steps:
  light: {label: {sv: Tänd, en: Light}, opens: lit, by: [porter]}
  judge:
    label: {sv: Bedöm, en: Judge}
    from: [lit]
    stays: true
    by: [porter]
    asks: [colour]
    sets: SETS
  note:
    label: {sv: Notera, en: Note}
    from: [lit]
    stays: true
    by: [system]
    automatic: true
    when: [{equals: {size: big}}, {not: {equals: {seen: ja}}}]
    sets: {seen: ja}
  put_out: {label: {sv: Släck, en: Put out}, from: [lit], to: out, by: [porter]}
"""
LISTS = """
lists:
  colour:
    label: {sv: Färg, en: Colour}
    codes: {red: {sv: Röd, en: Red}, green: {sv: Grön, en: Green}, blue: {sv: Blå, en: Blue}}
  size:
    label: {sv: Storlek, en: Size}
    codes: {big: {sv: Stor, en: Big}, small: {sv: Liten, en: Small}}
  roles:
    label: {sv: Roller, en: Roles}
    codes: {porter: {sv: portvakt, en: porter}}
"""
CHAIN = """{size: {value: big, when: {equals: {colour: red}},
    otherwise: {value: small, when: {equals: {colour: green}}}}}"""


def judged(sets: str, colour: str) -> dict:
    world = World((load_text(PROCESS.replace("SETS", sets), LISTS),), {"p": [("porter", "bjork")]})
    reference = world.open("p", "lamp")
    assert isinstance(world.step("p", reference, "judge", {"colour": colour}), Decision)
    return dict(world.cases[reference].values)


@pytest.mark.parametrize(
    ("colour", "size"), [("red", "big"), ("green", "small"), ("blue", None), ("?", None)]
)
def test_sets__writes_the_first_that_holds_and_nothing_when_none_does(colour: str, size: str | None) -> None:
    assert judged(CHAIN, colour).get("size") == size


def test_sets__otherwise_without_a_condition_is_what_is_left() -> None:
    sets = "{size: {value: big, when: {equals: {colour: red}}, otherwise: [{value: small}]}}"
    assert [judged(sets, colour)["size"] for colour in ("red", "green", "?")] == ["big", "small", "small"]


def test_sets__an_automatic_step_sets_too() -> None:
    assert judged(CHAIN, "red")["seen"] is True
    assert "seen" not in judged(CHAIN, "green")


@pytest.mark.parametrize(
    ("sets", "problem"),
    [
        ("{size: {value: big, otherwise: {value: small}}}", "definition.otherwise_in_vain"),
        ("{size: {value: big, when: {filled: seen}, otherwise: {value: huge}}}", "definition.unknown_code"),
        ("{size: {value: big, when: {filled: seen}, otherwise: $by}}", "definition.set_other_type"),
    ],
)
def test_sets__what_is_set_otherwise_is_checked_as_well(sets: str, problem: str) -> None:
    found = check(load_text(PROCESS.replace("SETS", sets), LISTS))
    assert problem in [one.message.id for one in found], found
