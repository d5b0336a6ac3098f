"""What a command led to, in the words of the definitions: where the case is, what else moved, what comes next.

Told from what was recorded, so that nothing is read again; only a command that had been done before is looked up.
It must not know how it was decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from engine.calendar.zone import local_date, parse_instant
from engine.cases.case import Case
from engine.cases.decision import Actor, Command, Decision, Task
from engine.cases.facts import Facts
from engine.cases.task import tasks_of
from engine.cases.work import Work
from engine.definition.model import Process
from engine.language.sentence import Words
from engine.service.deciding import Decider
from engine.service.listed import TaskView
from engine.service.presenting import present_task
from engine.service.result import AlsoMoved, OpenedCase, StepResult
from engine.service.showing import Names
from engine.store import reading
from engine.store.outcome import Outcome, Recorded

Left: TypeAlias = tuple[Case, tuple[Task, ...], Process]
"""A case as the command left it, what is to be done in it, and the process it follows."""


def answer(decider: Decider, outcome: Outcome, decision: Decision | None) -> StepResult:
    """The result of a command.

    Raises:
        StorageError: The database cannot be read.
    """
    left = _left(decider, outcome) if outcome.writes else _found(decider, outcome)
    first, *rest = outcome.results
    case, tasks, process = left[first.reference]
    last = [one for one in outcome.results if one.reference == first.reference][-1]
    state = last.to_state or case.state
    around = decider.keeper.kept
    if around is None:
        raise LookupError(first.reference)
    unit = around.tree.get(case.unit)
    unit_name = unit.name if unit else case.unit
    today = local_date(parse_instant(decider.clock()), decider.zone)
    views = [present_task(process, case, task, today, around.calendar, unit_name) for task in tasks]
    return StepResult(
        reference=case.reference, process=case.process, step=first.step,
        step_label=process.steps[first.step].label if first.step in process.steps else None,
        from_state=first.from_state or "", state=state, state_label=process.states[state].label,
        seq=last.seq, warnings=decision.warnings if decision else (),
        guides=decision.guides if decision else (), repeated=outcome.repeated,
        opened=tuple(
            OpenedCase(one.reference, one.process, left[one.reference][2].label) for one in rest if one.seq == 1
        ),
        also=tuple(_moved(one, left) for one in rest if one.kind == "step" and one.seq > 1),
        next=_named(decider, around.names, views),
    )  # fmt: skip


def _named(decider: Decider, names: dict[str, str], tasks: list[TaskView]) -> tuple[TaskView, ...]:
    """The tasks with people by name; `names` are those known so far."""
    codes = {code for task in tasks for code in (task.person, task.assignee) if code}
    if codes <= names.keys():
        return tuple(map(Names(None, names).task, tasks))
    with decider.database.read() as session:
        return tuple(map(Names(session, names).task, tasks))


def _left(decider: Decider, outcome: Outcome) -> dict[str, Left]:
    """What was recorded; of two writes of a case, the later one counts."""
    definitions = decider.library.definitions
    return {
        write.event.stream: (write.case, write.tasks, definitions[write.case.definition].process)
        for write in outcome.writes if write.case is not None
    }  # fmt: skip


def _found(decider: Decider, outcome: Outcome) -> dict[str, Left]:
    """The cases as they are now."""

    def question(facts: Facts) -> dict[str, Left]:
        work = Work(Command("", Actor(None)), facts)
        found: dict[str, Left] = {}
        for reference in references:
            case, definition = work.current(reference)
            process = definition.process
            found[reference] = case, tasks_of(process, case, work.view(case, process), facts), process
        return found

    references = list(dict.fromkeys(result.reference for result in outcome.results))
    with decider.database.read() as session:
        found = decider.ask(question, session)
        own = {
            name: decider.library.get(session, stored.definition_hash).process
            for name, stored in reading.load_cases(session, references).items()
        }
    return {name: (case, tasks, own.get(name, process)) for name, (case, tasks, process) in found.items()}


def _moved(one: Recorded, left: Mapping[str, Left]) -> AlsoMoved:
    case, _, process = left[one.reference]
    step = process.steps.get(one.step or "")
    label = step.label if step else Words(one.step or "", one.step or "")
    state = one.to_state or case.state
    return AlsoMoved(one.reference, one.step or "", label, state, process.states[state].label)
