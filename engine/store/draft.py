"""Drafts: what somebody typed and has not yet taken.

Not provable, seen by their owner only, gone when taken: so they are written here and not by the unit of work.
It must not know what the values mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import bindparam, delete, func, insert, select, update

from engine.errors import TextError
from engine.store.database import Row, Session
from engine.store.statement import Statement, at
from engine.store.tables import drafts

_NEW: Final = ("person", "process", "reference", "step", "content", "created_at", "changed_at")
_INSERT: Final = Statement(
    lambda name: (
        insert(drafts).inline().values({column: bindparam(column) for column in _NEW})
        if name == "sqlite"
        else insert(drafts).values({column: bindparam(column) for column in _NEW}).returning(drafts.c.id)
    )
)
_LAST: Final = Statement(select(func.max(drafts.c.id)))
_UPDATE: Final = Statement(
    update(drafts)
    .where(drafts.c.id == bindparam("key"), drafts.c.person == bindparam("owner"))
    .values(content=bindparam("content"), changed_at=bindparam("changed_at"))
)
_DELETE: Final = Statement(delete(drafts).where(*at(drafts, "id", "person")))
_COLUMNS: Final = select(
    drafts.c.id, drafts.c.person, drafts.c.process, drafts.c.reference, drafts.c.step, drafts.c.content,
    drafts.c.created_at, drafts.c.changed_at,
)  # fmt: skip
_ONE: Final = Statement(_COLUMNS.where(*at(drafts, "id", "person")))
_OF_PERSON: Final = Statement(_COLUMNS.where(*at(drafts, "person")).order_by(drafts.c.id))


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed: for which process and step, of which case (None: a new one), key -> raw value."""

    id: int
    person: str
    process: str
    reference: str | None
    step: str
    content: Mapping[str, Any]
    created_at: str
    changed_at: str


def save(
    session: Session, *, person: str, process: str, reference: str | None, step: str,
    content: Mapping[str, Any], at: str,
) -> int:  # fmt: skip
    """Keep what was typed and return the draft's id; within `Database.write`."""
    values = {
        "person": person, "process": process, "reference": reference, "step": step,
        "content": _text(content), "created_at": at, "changed_at": at,
    }  # fmt: skip
    if session.dialect == "sqlite":
        session.run(_INSERT, values)
        row = session.one(_LAST)
    else:
        row = session.one(_INSERT, values)
    return int(row[0]) if row is not None else 0


def change(session: Session, draft_id: int, person: str, content: Mapping[str, Any], at: str) -> bool:
    """Replace what was typed; tells whether the person has such a draft."""
    values = {
        "key": draft_id, "owner": person, "content": _text(content), "changed_at": at,
    }  # fmt: skip
    return session.count(_UPDATE, values) > 0


def drop(session: Session, draft_id: int, person: str) -> bool:
    """Remove a draft; tells whether the person had it."""
    return session.count(_DELETE, {"id": draft_id, "person": person}) > 0


def load(session: Session, draft_id: int, person: str) -> Draft | None:
    """A draft of a person; None when they have none with this id."""
    row = session.one(_ONE, {"id": draft_id, "person": person})
    return None if row is None else _draft(row)


def list_of(session: Session, person: str) -> tuple[Draft, ...]:
    """The drafts of a person, oldest first."""
    return tuple(map(_draft, session.all(_OF_PERSON, {"person": person})))


def _text(content: Mapping[str, Any]) -> str:
    try:
        return orjson.dumps(dict(content)).decode()
    except orjson.JSONEncodeError:
        raise TextError from None


def _draft(row: Row) -> Draft:
    return Draft(row[0], row[1], row[2], row[3], row[4], orjson.loads(row[5]), row[6], row[7])
