"""The migrations lead to the tables and guards that the code has, on both databases, once and all or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from engine.errors import DatabaseMissingError, SchemaMissingError, SchemaVersionError
from engine.store import draft as drafts
from engine.store import guards
from engine.store.database import Database
from engine.store.migrating import head, revision, upgrade
from engine.store.reading import list_definitions
from engine.store.search import is_in_tables
from engine.store.tables import metadata
from tests.postgresql import new_database


@pytest.fixture(name="opened")
def closing_databases() -> Iterator[Callable[..., Database]]:
    """Opens databases and closes them after the test."""
    with ExitStack() as stack:
        yield lambda url: stack.enter_context(Database(url, create=True))


def schema(database: Database) -> list[tuple]:
    """Everything that the database says of its tables, indexes and triggers."""
    with database.read() as session:
        if session.dialect == "sqlite":
            found = session.raw.execute(
                "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'alembic%' "
                "AND name NOT LIKE 'sqlite_autoindex_alembic%' AND name <> 'sqlite_sequence'"
            ).fetchall()
            return sorted((kind, name, parts(str(sql))) for kind, name, sql in found)
        columns = session.raw.execute(
            "SELECT table_name, column_name, data_type, column_default, is_nullable "
            "FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'alembic%'"
        ).fetchall()
        indexes = session.raw.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT LIKE 'alembic%'"
        ).fetchall()
        constraints = session.raw.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE connamespace = 'public'::regnamespace AND conname NOT LIKE 'alembic%'"
        ).fetchall()
        return sorted(map(tuple, columns)) + sorted(map(tuple, indexes)) + sorted(map(tuple, constraints))


def parts(sql: str) -> list[str]:
    """The parts of a CREATE statement, whatever their order."""
    return sorted(re.sub(r"\s*\)( WITHOUT ROWID)?$", r", \1", " ".join(sql.split())).split(", "))


def from_metadata(database: Database) -> Database:
    """A database whose tables come from the code itself, without migrations."""
    with database.engine().connect() as connection:
        metadata.create_all(connection)
        connection.commit()
    with database.write() as session:
        guards.install(session.raw)
    return database


def test_upgrade__makes_the_tables_that_the_code_has(database_url, opened):
    database = opened(database_url)
    upgrade(database)
    with database.engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_in_tables})
        assert compare_metadata(context, metadata) == []
    with database.read() as session:
        assert guards.missing(session.raw) == []


def test_upgrade__on_sqlite_gives_the_same_schema_as_the_code(tmp_path, opened):
    migrated = opened(f"sqlite:///{tmp_path / 'a'}")
    upgrade(migrated)
    assert schema(migrated) == schema(from_metadata(opened(f"sqlite:///{tmp_path / 'b'}")))


def test_upgrade__on_postgresql_gives_the_same_schema_as_the_code(postgresql_url, postgresql_server, opened):
    migrated = opened(postgresql_url)
    upgrade(migrated)
    with new_database(postgresql_server, worker="metadata") as url:
        assert schema(migrated) == schema(from_metadata(opened(url.render_as_string(hide_password=False))))


def test_upgrade__does_nothing_the_second_time(database_url, opened):
    database = opened(database_url)
    assert revision(database) is None
    upgrade(database)
    before = schema(database)
    upgrade(database)
    assert revision(database) == head()
    assert schema(database) == before


def test_upgrade__lets_two_at_once_wait_for_each_other(database_url, opened):
    databases = [opened(database_url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(upgrade, databases))
    assert {revision(database) for database in databases} == {head()}


def test_upgrade__refuses_a_database_of_a_newer_hjul(database_url, opened):
    database = opened(database_url)
    upgrade(database)
    with database.write() as session:
        session.raw.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaVersionError) as said:
        upgrade(database)
    assert (said.value.found, said.value.wanted) == ("9999", head())


def test_upgrade__leaves_nothing_behind_when_it_fails(database_url, opened, monkeypatch):
    def fail(_connection):
        raise RuntimeError

    monkeypatch.setattr(guards, "install", fail)
    database = opened(database_url)
    with pytest.raises(RuntimeError):
        upgrade(database)
    assert schema(database) == []
    assert revision(database) is None


def test_upgrade__makes_a_file_that_only_its_owner_can_read(tmp_path, opened):
    path = tmp_path / "hjul.sqlite"
    upgrade(opened(f"sqlite:///{path}"))
    assert path.stat().st_mode & 0o077 == 0


def test_read__of_an_empty_database_says_that_it_was_never_made_ready(database_url, opened):
    database = opened(database_url)
    with pytest.raises(SchemaMissingError), database.read() as session:
        list_definitions(session)


def test_read__of_a_file_that_is_not_there_makes_none(tmp_path, opened):
    path = tmp_path / "hjul.sqlite"
    with pytest.raises(DatabaseMissingError), Database(f"sqlite:///{path}").read():
        pass
    assert not path.exists()


def test_migrations__stand_in_the_package_and_name_their_purpose():
    folder = Path(guards.__file__).parents[2] / "migrations" / "versions"
    for path in folder.glob("[0-9]*.py"):
        assert path.read_text(encoding="utf-8").startswith('"""'), path.name
        assert "Why:" in path.read_text(encoding="utf-8"), path.name


def test_upgrade__keeps_drafts_and_gives_no_number_again(tmp_path, opened):
    database = opened(f"sqlite:///{tmp_path / 'hjul.sqlite'}")
    upgrade(database, "0005")
    kept = (7, "kim", "repair", None, "tell", "{}", "2026-01-01", "2026-01-02")
    with database.write() as session:
        session.raw.execute("INSERT INTO drafts VALUES (?, ?, ?, ?, ?, ?, ?, ?)", kept)
    upgrade(database)
    with database.write() as session:
        assert session.raw.execute("SELECT * FROM drafts").fetchall() == [kept]
        session.raw.execute("DELETE FROM drafts")
    with database.write() as session:
        new = drafts.save(
            session, person="kim", process="repair", reference=None, step="", content={}, at="2026-01-03"
        )
    assert new == 8


def test_downgrade__takes_everything_away_again(tmp_path, opened):
    from alembic import command

    from engine.store import migrating

    database = opened(f"sqlite:///{tmp_path / 'a'}")
    upgrade(database)
    config = migrating._config()
    with database.engine().connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        connection.commit()
    assert schema(database) == []
