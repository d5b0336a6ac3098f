"""The ground that the use cases stand on: what a run is started with, its database, its clock, and who asks.

The only module that reads the clock, the environment or randomness. It must not know which use cases there are.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Final, Self
from zoneinfo import ZoneInfo

from engine.calendar.holiday import FIRST_YEAR, LAST_YEAR
from engine.calendar.zone import STOCKHOLM, format_instant, load_zone, local_date, parse_instant
from engine.cases.event import Actor
from engine.errors import (
    CannotOpenDatabaseError,
    DatabaseMissingError,
    HjulError,
    NotInitialisedError,
    SchemaMissingError,
    TrainingClockError,
)
from engine.service.secret import Secret
from engine.service.shipped import shipped_folder
from engine.store.authority import Authority, load_authority
from engine.store.database import Database
from engine.store.revision import check_revision, refuse_foreign

FILE: Final = "hjul.sqlite"


def default_url() -> str:
    """One SQLite file in the platform's folder for a user's data."""
    from platformdirs import user_data_path  # noqa: PLC0415

    return f"sqlite:///{user_data_path('hjul') / FILE}"


def _machine_now() -> str:
    return format_instant(datetime.now(UTC))


def _new_id() -> str:
    from uuid import uuid4  # noqa: PLC0415  lists need no ids

    return str(uuid4())


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is started with.

    login: the operating system's login, or whom `HJUL_USER` names. as_login: whom it wants to act as.
    now: an instant that the clock stands at, honoured in a training database only. mail: the password for it.
    """

    database_url: str
    login: str
    as_login: str | None = None
    now: str | None = None
    mail: Secret = field(default_factory=Secret)

    @staticmethod
    def from_environment(database_url: str | None = None, as_login: str | None = None) -> Settings:
        """From `HJUL_DB`, `HJUL_USER`, `HJUL_NOW` and the operating system, where nothing else is said."""
        url = database_url or os.environ.get("HJUL_DB") or default_url()
        return Settings(
            _as_url(url), _login(), as_login or os.environ.get("HJUL_USER"), os.environ.get("HJUL_NOW"),
            Secret.of(os.environ, "HJUL_SMTP_PASSWORD"),
        )  # fmt: skip


def _as_url(text: str) -> str:
    """A URL as it is; a path as a SQLite URL."""
    return text if "://" in text else f"sqlite:///{Path(text).absolute()}"


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid()) if hasattr(os, "getuid") else ""


@dataclass
class Ground:
    """What the use cases share: one database, its clock, and who asks.

    `machine_clock`, `entropy` and `new_id` come in as arguments so that tests can have their own.
    """

    start: Settings
    machine_clock: Callable[[], str] = _machine_now
    entropy: Callable[[int], bytes] = os.urandom
    new_id: Callable[[], str] = _new_id
    _now: str | None = field(default=None, init=False)
    _as: Actor | None = field(default=None, init=False)
    _made: Path | None = field(default=None, init=False)

    # --- what is there

    @property
    def login(self) -> str:
        """The login that started it, whoever it acts as."""
        return self.start.login

    def example(self, key: str) -> Path:
        """The folder of a worked example, whether or not there is one."""
        return shipped_folder("examples") / Path(key).name

    @cached_property
    def database(self) -> Database:
        """The database; a file that is not there is an error when it is read."""
        return Database(self.start.database_url)

    @cached_property
    def authority(self) -> Authority:
        """The authority whose database it is.

        Raises:
            NotInitialisedError: `init` has not been run here.
            SchemaVersionError: It was made by another version of Hjul.
            ForeignDatabaseError: It belongs to another program.
            StorageError: It cannot be read.
        """
        try:
            with self.database.read() as session:
                check_revision(session)
                found = load_authority(session)
        except DatabaseMissingError:
            found = None
        except SchemaMissingError:
            refuse_foreign(self.database)
            found = None
        if found is None:
            raise NotInitialisedError(self.database.url.render_as_string(hide_password=True))
        return found

    @property
    def training(self) -> bool:
        """Whether it is a practice database."""
        return self.authority.training

    @cached_property
    def zone(self) -> ZoneInfo:
        """Where the authority is."""
        return load_zone(self.authority.zone or STOCKHOLM)

    def clock(self) -> str:
        """The domain's now: the machine's, or in a training database the one that was set.

        Raises:
            TrainingClockError: A clock was set outside training, or is no instant.
        """
        if self._now is not None:
            return self._now
        wanted = self.start.now
        if wanted is None:
            return self.machine_clock()
        if not self.training:
            raise TrainingClockError(wanted[:40], training=False)
        return _instant(wanted)

    def check_clock(self, *, training: bool) -> None:
        """Make sure that a database which is about to be made may have the clock that was set.

        Raises:
            TrainingClockError: A clock was set, and it will not be for training, or it is no instant.
        """
        wanted = self.start.now
        if wanted is None:
            return
        if not training:
            raise TrainingClockError(wanted[:40], training=False)
        _instant(wanted)

    @property
    def today(self) -> date:
        """The local day of the domain's now."""
        return local_date(parse_instant(self.clock()), self.zone)

    @contextmanager
    def at(self, instant: str, login: str | None = None) -> Iterator[Self]:
        """Be at another instant, and somebody else, for a while; in a training database only.

        Raises:
            TrainingClockError: It is no training database.
            UnknownActorError: Nobody is registered by that login.
        """
        if not self.training:
            raise TrainingClockError(instant[:40], training=False)
        before = self._now, self._as
        self._now = format_instant(parse_instant(instant))
        try:
            if login is not None:
                self._as = Actor(self._person(login))
            yield self
        finally:
            self._now, self._as = before

    @contextmanager
    def as_system(self) -> Iterator[Self]:
        """Be the system itself for a while: `init` makes the first administrator."""
        before, self._as = self._as, Actor(None)
        try:
            yield self
        finally:
            self._as = before

    def create(self) -> None:
        """Make the file of a SQLite database when it is not there, readable by its owner only; forget what was read.

        Raises:
            CannotOpenDatabaseError: The folder cannot be made.
        """
        url = self.database.url
        self._made = None
        if url.get_backend_name() == "sqlite" and url.database:
            path = Path(url.database)
            try:
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as error:
                raise CannotOpenDatabaseError(type(error).__name__, str(path.parent)) from None
            self._made = None if path.exists() else path
        self.database.close()
        self.__dict__["database"] = Database(self.start.database_url, create=True)
        self.__dict__.pop("authority", None)

    def leave_nothing(self) -> None:
        """Take away the file that `create` made, when it is no authority's yet."""
        made = self._made
        if made is None:
            return
        try:
            with self.database.read() as session:
                is_used = load_authority(session) is not None
        except HjulError:
            is_used = False
        self.database.close()
        if not is_used:
            for name in (
                made,
                *(made.with_name(f"{made.name}{end}") for end in ("-journal", "-wal", "-shm")),
            ):
                name.unlink(missing_ok=True)

    # --- who asks

    def actor(self) -> Actor:
        """Who acts: the person of the login, or whom they act as.

        Raises:
            UnknownActorError: The login is not registered.
            ActingAsError: They may not act as that person here.
        """
        return self._as or self._actor

    @cached_property
    def _actor(self) -> Actor:
        from engine.service.login import find_actor  # noqa: PLC0415  help needs no store

        return find_actor(
            self.database,
            self.start.login,
            self.start.as_login,
            self.today.isoformat(),
            training=self.training,
        )

    def _person(self, text: str) -> str:
        from engine.service.login import find_person  # noqa: PLC0415  help needs no store

        return find_person(self.database, text, self.today.isoformat())


def _instant(text: str) -> str:
    """A clock that was set, as an instant, in a year whose neighbours the calendar knows too.

    Raises:
        TrainingClockError: It is none.
    """
    try:
        instant = parse_instant(text)
    except HjulError:
        raise TrainingClockError(text[:40], training=True) from None
    if not FIRST_YEAR < instant.year < LAST_YEAR:
        raise TrainingClockError(text[:40], training=True)
    return format_instant(instant)
