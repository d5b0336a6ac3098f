"""A database many times over: every case of a SQLite database once more under new numbers, hashes made anew.

For measuring in large databases, where to decide and record each case would take hours. A copy has new references
and ids; everything else of it is what the unit of work wrote. Bodies, commitments and chains are computed as
`engine.ledger` has them, so that `audit verify` finds the whole in order. The guards are lifted while it is made:
it is the database of a measurement, and of nothing else. Must not know any process.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import orjson

from engine.ledger.chain import EVENT_TAG, commitment, genesis
from engine.store import guards, search

PREV: Final = rb'(?<="prev":")[0-9a-f]{64}(?=")'
COMMAND: Final = rb'(?<="command":")[^"]+(?=")'
BY_ID: Final = {
    "case_marks": ("case_id",), "coded_values": ("case_id",), "deadlines": ("case_id",),
    "links": ("case_id", "other_id"), "unsealed": ("stream_id",), "tasks": ("id", "case_id"),
}  # fmt: skip
"""Tables without references in them: the database copies them by itself."""
BY_TEXT: Final = {"cases": ("id",), "outbox": ("id", "case_id")}
"""Tables whose texts may name a reference."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """An event with holes. `holes` says what goes where: a reference, `prev`, `command`, or the path of a commitment.

    personal: path -> (salt, value). content: the payload, if there is one.
    """

    columns: tuple[Any, ...]
    text: bytes
    holes: tuple[tuple[str, str], ...]
    personal: Mapping[str, tuple[bytes, Any]]
    content: str | None
    command: str
    definition: str


@dataclass(frozen=True, slots=True)
class Stream:
    """A case's stream as a pattern."""

    id: int
    name: str
    state: str
    seq: int
    events: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Numbering:
    """How far a copy's numbers are moved. span: ids of streams. tasks, messages: ids of those. numbers: references."""

    span: int
    ids: Mapping[str, int]
    numbers: Mapping[tuple[str, str], int]
    references: re.Pattern[str]

    def renamed(self, text: str, turn: int) -> str:
        """The text with every reference in it as the copy has it."""

        def move(found: re.Match[str]) -> str:
            prefix, year, number = found.groups()
            return f"{prefix}-{year}-{int(number) + turn * self.numbers[prefix, year]:04}"

        return self.references.sub(move, text)


def multiply(path: Path, times: int, progress: Callable[[int, int], None] = lambda *_: None) -> None:
    """Make a database so many times as large, in its own file.

    Args:
        path: The file; nobody else has it open.
        times: How many times the cases that are there, those included.
        progress: Told (copies made, copies to make).
    """
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("PRAGMA journal_mode = OFF")
    raw.execute("PRAGMA synchronous = OFF")
    raw.execute("PRAGMA cache_size = -1000000")
    raw.execute("BEGIN")
    guards.lift(raw)
    indexes = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql <> ''").fetchall()
    for name, _ in indexes:
        raw.execute(f"DROP INDEX {name}")
    numbering = _numbering(raw)
    authority, training = raw.execute("SELECT id, training FROM authority").fetchone()
    streams = list(_streams(raw, numbering.references))
    texts = {table: raw.execute(f"SELECT * FROM {table}").fetchall() for table in BY_TEXT}
    top = {table: raw.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in BY_ID}
    for turn in range(1, times):
        _copy_streams(raw, streams, numbering, turn, lambda stream, definition: genesis(
            authority=authority, training=bool(training), kind="case", stream=stream, definition=definition
        ))  # fmt: skip
        for table, keys in BY_ID.items():
            if top[table]:
                _copy_by_id(raw, table, keys, numbering, turn)
        for table, keys in BY_TEXT.items():
            _copy_texts(raw, table, keys, texts[table], numbering, turn)
        progress(turn, times - 1)
    raw.execute("UPDATE counters SET last = last * ?", (times,))
    for _, sql in indexes:
        raw.execute(sql)
    guards.install(raw)
    search.rebuild(raw)  # the words of the copies, as a migration writes them
    raw.execute("COMMIT")
    raw.execute("ANALYZE")
    raw.close()


def _numbering(raw: sqlite3.Connection) -> Numbering:
    counted = raw.execute("SELECT prefix, year, last FROM counters").fetchall()
    prefixes = "|".join(re.escape(prefix) for prefix in sorted({row[0] for row in counted}))
    ids = {
        table: raw.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0]
        for table in ("streams", "tasks", "outbox")
    }
    return Numbering(
        ids["streams"],
        {"tasks": ids["tasks"], "outbox": ids["outbox"]},
        {(prefix, str(year)): last for prefix, year, last in counted},
        re.compile(rf"\b({prefixes})-([0-9]{{4}})-([0-9]+)\b"),
    )


# --- streams --------------------------------------------------------------------------------------------------


def _streams(raw: sqlite3.Connection, references: re.Pattern[str]) -> Iterator[Stream]:
    # In bytes no letter beyond ASCII is one of a word, so its beginning cannot be asked for; the quotes are enough.
    named = references.pattern.encode().replace(rb"\b", b"")
    holes = re.compile(rb"|".join((PREV, COMMAND, rb"(?<=\")" + named + rb"(?=\")")))
    rows = raw.execute("SELECT id, name, state, seq FROM streams WHERE kind = 'case' ORDER BY id").fetchall()
    for stream_id, name, state, seq in rows:
        found = raw.execute(
            "SELECT e.seq, e.kind, e.from_state, e.to_state, e.recorded_at, e.ordinal, e.command_id, e.body, p.content"
            " FROM events e LEFT JOIN payloads p ON p.stream_id = e.stream_id AND p.seq = e.seq"
            " WHERE e.stream_id = ? ORDER BY e.seq",
            (stream_id,),
        )
        yield Stream(stream_id, name, state, seq, tuple(_pattern(row, holes) for row in found))


def _pattern(row: tuple[Any, ...], holes: re.Pattern[bytes]) -> Pattern:
    *columns, command, stored, content = row
    stored = bytes(stored)
    body = orjson.loads(stored[len(EVENT_TAG) :])
    committed = {value.encode(): path for path, value in body.get("commitments", {}).items()}
    every = re.compile(b"|".join((holes.pattern, *committed)))
    said: list[tuple[str, str]] = []

    def hole(found: re.Match[bytes]) -> bytes:
        text = found[0]
        if text in committed:
            said.append(("commitment", committed[text]))
        elif text.decode() == body["prev"]:
            said.append(("prev", ""))
        elif text.decode() == body["command"]:
            said.append(("command", ""))
        else:
            said.append(("reference", text.decode()))
        return b"\x00"

    text = every.sub(hole, stored).replace(b"%", b"%%").replace(b"\x00", b"%b")
    kept = orjson.loads(content) if content else {}
    personal = {path: (bytes.fromhex(one["salt"]), one["value"]) for path, one in kept.items()}
    return Pattern(tuple(columns), text, tuple(said), personal, content, command, body.get("definition", ""))


def _copy_streams(
    raw: sqlite3.Connection,
    streams: list[Stream],
    numbering: Numbering,
    turn: int,
    first: Callable[[str, str], str],
) -> None:
    heads: list[tuple[Any, ...]] = []
    events: list[tuple[Any, ...]] = []
    payloads: list[tuple[Any, ...]] = []
    names = {stream.name: numbering.renamed(stream.name, turn) for stream in streams}
    for stream in streams:
        here, name = stream.id + turn * numbering.span, names[stream.name]
        digest = first(name, stream.events[0].definition)
        for event in stream.events:
            seq, kind, from_state, to_state, recorded_at, ordinal = event.columns
            command, personal, content = f"d{turn:04x}{event.command[4:]}", event.personal, event.content
            if content is not None:
                payloads.append((here, seq, content))
            values = {"prev": digest, "command": command}
            body = event.text % tuple(
                commitment(personal[what][0], name, seq, what, personal[what][1]).encode() if hole == "commitment"
                else names[what].encode() if hole == "reference"
                else values[hole].encode()
                for hole, what in event.holes
            )  # fmt: skip
            found = sha256(body)
            events.append(
                (here, seq, found.digest(), bytes.fromhex(digest), kind, from_state, to_state, recorded_at, command,
                 ordinal, body)
            )  # fmt: skip
            digest = found.hexdigest()
        heads.append((here, "case", name, stream.seq, stream.state, bytes.fromhex(digest)))
    raw.executemany("INSERT INTO streams (id, kind, name, seq, state, head) VALUES (?, ?, ?, ?, ?, ?)", heads)
    raw.executemany(
        "INSERT INTO events (stream_id, seq, hash, prev, kind, from_state, to_state, recorded_at, command_id, ordinal,"
        " body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        events,
    )
    raw.executemany("INSERT INTO payloads (stream_id, seq, content) VALUES (?, ?, ?)", payloads)


# --- what follows from them -----------------------------------------------------------------------------------


def _columns(raw: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in raw.execute(f"PRAGMA table_info({table})")]


def _copy_by_id(
    raw: sqlite3.Connection, table: str, keys: tuple[str, ...], numbering: Numbering, turn: int
) -> None:
    """Let the database copy the rows of the first cases, with their ids moved."""
    columns = _columns(raw, table)
    moved = ", ".join(
        f'"{name}" + {turn * (numbering.ids[table] if name == "id" else numbering.span)}'
        if name in keys
        else f'"{name}"'
        for name in columns
    )
    of_case = next(name for name in keys if name != "id")
    only = " AND stream_id IN (SELECT id FROM streams WHERE kind = 'case')" if table == "unsealed" else ""
    named = ", ".join(f'"{name}"' for name in columns)
    raw.execute(
        f"INSERT INTO {table} ({named}) SELECT {moved} FROM {table} WHERE {of_case} <= ?{only} ORDER BY 1, 2",
        (numbering.span,),
    )


def _copy_texts(
    raw: sqlite3.Connection,
    table: str,
    keys: tuple[str, ...],
    rows: list[tuple[Any, ...]],
    numbering: Numbering,
    turn: int,
) -> None:
    columns = _columns(raw, table)
    shifts = {
        number: turn * (numbering.ids["outbox"] if table == "outbox" and name == "id" else numbering.span)
        for number, name in enumerate(columns)
        if name in keys
    }

    kept = columns.index("private") if "private" in columns else None  # as in the payloads: what people wrote

    def moved(number: int, value: Any) -> Any:
        if number in shifts:
            return value + shifts[number]
        is_named = number != kept and isinstance(value, str) and "-" in value
        return numbering.renamed(value, turn) if is_named else value

    raw.executemany(
        f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})",
        ([moved(number, value) for number, value in enumerate(row)] for row in rows),
    )
