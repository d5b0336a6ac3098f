"""What recording gives back, and how the outcome of an earlier command is found again.

It must not know how events are written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, literal_column, select

from engine.ledger.chain import open_body
from engine.store.database import Session
from engine.store.statement import Statement
from engine.store.tables import events

if TYPE_CHECKING:
    from engine.cases.decision import Write


@dataclass(frozen=True, slots=True)
class Recorded:
    """One event as it was written: the stream's name as `reference`, who acted, states as the event says them."""

    reference: str
    process: str
    kind: str
    step: str | None
    from_state: str | None
    to_state: str | None
    seq: int
    hash: str
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command led to, in the order of its writes; `repeated` when it had been done before.

    writes: the same as they were decided, new cases under their references; empty when repeated.
    """

    results: tuple[Recorded, ...]
    repeated: bool = False
    writes: tuple[Write, ...] = ()


_OF_COMMAND: Final = Statement(
    select(events.c.body, events.c.hash)
    .where(events.c.command_id == bindparam("command_id"))
    .order_by(events.c.ordinal)
)


_IS_DONE: Final = Statement(
    select(events.c.command_id).where(
        events.c.command_id == bindparam("command_id"), events.c.ordinal == literal_column("0")
    )
)


def done_commands(session: Session, command_ids: Iterable[str]) -> frozenset[str]:
    """Those of the commands that have been done; asked for together."""
    with session.together() as both:
        asked = [both.ask(_IS_DONE, {"command_id": one}) for one in dict.fromkeys(command_ids)]
        return frozenset(row[0] for row in (cursor.fetchone() for cursor in asked) if row is not None)


def find_outcome(session: Session, command_id: str) -> Outcome | None:
    """The outcome of a command that was done; None when it was not.

    Raises:
        SealedBytesError: A stored event is not of a known format.
    """
    rows = session.all(_OF_COMMAND, {"command_id": command_id})
    return (
        Outcome(tuple(_recorded(bytes(body), bytes(hash_)) for body, hash_ in rows), repeated=True)
        if rows
        else None
    )


def find_outcomes(session: Session, command_ids: Iterable[str]) -> dict[str, Outcome]:
    """The outcomes of those commands that were done."""
    found = ((command_id, find_outcome(session, command_id)) for command_id in dict.fromkeys(command_ids))
    return {command_id: outcome for command_id, outcome in found if outcome is not None}


def _recorded(stored: bytes, digest: bytes) -> Recorded:
    body = open_body(stored)
    return Recorded(
        reference=body["stream"], process=body.get("process", ""), kind=body["kind"], step=body.get("step"),
        from_state=body.get("from"), to_state=body.get("to"), seq=body["seq"], hash=digest.hex(),
        person=body["actor"].get("person"),
    )  # fmt: skip
