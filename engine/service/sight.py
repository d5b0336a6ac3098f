"""What the template of a paper may speak of: a case, as its reader may see it, in the words of a language.

Which other cases came to stand on the paper is noted as they are asked for, so that a kept paper can say so. It must
not know any particular paper or process, nor what formats there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from engine.cases.decision import ShownCase
from engine.documents.tree import Block, Cell, Column, Facts, Line, Paragraph, Run, Table, line
from engine.language.moment import format_day, format_instant
from engine.language.say import say
from engine.language.sentence import Words
from engine.service.dated import act_blocks, akt_blocks, entry_block, file_table, paper_table
from engine.service.result import CaseView, EventView, FieldView, PersonView
from engine.service.showing import ShowService
from engine.service.voice import Voice

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
    voice: Voice
    wording: Mapping[str, Words]
    others: Others
    authority: str
    made_on: date

    def names(self) -> dict[str, Any]:
        """The names of `engine.documents.paper.NAMES` with what they stand for."""
        return {
            "case": Plain(self), "words": self._word, "head": self.head, "facts": self.facts, "rest": self.rest,
            "field": self.field, "filled": self.filled, "code": self.code, "called": self.called,
            "tables": self.tables, "table": self.table, "rows": self.rows, "entries": self.entries,
            "deadlines": self.deadlines, "history": self.history, "linked": self.linked, "reading": self.reading,
            "fact_rows": fact_rows, "today": self.today, "taken_on": self.taken_on, "taken_by": self.taken_by,
            "acts": self.acts, "akt": self.akt, "files": self.files, "papers": self.papers,
            "authority": self.authority, "signature": signature,
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

    def code(self, name: str) -> Any:
        """What a field holds, to be compared: a code, a list of codes; None when it has none the reader may see."""
        return next((one.value for one in self.case.fields if one.field == name and not one.removed), None)

    def called(self, name: str) -> str:
        """What a field, a step or a heading of entries is called."""
        return self._say(self.showing.labels(self.case.reference)[name])

    def tables(self, *names: str) -> tuple[Table, ...]:
        """The tables that have rows: all of them when none is named."""
        found = (self.table(one.field) for one in self.case.tables if not names or one.field in names)
        return tuple(one for one in found if one is not None)

    def table(self, name: str, *columns: str) -> Table | None:
        """A table with some of its columns, all when none is named; nothing when it has no rows."""
        held = next((one for one in self.case.tables if one.field == name), None)
        if held is None:
            return None
        shown = tuple(one for one in held.columns if not columns or one[0] in columns)
        heads = tuple(Column(self._say(label), wide=True) for _, label in shown)
        return Table(self._say(held.label), heads, tuple(self._table_row(shown, row) for _, row in held.rows))

    def rows(self, name: str, *columns: str) -> tuple[Block, ...]:
        """The rows of a table one beneath the other, for what is too wide for a page: what has a value in each."""
        found: list[Block] = []
        for held in (one for one in self.case.tables if one.field == name):
            for key, row in held.rows:
                said: list[tuple[str, str | Line]] = [
                    (self._say(one.label), self._said(one)) for one in row
                    if (not columns or one.field in columns) and self._said(one)
                ]  # fmt: skip
                head = self._s("paper.row", table=held.label, row=key)
                found.append(Paragraph((Run(head, strong=True),)))
                found.append(fact_rows(said))
        return tuple(found)

    def entries(self, *headings: str) -> tuple[Block, ...]:
        """The entries under some headings, in their order and then by date; all of them by date when none is named."""
        groups: list[str | None] = list(headings) or [None]
        found = [
            entry
            for group in groups
            for entry in self.case.entries
            if group is None or entry.heading == group
        ]
        return tuple(entry_block(self.voice, entry, under=len(headings) != 1) for entry in found)

    def filled(self, *names: str) -> Facts:
        """Some fields, those without a value too: it is said that they have none."""
        held = {one.field: one for one in self.case.fields}
        labels = self.showing.labels(self.case.reference)
        return fact_rows([
            (self._say(labels[name]), self._said(held[name]) if name in held else self._s("paper.not_filled"))
            for name in names
        ])  # fmt: skip

    def today(self) -> str:
        """The day the paper is made."""
        return format_day(self.made_on)

    def taken_on(self, step: str) -> str:
        """The day a step was last taken; nothing when it was not."""
        event = self._last(step)
        return format_day(event.occurred_on) if event else ""

    def taken_by(self, step: str) -> str:
        """Who took a step last, with title; nothing when nobody did."""
        event = self._last(step)
        return self.voice.signed(event.actor) if event else ""

    def acts(self, *steps: str) -> tuple[Block, ...]:
        """Each time some steps were taken, by date: when, what, who, and what was written."""
        return act_blocks(self.voice, [one for one in self.events if one.step in steps])

    def akt(self) -> tuple[Block, ...]:
        """Everything in the case in the order it took place: events, entries, files, kept papers."""
        return akt_blocks(self.voice, self.events)

    def files(self) -> Table | None:
        """The attached files, without their names: number, kind, size, day, who; nothing when there is none."""
        return file_table(self.voice, self.case.files)

    def papers(self) -> Table | None:
        """The kept papers; nothing when there is none."""
        seqs = {one.seq for one in self.events}
        return paper_table(self.voice, [one for one in self.case.papers if one.seq in seqs])

    def _last(self, step: str) -> EventView | None:
        return next((one for one in reversed(self.events) if one.step == step), None)

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
        return self.voice.line(key)

    # --- inside

    def _other(self, reference: str) -> CaseSight:
        case = self.showing.show(reference, action=ACTION)
        self.others.note(case.reference, case.seq, content=case.level == "content" or case.own_report)
        return replace(self, case=case, events=())

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
        return self.voice.say(thing)

    def _s(self, key: str, **arguments: Any) -> str:
        return self.voice.sentence(key, **arguments)

    def _said(self, one: FieldView) -> str:
        return self.voice.value(one)

    def _person(self, person: PersonView) -> str:
        return self.voice.person(person)


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
        return say(self.sight.case.process_label, self.sight.voice.language)

    @property
    def title(self) -> str:
        """Its title, of codes only."""
        return say(self.sight.case.title, self.sight.voice.language)

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
            first, *rest = [say(part, self.sight.voice.language) if part else "" for part in said]
            found.append(" ".join(part for part in (first, one.reference, *rest) if part))
        return found


def signature(name: str = "") -> Paragraph:
    """Where somebody signs by hand, with the name beneath when it is known."""
    return Paragraph((Run("\n\n" + "_" * 40 + (f"\n{name}" if name else "")),))


def fact_rows(rows: list[tuple[str, str | Line]]) -> Facts:
    """Names and what they are."""
    return Facts(tuple((name, line(said)) for name, said in rows))


def _cell(one: FieldView, said: str) -> Cell:
    return Cell(said, one.value if isinstance(one.value, date) else None)
