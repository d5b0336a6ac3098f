"""The whole log and every projection of cases checked from scratch, by other means than `audit verify`.

For tests that ask whether anything was lost, doubled or left half done.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.cases.case import Case
from engine.cases.event import Event
from engine.definition.model import Process
from engine.ledger.chain import genesis, open_body, verify_commitment
from engine.store.authority import Authority
from engine.store.case_projection import CodedKey, coded_rows
from engine.store.database import Database, Session
from engine.store.event_log import StoredEvent, events_of
from engine.store.reading import load_case

MOST = "SELECT count(*) FROM {}"


def check_log(database: Database, authority: Authority, process: Process) -> dict[str, int]:
    """Check everything; tells how many events each stream has."""
    counts: dict[str, int] = {}
    with database.snapshot() as session:
        streams = session.raw.execute("SELECT id, kind, name, seq, state, head FROM streams").fetchall()
        for _, kind, name, seq, state, head in streams:
            log = events_of(session, kind, name)
            assert [event.seq for event in log] == list(range(1, seq + 1)), f"a gap in {name}"
            assert (log[-1].to_state, bytes(log[-1].hash)) == (state, bytes(head)), f"{name} stands elsewhere"
            events = check_chain(log, authority)
            if kind == "case":
                check_case(session, name, events, process)
            counts[name] = len(log)
        assert number(session, "events") == sum(counts.values())
        assert number(session, "unsealed") == number(session, "events")
        assert number(session, "cases") == sum(kind == "case" for _, kind, *_ in streams)
        for table in ("payloads", "unsealed"):
            lost = session.raw.execute(
                f"SELECT count(*) FROM {table} p WHERE NOT EXISTS "
                "(SELECT 1 FROM events e WHERE e.stream_id = p.stream_id AND e.seq = p.seq)"
            ).fetchone()
            assert lost[0] == 0
    return counts


def number(session: Session, table: str) -> int:
    return int(session.raw.execute(MOST.format(table)).fetchone()[0])


def check_chain(log: tuple[StoredEvent, ...], authority: Authority) -> list[Event]:
    """The events of one stream, each bound to the one before it and to its personal values."""
    body = open_body(log[0].body)
    expected = genesis(
        authority=authority.id, training=authority.training, kind=log[0].stream_kind, stream=log[0].stream,
        definition=body["definition"],
    )  # fmt: skip
    events = []
    for stored in log:
        body = open_body(stored.body)
        assert (body["prev"], bytes(stored.prev).hex()) == (expected, expected)
        assert (body["stream"], body["seq"], body["authority"]) == (stored.stream, stored.seq, authority.id)
        assert bytes(stored.hash) == hashlib.sha256(stored.body).digest()
        assert (body["command"], body["ordinal"]) == (stored.command_id, stored.ordinal)
        expected = bytes(stored.hash).hex()
        events.append(replace(Event.read(body, check_payload(stored, body))))
    return events


def check_payload(stored: StoredEvent, body: Mapping[str, Any]) -> dict[str, Any]:
    """The personal values of an event, each as it was committed to."""
    committed = body.get("commitments", {})
    content = json.loads(stored.payload or "{}")
    assert content.keys() == committed.keys()
    for path, kept in content.items():
        salt = bytes.fromhex(kept["salt"])
        assert verify_commitment(committed[path], salt, stored.stream, stored.seq, path, kept["value"])
    return {path: kept["value"] for path, kept in content.items()}


def check_case(session: Session, name: str, events: list[Event], process: Process) -> None:
    """The rows of a case are what its events make of it."""
    case = Case.born(events[0], process)
    for event in events[1:]:
        case = case.after(event, process)
    stored = load_case(session, name)
    assert stored is not None
    assert stored.case == case
    coded: dict[CodedKey, Any] = {}
    for path, value in case.values.items():
        if process.is_coded(path):
            coded.update(coded_rows(process, path, value))
    rows = session.raw.execute(
        f"SELECT field, row, code, number, day FROM coded_values WHERE case_id = {stored.id}"
    ).fetchall()
    found = {(f, r, c): (None if n is None else float(n), d) for f, r, c, n, d in rows}
    assert found == {key: (None if n is None else float(n), d) for key, (n, d) in coded.items()}
    links = session.raw.execute(
        "SELECT l.kind, s.name, l.outgoing, l.row FROM links l JOIN streams s ON s.id = l.other_id "
        f"WHERE l.case_id = {stored.id}"
    ).fetchall()
    assert sorted((k, o, bool(out), r) for k, o, out, r in links) == sorted(
        (link.kind, link.other, link.outgoing, link.row) for link in case.links
    )
