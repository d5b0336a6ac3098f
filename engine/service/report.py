"""Reports: figures over the register, each with the references behind it. It must not know any particular report."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

from engine.calendar.zone import local_date, parse_instant
from engine.cases.access import SYSTEM, AccessRule
from engine.cases.event import Actor
from engine.definition.model import Process
from engine.documents.report import ReportDefinition, load_report
from engine.documents.text import write_text
from engine.documents.tree import Document
from engine.documents.write import Format as PaperFormat
from engine.documents.write import write
from engine.errors import ReportUnitError, UnknownProcessError, UnknownReportError
from engine.language.say import say
from engine.language.sentence import Words, clip, sentence
from engine.service.filter import check_period
from engine.service.published import publish
from engine.service.reckoning import THIS, Reckoning, period_words, periods
from engine.service.report_page import make_page
from engine.store import reading
from engine.store.access_rule import load_process_rules
from engine.store.database import Database, Session
from engine.store.figure import Span
from engine.store.organisation import read_tree, read_viewer

Format: TypeAlias = Literal["text", "json"] | PaperFormat
PAGE: Final = "page.j2"


@dataclass(slots=True)
class ReportService:
    """Writes reports for the actor. `shipped` is the folder with their definitions and templates."""

    database: Database
    actor: Callable[[], Actor]
    clock: Callable[[], str]
    zone: ZoneInfo
    training: bool
    shipped: Path
    _processes: dict[int, Process] = field(default_factory=dict)

    def list(self) -> tuple[tuple[str, Words], ...]:
        """Every report there is: key and label."""
        found = (load_report(path) for path in sorted(self.shipped.glob("*/report.yaml")))
        return tuple((report.report, report.label) for report in found)

    def write(
        self,
        key: str,
        *,
        unit: str | None = None,
        year: int | None = None,
        from_: date | None = None,
        to: date | None = None,
        format: Format = "text",
        language: str = "sv",
        published: bool = False,
    ) -> bytes:
        """A report in a format; text is UTF-8, JSON has every figure with the references behind it.

        Args:
            key: Which report.
            unit: At this unit (code or name) and those below; None for where the actor has roles.
            year: The whole of a year, or what has passed of it; instead of the two below.
            from_: First day of the period; None for the first of January of the year of `to`.
            to: Last day; None for today.
            format: `text`, `json`, `html`, `pdf`, `docx`, `xlsx` or `md`.
            language: `sv` or `en`.
            published: Without references, cases and texts, and with small groups left out.

        Raises:
            UnknownReportError: There is no such report.
            UnknownUnitError: There is no such unit.
            ReportUnitError: The reader has no role there.
            PeriodBackwardsError: The period ends before it begins.
            UnknownProcessError: Its process is not published.
        """
        names = tuple(name for name, _ in self.list())
        if key not in names:
            raise UnknownReportError(clip(key), names)
        definition = load_report(self.shipped / key / "report.yaml")
        if year is not None:
            from_, to = date(year, 1, 1), self._end_of(year)
        content = self._content(definition, unit, from_, to, language)
        if published:
            content = publish(content)
        if format == "json":
            return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
        document = self._document(definition, content, language)
        return write_text(document).encode() if format == "text" else write(document, format)

    def _end_of(self, year: int) -> date:
        today = local_date(parse_instant(self.clock()), self.zone)
        return today if year == today.year else date(year, 12, 31)

    def _document(self, definition: ReportDefinition, content: dict[str, Any], language: str) -> Document:
        template = (self.shipped / definition.report / PAGE).read_text("utf-8")
        today = local_date(parse_instant(self.clock()), self.zone)
        return make_page(content, template, definition.words, language, today)

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
        wanted = periods(first, last) if definition.compare else {THIS: (first, last)}
        with self.database.snapshot() as session:
            process = self._process(session, definition.process)
            rule = self._rule(session, today)
            units, name = self._units(rule, unit, language)
            left_out = [key for key, state in process.states.items() if not state.counted]
            span = Span(definition.process, units, "", "", today.isoformat(), left_out)
            spans = {
                key: replace(span, from_on=begins.isoformat(), to_on=ends.isoformat())
                for key, (begins, ends) in wanted.items()
            }
            reckoning = Reckoning(
                session,
                definition,
                process,
                lambda key: self._definition(session, key),
                rule,
                spans,
                language,
            )
            reckoned = reckoning.content()
        return {
            "report": definition.report, "label": definition.label.in_(language), "unit": name,
            "from": first.isoformat(), "to": last.isoformat(),
            "period": period_words(first.isoformat(), last.isoformat(), language), "training": self.training,
            "published": False, "taken_at": self.clock(),
            "periods": [
                {"period": key, "from": one.from_on, "to": one.to_on} for key, one in spans.items()
            ],
            **reckoned,
        }  # fmt: skip

    def _definition(self, session: Session, key: int) -> Process:
        if key not in self._processes:
            document = reading.load_document(session, key)
            if document is None:
                raise LookupError(key)
            self._processes[key] = document.process
        return self._processes[key]

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
