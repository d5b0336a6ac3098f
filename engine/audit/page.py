"""Reading what is to be verified: streams by the window, everything that belongs to them in one short transaction.

A window is so small that memory stays flat and nobody waits long. A stream too long for a window stands alone
in one, and its events are read page by page. Every table is read by its key and not through another, so that a
row whose other half is missing is seen too. It must not know what is right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Table,
    Text,
    bindparam,
    cast,
    func,
    select,
    tuple_,
    union_all,
)

from engine.store.database import Cursor, Database, Row, Session
from engine.store.statement import DialectName, Statement
from engine.store.tables import (
    case_marks,
    cases,
    coded_values,
    deadlines,
    erasures,
    events,
    links,
    payloads,
    streams,
    tasks,
    unsealed,
)  # fmt: skip

if TYPE_CHECKING:
    from sqlalchemy.sql import ClauseElement

FIRST: Final = -(2**62)
LAST: Final = 2**62
STREAMS: Final = 1000
EVENTS: Final = 4000


def _number(name: str) -> BindParameter[int]:
    """A parameter of 64 bits, whatever the width of the column it is compared with."""
    return bindparam(name, type_=BigInteger)


def _within(column: ColumnElement[Any]) -> tuple[ColumnElement[bool], ...]:
    return column > _number("after"), column <= _number("upto")


def _some(table: Table) -> tuple[ColumnElement[bool], ...]:
    is_above = table.c.seq > _number("after"), table.c.seq <= _number("upto")
    return table.c.stream_id == _number("stream_id"), *is_above


def _rows(*columns: ColumnElement[Any], key: ColumnElement[Any], order: int = 1) -> Statement:
    return Statement(select(*columns).where(*_within(key)).order_by(*columns[:order]))


def _gathered(key: ColumnElement[Any], *columns: ColumnElement[Any]) -> Statement:
    """One row a case: its rows of a table as one JSON text, which costs less to fetch than the rows do."""

    def build(name: DialectName) -> ClauseElement:
        if name == "sqlite":
            gathered: ColumnElement[Any] = func.json_group_array(func.json_array(*columns))
        else:
            gathered = cast(func.json_agg(func.json_build_array(*columns)), Text)
        return select(key, gathered).where(*_within(key)).group_by(key).order_by(key)

    return Statement(build)


KEYS: Final = (
    events.c.stream_id, payloads.c.stream_id, erasures.c.stream_id, unsealed.c.stream_id, streams.c.id,
    cases.c.id, case_marks.c.case_id, coded_values.c.case_id, links.c.case_id, deadlines.c.case_id,
    tasks.c.case_id,
)  # fmt: skip
NEXT: Final = Statement(union_all(*(select(func.min(key)).where(*_within(key)) for key in KEYS)))
_EVENT: Final = (
    events.c.stream_id, events.c.seq, events.c.hash, events.c.prev, events.c.kind, events.c.from_state,
    events.c.to_state, events.c.recorded_at, events.c.command_id, events.c.ordinal, events.c.body,
)  # fmt: skip
_EVENTS: Final = _rows(*_EVENT, key=events.c.stream_id, order=2)
_BODIES: Final = Statement(
    select(events.c.stream_id, events.c.seq, events.c.body, events.c.hash)
    .where(tuple_(events.c.stream_id, events.c.seq) > tuple_(_number("stream_id"), _number("seq")))
    .order_by(events.c.stream_id, events.c.seq)
    .limit(_number("size"))
)
_PAYLOADS: Final = _rows(
    payloads.c.stream_id, payloads.c.seq, payloads.c.content, key=payloads.c.stream_id, order=2
)
_UNSEALED: Final = _rows(unsealed.c.stream_id, unsealed.c.seq, key=unsealed.c.stream_id, order=2)
_ERASED: Final = _rows(
    erasures.c.stream_id, erasures.c.seq, erasures.c.by_stream_id, erasures.c.by_seq, key=erasures.c.stream_id,
    order=2,
)  # fmt: skip
_STREAMS: Final = _rows(
    streams.c.id,
    streams.c.kind,
    streams.c.name,
    streams.c.seq,
    streams.c.state,
    streams.c.head,
    key=streams.c.id,
)
CASE_COLUMNS: Final = (
    "process", "definition_id", "unit", "reporter", "assignee", "opened_on", "happened_on", "recorded_at",
    "opened_at", "is_open", "title_sv", "title_en",
)  # fmt: skip
_CASES: Final = _rows(
    cases.c.id, *(cases.c[name] for name in CASE_COLUMNS), cases.c.data, cases.c.private, key=cases.c.id
)
_CODED: Final = _gathered(
    coded_values.c.case_id, coded_values.c.field, coded_values.c.row, coded_values.c.code, coded_values.c.number,
    coded_values.c.day,
)  # fmt: skip
DEADLINE_COLUMNS: Final = ("key", "step", "kind", "due_on", "since", "status", "settled_on")
_DEADLINES: Final = _gathered(deadlines.c.case_id, *(deadlines.c[name] for name in DEADLINE_COLUMNS))
_LINKS: Final = Statement(
    select(links.c.case_id, links.c.kind, streams.c.name, links.c.outgoing, links.c.row)
    .select_from(links.outerjoin(streams, streams.c.id == links.c.other_id))
    .where(*_within(links.c.case_id))
)
_MARKS: Final = _rows(case_marks.c.case_id, case_marks.c.mark, case_marks.c.keeps, key=case_marks.c.case_id)
_TASKS: Final = _rows(
    tasks.c.case_id, tasks.c.step, tasks.c.role, tasks.c.person, tasks.c.unit, tasks.c.assignee, tasks.c.due_on,
    tasks.c.due_kind, tasks.c.since, key=tasks.c.case_id,
)  # fmt: skip
_SOME_EVENTS: Final = Statement(
    select(*_EVENT).where(*_some(events)).order_by(events.c.seq).limit(_number("size"))
)
_SOME_PAYLOADS: Final = Statement(
    select(payloads.c.stream_id, payloads.c.seq, payloads.c.content).where(*_some(payloads))
)
_SOME_UNSEALED: Final = Statement(select(unsealed.c.stream_id, unsealed.c.seq).where(*_some(unsealed)))
_TOP: Final = Statement(
    union_all(
        *(
            select(func.max(table.c.seq)).where(table.c.stream_id == _number("stream_id"))
            for table in (events, payloads, unsealed)
        )
    )
)
_STRAY: Final = Statement(
    union_all(
        *(select(func.count()).where((key > _number("last")) | (key <= _number("first"))) for key in KEYS)
    )
)


def grouped(rows: Sequence[Row]) -> dict[int, list[Row]]:
    """The rows of each stream, by the id that they begin with."""
    found: dict[int, list[Row]] = {}
    current: int | None = None
    group: list[Row] = []
    for row in rows:
        if row[0] != current:
            current = row[0]
            group = found.setdefault(row[0], [])
        group.append(row)
    return found


class Page(NamedTuple):
    """Some events of one stream in order, with what stands of payloads and of `unsealed` from the first to the last."""

    events: list[Row]
    payloads: list[Row]
    unsealed: list[Row]


@dataclass(slots=True)
class Window:
    """The rows of the streams whose id is above `after` and at most `upto`.

    `page` has the events, unless the window holds one long stream: then `top` is the highest seq it has
    in any table, and `pages` reads them. `coded` and `deadlines`: case -> its rows as a JSON text.
    """

    after: int
    upto: int
    streams: list[Row]
    erased: list[Row]
    cases: list[Row]
    coded: dict[int, str]
    deadlines: dict[int, str]
    links: list[Row]
    marks: list[Row]
    tasks: list[Row]
    page: Page | None
    top: int | None


def windows(database: Database, after: int = FIRST, upto: int = LAST) -> Iterator[Window]:
    """Everything about the streams whose id is above `after` and at most `upto`, window by window.

    Raises:
        StorageError: The database cannot be read.
    """
    while True:
        with database.snapshot() as session:
            window = _window(session, after, upto)
        if window is None:
            return
        yield window
        after = window.upto


def pages(database: Database, stream_id: int, top: int) -> Iterator[Page]:
    """The events of one stream up to `top`, page by page; one empty page when there is none.

    Raises:
        StorageError: The database cannot be read.
    """
    after = FIRST
    while True:
        with database.snapshot() as session:
            rows = session.all(
                _SOME_EVENTS, {"stream_id": stream_id, "after": after, "upto": top, "size": EVENTS}
            )
            upto = rows[-1][1] if len(rows) == EVENTS else top
            place = {"stream_id": stream_id, "after": after, "upto": upto}
            payload_rows = session.all(_SOME_PAYLOADS, place)
            unsealed_rows = session.all(_SOME_UNSEALED, place)
        yield Page(rows, payload_rows, unsealed_rows)
        if upto >= top:
            return
        after = upto


def pages_of_bodies(database: Database) -> Iterator[list[tuple[bytes, bytes]]]:
    """The stored bytes and the hash of every event, stream by stream and oldest first, page by page.

    Raises:
        StorageError: The database cannot be read.
    """
    place: tuple[Any, Any] = (FIRST, FIRST)
    while True:
        with database.read() as session:
            rows = session.all(_BODIES, {"stream_id": place[0], "seq": place[1], "size": EVENTS})
        if not rows:
            return
        yield [(row[2], row[3]) for row in rows]
        place = rows[-1][0], rows[-1][1]


def stray_rows(session: Session) -> list[str]:
    """The tables with rows whose key is no whole number that a stream could have: no window would show them."""
    counts = session.all(_STRAY, {"first": FIRST, "last": LAST})
    return [key.table.name for key, (count,) in zip(KEYS, counts, strict=True) if count]


def _window(session: Session, after: int, upto: int) -> Window | None:
    found = [row[0] for row in session.all(NEXT, {"after": after, "upto": upto}) if row[0] is not None]
    if not found:
        return None
    after = min(found) - 1
    upto = min(upto, after + STREAMS)
    stood = session.all(_STREAMS, {"after": after, "upto": upto})
    upto, is_long = _end(stood, after, upto)
    span = {"after": after, "upto": upto}

    def ask(statement: Statement) -> Cursor:
        return session.ask(statement, span)

    asked = [ask(statement) for statement in (_ERASED, _CASES, _CODED, _DEADLINES, _LINKS, _MARKS, _TASKS)]
    log = [] if is_long else [ask(statement) for statement in (_EVENTS, _PAYLOADS, _UNSEALED)]
    tops = session.all(_TOP, {"stream_id": upto}) if is_long else []
    top = max((row[0] for row in tops if row[0] is not None), default=0) if is_long else None
    erased, of_cases, coded, due, linked, marked, to_do = (cursor.fetchall() for cursor in asked)
    page = Page(*(cursor.fetchall() for cursor in log)) if log else None
    stood = [row for row in stood if row[0] <= upto]
    return Window(
        after,
        upto,
        stood,
        erased,
        of_cases,
        dict(coded),
        dict(due),
        linked,
        marked,
        to_do,
        page,
        top,
    )


def _end(stood: list[Row], after: int, upto: int) -> tuple[int, bool]:
    """Where a window ends so that it holds no more events than it may, and whether it is one stream too long."""
    events = 0
    for row in stood:
        events += row[3]
        if events > EVENTS:
            return (row[0], True) if row[0] == after + 1 else (row[0] - 1, False)
    return upto, False
