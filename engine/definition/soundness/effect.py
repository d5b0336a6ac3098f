"""What a step does to other cases: the case it opens must get all that its opening step requires."""

from __future__ import annotations

from collections.abc import Mapping

from engine.definition.model import Column, OpensCase, Process, SetValue, Step
from engine.definition.problem import Path
from engine.definition.reference import SOURCES_OF_SETS
from engine.definition.soundness.survey import SETTABLE, Survey, remedy


def inspect_effects(survey: Survey) -> None:
    """Note what is wrong with the cases that steps open. A process that is not known yet is no problem."""
    for key, step in survey.process.steps.items():
        for index, opens in enumerate(step.opens_case):
            at = ("steps", key, "opens_case", index)
            survey.demand((*at, "link"), "link", opens.link, survey.process.links)
            sources = _sources(survey, at, opens)
            for target, source in opens.copies.items():
                if source not in SOURCES_OF_SETS:
                    survey.demand((*at, "copies", target), "field", source, sources)
            for name, said in opens.sets.items():
                for value in (said, *said.otherwise):
                    if value.from_field not in SOURCES_OF_SETS:
                        survey.demand((*at, "sets", name), "field", value.from_field, sources)
            other = (
                survey.process if opens.process == survey.process.process else survey.known.get(opens.process)
            )
            if other is not None:
                _inspect_opening(survey, at, opens, other)


def _sources(survey: Survey, at: Path, opens: OpensCase) -> Mapping[str, Column]:
    """What can be copied: the fields, and the columns of the rows that cases are opened for."""
    fields = survey.process.fields
    if opens.each_row is None:
        if opens.where is not None:
            survey.say((*at, "where"), "where_without_rows", remedy("each_row_of"), key=True)
        return fields
    tables = [name for name, field in fields.items() if field.type == "table"]
    if not survey.demand((*at, "each_row"), "table", opens.each_row, tables):
        return fields
    return {**fields, **fields[opens.each_row].columns}


def _inspect_opening(survey: Survey, at: Path, opens: OpensCase, other: Process) -> None:
    opening = other.steps.get(opens.step)
    if opening is None or not opening.opens:
        survey.unknown((*at, "step"), "opening_step", opens.step, other.opening_steps)
        return
    if opens.each_row is not None and opening.link_for != opens.link:
        accepted = () if opening.link_for is None else (opening.link_for,)
        survey.unknown((*at, "link"), "link_of_row", opens.link, accepted)
    table = survey.process.fields.get(opens.each_row or "")
    sources = {**survey.process.fields, **(table.columns if table is not None else {})}
    for word, names in (("copies", opens.copies), ("sets", opens.sets)):
        for target in names:
            place = (*at, word, target)
            if survey.demand(place, "field_there", target, [*other.fields, *SETTABLE], key=True):
                source = names[target]
                named = source.from_field if isinstance(source, SetValue) else source
                _inspect_copy(survey, place, sources.get(named or ""), target, other)
    for number, marking in enumerate(opens.marks):
        survey.demand((*at, "marks", number, "mark"), "mark_there", marking.mark, other.marks)
    given = {*opens.copies, *opens.sets, "unit"}
    for target in _required(opening):
        if target not in given:
            field = other.label_of(target)
            survey.say(at, "copy_missing", remedy("copy", name=target), field=field, process=other.label)


def _inspect_copy(survey: Survey, at: Path, given: Column | None, target: str, other: Process) -> None:
    """A copy keeps its type and list, and does not bring what is personal into a field that counts."""
    wanted = other.fields.get(target)
    if given is None or wanted is None:
        return
    if (given.type, given.list) != (wanted.type, wanted.list):
        survey.say(at, "copy_other_type", given=given.label, wanted=wanted.label)
    elif strange := _codes_only_here(survey.process, given, other, wanted):
        hint = remedy("copy_other_codes", process=other.label)
        survey.say(at, "copy_other_codes", hint, given=given.label, process=other.label, codes=strange)
    elif wanted.statistics and not given.statistics:
        survey.say(at, "copy_reveals", remedy("statistics"), given=given.label, wanted=wanted.label)


def _codes_only_here(process: Process, given: Column, other: Process, wanted: Column) -> tuple[str, ...]:
    """The codes that can be chosen here and are not in the list of the other process."""
    here, there = process.code_list(given), other.code_list(wanted)
    if here is None or there is None:
        return ()
    return tuple(code for code, one in here.flat.items() if not one.retired and code not in there.flat)[:5]


def _required(opening: Step) -> list[str]:
    return [ask.name for ask in opening.asks if ask.when is None]


def unknown_processes(survey: Survey) -> list[tuple[Path, OpensCase]]:
    """The cases that steps open of processes that are not known, and where it says so."""
    known = {survey.process.process, *survey.known}
    return [
        (("steps", key, "opens_case", index, "process"), opens)
        for key, step in survey.process.steps.items()
        for index, opens in enumerate(step.opens_case)
        if opens.process not in known
    ]
