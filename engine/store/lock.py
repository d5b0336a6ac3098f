"""Locking what a transaction writes and relies on, and finding where each stream stands.

Locks are taken in the order of kind and name, whatever the decisions' order. It must not know how events
are made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, or_, select

from engine.calendar.zone import local_date, parse_instant
from engine.cases.decision import Decision, Write
from engine.cases.event import NEW
from engine.errors import AppointmentEndedError, Intervening
from engine.ledger.chain import open_body
from engine.store.database import Cursor, Session
from engine.store.statement import Statement, at
from engine.store.tables import appointments, events, streams

MOST_CHANGES: Final = 20
_STANDING: Final = select(streams.c.id, streams.c.seq, streams.c.head).where(*at(streams, "kind", "name"))
LOCK_TO_WRITE: Final = Statement(_STANDING.with_for_update(key_share=True))
LOCK_TO_RELY: Final = Statement(_STANDING.with_for_update(read=True))
LOCK_APPOINTMENT: Final = Statement(
    select(appointments.c.id)
    .where(
        appointments.c.id == bindparam("appointment"),
        appointments.c.from_on <= bindparam("day"),
        or_(appointments.c.to_on.is_(None), appointments.c.to_on >= bindparam("day")),
    )
    .with_for_update(read=True)
)
CHANGES: Final = Statement(
    select(events.c.body)
    .join(streams, streams.c.id == events.c.stream_id)
    .where(*at(streams, "kind", "name"), events.c.seq > bindparam("seen"))
    .order_by(events.c.seq.desc())
    .limit(MOST_CHANGES)
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a stream stands."""

    id: int
    seq: int
    head: bytes


class Locks:
    """The locks of a transaction: asked for when made, waited for when read."""

    __slots__ = ("_appointments", "_streams")

    def __init__(self, session: Session, decisions: Sequence[Decision], zone: ZoneInfo) -> None:
        """Ask for every lock. A right must hold on the day, in `zone`, that the log learns of the act."""
        written = {
            (write.event.stream_kind, write.event.stream)
            for decision in decisions
            for write in decision.writes
            if not write.event.stream.startswith(NEW)
        }
        touched = {("case", reference) for decision in decisions for reference in _references(decision)}
        self._streams: Final[dict[tuple[str, str], Cursor]] = {
            (kind, name): session.ask(
                LOCK_TO_WRITE if (kind, name) in written else LOCK_TO_RELY, {"kind": kind, "name": name}
            )
            for kind, name in sorted(written | touched)
        }
        wanted = {
            (appointment, _day(write, zone)): write.event.stream
            for decision in decisions
            for write in decision.writes
            for appointment in decision.appointments
        }
        self._appointments: Final[list[tuple[str, Cursor]]] = [
            (reference, session.ask(LOCK_APPOINTMENT, {"appointment": appointment, "day": day}))
            for (appointment, day), reference in sorted(wanted.items())
        ]

    def standings(self) -> dict[tuple[str, str], Standing]:
        """Where the streams that exist stand, by kind and name."""
        found = {}
        for place, cursor in self._streams.items():
            row = cursor.fetchone()
            if row is not None:
                found[place] = Standing(row[0], row[1], bytes(row[2]))
        return found

    def check_appointments(self) -> None:
        """Make sure that every appointment that gave a right still holds on the day it was used.

        Raises:
            AppointmentEndedError: One has ended.
        """
        for reference, cursor in self._appointments:
            if cursor.fetchone() is None:
                raise AppointmentEndedError(reference)


def _day(write: Write, zone: ZoneInfo) -> str:
    """The local day an event is recorded on: an act of last week may be registered by who has the role today."""
    return local_date(parse_instant(write.event.recorded_at), zone).isoformat()


def changes_since(session: Session, kind: str, name: str, seen: int) -> tuple[Intervening, ...]:
    """What happened in a stream after `seen`: who and what, oldest first, at most the last twenty."""
    rows = session.all(CHANGES, {"kind": kind, "name": name, "seen": seen})
    bodies = [open_body(bytes(body)) for (body,) in reversed(rows)]
    return tuple(
        Intervening(b["seq"], b["actor"].get("person"), b["kind"], b.get("step"), b["recorded_at"])
        for b in bodies
    )


def _references(decision: Decision) -> Iterable[str]:
    """The cases that a decision reads, or links to, that are there already."""
    yield from (reference for reference, _ in decision.relied)
    for write in decision.writes:
        yield from (link.other for link in write.event.links if not link.other.startswith(NEW))
