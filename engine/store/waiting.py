"""Open cases in some states, for those who look whether something has become true. It must not know what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import bindparam, select

from engine.store.database import Session
from engine.store.statement import Statement
from engine.store.tables import cases, streams

_WAITING: Final = Statement(
    select(streams.c.id, streams.c.name, streams.c.seq)
    .join(cases, cases.c.id == streams.c.id)
    .where(
        cases.c.process == bindparam("process"),
        cases.c.is_open.is_(True),
        streams.c.state == bindparam("state"),
        streams.c.id > bindparam("after"),
    )
    .order_by(streams.c.id)
    .limit(bindparam("most"))
)


def list_waiting(
    session: Session, places: Iterable[tuple[str, str]], after: int, most: int
) -> list[tuple[int, str, int]]:
    """At most so many cases behind one that stand in one of the places (process, state): id, reference, seq."""
    found: list[tuple[int, str, int]] = []
    for process, state in places:
        values = {"process": process, "state": state, "after": after, "most": most}
        found += [(case_id, name, seq) for case_id, name, seq in session.all(_WAITING, values)]
    return sorted(found)[:most]
