"""Cases opened for rows, in both databases: numbered, linked to their rows, and found again by a replay."""

from tests.cases.test_each_row import MOULD, ORDERING, TORN, WET
from tests.service.house import publish


def test_cases_of_rows__are_recorded_with_their_step(house, tmp_path):
    publish(house.door(), tmp_path / "own", repair=ORDERING.replace("version: 1", "version: 2", 1))
    reference = house.tell()
    house.look(reference)
    rows = {
        f"causes.+{number}.{key}": text
        for number, row in enumerate((WET, TORN, MOULD))
        for key, text in row.items()
    }
    result = house.take("mender", reference, "order_parts", **rows)
    assert [one.reference for one in result.opened] == ["ORD-2026-0001", "ORD-2026-0002"]
    assert house.take("mender", reference, "order_parts").opened == ()
    page = house.by("keeper").cases.show(reference)
    assert {(link.reference, link.row, link.label.sv) for link in page.links} == {
        ("ORD-2026-0001", "causes.r1", "beställning"),
        ("ORD-2026-0002", "causes.r3", "beställning"),
    }
    assert house.by("keeper").audit.verify().ok
