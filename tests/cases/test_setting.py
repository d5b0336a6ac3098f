"""What a step sets by itself: seen by its asks and effects, not by its own guards; and by a case that another opens."""

import pytest

from engine.cases.decision import Decision, Refusal
from engine.definition.load import load_text
from tests.cases.toy import LISTS, ORDER, PEOPLE, REPAIR
from tests.world import World

CONFIRM = "confirm: {label: {sv: Bekräfta, en: Confirm}, "


def new_world(repair=REPAIR, order=ORDER):
    assert (repair, order) != (REPAIR, ORDER), "the text that is changed is there"
    return World((load_text(order, LISTS), load_text(repair, LISTS)), PEOPLE)


@pytest.fixture
def world():
    """A world where `confirm` is for what nobody has said what it is, and says it."""
    changed = REPAIR.replace(CONFIRM, CONFIRM + "when: {not: {filled: damage}}, sets: {damage: torn}, ")
    return new_world(changed)


def test_guard__sees_the_case_before_what_the_step_itself_sets(world):
    reference = world.open("head", "repair", story="våt")
    assert isinstance(world.step("head", reference, "confirm"), Decision)
    assert world.cases[reference].values["damage"] == "torn"


def test_guard__sees_what_was_set_by_an_earlier_step(world):
    reference = world.open("head", "repair", story="våt", damage="wet")
    refusal = world.step("head", reference, "confirm")
    assert isinstance(refusal, Refusal)
    assert [reason.id for reason in refusal.reasons] == ["when.not_filled"]


def handed_over(sets):
    """The order that a repair opened, whose opening step sets this."""
    world = new_world(
        order=ORDER.replace("    link_for: for_repair\n", f"    link_for: for_repair\n    sets: {sets}\n")
    )
    reference = world.open("kim", "repair", story="våt", damage="wet", why="läcka")
    world.step("keeper", reference, "hand_over", why="allvar")
    return world.cases["ORD-2026-0001"]


def test_opened_case__gets_what_its_opening_step_sets():
    case = handed_over("{came: $today, assignee: $actor}")
    assert (case.values["came"], case.assignee) == ("2026-03-02", "keeper")


def test_opened_case__keeps_what_it_is_given_before_what_its_opening_step_sets():
    assert handed_over("{kind: torn}").values["kind"] == "wet"
