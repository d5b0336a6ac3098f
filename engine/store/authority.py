"""The authority that a database belongs to: one row, made once. It must not know what is logged for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from engine.store.database import Session
from engine.store.statement import Statement, insertion
from engine.store.tables import authority

_ROW: Final = Statement(select(authority.c.id, authority.c.name, authority.c.zone, authority.c.training))
_CREATED: Final = Statement(select(authority.c.created_at))
_INSERT: Final = insertion(authority)


@dataclass(frozen=True, slots=True)
class Authority:
    """The responsible authority that a database belongs to; id and training are part of every hash."""

    id: str
    name: str
    zone: str
    training: bool


def load_authority(session: Session) -> Authority | None:
    """The authority whose database it is; None before there is one."""
    row = session.one(_ROW)
    return None if row is None else Authority(row[0], row[1], row[2], training=bool(row[3]))


def created_at(session: Session) -> str:
    """The instant, by the machine's clock, at which the database was made an authority's.

    Raises:
        LookupError: It is nobody's yet.
    """
    row = session.one(_CREATED)
    if row is None:
        raise LookupError
    return str(row[0])


def create_authority(session: Session, made: Authority, at: str) -> None:
    """Say whose database it is, once and for all; within `Database.write`.

    Raises:
        GuardError: It belongs to an authority already (when the transaction ends).
    """
    session.run(
        _INSERT,
        {"id": made.id, "name": made.name, "zone": made.zone, "training": made.training, "created_at": at},
    )
