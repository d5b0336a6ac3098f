"""Walks one stream, event by event, and names everything in the log that does not hold.

What an event must be stands here: its bytes hash to its hash and are an event of the format, its columns say
what its body says, it follows the one before, it was recorded after it, its personal values are those committed
to. It must not know what rows follow from events.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

import orjson

from engine.audit.basis import Basis
from engine.audit.problem import Findings
from engine.errors import LedgerError, SealedBytesError
from engine.ledger.chain import genesis, open_body, verify_commitment
from engine.store.database import Row

_COLUMNS: Final = (
    ("seq", "seq"), ("prev", "prev"), ("kind", "kind"), ("recorded_at", "recorded_at"), ("command_id", "command"),
    ("ordinal", "ordinal"), ("name", "stream"), ("stream_kind", "stream_kind"),
)  # fmt: skip


def name_of(kind: str, name: str) -> str:
    """How a stream is named in problems: a case by its reference, others with their kind."""
    return name if kind == "case" else f"{kind}:{name}"


@dataclass(slots=True)
class Walk:
    """One stream on the way from its first event to its last.

    Attributes:
        basis: What it is verified against.
        findings: Where problems go.
        kind: Kind of the stream.
        name: Its name.
        stream: Its own row, None when it has none.
        erased: The seqs of events whose values were lawfully erased.
    """

    basis: Basis
    findings: Findings
    kind: str
    name: str
    stream: Row | None
    erased: set[int]
    seq: int = 0
    state: str = ""
    head: bytes = b""
    last_at: str = ""
    is_gapped: bool = field(default=False)

    @property
    def reference(self) -> str:
        """What problems call the stream."""
        return name_of(self.kind, self.name)

    def step(
        self, row: Row, content: str | None, *, is_unsealed: bool
    ) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Look at the next event; return its body and what is left of its personal values, None when unreadable."""
        seq, digest, stored = row[1], _bytes(row[2]), _bytes(row[10])
        self.is_gapped = seq != self.seq + 1
        if self.is_gapped:
            self._add(self.seq + 1, "gap", first=str(self.seq + 1), last=str(seq - 1))
        if sha256(stored).digest() != digest:
            self._add(seq, "bytes")
        if not is_unsealed:
            self._add(seq, "not_queued")
        before, self.seq = self.head, seq
        self.head = digest
        try:
            body = open_body(stored)
            found = self._look(row, body, before, content)
        except SealedBytesError as error:
            self._add(seq, "format", reason=error.reason)
            found = None
        except (LedgerError, LookupError, ValueError, TypeError, AttributeError) as error:
            self._add(seq, "format", reason=getattr(error, "reason", type(error).__name__))
            found = None
        self.state, self.last_at = str(row[6]), str(row[7])
        return found

    def end(self) -> None:
        """Look at where the stream says that it stands."""
        if self.stream is None:
            self._add(None, "no_stream")
            return
        _, _, _, seq, state, head = self.stream
        if not self.seq:
            self._add(None, "empty_stream")
        elif seq > self.seq:
            self._add(self.seq + 1, "gap", first=str(self.seq + 1), last=str(seq))
        elif (seq, state, _bytes(head)) != (self.seq, self.state, self.head):
            self._add(None, "head", last=str(self.seq))

    def _look(
        self, row: Row, body: Mapping[str, Any], before: bytes, content: str | None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        seq = row[1]
        self._look_at_columns(row, body)
        authority = self.basis.authority
        if (body["authority"], body["training"]) != (authority.id, authority.training):
            self._add(seq, "foreign")
        if seq == 1:
            if body["prev"] != self._genesis(body):
                self._add(seq, "genesis")
        elif not self.is_gapped and body["prev"] != before.hex():
            self._add(seq, "chain", before=str(seq - 1))
        if row[7] < self.last_at:
            self._add(seq, "time_back")
        if body["occurred_at"] > row[7]:
            self._add(seq, "occurred_late")
        if self.kind == "case" and body["definition"] not in self.basis.definitions:
            self._add(seq, "no_definition", hash=str(body["definition"])[:12])
        return dict(body), self._look_at_values(seq, body.get("commitments", {}), content)

    def _look_at_columns(self, row: Row, body: Mapping[str, Any]) -> None:
        _, seq, _, prev, kind, from_, to, at, command, ordinal, _ = row
        columns = (seq, _bytes(prev).hex(), kind, at, command, ordinal, self.name, self.kind)
        wrong = [
            column
            for (column, key), stored in zip(_COLUMNS, columns, strict=True)
            if body[key] != stored or type(body[key]) is not type(stored)
        ]
        if body.get("from", from_) != from_:
            wrong.append("from_state")
        if body.get("to", from_) != to:
            wrong.append("to_state")
        if wrong:
            self._add(seq, "columns", columns=tuple(wrong))
        if from_ != self.state and not self.is_gapped:
            self._add(seq, "state")

    def _look_at_values(self, seq: int, committed: Mapping[str, str], content: str | None) -> dict[str, Any]:
        try:
            kept = {} if content is None else dict(orjson.loads(content))
        except (ValueError, TypeError):
            self._add(seq, "payload_form")
            kept = {}
        if content is not None and orjson.dumps(kept) != content.encode(errors="replace"):
            self._add(seq, "payload_form")
        lacking = sorted(committed.keys() - kept.keys())
        if lacking and seq not in self.erased:
            self._add(seq, "payload_missing", fields=tuple(lacking))
        surplus = kept.keys() - committed.keys()
        if surplus or (content is not None and not committed):
            self._add(seq, "uncommitted", n=len(surplus))
        wrong = [
            path
            for path, value in kept.items()
            if path in committed and not self._opens(seq, path, committed[path], value)
        ]
        if wrong:
            self._add(seq, "commitment", fields=tuple(sorted(wrong)))
        return {path: kept[path].get("value") for path in committed if isinstance(kept.get(path), dict)}

    def _opens(self, seq: int, path: str, committed: str, kept: Any) -> bool:
        try:
            salt = bytes.fromhex(kept["salt"])
            is_whole = kept.keys() == {"salt", "value"}
        except (LookupError, ValueError, TypeError, AttributeError):
            return False
        return is_whole and verify_commitment(committed, salt, self.name, seq, path, kept["value"])

    def _genesis(self, body: Mapping[str, Any]) -> str:
        authority = self.basis.authority
        return genesis(
            authority=authority.id, training=authority.training, kind=self.kind, stream=self.name,
            definition=body["definition"] if self.kind == "case" else "",
        )  # fmt: skip

    def _add(self, seq: int | None, kind: str, **arguments: Any) -> None:
        self.findings.add(self.reference, seq, kind, **arguments)


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode(errors="replace")
