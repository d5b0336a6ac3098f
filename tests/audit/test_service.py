"""Who may verify and hand out the log, and what they get."""

from __future__ import annotations

import io
import stat

import orjson
import pytest

from engine.app import Settings, build
from engine.cases.reorganisation import Appoint
from engine.errors import NotInitialisedError, RefusedError, UnknownCaseError, UnknownProcessError
from tests.audit.owner import owning
from tests.service.house import OPERATOR, organise

REFERENCE = "REP-2026-0001"


@pytest.fixture(name="house")
def told_house(house):
    """A house with one repair, told by kim at bjork."""
    assert house.tell() == REFERENCE
    return house


@pytest.mark.parametrize("person", ["head", "boss", "kim", "guard", "mender", "nobody who is registered"])
def test_verify__the_whole_log_is_for_anybody(house, person):
    report = house.by(person).audit.verify()
    assert (report.ok, report.cases) == (True, 1)


@pytest.mark.parametrize("person", ["kim", "keeper", "both", "guard", "mender"])
def test_export__is_refused_to_those_who_do_not_see_every_case(house, person):
    with pytest.raises(RefusedError) as error:
        house.by(person).audit.export("jsonl", io.BytesIO())
    refusal = error.value.refusal
    assert (refusal.kind, [reason.id for reason in refusal.reasons]) == ("not_allowed", ["audit.not_allowed"])


def test_export__a_role_at_every_top_unit_is_enough(house):
    organise(house.door(OPERATOR), Appoint("lo", "keeper", "forv", "2020-01-01"))
    assert exported(house.by("lo"))


def test_export__the_system_may(house):
    app = house.door(OPERATOR)
    with app.as_system():
        assert exported(app)


RIGHTS = {
    "no role is anybody's": "DELETE FROM appointments",
    "nobody is registered": "DELETE FROM persons",
    "a role that nobody gave": "UPDATE appointments SET role = 'head'",
    "another login": "UPDATE persons SET login = 'annan' WHERE code = 'kim'",
    "no process is in force": "UPDATE definitions SET is_current = FALSE",
    "no authority": "DELETE FROM authority",
}


@pytest.mark.parametrize("what", RIGHTS)
def test_verify__is_not_refused_by_rows_that_were_tampered_with(house, what):
    app = house.by("guard")
    with owning(app.database) as owner:
        owner.run(RIGHTS[what])
    app = house.by("guard")
    for report in (app.audit.verify(), app.audit.verify(REFERENCE)):
        assert report.problems[0].kind == ("no_authority" if what == "no authority" else "rights")
    assert what == "no authority" or len(app.audit.verify().problems) > 1


def test_verify__says_nothing_of_rights_when_other_rows_are_wrong(house):
    with owning(house.by("head").database) as owner:
        owner.run("UPDATE cases SET title_sv = 'Nej'")
    assert {one.kind for one in house.by("kim").audit.verify().problems} == {"case_columns"}


def test_verify__a_case_whose_row_is_gone_is_there_for_those_who_see_all(house):
    with owning(house.by("head").database) as owner:
        owner.raw.execute("DELETE FROM cases")
    assert [one.kind for one in house.by("head").audit.verify(REFERENCE).problems] == ["no_case"]
    with pytest.raises(UnknownCaseError):
        house.by("kim").audit.verify(REFERENCE)


def test_verify__a_database_without_a_log(tmp_path):
    app = build(Settings(f"sqlite:///{tmp_path / 'none.sqlite'}", "kim"))
    with pytest.raises(NotInitialisedError):
        app.audit.verify()


@pytest.mark.parametrize("person", ["kim", "keeper", "boss", "head"])
def test_verify__a_case_is_for_those_who_see_it(house, person):
    report = house.by(person).audit.verify(REFERENCE.lower())
    assert (report.ok, report.cases, report.events) == (True, 1, 1)


@pytest.mark.parametrize("person", ["lo", "guard"])
def test_verify__a_case_is_not_known_to_others(house, person):
    with pytest.raises(UnknownCaseError):
        house.by(person).audit.verify(REFERENCE)


@pytest.mark.parametrize("reference", ["REP-2026-0099", "nonsense", "XYZ-2026-0001"])
def test_verify__a_case_that_is_not_there(house, reference):
    with pytest.raises(UnknownCaseError):
        house.by("head").audit.verify(reference)


def test_verify__tells_what_is_wrong_with_one_case_only(house):
    other = house.tell()
    with owning(house.by("head").database) as owner:
        owner.run("UPDATE cases SET title_sv = 'Nej'")
    report = house.by("head").audit.verify(other)
    assert [(one.reference, one.kind) for one in report.problems] == [(other, "case_columns")]


def test_verify__a_case_whose_link_has_lost_its_other_side(house):
    house.take("kim", REFERENCE, "hand_over", why="x")
    with owning(house.by("head").database) as owner:
        owner.remove_case("ORD-2026-0001")
    report = house.by("head").audit.verify(REFERENCE)
    assert {one.kind for one in report.problems} == {"one_sided", "rows"}


def test_verify__tells_how_far_it_has_come(house):
    told: list[tuple[int, int]] = []
    report = house.by("head").audit.verify(progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (report.events, report.events)


def exported(app, **more):
    out = io.BytesIO()
    count = app.audit.export("jsonl", out, **more)
    lines = [orjson.loads(line) for line in out.getvalue().splitlines()]
    assert count == len(lines)
    return lines


def test_export__gives_the_administrator_no_values(house):
    house.look(REFERENCE)
    assert any("coded" in line for line in exported(house.by("head")))
    assert not any("coded" in line for line in exported(house.by("boss")))


def test_export__of_a_process_and_some_days(house):
    today = house.by("head").today
    assert len(exported(house.by("head"), process="repair", from_=today, to=today)) == 1
    assert exported(house.by("head"), process="order") == []
    with pytest.raises(UnknownProcessError):
        exported(house.by("head"), process="none")


def test_export__makes_a_file_of_its_owner_whole_or_not_at_all(house, tmp_path):
    path = tmp_path / "log.jsonl"
    assert house.by("head").audit.export("jsonl", str(path)) == len(path.read_bytes().splitlines())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    with owning(house.by("head").database) as owner:
        owner.write("organisation", 1, b"no event")
    with pytest.raises(Exception, match="ledger"):
        house.by("head").audit.export("csv", path)
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.glob("log*")] == ["log.jsonl"]


def test_export__to_standard_output(house, capfdbinary):
    count = house.by("head").audit.export("csv", "-")
    assert len(capfdbinary.readouterr().out.splitlines()) == count + 1
