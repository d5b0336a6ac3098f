"""Reminders of deadlines: each once, to the right people, whenever and by however many `tick` is run."""

from __future__ import annotations

from collections import Counter

import pytest

from engine.cases.reorganisation import Appoint
from tests.service.house import organise

LADDER = [
    ("-2", "keeper"),
    ("0", "keeper"),
    ("1", "keeper"),
    *((day, who) for day in ("5", "10") for who in ("keeper", "both")),
]
"""`both` is keeper one level up."""


def at(house, day):
    house.clock.now = f"{day}T08:00:00.000000Z"


def tick(house):
    return house.by("keeper").tick.run()


def reminders(house):
    return house.rows("SELECT key, person, text_sv FROM outbox WHERE key LIKE 'reminder:%' ORDER BY id")


def short(house):
    return [(key.split(":")[4], person) for key, person, _ in reminders(house)]


@pytest.fixture(name="told")
def told_repair(house):
    return house.tell()  # told on Monday 2 March; to be looked at by Monday 9 March


def test_reminders__come_before_on_and_after_the_day_each_once(house, told):
    for number in (2, 7, 8, 9, 10, 14, 19, 30):
        at(house, f"2026-03-{number:02}")
        tick(house)
        tick(house)
    assert short(house) == LADDER
    assert reminders(house)[0][2] == f"{told}: Titta ska vara klart senast 2026-03-09."
    assert reminders(house)[2][2] == f"{told}: Titta är försenat. Det skulle ha varit klart 2026-03-09."


def test_reminders__go_up_when_it_is_far_too_late(house, told):
    organise(house.by("keeper"), Appoint("head", "keeper", "forv", "2026-01-01"))  # beyond the next level
    at(house, "2026-03-14")
    tick(house)
    assert set(short(house)) == {("5", "keeper"), ("5", "both")}


def test_reminders__are_caught_up_in_order_after_a_standstill(house, told):
    tick(house)
    at(house, "2026-03-30")
    tick(house)
    assert short(house) == LADDER


def test_reminders__end_with_the_step_and_begin_anew_with_a_new_day(house, told):
    at(house, "2026-03-09")
    tick(house)
    house.look(told)
    at(house, "2026-03-20")
    tick(house)
    assert short(house) == [("0", "keeper")]


def test_reminders__follow_the_settings(house, told):
    house.by("boss").settings.set("remind_days", "3")
    at(house, "2026-03-12")
    assert tick(house).done == 1
    house.by("boss").settings.set("remind_days", "")
    other = house.tell()
    at(house, "2026-04-30")
    tick(house)
    assert [key for key, _, _ in reminders(house) if other in key] == []


def test_reminders__killed_between_two_batches_are_neither_lost_nor_doubled(house):
    references = [house.tell() for _ in range(5)]
    at(house, "2026-03-09")
    for allowed in range(4):
        app = house.door()
        app.tick.batch = 2
        app.tick.duties = tuple(
            Dying(one, allowed) if one.key == "reminders" else one for one in app.tick.duties
        )
        with pytest.raises(KeyboardInterrupt):
            app.tick.run()
    tick(house)
    assert Counter(key.split(":")[1] for key, _, _ in reminders(house)) == dict.fromkeys(references, 1)


class Dying:
    """A duty whose worker dies after some batches."""

    def __init__(self, duty, batches):
        self.duty, self.left, self.key = duty, batches, duty.key

    def count(self, moment):
        return self.duty.count(moment)

    def do(self, moment, after, most):
        if not self.left:
            raise KeyboardInterrupt
        self.left -= 1
        found = self.duty.do(moment, after, most)
        if found.after is None:
            raise KeyboardInterrupt
        return found
