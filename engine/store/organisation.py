"""Reads of the organisation: all of it, its tree, and what one person is appointed to on a day.

It must not know what is decided on it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Final

import orjson
from sqlalchemy import bindparam, or_, select

from engine.cases.access import Grant, Viewer
from engine.cases.organisation import STREAM, Appointment, Organisation, Person, Unit, UnitTree
from engine.store.database import Session
from engine.store.statement import Statement
from engine.store.tables import appointments, events, persons, streams, units

_SEQ: Final = Statement(
    select(streams.c.seq).where(streams.c.kind == "organisation", streams.c.name == bindparam("name"))
)
_LAST_MOMENT: Final = Statement(
    select(events.c.recorded_at)
    .join(streams, (streams.c.id == events.c.stream_id) & (streams.c.seq == events.c.seq))
    .where(streams.c.kind == "organisation", streams.c.name == bindparam("name"))
)
_UNITS: Final = Statement(
    select(
        units.c.code, units.c.name, units.c.parent, units.c.attributes, units.c.from_on, units.c.to_on
    ).order_by(units.c.code)
)
_PERSONS: Final = Statement(
    select(
        persons.c.code, persons.c.login, persons.c.name, persons.c.title, persons.c.email, persons.c.from_on,
        persons.c.to_on,
    ).order_by(persons.c.code)
)  # fmt: skip
_APPOINTMENTS: Final = Statement(
    select(
        appointments.c.key, appointments.c.person, appointments.c.role, appointments.c.unit,
        appointments.c.from_on, appointments.c.to_on, appointments.c.on_behalf_of,
    ).order_by(appointments.c.id)
)  # fmt: skip
GRANTS: Final = Statement(
    select(
        appointments.c.id, appointments.c.person, appointments.c.role, appointments.c.unit,
        appointments.c.on_behalf_of,
    )
    .join(persons, persons.c.code == appointments.c.person)
    .where(
        appointments.c.person == bindparam("person"),
        appointments.c.from_on <= bindparam("day"),
        or_(appointments.c.to_on.is_(None), appointments.c.to_on >= bindparam("day")),
        persons.c.from_on <= bindparam("day"),
        or_(persons.c.to_on.is_(None), persons.c.to_on >= bindparam("day")),
    )
    .order_by(appointments.c.id)
)  # fmt: skip


def read_tree(session: Session) -> UnitTree:
    """Return the units, closed ones too: their cases remain."""
    return UnitTree(_units(session).values())


def read_organisation(session: Session) -> Organisation:
    """Return all of it, what has ended too. Read it in a snapshot: it comes in several answers."""
    seq = session.one(_SEQ, {"name": STREAM})
    people = {row[0]: Person(*row) for row in session.all(_PERSONS)}
    roles = {row[0]: Appointment(*row) for row in session.all(_APPOINTMENTS)}
    return Organisation(seq[0] if seq else 0, _units(session), people, roles)


def read_last_moment(session: Session) -> str:
    """Return when the newest event of the organisation was recorded; the empty text before the first."""
    row = session.one(_LAST_MOMENT, {"name": STREAM})
    return row[0] if row else ""


def read_viewer(session: Session, person: str, day: str) -> Viewer:
    """Return a person with the appointments of a day; one who is not registered then has none."""
    return ask_viewer(session, person, day)()


def ask_viewer(session: Session, person: str, day: str) -> Callable[[], Viewer]:
    """Ask for what `read_viewer` returns; it comes when what is returned is called."""
    cursor = session.ask(GRANTS, {"person": person, "day": day})
    return lambda: Viewer(person, tuple(Grant(*row) for row in cursor.fetchall()))


def _units(session: Session) -> dict[str, Unit]:
    return {
        code: Unit(code, name, parent, orjson.loads(attributes), from_on, to_on)
        for code, name, parent, attributes, from_on, to_on in session.all(_UNITS)
    }


_HOLDERS: Final = Statement(
    select(appointments.c.role, persons.c.name)
    .join(persons, persons.c.code == appointments.c.person)
    .where(
        appointments.c.unit == bindparam("unit"),
        appointments.c.from_on <= bindparam("day"),
        or_(appointments.c.to_on.is_(None), appointments.c.to_on >= bindparam("day")),
        persons.c.from_on <= bindparam("day"),
        or_(persons.c.to_on.is_(None), persons.c.to_on >= bindparam("day")),
    )
    .order_by(appointments.c.id)
)


def read_holders(session: Session, roles: Collection[str], path: Sequence[str], day: str) -> tuple[str, ...]:
    """Return the names of those who have one of the roles on a day, at the nearest unit of a path where anybody has."""
    for unit in path:
        rows = session.all(_HOLDERS, {"unit": unit, "day": day})
        names = tuple(dict.fromkeys(name for role, name in rows if role in roles))
        if names:
            return names
    return ()


def read_staff(session: Session, roles: Collection[str], day: str) -> frozenset[tuple[str, str]]:
    """Those of the roles that anybody has on a day, each with its unit."""
    there = read_organisation(session).appointments.values()
    return frozenset((one.role, one.unit) for one in there if one.role in roles and one.is_in_force(day))
