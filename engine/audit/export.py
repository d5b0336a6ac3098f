"""Hands out the log: event by event as CSV or JSON Lines, without anything that a person wrote.

Bodies only: codes, references, instants, coded values and commitments; never a payload. Rows come in the order
of their streams, oldest first, and are written as they are read. Shapes, stable from version to version:

JSON Lines: the body of each event (`engine.ledger.chain` says what is in it), keys in order, with its `hash`
first. As long as nothing is left out, `hjul/event/1`, a newline and the line without its `hash` are the bytes
that hash to it, so that whoever receives the file can follow the chain.

CSV: UTF-8, comma, CRLF, `COLUMNS` as the heading. Lists and objects are JSON in their cell. A cell that a
spreadsheet would take for a formula begins with an apostrophe. Commitments are not in it.

`training` stands in every row. This module must not know files or who asks.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, Literal, TypeAlias

import orjson

from engine.audit.page import pages_of_bodies
from engine.language.cell import inert
from engine.ledger.chain import EVENT_TAG, open_body
from engine.store.database import Database

Format: TypeAlias = Literal["csv", "jsonl"]
COLUMNS: Final = (
    "stream_kind", "stream", "seq", "kind", "process", "step", "from", "to", "person", "actor_kind", "role", "unit",
    "on_behalf_of", "operator", "occurred_at", "occurred_on", "recorded_at", "coded", "cleared", "sets", "marks",
    "links", "opened", "deadlines", "entry", "warned", "data", "definition", "command", "ordinal", "training",
    "authority", "prev", "hash",
)  # fmt: skip
_ACTOR: Final = {
    "person": "person", "actor_kind": "kind", "role": "role", "unit": "unit", "on_behalf_of": "for",
    "operator": "operator",
}  # fmt: skip
_START: Final = len(EVENT_TAG)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which events, and what of them.

    Attributes:
        process: Only cases of this process; None: every stream.
        from_on: First local day of the act, ISO.
        to_on: Last local day of the act, ISO.
        coded: Whether values that count are in it.
        commitments: Whether the commitments to personal values are in it (JSON Lines).
    """

    process: str | None = None
    from_on: str | None = None
    to_on: str | None = None
    coded: bool = True
    commitments: bool = True

    @property
    def is_all(self) -> bool:
        """Whether every event is in it whole."""
        return self == Selection()

    def takes(self, body: Mapping[str, Any]) -> bool:
        """Whether an event is in it."""
        day = body["occurred_on"]
        return (
            (self.process is None or (body["stream_kind"] == "case" and body.get("process") == self.process))
            and (self.from_on is None or self.from_on <= day)
            and (self.to_on is None or day <= self.to_on)
        )

    def leave(self, body: dict[str, Any]) -> dict[str, Any]:
        """The body without what is not in it."""
        left_out = [
            name for name, kept in (("coded", self.coded), ("commitments", self.commitments)) if not kept
        ]
        return {name: value for name, value in body.items() if name not in left_out} if left_out else body


def export(database: Database, format_: Format, out: BinaryIO, selection: Selection | None = None) -> int:
    """Write events to a file that is open, and return how many.

    Raises:
        StorageError: The database cannot be read.
        SealedBytesError: A stored event is of no known format; `audit verify` names it.
        CanonicalError: A stored event is not canonical JSON; `audit verify` names it.
    """
    writers: dict[str, Callable[[Database, BinaryIO, Selection], int]] = {"csv": _csv, "jsonl": _jsonl}
    return writers[format_](database, out, selection or Selection())


def _jsonl(database: Database, out: BinaryIO, selection: Selection) -> int:
    count = 0
    for rows in pages_of_bodies(database):
        lines = [
            b'{"hash":"%s",%s\n' % (digest.hex().encode(), _line(stored, selection))
            for stored, digest in rows
            if selection.is_all or selection.takes(open_body(stored))
        ]
        out.write(b"".join(lines))
        count += len(lines)
    return count


def _line(stored: bytes, selection: Selection) -> bytes:
    """The JSON of a body without its first brace."""
    if selection.coded and selection.commitments:
        return stored[_START + 1 :]
    return orjson.dumps(selection.leave(open_body(stored)))[1:]


def _csv(database: Database, out: BinaryIO, selection: Selection) -> int:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    count = 0
    for rows in pages_of_bodies(database):
        for row in _cells(rows, selection):
            writer.writerow(row)
            count += 1
        out.write(text.getvalue().encode())
        text.seek(0)
        text.truncate()
    if not count:
        out.write(text.getvalue().encode())
    return count


def _cells(rows: list[tuple[bytes, bytes]], selection: Selection) -> Iterator[list[str]]:
    for stored, digest in rows:
        body = open_body(stored)
        if not selection.takes(body):
            continue
        actor = body["actor"]
        said = {**selection.leave(body), "hash": digest.hex()}
        said |= {column: actor.get(key, "") for column, key in _ACTOR.items()}
        yield [cell(said.get(column, "")) for column in COLUMNS]


def cell(value: Any) -> str:
    """A value as the text of a cell, which no spreadsheet takes for a formula."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return inert(value if isinstance(value, str) else orjson.dumps(value).decode())
