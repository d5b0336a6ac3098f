"""Whether every attached file and every kept paper is the one that its event committed to.

The commitment to the SHA-256 is verified with the event; here the bytes are, piece by piece, so that memory does not
grow with them. It must not know how a stream is verified.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

import orjson
from sqlalchemy import Boolean, ColumnElement, bindparam, func, literal_column, select

from engine.audit.problem import Findings
from engine.cases.event import FILE_DIGEST, FILE_SIZE
from engine.store.attachment import read_content
from engine.store.database import Database
from engine.store.statement import Statement
from engine.store.tables import attachments, erasures, events, payloads, streams

PAGE: Final = 500
_HOLDS: Final[ColumnElement[bool]] = literal_column("events.kind IN ('attach', 'paper')", Boolean)
"""Written out, so that both databases use the index of such events (`engine.cases.event.HOLDS_FILE`)."""
_IS_ERASED: Final = (
    select(func.count())
    .where(erasures.c.stream_id == events.c.stream_id, erasures.c.seq == events.c.seq)
    .scalar_subquery()
)
_ATTACHED: Final = (
    select(events.c.stream_id, events.c.seq, streams.c.name, payloads.c.content, _IS_ERASED)
    .select_from(
        events.outerjoin(streams, streams.c.id == events.c.stream_id).outerjoin(
            payloads, (payloads.c.stream_id == events.c.stream_id) & (payloads.c.seq == events.c.seq)
        )
    )
    .where(_HOLDS)
    .where(
        (events.c.stream_id > bindparam("after"))
        | ((events.c.stream_id == bindparam("after")) & (events.c.seq > bindparam("seq")))
    )
    .order_by(events.c.stream_id, events.c.seq)
    .limit(PAGE)
)
ALL: Final = Statement(_ATTACHED)
OF_CASE: Final = Statement(_ATTACHED.where(events.c.stream_id == bindparam("case_id")))
_STRAY: Final = (
    select(attachments.c.case_id, attachments.c.seq, streams.c.name)
    .select_from(
        attachments.outerjoin(
            events,
            (events.c.stream_id == attachments.c.case_id) & (events.c.seq == attachments.c.seq) & _HOLDS,
        ).outerjoin(streams, streams.c.id == attachments.c.case_id)
    )
    .where(events.c.seq.is_(None))
    .distinct()
    .limit(PAGE)
)
STRAY: Final = Statement(_STRAY)


def verify_files(database: Database, findings: Findings, case_id: int | None = None) -> None:
    """Verify the bytes of every attached file and kept paper, or of those of one case.

    Raises:
        StorageError: The database cannot be read.
    """
    place = {"after": -(2**62), "seq": 0}
    while True:
        with database.read() as session:
            rows = (
                session.all(ALL, place)
                if case_id is None
                else session.all(OF_CASE, {**place, "case_id": case_id})
            )
        for stream_id, seq, name, content, erased in rows:
            _verify_file(database, findings, (stream_id, seq), str(name), content, is_erased=bool(erased))
        if len(rows) < PAGE:
            break
        place = {"after": rows[-1][0], "seq": rows[-1][1]}
    if case_id is None:
        with database.read() as session:
            for stream_id, seq, name in session.all(STRAY):
                findings.add(str(name or f"#{stream_id}"), seq, "file_stray")


def _verify_file(
    database: Database, findings: Findings, place: tuple[int, int], name: str, content: str | None, *,
    is_erased: bool,
) -> None:  # fmt: skip
    running, size = sha256(), 0
    for piece in read_content(database, *place):
        running.update(piece)
        size += len(piece)
    kept = _said(content)
    digest, said_size = kept.get(FILE_DIGEST), kept.get(FILE_SIZE)
    if digest is None:
        if size or not is_erased:
            findings.add(name, place[1], "file_erased" if is_erased else "file_unknown")
    elif size == 0:
        findings.add(name, place[1], "file_gone")
    elif (running.hexdigest(), size) != (digest, said_size):
        findings.add(name, place[1], "file_changed")


def _said(content: str | None) -> dict[str, object]:
    try:
        return {path: kept["value"] for path, kept in orjson.loads(content or "{}").items()}
    except (ValueError, LookupError, TypeError, AttributeError):
        return {}
