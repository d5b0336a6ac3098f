"""The year wheel: who plans, what is opened and when, what was planned against what was done."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from engine.audit.verify import verify_log
from engine.cases.reorganisation import AddUnit, ChangeUnit
from engine.errors import (
    CodeTakenError,
    OccasionError,
    PlanError,
    RefusedError,
    RuleError,
    ScheduleRightError,
    UnknownProcessError,
    UnknownScheduleError,
)
from tests.service.house import House, organise
from tests.service.rounds import add, on, tick, wheel, with_rounds


@pytest.fixture(scope="module", name="made")
def made_rounds(sqlite_house, tmp_path_factory):
    """A file with the house in which rounds are published, to be copied."""
    folder = tmp_path_factory.mktemp("rounds")
    shutil.copyfile(sqlite_house, folder / "hjul.sqlite")
    with_rounds(House(f"sqlite:///{folder / 'hjul.sqlite'}"), folder).close()
    return folder / "hjul.sqlite"


@pytest.fixture(name="rounds")
def copied_rounds(made, tmp_path):
    shutil.copyfile(made, tmp_path / "hjul.sqlite")
    found = House(f"sqlite:///{tmp_path / 'hjul.sqlite'}")
    yield found
    found.close()


def why(said):
    return said.value.why.id.removeprefix("schedule.")


def opening_of(door):
    """The duty that opens cases."""
    return next(duty for duty in door.tick.duties if duty.key == "schedules")


# --- opening


def test_tick__opens_a_case_at_each_unit_once_so_many_days_before(house, tmp_path):
    with_rounds(house, tmp_path)
    preview = add(house)
    assert [str(day) for day in preview.days[:2]] == ["2026-03-31", "2026-06-30"]
    assert (preview.units, preview.plan.day_field) == (("bjork", "ek"), "ready_by")
    assert tick(house) == 2
    assert tick(house) == 0
    on(house, "2026-05-30")
    assert tick(house) == 0
    on(house, "2026-05-31")
    assert tick(house) == 2
    assert wheel(house)[:4] == [
        ("2026-03-31", "bjork", "late", "RON-2026-0001"), ("2026-03-31", "ek", "late", "RON-2026-0002"),
        ("2026-06-30", "bjork", "open", "RON-2026-0003"), ("2026-06-30", "ek", "open", "RON-2026-0004"),
    ]  # fmt: skip
    case = house.by("head").cases.show("RON-2026-0003")
    assert {one.field: one.value for one in case.fields} == {
        "ready_by": "2026-06-30",
        "what": "Utrymningsvägarna",
    }
    assert (case.reporter.code, str(case.tasks[0].due_on)) == (None, "2026-06-30")
    assert case.origin is not None
    assert (case.origin.schedule, case.origin.name, case.origin.on) == ("fire", "Brandrond", "2026-06-30")
    assert house.by("head").cases.show(house.tell()).origin is None
    assert verify_log(house.door().database).ok


def test_tick__catches_up_after_a_standstill_in_order(rounds):
    add(rounds, every="month")
    on(rounds, "2026-06-10")
    assert tick(rounds) == 8
    found = [
        (due, unit)
        for due, unit, _, reference in sorted(wheel(rounds), key=lambda one: one[3] or "~")
        if reference
    ]
    assert found == sorted(found)
    assert {status for due, _, status, _ in wheel(rounds) if due <= "2026-05-31"} == {"late"}


def test_tick__by_several_at_once_opens_each_once(house, tmp_path):
    with_rounds(house, tmp_path)
    add(house, every="month", opens_before=366)
    waiting = opening_of(house.door()).due()
    doors = [house.door() for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        one_by_one = list(pool.map(lambda door: [opening_of(door).open(one) for one in waiting[:9]], doors))
        together = list(pool.map(lambda door: opening_of(door).do(_moment(house), "", 200).done, doors))
    opened = [one for many in one_by_one for one in many if one.reference and not one.repeated]
    assert len(opened) + sum(together) + tick(house) == len(waiting) == 24
    assert len(house.rows("SELECT 1 FROM cases WHERE process = 'round'")) == 24
    assert verify_log(house.door().database).ok


def test_tick__goes_on_where_one_was_killed(rounds, monkeypatch):
    add(rounds, every="month", opens_before=366)
    monkeypatch.setattr("engine.service.opening.TOGETHER", 3)
    for number in range(4):
        door = rounds.door()
        opened: list[object] = []
        original = type(door.unit_of_work).record_all

        def dies(self, *args, opened=opened, original=original, number=number, **more):
            if len(opened) == number:
                raise KeyboardInterrupt
            opened.append(args)
            return original(self, *args, **more)

        with monkeypatch.context() as patched:
            patched.setattr(type(door.unit_of_work), "record_all", dies)
            with pytest.raises(KeyboardInterrupt):
                opening_of(door).do(_moment(rounds), "", 200)
    assert len(rounds.rows("SELECT 1 FROM cases WHERE process = 'round'")) == 3 * (1 + 2 + 3)
    opening_of(rounds.door()).do(_moment(rounds), "", 200)
    references = [reference for _, _, _, reference in wheel(rounds) + wheel(rounds, year=2027) if reference]
    assert len(references) == len(set(references)) == 24
    assert len(rounds.rows("SELECT 1 FROM cases WHERE process = 'round'")) == 24


def _moment(house):
    from engine.service.tick import Moment

    return Moment(house.clock.now, date.fromisoformat(house.clock.now[:10]))


def test_tick__tells_why_a_case_could_not_be_opened_and_opens_the_others(rounds, tmp_path):
    from tests.service.house import publish
    from tests.service.rounds import ROUND

    add(rounds)
    stricter = ROUND.replace("version: 1", "version: 2").replace(
        "asks: [ready_by, what]", "asks: [ready_by, what, result]"
    )
    publish(rounds.door(), tmp_path / "stricter", round=stricter)
    add(rounds, "whole", values={"what": "Dörrar", "result": "Bra"})
    result = next(one for one in rounds.door().tick.run().duties if one.key == "schedules")
    assert result.done == 2
    assert [one.id for one in result.problems] == ["schedule.not_opened"] * 2
    on(rounds, "2026-04-02")
    assert [one[2] for one in wheel(rounds, schedule="fire")[:2]] == ["missed", "missed"]


# --- units that come and go


def test_units__that_come_before_the_day_get_a_case_and_those_that_go_do_not(rounds):
    add(rounds)
    tick(rounds)
    on(rounds, "2026-03-10")
    organise(rounds.door(), AddUnit("ny", "Nygården", "omr", "2026-03-10"))
    organise(rounds.door(), ChangeUnit("ek", to_on="2026-06-29"))
    assert tick(rounds) == 1
    on(rounds, "2026-06-20")
    assert tick(rounds) == 2
    assert [one[:2] for one in wheel(rounds)[:5]] == [
        ("2026-03-31", "bjork"), ("2026-03-31", "ek"), ("2026-03-31", "ny"),
        ("2026-06-30", "bjork"), ("2026-06-30", "ny"),
    ]  # fmt: skip


def test_units__that_come_later_do_not_get_what_has_been(rounds):
    add(rounds)
    on(rounds, "2026-08-01")
    organise(rounds.door(), AddUnit("ny", "Nygården", "omr", "2020-01-01"))
    assert tick(rounds) == 4
    assert [one[1] for one in wheel(rounds) if one[0] < "2026-08-01"] == ["bjork", "ek", "bjork", "ek"]


@pytest.mark.parametrize(
    ("said", "units"),
    [
        ({"units": ["Björkgården"], "under": []}, ("bjork",)),
        ({"units": ["omr"], "under": []}, ("omr",)),
        ({"under": [], "where": {"regi": "extern"}}, ("ek",)),
        ({"under": ["forv"], "where": {"regi": "egen"}}, ("bjork",)),
    ],
)
def test_units__are_named_or_under_another_or_have_an_attribute(rounds, said, units):
    assert add(rounds, **said).units == units


# --- planning


@pytest.mark.parametrize("person", ["kim", "guard", "mender"])
def test_add__is_refused_for_whoever_may_not_open_it_by_hand(rounds, person):
    with pytest.raises(ScheduleRightError):
        add(rounds, person=person)


def test_add__is_for_roles_of_the_opening_step_at_their_units_and_the_administrator(rounds):
    assert add(rounds, "own", person="keeper", units=["bjork"], under=[]).units == ("bjork",)
    with pytest.raises(ScheduleRightError):
        add(rounds, "others", person="keeper", units=["bjork", "ek"], under=[])
    assert add(rounds, "all", person="boss").units == ("bjork", "ek")


@pytest.mark.parametrize(
    ("said", "error", "reason"),
    [
        ({"process": "repair"}, PlanError, "not_by_itself"), ({"step": "walk"}, PlanError, "not_opening"),
        ({"process": "nothing"}, UnknownProcessError, None), ({"under": []}, PlanError, "no_units"),
        ({"first": date(2026, 3, 1)}, PlanError, "begins_in_past"), ({"name": "x" * 121}, PlanError, "name"),
        ({"law": True}, PlanError, "law_source"), ({"opens_before": 367}, PlanError, "opens_before"),
        ({"law": True, "source": "x", "move": "next"}, PlanError, "law_moves"),
        ({"values": {"what": "x", "ready_by": "2026-12-01"}}, PlanError, "fixed_day"),
        ({"day_field": "result"}, PlanError, "no_day_field"), ({"where": {"stad": "x"}}, PlanError, "no_attribute"),
        ({"rule": "FREQ=DAILY"}, RuleError, None), ({"every": None}, RuleError, None),
        ({"values": {}}, RefusedError, None), ({"values": {"what": "x", "damage": "wet"}}, RefusedError, None),
    ],
)  # fmt: skip
def test_add__refuses_what_could_not_be_done_and_writes_nothing(rounds, said, error, reason):
    before = rounds.everything()
    with pytest.raises(error) as found:
        add(rounds, **said)
    if reason is not None:
        assert why(found) == reason
    assert rounds.everything() == before


def test_add__refuses_a_key_that_is_taken_and_a_dry_run_writes_nothing(rounds):
    before = rounds.everything()
    rounds.by("head").schedules.add("fire", {**_said(), "every": "year"}, dry_run=True)
    assert rounds.everything() == before
    add(rounds)
    with pytest.raises(CodeTakenError):
        add(rounds)


def _said():
    from tests.service.rounds import SAID

    return SAID


def test_add__moves_the_days_of_the_law_and_own_ones_as_said(rounds):
    said = {"every": "year", "on": ["08-01"], "opens_before": 0}  # a Saturday in 2026
    law = add(rounds, "law", law=True, source="Lagen", **said)
    own = add(rounds, "own", move="previous", **said)
    stays = add(rounds, "stays", **said)
    assert [str(one.days[0]) for one in (law, own, stays)] == ["2026-08-03", "2026-07-31", "2026-08-01"]
    on(rounds, "2026-07-31")
    assert tick(rounds) == 2


def test_change__holds_from_a_day_and_leaves_what_was_planned_before(rounds):
    add(rounds)
    on(rounds, "2026-04-10")
    rounds.by("head").schedules.change("fire", {"every": "month", "on": ["15"]})
    found = [one[:3] for one in wheel(rounds) if one[1] == "ek"]
    assert found[:3] == [
        ("2026-03-31", "ek", "missed"), ("2026-04-15", "ek", "planned"), ("2026-05-15", "ek", "planned"),
    ]  # fmt: skip
    for from_on, said in ((date(2026, 4, 9), {"every": "year"}), (None, {})):
        with pytest.raises(PlanError):
            rounds.by("head").schedules.change("fire", said, from_on=from_on)
    with pytest.raises(UnknownScheduleError):
        rounds.by("head").schedules.change("fires", {"every": "year"})
    with pytest.raises(ScheduleRightError):
        rounds.by("keeper").schedules.change("fire", {"every": "year"})


def test_end__lets_nothing_come_after_the_last_day(rounds):
    add(rounds)
    service = rounds.by("head").schedules
    service.end("fire", "Ersätts", to_on=date(2026, 6, 30))
    on(rounds, "2026-12-31")
    assert tick(rounds) == 4
    assert [one[0] for one in wheel(rounds)][-1] == "2026-06-30"
    assert rounds.by("head").wheel.list() == ()
    assert [row.key for row in rounds.by("head").wheel.list(ended=True)] == ["fire"]
    with pytest.raises(PlanError):
        service.change("fire", {"every": "year"})


# --- skipping


def test_skip__says_why_and_nothing_is_opened_until_it_is_taken_back(rounds):
    add(rounds)
    rounds.by("keeper").schedules.skip("fire", date(2026, 3, 31), "Ombyggnad", unit="bjork")
    assert tick(rounds) == 1
    assert wheel(rounds)[0] == ("2026-03-31", "bjork", "skipped", None)
    rounds.by("keeper").schedules.skip("fire", date(2026, 3, 31), "Färdigt", unit="bjork", undo=True)
    assert tick(rounds) == 1
    with pytest.raises(OccasionError) as said:
        rounds.by("keeper").schedules.skip("fire", date(2026, 3, 31), "Ombyggnad", unit="bjork")
    assert why(said) == "already_opened"


def test_skip__or_end_meanwhile_lets_nothing_be_opened_that_somebody_found_before(rounds):
    add(rounds)
    add(rounds, "other")
    duty, service = opening_of(rounds.door()), rounds.by("head").schedules
    waiting = duty.due()
    service.skip("fire", date(2026, 3, 31), "Flytt")
    service.end("other", "Ersätts", to_on=date(2026, 3, 2))
    assert [duty.open(found).reference for found in waiting] == [None] * 4
    assert rounds.rows("SELECT 1 FROM cases WHERE process = 'round'") == []


def test_skip__of_all_units_spares_what_was_opened_and_who_comes(rounds):
    add(rounds)
    rounds.by("head").schedules.skip("fire", date(2026, 6, 30), "Sommar")
    on(rounds, "2026-06-15")
    organise(rounds.door(), AddUnit("ny", "Nygården", "omr", "2026-06-15"))
    assert tick(rounds) == 2
    assert {one[2] for one in wheel(rounds) if one[0] == "2026-06-30"} == {"skipped"}
    with pytest.raises(OccasionError) as said:
        rounds.by("head").schedules.skip("fire", date(2026, 6, 30), "Nej", unit="ek", undo=True)
    assert why(said) == "skipped_for_all"


@pytest.mark.parametrize(
    ("person", "day", "unit", "reason", "error"),
    [
        ("head", date(2026, 3, 30), None, "x", OccasionError), ("head", date(2026, 3, 31), "forv", "x", OccasionError),
        ("head", date(2026, 3, 31), None, " ", PlanError), ("keeper", date(2026, 3, 31), None, "x", ScheduleRightError),
        ("keeper", date(2026, 3, 31), "ek", "x", ScheduleRightError),
    ],
)  # fmt: skip
def test_skip__refuses_no_occasion_no_reason_and_no_right(rounds, person, day, unit, reason, error):
    add(rounds)
    with pytest.raises(error):
        rounds.by(person).schedules.skip("fire", day, reason, unit=unit)


def test_skip__means_the_day_it_is_due_when_that_was_moved(rounds):
    add(rounds, every="year", on=["08-01"], law=True, source="Lagen")
    rounds.by("head").schedules.skip("fire", date(2026, 8, 3), "Stängt")
    assert {one[2] for one in wheel(rounds)} == {"skipped"}


# --- planned against done


def test_wheel__says_done_and_whether_too_late_and_hides_cases_that_may_not_be_seen(rounds):
    add(rounds)
    tick(rounds)
    rounds.take("keeper", "RON-2026-0001", "walk", result="Bra")
    on(rounds, "2026-04-05")
    rounds.take("both", "RON-2026-0002", "walk", result="Bra")
    found = rounds.by("head").wheel.year().occasions[:2]
    assert [(one.status, one.was_late, one.reference) for one in found] == [
        ("done", False, "RON-2026-0001"), ("done", True, "RON-2026-0002"),
    ]  # fmt: skip
    assert [one[2:] for one in wheel(rounds, "kim")[:2]] == [("done", None), ("done", None)]
    assert [one[3] for one in wheel(rounds, "keeper")[:2]] == ["RON-2026-0001", None]
    row = rounds.by("kim").wheel.list()[0]
    assert (row.counts["done"], row.counts["planned"], row.next_on) == (2, 6, "2026-06-30")


def test_wheel__of_a_unit_of_a_year_without_anything_and_of_no_plan(rounds):
    assert rounds.by("kim").wheel.list() == ()
    add(rounds)
    assert {one[1] for one in wheel(rounds, unit="ek")} == {"ek"}
    assert wheel(rounds, year=2025) == []
    assert len(wheel(rounds, year=2027)) == 8
    with pytest.raises(UnknownScheduleError):
        wheel(rounds, schedule="nothing")
