"""Access marks that a step sets: an opening step from the first event on, with a condition, and what is kept."""

import pytest

from engine.cases.decision import Actor, Amend, Decision
from engine.definition.load import load_text
from tests.cases.toy import LISTS, ORDER, PEOPLE, REPAIR, WHISPERING, new_world
from tests.world import World


@pytest.fixture
def world():
    return new_world(WHISPERING)


def whispered(world, person="kim", **values):
    return world.open(person, "repair", step="whisper", **{"story": "hemlig", **values})


def test_opening_step__marks_the_case_from_its_first_event_on(world):
    reference = whispered(world)
    assert world.cases[reference].marks == {"sealed": "read"}
    assert [event.marks for event in world.events[reference]] == [{"sealed": "read"}]


def test_opening_step__without_marks_marks_nothing(world):
    assert world.cases[world.open("kim", "repair", story="våt")].marks == {}


def amend(world, reference):
    values = {"found": "2026-03-01"}
    return world.ask(Amend("a", Actor("keeper"), reference=reference, values=values, reason="fel"))


@pytest.mark.parametrize(
    ("damage", "marks"),
    [
        ("wet_mould", {"sealed", "hushed"}),
        ("?", {"sealed", "hushed"}),
        ("torn", {"sealed"}),
        (None, {"sealed"}),
    ],
)
def test_mark__is_set_unless_its_condition_is_known_not_to_hold(world, damage, marks):
    values = {} if damage is None else {"damage": damage}
    assert set(world.cases[whispered(world, **values)].marks) == marks


def test_mark__keeps_out_those_who_would_read_the_case_by_role(world):
    reference = whispered(world, person="keeper")
    amended = amend(world, reference)
    assert isinstance(amended, Decision), "what is one's own report one may still correct"
    other = whispered(world)
    assert amend(world, other).kind == "not_allowed"


def opener(marks):
    """An order whose opening step marks it, and a repair that opens such an order."""
    order = ORDER.replace("    link_for: for_repair\n", f"    link_for: for_repair\n    marks: {marks}\n")
    return World((load_text(order, LISTS), load_text(REPAIR, LISTS)), PEOPLE)


def test_case_that_a_step_opens__is_marked_by_its_own_opening_step():
    world = opener("[{mark: sealed, keeps: write}]")
    told = world.open("kim", "repair", story="våt")
    world.step("kim", told, "hand_over", why="allvar")
    order = world.cases["ORD-2026-0001"]
    assert order.marks == {"sealed": "read"}, "what the hand-over keeps goes before"


def test_mark_of_a_step__is_not_handed_on_to_the_cases_it_opens():
    repair = WHISPERING.replace("    marks: [{mark: sealed, keeps: read}", (
        "    opens_case: {process: order, step: ask, link: for_repair, copies: {what: story}}\n"
        "    marks: [{mark: sealed, keeps: read}"
    ))  # fmt: skip
    world = World((load_text(ORDER, LISTS), load_text(repair, LISTS)), PEOPLE)
    reference = whispered(world)
    assert world.cases[reference].marks == {"sealed": "read"}
    assert world.cases["ORD-2026-0001"].marks == {}
