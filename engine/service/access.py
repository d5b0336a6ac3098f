"""Who has read what: the access log, listed and drawn samples from, for those who may know.

Who may (design.md section 7, and SoLPuL 10 §: access is to be checked systematically and again and again):

- Whoever sees the envelope of every case (`engine.service.audit`: the auditor's role at the top, the administrator of
  the authority) sees every row. A row tells who, when, which case and by what right: no content.
- Whoever reads the content of a case by a role (the manager of its unit) sees the rows of that case; not while a mark
  keeps them from it.
- Everybody sees their own rows, but of what was refused them only what they may know to be there.

That somebody saw who has read marked cases is a row too, of each such case; and so is a sample that was drawn, so that
a check can be shown to have been done. It must not know how rows look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from engine.calendar.zone import local_date, parse_instant
from engine.cases.access import SYSTEM, AccessRule
from engine.cases.event import Actor
from engine.cases.reference import asked_for, read_reference
from engine.errors import UnknownCaseError, UnknownPageError, UnknownPersonError
from engine.language.sentence import Words
from engine.service.audit import level_of_all
from engine.service.filter import check_period
from engine.service.moment import instant_of
from engine.service.witness import EVERYTHING, Witness
from engine.store.access_list import AccessFilter, AccessRow, Scope, Told, draw_sample, list_access
from engine.store.access_rule import load_access
from engine.store.database import Database, Session
from engine.store.listing import marked_of
from engine.store.organisation import read_tree, read_viewer
from engine.store.reading import find_person, load_case, load_persons, written_reference

READ: Final = "access"
CHECK: Final = "check"
MOST: Final = 1_000_000
PAGE: Final = 1000
"""Rows asked for at once when all are wanted."""


@dataclass(frozen=True, slots=True)
class AccessView:
    """A row with people, roles and units by name."""

    row: AccessRow
    operator_name: str | None
    for_name: str | None
    role_label: Words | None
    role_unit_name: str | None


@dataclass(frozen=True, slots=True)
class Sample:
    """What was drawn: how many, of how many, by which seed. Drawn again by it, the same rows are found."""

    size: int
    of: int
    seed: str


@dataclass(frozen=True, slots=True)
class AccessPage:
    """Rows; `next` asks for those after them. reach: whose rows these are, see `engine.store.access_list.Scope`."""

    rows: tuple[AccessView, ...]
    next: str | None
    reach: Literal["all", "units", "own"]
    sample: Sample | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are asked for. Days are local; a person by login or code; a unit by code or name, with those below."""

    reference: str | None = None
    person: str | None = None
    unit: str | None = None
    from_: date | None = None
    to: date | None = None
    refused: bool = False
    marked: bool = False


@dataclass(slots=True)
class AccessService:
    """The access log for the actor."""

    database: Database
    actor: Callable[[], Actor]
    clock: Callable[[], str]
    new_id: Callable[[], str]
    zone: ZoneInfo

    def list(self, wanted: Wanted, *, limit: int = 50, after: str | None = None) -> AccessPage:
        """A page of rows, the newest first.

        Args:
            wanted: Which rows.
            limit: How many at most.
            after: `next` of the page before.

        Raises:
            UnknownCaseError: There is no such case, or the caller may not know of it.
            UnknownPersonError: Nobody is registered by that name.
            UnknownUnitError: There is no such unit.
            PeriodBackwardsError: `to` is before `from_`.
            UnknownPageError: `after` is from nowhere.
            StorageError: The database cannot be read, or that it was read cannot be written down.
        """
        if after is not None and not (after.isdecimal() and len(after) < 19):
            raise UnknownPageError(after)
        size = min(max(1, limit), MOST)
        scope, filter_ = self._asked(wanted)
        with self.database.read() as session:
            before = int(after) if after else None
            rows = list_access(session, scope, filter_, limit=size + 1, before=before)
            shown = rows[:size]
            views = self._named(session, shown)
        self._note(scope, shown)
        return AccessPage(views, str(shown[-1].id) if len(rows) > size else None, scope.reach)

    def every(
        self, wanted: Wanted, *, most: int | None = None, told: Told | None = None
    ) -> Iterator[AccessView]:
        """All rows, or so many, the newest first; asked for in short transactions. Raises as `list`."""
        left, after, first = most, None, 0
        while left is None or left > 0:
            page = self.list(wanted, limit=min(PAGE, left or PAGE), after=after)
            yield from page.rows
            if page.rows:
                first = first or page.rows[0].row.id
            if told is not None and first:
                told(first if page.next is None else first - int(page.next), first)
            if page.next is None:
                return
            after, left = page.next, None if left is None else left - len(page.rows)

    def sample(
        self, wanted: Wanted, size: int, *, seed: str | None = None, told: Told | None = None
    ) -> AccessPage:
        """A random sample of the rows, the oldest first; that it was drawn is written down.

        Args:
            wanted: Of which rows.
            size: How many.
            seed: Letters and digits that decide which; None for a new one.
            told: Told now and then how far it has come.

        Raises:
            UnknownCaseError: There is no such case, or the caller may not know of it.
            UnknownPersonError: Nobody is registered by that name.
            UnknownUnitError: There is no such unit.
            PeriodBackwardsError: `to` is before `from_`.
            StorageError: The database cannot be read, or the check cannot be written down.
        """
        scope, filter_ = self._asked(wanted)
        chosen = seed or self.new_id()[-12:]
        rows, of = draw_sample(self.database, scope, filter_, size=size, seed=chosen, told=told)
        with self.database.read() as session:
            views = self._named(session, rows)
        self._note(scope, rows)
        said = _said(wanted, filter_, f"{len(rows)}/{of}", chosen)
        self._witness.done(CHECK, said, reference=filter_.reference or EVERYTHING)
        return AccessPage(views, None, scope.reach, Sample(len(rows), of, chosen))

    # --- inside

    @property
    def _witness(self) -> Witness:
        return Witness(self.database, self.actor, self.clock)

    def _asked(self, wanted: Wanted) -> tuple[Scope, AccessFilter]:
        """Whose rows the caller may see, and which are asked for."""
        check_period(wanted.from_, wanted.to)
        with self.database.read() as session:
            scope, found = self._scope(session), None
            if wanted.reference is not None:
                found = self._case(session, scope.rule, wanted.reference)
            person = find_person(session, wanted.person) if wanted.person is not None else None
        if wanted.reference is not None and found is None:
            self._witness.refuses(wanted.reference, READ)
            raise UnknownCaseError(asked_for(wanted.reference))
        if wanted.person is not None and person is None:
            raise UnknownPersonError(wanted.person)
        rule = scope.rule
        filter_ = AccessFilter(
            reference=found, person=person.code if person is not None else None,
            unit=rule.tree.find(wanted.unit).code if wanted.unit is not None else None,
            from_at=self._midnight(wanted.from_),
            before_at=self._midnight(wanted.to + timedelta(days=1)) if wanted.to is not None else None,
            refused=wanted.refused, marked=wanted.marked,
        )  # fmt: skip
        return scope, filter_

    def _scope(self, session: Session) -> Scope:
        person = self.actor().person
        today = local_date(parse_instant(self.clock()), self.zone).isoformat()
        viewer = SYSTEM if person is None else read_viewer(session, person, today)
        rules, _ = load_access(session)
        rule = AccessRule(viewer, read_tree(session), rules)
        if level_of_all(rule) is not None:
            return Scope(rule, "all")
        oversees = any(rule.units_at(process, "content") for process in rules)
        return Scope(rule, "units" if oversees else "own")

    def _case(self, session: Session, rule: AccessRule, reference: str) -> str | None:
        """The reference as it is written, when the caller may know of the case."""
        folded = read_reference(reference)
        written = written_reference(session, reference) if folded is not None else None
        stored = load_case(session, written) if written is not None else None
        return written if stored is not None and rule.may_see(stored.case) else None

    def _midnight(self, day: date | None) -> str | None:
        return instant_of(f"{day.isoformat()}T00:00", self.zone) if day is not None else None

    def _note(self, scope: Scope, rows: Iterable[AccessRow]) -> None:
        """Write down which marked cases the caller was told the readers of; their own reading is no news."""
        mine = scope.rule.viewer.person
        references = dict.fromkeys(
            row.reference for row in rows if row.is_marked and mine not in (row.person, row.operator)
        )
        with self.database.read() as session:
            marked = marked_of(session, tuple(references))
        if marked:
            self._witness.reads_all(marked.items(), scope.rule, READ)

    def _named(self, session: Session, rows: Iterable[AccessRow]) -> tuple[AccessView, ...]:
        rows = tuple(rows)
        names = {one.code: one.name for one in load_persons(session)} if rows else {}
        _, roles = load_access(session)
        tree = read_tree(session)

        def view(row: AccessRow) -> AccessView:
            unit = tree.get(row.role_unit) if row.role_unit is not None else None
            return AccessView(
                row, names.get(row.operator or ""), names.get(row.on_behalf_of or ""),
                roles.get(row.role, Words(row.role, row.role)) if row.role is not None and row.role_unit else None,
                unit.name if unit is not None else row.role_unit,
            )  # fmt: skip

        return tuple(map(view, rows))


def _said(wanted: Wanted, filter_: AccessFilter, drawn: str, seed: str) -> str:
    """What was drawn, in codes, for the row of the check."""
    asked = {
        "seed": seed, "from": wanted.from_, "to": wanted.to, "unit": filter_.unit, "person": filter_.person,
        "refused": wanted.refused or None, "marked": wanted.marked or None,
    }  # fmt: skip
    return " ".join([drawn, *(f"{key}={value}" for key, value in asked.items() if value is not None)])
