"""Kept papers of a case: one is written and kept to the byte, listed, taken out again.

Written and kept is one act: the event and the bytes are recorded together, on the case as it was when the paper was
written, or nothing is. When what it says is kept already, that is what is answered. A kept paper shows other cases as
whoever kept it saw them, so it is handed out only to those who may see as much of them. It must not know how a paper
is written, nor where the pieces lie.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import sha256
from itertools import count
from typing import Final

from engine.cases.decision import Actor, Command, KeepPaper, ShownCase
from engine.cases.event import PAPER
from engine.cases.facts import Facts
from engine.cases.work import Work
from engine.documents.write import Format, write
from engine.errors import (
    AttachmentTooLargeError,
    ClosedPaperError,
    ConcurrentChangeError,
    ErasedPaperError,
    RefusedError,
    UnknownKeptPaperError,
)
from engine.service.attachment import MEGABYTE
from engine.service.deciding import Decider
from engine.service.held import kept_paper_view
from engine.service.logged import logged_events
from engine.service.paper import Composed, PaperService
from engine.service.result import KeptPaperView
from engine.service.setting import ATTACHMENT_MEGABYTES, load_values
from engine.service.showing import Names, Page
from engine.service.sight import ACTION
from engine.store import reading
from engine.store.attachment import read_content

TRIES: Final = 5
"""So often a paper is written anew because its case moved while it was written."""


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A kept paper on its way out: what it is, and its bytes piece by piece. was_there: it was kept before."""

    reference: str
    paper: KeptPaperView
    content: Iterable[bytes]
    was_there: bool = True


@dataclass(slots=True)
class KeptPaperService:
    """Keeps papers and hands them out. `actor` says who asks."""

    decider: Decider
    actor: Callable[[], Actor]
    papers: PaperService

    def keep(
        self, reference: str, key: str, *, format: Format, language: str = "sv", command_id: str | None = None
    ) -> TakenOut:
        """Write a paper of a case and keep it there; when it is kept already and says the same, that one.

        Args:
            reference: The case.
            key: Which paper.
            format: `html`, `pdf`, `docx` or `md`.
            language: `sv` or `en`.
            command_id: An id of the caller's own, which makes a retry harmless.

        Raises:
            RefusedError: The caller may not.
            UnknownCaseError: There is no such case, or the caller may not know of it.
            UnknownPaperError: The process has no such paper.
            AttachmentTooLargeError: It is larger than the installation takes.
            ConcurrentChangeError: The case kept on changing while it was written.
        """
        identity = command_id or self.decider.new_id()
        for attempt in count(1):
            composed = self.papers.compose(reference, key, language)
            same = _same(composed, format)
            if same is not None and self.decider.work.outcome_of(identity) is None:
                return self._taken_out(composed.reference, same.seq)
            data = write(composed.document, format)
            try:
                seq = self._record(composed, data, format, identity)
            except ConcurrentChangeError:
                if attempt >= TRIES:
                    raise
                continue
            return replace(self._taken_out(composed.reference, seq), was_there=False)
        raise AssertionError("unreachable")

    def list(self, reference: str) -> tuple[KeptPaperView, ...]:
        """The kept papers of a case, when the caller reads its content; none otherwise.

        Raises:
            UnknownCaseError: There is no such case, or the caller may not know of it.
        """
        return self._list(self.papers.showing.open(reference, ACTION))

    def fetch(self, reference: str, number: int) -> TakenOut:
        """A kept paper, byte for byte. That it is taken out has been written down when this returns.

        Raises:
            UnknownCaseError: There is no such case, or the caller may not know of it.
            UnknownKeptPaperError: It has no such paper, or the caller may not read it.
            ClosedPaperError: It shows something of other cases that the caller may not see.
            ErasedPaperError: It has been erased.
        """
        page, witness = self.papers.showing.open(reference, ACTION, reads=False), self.papers.showing.witness
        case, kept = page.case.reference, self._list(page)
        paper = next((one for one in kept if one.number == number), None)
        if paper is None:
            witness.refuses(case, ACTION, str(number))
            raise UnknownKeptPaperError(str(number), tuple(str(one.number) for one in kept))
        if paper.sha256 is None:
            raise ErasedPaperError(case, number)
        if not self._may_see(paper.others):
            witness.refuses(case, ACTION, str(number))
            raise ClosedPaperError(case, number)
        witness.reads(page.now, case, page.rule, ACTION, str(number), always=True)
        return self._taken_out(case, paper.seq)

    # --- inside

    def _list(self, page: Page) -> tuple[KeptPaperView, ...]:
        with self.decider.database.read() as session:
            return self.papers.showing.papers(session, page)

    def _record(self, composed: Composed, data: bytes, format: Format, command_id: str) -> int:
        """Record the paper.

        Returns:
            The seq of its event.
        """
        with self.decider.database.read() as session:
            most = load_values(session).whole(ATTACHMENT_MEGABYTES)
        if len(data) > most * MEGABYTE:
            raise AttachmentTooLargeError(round(Decimal(len(data)) / MEGABYTE, 1), str(most))
        declared = composed.paper.declaration
        command = KeepPaper(
            command_id, self.actor(), expected_seq=composed.seen, reference=composed.reference,
            paper=declared.document, version=declared.version, label=declared.label,
            template=composed.paper.digest, format=format, language=composed.document.language,
            shows=composed.shows, others=composed.others, size=len(data), digest=sha256(data).hexdigest(),
            content=composed.content,
        )  # fmt: skip
        try:
            outcome, _ = self.decider.run(command, lambda: (data,))
        except RefusedError as error:
            if error.refusal.is_about_right:
                self.papers.showing.witness.refuses(composed.reference, ACTION, declared.document)
            raise
        return outcome.results[0].seq

    def _taken_out(self, reference: str, seq: int) -> TakenOut:
        """A kept paper by its event, for one who has been found to may read it."""
        with self.decider.database.read() as session:
            stored = reading.load_case(session, reference)
            if stored is None:
                raise LookupError(reference)
            kept = (one.event for one in logged_events(session, reference) if one.event.kind == PAPER)
            number, event = next((n, event) for n, event in enumerate(kept, 1) if event.seq == seq)
            process = self.decider.library.get(session, event.definition).process
            paper = kept_paper_view(event, number, Names(session).actor(event, process))
        return TakenOut(reference, paper, read_content(self.decider.database, stored.id, seq))

    def _may_see(self, others: tuple[ShownCase, ...]) -> bool:
        """Whether the caller may see as much of other cases as a paper shows of them."""

        def question(facts: Facts) -> bool:
            work = Work(Command("", self.actor()), facts)
            for one in others:
                case, definition = work.current(one.reference)
                rule = work.rule(definition.process)
                if not (rule.may_read(case) if one.content else rule.may_see(case)):
                    return False
            return True

        with self.decider.database.read() as session:
            return self.decider.ask(question, session)


def _same(composed: Composed, format: Format) -> KeptPaperView | None:
    """The newest kept paper that says the same in the same format."""
    wanted = (composed.paper.digest, composed.document.language, format, composed.content)
    found = [
        one for one in composed.kept
        if one.sha256 is not None and (one.template, one.language, one.format, one.content) == wanted
    ]  # fmt: skip
    return found[-1] if found else None
