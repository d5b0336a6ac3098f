"""What people do with a deadline of one's own: let it rest, let it run again, let it be.

The law's own deadlines are nobody's to move. It must not know how days are counted.
"""

from __future__ import annotations

from dataclasses import replace

from engine.cases.case import Case
from engine.cases.deadline import RUNNING, pause, resume, waive
from engine.cases.decision import ChangeDeadline
from engine.cases.event import Deadline
from engine.cases.step import not_allowed
from engine.cases.work import Work, refuse
from engine.definition.model import Due, Process
from engine.language.sentence import Sentence, sentence


def decide_deadline(work: Work, command: ChangeDeadline) -> None:
    """Pause, resume or waive a deadline, by whoever may take the step that it waits for, with a reason."""
    case, definition = work.current(command.reference)
    process = definition.process
    if not work.rule(process).may_see(case):
        raise LookupError(command.reference)
    deadline, due = _named(case, process, command.deadline)
    step = process.steps[deadline.step]
    right = work.right(step.by, case, process)
    if right is None or not work.rule(process).may_read(case):
        raise refuse("not_allowed", not_allowed(step, process, work.view(case, process)))
    if not command.reason.strip():
        raise refuse("input", sentence("deadline.no_reason"))
    against = _against(command.change, deadline, due, case, process)
    if against is not None:
        raise refuse("guard", against)
    on, calendar = work.occurred_on, work.facts.calendar
    match command.change:
        case "pause":
            changed = replace(pause(deadline, due, on, calendar), held=True)
        case "resume":
            changed = resume(deadline, due, on, calendar)
        case _:
            changed = waive(deadline, on)
    event = work.event(case, "deadline", work.use(right), case.reference, definition)
    event = replace(
        event, deadlines=(changed,), personal={"$reason": command.reason.strip()}, data={"change": command.change}
    )  # fmt: skip
    work.write(case, event, definition)


def _named(case: Case, process: Process, wanted: str) -> tuple[Deadline, Due]:
    """The deadline by its name, or by its step when that has one only."""
    dues = {key: due for key, _, due in process.deadlines}
    there = {key: one for key, one in case.deadlines.items() if key in dues}
    found = there.get(wanted.strip())
    if found is None:
        running = [one for one in there.values() if one.step == wanted.strip() and one.status in RUNNING]
        found = running[0] if len(running) == 1 else None
    if found is None:
        names = tuple(key for key, one in there.items() if one.status in RUNNING)
        message = "deadline.unknown" if names else "deadline.none_running"
        raise refuse("input", sentence(message, name=wanted[:60], names=names))
    return found, dues[found.key]


def _against(change: str, deadline: Deadline, due: Due, case: Case, process: Process) -> Sentence | None:
    label = process.steps[deadline.step].label
    if deadline.kind != "lokal":
        return sentence("deadline.is_law", step=label)
    if deadline.status not in RUNNING:
        return sentence(f"deadline.is_{deadline.status}", step=label)
    if change == "pause" and deadline.status == "paused":
        return sentence("deadline.is_paused", step=label)
    if change == "resume" and deadline.status == "open":
        return sentence("deadline.runs", step=label)
    if change == "resume" and case.state in due.pauses_in:
        return sentence("deadline.rests_in", step=label, state=process.states[case.state].label)
    return None
