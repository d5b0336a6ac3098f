"""A step over many: those that can go, go; the others are named with why; done again it does nothing twice."""

import pytest

from engine.errors import HjulError, RefusedError, UnknownStepError
from engine.service.bulk import Selection
from tests.cases.toy import REPAIR
from tests.service.house import publish

BULK = REPAIR.replace("version: 1", "version: 2").replace(
    "  send:\n",
    "  scrap:\n    label: {sv: Kasta, en: Scrap}\n    from: [told]\n    to: done\n    by: [keeper]\n"
    "    asks: [result]\n"
    "    when: [{not: {equals: {damage: torn}}}]\n    bulk: allowed\n  send:\n",
)


@pytest.fixture
def told(house, tmp_path):
    """Give five wet ones, one torn, and one that is looked at already."""
    publish(house.door(), tmp_path / "again", repair=BULK)
    wet = [house.tell(damage="wet") for _ in range(5)]
    torn = house.tell(damage="torn")
    looked = house.tell(damage="wet")
    house.look(looked)
    return wet, torn, looked


def test_plan__says_which_would_go_and_which_not_and_changes_nothing(house, told):
    wet, torn, looked = told
    before = house.everything()
    bulk = house.by("keeper").bulk
    plan = bulk.plan(Selection("repair"), "scrap", values={"result": "x"})
    assert [row.reference for row in plan.going] == wet[::-1]
    assert [one.row.reference for one in plan.staying] == [torn]
    assert isinstance(plan.staying[0].error, RefusedError)
    narrow = bulk.plan(Selection("repair", where=("damage=torn",)), "Kasta", values={"result": "x"})
    assert (narrow.going, len(narrow.staying)) == ((), 1)
    assert bulk.plan(Selection("repair", unit="ek"), "scrap").going == ()
    assert house.everything() == before
    assert looked not in {row.reference for row in plan.going}


def test_take__gives_each_case_an_event_of_its_own_and_stops_at_none(house, told):
    wet, torn, _ = told
    bulk = house.by("keeper").bulk
    plan = bulk.plan(Selection("repair"), "scrap", values={"result": "x"})
    house.take("keeper", wet[2], "question", why="var?")
    result = bulk.take(plan, values={"result": "x"}, command_id="many")
    assert set(result.done) == set(wet) - {wet[2]}
    assert {one.row.reference for one in result.staying} == {torn, wet[2]}
    assert {house.by("keeper").cases.show(one).state for one in result.done} == {"done"}
    again = bulk.take(plan, values={"result": "x"}, command_id="many")
    assert set(again.done) == set(result.done)
    assert house.by("keeper").cases.show(wet[0]).seq == 2
    assert house.by("boss").audit.verify().ok


def test_take__together_is_all_or_nothing(house, told):
    wet, torn, _ = told
    bulk = house.by("keeper").bulk
    plan = bulk.plan(Selection("repair"), "scrap", values={"result": "x"})
    before = house.everything()
    with pytest.raises(RefusedError):
        bulk.take(plan, values={"result": "x"}, together=True)
    only = bulk.plan(Selection("repair", where=("damage=wet",)), "scrap", values={"result": "x"})
    house.take("keeper", wet[2], "question", why="var?")
    between = house.everything()
    with pytest.raises(HjulError):
        bulk.take(only, values={"result": "x"}, together=True)
    assert house.everything() == between != before
    rest = bulk.plan(Selection("repair", where=("damage=wet",)), "scrap", values={"result": "x"})
    assert set(bulk.take(rest, values={"result": "x"}, together=True).done) == set(wet) - {wet[2]}
    assert torn not in {row.reference for row in rest.going}


def test_plan__is_for_steps_that_allow_it_and_for_those_who_may(house, told):
    keeper = house.by("keeper").bulk
    with pytest.raises(RefusedError) as refused:
        keeper.plan(Selection("repair"), "look")
    assert refused.value.refusal.reasons[0].id == "bulk.not_allowed"
    with pytest.raises(RefusedError) as refused:
        keeper.plan(Selection("order"), "receive")
    assert refused.value.refusal.reasons[0].id == "bulk.none"
    with pytest.raises(UnknownStepError):
        keeper.plan(Selection("repair"), "fly")
    others = house.by("head").bulk.plan(Selection("repair"), "scrap", values={"result": "x"})
    assert others.going == ()
    assert len(others.staying) == 6
    missing = keeper.plan(Selection("repair"), "scrap")
    assert missing.going == ()
