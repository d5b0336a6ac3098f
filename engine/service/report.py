"""Reports: figures over the register, each with the references behind it. It must not know any particular report."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from engine.calendar.zone import local_date, parse_instant
from engine.cases.access import SYSTEM, AccessRule
from engine.cases.event import Actor
from engine.definition.model import CodeList, Process
from engine.documents.report import FigureTable, ReportDefinition, load_report
from engine.documents.template import render
from engine.errors import ReportUnitError, UnknownProcessError, UnknownReportError
from engine.language.say import say
from engine.language.sentence import Words, sentence
from engine.service.filter import check_period
from engine.store import reading
from engine.store.access_rule import load_process_rules
from engine.store.database import Database, Session
from engine.store.figure import Counted, Span, codes_of, count, visible_ids
from engine.store.organisation import read_tree, read_viewer

Format = Literal["text", "html", "json"]
UNKNOWN = "?"


@dataclass(slots=True)
class ReportService:
    """Writes reports for the actor. `shipped` is the folder with their definitions and templates."""

    database: Database
    actor: Callable[[], Actor]
    clock: Callable[[], str]
    zone: ZoneInfo
    training: bool
    shipped: Path

    def list(self) -> tuple[tuple[str, Words], ...]:
        """Every report there is: key and label."""
        found = (load_report(path) for path in sorted(self.shipped.glob("*/report.yaml")))
        return tuple((report.report, report.label) for report in found)

    def write(
        self,
        key: str,
        *,
        unit: str | None = None,
        from_: date | None = None,
        to: date | None = None,
        format: Format = "text",
        language: str = "sv",
    ) -> bytes:
        """A report as text, HTML or JSON (every figure with the references behind it), in UTF-8.

        Args:
            key: Which report.
            unit: At this unit (code or name) and those below; None for where the actor has roles.
            from_: First day of the period; None for the first of January of the year of `to`.
            to: Last day; None for today.
            format: `text`, `html` or `json`.
            language: `sv` or `en`.

        Raises:
            UnknownReportError: There is no such report.
            UnknownUnitError: There is no such unit.
            ReportUnitError: The reader has no role there.
            PeriodBackwardsError: The period ends before it begins.
            UnknownProcessError: Its process is not published.
        """
        names = tuple(name for name, _ in self.list())
        if key not in names:
            raise UnknownReportError(key[:60], names)
        folder = self.shipped / key
        definition = load_report(folder / "report.yaml")
        content = self._content(definition, unit, from_, to, language)
        if format == "json":
            return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
        page = {**content, "words": _words(language), "width": 58, "language": language}
        return render(folder, format, page).encode()

    def _content(
        self,
        definition: ReportDefinition,
        unit: str | None,
        from_: date | None,
        to: date | None,
        language: str,
    ) -> dict[str, Any]:
        today = local_date(parse_instant(self.clock()), self.zone)
        last = to or today
        first = from_ or date(last.year, 1, 1)
        check_period(first, last)
        with self.database.snapshot() as session:
            process = self._process(session, definition.process)
            rule = self._rule(session, today)
            units, name = self._units(rule, unit, language)
            left_out = [key for key, state in process.states.items() if not state.counted]
            span = Span(
                definition.process, units, first.isoformat(), last.isoformat(), today.isoformat(), left_out
            )
            seen = _seen(session, rule)
            figures = [
                {
                    "figure": key,
                    "label": figure.label.in_(language),
                    **seen.said(count(session, span, figure.which)),
                }
                for key, figure in definition.figures.items()
            ]
            tables = [
                self._table(session, key, table, span, process, seen, language)
                for key, table in definition.tables.items()
            ]
        period = say(sentence("value.period", start=str(first), end=str(last)), language)
        return {
            "report": definition.report, "label": definition.label.in_(language), "unit": name,
            "from": first.isoformat(), "to": last.isoformat(), "period": period, "training": self.training,
            "taken_at": self.clock(), "figures": figures, "tables": tables,
        }  # fmt: skip

    def _process(self, session: Session, key: str) -> Process:
        stored = reading.current_definition(session, key)
        document = reading.load_document(session, stored.id) if stored else None
        if document is None:
            raise UnknownProcessError(key)
        return document.process

    def _rule(self, session: Session, today: date) -> AccessRule:
        actor = self.actor()
        viewer = SYSTEM if actor.person is None else read_viewer(session, actor.person, today.isoformat())
        return AccessRule(viewer, read_tree(session), load_process_rules(session))

    def _units(self, rule: AccessRule, unit: str | None, language: str) -> tuple[frozenset[str], str]:
        held = {grant.unit for grant in rule.viewer.grants}
        units = frozenset[str]().union(*(rule.tree.below(code) for code in held))
        if unit is not None:
            found = rule.tree.find(unit)
            wanted = rule.tree.below(found.code)
            if not rule.viewer.is_system and not wanted <= units:
                raise ReportUnitError(found.name)
            return wanted, found.name
        tops = [
            code
            for code in held
            if not any(code != other and code in rule.tree.below(other) for other in held)
        ]
        names = sorted(one.name for code in tops if (one := rule.tree.get(code)) is not None)
        return units, ", ".join(names) or say(sentence("report.no_unit"), language)

    def _table(
        self,
        session: Session,
        key: str,
        table: FigureTable,
        span: Span,
        process: Process,
        seen: Seen,
        language: str,
    ) -> dict[str, Any]:
        counted = count(session, span, "period")
        if table.field == "$state":
            codes: Mapping[int, tuple[str, ...]] = {one.id: (one.state,) for one in counted}
            labels = {name: state.label for name, state in process.states.items()}
            order = list(process.states)
            tops: Mapping[str, str] = {}
        else:
            codes = codes_of(session, span, table.field)
            column = process.column(table.field)
            listed = process.code_list(column) if column else None
            labels = {name: code.label for name, code in listed.flat.items()} if listed else {}
            labels |= {"true": Words("Ja", "Yes"), "false": Words("Nej", "No")}
            order = list(labels)
            tops = _tops(listed) if listed and table.top else {}
        labels[UNKNOWN] = Words("Vet inte", "Don't know")
        groups: dict[str, list[Counted]] = {}
        for one in counted:
            for code in dict.fromkeys(tops.get(code, code) for code in codes.get(one.id, ())):
                groups.setdefault(code, []).append(one)
        rows = [
            {
                "code": code,
                "label": labels.get(code, Words(code, code)).in_(language),
                **seen.said(groups[code]),
            }
            for code in sorted(
                groups, key=lambda code: (-len(groups[code]), order.index(code) if code in order else 999)
            )
        ]
        missing = [one for one in counted if not codes.get(one.id)]
        return {
            "table": key, "label": table.label.in_(language), "rows": rows, "missing": len(missing),
            "missing_references": seen.said(missing)["references"], "total": len(counted),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """Which cases the reader may see: references are given for those, the others are counted."""

    ids: frozenset[int]

    def said(self, counted: Iterable[Counted]) -> dict[str, Any]:
        """A figure: its value, the references that may be seen, and how many more there are."""
        rows = tuple(counted)
        shown = [one.reference for one in rows if one.id in self.ids]
        return {"value": len(rows), "references": shown, "hidden": len(rows) - len(shown)}


def _seen(session: Session, rule: AccessRule) -> Seen:
    return Seen(visible_ids(session, rule))


def _tops(codes: CodeList) -> dict[str, str]:
    return {inner: top for top in codes.codes for inner in codes.below[top]}


def _words(language: str) -> dict[str, str]:
    names = ("training", "none", "missing", "foot", "overview", "what", "count", "reported")
    return {name: say(sentence(f"report.{name}"), language) for name in names}
