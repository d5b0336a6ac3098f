"""What the template of a paper may speak of: a case, as its reader may see it, in the words of a language.

Which other cases came to stand on the paper is noted as they are asked for, so that a kept paper can say so. It must
not know any particular paper or process, nor what formats there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from engine.cases.decision import ShownCase
from engine.documents.tree import Block, Cell, Column, Facts, Line, Paragraph, Run, Table, line
from engine.language.moment import format_day, format_instant
from engine.language.say import begin_small, say, say_line
from engine.language.sentence import Words, sentence
from engine.service.result import CaseView, EventView, FieldView, PersonView
from engine.service.showing import ShowService

ACTION: Final = "document"
"""What the access log calls the reading of a case for a paper."""


@dataclass(slots=True)
class Others:
    """The other cases that a paper shows, as they come."""

    shown: dict[str, ShownCase] = field(default_factory=dict)

    def note(self, reference: str, seq: int, *, content: bool) -> None:
        """Note that a case stands on the paper: its content, or only that it is there."""
        before = self.shown.get(reference)
        self.shown[reference] = ShownCase(reference, seq, content or (before is not None and before.content))


@dataclass(frozen=True, slots=True)
class CaseSight:
    """What a template may speak of: one case, as its reader may see it, in the words of a language."""

    case: CaseView
    events: tuple[EventView, ...]
    showing: ShowService
    language: str
    wording: Mapping[str, Words]
    others: Others

    def names(self) -> dict[str, Any]:
        """The names of `engine.documents.paper.NAMES` with what they stand for."""
        return {
            "case": Plain(self), "words": self._word, "head": self.head, "facts": self.facts, "rest": self.rest,
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
        links = (one for one in self.case.links if one.kind == kind)
        return tuple(self._other(one.reference) if one.title is not None else None for one in links)

    def reading(self) -> str:
        """What to know when the reader sees the envelope only; else nothing."""
        if self.case.level == "content":
            return ""
        key = "shown.case.envelope_own" if self.case.own_report else "shown.case.envelope"
        return say_line(sentence(key), self.language)

    # --- inside

    def _other(self, reference: str) -> CaseSight:
        case = self.showing.show(reference, action=ACTION)
        self.others.note(case.reference, case.seq, content=case.level == "content" or case.own_report)
        return CaseSight(case, (), self.showing, self.language, self.wording, self.others)

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


@dataclass(frozen=True, slots=True)
class Plain:
    """What a case is, to stand in a sentence or after `if`: `case.reference` in a template."""

    sight: CaseSight

    @property
    def reference(self) -> str:
        """Its number."""
        return self.sight.case.reference

    @property
    def process(self) -> str:
        """What kind of case it is."""
        return say(self.sight.case.process_label, self.sight.language)

    @property
    def title(self) -> str:
        """Its title, of codes only."""
        return say(self.sight.case.title, self.sight.language)

    @property
    def state(self) -> str:
        """Its status."""
        return self.sight.said_state()

    @property
    def is_open(self) -> bool:
        """Whether its status is not final."""
        return self.sight.case.is_open

    @property
    def unit(self) -> str:
        """The name of its unit."""
        return self.sight.case.unit_name

    @property
    def opened_on(self) -> str:
        """The day it was opened."""
        return format_day(self.sight.case.opened_on)

    @property
    def has_entries(self) -> bool:
        """Whether there are entries that its reader may see."""
        return bool(self.sight.case.entries)

    @property
    def links(self) -> list[str]:
        """The connected cases: how, number, title and status; of one the reader may not see, its number alone."""
        found = []
        for one in self.sight.case.links:
            if one.seq is not None:
                self.sight.others.note(one.reference, one.seq, content=False)
            said = [one.label, one.title] + ([Words(f"({one.state_label.sv})", f"({one.state_label.en})")]
                                             if one.state_label else [])  # fmt: skip
            first, *rest = [say(part, self.sight.language) if part else "" for part in said]
            found.append(" ".join(part for part in (first, one.reference, *rest) if part))
        return found


def fact_rows(rows: list[tuple[str, str | Line]]) -> Facts:
    """Names and what they are."""
    return Facts(tuple((name, line(said)) for name, said in rows))


def _cell(one: FieldView, said: str) -> Cell:
    return Cell(said, one.value if isinstance(one.value, date) else None)
