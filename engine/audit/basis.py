"""What streams are verified against: whose log it is, and the published definitions, each read once.

A definition stands under the hash of its bytes and under the hash that its row claims, so that a row with a
wrong hash is one problem and not one for each of its cases. It must not know any stream.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

import orjson
from sqlalchemy import and_, bindparam, select

from engine.audit.past import Past
from engine.calendar.zone import load_zone
from engine.cases.event import Event
from engine.cases.organisation import STREAM
from engine.definition.document import read as read_document
from engine.definition.model import Process
from engine.definition.value import Value
from engine.errors import CalendarError, DocumentError, LedgerError
from engine.ledger.chain import open_body
from engine.store.authority import Authority, load_authority
from engine.store.case_projection import CodedKey, coded_rows
from engine.store.database import Session
from engine.store.reading import ask_seqs_beside_cases
from engine.store.statement import Statement
from engine.store.tables import definitions, events, payloads, streams

MOST_FRAGMENTS: Final = 20_000
DEFINITIONS: Final = Statement(
    select(
        definitions.c.id, definitions.c.process, definitions.c.version, definitions.c.hash,
        definitions.c.document, definitions.c.published_at, definitions.c.is_current,
    ).order_by(definitions.c.id)
)  # fmt: skip
_EVENTS: Final = Statement(
    select(events.c.body, payloads.c.content)
    .select_from(
        streams.join(events, events.c.stream_id == streams.c.id).outerjoin(
            payloads, and_(payloads.c.stream_id == events.c.stream_id, payloads.c.seq == events.c.seq)
        )
    )
    .where(streams.c.kind == bindparam("kind"))
    .order_by(streams.c.name, events.c.seq)
)
UNREADABLE: Final = (LedgerError, CalendarError, LookupError, ValueError, TypeError, AttributeError)
"""What comes of reading events that somebody has changed."""


@dataclass(slots=True)
class Published:
    """A stored definition: its row, its model (None when the bytes cannot be read), and what was worked out of it."""

    id: int
    key: str
    version: int
    hash: str
    digest: str
    published_at: str
    is_current: bool
    process: Process | None
    texts: dict[Any, tuple[str, ...]] = field(default_factory=dict)
    others: dict[Any, tuple[str, ...]] = field(default_factory=dict)
    titles: dict[Any, tuple[str, str]] = field(default_factory=dict)

    def coded(self, path: str, value: Value) -> tuple[str, ...]:
        """The rows of `coded_values` for a value, each as the JSON of field, row, code, number, day.

        Raises:
            TypeError: The value is one that no body may hold.
        """
        fragments: dict[Any, tuple[str, ...]] = self.texts if type(value) is str else self.others
        key = (path, value) if fragments is self.texts else (path, type(value), repr(value))
        found = fragments.get(key)
        if found is None:
            assert self.process is not None  # noqa: S101  only cases with a readable definition come here
            if value is None or isinstance(value, float):
                raise TypeError(path)
            if len(fragments) >= MOST_FRAGMENTS:
                fragments.clear()
            rows = coded_rows(self.process, path, value)
            found = fragments[key] = tuple(orjson.dumps(as_listed(*row)).decode() for row in rows.items())
        return found


@dataclass(frozen=True, slots=True)
class Basis:
    """What streams are verified against.

    Attributes:
        authority: Whose log it is.
        definitions: Hash -> definition.
        past: The organisation at every instant; None when its events cannot be read.
        seqs: Where the streams beside the cases stood when this was read: kind, name, seq.
    """

    authority: Authority
    definitions: Mapping[str, Published]
    past: Past | None
    seqs: tuple[tuple[str, str, int], ...]

    def is_newest(self, session: Session) -> bool:
        """Whether nothing has come since that cases may follow from."""
        return ask_seqs_beside_cases(session)() == self.seqs


def load_basis(session: Session) -> Basis | None:
    """Read what streams are verified against; None when it is nobody's log."""
    authority = load_authority(session)
    if authority is None:
        return None
    seqs = ask_seqs_beside_cases(session)()
    found: dict[str, Published] = {}
    for published in load_definitions(session):
        found[published.hash] = published
        found[published.digest] = published
    return Basis(authority, found, _past(session, authority), seqs)


def read_events(session: Session, kind: str) -> Iterator[Event]:
    """The events of the streams of a kind, in order, with what is left of their personal values.

    Raises:
        LedgerError: The bytes of one are no event.
        LookupError: One lacks what every event has.
        ValueError: A payload is no JSON.
        TypeError: A payload is another JSON than payloads are.
        AttributeError: The same.
    """
    for stored, content in session.all(_EVENTS, {"kind": kind}):
        personal = {} if content is None else orjson.loads(content)
        values = {path: kept["value"] for path, kept in personal.items()}
        yield Event.read(open_body(bytes(stored)), values)


def load_definitions(session: Session) -> list[Published]:
    """Every stored definition, oldest first."""
    return [
        Published(
            row[0], row[1], row[2], row[3], sha256(row[4]).hexdigest(), row[5], bool(row[6]), _process(row[4])
        )
        for row in session.all(DEFINITIONS)
    ]  # fmt: skip


def as_listed(key: CodedKey, value: tuple[str | None, str | None]) -> list[Any]:
    """A row of `coded_values` as it comes out of the database's JSON."""
    number, day = value
    return [*key, None if number is None else _number(number), day]


def _number(text: str) -> float | int:
    return int(text) if text.lstrip("-").isdigit() else float(text)


def _past(session: Session, authority: Authority) -> Past | None:
    try:
        return Past(read_events(session, STREAM), load_zone(authority.zone))
    except UNREADABLE:
        return None


def _process(document: bytes) -> Process | None:
    try:
        return read_document(document).process
    except DocumentError:
        return None
