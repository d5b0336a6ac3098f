"""Whatever an owner changes in the database is found and named, the first bad row of a stream first."""

from __future__ import annotations

import pytest

from engine.audit import page, problem, verify
from engine.audit.problem import Problem
from engine.audit.verify import verify_log
from tests.audit.attacks import (
    ATTACKS,
    CASE_COLUMNS,
    FIRST,
    FORGED,
    PAYLOADS,
    SQL,
    THIRD,
    append_organisation,
    flip_body,
    relax_document,
)  # fmt: skip
from tests.audit.owner import owning

OF_ROWS = {"case_columns", "reference_form"}


def found(database, **more) -> tuple[Problem, ...]:
    report = verify_log(database, **more)
    assert report.ok is not bool(report.problems)
    return report.problems


def test_verify__finds_nothing_in_an_untouched_database(lived):
    report = verify_log(lived)
    assert (report.problems, report.ok, report.cases, report.erased) == ((), True, 7, 0)


def test_verify__finds_nothing_when_an_owner_touched_nothing(lived):
    with owning(lived):
        pass
    assert found(lived) == ()


@pytest.mark.parametrize("what", ATTACKS)
def test_verify__finds_and_names(lived, what):
    attack, reference, kind = ATTACKS[what]
    with owning(lived) as owner:
        attack(owner)
    problems = found(lived)
    assert (reference, kind) in [(one.reference, one.kind) for one in problems]


@pytest.mark.parametrize(
    ("reference", "kind", "sql"), [(*place, sql) for place, attacks in SQL.items() for sql in attacks]
)
def test_verify__finds_and_names_what_sql_changed(lived, reference, kind, sql):
    with owning(lived) as owner:
        owner.attack(sql)
    assert (reference, kind) in [(one.reference, one.kind) for one in found(lived)]


@pytest.mark.parametrize("what", FORGED)
def test_verify__finds_what_an_event_was_made_to_say(lived, what):
    reference, seq, change, kind = FORGED[what]
    with owning(lived) as owner:
        owner.forge(reference, seq, change)
    assert (reference, seq if kind not in OF_ROWS else None, kind) in [
        (one.reference, one.seq, one.kind) for one in found(lived)
    ]


@pytest.mark.parametrize("what", PAYLOADS)
def test_verify__finds_what_became_of_personal_values(lived, what):
    change, kind = PAYLOADS[what]
    with owning(lived) as owner:
        owner.payload(FIRST, 1, change)
    assert (FIRST, 1, kind) in [(one.reference, one.seq, one.kind) for one in found(lived)]


@pytest.mark.parametrize("what", CASE_COLUMNS)
def test_verify__finds_what_the_register_says_of_a_case(lived, what):
    with owning(lived) as owner:
        before = owner.rows("SELECT * FROM cases")
        owner.attack(f"UPDATE cases SET {CASE_COLUMNS[what]} WHERE id = {{first}}")
        assert owner.rows("SELECT * FROM cases") != before
    assert [(one.reference, one.kind) for one in found(lived)] == [(FIRST, "case_columns")]


def test_verify__names_each_guard_that_is_gone(lived):
    with owning(lived, restore=False):
        pass
    problems = found(lived)
    assert {one.kind for one in problems} == {"guard"}
    assert len(problems) > 20


def test_verify__tells_the_first_bad_row_of_a_stream_first(lived):
    with owning(lived) as owner:
        owner.attack("UPDATE cases SET title_sv = 'Nej' WHERE id = {first}")
        for stream, seq in (("first", 5), ("first", 2), ("third", 2)):
            owner.attack(f"UPDATE events SET kind = 'amend' WHERE stream_id = {{{stream}}} AND seq = {seq}")
    places = [(one.reference, one.seq) for one in found(lived)]
    assert places[:3] == [(FIRST, 2), (FIRST, 5), (FIRST, None)]
    assert (THIRD, 2) in places[3:]


def test_verify__names_all_that_is_wrong_at_once(lived):
    with owning(lived) as owner:
        for attack in (flip_body, append_organisation, relax_document):
            attack(owner)
        owner.attack("DELETE FROM cases WHERE id = {new}")
    kinds = {one.kind for one in found(lived)}
    assert {"bytes", "register", "definition_bytes", "no_case"} <= kinds


def test_verify__finds_the_same_with_several_processes(lived, monkeypatch):
    monkeypatch.setattr(verify, "WORTH", 1)
    monkeypatch.setattr(verify, "SMALLEST", 2)
    with owning(lived) as owner:
        for what in ("a byte of a body", "a linked case removed", "a document removed"):
            ATTACKS[what][0](owner)
    assert len(found(lived)) > 4
    assert found(lived, jobs=2) == found(lived)


@pytest.mark.parametrize(
    "what", [None, "a byte of a body", "an event removed", "an event that the stream does not know"]
)
def test_verify__finds_the_same_in_small_pages(lived, monkeypatch, what):
    with owning(lived) as owner:
        if what is not None:
            ATTACKS[what][0](owner)
        owner.attack("INSERT INTO unsealed (stream_id, seq) VALUES ({first}, 99)")
    whole = verify_log(lived)
    monkeypatch.setattr(page, "EVENTS", 3)
    monkeypatch.setattr(page, "STREAMS", 2)
    paged = verify_log(lived)
    assert (paged.problems, paged.cases, paged.events) == (whole.problems, whole.cases, whole.events)
    assert whole.problems


def test_verify__names_so_many_problems_and_counts_the_rest(lived, monkeypatch):
    with owning(lived) as owner:
        owner.run("UPDATE events SET kind = 'amend'")
    everything = verify_log(lived)
    assert everything.left_off == 0
    monkeypatch.setattr(problem, "MOST_OF_ONE", 2)
    monkeypatch.setattr(problem, "MOST", 7)
    some = verify_log(lived)
    assert not some.ok
    assert len(some.problems) == 7
    assert some.problems[0].kind == "rights"  # though the organisation comes after seven others
    assert len(some.problems) + some.left_off == len(everything.problems)
