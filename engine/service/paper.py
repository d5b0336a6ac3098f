"""Papers of a case: which there are, and one of them as a file in some format, as the reader may see it.

What is shown on a paper is what `ShowService` shows: marked content only after the reading has been written down. It
must not know any particular paper or process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from engine.calendar.zone import local_date, parse_instant
from engine.documents.paper import FOLDER, Paper, list_papers, load_paper
from engine.documents.template import compose
from engine.documents.tree import Block, Cell, Column, Document, Facts, Line, Paragraph, Run, Table, line
from engine.documents.write import Format, write
from engine.errors import UnknownPaperError
from engine.language.moment import format_day, format_instant
from engine.language.say import begin_large, begin_small, say, say_line
from engine.language.sentence import Words, sentence
from engine.service.result import CaseView, EventView, FieldView, PersonView
from engine.service.showing import ShowService

ACTION: Final = "document"


@dataclass(slots=True)
class PaperService:
    """Writes papers for the actor. `shipped` is the folder with the processes that come with Hjul."""

    showing: ShowService
    clock: Callable[[], str]
    zone: ZoneInfo
    shipped: Path

    def list(self, reference: str) -> tuple[tuple[str, Words], ...]:
        """The papers that can be written of a case: key and name.

        Raises:
            UnknownCaseError: There is no such case, or the caller may not know of it.
        """
        process = self.showing.process_of(reference)
        return tuple(
            (paper.declaration.document, paper.declaration.label) for paper in self._papers(process).values()
        )

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
        papers = self._papers(self.showing.process_of(reference))
        if key not in papers:
            raise UnknownPaperError(key[:60], tuple(papers))
        return write(self.document(reference, papers[key], language), format)

    def document(self, reference: str, paper: Paper, language: str) -> Document:
        """The content of a paper."""
        case, events = self.showing.paper(reference, ACTION)
        sight = CaseSight(case, events, self.showing, language, paper.declaration.words)
        today = local_date(parse_instant(self.clock()), self.zone)
        return Document(
            title=f"{say(case.process_label, language)} {case.reference}", language=language, made_on=today,
            blocks=compose(paper.template, sight.names()),
            subtitle=f"{begin_large(say(case.title, language))}\n{say(paper.declaration.label, language)}",
            training=say(sentence("report.training"), language) if case.training else None,
            foot=say(sentence("paper.foot", reference=case.reference, row=case.seq, day=format_day(today)), language),
        )  # fmt: skip

    def _papers(self, process: str) -> dict[str, Paper]:
        """Key -> paper: those of the process, and those for every process that it has none of its own instead of."""
        found = {path.stem: path for folder in (self.shipped, self.shipped / process)
                 for path in list_papers(folder / FOLDER)}  # fmt: skip
        return {key: load_paper(found[key]) for key in sorted(found)}


@dataclass(frozen=True, slots=True)
class CaseSight:
    """What a template may speak of: one case, as its reader may see it, in the words of a language."""

    case: CaseView
    events: tuple[EventView, ...]
    showing: ShowService
    language: str
    wording: Mapping[str, Words]

    def names(self) -> dict[str, Any]:
        """The names of `engine.documents.paper.NAMES` with what they stand for."""
        return {
            "case": self._plain(), "words": self._word, "head": self.head, "facts": self.facts, "rest": self.rest,
            "field": self.field, "tables": self.tables, "entries": self.entries, "deadlines": self.deadlines,
            "history": self.history, "linked": self.linked, "reading": self.reading, "fact_rows": fact_rows,
        }  # fmt: skip

    def head(self) -> Facts:
        """What the case is: status, unit, days, who."""
        case = self.case
        rows = (
            ("state", self._say(case.state_label)),
            ("unit", case.unit_name),
            ("happened", format_day(case.happened_on) if case.happened_on else ""),
            (
                "reported",
                self._s(
                    "shown.case.reported_by", day=format_day(case.opened_on), name=self._person(case.reporter)
                ),
            ),
            ("assignee", self._person(case.assignee) if case.assignee else ""),
            ("marks", self._say(case.marks)),
        )
        return fact_rows([(self._s(f"shown.case.{key}"), said) for key, said in rows if said])

    def said_state(self) -> str:
        """The status, in words."""
        return self._say(self.case.state_label)

    def facts(self, *names: str) -> Facts:
        """Some fields, those of them that have a value the reader may see."""
        held = {one.field: one for one in self.case.fields}
        return fact_rows(
            [(self._say(held[name].label), self._said(held[name])) for name in names if name in held]
        )

    def rest(self, *names: str) -> Facts:
        """All fields but some."""
        return self.facts(*(one.field for one in self.case.fields if one.field not in names))

    def field(self, name: str) -> str:
        """What a field says; nothing when it has no value that the reader may see."""
        return next((self._said(one) for one in self.case.fields if one.field == name), "")

    def tables(self, *names: str) -> tuple[Table, ...]:
        """The tables that have rows: all of them when none is named."""
        return tuple(
            Table(
                self._say(table.label),
                tuple(Column(self._say(label), wide=True) for _, label in table.columns),
                tuple(self._table_row(table.columns, cells) for _, cells in table.rows),
            )
            for table in self.case.tables if not names or table.field in names
        )  # fmt: skip

    def entries(self) -> tuple[Block, ...]:
        """The entries: when, heading, who; the text; a corrected one says so."""
        found: list[Block] = []
        for entry in self.case.entries:
            kind = self._s("shown.entry.judgement" if entry.judgement else "shown.entry.fact")
            head = f"{format_instant(entry.occurred_at)}  {self._say(entry.heading_label)} ({kind})"
            runs: list[Run] = [Run(f"{head}, {self._person(entry.person)}\n", strong=True)]
            if entry.corrected_by is not None:
                runs.append(
                    Run(
                        self._s("shown.entry.corrected", number=str(entry.corrected_by)) + "\n", emphasis=True
                    )
                )
            runs.append(Run(entry.text if entry.text is not None else self._s("value.erased")))
            if entry.source:
                runs.append(Run("\n" + self._s("shown.entry.source", source=entry.source)))
            found.append(Paragraph(tuple(runs)))
        return tuple(found)

    def deadlines(self) -> Table | None:
        """Every deadline: what, which kind, when, how it went; nothing when there is none."""
        if not self.case.deadlines:
            return None
        heads = tuple(Column(self._s(f"paper.deadline.{key}")) for key in ("what", "kind", "due", "status"))
        rows = tuple(
            (
                Cell(self._say(one.label)), Cell(self._s(f"shown.deadline.{one.kind}")),
                Cell(format_day(one.due_on), one.due_on),
                Cell(self._s("paper.deadline.overdue" if one.overdue else f"paper.deadline.{one.status}")),
            )
            for one in self.case.deadlines
        )  # fmt: skip
        return Table(self._s("shown.case.deadlines"), (heads[0], *heads[1:]), rows)

    def history(self) -> Table:
        """A row for each event: when, what, who, and the status it led to."""
        heads = (
            Column(self._s("paper.history.when")), Column(self._s("paper.history.what"), wide=True),
            Column(self._s("paper.history.who"), wide=True), Column(self._s("shown.case.state")),
        )  # fmt: skip
        rows = tuple(
            (
                Cell(format_instant(one.occurred_at)),
                Cell(self._say(one.step_label) if one.step_label else self._s(f"shown.event.{one.kind}")),
                Cell(self._person(one.actor)),
                Cell(self._say(one.to_label) if one.to_label and one.to_state != one.from_state else ""),
            )
            for one in self.events
        )  # fmt: skip
        return Table(self._s("paper.history"), heads, rows)

    def linked(self, kind: str) -> tuple[CaseSight | None, ...]:
        """The cases connected in a way, each as the reader may see it; None for one they may not know of."""
        found: list[CaseSight | None] = []
        for one in self.case.links:
            if one.kind == kind:
                case = self.showing.show(one.reference, action=ACTION) if one.title is not None else None
                found.append(CaseSight(case, (), self.showing, self.language, self.wording) if case else None)
        return tuple(found)

    def reading(self) -> str:
        """What to know when the reader sees the envelope only; else nothing."""
        if self.case.level == "content":
            return ""
        key = "shown.case.envelope_own" if self.case.own_report else "shown.case.envelope"
        return say_line(sentence(key), self.language)

    # --- inside

    def _plain(self) -> dict[str, Any]:
        case = self.case
        return {
            "reference": case.reference, "process": self._say(case.process_label), "title": self._say(case.title),
            "state": self._say(case.state_label), "is_open": case.is_open, "unit": case.unit_name,
            "opened_on": format_day(case.opened_on), "has_entries": bool(case.entries),
            "links": [
                " ".join(part for part in (self._say(one.label), one.reference, self._say(one.title),
                                           f"({self._say(one.state_label)})" if one.state_label else "") if part)
                for one in case.links
            ],
        }  # fmt: skip

    def _table_row(
        self, columns: tuple[tuple[str, Words], ...], cells: tuple[FieldView, ...]
    ) -> tuple[Cell, ...]:
        held = {one.field: one for one in cells}
        return tuple(
            _cell(held[key], self._said(held[key])) if key in held else Cell("") for key, _ in columns
        )

    def _word(self, key: str) -> str:
        return self._say(self.wording[key])

    def _say(self, thing: Any) -> str:
        return say(thing, self.language)

    def _s(self, key: str, **arguments: Any) -> str:
        return say(sentence(key, **arguments), self.language)

    def _said(self, one: FieldView) -> str:
        return self._s("value.erased") if one.removed else self._say(one.said)

    def _person(self, person: PersonView) -> str:
        """The name, with the role and whom they stood in for."""
        extra = [begin_small(self._say(person.role))] if person.role else []
        if person.on_behalf_of:
            extra.append(self._s("shown.person.for", name=person.on_behalf_of))
        if person.operator:
            extra.append(self._s("shown.person.operator", name=person.operator))
        name = person.name if person.code else self._s("shown.system")
        return f"{name} ({', '.join(extra)})" if extra else name


def fact_rows(rows: list[tuple[str, str | Line]]) -> Facts:
    """Names and what they are."""
    return Facts(tuple((name, line(said)) for name, said in rows))


def _cell(one: FieldView, said: str) -> Cell:
    return Cell(said, one.value if isinstance(one.value, date) else None)
