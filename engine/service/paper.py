"""Papers of a case: which there are, and one of them as a file in some format, as the reader may see it.

What is shown on a paper is what `ShowService` shows: marked content only after the reading has been written down. It
must not know any particular paper or process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import dropwhile
from pathlib import Path
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from engine.calendar.zone import local_date, parse_instant
from engine.cases.decision import ShownCase
from engine.documents.masking import mask
from engine.documents.paper import EVERYBODY, FOLDER, REPORTER, Paper, list_papers, load_paper
from engine.documents.template import compose
from engine.documents.tree import Document
from engine.documents.write import Format, write
from engine.errors import UnknownPaperError
from engine.language.moment import format_day
from engine.language.say import begin_large, say
from engine.language.sentence import Words, sentence
from engine.service.result import CaseView, EventView, KeptPaperView
from engine.service.showing import ShowService
from engine.service.sight import ACTION, CaseSight, Others
from engine.service.voice import Voice
from engine.store.reading import load_person

SHORTEST: Final = 4
"""A login that is shorter, and has no figure in it, is not looked for in texts: it may be any word."""


class PaperRow(NamedTuple):
    """A paper that can be written: its key, what it is called, its version and template, whether it is to be kept."""

    key: str
    label: Words
    version: int
    template: str
    kept: bool


@dataclass(frozen=True, slots=True)
class Composed:
    """A paper of a case before it has a format.

    seen: seq of the case when it was read. shows: that of the last event that stands in it. others: the other cases
    that do. kept: the papers that are kept in the case already.
    """

    paper: Paper
    document: Document
    reference: str
    seen: int
    shows: int
    others: tuple[ShownCase, ...]
    kept: tuple[KeptPaperView, ...]

    @property
    def content(self) -> str:
        """SHA-256 of what it says, whatever the day it is taken out."""
        said = (self.document.title, self.document.subtitle, self.document.training, self.document.blocks)
        return sha256(repr(said).encode()).hexdigest()


@dataclass(slots=True)
class PaperService:
    """Writes papers for the actor. `shipped` is the folder with the processes, `authority` whose they are."""

    showing: ShowService
    clock: Callable[[], str]
    zone: ZoneInfo
    shipped: Path
    authority: str

    def list(self, reference: str) -> tuple[PaperRow, ...]:
        """The papers that can be written of a case.

        Raises:
            UnknownCaseError: There is no such case, or the caller may not know of it.
        """
        papers = self._papers(self.showing.process_of(reference)).values()
        said = ((paper.declaration, paper.digest) for paper in papers)
        return tuple(PaperRow(one.document, one.label, one.version, digest, one.kept) for one, digest in said)

    def belongs(self, reference: str, key: str) -> bool:
        """Whether a paper is one that belongs in its case, and so is to be kept there.

        Raises:
            UnknownCaseError: There is no such case, or the caller may not know of it.
        """
        paper = self._papers(self.showing.process_of(reference)).get(key)
        return paper is not None and paper.declaration.kept

    def write(self, reference: str, key: str, *, format: Format, language: str = "sv") -> bytes:
        """A paper of a case.

        Args:
            reference: The case.
            key: Which paper.
            format: `html`, `pdf`, `docx` or `md`.
            language: `sv` or `en`.

        Raises:
            UnknownCaseError: There is no such case, or the caller may not know of it.
            UnknownPaperError: The process has no such paper.
        """
        return write(self.compose(reference, key, language).document, format)

    def compose(self, reference: str, key: str, language: str) -> Composed:
        """What a paper says of a case as it is now.

        Raises:
            UnknownCaseError: There is no such case, or the caller may not know of it.
            UnknownPaperError: The process has no such paper.
        """
        papers = self._papers(self.showing.process_of(reference))
        if key not in papers:
            raise UnknownPaperError(key[:60], tuple(papers))
        paper, others = papers[key], Others()
        case, events = self.showing.paper(reference, ACTION)
        events = _without_itself(events, key)
        shows = events[-1].seq
        today = local_date(parse_instant(self.clock()), self.zone)
        sight = CaseSight(
            case,
            events,
            self.showing,
            Voice(language),
            paper.declaration.words,
            others,
            self.authority,
            today,
        )
        title, subtitle = self._headed(case, paper, language)
        document = Document(
            title=title, language=language, made_on=today, blocks=compose(paper.template, sight.names()),
            subtitle=subtitle, training=say(sentence("report.training"), language) if case.training else None,
            foot=say(sentence("paper.foot", reference=case.reference, row=shows, day=format_day(today)), language),
        )  # fmt: skip
        instead = "paper.hidden_name" if EVERYBODY in paper.declaration.hides else "paper.hidden"
        document = mask(document, self._hidden(case, events, paper), say(sentence(instead), language))
        return Composed(
            paper, document, case.reference, case.seq, shows, tuple(others.shown.values()), case.papers
        )

    def _headed(self, case: CaseView, paper: Paper, language: str) -> tuple[str, str]:
        """What stands above a paper: the case and what it is of it; above a letter, what it is and whose."""
        label = say(paper.declaration.label, language)
        if paper.declaration.letter:
            return label, self.authority
        title = begin_large(say(case.title, language))
        return f"{say(case.process_label, language)} {case.reference}", f"{title}\n{label}"

    def _hidden(self, case: CaseView, events: tuple[EventView, ...], paper: Paper) -> Iterator[str]:
        """The names and logins of those who are not to be named on a paper."""
        hides = paper.declaration.hides
        everybody = EVERYBODY in hides
        codes = {case.reporter.code} if everybody or REPORTER in hides else set()
        if everybody:
            codes |= {case.assignee.code if case.assignee else None, *(one.actor.code for one in events)}
        cells = [cell for table in case.tables for _, row in table.rows for cell in row] if everybody else []
        for one in (*case.fields, *cells):
            if one.type == "person" and (everybody or one.field in hides):
                codes.add(str(one.value))
            elif one.field in hides:
                yield str(one.value)
        with self.showing.decider.database.read() as session:
            for code in sorted(filter(None, codes)):
                person = load_person(session, code)
                logins = {code, person.login or "" if person is not None else ""}
                yield from (one for one in logins if len(one) >= SHORTEST or any(map(str.isdigit, one)))
                yield person.name if person is not None else ""

    def _papers(self, process: str) -> dict[str, Paper]:
        """Key -> paper: those of the process, and those for every process that it has none of its own instead of."""
        found = {path.stem: path for folder in (self.shipped, self.shipped / process)
                 for path in list_papers(folder / FOLDER)}  # fmt: skip
        return {key: load_paper(found[key]) for key in sorted(found)}


def _without_itself(events: tuple[EventView, ...], key: str) -> tuple[EventView, ...]:
    """The events but for the last ones that only kept this paper: it says the same before and after it is kept."""
    rest = dropwhile(lambda one: one.paper is not None and one.paper.paper == key, reversed(events))
    return tuple(rest)[::-1]
