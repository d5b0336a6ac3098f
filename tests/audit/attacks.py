"""What an owner may try, and what a verification must call it: SQL, forged events, and what takes more.

In SQL `{first}` and so on stand for the ids of the streams below.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.audit.owner import Owner

FIRST, AWAY, ORDER, THIRD, NEW = (
    "REP-2026-0001",
    "REP-2026-0002",
    "ORD-2026-0001",
    "REP-2026-0003",
    "REP-2026-0004",
)
OTHER_ORDER = "ORD-2026-0002"
PLACE = "WHERE stream_id = ? AND seq = ?"


def rehashed(owner: Owner) -> None:
    owner.forge(FIRST, 4, {"coded": {"how_bad": "1"}}, chain=False)


def flip_body(owner: Owner) -> None:
    owner.write(
        FIRST, 3, owner.stored(FIRST, 3).replace(b"lo", b"ol").replace(b"answer", b"answeR"), hashed=False
    )


def space_body(owner: Owner) -> None:
    last = owner.last(NEW)
    owner.write(NEW, last, owner.stored(NEW, last).replace(b'{"actor"', b'{ "actor"'))
    owner.rechain(NEW)


def repeat_key(owner: Owner) -> None:
    last = owner.last(NEW)
    owner.write(NEW, last, owner.stored(NEW, last).replace(b'"kind":"step"', b'"kind":"amend","kind":"step"'))
    owner.rechain(NEW)


def untag(owner: Owner) -> None:
    last = owner.last(NEW)
    owner.write(NEW, last, b"hjul/event/2" + owner.stored(NEW, last)[12:])
    owner.rechain(NEW)


def drop_last(owner: Owner) -> None:
    """Undo the last event of a case so that chain and stream are whole: only the rows remember it."""
    last = owner.last(FIRST)
    stream_id = owner.stream(FIRST)
    owner.remove_event(FIRST, last)
    ((state, digest),) = owner.rows(f"SELECT to_state, hash FROM events {PLACE}", stream_id, last - 1)
    owner.run(
        "UPDATE streams SET seq = ?, state = ?, head = ? WHERE id = ?", last - 1, state, digest, stream_id
    )


def swap_streams(owner: Owner) -> None:
    one, other = owner.stream(FIRST), owner.stream(THIRD)
    for source, target in ((one, -1), (other, one), (-1, other)):
        owner.run(f"UPDATE events SET stream_id = ? {PLACE}", target, source, 2)


def swap_order(owner: Owner) -> None:
    for source, target in ((3, 99), (4, 3), (99, 4)):
        owner.run(f"UPDATE events SET seq = ? {PLACE}", target, owner.stream(FIRST), source)


def copy_event(owner: Owner) -> None:
    owner.copy_event(FIRST, 3, 103, "copied")


def add_case_event(owner: Owner) -> None:
    """Append a true event that the stream does not know of."""
    stream_id, last = owner.stream(NEW), owner.last(NEW)
    owner.copy_event(NEW, last, last + 1, "added")
    body = owner.body(NEW, last)
    gone = dict.fromkeys(("step", "coded", "commitments", "sets", "deadlines"))
    owner.run(f"UPDATE events SET kind = 'link', from_state = to_state {PLACE}", stream_id, last + 1)
    owner.run("INSERT INTO unsealed (stream_id, seq) VALUES (?, ?)", stream_id, last + 1)
    owner.forge(
        NEW, last + 1, gone | {"seq": last + 1, "command": "added", "kind": "link", "from": body["to"]}
    )
    head = owner.one(f"SELECT hash FROM events {PLACE}", stream_id, last)
    owner.run("UPDATE streams SET head = ? WHERE id = ?", head, stream_id)


def invent_case(owner: Owner) -> None:
    columns = (
        "process, definition_id, unit, reporter, assignee, opened_on, happened_on, recorded_at, opened_at, is_open,"
        " title_sv, title_en, data, private"
    )
    owner.run(
        f"INSERT INTO cases (id, {columns}) SELECT 9000, {columns} FROM cases WHERE id = ?", owner.stream(NEW)
    )


def drop_definition(owner: Owner) -> None:
    owner.run("DELETE FROM labels WHERE definition_id = 1")
    owner.run("DELETE FROM definitions WHERE id = 1")


def change_document(owner: Owner) -> None:
    document = bytes(owner.one("SELECT document FROM definitions WHERE process = 'order'"))
    owner.run(
        "UPDATE definitions SET document = ? WHERE process = 'order'", document.replace(b"Lim", b"Mil") + b" "
    )


def relax_document(owner: Owner) -> None:
    """Let a published definition say something else, well formed."""
    document = bytes(owner.one("SELECT document FROM definitions WHERE process = 'repair'"))
    changed = document.replace(b'"not_person_in":["tell"]', b'"not_person_in":["look"]')
    assert changed != document
    owner.run("UPDATE definitions SET document = ? WHERE process = 'repair'", changed)


def append_organisation(owner: Owner) -> None:
    """Let the last event of the organisation say more than its rows."""
    last = owner.last("organisation")
    owner.forge("organisation", last, {"data": {"to_on": "2031-01-01"}})


SQL: dict[tuple[str, str], tuple[str, ...]] = {
    (FIRST, "bytes"): ("UPDATE events SET hash = {zeros} WHERE stream_id = {first} AND seq = 3",),
    (FIRST, "columns"): tuple(
        f"UPDATE events SET {change} WHERE stream_id = {{first}} AND seq = 3"
        for change in (
            "prev = {zeros}", "kind = 'amend'", "from_state = 'open'", "to_state = 'done'",
            "recorded_at = '2026-03-04T09:00:00.000001Z'", "command_id = 'other'", "ordinal = ordinal + 7",
        )
    ),
    (FIRST, "gap"): (
        "UPDATE events SET seq = 77 WHERE stream_id = {first} AND seq = 3",
        "UPDATE streams SET seq = seq + 1 WHERE id = {first}",
    ),
    (FIRST, "head"): (
        "UPDATE streams SET seq = seq - 1 WHERE id = {first}",
        "UPDATE streams SET state = 'open' WHERE id = {first}",
        "UPDATE streams SET head = {zeros} WHERE id = {first}",
    ),
    (f"series:{FIRST}", "columns"): ("UPDATE streams SET kind = 'series' WHERE id = {first}",),
    ("REP-2026-0009", "columns"): ("UPDATE streams SET name = 'REP-2026-0009' WHERE id = {first}",),
    (FIRST, "no_stream"): (
        "DELETE FROM streams WHERE id = {first}",
        "UPDATE streams SET id = 9000 WHERE id = {first}",
    ),
    ("REP-2026-0006", "empty_stream"): (
        ("INSERT INTO streams (id, kind, name, seq, state, head)"
        " SELECT 9000, 'case', 'REP-2026-0006', 1, 'told', {zeros}"),
    ),
    (NEW, "empty_stream"): ("DELETE FROM events WHERE stream_id = {new}",),
    # personal values
    (FIRST, "payload_missing"): ("DELETE FROM payloads WHERE stream_id = {first} AND seq = 1",),
    (FIRST, "payload_form"): tuple(
        f"UPDATE payloads SET content = {content} WHERE stream_id = {{first}} AND seq = 1"
        for content in ("'['", "'[1]'", "content || ' '")
    ),
    (FIRST, "payload_orphan"): ("UPDATE payloads SET seq = 88 WHERE stream_id = {first} AND seq = 1",),
    ("stream:#9000", "payload_orphan"): (
        "INSERT INTO payloads (stream_id, seq, content) VALUES (9000, 1, '{{}}')",
    ),
    ("process:order", "uncommitted"): (
        "INSERT INTO payloads (stream_id, seq, content) VALUES ({process}, 1, '{{}}')",
    ),
    (THIRD, "commitment"): (
        ("UPDATE payloads SET content = (SELECT content FROM payloads WHERE stream_id = {first} AND seq = 1)"
        " WHERE stream_id = {third} AND seq = 1"),
    ),
    (FIRST, "unfounded_erasure"): (
        "INSERT INTO erasures (stream_id, seq, by_stream_id, by_seq) VALUES ({first}, 1, {first}, 1)",
        "INSERT INTO erasures (stream_id, seq, by_stream_id, by_seq) VALUES ({first}, 1, {first}, 2)",
        "INSERT INTO erasures (stream_id, seq, by_stream_id, by_seq) VALUES ({first}, 1, 9000, 2)",
    ),
    # rows of cases
    (NEW, "no_case"): ("DELETE FROM cases WHERE id = {new}",),
    (FIRST, "rows"): (
        "UPDATE coded_values SET code = '1' WHERE field = 'how_bad' AND case_id = {first}",
        "UPDATE coded_values SET number = number + 0.01 WHERE field = 'price' AND case_id = {first}",
        "UPDATE coded_values SET day = '2026-03-21' WHERE field = 'until' AND case_id = {first}",
        "UPDATE coded_values SET row = 'r9' WHERE row = 'r1' AND case_id = {first}",
        "DELETE FROM coded_values WHERE field = 'how_bad' AND case_id = {first}",
        "UPDATE deadlines SET due_on = '2027-01-01' WHERE case_id = {first}",
        "DELETE FROM deadlines WHERE case_id = {first}",
        "DELETE FROM links WHERE kind = 'like' AND case_id = {first}",
        "DELETE FROM links WHERE kind = 'like'",
        "INSERT INTO links (case_id, kind, other_id, outgoing, row) VALUES ({first}, 'like', {new}, TRUE, '')",
    ),
    (FIRST, "one_sided"): (
        "UPDATE links SET kind = 'for_repair' WHERE kind = 'like' AND case_id = {first}",
        "UPDATE links SET row = 'causes.r7' WHERE kind = 'like' AND case_id = {first}",
        "UPDATE links SET outgoing = NOT outgoing WHERE kind = 'like' AND case_id = {first}",
        "UPDATE links SET other_id = 9000 WHERE kind = 'like' AND case_id = {first}",
    ),
    (AWAY, "rows"): (
        "DELETE FROM case_marks WHERE case_id = {away}",
        "UPDATE case_marks SET keeps = 'write' WHERE case_id = {away}",
    ),
    (NEW, "rows"): (
        "UPDATE deadlines SET status = 'met', settled_on = '2026-03-03' WHERE case_id = {new}",
        "INSERT INTO case_marks (case_id, mark, keeps) VALUES ({new}, 'sealed', 'own')",
        "INSERT INTO coded_values (case_id, field, row, code) VALUES ({new}, 'flag', '', 'false')",
    ),
    (NEW, "tasks"): (
        "DELETE FROM tasks WHERE case_id = {new}",
        "UPDATE tasks SET step = 'close' WHERE case_id = {new}",
        "UPDATE tasks SET role = 'clerk' WHERE role = 'keeper' AND case_id = {new}",
        "UPDATE tasks SET unit = 'ek' WHERE case_id = {new}",
        "UPDATE tasks SET due_on = '2027-01-01' WHERE case_id = {new}",
        "UPDATE tasks SET assignee = 'head' WHERE role = 'keeper' AND case_id = {new}",
    ),
    (FIRST, "tasks"): (
        "UPDATE tasks SET case_id = {first} WHERE id = (SELECT min(id) FROM tasks WHERE case_id = {new})",
    ),
    ("stream:#9000", "orphans"): (
        "INSERT INTO coded_values (case_id, field, row, code) VALUES (9000, 'flag', '', 'true')",
        "INSERT INTO case_marks (case_id, mark, keeps) VALUES (9000, 'sealed', 'own')",
    ),
    ("process:order", "orphans"): (
        "INSERT INTO coded_values (case_id, field, row, code) VALUES ({process}, 'flag', '', 'true')",
    ),
    # definitions, the organisation, settings
    ("process:order", "definition_bytes"): ("UPDATE definitions SET hash = 'ff' WHERE process = 'order'",),
    ("process:order", "definition_columns"): tuple(
        f"UPDATE definitions SET {change} WHERE process = 'order'"
        for change in ("version = 9", "published_at = '2020'", "is_current = NOT is_current")
    ),
    ("process:order", "register"): (
        "UPDATE labels SET sv = 'Nej' WHERE kind = 'state' AND key = 'here'",
        "DELETE FROM labels WHERE kind = 'state' AND key = 'here'",
    ),
    ("organisation:organisation", "register"): (
        "UPDATE units SET name = 'Nej' WHERE code = 'ek'",
        "UPDATE units SET parent = 'forv' WHERE code = 'ek'",
        "UPDATE units SET attributes = '{{}}' WHERE code = 'ek'",
        "UPDATE persons SET name = 'Nej' WHERE code = 'kim'",
        "UPDATE persons SET login = 'annan' WHERE code = 'kim'",
        "UPDATE appointments SET role = 'head' WHERE person = 'kim'",
        "UPDATE appointments SET to_on = NULL WHERE person = 'kim'",
        "DELETE FROM appointments WHERE person = 'guard'",
        ("INSERT INTO appointments (key, person, role, unit, from_on)"
        " SELECT 'own', 'kim', role, unit, from_on FROM appointments WHERE person = 'head'"),
    ),
    ("settings", "register"): (
        "UPDATE settings SET value = '' WHERE key = 'holidays'",
        "INSERT INTO settings (key, value) VALUES ('more', '1')",
    ),
    # what belongs to all
    (FIRST, "foreign"): ("UPDATE authority SET id = 'other'", "UPDATE authority SET training = NOT training"),
    ("authority", "no_authority"): ("DELETE FROM authority",),
    ("counters", "counter"): (
        "UPDATE counters SET last = 1 WHERE prefix = 'REP'",
        "DELETE FROM counters WHERE prefix = 'REP'",
    ),
    ("counters", "lost_references"): (
        "UPDATE counters SET last = last + 2 WHERE prefix = 'REP'",
        "INSERT INTO counters (prefix, year, last) VALUES ('REP', 2025, 1)",
    ),
    (FIRST, "not_queued"): ("DELETE FROM unsealed WHERE stream_id = {first} AND seq = 2",),
    (FIRST, "queue_orphan"): ("INSERT INTO unsealed (stream_id, seq) VALUES ({first}, 99)",),
}  # fmt: skip
ZEROS = "00" * 32
EARLY, LATE = "2026-03-01T00:00:00.000000Z", "2027-01-01T00:00:00.000000Z"
FORGED: dict[str, tuple[str, int, dict[str, Any], str]] = {
    "a coded value": (FIRST, 4, {"coded": {"how_bad": "1"}}, "case_columns"),
    "an authority": (FIRST, 3, {"authority": "other"}, "foreign"),
    "practice made real": (FIRST, 3, {"training": False}, "foreign"),
    "another beginning": (FIRST, 1, {"prev": ZEROS}, "columns"),
    "an unknown definition": (FIRST, 3, {"definition": ZEROS}, "no_definition"),
    "time turned back": (FIRST, 3, {"recorded_at": EARLY, "occurred_at": EARLY}, "time_back"),
    "an act of the future": (FIRST, 3, {"occurred_at": LATE}, "occurred_late"),
    "another status": (FIRST, 3, {"from": "open"}, "state"),
    "another commitment": (FIRST, 3, {"commitments": {"story": ZEROS}}, "commitment"),
    "a fraction": (NEW, 1, {"coded": {"damage": 1.5}}, "format"),
    "a reference of another year": (NEW, 1, {"occurred_on": "2025-03-02"}, "reference_form"),
    "a state that is not": (NEW, 1, {"to": "nowhere"}, "not_replayable"),
}
"""What an event is made to say, everything behind it chained anew; kind of the problem."""
PAYLOADS: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "another value": (lambda content: content["story"].update(value="Nej."), "commitment"),
    "another salt": (lambda content: content["story"].update(salt="00" * 16), "commitment"),
    "a short salt": (lambda content: content["story"].update(salt="00"), "commitment"),
    "another shape": (lambda content: content.update(story="Nej."), "commitment"),
    "something beside it": (lambda content: content["story"].update(more=1), "commitment"),
    "one value less": (lambda content: content.pop("story"), "payload_missing"),
    "one value more": (lambda content: content.update(more={"salt": "00" * 16, "value": 1}), "uncommitted"),
}
"""What becomes of the personal values of a first event, and the kind of the problem."""
ATTACKS: dict[str, tuple[Callable[[Owner], object], str, str]] = {
    "a byte of a body": (flip_body, FIRST, "bytes"),
    "a body with its hash": (rehashed, FIRST, "chain"),
    "a space in a body": (space_body, NEW, "format"),
    "a key twice in a body": (repeat_key, NEW, "format"),
    "another format": (untag, NEW, "format"),
    "an event removed": (lambda owner: owner.remove_event(FIRST, 3), FIRST, "gap"),
    "the first event removed": (lambda owner: owner.remove_event(FIRST, 1), FIRST, "gap"),
    "the last event removed": (lambda owner: owner.remove_event(FIRST, owner.last(FIRST)), FIRST, "gap"),
    "the last event undone": (drop_last, FIRST, "case_columns"),
    "events moved between streams": (swap_streams, FIRST, "columns"),
    "events in another order": (swap_order, FIRST, "columns"),
    "an event copied": (copy_event, FIRST, "columns"),
    "an event that the stream does not know": (add_case_event, NEW, "head"),
    "a case invented": (invent_case, "stream:#9000", "orphans"),
    "a case removed with all its events": (
        lambda owner: owner.remove_case(NEW),
        "counters",
        "lost_references",
    ),
    "a linked case removed": (lambda owner: owner.remove_case(ORDER), AWAY, "one_sided"),
    "a document changed": (relax_document, "process:repair", "definition_bytes"),
    "a document spoilt": (change_document, "process:order", "definition_unreadable"),
    "a document removed": (drop_definition, "process:order", "definition_gone"),
    "an event of the organisation": (append_organisation, "organisation:organisation", "register"),
}
CASE_COLUMNS = {
    "process": "process = 'order'", "definition_id": "definition_id = 1", "unit": "unit = 'ek'",
    "reporter": "reporter = 'lo'", "assignee": "assignee = 'kim'", "nobody": "assignee = NULL",
    "opened_on": "opened_on = '2026-03-01'", "happened_on": "happened_on = '2026-02-26'",
    "happened at no time": "happened_on = NULL", "recorded_at": "recorded_at = '2026-03-09T09:00:00.000000Z'",
    "opened_at": "opened_at = '2026-03-01T08:00:00.000000Z'", "is_open": "is_open = NOT is_open",
    "title_sv": "title_sv = 'Nej'", "title_en": "title_en = 'No'",
    "a value": """data = replace(data, '"how_bad":"2"', '"how_bad":"1"')""",
    "a value's type": """data = replace(data, '"flag":true', '"flag":1')""",
    "a taken step": """data = replace(data, '"finish":[1', '"finish":[2')""",
    "spelling": "data = data || ' '", "nonsense": "data = '{{'",
    "a personal value": """private = replace(private, 'Taket', 'Golvet')""",
    "no personal values": "private = '{{}}'",
}  # fmt: skip
