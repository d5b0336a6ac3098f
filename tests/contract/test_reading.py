"""What was written is read back: cases, definitions, people, the log in pages, drafts and the access log."""

from __future__ import annotations

from engine.store import access_log, draft
from engine.store.authority import Authority, create_authority, load_authority
from engine.store.event_log import events_in, events_of, streams_in
from engine.store.reading import (
    current_definition,
    find_definition,
    list_definitions,
    list_prefixes,
    load_case,
    load_cases,
    load_document,
    load_person,
    load_person_by_login,
    load_persons,
)
from tests.contract.world import decision

AT = "2026-03-02T08:00:00.000000Z"


def test_load_case__gives_the_case_with_the_head_of_its_stream(world):
    case = world.opened()
    moved = world.judging(case)
    result = world.record(decision(moved)).results[0]
    with world.database.read() as session:
        stored = load_case(session, case.reference)
    assert stored is not None
    assert stored.case == moved.case
    assert (stored.head, stored.definition_hash, stored.definition_id) == (
        result.hash,
        world.document.hash,
        1,
    )


def test_load_case__is_nothing_for_a_reference_that_is_not_there(world):
    with world.database.read() as session:
        assert load_case(session, "ERR-2026-0404") is None


def test_load_cases__gives_those_that_there_are(world):
    one, two = world.opened(), world.opened()
    with world.database.read() as session:
        found = load_cases(session, [two.reference, "ERR-2026-0404", one.reference, two.reference])
    assert {reference: stored.case for reference, stored in found.items()} == {
        one.reference: one, two.reference: two,
    }  # fmt: skip


def test_definitions__are_found_by_process_and_by_hash(world):
    with world.database.read() as session:
        (listed,) = list_definitions(session)
        assert (
            current_definition(session, "errand") == find_definition(session, world.document.hash) == listed
        )
        assert load_document(session, listed.id) == world.document
        assert current_definition(session, "none") is find_definition(session, "none") is None
        assert load_document(session, 404) is None
    assert (listed.process, listed.version, listed.is_current, listed.label.en) == (
        "errand",
        1,
        True,
        "Errand",
    )


def test_list_prefixes__names_those_that_cases_have(world):
    with world.database.read() as session:
        before = list_prefixes(session)
    world.opened()
    with world.database.read() as session:
        assert (tuple(before), tuple(list_prefixes(session))) == ((), ("ERR",))


def test_persons__are_found_by_code_and_by_login(world):
    with world.database.read() as session:
        assert load_person(session, "p2") == load_person_by_login(session, "tva")
        assert load_person(session, "p9") is load_person_by_login(session, "nio") is None
        assert [person.code for person in load_persons(session)] == ["p1", "p2"]


def test_authority__is_said_once(world):
    made = Authority("a1", "Provkommunen", "Europe/Stockholm", training=True)
    with world.database.read() as session:
        assert load_authority(session) is None
    with world.database.write() as session:
        create_authority(session, made, AT)
    with world.database.read() as session:
        assert load_authority(session) == made


def test_events_in__gives_every_event_once_whatever_the_size_of_a_page(world):
    for _ in range(3):
        case = world.opened()
        world.record(decision(world.judging(case)))
    with world.database.read() as session:
        expected = session.raw.execute("SELECT stream_id, seq FROM events ORDER BY stream_id, seq").fetchall()
    for size in (1, 2, 3, 7, 1000):
        found = [(event.stream_id, event.seq) for event in events_in(world.database, size=size)]
        assert found == [tuple(row) for row in expected]


def test_events_in__gives_the_streams_between(world):
    for _ in range(4):
        world.opened()
    ids = [stream.id for stream in streams_in(world.database, size=2)]
    found = {event.stream_id for event in events_in(world.database, after=ids[1], last=ids[3], size=1)}
    assert found == set(ids[2:4])
    assert [stream.id for stream in streams_in(world.database, after=ids[1], last=ids[3])] == ids[2:4]


def test_events_of__gives_one_stream_with_its_payloads(world):
    case = world.opened(story="Mitt ord")
    world.record(decision(world.judging(case)))
    with world.database.read() as session:
        first, second = events_of(session, "case", case.reference)
        assert events_of(session, "case", "ERR-2026-0404") == ()
    assert (first.stream, first.kind, first.to_state, second.from_state) == (
        case.reference, "step", "reported", "reported",
    )  # fmt: skip
    assert "Mitt ord" in (first.payload or "")
    assert second.payload is None
    assert not first.is_erased
    assert bytes(second.prev) == bytes(first.hash)


def test_draft__is_seen_changed_and_dropped_by_its_owner_only(world):
    with world.database.write() as session:
        number = draft.save(
            session,
            person="p1",
            process="errand",
            reference=None,
            step="report",
            content={"story": "Ö"},
            at=AT,
        )
        other = draft.save(
            session, person="p2", process="errand", reference="ERR-2026-0001", step="judge", content={}, at=AT
        )
    assert number != other
    with world.database.write() as session:
        kept = draft.load(session, number, "p1")
        assert kept is not None
        assert (kept.content, kept.reference, kept.created_at) == ({"story": "Ö"}, None, AT)
        assert draft.load(session, number, "p2") is None
        assert not draft.change(session, number, "p2", {}, AT)
        assert draft.change(session, number, "p1", {"story": "Å"}, "later")
        assert not draft.drop(session, number, "p2")
        assert [(d.content, d.changed_at) for d in draft.list_of(session, "p1")] == [
            ({"story": "Å"}, "later")
        ]
        assert draft.drop(session, number, "p1")
        assert draft.list_of(session, "p1") == ()


def test_access_log__is_read_in_the_order_it_was_written_page_by_page(world, monkeypatch):
    with world.database.write() as session:
        for number in range(access_log.PAGE + 3):
            access_log.append(
                session, at=AT, person="p1", operator="p2" if number else None, reference=f"ERR-{number % 2}",
                action="show", outcome="shown",
            )  # fmt: skip
    found = list(access_log.read(world.database))
    assert [access.id for access in found] == sorted(access.id for access in found)
    assert len(found) == access_log.PAGE + 3
    assert found[0].operator is None
    of_one = list(access_log.read(world.database, "ERR-1"))
    assert [access.id for access in of_one] == [a.id for a in found if a.reference == "ERR-1"]
