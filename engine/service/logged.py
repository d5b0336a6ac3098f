"""The events of a case as values, read from their stored bytes. Says nothing about who may see them."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from engine.cases.event import Event
from engine.ledger.chain import open_body
from engine.store import event_log
from engine.store.database import Session


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event with its hash, and whether some of what it said has been erased."""

    event: Event
    hash: str
    erased: bool


def logged_events(session: Session, reference: str) -> tuple[LoggedEvent, ...]:
    """The events of a case, oldest first."""
    return tuple(
        LoggedEvent(
            Event.read(open_body(stored.body), personal_of(stored.payload)),
            stored.hash.hex(),
            bool(stored.is_erased),
        )
        for stored in event_log.events_of(session, "case", reference)
    )


def personal_of(payload: str | None) -> dict[str, object]:
    """The personal values of a payload: path -> value."""
    if payload is None:
        return {}
    return {path: kept["value"] for path, kept in orjson.loads(payload).items()}
