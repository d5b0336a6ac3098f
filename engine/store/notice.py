"""Notices: what somebody should know without there being a step. Rows that follow from how things are on a day.

It must not know when one is due nor to whom it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from sqlalchemy import bindparam, delete, func, select

from engine.store.database import Session
from engine.store.statement import Statement, at, insertion
from engine.store.tables import cases, events, notices, outbox, streams, tasks

MOST: Final = 500


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice: its stable name, its kind, who is told (a role at a unit or above), what it is about, since when.

    seq: how far its case had come when it was made; it is not kept.
    """

    key: str
    kind: str
    role: str
    unit: str
    about: Mapping[str, Any]
    since: str
    case_id: int | None = None
    seq: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Silent:
    """An open case whose reporter has not heard anything since an instant. What `tick` sends is not heard of it."""

    case_id: int
    reference: str
    seq: int
    unit: str
    heard_at: str


_ALL: Final = Statement(
    select(
        notices.c.key, notices.c.kind, notices.c.role, notices.c.unit, notices.c.about, notices.c.since,
        notices.c.case_id,
    ).order_by(notices.c.since, notices.c.key)
)  # fmt: skip
_INSERT: Final = insertion(notices)
_DELETE: Final = Statement(delete(notices).where(*at(notices, "key")))
_WAITED_FOR: Final = Statement(
    select(tasks.c.role, tasks.c.unit, func.count())
    .where(tasks.c.role != "")
    .group_by(tasks.c.role, tasks.c.unit)
)
_HEARD: Final = func.coalesce(func.max(outbox.c.created_at), func.max(events.c.recorded_at))
"""The promise runs from when the log learnt of the case: what comes from elsewhere is not late on its first day."""
_SILENT: Final = Statement(
    select(cases.c.id, streams.c.name, streams.c.seq, cases.c.unit, _HEARD)
    .select_from(cases)
    .join(streams, streams.c.id == cases.c.id)
    .join(events, (events.c.stream_id == cases.c.id) & (events.c.seq == 1))
    .outerjoin(
        outbox,
        (outbox.c.case_id == cases.c.id) & (outbox.c.person == cases.c.reporter) & outbox.c.key.is_(None),
    )
    .where(
        cases.c.process == bindparam("process"),
        cases.c.is_open.is_(True),
        cases.c.opened_at < bindparam("before"),
        cases.c.reporter != "",
    )
    .group_by(cases.c.id, streams.c.name, streams.c.seq, cases.c.unit)
    .having(bindparam("before") > _HEARD)
    .order_by(_HEARD)
    .limit(MOST)
)


def list_notices(session: Session) -> list[Notice]:
    """Every notice, the oldest first."""
    return [
        Notice(row[0], row[1], row[2], row[3], orjson.loads(row[4]), row[5], row[6])
        for row in session.all(_ALL)
    ]


def add_notices(session: Session, new: Iterable[Notice]) -> None:
    """Keep notices that are not there yet."""
    session.run_many(
        _INSERT,
        [
            {
                "key": one.key, "kind": one.kind, "case_id": one.case_id, "role": one.role, "unit": one.unit,
                "about": orjson.dumps(one.about, option=orjson.OPT_SORT_KEYS).decode(), "since": one.since,
            }
            for one in new
        ],
    )  # fmt: skip


def drop_notices(session: Session, keys: Iterable[str]) -> None:
    """Drop notices that no longer hold."""
    session.run_many(_DELETE, [{"key": key} for key in keys])


def list_waited_for(session: Session) -> list[tuple[str, str, int]]:
    """Every role at a unit that something waits for, and how many things do."""
    return [(role, unit, int(count)) for role, unit, count in session.all(_WAITED_FOR)]


def list_silent(session: Session, process: str, before: str) -> list[Silent]:
    """The open cases of a process whose reporter has heard nothing since before an instant, the longest first."""
    return [Silent(*row) for row in session.all(_SILENT, {"process": process, "before": before})]
