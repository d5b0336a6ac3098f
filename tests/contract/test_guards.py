"""Hand-written SQL from a bare connection is refused where it would break the log, on both databases.

A bare connection has none of Hjul's settings: on SQLite no foreign keys, on PostgreSQL the owner's rights.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import psycopg
import pytest

from engine.cases.event import Event
from engine.store import guards
from engine.store.sealing import seal
from tests.contract.world import AUTHORITY, World, decision, entropy, make
from tests.postgresql import new_database

TABLES = (
    "authority", "streams", "events", "payloads", "erasures", "unsealed", "definitions", "access_log",
)  # fmt: skip
POSTGRESQL_ONLY = pytest.param("postgresql", marks=pytest.mark.postgresql)
ZERO, ONE = b"\0" * 32, b"\1" * 32


class Bare:
    """A connection that knows nothing of Hjul; every statement commits by itself unless `begin` was said."""

    def __init__(self, url: str) -> None:
        self.is_sqlite = url.startswith("sqlite")
        if self.is_sqlite:
            self.raw: Any = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        else:
            self.raw = psycopg.connect(url.replace("+psycopg", ""), autocommit=True, prepare_threshold=None)

    def run(self, sql: str, *values: Any) -> list[tuple]:
        cursor = self.raw.execute(sql if self.is_sqlite else sql.replace("?", "%s"), values)
        return cursor.fetchall() if cursor.description else []

    def content(self) -> dict[str, list[tuple]]:
        return {table: sorted(self.run(f"SELECT * FROM {table}")) for table in TABLES}


@dataclass
class Target:
    """A database under attack: case `moved` has three events (the last with a payload), `fresh` has one."""

    world: World
    bare: Bare
    moved: int
    fresh: int
    moved_events: list[tuple]
    next_of_fresh: dict[str, Any]

    def insert(self, verb: str = "INSERT", table: str = "events", **changes: Any) -> None:
        """Insert the event that would follow in `fresh`, but for changes."""
        row = self.next_of_fresh | changes
        columns = ", ".join(row)
        marks = ", ".join("?" for _ in row)
        self.bare.run(f"{verb} INTO {table} ({columns}) VALUES ({marks})", *row.values())


@contextmanager
def target(url: str) -> Iterator[Target]:
    world = make(url)
    moved = world.opened()
    for write in (world.judging, world.remarking):
        move = write(moved)
        world.record(decision(move))
        moved = move.case or moved
    fresh = world.opened()
    with world.database.write() as session:
        session.raw.execute(
            "INSERT INTO access_log (at, person, reference, action, outcome) VALUES ('t', 'p', 'r', 'a', 'o')"
        )
        session.raw.execute(
            "INSERT INTO authority (id, name, zone, training, created_at) VALUES ('a', 'b', 'c', true, 'd')"
        )
    bare = Bare(url)
    ids = dict(bare.run("SELECT name, id FROM streams"))
    (head,) = bare.run("SELECT head FROM streams WHERE name = ?", fresh.reference)[0]
    event = replace(world.remarking(fresh).event, command_id="bare")
    sealed = seal(event, head, AUTHORITY, entropy("bare"))
    following = {
        "stream_id": ids[fresh.reference], "seq": 2, "hash": sealed.digest, "prev": head, "kind": "step",
        "from_state": "reported", "to_state": "reported", "recorded_at": event.recorded_at,
        "command_id": "bare", "ordinal": 0, "body": sealed.body,
    }  # fmt: skip
    events = bare.run("SELECT * FROM events WHERE stream_id = ? ORDER BY seq", ids[moved.reference])
    yield Target(world, bare, ids[moved.reference], ids[fresh.reference], events, following)
    bare.raw.close()
    world.database.close()


@pytest.fixture(
    scope="module",
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)],
    name="attacked",
)
def attacked_database(request, tmp_path_factory) -> Iterator[Target]:
    """A database that survives every attack, and so serves all of them."""
    if request.param == "sqlite":
        with target(f"sqlite:///{tmp_path_factory.mktemp('attacked') / 'hjul.sqlite'}") as made:
            yield made
    else:
        server = request.getfixturevalue("postgresql_server")
        with (
            new_database(server, worker="guards") as url,
            target(url.render_as_string(hide_password=False)) as made,
        ):
            yield made


Attack = Callable[[Target], object]
BOTH: dict[str, Attack] = {
    "change the body of an event": lambda t: t.bare.run("UPDATE events SET body = ? WHERE seq = 1", b"x"),
    "change when an event was recorded": lambda t: t.bare.run("UPDATE events SET recorded_at = '2020'"),
    "change nothing but touch": lambda t: t.bare.run("UPDATE events SET kind = kind"),
    "remove the last event": lambda t: t.bare.run(
        "DELETE FROM events WHERE stream_id = ? AND seq = 3", t.moved
    ),
    "remove all events": lambda t: t.bare.run("DELETE FROM events"),
    "leave a gap": lambda t: t.insert(seq=3),
    "write an event a second time": lambda t: t.insert(
        **dict(zip(t.next_of_fresh, t.moved_events[2], strict=True))
    ),
    "write before the first event": lambda t: t.insert(seq=0),
    "name another predecessor": lambda t: t.insert(prev=ONE),
    "come from another state": lambda t: t.insert(from_state="judged"),
    "write in the middle of a chain": lambda t: t.insert(stream_id=t.moved, prev=t.moved_events[0][2]),
    "continue a stream that is not there": lambda t: t.insert(stream_id=999_999, seq=2),
    "begin a stream that is there": lambda t: t.insert(seq=1, from_state=""),
    "begin a second stream of the same name": lambda t: t.insert(stream_id=999_999, seq=1, from_state=""),
    "begin a stream whose body is no JSON": lambda t: t.insert(
        stream_id=999_999, seq=1, from_state="", body=b"hjul/event/1\nx", command_id="n"
    ),
    "give a hash of the wrong length": lambda t: t.insert(hash=b"short"),
    "use the command of another event": lambda t: t.insert(
        command_id=t.moved_events[1][8], ordinal=t.moved_events[1][9]
    ),
    "move a case without an event": lambda t: t.bare.run(
        "UPDATE streams SET seq = seq + 1 WHERE id = ?", t.fresh
    ),
    "change the state alone": lambda t: t.bare.run(
        "UPDATE streams SET state = 'closed' WHERE id = ?", t.fresh
    ),
    "change the head alone": lambda t: t.bare.run("UPDATE streams SET head = ? WHERE id = ?", ONE, t.fresh),
    "move a case back": lambda t: t.bare.run(
        "UPDATE streams SET seq = 2, head = ?, state = 'judged' WHERE id = ?", t.moved_events[1][2], t.moved
    ),
    "rename a case": lambda t: t.bare.run("UPDATE streams SET name = 'X' WHERE id = ?", t.fresh),
    "give a case another kind": lambda t: t.bare.run("UPDATE streams SET kind = 'x' WHERE id = ?", t.fresh),
    "give a case another id": lambda t: t.bare.run("UPDATE streams SET id = 77 WHERE id = ?", t.fresh),
    "make a stream without an event": lambda t: t.bare.run(
        "INSERT INTO streams (id, kind, name, seq, state, head) VALUES (77, 'case', 'X', 1, '', ?)", ZERO
    ),
    "make a stream that has not begun": lambda t: t.bare.run(
        "INSERT INTO streams (id, kind, name, seq, state, head) VALUES (77, 'case', 'X', 0, '', ?)", ZERO
    ),
    "remove a case": lambda t: t.bare.run("DELETE FROM streams WHERE id = ?", t.fresh),
    "change what a person wrote": lambda t: t.bare.run("UPDATE payloads SET content = '{}'"),
    "move a payload to another event": lambda t: t.bare.run(
        "UPDATE payloads SET stream_id = ?, seq = 2 WHERE stream_id = ? AND seq = 3", t.moved, t.moved
    ),
    "remove a payload without an erasure": lambda t: t.bare.run("DELETE FROM payloads"),
    "add a payload to an old event": lambda t: t.bare.run(
        "INSERT INTO payloads (stream_id, seq, content) VALUES (?, 2, '{}')", t.moved
    ),
    "add a second payload": lambda t: t.bare.run(
        "INSERT INTO payloads (stream_id, seq, content) VALUES (?, 3, '{}')", t.moved
    ),
    "replace a payload on conflict": lambda t: t.bare.run(
        "INSERT INTO payloads (stream_id, seq, content) VALUES (?, 3, '{}') "
        "ON CONFLICT (stream_id, seq) DO UPDATE SET content = '{}'",
        t.moved,
    ),
    "replace an event on conflict": lambda t: t.bare.run(
        "INSERT INTO events SELECT * FROM events WHERE stream_id = ? AND seq = 3 "
        "ON CONFLICT (stream_id, seq) DO UPDATE SET kind = 'x'",
        t.moved,
    ),
    "call an ordinary event an erasure": lambda t: t.bare.run(
        "INSERT INTO erasures (stream_id, seq, by_stream_id, by_seq) VALUES (?, 1, ?, 3)", t.moved, t.moved
    ),
    "take an event out of the queue to be sealed": lambda t: t.bare.run("DELETE FROM unsealed"),
    "change the queue to be sealed": lambda t: t.bare.run("UPDATE unsealed SET seq = seq + 10"),
    "change a published definition": lambda t: t.bare.run("UPDATE definitions SET document = ?", b"{}"),
    "change the hash of a definition": lambda t: t.bare.run("UPDATE definitions SET hash = 'x'"),
    "change the version of a definition": lambda t: t.bare.run("UPDATE definitions SET version = 9"),
    "remove a definition": lambda t: t.bare.run("DELETE FROM definitions"),
    "change a row of the access log": lambda t: t.bare.run("UPDATE access_log SET person = 'q'"),
    "remove a row of the access log": lambda t: t.bare.run("DELETE FROM access_log"),
    "turn practice into the real thing": lambda t: t.bare.run("UPDATE authority SET training = false"),
    "give the log to another authority": lambda t: t.bare.run("UPDATE authority SET id = 'x'"),
    "remove the authority": lambda t: t.bare.run("DELETE FROM authority"),
    "add a second authority": lambda t: t.bare.run(
        "INSERT INTO authority (id, name, zone, training, created_at) VALUES ('x', 'b', 'c', true, 'd')"
    ),
}
SQLITE: dict[str, Attack] = {
    "replace an event by its key": lambda t: t.insert(
        "INSERT OR REPLACE", **dict(zip(t.next_of_fresh, t.moved_events[2], strict=True)) | {"body": b"x"}
    ),
    "replace another case's event by its command": lambda t: t.insert(
        "INSERT OR REPLACE", command_id=t.moved_events[1][8], ordinal=t.moved_events[1][9]
    ),
    "replace a first event": lambda t: t.insert("REPLACE", seq=1, from_state=""),
    "replace a stream by its id": lambda t: t.bare.run(
        "REPLACE INTO streams (id, kind, name, seq, state, head) VALUES (?, 'case', 'X', 1, '', ?)",
        t.fresh,
        ZERO,
    ),
    "replace a stream by its name": lambda t: t.bare.run(
        "REPLACE INTO streams (kind, name, seq, state, head) SELECT kind, name, 1, state, head FROM streams"
    ),
    "replace one stream by another's key": lambda t: t.bare.run(
        "UPDATE OR REPLACE streams SET id = ? WHERE id = ?", t.moved, t.fresh
    ),
    "replace a payload": lambda t: t.bare.run("REPLACE INTO payloads VALUES (?, 3, '{}')", t.moved),
    "replace with delete triggers on": lambda t: (
        t.bare.run("PRAGMA recursive_triggers = ON"),
        t.bare.run("REPLACE INTO payloads VALUES (?, 3, '{}')", t.moved),
    ),
    "replace a definition by its hash": lambda t: t.bare.run(
        "REPLACE INTO definitions (process, version, hash, document, published_at) "
        "SELECT process, version, hash, x'00', published_at FROM definitions"
    ),
    "replace a row of the access log": lambda t: t.bare.run(
        "REPLACE INTO access_log (id, at, person, reference, action, outcome) "
        "SELECT id, at, 'q', reference, action, outcome FROM access_log"
    ),
    "replace the authority": lambda t: t.bare.run(
        "REPLACE INTO authority (id, name, zone, training, created_at) VALUES ('a', 'b', 'c', false, 'd')"
    ),
    "write a number as text": lambda t: t.insert(seq="two"),
    "write a body as text": lambda t: t.insert(body="hjul/event/1\n{}"),
    "write half a sequence number": lambda t: t.insert(seq=2.5),
    "ignore the refusal": lambda t: t.insert("INSERT OR IGNORE", prev=ONE),
    "fail instead of abort": lambda t: t.insert("INSERT OR FAIL", from_state="judged"),
    "roll back instead of abort": lambda t: t.insert("INSERT OR ROLLBACK", from_state="judged"),
}
POSTGRESQL: dict[str, Attack] = {
    **{
        f"empty {table} at once": lambda t, table=table: t.bare.run(f"TRUNCATE {table} CASCADE")  # type: ignore[misc]
        for table in TABLES
    },
    "write another hash than the body's": lambda t: t.insert(hash=ONE),
    "deceive with a temporary table": lambda t: (
        t.bare.run("CREATE TEMPORARY TABLE erasures AS SELECT stream_id, seq FROM payloads"),
        t.bare.run("DELETE FROM payloads"),
    ),
    "deceive with the search path": lambda t: (
        t.bare.run("CREATE SCHEMA IF NOT EXISTS other"),
        t.bare.run("CREATE TABLE IF NOT EXISTS other.erasures AS SELECT stream_id, seq FROM payloads"),
        t.bare.run("SET search_path = other"),
        t.bare.run("DELETE FROM public.payloads"),
    ),
    "merge over an event": lambda t: t.bare.run(
        "MERGE INTO events e USING (SELECT 1) x ON e.seq = 1 WHEN MATCHED THEN UPDATE SET kind = 'x'"
    ),
}


def refused(attacked: Target, attack: Attack) -> None:
    before = attacked.bare.content()
    try:
        with pytest.raises((sqlite3.DatabaseError, psycopg.DatabaseError)) as said:
            attack(attacked)
    finally:
        if attacked.bare.is_sqlite:
            attacked.bare.run("PRAGMA recursive_triggers = OFF")
        else:
            attacked.bare.run("DISCARD ALL")
            attacked.bare.run("DROP SCHEMA IF EXISTS other CASCADE")
    mistyped = ("syntax error", "no such", "does not exist", "has no column")
    assert not any(words in str(said.value) for words in mistyped), "an attack that is no SQL shows nothing"
    assert attacked.bare.content() == before


@pytest.mark.parametrize("name", BOTH)
def test_guards__refuse_to(attacked, name):
    refused(attacked, BOTH[name])


@pytest.mark.parametrize("attacked", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", SQLITE)
def test_guards__on_sqlite_refuse_to(attacked, name):
    refused(attacked, SQLITE[name])


@pytest.mark.parametrize("attacked", [POSTGRESQL_ONLY], indirect=True)
@pytest.mark.parametrize("name", POSTGRESQL)
def test_guards__on_postgresql_refuse_to(attacked, name):
    refused(attacked, POSTGRESQL[name])


@pytest.fixture(name="fresh")
def fresh_target(database_url) -> Iterator[Target]:
    """A database of its own, for what is let through."""
    with target(database_url) as made:
        yield made


def test_guards__let_an_event_follow_and_move_its_stream(fresh):
    fresh.insert()
    row = fresh.bare.run("SELECT seq, state, head FROM streams WHERE id = ?", fresh.fresh)
    assert row == [(2, "reported", fresh.next_of_fresh["hash"])]
    assert (fresh.fresh, 2) in fresh.bare.run("SELECT stream_id, seq FROM unsealed")


def test_guards__let_another_definition_become_the_current_one(fresh):
    fresh.bare.run("UPDATE definitions SET is_current = false")
    assert [bool(row[0]) for row in fresh.bare.run("SELECT is_current FROM definitions")] == [False]


def erase(fresh: Target, seq: int) -> None:
    """Let an erasure event name the payload of an event."""
    world = fresh.world
    with world.database.read() as session:
        from engine.store.reading import load_case

        name = fresh.bare.run("SELECT name FROM streams WHERE id = ?", fresh.moved)[0][0]
        stored = load_case(session, name)
        assert stored is not None
    event: Event = replace(
        world.moving(stored.case, "remark", None).event, kind="erasure", step=None, data={"basis": "law"}
    )
    world.record(decision(replace(world.remarking(stored.case), event=event)))
    fresh.bare.run(
        "INSERT INTO erasures (stream_id, seq, by_stream_id, by_seq) VALUES (?, ?, ?, ?)",
        fresh.moved, seq, fresh.moved, event.seq,
    )  # fmt: skip


def test_guards__let_a_payload_go_under_an_erasure_and_never_come_back(fresh):
    erase(fresh, 1)
    (content,) = fresh.bare.run("SELECT content FROM payloads WHERE stream_id = ? AND seq = 1", fresh.moved)[
        0
    ]
    fresh.bare.run("DELETE FROM payloads WHERE stream_id = ? AND seq = 1", fresh.moved)
    refused(
        fresh,
        lambda t: t.bare.run(
            "INSERT INTO payloads (stream_id, seq, content) VALUES (?, 1, ?)", t.moved, content
        ),
    )


def test_guards__let_a_payload_lose_a_field_under_an_erasure_but_change_none(fresh):
    erase(fresh, 1)
    refused(
        fresh,
        lambda t: t.bare.run(
            'UPDATE payloads SET content = \'{"story": {"salt": "00", "value": "x"}}\' WHERE stream_id = ?',
            t.moved,
        ),
    )
    fresh.bare.run("UPDATE payloads SET content = '{}' WHERE stream_id = ? AND seq = 1", fresh.moved)
    assert fresh.bare.run("SELECT content FROM payloads WHERE stream_id = ? AND seq = 1", fresh.moved) == [
        ("{}",)
    ]


def test_guards__keep_the_other_payloads_under_an_erasure(fresh):
    erase(fresh, 1)
    refused(fresh, lambda t: t.bare.run("DELETE FROM payloads WHERE stream_id = ? AND seq = 3", t.moved))


def test_guards__refuse_an_erasure_of_what_came_after_it(fresh):
    erase(fresh, 1)
    fresh.insert()
    refused(
        fresh,
        lambda t: t.bare.run(
            "INSERT INTO erasures (stream_id, seq, by_stream_id, by_seq) VALUES (?, 4, ?, 4)",
            t.moved,
            t.moved,
        ),
    )


def test_missing__names_nothing_when_all_is_in_place(attacked):
    assert guards.missing(attacked.bare.raw) == []


def test_missing__names_each_guard_that_an_owner_removed(fresh):
    name = "hjul_events_update"
    fresh.bare.run(f"DROP TRIGGER {name}" + ("" if fresh.bare.is_sqlite else " ON events"))
    assert guards.missing(fresh.bare.raw) == [name]
    guards.install(fresh.bare.raw)
    assert guards.missing(fresh.bare.raw) == []


def test_missing__names_a_guard_that_was_weakened(fresh):
    name = "hjul_events_update"
    if fresh.bare.is_sqlite:
        fresh.bare.run(f"DROP TRIGGER {name}")
        fresh.bare.run(f"CREATE TRIGGER {name} BEFORE UPDATE ON events WHEN 0 BEGIN SELECT 1; END")
    else:
        fresh.bare.run(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
        )
    assert guards.missing(fresh.bare.raw) == [name]
    guards.install(fresh.bare.raw)
    refused(fresh, BOTH["change the body of an event"])


def test_missing__names_a_guard_that_was_switched_off(postgresql_url):
    with target(postgresql_url) as fresh:
        fresh.bare.run("ALTER TABLE events DISABLE TRIGGER hjul_events_update")
        assert guards.missing(fresh.bare.raw) == ["hjul_events_update"]


def test_lift__takes_every_guard_away_and_install_puts_them_back(fresh):
    guards.lift(fresh.bare.raw)
    everything = guards.SQLITE if fresh.bare.is_sqlite else guards.POSTGRESQL
    assert guards.missing(fresh.bare.raw) == list(everything)
    guards.install(fresh.bare.raw)
    assert guards.missing(fresh.bare.raw) == []
