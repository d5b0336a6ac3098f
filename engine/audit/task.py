"""Whether the tasks of a case can be those that follow from its state, as far as the definition alone tells.

Conditions over the case and who had which role that day are not asked again: a task whose condition has another
outcome is not found here, one of a wrong step, role, unit or day is. It must not know the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.audit.basis import Expected
from engine.store.case_projection import NO_DAY

Due = tuple[str, str | None]


def task_faults(
    rows: Sequence[Sequence[Any]], expected: Expected, unit: str, holder: str | None, at: str,
    deadlines: Iterable[Mapping[str, Any]],
) -> list[str]:  # fmt: skip
    """The steps whose tasks do not fit.

    Args:
        rows: step, role, person, unit, assignee, due_on, due_kind, since.
        expected: What the state allows and demands.
        unit: The unit of the case.
        holder: Who has the case.
        at: When the case was last written.
        deadlines: The deadlines of the case, as its data has them.
    """
    due = _due(deadlines)
    faults = [row[0] for row in rows if not _fits(row, expected, due, unit, holder, at)]
    demanded = set(expected.demanded)
    for step in due:
        if step in expected.timed and step not in expected.allowed:
            demanded |= {(step, role) for role in expected.timed[step][0] if not expected.timed[step][1]}
    there = {(row[0], row[1]) for row in rows}
    return sorted({*faults, *(step for step, role in demanded if (step, role) not in there)})


def _due(deadlines: Iterable[Mapping[str, Any]]) -> dict[str, set[Due]]:
    """Step -> day and kind of its earliest open deadline (several when they fall on one day)."""
    found: dict[str, set[Due]] = {}
    for deadline in deadlines:
        if deadline["status"] != "open":
            continue
        known = found.setdefault(deadline["step"], set())
        first = min((day for day, _ in known), default=NO_DAY)
        if deadline["due_on"] < first:
            known.clear()
        if deadline["due_on"] <= first:
            known.add((deadline["due_on"], deadline["kind"]))
    return found


def _fits(
    row: Sequence[Any],
    expected: Expected,
    due: Mapping[str, set[Due]],
    unit: str,
    holder: str | None,
    at: str,
) -> bool:
    step, role, person, where, assignee, due_on, due_kind, since = row
    kinds = [expected.allowed[step]] if step in expected.allowed else []
    if step in due and step in expected.timed:
        kinds.append(expected.timed[step])
    is_held = role in frozenset().union(*(roles for roles, _ in kinds)) if role else any(p for _, p in kinds)
    return (
        bool(kinds)
        and is_held
        and bool(role) != bool(person)
        and where == unit
        and assignee in ((None, holder) if role else (person,))
        and (due_on, due_kind) in due.get(step, {(NO_DAY, None)})
        and since <= at
    )
