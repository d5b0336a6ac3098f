"""Lists: what is found, what is only counted, page after page."""

from datetime import date

import pytest

from engine.cases.reorganisation import Appoint
from engine.errors import (
    FieldOrderError,
    NotFoundError,
    PeriodBackwardsError,
    UnknownCodeError,
    UnknownFieldError,
    UnknownPageError,
    UnknownProcessError,
    UnknownRoleError,
    UnknownStateError,
    UnknownUnitError,
    WhereError,
)
from tests.cases.toy import REPAIR
from tests.service.house import ORDER_AGAIN, organise, publish


def fill(house):
    """Eight repairs at two units."""
    told = [
        ("bjork", {"damage": "wet"}), ("bjork", {"damage": "wet_mould", "found": "2026-02-01"}),
        ("bjork", {"damage": "?", "found": "2026-02-10T08:00"}), ("bjork", {}), ("ek", {"damage": "wet"}),
        ("ek", {"damage": "torn", "also": "wet,torn", "found": "2026-01-01"}), ("ek", {}), ("bjork", {"also": "torn"}),
    ]  # fmt: skip
    found = []
    for minute, (unit, values) in enumerate(told):
        house.clock.now = f"2026-03-02T08:{minute:02d}:00.000000Z"
        found.append(house.tell("lo" if minute == 3 else "kim", unit, **values))
    house.look(found[0], how_bad="3", how_dear="1")
    house.look(found[1], how_bad="2", how_dear="2")
    return found


def numbers(page):
    return sorted(int(row.reference[-4:]) for row in page.rows)


# --- what is asked


WANTED = [
    (["damage=wet"], [1, 2, 5]), (["damage=wet,torn"], [1, 2, 5, 6]), (["damage = wet"], [1, 2, 5]),
    (["damage!=wet"], [3, 6]), (["damage=?"], [3]), (["damage!=?"], [1, 2, 5, 6]), (["also=torn"], [6, 8]),
    (["risk>=3"], [1, 2]), (["risk>3"], [2]), (["risk>3,5"], [2]),
    (["risk<4"], [1]), (["risk=4"], [2]), (["risk=4.0"], [2]),
    (["flag=ja"], [1, 2]), (["flag=Yes"], [1, 2]), (["flag=nej"], []), (["found<2026-02-05"], [2, 6]),
    (["found>=2026-02-01"], [2, 3]), (["damage=wet", "risk>=1"], [1, 2]),
    (["risk=999999999999999999"], []), (["Skada=Väta"], [1, 2, 5]), (["skada!=vata"], [3, 6]),
    (["Hur illa = stor"], [1]), (["how_bad>=2"], [1, 2]), (["found>=1 februari"], [2, 3]), (["Hittad<5/2"], [2, 6]),
    (["causes.kind=wet"], []),
]  # fmt: skip
JUNK = [
    "", "damage", "=wet", "damage=", "damage= ", "damage==", "damage=,", "damage!=,", "damage=, ,",
    "damage~wet", "risk<", "risk=>3", "\x00=1", "damage=\x00",
]  # fmt: skip
UNFIT = [
    "risk>=much", "risk>?", "risk>=1e5", "risk>NaN", "risk>2026-02-30", "risk>--1", "risk=2026-01-01", "found=3",
    "found>2026-02-30", "found>=soon", "damage>wet", "flag<ja", "also>=torn",
]  # fmt: skip
NOWHERE: dict[str, type[NotFoundError]] = {
    "nothing=1": UnknownFieldError, "1=1": UnknownFieldError, "dam age=wet": UnknownFieldError,
    "story=våt bok": UnknownFieldError, "causes=1": UnknownFieldError, "damage=dry": UnknownCodeError,
    "damage=wet,dry": UnknownCodeError, "damage=' OR 1=1 --": UnknownCodeError, "damage=%": UnknownCodeError,
    "flag=kanske": UnknownCodeError,
}  # fmt: skip


def test_where__finds_by_values_that_count(house):
    fill(house)
    found = [(where, numbers(house.by("both").register.cases(where=where))) for where, _ in WANTED]
    assert found == WANTED


def test_where__what_is_no_demand_is_said_as_such(house):
    for where in JUNK:
        with pytest.raises(WhereError):
            house.by("both").register.cases(where=[where])


def test_where__what_a_field_cannot_be_compared_with_is_said(house):
    for where in UNFIT:
        with pytest.raises(FieldOrderError):
            house.by("both").register.cases(where=[where])


def test_where__a_name_that_nothing_has_is_said_with_what_there_is(house):
    fill(house)
    for where, expected in NOWHERE.items():
        with pytest.raises(expected) as error:
            house.by("both").register.cases(where=[where])
        assert error.value.suggestions
    with pytest.raises(UnknownFieldError):
        house.by("both").register.cases(process="order", where=["damage=wet"])


def test_cases__every_name_is_taken_as_people_say_it(house):
    fill(house)
    cases = house.by("both").register.cases
    assert numbers(cases(process="Lagning", state="Öppen")) == [1, 2]
    assert numbers(cases(process="LAGNING", state="oppen")) == [1, 2]
    assert numbers(cases(state="Open")) == [1, 2]
    assert numbers(cases(state="Told")) == [3, 4, 5, 6, 7, 8]
    tasks = house.by("keeper").register.tasks
    assert tasks(role="vårdare").rows == tasks(role="KEEPER").rows == tasks(role="keeper").rows != ()


def test_cases__a_name_that_nothing_has_is_refused_with_what_there_is(house):
    cases, tasks = house.by("both").register.cases, house.by("both").register.tasks
    with pytest.raises(UnknownStateError) as error:
        cases(process="order", state="told")
    assert error.value.suggestions == ("here", "never", "wanted")
    with pytest.raises(UnknownProcessError):
        cases(process="repairs")
    with pytest.raises(UnknownRoleError):
        tasks(role="emperor")
    with pytest.raises(UnknownStateError):
        cases(state="_")


def test_lists__an_empty_name_is_no_filter_left_out(house):
    """A script whose variable is empty must not get everything."""
    both = house.by("both").register
    for empty, expected in (
        ("process", UnknownProcessError),
        ("state", UnknownStateError),
        ("unit", UnknownUnitError),
    ):
        with pytest.raises(expected):
            both.cases(**{empty: ""})
    for empty, error in (("role", UnknownRoleError), ("unit", UnknownUnitError)):
        with pytest.raises(error):
            both.tasks(**{empty: ""})


def test_cases__a_status_of_an_older_version_is_still_a_name(house, tmp_path):
    reference = house.tell()
    newer = REPAIR.replace("version: 1", "version: 2").replace("sv: Anmäld, en: Told", "sv: Ny, en: New")
    publish(house.door(), tmp_path / "newer", order=ORDER_AGAIN, repair=newer)
    for word in ("told", "Ny", "Anmäld"):
        assert [row.reference for row in house.by("both").register.cases(state=word).rows] == [reference]


def test_cases__days_that_end_before_they_begin_are_refused(house):
    cases = house.by("both").register.cases
    with pytest.raises(PeriodBackwardsError):
        cases(from_=date(2026, 3, 2), to=date(2026, 3, 1))
    assert cases(from_=date(2026, 3, 2), to=date(2026, 3, 2)).rows == ()


def test_cases__by_process_state_unit_and_day(house):
    fill(house)
    cases = house.by("both").register.cases
    assert numbers(cases(process="repair", state="open")) == [1, 2]
    assert numbers(cases(unit="Ekgården")) == [5, 6, 7]
    assert numbers(cases(unit="omr", open_only=True)) == list(range(1, 9))
    assert cases(process="order").rows == cases(state="never").rows == ()
    with pytest.raises(UnknownUnitError):
        cases(unit="nowhere")


def test_cases__mine_are_those_i_reported(house):
    fill(house)
    page = house.by("kim").register.cases(mine=True)
    assert (numbers(page), page.hidden, {row.level for row in page.rows}) == (
        [1, 2, 3, 5, 6, 7, 8],
        0,
        {"envelope"},
    )


def test_cases__what_may_not_be_seen_is_counted(house):
    fill(house)
    keeper = house.by("keeper").register.cases()
    assert (numbers(keeper), keeper.hidden) == ([1, 2, 3, 4, 8], 3)
    guard = house.by("guard").register.cases()
    assert (guard.rows, guard.hidden, guard.next) == ((), 8, None)
    assert house.by("guard").register.cases(process="repair").hidden == 8


@pytest.mark.parametrize("narrow", [{"unit": "ek"}, {"state": "told"}, {"to": date(2026, 3, 2)}])
def test_cases__what_may_not_be_seen_is_not_counted_in_a_part(house, narrow):
    fill(house)
    assert house.by("guard").register.cases(process="repair", **narrow).hidden == 0, (
        "it would tell of one case"
    )


def test_cases__a_demand_on_a_field_finds_what_is_read_only(house):
    found = fill(house)
    page = house.by("kim").register.cases(where=["damage=wet"])
    assert (page.rows, page.hidden) == ((), 0), "a count would tell what hidden cases hold"
    house.take("keeper", found[0], "hand_over", why="x")
    page = house.by("keeper").register.cases(where=["damage=wet"])
    assert (numbers(page), page.hidden) == ([2], 0)
    assert (
        next(r for r in house.by("keeper").register.cases().rows if r.reference == found[0]).level
        == "envelope"
    )


@pytest.mark.parametrize("size", [1, 2, 3, 8, 50])
def test_cases__every_page_once_without_gaps(house, size):
    fill(house)
    seen, after = [], None
    while True:
        page = house.by("both").register.cases(after=after, limit=size)
        seen += [row.reference for row in page.rows]
        after = page.next
        if after is None:
            break
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == len(set(seen)) == 8


def test_cases__pages_stay_whole_while_cases_come_and_move(house):
    found = fill(house)
    seen, after, number = [], None, 0
    while True:
        page = house.by("both").register.cases(after=after, limit=2)
        seen += [row.reference for row in page.rows]
        number += 1
        house.clock.now = f"2026-03-02T09:{number:02d}:00.000000Z"
        house.tell(unit="ek")
        if number == 1:
            house.take("both", found[3], "move", to_unit="ek")
        after = page.next
        if after is None:
            break
    assert sorted(seen) == found


def test_cases__same_instant_is_no_trouble(house):
    for _ in range(5):
        house.tell()
    seen, after = [], None
    for _ in range(5):
        page = house.by("both").register.cases(after=after, limit=1)
        seen += [row.reference for row in page.rows]
        after = page.next
    assert (len(set(seen)), after) == (5, None)


@pytest.mark.parametrize("after", ["REP-2026-0099", "junk", "' OR 1=1"])
def test_page__from_nowhere_is_said(house, after):
    fill(house)
    with pytest.raises(UnknownPageError):
        house.by("both").register.cases(after=after)
    with pytest.raises(UnknownPageError):
        house.by("both").register.tasks(after=after)


@pytest.mark.parametrize("limit", [0, -1])
def test_page__has_at_least_one_row(house, limit):
    fill(house)
    assert len(house.by("both").register.cases(limit=limit).rows) == 1
    assert len(house.by("both").register.tasks(limit=limit).rows) == 1


def test_page__may_be_asked_to_be_larger_than_a_database_counts(house):
    fill(house)
    assert len(house.by("both").register.cases(limit=10**20).rows) > 1
    assert house.by("both").register.tasks(limit=10**20).next is None


# --- tasks


def steps(page):
    return [(int(row.reference[-4:]), row.step) for row in page.rows]


def test_tasks__are_those_of_ones_roles_and_name(house):
    fill(house)
    assert sorted(steps(house.by("keeper").register.tasks())) == [(3, "look"), (4, "look"), (8, "look")]
    assert sorted(steps(house.by("mender").register.tasks())) == [(1, "finish"), (2, "finish")]
    assert steps(house.by("guard").register.tasks()) == []
    assert house.by("mender").register.tasks().rows[0].title.sv == "Väta, Björkgården"


def test_tasks__overdue_and_due_before(house):
    fill(house)
    keeper = house.by("keeper").register
    assert steps(keeper.tasks(overdue=True)) == steps(keeper.tasks(due_before=date(2026, 3, 9))) == []
    assert len(keeper.tasks(due_before=date(2026, 3, 10)).rows) == 3
    house.clock.now = "2026-03-10T08:00:00.000000Z"
    late = keeper.tasks(overdue=True).rows
    assert [(row.overdue, row.working_days_left) for row in late] == [(True, -1)] * 3


def test_tasks__every_page_once(house):
    fill(house)
    organise(house.by("boss"), Appoint("both", "clerk", "ek", "2020-01-01"))
    seen, after = [], None
    while True:
        page = house.by("both").register.tasks(after=after, limit=1)
        seen += steps(page)
        after = page.next
        if after is None:
            break
    assert sorted(seen) == sorted(steps(house.by("both").register.tasks()))
    assert len(seen) == len(set(seen)) == 7


def test_tasks__substitute_has_them_on_the_days(house):
    fill(house)
    organise(house.by("boss"), Appoint("lo", "keeper", "bjork", "2026-03-02", "2026-03-02", "keeper"))
    assert len(house.by("lo").register.tasks().rows) == 3
    house.clock.now = "2026-03-03T08:00:00.000000Z"
    assert house.by("lo").register.tasks().rows == ()


# --- completion


def test_references__complete_what_may_be_seen(house):
    fill(house)
    assert len(house.by("both").register.references("rep-2026")) == 8
    assert [name for name, _ in house.by("lo").register.references("REP")] == ["REP-2026-0004"]
    for text in ("X", "REP-2027", "'", "REP-2026-0001 OR"):
        assert house.by("both").register.references(text) == ()
    assert house.by("guard").register.references("") == ()
