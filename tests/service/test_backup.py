"""Copies: of either kind of database, put back into either kind; broken ones refused, nothing lost on the way."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from engine.app import App, Settings
from engine.errors import (
    BackupBrokenError,
    BackupExistsError,
    BackupLogError,
    BackupNewerError,
    BackupOfItselfError,
    DatabaseBusyError,
    DiskFullError,
    ForeignDatabaseError,
    NoBackupError,
    NotAdministratorError,
    RestoreOtherError,
    RestoreOverError,
)
from engine.store import copying, guards
from engine.store.copying import copy_pages
from engine.store.tables import metadata


@pytest.fixture
def copy(house, tmp_path):
    """Give a house with something in it, and a copy of it."""
    house.look(house.tell())
    house.tell("keeper", found="2026-02-01T08:30")
    house.waiting()
    told = house.tell()
    house.look(told)
    house.by("keeper").cases.add_entry(told, "seen", "Blöt.", "hyllan", judgement=False)
    house.take("mender", told, "finish", price="12.50", **{"causes.+.kind": "wet", "causes.+.text": "regn"})
    (tmp_path / "photo").write_bytes(bytes(range(256)) * 3000)
    house.by("keeper").attachments.attach(told, tmp_path / "photo")
    house.by("boss").backups.backup(tmp_path / "copy.sqlite")
    return tmp_path / "copy.sqlite"


def rows_of(app, *, without=("access_log",)):
    with app.database.engine().connect() as connection:
        return {
            name: sorted(repr(tuple(map(plain, row))) for row in connection.execute(table.select()))
            for name, table in metadata.tables.items()
            if name not in without
        }


def plain(cell):
    return format(cell.normalize(), "f") if hasattr(cell, "normalize") else cell


def elsewhere(path, login="boss"):
    return App(Settings(f"sqlite:///{path}", "shell", login))


def test_backup__holds_every_row_and_is_a_database_itself(house, copy):
    other = elsewhere(copy)
    assert rows_of(other) == rows_of(house.by("boss"))
    assert other.audit.verify().ok
    with other.database.read() as session:
        assert guards.missing(session.raw) == []
    assert copy.stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in copy.parent.iterdir() if "copy" in path.name) == ["copy.sqlite"]
    other.database.close()


@pytest.mark.postgresql
def test_restore__into_an_empty_database_of_the_other_kind_goes_on_as_before(house, copy, request, tmp_path):
    database_url = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    if house.by("boss").database.dialect == "sqlite":
        database_url = request.getfixturevalue("postgresql_url")
    app = App(Settings(database_url, "shell", "boss"))
    done = app.backups.restore(copy)
    assert (done.cases, done.kept) == (4, None)
    assert rows_of(app) == rows_of(house.by("boss"))
    assert app.audit.verify().ok
    again = App(Settings(database_url, "shell", "kim"))
    assert again.cases.open_case("repair", unit="bjork", values={"story": "x"}).reference == "REP-2026-0005"
    assert again.database.dialect in database_url
    assert App(Settings(database_url, "shell", "boss")).audit.verify().ok


def test_restore__over_a_database_keeps_what_was_there(house, copy):
    house.tell()
    boss = house.by("boss")
    before = rows_of(boss)
    with pytest.raises(RestoreOverError):
        boss.backups.restore(copy)
    assert rows_of(boss) == before
    done = boss.backups.restore(copy, force=True)
    assert rows_of(house.door(as_login="boss")) == rows_of(elsewhere(copy))
    kept = elsewhere(done.kept)
    assert rows_of(kept) == before
    assert kept.audit.verify().ok
    kept.database.close()
    with house.by("boss").database.read() as session:
        assert guards.missing(session.raw) == []


def test_backup__never_replaces_a_file_unasked(sqlite_only, small):
    content = small.read_bytes()
    sqlite_only.tell()
    with pytest.raises(BackupExistsError):
        sqlite_only.by("boss").backups.backup(small)
    assert small.read_bytes() == content
    assert sqlite_only.by("boss").backups.backup(small, force=True).cases == 2


def test_backup__clears_away_what_was_broken_off_and_tells_of_what_it_may_not(sqlite_only, small, tmp_path):
    content = small.read_bytes()
    other, plain = tmp_path / "annan.sqlite.part", tmp_path / "anteckning.part"
    other.write_bytes(content)
    plain.write_text("inget av detta")
    again = tmp_path / "igen.sqlite"
    for ending in (".part", ".part-wal", ".part-journal"):
        again.with_name(again.name + ending).write_bytes(content)
    done = sqlite_only.by("boss").backups.backup(again)
    assert done.left == (str(other),)
    assert sorted(one.name for one in tmp_path.glob("igen*")) == ["igen.sqlite"]
    assert other.read_bytes() == content
    assert sqlite_only.by("boss").backups.backup(small, force=True).cases == done.cases


def test_backup__is_the_administrators(sqlite_only, tmp_path):
    for person in ("head", "guard", "kim"):
        with pytest.raises(NotAdministratorError):
            sqlite_only.by(person).backups.backup(tmp_path / "x")
    assert not (tmp_path / "x").exists()
    sqlite_only.by("boss").backups.backup(tmp_path / "x")
    with pytest.raises(NotAdministratorError):
        sqlite_only.by("head").backups.restore(tmp_path / "x", force=True)


def test_backup__is_in_the_access_log_before_and_after(sqlite_only, small):
    assert [row[3:] for row in sqlite_only.accesses() if row[2] == "*"] == [
        ("backup", "allowed"),
        ("backup", "done"),
    ]


def test_backup__of_a_log_that_does_not_hold_is_no_backup(sqlite_only, tmp_path):
    sqlite_only.tell()
    sqlite_only.run("UPDATE cases SET unit = 'ek'")
    with pytest.raises(BackupLogError):
        sqlite_only.by("boss").backups.backup(tmp_path / "x.sqlite")
    assert list(tmp_path.glob("x.sqlite*")) == []


@pytest.fixture
def small(sqlite_only, tmp_path):
    """Give a copy to spoil."""
    sqlite_only.tell()
    sqlite_only.by("boss").backups.backup(tmp_path / "copy.sqlite")
    return tmp_path / "copy.sqlite"


def cut(path):
    path.write_bytes(path.read_bytes()[:-9000])


def overwrite(path):
    content = bytearray(path.read_bytes())
    content[9000:30000] = b"x" * 21000
    path.write_bytes(content)


def replace(path):
    path.write_bytes(b"not a database " * 100)


def foreign(path):
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (name)")
    connection.close()


def spoil(statement, *, guarded=True):
    def run(path):
        app = elsewhere(path)
        with app.database.write() as session:
            guards.lift(session.raw)
            session.raw.execute(statement)
            if guarded:
                guards.install(session.raw)
        app.database.close()

    return run


@pytest.mark.parametrize(
    ("how", "error"),
    [
        (cut, BackupBrokenError),
        (overwrite, BackupBrokenError),
        (replace, NoBackupError),
        (lambda path: path.write_bytes(b""), NoBackupError),
        (foreign, NoBackupError),
        (spoil("UPDATE payloads SET content = replace(content, 'bok', 'hylla')"), BackupLogError),
        (spoil("UPDATE cases SET unit = 'ek'"), BackupLogError),
        (spoil("UPDATE alembic_version SET version_num = '9999'"), BackupNewerError),
        (spoil("DELETE FROM authority"), NoBackupError),
    ],
    ids=["cut", "overwritten", "text", "empty", "foreign", "payload", "case", "newer", "nobody's"],
)
def test_restore__refuses_what_is_no_whole_copy_and_changes_nothing(small, sqlite_only, how, error):
    how(small)
    before, files = sqlite_only.everything(), sorted(small.parent.iterdir())
    for force in (False, True):
        with pytest.raises((error, RestoreOverError) if not force else error):
            sqlite_only.by("boss").backups.restore(small, force=force)
    empty = small.with_name("new.sqlite")
    with pytest.raises(error):
        elsewhere(empty).backups.restore(small)
    assert not empty.exists()
    assert sqlite_only.everything() == before
    assert sorted(small.parent.iterdir()) == files


def test_restore__replaces_a_database_that_cannot_be_read_and_keeps_it(small, sqlite_only):
    path = Path(sqlite_only.url.removeprefix("sqlite:///"))
    sqlite_only.close()
    path.write_bytes(b"SQLite format 3\x00" + b"rubbish" * 5000)
    done = elsewhere(path).backups.restore(small, force=True)
    assert elsewhere(path).audit.verify().ok
    assert b"rubbish" in Path(done.kept).read_bytes()


class FullDisk(sqlite3.Connection):
    """As SQLite answers when there is no room for the copy."""

    def backup(self, *_, **__):
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode, error.sqlite_errorname = 13, "SQLITE_FULL"
        raise error


def test_copies__on_a_full_disk_call_nothing_damaged_and_move_nothing(
    small, sqlite_only, tmp_path, monkeypatch
):
    path = Path(sqlite_only.url.removeprefix("sqlite:///"))
    before, files = sqlite_only.everything(), sorted(path.parent.iterdir())
    monkeypatch.setattr(copying, "_open", lambda file, _: sqlite3.connect(file, factory=FullDisk))
    with pytest.raises(DiskFullError):
        sqlite_only.by("boss").backups.backup(tmp_path / "another.sqlite")
    with pytest.raises(DiskFullError):
        sqlite_only.by("boss").backups.restore(small, force=True)
    assert sqlite_only.everything() == before
    assert sorted(path.parent.iterdir()) == files


def test_copies__of_a_file_that_somebody_is_at_work_in_are_not_called_damaged(tmp_path, monkeypatch):
    monkeypatch.setattr(copying, "WAIT", 0)
    with sqlite3.connect(tmp_path / "live.sqlite") as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("CREATE TABLE t (a)")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseBusyError):
        copying.settle(tmp_path / "live.sqlite")
    other.close()


def test_restore__refuses_another_authoritys_copy_and_another_programs_database(small, sqlite_only, tmp_path):
    other = tmp_path / "other.sqlite"
    copy_pages(small, prepared(other))
    spoil("UPDATE authority SET id = 'annan'")(other)
    spoil("UPDATE authority SET training = 0")(prepared(tmp_path / "real.sqlite", small))
    with pytest.raises((RestoreOtherError, BackupLogError)):
        sqlite_only.by("boss").backups.restore(other, force=True)
    theirs = tmp_path / "recipes.sqlite"
    foreign(prepared(theirs))
    with pytest.raises(ForeignDatabaseError):
        elsewhere(theirs).backups.restore(small, force=True)
    with sqlite3.connect(theirs) as connection:
        assert connection.execute("SELECT count(*) FROM recipes").fetchone() == (0,)
    connection.close()


def prepared(path, source=None):
    path.write_bytes(b"" if source is None else source.read_bytes())
    return path


def test_backup__and_database_must_be_two_files(small, sqlite_only):
    path = Path(sqlite_only.url.removeprefix("sqlite:///"))
    shutil.copy(path, path.with_name("same"))
    link = path.with_name("link.sqlite")
    link.symlink_to(path)
    for name in (path, link):
        with pytest.raises(BackupOfItselfError):
            sqlite_only.by("boss").backups.backup(name, force=True)
        with pytest.raises(BackupOfItselfError):
            sqlite_only.by("boss").backups.restore(name, force=True)
    with pytest.raises(IsADirectoryError):
        sqlite_only.by("boss").backups.backup(path.parent)
    with pytest.raises(FileNotFoundError):
        sqlite_only.by("boss").backups.backup(path.parent / "none" / "x")


def test_copy__begins_again_when_somebody_writes_and_ends_whole(small, tmp_path):
    big = tmp_path / "big.sqlite"
    with sqlite3.connect(big) as writer:
        writer.execute("CREATE TABLE t (a, b)")
        writer.executemany("INSERT INTO t VALUES (?, ?)", ((n, "x" * 2000) for n in range(9000)))
    told = []

    def write(done, total):
        told.append((done, total))
        if len(told) < 9:
            try:
                with sqlite3.connect(big, timeout=0) as other:
                    other.execute("INSERT INTO t VALUES (1, 1)")
            except sqlite3.OperationalError:
                pass
            finally:
                other.close()

    copy_pages(big, prepared(tmp_path / "copied.sqlite"), write)
    with sqlite3.connect(tmp_path / "copied.sqlite") as reader:
        assert reader.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert reader.execute("SELECT count(*) FROM t").fetchone()[0] >= 9000
    reader.close()
    writer.close()


def test_doctor__says_when_the_last_copy_was_made(sqlite_only, small):
    rows = {row.key: row for row in sqlite_only.by("boss").installation.doctor().rows}
    assert rows["backup"].ok
    assert "doctor.backup_today" in repr(rows["backup"].value)
