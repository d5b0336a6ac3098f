"""Deadlines and tasks of an invented process: started, paused with the remainder, met, ended; whose they are."""

import pytest

from tests.cases.toy import new_world


@pytest.fixture
def world():
    return new_world()  # Monday 2 March 2026


@pytest.fixture
def reference(world):
    return world.open("kim", "repair", story="våt bok")


def deadline(world, reference, key="look"):
    one = world.cases[reference].deadlines[key]
    return one.status, one.due_on


def look(world, reference, **values):
    return world.step("keeper", reference, "look",
                      **{"damage": "wet", "how_bad": "1", "how_dear": "2", "mender": "mender", **values})  # fmt: skip


def test_deadline__counts_working_days_from_the_act(world, reference):
    assert deadline(world, reference) == ("open", "2026-03-09")


def test_deadline__counts_from_when_the_act_was_done(world):
    from engine.cases.decision import Actor, OpenCase

    world.do(
        OpenCase("c", Actor("kim"), process="repair", step=None, unit="bjork", values={"story": "x"},
                 occurred_at="2026-02-26T10:00:00.000000Z")
    )  # fmt: skip
    assert deadline(world, "REP-2026-0001") == ("open", "2026-03-05")


def test_deadline__skips_public_holidays_and_their_eves(world):
    world.now = "2026-06-15T08:00:00.000000Z"
    assert deadline(world, world.open("kim", "repair", story="x")) == ("open", "2026-06-23")


def test_deadline__is_met_by_its_step(world, reference):
    world.now = "2026-03-04T08:00:00.000000Z"
    look(world, reference)
    assert world.cases[reference].deadlines["look"].settled_on == "2026-03-04"
    assert deadline(world, reference)[0] == "met"


def test_deadline__keeps_its_remainder_while_paused(world, reference):
    world.now = "2026-03-04T08:00:00.000000Z"
    world.step("keeper", reference, "question", why="?!")
    assert world.cases[reference].deadlines["look"].remaining == 3
    world.now = "2026-03-16T08:00:00.000000Z"
    world.step("kim", reference, "answer", story="x")
    assert deadline(world, reference) == ("open", "2026-03-19")


def test_deadline__that_was_late_when_paused_is_as_late_afterwards(world, reference):
    world.now = "2026-03-11T08:00:00.000000Z"
    world.step("keeper", reference, "question", why="?!")
    assert world.cases[reference].deadlines["look"].remaining == -2
    world.now = "2026-03-18T08:00:00.000000Z"
    world.step("kim", reference, "answer", story="x")
    assert deadline(world, reference) == ("open", "2026-03-16")


def test_deadline__ends_where_its_step_can_no_longer_be_taken(world):
    reference = world.open("kim", "repair", story="x")
    look(world, reference)
    from engine.cases.decision import Actor, AddEntry

    world.do(
        AddEntry(
            "e", Actor("keeper"), reference=reference, heading="seen", text="x", source="y", judgement=False
        )
    )
    world.step("mender", reference, "finish", causes=[{"kind": "wet", "text": "x"}], until="2026-04-01")
    assert deadline(world, reference, "ready") == ("open", "2026-04-01")
    order = world.open("keeper", "order", to=reference, what="x")
    world.step("keeper", order, "receive", came="2026-03-02")
    assert deadline(world, reference, "ready")[0] == "ended"


def test_task__is_for_the_role_with_the_nearest_deadline(world, reference):
    (task,) = world.tasks[reference]
    assert (task.step, task.role, task.unit, task.due_on) == ("look", "keeper", "bjork", "2026-03-09")


def test_task__depends_on_its_condition(world):
    reference = world.open("kim", "repair", story="x", damage="torn")
    assert [task.step for task in world.tasks[reference]] == ["look", "confirm"]


def test_task__is_for_the_person_that_the_state_names(world, reference):
    look(world, reference)
    assert [(task.step, task.person) for task in world.tasks[reference]] == [("finish", "mender")]


def test_task__is_for_the_reporter(world, reference):
    world.step("keeper", reference, "question", why="x")
    assert [(task.step, task.person) for task in world.tasks[reference]] == [("answer", "kim")]


def test_task__moves_with_the_unit(world, reference):
    world.step("keeper", reference, "move", to_unit="ek")
    assert [task.unit for task in world.tasks[reference]] == ["ek"]


def test_messages__tell_the_role_and_the_reporter_without_what_was_written(world, reference):
    look(world, reference)
    told = [message for _, message in world.messages]
    assert [(message.role, message.person) for message in told] == [("keeper", None), (None, "kim")]
    assert told[1].text.sv == "Status: Öppen"
    assert not any("våt" in message.text.sv for message in told)
