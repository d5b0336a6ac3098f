"""An owner of the database with a bare connection: no guards, no foreign keys, all the time in the world."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import psycopg

from engine.ledger.chain import EVENT_TAG
from engine.store import guards
from engine.store.database import Database

EVENT = "hash, prev, kind, from_state, to_state, recorded_at, ordinal, body"
STREAMS = {
    "first": "REP-2026-0001", "away": "REP-2026-0002", "third": "REP-2026-0003", "new": "REP-2026-0004",
    "process": "order",
}  # fmt: skip
OF_CASE = ("case_marks", "coded_values", "links", "deadlines", "tasks", "outbox")


class Owner:
    """What an owner can do; SQL with `?` for values."""

    def __init__(self, raw: Any) -> None:
        """On a driver connection."""
        self.raw = raw
        self.is_sqlite = isinstance(raw, sqlite3.Connection)

    def run(self, sql: str, *values: Any) -> int:
        """Change something that is there; tells how many rows."""
        changed = self.raw.execute(self._said(sql), values).rowcount
        assert changed, f"nothing to tamper with: {sql}"
        return int(changed)

    def rows(self, sql: str, *values: Any) -> list[tuple]:
        """Look."""
        return [tuple(row) for row in self.raw.execute(self._said(sql), values).fetchall()]

    def one(self, sql: str, *values: Any) -> Any:
        """Look at one value."""
        (row,) = self.rows(sql, *values)
        return row[0]

    def stream(self, name: str) -> int:
        """The id of a stream."""
        return int(self.one("SELECT id FROM streams WHERE name = ?", name))

    def last(self, name: str) -> int:
        """The seq of its last event."""
        return int(self.one("SELECT max(seq) FROM events WHERE stream_id = ?", self.stream(name)))

    def body(self, name: str, seq: int) -> dict[str, Any]:
        """What an event says."""
        return dict(orjson.loads(self.stored(name, seq)[len(EVENT_TAG) :]))

    def stored(self, name: str, seq: int) -> bytes:
        """The bytes of an event."""
        where = "SELECT body FROM events WHERE stream_id = ? AND seq = ?"
        return bytes(self.one(where, self.stream(name), seq))

    def write(self, name: str, seq: int, stored: bytes, *, hashed: bool = True) -> None:
        """Put other bytes in an event, with the hash they have."""
        place = (self.stream(name), seq)
        self.run("UPDATE events SET body = ? WHERE stream_id = ? AND seq = ?", stored, *place)
        if hashed:
            digest = hashlib.sha256(stored).digest()
            self.run("UPDATE events SET hash = ? WHERE stream_id = ? AND seq = ?", digest, *place)

    def forge(self, name: str, seq: int, change: dict[str, Any], *, chain: bool = True) -> None:
        """Let an event say something else, with its hash, its columns and, if asked, everything behind it."""
        body = self.body(name, seq)
        for key, value in change.items():
            body[key] = {**body[key], **value} if isinstance(value, dict) and key in body else value
        self.write(name, seq, seal({key: value for key, value in body.items() if value is not None}))
        columns = {"recorded_at": "recorded_at", "kind": "kind", "from_state": "from", "to_state": "to"}
        for column, key in columns.items():
            if key in body:
                place = (self.stream(name), seq)
                self.run(f"UPDATE events SET {column} = ? WHERE stream_id = ? AND seq = ?", body[key], *place)
        if chain:
            self.rechain(name)

    def copy_event(self, name: str, seq: int, to: int, command: str) -> None:
        """Put an event in its stream once more, under another number and command."""
        self.run(
            f"INSERT INTO events (stream_id, seq, command_id, {EVENT})"
            f" SELECT stream_id, CAST(? AS INTEGER), CAST(? AS TEXT), {EVENT} FROM events"
            " WHERE stream_id = ? AND seq = ?",
            to, command, self.stream(name), seq,
        )  # fmt: skip

    def attack(self, sql: str) -> int:
        """Change something by SQL with names for what is there."""
        names = {key: self.stream(name) for key, name in STREAMS.items()}
        zeros = "X'" + "00" * 32 + "'" if self.is_sqlite else "'\\x" + "00" * 32 + "'::bytea"
        return self.run(sql.format(**names, zeros=zeros))

    def rechain(self, name: str) -> None:
        """Make every event of a stream follow the one before it, and the stream stand at the last."""
        stream_id = self.stream(name)
        before: bytes | None = None
        for seq, stored in self.rows(
            "SELECT seq, body FROM events WHERE stream_id = ? ORDER BY seq", stream_id
        ):
            body = orjson.loads(bytes(stored)[len(EVENT_TAG) :])
            if before is not None and body["prev"] != before.hex():
                body["prev"] = before.hex()
                self.write(name, seq, seal(body))
                self.run("UPDATE events SET prev = ? WHERE stream_id = ? AND seq = ?", before, stream_id, seq)
            before = bytes(
                self.one("SELECT hash FROM events WHERE stream_id = ? AND seq = ?", stream_id, seq)
            )
        self.run("UPDATE streams SET head = ? WHERE id = ?", before, stream_id)

    def remove_event(self, name: str, seq: int) -> None:
        """Remove an event with everything that hangs on it."""
        place = (self.stream(name), seq)
        for table in ("payloads", "unsealed", "events"):
            self.raw.execute(self._said(f"DELETE FROM {table} WHERE stream_id = ? AND seq = ?"), place)

    def remove_case(self, name: str) -> None:
        """Remove every trace of a case, but for what others say of it."""
        stream_id = self.stream(name)
        for table in OF_CASE:
            self.raw.execute(self._said(f"DELETE FROM {table} WHERE case_id = ?"), (stream_id,))
        for table in ("payloads", "unsealed", "events"):
            self.raw.execute(self._said(f"DELETE FROM {table} WHERE stream_id = ?"), (stream_id,))
        self.run("DELETE FROM cases WHERE id = ?", stream_id)
        self.run("DELETE FROM streams WHERE id = ?", stream_id)

    def payload(self, name: str, seq: int, change: Callable[[dict[str, Any]], object]) -> None:
        """Change the personal values of an event."""
        place = (self.stream(name), seq)
        content = orjson.loads(
            self.one("SELECT content FROM payloads WHERE stream_id = ? AND seq = ?", *place)
        )
        change(content)
        text = orjson.dumps(content).decode()
        self.run("UPDATE payloads SET content = ? WHERE stream_id = ? AND seq = ?", text, *place)

    def _said(self, sql: str) -> str:
        return sql if self.is_sqlite else sql.replace("?", "%s")


def seal(body: dict[str, Any]) -> bytes:
    """The bytes of a body."""
    return EVENT_TAG + orjson.dumps(body, option=orjson.OPT_SORT_KEYS)


@contextmanager
def owning(database: Database, *, restore: bool = True) -> Iterator[Owner]:
    """Be the owner for a while; afterwards the guards stand again as if nothing had been."""
    raw: Any
    if database.dialect == "sqlite":
        raw = sqlite3.connect(str(database.url.database), isolation_level=None)
    else:
        raw = psycopg.connect(
            database.url.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True
        )
        raw.execute("SET session_replication_role = replica")
    try:
        raw.execute("BEGIN")
        guards.lift(raw)
        yield Owner(raw)
        if restore:
            guards.install(raw)
        raw.execute("COMMIT")
    finally:
        raw.close()
