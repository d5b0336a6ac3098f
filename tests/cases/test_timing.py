"""Deadlines in time: rests that somebody decides, facts that are corrected, grounds that depend on case and day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.calendar.period import Period, Unit
from engine.calendar.workday import Calendar
from engine.cases.deadline import Clockwork, Start, days_of, ground_of, pause, resume
from engine.cases.decision import Actor, Amend, ChangeDeadline, Decision, Refusal
from engine.definition.load import load_text
from engine.definition.model import Due
from engine.definition.reading import read_part
from tests.cases.toy import LISTS, ORDER, REPAIR
from tests.cases.toy import PEOPLE as EVERYBODY
from tests.world import World

WORKS = Clockwork(Calendar(frozenset({date(2026, 3, 13)})), ZoneInfo("Europe/Stockholm"))
TIMED = REPAIR.replace(
    "due: {period: $days, from: tell, pauses_in: [asked]}",
    """due:
      - {period: $days, from: tell, pauses_in: [asked]}
      - {name: torn, period: 2 months, from: found, kind: lag_datum, when: {equals: {damage: torn}}}
      - {name: hours, period: 24 hours, from: tell}
      - {name: promise, period: 3 working days, from: found, pauses_in: [asked]}
      - name: swift
        period: 2 working days
        from: tell
        kind: lag_skyndsamt
        grounds:
          - {name: wet, when: {equals: {damage: wet}}, word: {sv: genast, en: at once}}
          - {name: old, word: {sv: utan dröjsmål, en: without delay}, source: {text: A, valid_to: 2026-03-01}}
          - {name: new, word: {sv: skyndsamt, en: swiftly}, source: {text: B, mark: V, valid_from: 2026-03-02}}""",
)


@pytest.fixture
def world():
    documents = load_text(ORDER, LISTS), load_text(TIMED, LISTS)
    return World(documents, dict(EVERYBODY))  # Monday 2 March 2026


def one(world, reference, key):
    return world.cases[reference].deadlines.get(key)


def stands(world, reference, key):
    found = one(world, reference, key)
    return None if found is None else (found.status, found.due_on)


def change(world, reference, change, name="look", by="keeper", reason="därför"):
    command = ChangeDeadline(f"d{next(world.ids)}", Actor(by), reference=reference, deadline=name, change=change,
                             reason=reason)  # fmt: skip
    return world.do(command)


def amend(world, reference, by="kim", **values):
    found = world.do(
        Amend(f"a{next(world.ids)}", Actor(by), reference=reference, values=values, reason="fel")
    )
    assert isinstance(found, Decision), found
    return found


def on(world, day):
    world.now = f"2026-{day}T08:00:00.000000Z"


def why(found):
    assert isinstance(found, Refusal), found
    return [reason.id for reason in found.reasons]


# --- somebody decides


def test_pause__keeps_what_is_left_until_it_is_resumed(world):
    reference = world.open("kim", "repair", story="x")
    on(world, "03-04")
    change(world, reference, "pause")
    assert stands(world, reference, "look") == ("paused", "2026-03-09")
    assert world.tasks[reference][0].due_kind == "lag_skyndsamt"  # the next earliest has its place
    on(world, "03-16")
    change(world, reference, "resume")
    assert stands(world, reference, "look") == ("open", "2026-03-19")
    assert one(world, reference, "look").pauses == (("2026-03-04", "2026-03-16"),)


def test_pause__by_a_person_outlives_the_status_that_pauses_too(world):
    reference = world.open("kim", "repair", story="x")
    change(world, reference, "pause")
    world.step("keeper", reference, "question", why="?!")
    assert why(change(world, reference, "resume")) == ["deadline.rests_in"]
    world.step("kim", reference, "answer", story="x")
    assert one(world, reference, "look").status == "paused"
    change(world, reference, "resume")
    assert one(world, reference, "look").status == "open"


def test_waive__is_never_counted_again_and_stands_in_the_log_with_its_reason(world):
    reference = world.open("kim", "repair", story="x", found="2026-03-01")
    change(world, reference, "waive", "promise")
    on(world, "03-05")
    assert (one(world, reference, "promise").status, one(world, reference, "promise").settled_on) == (
        "waived",
        "2026-03-02",
    )
    amend(world, reference, found="2026-02-01")
    assert one(world, reference, "promise").status == "waived"
    event = world.events[reference][1]
    assert (event.kind, event.data, event.personal) == (
        "deadline",
        {"change": "waive"},
        {"$reason": "därför"},
    )


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"name": "swift"}, "deadline.is_law"), ({"name": "torn"}, "deadline.is_law"),
        ({"name": "nothing"}, "deadline.unknown"), ({"reason": "  "}, "deadline.no_reason"),
        ({"by": "head"}, "step.not_allowed"), ({"change": "resume"}, "deadline.runs"),
    ],
)  # fmt: skip
def test_change__is_refused(world, asked, said):
    reference = world.open("kim", "repair", story="x", found="2026-03-01", damage="torn")
    before = world.cases[reference]
    given = {"change": "pause", **asked}
    assert why(change(world, reference, **given)) == [said]
    assert world.cases[reference] is before


def test_change__of_one_that_is_over_is_refused(world):
    reference = world.open("kim", "repair", story="x")
    change(world, reference, "waive")
    assert why(change(world, reference, "pause")) == ["deadline.is_waived"]
    change(world, reference, "pause", "hours")
    assert why(change(world, reference, "pause", "hours")) == ["deadline.is_paused"]


def test_change__of_a_case_that_is_not_seen_is_not_found(world):
    reference = world.open("kim", "repair", story="x")
    with pytest.raises(LookupError):
        change(world, reference, "pause", by="mender")


# --- a fact is corrected


def test_amend__moves_the_day_and_leaves_the_old_in_the_log(world):
    reference = world.open("kim", "repair", story="x", found="2026-02-02", damage="torn")
    assert stands(world, reference, "torn") == ("open", "2026-04-02")
    event = amend(world, reference, found="2026-02-06").writes[0].event
    assert stands(world, reference, "torn") == ("open", "2026-04-07")  # Easter Monday is the 6th
    assert [
        deadline.due_on for deadline in world.events[reference][0].deadlines if deadline.key == "torn"
    ] == ["2026-04-02"]
    assert {deadline.key for deadline in event.deadlines} == {"torn", "promise"}


def test_amend__starts_and_ends_what_depends_on_the_fact(world):
    reference = world.open("kim", "repair", story="x", found="2026-02-02", damage="wet")
    assert stands(world, reference, "torn") is None
    amend(world, reference, damage="torn")
    assert stands(world, reference, "torn") == ("open", "2026-04-02")
    amend(world, reference, damage="wet")
    assert stands(world, reference, "torn") == ("ended", "2026-04-02")
    amend(world, reference, damage="torn")
    assert stands(world, reference, "torn") == ("open", "2026-04-02")


def test_amend__of_what_is_done_keeps_it_done(world):
    reference = world.open("kim", "repair", story="x", found="2026-02-02")
    world.step("keeper", reference, "look", damage="wet", how_bad="1", how_dear="2", mender="mender")
    amend(world, reference, found="2026-03-02", by="keeper")
    assert stands(world, reference, "promise") == ("met", "2026-03-05")
    amend(world, reference, damage="torn", by="keeper")
    assert stands(world, reference, "torn") == ("met", "2026-05-04")


def test_amend__of_something_else_moves_nothing(world):
    reference = world.open("kim", "repair", story="x", found="2026-02-02")
    assert amend(world, reference, story="y").writes[0].event.deadlines == ()


@settings(deadline=None)
@given(
    st.dates(date(2026, 1, 1), date(2026, 3, 2)),
    st.dates(date(2026, 1, 1), date(2026, 3, 2)),
    st.lists(st.integers(0, 20), min_size=0, max_size=5),
)
@example(date(2026, 1, 1), date(2026, 3, 2), [0, 0])
def test_amend__gives_what_the_right_fact_would_have_given_from_the_start(wrong, right, gaps):
    documents = load_text(ORDER, LISTS), load_text(TIMED, LISTS)
    corrected, at_once = (World(documents, dict(EVERYBODY)) for _ in range(2))
    for world, found in ((corrected, wrong), (at_once, right)):
        reference = world.open("kim", "repair", story="x", found=found.isoformat())
        day = date(2026, 3, 2)
        for number, gap in enumerate(gaps):
            day += timedelta(days=gap)
            world.now = f"{day}T08:00:00.000000Z"
            if number % 2:
                world.step("kim", reference, "answer", story="x")
            else:
                world.step("keeper", reference, "question", why="?!")
    amend(corrected, reference, found=right.isoformat())
    left, wanted = (one(world, reference, "promise") for world in (corrected, at_once))
    assert left == wanted


@given(
    st.builds(
        Period, st.integers(1, 30), st.sampled_from([Unit.DAY, Unit.WORKING_DAY, Unit.WEEK, Unit.MONTH])
    ),
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=4),
)
def test_days__from_scratch_are_those_that_came_step_by_step(period, start, spells):
    due = Due(period=period, from_="x")
    begun = Start(start.isoformat(), f"{start}T00:00:00.000000Z")
    made, day = days_of(due, begun, (), WORKS), start
    for wait, length in spells:
        day += timedelta(days=wait)
        made = pause(made, due, day.isoformat(), WORKS.calendar)
        day += timedelta(days=length)
        made = resume(made, due, day.isoformat(), WORKS.calendar)
    assert days_of(due, begun, made.pauses, WORKS).due_on == made.due_on


# --- what it rests on


def test_ground__follows_the_case_and_the_day_that_time_began(world):
    assert one(world, world.open("kim", "repair", story="x", damage="wet"), "swift").ground == "wet"
    reference = world.open("kim", "repair", story="x", damage="torn")
    assert one(world, reference, "swift").ground == "new"
    amend(world, reference, damage="wet")
    assert one(world, reference, "swift").ground == "wet"
    world.now = "2026-03-01T08:00:00.000000Z"
    assert one(world, world.open("kim", "repair", story="x", damage="torn"), "swift").ground == "old"


def test_ground__is_none_where_none_was_in_force():
    due = read_part(
        Due,
        {
            "period": "1 day",
            "from": "x",
            "grounds": [{"name": "a", "source": {"text": "A", "valid_from": "2026-01-01"}}],
        },
    )
    seen: Any = None  # no condition looks
    found = [ground_of(due, seen, day) for day in ("2025-12-31", "2026-01-01")]
    assert [ground and ground.name for ground in found] == [None, "a"]


def test_swift__has_no_day_but_a_reminder_of_ones_own(world):
    found = one(world, world.open("kim", "repair", story="x"), "swift")
    assert (found.due_on, found.remind_on) == ("2026-03-02", "2026-03-04")


# --- hours


@pytest.mark.parametrize(
    ("now", "at", "on_"),
    [
        (
            "2026-03-28T12:00:00.000000Z",
            "2026-03-29T12:00:00.000000Z",
            "2026-03-29",
        ),  # the missing hour: 14 on the wall
        (
            "2026-10-24T12:00:00.000000Z",
            "2026-10-25T12:00:00.000000Z",
            "2026-10-25",
        ),  # the doubled one: 13 on the wall
        (
            "2026-06-01T22:30:00.000000Z",
            "2026-06-02T22:30:00.000000Z",
            "2026-06-03",
        ),  # after midnight on the wall
    ],
)
def test_hours__are_hours_whatever_the_clock_on_the_wall_does(world, now, at, on_):
    world.now = now
    found = one(world, world.open("kim", "repair", story="x"), "hours")
    assert (found.due_at, found.due_on) == (at, on_)


def test_hours__move_by_whole_days_when_they_have_rested(world):
    reference = world.open("kim", "repair", story="x")
    change(world, reference, "pause", "hours")
    on(world, "03-05")
    change(world, reference, "resume", "hours")
    assert (one(world, reference, "hours").due_at, one(world, reference, "hours").due_on) == (
        "2026-03-06T08:00:00.000000Z", "2026-03-06"
    )  # fmt: skip
