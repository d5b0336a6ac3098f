"""What a report says: its figures, tables, lists and texts, reckoned from the register, as plain values.

Every figure keeps the references behind it that its reader may see, and how many more there are. It must not know any
particular report, nor how a page looks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final

from engine.cases.access import AccessRule
from engine.cases.case import Case
from engine.cases.view import say_value
from engine.definition.model import CodeList, ListedCode, Process
from engine.definition.value import is_missing
from engine.documents.report import (
    STATE,
    CaseList,
    Chosen,
    Figure,
    FigureTable,
    Linked,
    ReportDefinition,
    Texts,
    TwoWayTable,
)
from engine.errors import ReportFieldError
from engine.language.moment import format_month
from engine.language.say import say
from engine.language.sentence import Words, sentence
from engine.service.presenting import shown_to
from engine.statistics.spread import spread
from engine.store import reading
from engine.store.database import Session
from engine.store.figure import (
    Choice,
    Connected,
    Counted,
    Span,
    Which,
    codes_of,
    count,
    count_connected,
    days_of,
    definition_of,
    list_counted,
    readable_ids,
    texts_of,
    visible_ids,
)

UNKNOWN: Final = "?"
THIS: Final = "this"
OTHERS: Final = ("before", "last_year")
OF_THE_PERIOD: Final = ("period", "period_closed", "period_open")


@dataclass(frozen=True, slots=True)
class Said:
    """Which cases the reader may be told of: references are given for those, the others are counted."""

    ids: frozenset[int]

    def of(self, counted: Iterable[Counted]) -> dict[str, Any]:
        """A figure: its value, the references that may be seen, and how many more there are."""
        rows = tuple(counted)
        shown = [one.reference for one in rows if one.id in self.ids]
        return {"value": len(rows), "references": shown, "hidden": len(rows) - len(shown)}


@dataclass(frozen=True, slots=True)
class Reckoning:
    """One report for one reader.

    spans: the period as `this`, and those it is compared with. process_of gives the process of a definition by its id.
    """

    session: Session
    definition: ReportDefinition
    process: Process
    process_of: Callable[[int], Process]
    rule: AccessRule
    spans: Mapping[str, Span]
    language: str
    _known: dict[tuple[str, str], tuple[Counted, ...]] = field(default_factory=dict)

    def content(self) -> dict[str, Any]:
        """Figures, tables, lists and texts."""
        seen = Said(visible_ids(self.session, self.rule))
        read = Said(readable_ids(self.session, self.rule))
        return {
            "figures": self._figures(seen, read),
            "tables": [self._table(key, one, seen, read) for key, one in self.definition.tables.items()],
            "two_way": [self._two_way(key, one, seen, read) for key, one in self.definition.two_way.items()],
            "lists": [self._list(key, one) for key, one in self.definition.lists.items()],
            "texts": [self._texts(key, one) for key, one in self.definition.texts.items()],
        }

    def _counted(self, span: Span, which: Which) -> tuple[Counted, ...]:
        """The cases of a figure, asked for once."""
        key = (f"{span.from_on} {span.to_on}", f"{which} {span.chosen}")
        if key not in self._known:
            self._known[key] = count(self.session, span, which)
        return self._known[key]

    def _connected(self, span: Span, wanted: Connected) -> tuple[Counted, ...]:
        """The cases connected with those of the period, asked for once."""
        key = (f"{span.from_on} {span.to_on}", f"{wanted.kind} {' '.join(wanted.left_out)}")
        if key not in self._known:
            self._known[key] = count_connected(self.session, span, wanted)
        return self._known[key]

    # --- figures

    def _figures(self, seen: Said, read: Said) -> list[dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for key, figure in self.definition.figures.items():
            values = {
                name: self._figure(figure, self._narrowed(span, figure), read if _is_told(figure) else seen)
                for name, span in self.spans.items()
                if name == THIS or figure.which in OF_THE_PERIOD
            }
            if figure.of is not None:
                whole = found[figure.of]
                for name, value in values.items():
                    value["of"] = (whole if name == THIS else whole[name])["value"]
            found[key] = {
                "figure": key, "label": figure.label.in_(self.language),
                "kind": "days" if figure.days_to else "share" if figure.of else "count", "part_of": figure.of,
                **values.pop(THIS), **values,
            }  # fmt: skip
        return list(found.values())

    def _figure(self, figure: Figure, span: Span, said: Said) -> dict[str, Any]:
        if figure.days_to is not None:
            return self._days(figure.days_to, span, said)
        if figure.linked is None:
            counted = self._counted(span, figure.which)
        else:
            counted = self._connected(span, _connected(figure.linked))
        if figure.filled is not None:
            linked = _connected(figure.linked) if figure.linked else None
            filled = codes_of(self.session, span, figure.filled, linked)
            counted = tuple(one for one in counted if one.id in filled)
        return said.of(counted)

    def _days(self, step: str, span: Span, said: Said) -> dict[str, Any]:
        """Days from opening to a step: the middle and the spread, of the cases where it is taken."""
        taken = days_of(self.session, span, step)
        counted = [one for one in self._counted(span, "period") if one.id in taken]
        days = spread(
            [
                max((date.fromisoformat(taken[one.id]) - date.fromisoformat(one.opened_on)).days, 0)
                for one in counted
            ]
        )
        told = said.of(counted)
        told["n"] = told.pop("value")
        if days is None:
            return {"value": None, "lowest": None, "lower": None, "upper": None, "highest": None, **told}
        return {
            "value": _number(days.median), "lowest": days.lowest, "lower": _number(days.lower),
            "upper": _number(days.upper), "highest": days.highest, **told,
        }  # fmt: skip

    # --- tables

    def _table(self, key: str, table: FigureTable, seen: Said, read: Said) -> dict[str, Any]:
        said = seen if table.field.startswith("$") else read
        groups = {
            name: self._groups(table, span) for name, span in self.spans.items()
            if table.field != "$month" or _in_step(self.spans[THIS], span)
        }  # fmt: skip
        labels, order = self._labels(table, groups[THIS].process)
        this = groups[THIS].by_code
        codes = [code for one in groups.values() for code in one.by_code]
        if table.field == "$month":
            ordered = list(_months(self.spans[THIS]))
        else:
            known = {code: number for number, code in enumerate(order)}
            ordered = sorted(
                dict.fromkeys(codes), key=lambda code: (-len(this.get(code, ())), known.get(code, 9999), code)
            )
        rows = [
            {
                "code": code, "label": labels.get(code, Words(code, code)).in_(self.language),
                **said.of(this.get(code, ())),
                **{name: {"value": len(one.by_code.get(_moved(code, name, self.spans), ()))}
                   for name, one in groups.items() if name != THIS},
            }
            for code in ordered
        ]  # fmt: skip
        missing = groups[THIS].missing
        return {
            "table": key, "label": table.label.in_(self.language), "chart": table.chart, "rows": rows,
            "missing": len(missing), "missing_references": said.of(missing)["references"],
            "total": groups[THIS].total,
            **{name: {"missing": len(one.missing), "total": one.total} for name, one in groups.items() if name != THIS},
        }  # fmt: skip

    def _groups(self, table: FigureTable, span: Span) -> Groups:
        linked = _connected(table.linked) if table.linked else None
        counted = self._connected(span, linked) if linked else self._counted(span, "period")
        process = self.process
        if linked and counted:
            process = self.process_of(definition_of(self.session, counted[0].id))
        codes = self._codes(table, counted, span, process, linked)
        by_code: dict[str, list[Counted]] = {}
        for one in counted:
            for code in codes.get(one.id, ()):
                by_code.setdefault(code, []).append(one)
        missing = [one for one in counted if not codes.get(one.id)]
        return Groups(by_code, missing, len(counted), process)

    def _codes(
        self,
        table: FigureTable,
        counted: Iterable[Counted],
        span: Span,
        process: Process,
        linked: Connected | None = None,
    ) -> Mapping[int, Collection[str]]:
        """Case id -> the codes that it counts under in a table."""
        match table.field:
            case "$state":
                return {one.id: (one.state,) for one in counted}
            case "$unit":
                return {one.id: (one.unit,) for one in counted}
            case "$month":
                return {one.id: (one.opened_on[:7],) for one in counted}
            case name:
                listed = _list_of(process, name)
                tops = _tops(listed) if listed and table.top else {}
                found = codes_of(self.session, span, name, linked)
                return {
                    id_: tuple(dict.fromkeys(tops.get(code, code) for code in codes))
                    for id_, codes in found.items()
                }

    def _labels(self, table: FigureTable, process: Process) -> tuple[dict[str, Words], list[str]]:
        labels: dict[str, Words]
        match table.field:
            case "$state":
                labels = {name: state.label for name, state in process.states.items()}
            case "$unit":
                labels = {unit.code: Words(unit.name, unit.name) for _, unit in self.rule.tree.walk()}
            case "$month":
                labels = {}
            case counting:
                listed = _list_of(process, counting)
                labels = {name: code.label for name, code in listed.flat.items()} if listed else {}
                labels |= {"true": Words("Ja", "Yes"), "false": Words("Nej", "No")}
        order = list(labels)
        labels[UNKNOWN] = Words("Vet inte", "Don't know")
        return labels, order

    # --- tables of two ways

    def _two_way(self, key: str, table: TwoWayTable, seen: Said, read: Said) -> dict[str, Any]:
        """Counts per row and column, with the sums of both; those without a code last, where there are any."""
        span = self._narrowed(self.spans[THIS], table)
        counted = self._counted(span, "period")
        said = (
            seen
            if not _is_told(table) and table.rows.startswith("$") and table.columns.startswith("$")
            else read
        )
        ways = [
            self._way(FigureTable(field=field, label=table.label, top=table.top), counted, span)
            for field in (table.rows, table.columns)
        ]
        (rows, row_of), (columns, column_of) = ways
        inside: dict[tuple[str, str], list[Counted]] = {}
        for one in counted:
            inside.setdefault((row_of.get(one.id, ""), column_of.get(one.id, "")), []).append(one)
        return {
            "two_way": key, "label": table.label.in_(self.language),
            "columns": [
                {"code": code, "label": label, "value": sum(column_of.get(one.id, "") == code for one in counted)}
                for code, label in columns
            ],
            "rows": [
                {"code": code, "label": label, "value": sum(row_of.get(one.id, "") == code for one in counted),
                 "cells": [said.of(inside.get((code, column), ())) for column, _ in columns]}
                for code, label in rows
            ],
            "total": len(counted),
        }  # fmt: skip

    def _way(
        self, table: FigureTable, counted: tuple[Counted, ...], span: Span
    ) -> tuple[list[tuple[str, str]], dict[int, str]]:
        """One way of a table: its codes with labels, as a table of its own has them; and the code of each case."""
        codes = self._codes(table, counted, span, self.process)
        if several := [name for name in codes.values() if len(name) > 1]:
            raise ReportFieldError(self.definition.report, table.field, len(several))
        one_of = {id_: code for id_, (code, *_) in codes.items() if code}
        labels, order = self._labels(table, self.process)
        many = Counter(one_of.values())
        if table.field == "$month":
            ordered = list(_months(span))
        else:
            known = {code: number for number, code in enumerate(order)}
            ordered = sorted(many, key=lambda code: (-many[code], known.get(code, 9999), code))
        found = [(code, labels.get(code, Words(code, code)).in_(self.language)) for code in ordered]
        if table.field == "$month":
            is_long = span.from_on[:4] != span.to_on[:4]
            found = [(code, format_month(code, self.language, year=is_long)) for code in ordered]
        if any(one.id not in one_of for one in counted):
            found.append(("", say(sentence("report.missing"), self.language)))
        return found, one_of

    # --- lists and texts

    def _narrowed(self, span: Span, chosen: Chosen) -> Span:
        """The span with only the cases that a figure, a table or a list has chosen."""
        where = []
        for name, codes in chosen.where.items():
            listed = _list_of(self.process, name)
            below = listed.below if listed else {}
            found = dict.fromkeys(inner for code in codes for inner in (code, *below.get(code, ())))
            where.append((name, tuple(found)))
        return replace(
            span, chosen=Choice(
                where=tuple((name, codes) for name, codes in where if name != STATE),
                states=chosen.where.get(STATE, ()), lacks=chosen.lacks, dated=chosen.dated,
            ),
        )  # fmt: skip

    def _list(self, key: str, wanted: CaseList) -> dict[str, Any]:
        span = self._narrowed(self.spans[THIS], wanted)
        rows = list_counted(self.session, span, wanted.which, self.rule)
        today = date.fromisoformat(span.today)
        names = {unit.code: unit.name for _, unit in self.rule.tree.walk()}
        stored = reading.load_cases(self.session, [one.reference for one in rows]) if wanted.told else {}
        found = []
        for one in rows:
            process = self.process_of(one.definition_id)
            told = self._told(stored[one.reference].case, process, wanted) if wanted.told else {}
            if told is None:
                continue
            name = names.get(one.unit, one.unit)
            title = Words(one.title.sv.replace("{unit}", name), one.title.en.replace("{unit}", name))
            found.append({
                "reference": one.reference, "title": title.in_(self.language), "unit": name, "state": one.state,
                "state_label": process.states[one.state].label.in_(self.language), "opened_on": one.opened_on,
                "days": (today - date.fromisoformat(one.opened_on)).days, "assignee": one.assignee_name or one.assignee,
                "due_on": one.due_on, "overdue": one.due_on is not None and one.due_on < span.today, **told,
            })  # fmt: skip
        total = len(self._counted(span, wanted.which))
        return {
            "list": key,
            "label": wanted.label.in_(self.language),
            "columns": [
                {"field": field, "label": self.process.fields[field].label.in_(self.language)}
                for field in wanted.columns
            ],
            "rows": found,
            "hidden": total - len(found),
        }

    def _told(self, case: Case, process: Process, wanted: CaseList) -> dict[str, Any] | None:
        """What a list tells of a case in its columns; None when the reader may not know that it is chosen.

        Of a marked case only what is shown past its mark: what is read of it is written down, and stands on no page.
        """
        shown = shown_to(process, self.rule, case)
        if self.rule.may_read(case) and not case.marks:
            shown = frozenset(process.fields)
        if not wanted.by <= shown:
            return None
        said = {
            field: say(say_value(process, field, case.values.get(field)), self.language)
            if field in shown and not is_missing(case.values.get(field)) else ""
            for field in wanted.columns
        }  # fmt: skip
        return {"values": said}

    def _texts(self, key: str, wanted: Texts) -> dict[str, Any]:
        span = self.spans[THIS]
        texts = texts_of(self.session, span, wanted.field, self.rule)
        beside: dict[int, list[str]] = {}
        for name in wanted.beside:
            listed = _list_of(self.process, name)
            for case_id, codes in codes_of(self.session, span, name).items():
                known = listed.flat if listed else {}
                beside.setdefault(
                    case_id, [known[code].label.in_(self.language) for code in codes if code in known]
                )
        rows = [{"text": text, "beside": beside.get(case_id, [])} for case_id, text in texts.items()]
        return {"texts": key, "label": wanted.label.in_(self.language), "rows": rows}


@dataclass(frozen=True, slots=True)
class Groups:
    """The cases of a table by code, those without one, and how many they are."""

    by_code: Mapping[str, list[Counted]]
    missing: list[Counted]
    total: int
    process: Process


def periods(first: date, last: date) -> dict[str, tuple[date, date]]:
    """A period, the one as long just before it, and the same days a year before; whole months and years as such."""
    found = {THIS: (first, last)}
    if first.day == 1 and (last + timedelta(days=1)).day == 1:
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        place = first.year * 12 + first.month - 1 - months
        before = (date(place // 12, place % 12 + 1, 1), first - timedelta(days=1))
    elif (first.month, first.day) == (1, 1):  # a year so far: the same days of the year before are both
        before = (_year_before(first), _year_before(last + timedelta(days=1)) - timedelta(days=1))
    else:
        before = (first - (last - first) - timedelta(days=1), first - timedelta(days=1))
    year = (_year_before(first), _year_before(last + timedelta(days=1)) - timedelta(days=1))
    return found | ({OTHERS[0]: before} if before != year else {}) | {OTHERS[1]: year}


def is_year(first: str, last: str) -> bool:
    """Whether a period is a calendar year."""
    return first[4:] == "-01-01" and last[4:] == "-12-31" and first[:4] == last[:4]


def period_words(first: str, last: str, language: str) -> str:
    """A period in words: a year by its number, else from and to."""
    if is_year(first, last):
        return first[:4]
    return say(sentence("value.period", start=first, end=last), language)


def _year_before(day: date) -> date:
    return (
        day.replace(year=day.year - 1, day=28)
        if (day.month, day.day) == (2, 29)
        else day.replace(year=day.year - 1)
    )


def _months(span: Span) -> Iterator[str]:
    """The months of a period, each of them."""
    year, month = int(span.from_on[:4]), int(span.from_on[5:7])
    while f"{year:04d}-{month:02d}" <= span.to_on[:7]:
        yield f"{year:04d}-{month:02d}"
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def _in_step(this: Span, other: Span) -> bool:
    """Whether the months of another period can stand beside this one's: a whole number of years apart."""
    return this.from_on[4:7] == other.from_on[4:7]


def _moved(code: str, name: str, spans: Mapping[str, Span]) -> str:
    """The month of another period that stands beside a month of this one; any other code as it is."""
    if len(code) != 7 or code[4] != "-" or not code[:4].isdigit():
        return code
    ours, theirs = spans[THIS].from_on, spans[name].from_on
    apart = (int(ours[:4]) - int(theirs[:4])) * 12 + int(ours[5:7]) - int(theirs[5:7])
    place = int(code[:4]) * 12 + int(code[5:]) - 1 - apart
    return f"{place // 12:04d}-{place % 12 + 1:02d}"


def _is_told(chosen: Chosen) -> bool:
    """Whether being counted tells something of a case that only its readers may know."""
    return bool(chosen.by or getattr(chosen, "filled", None))


def _connected(linked: Linked) -> Connected:
    return Connected(linked.kind, linked.left_out)


def _list_of(process: Process, field: str) -> CodeList | None:
    column = process.column(field)
    return process.code_list(column) if column else None


def _tops(codes: CodeList) -> dict[str, str]:
    """Each code -> the one whose line it counts in: the highest above it.

    A code that is not chosen any more gives way to those below it that are: own codes under a shipped one have lines
    of their own.
    """
    return {inner: top for top in _lines(codes, codes.codes) for inner in codes.below[top]}


def _lines(codes: CodeList, level: Mapping[str, ListedCode]) -> Iterator[str]:
    """The codes that have lines, each before those below it: of two that a code lies under the later is taken."""
    for code, one in level.items():
        yield code
        if one.retired and any(not codes.flat[inner].retired for inner in codes.below[code]):
            yield from _lines(codes, one.children)


def _number(value: Any) -> int | float:
    """A number as JSON has it: whole where it is."""
    return int(value) if value == int(value) else float(value)
