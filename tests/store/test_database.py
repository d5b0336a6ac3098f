"""The door to the database: settings made and checked, waiting that ends, errors without anybody's words."""

from __future__ import annotations

import sqlite3
import sys
import threading
from dataclasses import dataclass, field

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import bindparam, select
from sqlalchemy.engine import make_url

from engine.errors import (
    DatabaseBusyError,
    DatabaseUnreachableError,
    DatabaseUrlError,
    DuplicateError,
    GuardError,
    NoDriverError,
    StorageError,
    TransactionAbortedError,
)
from engine.store import revision, sqlite
from engine.store.database import Database, Patience
from engine.store.migrating import head, upgrade
from engine.store.postgresql import PostgresqlDriver
from engine.store.sqlite import journal_mode
from engine.store.statement import Statement, insertion
from engine.store.tables import drafts, settings

UPSERT = insertion(settings)
VALUE = Statement(select(settings.c.value).where(settings.c.key == bindparam("key")))


@dataclass
class Clock:
    """A clock that only sleep moves."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def patience(self, seconds: float = 1.0) -> Patience:
        return Patience(seconds, clock=lambda: self.now, sleep=self.sleep, jitter=lambda: 0.5)


@pytest.fixture(name="database")
def ready_database(database_url):
    """A database with its tables."""
    with Database(database_url, create=True) as database:
        upgrade(database)
        yield database


@pytest.fixture(name="file")
def sqlite_file(sqlite_url):
    """A SQLite file with its tables: its URL and its path."""
    with Database(sqlite_url, create=True) as database:
        upgrade(database)
    return sqlite_url, sqlite_url.removeprefix("sqlite:///")


# --- settings


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 34, 1), "delete"), ((3, 40, 1), "delete"), ((3, 44, 5), "delete"), ((3, 44, 6), "wal"),
        ((3, 45, 0), "delete"), ((3, 50, 6), "delete"), ((3, 50, 7), "wal"), ((3, 51, 0), "delete"),
        ((3, 51, 2), "delete"), ((3, 51, 3), "wal"), ((3, 52, 0), "wal"), ((4, 0, 0), "wal"),
    ],
)  # fmt: skip
def test_journal_mode__is_wal_only_where_the_library_is_free_of_the_reset_bug(version, mode):
    assert journal_mode(version) == mode


def test_connect__makes_and_checks_the_settings_of_sqlite(file):
    with Database(file[0]) as database:
        found = database.describe()
    assert (found["foreign_keys"], found["synchronous"]) == ("1", "2")
    assert found["journal_mode"] == found["journal_mode_wanted"]


def test_connect__changes_a_file_that_is_in_the_wrong_journal_mode(file, monkeypatch):
    for wanted in ("wal", "delete"):
        monkeypatch.setattr(sqlite, "journal_mode", lambda _version, wanted=wanted: wanted)
        with Database(file[0]) as database:
            assert database.describe()["journal_mode"] == wanted


def test_describe__names_the_server(postgresql_url):
    with Database(postgresql_url) as database:
        found = database.describe()
    assert found["database"] == "postgresql"
    assert found["version"]


@pytest.mark.parametrize(
    "url", ["", "nonsense", "sqlite://", "sqlite:///:memory:", "mysql://u:secret@h/d", "oracle://x"]
)
def test_database__refuses_a_url_it_cannot_use_and_tells_no_password(url):
    with pytest.raises(DatabaseUrlError) as said:
        Database(url)
    assert "secret" not in str(said.value)


def test_database__takes_postgresql_urls_with_and_without_a_driver(postgresql_url):
    for url in (postgresql_url, postgresql_url.replace("+psycopg", "")):
        with Database(url) as database, database.read() as session:
            assert session.raw.execute("SELECT 1").fetchone() == (1,)


def test_database__reads_an_unreachable_server_as_such():
    url = "postgresql://nobody:secret@127.0.0.1:1/none?connect_timeout=1"
    with pytest.raises(DatabaseUnreachableError) as said, Database(url).read():
        pass
    assert "secret" not in str(said.value)
    assert said.value.__suppress_context__


def test_database__works_in_a_schema_of_its_own(postgresql_url):
    with Database(postgresql_url) as database, database.write() as session:
        session.raw.execute("CREATE SCHEMA ours")
    joint = "&" if "?" in postgresql_url else "?"
    with Database(f"{postgresql_url}{joint}options=-csearch_path%3Dours") as database:
        upgrade(database)
        assert database.describe()["schema"] == "ours"


# --- transactions


def test_write__is_all_or_nothing(database):
    def fail():
        with database.write() as session:
            session.run(UPSERT, {"key": "a", "value": "1"})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with database.read() as session:
        assert session.one(VALUE, {"key": "a"}) is None
    with database.write() as session:
        session.run(UPSERT, {"key": "a", "value": "1"})
    with database.read() as session:
        assert session.one(VALUE, {"key": "a"}) == ("1",)


def test_write__leaves_a_connection_that_works_after_a_failure(database):
    for _ in range(3):
        with pytest.raises(DuplicateError), database.write() as session:
            session.run_many(UPSERT, [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}])
    with database.write() as session:
        session.run(UPSERT, {"key": "a", "value": "1"})
    with database.snapshot() as session:
        assert session.all(VALUE, {"key": "a"}) == [("1",)]


def test_count__tells_how_many_rows_changed(database):
    with database.write() as session:
        session.run(UPSERT, {"key": "a", "value": "1"})
        change = Statement(settings.update().values(value=bindparam("new")))
        assert session.count(change, {"new": "2"}) == 1
        assert session.one(VALUE, {"key": "a"}) == ("2",)


def test_snapshot__sees_one_state_while_others_write(postgresql_url):
    with Database(postgresql_url) as database:
        upgrade(database)
        with database.snapshot() as reading:
            assert reading.one(VALUE, {"key": "a"}) is None
            with database.write() as writing:
                writing.run(UPSERT, {"key": "a", "value": "1"})
            assert reading.one(VALUE, {"key": "a"}) is None


def test_transact__does_it_again_when_the_database_undid_it(database):
    tries = []

    def work(session):
        tries.append(1)
        session.run(UPSERT, {"key": f"k{len(tries)}", "value": "1"})
        if len(tries) < 3:
            raise TransactionAbortedError("40001")
        return "done"

    assert database.transact(work) == "done"
    with database.read() as session:
        assert [session.one(VALUE, {"key": f"k{n}"}) for n in (1, 2, 3)] == [None, None, ("1",)]


def test_transact__ends_when_patience_does(database_url):
    clock = Clock()

    def work(_session):
        raise TransactionAbortedError("40P01")

    with (
        Database(database_url, create=True, patience=clock.patience()) as database,
        pytest.raises(DatabaseBusyError),
    ):
        database.transact(work)
    assert clock.now >= 1.0


# --- waiting


def test_write__waits_in_short_sleeps_for_another_writer_and_then_says_busy(file):
    url, path = file
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    clock = Clock()
    with Database(url, patience=clock.patience()) as database:
        with pytest.raises(DatabaseBusyError) as said, database.write():
            pass
        assert said.value.seconds == 1.0
        assert len(clock.slept) > 500
        assert all(0.0002 <= slept <= 0.002 for slept in clock.slept)
        other.execute("ROLLBACK")
        with database.write() as session:
            session.run(UPSERT, {"key": "a", "value": "1"})
    other.close()


def test_write__goes_on_as_soon_as_the_other_has_finished(file):
    url, path = file
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.1, lambda: other.execute("COMMIT")).start()
    with Database(url) as database, database.write() as session:
        session.run(UPSERT, {"key": "a", "value": "1"})
    other.close()


def test_commit__waits_for_a_reader_and_loses_nothing(file, monkeypatch):
    monkeypatch.setattr(sqlite, "journal_mode", lambda _version: "delete")
    url, path = file
    reader = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM settings").fetchall()
    threading.Timer(0.1, lambda: reader.execute("COMMIT")).start()
    with Database(url) as database:
        with database.write() as session:
            session.run(UPSERT, {"key": "a", "value": "1"})
        with database.read() as session:
            assert session.one(VALUE, {"key": "a"}) == ("1",)
    reader.close()


def test_read__holds_no_lock_for_an_answer_that_was_not_read_to_its_end(file):
    with Database(file[0]) as database:
        with database.write() as session:
            session.run_many(UPSERT, [{"key": str(n), "value": "1"} for n in range(50)])
        with database.read() as session:
            held = session.ask(Statement(select(settings)))
            assert held.fetchone() is not None
        with database.write() as session:
            session.run(UPSERT, {"key": "a", "value": "1"})
        assert len(held.fetchall()) == 49


def test_write__on_postgresql_says_busy_when_a_lock_is_not_given(postgresql_url):
    with Database(postgresql_url, patience=Patience(0.2)) as database:
        upgrade(database)
        with database.write() as session:
            session.run(UPSERT, {"key": "a", "value": "1"})
        change = Statement(settings.update().values(value="2"))
        with database.write() as first:
            first.count(change)
            with pytest.raises(DatabaseBusyError), database.write() as second:
                second.run(change)


def test_transact__on_postgresql_survives_a_deadlock(postgresql_url):
    with Database(postgresql_url) as database:
        upgrade(database)
        with database.write() as session:
            session.run_many(UPSERT, [{"key": key, "value": "0"} for key in "ab"])
        change = Statement(
            settings.update().where(settings.c.key == bindparam("k")).values(value=settings.c.value + "x")
        )
        met = threading.Barrier(2, timeout=5)
        first_tries = set()

        def work(order):
            def both(session):
                session.count(change, {"k": order[0]})
                if order not in first_tries:
                    first_tries.add(order)
                    met.wait()
                session.count(change, {"k": order[1]})

            database.transact(both)

        threads = [threading.Thread(target=work, args=(order,)) for order in ("ab", "ba")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with database.read() as session:
            assert [session.one(VALUE, {"key": key}) for key in "ab"] == [("0xx",), ("0xx",)]


# --- errors


def test_errors__never_quote_what_a_person_wrote(database):
    secret = "Planterad text"
    row = {
        "person": secret, "process": "p", "reference": None, "step": "s", "content": secret, "created_at": None,
        "changed_at": secret,
    }  # fmt: skip
    with pytest.raises(StorageError) as said, database.write() as session:
        session.run(insertion(drafts, without=["id"]), row)
    assert secret not in str(said.value)
    assert secret not in repr(said.value.arguments())
    assert said.value.__suppress_context__


def test_errors__name_the_guard_that_refused(database):
    with pytest.raises(GuardError) as said, database.write() as session:
        session.raw.execute(
            "INSERT INTO streams (id, kind, name, seq, state, head) VALUES (1, 'case', 'X', 2, '', '')"
        )
    assert said.value.code == "hjul_streams_insert"


def test_errors__of_a_damaged_file_are_storage_errors(sqlite_url):
    path = sqlite_url.removeprefix("sqlite:///")
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(b"this is no database " * 100)
    with pytest.raises(StorageError) as said, Database(sqlite_url).read():
        pass
    assert said.value.code == "SQLITE_NOTADB"


def test_explained__reads_what_sqlalchemy_wraps(database):
    twice = [{"key": "a", "value": "1"}, {"key": "a", "value": "1"}]
    with pytest.raises(DuplicateError), database.explained(), database.engine().connect() as connection:
        connection.execute(settings.insert(), twice)


# --- statements


@given(st.text(max_size=20), st.text(max_size=20))
def test_statement__carries_every_text_as_it_is(key, value):
    compiled = UPSERT.on("sqlite")
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE settings (key, value)")
    connection.execute(compiled.sql, compiled.arguments({"key": key, "value": value}))
    assert connection.execute("SELECT * FROM settings").fetchall() == [(key, value)]
    connection.close()


def test_statement__is_compiled_once_a_dialect_and_differs_between_them():
    statement = Statement(select(settings.c.value).where(settings.c.key == bindparam("key")))
    assert statement.on("sqlite") is statement.on("sqlite")
    assert "?" in statement.on("sqlite").sql
    assert "%s" in statement.on("postgresql").sql


def test_statement__says_which_parameter_is_missing():
    with pytest.raises(KeyError):
        VALUE.on("sqlite").arguments({})


def test_rows__takes_the_values_that_stand_in_a_construct(database):
    with database.write() as session:
        session.run_many(UPSERT, [{"key": key, "value": key * 2} for key in "abc"])
    with database.read() as session:
        question = select(settings.c.value).where(settings.c.key.in_(["a", "c"])).order_by(settings.c.key)
        assert session.rows(question) == [("aa",), ("cc",)]


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ('FATAL:  password authentication failed for user "kim"', "storage.login"),
        ('FATAL:  lösenordsautentisering misslyckades för användare "kim"', "storage.login"),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "kim"', "storage.login"),
        ('FATAL:  role "kim" does not exist', "storage.login"),
        ('FATAL:  database "hjul" does not exist', "storage.no_such_database"),
        ('FATAL:  databasen "hjul" finns inte', "storage.no_such_database"),
        ("FATAL:  sorry, too many clients already", "storage.too_many"),
        ("connection timeout expired", "storage.unreachable"),
    ],
)
def test_errors__of_a_server_that_lets_nobody_in_say_why_and_no_password(said, kind):
    driver = PostgresqlDriver(make_url("postgresql://kim:hemligt@db.invalid/hjul"), Patience())
    error = driver.error(psycopg.OperationalError(f"connection failed: {said} hemligt"))
    assert isinstance(error, DatabaseUnreachableError)
    assert (error.kind, error.host, error.name, error.user) == (kind, "db.invalid", "hjul", "kim")
    assert "hemligt" not in f"{error} {error.arguments()}"


@pytest.mark.parametrize(
    ("pragma", "kind"), [("query_only = ON", "storage.read_only"), ("max_page_count = 1", "storage.full")]
)
def test_errors__of_sqlite_say_what_stands_in_the_way(tmp_path, pragma, kind):
    with Database(f"sqlite:///{tmp_path / 'a'}", create=True) as database:
        with database.write() as session:
            session.raw.execute("CREATE TABLE t (a)")
        with database.read() as session:
            session.raw.execute(f"PRAGMA {pragma}")
        with pytest.raises(StorageError) as error, database.write() as session:
            session.raw.execute("INSERT INTO t VALUES (zeroblob(99999))")
    assert error.value.kind == kind


def test_database__of_postgresql_without_its_driver_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "engine.store.postgresql", None)
    with pytest.raises(NoDriverError):
        Database("postgresql://kim@db.invalid/hjul")


def test_database__refuses_what_libpq_does_not_take():
    with pytest.raises(DatabaseUrlError), Database("postgresql://kim@db.invalid/hjul?finns_inte=1").read():
        pass


def test_revision__that_is_wanted_is_the_newest_migration():
    assert revision.wanted() == head()
