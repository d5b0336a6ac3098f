"""`init`: made once, mended as often as it is run, never made into something else."""

import sqlite3
import threading
from contextlib import closing
from functools import cached_property

import pytest
from sqlalchemy import text

from engine.app import App, Settings
from engine.errors import (
    AlreadyInitialisedError,
    DatabaseBusyError,
    DiskFullError,
    HjulError,
    OrganisationFileError,
    SchemaOldError,
    SchemaVersionError,
    StorageError,
    TrainingClockError,
    UnknownZoneError,
)
from engine.service.process import ProcessService
from engine.store import guards
from engine.store.tables import metadata
from tests.cases.toy import LISTS, ORDER, REPAIR
from tests.service.house import Clock


@pytest.fixture(scope="session")
def shipped(tmp_path_factory):
    """A folder of processes as they are shipped: the invented ones, quick to load."""
    folder = tmp_path_factory.mktemp("shipped")
    (folder / "lists.yaml").write_text(LISTS)
    for key, content in (("order", ORDER), ("repair", REPAIR)):
        (folder / key).mkdir()
        (folder / key / "process.yaml").write_text(content)
    return folder


@pytest.fixture
def door(database_url, shipped):
    """Makes applications on an empty database, with the invented processes as the shipped ones."""
    made = []

    class Door(App):
        processes = cached_property(lambda self: ProcessService(self.decider, self.actor, shipped))

    def make(login="boss", now=None):
        made.append(Door(Settings(database_url, login, None, now), machine_clock=Clock()))
        return made[-1]

    yield make
    for app in made:
        app.database.close()


def everything(app):
    with app.database.engine().connect() as connection:
        return {
            name: sorted(map(repr, connection.execute(table.select())))
            for name, table in metadata.tables.items()
        }


def test_init__makes_all_that_is_needed(door):
    app = door()
    result = app.installation.init(name="Provnämnden")
    assert (result.created, result.training, result.administrator) == (True, False, "boss")
    assert [one.process for one in result.processes] == ["order", "repair"]
    assert app.authority.name == "Provnämnden"
    assert [row.role for row in app.organisation.appointments()] == ["administrator"]
    with app.database.write() as session:
        assert guards.missing(session.raw) == []
    assert door().cases.open_case("repair", unit="top", values={"story": "x"}).state == "told"


def test_init__that_is_refused_makes_nothing(tmp_path):
    org = tmp_path / "org.csv"
    org.write_text("typ;kod;namn;överenhet\nenhet;a;Lag A;saknas\n")
    for at, asked, refusal in (
        (None, {"zone": "Mars/Krater"}, UnknownZoneError),
        (None, {"org_file": str(org)}, OrganisationFileError),
        (None, {"org_file": str(tmp_path / "ingen.csv")}, FileNotFoundError),
        ("2026-11-23T09:00:00Z", {}, TrainingClockError),
        ("i morgon", {"training": True}, TrainingClockError),
    ):
        app = App(Settings(f"sqlite:///{tmp_path / 'made' / 'hjul.sqlite'}", "boss", None, at))
        with pytest.raises(refusal):
            app.installation.init(**asked)
        assert not (tmp_path / "made").exists()


def test_init__leaves_no_empty_file_where_the_disk_fails(tmp_path, monkeypatch):
    path = tmp_path / "hjul.sqlite"
    app = App(Settings(f"sqlite:///{path}", "boss"))

    def fail(database):
        with database.write():
            raise DiskFullError("SQLITE_FULL")

    monkeypatch.setattr("engine.service.installation.upgrade", fail)
    with pytest.raises(DiskFullError):
        app.installation.init()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "kind", "mend"),
    [
        (b"", "storage.schema_missing", "hjul init"),
        (b"Protokoll fran motet " * 99, "storage.not_a_database", None),
        (None, "storage.missing", "hjul init"),
        ("folder", "storage.cannot_open", None),
        ("foreign", "storage.foreign", None),
    ],
)
def test_doctor__names_init_only_where_it_helps(tmp_path, content, kind, mend):
    path = tmp_path / "some.sqlite"
    match content:
        case bytes():
            path.write_bytes(content)
        case "folder":
            path.mkdir()
        case "foreign":
            with closing(sqlite3.connect(path)) as other:
                other.execute("CREATE TABLE invoices (id)")
    app = App(Settings(f"sqlite:///{path}", "boss"))
    row = app.installation.doctor().rows[-1]
    assert (row.ok, row.mend) == (False, mend)
    assert row.value == "-" or row.value.id == f"error.{kind}"
    if mend is None:
        with pytest.raises(StorageError) as refused:
            app.installation.init()
        assert refused.value.kind == kind
    app.database.close()


def test_authority__of_an_older_schema_says_that_init_brings_it_forward(door):
    door().installation.init()
    with door().database.engine().begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(SchemaOldError):
        _ = door().today
    assert door().installation.doctor().rows[-1].mend == "hjul init"


def test_init__again_changes_nothing(door):
    door().installation.init()
    before = everything(door())
    for app in (door(), door("somebody")):
        result = app.installation.init(name="Annan")
        assert (result.created, result.administrator) == (False, None)
        assert all(one.unchanged for one in result.processes)
    app = door()
    app.installation.init()
    app.installation.init()
    assert everything(door()) == before


def test_init__training_over_real_is_refused(door):
    door().installation.init()
    before = everything(door())
    with pytest.raises(AlreadyInitialisedError):
        door().installation.init(training=True)
    assert everything(door()) == before
    assert not door().training


def test_init__over_training_it_stays_training(door):
    door().installation.init(training=True)
    assert door().installation.init().training
    assert door().training


@pytest.mark.parametrize("wrong", ["zone", "clock", "file"])
def test_init__refused_makes_no_authority(door, wrong, tmp_path):
    path = tmp_path / "organisation.csv"
    path.write_text("nonsense\n1,2,3\n")
    calls = {
        "zone": (UnknownZoneError, lambda: door().installation.init(zone="Europe/Smastad")),
        "clock": (TrainingClockError, door(now="2026-05-01T08:00:00Z").installation.init),
        "file": (OrganisationFileError, lambda: door().installation.init(org_file=str(path))),
    }
    error, call = calls[wrong]
    with pytest.raises(error):
        call()
    with pytest.raises(HjulError):
        door().training  # noqa: B018  it is read for its error
    assert door().installation.init(training=True).created


def test_init__mends_the_guards(door):
    app = door()
    app.installation.init()
    with app.database.write() as session:
        guards.lift(session.raw)
        assert guards.missing(session.raw)
    assert not all(row.ok for row in app.installation.doctor().rows if row.key == "guards")
    door().installation.init()
    with app.database.write() as session:
        assert guards.missing(session.raw) == []


def test_init__of_a_later_schema_is_refused(door):
    app = door()
    app.installation.init()
    with app.database.engine().begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = everything(app)
    with pytest.raises(SchemaVersionError):
        door().installation.init()
    assert everything(app) == before
    (schema,) = (row for row in door().installation.doctor().rows if row.key == "schema")
    assert (schema.ok, schema.mend) == (False, None)
    assert (schema.value.id, schema.value.arguments["found"]) == ("error.storage.schema_version", "9999")


def test_init__keeps_a_later_version_of_a_process(door, shipped, tmp_path):
    app = door()
    app.installation.init()
    own = tmp_path / "own"
    own.mkdir()
    (own / "lists.yaml").write_text(LISTS)
    (own / "process.yaml").write_text(REPAIR.replace("version: 1", "version: 7"))
    app.processes.publish(str(own / "process.yaml"))
    door().installation.init()
    assert {row.process: row.version for row in door().processes.list()} == {"order": 1, "repair": 7}


def test_init__keeps_parameters(door):
    app = door()
    app.installation.init()
    app.processes.publish("repair", {"days": "3 working days"})
    door().installation.init()
    assert str(door().processes.params("repair")[0].value) == "3 working days"


@pytest.mark.parametrize("_round", range(2))
def test_init__two_at_once_make_one(door, _round):
    apps, found, start = [door(), door("other")], [], threading.Barrier(2)

    def run(app):
        start.wait()
        try:
            found.append(app.installation.init())
        except HjulError as error:
            found.append(error)

    threads = [threading.Thread(target=run, args=(app,)) for app in apps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = [one for one in found if not isinstance(one, HjulError)]
    # On a slow disk the one may be told that the other holds the database; it changes nothing.
    assert all(isinstance(one, DatabaseBusyError) for one in found if one not in made), found
    assert sorted(one.created for one in made) == [False, True][-len(made) :]
    assert len(everything(apps[0])["authority"]) == 1
    assert len([one for one in made if one.administrator]) == 1
    assert {row.process for row in apps[0].processes.list()} == {"order", "repair"}
    assert door().installation.init().created is False


def test_doctor__says_what_is_missing_before_init(door):
    rows = door().installation.doctor().rows
    assert not all(row.ok for row in rows)
    assert all(row.mend for row in rows if not row.ok)


def test_settings__are_known_and_typed(door):
    app = door()
    app.installation.init()
    assert app.settings.set("closed_days", "2026-06-05, 2026-06-04").value == "2026-06-04,2026-06-05"
    assert [one.value for one in door().settings.list() if one.is_set] == ["2026-06-04,2026-06-05"]
    for key, value in (("closed_day", ""), ("closed_days", "2026-02-30"), ("closed_days", "x"), ("", "")):
        with pytest.raises(HjulError):
            app.settings.set(key, value)
    assert app.settings.set("closed_days", "").value == ""


def test_settings__are_cleared_to_what_they_were_at_first(door):
    app = door()
    app.installation.init()
    app.settings.set("tick_late_hours", "007")
    assert (app.settings.clear("tick_late_hours").value, app.settings.clear("tick_late_hours").is_set) == (
        "26",
        False,
    )
    assert {one.key: one.value for one in door().settings.list()}["tick_late_hours"] == "26"
    with pytest.raises(HjulError):
        app.settings.clear("tick")
    assert app.audit.verify().ok
