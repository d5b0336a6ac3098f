"""How the organisation changes: what is asked for, whether it is possible, and the events it becomes.

Pure: an `Organisation` and changes in, decisions out. Names, logins, titles and addresses of people stand
only in the erasable half of an event. It must not know the store or any file format.

Events of the stream `organisation` (what is not named stays; the empty text takes a value away):

| kind | data | personal |
|---|---|---|
| `unit_added` | code, name, parent?, attributes?, from_on, to_on? | |
| `unit_changed` | code, name?, parent?, attributes?, from_on?, to_on? | |
| `person_added` | code, from_on, to_on? | name, login?, title?, email? |
| `person_changed` | code, from_on?, to_on? | name?, login?, title?, email? |
| `appointed` | key, person, role, unit, from_on, to_on?, on_behalf_of? | |
| `appointment_changed` | key, to_on | |
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol, TypeAlias

from engine.cases.access import ADMINISTRATOR, PROXY, Viewer
from engine.cases.decision import Decision, Write
from engine.cases.event import EMPTY, Acting, Event
from engine.cases.organisation import STREAM, Appointment, Draft, Organisation, UnitTree
from engine.errors import (
    CodeFormError,
    CodeTakenError,
    LastAdministratorError,
    LinesError,
    LoginTakenError,
    MissingNameError,
    NotAdministratorError,
    NothingToSubstituteError,
    OverlappingAppointmentError,
    PeriodOrderError,
    ProxyForNobodyError,
    UnitInUseError,
    UnitUnderItselfError,
    UnknownAppointmentError,
    UnknownParentError,
    UnknownPersonError,
    UnknownUnitError,
)

LAST_DAY: Final = "9999-12-31"
CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
Said: TypeAlias = tuple[str, dict[str, Any], dict[str, Any]]
"""What a change becomes: the kind of event, its data, and its erasable half."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What the events of one command share: id, who acts, by which appointment, instant and local day.

    recorded_at: when the log learns it, where that is later than `at` (the log's time never goes back).
    """

    command_id: str
    acting: Acting
    at: str
    on: str
    appointment: int | None = None
    recorded_at: str = ""


class Change(Protocol):
    """One thing to change in the organisation."""

    def decide(self, draft: Draft) -> Said:
        """Give what the event says; refuse, by an `OrganisationError`, what is not possible."""


def administrator(viewer: Viewer, tree: UnitTree, operator: str | None = None) -> tuple[Acting, int | None]:
    """Return as whom somebody changes the organisation, and by which appointment: own before a substitute's.

    The system may, by none: `init` makes the first administrator.

    Raises:
        NotAdministratorError: They are not the administrator of a top unit today.
    """
    if viewer.is_system:
        return Acting(None, "system", operator=operator), None
    grants = [grant for grant in viewer.grants if grant.role == ADMINISTRATOR and grant.unit in tree.tops]
    if not grants:
        raise NotAdministratorError(viewer.person or "")
    best = min(grants, key=lambda grant: (grant.on_behalf_of is not None, grant.appointment))
    acting = Acting(
        viewer.person, role=best.role, unit=best.unit, on_behalf_of=best.on_behalf_of, operator=operator
    )
    return acting, best.appointment


def decide_changes(
    organisation: Organisation, changes: Sequence[Change], cause: Cause
) -> tuple[tuple[Decision, ...], Organisation]:
    """Return a decision for each change, to be recorded in one commit, and the organisation they leave.

    Each is decided on what those before it leave, and has its own command id: the cause's, with `:1`, `:2`
    and so on when there are several.

    Raises:
        OrganisationError: A change is not possible; nothing is decided.
    """
    relied = () if cause.appointment is None else (cause.appointment,)
    draft = Draft(organisation, cause.on)
    ids = (
        [cause.command_id]
        if len(changes) == 1
        else [f"{cause.command_id}:{n + 1}" for n in range(len(changes))]
    )
    decisions = tuple(
        Decision(
            (Write(decide_change(draft, change, replace(cause, command_id=command_id)), None),),
            appointments=relied,
        )
        for change, command_id in zip(changes, ids, strict=True)
    )
    return decisions, draft.organisation


def decide_change(draft: Draft, change: Change, cause: Cause) -> Event:
    """Return the event that a change becomes, and move the draft to what it leaves.

    Raises:
        OrganisationError: It is not possible; the draft is where it was.
    """
    kind, data, personal = change.decide(draft)
    event = Event(
        stream_kind="organisation", stream=STREAM, seq=draft.seq + 1, kind=kind, acting=cause.acting,
        occurred_at=cause.at, occurred_on=cause.on, recorded_at=cause.recorded_at or cause.at,
        command_id=cause.command_id, data=data, personal=personal,
    )  # fmt: skip
    draft.apply(event)
    return event


@dataclass(frozen=True, slots=True)
class AddUnit:
    """A new unit, a top when it has no `parent`."""

    code: str
    name: str
    parent: str | None
    from_on: str
    to_on: str | None = None
    attributes: Mapping[str, str] = field(default_factory=lambda: EMPTY)

    def decide(self, draft: Draft) -> Said:
        """Refuse a code that is taken or no code, an empty name, a parent that is not there."""
        _check_new_code("unit", self.code, draft.units)
        _check_name("unit", self.code, self.name)
        _check_order(self.from_on, self.to_on)
        if self.parent is not None and self.parent not in draft.units:
            raise UnknownParentError(self.code, self.parent)
        more = {"parent": self.parent, "to_on": self.to_on, "attributes": dict(self.attributes)}
        needed = {"code": self.code, "name": self.name, "from_on": self.from_on}
        return "unit_added", needed | {key: value for key, value in more.items() if value}, {}


@dataclass(frozen=True, slots=True)
class ChangeUnit:
    """A new name, place, dates or attributes of a unit. None leaves it, the empty text takes it away."""

    code: str
    name: str | None = None
    parent: str | None = None
    from_on: str | None = None
    to_on: str | None = None
    attributes: Mapping[str, str] | None = None

    def decide(self, draft: Draft) -> Said:
        """Refuse a place under itself, an end before that of units under it, the last administrator lost."""
        unit = draft.units.get(self.code)
        if unit is None:
            raise UnknownUnitError(self.code, ())
        if self.name is not None:
            _check_name("unit", self.code, self.name)
        _check_order(self.from_on or unit.from_on, unit.to_on if self.to_on is None else self.to_on)
        if self.parent:
            self._check_parent(draft, self.parent)
        if self.parent and unit.parent is None:
            here = {key for key, each in draft.appointments.items() if each.unit == self.code}
            _check_administrator_stays(draft, here)
        if self.to_on:
            under = [u for u in draft.units.values() if u.parent == self.code]
            open_ = tuple(u.code for u in under if u.to_on is None or u.to_on > self.to_on)
            if open_:
                raise UnitInUseError(self.code, open_)
        attributes = None if self.attributes is None else dict(self.attributes)
        data = {
            "code": self.code, "name": self.name, "parent": self.parent, "from_on": self.from_on,
            "to_on": self.to_on, "attributes": attributes,
        }  # fmt: skip
        return "unit_changed", _given(data), {}

    def _check_parent(self, draft: Draft, parent: str) -> None:
        above: str | None = parent
        while above is not None:
            if above not in draft.units:
                raise UnknownParentError(self.code, above)
            if above == self.code:
                raise UnitUnderItselfError(self.code, parent)
            above = draft.units[above].parent


@dataclass(frozen=True, slots=True)
class AddPerson:
    """A new person. Without a code they get the next free one: p001, p002 ..."""

    name: str
    from_on: str
    to_on: str | None = None
    code: str | None = None
    login: str = ""
    title: str = ""
    email: str = ""

    def decide(self, draft: Draft) -> Said:
        """Refuse a code or login that is taken, and an empty name."""
        if self.code is not None:
            _check_new_code("person", self.code, draft.persons)
        _check_name("person", self.code or "", self.name)
        _check_lines(self.login, self.title, self.email)
        _check_order(self.from_on, self.to_on)
        _check_login(draft, self.code, self.login)
        code = self.code or next_code(draft.persons)
        data = {"code": code, "from_on": self.from_on, "to_on": self.to_on}
        personal = {"name": self.name, "login": _login(self.login), "title": self.title, "email": self.email}
        return "person_added", _given(data), {key: value for key, value in personal.items() if value}


@dataclass(frozen=True, slots=True)
class ChangePerson:
    """New particulars of a person. None leaves them as they are, the empty text takes them away."""

    code: str
    name: str | None = None
    login: str | None = None
    title: str | None = None
    email: str | None = None
    from_on: str | None = None
    to_on: str | None = None

    def decide(self, draft: Draft) -> Said:
        """Refuse a login that is taken, an empty name, and to end the last administrator."""
        person = draft.persons.get(self.code)
        if person is None:
            raise UnknownPersonError(self.code)
        if self.name is not None:
            _check_name("person", self.code, self.name)
        _check_lines(self.login, self.title, self.email)
        _check_order(self.from_on or person.from_on, person.to_on if self.to_on is None else self.to_on)
        _check_login(draft, self.code, self.login or "")
        if self.to_on:
            _check_administrator_stays(draft, {each.key for each in draft.appointments_of(self.code)})
        data = {"code": self.code, "from_on": self.from_on, "to_on": self.to_on}
        login = None if self.login is None else _login(self.login)
        personal = {"name": self.name, "login": login, "title": self.title, "email": self.email}
        return "person_changed", _given(data), _given(personal)


@dataclass(frozen=True, slots=True)
class Appoint:
    """A role for a person at a unit and those under it; with `on_behalf_of` as that person's substitute."""

    person: str
    role: str
    unit: str
    from_on: str
    to_on: str | None = None
    on_behalf_of: str | None = None

    def decide(self, draft: Draft) -> Said:
        """Refuse what is not there, what they have, and to substitute for one who has not the role."""
        for person in (self.person, self.on_behalf_of):
            if person is not None and person not in draft.persons:
                raise UnknownPersonError(person)
        if self.unit not in draft.units:
            raise UnknownUnitError(self.unit, ())
        _check_order(self.from_on, self.to_on)
        if self.role == PROXY and self.on_behalf_of is None:
            raise ProxyForNobodyError(self.person)
        _check_apart(draft, self)
        if self.on_behalf_of is not None and not self._has_principal(draft, self.on_behalf_of):
            raise NothingToSubstituteError(self.on_behalf_of, self.role, self.unit, self.from_on)
        data = {
            "key": f"r{draft.seq + 1}", "person": self.person, "role": self.role, "unit": self.unit,
            "from_on": self.from_on, "to_on": self.to_on, "on_behalf_of": self.on_behalf_of,
        }  # fmt: skip
        return "appointed", _given(data), {}

    def _has_principal(self, draft: Draft, principal: str) -> bool:
        if self.role == PROXY or self.person == principal:
            return self.person != principal
        return any(
            (each.role, each.unit, each.on_behalf_of) == (self.role, self.unit, None) and _overlap(self, each)
            for each in draft.appointments_of(principal)
        )


@dataclass(frozen=True, slots=True)
class ChangeAppointment:
    """A new last day of an appointment, before its first if it shall never be; empty text: it lasts."""

    key: str
    to_on: str

    def decide(self, draft: Draft) -> Said:
        """Refuse an end before a beginning that has been, and to end the last administrator."""
        appointment = draft.appointments.get(self.key)
        if appointment is None:
            raise UnknownAppointmentError(self.key)
        if appointment.from_on <= draft.on:
            _check_order(appointment.from_on, self.to_on)
        _check_apart(draft, replace(appointment, to_on=self.to_on or None))
        if self.to_on:
            _check_administrator_stays(draft, {self.key})
        return "appointment_changed", {"key": self.key, "to_on": self.to_on}, {}


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def next_code(persons: Mapping[str, object]) -> str:
    """Return the code of the next person who is given none: p001, p002 ..."""
    number = len(persons) + 1
    while f"p{number:03}" in persons:
        number += 1
    return f"p{number:03}"


def _login(text: str) -> str:
    """A login as it is kept: without regard to case."""
    return text.strip().casefold()


def _check_new_code(what: str, code: str, taken: Mapping[str, object]) -> None:
    if not CODE.fullmatch(code):
        raise CodeFormError(what, code)
    if code in taken:
        raise CodeTakenError(what, code)


def _check_name(what: str, code: str, name: str) -> None:
    if not name.strip():
        raise MissingNameError(what, code)
    _check_lines(name)


def _check_lines(*texts: str | None) -> None:
    """Names and the like are one line each: on pages and in files a row is about one thing."""
    for text in texts:
        if text is not None and not text.isprintable():
            raise LinesError(" ".join("".join(c if c.isprintable() else " " for c in text).split())[:60])


def _check_order(from_on: str, to_on: str | None) -> None:
    if to_on and to_on < from_on:
        raise PeriodOrderError(from_on, to_on)


def _check_login(draft: Draft, person: str | None, login: str) -> None:
    holder = draft.login_holder(login) if login else None
    if holder is not None and holder != person:
        raise LoginTakenError(login, holder)


def _overlap(one: Appoint | Appointment, other: Appointment) -> bool:
    last = min(day for day in (one.to_on, other.to_on, LAST_DAY) if day)
    return max(one.from_on, other.from_on) <= last


def _check_apart(draft: Draft, one: Appoint | Appointment) -> None:
    key = one.key if isinstance(one, Appointment) else None
    for other in draft.appointments_of(one.person):
        is_same = (one.role, one.unit, one.on_behalf_of) == (other.role, other.unit, other.on_behalf_of)
        if other.key != key and is_same and _overlap(one, other):
            raise OverlappingAppointmentError(one.person, one.role, one.unit, other.key)


def _check_administrator_stays(draft: Draft, ended: set[str]) -> None:
    """Refuse to end the last one that no date ends: nobody could appoint another."""
    lasting = {
        key
        for key, each in draft.appointments.items()
        if each.role == ADMINISTRATOR
        and (each.to_on, each.on_behalf_of) == (None, None)
        and draft.units[each.unit].parent is None
        and draft.persons[each.person].to_on is None
    }
    if lasting and lasting <= ended:
        raise LastAdministratorError
