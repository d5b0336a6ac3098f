"""Opening cases and taking steps, on an invented process (`toy.py`)."""

import pytest

from engine.cases.decision import Actor, Decision, OpenCase, Refusal, TakeStep
from engine.definition.load import load_text
from tests.cases.toy import LISTS, PEOPLE, REPAIR, new_world
from tests.world import World


@pytest.fixture
def world():
    return new_world()


def told(world, person="kim", **values):
    return world.open(person, "repair", **{"story": "våt bok", **values})


def looked(world, reference, person="keeper", **values):
    return world.step(
        person, reference, "look",
        **{"damage": "torn", "how_bad": "1", "how_dear": "2", "mender": "mender", **values},
    )  # fmt: skip


def faults(refusal):
    assert isinstance(refusal, Refusal), refusal
    return {fault.field: fault.why.id for fault in refusal.faults}


def reasons(refusal):
    assert isinstance(refusal, Refusal), refusal
    return [reason.id for reason in refusal.reasons]


def test_steps_and_processes__are_taken_as_people_say_them(world):
    reference = told(world)
    values = {"Skada": "Väta", "hur illa": "Liten", "how_dear": "2", "Lagare": "mender"}
    assert world.step("keeper", reference, "Titta", **values)
    assert world.cases[reference].state == "open"
    assert world.step("mender", reference, "anmäl").kind == "unknown_step", (
        "what opens cases is no step of one"
    )


def test_open__gives_a_reference_and_remembers_who_and_where(world):
    case = world.cases[told(world)]
    assert (case.reference, case.state, case.seq) == ("REP-2026-0001", "told", 1)
    assert (case.unit, case.reporter, case.opened_on) == ("bjork", "kim", "2026-03-02")


def test_open__says_everything_that_is_missing_at_once(world):
    refusal = world.ask(OpenCase("c", Actor("kim"), process="repair", step=None, unit=None))
    assert faults(refusal) == {"story": "value.required", "unit": "value.required"}
    assert refusal.kind == "missing"


def test_open__lets_anyone_registered_report_at_any_unit(world):
    assert world.cases[told(world, "lo")].reporter == "lo"


def test_open__refuses_a_role_at_another_unit(world):
    refusal = world.open("keeper", "order", "ek", what="tråd")
    assert refusal.kind == "not_allowed"
    assert reasons(refusal) == ["step.not_allowed"]


def test_open__accepts_a_role_at_a_unit_above(world):
    assert world.open("head", "order", "ek", what="tråd") == "ORD-2026-0001"


def test_open__refuses_a_closed_or_unknown_unit(world):
    assert faults(world.open("kim", "repair", "nowhere", story="x")) == {"unit": "value.no_unit"}


def test_open__refuses_a_step_that_opens_nothing(world):
    assert world.open("keeper", "repair", step="look").kind == "unknown_step"


def test_open__refuses_an_unpublished_process(world):
    assert world.open("kim", "unheard_of").kind == "unknown_process"


def test_step__refuses_from_the_wrong_state_and_says_from_which(world):
    refusal = world.step("keeper", told(world), "close")
    assert refusal.kind == "wrong_state"
    assert "step.wrong_state" in reasons(refusal)


def test_step__refuses_who_may_not_without_listing_what_is_missing(world):
    reference = told(world, "lo", damage="torn")
    refusal = world.step("lo", reference, "look")
    assert (refusal.kind, faults(refusal)) == ("not_allowed", {})


def test_step__hides_a_case_that_the_actor_may_not_know_of(world):
    with pytest.raises(LookupError):
        world.step("lo", told(world), "look")


def test_step__hides_a_case_that_is_not_there_in_the_same_way(world):
    with pytest.raises(LookupError):
        world.step("keeper", "REP-2026-0099", "look")


def test_step__finds_a_case_however_its_reference_is_typed(world):
    reference = told(world)
    assert isinstance(looked(world, "REP-2026-0001"), Decision)
    assert world.cases[reference].state == "open"


def test_step__bars_the_person_of_an_earlier_step(world):
    reference = told(world, "keeper")
    assert reasons(looked(world, reference)) == ["when.different_person"]


def test_step__sets_constants_and_asked_values(world):
    reference = told(world)
    looked(world, reference)
    case = world.cases[reference]
    assert (case.assignee, case.values["flag"]) == ("mender", True)


def test_step__computes_and_asks_by_what_is_computed(world):
    reference = told(world)
    assert faults(looked(world, reference, how_bad="3", how_dear="3")) == {"why": "value.required"}
    looked(world, reference, how_bad="3", how_dear="3", why="dyr")
    assert world.cases[reference].values["risk"] == 9


def test_step__computes_unknown_over_unknown(world):
    reference = told(world)
    looked(world, reference, how_bad="?")
    assert world.cases[reference].values["risk"] == {"unknown": True}


def test_step__warns_logs_and_goes_on(world):
    decision = looked(world, told(world), how_dear="3", how_bad="1")
    assert [warning.id for warning in decision.warnings] == ["step.warning"]
    assert decision.writes[0].event.warned == ("dear",)


def test_step__refuses_what_it_does_not_ask_for(world):
    assert faults(looked(world, told(world), result="x")) == {"result": "value.not_asked"}


def test_step__refuses_what_it_does_not_ask_for_now(world):
    assert faults(told(world, damage="torn", why="x")) == {"why": "value.not_now"}


def test_step__asks_by_a_branch_of_a_tree(world):
    assert world.cases[told(world, damage="wet_mould", why="x")].values["why"] == "x"


def test_step__does_not_take_an_old_answer_for_a_new_question(world):
    reference = told(world)
    world.step("keeper", reference, "question", why="var?")
    world.step("kim", reference, "answer", story="hyllan")
    assert faults(world.step("keeper", reference, "question")) == {"why": "value.required"}


def test_step__may_be_taken_once(world):
    reference = told(world, "head")
    assert isinstance(world.step("head", reference, "confirm"), Decision)
    assert reasons(world.step("head", reference, "confirm")) == ["step.once"]


def test_step__stays_where_it_was(world):
    reference = told(world)
    world.step("keeper", reference, "move", to_unit="ek")
    assert (world.cases[reference].state, world.cases[reference].unit) == ("told", "ek")


def test_step__adds_a_row_for_each_time(world):
    reference = told(world)
    world.step("keeper", reference, "send", whom="A")
    world.step("keeper", reference, "send", whom="B", day="2026-03-01")
    assert world.cases[reference].table("sent") == {
        "r1": {"whom": "A"},
        "r2": {"whom": "B", "day": "2026-03-01"},
    }


def test_step__misses_a_column_of_the_row_it_adds(world):
    assert faults(world.step("keeper", told(world), "send")) == {"whom": "value.required"}


def finished(world, reference, rows=None):
    from engine.cases.decision import AddEntry

    world.do(
        AddEntry(f"e{next(world.ids)}", Actor("keeper"), reference=reference, heading="seen", text="hål", source="kim",
                 judgement=False)
    )  # fmt: skip
    return world.step("mender", reference, "finish", causes=rows or [{"kind": "torn", "text": "ålder"}])


def test_step__demands_each_row(world):
    reference = told(world)
    looked(world, reference)
    refusal = finished(world, reference, [{"kind": "torn", "text": "a"}, {"kind": "torn"}])
    assert reasons(refusal) == ["when.row"]
    assert refusal.reasons[0].arguments["row"] == "r2"


def test_step__accepts_a_row_that_has_a_linked_case(world):
    reference = told(world)
    looked(world, reference)
    world.step("mender", reference, "finish", causes=[{"kind": "torn", "text": "a"}])
    finished(world, reference, [{"kind": "torn", "text": "a"}, {"kind": "wet", "text": "b"}])
    assert world.cases[reference].state == "waiting"
    assert list(world.cases[reference].table("causes")) == ["r1", "r2"]


def test_step__needs_the_entries(world):
    reference = told(world)
    looked(world, reference)
    refusal = world.step("mender", reference, "finish", causes=[{"kind": "torn", "text": "a"}])
    assert reasons(refusal) == ["when.entries_cover"]


def test_step__is_for_the_person_in_the_field(world):
    reference = told(world)
    looked(world, reference)
    assert (
        world.step("keeper", reference, "finish", causes=[{"kind": "torn", "text": "a"}]).kind
        == "not_allowed"
    )


def waiting(world):
    reference = told(world)
    looked(world, reference)
    assert isinstance(finished(world, reference), Decision)
    return reference


def test_automatic__follows_on_a_linked_case(world):
    reference = waiting(world)
    order = world.open("keeper", "order", to=reference, what="tråd")
    assert world.cases[reference].state == "waiting"
    decision = world.step("keeper", order, "receive", came="2026-03-02")
    assert [write.event.step for write in decision.writes] == ["receive", "close"]
    assert decision.writes[1].event.acting.kind == "system"
    assert world.cases[reference].state == "done"


def test_automatic__waits_while_one_of_several_is_open(world):
    reference = waiting(world)
    first, second = (world.open("keeper", "order", to=reference, what=what) for what in "ab")
    world.step("keeper", first, "receive", came="2026-03-02")
    assert world.cases[reference].state == "waiting"
    world.step("keeper", second, "receive", came="2026-03-02")
    assert world.cases[reference].state == "done"


def test_automatic__counts_only_those_that_count(world):
    reference = waiting(world)
    order = world.open("keeper", "order", to=reference, what="a")
    world.step("keeper", order, "drop")
    assert world.cases[reference].state == "waiting"


def test_automatic__follows_its_own_event(world):
    reference = told(world)
    looked(world, reference)
    order = world.open("keeper", "order", to=reference, what="a")
    world.step("keeper", order, "receive", came="2026-03-02")
    finished(world, reference)
    assert world.cases[reference].state == "done"
    assert world.events[reference][-1].acting.kind == "system"


def test_guard__names_the_linked_case_that_hinders(world):
    reference = waiting(world)
    order = world.open("keeper", "order", to=reference, what="a")
    refusal = world.step("keeper", reference, "close")
    assert refusal.reasons[0].arguments["name"] == order


def test_guard__needs_another_person_and_a_known_value(world):
    reference = told(world, "kim")
    looked(world, reference, person="both", damage="?")
    finished(world, reference)
    refusal = world.step("both", reference, "judge", result="bra")
    assert set(reasons(refusal)) == {"when.different_person", "when.not_equals"}
    assert reasons(world.step("head", reference, "judge", result="bra")) == ["when.not_equals"]


def test_step__writes_an_entry_from_what_it_asked(world):
    reference = told(world)
    looked(world, reference, damage="wet")
    finished(world, reference)
    decision = world.step("head", reference, "judge", result="läggs ner")
    event = decision.writes[0].event
    assert event.entry.heading == "verdict"
    assert "läggs ner" in event.personal["$text"]


def test_reopen__leaves_the_final_state_by_a_step_that_may(world):
    reference = told(world)
    looked(world, reference, damage="wet")
    finished(world, reference)
    world.step("head", reference, "judge", result="x")
    assert not world.cases[reference].is_open
    world.step("head", reference, "reopen", why="fel")
    assert (world.cases[reference].state, world.cases[reference].is_open) == ("open", True)


def test_hand_over__opens_marks_and_copies(world):
    reference = told(world, damage="wet", why="läcka")
    decision = world.step("keeper", reference, "hand_over", why="allvar")
    case, order = world.cases[reference], world.cases["ORD-2026-0001"]
    assert (case.marks, case.state, case.assignee) == ({"sealed": "read"}, "away", None)
    assert (order.marks, order.values) == ({"sealed": "read"}, {"what": "allvar", "kind": "wet"})
    assert order.reporter == "keeper"
    assert {(link.other, link.outgoing) for link in case.links} == {("ORD-2026-0001", True)}
    assert {(link.other, link.outgoing) for link in order.links} == {(reference, False)}
    assert [write.event.ordinal for write in decision.writes] == [0, 1]


def test_hand_over__narrows_who_may_act_until_it_is_given_back(world):
    reference = told(world)
    world.step("kim", reference, "hand_over", why="allvar")
    assert world.step("head", reference, "give_back").kind == "not_allowed"
    world.step("guard", reference, "give_back")
    assert (world.cases[reference].marks, world.cases[reference].state) == ({}, "told")


def test_hand_over__is_closed_when_the_other_process_is_not_published(world):
    del world.newest["order"]
    refusal = world.step("kim", told(world), "hand_over", why="x")
    assert reasons(refusal) == ["step.opens_unpublished"]


def test_field_of_type_case__links_both_sides(world):
    one, other = told(world), told(world)
    world.step("keeper", one, "twin_of", twin="rep-2026-2")
    assert [link.other for link in world.cases[one].links] == [other]
    assert [(link.other, link.outgoing) for link in world.cases[other].links] == [(one, False)]
    assert world.events[other][-1].kind == "link"


def test_field_of_type_case__refuses_itself_and_what_is_not_there(world):
    one = told(world)
    assert reasons(world.step("keeper", one, "twin_of", twin=one)) == ["step.links_itself"]
    assert faults(world.step("keeper", one, "twin_of", twin="REP-2026-0077")) == {"twin": "value.no_case"}


def test_done_at__may_lie_in_the_past_and_not_in_the_future(world):
    reference = told(world)
    command = TakeStep("c9", Actor("keeper"), reference=reference, step="question", values={"why": "?x"},
                       occurred_at="2026-03-03T00:00:00.000000Z")  # fmt: skip
    assert reasons(world.ask(command)) == ["step.in_future"]


def test_recorded_at__never_goes_backwards(world):
    reference = told(world)
    world.now = "2026-03-01T00:00:00.000000Z"
    world.step("keeper", reference, "question", why="x")
    first, second = world.events[reference]
    assert second.recorded_at == first.recorded_at
    assert second.occurred_at < first.occurred_at


def test_step__guides_who_answered_so():
    text = REPAIR.replace(
        "    asks: [story]\n    may_ask: [found",
        "    guides: [{text: {sv: Torka!, en: Dry it!}, when: {equals: {damage: wet}}}]\n"
        "    asks: [story]\n    may_ask: [found",
    )
    wet = World((load_text(text, LISTS),), PEOPLE)

    def guides(**values):
        command = OpenCase("c", Actor("kim"), process="repair", step=None, unit="bjork", values=values)
        decision = wet.ask(command)
        assert isinstance(decision, Decision)
        return [guide.sv for guide in decision.guides]

    assert guides(story="x", damage="wet", why="y") == ["Torka!"]
    assert guides(story="x") == []
