"""The pieces of attached files. It must not know what a file is called, or who may read it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from typing import Final, TypeAlias

from sqlalchemy import bindparam, func, select

from engine.errors import AttachmentChangedError
from engine.store.database import Database, Session
from engine.store.guards import PIECE
from engine.store.statement import Statement, at, insertion
from engine.store.tables import attachments

Content: TypeAlias = Callable[[], Iterable[bytes]]
"""Gives the bytes of a file from its beginning, each time it is called."""

_INSERT: Final = insertion(attachments)
_PIECE: Final = Statement(select(attachments.c.content).where(*at(attachments, "case_id", "seq", "number")))
_COUNT: Final = Statement(
    select(func.count()).where(
        attachments.c.case_id == bindparam("case_id"), attachments.c.seq == bindparam("seq")
    )
)


def write_content(session: Session, case_id: int, seq: int, content: Content, digest: str) -> None:
    """Write the pieces of a file, behind the event that commits to them.

    Raises:
        AttachmentChangedError: The bytes are not those that were committed to: the file changed meanwhile.
    """
    running = sha256()
    for number, piece in enumerate(pieces(content())):
        running.update(piece)
        session.run(_INSERT, {"case_id": case_id, "seq": seq, "number": number, "content": piece})
    if running.hexdigest() != digest:
        raise AttachmentChangedError


def read_content(database: Database, case_id: int, seq: int) -> Iterator[bytes]:
    """The pieces of a file, in order, each read in a short transaction.

    Raises:
        StorageError: The database cannot be read.
    """
    with database.read() as session:
        row = session.one(_COUNT, {"case_id": case_id, "seq": seq})
    for number in range(row[0] if row else 0):
        with database.read() as session:
            found = session.one(_PIECE, {"case_id": case_id, "seq": seq, "number": number})
        if found is None:
            return
        yield bytes(found[0])


def pieces(content: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces as long as they may be."""
    kept = b""
    for part in content:
        kept += part
        while len(kept) >= PIECE:
            yield kept[:PIECE]
            kept = kept[PIECE:]
    if kept:
        yield kept
