"""What a step asks for, given what is known: which fields apply, what is missing, what was not asked.

Used by `decide` to refuse with everything at once, and by forms to ask one thing after another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.cases.decision import Fault
from engine.cases.reading import INTRINSIC
from engine.cases.view import CaseView, words_of
from engine.definition.model import Ask, Column, Process, Step
from engine.definition.value import Value, is_missing, is_unknown, split_path
from engine.language.sentence import Words, sentence


def applies(ask: Ask, view: CaseView) -> bool:
    """Whether a field is asked for now."""
    return ask.when is None or ask.when.test(view) is True


def asked_column(process: Process, step: Step, ask: Ask) -> Column:
    """What is asked: a field, an intrinsic, or (with `adds_row`) a column of the new row."""
    if ask.field.startswith("$"):
        return INTRINSIC[ask.name]
    if step.adds_row and ask.field in process.fields[step.adds_row].columns:
        return process.fields[step.adds_row].columns[ask.field]
    return process.fields[ask.field]


def missing_of(step: Step, given: Mapping[str, Value], view: CaseView) -> list[Fault]:
    """The required fields that nobody has given now.

    An old value does not answer for a new step (an old reason is no reason), unless it is `kept`; a table is
    answered by the rows it has.

    Args:
        step: The step.
        given: What was given now, path -> value.
        view: The case with what was given.
    """
    process = view.process
    faults = _missing_cells(step, given, view)
    for ask, _ in step.asked():
        if ask.fills and applies(ask, view):
            faults += _missing_fills(ask, view)
    for ask in step.asks:
        if not applies(ask, view) or (step.adds_row and ask.field in process.fields[step.adds_row].columns):
            continue
        column = asked_column(process, step, ask)
        if _is_given(ask.name, column, given) or is_answered(ask, step, view):
            continue
        faults.append(Fault(ask.name, column.label, sentence("value.required"), choices_now(process, column)))
    return faults


def is_answered(ask: Ask, step: Step, view: CaseView) -> bool:
    """Whether what the case holds answers an ask: the rows of a table, a value that is `kept`, or what is set."""
    if asked_column(view.process, step, ask).type == "table" and view.case.table(ask.name):
        return True
    held = view.value(ask.field)
    if ask.kept and not is_missing(held) and not is_unknown(held):
        return True
    return ask.name in step.sets and not is_missing(held)


def choices_now(process: Process, column: Column) -> tuple[tuple[str, Words], ...]:
    """The codes that may be chosen, with labels; empty for a field without a list."""
    codes = process.code_list(column)
    if codes is None:
        return ()
    return tuple((code, listed.label) for code, listed in codes.flat.items() if not listed.retired)


def _is_given(name: str, column: Column, given: Mapping[str, Value]) -> bool:
    if column.type == "table":
        return any(path.startswith(f"{name}.") and not is_missing(value) for path, value in given.items())
    return not is_missing(given.get(name))


def _missing_cells(step: Step, given: Mapping[str, Value], view: CaseView) -> list[Fault]:
    """Required columns that a row touched now lacks."""
    process, faults = view.process, list[Fault]()
    touched = {split_path(path)[:2] for path, value in given.items() if "." in path and not is_missing(value)}
    required = {ask.name for ask in step.asks if applies(ask, view)}
    if step.adds_row and not any(table == step.adds_row for table, _ in touched):
        columns = process.fields[step.adds_row].columns
        faults += [
            Fault(name, columns[name].label, sentence("value.required"), choices_now(process, columns[name]))
            for name in columns if columns[name].required or name in required
        ]  # fmt: skip
    for table, row in sorted(touched, key=str):
        columns = process.fields[table].columns
        cells = view.case.table(table).get(str(row), {})
        for name, column in columns.items():
            is_required = column.required or (table == step.adds_row and name in required)
            if is_required and is_missing(cells.get(name)):
                faults.append(
                    Fault(
                        f"{table}.{row}.{name}",
                        column.label,
                        sentence("value.required"),
                        choices_now(process, column),
                    )
                )
    return faults


def _missing_fills(ask: Ask, view: CaseView) -> list[Fault]:
    """The cells that a step wants of every row of a table and that are empty."""
    process = view.process
    columns = process.fields[ask.name].columns
    return [
        Fault(
            f"{ask.name}.{row}.{name}", columns[name].label, sentence("value.required"),
            choices_now(process, columns[name]),
        )
        for row, cells in view.case.table(ask.name).items()
        for name in ask.fills
        if is_missing(cells.get(name))
    ]  # fmt: skip


def takes_unknown(column: Column, ask: Ask | None) -> bool:
    """Whether "vet inte" is an answer here: the field allows it, and the step that asks does not forbid it."""
    return column.unknown == "allowed" and (ask is None or ask.unknown is None)


def undecided(step: Step, given: Mapping[str, Value], view: CaseView) -> list[Fault]:
    """What was answered by "vet inte" where the step must be told."""
    if not any(map(is_unknown, given.values())):
        return []
    asks = {ask.name: ask for ask, _ in step.asked() if ask.unknown is not None and applies(ask, view)}
    return [
        Fault(path, asked_column(view.process, step, asks[name]).label, sentence("value.unknown_not_allowed"))
        for path, value in given.items()
        if is_unknown(value) and (name := path.rpartition(".")[2]) in asks
    ]


def not_asked(step: Step, given: Iterable[str], view: CaseView) -> list[Fault]:
    """What was given and not asked for: by this step, or not now."""
    asks = step.asks_by_name
    faults: list[Fault] = []
    for path in given:
        name = path.partition(".")[0]
        if name == step.adds_row:
            name = path.rpartition(".")[2]
            if name in view.process.fields[step.adds_row].columns:
                continue
        ask = asks.get(name)
        label = words_of(view.process, name)
        if ask is None:
            faults.append(Fault(name, label, sentence("value.not_asked", step=step.label)))
        elif not applies(ask, view) and ask.when is not None:
            faults.append(Fault(name, label, sentence("value.not_now", condition=ask.when.says(view))))
    return list({fault.field: fault for fault in faults}.values())
