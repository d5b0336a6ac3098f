"""The only writer: a decision becomes events, payloads and projections in one transaction, all or none.

What is written or relied on is locked in the order of its name, so that writers cannot wait for each other
in a ring; numbers of new cases are taken behind all other locks. The database is asked once for everything
that must be known, then everything is sent with the commit: two round trips. It must not know why a
decision was taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from engine.calendar.zone import load_zone
from engine.cases.decision import Decision, Write
from engine.cases.event import FILE_DIGEST, HOLDS_FILE, NEW, Event
from engine.definition.model import Process
from engine.errors import ConcurrentChangeError, DuplicateError, GuardError
from engine.store.attachment import Content, write_content
from engine.store.authority import Authority
from engine.store.case_projection import Before, CaseRows
from engine.store.database import Database, Session
from engine.store.lock import Locks, Standing, changes_since
from engine.store.number import Numbers
from engine.store.outcome import Outcome, Recorded, find_outcome, find_outcomes
from engine.store.projection import project
from engine.store.sealing import Entropy, Sealed, first_prev, seal
from engine.store.statement import insertion
from engine.store.tables import events, payloads

if TYPE_CHECKING:
    from engine.definition.document import Document

INSERT_EVENT: Final = insertion(events)
INSERT_PAYLOAD: Final = insertion(payloads)
Definitions = Mapping[str, tuple[int, Process]]
"""Hash -> id of the stored definition, and the process."""


@dataclass(frozen=True, slots=True)
class UnitOfWork:
    """Records decisions.

    Attributes:
        database: Where.
        authority: Whose log it is.
        entropy: Where salts come from.
    """

    database: Database
    authority: Authority
    entropy: Entropy

    def record(
        self,
        decision: Decision,
        definitions: Definitions,
        documents: Sequence[Document] = (),
        content: Content | None = None,
    ) -> Outcome:
        """Write a decision; when its command was done before, say what that led to.

        Args:
            decision: What is to be written.
            definitions: Every definition that its cases follow.
            documents: Definitions that its events publish.
            content: The file that its event attaches.

        Raises:
            AttachmentChangedError: The file is not the one that the event commits to.
            ConcurrentChangeError: A stream that it writes or relies on moved meanwhile. Nothing was written.
            AppointmentEndedError: The right to act ended meanwhile. Nothing was written.
            DatabaseBusyError: Others held the database too long. Nothing was written.
            StorageError: The database cannot be written.
        """
        return self.record_all([decision], definitions, documents, content)[0]

    def record_all(
        self,
        decisions: Sequence[Decision],
        definitions: Definitions,
        documents: Sequence[Document] = (),
        content: Content | None = None,
    ) -> list[Outcome]:
        """Write many decisions in one commit, each upon those before it. Those done before are left out.

        Raises:
            ConcurrentChangeError: A stream moved meanwhile. Nothing was written.
            AppointmentEndedError: A right to act ended meanwhile. Nothing was written.
            DuplicateError: Two of the decisions have the same command. Nothing was written.
            DatabaseBusyError: Others held the database too long. Nothing was written.
            StorageError: The database cannot be written.
        """
        if not decisions:
            return []
        commands = [decision.command_id for decision in decisions]
        if len(set(commands)) != len(commands):
            raise DuplicateError("command_id")

        def write(session: Session) -> list[Outcome]:
            recording = Recording(session, self.authority, self.entropy, definitions, documents, content)
            return recording.record(decisions)

        try:
            return self.database.transact(write)
        except (ConcurrentChangeError, DuplicateError, GuardError) as error:
            with self.database.read() as session:
                done = find_outcomes(session, commands)
            if done:
                rest = [decision for decision in decisions if decision.command_id not in done]
                new = iter(self.record_all(rest, definitions, documents, content))
                return [done.get(decision.command_id) or next(new) for decision in decisions]
            if isinstance(error, ConcurrentChangeError):
                raise
            # Somebody made the same stream first: now it is there, and the answer is said as such.
            return self.database.transact(write)

    def outcome_of(self, command_id: str) -> Outcome | None:
        """What a command led to, None when it was not done.

        Raises:
            StorageError: The database cannot be read.
        """
        with self.database.read() as session:
            return find_outcome(session, command_id)


class Recording:
    """The writing of some decisions within one transaction."""

    def __init__(
        self, session: Session, authority: Authority, entropy: Entropy, definitions: Definitions,
        documents: Sequence[Document], content: Content | None = None,
    ) -> None:  # fmt: skip
        """Begin; `documents` are what the events publish, `content` the file that one attaches."""
        self._content: Final = content
        self._session: Final = session
        self._authority: Final = authority
        self._entropy: Final = entropy
        self._definitions: Final = definitions
        self._documents: Final = {document.hash: document for document in documents}
        self._rows: Final = CaseRows()

    def record(self, decisions: Sequence[Decision]) -> list[Outcome]:
        """Lock, check, write.

        Raises:
            ConcurrentChangeError: A stream moved meanwhile.
            AppointmentEndedError: A right to act ended meanwhile.
        """
        locks = Locks(self._session, decisions, load_zone(self._authority.zone))
        waves = in_waves(decisions)
        before = self._ask(waves[0])
        numbers = Numbers(self._session, decisions, self._definitions)
        standings = locks.standings()
        self._check(decisions, standings)
        locks.check_appointments()
        outcomes: list[Outcome] = []
        for number, wave in enumerate(waves):
            if number:
                before = self._ask(wave)
            outcomes += self._write_wave(wave, before, standings, numbers)
        return outcomes

    def _ask(self, wave: Sequence[Decision]) -> dict[str, Before]:
        return {
            write.event.stream: Before(self._session, write)
            for decision in wave
            for write in decision.writes
            if write.case is not None and write.event.seq > 1
        }

    def _check(self, decisions: Sequence[Decision], standings: Mapping[tuple[str, str], Standing]) -> None:
        seqs = {place: standing.seq for place, standing in standings.items()}
        for decision in decisions:
            for reference, seq in decision.relied:
                if seqs.get(("case", reference), 0) != seq:
                    raise self._changed("case", reference, seq, seqs.get(("case", reference), 0))
            for write in decision.writes:
                event = write.event
                if event.stream.startswith(NEW):
                    continue
                place = (event.stream_kind, event.stream)
                now = seqs.get(place, 0)
                if now != event.seq - 1:
                    raise self._changed(*place, event.seq - 1, now)
                seqs[place] = event.seq

    def _changed(self, kind: str, name: str, seen: int, now: int) -> ConcurrentChangeError:
        return ConcurrentChangeError(name, seen, now, changes_since(self._session, kind, name, seen))

    def _write_wave(
        self, wave: Sequence[Decision], before: Mapping[str, Before],
        standings: dict[tuple[str, str], Standing], numbers: Numbers,
    ) -> list[Outcome]:  # fmt: skip
        outcomes = []
        event_rows: list[dict[str, object]] = []
        payload_rows: list[dict[str, object]] = []
        others: list[Event] = []
        for decision in wave:
            results = []
            writes = named(decision, numbers.names(decision))
            new = {
                (write.event.stream_kind, write.event.stream): numbers.stream_id()
                for write in writes
                if write.event.seq == 1
            }
            for write in writes:
                event, place = write.event, (write.event.stream_kind, write.event.stream)
                stream_id = new[place] if place in new else standings[place].id
                prev = first_prev(event, self._authority) if place in new else standings[place].head
                sealed = seal(event, prev, self._authority, self._entropy)
                standings[place] = Standing(stream_id, event.seq, sealed.digest)
                event_rows.append(_event_row(stream_id, write, sealed))
                if sealed.payload is not None:
                    payload_rows.append({"stream_id": stream_id, "seq": event.seq, "content": sealed.payload})
                results.append(_recorded(event, sealed))
            for write in writes:
                if write.case is None:
                    others.append(write.event)
                else:
                    self._add_case(write, before.get(write.event.stream), standings)
            outcomes.append(Outcome(tuple(results), writes=writes))
        self._session.run_many(INSERT_EVENT, event_rows)
        self._rows.send(self._session, (INSERT_PAYLOAD, payload_rows))
        if self._content is not None:
            for decision_outcome in outcomes:
                self._write_content(decision_outcome, standings)
        for event in others:
            project(self._session, event, self._documents)
        return outcomes

    def _write_content(self, outcome: Outcome, standings: Mapping[tuple[str, str], Standing]) -> None:
        for write in outcome.writes:
            event = write.event
            if event.kind in HOLDS_FILE and self._content is not None:
                place = standings[event.stream_kind, event.stream]
                write_content(
                    self._session, place.id, event.seq, self._content, str(event.personal[FILE_DIGEST])
                )

    def _add_case(
        self, write: Write, before: Before | None, standings: Mapping[tuple[str, str], Standing]
    ) -> None:
        event = write.event
        definition_id, process = self._definitions[event.definition]
        ids = {link.other: standings["case", link.other].id for link in event.links}
        self._rows.add(standings["case", event.stream].id, write, process, definition_id, before, ids)


def named(decision: Decision, names: Mapping[str, str]) -> tuple[Write, ...]:
    """The writes of a decision, its new cases under the references they were given."""
    if not names:
        return decision.writes
    return tuple(
        replace(write, event=write.event.renamed(names), case=write.case and write.case.renamed(names))
        for write in decision.writes
    )


def in_waves(decisions: Iterable[Decision]) -> list[list[Decision]]:
    """Divide decisions, in order, so that no stream is written twice in one part."""
    waves: list[list[Decision]] = [[]]
    taken: set[tuple[str, str]] = set()
    for decision in decisions:
        places = {
            (write.event.stream_kind, write.event.stream)
            for write in decision.writes
            if not write.event.stream.startswith(NEW)
        }
        if places & taken:
            waves.append([])
            taken = set()
        taken |= places
        waves[-1].append(decision)
    return waves


def _event_row(stream_id: int, write: Write, sealed: Sealed) -> dict[str, object]:
    event, case = write.event, write.case
    to_state = event.to_state or (case.state if case is not None else "")
    from_state = event.from_state or ("" if event.seq == 1 else to_state)
    return {
        "stream_id": stream_id, "seq": event.seq, "hash": sealed.digest, "prev": sealed.prev,
        "kind": event.kind, "from_state": from_state, "to_state": to_state, "recorded_at": event.recorded_at,
        "command_id": event.command_id, "ordinal": event.ordinal, "body": sealed.body,
    }  # fmt: skip


def _recorded(event: Event, sealed: Sealed) -> Recorded:
    return Recorded(
        reference=event.stream, process=event.process, kind=event.kind, step=event.step,
        from_state=event.from_state, to_state=event.to_state, seq=event.seq, hash=sealed.digest.hex(),
        person=event.acting.person,
    )  # fmt: skip
