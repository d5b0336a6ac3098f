"""Acts that are registered afterwards: the right is that of the day they are registered."""

from engine.cases.reorganisation import AddPerson, Appoint
from tests.service.house import organise


def test_done_at__is_for_who_has_the_role_today_though_not_on_the_day_of_the_act(house):
    reference = house.tell()
    organise(house.by("boss"), AddPerson("Ny", "2026-03-02", code="new", login="new"))
    organise(house.by("boss"), Appoint("new", "keeper", "bjork", "2026-03-02"))
    result = house.by("new").cases.take_step(
        reference, "question", values={"why": "var låg den"}, occurred_at="2026-02-27"
    )
    assert result.state == "asked"
    event = house.by("new").cases.history(reference)[-1]
    assert event.occurred_at == "2026-02-27T11:00:00.000000Z"
    assert event.recorded_at == "2026-03-02T08:00:00.000000Z"
