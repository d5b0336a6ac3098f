"""Recording holds on both databases: all or none, nothing lost or doubled, every conflict explained."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from engine.cases.decision import Message
from engine.cases.event import Deadline
from engine.definition.value import UNKNOWN
from engine.errors import (
    AppointmentEndedError,
    CanonicalError,
    ConcurrentChangeError,
    DuplicateError,
    NotProjectableError,
)
from engine.language.sentence import Words
from engine.store.reading import current_definition, load_case, load_person, load_settings, stream_seq
from tests.contract.checking import check_log, number
from tests.contract.world import AUTHORITY, World, case_of, decision, document, linked, other


def check(world: World) -> dict[str, int]:
    return check_log(world.database, AUTHORITY, world.document.process)


def rows(world: World, sql: str) -> list[tuple]:
    with world.database.read() as session:
        return [tuple(row) for row in session.raw.execute(sql).fetchall()]


def load(world: World, reference: str):
    with world.database.read() as session:
        stored = load_case(session, reference)
    assert stored is not None
    return stored.case


# --- one decision


def test_record__gives_a_new_case_its_reference_and_writes_all_of_it(world):
    opening = world.opening()
    outcome = world.record(world.open(opening))
    (result,) = outcome.results
    assert (result.reference, result.seq, result.step, result.to_state) == (
        "ERR-2026-0001",
        1,
        "report",
        "reported",
    )
    assert not outcome.repeated
    assert load(world, "ERR-2026-0001") == case_of(opening).renamed({"+0": "ERR-2026-0001"})
    assert check(world)["ERR-2026-0001"] == 1


def test_record__moves_a_case_and_what_follows_from_it(world):
    case = world.opened()
    before = rows(world, "SELECT id, step FROM tasks")
    judging = world.judging(case)
    result = world.record(decision(judging)).results[0]
    assert (result.from_state, result.to_state, result.seq) == ("reported", "judged", 2)
    assert load(world, case.reference) == judging.case
    assert [step for _, step in before] == ["judge"]
    assert rows(world, "SELECT id, step FROM tasks") == [(before[0][0], "close")], "changed in place"
    assert rows(world, "SELECT state, seq FROM streams WHERE kind = 'case'") == [("judged", 2)]
    check(world)


def test_record__writes_coded_values_changes_and_removes_them(world):
    case = world.opened()
    first = world.judging(case, coded={"kinds": ["fall", "delay"], "cost": "12.5", "risk": UNKNOWN})
    world.record(decision(first))
    sql = "SELECT field, code, number FROM coded_values ORDER BY field, code"
    assert [(f, c, n and float(n)) for f, c, n in rows(world, sql)] == [
        ("cost", "", 12.5), ("kinds", "delay", None), ("kinds", "fall", None), ("risk", "?", None),
        ("sort", "fall", None),
    ]  # fmt: skip
    second = world.moving(
        case_of(first), "remark", None, coded={"kinds": ["delay"], "risk": "4"}, cleared=("cost",)
    )
    world.record(decision(second))
    assert [(f, c, n and float(n)) for f, c, n in rows(world, sql)] == [
        ("kinds", "delay", None), ("risk", "4", 4.0), ("sort", "fall", None),
    ]  # fmt: skip
    check(world)


def test_record__writes_marks_deadlines_messages_and_who_has_the_case(world):
    case = world.opened()
    due = Deadline("judge", "judge", "lokal", "2026-03-09", "2026-03-02")
    marked = world.moving(
        case, "remark", None, marks={"lex": "read"}, sets={"assignee": "p2"}, deadlines=(due,)
    )
    told = Message("chief", None, "u1", Words("Ny", "New"))
    world.record(decision(replace(marked, messages=(told,))))
    assert rows(world, "SELECT mark, keeps FROM case_marks") == [("lex", "read")]
    assert rows(world, "SELECT due_on, status FROM deadlines") == [("2026-03-09", "open")]
    assert rows(world, "SELECT role, text_en, sent_at FROM outbox") == [("chief", "New", None)]
    assert rows(world, "SELECT assignee FROM cases") == [("p2",)]
    met = replace(due, status="met", settled_on="2026-03-03")
    world.record(
        decision(
            world.moving(
                case_of(marked), "remark", None, marks={"lex": ""}, sets={"assignee": ""}, deadlines=(met,)
            )
        )
    )
    assert rows(world, "SELECT mark FROM case_marks") == []
    assert rows(world, "SELECT status, settled_on FROM deadlines") == [("met", "2026-03-03")]
    assert rows(world, "SELECT assignee FROM cases") == [(None,)]
    check(world)


def test_record__opens_several_cases_of_one_decision_linked_to_each_other(world):
    a, b = linked(world.opening(0), world.opening(1, sort="delay"))
    outcome = world.record(world.open(a, b))
    assert [result.reference for result in outcome.results] == ["ERR-2026-0001", "ERR-2026-0002"]
    assert load(world, "ERR-2026-0001").links[0].other == "ERR-2026-0002"
    assert load(world, "ERR-2026-0002").links[0].other == "ERR-2026-0001"
    check(world)


def test_record__opens_a_case_and_moves_another_in_one(world):
    case = world.opened()
    moving, opening = linked(world.judging(case), world.opening(0))
    world.record(decision(moving, opening))
    assert check(world) == check(world) | {case.reference: 2, "ERR-2026-0002": 1}


def test_record__numbers_each_year_by_itself_and_goes_beyond_four_digits(world):
    for day in ("2025-12-31", "2026-01-01", "2025-12-30"):
        world.record(world.open(world.opening(occurred_on=day)))
    with world.database.write() as session:
        session.raw.execute("UPDATE counters SET last = 9999 WHERE year = 2026")
    world.opened()
    assert sorted(name for (name,) in rows(world, "SELECT name FROM streams WHERE kind = 'case'")) == [
        "ERR-2025-0001", "ERR-2025-0002", "ERR-2026-0001", "ERR-2026-10000",
    ]  # fmt: skip


def test_record__keeps_what_a_person_wrote_out_of_every_body(world):
    case = world.opened(story="Planterad text")
    world.record(decision(world.remarking(case, "Planterad igen")))
    assert all(b"Planterad" not in bytes(body) for (body,) in rows(world, "SELECT body FROM events"))
    assert sum("Planterad" in content for (content,) in rows(world, "SELECT content FROM payloads")) == 2


def test_record__gives_each_personal_value_a_salt_of_its_own(world):
    for _ in range(3):
        world.opened(story="the same")
    bodies = [bytes(body) for (body,) in rows(world, "SELECT body FROM events WHERE seq = 1")]
    commitments = [body.split(b'"commitments":')[1][:90] for body in bodies if b'"story"' in body]
    assert len(commitments) == len(set(commitments)) == 3


# --- refusals leave nothing behind


def test_record__names_who_and_what_came_between(world):
    case = world.opened()
    came = world.remarking(case)
    late = world.judging(case)
    world.record(decision(came))
    with pytest.raises(ConcurrentChangeError) as said:
        world.record(decision(late))
    error = said.value
    assert (error.reference, error.seen, error.now) == (case.reference, 1, 2)
    (change,) = error.changes
    assert (change.seq, change.person, change.kind, change.step) == (2, "p2", "step", "remark")
    assert change.recorded_at == came.event.recorded_at
    assert check(world)[case.reference] == 2


def test_record__refuses_when_a_case_it_relied_on_has_moved(world):
    case, whole = world.opened(), world.opened()
    world.record(decision(world.judging(whole)))
    with pytest.raises(ConcurrentChangeError) as said:
        world.record(decision(world.judging(case), relied=((whole.reference, 1),)))
    assert said.value.reference == whole.reference
    assert check(world)[case.reference] == 1


def test_record__is_content_when_what_it_relied_on_stands_still(world):
    case, whole = world.opened(), world.opened()
    world.record(decision(world.judging(case), relied=((whole.reference, 1),)))
    assert check(world)[case.reference] == 2


def test_record__refuses_to_rely_on_a_case_that_is_not_there(world):
    case = world.opened()
    with pytest.raises(ConcurrentChangeError):
        world.record(decision(world.judging(case), relied=(("ERR-2026-0404", 1),)))


def test_record__leaves_no_gap_in_the_numbers_when_it_is_refused(world):
    case = world.opened()
    world.record(decision(world.remarking(case)))
    with pytest.raises(ConcurrentChangeError):
        world.record(decision(world.opening(0), relied=((case.reference, 1),)))
    assert world.record(world.open()).results[0].reference == "ERR-2026-0002"


def test_record__writes_nothing_of_a_decision_whose_second_part_cannot_be_written(world):
    case = world.opened()
    good, bad = world.judging(case), world.opening(0, coded={"sort": 0.5})
    with pytest.raises(CanonicalError):
        world.record(decision(good, bad))
    assert check(world)[case.reference] == 1
    assert world.record(world.open()).results[0].reference == "ERR-2026-0002"


def test_record__refuses_when_the_appointment_has_ended_meanwhile(world):
    case = world.opened()
    ended = other(
        "organisation", "organisation", 5, "appointment_changed", {"key": "a1", "to_on": "2026-03-01"}
    )
    world.work.record(decision(ended), {})
    with pytest.raises(AppointmentEndedError) as said:
        world.record(decision(world.judging(case), appointments=(1,)))
    assert said.value.reference == case.reference
    assert check(world)[case.reference] == 1


def test_record__takes_an_appointment_on_its_last_day(world):
    case = world.opened()
    ends = other(
        "organisation", "organisation", 5, "appointment_changed", {"key": "a1", "to_on": "2026-03-02"}
    )
    world.work.record(decision(ends), {})
    world.record(decision(world.judging(case), appointments=(1,)))
    assert check(world)[case.reference] == 2


def test_record__refuses_an_appointment_that_never_was(world):
    case = world.opened()
    with pytest.raises(AppointmentEndedError):
        world.record(decision(world.judging(case), appointments=(404,)))


def test_record__refuses_to_begin_a_stream_that_somebody_began(world):
    with pytest.raises(ConcurrentChangeError) as said:
        world.work.record(
            decision(other("organisation", "organisation", 1, "unit_added", {"code": "u9"})), {}
        )
    assert (said.value.seen, said.value.now) == (0, 4)


def test_record__refuses_an_event_that_no_table_shows_and_writes_nothing(world):
    with pytest.raises(NotProjectableError):
        world.work.record(decision(other("settings", "settings", 1, "sung", {"key": "a"})), {})
    assert "settings" not in check(world)


# --- retries


def test_record__gives_a_retry_the_first_outcome(world):
    case = world.opened()
    asked = decision(world.judging(case), command="mine")
    first = world.record(asked)
    world.record(decision(world.remarking(case_of(asked.writes[0]))))
    again = world.record(asked)
    assert again.repeated
    assert again.results == first.results
    assert check(world)[case.reference] == 3


def test_record__opens_no_second_case_for_a_retry(world):
    first = world.record(world.open(world.opening(), command="mine"))
    again = world.record(world.open(world.opening(), command="mine"))
    assert (again.results, again.repeated) == (first.results, True)
    assert world.record(world.open()).results[0].reference == "ERR-2026-0002"


def test_record__gives_the_first_outcome_when_a_retry_was_decided_anew(world):
    case = world.opened()
    first = decision(world.remarking(case), command="mine")
    world.record(first)
    anew = decision(world.remarking(case_of(first.writes[0])), command="mine")
    assert world.record(anew).results[0].seq == 2
    assert check(world)[case.reference] == 2


def test_outcome_of__is_nothing_for_a_command_that_was_never_done(world):
    assert world.work.outcome_of("never") is None
    outcome = world.record(world.open(world.opening(), command="mine"))
    found = world.work.outcome_of("mine")
    assert found is not None
    assert found.results == outcome.results


# --- many in one commit


def test_record_all__writes_decisions_each_upon_those_before(world):
    case = world.opened()
    decisions = []
    for _ in range(5):
        asked, case = world.stepping(case)
        decisions.append(asked)
    outcomes = world.work.record_all(decisions, world.definitions)
    assert [outcome.results[0].seq for outcome in outcomes] == [2, 3, 4, 5, 6]
    assert load(world, case.reference) == case
    check(world)


def test_record_all__opens_many_with_numbers_in_order(world):
    decisions = [world.open(world.opening(sort="delay" if n % 2 else "fall")) for n in range(50)]
    outcomes = world.work.record_all(decisions, world.definitions)
    assert [o.results[0].reference for o in outcomes] == [f"ERR-2026-{n:04d}" for n in range(1, 51)]
    check(world)


def test_record_all__leaves_out_what_was_done_before(world):
    first, second, third = (world.open(world.opening()) for _ in range(3))
    done = world.record(second)
    outcomes = world.work.record_all([first, second, third], world.definitions)
    assert [outcome.repeated for outcome in outcomes] == [False, True, False]
    assert outcomes[1].results == done.results
    assert [o.results[0].reference for o in outcomes] == ["ERR-2026-0002", "ERR-2026-0001", "ERR-2026-0003"]
    check(world)


def test_record_all__writes_nothing_when_one_cannot_be_written(world):
    case = world.opened()
    with pytest.raises(ConcurrentChangeError):
        world.work.record_all(
            [world.open(), decision(world.judging(case)), decision(world.judging(case))], world.definitions
        )
    assert check(world)[case.reference] == 1
    assert world.record(world.open()).results[0].reference == "ERR-2026-0002"


def test_record_all__of_nothing_is_nothing(world):
    assert world.work.record_all([], {}) == []


def test_record_all__refuses_a_command_that_is_there_twice(world):
    with pytest.raises(DuplicateError):
        world.work.record_all([world.open(command="same"), world.open(command="same")], world.definitions)
    assert "ERR-2026-0001" not in check(world)


# --- streams that are no cases


def test_record__publishes_a_definition_and_makes_it_the_current_one(world):
    newer = document(title="{sort}")
    data = {"version": 2, "hash": newer.hash, "parameters": {}}
    world.work.record(decision(other("process", "errand", 2, "published", data)), {}, [newer])
    with world.database.read() as session:
        found = current_definition(session, "errand")
    assert found is not None
    assert found.hash == newer.hash
    again = other(
        "process", "errand", 3, "published", {"version": 1, "hash": world.document.hash, "parameters": {}}
    )
    world.work.record(decision(again), {})
    with world.database.read() as session:
        found = current_definition(session, "errand")
        assert found is not None
        assert found.hash == world.document.hash
        assert number(session, "definitions") == 2


def test_record__keeps_what_an_organisation_event_does_not_name(world):
    events: tuple[tuple[str, dict, dict], ...] = (
        ("person_changed", {"code": "p1"}, {"title": "Chef"}),
        ("person_changed", {"code": "p1"}, {"login": "", "title": ""}),
        ("unit_changed", {"code": "u1", "attributes": {"regi": "egen"}}, {}),
    )
    world.work.record_all(
        [decision(other("organisation", "organisation", n, *said)) for n, said in enumerate(events, start=5)],
        {},
    )
    with world.database.read() as session:
        person = load_person(session, "p1")
        assert stream_seq(session, "organisation", "organisation") == 7
    assert person is not None
    assert (person.name, person.login, person.title) == ("Namn Ett", None, "")
    assert rows(world, "SELECT name, attributes FROM units") == [("Enhet 1", '{"regi":"egen"}')]
    check(world)


def test_record__sets_a_setting_and_sets_it_again(world):
    for seq, value in enumerate(("a", "b"), start=1):
        world.work.record(
            decision(other("settings", "settings", seq, "set", {"key": "mail", "value": value})), {}
        )
    with world.database.read() as session:
        assert load_settings(session) == {"mail": "b"}


# --- at the same time


def persistently(world: World, reference: str, times: int) -> int:
    """Remark on a case as often as said, each time upon what is there; tells how many conflicts there were."""
    conflicts = explained = 0
    for _ in range(times):
        while True:
            try:
                world.record(decision(world.remarking(load(world, reference))))
                break
            except ConcurrentChangeError as error:
                explained += bool(error.changes)
                conflicts += 1
    assert explained == conflicts
    return conflicts


def test_record__loses_and_doubles_nothing_with_eight_writers_on_one_case(world):
    case = world.opened()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: persistently(world, case.reference, 10), range(8)))
    assert check(world)[case.reference] == 81


def test_record__loses_and_doubles_nothing_with_eight_writers_on_many_cases(world):
    cases = [world.opened() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda case: persistently(world, case.reference, 10), cases))
    counts = check(world)
    assert {counts[case.reference] for case in cases} == {11}


def test_record__numbers_without_gap_with_eight_writers_opening(world):
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda _: world.record(world.open(world.opening())), range(40)))
    assert sorted(outcome.results[0].reference for outcome in outcomes) == [
        f"ERR-2026-{number:04d}" for number in range(1, 41)
    ]
    check(world)


def test_record__does_a_command_once_when_eight_send_it_at_once(world):
    asked = world.open(world.opening(), command="mine")
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda _: world.record(asked), range(8)))
    assert {outcome.results for outcome in outcomes} == {outcomes[0].results}
    assert sum(not outcome.repeated for outcome in outcomes) == 1
    check(world)


def test_record__lets_only_one_of_two_that_rely_on_each_other(world):
    def attempt(asked) -> bool:
        try:
            world.record(asked)
        except ConcurrentChangeError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        for _ in range(15):
            a, b = world.opened(), world.opened()
            both = (
                decision(world.judging(a), relied=((b.reference, 1),)),
                decision(world.judging(b), relied=((a.reference, 1),)),
            )
            assert sum(pool.map(attempt, both)) == 1
    check(world)


def test_record__waits_in_no_ring_when_decisions_write_many_cases_in_other_orders(world):
    cases = [world.opened() for _ in range(6)]
    references = [case.reference for case in cases]

    def sweep(turn: int) -> int:
        done = 0
        for _ in range(5):
            order = references[turn:] + references[:turn]
            while True:
                try:
                    world.record(decision(*(world.remarking(load(world, name)) for name in order)))
                    done += 1
                    break
                except ConcurrentChangeError:
                    continue
        return done

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(sweep, range(6))) == [5] * 6
    counts = check(world)
    assert {counts[name] for name in references} == {31}
