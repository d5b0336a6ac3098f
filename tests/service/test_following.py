"""Deadlines that run from another case, in both databases: recorded with what happened there, shown, and replayed."""

import pytest

from engine.service.bulk import Selection
from tests.cases.test_following import followed
from tests.cases.toy import ORDER
from tests.service.house import publish
from tests.service.test_together import doors, settled, together

BULK = ORDER.replace("version: 1", "version: 2").replace("asks: [came]}", "asks: [came], bulk: allowed}")
DAY = {"came": "2026-03-01"}


@pytest.fixture(autouse=True)
def following(house, tmp_path):
    """Repairs to be finished within a time from what happens to their orders."""
    text = followed().replace("version: 1", "version: 2", 1)
    publish(house.door(), tmp_path / "own", order=BULK, repair=text)


def repair(house):
    reference = house.tell()
    house.look(reference)
    return reference


def ordered(house, reference):
    return (
        house.by("keeper")
        .cases.open_case("order", unit="bjork", values={"what": "x"}, link_to=reference)
        .reference
    )


def deadline(house, reference, person="keeper"):
    page = house.by(person).cases.show(reference)
    found = {one.key: one for one in page.deadlines}
    return found.get("after_order")


def test_deadline__is_recorded_with_the_step_and_shown_with_its_case(house):
    told = repair(house)
    order = ordered(house, told)
    house.take("keeper", order, "receive", **DAY)
    one = deadline(house, told)
    assert (one.status, str(one.due_on), one.of) == ("open", "2026-03-12", order)
    assert deadline(house, told, "kim").of == "", "whose reporter may not know of the order"
    row = house.by("keeper").cases.history(told)[-1]
    assert (row.kind, row.follows, [change.status for change in row.timed]) == (
        "deadline",
        order,
        ["open", "open"],
    )
    assert house.by("kim").cases.history(told)[-1].follows == ""
    tasks = house.by("mender").register.tasks(mine=True).rows
    assert [(task.reference, task.step, str(task.due_on)) for task in tasks] == [
        (told, "finish", "2026-03-06")
    ]
    assert house.by("keeper").audit.verify().ok


def test_deadline__moves_with_a_corrected_fact(house):
    told = repair(house)
    order = ordered(house, told)
    house.take("keeper", order, "receive", **DAY)
    house.by("keeper").cases.amend(order, {"came": "2026-02-27"}, "skrivfel")
    found = {one.key: str(one.due_on) for one in house.by("keeper").cases.show(told).deadlines}
    assert (found["by_day"], found["after_order"]) == ("2026-03-04", "2026-03-12")
    assert house.by("keeper").audit.verify().ok


def test_deadline__of_a_case_that_its_step_opens_names_it_by_its_number(house, tmp_path):
    order = BULK.replace("version: 2", "version: 3").replace(
        "bulk: allowed}", "bulk: allowed, due: {period: 7 days, from: {linked: for_repair, step: hand_over}}}"
    )
    publish(house.door(), tmp_path / "more", order=order)
    told = repair(house)
    opened = house.take("both", told, "hand_over", why="svår").opened[0].reference
    (one,) = house.by("keeper").cases.show(opened).deadlines
    assert (one.of, str(one.due_on)) == (told, "2026-03-09")
    assert house.by("keeper").audit.verify().ok


def test_deadline__is_one_when_two_cases_move_at_once(house):
    told = repair(house)
    orders = [ordered(house, told) for _ in range(4)]
    apps = doors(house, "keeper", len(orders))
    found = together(*(
        lambda app=app, order=order: app.cases.take_step(order, "receive", values=DAY)
        for app, order in zip(apps, orders, strict=True)
    ))  # fmt: skip
    assert len(settled(found)) == len(orders)
    events = [row.kind for row in house.by("keeper").cases.history(told)]
    assert events.count("deadline") >= 1
    assert deadline(house, told).of == orders[-1], "of those that came at the same instant, the last"
    assert house.by("keeper").audit.verify().ok


def test_bulk__lets_deadlines_follow(house):
    told = [repair(house) for _ in range(3)]
    orders = [ordered(house, one) for one in told]
    bulk = house.by("keeper").bulk
    plan = bulk.plan(Selection("order"), "receive", values=DAY)
    assert set(bulk.take(plan, values=DAY, together=True).done) == set(orders)
    assert [deadline(house, one).of for one in told] == orders
    assert house.by("keeper").audit.verify().ok
