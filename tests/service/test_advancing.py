"""Automatic steps whose day has come: taken once by `tick`, as the system, whoever runs it and however often."""

from __future__ import annotations

import pytest

from engine.audit.verify import verify_log
from engine.cases.decision import Advance
from engine.service.deciding import Decider
from engine.service.logged import logged_events
from tests.service.house import publish

LOAN = """
process: loan
version: 1
reference: LOA
label: {sv: Lån, en: Loan}
title: "{unit}"
roles: {keeper: content}
fields:
  back_by: {type: date, label: {sv: Åter senast, en: Back by}, statistics: true, unknown: allowed}
states:
  lent: {label: {sv: Utlånad, en: Lent}, expects: [bring]}
  kept: {label: {sv: Behållen, en: Kept}, expects: [give_up]}
  lost: {label: {sv: Borta, en: Lost}, final: true}
  back: {label: {sv: Åter, en: Back}, final: true}
steps:
  lend: {label: {sv: Låna ut, en: Lend}, opens: lent, by: [keeper], asks: [back_by]}
  bring: {label: {sv: Ta emot, en: Take back}, from: [lent, kept], to: back, by: [keeper]}
  miss:
    label: {sv: Sakna, en: Miss}
    from: [lent]
    to: kept
    by: [system]
    automatic: true
    when: [{after: [$today, back_by]}]
    tells: [{who: [reporter], text: {sv: Den är inte tillbaka., en: It is not back.}}]
  give_up: {label: {sv: Ge upp, en: Give up}, from: [kept], to: lost, by: [keeper]}
"""
DUE = "2026-03-06"


@pytest.fixture(name="loans")
def house_with_loans(house, tmp_path):
    publish(house.door(), tmp_path / "loans", loan=LOAN)
    return house


def lend(house, back_by=DUE):
    return house.by("keeper").cases.open_case("loan", unit="bjork", values={"back_by": back_by}).reference


def at(house, day):
    house.clock.now = f"{day}T08:00:00.000000Z"


def tick(house):
    """Do what is due; how many steps were taken."""
    return next(one.done for one in house.door().tick.run().duties if one.key == "steps")


def course(house, reference):
    """What was done in a case: the kind of who did it, and the status it led to."""
    with house.by("keeper").database.read() as session:
        events = [one.event for one in logged_events(session, reference)]
    return [(event.acting.kind, event.to_state) for event in events]


def test_step__is_taken_once_by_the_system_when_its_day_has_come(loans):
    references = [lend(loans) for _ in range(3)]
    later, never = lend(loans, "2026-03-09"), lend(loans, "?")
    assert tick(loans) == 0
    at(loans, "2026-03-05")
    assert tick(loans) == 0
    at(loans, DUE)
    assert [tick(loans), tick(loans)] == [3, 0]
    for reference in references:
        assert course(loans, reference) == [("person", "lent"), ("system", "kept")]
    told = loans.rows("SELECT count(*) FROM outbox WHERE person = 'keeper' AND text_en = 'It is not back.'")
    assert told == [(3,)]
    assert course(loans, later) == course(loans, never) == [("person", "lent")]
    assert verify_log(loans.by("keeper").database).problems == ()


def test_step__whose_day_came_while_nobody_looked_is_taken_once(loans):
    tick(loans)
    reference = lend(loans)
    at(loans, "2026-03-14")
    assert tick(loans) == 1
    assert course(loans, reference) == [("person", "lent"), ("system", "kept")]


def test_step__is_followed_by_those_that_it_makes_true(sqlite_only, tmp_path):
    then = LOAN.replace(
        "by: [keeper]}\n", "by: [system], automatic: true, when: [{after: [$today, back_by]}]}\n"
    )
    given_up = then[then.rindex("  give_up") :]
    publish(sqlite_only.door(), tmp_path / "loans", loan=LOAN[: LOAN.index("  give_up")] + given_up)
    reference = lend(sqlite_only)
    at(sqlite_only, DUE)
    assert tick(sqlite_only) == 1
    assert [state for _, state in course(sqlite_only, reference)] == ["lent", "kept", "lost"]


def test_step__is_left_when_somebody_has_moved_the_case_meanwhile(loans, monkeypatch):
    reference = lend(loans)
    at(loans, DUE)
    run = Decider.run

    def late(decider, command, content=None):
        if isinstance(command, Advance):
            loans.take("keeper", reference, "bring")
        return run(decider, command, content)

    monkeypatch.setattr(Decider, "run", late)
    assert tick(loans) == 0
    assert course(loans, reference) == [("person", "lent"), ("person", "back")]


def test_step__is_looked_for_in_small_batches_too(loans):
    references = [lend(loans) for _ in range(5)]
    at(loans, DUE)
    door = loans.door()
    door.tick.batch = 2
    assert [one.done for one in door.tick.run().duties if one.key == "steps"] == [5]
    assert {course(loans, reference)[-1] for reference in references} == {("system", "kept")}
