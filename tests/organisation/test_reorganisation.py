"""Changes of the organisation become events; what cannot be is refused; the fold replays them."""

from __future__ import annotations

from typing import Any

import pytest

from engine.cases.access import Grant, Viewer
from engine.cases.event import Acting, Event
from engine.cases.organisation import Organisation, UnitTree
from engine.cases.reorganisation import (
    AddPerson,
    AddUnit,
    Appoint,
    Cause,
    Change,
    ChangeAppointment,
    ChangePerson,
    ChangeUnit,
    administrator,
    decide_changes,
)
from engine.errors import (
    CodeFormError,
    CodeTakenError,
    LastAdministratorError,
    LinesError,
    LoginTakenError,
    MissingNameError,
    NotAdministratorError,
    NothingToSubstituteError,
    OverlappingAppointmentError,
    PeriodOrderError,
    ProxyForNobodyError,
    UnitInUseError,
    UnitUnderItselfError,
    UnknownAppointmentError,
    UnknownParentError,
    UnknownPersonError,
    UnknownUnitError,
)
from engine.ledger.canonical import decode, encode

TODAY = "2026-06-15"
CAUSE = Cause("c1", Acting("p001", role="administrator", unit="kom"), "2026-06-15T08:00:00.000000Z", TODAY, 7)
START = (
    AddUnit("kom", "Kommunen", None, "2020-01-01"),
    AddUnit("omr", "Området", "kom", "2020-01-01", attributes={"regi": "egen"}),
    AddUnit("hem", "Hemmet", "omr", "2020-01-01"),
    AddPerson("Anna Ek", "2020-01-01", login="ANNA", title="chef", email="anna@example.se"),
    AddPerson("Bo Ek", "2020-01-01"),
    Appoint("p001", "administrator", "kom", "2020-01-01"),
    Appoint("p001", "chef", "omr", "2020-01-01"),
)


def start():
    return decide_changes(Organisation(), START, CAUSE)


def after(*changes):
    return decide_changes(start()[1], changes, CAUSE)[1]


def events_of(*changes):
    decisions, _ = decide_changes(start()[1], changes, CAUSE)
    return [decision.writes[0].event for decision in decisions]


def test_decide_changes__gives_one_event_each_in_order_with_ids_of_their_own():
    decisions, found = start()
    events = [decision.writes[0].event for decision in decisions]
    assert [event.seq for event in events] == list(range(1, 8))
    assert [event.command_id for event in events] == [f"c1:{number}" for number in range(1, 8)]
    assert {decision.appointments for decision in decisions} == {(7,)}
    assert found.seq == 7


def test_decide_changes__of_one_change_keeps_the_id():
    (event,) = events_of(AddPerson("Cia Al", TODAY))
    assert event.command_id == "c1"


def test_fold__replays_what_was_decided_through_the_stored_form():
    decisions, found = start()
    events = [decision.writes[0].event for decision in decisions]
    bodies: list[Any] = [decode(encode(event.body())) for event in events]
    read = [Event.read(body, event.personal) for body, event in zip(bodies, events, strict=True)]
    again = Organisation().after(read)
    assert (again.units, again.persons, again.appointments) == (
        found.units,
        found.persons,
        found.appointments,
    )


def test_event__says_nothing_of_a_person_in_its_body():
    change = AddPerson("Cia Al", TODAY, login="cia", title="sjuksköterska", email="cia@example.se")
    (event,) = events_of(change)
    body = encode(event.body()).decode()
    assert not any(word in body for word in ("Cia", "cia", "sjuk"))
    assert event.personal == {
        "name": "Cia Al",
        "login": "cia",
        "title": "sjuksköterska",
        "email": "cia@example.se",
    }


def test_add_person__gives_the_next_code_and_keeps_the_login_in_small_letters():
    found = after(AddPerson("Cia Al", TODAY, login=" Cia "))
    assert (found.persons["p003"].login, found.persons["p001"].login) == ("cia", "anna")


def test_change_person__leaves_what_it_does_not_name_and_takes_away_the_empty():
    found = after(ChangePerson("p001", title="", email="ny@example.se"))
    person = found.persons["p001"]
    assert (person.name, person.login, person.title, person.email) == ("Anna Ek", "anna", "", "ny@example.se")


def test_change_person__frees_a_login_for_another():
    found = after(ChangePerson("p001", login=""), ChangePerson("p002", login="anna"))
    assert (found.persons["p001"].login, found.persons["p002"].login) == (None, "anna")


def test_change_unit__moves_renames_and_closes():
    found = after(
        ChangeUnit("hem", name="Nya hemmet", parent="kom", to_on="2026-12-31", attributes={"regi": "extern"})
    )
    unit = found.units["hem"]
    assert (unit.name, unit.parent, unit.to_on, unit.attributes) == (
        "Nya hemmet", "kom", "2026-12-31", {"regi": "extern"},
    )  # fmt: skip


def test_change_unit__opens_again_what_was_closed():
    found = after(ChangeUnit("hem", to_on=TODAY), ChangeUnit("hem", to_on=""))
    assert found.units["hem"].to_on is None


def test_appoint__is_named_by_the_number_of_its_event():
    found = after(Appoint("p002", "chef", "hem", TODAY))
    assert found.appointments["r8"].person == "p002"


def test_appoint__may_follow_one_that_ended():
    found = after(ChangeAppointment("r7", "2026-06-30"), Appoint("p001", "chef", "omr", "2026-07-01"))
    assert (found.appointments["r7"].to_on, found.appointments["r9"].from_on) == ("2026-06-30", "2026-07-01")


def test_appoint__a_substitute_for_one_who_has_the_role():
    found = after(Appoint("p002", "chef", "omr", TODAY, "2026-07-31", "p001"))
    assert found.appointments["r8"].on_behalf_of == "p001"


def test_appoint__a_proxy_for_one_without_roles():
    found = after(Appoint("p001", "ombud", "kom", TODAY, "2026-07-31", "p002"))
    assert found.appointments["r8"].role == "ombud"


def test_appoint__a_proxy_for_nobody_is_refused():
    with pytest.raises(ProxyForNobodyError):
        after(Appoint("p001", "ombud", "kom", TODAY))


@pytest.mark.parametrize("text", ["Ek\ngården", "Ek\tgården", "Ek\x1b[31m", "\u202eEk"])
def test_names__are_one_line_that_can_be_shown(text):
    changes: list[Change] = [
        AddUnit("ny", text, None, TODAY), ChangeUnit("hem", name=text),
        AddPerson(text, TODAY), ChangePerson("p001", name=text), ChangePerson("p001", title=text),
        AddPerson("Ada", TODAY, email=text), ChangePerson("p001", login=text),
    ]  # fmt: skip
    for change in changes:
        with pytest.raises(LinesError):
            after(change)


def test_change_appointment__that_has_not_begun_can_be_made_never_to_be():
    found = after(Appoint("p002", "chef", "hem", "2026-09-01"), ChangeAppointment("r8", TODAY))
    assert not any(found.appointments["r8"].is_in_force(day) for day in (TODAY, "2026-09-01", "2026-12-01"))


REFUSED = [
    (AddUnit("hem", "Annat", "kom", TODAY), CodeTakenError),
    (AddUnit("två ord", "Annat", "kom", TODAY), CodeFormError),
    (AddUnit("", "Annat", "kom", TODAY), CodeFormError),
    (AddUnit("ny", " ", "kom", TODAY), MissingNameError),
    (AddUnit("ny", "Ny", "borta", TODAY), UnknownParentError),
    (AddUnit("ny", "Ny", "kom", TODAY, "2026-06-14"), PeriodOrderError),
    (ChangeUnit("borta", name="X"), UnknownUnitError),
    (ChangeUnit("omr", name=""), MissingNameError),
    (ChangeUnit("omr", parent="hem"), UnitUnderItselfError),
    (ChangeUnit("omr", parent="omr"), UnitUnderItselfError),
    (ChangeUnit("omr", parent="borta"), UnknownParentError),
    (ChangeUnit("omr", to_on="2026-12-31"), UnitInUseError),
    (ChangeUnit("hem", to_on="2019-12-31"), PeriodOrderError),
    (AddPerson("", TODAY), MissingNameError),
    (AddPerson("Cia", TODAY, login="Anna"), LoginTakenError),
    (AddPerson("Cia", TODAY, code="p001"), CodeTakenError),
    (AddPerson("Cia", TODAY, code="å"), CodeFormError),
    (AddPerson("Cia", TODAY, to_on="2026-06-14"), PeriodOrderError),
    (ChangePerson("p9", name="X"), UnknownPersonError),
    (ChangePerson("p001", name=""), MissingNameError),
    (ChangePerson("p002", login="anna"), LoginTakenError),
    (ChangePerson("p001", to_on=TODAY), LastAdministratorError),
    (Appoint("p9", "chef", "hem", TODAY), UnknownPersonError),
    (Appoint("p002", "chef", "borta", TODAY), UnknownUnitError),
    (Appoint("p002", "chef", "hem", TODAY, "2026-06-14"), PeriodOrderError),
    (Appoint("p001", "chef", "omr", TODAY), OverlappingAppointmentError),
    (Appoint("p001", "chef", "omr", "2019-01-01", "2020-01-01"), OverlappingAppointmentError),
    (Appoint("p002", "chef", "hem", TODAY, None, "p001"), NothingToSubstituteError),
    (Appoint("p002", "chef", "omr", "2019-01-01", "2019-12-31", "p001"), NothingToSubstituteError),
    (Appoint("p001", "chef", "omr", TODAY, None, "p001"), NothingToSubstituteError),
    (Appoint("p002", "chef", "omr", TODAY, None, "p9"), UnknownPersonError),
    (ChangeAppointment("r99", TODAY), UnknownAppointmentError),
    (ChangeAppointment("r7", "2019-12-31"), PeriodOrderError),
    (ChangeAppointment("r6", TODAY), LastAdministratorError),
]


@pytest.mark.parametrize(("change", "error"), REFUSED, ids=lambda value: getattr(value, "__name__", None))
def test_decide_changes__refuses(change, error):
    with pytest.raises(error):
        after(change)


def test_decide_changes__decides_nothing_when_one_is_refused():
    with pytest.raises(CodeTakenError):
        decide_changes(start()[1], (AddPerson("Cia", TODAY), AddUnit("hem", "Igen", None, TODAY)), CAUSE)


def test_change_unit__refuses_to_take_the_top_from_the_last_administrator():
    with pytest.raises(LastAdministratorError):
        after(AddUnit("ovan", "Ovan", None, TODAY), ChangeUnit("kom", parent="ovan"))


def test_change_appointment__lets_one_of_two_administrators_go():
    found = after(Appoint("p002", "administrator", "kom", TODAY), ChangeAppointment("r6", TODAY))
    assert found.appointments["r6"].to_on == TODAY


def test_change_appointment__refuses_to_run_into_the_next():
    with pytest.raises(OverlappingAppointmentError):
        after(
            ChangeAppointment("r7", "2026-06-30"),
            Appoint("p001", "chef", "omr", "2026-08-01"),
            ChangeAppointment("r7", ""),
        )


TREE: UnitTree = start()[1].tree


def test_administrator__is_named_with_the_appointment():
    viewer = Viewer("p001", (Grant(3, "p001", "administrator", "kom"),))
    assert administrator(viewer, TREE) == (Acting("p001", role="administrator", unit="kom"), 3)


def test_administrator__acts_in_their_own_right_before_a_substitutes():
    grants = (Grant(3, "p001", "administrator", "kom", "p002"), Grant(4, "p001", "administrator", "kom"))
    assert administrator(Viewer("p001", grants), TREE)[1] == 4


@pytest.mark.parametrize(
    "grants", [(), (Grant(1, "p001", "chef", "kom"),), (Grant(1, "p001", "administrator", "omr"),)],
    ids=["none", "another role", "not at the top"],
)  # fmt: skip
def test_administrator__refuses_everybody_else(grants):
    with pytest.raises(NotAdministratorError):
        administrator(Viewer("p001", grants), TREE)
