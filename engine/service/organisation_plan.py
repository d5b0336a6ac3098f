"""What an imported file changes: its rows beside the organisation as it is.

A row that says what is already so changes nothing, so a file can be imported again and again. What the file
does not name is told, and ended only when asked. Administrators are never ended by a file. It must not know
how rows are read or how changes are recorded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Final, TypeAlias

from engine.cases.access import ADMINISTRATOR
from engine.cases.organisation import Appointment, Draft, Organisation, Person, Unit, find_person, find_unit
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
    HjulError,
    OrganisationError,
    RepeatedRowError,
    UnitCycleError,
    UnknownRoleError,
)
from engine.language.alphabet import fold
from engine.language.sentence import Words
from engine.service.organisation_file import USED, Row, RowProblem

Named: TypeAlias = tuple[str, str]
"""A unit, person or role (an appointment), by its kind and its code or key."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file changes. same: rows that change nothing. missing: what is in force and not in the file.

    ended: how many of the changes, the last, end what is missing. With problems nothing may be done.
    """

    changes: tuple[Change, ...]
    same: int
    missing: tuple[Named, ...]
    ended: int
    problems: tuple[RowProblem, ...]


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, or would do: how many were added, changed, ended; rows that changed nothing.

    missing: what is in force and not in the file, as (`unit`, `person` or `role`, what it is called).
    """

    added: Mapping[str, int]
    changed: Mapping[str, int]
    ended: int
    same: int
    missing: tuple[tuple[str, str], ...]
    dry_run: bool


def plan_import(
    organisation: Organisation,
    rows: Collection[Row],
    cause: Cause,
    roles: Mapping[str, Words],
    *,
    end_missing: bool,
) -> Plan:
    """Return what the rows change.

    Args:
        organisation: As it is.
        rows: Of a file, each of right form.
        cause: Whose command it is, and the day: new things without a first day begin on it.
        roles: The roles there are, and what they are called; empty when no process is published yet.
        end_missing: Whether to end what is in force and not in the file.
    """
    planner = _Planner(organisation, cause, roles)
    planner.take_all(rows)
    missing = tuple(_missing(organisation, planner.named, {row.kind for row in rows}, cause.on))
    of_rows = len(planner.changes)
    if end_missing and not planner.problems:
        for each in missing:
            planner.do(_ending(each, cause.on), None)
    return Plan(
        tuple(planner.changes), planner.same, missing, len(planner.changes) - of_rows, tuple(planner.problems)
    )


@dataclass(slots=True)
class _Planner:
    """Tries the changes of the rows in turn, and notes what does not go."""

    organisation: Organisation
    cause: Cause
    roles: Mapping[str, Words]
    changes: list[Change] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    named: set[Named] = field(default_factory=set)
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
        parent = find_unit(self.draft.units, row.cells["parent"]).code if row.get("parent") else None
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
            code, _new(wanted.name, unit.name), _new(wanted.parent, unit.parent),
            _new(wanted.from_on, unit.from_on), _new(wanted.to_on, unit.to_on),
            None if wanted.attributes == unit.attributes else wanted.attributes,
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
        person = _find_person(self.draft, row.cells["person"]).code
        principal = _find_person(self.draft, row.cells["for"]).code if row.get("for") else None
        unit, role = (
            find_unit(self.draft.units, row.cells["unit"]).code,
            find_role(self.roles, row.cells["role"]),
        )
        found = self._appointment(row, Appoint(person, role, unit, self.cause.on, None, principal))
        if found is None:
            return Appoint(
                person, role, unit, row.get("from") or self.cause.on, row.get("to") or None, principal
            )
        self.named.add(("role", found.key))
        end = _end(row, found.to_on)
        return None if end == found.to_on else ChangeAppointment(found.key, end or "")

    def _appointment(self, row: Row, wanted: Appoint) -> Appointment | None:
        """The appointment that a row is about: with its first day, else what is in force or to come."""
        day = row.get("from")
        for each in self.draft.appointments_of(wanted.person):
            is_same = (each.role, each.unit, each.on_behalf_of) == (
                wanted.role,
                wanted.unit,
                wanted.on_behalf_of,
            )
            if is_same and (
                each.from_on == day if day else each.to_on is None or each.to_on >= self.cause.on
            ):
                return each
        return None


def find_role(roles: Mapping[str, Words], text: str) -> str:
    """Return the key of the role that somebody means: by key or by what it is called.

    Raises:
        UnknownRoleError: No published process has it; names the nearest.
    """
    if text in roles or not roles:
        return text
    for key, called in roles.items():
        if fold(text) in (fold(key), fold(called.sv), fold(called.en)):
            return key
    raise UnknownRoleError(text, tuple(get_close_matches(fold(text), sorted(roles))) or tuple(sorted(roles)))


def _find_person(draft: Draft, text: str) -> Person:
    code = draft.login_holder(text)
    return draft.persons[code] if code is not None else find_person(draft.persons, text)


def _end(row: Row, now: str | None) -> str | None:
    """The last day that a row says; what it is now when the file has no such column."""
    return now if row.get("to") is None else row.cells["to"] or None


def _new(wanted: str | None, now: str | None) -> str | None:
    """A value as a change takes it: None leaves it, the empty text takes it away."""
    return None if wanted == now else wanted or ""


_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "code_form": ("code",), "code_taken": ("code",), "missing_name": ("name",), "login_taken": ("login",),
    "unit_cycle": ("parent",), "unit_under_itself": ("parent",), "unknown_parent": ("parent",),
    "unknown_unit": ("parent", "unit"), "ambiguous_unit": ("parent", "unit"), "unknown_role": ("role",),
    "unknown_person": ("person", "for"), "ambiguous_person": ("person", "for"),
    "nothing_to_substitute": ("for",), "overlapping_appointment": ("from",), "period_order": ("to",),
    "proxy_for_nobody": ("for",), "lines": ("name",), "unit_in_use": ("to",), "last_administrator": ("to",),
}  # fmt: skip
"""Mistake -> the columns it may stand in; among several the one that holds what the mistake is about."""


def _column_of(error: HjulError, row: Row) -> str:
    columns = [name for name in _COLUMNS.get(error.kind.partition(".")[2], ()) if name in USED[row.kind]]
    about = error.arguments().get("text")
    return next((name for name in columns if row.get(name) == about), columns[0] if columns else "type")


def _missing(
    organisation: Organisation, named: Collection[Named], kinds: Collection[str], on: str
) -> Iterator[Named]:
    """What is in force and goes on, of the kinds that the file has rows of, but not named in it."""
    roles = [each for each in organisation.appointments.values() if each.to_on is None or each.to_on > on]
    administrators = {each.person for each in roles if each.role == ADMINISTRATOR}
    found = [
        *(("role", each.key) for each in roles if each.role != ADMINISTRATOR),
        *(("person", each.code) for each in organisation.persons.values()
          if each.code not in administrators and _goes_on(each, on)),
        *(("unit", each.code) for each in _deepest_first(organisation) if _goes_on(each, on)),
    ]  # fmt: skip
    return (each for each in found if each[0] in kinds and each not in named)


def _goes_on(each: Unit | Person, on: str) -> bool:
    return each.from_on <= on and (each.to_on is None or each.to_on > on)


def _deepest_first(organisation: Organisation) -> list[Unit]:
    tree = organisation.tree
    return sorted(tree, key=lambda unit: -len(tree.path(unit.code)))


def _ending(named: Named, on: str) -> Change:
    kind, code = named
    if kind == "role":
        return ChangeAppointment(code, on)
    return ChangePerson(code, to_on=on) if kind == "person" else ChangeUnit(code, to_on=on)


_ADDING: Final[Mapping[type, str]] = {AddUnit: "unit", AddPerson: "person", Appoint: "role"}
_CHANGING: Final[Mapping[type, str]] = {ChangeUnit: "unit", ChangePerson: "person", ChangeAppointment: "role"}


def summarise(before: Organisation, plan: Plan, *, dry_run: bool) -> ImportResult:
    """Return what a plan does to the organisation that it was made for."""
    changes = plan.changes[: len(plan.changes) - plan.ended]
    return ImportResult(
        added=Counter(_ADDING[type(change)] for change in changes if type(change) in _ADDING),
        changed=Counter(_CHANGING[type(change)] for change in changes if type(change) in _CHANGING),
        ended=plan.ended,
        same=plan.same,
        missing=tuple((kind, _called(before, kind, code)) for kind, code in plan.missing),
        dry_run=dry_run,
    )


def _called(found: Organisation, kind: str, code: str) -> str:
    if kind == "unit":
        return f"{code} {found.units[code].name}"
    if kind == "person":
        return f"{code} {found.persons[code].name}"
    each = found.appointments[code]
    return f"{found.persons[each.person].name}: {each.role}, {found.units[each.unit].name}"
