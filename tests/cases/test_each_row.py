"""A step opens one case for each row of a table: linked to the row, with what the row says, and never twice."""

import pytest

from engine.definition.check import check
from engine.definition.load import load_text
from tests.cases.toy import LISTS, ORDER, REPAIR, new_world

EACH = """    opens_case:
      process: order
      step: ask
      link: for_repair
      each_row: causes
      where: {not: {equals: {kind: torn}}}
      copies: {what: text, kind: kind}
      sets: {came: $until, assignee: $mender}
"""
ORDERING = REPAIR.replace(
    "  finish:\n",
    "  order_parts:\n    label: {sv: Beställ, en: Order}\n    from: [open, waiting]\n    stays: true\n"
    "    by: [{person_in: mender}]\n    may_ask: [causes, until]\n" + EACH + "  finish:\n",
    1,
)


@pytest.fixture
def world():
    return new_world(ORDERING)


def looked(world):
    reference = world.open("kim", "repair", story="våt", damage="wet")
    world.step("keeper", reference, "look", damage="wet", how_bad="1", how_dear="2", mender="mender")
    return reference


def order(world, reference, *rows, **more):
    given = {f"causes.+{number}.{key}": text for number, row in enumerate(rows) for key, text in row.items()}
    return world.step("mender", reference, "order_parts", given, **more)


def orders(world):
    return {name: case for name, case in world.cases.items() if name.startswith("ORD")}


WET, MOULD, TORN = (
    {"kind": "wet", "text": "läskpapper"},
    {"kind": "wet_mould", "text": "sprit"},
    {"kind": "torn", "text": "tejp"},
)


def test_step__opens_a_case_for_each_row_that_is_meant(world):
    reference = looked(world)
    order(world, reference, WET, TORN, MOULD, until="2026-04-01")
    found = orders(world)
    assert [(case.values["what"], case.values["kind"], case.values["came"]) for case in found.values()] == [
        ("läskpapper", "wet", "2026-04-01"), ("sprit", "wet_mould", "2026-04-01"),
    ]  # fmt: skip
    assert {case.assignee for case in found.values()} == {"mender"}
    assert [event.opened for event in world.events[reference] if event.opened] == [tuple(found)]


def test_case__is_linked_to_its_row_as_one_that_was_opened_for_it(world):
    reference = looked(world)
    order(world, reference, TORN, WET)
    (opened,) = orders(world)
    by_hand = world.open("keeper", "order", what="lim", to=reference, row="causes.r1")
    assert [(link.other, link.outgoing, link.row) for link in world.cases[opened].links] == [
        (reference, True, "causes.r2")
    ]
    assert {(link.other, link.outgoing, link.row) for link in world.cases[reference].links} == {
        (opened, False, "causes.r2"), (by_hand, False, "causes.r1"),
    }  # fmt: skip


def test_row__that_has_a_case_is_passed_over(world):
    reference = looked(world)
    order(world, reference, WET)
    order(world, reference, MOULD)
    assert [case.values["what"] for case in orders(world).values()] == ["läskpapper", "sprit"]
    decision = order(world, reference)
    assert len(decision.writes) == 1
    assert len(orders(world)) == 2


def test_step__without_a_row_that_is_meant_opens_nothing(world):
    reference = looked(world)
    assert len(order(world, reference, TORN).writes) == 1


def test_step__opens_many(world):
    reference = looked(world)
    order(world, reference, *([WET] * 40))
    assert len(orders(world)) == 40
    assert len(set(world.cases[reference].links)) == 40


def test_condition_on_rows__holds_by_the_cases_that_were_opened(world):
    reference = looked(world)
    world.step("keeper", reference, "note")
    order(world, reference, {"kind": "wet"} | {"text": "läskpapper"})
    assert world.step("mender", reference, "finish", {"causes.r1.text": "läskpapper"}).writes


def problems(*changes):
    text = ORDERING
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    document = load_text(text, LISTS)
    known = {"order": load_text(ORDER, LISTS).process}
    return [problem.message.id.removeprefix("definition.") for problem in check(document, known)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("each_row: causes", "each_row: causs", ["unknown_table", "unknown_field", "unknown_field"]),
        ("      each_row: causes\n", "", ["where_without_rows"]),
        ("link: for_repair\n      each_row", "link: like\n      each_row", ["unknown_link_of_row"]),
        ("copies: {what: text, kind: kind}", "copies: {what: txt, kind: kind}", ["unknown_field"]),
        ("copies: {what: text, kind: kind}", "copies: {what: kind, kind: kind}", ["copy_other_type"]),
        ("equals: {kind: torn}", "equals: {kind: tornado}", ["unknown_code"]),
        ("equals: {kind: torn}", "equals: {kin: torn}", ["unknown_field"]),
    ],
)
def test_definition__says_what_is_wrong(before, after, expected):
    found = problems((before, after))
    assert [one for one in expected if one not in found] == []
    assert found


def test_definition__is_sound():
    assert problems() == []
