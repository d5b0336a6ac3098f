"""Who is reminded: who has taken it on, the role with its substitutes, then the level above."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.cases.organisation import Appointment, Organisation, Person, Unit
from engine.cases.staff import Staff, Waiting, told_of
from engine.service.reminding import Ladder

UNITS = {
    code: Unit(code, code, parent, {}, "2020-01-01", None)
    for code, parent in (("top", None), ("mid", "top"), ("low", "mid"), ("bare", "top"))
}
PERSONS = {
    code: Person(code, code, code, "", "", "2020-01-01", to)
    for code, to in (("ann", None), ("bo", None), ("cia", None), ("gone", "2026-01-31"), ("sub", None))
}


def appoint(*rows):
    made = [Appointment(str(n), *row) for n, row in enumerate(rows)]
    return {one.key: one for one in made}


def staff(*rows, day="2026-03-02"):
    return Staff(replace(Organisation(), units=UNITS, persons=PERSONS, appointments=appoint(*rows)), day)


ANN = ("ann", "keeper", "low", "2020-01-01", None, None)
BO = ("bo", "keeper", "mid", "2020-01-01", None, None)
CIA = ("cia", "keeper", "top", "2020-01-01", None, None)
SUB = ("sub", "keeper", "low", "2026-03-01", "2026-03-31", "ann")


@pytest.mark.parametrize(
    ("rows", "waiting", "late", "far", "told"),
    [
        ([ANN, BO], Waiting("low", None, (), ("keeper",)), False, False, {"ann"}),
        ([ANN, BO, SUB], Waiting("low", None, (), ("keeper",)), False, False, {"ann", "sub"}),
        ([ANN, BO], Waiting("low", "cia", (), ("keeper",)), False, False, {"cia"}),
        ([ANN, BO], Waiting("low", "cia", (), ("keeper",)), True, False, {"cia", "ann"}),
        ([ANN, BO, CIA], Waiting("low", "ann", (), ("keeper",)), True, True, {"ann", "bo"}),
        ([BO, CIA], Waiting("low", None, (), ("keeper",)), True, True, {"bo", "cia"}),
        ([ANN], Waiting("low", "gone", (), ("keeper",)), False, False, {"ann"}),
        ([CIA], Waiting("bare", None, (), ("keeper",)), False, False, {"cia"}),
        ([ANN], Waiting("low", None, ("bo",), ()), True, True, {"bo"}),
        ([], Waiting("low", None, (), ("keeper",)), True, True, set()),
    ],
)
def test_told__goes_up_as_it_grows_late(rows, waiting, late, far, told):
    assert set(told_of(waiting, staff(*rows), late=late, far=far)) == told


def test_ending__names_what_nobody_takes_over():
    ends = ("ann", "keeper", "low", "2020-01-01", "2026-03-10", None)
    after = ("bo", "keeper", "low", "2026-03-11", None, None)
    assert [one.person for one in staff(ends).ending("2026-03-16")] == ["ann"]
    assert list(staff(ends, after).ending("2026-03-16")) == []
    assert list(staff(ends).ending("2026-03-09")) == []
    assert list(staff(ends, day="2026-03-11").ending("2026-03-16")) == []


@pytest.mark.parametrize(
    ("next_on", "today", "sent", "coming"),
    [
        ("", "2026-03-01", None, "2026-03-08"),  # new: the day beforehand is to come
        ("", "2026-03-08", -2, "2026-03-10"),
        ("", "2026-03-09", None, "2026-03-10"),  # new: its day beforehand has passed
        ("2026-03-08", "2026-03-09", -2, "2026-03-10"),  # planned and missed
        ("", "2026-03-10", 0, "2026-03-15"),
        ("", "2026-04-01", 5, "9999-12-31"),  # new and late
        ("2026-03-15", "2026-03-15", 5, "9999-12-31"),
    ],
)
def test_ladder__sends_what_is_due_and_plans_the_next(next_on, today, sent, coming):
    assert Ladder((-2, 0, 5), 5).step("2026-03-10", next_on, date.fromisoformat(today)) == (sent, coming)
