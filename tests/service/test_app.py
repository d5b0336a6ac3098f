"""Who acts, when, and on what: the composition root on real, broken and absent databases."""

import sqlite3
import stat
from pathlib import Path

import pytest

from engine.app import App, Settings, build
from engine.cases.event import Actor
from engine.cases.reorganisation import AddPerson, Appoint, ChangePerson
from engine.errors import (
    ActingAsError,
    ForeignDatabaseError,
    NotHereTodayError,
    NotInitialisedError,
    NotYetHereError,
    StorageError,
    TrainingClockError,
    UnknownActorError,
)
from engine.store.authority import Authority, create_authority
from engine.store.migrating import upgrade
from tests.service.house import NOW, OPERATOR, House, found, organise


@pytest.fixture
def real(sqlite_url):
    """A database that is not for training: nobody but its people and the administrator `boss`."""
    house = House(sqlite_url.replace("hjul.sqlite", "real.sqlite"))
    found(house.door(), training=False)
    yield house
    house.close()


def actor(house, *of):
    return house.door(*of).actor()


# --- who


def test_actor__is_the_person_of_the_login(house):
    assert actor(house, "kim") == Actor("kim")
    assert actor(house, "kim", "kim") == Actor("kim")


def test_actor__unknown_login_is_said(house):
    with pytest.raises(UnknownActorError) as error:
        actor(house, "nobody")
    assert error.value.login == "nobody"


def test_actor__login_is_not_matched_with_somebody_elses_code(house):
    organise(house.door(), AddPerson("Ada", "2020-01-01", code="root", login="ada"))
    assert actor(house, "ada") == Actor("root")
    with pytest.raises(UnknownActorError):
        actor(house, "root")


def test_actor__as_may_name_login_or_code(house):
    organise(house.door(), AddPerson("Ada", "2020-01-01", code="p7", login="ada"))
    assert actor(house, "kim", "ada") == actor(house, "kim", "p7") == Actor("p7", "kim")


@pytest.mark.parametrize("last", ["2026-03-01", "2026-03-02"])
def test_actor__who_has_left_is_unknown_from_the_day_after(house, last):
    organise(house.door(), ChangePerson("kim", to_on=last))
    if last < NOW[:10]:
        with pytest.raises(NotHereTodayError) as error:
            actor(house, "kim")
        assert (error.value.day, error.value.kind) == (last, "unknown_actor.left")
        assert actor(house, "kim", "lo") == Actor("lo"), "in training anybody may act as somebody"
    else:
        assert actor(house, "kim") == Actor("kim")


def test_actor__who_has_not_begun_is_told_from_when(house):
    organise(house.door(), AddPerson("Ada", "2026-04-01", code="p7", login="ada"))
    with pytest.raises(NotYetHereError) as error:
        actor(house, "ada")
    assert error.value.day == "2026-04-01"


def test_actor__who_has_left_acts_as_nobody_outside_training(real):
    organise(
        real.door(),
        Appoint("lo", "ombud", "forv", "2026-01-01", None, "kim"),
        ChangePerson("lo", to_on="2026-03-01"),
    )
    with pytest.raises(NotHereTodayError):
        actor(real, "lo", "kim")


def test_actor__as_is_free_in_training_and_the_login_is_in_the_event(house):
    assert actor(house, OPERATOR, "kim") == Actor("kim")
    opened = house.door("lo", "kim").cases.open_case("repair", unit="bjork", values={"story": "x"})
    person = house.by("keeper").cases.history(opened.reference)[0].actor
    assert (person.code, person.operator) == ("kim", "Lo")


def test_actor__as_outside_training_is_refused_without_appointment(real):
    with pytest.raises(ActingAsError):
        actor(real, "lo", "kim")
    with pytest.raises(UnknownActorError):
        actor(real, OPERATOR, "kim")
    with pytest.raises(UnknownActorError):
        actor(real, "lo", "nobody")
    assert actor(real, "kim") == Actor("kim")


@pytest.mark.parametrize(
    ("from_on", "to_on", "may"),
    [
        ("2026-03-02", "2026-03-02", True),
        ("2026-02-01", None, True),
        ("2026-02-01", "2026-03-01", False),
        ("2026-03-03", None, False),
    ],
)
def test_actor__as_outside_training_needs_a_proxy_of_that_person_that_day(real, from_on, to_on, may):
    organise(real.door(), Appoint("lo", "ombud", "forv", from_on, to_on, "kim"))
    with pytest.raises(ActingAsError):
        actor(real, "lo", "head")
    if may:
        assert actor(real, "lo", "kim") == Actor("kim", "lo")
    else:
        with pytest.raises(ActingAsError):
            actor(real, "lo", "kim")


def test_actor__substitute_is_no_proxy(real):
    organise(real.door(), Appoint("lo", "keeper", "bjork", "2026-01-01", None, "keeper"))
    with pytest.raises(ActingAsError):
        actor(real, "lo", "keeper")


def test_actor__proxy_gives_nothing_under_ones_own_name(house):
    organise(house.door(), Appoint("lo", "ombud", "forv", "2026-01-01", None, "keeper"))
    reference = house.tell()
    assert not [row.reference for row in house.by("lo").register.cases().rows]
    assert [row.reference for row in house.door("lo", "keeper").register.cases().rows] == [reference]


# --- when


def test_clock__may_be_set_in_training_only(house, real):
    assert house.door("kim", now="2026-05-01T10:00:00+02:00").clock() == "2026-05-01T08:00:00.000000Z"
    with pytest.raises(TrainingClockError):
        real.door("kim", now="2026-05-01T10:00:00Z").clock()
    with pytest.raises(TrainingClockError):
        real.door("kim", now="2026-05-01T10:00:00Z").actor()
    assert real.door("kim").clock() == NOW


@pytest.mark.parametrize("junk", ["tomorrow", "2026-05-01", "2026-05-01T10:00", "2026-13-01T10:00:00Z", ""])
def test_clock__junk_is_said(house, junk):
    with pytest.raises(TrainingClockError):
        house.door("kim", now=junk).clock()


def test_at__is_there_for_a_while_and_comes_back(house):
    app = house.door("kim")
    with app.at("2026-04-01T08:00:00Z", "keeper") as there:
        assert (there.actor(), there.clock()) == (Actor("keeper"), "2026-04-01T08:00:00.000000Z")
        with app.at("2026-05-01T08:00:00Z"):
            assert (app.actor(), str(app.today)) == (Actor("keeper"), "2026-05-01")
        assert str(app.today) == "2026-04-01"
    assert (app.actor(), app.clock()) == (Actor("kim"), NOW)


def test_at__is_undone_when_the_login_is_unknown(house):
    app = house.door("kim")
    with pytest.raises(UnknownActorError), app.at("2026-04-01T08:00:00Z", "nobody"):
        raise AssertionError("never here")
    assert (app.actor(), app.clock()) == (Actor("kim"), NOW)


def test_at__is_for_training(real):
    with pytest.raises(TrainingClockError), real.door("kim").at("2026-04-01T08:00:00Z"):
        raise AssertionError("never here")


def test_today__is_the_day_on_the_wall(house):
    assert str(house.door("kim", now="2026-06-30T22:30:00Z").today) == "2026-07-01"


# --- where


USES = [
    lambda app: app.actor(), lambda app: app.training, lambda app: app.zone,
    lambda app: app.cases.show("REP-2026-0001"), lambda app: app.cases.opening_form("repair"),
    lambda app: app.cases.open_case("repair"), lambda app: app.register.tasks(), lambda app: app.register.cases(),
    lambda app: app.register.references(""), lambda app: app.processes.list(), lambda app: app.processes.params("x"),
    lambda app: app.organisation.units(), lambda app: app.drafts.list(), lambda app: app.settings.list(),
    lambda app: app.settings.set("closed_days", ""), lambda app: app.reports.write("enhet"),
]  # fmt: skip
"""Every use case, as far as a question reaches."""


def test_build__nothing_there_is_said_in_every_use_case(database_url):
    app = build(Settings(database_url, "kim"))
    for use in USES:
        with pytest.raises(NotInitialisedError):
            use(app)
    app.database.close()


def test_build__looking_does_not_make_a_file(sqlite_url, tmp_path):
    with pytest.raises(NotInitialisedError):
        build(Settings(sqlite_url, "kim")).actor()
    assert not list(tmp_path.iterdir())


def test_build__tables_without_authority_are_not_initialised(database_url):
    app = build(Settings(database_url, "kim"))
    app.create()
    upgrade(app.database)
    with pytest.raises(NotInitialisedError):
        app.actor()
    app.database.close()


def test_build__file_of_something_else_is_said_to_be_so(tmp_path):
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE things (a)")
    connection.close()
    with pytest.raises(ForeignDatabaseError):
        build(Settings(f"sqlite:///{path}", "kim")).actor()


@pytest.mark.parametrize("make", ["text", "folder", "empty"])
def test_build__no_database_is_an_error_of_ours(tmp_path, make):
    path: Path = tmp_path / "hjul.sqlite"
    if make == "folder":
        path.mkdir()
    else:
        path.write_text("This is no database. " * 100 if make == "text" else "")
    with pytest.raises(NotInitialisedError if make == "empty" else StorageError):
        build(Settings(f"sqlite:///{path}", "kim")).actor()


def test_build__absent_postgresql_database_is_an_error_of_ours(postgresql_url):
    with pytest.raises(StorageError):
        build(Settings(postgresql_url.replace("/hjul_", "/nowhere_"), "kim")).actor()


def test_create__file_is_for_its_owner_only(tmp_path):
    path = tmp_path / "new" / "hjul.sqlite"
    app = build(Settings(f"sqlite:///{path}", "kim"))
    app.create()
    upgrade(app.database)
    app.database.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_authority__there_is_one_only(house):
    app = house.door()
    with pytest.raises(StorageError), app.database.write() as session:
        create_authority(session, Authority("other", "Annan", "Europe/Stockholm", training=False), NOW)


def test_settings__environment_is_read_once(monkeypatch, tmp_path):
    monkeypatch.setenv("HJUL_DB", str(tmp_path / "x.sqlite"))
    monkeypatch.setenv("HJUL_USER", "kim")
    monkeypatch.setenv("HJUL_NOW", NOW)
    found = Settings.from_environment()
    assert (found.database_url, found.as_login, found.now) == (f"sqlite:///{tmp_path}/x.sqlite", "kim", NOW)
    assert Settings.from_environment("postgresql://h/d", "lo").as_login == "lo"
    assert isinstance(build(found), App)
