"""What a step does to other cases, and what it does by itself: opens, hands over, returns, links, automatic steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from engine.cases.case import Case
from engine.cases.event import EMPTY, Acting, Event, Link
from engine.cases.facts import Definition
from engine.cases.following import follow
from engine.cases.view import CaseView, RowView
from engine.cases.work import Work, refuse
from engine.cases.writing import computed_values, provisional, recomputed, set_values, split_changes
from engine.definition.condition import Condition
from engine.definition.machine import UNBORN, target
from engine.definition.model import Marking, OpensCase, Process, Step
from engine.definition.value import Value, is_missing
from engine.language.sentence import Sentence, sentence

MOST_OPENED: Final = 200
"""So many cases may one step open, those that they open in their turn counted."""


def check_openings(work: Work, step: Step, view: CaseView, *, certain: bool) -> list[Sentence]:
    """Why the cases that a step would open cannot be opened: their process is not published.

    Args:
        work: The decision in the making.
        step: The step.
        view: The case with what was given.
        certain: Ask only about openings without a condition (before anything is given).
    """
    reasons = []
    for opens in step.opens_case:
        if opens.when is not None and (certain or opens.when.test(view) is not True):
            continue
        found = work.facts.newest(opens.process)
        if found is None:
            reasons.append(sentence("step.opens_unpublished", process=opens.process))
        elif opens.step not in found.process.steps or not found.process.steps[opens.step].opens:
            reasons.append(sentence("step.opens_no_step", process=found.process.label, step=opens.step))
    return reasons


def do_effects(
    work: Work, before: Case | None, event: Event, definition: Definition, step: Step, view: CaseView
) -> None:
    """Write the event with its marks and links, and the cases it opens."""
    given = {mark: kept for mark, kept in event.marks.items() if kept}
    own = _marked(step.marks, view)
    marks = own | dict(event.marks)
    sets = dict(event.sets)
    if step.hands_over is not None and _holds(step.hands_over.when, view):
        given[step.hands_over.mark] = marks[step.hands_over.mark] = step.hands_over.keeps
        sets["assignee"] = ""
    if step.returns is not None and _holds(step.returns.when, view):
        marks[step.returns.mark] = ""
        sets["assignee"] = ""
    opening = [one for opens in step.opens_case if _holds(opens.when, view) for one in _openings(opens, view)]
    names = [work.new_reference() for _ in opening]
    links = tuple(
        Link(opens.link, name, outgoing=row is None, row="" if row is None else row.path)
        for (opens, row), name in zip(opening, names, strict=True)
    )
    if opening or own or step.hands_over is not None or step.returns is not None:
        event = replace(event, marks=marks, sets=sets, opened=tuple(names), links=(*event.links, *links))
    case = work.write(before, event, definition, step)
    for (opens, row), name in zip(opening, names, strict=True):
        _open(work, case, opens, row, name, view, event.acting, given)


def _openings(opens: OpensCase, view: CaseView) -> list[tuple[OpensCase, RowView | None]]:
    """The cases that it opens: one, or one for each row that is meant and has none yet."""
    if opens.each_row is None:
        return [(opens, None)]
    return [
        (opens, row)
        for row in view.rows(opens.each_row)
        if (opens.where is None or opens.where.test(row) is True) and not row.has_link(opens.link)
    ]


def _marked(markings: Iterable[Marking], view: CaseView) -> dict[str, str]:
    """The access marks to set, with what is kept: all but those of which it is known that they do not apply."""
    return {one.mark: one.keeps for one in markings if one.when is None or one.when.test(view) is not False}


def _holds(condition: Condition | None, view: CaseView) -> bool:
    return condition is None or condition.test(view) is True


def _open(
    work: Work,
    source: Case,
    opens: OpensCase,
    row: RowView | None,
    reference: str,
    view: CaseView,
    acting: Acting,
    marks: Mapping[str, str],
) -> None:
    if work.opened > MOST_OPENED:
        raise refuse("guard", sentence("step.opens_too_deep"))
    definition = work.facts.newest(opens.process)
    if definition is None:
        raise refuse("guard", sentence("step.opens_unpublished", process=opens.process))
    process = definition.process
    step = process.steps[opens.step]
    values: Mapping[str, Value] = copied_values(opens, view, process, row)
    link = Link(opens.link, source.reference, outgoing=row is not None, row="" if row is None else row.path)
    event = work.event(None, "step", acting, reference, definition)
    event = replace(
        event, step=opens.step, to_state=target(definition.machine, opens.step, UNBORN),
        sets={"unit": source.unit, "reporter": acting.person or source.reporter} | _people(opens, view, row),
        links=(link,),
        marks={mark: kept for mark, kept in marks.items() if mark in process.marks}
        | _marked(opens.marks, view),
    )  # fmt: skip
    born = Case.born(split_changes(event, process, None, values), process)
    values, sets = _set_by_opening(step, work.view(born, process), values)
    event = split_changes(replace(event, sets={**sets, **event.sets}), process, None, values)
    inner = work.view(Case.born(event, process), process)
    do_effects(work, None, event, definition, step, inner)


def _set_by_opening(
    step: Step, view: CaseView, values: Mapping[str, Value]
) -> tuple[dict[str, Value], dict[str, str]]:
    """What the opening step sets by itself, beside what it is given, which comes first."""
    found = {name: value for name, value in set_values(step.sets, view).items() if not is_missing(value)}
    sets: dict[str, str] = {name: str(found[name]) for name in ("unit", "assignee") if name in found}
    own = {name: value for name, value in found.items() if name not in sets}
    return _with_computed(own | dict(values), view.case, view.process), sets


def _people(opens: OpensCase, view: CaseView, row: RowView | None) -> dict[str, str]:
    found = set_values(opens.sets, view, EMPTY if row is None else row.cells)
    return {name: str(found[name] or "") for name in ("unit", "assignee") if name in found}


def copied_values(
    opens: OpensCase, view: CaseView, process: Process, row: RowView | None = None
) -> dict[str, Value]:
    """What the new case is given: copies of the source's or its row's values, constants, and what they compute to."""
    seen: CaseView | RowView = view if row is None else row
    cells = EMPTY if row is None else row.cells
    values = {name: seen.value(source) for name, source in opens.copies.items()}
    set_ = set_values(opens.sets, view, cells)
    values |= {name: value for name, value in set_.items() if name in process.fields}
    values = {name: value for name, value in values.items() if not is_missing(value)}
    return _with_computed(values, view.case, process)


def _with_computed(values: Mapping[str, Value], case: Case, process: Process) -> dict[str, Value]:
    """Values with what is computed from them."""
    computed = computed_values(replace(case, values=values, rows={}), process)
    return {**values, **{name: value for name, value in computed.items() if not is_missing(value)}}


def link_cases(
    work: Work, reference: str, process: Process, values: Mapping[str, Value], acting: Acting
) -> None:
    """Make the links that fields of type case stand for, one event on each side."""
    for path, value in values.items():
        column = process.column(path)
        if column is None or column.type != "case" or not column.link or is_missing(value):
            continue
        written = work.writes[reference]
        if written.case is None or value == reference:
            raise refuse("input", sentence("step.links_itself"))
        if any(link.kind == column.link and link.other == value for link in written.case.links):
            continue
        work.write_link(reference, Link(column.link, value, outgoing=True), acting)
        work.write_link(value, Link(column.link, reference, outgoing=False), acting)


def automatic_step(work: Work, case: Case, definition: Definition) -> str | None:
    """The automatic step of a case that its conditions make true now."""
    process = definition.process
    for key in definition.automatic:
        if target(definition.machine, key, case.state) is None:
            continue
        view, step = work.view(case, process), process.steps[key]
        if all(condition.test(view) is True for condition in step.when):
            return key
    return None


def decide_advance(work: Work, reference: str) -> bool:
    """Take the automatic step that a case's own last event made true; False when there is none."""
    case, definition = work.current(reference)
    key = automatic_step(work, case, definition) if case.is_open else None
    if key is None:
        return False
    take_automatic(work, case, definition, key)
    do_automatic(work)
    return True


def do_automatic(work: Work) -> None:
    """What follows elsewhere: automatic steps, and deadlines that run from what was done."""
    _do_automatic(work)
    follow(work)


def _do_automatic(work: Work) -> None:
    """Take the automatic steps that this decision makes true on cases linked to those it writes.

    A case that the decision already writes is left: one event a stream. Its own automatic step follows in a
    decision of its own (see the service).
    """
    written = [write.case for write in work.writes.values() if write.case is not None]
    linked = {link.other for case in written for link in case.links} - set(work.writes)
    work.facts.need_cases(sorted(linked))
    for reference in sorted(linked):
        seen = dict(work.read)
        case, definition = work.current(reference)
        key = automatic_step(work, case, definition) if case.is_open else None
        if key is None:
            if not (definition.automatic and case.is_open):
                work.read = seen
            continue  # that nothing followed is relied on: two who each lack the other's part must not both miss it
        take_automatic(work, case, definition, key)


def take_automatic(work: Work, case: Case, definition: Definition, key: str) -> None:
    """Take an automatic step, by the system, with what it sets by itself."""
    process = definition.process
    step = process.steps[key]
    acting = Acting(None, "system")
    event = work.event(case, "step", acting, case.reference, definition)
    event = replace(event, step=key, to_state=target(definition.machine, key, case.state))
    view = work.view(case, process)
    if step.sets:
        written = set_values(step.sets, view)
        values = {name: value for name, value in written.items() if name in process.fields}
        people = {name: str(value or "") for name, value in written.items() if name not in process.fields}
        after = provisional(case, process, values)
        event = split_changes(
            replace(event, sets=people), process, case, recomputed(case, after, process, values)
        )
        view = work.view(after, process)
    do_effects(work, case, event, definition, step, view)
