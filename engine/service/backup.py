"""Copies of the database: made (`backup`), and put back (`restore`), each verified before it is called done.

A copy is one SQLite file whichever kind the database is, and is put back into either kind. What stands in the way is
kept: a file that is there is never written over unless asked, and the database that a copy replaces is first saved
beside. A copy holds everything, so the administrator of a database makes it and puts it back.

It must not know how rows or pages are copied.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import mkdtemp
from typing import Final, Protocol

from engine.audit.verify import verify_log
from engine.cases.event import Actor
from engine.cases.reorganisation import administrator
from engine.errors import (
    BackupBrokenError,
    BackupExistsError,
    BackupLogError,
    BackupNewerError,
    BackupOfItselfError,
    DatabaseMissingError,
    DatabaseUnreachableError,
    NoBackupError,
    RestoreOtherError,
    RestoreOverError,
    SchemaMissingError,
    SchemaOldError,
    SchemaVersionError,
    StorageError,
)
from engine.service.witness import EVERYTHING
from engine.store import access_log
from engine.store.authority import Authority, load_authority
from engine.store.copying import check_file, check_pages, copy_pages, copy_rows, count_rows, settle
from engine.store.database import Database
from engine.store.migrating import head, revision, upgrade
from engine.store.organisation import read_tree, read_viewer
from engine.store.revision import refuse_foreign

COPYING: Final = 300
VERIFYING: Final = 1000
"""Shares of the whole work, for whoever is told how far it has come."""
PRIVATE: Final = 0o600
PART: Final = ".part"
"""How the name of a copy ends until it is whole."""
SIDES: Final = ("", "-wal", "-shm", "-journal")
SQLITE_BEGINS: Final = b"SQLite format 3\0"

Told = Callable[[int, int], None]


class Host(Protocol):
    """What the composition root gives to those who copy its database."""

    @property
    def database(self) -> Database: ...  # noqa: D102
    @property
    def today(self) -> date: ...  # noqa: D102
    def actor(self) -> Actor: ...  # noqa: D102
    def machine_clock(self) -> str: ...  # noqa: D102
    def create(self) -> None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Verified:
    """What a copy holds: proved by its own log."""

    cases: int
    events: int
    size: int


@dataclass(frozen=True, slots=True)
class BackupResult:
    """A copy that was made: where, and what it holds.

    left: files beside it that look like what a copy leaves that was broken off in the middle.
    """

    path: str
    cases: int
    events: int
    size: int
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RestoreResult:
    """A copy that was put back: where, what it held, and where what it replaced is kept."""

    database: str
    cases: int
    events: int
    kept: str | None


@dataclass(frozen=True, slots=True)
class BackupService:
    """Copies the database and puts copies back."""

    host: Host

    def backup(self, path: str | Path, *, force: bool = False, told: Told | None = None) -> BackupResult:
        """Copy the database into a file, verify the copy, and only then call it by its name.

        Args:
            path: The file to make.
            force: Whether a file that is there is replaced, once the new one is verified.
            told: Told now and then how far it has come.

        Raises:
            NotAdministratorError: The caller may not.
            BackupExistsError: There is a file there, and nobody said that it may be replaced.
            BackupOfItselfError: The file is the database.
            BackupBrokenError: The database is damaged.
            BackupLogError: The log in it does not hold.
            StorageError: The database cannot be read.
            OSError: The file cannot be made.
        """
        path = Path(path)
        self._check_place(path, force=force)
        actor = self._administrator()
        self._write_access("backup", "allowed", actor)
        with _partly(path) as part:
            verified = self._copy_to(part, told)
            if force:
                part.replace(path)
            else:
                _move_without_replacing(part, path)
            _sync_folder(path.parent)
        self._write_access("backup", "done", actor)
        return BackupResult(str(path), verified.cases, verified.events, verified.size, _left_beside(path))

    def restore(self, path: str | Path, *, force: bool = False, told: Told | None = None) -> RestoreResult:
        """Put a copy back, as it was verified; what it replaces is kept beside.

        Args:
            path: The copy. It is only read.
            force: Whether a database that is there may be replaced.
            told: Told now and then how far it has come.

        Raises:
            NoBackupError: The file is no copy of a database of Hjul.
            BackupBrokenError: It is damaged or cut off.
            BackupLogError: The log in it does not hold.
            BackupNewerError: It was made by a newer version of Hjul.
            RestoreOverError: There is a database, and nobody said that it may be replaced.
            ForeignDatabaseError: The database there is another program's.
            RestoreOtherError: That database is another authority's, or practice where this is not.
            NotAdministratorError: The caller is not the administrator of the database that would be replaced.
            StorageError: The database cannot be written.
            OSError: A file cannot be read or made.
        """
        path = Path(path)
        target = self._file()
        if target is not None and _is_same(path, target):
            raise BackupOfItselfError(str(path))
        check_file(path)
        shown = self.host.database.url.render_as_string(hide_password=True)
        present, is_there = self._present()
        if is_there and not force:
            raise RestoreOverError(shown)
        actor = self._administrator() if present is not None else Actor(None)
        if target is not None:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _work_file(target) as work:
            verified, theirs = _verified_copy(path, work, told)
            if present is not None and (theirs.id, theirs.training) != (present.id, present.training):
                raise RestoreOtherError(str(path), theirs.name, shown, present.name)
            kept = self._replace(path, work, target, is_there=is_there)
        self.host.create()
        self._write_access("restore", "done", actor)
        return RestoreResult(shown, verified.cases, verified.events, kept)

    # --- inside

    def _check_place(self, path: Path, *, force: bool) -> None:
        file = self._file()
        if file is not None and _is_same(path, file):
            raise BackupOfItselfError(str(path))
        if path.is_dir():
            raise IsADirectoryError(21, os.strerror(21), str(path))
        if not path.absolute().parent.is_dir():
            raise FileNotFoundError(2, os.strerror(2), str(path.parent))
        if path.exists() and not force:
            raise BackupExistsError(str(path))

    def _copy_to(self, part: Path, told: Told | None) -> Verified:
        """Copy, and verify: the pages, the rows, the log."""
        source = self.host.database
        found = revision(source)
        if found is None:
            raise SchemaMissingError("")
        file = self._file()
        if file is not None:
            copy_pages(file, part, _share(told, 0, COPYING))
        else:
            with Database(f"sqlite:///{part}") as target:
                upgrade(target, found)
                written = copy_rows(source, target, _share(told, 0, COPYING))
                if count_rows(target) != written:
                    raise BackupBrokenError(str(part), "counts")
        settle(part)
        check_pages(part)
        if found == head():
            verified = _verify(part, told)
        else:  # an older one is proved by a copy that is brought to the tables of today
            with _work_file(part) as work:
                copy_pages(part, work)
                with Database(f"sqlite:///{work}") as newer:
                    upgrade(newer)
                verified = _verify(work, told)
        settle(part)
        return Verified(verified.cases, verified.events, part.stat().st_size)

    def _replace(self, path: Path, work: Path, target: Path | None, *, is_there: bool) -> str | None:
        """Put a verified copy in the place of the database; return where the old one is kept."""
        stamp = self.host.machine_clock()[:19].replace(":", "").replace("-", "").replace("T", "-")
        if target is None:
            kept = path.absolute().with_name(f"{path.name}.before-restore-{stamp}.sqlite")
            if is_there:
                with _partly(kept) as part, Database(f"sqlite:///{part}") as old:
                    upgrade(old, revision(self.host.database) or "head")
                    copy_rows(self.host.database, old)
                    old.close()
                    settle(part)
                    part.replace(kept)
            upgrade(self.host.database)
            with Database(f"sqlite:///{work}") as source:
                copy_rows(source, self.host.database)
            report = verify_log(self.host.database)
            if not report.ok:
                raise BackupLogError(str(path), len(report.problems) + report.left_off)
            return str(kept) if is_there else None
        self.host.database.close()
        kept = target.with_name(f"{target.name}.before-restore-{stamp}")
        if not is_there:
            work.replace(target)
            _sync_folder(target.parent)
            return None
        try:
            with _partly(kept) as part:
                copy_pages(target, part)
                settle(part)
                part.replace(kept)
            settle(target)
            copy_pages(work, target)
        except BackupBrokenError:  # what stands there cannot even be read: it is put aside as it is
            for ending in ("-wal", "-shm", "-journal", ""):
                with suppress(FileNotFoundError):
                    target.with_name(target.name + ending).replace(kept.with_name(kept.name + ending))
            work.replace(target)
        _sync_folder(target.parent)
        return str(kept)

    def _present(self) -> tuple[Authority | None, bool]:
        """Whose the database is that is there, when that can be read; and whether anything is there at all."""
        try:
            with self.host.database.read() as session:
                return load_authority(session), True
        except DatabaseMissingError:
            return None, False
        except SchemaMissingError:
            refuse_foreign(self.host.database)
            return None, False
        except DatabaseUnreachableError:
            raise
        except StorageError:
            return None, True

    def _file(self) -> Path | None:
        url = self.host.database.url
        return Path(str(url.database)) if url.get_backend_name() == "sqlite" else None

    def _administrator(self) -> Actor:
        """Who asks. Of a database that waits for `init` to upgrade it nothing is asked, as `init` asks nothing."""
        try:
            actor = self.host.actor()
        except SchemaOldError:
            return Actor(None)
        if actor.person is not None:
            with self.host.database.read() as session:
                viewer = read_viewer(session, actor.person, self.host.today.isoformat())
                administrator(viewer, read_tree(session), actor.operator)
        return actor

    def _write_access(self, action: str, outcome: str, actor: Actor) -> None:
        with self.host.database.write() as session:
            access_log.append(
                session, at=self.host.machine_clock(), person=actor.person or "", operator=actor.operator,
                reference=EVERYTHING, action=action, outcome=outcome,
            )  # fmt: skip


def _verified_copy(path: Path, work: Path, told: Told | None) -> tuple[Verified, Authority]:
    """Copy a copy, bring it to the tables of today, and verify it; whose it is as well."""
    try:
        copy_pages(path, work, _share(told, 0, COPYING))
        check_pages(work)
        with Database(f"sqlite:///{work}") as database:
            found = revision(database)
            if found is None:
                raise NoBackupError(str(path))
            upgrade(database)
            with database.read() as session:
                authority = load_authority(session)
        if authority is None:
            raise NoBackupError(str(path))
        verified = _verify(work, told)
        settle(work)
    except SchemaVersionError as error:
        raise BackupNewerError(str(path), error.found, error.wanted) from None
    except BackupBrokenError as error:
        raise BackupBrokenError(str(path), error.reason) from None
    except BackupLogError as error:
        raise BackupLogError(str(path), error.n) from None
    return verified, authority


def _verify(path: Path, told: Told | None) -> Verified:
    with Database(f"sqlite:///{path}") as database:
        report = verify_log(database, progress=_share(told, COPYING, VERIFYING))
    if not report.ok:
        raise BackupLogError(str(path), len(report.problems) + report.left_off)
    return Verified(report.cases, report.events, path.stat().st_size)


def _share(told: Told | None, begins: int, ends: int) -> Told | None:
    """Tell of a part of the work as a share of the whole."""
    if told is None:
        return None

    def tell(done: int, total: int) -> None:
        told(begins + (ends - begins) * done // max(total, 1), VERIFYING)

    return tell


@contextmanager
def _partly(path: Path) -> Iterator[Path]:
    """A new file beside another, its owner's only, which is gone afterwards unless it was moved."""
    part = path.with_name(f"{path.name}{PART}")
    for ending in SIDES:  # what was left by somebody who was broken off
        part.with_name(part.name + ending).unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE))
    try:
        yield part
    finally:
        for ending in SIDES:
            part.with_name(part.name + ending).unlink(missing_ok=True)


def _left_beside(path: Path) -> tuple[str, ...]:
    """The unfinished copies in a folder: of the whole register, though nobody would think of them as that."""
    found = []
    for one in sorted(path.absolute().parent.glob(f"*{PART}")):
        with suppress(OSError), one.open("rb") as file:
            if file.read(len(SQLITE_BEGINS)) == SQLITE_BEGINS:
                found.append(str(one))
    return tuple(found)


@contextmanager
def _work_file(beside: Path | None) -> Iterator[Path]:
    """A file to work in, its owner's only: beside what it may replace, else in a folder of its own."""
    if beside is not None:
        with _partly(beside.with_name(f"{beside.name}.work")) as work:
            yield work
        return
    folder = Path(mkdtemp(prefix="hjul-"))
    try:
        with _partly(folder / "copy") as work:
            yield work
    finally:
        folder.rmdir()


def _move_without_replacing(part: Path, path: Path) -> None:
    """Give a file its name, unless somebody else took that meanwhile."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise BackupExistsError(str(path)) from None
    except OSError:  # a file system without such links
        if path.exists():
            raise BackupExistsError(str(path)) from None
        part.replace(path)
    else:
        part.unlink()


def _sync_folder(folder: Path) -> None:
    """Let a new name last. Not every system can open a folder."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return one.absolute() == other.absolute()
