"""What an imported file changes: its rows beside the organisation as it is.

A row that says what is already so changes nothing, so a file can be imported again and again. What the file does not
name is told, and ended only when asked. Administrators are never ended by a file. It must not know how rows are read
or how changes are recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from engine.cases.access import ADMINISTRATOR
from engine.cases.organisation import Appointment, Draft, Organisation, Person, Unit, UnitTree
from engine.cases.reorganisation import (
    AddPerson,
    AddUnit,
    Appoint,
    Cause,
    Change,
    ChangeAppointment,
    ChangePerson,
    ChangeUnit,
    decide_change,
    next_code,
)
from engine.errors import (
    AmbiguousUnitError,
    HjulError,
    OrganisationError,
    RepeatedRowError,
    UnitCycleError,
    UnknownPersonError,
    UnknownRoleError,
    UnknownUnitError,
)
from engine.language.alphabet import fold
from engine.service.organisation_file import Row, RowProblem


@dataclass(frozen=True, slots=True)
class Missing:
    """What is in force and not in the file: a unit, a person or an appointment, by code or key."""

    kind: str
    code: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file changes. `same`: how many rows changed nothing. With problems nothing may be done."""

    changes: tuple[Change, ...]
    same: int
    missing: tuple[Missing, ...]
    problems: tuple[RowProblem, ...]


def plan_import(
    organisation: Organisation, rows: Collection[Row], cause: Cause, roles: Collection[str], *, end_missing: bool
) -> Plan:
    """Return what the rows change.

    Args:
        organisation: As it is.
        rows: Of a file, each of right form.
        cause: Whose command it is, and the day: new things without a first day begin on it.
        roles: The roles there are; none when no process is published yet.
        end_missing: Whether to end what is in force and not in the file.
    """
    planner = _Planner(organisation, cause, frozenset(roles))
    planner.take_all(rows)
    missing = tuple(_missing(organisation, planner, rows))
    if end_missing and not planner.problems:
        for change in _endings(organisation, missing, cause.on):
            planner.do(change, None)
    return Plan(tuple(planner.changes), planner.same, missing, tuple(planner.problems))


@dataclass(slots=True)
class _Planner:
    """Tries the changes of the rows in turn, and notes what does not go."""

    organisation: Organisation
    cause: Cause
    roles: frozenset[str]
    changes: list[Change] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    named: set[tuple[str, str]] = field(default_factory=set)
    same: int = 0
    draft: Draft = field(init=False)

    def __post_init__(self) -> None:
        self.draft = Draft(self.organisation, self.cause.on)

    def take_all(self, rows: Collection[Row]) -> None:
        """Units from the top, then persons, then roles: own before those of substitutes."""
        first: dict[tuple[str, ...], int] = {}
        for row in self._in_order(rows):
            identity = self._identity(row)
            if identity in first:
                self.problems.append(row.problem("type", RepeatedRowError(first[identity])))
                continue
            first[identity] = row.number
            take = {"unit": self._unit, "person": self._person, "role": self._role}[row.kind]
            try:
                change = take(row)
            except HjulError as error:
                self.problems.append(row.problem(_column_of(error, row), error))
            else:
                self.do(change, row)
        self.problems.sort(key=lambda problem: problem.row)

    def do(self, change: Change | None, row: Row | None) -> None:
        """Make a change, or note why it cannot be made; None is a row that says what is already so."""
        if change is None:
            self.same += 1
            return
        try:
            decide_change(self.draft, change, self.cause)
        except OrganisationError as error:
            self.problems.append(
                row.problem(_column_of(error, row), error) if row else RowProblem(0, "", "", error)
            )
        else:
            self.changes.append(change)

    def _in_order(self, rows: Collection[Row]) -> Iterator[Row]:
        units = {fold(row.cells["code"]): row for row in rows if row.kind == "unit"}
        names = {fold(row.cells["name"]): row for row in units.values()}
        placed: set[int] = set()

        def place(row: Row, above: tuple[str, ...]) -> Iterator[Row]:
            code = row.cells["code"]
            if row.number in placed:
                return
            if code in above:
                self.problems.append(row.problem("parent", UnitCycleError(above[above.index(code) :])))
                placed.add(row.number)
                return
            parent = fold(row.get("parent") or "")
            upper = units.get(parent) or names.get(parent)
            if upper is not None and upper is not row:
                yield from place(upper, (*above, code))
            if row.number not in placed:
                placed.add(row.number)
                yield row

        for row in rows:
            if row.kind == "unit":
                yield from place(row, ())
        yield from (row for row in rows if row.kind == "person")
        yield from sorted((row for row in rows if row.kind == "role"), key=lambda row: bool(row.get("for")))

    def _identity(self, row: Row) -> tuple[str, ...]:
        if row.kind == "unit":
            return "unit", row.cells["code"]
        if row.kind == "person":
            return "person", fold(row.get("login") or row.get("code") or "")
        return ("role", *(fold(row.get(name) or "") for name in ("person", "role", "unit", "for", "from")))

    # --- rows

    def _unit(self, row: Row) -> Change | None:
        code, name, on = row.cells["code"], row.cells["name"], self.cause.on
        parent = self._find_unit(row.cells["parent"]).code if row.get("parent") else None
        self.named.add(("unit", code))
        unit = self.draft.units.get(code)
        given = {key: value for key, value in row.attributes.items() if value}
        if unit is None:
            return AddUnit(code, name, parent, row.get("from") or on, row.get("to") or None, given)
        kept = {key: value for key, value in unit.attributes.items() if key not in row.attributes}
        wanted = replace(
            unit,
            name=name,
            parent=parent if "parent" in row.cells else unit.parent,
            attributes=kept | given,
            from_on=row.get("from") or unit.from_on,
            to_on=_end(row, unit.to_on),
        )
        if wanted == unit:
            return None
        return ChangeUnit(
            code, _new(wanted.name, unit.name), _new(wanted.parent, unit.parent), _new(wanted.from_on, unit.from_on),
            _new(wanted.to_on, unit.to_on), None if wanted.attributes == unit.attributes else wanted.attributes,
        )  # fmt: skip

    def _person(self, row: Row) -> Change | None:
        code, login = row.get("code") or "", (row.get("login") or "").casefold()
        found = self.draft.persons.get(code or self.draft.login_holder(login) or "")
        if found is None:
            code = code or next_code(self.draft.persons)
            self.named.add(("person", code))
            return AddPerson(
                row.cells["name"], row.get("from") or self.cause.on, row.get("to") or None, code, login,
                row.get("title") or "", row.get("email") or "",
            )  # fmt: skip
        self.named.add(("person", found.code))
        wanted = replace(
            found,
            name=row.cells["name"],
            login=(login or None) if "login" in row.cells else found.login,
            title=row.cells.get("title", found.title),
            email=row.cells.get("email", found.email),
            from_on=row.get("from") or found.from_on,
            to_on=_end(row, found.to_on),
        )
        if wanted == found:
            return None
        return ChangePerson(
            found.code, _new(wanted.name, found.name), _new(wanted.login, found.login),
            _new(wanted.title, found.title), _new(wanted.email, found.email),
            _new(wanted.from_on, found.from_on), _new(wanted.to_on, found.to_on),
        )  # fmt: skip

    def _role(self, row: Row) -> Change | None:
        person = find_person(self.draft, row.cells["person"]).code
        principal = find_person(self.draft, row.cells["for"]).code if row.get("for") else None
        unit, role = self._find_unit(row.cells["unit"]).code, row.cells["role"]
        if self.roles and role not in self.roles:
            raise UnknownRoleError(role, tuple(get_close_matches(role, sorted(self.roles))))
        found = self._appointment(row, Appoint(person, role, unit, self.cause.on, None, principal))
        if found is None:
            return Appoint(person, role, unit, row.get("from") or self.cause.on, row.get("to") or None, principal)
        self.named.add(("appointment", found.key))
        end = _end(row, found.to_on)
        return None if end == found.to_on else ChangeAppointment(found.key, end or "")

    def _appointment(self, row: Row, wanted: Appoint) -> Appointment | None:
        """The appointment that a row is about: with its first day, else what is in force or to come."""
        day = row.get("from")
        for each in self.draft.appointments_of(wanted.person):
            is_same = (each.role, each.unit, each.on_behalf_of) == (wanted.role, wanted.unit, wanted.on_behalf_of)
            if is_same and (each.from_on == day if day else each.to_on is None or each.to_on >= self.cause.on):
                return each
        return None

    def _find_unit(self, text: str) -> Unit:
        wanted = fold(text)
        for attribute in ("code", "name"):
            found = [unit for unit in self.draft.units.values() if fold(getattr(unit, attribute)) == wanted]
            if len(found) > 1:
                raise AmbiguousUnitError(text, tuple(unit.code for unit in found))
            if found:
                return found[0]
        raise UnknownUnitError(text, ())


def find_person(people: Draft, text: str) -> Person:
    raise UnknownPersonError(text)
