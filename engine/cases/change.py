"""What changes a case without a step: corrections, entries, who has it, links."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from engine.cases.access import Right
from engine.cases.case import Case
from engine.cases.decision import AddEntry, Amend, Assign, LinkCases
from engine.cases.effect import do_automatic, link_cases
from engine.cases.event import EntryMark, Link
from engine.cases.facts import Definition
from engine.cases.reading import INTRINSIC, read_values
from engine.cases.reference import read_reference
from engine.cases.step import barred, not_allowed, say_whos
from engine.cases.work import Work, refuse
from engine.cases.writing import provisional, recomputed, split_changes
from engine.definition.model import RELATIONS, Process, Step, Who
from engine.definition.value import split_path
from engine.language.naming import find_named
from engine.language.sentence import clip, sentence


def _visible(work: Work, reference: str) -> tuple[Case, Definition]:
    case, definition = work.current(reference)
    if not work.rule(definition.process).may_see(case):
        raise LookupError(reference)
    return case, definition


def decide_amend(work: Work, command: Amend) -> None:
    """Correct fields, by whoever may take a step that asks them, where the state does not lock them."""
    case, definition = _visible(work, command.reference)
    process = definition.process
    if not command.reason.strip():
        raise refuse("input", sentence("amend.no_reason"))
    if "fields" in process.states[case.state].locks:
        raise refuse("locked", sentence("amend.locked", state=process.states[case.state].label))
    reading = read_values(process, command.values, work.facts, highest=case.rows)
    faults = tuple(reading.faults)
    intrinsic = [name for name in reading.values if name in INTRINSIC]
    if intrinsic:
        raise refuse(
            "input", sentence("amend.intrinsic", fields=tuple(INTRINSIC[n].label for n in intrinsic))
        )
    if faults:
        raise refuse("input", faults=faults)
    if not reading.values:
        raise refuse("input", sentence("amend.nothing"))
    rights = [_amend_right(work, case, process, path) for path in reading.values]
    right = rights[0]
    values = recomputed(case, provisional(case, process, reading.values), process, reading.values)
    event = work.event(case, "amend", work.use(right), case.reference, definition)
    event = split_changes(event, process, case, values)
    event = replace(event, personal={**event.personal, "$reason": command.reason.strip()})
    work.write(case, event, definition)
    link_cases(work, case.reference, process, reading.values, event.acting)
    do_automatic(work)


def _amend_right(work: Work, case: Case, process: Process, path: str) -> Right:
    """By what right a field is corrected. "Anyone" may correct their own report, or what they may read."""
    name, _, column = split_path(path)
    field = process.fields[name]
    if field.amended_by is not None:
        amenders = tuple(
            Who(relation=cast("Any", name)) if name in RELATIONS else Who(role=name)
            for name in field.amended_by
        )
        right = work.right(amenders, case, process)
        if right is None:
            whos = say_whos(amenders, process)
            raise refuse("not_allowed", sentence("amend.only_by", field=field.label, whos=whos))
        return right
    asking = [
        step for step in process.steps.values()
        for ask, _ in step.asked() if ask.name == name or (step.adds_row == name and ask.name == column)
    ]  # fmt: skip
    for step in asking:
        right = work.right(step.by, case, process)
        if right is None:
            continue
        by_relation = right.appointment is None and case.assignee != work.viewer.person
        if by_relation and any(who.relation == "anyone" for who in step.by):
            rule = work.rule(process)
            if not (rule.may_read(case) or rule.is_own_report(case)):
                continue
        return right
    label = process.label_of(path)
    if not asking:
        raise refuse("not_allowed", sentence("amend.not_asked", field=label))
    raise refuse(
        "not_allowed", sentence("amend.not_allowed", field=label, why=not_allowed(asking[0], process))
    )


def decide_entry(work: Work, command: AddEntry) -> None:
    """Add an entry under a heading that a step of the process takes."""
    case, definition = _visible(work, command.reference)
    process = definition.process
    command = replace(command, heading=find_named(command.heading, process.headings) or command.heading)
    if command.heading not in process.headings:
        headings = tuple(
            sentence("value.code", code=key, label=label) for key, label in process.headings.items()
        )
        raise refuse(
            "input", sentence("entry.unknown_heading", heading=clip(command.heading), headings=headings)
        )
    for text, message in ((command.text, "entry.no_text"), (command.source, "entry.no_source")):
        if not text.strip():
            raise refuse("input", sentence(message))
    if "entries" in process.states[case.state].locks:
        raise refuse("locked", sentence("entry.locked", state=process.states[case.state].label))
    if command.corrects is not None and command.corrects not in case.entries:
        raise refuse("input", sentence("entry.corrects_none", number=command.corrects))
    key, step, right = _entry_right(work, command.heading, case, definition)
    if reasons := barred(work, step, case, process):
        raise refuse("guard", *reasons, step=key, label=step.label)
    event = work.event(case, "entry", work.use(right), case.reference, definition)
    event = replace(
        event, step=key, entry=EntryMark(command.heading, command.judgement, command.corrects),
        personal={"$text": command.text.strip(), "$source": command.source.strip()},
    )  # fmt: skip
    work.write(case, event, definition, step)
    do_automatic(work)


def _entry_right(work: Work, heading: str, case: Case, definition: Definition) -> tuple[str, Step, Right]:
    process = definition.process
    taking = [(key, step) for key, step in process.steps.items() if heading in step.entry]
    if not taking:
        raise refuse("guard", sentence("entry.by_step", heading=process.headings[heading]))
    here = [(key, step) for key, step in taking if case.state in process.sources[key]]
    if not here:
        raise refuse("wrong_state", sentence("entry.wrong_state", state=process.states[case.state].label))
    for key, step in here:
        right = work.right(step.by, case, process)
        if right is not None:
            return key, step, right
    raise refuse("not_allowed", not_allowed(here[0][1], process), step=here[0][0], label=here[0][1].label)


def decide_assign(work: Work, command: Assign) -> None:
    """Say who has the case: by somebody who reads it or may take a step that is expected now."""
    case, definition = _visible(work, command.reference)
    process = definition.process
    if process.states[case.state].final:
        raise refuse("wrong_state", sentence("assign.final", state=process.states[case.state].label))
    right = _assign_right(work, case, process)
    if command.assignee is None and case.assignee is None:
        raise refuse("guard", sentence("assign.nobody"))
    if command.assignee is not None and command.assignee == case.assignee:
        raise refuse("guard", sentence("assign.already"))
    if command.only_free and case.assignee is not None:
        raise refuse("guard", sentence("assign.taken", reference=case.reference))
    event = work.event(case, "assign", work.use(right), case.reference, definition)
    event = replace(event, sets={"assignee": command.assignee or ""})
    work.write(case, event, definition)


def _assign_right(work: Work, case: Case, process: Process) -> Right:
    view = work.view(case, process)
    for expected in process.states[case.state].expects:
        if expected.when is not None and expected.when.test(view) is not True:
            continue
        right = work.right(expected.by or process.steps[expected.step].by, case, process)
        if right is not None:
            return right
    whos = tuple(
        who for key, step in process.steps.items() if case.state in process.sources[key]
        for who in step.by if who.role is not None
    )  # fmt: skip
    right = work.right(whos, case, process)
    if right is not None and work.rule(process).may_read(case):
        return right
    raise refuse("not_allowed", sentence("assign.not_allowed"))


def decide_link(work: Work, command: LinkCases) -> None:
    """Connect two cases by a kind of link that the first one's process declares."""
    case, definition = _visible(work, command.reference)
    process = definition.process
    if command.kind not in process.links:
        raise refuse(
            "input", sentence("link.unknown_kind", kind=clip(command.kind), kinds=tuple(process.links))
        )
    folded = read_reference(command.other)
    found = work.facts.case(folded) if folded else None
    if found is None:
        raise LookupError(command.other)
    other, _ = _visible(work, found.reference)
    if other.reference == case.reference:
        raise refuse("input", sentence("step.links_itself"))
    if any(link.kind == command.kind and link.other == other.reference for link in case.links):
        raise refuse("guard", sentence("link.already", other=other.reference))
    whos = tuple(who for step in process.steps.values() for who in step.by if who.role is not None)
    right = work.right(whos, case, process)
    if right is None or not work.rule(process).may_read(case):
        raise refuse("not_allowed", sentence("link.not_allowed"))
    acting = work.use(right)
    work.write_link(
        case.reference, Link(command.kind, other.reference, outgoing=True, row=command.row), acting
    )
    work.write_link(
        other.reference, Link(command.kind, case.reference, outgoing=False, row=command.row), acting
    )
    do_automatic(work)
