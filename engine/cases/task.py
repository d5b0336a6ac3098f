"""What somebody should do now, from the state of one case alone (design.md section 3, States).

Only what the state expects and the open deadlines of steps that can be taken become tasks. It must not know the
store; the rights of an assignee come from the facts.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.cases.case import Case
from engine.cases.decision import Task
from engine.cases.event import Deadline
from engine.cases.facts import Facts
from engine.cases.view import CaseView
from engine.definition.model import Process, Who, Whos

NEVER = "9999-12-31"


def tasks_of(process: Process, case: Case, view: CaseView, facts: Facts) -> tuple[Task, ...]:
    """The tasks of a case as it stands; a final state has none."""
    state = process.states[case.state]
    if state.final:
        return ()
    due = _earliest(case)
    found: dict[tuple[str, str | None, str | None], Task] = {}
    expected = [(e.step, e.by) for e in state.expects if e.when is None or e.when.test(view) is True]
    named = {step for step, _ in expected}
    timed = [
        (step, None) for step in due
        if step not in named and case.state in process.sources[step] and not process.steps[step].stays
    ]  # fmt: skip
    for step, by in (*expected, *timed):
        for task in _of_step(process, case, view, facts, step, by, due.get(step)):
            found.setdefault((task.step, task.role, task.person), task)
    return tuple(found.values())


def _earliest(case: Case) -> dict[str, Deadline]:
    first: dict[str, Deadline] = {}
    for deadline in case.deadlines.values():
        if deadline.status == "open" and (
            deadline.step not in first or deadline.due_on < first[deadline.step].due_on
        ):
            first[deadline.step] = deadline
    return first


def _of_step(
    process: Process,
    case: Case,
    view: CaseView,
    facts: Facts,
    step: str,
    by: Whos | None,
    due: Deadline | None,
) -> Iterator[Task]:
    since = case.recorded_at
    for who in by if by is not None else process.steps[step].by:
        if who.when is not None and who.when.test(view) is not True:
            continue
        common = {
            "step": step, "unit": case.unit, "since": since,
            "due_on": due.due_on if due else None, "due_kind": due.kind if due else None,
        }  # fmt: skip
        if who.role is not None:
            yield Task(role=who.role, person=None, assignee=_taker(case, who.role, facts), **common)  # type: ignore[arg-type]
            continue
        for person in _persons(who, case, view):
            yield Task(role=None, person=person, assignee=person, **common)  # type: ignore[arg-type]


def _persons(who: Who, case: Case, view: CaseView) -> frozenset[str]:
    if who.person_in is not None:
        return view.persons(who.person_in)
    if who.relation == "reporter":
        return frozenset({case.reporter})
    if who.relation == "assignee" and case.assignee:
        return frozenset({case.assignee})
    return frozenset()


def _taker(case: Case, role: str, facts: Facts) -> str | None:
    """The assignee, when they have the role at the unit or above: then the task is theirs alone."""
    if case.assignee is None:
        return None
    path = facts.tree.path(case.unit)
    grants = facts.grants_of(case.assignee)
    return case.assignee if any(g.role == role and g.unit in path for g in grants) else None
