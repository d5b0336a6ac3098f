"""Corrections, entries, who has a case, and links, on an invented process."""

import pytest

from engine.cases.decision import Actor, AddEntry, Amend, Assign, Decision, LinkCases, Refusal
from tests.cases.toy import new_world


@pytest.fixture
def world():
    return new_world()


@pytest.fixture
def reference(world):
    return world.open("kim", "repair", story="våt bok", damage="wet")


def amend(world, person, reference, reason="skrivfel", **values):
    return world.do(
        Amend(f"a{next(world.ids)}", Actor(person), reference=reference, values=values, reason=reason)
    )


def entry(world, person, reference, heading="seen", text="hål", source="kim", **more):
    return world.do(
        AddEntry(f"e{next(world.ids)}", Actor(person), reference=reference, heading=heading, text=text,
                 source=source, judgement=False, **more)
    )  # fmt: skip


def assign(world, person, reference, assignee):
    return world.do(Assign(f"t{next(world.ids)}", Actor(person), reference=reference, assignee=assignee))


def link(world, person, reference, other, kind="like"):
    return world.do(
        LinkCases(f"l{next(world.ids)}", Actor(person), reference=reference, kind=kind, other=other)
    )


def said(refusal):
    assert isinstance(refusal, Refusal), refusal
    return refusal.kind, [reason.id for reason in refusal.reasons]


def looked(world, reference, **values):
    world.step("keeper", reference, "look",
               **{"damage": "torn", "how_bad": "1", "how_dear": "2", "mender": "mender", **values})  # fmt: skip


def test_amend__keeps_the_old_value_and_the_reason_in_the_log(world, reference):
    amend(world, "kim", reference, story="blöt bok")
    first, second = world.events[reference]
    assert (first.personal["story"], second.personal["story"]) == ("våt bok", "blöt bok")
    assert (second.kind, second.personal["$reason"]) == ("amend", "skrivfel")
    assert world.cases[reference].values["story"] == "blöt bok"


def test_amend__computes_again_in_the_same_event(world, reference):
    looked(world, reference)
    amend(world, "keeper", reference, how_bad="2")
    event = world.events[reference][-1]
    assert (event.coded["risk"], world.cases[reference].values["risk"]) == (4, 4)


def test_amend__moves_a_deadline_that_counts_from_the_field(world, reference):
    looked(world, reference)
    entry(world, "keeper", reference)
    world.step("mender", reference, "finish", causes=[{"kind": "wet", "text": "x"}], until="2026-04-01")
    amend(world, "mender", reference, until="2026-05-04")
    assert world.cases[reference].deadlines["ready"].due_on == "2026-05-04"
    assert world.events[reference][-2].deadlines[0].due_on == "2026-04-01"


def test_amend__clears_and_says_so(world, reference):
    amend(world, "kim", reference, damage="")
    assert "damage" not in world.cases[reference].values
    assert world.events[reference][-1].cleared == ("damage",)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, "amend.nothing"),
        ({"unit": "ek"}, "amend.intrinsic"),
        ({"flag": "ja"}, "amend.not_asked"),
    ],
)
def test_amend__refuses(world, reference, values, expected):
    assert said(amend(world, "kim", reference, **values))[1] == [expected]


def test_amend__refuses_without_a_reason(world, reference):
    assert said(amend(world, "kim", reference, reason=" ", story="x"))[1] == ["amend.no_reason"]


def test_amend__refuses_a_computed_field(world, reference):
    refusal = amend(world, "keeper", reference, risk="9")
    assert [fault.why.id for fault in refusal.faults] == ["value.computed"]


def test_amend__refuses_who_may_not_take_a_step_that_asks_the_field(world, reference):
    looked(world, reference)
    assert said(amend(world, "kim", reference, how_bad="3")) == ("not_allowed", ["amend.not_allowed"])


def test_amend__refuses_in_a_locked_state(world, reference):
    world.step("kim", reference, "hand_over", why="x")
    assert said(amend(world, "kim", reference, story="x")) == ("locked", ["amend.locked"])


def test_amend__hides_a_case_from_a_stranger(world, reference):
    with pytest.raises(LookupError):
        amend(world, "lo", reference, story="x")


def test_entry__is_kept_and_corrected_by_a_new_one(world, reference):
    entry(world, "keeper", reference)
    entry(world, "keeper", reference, text="två hål", corrects=2)
    assert dict(world.cases[reference].entries) == {3: "seen"}
    assert [event.personal.get("$text") for event in world.events[reference][1:]] == ["hål", "två hål"]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"heading": "nothing"}, ("input", ["entry.unknown_heading"])),
        ({"text": " "}, ("input", ["entry.no_text"])),
        ({"source": ""}, ("input", ["entry.no_source"])),
        ({"corrects": 1}, ("input", ["entry.corrects_none"])),
        ({"heading": "verdict"}, ("guard", ["entry.by_step"])),
    ],
)
def test_entry__refuses(world, reference, more, expected):
    assert said(entry(world, "keeper", reference, **more)) == expected


def test_entry__refuses_who_may_not(world, reference):
    assert said(entry(world, "kim", reference)) == ("not_allowed", ["step.not_allowed"])


def test_entry__refuses_in_a_state_that_locks_entries(world, reference):
    looked(world, reference, damage="wet")
    entry(world, "keeper", reference)
    world.step("mender", reference, "finish", causes=[{"kind": "wet", "text": "x"}])
    world.step("head", reference, "judge", result="x")
    assert said(entry(world, "keeper", reference)) == ("locked", ["entry.locked"])


def test_assign__lets_the_role_claim_and_release(world, reference):
    assign(world, "keeper", reference, "keeper")
    assert world.cases[reference].assignee == "keeper"
    assert [task.assignee for task in world.tasks[reference]] == ["keeper"]
    assign(world, "keeper", reference, None)
    assert world.cases[reference].assignee is None
    assert [task.assignee for task in world.tasks[reference]] == [None]


def test_assign__leaves_a_task_to_the_role_when_the_holder_has_it_not(world, reference):
    assign(world, "keeper", reference, "mender")
    assert [(task.role, task.assignee) for task in world.tasks[reference]] == [("keeper", None)]


def test_assign__refuses(world, reference):
    assert said(assign(world, "kim", reference, "kim")) == ("not_allowed", ["assign.not_allowed"])
    assert said(assign(world, "keeper", reference, None))[1] == ["assign.nobody"]
    assign(world, "keeper", reference, "head")
    assert said(assign(world, "keeper", reference, "head"))[1] == ["assign.already"]


def test_link__is_on_both_sides(world, reference):
    other = world.open("kim", "repair", story="en till")
    assert isinstance(link(world, "keeper", reference, "rep-2026-2"), Decision)
    assert [one.other for one in world.cases[reference].links] == [other]
    assert [(one.other, one.outgoing) for one in world.cases[other].links] == [(reference, False)]


def test_link__refuses(world, reference):
    other = world.open("kim", "repair", story="en till")
    assert said(link(world, "keeper", reference, other, kind="no_such"))[1] == ["link.unknown_kind"]
    assert said(link(world, "keeper", reference, reference))[1] == ["step.links_itself"]
    assert said(link(world, "kim", reference, other))[1] == ["link.not_allowed"]
    link(world, "keeper", reference, other)
    assert said(link(world, "keeper", reference, other))[1] == ["link.already"]
    with pytest.raises(LookupError):
        link(world, "keeper", reference, "REP-2026-0099")


def test_entry__is_not_written_by_taking_its_step(world, reference):
    from engine.cases.decision import TakeStep

    found = world.do(TakeStep("t", Actor("keeper"), reference=reference, step="note"))
    assert said(found) == ("input", ["step.by_note"])
