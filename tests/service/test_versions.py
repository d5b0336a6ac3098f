"""Cases that keep the rules of an older version: what their page says, and how a coordinator finds them."""

import pytest

from tests.cases.toy import REPAIR
from tests.service.house import ORDER_AGAIN, publish

ADDS = REPAIR.replace("version: 1", "version: 2").replace("sv: Anmäld, en: Told", "sv: Ny, en: New")
DEMANDS = REPAIR.replace("version: 1", "version: 2").replace(
    "asks: [story]\n    may_ask", "asks: [story, price]\n    may_ask"
)


def show(house, reference):
    case = house.by("keeper").cases.show(reference)
    return case.version, case.newest_version, case.adopts


def renew(house, folder, text):
    publish(house.door(), folder / "newer", order=ORDER_AGAIN, repair=text)


def open_and_older(house):
    return {row.process: (row.open_cases, row.keep_older) for row in house.by("keeper").processes.list()}


def test_version__of_a_case_by_the_rules_in_force_is_not_dwelt_on(house):
    assert show(house, house.tell()) == (1, None, False)


def test_version__that_the_case_will_adopt_is_told_until_it_has(house, tmp_path):
    reference = house.tell()
    renew(house, tmp_path, ADDS)
    assert show(house, reference) == (1, 2, True)
    assert open_and_older(house) == {"order": (0, 0), "repair": (1, 0)}
    assert house.by("keeper").register.cases(older_rules=True).rows == ()
    house.take("keeper", reference, "move", to_unit="ek")
    assert house.by("both").cases.show(reference).newest_version is None


def test_version__that_the_case_keeps_is_told_and_listed(house, tmp_path):
    kept, ended = (
        house.tell(),
        house.by("keeper").cases.open_case("order", unit="bjork", values={"what": "x"}),
    )
    renew(house, tmp_path, DEMANDS)
    fresh = house.tell(price="5")
    assert show(house, kept) == (1, 2, False)
    assert show(house, fresh) == (2, None, False)
    assert open_and_older(house) == {"order": (1, 0), "repair": (2, 1)}
    cases = house.by("both").register.cases
    assert [row.reference for row in cases(older_rules=True).rows] == [kept]
    assert cases(older_rules=True, process="order").rows == ()
    assert {row.reference for row in cases().rows} == {kept, fresh, ended.reference}


@pytest.mark.parametrize("seen", ["guard", "both"])
def test_version__lists_of_older_rules_count_what_is_hidden(house, tmp_path, seen):
    house.tell()
    renew(house, tmp_path, DEMANDS)
    page = house.by(seen).register.cases(older_rules=True)
    assert len(page.rows) + page.hidden == 1


def test_show__one_who_may_only_take_a_step_sees_the_envelope(house):
    reference = house.tell()
    house.take("keeper", reference, "hand_over", why="x")
    case = house.by("guard").cases.show(reference)
    assert (case.level, case.fields, case.entries) == ("envelope", (), ())
    assert [one.step for one in case.steps if one.open] == ["give_back"]
