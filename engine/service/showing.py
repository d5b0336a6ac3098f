"""One case on a page, and its history, as the caller may see them.

Marked content is shown only after the reading has been written down (design.md section 5): the row of the access
log is committed first. It must not know how a page looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from engine.calendar.zone import local_date, parse_instant
from engine.cases.access import AccessRule
from engine.cases.case import Case
from engine.cases.decision import Actor, Command, Task
from engine.cases.event import ATTACH, PAPER, Event
from engine.cases.facts import Definition, Facts
from engine.cases.following import FOLLOWS
from engine.cases.reference import asked_for, read_reference
from engine.cases.task import tasks_of
from engine.cases.view import role_words, words_of
from engine.cases.work import Work
from engine.definition.model import Process
from engine.definition.value import Value
from engine.errors import UnknownCaseError
from engine.language.sentence import Words
from engine.service.deciding import Decider
from engine.service.held import file_view, kept_paper_view
from engine.service.listed import TaskView
from engine.service.logged import LoggedEvent, logged_events
from engine.service.moment import END_OF_DAY, instant_of
from engine.service.presenting import (
    named_to,
    present_change,
    present_fields,
    present_steps,
    present_tables,
    present_task,
    readable,
    shown_to,
    titled,
)
from engine.service.result import (
    CaseView,
    EntryView,
    EventView,
    FieldView,
    FileView,
    KeptPaperView,
    LinkView,
    OriginView,
    PersonView,
    StepView,
    TableView,
)
from engine.service.timed import deadline_changes, present_deadlines
from engine.service.witness import Witness
from engine.store import reading
from engine.store.database import Session
from engine.store.schedule import find_origin


@dataclass(slots=True)
class ShowService:
    """Shows cases to the actor."""

    decider: Decider
    actor: Callable[[], Actor]
    training: bool

    @property
    def witness(self) -> Witness:
        """Who writes down what the caller reads."""
        return Witness(self.decider.database, self.actor, self.decider.clock)

    def show(self, reference: str, as_of: str | None = None, action: str = "show") -> CaseView:
        """A case as the caller may see it: now, or as it was known at an instant (UTC, fixed width).

        action: what the access log calls the reading.

        Raises:
            UnknownCaseError: There is no such case, or the caller may not know of it, or it was not known then.
        """
        as_of = instant_of(as_of, self.decider.zone, day_at=END_OF_DAY)
        page = self.open(reference, action)
        with self.decider.database.read() as session:
            if as_of is not None:
                page = replace(page, case=self._as_of(session, page, as_of))
            return self._view(session, page, as_of)

    def history(self, reference: str) -> tuple[EventView, ...]:
        """The events of a case as the caller may see them: who, what, when; contents at their level.

        Raises:
            UnknownCaseError: There is no such case, or the caller may not know of it.
        """
        page = self.open(reference, "log")
        with self.decider.database.read() as session:
            return self._history(session, page)

    def paper(self, reference: str, action: str) -> tuple[CaseView, tuple[EventView, ...]]:
        """A case and its events together, read once and written down once as `action`.

        Raises:
            UnknownCaseError: There is no such case, or the caller may not know of it.
        """
        page = self.open(reference, action)
        with self.decider.database.read() as session:
            return self._view(session, page, None), self._history(session, page)

    def process_of(self, reference: str) -> str:
        """The key of a case's process.

        Raises:
            UnknownCaseError: There is no such case, or the caller may not know of it; that is written down.
        """
        with self.decider.database.read() as session:
            page = self._page(session, reference)
        if not page.is_seen:
            self.open(reference, "document")
        return page.case.process

    def papers(self, session: Session, page: Page) -> tuple[KeptPaperView, ...]:
        """The kept papers of a case, for one who reads its content; none for others."""
        known = [one.event for one in logged_events(session, page.case.reference)]
        return self._papers(page, known, Names(session))

    def labels(self, reference: str) -> dict[str, Words]:
        """What fields, steps and headings of a case's definition are called, for one who has been shown the case."""
        with self.decider.database.read() as session:
            process = self._page(session, reference).definition.process
        found = {name: one.label for name, one in process.steps.items()} | dict(process.headings)
        return found | {name: one.label for name, one in process.fields.items()}

    def files(self, session: Session, page: Page) -> tuple[FileView, ...]:
        """The attached files of a case that the caller may read: all of them, or those they attached themselves."""
        known = [one.event for one in logged_events(session, page.case.reference)]
        return self._files(page, known, Names(session))

    # --- inside

    def _history(self, session: Session, page: Page) -> tuple[EventView, ...]:
        names = Names(session)
        rows = [one for one in logged_events(session, page.case.reference) if one.event.seq <= page.case.seq]
        names.load(_persons_of(stored.event for stored in rows))
        events = [one.event for one in rows]
        entries = {entry.seq: entry for entry in self._entries(session, page, events, names)}
        files = {file.seq: file for file in self._files(page, events, names)}
        papers = {paper.seq: paper for paper in self._papers(page, events, names)}
        changes = deadline_changes(page.definition.process, events)
        found = (self._event(session, page, stored, names, entries) for stored in rows)
        return tuple(
            replace(event, file=files.get(event.seq), paper=papers.get(event.seq), timed=timed)
            for event, timed in zip(found, changes, strict=True)
        )

    def open(self, reference: str, action: str, *, reads: bool = True) -> Page:
        """A case that the caller may see. That they read its content, or may not see it, is written down first.

        reads: whether they are to read it; when not, whoever asks writes down what they do read.
        """
        with self.decider.database.read() as session:
            page = self._page(session, reference)
        if not page.is_seen:
            self.witness.refuses(page.now.reference, action)
            raise UnknownCaseError(asked_for(reference))
        is_own = page.own or bool(page.shown)
        if reads:
            self.witness.reads(page.now, page.now.reference, page.rule, action, beyond=is_own)
        return page

    def _page(self, session: Session, text: str) -> Page:
        folded = read_reference(text)
        name = self.decider.keeper.written_reference(session, folded) if folded else None
        stored = reading.load_case(session, name) if name else None
        if stored is None:
            raise UnknownCaseError(asked_for(text))

        def question(facts: Facts) -> Page:
            work = Work(Command("", self.actor()), facts)
            case, definition = work.current(stored.case.reference)
            rule = work.rule(definition.process)
            level = rule.level(case)
            events = (
                () if level == "content" else [one.event for one in logged_events(session, case.reference)]
            )
            shown = readable(definition.process, rule, case, events)
            steps = present_steps(work, case, definition, shown)
            tasks = tasks_of(definition.process, case, work.view(case, definition.process), facts)
            newest = facts.newest(case.process)
            return Page(
                case=case,
                newest=newest.process if newest and newest.hash != case.definition else None,
                now=case,
                definition=definition,
                facts=facts,
                work=work,
                level=level,
                steps=steps,
                tasks=tasks,
                own=rule.is_own_report(case),
                shown=shown,
            )

        return self.decider.ask(question, session)

    def _as_of(self, session: Session, page: Page, as_of: str) -> Case:
        """The case as it was known at an instant: the fold of what was recorded by then."""
        case: Case | None = None
        for stored in logged_events(session, page.case.reference):
            event = stored.event
            if event.recorded_at > as_of:
                break
            process = self.decider.library.get(session, event.definition).process
            case = case.after(event, process) if case else Case.born(event, process)
        if case is None:
            raise UnknownCaseError(asked_for(page.case.reference))
        return case

    def _view(self, session: Session, page: Page, as_of: str | None) -> CaseView:
        case, process, facts, shown = page.case, page.definition.process, page.facts, page.shown
        known = [one.event for one in logged_events(session, case.reference) if one.event.seq <= case.seq]
        names = Names(session)
        names.load({case.reporter, case.assignee or "", *_persons_of(known)})
        unit = facts.tree.get(case.unit)
        unit_name = unit.name if unit else case.unit
        definition = reading.find_definition(session, case.definition)
        links = self._links(session, page, facts)
        today = facts.today if as_of is None else local_date(parse_instant(as_of), self.decider.zone)
        return CaseView(
            reference=case.reference, process=case.process, process_label=process.label,
            version=definition.version if definition else process.version, state=case.state,
            state_label=process.states[case.state].label, is_open=case.is_open, unit=case.unit, unit_name=unit_name,
            title=titled(case, unit_name), opened_on=date.fromisoformat(case.opened_on),
            happened_on=date.fromisoformat(case.happened_on) if case.happened_on else None,
            reporter=named_to(self.actor().person, page.level, case, names.person(case.reporter)),
            assignee=names.person(case.assignee) if case.assignee else None,
            marks=tuple(_mark_words(process, mark) for mark in case.marks),
            level="content" if page.level == "content" else "envelope", own_report=page.own, seq=case.seq,
            fields=tuple(names.said(field) for field in present_fields(process, case, shown)),
            tables=tuple(names.said_table(table) for table in present_tables(process, case, shown)),
            entries=self._entries(session, page, known, names),
            files=self._files(page, known, names),
            deadlines=present_deadlines(
                process, case, today, facts.calendar, as_of or facts.now,
                {link.reference for link in links if link.state is not None},
            ),
            links=links,
            steps=page.steps if as_of is None else (),
            tasks=tuple(
                names.task(present_task(process, case, task, today, facts.calendar, unit_name))
                for task in page.tasks if as_of is None
            ),
            training=self.training,
            newest_version=page.newest.version if page.newest is not None else None,
            adopts=page.newest is not None and page.newest == page.definition.process,
            origin=_origin(session, case),
            papers=self._papers(page, known, names),
        )  # fmt: skip

    def _entries(
        self, session: Session, page: Page, events: Iterable[Event], names: Names
    ) -> tuple[EntryView, ...]:
        del session
        may, viewer = page.level == "content", self.actor().person
        rows = [event for event in events if event.entry is not None]
        corrected = {
            event.entry.corrects: event.seq for event in rows if event.entry and event.entry.corrects
        }
        process = page.definition.process
        return tuple(
            EntryView(
                seq=event.seq, heading=event.entry.heading, heading_label=words_of(process, event.entry.heading),
                text=event.personal.get("$text"), source=event.personal.get("$source"),
                judgement=event.entry.judgement, corrects=event.entry.corrects,
                corrected_by=corrected.get(event.seq), person=names.actor(event, process),
                recorded_at=event.recorded_at, occurred_at=event.occurred_at,
                step=_writing_step(process, event),
            )
            for event in rows if event.entry is not None and (may or event.acting.person == viewer)
        )  # fmt: skip

    def _files(self, page: Page, events: Iterable[Event], names: Names) -> tuple[FileView, ...]:
        may, viewer = page.level == "content", self.actor().person
        attached = enumerate((event for event in events if event.kind == ATTACH), 1)
        return tuple(
            file_view(event, number, names.actor(event, page.definition.process))
            for number, event in attached if may or event.acting.person == viewer
        )  # fmt: skip

    def _papers(self, page: Page, events: Iterable[Event], names: Names) -> tuple[KeptPaperView, ...]:
        """The kept papers: they show the content of the case, so they are for those who may read it."""
        if page.level != "content":
            return ()
        kept = enumerate((event for event in events if event.kind == PAPER), 1)
        return tuple(
            kept_paper_view(event, number, names.actor(event, page.definition.process))
            for number, event in kept
        )

    def _links(self, session: Session, page: Page, facts: Facts) -> tuple[LinkView, ...]:
        others = reading.load_cases(session, [link.other for link in page.case.links])
        found = []
        for link in page.case.links:
            kind = page.definition.process.links.get(link.kind)
            stored = others.get(link.other)
            title = state = label = seq = None
            if stored is not None:
                other = self.decider.library.get(session, stored.case.definition)
                if kind is None:
                    kind = other.process.links.get(link.kind)
                if page.work.rule(other.process).may_see(stored.case):
                    unit = facts.tree.get(stored.case.unit)
                    title = titled(stored.case, unit.name if unit else stored.case.unit)
                    state = stored.case.state
                    label = other.process.states[state].label
                    seq = stored.case.seq
            words = (kind.label if link.outgoing else kind.reverse) if kind else Words(link.kind, link.kind)
            found.append(LinkView(link.kind, words, link.other, link.row, title, state, label, seq))
        return tuple(found)

    def _event(
        self,
        session: Session,
        page: Page,
        stored: LoggedEvent,
        names: Names,
        entries: Mapping[int, EntryView],
    ) -> EventView:
        event = stored.event
        process = self.decider.library.get(session, event.definition).process
        may = page.level == "content"
        own = event.is_typed_by(self.actor().person)
        shown = shown_to(process, page.work.rule(process), page.now)
        changes = [
            names.said(present_change(process, path, value))
            for path, value in _in_order(process, {**event.coded, **event.personal})
            if not path.startswith("$") and (may or own or path.partition(".")[0] in shown)
        ]  # fmt: skip
        changes += [present_change(process, path, None, removed=True) for path in event.cleared if may]
        state = process.states.get(event.to_state or "")
        step = process.steps.get(event.step or "")
        return EventView(
            seq=event.seq, kind=event.kind, step=event.step, step_label=step.label if step else None,
            from_state=event.from_state, to_state=event.to_state, to_label=state.label if state else None,
            actor=named_to(self.actor().person, page.level, page.case, names.actor(event, process)),
            occurred_at=event.occurred_at, occurred_on=event.occurred_on,
            recorded_at=event.recorded_at, hash=stored.hash, changes=tuple(changes),
            comment=event.personal.get("$comment") if may or own else None,
            reason=event.personal.get("$reason") if may else None, entry=entries.get(event.seq), file=None,
            opened=event.opened, links=tuple(link.other for link in event.links), erased=stored.erased,
            assigned=names.person(event.sets["assignee"] or None) if "assignee" in event.sets else None,
            moved_to=_unit_name(page.facts, event), connected=_connected(process, event),
            follows=self._followed(session, page, event),
        )  # fmt: skip

    def _followed(self, session: Session, page: Page, event: Event) -> str | None:
        """The case in which something happened that moved a deadline of this one, if the reader may know of it."""
        if event.data.get("change") != FOLLOWS:
            return None
        reference = str(event.data.get("case", ""))
        stored = reading.load_case(session, reference)
        if stored is None:
            return ""
        process = self.decider.library.get(session, stored.case.definition).process
        return reference if page.work.rule(process).may_see(stored.case) else ""


def _writing_step(process: Process, event: Event) -> Words | None:
    step = process.steps.get(event.step or "") if event.kind == "step" else None
    return step.label if step else None


def _unit_name(facts: Facts, event: Event) -> str | None:
    """The unit that an event moved its case to; where it was opened is no move."""
    code = event.sets.get("unit") if event.seq > 1 else None
    unit = facts.tree.get(code) if code else None
    return unit.name if unit else code


def _connected(process: Process, event: Event) -> tuple[tuple[Words | None, str], ...]:
    kinds = ((process.links.get(link.kind), link) for link in event.links)
    return tuple(
        ((kind.label if link.outgoing else kind.reverse) if kind else None, link.other)
        for kind, link in kinds
    )


@dataclass(frozen=True, slots=True)
class Page:
    """What is known of a case while it is shown: as it was known then (`case`), and as it is (`now`).

    Who may see what is settled by how it is now, whatever is shown. newest: the rules in force, when they are others
    than those that the case followed last.
    """

    case: Case
    newest: Process | None
    now: Case
    definition: Definition
    facts: Facts
    work: Work
    level: str
    steps: tuple[StepView, ...]
    tasks: tuple[Task, ...]
    own: bool
    shown: frozenset[str]

    @property
    def rule(self) -> AccessRule:
        """What its reader may see of all cases."""
        return self.work.rule(self.definition.process)

    @property
    def is_seen(self) -> bool:
        """Whether its reader may know of it."""
        return self.level != "none" or any(step.open for step in self.steps)


class Names:
    """The names of people, read once for a page.

    known: code -> name of those who are known beforehand; those who are read are added to it.
    """

    def __init__(self, session: Session | None, known: dict[str, str] | None = None) -> None:
        """Begin with those who are known; without a session nobody else can be asked for."""
        self._session = session
        self._names: dict[str, str] = {} if known is None else known
        self._titles: dict[str, str] = {}

    def load(self, codes: Iterable[str]) -> None:
        """Read the names of some people."""
        wanted = {code for code in codes if code} - set(self._names)
        for code in sorted(wanted):
            if self._session is None:
                raise LookupError(code)
            person = reading.load_person(self._session, code)
            self._names[code] = person.name if person else code
            self._titles[code] = person.title if person else ""

    def person(self, code: str | None) -> PersonView:
        """A person by code."""
        if not code:
            return PersonView(None, "")
        self.load([code])
        return PersonView(code, self._names.get(code, code), title=self._titles.get(code, ""))

    def actor(self, event: Event, process: Process) -> PersonView:
        """Who acted, in which role, for whom."""
        acting = event.acting
        if acting.person is None:
            return PersonView(None, acting.kind)
        self.load([acting.person, acting.on_behalf_of or "", acting.operator or ""])
        return PersonView(
            acting.person, self._names[acting.person], role_words(process, acting.role) if acting.role else None,
            self._names.get(acting.on_behalf_of or ""), self._names.get(acting.operator or ""),
            self._titles.get(acting.person, ""),
        )  # fmt: skip

    def task(self, task: TaskView) -> TaskView:
        """A task that names people by name."""
        person, assignee = (self.person(code).name if code else None for code in (task.person, task.assignee))
        return replace(task, person_name=person, assignee_name=assignee)

    def said(self, field: FieldView) -> FieldView:
        """A field of a person is said by name, not by code."""
        if field.type == "person" and isinstance(field.value, str):
            return replace(field, said=self.person(field.value).name)
        return field

    def said_table(self, table: TableView) -> TableView:
        """A table whose people are said by name."""
        rows = tuple((key, tuple(self.said(field) for field in row)) for key, row in table.rows)
        return replace(table, rows=rows)


def _in_order(process: Process, values: Mapping[str, Value]) -> list[tuple[str, Value]]:
    """Paths and values in the order of the definition; what is no field comes last."""
    order = {name: number for number, name in enumerate(process.fields)}
    return sorted(values.items(), key=lambda item: order.get(item[0].partition(".")[0], len(order)))


def _origin(session: Session, case: Case) -> OriginView | None:
    """The plan that opened a case; only those that nobody reported are asked for."""
    found = None if case.reporter else find_origin(session, case.reference)
    return None if found is None else OriginView(*found)


def _mark_words(process: Process, mark: str) -> Words:
    found = process.marks.get(mark)
    return found.label if found else Words(mark, mark)


def _persons_of(events: Iterable[Event]) -> set[str]:
    found: set[str] = set()
    for event in events:
        found |= {event.acting.person or "", event.acting.on_behalf_of or "", event.acting.operator or ""}
    return found
