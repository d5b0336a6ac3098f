"""Deadlines that run from another case: what happens there is written here, in the same decision.

A case that has such deadlines is looked at when a case that it is linked to is written, or when it gets a link itself.
It must not know how days are counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.cases.case import Case
from engine.cases.deadline import Clockwork, Followed, Start, followed, read_start
from engine.cases.decision import Write
from engine.cases.event import Acting, Deadline, Event
from engine.cases.facts import Definition
from engine.cases.renewal import renew
from engine.cases.task import tasks_of
from engine.cases.work import Work
from engine.definition.model import Due, Elsewhere

FOLLOWS = "follows"
"""What the event of a deadline says has changed, when something in another case changed it."""


@dataclass(frozen=True, slots=True)
class Act:
    """What was done in a linked case that time runs from, or in the case itself (a link)."""

    reference: str
    acting: Acting
    is_act: bool
    corrects: bool


def follow(work: Work) -> None:
    """Start, move and end the deadlines of cases for which time begins in a case that this decision writes."""
    written = {name: write for name, write in work.writes.items() if write.case is not None}
    linked = {link.other for write in written.values() if write.case for link in write.case.links}
    work.facts.need_cases(sorted(linked - written.keys()))
    for reference in sorted({*written, *linked}):
        seen = dict(work.read)
        case, definition = work.current(reference)
        found = _changed(work, case, definition, written) if definition.process.follows else None
        if found is None:
            if not definition.process.follows:
                work.read = seen
            continue
        acting, of, deadlines = found
        _write(work, case, definition, deadlines, acting, of)


def _changed(
    work: Work, case: Case, definition: Definition, written: Mapping[str, Write]
) -> tuple[Acting, str, tuple[Deadline, ...]] | None:
    process, view = definition.process, work.view(case, definition.process)
    works = Clockwork(work.facts.calendar, work.facts.zone)
    changed: list[Deadline] = []
    cause: Act | None = None
    for key, step, due in process.follows:
        if due.elsewhere is None:
            continue
        acts = list(_acts(case, due, due.elsewhere, written))
        if not acts:
            continue
        origin = _origin(work, case, due.elsewhere)
        of, start = origin or ("", None)
        restarts = any(act.is_act and not act.corrects and act.reference == of for act in acts)
        change = Followed(of, work.occurred_on, restarts, all(act.corrects for act in acts))
        found = followed(process, (key, step, due), case, start, change, view, works)
        if found is not None and found != case.deadlines.get(key):
            changed.append(found)
            cause = cause or next((act for act in acts if act.reference == of), acts[0])
    return None if cause is None else (cause.acting, cause.reference, tuple(changed))


def _acts(case: Case, due: Due, start: Elsewhere, written: Mapping[str, Write]) -> Iterator[Act]:
    """What this decision did that concerns when time began."""
    for other in {link.other for link in case.links if link.kind == start.linked} & written.keys():
        event = written[other].event
        if _concerns(event, start):
            yield Act(other, event.acting, is_act=True, corrects=event.kind == "amend")
    own = written.get(case.reference)
    if own is None:
        return
    if any(link.kind == start.linked for link in own.event.links):
        yield Act(case.reference, own.event.acting, is_act=False, corrects=False)
    elif own.event.kind == "amend" and due.when is not None:
        yield Act(case.reference, own.event.acting, is_act=False, corrects=True)


def _concerns(event: Event, start: Elsewhere) -> bool:
    if start.step is not None:
        return event.step == start.step and event.kind in ("step", "entry")
    paths = (*event.coded, *event.personal, *event.cleared)
    return any(path.partition(".")[0] == start.field for path in paths)


def _origin(work: Work, case: Case, start: Elsewhere) -> tuple[str, Start] | None:
    """The latest time that began in a linked case, and which."""
    linked = {link.other for link in case.links if link.kind == start.linked}
    work.facts.need_cases(sorted(linked - work.writes.keys()))
    found = [
        (began.at, other, began)
        for other in sorted(linked)
        if (began := _began(work.current(other)[0], start, work)) is not None
    ]
    if not found:
        return None
    _, of, began = max(found, key=lambda one: one[:2])
    return of, began


def _began(case: Case, start: Elsewhere, work: Work) -> Start | None:
    if start.step is not None:
        taken = case.taken.get(start.step)
        return Start(taken.last_on, taken.last_at) if taken is not None else None
    return read_start(case.value(start.field or ""), work.facts.zone)


def _write(
    work: Work, case: Case, definition: Definition, deadlines: tuple[Deadline, ...], acting: Acting, of: str
) -> None:
    """Into the event that this decision has of the case, else as its own event."""
    written = work.writes.get(case.reference)
    if written is None:
        event = work.event(
            case, "deadline", acting, case.reference, definition, deadlines=deadlines,
            data={"change": FOLLOWS, "case": of},
        )  # fmt: skip
        work.write(case, event, definition)
        return
    given = {one.key: one for one in (*written.event.deadlines, *deadlines)}
    event = renew(written.event, deadlines=tuple(given.values()))
    case = renew(case, deadlines={**case.deadlines, **{one.key: one for one in deadlines}})
    view = work.view(case, definition.process)
    tasks = tasks_of(definition.process, case, view, work.facts)
    work.writes[case.reference] = renew(written, event=event, case=case, tasks=tasks)
