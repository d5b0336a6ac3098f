"""Opening a case and taking a step: every reason against it at once, else its event and what it does elsewhere.

`inspect` says the same of a step before anybody takes it, for `show` and forms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.cases.access import Right
from engine.cases.asking import missing_of, not_asked, undecided
from engine.cases.case import Case, TakenStep
from engine.cases.decision import Fault, OpenCase, TakeStep
from engine.cases.effect import check_openings, do_automatic, do_effects, link_cases
from engine.cases.event import EMPTY, EntryMark, Link
from engine.cases.facts import Definition
from engine.cases.occasion import check_occasion, record_occasion
from engine.cases.reading import INTRINSIC, Input, read_values
from engine.cases.reference import read_reference
from engine.cases.renewal import renew
from engine.cases.view import CaseView, role_words, say_value, words_of
from engine.cases.work import Work, refuse
from engine.cases.writing import provisional, recomputed, set_values, split_changes
from engine.definition.condition import Base
from engine.definition.machine import UNBORN, target
from engine.definition.model import Process, Step, Whos
from engine.definition.value import Value, is_missing
from engine.language.sentence import Sentence, Words, clip, sentence


@dataclass(frozen=True, slots=True)
class Changes:
    """What a step writes: fields (None clears) and intrinsics ("" for nobody)."""

    values: Mapping[str, Value]
    sets: Mapping[str, str]


def decide_step(work: Work, command: TakeStep) -> None:
    """Take a step of a case, with its effects and the automatic steps it makes true."""
    case, definition = work.current(command.reference)
    process = definition.process
    command = renew(command, step=process.find_step(command.step) or command.step)
    step = process.steps.get(command.step)
    if step is None or step.opens:
        if not work.rule(process).may_see(case):
            raise LookupError(command.reference)
        others = process.nearest_step(
            command.step, [key for key, one in process.steps.items() if not one.opens]
        )
        raise refuse("unknown_step", sentence("step.unknown", step=clip(command.step), steps=others))
    right, reasons, kind = _may(work, command.step, case, definition)
    if step.entry and right is not None:
        headings = tuple(
            sentence("value.code", code=heading, label=process.headings[heading]) for heading in step.entry
        )
        why = sentence("step.by_note", reference=case.reference, first=step.entry[0], headings=headings)
        raise refuse("input", why, step=command.step, label=step.label)
    if right is None and not work.rule(process).may_see(case) and not work.viewer.is_system:
        raise LookupError(command.reference)
    reading = read_values(process, command.values, work.facts, highest=case.rows, columns=step.adds_row)
    _take(work, command, case, definition, step, right, reasons, kind, reading)


def decide_open(work: Work, command: OpenCase) -> None:
    """Open a case by one of its opening steps, linked to the case it is opened for."""
    definition = work.facts.newest(command.process)
    if definition is None:
        raise refuse("unknown_process", sentence("process.unpublished", process=clip(command.process)))
    process = definition.process
    named = process.find_step(command.step, opening=True) if command.step else process.opening_steps[0]
    key = named or command.step or ""
    step = process.steps.get(key)
    if step is None or not step.opens:
        raise refuse(
            "unknown_step",
            sentence(
                "step.not_opening", step=clip(key), steps=process.nearest_step(key, process.opening_steps)
            ),
        )
    if command.occasion is not None:
        check_occasion(work, command.occasion, command.unit or "")
    raw = dict(command.values)
    if command.unit is not None:
        raw["unit"] = command.unit
    reading = read_values(process, raw, work.facts, highest=EMPTY, columns=step.adds_row)
    links = _source_link(work, command, step)
    if "unit" not in raw and links:
        reading.values["unit"] = work.current(links[0].other)[0].unit
    unit = reading.values.get("unit")
    case = unborn(work, definition, unit or "")
    reasons: list[Sentence] = []
    right = None
    if unit is None:
        if not any(fault.field == "unit" for fault in reading.faults):
            reading.faults.append(Fault("unit", INTRINSIC["unit"].label, sentence("value.required")))
    else:
        case = renew(case, links=links)
        right = work.opening_right(step.by, unit, work.view(case, process))
        if right is None:
            reasons.append(not_allowed(step, process))
    kind = "not_allowed" if right is None else "guard"
    _take(work, command, case, definition, step, right, reasons, kind, reading)
    if command.occasion is not None:
        record_occasion(work, command.occasion, unit or "")


def unborn(work: Work, definition: Definition, unit: str, reference: str = "") -> Case:
    """A case before its first event, for conditions to look at."""
    actor = work.command.actor.person or ""
    return Case(
        reference=reference, process=definition.process.process, definition=definition.hash, state=UNBORN, seq=0,
        unit=unit, reporter=actor, opened_on=work.occurred_on, recorded_at="", is_open=True, title=Words("", ""),
    )  # fmt: skip


def _source_link(work: Work, command: OpenCase, step: Step) -> tuple[Link, ...]:
    if command.link_to is None:
        return ()
    if step.link_for is None:
        raise refuse("input", sentence("step.not_for", step=step.label))
    folded = read_reference(command.link_to)
    source = work.facts.case(folded) if folded else None
    if source is None:
        raise LookupError(command.link_to)
    case, definition = work.current(source.reference)
    if not work.rule(definition.process).may_see(case) and not work.viewer.is_system:
        raise LookupError(command.link_to)
    if command.link_row:
        table, _, row = command.link_row.partition(".")
        if row not in case.table(table):
            raise refuse(
                "input", sentence("step.no_such_row", row=clip(command.link_row), reference=case.reference)
            )
    return (Link(step.link_for, case.reference, outgoing=True, row=command.link_row),)


def _may(
    work: Work, key: str, case: Case, definition: Definition
) -> tuple[Right | None, list[Sentence], str]:
    """The actor's right to take a step now, and the reasons against it that hold whatever is given."""
    process = definition.process
    step = process.steps[key]
    reasons: list[Sentence] = []
    kind = ""
    right = work.right(step.by, case, process)
    if target(definition.machine, key, case.state) is None:
        states = tuple(process.states[state].label for state in process.sources[key])
        reasons.append(
            sentence("step.wrong_state", step=step.label, now=process.states[case.state].label, states=states)
        )
        kind = "wrong_state"
    if right is None:
        reasons.append(not_allowed(step, process, work.view(case, process)))
        kind = kind or "not_allowed"
    if step.once and key in case.taken:
        reasons.append(sentence("step.once", step=step.label))
        kind = kind or "wrong_state"
    # Only to one who may take it otherwise: to others it would tell who is barred.
    shut_out = barred(work, step, case, process) if right is not None else []
    reasons += shut_out
    if step.by_law is not None and (right is None or shut_out):
        reasons.append(sentence("step.by_law", law=words_of(process, step.by_law)))
    return right, reasons, kind or "guard"


def not_allowed(step: Step, process: Process, view: CaseView | None = None) -> Sentence:
    """Who may take a step (now, when the case is known), as the reason why somebody else may not."""
    whos = tuple(who for who in step.by if view is None or who.when is None or who.when.test(view) is True)
    return sentence("step.not_allowed", step=step.label, whos=say_whos(whos, process))


def say_whos(whos: Whos, process: Process) -> tuple[Sentence, ...]:
    """Those who may, as sentences; empty says nobody."""
    said: list[Sentence] = []
    for who in whos:
        if who.role is not None:
            said.append(sentence("who.role", role=role_words(process, who.role)))
        elif who.person_in is not None:
            said.append(sentence("who.person_in", field=words_of(process, who.person_in)))
        else:
            said.append(sentence(f"who.{who.relation}"))
    return tuple(said) or (sentence("who.nobody"),)


def barred(work: Work, step: Step, case: Case, process: Process) -> list[Sentence]:
    """Why the actor may not take a step, when they stand where nobody who takes it may stand."""
    view = work.view(case, process)
    barred = [name for name in step.not_person_in if view.persons("$actor") & view.persons(name)]
    return (
        [sentence("when.different_person", names=tuple(view.words(name) for name in barred))]
        if barred
        else []
    )


def inspect(work: Work, key: str, case: Case, definition: Definition) -> tuple[bool, tuple[Sentence, ...]]:
    """Whether a step is open to the actor now, and every reason why not that does not depend on what they give.

    To one who may not take it anyway, and does not read the case, the conditions would tell what is in it.
    """
    process = definition.process
    step = process.steps[key]
    right, reasons, _ = _may(work, key, case, definition)
    is_told = right is not None or work.viewer.is_system or work.rule(process).may_read(case)
    if target(definition.machine, key, case.state) is not None and is_told:
        view = work.view(case, process)
        guarded = [why for one in step.when if _is_settled(one, step) for why in one.why_not(view)]
        reasons += guarded + cited(step, guarded)
        reasons += check_openings(work, step, view, certain=True)
    return not reasons, tuple(dict.fromkeys(reasons))


def _is_settled(condition: Base, step: Step) -> bool:
    """Whether a condition reads nothing that the step asks for: what is given cannot make it hold."""
    asked = {ask.name for ask, _ in step.asked()}
    return not asked & {name.partition(".")[0] for name in condition.fields()}


def _take(  # noqa: PLR0913, PLR0917  the parts of one act
    work: Work, command: OpenCase | TakeStep, case: Case, definition: Definition, step: Step, right: Right | None,
    reasons: list[Sentence], kind: str, reading: Input,
) -> None:  # fmt: skip
    process = definition.process
    key = next(name for name, one in process.steps.items() if one is step)
    given = reading.values
    fields = {path: value for path, value in given.items() if path not in INTRINSIC}
    after = provisional(case, process, fields)
    view = work.view(after, process)
    asked = view
    changes, after = _changes(step, case, view, given)
    if "unit" in changes.sets or "assignee" in changes.sets:
        unit, assignee = changes.sets.get("unit", case.unit), changes.sets.get("assignee", case.assignee)
        after = renew(after, unit=unit, assignee=assignee)
    view = work.view(after, process)
    bad = [fault.field for fault in reading.faults]
    faults = list(reading.faults)
    wrong = [fault for fault in not_asked(step, _asked_paths(given, step), view) if fault.field not in bad]
    faults += wrong + undecided(step, given, view)
    bad += [fault.field for fault in faults]
    malformed = bool(faults) and not all(fault.why.id == "value.required" for fault in faults)
    if target(definition.machine, key, case.state) is not None and (right is not None or not reasons):
        faults += [fault for fault in missing_of(step, given, view) if fault.field not in bad]
        guarded = [
            why for condition in step.when if not faults or _is_settled(condition, step)
            for why in condition.why_not(asked)
        ]  # fmt: skip
        reasons += guarded + cited(step, guarded)
        if not faults:
            reasons += check_openings(work, step, view, certain=False)
    if reasons or faults or right is None:
        _refuse(kind if reasons else ("input" if malformed else "missing"), reasons, faults, key, step)
    assert right is not None  # noqa: S101  settled above, for the type checker
    _warn(work, step, view)
    _record(
        work,
        command,
        case,
        definition,
        key,
        step,
        right,
        changes,
        work.view(_counted(after, key, work), process),
    )


def cited(step: Step, reasons: list[Sentence]) -> list[Sentence]:
    """The source of a step's demands, when they refuse it and it has been read in the statute or a second source.

    A step that says of its conditions which the law demands has no other source to tell.
    """
    if not reasons or step.says_law or step.source is None or step.source.mark not in ("V", "S"):
        return []
    return [sentence("step.source", source=step.source.text)]


def _counted(case: Case, key: str, work: Work) -> Case:
    """The case with this step counted as taken, as its effects see it."""
    person = work.command.actor.person or ""
    before = case.taken.get(key)
    taken = TakenStep(
        before.times + 1 if before else 1, (*(before.persons if before else ()), person), work.occurred_on,
        work.occurred_at, case.seq + 1,
    )  # fmt: skip
    return renew(case, taken={**case.taken, key: taken})


def _refuse(kind: str, reasons: list[Sentence], faults: list[Fault], key: str, step: Step) -> None:
    raise refuse(kind, *dict.fromkeys(reasons), faults=tuple(faults), step=key, label=step.label)


def _asked_paths(given: Mapping[str, Value], step: Step) -> list[str]:
    """What was given, but for the unit of an opening step, which every one has."""
    return [path for path in given if not (path == "unit" and step.opens)]


def _changes(step: Step, case: Case, view: CaseView, given: Mapping[str, Value]) -> tuple[Changes, Case]:
    """Given values, what the step sets, and computed fields that come out differently; and the case with them.

    `view` is of the case with the given values only.
    """
    process = view.process
    after: Case | None = view.case
    values = {path: value for path, value in given.items() if path not in INTRINSIC}
    sets = {path: str(value) for path, value in given.items() if path in INTRINSIC}
    for name, value in set_values(step.sets, view, given).items():
        if name in INTRINSIC:
            sets[name] = str(value or "")
        else:
            values[name] = value
            after = None
    after = after or provisional(case, process, values)
    return Changes(recomputed(case, after, process, values), sets), after


def _warn(work: Work, step: Step, view: CaseView) -> None:
    """Note what the step warns of, and what it says to whoever answered so."""
    work.warnings += [
        sentence("step.warning", name=warns.name, text=warns.text)
        for warns in step.warns if warns.when.test(view) is True
    ]  # fmt: skip
    work.guides += [
        guide.text for guide in step.guides if guide.when is not None and guide.when.test(view) is True
    ]


def _record(  # noqa: PLR0913, PLR0917  the parts of one act
    work: Work, command: OpenCase | TakeStep, case: Case, definition: Definition, key: str, step: Step, right: Right,
    changes: Changes, view: CaseView,
) -> None:  # fmt: skip
    process = definition.process
    before = None if step.opens else case
    acting = work.use(right)
    reference = work.new_reference() if step.opens else case.reference
    sets = dict(changes.sets)
    if step.opens:
        sets = {"unit": case.unit, "reporter": case.reporter} | sets
    said: dict[str, Value] = {}
    if command.comment:
        said["$comment"] = command.comment
    if step.writes_entry is not None:
        said |= {"$text": _entry_text(step, view), "$source": process.process}
    event = work.event(
        before, "step", acting, reference, definition, step=key,
        to_state=target(definition.machine, key, case.state), sets=sets,
        links=case.links if step.opens else (), entry=_entry_mark(step),
        warned=tuple(warns.name for warns in step.warns if warns.when.test(view) is True),
    )  # fmt: skip
    event = split_changes(event, process, before, changes.values, said)
    do_effects(work, before, event, definition, step, view)
    if step.opens:
        for link in case.links:
            work.write_link(link.other, renew(link, other=reference, outgoing=False), acting)
    link_cases(work, reference, process, changes.values, acting)
    do_automatic(work)


def _entry_mark(step: Step) -> EntryMark | None:
    writes = step.writes_entry
    return EntryMark(writes.heading, writes.judgement) if writes is not None else None


def _entry_text(step: Step, view: CaseView) -> str:
    assert step.writes_entry is not None  # noqa: S101  the caller asked
    process, lines = view.process, []
    for name in step.writes_entry.from_:
        value = view.value(name)
        if not is_missing(value):
            said = say_value(process, name, value)
            text = said.sv if isinstance(said, Words) else value
            lines.append(f"{process.label_of(name).sv}: {text}")
    return "\n".join(lines)
