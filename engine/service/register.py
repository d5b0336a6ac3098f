"""The register: lists of cases and of what is to be done, as the caller may see them.

Quick to start: it loads no definition model, only what the stored documents say of access. It must not know how a
case is decided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from engine.calendar.workday import Calendar
from engine.calendar.zone import local_date, parse_instant
from engine.cases.access import SYSTEM, AccessRule, ProcessRule
from engine.cases.event import Actor
from engine.cases.organisation import UnitTree
from engine.errors import NothingToSearchError
from engine.language.sentence import Words
from engine.language.words import Term, read_terms
from engine.service.filter import check_period, name_process, name_role, name_states, read_demands
from engine.service.listed import CasePage, CaseRow, Expected, Feedback, TaskPage, TaskView
from engine.service.noticed import notices_for
from engine.service.witness import Witness
from engine.store import reading
from engine.store.access_rule import load_access
from engine.store.database import Database, Session
from engine.store.feedback import led_to, reported_by, waiting_in
from engine.store.law_word import SWIFT, load_words
from engine.store.listing import (
    MOST_HIDDEN,
    CaseFilter,
    Page,
    count_hidden,
    list_cases,
    list_references,
    marked_of,
)
from engine.store.listing import CaseRow as StoredRow
from engine.store.organisation import ask_viewer, read_tree
from engine.store.to_do import TaskFilter, TaskRow, list_tasks

MOST: Final = 1_000_000
"""Rows of a page, whatever is asked for: more than a database counts to is no fault of whoever asks."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What lists need beside cases, as it was when `seqs` was where the streams beside the cases stood."""

    seqs: tuple[tuple[str, str, int], ...]
    tree: UnitTree
    rules: Mapping[str, ProcessRule]
    roles: Mapping[str, Words]
    calendar: Calendar


@dataclass(slots=True)
class RegisterService:
    """Lists for the actor. What seldom changes is kept between lists.

    keep_older: which definitions are kept by open cases though they are not in force.
    """

    database: Database
    actor: Callable[[], Actor]
    clock: Callable[[], str]
    zone: ZoneInfo
    calendar: Callable[[Session], Calendar]
    keep_older: Callable[[Session], frozenset[int]]
    _kept: _Known | None = field(default=None, init=False)

    def tasks(
        self,
        *,
        mine: bool = False,
        role: str | None = None,
        unit: str | None = None,
        overdue: bool = False,
        due_before: date | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> TaskPage:
        """What the caller should do, most urgent first.

        Args:
            mine: Only what names them, or what they have taken.
            role: Only by this role (key or label).
            unit: Only at this unit (code or name) and those below.
            overdue: Only what is late.
            due_before: Only what is due before this day.
            after: `next` of the page before.
            limit: How many rows.

        Raises:
            UnknownUnitError: There is no such unit.
            UnknownRoleError: There is no such role.
            UnknownPageError: `after` is from nowhere.
        """
        with self.database.read() as session:
            rule, known = self._rule(session)
            role = name_role(known.rules.values(), known.roles, role) if role is not None else None
            today = self._today()
            wanted = TaskFilter(
                today=today.isoformat(),
                mine=mine,
                role=role,
                unit=rule.tree.find(unit).code if unit is not None else None,
                overdue=overdue,
                due_before=due_before.isoformat() if due_before else None,
            )
            found = list_tasks(session, rule, wanted, Page(min(max(1, limit), MOST), after or ""))
            plain = not (after or role or overdue or due_before)
            left = cache(lambda due: known.calendar.count_working_days(today, due))
            notices = (
                notices_for(session, rule, known.roles, wanted.unit, wanted.today, left) if plain else ()
            )
            words = load_words(
                session, {(row.reference, row.step) for row in found.rows if row.due_kind == SWIFT}
            )
        rows = tuple(
            _task(row, today, left, known.roles, words.get((row.reference, row.step))) for row in found.rows
        )
        return TaskPage(rows, None, found.next or None, notices)

    def cases(  # noqa: PLR0913  the filters of the list
        self,
        *,
        process: str | None = None,
        state: str | None = None,
        unit: str | None = None,
        from_: date | None = None,
        to: date | None = None,
        by: str = "happened",
        where: Sequence[str] = (),
        mine: bool = False,
        open_only: bool = False,
        older_rules: bool = False,
        search: str | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> CasePage:
        """Cases that the caller may see, newest first.

        Args:
            process: A process, by key or label.
            state: A status, by key or label.
            unit: At this unit (code or name) and those below.
            from_: First day of what `by` says.
            to: Last day of it.
            by: `happened` or `recorded`.
            where: Demands on fields that count, see `read_demands`.
            mine: Only what the caller reported.
            open_only: Only cases that are not ended.
            older_rules: Only open cases that keep the rules of an older version.
            search: Words that must be found, see `engine.language.words.read_terms`.
            after: `next` of the page before.
            limit: How many rows.

        Raises:
            NothingToSearchError: There is no word in what should be searched for.
            WhereError: A demand cannot be read.
            NotFoundError: There is no such process, status, field or code.
            FieldOrderError: A field is compared with what it cannot be compared with.
            PeriodBackwardsError: `to` is before `from_`.
            UnknownUnitError: There is no such unit.
            UnknownPageError: `after` is from nowhere.
        """
        check_period(from_, to)
        terms = _terms(search) if search is not None else ()
        with self.database.read() as session:
            rule, _ = self._rule(session)
            process = name_process(session, process) if process is not None else None
            states = name_states(session, state, process) if state is not None else ()
            demands = read_demands(session, where, process, self._today())
            wanted = CaseFilter(
                processes=(process,) if process else (), states=states,
                unit=rule.tree.find(unit).code if unit is not None else None,
                from_on=from_.isoformat() if from_ else None,
                to_on=to.isoformat() if to else None, by="recorded" if by == "recorded" else "happened", where=demands,
                mine=mine, open_only=open_only or older_rules,
                terms=terms, definitions=tuple(sorted(self.keep_older(session))) if older_rules else None,
            )  # fmt: skip
            found = list_cases(session, rule, wanted, Page(min(max(1, limit), MOST), after or ""))
            # A count of what a demand finds among hidden cases would tell what is in them, and one of a unit, a status
            # or some days that a case is there which nobody may know of. So only the whole of a process is counted.
            narrowed = mine or demands or terms or states or unit is not None or from_ or to
            hidden = 0 if narrowed else count_hidden(session, rule, wanted)
            read = [row.reference for row in found.rows if row.level == "content"] if demands or terms else []
            marked = marked_of(session, read)
        # To be found by what a case holds tells what that is.
        Witness(self.database, self.actor, self.clock).reads_all(marked.items(), rule, "search")
        rows = tuple(map(_case_row, found.rows))
        return CasePage(rows, min(hidden, MOST_HIDDEN), found.next or None, more_hidden=hidden > MOST_HIDDEN)

    def feedback(self, references: Sequence[str]) -> dict[str, Feedback]:
        """What has become of cases that the caller reported; of others nothing is said.

        What it tells is the envelope: steps, roles, days and references, nothing that was written.
        """
        with self.database.read() as session:
            rule, known = self._rule(session)
            own = reported_by(session, references, rule.viewer.person)
            waiting, linked = waiting_in(session, own), led_to(session, own)
        return {
            reference: Feedback(
                tuple(
                    Expected(
                        one.step, one.step_label,
                        one.person_name or known.roles.get(one.role, Words(one.role, one.role)), _day(one.due_on),
                    )
                    for one in waiting if one.reference == reference
                ),
                linked.get(reference, ()),
            )
            for reference in own
        }  # fmt: skip

    def references(self, prefix: str, limit: int = 30) -> tuple[tuple[str, Words], ...]:
        """References that begin so, with titles, for completion."""
        with self.database.read() as session:
            return list_references(session, self._rule(session)[0], prefix, limit)

    def _rule(self, session: Session) -> tuple[AccessRule, _Known]:
        """What the actor may see, and what lists need beside it."""
        person, day = self.actor().person, self._today().isoformat()
        with session.together() as both:
            asked = reading.ask_seqs_beside_cases(both)
            viewer = ask_viewer(both, person, day) if person is not None else lambda: SYSTEM
            seqs, found = asked(), viewer()
        if self._kept is None or self._kept.seqs != seqs:
            rules, roles = load_access(session)
            self._kept = _Known(seqs, read_tree(session), rules, roles, self.calendar(session))
        known = self._kept
        return AccessRule(found, known.tree, known.rules), known

    def _today(self) -> date:
        return local_date(parse_instant(self.clock()), self.zone)


def _case_row(row: StoredRow) -> CaseRow:
    return CaseRow(
        row.reference, row.process, row.process_label, row.title, row.state, row.state_label, row.unit,
        row.unit_name, date.fromisoformat(row.opened_on), _day(row.happened_on), row.is_open, row.level,
        row.assignee_name,
    )  # fmt: skip


def _terms(search: str) -> tuple[Term, ...]:
    terms = read_terms(search)
    if not terms:
        raise NothingToSearchError
    return terms


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def _task(
    row: TaskRow, today: date, left: Callable[[date], int], roles: Mapping[str, Words], word: Words | None
) -> TaskView:
    due = _day(row.due_on)
    no_title = Words("(du ser inte ärendet)", "(you do not see the case)")
    return TaskView(
        reference=row.reference, process=row.process, step=row.step, step_label=row.step_label, role=row.role,
        role_label=roles.get(row.role, Words(row.role, row.role)) if row.role else None, person=row.person,
        assignee=row.assignee, assignee_name=row.assignee_name, due_on=due, due_kind=row.due_kind, overdue=row.overdue,
        working_days_left=left(due) if due and row.due_kind != SWIFT else None, title=row.title or no_title,
        unit=row.unit, unit_name=row.unit_name, since=row.since,
        days_gone=(today - due).days if due and row.due_kind == SWIFT else None, word=word,
    )  # fmt: skip
