"""The organisation as it stands: units in a tree, people, who has which role where. The fold of its events.

Codes are opaque and never change; names are what people read and type. It must not know the store, nor who
may do what (`access`), nor how the organisation came to be so (`reorganisation`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Final

from engine.cases.event import EMPTY, Event
from engine.errors import (
    AmbiguousPersonError,
    AmbiguousUnitError,
    DuplicateUnitError,
    UnitCycleError,
    UnknownParentError,
    UnknownPersonError,
    UnknownUnitError,
)
from engine.language.alphabet import fold, sort_key

STREAM: Final = "organisation"
MOST_CALLED: Final = 1_000
"""So many ways of writing the names of units are remembered."""


def is_in_force(from_on: str, to_on: str | None, day: str) -> bool:
    """Whether a day lies from the first to the last, both included; without a last it lasts. ISO days."""
    return from_on <= day and (to_on is None or day <= to_on)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its stable code, its name of the day, the unit above, attributes that conditions may read."""

    code: str
    name: str
    parent: str | None = None
    attributes: Mapping[str, str] = field(default_factory=lambda: EMPTY, hash=False)
    from_on: str = "0001-01-01"
    to_on: str | None = None

    def is_in_force(self, day: str) -> bool:
        """Whether the unit exists on a day."""
        return is_in_force(self.from_on, self.to_on, day)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody registered. `login` may be missing for one who is named but never logs in."""

    code: str
    login: str | None
    name: str
    title: str = ""
    email: str = ""
    from_on: str = "0001-01-01"
    to_on: str | None = None

    def is_in_force(self, day: str) -> bool:
        """Whether the person is registered on a day."""
        return is_in_force(self.from_on, self.to_on, day)


@dataclass(frozen=True, slots=True)
class Appointment:
    """Who has which role where, from and to. `on_behalf_of` makes it a substitute's; `key` is its name."""

    key: str
    person: str
    role: str
    unit: str
    from_on: str
    to_on: str | None = None
    on_behalf_of: str | None = None

    def is_in_force(self, day: str) -> bool:
        """Whether it holds on a day."""
        return is_in_force(self.from_on, self.to_on, day)


class UnitTree:
    """The units by code, with what lies above and below each. Never changed once made.

    There may be several tops. Closed units stay in the tree: their cases remain, and so do those above who
    answer for them.

    Raises:
        DuplicateUnitError: Two units have the same code.
        UnknownParentError: A unit lies under one that is not there.
        UnitCycleError: A unit lies, by way of others, under itself.
    """

    __slots__ = ("_below", "_called", "_paths", "_units")

    def __init__(self, units: Iterable[Unit]) -> None:
        self._units: dict[str, Unit] = {}
        for unit in units:
            if unit.code in self._units:
                raise DuplicateUnitError(unit.code)
            self._units[unit.code] = unit
        self._paths: dict[str, tuple[str, ...]] = {}
        for code in self._units:
            self._paths[code] = self._climb(code)
        self._below: dict[str, frozenset[str]] | None = None
        self._called: dict[str, Unit] = {}

    def _climb(self, code: str) -> tuple[str, ...]:
        path = [code]
        while (parent := self._units[path[-1]].parent) is not None:
            if parent in path:
                raise UnitCycleError(tuple(path[path.index(parent) :]))
            if parent not in self._units:
                raise UnknownParentError(path[-1], parent)
            if parent in self._paths:
                return (*path, *self._paths[parent])
            path.append(parent)
        return tuple(path)

    def __len__(self) -> int:
        return len(self._units)

    def __iter__(self) -> Iterator[Unit]:
        return iter(self._units.values())

    def __contains__(self, code: object) -> bool:
        return code in self._units

    @property
    def codes(self) -> frozenset[str]:
        """The codes of all units."""
        return frozenset(self._units)

    @property
    def tops(self) -> tuple[str, ...]:
        """The units that lie under no other, in the order they were given."""
        return tuple(code for code, unit in self._units.items() if unit.parent is None)

    def get(self, code: str) -> Unit | None:
        """Return the unit with this code, None when there is none."""
        return self._units.get(code)

    def path(self, code: str) -> tuple[str, ...]:
        """Return the unit and those above it, nearest first; of an unknown unit only itself."""
        return self._paths.get(code, (code,))

    def below(self, code: str) -> frozenset[str]:
        """Return the unit and all that lie below it; of an unknown unit only itself."""
        if self._below is None:
            found: dict[str, set[str]] = {each: set() for each in self._units}
            for each, path in self._paths.items():
                for above in path:
                    found[above].add(each)
            self._below = {each: frozenset(inner) for each, inner in found.items()}
        return self._below.get(code, frozenset({code}))

    def walk(self) -> Iterator[tuple[int, Unit]]:
        """Give every unit with its depth, each under the one it lies under, in Swedish order of names."""
        children: dict[str | None, list[Unit]] = {}
        for unit in self._units.values():
            children.setdefault(unit.parent, []).append(unit)
        stack = [(0, unit) for unit in sorted(children.get(None, ()), key=_by_name, reverse=True)]
        while stack:
            depth, unit = stack.pop()
            yield depth, unit
            stack += [(depth + 1, u) for u in sorted(children.get(unit.code, ()), key=_by_name, reverse=True)]

    def find(self, text: str) -> Unit:
        """Return the unit that somebody means; see `find_unit`.

        Raises:
            UnknownUnitError: None is called so.
            AmbiguousUnitError: Several are called so.
        """
        found = self._called.get(text)
        if found is None:
            found = find_unit(self._units, text)
            if len(self._called) < MOST_CALLED:
                self._called[text] = found
        return found


def find_unit(units: Mapping[str, Unit], text: str) -> Unit:
    """Return the unit that somebody means: by code, else by name, without regard to case and accents.

    Raises:
        UnknownUnitError: None is called so; names the nearest.
        AmbiguousUnitError: Several are called so; names their codes.
    """
    if text in units:
        return units[text]
    wanted = fold(text)
    for attribute in ("code", "name"):
        found = [unit for unit in units.values() if fold(getattr(unit, attribute)) == wanted]
        if len(found) > 1:
            raise AmbiguousUnitError(text, tuple(unit.code for unit in found))
        if found:
            return found[0]
    words = {fold(word): unit.code for unit in units.values() for word in (unit.name, unit.code)}
    near = dict.fromkeys(words[word] for word in get_close_matches(wanted, words))
    raise UnknownUnitError(text, tuple(near))


def find_person(persons: Mapping[str, Person], text: str) -> Person:
    """Return the person that somebody means: by code, login or whole name, whatever case and accents.

    Raises:
        UnknownPersonError: Nobody is called so.
        AmbiguousPersonError: Several are called so; names their codes.
    """
    if text in persons:
        return persons[text]
    wanted = fold(text)
    for attribute in ("code", "login", "name"):
        found = [person for person in persons.values() if fold(getattr(person, attribute) or "") == wanted]
        if len(found) > 1:
            raise AmbiguousPersonError(text, tuple(person.code for person in found))
        if found and wanted:
            return found[0]
    raise UnknownPersonError(text)


def _by_name(unit: Unit) -> tuple[object, str]:
    return sort_key(unit.name), unit.code


@dataclass(frozen=True, slots=True)
class Organisation:
    """Units, persons and appointments by code, as they stand after `seq` events; what ended stays."""

    seq: int = 0
    units: Mapping[str, Unit] = field(default_factory=lambda: EMPTY)
    persons: Mapping[str, Person] = field(default_factory=lambda: EMPTY)
    appointments: Mapping[str, Appointment] = field(default_factory=lambda: EMPTY)

    @property
    def tree(self) -> UnitTree:
        """The units as a tree."""
        return UnitTree(self.units.values())

    def after(self, events: Iterable[Event]) -> Organisation:
        """Return the organisation as the events leave it. Says nothing about whether they were allowed."""
        draft = Draft(self)
        for event in events:
            draft.apply(event)
        return draft.organisation


class Draft:
    """An organisation while it is changed on a day: moved event by event, without a copy for each."""

    def __init__(self, organisation: Organisation, on: str = "") -> None:
        self.on = on
        self.seq = organisation.seq
        self.units = dict(organisation.units)
        self.persons = dict(organisation.persons)
        self.appointments = dict(organisation.appointments)
        self._logins = {p.login.casefold(): p.code for p in self.persons.values() if p.login}
        self._keys: dict[str, list[str]] = {}
        for appointment in self.appointments.values():
            self._keys.setdefault(appointment.person, []).append(appointment.key)

    @property
    def organisation(self) -> Organisation:
        """The organisation as it stands now; the draft is not moved after this."""
        return Organisation(self.seq, self.units, self.persons, self.appointments)

    def login_holder(self, login: str) -> str | None:
        """Return the code of who has a login, without regard to case."""
        return self._logins.get(login.casefold())

    def appointments_of(self, person: str) -> list[Appointment]:
        """Return all appointments of a person, past and coming ones too."""
        return [self.appointments[key] for key in self._keys.get(person, ())]

    def apply(self, event: Event) -> None:
        """Move to what the event leaves."""
        self.seq = event.seq
        if event.kind.startswith("unit"):
            unit = _unit_after(self.units.get(event.data["code"]), event)
            self.units[unit.code] = unit
        elif event.kind.startswith("person"):
            before = self.persons.get(event.data["code"])
            person = _person_after(before, event)
            if before is not None and before.login:
                self._logins.pop(before.login.casefold(), None)
            if person.login:
                self._logins[person.login.casefold()] = person.code
            self.persons[person.code] = person
        else:
            appointment = _appointment_after(self.appointments.get(event.data["key"]), event)
            if appointment.key not in self.appointments:
                self._keys.setdefault(appointment.person, []).append(appointment.key)
            self.appointments[appointment.key] = appointment


def _unit_after(unit: Unit | None, event: Event) -> Unit:
    data = event.data
    before = unit or Unit(data["code"], "")
    return Unit(
        before.code,
        data.get("name", before.name),
        data.get("parent", before.parent) or None,
        data.get("attributes", before.attributes),
        data.get("from_on", before.from_on),
        data.get("to_on", before.to_on) or None,
    )


def _person_after(person: Person | None, event: Event) -> Person:
    data, private = event.data, event.personal
    before = person or Person(data["code"], None, "")
    return Person(
        before.code,
        private.get("login", before.login) or None,
        private.get("name", before.name),
        private.get("title", before.title),
        private.get("email", before.email),
        data.get("from_on", before.from_on),
        data.get("to_on", before.to_on) or None,
    )


def _appointment_after(appointment: Appointment | None, event: Event) -> Appointment:
    data = event.data
    if appointment is not None:
        return replace(appointment, to_on=data["to_on"] or None)
    return Appointment(
        data["key"], data["person"], data["role"], data["unit"], data["from_on"],
        data.get("to_on") or None, data.get("on_behalf_of") or None,
    )  # fmt: skip
