"""Reading the log: the events of one stream, or of all, as they are stored to the byte.

All of it is read in pages, each in a short transaction of its own, so that nobody waits and memory stays
flat. It must not know whether what it reads is right.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from sqlalchemy import Select, bindparam, exists, select, tuple_

from engine.store.database import Database, Row, Session
from engine.store.statement import Statement, at
from engine.store.tables import erasures, events, payloads, streams

PAGE: Final = 1000
LAST: Final = 2**62


class StoredEvent(NamedTuple):
    """An event as it is stored. A named tuple, since a verification makes millions.

    payload is the erasable half as JSON text, `{path: {"salt", "value"}}`; `is_erased` (0 or 1 on SQLite)
    says that an erasure removed all or some of it.
    """

    stream_id: int
    seq: int
    stream_kind: str
    stream: str
    hash: bytes
    prev: bytes
    kind: str
    from_state: str
    to_state: str
    recorded_at: str
    command_id: str
    ordinal: int
    body: bytes
    payload: str | None
    is_erased: bool


class StoredStream(NamedTuple):
    """A stream as it is stored: where it stands by its own row."""

    id: int
    kind: str
    name: str
    seq: int
    state: str
    head: bytes


def _events() -> Select[tuple[object, ...]]:
    erased = exists().where(erasures.c.stream_id == events.c.stream_id, erasures.c.seq == events.c.seq)
    chosen: Select[tuple[object, ...]] = select(
        events.c.stream_id, events.c.seq, streams.c.kind, streams.c.name, events.c.hash, events.c.prev,
        events.c.kind, events.c.from_state, events.c.to_state, events.c.recorded_at, events.c.command_id,
        events.c.ordinal, events.c.body, payloads.c.content, erased,
    ).select_from(
        events.join(streams, streams.c.id == events.c.stream_id).outerjoin(
            payloads, (payloads.c.stream_id == events.c.stream_id) & (payloads.c.seq == events.c.seq)
        )
    )  # fmt: skip
    return chosen


_OF_STREAM: Final = Statement(
    _events()
    .where(*at(streams, "kind", "name"), events.c.seq > bindparam("after"))
    .order_by(events.c.seq)
    .limit(bindparam("size"))
)
_ALL: Final = Statement(
    _events()
    .where(
        tuple_(events.c.stream_id, events.c.seq) > tuple_(bindparam("stream_id"), bindparam("seq")),
        events.c.stream_id <= bindparam("last"),
    )
    .order_by(events.c.stream_id, events.c.seq)
    .limit(bindparam("size"))
)
_STREAMS: Final = Statement(
    select(streams.c.id, streams.c.kind, streams.c.name, streams.c.seq, streams.c.state, streams.c.head)
    .where(streams.c.id > bindparam("after"), streams.c.id <= bindparam("last"))
    .order_by(streams.c.id)
    .limit(bindparam("size"))
)


def events_of(session: Session, kind: str, name: str) -> tuple[StoredEvent, ...]:
    """The events of one stream, oldest first; none when there is no such stream."""
    rows = session.all(_OF_STREAM, {"kind": kind, "name": name, "after": 0, "size": LAST})
    return tuple(map(_event, rows))


def events_in(
    database: Database, *, after: int = 0, last: int = LAST, size: int = PAGE
) -> Iterator[StoredEvent]:
    """Every event of the streams whose id is above `after` and at most `last`, stream by stream.

    Raises:
        StorageError: The database cannot be read.
    """
    place = (after, LAST if after else 0)
    while True:
        with database.read() as session:
            rows = session.all(_ALL, {"stream_id": place[0], "seq": place[1], "last": last, "size": size})
        yield from map(_event, rows)
        if len(rows) < size:
            return
        place = (rows[-1][0], rows[-1][1])


def streams_in(
    database: Database, *, after: int = 0, last: int = LAST, size: int = PAGE
) -> Iterator[StoredStream]:
    """Every stream whose id is above `after` and at most `last`, by id.

    Raises:
        StorageError: The database cannot be read.
    """
    while True:
        with database.read() as session:
            rows = session.all(_STREAMS, {"after": after, "last": last, "size": size})
        yield from (StoredStream._make(row) for row in rows)
        if len(rows) < size:
            return
        after = rows[-1][0]


def _event(row: Row) -> StoredEvent:
    return StoredEvent._make(row)
