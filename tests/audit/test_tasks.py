"""Every row of `tasks` follows from the log: of a person, of a condition, of a role, whatever becomes of it."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from engine.audit.past import Past
from engine.audit.verify import verify_log
from engine.cases.event import Acting, Event
from tests.audit.attacks import NEW, THIRD
from tests.audit.owner import owning

TORN = "REP-2026-0005"
COLUMNS = "id, case_id, step, role, person, unit, assignee, due_on, due_kind, since"
PLACES = {
    "of a person": (THIRD, "step = 'finish'"),
    "of a condition": (TORN, "step = 'confirm'"),
    "of a role, somebody's": (TORN, "step = 'look'"),
}
CHANGES = (
    "step = 'send'", "role = 'guard'", "person = 'lo'", "unit = 'ek'", "assignee = 'lo'", "assignee = NULL",
    "assignee = 'keeper'", "due_on = '2026-03-11'", "due_kind = 'lag_datum'",
    "since = '2026-03-04T09:00:00.000000Z'", "since = '2026-03-05T09:00:00.000001Z'",
)  # fmt: skip


class Tampering:
    """One change after another to the tasks, each undone."""

    def __init__(self, database) -> None:
        self.database = database
        with owning(database) as owner:
            self.rows = owner.rows(f"SELECT {COLUMNS} FROM tasks ORDER BY id")

    def __call__(self, sql: str) -> list[tuple[str, str]] | None:
        """What is found when this is done, None when it changed nothing."""
        with owning(self.database) as owner:
            owner.attack(sql)
            changed = owner.rows(f"SELECT {COLUMNS} FROM tasks ORDER BY id") != self.rows
        found = [(one.reference, one.kind) for one in verify_log(self.database).problems]
        with owning(self.database) as owner:
            owner.raw.execute("DELETE FROM tasks")
            for row in self.rows:
                owner.run(f"INSERT INTO tasks ({COLUMNS}) VALUES ({', '.join('?' * 10)})", *row)
        return found if changed else None


def test_verify__finds_any_change_of_a_task(lived):
    tamper = Tampering(lived)
    of = "case_id = (SELECT id FROM streams WHERE name = '{}') AND {}"
    for what, (reference, step) in PLACES.items():
        place = of.format(reference, step)
        for change in CHANGES:
            found = tamper(f"UPDATE tasks SET {change} WHERE {place}")
            assert found in (None, [(reference, "tasks")]), (what, change)
        assert tamper(f"DELETE FROM tasks WHERE {place}") == [(reference, "tasks")], what
    assert verify_log(lived).ok


@pytest.mark.parametrize(
    ("reference", "step", "role", "person"),
    [(NEW, "confirm", "head", ""), (THIRD, "finish", "", "lo"), (TORN, "confirm", "keeper", "")],
)
def test_verify__finds_a_task_that_nobody_expects(lived, reference, step, role, person):
    given = f"'{step}', '{role}', '{person}'"
    found = Tampering(lived)(
        "INSERT INTO tasks (case_id, step, role, person, unit, assignee, due_on, due_kind, since)"
        f" SELECT case_id, {given}, unit, assignee, due_on, due_kind, since FROM tasks"
        f" WHERE case_id = (SELECT id FROM streams WHERE name = '{reference}') LIMIT 1"
    )
    assert found == [(reference, "tasks")]


def test_verify__says_when_tasks_cannot_be_told(lived):
    with owning(lived) as owner:
        owner.write("organisation", 3, b"no event", hashed=False)
    found = [(one.reference, one.kind) for one in verify_log(lived).problems]
    assert ("organisation:organisation", "tasks_not_compared") in found
    assert not [place for place in found if place[1] == "tasks"]


NOTHING = Event(
    "organisation", "organisation", 1, "", Acting(None, "system"), "2026-01-01T08:00:00.000000Z", "2026-01-01",
    "2026-01-01T08:00:00.000000Z", "c1",
)  # fmt: skip


def said(at: str, kind: str, **data) -> Event:
    """An event of the organisation."""
    return replace(NOTHING, kind=kind, recorded_at=at, command_id=f"{at}{kind}", data=data)


def test_past__gives_the_organisation_of_the_time_and_both_at_the_moment_of_a_change():
    past = Past(
        [
            said("2026-01-01T08:00:00.000000Z", "unit_added", code="a", name="A", from_on="2026-01-01"),
            said("2026-01-01T08:00:00.000001Z", "person_added", code="p", from_on="2026-01-01"),
            said(
                "2026-02-01T08:00:00.000000Z", "appointed", key="k", person="p", role="r", unit="a",
                from_on="2026-01-01",
            ),
            said("2026-03-01T08:00:00.000000Z", "unit_added", code="b", name="B", parent="a", from_on="2026-01-01"),
            said("2026-04-01T08:00:00.000000Z", "appointment_changed", key="k", to_on="2026-05-09"),
        ],
        ZoneInfo("Europe/Stockholm"),
    )  # fmt: skip

    def seen(at: str) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        return [
            (facts.tree.path("b"), tuple(grant.role for grant in facts.grants_of("p")))
            for facts in past.facts(at, "p")
        ]

    assert seen("2026-01-15T08:00:00.000000Z") == [(("b",), ())]
    assert seen("2026-02-01T08:04:00.000000Z") == [(("b",), ("r",)), (("b",), ())]
    assert seen("2026-02-01T08:10:00.000000Z") == [(("b",), ("r",))]
    assert seen("2026-03-01T07:58:00.000000Z") == [(("b", "a"), ("r",)), (("b",), ("r",))]
    assert seen("2026-03-02T08:00:00.000000Z") == [(("b", "a"), ("r",))]
    assert seen("2026-05-09T21:00:00.000000Z") == [(("b", "a"), ("r",))]
    assert seen("2026-05-09T22:02:00.000000Z") == [(("b", "a"), ()), (("b", "a"), ("r",))]
    assert seen("2026-05-10T08:00:00.000000Z") == [(("b", "a"), ())]
