"""What a step writes, as values: what it sets, what is computed, and how values divide into coded and personal."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.cases.case import Case
from engine.cases.event import EMPTY, Event
from engine.cases.renewal import renew
from engine.cases.view import CaseView
from engine.definition.condition import Scalar
from engine.definition.model import Computed, Process, Sets, SetValue
from engine.definition.value import (
    UNKNOWN,
    Value,
    is_missing,
    is_unknown,
    number_of,
    number_value,
    path_of,
    split_path,
)


def provisional(case: Case, process: Process, values: Mapping[str, Value]) -> Case:
    """The case as it would be with these values (None clears), computed fields included."""
    merged = {path: value for path, value in case.values.items() if path not in values}
    merged.update((path, value) for path, value in values.items() if not is_missing(value))
    rows = dict(case.rows)
    for path in values:
        if "." in path and path in merged:
            table, row, _ = split_path(path)
            rows[table] = max(rows.get(table, 0), int((row or "r0")[1:]))
    found = renew(case, values=merged, rows=rows)
    computed = computed_values(found, process)
    if all(merged.get(path) == value for path, value in computed.items()):
        return found
    merged = {path: value for path, value in merged.items() if path not in computed}
    merged.update((path, value) for path, value in computed.items() if value is not None)
    return renew(found, values=merged)


def computed_values(case: Case, process: Process) -> dict[str, Value]:
    """Every computed field and column with its value now (None: an input is missing). In order of dependence."""
    found: dict[str, Value] = {}
    for name, column, computed in process.computed:
        if column is None:
            found[name] = _compute(computed, lambda key: found[key] if key in found else case.value(key))
        else:
            for row, cells in case.table(name).items():
                found[path_of(name, row, column)] = _compute(computed, cells.get)
    return found


def _compute(computed: Computed, read: Callable[[str], Value]) -> Value:
    values = [read(name) for name in computed.inputs]
    if computed.rows:
        return len(values[0] or {})
    if computed.max:
        values = [value for value in values if not is_missing(value)]
        if not values:
            return None
    if any(is_missing(value) for value in values):
        return None
    if any(is_unknown(value) for value in values):
        return UNKNOWN
    numbers = [number for number in map(number_of, values) if number is not None]
    if len(numbers) != len(values):
        return None
    if computed.max:
        return number_value(max(numbers))
    if computed.sum:
        return number_value(sum(numbers[1:], numbers[0]))
    product = numbers[0]
    for number in numbers[1:]:
        product *= number
    return number_value(product)


def recomputed(case: Case, after: Case, process: Process, values: Mapping[str, Value]) -> dict[str, Value]:
    """The values with every computed field that comes out differently because of them: `after` has them all."""
    found = dict(values)
    for path in dict.fromkeys((*after.values, *case.values)):
        now = after.values.get(path)
        if now != case.values.get(path):
            column = process.column(path)
            if column is not None and column.computed:
                found[path] = now
    return found


def set_values(sets: Sets, view: CaseView, given: Mapping[str, Value] = EMPTY) -> dict[str, Value]:
    """What `sets` writes: constants, asked values, or who acts and when."""
    found: dict[str, Value] = {}
    for name, said in sets.items():
        one = _chosen(said, view)
        if one is None:
            continue
        match one.from_field:
            case None:
                found[name] = _constant(view.process, name, one.value)
            case "$actor":
                found[name] = view.actor
            case "$today":
                found[name] = view.day
            case "$reporter" | "$unit":
                found[name] = view.value(one.from_field)
            case source:
                value = given[source] if source in given else view.value(source)
                if not is_missing(value):
                    found[name] = value
    return found


def _chosen(said: SetValue, view: CaseView) -> SetValue | None:
    """What is written: this, else the first that holds of what it says otherwise; None when nothing is."""
    if said.when is None or said.when.test(view) is True:
        return said
    return next(filter(None, (_chosen(other, view) for other in said.otherwise)), None)


def _constant(process: Process, name: str, value: Scalar | None) -> Value:
    column = process.column(name)
    if column is not None and column.type == "yes_no" and isinstance(value, str):
        return value in ("ja", "yes", "true")
    if column is not None and column.type == "choices" and isinstance(value, str):
        return [value]
    return value


def split_changes(
    event: Event,
    process: Process,
    before: Case | None,
    values: Mapping[str, Value],
    said: Mapping[str, Value] = EMPTY,
) -> Event:
    """The event with values sorted into those that count, those that are personal, and those cleared.

    `said` is personal too, and belongs to the event alone: a comment, the text of an entry.
    """
    held = before.values if before else EMPTY
    coded, personal, cleared = dict(event.coded), dict(event.personal), []
    for path, value in values.items():
        if not is_missing(value):
            (coded if process.is_coded(path) else personal)[path] = value
        elif path in held:
            cleared.append(path)
    return renew(event, coded=coded, personal={**personal, **said}, cleared=tuple(sorted(cleared)))
