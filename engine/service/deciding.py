"""From a command to its outcome: load what is needed, decide, record; again when others came between.

It must not know what the commands are about, nor how the outcome is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from engine.calendar.workday import Calendar
from engine.cases.access import Grant
from engine.cases.case import Case
from engine.cases.decide import decide
from engine.cases.decision import Actor, Advance, Command, Decision, OpenCase, Refusal, Write
from engine.cases.facts import Definition, FactMissing, Facts
from engine.definition.machine import target
from engine.errors import AppointmentEndedError, ConcurrentChangeError, RefusedError, UnknownCaseError
from engine.service.library import Library
from engine.service.surroundings import Keeper, Surroundings
from engine.store import reading
from engine.store.database import Database, Session
from engine.store.organisation import read_viewer
from engine.store.outcome import Outcome
from engine.store.unit_of_work import UnitOfWork

T = TypeVar("T")
TRIES: Final = 20


@dataclass(slots=True)
class Decider:
    """Decides and records for every use case.

    clock gives the domain's now as a UTC instant of fixed width.
    """

    database: Database
    work: UnitOfWork
    library: Library
    clock: Callable[[], str]
    new_id: Callable[[], str]
    zone: ZoneInfo
    calendar: Callable[[Session], Calendar]
    keeper: Keeper = field(init=False)

    def __post_init__(self) -> None:
        """Begin with nothing kept."""
        self.keeper = Keeper(self.calendar)

    def ask(self, question: Callable[[Facts], T], session: Session) -> T:
        """Answer a question over facts, loading what it lacks."""
        loader = self.loader(session)
        while True:
            try:
                return question(loader.facts)
            except FactMissing as missing:
                loader.load(missing)

    def loader(self, session: Session) -> Loader:
        """Facts that can grow."""
        return Loader(self, session)

    def run(self, command: Command) -> tuple[Outcome, Decision | None]:
        """Do a command.

        Returns:
            What was recorded, with the automatic steps that followed, and the decision (None when it was a retry).

        Raises:
            RefusedError: A rule refuses it; nothing has changed.
            UnknownCaseError: There is no such case, or the actor may not know of it.
            ConcurrentChangeError: Somebody else changed the case from what the caller saw, or kept on changing it.
            StorageError: The database cannot be read or written.
        """
        for attempt in range(TRIES):
            decision = self.decide(command)
            if isinstance(decision, Refusal):
                done = self.work.outcome_of(command.command_id)
                if done is not None:
                    return done, None
                raise RefusedError(decision)
            try:
                outcome = self.work.record(decision, self.library.stored())
            except (ConcurrentChangeError, AppointmentEndedError):
                if command.expected_seq is not None or attempt == TRIES - 1:
                    raise
                continue
            if outcome.repeated:
                return outcome, None
            return self._advance(outcome, command.command_id), decision
        raise AssertionError("unreachable")

    def decide(self, command: Command) -> Decision | Refusal:
        """Decide without recording.

        Raises:
            UnknownCaseError: There is no such case, or the actor may not know of it.
        """
        with self.database.read() as session:
            loader = self.loader(session)
            try:
                loader.expect(command)
                while True:
                    try:
                        return decide(command, loader.facts)
                    except FactMissing as missing:
                        loader.load(missing)
            except LookupError as error:
                raise UnknownCaseError(str(error.args[0])[:40] if error.args else "") from None

    def _advance(self, outcome: Outcome, cause: str) -> Outcome:
        """Let the cases that were written take the automatic steps that their own event made true."""
        for number, write in enumerate(outcome.writes):
            if not self._may_advance(write):
                continue
            command = Advance(f"{cause}:a{number}", Actor(None), reference=write.event.stream)
            decision = self.decide(command)
            if isinstance(decision, Refusal):
                continue
            try:
                followed = self.work.record(decision, self.library.stored())
            except ConcurrentChangeError:
                continue  # whoever moved the case lets it advance
            outcome = replace(
                outcome, results=outcome.results + followed.results, writes=outcome.writes + followed.writes
            )
        return outcome

    def _may_advance(self, write: Write) -> bool:
        """Whether an automatic step leads from where the case is now."""
        definition = self.library.definitions.get(write.event.definition)
        if definition is None or write.case is None:
            return False
        state = write.case.state
        return any(target(definition.machine, step, state) is not None for step in definition.automatic)


class Loader:
    """Facts, and how what they lack is read."""

    def __init__(self, decider: Decider, session: Session) -> None:
        """Begin with what every decision needs."""
        self._decider = decider
        self._session = session
        self._around: Surroundings = decider.keeper.read(session)
        self.facts = Facts(decider.clock(), decider.zone, self._around.calendar, self._around.tree)

    def expect(self, command: Command) -> None:
        """Load at once what a command is all but sure to need, so that it is decided in one go."""
        names = [str(name) for key in ("reference", "other") if (name := getattr(command, key, None))]
        self._load(names, [command.actor.person] if command.actor.person else [])
        if isinstance(command, OpenCase):
            self.load(FactMissing("published", command.process))
        cases = [case for name in names if (case := self.facts.cases[name]) is not None]
        linked = {link.other: None for case in cases for link in case.links}
        holders = {case.assignee: None for case in cases if case.assignee not in (None, *self.facts.grants)}
        if linked or holders:
            self._load(linked, list(filter(None, holders)))

    def load(self, missing: FactMissing) -> None:
        """Add what was missing."""
        match missing.kind:
            case "case":
                self._load(missing.keys)
            case "definition":
                found = {key: self._in_force(key) for key in missing.keys}
                self.facts = replace(self.facts, definitions={**self.facts.definitions, **found})
            case "published":
                newest = {key: self._newest(key) for key in missing.keys}
                self.facts = replace(self.facts, published={**self.facts.published, **newest})
            case "grants":
                self._load(persons=missing.keys)
            case "person":
                persons = {key: self._person(key) for key in missing.keys}
                self.facts = replace(self.facts, persons={**self.facts.persons, **persons})

    def _load(self, references: Iterable[str] = (), persons: Iterable[str] = ()) -> None:
        """Add cases with the definitions they follow, and grants."""
        facts, cases = self.facts, self._cases(references)
        digests = {case.definition: None for case in cases.values() if case is not None}
        day = facts.today.isoformat()
        grants: dict[str, tuple[Grant, ...]] = {
            person: read_viewer(self._session, person, day).grants for person in persons
        }
        definitions = {
            digest: self._in_force(digest) for digest in digests if digest not in facts.definitions
        }
        self.facts = replace(
            facts,
            cases={**facts.cases, **cases},
            definitions={**facts.definitions, **definitions},
            grants={**facts.grants, **grants},
        )

    def _cases(self, references: Iterable[str]) -> dict[str, Case | None]:
        written = self._decider.keeper.written_reference
        names = {key: written(self._session, key) for key in references}
        stored = reading.load_cases(self._session, sorted(set(filter(None, names.values()))))
        found = {key: stored[name].case if name in stored else None for key, name in names.items()}
        return found | {name: one.case for name, one in stored.items()}

    def _in_force(self, digest: str) -> Definition:
        return self._decider.library.in_force(self._session, digest, self._around.current)

    def _newest(self, process: str) -> Definition | None:
        return self._decider.library.newest(self._session, process, self._around.current)

    def _person(self, text: str) -> str | None:
        person = reading.load_person_by_login(self._session, text) or reading.load_person(self._session, text)
        if person is None or not person.is_in_force(self.facts.today.isoformat()):
            return None
        return person.code
