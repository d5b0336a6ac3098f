"""The organisation: units, people, who has which role where and from when; by hand or from a file.

Only the administrator changes it; anybody registered may read it. Each change is an event of the stream
`organisation`. It must not know how a case is decided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from engine.calendar.zone import local_date, parse_instant
from engine.cases.access import ADMINISTRATOR, PROXY, SYSTEM
from engine.cases.event import Actor
from engine.cases.organisation import Appointment, Organisation, Person, find_person, find_unit
from engine.cases.reorganisation import (
    AddPerson,
    AddUnit,
    Appoint,
    Cause,
    Change,
    ChangeAppointment,
    ChangePerson,
    ChangeUnit,
    administrator,
    decide_changes,
)
from engine.errors import ConcurrentChangeError, OrganisationFileError, UnknownAppointmentError
from engine.language.alphabet import sort_key
from engine.language.sentence import Words
from engine.service.organisation_file import read_file
from engine.service.organisation_plan import ImportResult, Plan, find_role, plan_import, summarise
from engine.store.access_rule import load_process_rules, load_role_words
from engine.store.database import Database, Session
from engine.store.organisation import read_last_moment, read_organisation, read_viewer
from engine.store.unit_of_work import UnitOfWork

TRIES: Final = 5
_OWN_ROLES: Final = {ADMINISTRATOR: Words("Administratör", "Administrator"), PROXY: Words("Ombud", "Proxy")}
"""The roles that the engine itself knows; all others are the processes'."""


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit in the list: how deep it lies, and the code of the unit above."""

    code: str
    name: str
    depth: int
    parent: str | None
    attributes: Mapping[str, str]
    from_on: str
    to_on: str | None


@dataclass(frozen=True, slots=True)
class AppointmentRow:
    """Who has which role where; with names beside the codes."""

    key: str
    person: str
    person_name: str
    role: str
    role_label: Words
    unit: str
    unit_name: str
    from_on: str
    to_on: str | None
    on_behalf_of: str | None
    on_behalf_of_name: str | None


@dataclass(slots=True)
class OrganisationService:
    """What is done with the organisation. `actor` says who asks; `clock` gives now as a UTC instant."""

    database: Database
    work: UnitOfWork
    actor: Callable[[], Actor]
    clock: Callable[[], str]
    new_id: Callable[[], str]
    zone: ZoneInfo

    # --- questions

    def units(self, on: date | None = None, *, ended: bool = False) -> tuple[UnitRow, ...]:
        """Return the units of a day (today), each under the one it lies under; with `ended` the others too.

        Raises:
            StorageError: The database cannot be read.
        """
        day = self._day(on)
        return tuple(
            UnitRow(unit.code, unit.name, depth, unit.parent, unit.attributes, unit.from_on, unit.to_on)
            for depth, unit in self._read().tree.walk()
            if ended or unit.is_in_force(day)
        )

    def persons(
        self, on: date | None = None, *, unit: str | None = None, ended: bool = False
    ) -> tuple[Person, ...]:
        """Return the people of a day (today) by name; with `unit` those who have a role there or below.

        With `ended` the others too: those who have left, and those who have not begun.

        Raises:
            UnknownUnitError: There is no such unit.
            AmbiguousUnitError: Several units are called so.
            StorageError: The database cannot be read.
        """
        day, found = self._day(on), self._read()
        people = [person for person in found.persons.values() if ended or person.is_in_force(day)]
        if unit is not None:
            inside = found.tree.below(found.tree.find(unit).code)
            there = {a.person for a in found.appointments.values() if a.unit in inside and a.is_in_force(day)}
            people = [person for person in people if person.code in there]
        return tuple(sorted(people, key=lambda person: (sort_key(person.name), person.code)))

    def appointments(
        self, on: date | None = None, *, person: str | None = None, unit: str | None = None,
        role: str | None = None, ended: bool = False,
    ) -> tuple[AppointmentRow, ...]:  # fmt: skip
        """Return who has which role on a day (today), by unit, role and name; `unit`: with those below.

        Raises:
            UnknownPersonError: There is no such person.
            AmbiguousPersonError: Several people are called so.
            UnknownUnitError: There is no such unit.
            AmbiguousUnitError: Several units are called so.
            UnknownRoleError: There is no such role.
            StorageError: The database cannot be read.
        """
        day = self._day(on)
        with self.database.snapshot() as session:
            found, roles = read_organisation(session), _roles(session)
        who = find_person(found.persons, person).code if person is not None else None
        inside = found.tree.below(find_unit(found.units, unit).code) if unit is not None else found.tree.codes
        by = find_role(roles, role) if role is not None else None
        shown = [
            each
            for each in found.appointments.values()
            if (ended or each.is_in_force(day)) and who in (None, each.person) and each.unit in inside
            and by in (None, each.role)
        ]  # fmt: skip
        rows = [_appointment_row(found, roles, each) for each in shown]
        return tuple(
            sorted(
                rows, key=lambda row: (sort_key(row.unit_name), row.role, sort_key(row.person_name), row.key)
            )
        )

    def roles(self) -> tuple[tuple[str, Words], ...]:
        """Return the roles of the published processes, and those of the engine, by their Swedish names.

        Raises:
            StorageError: The database cannot be read.
        """
        with self.database.read() as session:
            found = _roles(session)
        return tuple(sorted(found.items(), key=lambda item: sort_key(item[1].sv)))

    # --- units

    def add_unit(
        self, code: str, name: str, *, parent: str | None = None, from_on: date | None = None,
        attributes: Mapping[str, str] | None = None,
    ) -> str:  # fmt: skip
        """Add a unit, a top when it has no parent (code or name); gives its code.

        Raises:
            NotAdministratorError: The actor may not.
            OrganisationError: The code is taken or has the wrong form, the name is empty, there is no such
            parent. StorageError: The database cannot be written.
        """

        def changes(found: Organisation, cause: Cause) -> list[Change]:
            above = find_unit(found.units, parent).code if parent is not None else None
            return [AddUnit(code, name, above, _text(from_on) or cause.on, None, attributes or {})]

        self._change(changes)
        return code

    def change_unit(
        self, unit: str, *, name: str | None = None, parent: str | None = None, to_on: date | None = None,
        attributes: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        """Change what is said of a unit (code or name); what is None stays. Attributes are all of them, anew.

        Raises:
            NotAdministratorError: The actor may not.
            OrganisationError: There is no such unit or parent, it would lie under itself, units below it go
            on. StorageError: The database cannot be written.
        """

        def changes(found: Organisation, _cause: Cause) -> list[Change]:
            above = find_unit(found.units, parent).code if parent is not None else None
            code, last = find_unit(found.units, unit).code, _text(to_on)
            return [ChangeUnit(code, name, above, to_on=last, attributes=attributes)]

        self._change(changes)

    def close_unit(self, unit: str, to_on: date | None = None) -> None:
        """Say which day (today) is the last of a unit. Its cases stay, and those above answer for them.

        Raises:
            NotAdministratorError: The actor may not.
            OrganisationError: There is no such unit, or units below it go on.
            StorageError: The database cannot be written.
        """
        self.change_unit(unit, to_on=date.fromisoformat(self._day(to_on)))

    # --- people

    def add_person(
        self, name: str, *, login: str = "", title: str = "", email: str = "", code: str | None = None,
        from_on: date | None = None,
    ) -> str:  # fmt: skip
        """Register a person; gives the code.

        Raises:
            NotAdministratorError: The actor may not.
            OrganisationError: The name is empty, or code or login is taken.
            StorageError: The database cannot be written.
        """
        first = self._day(from_on)
        before, after = self._change(lambda *_: [AddPerson(name, first, None, code, login, title, email)])
        (added,) = set(after.persons) - set(before.persons)
        return added

    def change_person(
        self, person: str, *, name: str | None = None, login: str | None = None, title: str | None = None,
        email: str | None = None, from_on: date | None = None, to_on: date | None = None,
    ) -> None:  # fmt: skip
        """Change what is said of a person (code, login or name): None stays, the empty text is taken away.

        Raises:
            NotAdministratorError: The actor may not.
            OrganisationError: There is no such person, the login is taken, the last administrator would be
            gone. StorageError: The database cannot be written.
        """

        def changes(found: Organisation, _cause: Cause) -> list[Change]:
            code = find_person(found.persons, person).code
            return [ChangePerson(code, name, login, title, email, _text(from_on), _text(to_on))]

        self._change(changes)

    # --- roles

    def appoint(
        self, person: str, role: str, unit: str, *, from_on: date | None = None, to_on: date | None = None,
        on_behalf_of: str | None = None,
    ) -> str:  # fmt: skip
        """Give a person a role at a unit and those below it; with `on_behalf_of` as that person's substitute.

        Persons by code, login or name; gives the key of the appointment.

        Raises:
            NotAdministratorError: The actor may not.
            OrganisationError: There is no such person, role or unit; they have it already; there is nobody
            with the
                role to substitute for.
            StorageError: The database cannot be written.
        """
        with self.database.read() as session:
            key = find_role(_roles(session), role)

        def changes(found: Organisation, cause: Cause) -> list[Change]:
            who = find_person(found.persons, person).code
            principal = find_person(found.persons, on_behalf_of).code if on_behalf_of is not None else None
            where = find_unit(found.units, unit).code
            return [Appoint(who, key, where, _text(from_on) or cause.on, _text(to_on), principal)]

        before, after = self._change(changes)
        (added,) = set(after.appointments) - set(before.appointments)
        return added

    def substitute(
        self, person: str, on_behalf_of: str, *, from_on: date | None = None, to_on: date | None = None
    ) -> tuple[str, ...]:
        """Let somebody stand in for a person in every role that they have of their own; gives the keys.

        Raises:
            NotAdministratorError: The actor may not.
            OrganisationError: There is no such person, they have no role, or they are substituted for
            already. StorageError: The database cannot be written.
        """
        first, last = self._day(from_on), _text(to_on)

        def changes(found: Organisation, _cause: Cause) -> list[Change]:
            who, principal = (find_person(found.persons, text).code for text in (person, on_behalf_of))
            theirs = [
                each
                for each in found.appointments.values()
                if each.person == principal and each.on_behalf_of is None
                and each.from_on <= (last or each.from_on) and (each.to_on is None or each.to_on >= first)
            ]  # fmt: skip
            if not theirs:
                raise UnknownAppointmentError(principal)
            return [Appoint(who, each.role, each.unit, first, last, principal) for each in theirs]

        before, after = self._change(changes)
        return tuple(key for key in after.appointments if key not in before.appointments)

    def end_appointment(self, key: str, to_on: date | None = None) -> None:
        """Say which day (today) is the last of an appointment.

        Raises:
            NotAdministratorError: The actor may not.
            OrganisationError: There is no such appointment, it began later, the last administrator would be
            gone. StorageError: The database cannot be written.
        """
        last = self._day(to_on)
        self._change(lambda *_: [ChangeAppointment(key, last)])

    # --- files

    def import_csv(
        self, content: bytes | Path, *, dry_run: bool = False, end_missing: bool = False
    ) -> ImportResult:
        """Make the organisation as a file says (docs/how-to/organisation.md): all of it, or nothing.

        Args:
            content: The file: what it holds, or where it is.
            dry_run: Only tell what would be done.
            end_missing: End today what is in force and not in the file; else it is only told.

        Raises:
            OSError: There is no such file, or it cannot be read.
            OrganisationFileError: Some rows cannot be right; it holds every problem.
            NotAdministratorError: The actor may not.
            StorageError: The database cannot be read or written.
        """
        rows, wrong = read_file(content if isinstance(content, bytes) else content.read_bytes())
        plans: list[Plan] = []

        def changes(found: Organisation, cause: Cause) -> Sequence[Change]:
            with self.database.read() as session:
                roles = _roles(session)
            plan = plan_import(found, rows, cause, roles, end_missing=end_missing)
            problems = sorted((*wrong, *plan.problems), key=lambda problem: problem.row)
            if problems:
                raise OrganisationFileError(tuple(problems))
            plans.append(plan)
            return () if dry_run else plan.changes

        before, _ = self._change(changes)
        return summarise(before, plans[-1], dry_run=dry_run)

    # --- inside

    def _read(self) -> Organisation:
        with self.database.snapshot() as session:
            return read_organisation(session)

    def _today(self) -> date:
        return local_date(parse_instant(self.clock()), self.zone)

    def _day(self, day: date | None) -> str:
        return (day or self._today()).isoformat()

    def _change(
        self, changes: Callable[[Organisation, Cause], Sequence[Change]]
    ) -> tuple[Organisation, Organisation]:
        """Decide and record, again when somebody came between; gives the organisation before and after."""
        command_id = self.new_id()
        for attempt in range(TRIES):
            actor, now, day = self.actor(), self.clock(), self._day(None)
            with self.database.snapshot() as session:
                before = read_organisation(session)
                viewer = SYSTEM if actor.person is None else read_viewer(session, actor.person, day)
                moment = max(now, read_last_moment(session))
            acting, appointment = administrator(viewer, before.tree, actor.operator)
            cause = Cause(command_id, acting, now, day, appointment, moment)
            decisions, after = decide_changes(before, changes(before, cause), cause)
            try:
                self.work.record_all(decisions, {})
            except ConcurrentChangeError:
                if attempt == TRIES - 1:
                    raise
                continue
            return before, after
        raise AssertionError("unreachable")


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _roles(session: Session) -> dict[str, Words]:
    """The roles of the published processes, by what their lists call them, and those of the engine."""
    called = load_role_words(session)
    published = {role for rule in load_process_rules(session).values() for role in rule.levels}
    if not published:
        return {}
    return _OWN_ROLES | {role: called.get(role, Words(role, role)) for role in published}


def _appointment_row(found: Organisation, roles: Mapping[str, Words], each: Appointment) -> AppointmentRow:
    person, principal = found.persons[each.person], found.persons.get(each.on_behalf_of or "")
    return AppointmentRow(
        each.key, each.person, person.name, each.role, roles.get(each.role, Words(each.role, each.role)),
        each.unit, found.units[each.unit].name, each.from_on, each.to_on, each.on_behalf_of,
        principal.name if principal else None,
    )  # fmt: skip
