"""What people did with deadlines stands in the log with its reason, and nobody changes the rows of it unseen."""

from __future__ import annotations

import pytest

from engine.audit.verify import verify_log
from tests.audit.owner import owning

RESTS, RUNS, LET_BE = "REP-2026-0001", "REP-2026-0002", "REP-2026-0003"
TABLES = ("deadlines", "tasks")
OF_CASE = "WHERE case_id = (SELECT id FROM streams WHERE name = '{}')"
ATTACKS = [
    (RESTS, "rows", "UPDATE deadlines SET status = 'open' {}"),
    (RESTS, "rows", "UPDATE deadlines SET status = 'waived', settled_on = '2026-03-04' {}"),
    (RESTS, "rows", "DELETE FROM deadlines {}"),
    (RESTS, "tasks", "UPDATE tasks SET due_on = '2026-03-09' {}"),
    (RUNS, "rows", "UPDATE deadlines SET due_on = '2026-03-09' {}"),
    (RUNS, "rows", "UPDATE deadlines SET since = '2026-03-05' {}"),
    (RUNS, "rows", "UPDATE deadlines SET status = 'paused' {}"),
    (RUNS, "tasks", "UPDATE tasks SET due_on = '2026-03-09' {}"),
    (LET_BE, "rows", "UPDATE deadlines SET status = 'open', settled_on = NULL {}"),
    (LET_BE, "rows", "UPDATE deadlines SET settled_on = '2026-03-02' {}"),
    (LET_BE, "rows", "UPDATE deadlines SET status = 'met' {}"),
]


def at(house, day):
    house.clock.now = f"{day}T08:00:00.000000Z"


@pytest.fixture(name="moved")
def house_with_moved_deadlines(house):
    """One deadline rests, one runs again after a rest of two working days, one is let be."""
    assert [house.tell() for _ in range(3)] == [RESTS, RUNS, LET_BE]
    cases = house.by("keeper").cases
    at(house, "2026-03-04")
    for reference in (RESTS, RUNS):
        cases.change_deadline(reference, "look", "pause", "Vi väntar på boken.")
    cases.change_deadline(LET_BE, "look", "waive", "Boken är utgången.")
    at(house, "2026-03-06")
    cases.change_deadline(RUNS, "look", "resume", "Boken kom.")
    return house


def problems(house):
    return {(one.reference, one.kind) for one in verify_log(house.by("keeper").database).problems}


def test_deadlines__that_people_moved_are_replayed(moved):
    assert moved.rows("SELECT status, due_on, settled_on FROM deadlines ORDER BY case_id") == [
        ("paused", "2026-03-09", None), ("open", "2026-03-11", None), ("waived", "2026-03-09", "2026-03-04")
    ]  # fmt: skip
    assert problems(moved) == set()
    moved.door().tick.run()  # reminders are planned in the same rows
    assert problems(moved) == set()


def test_deadlines__that_somebody_changed_behind_the_log_are_found(moved):
    database = moved.by("keeper").database
    with owning(database) as owner:
        for table in TABLES:
            owner.raw.execute(f"CREATE TABLE kept_{table} AS SELECT * FROM {table}")
    for reference, kind, sql in ATTACKS:
        with owning(database) as owner:
            owner.run(sql.format(OF_CASE.format(reference)))
        assert problems(moved) == {(reference, kind)}, sql
        with owning(database) as owner:
            for table in TABLES:
                owner.raw.execute(f"DELETE FROM {table}")
                owner.raw.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")
    assert problems(moved) == set()


def test_deadlines__a_reason_that_somebody_changed_is_found(moved):
    moved.run(
        "UPDATE payloads SET content = replace(content, 'utgången', 'funnen') WHERE content LIKE '%utg%'"
    )
    assert problems(moved) == {(LET_BE, "commitment")}
