"""Deadlines that run from another case: started, moved and ended by what happens there, in the same decision."""

import pytest

from engine.cases.decision import Actor, Amend, LinkCases, Refusal
from engine.definition.check import check
from engine.definition.load import load_text
from tests.cases.toy import LISTS, ORDER, PEOPLE, REPAIR, new_world
from tests.world import World

STEP = "{name: after_order, period: 10 days, from: {linked: for_repair, step: receive}, pauses_in: [asked]}"
FIELD = "{name: by_day, period: 5 days, from: {linked: for_repair, field: came}, when: {filled: story}}"


def followed(*dues):
    """Repairs to be finished within a time from what happens to their orders."""
    due = f"    due: [{', '.join(dues or (STEP, FIELD))}]\n"
    return REPAIR.replace("      - entries_cover: [seen]\n", f"      - entries_cover: [seen]\n{due}", 1)


@pytest.fixture
def world():
    return new_world(followed())


def repair(world, *, looked=True):
    reference = world.open("kim", "repair", story="våt", damage="wet")
    if looked:
        world.step("keeper", reference, "look", damage="wet", how_bad="1", how_dear="2", mender="mender")
    return reference


def ordered(world, reference, person="keeper"):
    return world.open(person, "order", what="lim", to=reference)


def deadline(world, reference, key="after_order"):
    one = world.cases[reference].deadlines.get(key)
    return None if one is None else (one.status, one.due_on, one.of)


def amend(world, reference, **values):
    return world.do(
        Amend(f"a{next(world.ids)}", Actor("keeper"), reference=reference, values=values, reason="fel")
    )


def at(world, day):
    world.now = f"2026-03-{day:02}T08:00:00.000000Z"


def test_deadline__starts_with_the_step_of_the_linked_case(world):
    told = repair(world)
    order = ordered(world, told)
    assert deadline(world, told) is None
    at(world, 4)
    decision = world.step("keeper", order, "receive", came="2026-03-03")
    assert deadline(world, told) == ("open", "2026-03-14", order)
    (event,) = (write.event for write in decision.writes if write.event.stream == told)
    assert (event.kind, event.data) == ("deadline", {"change": "follows", "case": order})
    assert event.acting.person == "keeper"
    assert {one.key for one in event.deadlines} == {"after_order", "by_day"}


def test_deadline__counts_from_when_the_act_was_done(world):
    from engine.cases.decision import TakeStep

    told = repair(world)
    order = ordered(world, told)
    at(world, 20)
    world.do(TakeStep("c", Actor("keeper"), reference=order, step="receive", values={"came": "2026-03-03"},
                      occurred_at="2026-03-10T08:00:00.000000Z"))  # fmt: skip
    assert deadline(world, told) == ("open", "2026-03-20", order)


def test_deadline__counts_from_the_field_of_the_linked_case_and_moves_with_it(world):
    told = repair(world)
    order = ordered(world, told)
    at(world, 4)
    world.step("keeper", order, "receive", came="2026-03-03")
    assert deadline(world, told, "by_day") == ("open", "2026-03-08", order)
    before = len(world.events[told])
    amend(world, order, came="2026-03-02")
    assert deadline(world, told, "by_day") == ("open", "2026-03-07", order)
    assert deadline(world, told) == ("open", "2026-03-14", order), "the step was not taken again"
    assert len(world.events[told]) == before + 1


def test_deadline__is_left_when_the_correction_changes_nothing_of_it(world):
    told = repair(world)
    order = ordered(world, told)
    world.step("keeper", order, "receive", came="2026-03-01")
    before = len(world.events[told])
    amend(world, order, what="klister")
    assert len(world.events[told]) == before


def test_deadline__starts_when_the_case_is_linked_to_one_where_it_has_happened(world):
    told = repair(world)
    other = repair(world)
    order = ordered(world, other)
    world.step("keeper", order, "receive", came="2026-03-01")
    at(world, 5)
    world.do(LinkCases("l", Actor("keeper"), reference=told, kind="for_repair", other=order))
    assert deadline(world, told) == ("open", "2026-03-12", order)
    assert [event.kind for event in world.events[told]][-1] == "link", "in the event of the link"


def test_deadline__is_met_by_its_own_step(world):
    told = repair(world)
    order = ordered(world, told)
    world.step("keeper", order, "receive", came="2026-03-01")
    world.step("keeper", told, "note")
    world.step("mender", told, "finish", **{"causes.+.kind": "wet", "causes.+.text": "regn"})
    assert deadline(world, told) == ("met", "2026-03-12", order)


def test_deadline__runs_from_the_latest_of_several(world):
    told = repair(world)
    first, second = ordered(world, told), ordered(world, told)
    at(world, 4)
    world.step("keeper", first, "receive", came="2026-03-01")
    at(world, 6)
    world.step("keeper", second, "receive", came="2026-03-01")
    assert deadline(world, told) == ("open", "2026-03-16", second)
    at(world, 7)
    world.do(LinkCases("l", Actor("keeper"), reference=told, kind="like", other=second))
    assert deadline(world, told) == ("open", "2026-03-16", second)


def test_deadline__is_not_ended_by_a_correction_of_its_own_case(world):
    told = repair(world)
    order = ordered(world, told)
    world.step("keeper", order, "receive", came="2026-03-01")
    amend(world, told, damage="torn", found="2026-03-01")
    assert deadline(world, told) == ("open", "2026-03-12", order)
    assert deadline(world, told, "by_day") == ("open", "2026-03-06", order)


def test_deadline__rests_in_the_states_of_its_own_case():
    world = new_world(followed(STEP.replace("asked", "told")))
    told = repair(world, looked=False)
    order = ordered(world, told)
    world.step("keeper", order, "receive", came="2026-03-01")
    assert deadline(world, told)[0] == "paused"
    at(world, 5)
    world.step("keeper", told, "look", damage="wet", how_bad="1", how_dear="2", mender="mender")
    assert deadline(world, told) == ("open", "2026-03-15", order)


def test_deadline__does_not_start_in_a_case_that_has_ended(world):
    told = repair(world)
    order = ordered(world, told)
    world.step("keeper", told, "note")
    world.step("mender", told, "finish", **{"causes.+.kind": "wet", "causes.+.text": "regn"})
    world.step("head", told, "judge", result="hel")
    assert world.cases[told].state == "done"
    before = len(world.events[told])
    world.step("keeper", order, "receive", came="2026-03-01")
    assert len(world.events[told]) == before


def test_deadline__does_not_start_with_the_very_step_that_lets_its_case_end(world):
    told = repair(world)
    order = ordered(world, told)
    world.step("keeper", told, "note")
    world.step("mender", told, "finish", **{"causes.+.kind": "wet", "causes.+.text": "regn"})
    decision = world.step("keeper", order, "receive", came="2026-03-01")
    assert [write.event.step for write in decision.writes if write.event.stream == told] == ["close"]
    assert deadline(world, told) is None


def test_deadline__ends_when_its_step_is_taken_again_and_its_condition_no_longer_holds():
    world = new_world(
        REPAIR.replace(
            "to: asked, by: [keeper], asks: [why]}",
            "to: asked, by: [keeper], asks: [why], may_ask: [damage]}",
        ).replace(
            "by: [head], once: true}",
            "by: [head], due: {period: 3 days, from: question, when: {equals: {damage: torn}}}}",
        )
    )
    told = world.open("kim", "repair", story="våt")
    world.step("keeper", told, "question", why="hur", damage="torn")
    assert deadline(world, told, "confirm") == ("open", "2026-03-05", None)
    world.step("kim", told, "answer", story="torr")
    world.step("keeper", told, "question", why="hur", damage="wet")
    assert deadline(world, told, "confirm") == ("ended", "2026-03-05", None)


def test_case_opened_for_another__begins_with_the_time_that_has_begun_there():
    order = ORDER.replace(
        "receive: {label: {sv: Ta emot, en: Receive}, from: [wanted], to: here, by: [keeper], asks: [came]}",
        "receive: {label: {sv: Ta emot, en: Receive}, from: [wanted], to: here, by: [keeper], asks: [came],\n"
        "    due: {period: 7 days, from: {linked: for_repair, step: look}}}",
    )
    world = World((load_text(order, LISTS), load_text(REPAIR, LISTS)), PEOPLE)
    told = repair(world)
    at(world, 5)
    opened = ordered(world, told)
    assert deadline(world, opened, "receive") == ("open", "2026-03-09", told)
    assert [event.kind for event in world.events[opened]] == ["step"]


def test_case_that_a_step_opens__begins_with_that_very_step():
    order = ORDER.replace(
        "by: [keeper], asks: [came]}",
        "by: [keeper], asks: [came],\n    due: {period: 7 days, from: {linked: for_repair, step: hand_over}}}",
    )
    world = World((load_text(order, LISTS), load_text(REPAIR, LISTS)), PEOPLE)
    told = repair(world)
    at(world, 5)
    world.step("keeper", told, "hand_over", why="svår")
    assert deadline(world, "ORD-2026-0001", "receive") == ("open", "2026-03-12", told)


def test_refusal__starts_nothing(world):
    told = repair(world)
    order = ordered(world, told)
    assert isinstance(world.step("head", order, "receive", came="2026-03-01"), Refusal)
    assert deadline(world, told) is None


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("{linked: for_repair, step: receive}", []),
        ("{linked: for_repair, step: received}", ["unknown_step_there"]),
        ("{linked: for_repair, field: came}", []),
        ("{linked: for_repair, field: what}", ["unknown_dated_field_there"]),
        ("{linked: for_repar, step: receive}", ["unknown_link"]),
        ("{linked: for_repair}", ["deadline_elsewhere_one"]),
        ("{linked: for_repair, step: receive, field: came}", ["deadline_elsewhere_one"]),
    ],
)
def test_definition__names_what_is_there(start, expected):
    document = load_text(followed(f"{{period: 3 days, from: {start}}}"), LISTS)
    known = {"order": load_text(ORDER, LISTS).process}
    assert [one.message.id.removeprefix("definition.") for one in check(document, known)] == expected
    if expected and expected[0].endswith("_there"):
        assert check(document, {}) == [], "the other process is not published yet"
