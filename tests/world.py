"""A world in memory to decide in: definitions, units, people and cases without a database.

`World.do` plays the service: it loads what the facts lack, decides, and keeps what was decided, giving new cases
their numbers as the unit of work does.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import count
from zoneinfo import ZoneInfo

from engine.calendar.workday import Calendar
from engine.cases.access import Grant
from engine.cases.case import Case
from engine.cases.decide import decide
from engine.cases.decision import Actor, AddEntry, Advance, Decision, OpenCase, Refusal, TakeStep
from engine.cases.event import Event
from engine.cases.facts import Definition, FactMissing, Facts
from engine.cases.organisation import Unit, UnitTree
from engine.cases.reference import fold, format_reference
from engine.definition.document import Document

UNITS = (
    Unit("forv", "Förvaltningen", None, {}, "2000-01-01", None),
    Unit("omr", "Området", "forv", {}, "2000-01-01", None),
    Unit("bjork", "Björkgården", "omr", {"regi": "egen"}, "2000-01-01", None),
    Unit("ek", "Ekgården", "omr", {"regi": "extern"}, "2000-01-01", None),
)


@dataclass
class World:
    """Everything there is, in memory.

    people: person code -> list of (role, unit). Every person in it is registered.
    """

    documents: tuple[Document, ...]
    people: dict[str, list[tuple[str, str]]]
    units: tuple[Unit, ...] = UNITS
    now: str = "2026-03-02T08:00:00.000000Z"
    cases: dict[str, Case] = field(default_factory=dict)
    events: dict[str, list[Event]] = field(default_factory=dict)
    messages: list = field(default_factory=list)
    tasks: dict[str, tuple] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ids = count(1)
        self.definitions = {d.hash: Definition.of(d.hash, d.process) for d in self.documents}
        self.newest = {d.key: self.definitions[d.hash] for d in self.documents}
        self.grants = {
            person: tuple(Grant(n * 100 + i, person, role, unit) for i, (role, unit) in enumerate(roles))
            for n, (person, roles) in enumerate(self.people.items(), 1)
        }

    def copy(self) -> World:
        """The same world, to go on in: what happens there does not happen here."""
        twin = World(self.documents, self.people, self.units, self.now)
        twin.cases, twin.tasks, twin.numbers = dict(self.cases), dict(self.tasks), dict(self.numbers)
        twin.events = {reference: list(events) for reference, events in self.events.items()}
        twin.messages = list(self.messages)
        twin.ids = count(10_000)
        return twin

    def become(self, other: World) -> None:
        """Take over all that has happened in another world of the same processes and people."""
        twin = other.copy()
        self.cases.update(twin.cases)
        self.events.update(twin.events)
        self.tasks.update(twin.tasks)
        self.numbers.update(twin.numbers)
        self.messages[:], self.ids = twin.messages, twin.ids

    def facts(self) -> Facts:
        """What is known before anything is asked."""
        return Facts(self.now, ZoneInfo("Europe/Stockholm"), Calendar(), UnitTree(self.units))

    def load(self, facts: Facts, missing: FactMissing) -> Facts:
        """The facts with what they lacked."""
        match missing.kind:
            case "case":
                folded = {fold(reference): case for reference, case in self.cases.items()}
                return replace(facts, cases={**facts.cases, **{k: folded.get(fold(k)) for k in missing.keys}})
            case "definition":
                return replace(
                    facts, definitions={**facts.definitions, **{k: self.definitions[k] for k in missing.keys}}
                )
            case "published":
                return replace(
                    facts, published={**facts.published, **{k: self.newest.get(k) for k in missing.keys}}
                )
            case "grants":
                return replace(
                    facts, grants={**facts.grants, **{k: self.grants.get(k, ()) for k in missing.keys}}
                )
            case "person":
                known = {k: k if k in self.people else None for k in missing.keys}
                return replace(facts, persons={**facts.persons, **known})
        raise AssertionError(missing.kind)

    def ask(self, command) -> Decision | Refusal:
        """Decide without keeping."""
        facts = self.facts()
        while True:
            try:
                return decide(command, facts)
            except FactMissing as missing:
                facts = self.load(facts, missing)

    def do(self, command) -> Decision | Refusal:
        """Decide, keep, and let automatic steps follow."""
        decision = self.ask(command)
        if isinstance(decision, Decision):
            names = self.keep(decision)
            for write in decision.writes:
                reference = names.get(write.event.stream, write.event.stream)
                if command.__class__ is not Advance or write.event.acting.person:
                    self.do(Advance(f"c{next(self.ids)}", Actor(None), reference=reference))
        return decision

    def keep(self, decision: Decision) -> dict[str, str]:
        """Keep what was decided; new cases get their numbers."""
        names: dict[str, str] = {}
        for write in decision.writes:
            assert write.case is not None
            if write.event.stream.startswith("+"):
                prefix = self.definitions[write.event.definition].process.reference
                self.numbers[prefix] = self.numbers.get(prefix, 0) + 1
                names[write.event.stream] = format_reference(
                    prefix, int(write.case.opened_on[:4]), self.numbers[prefix]
                )
        for write in decision.writes:
            assert write.case is not None
            event, case = write.event.renamed(names), write.case.renamed(names)
            process = self.definitions[event.definition].process
            before = self.cases.get(case.reference)
            folded = before.after(event, process) if before else Case.born(event, process)
            assert folded == case, "the case in a decision is the fold of its event"
            self.cases[case.reference] = case
            self.events.setdefault(case.reference, []).append(event)
            self.tasks[case.reference] = write.tasks
            self.messages += [(case.reference, message) for message in write.messages]
        self.last = names
        return names

    def open(
        self,
        person: str,
        process: str,
        unit: str | None = "bjork",
        step: str | None = None,
        *,
        to=None,
        row="",
        **values,
    ):
        """Open a case; gives the refusal, or the reference."""
        command = OpenCase(
            f"c{next(self.ids)}",
            Actor(person),
            process=process,
            step=step,
            unit=unit,
            values=values,
            link_to=to,
            link_row=row,
        )
        decision = self.do(command)
        if isinstance(decision, Refusal):
            return decision
        return next(
            r for r, e in self.events.items() if e[0].command_id == command.command_id and e[0].ordinal == 0
        )

    def step(self, person: str | None, reference: str, step: str, values=None, **more):
        """Take a step, or write an entry where that is what the step is for; gives the refusal or the decision."""
        given = {**(values or {}), **more}
        command_id, actor = f"c{next(self.ids)}", Actor(person)
        case = self.cases.get(reference)
        known = self.definitions[case.definition].process.steps.get(step) if case else None
        if known is not None and known.entry:
            heading = known.entry[0]
            return self.do(
                AddEntry(
                    command_id, actor, reference=reference, heading=heading, text="text", source="källa",
                    judgement=False,
                )
            )  # fmt: skip
        return self.do(TakeStep(command_id, actor, reference=reference, step=step, values=given))
