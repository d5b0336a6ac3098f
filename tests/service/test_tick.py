"""`tick`: what is due is done once, in order, by one worker at a time, whoever dies on the way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

import pytest

from engine.errors import DatabaseBusyError, FutureTickError, HjulError
from engine.language.sentence import sentence
from engine.service.tick import Batch, Moment, TickService
from engine.store.duty import hold, load_beats

TODAY = date(2026, 3, 2)


@dataclass
class Days:
    """A duty with one thing for each day from `first`: kept outside, as the database would."""

    first: date = date(2026, 2, 20)
    done: list = field(default_factory=list)
    seen: list = field(default_factory=list)
    key: str = "days"
    dies: int = 1000
    error: HjulError | None = None

    def due(self, moment: Moment) -> list[str]:
        ordinals = range(self.first.toordinal(), moment.day.toordinal() + 1)
        return [day for day in map(str, map(date.fromordinal, ordinals)) if day not in self.done]

    def count(self, moment):
        return len(self.due(moment))

    def do(self, moment, after, most):
        self.seen.append((moment.day, after))
        if self.error is not None:
            raise self.error
        days = [day for day in self.due(moment) if day > after][:3]
        for day in days:
            if len(self.done) == self.dies:
                raise KeyboardInterrupt
            self.done.append(day)
        more = days and days[-1] < str(moment.day)
        return Batch(len(days), days[-1] if more else None, (sentence("value.required"),) if not days else ())


def service(house, *duties, **changes) -> TickService:
    app = house.by("keeper")
    made = TickService(app.database, app.clock, house.clock, app.new_id, app.zone, duties)
    return replace(made, **changes)


def at(house, day, hour=8):
    house.clock.now = f"{day}T{hour:02}:00:00.000000Z"


def test_tick__does_what_is_due_once(house):
    duty = Days()
    first, again = (service(house, duty).run() for _ in range(2))
    assert (first.done, again.done) == (11, 0)
    assert first.days == 0
    assert duty.done == sorted(set(duty.done))


def test_tick__catches_up_day_by_day_after_a_standstill(house):
    duty, other = Days(key="days"), Days(key="other")
    service(house, duty, other).run()
    duty.seen.clear()
    at(house, "2026-03-23")
    result = service(house, duty, other).run()
    assert result.days == 21
    assert [day for day, _ in duty.seen] == [date(2026, 3, number) for number in range(2, 24)]
    assert duty.done[-1] == other.done[-1] == "2026-03-23"


def test_tick__has_no_days_to_catch_up_across_the_clock_changes(house):
    at(house, "2026-03-28", 22)
    service(house, Days()).run()
    at(
        house, "2026-03-29", 22
    )  # 30 March 00:00 on the wall: two midnights have passed, 23 hours between them
    duty = Days(done=[])
    assert service(house, duty).run().days == 2
    assert [day.day for day, _ in duty.seen if _ == ""] == [28, 29, 30]


def test_tick__until_does_no_more_than_that_and_refuses_the_future(house):
    duty = Days()
    service(house, duty).run("2026-02-25")
    assert duty.done[-1] == "2026-02-25"
    with pytest.raises(FutureTickError):
        service(house, duty).run("2026-03-03")
    assert service(house, duty).run("2026-03-02").through == house.clock.now


def test_tick__killed_anywhere_goes_on_where_it_was(house):
    duty = Days()
    for dies in range(11):
        duty.dies = dies
        with pytest.raises(KeyboardInterrupt):
            service(house, duty).run()
        assert len(duty.done) == dies
    duty.dies = 1000
    service(house, duty).run()
    assert duty.done == sorted(set(duty.done))
    assert len(duty.done) == 11


def test_tick__leaves_to_another_what_that_one_has(house):
    with house.by("keeper").database.write() as session:
        assert hold(session, "days", "another", "2026-03-02T07:59:50.000000Z", "2026-03-02T08:00:50.000000Z")
    mine, free = Days(), Days(key="free")
    result = service(house, mine, free).run()
    assert [one.status for one in result.duties] == ["elsewhere", "done"]
    assert (mine.done, len(free.done)) == ([], 11)
    house.clock.now = "2026-03-02T08:01:00.000000Z"  # the lease has run out: the other is dead
    assert service(house, mine, free).run().duties[0].done == 11


def test_tick__keeps_a_duty_for_as_long_as_it_works(house):
    @dataclass
    class Slow(Days):
        def do(self, moment, after, most):
            now = house.clock.now
            with house.by("keeper").database.write() as session:
                assert not hold(session, "days", "another", now, now)
            second = int(now[14:16]) * 60 + int(now[17:19]) + 40
            house.clock.now = f"2026-03-02T08:{second // 60:02}:{second % 60:02}.000000Z"
            return super().do(moment, after, most)

    duty = Slow()
    assert service(house, duty).run().done == 11
    assert house.clock.now == "2026-03-02T08:02:40.000000Z"


def test_tick__gives_a_duty_back_when_it_ends(house):
    service(house, Days()).run()
    assert house.rows("SELECT key, owner, held_until FROM duties ORDER BY key") == [
        ("days", None, None), ("tick", None, None)
    ]  # fmt: skip


def test_tick__one_that_fails_does_not_stop_the_others(house):
    bad, good = Days(key="bad", error=DatabaseBusyError(1.0)), Days(key="good")
    result = service(house, bad, good).run()
    assert [one.status for one in result.duties] == ["failed", "done"]
    assert not result.is_whole
    with house.by("keeper").database.read() as session:
        beats = load_beats(session)
    assert "tick" not in beats
    assert beats["bad"].through is None
    assert beats["good"].through == house.clock.now


def test_tick__tells_how_far_it_has_come(house):
    told = []
    service(house, Days()).run(progress=lambda done, total: told.append((done, total)))
    assert told == [(3, 11), (6, 11), (9, 11), (11, 11)]


def test_heartbeat__is_late_after_the_hours_of_the_setting_but_never_in_training(house, monkeypatch):
    app = house.by("boss")
    assert not app.heartbeat.listen().is_late
    at(house, "2026-03-12")
    assert not app.heartbeat.listen().is_late
    live = replace(app.heartbeat, training=lambda: False)
    assert live.listen().is_late
    service(house, Days()).run()
    assert not live.listen().is_late
    app.settings.set("tick_late_hours", "3")
    at(house, "2026-03-12", 11)
    assert not live.listen().is_late
    at(house, "2026-03-12", 12)
    assert live.listen().is_late
