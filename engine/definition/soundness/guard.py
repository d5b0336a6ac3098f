"""Conditions: every name in them is known, every value is one of its field, and they may hold or not hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.definition import condition as vocabulary
from engine.definition.condition import Base
from engine.definition.model import Column
from engine.definition.problem import Path
from engine.definition.soundness.role import inspect_person
from engine.definition.soundness.survey import READABLE, Placed, Survey, conditions, remedy, walk
from engine.definition.soundness.verdict import verdict
from engine.definition.soundness.worth import CODED, bounds, is_numeric, suits
from engine.definition.value import number_of


@dataclass(frozen=True)
class Scope:
    """What a condition may read where it stands. `table` is the one whose rows it is asked about."""

    columns: Mapping[str, Column]
    table: str | None = None


def inspect_guards(survey: Survey) -> None:
    """Note what is wrong with the conditions."""
    process = survey.process
    faulty: set[Path] = set()
    for placed in conditions(survey):
        before = len(survey.found)
        _inspect_place(survey, placed)
        scope = _scope(survey, placed.at)
        _inspect(survey, placed.at, placed.condition, scope)
        if len(survey.found) > before:
            faulty.add(placed.at)
            continue
        holds = verdict(process, [placed.condition], placed.states, {**process.fields, **scope.columns})
        if holds is not None:
            faulty.add(placed.at)
            survey.say(placed.at, f"{holds}_holds", remedy(f"{holds}_holds"))
    for key, step in process.steps.items():
        at = ("steps", key, "when")
        if len(step.when) < 2 or any(place[:3] == at for place in faulty):
            continue
        if verdict(process, step.when, process.sources[key], process.fields) == "never":
            survey.say(at, "never_together", remedy("never_holds"))


def _scope(survey: Survey, at: Path) -> Scope:
    """What a condition is asked about: the case, or the rows that cases are opened for."""
    process = survey.process
    if at[0] == "steps" and at[2] == "opens_case" and at[4] == "where":
        table = process.steps[str(at[1])].opens_case[int(at[3])].each_row
        if table in process.fields:
            return Scope(process.fields[table].columns, table)
    return Scope(process.fields)


def _inspect_place(survey: Survey, placed: Placed) -> None:
    """What the law demands is demanded of a step, as a condition of its own."""
    for at, node in walk(placed.condition, placed.at):
        is_there = at == placed.at and at[0] == "steps" and at[2] == "when"
        if isinstance(node, vocabulary.ByLaw) and not is_there:
            survey.say((*at, "by_law"), "by_law_outside", remedy("by_law"), key=True)


def _inspect(survey: Survey, at: Path, condition: Base, scope: Scope) -> None:
    """Note what is wrong with one condition and those inside it."""
    match condition:
        case vocabulary.AllOf() | vocabulary.AnyOf():
            word = "all" if isinstance(condition, vocabulary.AllOf) else "any"
            for index, part in enumerate(condition.members()):
                _inspect(survey, (*at, word, index), part, scope)
        case vocabulary.ByLaw():
            for must, part in condition.by_law.items():
                survey.demand((*at, "by_law", must), "must", must, survey.process.musts, key=True)
                _inspect(survey, (*at, "by_law", must), part, scope)
        case vocabulary.Not():
            _inspect(survey, (*at, "not"), condition.not_, scope)
        case vocabulary.Filled() | vocabulary.Known():
            word = "filled" if isinstance(condition, vocabulary.Filled) else "known"
            for index, name in enumerate(getattr(condition, word)):
                _column(survey, (*at, word, index), name, scope)
        case vocabulary.Compared():
            _inspect_compared(survey, at, condition, scope)
        case _:
            _inspect_other(survey, at, condition, scope)


def _inspect_other(survey: Survey, at: Path, condition: Base, scope: Scope) -> None:
    """What is asked about dates, states, rows, steps and persons."""
    process = survey.process
    match condition:
        case vocabulary.After():
            for index, name in enumerate(condition.after):
                _inspect_date(survey, (*at, "after", index), name, scope)
        case vocabulary.InState():
            for index, state in enumerate(condition.in_state):
                survey.demand((*at, "in_state", index), "state", state, process.states)
        case vocabulary.EachRow():
            for table, each in condition.each_row.items():
                _inspect_rows(survey, (*at, "each_row", table), table, each, scope)
        case vocabulary.Taken():
            step = condition.taken.step
            is_known = survey.demand((*at, "taken", "step"), "step", step, process.steps)
            if is_known and condition.taken.at_least > 1 and process.steps[step].once:
                survey.say((*at, "taken", "at_least"), "taken_once", step=process.steps[step].label)
        case vocabulary.DifferentPersonFrom():
            for index, name in enumerate(condition.different_person_from):
                _inspect_person(survey, (*at, "different_person_from", index), name, scope)
        case _:
            _inspect_links(survey, at, condition, scope)


def _inspect_links(survey: Survey, at: Path, condition: Base, scope: Scope) -> None:
    """What is asked about entries and other cases."""
    process = survey.process
    match condition:
        case vocabulary.EntriesCover():
            for index, heading in enumerate(condition.entries_cover):
                survey.demand((*at, "entries_cover", index), "heading", heading, process.headings)
        case vocabulary.Linked():
            survey.demand((*at, "linked", "kind"), "link", condition.linked.kind, process.links)
            for word, asked in (("where", condition.linked.where), ("each", condition.linked.each)):
                if asked is not None:
                    _inspect_there(survey, (*at, "linked", word), condition.linked.kind, asked)
        case vocabulary.NamedIn():
            _inspect_named_in(survey, at, condition, scope)
        case vocabulary.LinkedRow():
            survey.demand((*at, "linked_row"), "link", condition.linked_row, process.links)
            if scope.table is None:
                survey.say((*at, "linked_row"), "row_outside", remedy("each_row"), key=True)


def _inspect_named_in(survey: Survey, at: Path, condition: vocabulary.NamedIn, scope: Scope) -> None:
    fields = survey.process.fields
    tables = [name for name, field in fields.items() if field.type == "table" and name != scope.table]
    for table, column in condition.named_in.items():
        if survey.demand((*at, "named_in", table), "table", table, tables, key=True):
            texts = [name for name, one in fields[table].columns.items() if one.type == "text"]
            survey.demand((*at, "named_in", table), "text_column", column, texts)
    if scope.table is None:
        survey.say((*at, "named_in"), "row_outside", remedy("each_row"), key=True)


def _inspect_date(survey: Survey, at: Path, name: str, scope: Scope) -> None:
    column = None if name == "$today" else _column(survey, at, name, scope)
    if column is not None and column.type not in ("date", "datetime"):
        survey.say(at, "after_not_date", remedy("date"), field=column.label)


def _column(survey: Survey, at: Path, name: str, scope: Scope, *, key: bool = False) -> Column | None:
    """The field or column that a condition names; None for an intrinsic, and for an unknown name (noted)."""
    fields = survey.process.fields
    column = scope.columns.get(name) or fields.get(name)
    if column is None and name not in READABLE:
        survey.unknown(at, "field", name, [*scope.columns, *fields, *READABLE], key=key)
    return column


def _inspect_person(survey: Survey, at: Path, name: str, scope: Scope) -> None:
    process = survey.process
    if name in process.steps or name in ("$reporter", "$assignee"):
        return
    column = scope.columns.get(name)
    if column is None:
        inspect_person(survey, at, name, process.steps)
    elif column.type != "person":
        survey.say(at, "not_a_person", remedy("person"), field=column.label)


def _inspect_compared(survey: Survey, at: Path, condition: vocabulary.Compared, scope: Scope) -> None:
    word = next(iter(type(condition).declared))
    for name, wanted in condition.pairs().items():
        place = (*at, word, name)
        column = _column(survey, place, name, scope, key=True)
        if column is None:
            continue
        if not _is_comparable(word, column):
            hint = remedy("use_has") if column.type == "choices" else None
            survey.say(
                place, "not_comparable", hint, key=True, word=word, field=column.label, type=column.type
            )
        elif word in ("at_least", "at_most"):
            _inspect_threshold(survey, place, word, column, wanted, scope)
        else:
            _inspect_values(survey, place, column, wanted if isinstance(wanted, tuple) else (wanted,))


def _is_comparable(word: str, column: Column) -> bool:
    if word in ("at_least", "at_most"):
        return is_numeric(column)
    if word == "equals":
        return column.type not in ("choices", "table", "file", "period")
    if word == "one_of":
        return column.type not in ("choices", "table", "file", "period", "yes_no") and not _is_number(column)
    return column.type in CODED


def _is_number(column: Column) -> bool:
    return is_numeric(column) and column.type != "scale"


def _inspect_values(survey: Survey, at: Path, column: Column, wanted: tuple[Any, ...]) -> None:
    codes = survey.process.code_list(column)
    is_tree = at[-2] == "within"
    fit = [suits(survey, (*at, index), column, value, below=is_tree) for index, value in enumerate(wanted)]
    if codes is None or not all(fit) or at[-2] not in ("one_of", "within"):
        return
    covered: set[str] = set()
    for code in wanted:
        covered |= codes.below.get(code, frozenset()) if at[-2] == "within" else {code}
    if all(code in covered for code, listed in codes.flat.items() if not listed.retired):
        survey.say(at, "covers_all", remedy("use_filled"), key=True, field=column.label)


def _inspect_threshold(
    survey: Survey, at: Path, word: str, column: Column, wanted: Any, scope: Scope
) -> None:
    beside = scope.columns if column in scope.columns.values() else survey.process.fields
    least, most = bounds(survey.process, column, beside)
    threshold = number_of(wanted)
    if threshold is None:
        return
    if word == "at_least":
        never, always = most is not None and threshold > most, least is not None and threshold <= least
    else:
        never, always = least is not None and threshold < least, most is not None and threshold >= most
    if never or always:
        hint = None if least is None or most is None else remedy("between", least=str(least), most=str(most))
        message = "never_reached" if never else "always_reached"
        survey.say(at, message, hint, field=column.label, value=str(wanted))


def _inspect_rows(survey: Survey, at: Path, table: str, each: Base, scope: Scope) -> None:
    process = survey.process
    tables = [key for key, field in process.fields.items() if field.type == "table"]
    if scope.table is not None:
        survey.say(at, "row_in_row", key=True)
    if not survey.demand(at, "table", table, tables, key=True):
        return
    before = len(survey.found)
    inside = Scope(process.fields[table].columns, table)
    _inspect(survey, at, each, inside)
    if len(survey.found) == before:
        holds = verdict(process, [each], process.states, {**process.fields, **inside.columns})
        if holds is not None:
            survey.say(at, f"{holds}_holds", remedy(f"{holds}_holds"))


def _inspect_there(survey: Survey, at: Path, kind: str, asked: Base) -> None:
    """What is asked about linked cases: some known process with that kind of link must have what it names."""
    there = [process for process in survey.known.values() if kind in process.links]
    if not there:
        return
    for name in sorted(asked.fields()):
        if name not in READABLE and not any(process.column(name) for process in there):
            survey.unknown(at, "field_there", name, _all(process.fields for process in there))
    for name in sorted(asked.steps()):
        if not any(name in process.steps for process in there):
            survey.unknown(at, "step_there", name, _all(process.steps for process in there))
    for state in sorted(_states(asked)):
        if not any(state in process.states for process in there):
            survey.unknown(at, "state_there", state, _all(process.states for process in there))


def _states(condition: Base) -> frozenset[str]:
    own = frozenset(condition.in_state) if isinstance(condition, vocabulary.InState) else frozenset[str]()
    return own.union(*(_states(part) for part in condition.parts()))


def _all(names: Iterable[Iterable[str]]) -> list[str]:
    return [name for some in names for name in some]
