"""Every error class of Hjul, each with typed attributes.

An error says which mistake it is (`kind`) and with what (`arguments()`); `engine.language` makes the sentence
that a person reads from these two. This module knows no sentence, no layer above it and no exit code.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar


class HjulError(Exception):
    """Base of every mistake that Hjul foresees and can explain.

    Attributes:
        kind: The stable name of the mistake, under which the catalogues keep its sentence.
        private: Attributes that may hold what a person wrote. They reach that person's own screen through
            `arguments()`, never a log line through `str()`.
    """

    kind: ClassVar[str] = "hjul"
    private: ClassVar[frozenset[str]] = frozenset()

    def arguments(self) -> dict[str, object]:
        """Return the typed attributes that the sentence is made from."""
        return {name: value for name, value in vars(self).items() if not name.startswith("_")}

    def __str__(self) -> str:
        """Return kind and arguments for a developer, without anything private."""
        shown = (f"{name}={value!r}" for name, value in self.arguments().items() if name not in self.private)
        return " ".join([self.kind, *shown])


# --- ledger --------------------------------------------------------------------------------


class LedgerError(HjulError):
    """Base of what can be wrong with the bytes and proofs of the log."""

    kind = "ledger"


class CanonicalError(LedgerError):
    """A value has no canonical form, or bytes are not the canonical form of any value."""

    kind = "ledger.canonical"

    def __init__(self, path: str, reason: str) -> None:
        """Say where (`$.coded.antal`; `$` is the whole) and why (a `Reason` of `engine.ledger.canonical`)."""
        super().__init__()
        self.path = path
        self.reason = reason


class SealedBytesError(LedgerError):
    """Stored bytes are not an event of a known format."""

    kind = "ledger.sealed_bytes"

    def __init__(self, reason: str) -> None:
        """Say why (a `Fault` of `engine.ledger.chain`)."""
        super().__init__()
        self.reason = reason


class BrokenLinkError(LedgerError):
    """An event does not follow the event before it."""

    kind = "ledger.broken_link"

    def __init__(self, stream: str, seq: int, expected: str, found: str) -> None:
        """Name the event, the hash (or number) it must carry and the one it carries."""
        super().__init__()
        self.stream = stream
        self.seq = seq
        self.expected = expected
        self.found = found


class SaltError(LedgerError):
    """A commitment's salt has the wrong length."""

    kind = "ledger.salt"

    def __init__(self, length: int, expected: int) -> None:
        """Give both lengths in bytes; the salt itself is a secret."""
        super().__init__()
        self.length = length
        self.expected = expected


# --- store ---------------------------------------------------------------------------------


class StorageError(HjulError):
    """Base of what can be wrong with the database; alone, a fault that the driver names by a code."""

    kind = "storage"

    def __init__(self, code: str) -> None:
        """Give the driver's code (`SQLITE_IOERR`, an SQLSTATE), never its text: that may quote a person."""
        super().__init__()
        self.code = code


class DatabaseUrlError(StorageError):
    """A URL names no database that Hjul can use."""

    kind = "storage.url"

    def __init__(self, scheme: str) -> None:
        """Give the part before the colon; the rest may hold a password."""
        super().__init__("url")
        self.scheme = scheme


class DatabaseMissingError(StorageError):
    """There is no database file."""

    kind = "storage.missing"

    def __init__(self, path: str) -> None:
        """Give the file's path."""
        super().__init__("missing")
        self.path = path


class DatabaseFileError(StorageError):
    """Base of what can be wrong with the file of a SQLite database."""

    def __init__(self, code: str, path: str) -> None:
        """Give the driver's code and the file's path."""
        super().__init__(code)
        self.path = path


class NotADatabaseError(DatabaseFileError):
    """The file is something else than a database, or its beginning is broken."""

    kind = "storage.not_a_database"


class CorruptDatabaseError(DatabaseFileError):
    """The file is a database that is broken."""

    kind = "storage.corrupt"


class CannotOpenDatabaseError(DatabaseFileError):
    """The file cannot be opened: it is a folder, or who asks may not."""

    kind = "storage.cannot_open"


class ReadOnlyDatabaseError(DatabaseFileError):
    """Who asks may read the database and not write it: the file, or for SQLite the folder it lies in, is protected."""

    kind = "storage.read_only"


class DiskError(DatabaseFileError):
    """The disk does not do as asked."""

    kind = "storage.disk"


class DiskFullError(StorageError):
    """There is no room left for what should be written."""

    kind = "storage.full"


class NoDriverError(StorageError):
    """What PostgreSQL is reached by is not installed."""

    kind = "storage.no_driver"

    def __init__(self) -> None:
        """Nothing more is known of it."""
        super().__init__("no_driver")


class NoRightError(StorageError):
    """The database's own user lacks a right that is needed."""

    kind = "storage.no_right"


class DatabaseUnreachableError(StorageError):
    """The database server does not answer, or the connection was lost."""

    kind = "storage.unreachable"

    def __init__(self, code: str, host: str = "", name: str = "", user: str = "") -> None:
        """Give the driver's code, and of the address what may be shown: never the password."""
        super().__init__(code)
        self.host = host
        self.name = name
        self.user = user


class LoginRefusedError(DatabaseUnreachableError):
    """The database server does not let the user in: the name or the password is wrong."""

    kind = "storage.login"


class NoSuchDatabaseError(DatabaseUnreachableError):
    """The database server answers, and has no database by that name."""

    kind = "storage.no_such_database"


class TooManyConnectionsError(DatabaseUnreachableError):
    """The database server has as many visitors as it takes."""

    kind = "storage.too_many"


class DatabaseBusyError(StorageError):
    """Others held the database for longer than patience lasts."""

    kind = "storage.busy"

    def __init__(self, seconds: float) -> None:
        """Give how long was waited."""
        super().__init__("busy")
        self.seconds = seconds


class TransactionAbortedError(StorageError):
    """The database undid a transaction because of others; the same can be done again."""

    kind = "storage.aborted"


class DuplicateError(StorageError):
    """A row with the same key is there already."""

    kind = "storage.duplicate"


class CommandIdTakenError(DuplicateError):
    """The id of a command was used before, for another command or by somebody else."""

    kind = "refused.command_id"

    def __init__(self) -> None:
        """The id is the caller's own, and need not be told."""
        super().__init__("command_id")


class ForeignKeysOffError(StorageError):
    """The SQLite library does not enforce foreign keys."""

    kind = "storage.foreign_keys"

    def __init__(self, version: str) -> None:
        """Give the library's version."""
        super().__init__("foreign_keys")
        self.version = version


class SchemaMissingError(StorageError):
    """The database holds no tables of Hjul: it was never made ready."""

    kind = "storage.schema_missing"


class SchemaVersionError(StorageError):
    """The tables are of another version of Hjul."""

    kind = "storage.schema_version"

    def __init__(self, found: str, wanted: str) -> None:
        """Give the revision that is there and the one that is wanted."""
        super().__init__("schema_version")
        self.found = found
        self.wanted = wanted


class SchemaOldError(SchemaVersionError):
    """The tables are of an older version of Hjul: `init` brings them forward."""

    kind = "storage.schema_old"


class ForeignDatabaseError(StorageError):
    """The database belongs to another program: it has tables that Hjul did not make."""

    kind = "storage.foreign"

    def __init__(self) -> None:
        """Nothing more is known of it."""
        super().__init__("")


class GuardError(StorageError):
    """A guard in the database refused a write that would break the log."""

    kind = "storage.guard"


class NotProjectableError(StorageError):
    """An event of a stream that is no case says something that no table can show."""

    kind = "storage.not_projectable"

    def __init__(self, stream_kind: str, event_kind: str) -> None:
        """Give both kinds."""
        super().__init__("not_projectable")
        self.stream_kind = stream_kind
        self.event_kind = event_kind


@dataclass(frozen=True, slots=True)
class Intervening:
    """An event that came between what somebody saw and what they wanted to do: who did what, when, in codes."""

    seq: int
    person: str | None
    kind: str
    step: str | None
    recorded_at: str


class ConcurrentChangeError(HjulError):
    """A stream moved between what was decided on and the writing of it. Nothing was written."""

    kind = "concurrent_change"

    def __init__(self, reference: str, seen: int, now: int, changes: tuple[Intervening, ...]) -> None:
        """Give the stream, the seq decided on, the seq it has, and what came between (the last twenty)."""
        super().__init__()
        self.reference = reference
        self.seen = seen
        self.now = now
        self.changes = changes


class AppointmentEndedError(ConcurrentChangeError):
    """The appointment that gave the right to act ended before the act was written."""

    kind = "concurrent_change.appointment"

    def __init__(self, reference: str) -> None:
        """Give the case that was to be written."""
        super().__init__(reference, 0, 0, ())


# --- calendar ------------------------------------------------------------------------------


class CalendarError(HjulError):
    """Base of what can be wrong with days, periods and instants."""

    kind = "calendar"


class CalendarRangeError(CalendarError):
    """A day lies outside the years that can be counted in."""

    kind = "calendar.range"

    def __init__(self, year: int, first: int, last: int) -> None:
        """Give the year, and the first and last year possible."""
        super().__init__()
        self.year = year
        self.first = first
        self.last = last


class PeriodError(CalendarError, ValueError):
    """A text is no period; a ValueError too, so that whoever reads a whole file can collect it."""

    kind = "calendar.period"
    private = frozenset({"text"})

    def __init__(self, text: str, accepted: tuple[object, ...]) -> None:
        """Give the text and an example of each accepted form, as `Words` of both languages."""
        super().__init__()
        self.text = text
        self.accepted = accepted


class PeriodRangeError(CalendarError, ValueError):
    """A period is longer than any deadline can be."""

    kind = "calendar.period_range"

    def __init__(self, count: int, unit: str, most: int) -> None:
        """Give the count, its unit and the most that is accepted of it."""
        super().__init__()
        self.count = count
        self.unit = unit
        self.most = most


class PeriodUnitError(CalendarError):
    """A period in hours was asked for a day, or one in days or longer for an instant."""

    kind = "calendar.period_unit"

    def __init__(self, period: str) -> None:
        """Give the period as it is written."""
        super().__init__()
        self.period = period


class UndatedDeadlineError(CalendarError):
    """A deadline of this kind is a word of the law (such as `genast`), which no date may be made of."""

    kind = "calendar.undated_deadline"

    def __init__(self, deadline: str) -> None:
        """Give the kind of deadline."""
        super().__init__()
        self.deadline = deadline


class UnknownZoneError(CalendarError):
    """No time zone has this name."""

    kind = "calendar.unknown_zone"

    def __init__(self, name: str) -> None:
        """Give the name."""
        super().__init__()
        self.name = name


class InstantError(CalendarError):
    """A text is no instant."""

    kind = "calendar.instant"
    private = frozenset({"text"})

    def __init__(self, text: str) -> None:
        """Give the text."""
        super().__init__()
        self.text = text


class NaiveTimeError(CalendarError):
    """A time does not say its offset from UTC, so it is no instant."""

    kind = "calendar.naive_time"

    def __init__(self, time: str) -> None:
        """Give the time in ISO form."""
        super().__init__()
        self.time = time


class AwareTimeError(CalendarError):
    """A time says an offset where the time on the wall was asked for."""

    kind = "calendar.aware_time"

    def __init__(self, time: str) -> None:
        """Give the time in ISO form."""
        super().__init__()
        self.time = time


class MissingHourError(CalendarError):
    """A local time never was: the clock was put forward past it."""

    kind = "calendar.missing_hour"

    def __init__(self, local: str, zone: str) -> None:
        """Give the local time in ISO form and the zone."""
        super().__init__()
        self.local = local
        self.zone = zone


class DoubledHourError(CalendarError):
    """A local time was twice: the clock was put back, and the time does not say which one it means."""

    kind = "calendar.doubled_hour"

    def __init__(self, local: str, zone: str, first: str, second: str) -> None:
        """Give the local time, the zone, and the two instants in ISO form with their offsets."""
        super().__init__()
        self.local = local
        self.zone = zone
        self.first = first
        self.second = second


# --- organisation --------------------------------------------------------------------------


class OrganisationError(HjulError):
    """Base of what can be wrong with units, persons and appointments."""

    kind = "organisation"


class DuplicateUnitError(OrganisationError):
    """Two units have the same code."""

    kind = "organisation.duplicate_unit"

    def __init__(self, unit: str) -> None:
        """Give the code."""
        super().__init__()
        self.unit = unit


class UnknownParentError(OrganisationError):
    """A unit lies under a unit that is not there."""

    kind = "organisation.unknown_parent"

    def __init__(self, unit: str, parent: str) -> None:
        """Give the code of the unit, and of the one above it that is missing."""
        super().__init__()
        self.unit = unit
        self.parent = parent


class UnitCycleError(OrganisationError):
    """Units lie in a ring: each under the next, the last under the first."""

    kind = "organisation.unit_cycle"

    def __init__(self, units: tuple[str, ...]) -> None:
        """Give the codes in the ring."""
        super().__init__()
        self.units = units


class UnitUnderItselfError(OrganisationError):
    """A unit would lie under itself."""

    kind = "organisation.unit_under_itself"

    def __init__(self, unit: str, parent: str) -> None:
        """Give the code of the unit, and of the one it would lie under."""
        super().__init__()
        self.unit = unit
        self.parent = parent


class UnitInUseError(OrganisationError):
    """A unit is to end while units under it go on."""

    kind = "organisation.unit_in_use"

    def __init__(self, unit: str, under: tuple[str, ...]) -> None:
        """Give its code, and the codes of those under it."""
        super().__init__()
        self.unit = unit
        self.under = under


class UnknownUnitError(OrganisationError):
    """No unit has this code or name."""

    kind = "organisation.unknown_unit"

    def __init__(self, text: str, nearest: tuple[str, ...]) -> None:
        """Give what was typed, and the codes of those that are called nearly so."""
        super().__init__()
        self.text = text
        self.nearest = nearest


class AmbiguousUnitError(OrganisationError):
    """Several units have this name."""

    kind = "organisation.ambiguous_unit"

    def __init__(self, text: str, units: tuple[str, ...]) -> None:
        """Give what was typed, and the codes of those it may mean."""
        super().__init__()
        self.text = text
        self.units = units


class CodeFormError(OrganisationError):
    """A code has a form that no unit or person may have."""

    kind = "organisation.code_form"

    def __init__(self, what: str, code: str) -> None:
        """Say what it is the code of (`unit`, `person`), and the code."""
        super().__init__()
        self.what = what
        self.code = code


class CodeTakenError(OrganisationError):
    """Another unit or person has the code."""

    kind = "organisation.code_taken"

    def __init__(self, what: str, code: str) -> None:
        """Say what it is the code of (`unit`, `person`), and the code."""
        super().__init__()
        self.what = what
        self.code = code


class MissingNameError(OrganisationError):
    """A unit or person has no name."""

    kind = "organisation.missing_name"

    def __init__(self, what: str, code: str) -> None:
        """Say what lacks it (`unit`, `person`), and its code."""
        super().__init__()
        self.what = what
        self.code = code


class LinesError(OrganisationError):
    """A name, title, login or address has several lines, or characters that cannot be shown."""

    kind = "organisation.lines"
    private = frozenset({"text"})

    def __init__(self, text: str) -> None:
        """Give the text on one line."""
        super().__init__()
        self.text = text


class ProxyForNobodyError(OrganisationError):
    """A proxy acts for somebody: without whom, the appointment would give nothing."""

    kind = "organisation.proxy_for_nobody"

    def __init__(self, person: str) -> None:
        """Give the code of who was to be the proxy."""
        super().__init__()
        self.person = person


class FixedError(OrganisationError):
    """What a unit or a person was registered with and keeps: a code is never another's, a first day has been."""

    kind = "organisation.fixed"

    def __init__(self, option: str, there: str) -> None:
        """Give the option that would change it, and what it is."""
        super().__init__()
        self.option = option
        self.there = there


class LoginTakenError(OrganisationError):
    """Another person has the login."""

    kind = "organisation.login_taken"
    private = frozenset({"login"})

    def __init__(self, login: str, person: str) -> None:
        """Give the login, and the code of who has it."""
        super().__init__()
        self.login = login
        self.person = person


class UnknownPersonError(OrganisationError):
    """Nobody registered has this code, login or name."""

    kind = "organisation.unknown_person"
    private = frozenset({"text"})

    def __init__(self, text: str) -> None:
        """Give what was typed."""
        super().__init__()
        self.text = text


class AmbiguousPersonError(OrganisationError):
    """Several persons have this name."""

    kind = "organisation.ambiguous_person"
    private = frozenset({"text"})

    def __init__(self, text: str, persons: tuple[str, ...]) -> None:
        """Give what was typed, and the codes of those it may mean."""
        super().__init__()
        self.text = text
        self.persons = persons


class UnknownRoleError(OrganisationError):
    """No published process has this role."""

    kind = "organisation.unknown_role"

    def __init__(self, role: str, nearest: tuple[str, ...]) -> None:
        """Give the role, and those that are called nearly so."""
        super().__init__()
        self.role = role
        self.nearest = nearest


class UnknownAppointmentError(OrganisationError):
    """No appointment has this key."""

    kind = "organisation.unknown_appointment"

    def __init__(self, appointment: str) -> None:
        """Give the key."""
        super().__init__()
        self.appointment = appointment


class PeriodOrderError(OrganisationError):
    """A last day comes before the first."""

    kind = "organisation.period_order"

    def __init__(self, from_on: str, to_on: str) -> None:
        """Give both days."""
        super().__init__()
        self.from_on = from_on
        self.to_on = to_on


class OverlappingAppointmentError(OrganisationError):
    """A person already has the role at the unit on some of the days."""

    kind = "organisation.overlapping_appointment"

    def __init__(self, person: str, role: str, unit: str, appointment: str) -> None:
        """Give the codes, and the key of the appointment that is there."""
        super().__init__()
        self.person = person
        self.role = role
        self.unit = unit
        self.appointment = appointment


class NothingToSubstituteError(OrganisationError):
    """Somebody is to substitute for one who has not the role at the unit then, or for themselves."""

    kind = "organisation.nothing_to_substitute"

    def __init__(self, person: str, role: str, unit: str, from_on: str) -> None:
        """Give who was to be substituted for, in what, and from when."""
        super().__init__()
        self.person = person
        self.role = role
        self.unit = unit
        self.from_on = from_on


class LastAdministratorError(OrganisationError):
    """The last administrator would be gone: nobody could appoint another."""

    kind = "organisation.last_administrator"


class NotAdministratorError(OrganisationError):
    """The organisation is changed by its administrator only."""

    kind = "organisation.not_administrator"

    def __init__(self, person: str) -> None:
        """Give the code of who asked."""
        super().__init__()
        self.person = person


class OrganisationFileError(OrganisationError):
    """A file of the organisation has rows that cannot be right; nothing was imported."""

    kind = "organisation.file"
    private = frozenset({"problems"})

    def __init__(self, problems: tuple[Any, ...]) -> None:
        """Give every problem (`engine.service.organisation_file.RowProblem`)."""
        super().__init__()
        self.problems = problems


class FileEncodingError(OrganisationError):
    """A file is not the text it should be."""

    kind = "organisation.file_encoding"


class MissingCellError(OrganisationError):
    """A row has nothing in a column that it needs, or the file has no such column."""

    kind = "organisation.missing_cell"

    def __init__(self, column: str) -> None:
        """Give the heading."""
        super().__init__()
        self.column = column


class UnusedCellError(OrganisationError):
    """A row has something in a column that it has no use for."""

    kind = "organisation.unused_cell"

    def __init__(self, column: str) -> None:
        """Give the heading, empty when the row is longer than the headings."""
        super().__init__()
        self.column = column


class RowKindError(OrganisationError):
    """A row is neither a unit, a person nor a role."""

    kind = "organisation.row_kind"

    def __init__(self, accepted: tuple[str, ...]) -> None:
        """Give the words for what it may be."""
        super().__init__()
        self.accepted = accepted


class UnknownColumnError(OrganisationError):
    """A file has a heading that means nothing, or that stands there twice."""

    kind = "organisation.unknown_column"

    def __init__(self, column: str, nearest: tuple[str, ...]) -> None:
        """Give it, and what may have been meant."""
        super().__init__()
        self.column = column
        self.nearest = nearest


class DayFormError(OrganisationError):
    """A text is no day."""

    kind = "organisation.day_form"

    def __init__(self, text: str) -> None:
        """Give the text."""
        super().__init__()
        self.text = text


class RepeatedRowError(OrganisationError):
    """Two rows of a file are about the same."""

    kind = "organisation.repeated_row"

    def __init__(self, row: int) -> None:
        """Give the number of the first."""
        super().__init__()
        self.row = row


# --- mail ----------------------------------------------------------------------------------


class MailError(HjulError):
    """Base of what can be wrong with sending mail."""

    kind = "mail"


class MailServerError(MailError):
    """The mail server cannot be used as it is set, or does not do what it is asked; no message can go out."""

    kind = "mail.server"

    def __init__(self, server: str, fault: str, why: Any, code: str = "") -> None:
        """Name the server, what is wrong (a word and its sentence), and the code that the server gave."""
        super().__init__()
        self.server = server
        self.fault = fault
        self.why = why
        self.code = code


class MailRefusedError(MailError):
    """The mail server does not take a message, or none to this address; others it may."""

    kind = "mail.refused"

    def __init__(self, server: str, code: int) -> None:
        """Name the server and give its code (RFC 5321): 4xx may pass, 5xx does not. Never its text."""
        super().__init__()
        self.server = server
        self.code = code

    @property
    def is_lasting(self) -> bool:
        """Whether trying again is of no use."""
        return self.code >= 500


class MailAddressError(MailError):
    """What is to be an address of e-mail is none."""

    kind = "mail.address"

    def __init__(self, address: str) -> None:
        """Give what was typed."""
        super().__init__()
        self.address = address


# --- definition ----------------------------------------------------------------------------


class DefinitionError(HjulError):
    """A definition has problems; all of them are told together."""

    kind = "definition"

    def __init__(self, problems: tuple[Any, ...]) -> None:
        """Give the problems (`engine.definition.problem.Problem`), in the order of the file."""
        super().__init__()
        self.problems = problems


class DocumentError(HjulError):
    """Stored bytes are not a published document of a known format."""

    kind = "definition.document"

    def __init__(self, reason: str) -> None:
        """Say why: `bytes`, `format` or `process`."""
        super().__init__()
        self.reason = reason


class ParameterError(HjulError):
    """A parameter is given a value that it does not accept."""

    kind = "definition.parameter"

    def __init__(self, name: str, given: str, accepted: Any) -> None:
        """Name the parameter, what was given, and what is accepted (a sentence)."""
        super().__init__()
        self.name = name
        self.given = given
        self.accepted = accepted


class UnknownParameterError(HjulError):
    """A process has no parameter of this name."""

    kind = "definition.no_parameter"

    def __init__(self, name: str, process: str, known: tuple[str, ...]) -> None:
        """Name the parameter, the process and the parameters that it has."""
        super().__init__()
        self.name = name
        self.process = process
        self.known = known


class ByLawError(HjulError):
    """What is to be set is no parameter: the law demands it of everybody."""

    kind = "unpublishable.by_law"

    def __init__(self, name: str, label: Any, source: str) -> None:
        """Name it, say what it demands (as `Words`), and where the law says so."""
        super().__init__()
        self.name = name
        self.label = label
        self.source = source


# --- cases ---------------------------------------------------------------------------------


class PairError(HjulError):
    """A `--set` that is not `field=value`."""

    kind = "pair"
    private = frozenset({"given"})

    def __init__(self, given: str) -> None:
        """Give what was typed."""
        super().__init__()
        self.given = given


class PairTwiceError(HjulError):
    """A field is given twice; which one is meant cannot be known."""

    kind = "pair.twice"

    def __init__(self, field: str) -> None:
        """Give the field."""
        super().__init__()
        self.field = field


# --- service -------------------------------------------------------------------------------


class RefusedError(HjulError):
    """A rule refuses a command. Nothing has changed; the refusal says every reason and everything that is missing."""

    kind = "refused"
    private = frozenset({"refusal"})

    def __init__(self, refusal: Any) -> None:
        """Give the refusal (`engine.cases.decision.Refusal`; this module knows no layer above it)."""
        super().__init__()
        self.refusal = refusal


class NotFoundError(HjulError):
    """Base of what is not there, or what the caller may not know to be there."""

    kind = "not_found"

    def __init__(self, name: str, suggestions: tuple[str, ...] = ()) -> None:
        """Give the name that was asked for, and what may have been meant."""
        super().__init__()
        self.name = name
        self.suggestions = suggestions


class UnknownCaseError(NotFoundError):
    """There is no such case, or the caller may not know that there is: the two are said in the same words."""

    kind = "not_found.case"


class UnknownProcessError(NotFoundError):
    """There is no such process."""

    kind = "not_found.process"


class UnknownStepError(NotFoundError):
    """The process has no such step."""

    kind = "not_found.step"


class UnknownDraftError(NotFoundError):
    """There is no such draft, or it is somebody else's."""

    kind = "not_found.draft"


class UnknownSettingError(NotFoundError):
    """There is no such setting."""

    kind = "not_found.setting"


class UnknownReportError(NotFoundError):
    """There is no such report."""

    kind = "not_found.report"


class UnknownPaperError(NotFoundError):
    """The process has no such paper."""

    kind = "not_found.paper"


class UnknownActorError(HjulError):
    """The login is not registered here, or no longer."""

    kind = "unknown_actor"

    def __init__(self, login: str) -> None:
        """Give the login."""
        super().__init__()
        self.login = login


class NotHereTodayError(UnknownActorError):
    """The person of the login has left, or has not begun."""

    kind = "unknown_actor.left"

    def __init__(self, login: str, day: str) -> None:
        """Give the login, and the last day."""
        super().__init__(login)
        self.day = day


class NotYetHereError(NotHereTodayError):
    """The person of the login has not begun."""

    kind = "unknown_actor.not_begun"


class ActingAsError(HjulError):
    """The login may not act as somebody else here."""

    kind = "acting_as"

    def __init__(self, login: str, wanted: str) -> None:
        """Give the login, and who it wanted to act as."""
        super().__init__()
        self.login = login
        self.wanted = wanted


class NotInitialisedError(HjulError):
    """There is no database of Hjul here yet."""

    kind = "not_initialised"

    def __init__(self, database: str) -> None:
        """Give the database, without a password."""
        super().__init__()
        self.database = database


class AlreadyInitialisedError(HjulError):
    """The database is in use with another kind: training and real are never mixed."""

    kind = "already_initialised"

    def __init__(self, *, training: bool) -> None:
        """Say whether the database that is there is for practice."""
        super().__init__()
        self.training = training


class TextError(HjulError):
    """A text that no database can keep: bytes that are not UTF-8 (a terminal in another encoding), or a NUL."""

    kind = "text"


class TrainingClockError(HjulError):
    """A clock of one's own (`HJUL_NOW`) is honoured in a training database only, and must be an instant."""

    kind = "training_clock"

    def __init__(self, given: str, *, training: bool) -> None:
        """Give the instant as it was given, and whether the database is for training."""
        super().__init__()
        self.given = given
        self.training = training


class SettingValueError(HjulError):
    """A setting cannot have this value."""

    kind = "setting_value"

    def __init__(self, key: str, given: str, takes: object) -> None:
        """Give the setting, the value, and what it takes."""
        super().__init__()
        self.key = key
        self.given = given
        self.takes = takes


class FutureTickError(HjulError):
    """What is due is done up to now at most: the instant has not come."""

    kind = "future_tick"

    def __init__(self, given: str, now: str) -> None:
        """Give the time asked for and the time it is, both on the wall."""
        super().__init__()
        self.given = given
        self.now = now


class UnpublishableError(HjulError):
    """Base of why a sound definition cannot be published."""

    kind = "unpublishable"

    def __init__(self, process: str, version: int) -> None:
        """Give the process and the version."""
        super().__init__()
        self.process = process
        self.version = version


class PrefixTakenError(UnpublishableError):
    """Its references begin as another process's do."""

    kind = "unpublishable.prefix"


class VersionTakenError(UnpublishableError):
    """Its version is published already and says something else; a changed process is a new version."""

    kind = "unpublishable.version"


class OlderVersionError(UnpublishableError):
    """A newer version is in force; to go back is a new version that says what the old one said."""

    kind = "unpublishable.older"

    def __init__(self, process: str, version: int, newest: int) -> None:
        """Give the process, the version, and the one in force."""
        super().__init__(process, version)
        self.newest = newest


class DatabaseExistsError(HjulError):
    """There is a database here already; an example wants a new one."""

    kind = "database_exists"

    def __init__(self, database: str) -> None:
        """Give the database, without a password."""
        super().__init__()
        self.database = database


class UnknownExampleError(NotFoundError):
    """There is no such worked example."""

    kind = "not_found.example"


# --- lists and reports ---------------------------------------------------------------------


class UnknownPageError(HjulError):
    """A list was asked to go on from a place that is not in it."""

    kind = "listing.unknown_page"

    def __init__(self, after: str) -> None:
        """Give the place as it was given."""
        super().__init__()
        self.after = after


class WhereError(HjulError):
    """A `--where` that is no demand on a field."""

    kind = "where"
    private = frozenset({"given"})

    def __init__(self, given: str) -> None:
        """Give what was typed."""
        super().__init__()
        self.given = given


class NothingToSearchError(HjulError):
    """There is no word in what should be searched for."""

    kind = "nothing_to_search"


class UnknownStateError(NotFoundError):
    """A list is asked for by a status that no process has, or not the one that was named."""

    kind = "not_found.state"


class UnknownFieldError(NotFoundError):
    """A list is asked for by a field that is none, or that does not count."""

    kind = "not_found.field"


class UnknownCodeError(NotFoundError):
    """A list is asked for by a value that its field cannot have."""

    kind = "not_found.code"

    def __init__(self, name: str, field: Any, suggestions: tuple[str, ...] = ()) -> None:
        """Give the value that was asked for, the field's label, and the codes there are."""
        super().__init__(name, suggestions)
        self.field = field


class FieldOrderError(HjulError):
    """A `--where` compares a field with what it cannot be compared with."""

    kind = "where.value"
    private = frozenset({"why"})

    def __init__(self, field: Any, why: Any) -> None:
        """Give the field's label, and the sentence that says why."""
        super().__init__()
        self.field = field
        self.why = why


class PeriodBackwardsError(HjulError):
    """A list or a report is asked for over days that end before they begin."""

    kind = "listing.period"

    def __init__(self, first: str, last: str) -> None:
        """Give the first and the last day."""
        super().__init__()
        self.first = first
        self.last = last


class ReportUnitError(HjulError):
    """A report is for units where its reader has a role."""

    kind = "report_unit"

    def __init__(self, unit: str) -> None:
        """Give the unit."""
        super().__init__()
        self.unit = unit


class ReportFieldError(HjulError):
    """A table of two ways needs one value in each case; the definition of the report asks for a field of several."""

    kind = "report_field"

    def __init__(self, report: str, field: str, cases: int) -> None:
        """Give the report, the field, and how many cases have several values in it."""
        super().__init__()
        self.report = report
        self.field = field
        self.cases = cases


# --- attachments ---------------------------------------------------------------------------


class AttachmentError(HjulError):
    """Base of what can be wrong with a file that is attached or fetched."""

    kind = "attachment"


class AttachmentChangedError(AttachmentError):
    """A file became another while it was read."""

    kind = "attachment.changed"


class AttachmentTooLargeError(AttachmentError):
    """A file is larger than the installation takes."""

    kind = "attachment.too_large"

    def __init__(self, size: Decimal, most: str) -> None:
        """Give its size and the limit, in megabytes."""
        super().__init__()
        self.size = size
        self.most = most


class NoFileError(AttachmentError):
    """What should be attached is a folder, a device or a pipe."""

    kind = "attachment.no_file"
    private = frozenset({"path"})

    def __init__(self, path: str) -> None:
        """Give what was named."""
        super().__init__()
        self.path = path


class AttachmentTwiceError(AttachmentError):
    """The same file is attached already."""

    kind = "attachment.twice"

    def __init__(self, reference: str, number: int) -> None:
        """Give the case and the number of the file in it."""
        super().__init__()
        self.reference = reference
        self.number = number


class AttachmentErasedError(AttachmentError):
    """A file has been lawfully erased."""

    kind = "attachment.erased"

    def __init__(self, reference: str, number: int) -> None:
        """Give the case and the number of the file in it."""
        super().__init__()
        self.reference = reference
        self.number = number


class UnknownAttachmentError(NotFoundError):
    """There is no such file in the case, or the caller may not know of it."""

    kind = "not_found.attachment"


class UnknownKeptPaperError(NotFoundError):
    """There is no such kept paper in the case, or the caller may not know of it."""

    kind = "not_found.kept_paper"


class KeptPaperError(HjulError):
    """Base of why a kept paper is not handed out."""

    kind = "kept_paper"

    def __init__(self, reference: str, number: int) -> None:
        """Give the case and the number of the paper in it."""
        super().__init__()
        self.reference = reference
        self.number = number


class ErasedPaperError(KeptPaperError):
    """A kept paper has been lawfully erased."""

    kind = "kept_paper.erased"


class ClosedPaperError(KeptPaperError):
    """A kept paper shows something of other cases that the caller may not see."""

    kind = "kept_paper.closed"


class FileThereError(AttachmentError):
    """There is a file already where one should be written."""

    kind = "attachment.there"
    private = frozenset({"path"})

    def __init__(self, path: str) -> None:
        """Give the file."""
        super().__init__()
        self.path = path


# --- backup --------------------------------------------------------------------------------


class BackupError(HjulError):
    """Base of what can be wrong when a database is copied or put back."""

    kind = "backup"


class BackupExistsError(BackupError):
    """There is a file where a copy should go."""

    kind = "backup.exists"

    def __init__(self, path: str) -> None:
        """Give the file."""
        super().__init__()
        self.path = path


class BackupOfItselfError(BackupError):
    """A copy and the database that it is of, or is put back into, are one file."""

    kind = "backup.itself"

    def __init__(self, path: str) -> None:
        """Give the file."""
        super().__init__()
        self.path = path


class NoBackupError(BackupError):
    """A file is no copy of a database of Hjul."""

    kind = "backup.not_one"

    def __init__(self, path: str) -> None:
        """Give the file."""
        super().__init__()
        self.path = path


class BackupBrokenError(BackupError):
    """A file is damaged or cut off."""

    kind = "backup.broken"

    def __init__(self, path: str, reason: str) -> None:
        """Give the file and a word for what is wrong with it."""
        super().__init__()
        self.path = path
        self.reason = reason


class BackupLogError(BackupError):
    """The log in a copy does not hold."""

    kind = "backup.log"

    def __init__(self, path: str, n: int) -> None:
        """Give the file and how many faults there are."""
        super().__init__()
        self.path = path
        self.n = n


class BackupNewerError(BackupError):
    """A copy was made by a newer version of Hjul."""

    kind = "backup.newer"

    def __init__(self, path: str, found: str, wanted: str) -> None:
        """Give the file, the revision of its tables and the newest one that is known."""
        super().__init__()
        self.path = path
        self.found = found
        self.wanted = wanted


class RestoreOverError(BackupError):
    """There is a database where a copy should be put back."""

    kind = "backup.occupied"

    def __init__(self, database: str) -> None:
        """Give the database, without a password."""
        super().__init__()
        self.database = database


class RestoreOtherError(BackupError):
    """The copy is of another authority's database, or one is for practice and the other is not."""

    kind = "backup.other"

    def __init__(self, path: str, theirs: str, database: str, ours: str) -> None:
        """Give the file and whose it is, the database and whose that is."""
        super().__init__()
        self.path = path
        self.theirs = theirs
        self.database = database
        self.ours = ours


# --- command files -------------------------------------------------------------------------


class CommandFileError(HjulError):
    """Files of commands have problems; all of them are told together, and nothing has been done."""

    kind = "command_file"

    def __init__(self, problems: tuple[Any, ...]) -> None:
        """Give the problems (`engine.definition.problem.Problem`), in the order of the files."""
        super().__init__()
        self.problems = problems


class CommandsRefusedError(HjulError):
    """Some commands of files were refused; the others have been done."""

    kind = "commands_refused"

    def __init__(self, problems: tuple[Any, ...], done: int) -> None:
        """Give every refusal (`engine.definition.problem.Problem`), and how many commands were done."""
        super().__init__()
        self.problems = problems
        self.done = done


# --- the year wheel ------------------------------------------------------------------------


class ScheduleError(HjulError):
    """Base of what can be wrong with recurring plans."""

    kind = "schedule"


class RuleError(ScheduleError):
    """What was said of when a plan recurs is no rule."""

    kind = "schedule.rule"
    private = frozenset({"why"})

    def __init__(self, why: Any) -> None:
        """Give the reason (a `Sentence`), which names the part."""
        super().__init__()
        self.why = why


class PlanError(ScheduleError):
    """A plan cannot be as it was said."""

    kind = "schedule.plan"
    private = frozenset({"why"})

    def __init__(self, why: Any) -> None:
        """Give the reason (a `Sentence`)."""
        super().__init__()
        self.why = why


class UnknownScheduleError(NotFoundError):
    """There is no such plan in the year wheel."""

    kind = "not_found.schedule"


class UnknownSuggestionError(NotFoundError):
    """There is no such suggestion for the year wheel."""

    kind = "not_found.suggestion"


class ScheduleRightError(ScheduleError):
    """Somebody may not plan this there: neither by a role of its opening step, nor as administrator."""

    kind = "schedule.right"

    def __init__(self, roles: Any) -> None:
        """Give who may, as words."""
        super().__init__()
        self.roles = roles


class OccasionError(ScheduleError):
    """What was asked of one occasion of a plan is not possible."""

    kind = "schedule.occasion"
    private = frozenset({"why"})

    def __init__(self, why: Any) -> None:
        """Give the reason (a `Sentence`)."""
        super().__init__()
        self.why = why


# --- imports -------------------------------------------------------------------------------


class SheetFileError(HjulError):
    """A file is no table that can be read."""

    kind = "sheet_file"

    def __init__(self, why: Any) -> None:
        """Give why, as a sentence."""
        super().__init__()
        self.why = why


class MappingFileError(HjulError):
    """A mapping file has problems."""

    kind = "mapping_file"

    def __init__(self, problems: tuple[Any, ...]) -> None:
        """Give every problem (`engine.definition.problem.Problem`)."""
        super().__init__()
        self.problems = problems


class MissingColumnError(HjulError):
    """A mapping file speaks of columns that a table has not."""

    kind = "missing_column"

    def __init__(self, columns: tuple[str, ...], headings: tuple[str, ...]) -> None:
        """Give the columns, and what there is."""
        super().__init__()
        self.columns = columns
        self.headings = headings


class DoubledColumnError(HjulError):
    """A table has two columns by the same name, and a mapping file speaks of it."""

    kind = "doubled_column"

    def __init__(self, columns: tuple[str, ...]) -> None:
        """Give them."""
        super().__init__()
        self.columns = columns


class UnmappedColumnError(HjulError):
    """A table has columns that nobody has said what they are."""

    kind = "unmapped_column"

    def __init__(self, columns: tuple[str, ...]) -> None:
        """Give them."""
        super().__init__()
        self.columns = columns


class ImportStepError(HjulError):
    """A process is opened in more than one way, and it is not said which is meant."""

    kind = "import_step"

    def __init__(self, process: Any, steps: tuple[str, ...]) -> None:
        """Give the process's label and its opening steps."""
        super().__init__()
        self.process = process
        self.steps = steps


class ImportRefusedError(HjulError):
    """Rows of a table are wrong, and nothing has been imported, or nothing more."""

    kind = "import_refused"

    def __init__(self, problems: tuple[Any, ...], rows: int, bad: int, *, whole: bool) -> None:
        """Give what is wrong (`engine.exchange.case_import.RowProblem`), how many rows there are, how many are wrong.

        `whole` says that every row was looked at.
        """
        super().__init__()
        self.problems = problems
        self.rows = rows
        self.bad = bad
        self.whole = whole
