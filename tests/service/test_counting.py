"""`calendar due`: the day, and which rule moved it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from engine.errors import CalendarRangeError, DoubledHourError, MissingHourError, PeriodError
from engine.service.counting import CountingService


@pytest.fixture(name="service", scope="module")
def counting_service(sqlite_house):
    from engine.store.database import Database

    with Database(f"sqlite:///{sqlite_house}") as database:
        yield CountingService(database, lambda: ZoneInfo("Europe/Stockholm"))


def counted(service, *asked):
    found = service.due(*asked)
    return found.day.isoformat(), found.counted.isoformat(), [what.sv for _, what in found.over]


@pytest.mark.parametrize(
    ("asked", "day", "by_itself", "over"),
    [
        (("2025-12-31", "2 months"), "2026-03-02", "2026-02-28", ["lördag", "söndag"]),
        (("2026-12-31", "2 månader"), "2027-03-01", "2027-02-28", ["söndag"]),
        (("2026-06-05", "14 dagar"), "2026-06-22", "2026-06-19", ["Midsommarafton", "Midsommardagen", "söndag"]),
        (("2026-10-30", "4 months"), "2027-03-01", "2027-02-28", ["söndag"]),
        (("2026-02-06", "2 månader"), "2026-04-07", "2026-04-06", ["Annandag påsk"]),
        (("2026-12-17", "1 week"), "2026-12-28", "2026-12-24", ["Julafton", "Juldagen", "Annandag jul", "söndag"]),
        (("2028-02-29", "1 år"), "2029-02-28", "2029-02-28", []),
        (("2026-12-18", "10 arbetsdagar"), "2027-01-08", "2027-01-08", []),
        (("2026-12-23", "1 day", "working"), "2026-12-28", "2026-12-24",
         ["Julafton", "Juldagen", "Annandag jul", "söndag"]),
    ],
)  # fmt: skip
def test_due__says_the_day_and_what_moved_it(service, asked, day, by_itself, over):
    assert counted(service, *asked) == (day, by_itself, over)


@pytest.mark.parametrize(
    ("start", "at"),
    [
        ("2026-03-28T14:00", "2026-03-29T13:00:00.000000Z"),  # 23 hours on the wall would be 14: it is 15
        ("2026-10-24T14:00", "2026-10-25T12:00:00.000000Z"),  # 13 on the wall
        ("2026-03-28T14:00:00+02:00", "2026-03-29T12:00:00.000000Z"),
    ],
)
def test_due__counts_hours_as_they_pass(service, start, at):
    assert service.due(start, "24 timmar").at == at


@pytest.mark.parametrize(
    ("start", "period", "error"),
    [
        ("2026-03-29T02:30", "24 hours", MissingHourError), ("2026-10-25T02:30", "24 hours", DoubledHourError),
        ("2026-03-01", "snart", PeriodError), ("2090-01-01", "20 years", CalendarRangeError),
    ],
)  # fmt: skip
def test_due__refuses(service, start, period, error):
    with pytest.raises(error):
        service.due(start, period)


def test_due__claims_the_law_only_for_days_that_its_wording_covers(service):
    assert service.due("2005-01-01", "1 month").claimed
    assert not service.due("2004-12-31", "1 month").claimed
