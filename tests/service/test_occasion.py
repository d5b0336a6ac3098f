"""Which occasions are opened depends on plans and on the organisation, never on when or how often anybody looks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.calendar.recurrence import Recurrence
from engine.calendar.workday import STATUTORY
from engine.cases.organisation import Unit, UnitTree
from engine.cases.schedule import Plan, Schedule, Scope, Taken, Trees
from engine.service.occasion import CATCH_UP, to_open

FIRST, LAST = date(2026, 1, 5), date(2026, 12, 31)
RULES = (
    "FREQ=MONTHLY;BYMONTHDAY=-1",
    "FREQ=WEEKLY;INTERVAL=5;BYDAY=SA",
    "FREQ=YEARLY;BYMONTH=3,8;BYMONTHDAY=1",
)
DAYS = st.dates(FIRST, LAST)


@st.composite
def schedules(draw):
    """A schedule with one plan or two, ended or not."""
    first = str(FIRST)

    def plan(from_on):
        recurrence = Recurrence(draw(st.sampled_from(RULES)), FIRST)
        scope = draw(st.sampled_from((Scope((), ("top",)), Scope(("a",)), Scope((), (), {"kind": "x"}))))
        return Plan(
            from_on, "Rond", "round", "plan", scope, recurrence, draw(st.integers(0, 45)),
            draw(st.sampled_from(("lokal", "lag_datum"))), draw(st.sampled_from(("stays", "next", "previous"))),
        )  # fmt: skip

    later = draw(st.lists(DAYS.map(str).filter(lambda day: day > first), max_size=1))
    ended = draw(st.none() | DAYS.map(str))
    return Schedule("k", plans=tuple(map(plan, (first, *later))), ended_on=ended)


@st.composite
def histories(draw):
    """Units that come, move and change, known at the end of some days. None of them ends."""
    since: list[tuple[str, UnitTree]] = []
    stands = {"a": ("top", "x"), "b": ("top", "y"), "c": (None, "x")}
    for day in sorted(draw(st.sets(DAYS.map(str), max_size=4)) | {"2025-01-01"}):
        if since:
            stands[draw(st.sampled_from("abcd"))] = (
                draw(st.sampled_from(("top", None))),
                draw(st.sampled_from("xy")),
            )
        units = [Unit("top", "T"), Unit("other", "O")]
        units += [
            Unit(code, code, above or "other", {"kind": kind}) for code, (above, kind) in stands.items()
        ]
        since.append((day, UnitTree(units)))
    return Trees(since)


def known(trees, day):
    """What is known of the units at the end of a day."""
    return Trees([entry for entry in trees.since if entry[0] <= str(day)])


def course(schedule, trees, days):
    """What is opened when somebody looks on these days, in the order that it is."""
    opened = []
    for day in sorted(days):
        for found in to_open([schedule], known(trees, day), STATUTORY, day):
            assert found.day.opens_on <= day
            opened.append((found.day.on, found.unit))
            taken = {**schedule.taken, (str(found.day.on), found.unit): Taken("opened", "R", None, "")}
            schedule = replace(schedule, taken=taken)
    return opened


@settings(max_examples=60, deadline=None)
@given(schedules(), histories(), st.sets(DAYS, max_size=12))
def test_opened__are_the_same_whenever_and_however_often_anybody_looks(schedule, trees, days):
    end = FIRST + timedelta(days=CATCH_UP)
    seldom, often = course(schedule, trees, {end}), course(schedule, trees, {*days, end})
    assert sorted(often) == sorted(seldom)
    assert len(set(often)) == len(often)


@settings(max_examples=40, deadline=None)
@given(schedules(), DAYS, DAYS, DAYS)
def test_days__of_two_windows_are_those_of_both(schedule, one, two, three):
    start, middle, end = sorted((one, two, three))
    apart = [
        *schedule.days(start, middle, STATUTORY), *schedule.days(middle + timedelta(days=1), end, STATUTORY),
    ]  # fmt: skip
    assert apart == list(schedule.days(start, end, STATUTORY))


def test_opened__are_not_what_is_too_long_ago():
    trees = Trees([("2020-01-01", UnitTree([Unit("top", "T"), Unit("a", "A", "top")]))])
    plan = Plan(str(FIRST), "Rond", "round", "plan", Scope((), ("top",)), Recurrence(RULES[2], FIRST))
    schedule = Schedule("k", plans=(plan,))
    late = date(2026, 3, 1) + timedelta(days=CATCH_UP)
    assert [str(found.day.on) for found in to_open([schedule], trees, STATUTORY, late)][:1] == ["2026-03-01"]
    later = late + timedelta(days=1)
    assert [str(found.day.on) for found in to_open([schedule], trees, STATUTORY, later)][:1] == ["2026-08-01"]
