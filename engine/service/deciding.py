"""From a command to its outcome: load what is needed, decide, record; again when others came between.

It must not know what the commands are about, nor how the outcome is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from engine.calendar.workday import Calendar
from engine.calendar.zone import local_date, parse_instant
from engine.cases.access import Grant
from engine.cases.case import Case
from engine.cases.decide import decide
from engine.cases.decision import (
    Actor,
    AddEntry,
    Advance,
    Amend,
    Assign,
    Attach,
    Command,
    Decision,
    KeepPaper,
    LinkCases,
    OpenCase,
    Refusal,
    TakeStep,
    Write,
)
from engine.cases.event import ATTACH, PAPER
from engine.cases.facts import Definition, FactMissing, Facts
from engine.cases.meanwhile import disturbs, named_paths, touched_paths
from engine.cases.reference import asked_for, fold
from engine.definition.machine import target
from engine.errors import (
    AppointmentEndedError,
    CommandIdTakenError,
    ConcurrentChangeError,
    DatabaseBusyError,
    Intervening,
    RefusedError,
    UnknownCaseError,
)
from engine.service.library import Library
from engine.service.logged import logged_events
from engine.service.surroundings import Keeper, Surroundings
from engine.store import reading
from engine.store.attachment import Content
from engine.store.database import Database, Session
from engine.store.organisation import ask_viewer
from engine.store.outcome import Outcome, Recorded
from engine.store.schedule import load_schedule
from engine.store.unit_of_work import UnitOfWork

T = TypeVar("T")
Loaded = tuple[dict[str, Case | None], dict[str, tuple[Grant, ...]]]
TRIES: Final = 20
KINDS: Final[Mapping[type[Command], str]] = {
    Amend: "amend", AddEntry: "entry", Assign: "assign", LinkCases: "link", Attach: ATTACH,
    KeepPaper: PAPER,
}  # fmt: skip
"""The kind of event that a command leads to first, where that is no step."""
MOST_FOLLOWERS: Final = 50
"""So many cases of one command are asked whether an automatic step of theirs is open; then it is left to `tick`."""


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

    def loader(self, session: Session, command: Command | None = None) -> Loader:
        """Facts that can grow, with what a command needs."""
        return Loader(self, session, command)

    def run(self, command: Command, content: Content | None = None) -> tuple[Outcome, Decision | None]:
        """Do a command; `content` is the file that it attaches or the paper that it keeps.

        Returns:
            What was recorded, with the automatic steps that followed, and the decision (None when it was a retry).

        Raises:
            RefusedError: A rule refuses it; nothing has changed.
            UnknownCaseError: There is no such case, or the actor may not know of it.
            ConcurrentChangeError: Somebody else changed the case from what the caller saw, or kept on changing it.
            StorageError: The database cannot be read or written.
        """
        end = self.database.patience.until()
        for attempt in count(1):
            try:
                decision = self._decided(command)
            except (RefusedError, UnknownCaseError, ConcurrentChangeError):
                done = self.work.outcome_of(command.command_id)
                if done is None:
                    raise
                return self._again(command, done), None
            try:
                outcome = self.work.record(decision, self.library.stored(), content=content)
            except ConcurrentChangeError as error:
                if isinstance(error, AppointmentEndedError) and attempt >= TRIES:
                    raise
                self._wait(end, error)
                continue
            if outcome.repeated:
                return self._again(command, outcome), None
            return self._advance(outcome, command.command_id), decision
        raise AssertionError("unreachable")

    def run_together(self, commands: Iterable[OpenCase]) -> dict[str, Outcome]:
        """Open cases that have nothing to do with each other in one commit; the outcome of each by its command.

        What is refused, or was done before, is not there: `run` says why, or what that led to.

        Raises:
            ConcurrentChangeError: A stream moved meanwhile. Nothing was written.
            StorageError: The database cannot be read or written.
        """
        decisions: list[Decision] = []
        ahead: Counter[str] = Counter()
        for command in commands:
            decision = self.decide(command)
            if isinstance(decision, Decision):
                decisions.append(_behind(decision, ahead))
        outcomes = self.work.record_all(decisions, self.library.stored())
        return {
            decision.command_id: self._advance(outcome, decision.command_id)
            for decision, outcome in zip(decisions, outcomes, strict=True)
            if not outcome.repeated
        }

    def run_all(self, commands: Sequence[Command]) -> None:
        """Do several commands in one transaction: all of them, or none.

        Raises:
            RefusedError: A rule refuses one of them.
            UnknownCaseError: There is no such case, or the actor may not know of it.
            ConcurrentChangeError: Somebody changed a case meanwhile.
            StorageError: The database cannot be read or written.
        """
        decisions = [self._decided(command) for command in commands]
        outcomes = self.work.record_all(decisions, self.library.stored())
        for outcome, command in zip(outcomes, commands, strict=True):
            if not outcome.repeated:
                self._advance(outcome, command.command_id)

    def _wait(self, end: float, error: ConcurrentChangeError) -> None:
        """Let others finish before it is decided again.

        Raises:
            ConcurrentChangeError: They have gone on for too long.
        """
        try:
            self.database.patience.wait(end)
        except DatabaseBusyError:
            raise error from None

    def _decided(self, command: Command) -> Decision:
        decision = self.decide(command)
        if isinstance(decision, Refusal):
            raise RefusedError(decision)
        return decision

    def decide(self, command: Command) -> Decision | Refusal:
        """Decide without recording.

        Raises:
            UnknownCaseError: There is no such case, or the actor may not know of it.
            ConcurrentChangeError: The case is no longer as the caller saw it, in what concerns the command.
        """
        with self.database.read() as session:
            try:
                loader = self.loader(session, command)
                while True:
                    try:
                        decision = decide(command, loader.facts)
                        break
                    except FactMissing as missing:
                        loader.load(missing)
            except LookupError as error:
                raise UnknownCaseError(asked_for(str(error.args[0]) if error.args else "")) from None
            if command.expected_seq is not None:
                self._check_seen(session, loader.facts, command, command.expected_seq, decision)
            return decision

    def _check_seen(
        self, session: Session, facts: Facts, command: Command, seen: int, decision: Decision | Refusal
    ) -> None:
        """Make sure that nothing which concerns a command has come since its caller saw the case.

        Raises:
            ConcurrentChangeError: Something has; who and what is told to those who have the right to the command.
        """
        case = facts.case(getattr(command, "reference", ""))
        if case is None or case.seq == seen or (isinstance(decision, Refusal) and decision.is_about_right):
            return
        process = facts.definition(case.definition).process
        touched = named_paths(getattr(command, "values", ()))
        if isinstance(decision, Decision):
            own = (write.event for write in decision.writes if write.event.stream == case.reference)
            touched = touched.union(*(touched_paths(event, process) for event in own))
        logged = (one.event for one in logged_events(session, case.reference))
        since = [event for event in logged if seen < event.seq <= case.seq]
        changes = tuple(
            Intervening(event.seq, event.acting.person, event.kind, event.step, event.recorded_at)
            for event in since if isinstance(command, KeepPaper) or disturbs(event, process, touched)
        )  # fmt: skip
        if changes or seen > case.seq:
            raise ConcurrentChangeError(case.reference, seen, case.seq, changes)

    def _again(self, command: Command, done: Outcome) -> Outcome:
        """What a command led to when it was done, with the automatic steps that followed; those left undone are taken.

        Raises:
            DuplicateError: The id is that of another command.
        """
        if not self._is_of(command, done.results[0]):
            raise CommandIdTakenError
        for number in range(MOST_FOLLOWERS):
            if number == len(done.results):
                break
            if not done.results[number].process:
                continue  # a stream that is no case follows nothing
            follower = f"{command.command_id}:a{number}"
            followed = self.work.outcome_of(follower) or self._follow(
                follower, done.results[number].reference
            )
            if followed is not None:
                done = replace(done, results=done.results + followed.results)
        return done

    def _is_of(self, command: Command, first: Recorded) -> bool:
        """Whether an event is what a command leads to first, so that an id used again is a retry and no mistake."""
        if first.person != command.actor.person or first.kind != KINDS.get(type(command), "step"):
            return False
        if isinstance(command, OpenCase):
            around = self.keeper.kept
            named = around.find_process(command.process) if around is not None else None
            return first.seq == 1 and first.process == (named or command.process)
        if isinstance(command, TakeStep) and first.step != command.step:
            with self.database.read() as session:
                newest = self.ask(lambda facts: facts.newest(first.process), session)
            if newest is None or newest.process.find_step(command.step) != first.step:
                return False
        return fold(first.reference) == fold(getattr(command, "reference", ""))

    def _advance(self, outcome: Outcome, cause: str) -> Outcome:
        """Let the cases that were written take the automatic steps that their own event made true."""
        for number in range(MOST_FOLLOWERS):
            if number == len(outcome.writes):
                break
            write = outcome.writes[number]
            if not self._may_advance(write):
                continue
            followed = self._follow(f"{cause}:a{number}", write.event.stream)
            if followed is not None:
                outcome = replace(
                    outcome,
                    results=outcome.results + followed.results,
                    writes=outcome.writes + followed.writes,
                )
        return outcome

    def _follow(self, command_id: str, reference: str) -> Outcome | None:
        """Let a case take the automatic step that is open to it, when there is one."""
        decision = self.decide(Advance(command_id, Actor(None), reference=reference))
        if isinstance(decision, Refusal):
            return None
        try:
            return self.work.record(decision, self.library.stored())
        except ConcurrentChangeError:
            return None  # whoever moved the case lets it advance

    def _may_advance(self, write: Write) -> bool:
        """Whether an automatic step leads from where the case is now."""
        definition = self.library.definitions.get(write.event.definition)
        if definition is None or write.case is None:
            return False
        state = write.case.state
        return any(target(definition.machine, step, state) is not None for step in definition.automatic)


def _behind(decision: Decision, ahead: Counter[str]) -> Decision:
    """The decision behind those of the same commit that write to the same streams beside cases; notes it among them."""
    writes = []
    for write in decision.writes:
        found = write
        if write.case is None:
            event = write.event
            found = replace(write, event=replace(event, seq=event.seq + ahead[event.stream]))
            ahead[event.stream] += 1
        writes.append(found)
    return replace(decision, writes=tuple(writes))


class Loader:
    """Facts, and how what they lack is read."""

    def __init__(self, decider: Decider, session: Session, command: Command | None = None) -> None:
        """Begin with what every decision needs, and what a command is all but sure to need.

        Raises:
            LookupError: A definition is not there.
        """
        self._decider = decider
        self._session = session
        now, zone = decider.clock(), decider.zone
        self._day = local_date(parse_instant(now), zone).isoformat()
        person = command.actor.person if command is not None else None
        names = [str(name) for key in ("reference", "other") if (name := getattr(command, key, None))]
        with session.together() as both:
            around = decider.keeper.ask(both)
            loaded = self._ask(both, names, [person] if person else [])
            self._around: Surroundings = around()
            self.facts = Facts(now, zone, self._around.calendar, self._around.tree)
            cases, grants = loaded()
        self._add(cases, grants)
        if isinstance(command, OpenCase):
            self.load(FactMissing("published", command.process))
        there = [case for case in cases.values() if case is not None]
        linked = {link.other: None for case in there for link in case.links}
        holders = {case.assignee: None for case in there if case.assignee not in (None, person)}
        if linked or holders:
            self._load(linked, filter(None, holders))

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
            case "schedule":
                found_here = {key: load_schedule(self._session, *key.split("/")) for key in missing.keys}
                self.facts = replace(self.facts, schedules={**self.facts.schedules, **found_here})

    def _load(self, references: Iterable[str] = (), persons: Iterable[str] = ()) -> None:
        """Add cases with the definitions they follow, and grants."""
        with self._session.together() as both:
            cases, grants = self._ask(both, references, persons)()
        self._add(cases, grants)

    def _ask(
        self, session: Session, references: Iterable[str], persons: Iterable[str]
    ) -> Callable[[], Loaded]:
        """Ask for cases and grants; they come when what is returned is called."""
        written = self._decider.keeper.written_reference
        names = {key: written(session, key) for key in references}
        cases = reading.ask_cases(session, sorted(set(filter(None, names.values()))))
        viewers = {person: ask_viewer(session, person, self._day) for person in persons}

        def answer() -> Loaded:
            stored = cases()
            found = {key: stored[name].case if name in stored else None for key, name in names.items()}
            found |= {name: one.case for name, one in stored.items()}
            return found, {person: viewer().grants for person, viewer in viewers.items()}

        return answer

    def _add(self, cases: Mapping[str, Case | None], grants: Mapping[str, tuple[Grant, ...]]) -> None:
        facts = self.facts
        digests = {case.definition: None for case in cases.values() if case is not None}
        definitions = {
            digest: self._in_force(digest) for digest in digests if digest not in facts.definitions
        }
        self.facts = replace(
            facts,
            cases={**facts.cases, **cases},
            definitions={**facts.definitions, **definitions},
            grants={**facts.grants, **grants},
        )

    def _in_force(self, digest: str) -> Definition:
        return self._decider.library.in_force(self._session, digest, self._around.current)

    def _newest(self, process: str) -> Definition | None:
        key = self._around.find_process(process) or process
        return self._decider.library.newest(self._session, key, self._around.current)

    def _person(self, text: str) -> str | None:
        person = reading.find_person(self._session, text)
        if person is None or not person.is_in_force(self.facts.today.isoformat()):
            return None
        return person.code
