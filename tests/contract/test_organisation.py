"""The organisation through its service, on both databases: recorded as events, read back, used for access."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.calendar.zone import format_instant, parse_instant
from engine.cases.access import Grant
from engine.cases.event import Actor, Event
from engine.cases.organisation import Organisation
from engine.errors import (
    AmbiguousPersonError,
    NotAdministratorError,
    OrganisationFileError,
    UnknownAppointmentError,
    UnknownPersonError,
    UnknownRoleError,
    UnknownUnitError,
)
from engine.ledger.chain import open_body
from engine.service.organisation import OrganisationService
from engine.store.organisation import read_organisation, read_viewer
from engine.store.tables import events, payloads, streams

START = parse_instant("2026-06-15T08:00:00Z")
FILE = """typ;kod;namn;överenhet;inloggning;befattning;person;roll;enhet;från;till
enhet;u1;Enhet 1;;;;;;;;
enhet;hem;Ängens hem;u1;;;;;;;
enhet;bo;Åsens hem;u1;;;;;;;
person;p1;Namn Ett;;ett;;;;;;
person;p2;Namn Två;;tva;;;;;;
person;p3;Östen Al;;osten;undersköterska;;;;;
roll;;;;;;tva;chief;u1;;
roll;;;;;;osten;chief;hem;2026-07-01;2026-07-31
""".encode()


class Clock:
    """A clock that is set by hand and moves a little whenever it is read."""

    def __init__(self) -> None:
        self.now: datetime = START
        self.ticks = itertools.count()

    def __call__(self) -> str:
        return format_instant(self.now + timedelta(microseconds=next(self.ticks)))


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def service(world, clock):
    """The service as the system, which may all; the world has unit u1, persons p1 and p2, and p2 as its chief."""
    ids = (f"org-{number}" for number in itertools.count())
    return OrganisationService(
        world.database,
        world.work,
        lambda: Actor(None),
        clock,
        lambda: next(ids),
        ZoneInfo("Europe/Stockholm"),
    )


def as_(service, person):
    service.actor = lambda: Actor(person)
    return service


def log_of(world):
    with world.database.read() as session:
        return session.rows(
            events.select()
            .with_only_columns(events.c.body, payloads.c.content)
            .join(streams, streams.c.id == events.c.stream_id)
            .outerjoin(
                payloads,
                (payloads.c.stream_id == events.c.stream_id) & (payloads.c.seq == events.c.seq),
            )
            .where(streams.c.kind == "organisation")
            .order_by(events.c.seq)
        )


def replayed(world):
    import orjson

    read = []
    for body, content in log_of(world):
        personal = {path: one["value"] for path, one in orjson.loads(content or b"{}").items()}
        read.append(Event.read(open_body(bytes(body)), personal))
    return Organisation().after(read)


def stored(world):
    with world.database.snapshot() as session:
        return read_organisation(session)


def change_everything(service):
    service.add_unit("hem", "Ängens hem", parent="Enhet 1", attributes={"regi": "egen"})
    service.change_unit("hem", name="Ängsgården", attributes={"regi": "extern", "typ": "boende"})
    service.add_unit("bort", "Bort", parent="u1", from_on=date(2025, 1, 1))
    service.close_unit("Bort", date(2026, 5, 31))
    service.add_person("Östen Al", login="Osten", title="undersköterska", email="osten@example.se")
    service.change_person("osten", title="", email="ny@example.se", login="al")
    service.appoint("Östen Al", "chief", "Ängsgården", from_on=date(2026, 1, 1))
    service.end_appointment(service.appoint("p1", "chief", "hem"), date(2026, 12, 31))


def test_projection__is_what_replay_of_the_log_gives(world, service):
    change_everything(service)
    assert stored(world) == replayed(world)
    found = stored(world)
    assert found.units["hem"].attributes == {"regi": "extern", "typ": "boende"}
    assert found.persons["p003"].login == "al"


def test_log__says_nothing_of_people_in_its_bodies(world, service):
    change_everything(service)
    bodies = b"".join(bytes(body) for body, _ in log_of(world)).decode()
    assert not any(word in bodies for word in ("Östen", "osten", "undersk", "example.se", "Namn"))


def test_units__are_listed_as_a_tree_in_swedish_order(service):
    for code, name, parent in [("o", "Övre", "u1"), ("a", "Åsen", "u1"), ("z", "Zon 10", "u1"), ("n", "Zon 9", "u1"),
                               ("in", "Inne", "a")]:  # fmt: skip
        service.add_unit(code, name, parent=parent)
    assert [(row.code, row.depth) for row in service.units()] == [
        ("u1", 0), ("n", 1), ("z", 1), ("a", 1), ("in", 2), ("o", 1),
    ]  # fmt: skip


def test_units__that_have_ended_are_listed_when_asked_for(service):
    service.add_unit("hem", "Hemmet", parent="u1")
    service.close_unit("hem", date(2026, 6, 20))
    assert [row.code for row in service.units(date(2026, 6, 20))] == ["u1", "hem"]
    assert [row.code for row in service.units(date(2026, 6, 21))] == ["u1"]
    assert [row.code for row in service.units(date(2026, 6, 21), ended=True)] == ["u1", "hem"]


def test_persons__are_those_of_the_day_and_of_the_unit(service):
    service.add_unit("hem", "Hemmet", parent="u1")
    code = service.add_person("Åsa Al", from_on=date(2026, 7, 1))
    service.appoint(code, "chief", "hem", from_on=date(2026, 7, 1))
    assert [person.code for person in service.persons()] == ["p1", "p2"]
    assert [person.code for person in service.persons(date(2026, 7, 1))] == ["p1", "p2", code]
    assert [person.code for person in service.persons(date(2026, 7, 1), unit="Hemmet")] == [code]


def test_appointments__are_listed_as_of_a_day_with_names(service):
    service.substitute("p1", "Namn Två", from_on=date(2026, 7, 1), to_on=date(2026, 7, 31))
    assert [row.key for row in service.appointments()] == ["a1"]
    rows = service.appointments(date(2026, 7, 31), role="chief", unit="u1")
    assert [(row.person_name, row.on_behalf_of_name) for row in rows] == [
        ("Namn Ett", "Namn Två"),
        ("Namn Två", None),
    ]
    assert [row.key for row in service.appointments(date(2026, 8, 1))] == ["a1"]
    assert [row.key for row in service.appointments(person="ett", ended=True)] == [rows[0].key]


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-06-30", ()), ("2026-07-01", ("p2",)), ("2026-07-31", ("p2",)), ("2026-08-01", ())],
)
def test_read_viewer__has_what_a_substitute_has_between_the_dates(world, service, day, expected):
    service.substitute("p1", "p2", from_on=date(2026, 7, 1), to_on=date(2026, 7, 31))
    with world.database.read() as session:
        grants = read_viewer(session, "p1", day).grants
    assert tuple(grant.on_behalf_of for grant in grants) == expected


def test_read_viewer__gives_nothing_to_one_who_has_left(world, service):
    service.change_person("p2", to_on=date(2026, 6, 20))
    with world.database.read() as session:
        assert read_viewer(session, "p2", "2026-06-20").grants == (Grant(1, "p2", "chief", "u1"),)
        assert read_viewer(session, "p2", "2026-06-21").grants == ()


def test_roles__are_those_of_the_published_processes_and_of_the_engine(service):
    assert [key for key, _ in service.roles()] == ["administrator", "chief", "ombud"]


def test_change__is_for_the_administrator_only_and_names_them(world, service):
    service.appoint("p1", "administrator", "u1")
    with pytest.raises(NotAdministratorError):
        as_(service, "p2").add_unit("hem", "Hemmet", parent="u1")
    as_(service, "p1").add_unit("hem", "Hemmet", parent="u1")
    actor = open_body(bytes(log_of(world)[-1][0]))["actor"]
    assert actor == {"kind": "person", "person": "p1", "role": "administrator", "unit": "u1"}


def test_change__by_one_who_is_administrator_no_longer_is_refused(service, clock):
    service.appoint("p1", "administrator", "u1", to_on=date(2026, 6, 30))
    clock.now += timedelta(days=16)
    with pytest.raises(NotAdministratorError):
        as_(service, "p1").add_unit("hem", "Hemmet", parent="u1")


def test_change__is_recorded_no_earlier_than_the_one_before(world, service, clock):
    service.add_unit("hem", "Hemmet", parent="u1")
    clock.now -= timedelta(days=1)
    service.change_unit("hem", name="Nya hemmet")
    moments = [open_body(bytes(body))["recorded_at"] for body, _ in log_of(world)]
    assert moments == sorted(moments)


def test_change__between_reading_and_writing_is_decided_again(service, monkeypatch):
    record_all = type(service.work).record_all
    between = iter([lambda: service.add_unit("hem", "Hemmet", parent="u1"), None])

    def interrupted(work, *arguments):
        if (act := next(between, None)) is not None:
            act()
        return record_all(work, *arguments)

    monkeypatch.setattr(type(service.work), "record_all", interrupted)
    service.add_unit("bo", "Boendet", parent="u1")
    assert [row.code for row in service.units()] == ["u1", "bo", "hem"]


REFUSED = [
    (lambda s: s.add_unit("hem", "Hemmet", parent="borta"), UnknownUnitError),
    (lambda s: s.change_unit("borta", name="X"), UnknownUnitError),
    (lambda s: s.change_person("ingen", title="X"), UnknownPersonError),
    (lambda s: s.appoint("p1", "kock", "u1"), UnknownRoleError),
    (lambda s: s.appointments(role="kock"), UnknownRoleError),
    (lambda s: s.substitute("p2", "p1"), UnknownAppointmentError),
    (lambda s: s.end_appointment("r99"), UnknownAppointmentError),
    (lambda s: (s.add_person("Namn Ett"), s.change_person("namn ett", title="X")), AmbiguousPersonError),
]


@pytest.mark.parametrize(("act", "error"), REFUSED)
def test_change__refuses_and_records_nothing(world, service, act, error):
    before = len(stored(world).persons)
    with pytest.raises(error):
        act(service)
    assert len(stored(world).persons) - before == (1 if error is AmbiguousPersonError else 0)


def test_import__of_a_file_again_records_nothing(world, service, tmp_path):
    first = service.import_csv(FILE)
    assert (dict(first.added), dict(first.changed), first.same) == (
        {"unit": 2, "person": 1, "role": 1},
        {},
        4,
    )
    events_before = len(log_of(world))
    path = tmp_path / "organisation.csv"
    path.write_bytes(FILE)
    again = service.import_csv(path)
    assert (again.added, again.changed, again.same, len(log_of(world))) == ({}, {}, 8, events_before)
    assert stored(world) == replayed(world)


def test_import__tried_first_changes_nothing(world, service):
    tried = service.import_csv(FILE, dry_run=True)
    assert (tried.dry_run, tried.added["unit"], len(stored(world).units)) == (True, 2, 1)


def test_import__with_one_bad_row_imports_nothing(world, service):
    with pytest.raises(OrganisationFileError) as refused:
        service.import_csv(FILE + b"enhet;x;X;borta;;;;;;;\nhus;;;;;;;;;;\n")
    assert [problem.row for problem in refused.value.problems] == [10, 11]
    assert len(stored(world).units) == 1


def test_import__ends_what_is_missing_and_says_what_it_is_called(service):
    service.import_csv(FILE)
    lines = [line for line in FILE.decode().splitlines() if "osten" not in line and "enhet;bo" not in line]
    told = service.import_csv("\n".join(lines).encode())
    assert (told.ended, told.missing) == (
        0, (("role", "Östen Al: chief, Ängens hem"), ("person", "p3 Östen Al"), ("unit", "bo Åsens hem")),
    )  # fmt: skip
    done = service.import_csv("\n".join(lines).encode(), end_missing=True)
    assert (done.ended, dict(done.changed)) == (3, {})
    assert [row.code for row in service.units(date(2026, 6, 16))] == ["u1", "hem"]
