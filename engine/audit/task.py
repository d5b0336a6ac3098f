"""Whether the tasks of a case are those that its last event left, by what wrote them: `engine.cases.task`.

What they follow from is all in the log: the case itself, who acted and on which day, and the organisation as it
was then. A task depends on nothing outside its case (a link counts, what is at its other end does not), so no
other case is read. It must not know the store.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.audit.past import Past
from engine.cases.case import Case
from engine.cases.task import tasks_of
from engine.cases.view import CaseView
from engine.definition.model import Process
from engine.store.case_projection import task_row


class TasksElsewhereError(LookupError):
    """The definition lets a task depend on another case, so that it does not follow from its own."""


def task_faults(
    rows: Sequence[Sequence[Any]], case: Case, process: Process, actor: str | None, day: str, past: Past
) -> list[str]:
    """The steps whose tasks are missing, are too many or say something else than they must.

    Args:
        rows: step, role, person, unit, assignee, due_on, due_kind, since.
        case: As its last event left it.
        process: The definition that the event follows.
        actor: Who acted.
        day: The local day of the act.
        past: The organisation, then as now.

    Raises:
        TasksElsewhereError: A condition asks for another case.
    """
    if case.state in process.bound_elsewhere:
        raise TasksElsewhereError(case.state)
    there = {tuple(row) for row in rows}
    found: list[list[str]] = []
    for facts in past.facts(case.recorded_at, case.assignee):
        view = CaseView(case, process, facts, lambda _: (case, process), actor, day)
        wanted = set(map(task_row, tasks_of(process, case, view, facts)))
        if wanted == there and len(there) == len(rows):
            return []
        found.append(sorted({str(row[0]) for row in wanted ^ there}))
    return min(found, key=len) or sorted({str(row[0]) for row in rows})
