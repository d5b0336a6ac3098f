"""A decision in the making: what has been read, what will be written, and who acts. Lives for one call of `decide`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from engine.calendar.zone import local_date, parse_instant
from engine.cases.access import AccessRule, ProcessRule, Right, Standing, Viewer, may_take
from engine.cases.case import Case
from engine.cases.deadline import Act, Clockwork, changed_deadlines
from engine.cases.decision import Command, Decision, Fault, Message, Refusal, Write
from engine.cases.event import NEW, Acting, Event, Link
from engine.cases.facts import Definition, Facts
from engine.cases.renewal import renew
from engine.cases.task import tasks_of
from engine.cases.view import CaseView
from engine.definition.model import Process, Step, Tells, Whos
from engine.language.sentence import Sentence, Words, sentence

UNKNOWN_CASE: Final = "case"


class Refused(Exception):  # noqa: N818  a way out of the making; `decide` returns the refusal
    """The command is refused."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.kind)
        self.refusal = refusal


def refuse(
    kind: str,
    *reasons: Sentence,
    faults: tuple[Fault, ...] = (),
    step: str | None = None,
    label: Words | None = None,
) -> Refused:
    """A refusal, ready to be raised."""
    return Refused(Refusal(kind, reasons, faults, step, label))


class Work:
    """Collects the writes of one command. Cases are read through it, so that what was relied on is known."""

    def __init__(self, command: Command, facts: Facts) -> None:
        self.command = command
        self.facts = facts
        self.writes: dict[str, Write] = {}
        self.read: dict[str, int] = {}
        self.appointments: dict[int, None] = {}
        self.warnings: list[Sentence] = []
        self.guides: list[Words] = []
        self.opened = 0
        self.rules: dict[str, AccessRule] = {}
        actor = command.actor
        self.viewer = Viewer(actor.person, facts.grants_of(actor.person) if actor.person else ())
        occurred = command.occurred_at or facts.now
        if occurred > facts.now:
            local = parse_instant(occurred).astimezone(facts.zone)
            raise refuse("input", sentence("step.in_future", when=f"{local:%Y-%m-%d %H:%M}"))
        self.occurred_at = occurred
        self.occurred_on = facts.day_of(occurred)

    # --- reading

    def current(self, reference: str) -> tuple[Case, Definition]:
        """A case as this decision leaves it so far, and the definition it follows from now on.

        Raises:
            LookupError: There is no such case.
        """
        written = self.writes.get(reference)
        if written is not None and written.case is not None:
            case = written.case
        else:
            found = self.facts.case(reference)
            if found is None:
                raise LookupError(reference)
            case = found
            self.read[case.reference] = case.seq
            written = self.writes.get(case.reference)
            case = written.case if written is not None and written.case is not None else case
        return case, self.facts.definition(case.definition)

    def other(self, reference: str) -> tuple[Case, Process]:
        """A linked case, for conditions."""
        case, definition = self.current(reference)
        return case, definition.process

    def view(self, case: Case, process: Process) -> CaseView:
        """The case as conditions see it, on the day of the act."""
        return CaseView(case, process, self.facts, self.other, self.command.actor.person, self.occurred_on)

    def rule(self, process: Process) -> AccessRule:
        """What the actor may see of cases of a process."""
        found = self.rules.get(process.process)
        if found is None:
            found = AccessRule(self.viewer, self.facts.tree, {process.process: ProcessRule.of(process)})
            self.rules[process.process] = found
        return found

    def right(self, whos: Whos, case: Case, process: Process) -> Right | None:
        """By what right the actor is among `whos` for an existing case."""
        view = self.view(case, process)
        standing = Standing(case.unit, case.reporter, case.assignee, self.rule(process).may_see(case))
        return self._right(whos, standing, view)

    def opening_right(self, whos: Whos, unit: str, view: CaseView) -> Right | None:
        """By what right the actor may open a case at a unit."""
        return self._right(whos, Standing(unit), view)

    def _right(self, whos: Whos, standing: Standing, view: CaseView) -> Right | None:
        return may_take(
            whos, self.viewer, self.facts.tree, standing,
            persons_in=view.persons, holds=lambda condition: condition.test(view) is True,
            operator=self.command.actor.operator,
        )  # fmt: skip

    def use(self, right: Right) -> Acting:
        """Act by a right: the decision relies on its appointment."""
        if right.appointment is not None:
            self.appointments[right.appointment] = None
        return right.acting

    # --- writing

    def event(
        self,
        before: Case | None,
        kind: str,
        acting: Acting,
        reference: str,
        definition: Definition,
        *,
        to_state: str | None = None,
        **more: Any,
    ) -> Event:
        """An event of a case; its state stays unless another is given. `more` is what it changes."""
        recorded = max(self.facts.now, before.recorded_at) if before else self.facts.now
        from_state = before.state if before else None
        return Event(
            stream_kind="case", stream=reference, seq=before.seq + 1 if before else 1, kind=kind, acting=acting,
            occurred_at=self.occurred_at, occurred_on=self.occurred_on, recorded_at=recorded,
            command_id=self.command.command_id, ordinal=len(self.writes), definition=definition.hash,
            process=definition.process.process, from_state=from_state, to_state=to_state or from_state, **more,
        )  # fmt: skip

    def new_reference(self) -> str:
        """A name for a new case until it is given its number."""
        reference = f"{NEW}{self.opened}"
        self.opened += 1
        return reference

    def write(
        self, before: Case | None, event: Event, definition: Definition, step: Step | None = None
    ) -> Case:
        """Add an event and the case it leaves, with its deadlines, tasks and messages."""
        if event.stream in self.writes:
            raise RuntimeError(f"two events of one stream in a decision: {event.stream}")
        process = definition.process
        case = before.after(event, process) if before else Case.born(event, process)
        fields = frozenset(path.partition(".")[0] for path in (*event.coded, *event.personal, *event.cleared))
        noted_on = local_date(parse_instant(event.recorded_at), self.facts.zone).isoformat()
        act = Act(
            event.step, event.occurred_at, event.occurred_on, fields, event.kind == "amend", event.recorded_at,
            noted_on,
        )  # fmt: skip
        view = self.view(case, process)
        works = Clockwork(self.facts.calendar, self.facts.zone)
        deadlines = changed_deadlines(process, case, act, view, works)
        if deadlines:
            given = {found.key: found for found in (*event.deadlines, *deadlines)}
            event = renew(event, deadlines=tuple(given.values()))
            case = renew(case, deadlines={**case.deadlines, **{found.key: found for found in deadlines}})
            view = self.view(case, process)
        self.writes[event.stream] = Write(event, case)
        messages = self._messages(before, case, event, view, step)
        self.writes[event.stream] = Write(event, case, tasks_of(process, case, view, self.facts), messages)
        return case

    def write_link(self, reference: str, link: Link, acting: Acting) -> None:
        """Write the other side of a link: into the event this decision has of that case, else as its own event."""
        written = self.writes.get(reference)
        if written is not None and written.case is not None:
            event = renew(written.event, links=(*written.event.links, link))
            case = renew(written.case, links=tuple(dict.fromkeys((*written.case.links, link))))
            self.writes[reference] = renew(written, event=event, case=case)
            return
        before, definition = self.current(reference)
        event = renew(self.event(before, "link", acting, before.reference, definition), links=(link,))
        self.write(before, event, definition)

    def write_beside(self, event: Event) -> None:
        """Add an event of a stream that is no case."""
        self.writes[f"{event.stream_kind}/{event.stream}"] = Write(event, None)

    def _messages(
        self, before: Case | None, case: Case, event: Event, view: CaseView, step: Step | None
    ) -> tuple[Message, ...]:
        found = [message for tells in (step.tells if step else ()) for message in _told(tells, case, view)]
        moved = before is not None and case.state != before.state
        if moved and case.reporter and case.reporter != event.acting.person:
            label = view.process.states[case.state].label
            text = Words(f"Status: {label.sv}", f"Status: {label.en}")
            found.append(Message(None, case.reporter, case.unit, text))
        return tuple(dict.fromkeys(found))

    def decision(self) -> Decision:
        """Everything, as one value."""
        relied = tuple(sorted((ref, seq) for ref, seq in self.read.items() if ref not in self.writes))
        return Decision(
            tuple(self.writes.values()),
            relied,
            tuple(self.appointments),
            tuple(self.warnings),
            tuple(self.guides),
        )


def _told(tells: Tells, case: Case, view: CaseView) -> list[Message]:
    if tells.when is not None and tells.when.test(view) is not True:
        return []
    found: list[Message] = []
    for who in tells.who:
        if who.when is not None and who.when.test(view) is not True:
            continue
        if who.role is not None:
            found.append(Message(who.role, None, case.unit, tells.text))
            continue
        persons: Mapping[str, str | None] = {"reporter": case.reporter, "assignee": case.assignee}
        named = view.persons(who.person_in) if who.person_in else {persons.get(who.relation or "")}
        found += [Message(None, person, case.unit, tells.text) for person in sorted(filter(None, named))]
    return found
