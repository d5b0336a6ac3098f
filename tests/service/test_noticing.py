"""Notices: vacant roles, appointments that end, reporters who hear nothing; shown to the coordinator."""

from __future__ import annotations

from datetime import date

import pytest

from engine.calendar.period import Period
from engine.calendar.workday import Calendar
from engine.cases.reorganisation import Appoint, ChangeAppointment
from engine.service.noticing import first_kept
from tests.cases.toy import REPAIR
from tests.service.house import organise, publish


def at(house, day):
    house.clock.now = f"{day}T08:00:00.000000Z"


def notices(house, person="head"):
    house.by("keeper").tick.run()
    return [(one.kind, one.reference) for one in house.by(person).register.tasks().notices]


@pytest.fixture(autouse=True)
def coordinator(house):
    house.by("boss").settings.set("coordinator_role", "head")


def vacate(house):
    for (key,) in house.rows("SELECT key FROM appointments WHERE role = 'keeper'"):
        organise(house.by("boss"), ChangeAppointment(key, "2026-03-01"))


def test_vacant__is_said_until_somebody_has_the_role(house):
    house.tell()
    assert notices(house) == []
    at(house, "2026-03-03")
    vacate(house)
    assert notices(house) == [("vacant", None)]
    assert notices(house) == [("vacant", None)]
    assert notices(house, "kim") == []
    organise(house.by("boss"), Appoint("mender", "keeper", "bjork", "2026-03-03"))
    assert notices(house) == []


def test_ending__is_said_before_it_ends_and_nobody_takes_over(house):
    organise(house.by("boss"), Appoint("mender", "guard", "ek", "2026-03-01", "2026-03-20"))
    assert notices(house) == []
    at(house, "2026-03-06")
    assert [kind for kind, _ in notices(house)] == ["ending"]
    at(house, "2026-03-21")
    assert notices(house) == []


def test_silent__is_said_when_the_reporter_has_heard_nothing_within_the_promise(house):
    reference = house.tell()
    at(house, "2026-03-16")
    assert notices(house) == []
    at(house, "2026-03-17")
    assert notices(house) == [("silent", reference)]
    house.look(reference)  # the reporter is told of the new status
    at(house, "2026-03-18")
    assert notices(house) == []


def test_silent__is_sent_to_the_coordinator_once_and_is_no_answer_to_the_reporter(house):
    reference = house.tell("both")  # who coordinates too
    for day in ("2026-03-17", "2026-03-18", "2026-03-25"):
        at(house, day)
        assert notices(house) == [("silent", reference)]
    ((key, person, said),) = house.rows("SELECT key, person, text_sv FROM outbox WHERE key LIKE 'notice:%'")
    assert (key, person) == (f"notice:silent:{reference}:2026-03-02:both", "both")
    assert said.startswith(f"{reference}: den som rapporterade har inte hört något sedan 2026-03-02.")


def test_silent__is_sent_to_the_administrators_while_nobody_coordinates(house):
    house.by("boss").settings.set("coordinator_role", "samordnare")
    house.tell()
    at(house, "2026-03-17")
    notices(house)
    assert house.rows("SELECT person FROM outbox WHERE key LIKE 'notice:%'") == [("boss",)]


def sent(house):
    return house.rows("SELECT key, person, case_id, text_sv FROM outbox WHERE case_id IS NULL ORDER BY id")


def test_vacant__is_sent_to_the_coordinator_again_each_week_until_somebody_has_the_role(house):
    house.tell()
    at(house, "2026-03-03")
    vacate(house)
    for day in ("2026-03-03", "2026-03-04", "2026-03-09", "2026-03-10", "2026-03-12"):
        at(house, day)
        notices(house)
        notices(house)
    assert [(key.rsplit(":", 3)[1:], person) for key, person, *_ in sent(house)] == [
        (["2026-03-03", "0", "both"], "both"),  # who coordinates nearest above
        (["2026-03-03", "1", "both"], "both"),
    ]
    said = sent(house)[0][3]
    assert said == "Vårdare på Björkgården är obemannad: 1 sak att göra väntar på någon som inte finns."
    organise(house.by("boss"), Appoint("mender", "keeper", "bjork", "2026-03-12", "2026-03-13"))
    notices(house)
    at(house, "2026-03-16")
    notices(house)
    last = sent(house)[-1][0]
    assert last == "notice:vacant:keeper:bjork:2026-03-14:0:both"  # a new one, since the day after hers


def test_ending__is_sent_once_without_a_name_and_again_when_the_day_is_moved(house):
    organise(house.by("boss"), Appoint("mender", "guard", "ek", "2026-03-01", "2026-03-20"))
    for day in ("2026-03-06", "2026-03-07"):
        at(house, day)
        notices(house)
    ((_, person, _, said),) = sent(house)
    assert person == "both"
    assert "2026-03-20" in said
    assert "mender" not in said.lower()
    assert len(house.by("head").register.tasks().notices) == 1
    ((key,),) = house.rows("SELECT key FROM appointments WHERE role = 'guard' AND unit = 'ek'")
    organise(house.by("boss"), ChangeAppointment(key, "2026-03-21"))
    at(house, "2026-03-08")
    notices(house)
    assert [said.count("2026-03-21") for *_, said in sent(house)] == [0, 1]


@pytest.mark.parametrize("coordinates", ["head", "boss"])
def test_standstill__is_sent_once_to_who_coordinates_and_who_administers(sqlite_only, coordinates):
    sqlite_only.by("boss").settings.set("coordinator_role", "head" if coordinates == "head" else "samordnare")
    sqlite_only.by("keeper").heartbeat.training = lambda: False
    tick = sqlite_only.by("keeper").tick
    tick.run()
    assert sent(sqlite_only) == []
    at(sqlite_only, "2026-03-23")
    tick.run()
    tick.run()
    told = {person: said for _, person, _, said in sent(sqlite_only)}
    assert set(told) == {coordinates, "boss"}
    assert "sedan 2026-03-02 09:00" in told["boss"]
    assert len(sent(sqlite_only)) == len(told)


def test_silent__is_said_only_where_the_process_promises_it(house, tmp_path):
    reference = house.tell()
    house.by("keeper").cases.open_case("order", unit="bjork", values={"what": "Lim.", "kind": "wet"})
    at(house, "2026-04-01")
    assert notices(house) == [("silent", reference)]
    publish(
        house.door(),
        tmp_path / "none",
        repair=REPAIR.replace("14 days", "0 days").replace("version: 1", "version: 2"),
    )
    at(house, "2026-05-01")
    assert notices(house) == []


@pytest.mark.parametrize(
    ("within", "heard"),
    [
        ("14 days", "2026-03-03"),
        ("2 weeks", "2026-03-03"),
        ("5 working days", "2026-03-10"),
        ("1 month", "2026-02-17"),
    ],
)
def test_silent__is_after_the_whole_of_what_was_promised(within, heard):
    """Tuesday 17 March 2026: the first day that need not have led to anything yet."""
    assert first_kept(date(2026, 3, 17), Period.parse(within), Calendar()) == date.fromisoformat(heard)


def test_notices__go_to_administrators_while_nobody_coordinates(house):
    house.by("boss").settings.set("coordinator_role", "samordnare")
    reference = house.tell()
    at(house, "2026-03-17")
    assert notices(house, "boss") == [("silent", reference)]
    assert notices(house, "head") == []
