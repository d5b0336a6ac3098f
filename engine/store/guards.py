"""Triggers that refuse hand-written SQL which would break the log, on both databases.

A guard against mistakes, not the proof: an owner can lift it, and then the chain tells. Inserting an event
is the only way a stream comes to be or moves: the event's trigger makes or moves the row of `streams`, from
the event's own hashed bytes, and the triggers of `streams` demand the event. So no half of the pair can
stand alone, whether or not the connection enforces foreign keys. Why so: docs/decisions/0003-event-
first.md.

SQLite's REPLACE removes rows without firing a trigger, so each insert guard asks whether a row is in the
way. This module must not know what an event means beyond its columns and the names in its first body.
"""

# ruff: noqa: S608  SQL of constants

from __future__ import annotations

import sqlite3
from typing import Any, Final

GUARDED: Final = (
    "authority", "streams", "events", "payloads", "erasures", "unsealed", "definitions", "access_log",
    "attachments",
)  # fmt: skip
ERASABLE: Final = ("payloads", "attachments")
"""Of these a row goes when an erasure says so."""
PIECE: Final = 262_144
"""The most bytes in one piece of an attached file."""
TAG_LENGTH: Final = 13
"""Bytes of `engine.ledger.chain.EVENT_TAG` before the JSON of a body."""
COMMITMENTS: Final = "22636f6d6d69746d656e7473223a7b"
"""`"commitments":{` in hex. Quotes inside a text are escaped in JSON, so only a key can look like it."""

_SQLITE_BODY: Final = f"CAST(substr(NEW.body, {TAG_LENGTH + 1}) AS TEXT)"

# name -> (timing and event, table, condition under which it is refused)
_SQLITE_REFUSALS: Final[dict[str, tuple[str, str, str]]] = {
    "hjul_authority_insert": ("BEFORE INSERT", "authority", "EXISTS (SELECT 1 FROM authority)"),
    "hjul_authority_update": (
        "BEFORE UPDATE",
        "authority",
        "NEW.id IS NOT OLD.id OR NEW.training IS NOT OLD.training OR NEW.created_at IS NOT OLD.created_at",
    ),
    "hjul_authority_delete": ("BEFORE DELETE", "authority", "1"),
    "hjul_streams_insert": (
        "BEFORE INSERT",
        "streams",
        f"""NEW.seq IS NOT 1
        OR EXISTS (SELECT 1 FROM streams WHERE id = NEW.id)
        OR EXISTS (SELECT 1 FROM streams WHERE kind = NEW.kind AND name = NEW.name)
        OR NOT EXISTS (SELECT 1 FROM events e WHERE e.stream_id = NEW.id AND e.seq = 1
        AND e.hash = NEW.head AND e.to_state = NEW.state
        AND json_extract(CAST(substr(e.body, {TAG_LENGTH + 1}) AS TEXT), '$.stream_kind') = NEW.kind
        AND json_extract(CAST(substr(e.body, {TAG_LENGTH + 1}) AS TEXT), '$.stream') = NEW.name)""",
    ),
    "hjul_streams_update": (
        "BEFORE UPDATE",
        "streams",
        """NEW.id IS NOT OLD.id OR NEW.kind IS NOT OLD.kind OR NEW.name IS NOT OLD.name
        OR NEW.seq IS NOT OLD.seq + 1
        OR NOT EXISTS (SELECT 1 FROM events e WHERE e.stream_id = OLD.id AND e.seq = NEW.seq
        AND e.prev = OLD.head AND e.from_state = OLD.state AND e.hash = NEW.head
        AND e.to_state = NEW.state)""",
    ),
    "hjul_streams_delete": ("BEFORE DELETE", "streams", "1"),
    "hjul_events_insert": (
        "BEFORE INSERT",
        "events",
        """EXISTS (SELECT 1 FROM events WHERE stream_id = NEW.stream_id AND seq >= NEW.seq)
        OR EXISTS (SELECT 1 FROM events WHERE command_id = NEW.command_id AND ordinal = NEW.ordinal)""",
    ),
    "hjul_events_update": ("BEFORE UPDATE", "events", "1"),
    "hjul_events_delete": ("BEFORE DELETE", "events", "1"),
    "hjul_payloads_insert": (
        "BEFORE INSERT",
        "payloads",
        f"""EXISTS (SELECT 1 FROM payloads WHERE stream_id = NEW.stream_id AND seq = NEW.seq)
        OR EXISTS (SELECT 1 FROM erasures WHERE stream_id = NEW.stream_id AND seq = NEW.seq)
        OR NOT EXISTS (SELECT 1 FROM streams s JOIN events e ON e.stream_id = s.id AND e.seq = s.seq
        WHERE s.id = NEW.stream_id AND s.seq = NEW.seq AND instr(e.body, X'{COMMITMENTS}') > 0)""",
    ),
    "hjul_payloads_update": (
        "BEFORE UPDATE",
        "payloads",
        """NEW.stream_id IS NOT OLD.stream_id OR NEW.seq IS NOT OLD.seq
        OR NOT EXISTS (SELECT 1 FROM erasures WHERE stream_id = OLD.stream_id AND seq = OLD.seq)
        OR EXISTS (SELECT 1 FROM json_each(NEW.content) n WHERE NOT EXISTS (SELECT 1
        FROM json_each(OLD.content) o WHERE o.key = n.key AND o.type = n.type AND o.value IS n.value))""",
    ),
    "hjul_payloads_delete": (
        "BEFORE DELETE",
        "payloads",
        "NOT EXISTS (SELECT 1 FROM erasures WHERE stream_id = OLD.stream_id AND seq = OLD.seq)",
    ),
    "hjul_attachments_insert": (
        "BEFORE INSERT",
        "attachments",
        f"""typeof(NEW.content) <> 'blob' OR length(NEW.content) NOT BETWEEN 1 AND {PIECE}
        OR NEW.number IS NOT (SELECT count(*) FROM attachments WHERE case_id = NEW.case_id AND seq = NEW.seq)
        OR EXISTS (SELECT 1 FROM erasures WHERE stream_id = NEW.case_id AND seq = NEW.seq)
        OR NOT EXISTS (SELECT 1 FROM streams s JOIN events e ON e.stream_id = s.id AND e.seq = s.seq
        WHERE s.id = NEW.case_id AND s.seq = NEW.seq AND e.kind IN ('attach', 'paper'))""",
    ),
    "hjul_attachments_update": ("BEFORE UPDATE", "attachments", "1"),
    "hjul_attachments_delete": (
        "BEFORE DELETE",
        "attachments",
        "NOT EXISTS (SELECT 1 FROM erasures WHERE stream_id = OLD.case_id AND seq = OLD.seq)",
    ),
    "hjul_erasures_insert": (
        "BEFORE INSERT",
        "erasures",
        """NOT EXISTS (SELECT 1 FROM events b JOIN events e ON e.stream_id = NEW.stream_id AND e.seq = NEW.seq
        WHERE b.stream_id = NEW.by_stream_id AND b.seq = NEW.by_seq AND b.kind = 'erasure'
        AND CASE WHEN b.stream_id = e.stream_id THEN b.seq > e.seq
        ELSE b.recorded_at >= e.recorded_at END)""",
    ),
    "hjul_erasures_update": ("BEFORE UPDATE", "erasures", "1"),
    "hjul_erasures_delete": ("BEFORE DELETE", "erasures", "1"),
    "hjul_unsealed_update": ("BEFORE UPDATE", "unsealed", "1"),
    "hjul_unsealed_delete": ("BEFORE DELETE", "unsealed", "1"),
    "hjul_definitions_insert": (
        "BEFORE INSERT",
        "definitions",
        """EXISTS (SELECT 1 FROM definitions WHERE id = NEW.id)
        OR EXISTS (SELECT 1 FROM definitions WHERE hash = NEW.hash)""",
    ),
    "hjul_definitions_update": (
        "BEFORE UPDATE",
        "definitions",
        """NEW.id IS NOT OLD.id OR NEW.process IS NOT OLD.process OR NEW.version IS NOT OLD.version
        OR NEW.hash IS NOT OLD.hash
        OR NEW.document IS NOT OLD.document
        OR NEW.published_at IS NOT OLD.published_at""",
    ),
    "hjul_definitions_delete": ("BEFORE DELETE", "definitions", "1"),
    "hjul_access_log_insert": (
        "BEFORE INSERT", "access_log", "EXISTS (SELECT 1 FROM access_log WHERE id = NEW.id)",
    ),
    "hjul_access_log_update": ("BEFORE UPDATE", "access_log", "1"),
    "hjul_access_log_delete": ("BEFORE DELETE", "access_log", "1"),
}  # fmt: skip

_SQLITE_SHAPE: Final = (
    "SELECT RAISE(ABORT, 'hjul_events_shape') WHERE typeof(NEW.stream_id) <> 'integer'"
    " OR typeof(NEW.seq) <> 'integer' OR typeof(NEW.hash) <> 'blob' OR length(NEW.hash) <> 32"
    " OR typeof(NEW.prev) <> 'blob' OR length(NEW.prev) <> 32 OR typeof(NEW.body) <> 'blob'"
    " OR typeof(NEW.command_id) <> 'text' OR typeof(NEW.ordinal) <> 'integer'"
)

SQLITE: Final[dict[str, str]] = {
    name: f"CREATE TRIGGER {name} {when} ON {table} WHEN {refused} BEGIN SELECT RAISE(ABORT, '{name}'); END"
    for name, (when, table, refused) in _SQLITE_REFUSALS.items()
} | {
    "hjul_events_first": (
        "CREATE TRIGGER hjul_events_first AFTER INSERT ON events WHEN NEW.seq = 1 BEGIN "
        f"{_SQLITE_SHAPE} OR NEW.from_state <> '' OR NEW.stream_id < 1; "
        "INSERT INTO streams (id, kind, name, seq, state, head) SELECT NEW.stream_id,"
        f" json_extract({_SQLITE_BODY}, '$.stream_kind'), json_extract({_SQLITE_BODY}, '$.stream'), 1,"
        " NEW.to_state, NEW.hash; "
        "INSERT INTO unsealed (stream_id, seq) VALUES (NEW.stream_id, NEW.seq); END"
    ),
    "hjul_events_next": (
        "CREATE TRIGGER hjul_events_next AFTER INSERT ON events WHEN NEW.seq IS NOT 1 BEGIN "
        f"{_SQLITE_SHAPE}; "
        "SELECT RAISE(ABORT, 'hjul_events_next') WHERE NOT EXISTS (SELECT 1 FROM streams WHERE id ="
        " NEW.stream_id AND seq = NEW.seq - 1 AND head = NEW.prev AND state = NEW.from_state); "
        "UPDATE streams SET seq = NEW.seq, state = NEW.to_state, head = NEW.hash WHERE id = NEW.stream_id; "
        "INSERT INTO unsealed (stream_id, seq) VALUES (NEW.stream_id, NEW.seq); END"
    ),
}
"""Trigger -> the statement that makes it, as SQLite stores it."""

_PG_BODY: Final = f"convert_from(substring({{row}}.body from {TAG_LENGTH + 1}), 'UTF8')::json"

# function -> (table, trigger bits, body); bits as pg_trigger.tgtype: 1 row, 2 before, 4 insert, 8 delete,
# 16 update, 32 truncate
_PG_REFUSALS: Final[dict[str, tuple[str, int, str]]] = {
    "hjul_authority_insert": ("authority", 7, "EXISTS (SELECT FROM {schema}.authority)"),
    "hjul_authority_update": (
        "authority", 19,
        "(NEW.id, NEW.training, NEW.created_at) IS DISTINCT FROM (OLD.id, OLD.training, OLD.created_at)",
    ),
    "hjul_streams_insert": (
        "streams", 7,
        f"""NEW.seq IS DISTINCT FROM 1
        OR NOT EXISTS (SELECT FROM {{schema}}.events e WHERE e.stream_id = NEW.id
        AND e.seq = 1 AND e.hash = NEW.head AND e.to_state = NEW.state
        AND {_PG_BODY.format(row='e')} ->> 'stream_kind' = NEW.kind
        AND {_PG_BODY.format(row='e')} ->> 'stream' = NEW.name)""",
    ),
    "hjul_streams_update": (
        "streams", 19,
        """(NEW.id, NEW.kind, NEW.name, NEW.seq) IS DISTINCT FROM (OLD.id, OLD.kind, OLD.name, OLD.seq + 1)
        OR NOT EXISTS (SELECT FROM {schema}.events e WHERE e.stream_id = OLD.id AND e.seq = NEW.seq
        AND e.prev = OLD.head AND e.from_state = OLD.state AND e.hash = NEW.head
        AND e.to_state = NEW.state)""",
    ),
    "hjul_events_update": ("events", 19, "true"),
    "hjul_payloads_insert": (
        "payloads", 7,
        f"""EXISTS (SELECT FROM {{schema}}.erasures WHERE stream_id = NEW.stream_id AND seq = NEW.seq)
        OR NOT EXISTS (SELECT FROM {{schema}}.streams s JOIN {{schema}}.events e ON e.stream_id = s.id
        AND e.seq = s.seq WHERE s.id = NEW.stream_id AND s.seq = NEW.seq
        AND position('\\x{COMMITMENTS}'::bytea in e.body) > 0)""",
    ),
    "hjul_payloads_update": (
        "payloads", 19,
        """(NEW.stream_id, NEW.seq) IS DISTINCT FROM (OLD.stream_id, OLD.seq)
        OR NOT EXISTS (SELECT FROM {schema}.erasures WHERE stream_id = OLD.stream_id AND seq = OLD.seq)
        OR EXISTS (SELECT FROM jsonb_each(NEW.content::jsonb) n
        WHERE OLD.content::jsonb -> n.key IS DISTINCT FROM n.value)""",
    ),
    "hjul_payloads_delete": (
        "payloads", 11,
        "NOT EXISTS (SELECT FROM {schema}.erasures WHERE stream_id = OLD.stream_id AND seq = OLD.seq)",
    ),
    "hjul_attachments_insert": (
        "attachments", 7,
        f"""length(NEW.content) NOT BETWEEN 1 AND {PIECE}
        OR NEW.number <> (SELECT count(*) FROM {{schema}}.attachments
        WHERE case_id = NEW.case_id AND seq = NEW.seq)
        OR EXISTS (SELECT FROM {{schema}}.erasures WHERE stream_id = NEW.case_id AND seq = NEW.seq)
        OR NOT EXISTS (SELECT FROM {{schema}}.streams s JOIN {{schema}}.events e ON e.stream_id = s.id
        AND e.seq = s.seq WHERE s.id = NEW.case_id AND s.seq = NEW.seq AND e.kind IN ('attach', 'paper'))""",
    ),
    "hjul_attachments_update": ("attachments", 19, "true"),
    "hjul_attachments_delete": (
        "attachments", 11,
        "NOT EXISTS (SELECT FROM {schema}.erasures WHERE stream_id = OLD.case_id AND seq = OLD.seq)",
    ),
    "hjul_erasures_insert": (
        "erasures", 7,
        """NOT EXISTS (SELECT FROM {schema}.events b JOIN {schema}.events e ON e.stream_id = NEW.stream_id
        AND e.seq = NEW.seq WHERE b.stream_id = NEW.by_stream_id AND b.seq = NEW.by_seq AND b.kind = 'erasure'
        AND CASE WHEN b.stream_id = e.stream_id THEN b.seq > e.seq
        ELSE b.recorded_at >= e.recorded_at END)""",
    ),
    "hjul_erasures_update": ("erasures", 19, "true"),
    "hjul_unsealed_update": ("unsealed", 19, "true"),
    "hjul_definitions_update": (
        "definitions", 19,
        """(NEW.id, NEW.process, NEW.version, NEW.hash, NEW.document, NEW.published_at)
        IS DISTINCT FROM (OLD.id, OLD.process, OLD.version, OLD.hash, OLD.document,
        OLD.published_at)""",
    ),
    "hjul_access_log_update": ("access_log", 19, "true"),
} | {
    f"hjul_{table}_delete": (table, 11, "true") for table in GUARDED if table not in ERASABLE
} | {
    f"hjul_{table}_truncate": (table, 34, "true") for table in GUARDED
}  # fmt: skip

_PG_FOLLOW: Final = f"""
BEGIN
  IF NEW.hash <> sha256(NEW.body) OR length(NEW.prev) <> 32 THEN
    RAISE EXCEPTION USING ERRCODE = 'HJ001', MESSAGE = 'hjul_events_shape';
  END IF;
  IF NEW.seq = 1 THEN
    IF NEW.from_state <> '' OR NEW.stream_id < 1 THEN
      RAISE EXCEPTION USING ERRCODE = 'HJ001', MESSAGE = 'hjul_events_shape';
    END IF;
    INSERT INTO {{schema}}.streams (id, kind, name, seq, state, head)
      VALUES (NEW.stream_id, {_PG_BODY.format(row="NEW")} ->> 'stream_kind',
              {_PG_BODY.format(row="NEW")} ->> 'stream', 1, NEW.to_state, NEW.hash);
  ELSE
    UPDATE {{schema}}.streams SET seq = NEW.seq, state = NEW.to_state, head = NEW.hash
      WHERE id = NEW.stream_id AND seq = NEW.seq - 1 AND head = NEW.prev AND state = NEW.from_state;
    IF NOT FOUND THEN
      RAISE EXCEPTION USING ERRCODE = 'HJ001', MESSAGE = 'hjul_events_next';
    END IF;
  END IF;
  INSERT INTO {{schema}}.unsealed (stream_id, seq) VALUES (NEW.stream_id, NEW.seq);
  RETURN NULL;
END
"""


def _refusal(name: str, bits: int, refused: str) -> str:
    raised = f"RAISE EXCEPTION USING ERRCODE = 'HJ001', MESSAGE = '{name}';"
    passed = "RETURN NULL;" if bits & 32 else "RETURN OLD;" if bits & 8 else "RETURN NEW;"
    body = raised if refused == "true" else f"IF {refused} THEN {raised} END IF; {passed}"
    return f"\nBEGIN\n  {body}\nEND\n"


POSTGRESQL: Final[dict[str, tuple[str, int, str]]] = {
    name: (table, bits, _refusal(name, bits, refused))
    for name, (table, bits, refused) in _PG_REFUSALS.items()
} | {"hjul_events_follow": ("events", 5, _PG_FOLLOW)}
"""Trigger, and function of the same name -> table, bits of `pg_trigger.tgtype`, body of the function with
`{schema}` where the schema's name goes (so that neither `search_path` nor a temporary table deceives it)."""

_PG_FOUND: Final = """
SELECT t.tgname, c.relname, t.tgtype, p.proname, p.prosrc
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.oid = p.pronamespace
WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL AND t.tgattr = ''
  AND n.nspname = current_schema()
"""


def install(connection: Any) -> None:
    """Put every guard in place that is not there, on a driver connection of either database.

    The caller commits. A guard of the same name and another content is replaced; one of a table that a later revision
    makes is left to it.
    """
    absent = [name for name in missing(connection) if _has_table(connection, name)]
    if isinstance(connection, sqlite3.Connection):
        for name in absent:
            connection.execute(f"DROP TRIGGER IF EXISTS {name}")
            connection.execute(SQLITE[name])
        return
    schema = _schema(connection)
    for name in absent:
        table, bits, body = POSTGRESQL[name]
        source = body.replace("{schema}", schema)
        connection.execute(
            f"CREATE OR REPLACE FUNCTION {schema}.{name}() RETURNS trigger "
            f"LANGUAGE plpgsql AS $hjul${source}$hjul$"
        )
        connection.execute(f"DROP TRIGGER IF EXISTS {name} ON {schema}.{table}")
        connection.execute(
            f"CREATE TRIGGER {name} {_timing(bits)} ON {schema}.{table} "
            f"FOR EACH {'ROW' if bits & 1 else 'STATEMENT'} EXECUTE FUNCTION {schema}.{name}()"
        )


def lift(connection: Any) -> None:
    """Take every guard away, as its owner may: before tables are made anew. The caller commits."""
    if isinstance(connection, sqlite3.Connection):
        for name in SQLITE:
            connection.execute(f"DROP TRIGGER IF EXISTS {name}")
        return
    schema = _schema(connection)
    for name, (table, _, _) in POSTGRESQL.items():
        connection.execute(f"DROP TRIGGER IF EXISTS {name} ON {schema}.{table}")
        connection.execute(f"DROP FUNCTION IF EXISTS {schema}.{name}()")


def missing(connection: Any) -> list[str]:
    """Name the guards that are not in place exactly as written here, switched-off ones among them."""
    if isinstance(connection, sqlite3.Connection):
        found = dict(
            connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        )
        return [name for name, sql in SQLITE.items() if found.get(name) != sql]
    schema = _schema(connection)
    there = {row[0]: tuple(row[1:]) for row in connection.execute(_PG_FOUND).fetchall()}
    return [
        name
        for name, (table, bits, body) in POSTGRESQL.items()
        if there.get(name) != (table, bits, name, body.replace("{schema}", schema))
    ]


def _has_table(connection: Any, name: str) -> bool:
    """Whether the table of a guard is there."""
    if isinstance(connection, sqlite3.Connection):
        table = _SQLITE_REFUSALS[name][1] if name in _SQLITE_REFUSALS else "events"
        asked = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
        return connection.execute(asked, (table,)).fetchone() is not None
    table = f"{_schema(connection)}.{POSTGRESQL[name][0]}"
    return bool(connection.execute("SELECT to_regclass(%s) IS NOT NULL", (table,)).fetchone()[0])


def _schema(connection: Any) -> str:
    return str(connection.execute("SELECT quote_ident(current_schema())").fetchone()[0])


def _timing(bits: int) -> str:
    events = {4: "INSERT", 8: "DELETE", 16: "UPDATE", 32: "TRUNCATE"}
    return ("BEFORE " if bits & 2 else "AFTER ") + next(word for bit, word in events.items() if bits & bit)
