"""The installation: made and upgraded (`init`), filled with an example (`demo`), looked over (`doctor`).

It must not know how statements are run or what an example contains.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version
from typing import TYPE_CHECKING, Any, Final, Protocol
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from engine.calendar.zone import STOCKHOLM, load_zone, local_date, parse_instant
from engine.cases.access import ADMINISTRATOR
from engine.cases.event import Acting
from engine.cases.organisation import Organisation
from engine.cases.reorganisation import AddPerson, AddUnit, Appoint, Cause, Change, decide_changes
from engine.definition.base import Label
from engine.definition.place import Places
from engine.definition.shape import validated
from engine.definition.yaml import read_sheet
from engine.errors import (
    AlreadyInitialisedError,
    ConcurrentChangeError,
    DatabaseExistsError,
    DatabaseMissingError,
    DefinitionError,
    DiskError,
    DiskFullError,
    GuardError,
    HjulError,
    NotInitialisedError,
    OrganisationFileError,
    SchemaMissingError,
    SchemaOldError,
    StorageError,
    UnknownExampleError,
)
from engine.language.sentence import Sentence, sentence
from engine.service.organisation_file import read_file
from engine.service.organisation_plan import plan_import
from engine.service.result import Check, DemoResult, DoctorReport, InitResult, Published
from engine.service.setting import BACKUP_DAYS, load_values
from engine.service.witness import EVERYTHING
from engine.store import access_log, guards, reading
from engine.store.authority import Authority, create_authority, load_authority
from engine.store.database import Database
from engine.store.migrating import head, revision, upgrade
from engine.store.organisation import read_organisation
from engine.store.revision import check_revision, refuse_foreign
from engine.store.sqlite import journal_mode
from engine.store.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from engine.service.heartbeat import HeartbeatService
    from engine.service.mail import MailService
    from engine.service.organisation import OrganisationService
    from engine.service.process import ProcessService

TOP: Final = "top"
TRIES: Final = 5
LoadExample = Callable[[Path, "Callable[[int, int], None] | None"], int]


class Host(Protocol):
    """What the composition root gives to those who install it."""

    @property
    def database(self) -> Database: ...  # noqa: D102
    @property
    def authority(self) -> Authority: ...  # noqa: D102
    @property
    def training(self) -> bool: ...  # noqa: D102
    @property
    def unit_of_work(self) -> UnitOfWork: ...  # noqa: D102
    @property
    def processes(self) -> ProcessService: ...  # noqa: D102
    @property
    def organisation(self) -> OrganisationService: ...  # noqa: D102
    @property
    def heartbeat(self) -> HeartbeatService: ...  # noqa: D102
    @property
    def mail(self) -> MailService: ...  # noqa: D102
    @property
    def zone(self) -> ZoneInfo: ...  # noqa: D102
    @property
    def today(self) -> date: ...  # noqa: D102
    @property
    def login(self) -> str: ...  # noqa: D102
    def clock(self) -> str: ...  # noqa: D102
    def check_clock(self, *, training: bool) -> None: ...  # noqa: D102
    @property
    def start(self) -> Any: ...  # noqa: D102
    def leave_nothing(self) -> None: ...  # noqa: D102
    def machine_clock(self) -> str: ...  # noqa: D102
    def create(self) -> None: ...  # noqa: D102
    def new_id(self) -> str: ...  # noqa: D102
    def as_system(self) -> AbstractContextManager[Any]: ...  # noqa: D102
    def at(self, instant: str, login: str | None = None) -> AbstractContextManager[Any]: ...  # noqa: D102
    def example(self, key: str) -> Path: ...  # noqa: D102


@dataclass(slots=True)
class InstallationService:
    """Makes, fills and looks over an installation."""

    host: Host
    load_example: LoadExample

    def init(
        self,
        *,
        training: bool = False,
        org_file: str | None = None,
        name: str | None = None,
        zone: str | None = None,
    ) -> InitResult:
        """Create or upgrade the database, publish the shipped processes, register the first administrator.

        Done again it upgrades, and changes nothing that is right already.

        Args:
            training: Make a practice database.
            org_file: A CSV file with units, people and roles.
            name: What the authority is called.
            zone: Its time zone; Europe/Stockholm when none is said.

        Raises:
            AlreadyInitialisedError: It is there, and is (not) for practice as was asked.
            UnknownZoneError: There is no such zone.
            OrganisationError: The organisation file has faults.
            StorageError: The database cannot be made.
        """
        load_zone(zone or STOCKHOLM)
        if org_file is not None:
            _check_form(Path(org_file))
        self._check_before(org_file, training=training)
        self.host.create()
        try:
            was = revision(self.host.database)
            upgrade(self.host.database)
            with self.host.database.write() as session:
                guards.install(session.raw)
            created = self._create_authority(name, zone, training=training)
        except GuardError:  # somebody else made it meanwhile
            created = self._create_authority(name, zone, training=training)
        except (DiskError, DiskFullError):  # never when it is busy: then somebody else is making it
            self.host.leave_nothing()
            raise
        administrator, before = None, dict[str, int]()
        with self.host.as_system():
            for attempt in range(TRIES):
                try:
                    if org_file is not None:
                        self.host.organisation.import_csv(Path(org_file))
                    administrator = self._first_administrator() or administrator
                    before = before or {row.process: row.version for row in self.host.processes.list()}
                    published = self._publish()
                    break
                except ConcurrentChangeError:  # of two who do it at once, one does what the other left
                    if attempt == TRIES - 1:
                        raise
        tables = (was, head()) if was is not None and was != head() else None
        return InitResult(
            created, self.host.database.url.render_as_string(hide_password=True), self.host.training, published,
            administrator, tables, before, self._has_units(),
        )  # fmt: skip

    def demo(self, key: str | None = None, progress: Callable[[int, int], None] | None = None) -> DemoResult:
        """A new training database with a worked example.

        Raises:
            UnknownExampleError: There is no such example.
            DatabaseExistsError: There is a database here already; nothing of it is touched.
        """
        folder = self.host.example(key or "smastad")
        if not (folder / "organisation.csv").is_file():
            raise UnknownExampleError(key or "smastad")
        about = load_example(folder.parent / f"{folder.name}.yaml")
        tries = tuple((one.command, one.why) for one in about.tries)
        self._refuse_existing()
        first = sorted(path.stem for path in folder.glob("20*.yaml"))
        self.host.create()
        upgrade(self.host.database)
        self._create_authority(about.authority, None, training=True)
        began = f"{first[0]}-01T00:00:00Z" if first else self.host.machine_clock()
        with self.host.at(began), self.host.as_system():
            self.host.organisation.import_csv(folder / "organisation.csv")
            self._publish(about.set_in(folder))
        self.load_example(folder, progress)
        with self.host.database.read() as session:
            organisation = read_organisation(session)
            cases = reading.count_cases(session)
        shown = self.host.database.url.render_as_string(hide_password=True)
        return DemoResult(shown, len(organisation.units), len(organisation.persons), cases, tries)

    def doctor(self) -> DoctorReport:
        """Versions, database, journal mode, schema, guards; what is wrong, and the command that mends it."""
        return DoctorReport(tuple(self._checks()))

    # --- inside

    def _check_before(self, org_file: str | None, *, training: bool) -> None:
        """Refuse all that can be refused before anything is made, so that nothing is left of what was refused.

        Raises:
            AlreadyInitialisedError: It is there, and is not for practice as was asked.
            TrainingClockError: A clock was set, and it will not be for training.
            OrganisationFileError: Some rows cannot be right.
        """
        try:
            with self.host.database.read() as session:
                found = load_authority(session)
        except StorageError:
            found = None
        if found is not None:
            if training and not found.training:
                raise AlreadyInitialisedError(training=found.training)
            return
        self.host.check_clock(training=training)
        if org_file is None:
            return
        rows, _ = read_file(Path(org_file).read_bytes())
        now = self.host.start.now or self.host.machine_clock()
        cause = Cause("", Acting(None, "system"), now, now[:10])
        plan = plan_import(Organisation(), rows, cause, {}, end_missing=False)
        if plan.problems:
            raise OrganisationFileError(tuple(plan.problems))

    def _create_authority(self, name: str | None, zone: str | None, *, training: bool) -> bool:
        with self.host.database.write() as session:
            found = load_authority(session)
            if found is not None:
                if training and not found.training:
                    raise AlreadyInitialisedError(training=found.training)
                return False
            self.host.check_clock(training=training)
            made = Authority(self.host.new_id(), name or "Nämnden", zone or STOCKHOLM, training)
            create_authority(session, made, self.host.machine_clock())
        return True

    def _has_units(self) -> bool:
        """Whether there is an organisation beyond the unit that `init` makes."""
        with self.host.database.snapshot() as session:
            return len(read_organisation(session).units) > 1

    def _first_administrator(self) -> str | None:
        """Register who runs `init` as administrator, when nobody is."""
        with self.host.database.snapshot() as session:
            organisation = read_organisation(session)
        now, day = self.host.clock(), self.host.today.isoformat()
        if any(
            one.role == ADMINISTRATOR and one.is_in_force(day) for one in organisation.appointments.values()
        ):
            return None
        login = self.host.login
        tops = organisation.tree.tops if organisation.units else ()
        changes: list[Change] = []
        if not tops:
            changes.append(AddUnit(TOP, self.host.authority.name, None, day))
        person = next((one.code for one in organisation.persons.values() if one.login == login), None)
        if person is None:
            person = "admin" if "admin" not in organisation.persons else f"admin{len(organisation.persons)}"
            changes.append(AddPerson(login, day, code=person, login=login))
        changes.append(Appoint(person, ADMINISTRATOR, tops[0] if tops else TOP, day))
        cause = Cause(self.host.new_id(), Acting(None, "system"), now, day)
        decisions, _ = decide_changes(organisation, changes, cause)
        self.host.unit_of_work.record_all(decisions, {})
        return login

    def _publish(self, set_params: Mapping[str, Mapping[str, str]] | None = None) -> tuple[Published, ...]:
        """Publish the shipped processes, those that others open first; not those of which a later version is there."""
        params = set_params or {}
        processes = self.host.processes
        there = {row.process: row.version for row in processes.list()}
        return tuple(
            processes.publish(key, params.get(key)) for key in processes.in_order()
            if there.get(key, 0) <= processes.load(key).version
        )  # fmt: skip

    def _refuse_existing(self) -> None:
        try:
            with self.host.database.read() as session:
                found = load_authority(session)
        except StorageError:
            return
        if found is not None:
            raise DatabaseExistsError(self.host.database.url.render_as_string(hide_password=True))

    def _checks(self) -> Iterator[Check]:
        yield _check("version", _hjul_version(), ok=True)
        yield _check("python", python_version(), ok=True)
        url = self.host.database.url
        yield _check("database", url.render_as_string(hide_password=True), ok=True)
        try:
            described = self.host.database.describe()
            found = revision(self.host.database)
        except HjulError as error:
            yield _check(
                "reachable", sentence(f"error.{error.kind}", **_said(error)), ok=False,
                mend="hjul init" if isinstance(error, DatabaseMissingError) else None,
            )  # fmt: skip
            return
        for name, value in described.items():
            yield _check(f"database_{name}", value, ok=True)
        if url.get_backend_name() == "sqlite":
            mode = journal_mode(sqlite3.sqlite_version_info)
            yield _check(
                "journal", sentence(f"doctor.journal_{mode}", version=sqlite3.sqlite_version), ok=True
            )
        wrong = self._schema_fault()
        if wrong is not None:
            said = found or "-" if _can_be_made(wrong) else sentence(f"error.{wrong.kind}", **_said(wrong))
            yield _check("schema", said, ok=False, mend="hjul init" if _can_be_made(wrong) else None)
            return
        yield _check("schema", found or "-", ok=True)
        with self.host.database.read() as session:
            missing = guards.missing(session.raw)
        yield _check("guards", sentence("doctor.guards", n=len(missing)), ok=not missing, mend="hjul init")
        try:
            authority = self.host.authority
        except NotInitialisedError:
            yield _check("authority", "-", ok=False, mend="hjul init")
            return
        yield _check("authority", authority.name, ok=True)
        yield _check("training", sentence("value.yes" if authority.training else "value.no"), ok=True)
        yield from self._running_checks()

    def _schema_fault(self) -> StorageError | None:
        """What is wrong with the tables; None when they are those that this version wants."""
        try:
            with self.host.database.read() as session:
                check_revision(session)
        except SchemaMissingError as missing:
            try:
                refuse_foreign(self.host.database)
            except StorageError as foreign:
                return foreign
            return missing
        except StorageError as error:
            return error
        return None

    def _running_checks(self) -> Iterator[Check]:
        with self.host.database.read() as session:
            organisation = read_organisation(session)
            cases = reading.count_cases(session)
            copied = access_log.last(session, EVERYTHING, "backup", "done")
            most = load_values(session).whole(BACKUP_DAYS)
            definitions = {one.process: one for one in reading.list_definitions(session) if one.is_current}
        day = self.host.today.isoformat()
        administrators = [
            one
            for one in organisation.appointments.values()
            if one.role == ADMINISTRATOR and one.is_in_force(day)
        ]
        yield _check("administrators", len(administrators), ok=bool(administrators), mend="hjul init")
        heard = self.host.heartbeat.listen()
        when = "" if heard.ran_at is None else f"{heard.ran_at.astimezone(self.host.zone):%Y-%m-%d %H:%M}"
        yield _check("tick", when or sentence("doctor.tick_never"), ok=not heard.is_late, mend="hjul tick")
        yield _check("units", len(organisation.units), ok=True)
        yield _check("cases", cases, ok=True)
        yield self._backup_check(copied, cases, most)
        yield from self.host.mail.checks()
        for key in self.host.processes.shipped_keys():
            shipped = self.host.processes.load(key)
            ok = key in definitions and definitions[key].version >= shipped.version
            yield _check("process", sentence("doctor.process", process=shipped.process.label, version=shipped.version),
                         ok=ok, mend=f"hjul process publish {key}")  # fmt: skip

    def _backup_check(self, copied: str | None, cases: int, most: int) -> Check:
        """When a copy was last made. Practice needs none, nor does a database without cases."""
        needs_one = most > 0 and cases > 0 and not self.host.training
        mend = f"hjul backup hjul-{self.host.today.isoformat()}.sqlite"
        if copied is None:
            return _check("backup", sentence("doctor.backup_never"), ok=not needs_one, mend=mend)
        day = local_date(parse_instant(copied), self.host.zone)
        days = (self.host.today - day).days
        said = (
            sentence("doctor.backup_today") if days <= 0 else sentence("doctor.backup_days", day=day, n=days)
        )
        return _check("backup", said, ok=not needs_one or days <= most, mend=mend)


def _can_be_made(error: StorageError) -> bool:
    """Whether `init` mends what is wrong with the tables: there are none, or older ones."""
    return isinstance(error, (SchemaMissingError, SchemaOldError))


def _check_form(path: Path) -> None:
    """Make sure that an organisation file can be read, before anything is made.

    Raises:
        OrganisationFileError: It has problems.
    """
    _, problems = read_file(path.read_bytes())
    if problems:
        raise OrganisationFileError(problems)


def _check(key: str, value: str | int | Sentence, *, ok: bool, mend: str | None = None) -> Check:
    return Check(key, sentence(f"doctor.{key}_label"), value if isinstance(value, Sentence) else str(value), ok,
                 None if ok else mend)  # fmt: skip


def _said(error: HjulError) -> dict[str, Any]:
    return {name: str(value) for name, value in error.arguments().items()}


def _hjul_version() -> str:
    try:
        return version("hjul")
    except PackageNotFoundError:
        return "-"


class Try(BaseModel):
    """A command to try, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    command: str
    why: Label


class Example(BaseModel):
    """What a worked example is: whose it is, the instant at which it ends, what to try.

    own_codes: files of own codes in its folder, by process and parameter.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    authority: str
    now: str
    tries: tuple[Try, ...]
    own_codes: dict[str, dict[str, str]] = {}

    def set_in(self, folder: Path) -> dict[str, dict[str, str]]:
        """What the parameters of processes are set to, the files found in the example's folder."""
        return {
            process: {name: str(folder / file) for name, file in files.items()}
            for process, files in self.own_codes.items()
        }


def load_example(path: Path) -> Example:
    """What the file beside an example's folder says of it.

    Raises:
        DefinitionError: The file has problems.
    """
    sheet = read_sheet(path.read_bytes(), path.name)
    found, problems = validated(Example, sheet.tree, Places(sheet))
    if found is None or sheet.problems:
        raise DefinitionError((*sheet.problems, *problems))
    return found
