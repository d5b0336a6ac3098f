"""A year of practice, run by the clock that is given: whatever the rhythm of `tick`, everything comes once."""

from __future__ import annotations

import shutil
from datetime import date, timedelta

import pytest

from engine.audit.verify import verify_log
from tests.service.house import House
from tests.service.rounds import SAID, with_rounds

FIRST, LAST = date(2026, 3, 2), date(2027, 3, 2)
QUARTERS = ("2026-03-31", "2026-06-30", "2026-09-30", "2026-12-31")
NEXT = "2027-03-31"
"""Opened a month before, and not yet to be reminded of."""
LEVELS = ("-2", "0", "1", "5", "10")
REMINDERS = [
    *((level, "keeper") for level in LEVELS), ("5", "both"), ("10", "both"),  # at bjork; `both` is one level up
    *((level, "both") for level in LEVELS),  # at ek, where nobody else has the role
]  # fmt: skip
RHYTHMS = {
    "monthly": (0, *(31,) * 11),
    "at odds": (0, 1, 1, 45, 3, 0, 90, 2, 28, 7, 7, 120, 1, 1, 60),
}


def year(url, rhythm):
    """Run `tick` through a year, some days apart, and at its end; how many cases and reminders it said it made."""
    day, done = FIRST, {"schedules": 0, "reminders": 0}
    for days in (*RHYTHMS[rhythm], None):
        day = LAST if days is None else min(day + timedelta(days=days), LAST)
        door = House(url).door(now=f"{day}T08:00:00+01:00")
        for one in door.tick.run().duties:
            if one.key in done:
                done[one.key] += one.done
            assert one.status == "done", one
        door.database.close()
    return done


@pytest.fixture(name="planned", scope="module")
def house_with_a_plan(sqlite_house, tmp_path_factory):
    """A file with a house in which rounds are planned each quarter, to be copied."""
    folder = tmp_path_factory.mktemp("year")
    shutil.copyfile(sqlite_house, folder / "hjul.sqlite")
    house = with_rounds(House(f"sqlite:///{folder / 'hjul.sqlite'}"), folder)
    house.by("head").schedules.add("fire", SAID)
    house.close()
    return folder / "hjul.sqlite"


@pytest.mark.parametrize("rhythm", RHYTHMS)
def test_year__opens_each_planned_case_and_reminds_of_it_once(planned, tmp_path, rhythm):
    shutil.copyfile(planned, tmp_path / "hjul.sqlite")
    url = f"sqlite:///{tmp_path / 'hjul.sqlite'}"
    done = year(url, rhythm)
    house = House(url)
    opened = house.rows("SELECT day, unit FROM occasions WHERE status = 'opened' ORDER BY day, unit")
    assert opened == [(day, unit) for day in (*QUARTERS, NEXT) for unit in ("bjork", "ek")]
    assert house.rows("SELECT count(*) FROM cases") == [(len(opened),)]
    keys = [key.split(":") for (key,) in house.rows("SELECT key FROM outbox WHERE key LIKE 'reminder:%'")]
    assert sorted((day, level, person) for *_, day, level, person in keys) == sorted(
        (day, *reminder) for day in QUARTERS for reminder in REMINDERS
    )
    assert done == {"schedules": len(opened), "reminders": len(keys)}
    assert verify_log(house.by("keeper").database).problems == ()
    house.close()
