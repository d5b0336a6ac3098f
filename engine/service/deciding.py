"""From a command to its outcome: load what is needed, decide, record; again when others came between.

It must not know what the commands are about, nor how the outcome is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from engine.calendar.workday import Calendar
from engine.cases.access import Grant
from engine.cases.case import Case
from engine.cases.decide import decide
from engine.cases.decision import Actor, Advance, Command, Decision, Refusal
from engine.cases.facts import Definition, FactMissing, Facts
from engine.cases.organisation import UnitTree
from engine.cases.reference import fold
from engine.errors import AppointmentEndedError, ConcurrentChangeError, RefusedError, UnknownCaseError
from engine.service.library import Library
from engine.store import reading
from engine.store.database import Database, Session
from engine.store.organisation import read_tree, read_viewer
from engine.store.outcome import Outcome, Recorded
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
    _tree: tuple[int, UnitTree] | None = field(default=None, init=False)

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

    def tree(self, session: Session) -> UnitTree:
        """The units, read again when the organisation has changed."""
        seq = reading.stream_seq(session, "organisation", "organisation")
        if self._tree is None or self._tree[0] != seq:
            self._tree = (seq, read_tree(session))
        return self._tree[1]

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
            return Outcome((*outcome.results, *self._advance(outcome, command.command_id))), decision
        raise AssertionError("unreachable")

    def decide(self, command: Command) -> Decision | Refusal:
        """Decide without recording.

        Raises:
            UnknownCaseError: There is no such case, or the actor may not know of it.
        """
        with self.database.read() as session:
            try:
                return self.ask(lambda facts: decide(command, facts), session)
            except LookupError as error:
                raise UnknownCaseError(str(error.args[0])[:40] if error.args else "") from None

    def _advance(self, outcome: Outcome, cause: str) -> list[Recorded]:
        """Let the cases that were written take the automatic steps that their own event made true."""
        followed: list[Recorded] = []
        for number, result in enumerate(outcome.results):
            definition = next(
                (
                    d
                    for d in self.library.definitions.values()
                    if d.process.process == result.process and d.automatic
                ),
                None,
            )
            if definition is None:
                continue
            command = Advance(f"{cause}:a{number}", Actor(None), reference=result.reference)
            decision = self.decide(command)
            if isinstance(decision, Refusal):
                continue
            followed += self.work.record(decision, self.library.stored()).results
        return followed


class Loader:
    """Facts, and how what they lack is read."""

    def __init__(self, decider: Decider, session: Session) -> None:
        """Begin with what every decision needs."""
        self._decider = decider
        self._session = session
        self._current: Mapping[str, str] | None = None
        self.facts = Facts(decider.clock(), decider.zone, decider.calendar(session), decider.tree(session))

    @property
    def current(self) -> Mapping[str, str]:
        """Process -> hash of its newest published definition."""
        if self._current is None:
            self._current = {
                one.process: one.hash for one in reading.list_definitions(self._session) if one.is_current
            }
        return self._current

    def load(self, missing: FactMissing) -> None:
        """Add what was missing."""
        match missing.kind:
            case "case":
                self.facts = replace(self.facts, cases={**self.facts.cases, **self._cases(missing.keys)})
            case "definition":
                found = {key: self._in_force(key) for key in missing.keys}
                self.facts = replace(self.facts, definitions={**self.facts.definitions, **found})
            case "published":
                newest = {key: self._newest(key) for key in missing.keys}
                self.facts = replace(self.facts, published={**self.facts.published, **newest})
            case "grants":
                day = self.facts.today.isoformat()
                grants: dict[str, tuple[Grant, ...]] = {
                    key: read_viewer(self._session, key, day).grants for key in missing.keys
                }
                self.facts = replace(self.facts, grants={**self.facts.grants, **grants})
            case "person":
                persons = {key: self._person(key) for key in missing.keys}
                self.facts = replace(self.facts, persons={**self.facts.persons, **persons})

    def _cases(self, references: tuple[str, ...]) -> dict[str, Case | None]:
        names = {key: written_reference(self._session, key) for key in references}
        stored = reading.load_cases(self._session, sorted(set(filter(None, names.values()))))
        return {key: stored[name].case if name in stored else None for key, name in names.items()}

    def _in_force(self, digest: str) -> Definition:
        return self._decider.library.in_force(self._session, digest, self.current)

    def _newest(self, process: str) -> Definition | None:
        return self._decider.library.newest(self._session, process, self.current)

    def _person(self, text: str) -> str | None:
        person = reading.load_person_by_login(self._session, text) or reading.load_person(self._session, text)
        if person is None or not person.is_in_force(self.facts.today.isoformat()):
            return None
        return person.code


def written_reference(session: Session, text: str) -> str | None:
    """A reference as it is written (`ÅTG-2026-0031`), from its folded or written form; None when no prefix fits."""
    prefix, dash, rest = text.partition("-")
    if not dash:
        return None
    for known in reading.list_prefixes(session):
        if fold(known) == fold(prefix):
            return f"{known}-{rest}"
    return None
