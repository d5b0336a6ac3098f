"""A calendar of deadlines: what its reader may see and no more, under names that last."""

from __future__ import annotations

from typing import Any

import pytest
from icalendar import Calendar

from engine.errors import UnknownRoleError, UnknownUnitError
from tests.service.rounds import add, with_rounds


def events_of(content: bytes) -> list[Any]:
    return list(Calendar.from_ical(content).walk("VEVENT"))


def export(house, person, **chosen):
    found = house.by(person).calendars.export("sv", **chosen)
    return found, {str(one["SUMMARY"]): one for one in events_of(found.content)}


def test_calendar__has_the_deadlines_that_its_reader_may_see(house):
    told = house.tell(story="Anna Andersson föll")
    found, events = export(house, "keeper")
    (name,) = events
    assert name == f"[övning] {told}: Titta senast"
    assert (found.deadlines, found.occasions, found.cancelled) == (1, 0, 0)
    event = events[name]
    assert event["DTSTART"].dt.isoformat() == "2026-03-09"
    assert f"hjul show {told}" in str(event["DESCRIPTION"])
    assert b"Anna" not in found.content
    unseen = [
        who for who in ("mender", "head", "kim", "keeper", "boss") if not house.by(who).register.cases().rows
    ]
    assert unseen
    assert all(export(house, who)[1] == {} for who in unseen)


def test_calendar__keeps_its_names_and_strikes_what_is_done(house):
    told = house.tell()
    _, before = export(house, "keeper")
    house.look(told)
    found, after = export(house, "keeper")
    (old,), new = before.values(), after[next(iter(before))]
    assert new["UID"] == old["UID"]
    assert new["STATUS"] == "CANCELLED"
    assert new["SEQUENCE"] > old["SEQUENCE"]
    assert found.cancelled == 1
    house.clock.now = "2026-06-01T08:00:00.000000Z"
    assert next(iter(before)) not in export(house, "keeper")[1]


def test_calendar__is_of_one_role_of_one_unit_or_of_what_is_taken(sqlite_only):
    told = sqlite_only.tell()
    sizes = {
        "role": export(sqlite_only, "keeper", role="keeper")[0].deadlines,
        "other role": export(sqlite_only, "keeper", role="head")[0].deadlines,
        "unit": export(sqlite_only, "keeper", unit="bjork")[0].deadlines,
        "mine": export(sqlite_only, "keeper", mine=True)[0].deadlines,
    }
    assert sizes == {"role": 1, "other role": 0, "unit": 1, "mine": 0}
    sqlite_only.by("keeper").cases.claim(told)
    assert export(sqlite_only, "keeper", mine=True)[0].deadlines == 1
    with pytest.raises(UnknownUnitError):
        export(sqlite_only, "keeper", unit="ingen")
    with pytest.raises(UnknownRoleError):
        export(sqlite_only, "keeper", role="ingen")


def test_calendar__has_what_the_year_wheel_plans_this_year_and_the_next(sqlite_only, tmp_path):
    house = with_rounds(sqlite_only, tmp_path)
    add(house, name="Brandrond; bjud\nin, alla")
    found, _ = export(house, "kim", unit="bjork")
    events = events_of(found.content)
    days = [one["DTSTART"].dt.isoformat() for one in events]
    assert days == [f"{year}-{day}" for year in (2026, 2027) for day in ("03-31", "06-30", "09-30", "12-31")]
    assert found.occasions == 8
    house.by("head").schedules.skip("fire", events[1]["DTSTART"].dt, "flytt", unit="bjork")
    again, _ = export(house, "kim", unit="bjork")
    after = events_of(again.content)
    assert [one["UID"] for one in after] == [one["UID"] for one in events]
    assert (after[1]["STATUS"], after[1]["SEQUENCE"], again.cancelled) == ("CANCELLED", 1, 1)
    assert b"flytt" not in again.content
