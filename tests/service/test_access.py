"""Who has read what: whose rows are seen by whom, filters, pages, samples, and that the looking is written down too."""

import pytest
from sqlalchemy import text

from engine.errors import PeriodBackwardsError, UnknownCaseError, UnknownPageError, UnknownPersonError
from engine.service.access import Wanted
from tests.service.test_show import handed


def rows(house, viewer, limit=50, **wanted):
    page = house.by(viewer).access.list(Wanted(**wanted), limit=limit)
    return [(one.row.person, one.row.reference, one.row.action, one.row.outcome) for one in page.rows]


def read(house, *pairs):
    """Let people read cases, or try to."""
    for person, reference in pairs:
        try:
            house.by(person).cases.show(reference)
        except UnknownCaseError:
            continue


def test_access__of_all_is_for_whoever_reviews_all(house):
    told = house.tell()
    read(house, ("keeper", told), ("lo", told))
    expected = [("lo", told, "show", "refused"), ("keeper", told, "show", "shown")]
    assert rows(house, "boss") == expected
    assert house.by("boss").access.list(Wanted()).reach == "all"


def test_access__of_a_case_is_for_those_who_read_it_by_a_role(house):
    here, elsewhere = house.tell(), house.tell(unit="ek")
    read(house, ("head", here), ("head", elsewhere))
    assert rows(house, "keeper") == [("head", here, "show", "shown")]
    assert house.by("keeper").access.list(Wanted()).reach == "units"
    assert rows(house, "both") == [("head", elsewhere, "show", "shown"), ("head", here, "show", "shown")]


def test_access__says_nothing_of_an_unseen_case_even_to_one_who_was_refused_there(house):
    told = house.tell()
    read(house, ("lo", told))
    assert rows(house, "lo") == []
    with pytest.raises(UnknownCaseError) as there:
        house.by("lo").access.list(Wanted(reference=told))
    with pytest.raises(UnknownCaseError) as absent:
        house.by("lo").access.list(Wanted(reference="REP-2026-0099"))
    assert there.value.arguments().keys() == absent.value.arguments().keys()
    assert rows(house, "boss")[0] == ("lo", told, "access", "refused")


def test_access__of_ones_own_is_told_to_everybody_and_nothing_else(house):
    told = house.tell()
    sealed = handed(house)
    read(house, ("kim", told), ("kim", sealed), ("keeper", told))
    page = house.by("kim").access.list(Wanted())
    assert (page.reach, [one.row.reference for one in page.rows]) == ("own", [sealed])


def test_access__of_a_marked_case_is_kept_from_those_whom_the_mark_keeps_out(house):
    told = house.tell()
    sealed = handed(house)
    read(house, ("head", sealed))
    assert ("head", sealed, "show", "shown") not in rows(house, "keeper")
    assert ("head", sealed, "show", "shown") in rows(house, "head")
    assert rows(house, "keeper", reference=told) == []


def test_access__says_by_what_right_and_as_whom(house):
    sealed = handed(house)
    house.door("lo", "head").cases.show(sealed)
    read(house, ("kim", sealed))
    own, head = house.by("boss").access.list(Wanted()).rows
    assert (own.row.role, own.role_label, own.row.marks) == ("reporter", None, ("sealed",))
    assert (head.row.role, head.role_label.en, head.row.role_unit) == ("head", "head", "forv")
    assert (head.role_unit_name, head.operator_name, head.row.is_marked) == ("Förvaltningen", "Lo", True)


def test_access__that_somebody_saw_who_read_marked_cases_is_written_down(house):
    sealed, told = handed(house), house.tell()
    read(house, ("head", sealed), ("keeper", told))
    assert rows(house, "boss", reference=told) == [("keeper", told, "show", "shown")]
    assert all(row[0] != "boss" for row in rows(house, "boss"))
    assert rows(house, "boss")[0] == ("boss", sealed, "access", "shown")
    before = len(house.accesses())
    rows(house, "head", person="head")
    assert len(house.accesses()) == before, "one's own reading is no news"


def test_access__is_not_shown_when_that_cannot_be_written_down(house, monkeypatch):
    from engine.errors import StorageError
    from engine.store import access_log

    read(house, ("head", handed(house)))

    def fail(*_, **__):
        raise StorageError("no")

    monkeypatch.setattr(access_log, "append", fail)
    with pytest.raises(StorageError):
        rows(house, "boss")


def test_access__filters(house):
    here, there = house.tell(), house.tell(unit="ek")
    house.clock.now = "2026-03-02T22:59:00.000000Z"
    read(house, ("keeper", here))
    house.clock.now = "2026-03-02T23:01:00.000000Z"
    read(house, ("both", there), ("lo", here))
    house.door("lo", "head").cases.show(there)
    assert [row[0] for row in rows(house, "boss", refused=True)] == ["lo"]
    assert [row[0] for row in rows(house, "boss", person="LO")] == ["head", "lo"]
    assert [row[0] for row in rows(house, "boss", unit="ek")] == ["head", "both"]
    assert [row[0] for row in rows(house, "boss", unit="omr")] == ["head", "lo", "both", "keeper"]
    from datetime import date

    day = date(2026, 3, 2)
    assert [row[0] for row in rows(house, "boss", from_=day, to=day)] == ["keeper"]
    assert [row[0] for row in rows(house, "boss", marked=True)] == []
    with pytest.raises(UnknownPersonError):
        rows(house, "boss", person="ingen")
    with pytest.raises(PeriodBackwardsError):
        rows(house, "boss", from_=day, to=date(2026, 3, 1))


def test_access__is_paged_newest_first_without_gap_or_double(house):
    told = house.tell()
    for _ in range(5):
        read(house, ("keeper", told))
    service, found, after = house.by("boss").access, [], None
    while True:
        page = service.list(Wanted(), limit=2, after=after)
        found += [one.row.id for one in page.rows]
        read(house, ("head", told))
        if page.next is None:
            break
        after = page.next
    assert found == sorted(found, reverse=True)
    assert len(found) == len(set(found)) == 5
    assert [one.row.id for one in service.every(Wanted(person="keeper"))] == found
    for junk in ("x", "-1", "9" * 30):
        with pytest.raises(UnknownPageError):
            service.list(Wanted(), after=junk)


def test_sample__is_the_same_for_the_same_seed_and_is_written_down(house):
    told = house.tell()
    for _ in range(30):
        read(house, ("keeper", told))
    service = house.by("boss").access
    first, again, other = (
        service.sample(Wanted(person="keeper"), 5, seed=seed) for seed in ("mars", "mars", "april")
    )
    ids = [[one.row.id for one in page.rows] for page in (first, again, other)]
    assert ids[0] == ids[1] != ids[2]
    assert ids[0] == sorted(set(ids[0]))
    assert (first.sample.size, first.sample.of, first.sample.seed) == (5, 30, "mars")
    (newest, *_) = service.list(Wanted(person="boss")).rows
    assert (newest.row.reference, newest.row.action) == ("*", "check")
    assert newest.row.detail == "5/30 seed=april person=keeper"
    assert service.sample(Wanted(person="keeper"), 99).sample.size == 30


def test_sample__draws_each_row_about_as_often(house):
    told = house.tell()
    for _ in range(6):
        read(house, ("keeper", told))
    service = house.by("boss").access
    drawn: dict[int, int] = {}
    for number in range(120):
        for one in service.sample(Wanted(person="keeper"), 2, seed=str(number)).rows:
            drawn[one.row.id] = drawn.get(one.row.id, 0) + 1
    assert len(drawn) == 6
    assert min(drawn.values()) > 20, drawn


def test_upgrade__rows_from_before_have_no_right_and_are_still_listed(house):
    told = house.tell()
    with house.by("boss").database.engine().begin() as connection:
        connection.execute(
            text(
                "INSERT INTO access_log (at, person, reference, action, outcome)"
                " VALUES ('2026-01-01T00:00:00.000000Z', 'keeper', :name, 'show', 'shown')"
            ),
            {"name": told},
        )
    (one,) = house.by("boss").access.list(Wanted()).rows
    assert (one.row.role, one.role_label, one.row.marks, one.row.is_marked) == (None, None, (), False)
