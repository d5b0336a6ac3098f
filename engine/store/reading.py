"""Reads of cases, definitions, persons and settings, one row or one small table at a time. Writes nothing.

Lists under the access rule are in `listing` and `to_do`, the organisation is in `organisation`, the log in
`event_log`. It must not know who
may see what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import bindparam, func, literal_column, select

from engine.cases.case import Case
from engine.cases.organisation import Person
from engine.cases.reference import fold, read_reference
from engine.language.sentence import Words
from engine.store.database import Row, Session
from engine.store.statement import Statement, at
from engine.store.tables import (
    cases,
    counters,
    definitions,
    labels,
    persons,
    settings,
    streams,
)

if TYPE_CHECKING:
    from engine.definition.document import Document


@dataclass(frozen=True, slots=True)
class StoredCase:
    """A case as it is stored: its id, its definition, the hash of its last event in hex, and itself."""

    id: int
    definition_id: int
    definition_hash: str
    head: str
    case: Case


@dataclass(frozen=True, slots=True)
class StoredDefinition:
    """A published definition, without its document. `label` is the process's."""

    id: int
    process: str
    version: int
    hash: str
    published_at: str
    is_current: bool
    label: Words


_CASE: Final = select(
    cases.c.id, cases.c.definition_id, definitions.c.hash, streams.c.head, streams.c.name, cases.c.process,
    streams.c.state, streams.c.seq, cases.c.unit, cases.c.reporter, cases.c.opened_on, cases.c.recorded_at,
    cases.c.is_open, cases.c.title_sv, cases.c.title_en, cases.c.assignee, cases.c.happened_on, cases.c.data,
    cases.c.private,
).select_from(
    streams.join(cases, cases.c.id == streams.c.id).join(
        definitions, definitions.c.id == cases.c.definition_id
    )
)  # fmt: skip
CASE: Final = Statement(_CASE.where(streams.c.kind == "case", streams.c.name == bindparam("reference")))
_DEFINITION: Final = select(
    definitions.c.id, definitions.c.process, definitions.c.version, definitions.c.hash,
    definitions.c.published_at, definitions.c.is_current, labels.c.sv, labels.c.en,
).select_from(
    definitions.join(
        labels,
        (labels.c.definition_id == definitions.c.id)
        & (labels.c.kind == "process")
        & (labels.c.key == definitions.c.process),
    )
)  # fmt: skip
DEFINITIONS: Final = Statement(_DEFINITION.order_by(definitions.c.process, definitions.c.id))
CURRENT: Final = Statement(
    _DEFINITION.where(definitions.c.process == bindparam("process"), definitions.c.is_current.is_(True))
)
BY_HASH: Final = Statement(_DEFINITION.where(definitions.c.hash == bindparam("hash")))
DOCUMENT: Final = Statement(select(definitions.c.document).where(definitions.c.id == bindparam("id")))
_PERSON: Final = select(
    persons.c.code, persons.c.login, persons.c.name, persons.c.title, persons.c.email, persons.c.from_on,
    persons.c.to_on,
)  # fmt: skip
PERSONS: Final = Statement(_PERSON.order_by(persons.c.code))
PERSON: Final = Statement(_PERSON.where(*at(persons, "code")))
PERSON_BY_LOGIN: Final = Statement(_PERSON.where(*at(persons, "login")))
SEQ: Final = Statement(select(streams.c.seq).where(*at(streams, "kind", "name")))
PREFIXES: Final = Statement(select(counters.c.prefix).distinct().order_by(counters.c.prefix))
BESIDE: Final = Statement(
    select(streams.c.kind, streams.c.name, streams.c.seq)
    .where(
        streams.c.kind.in_([literal_column(f"'{kind}'") for kind in ("organisation", "process", "settings")])
    )
    .order_by(streams.c.kind, streams.c.name)
)
CASES: Final = Statement(select(func.count()).select_from(cases))
SETTINGS: Final = Statement(select(settings.c.key, settings.c.value).order_by(settings.c.key))


def load_case(session: Session, reference: str) -> StoredCase | None:
    """A case by its reference, in one query; None when there is none."""
    row = session.one(CASE, {"reference": reference})
    return None if row is None else _stored_case(row)


def load_cases(session: Session, references: Iterable[str]) -> dict[str, StoredCase]:
    """Those of the cases that there are, by reference; asked for together."""
    with session.together() as both:
        return ask_cases(both, references)()


def ask_cases(session: Session, references: Iterable[str]) -> Callable[[], dict[str, StoredCase]]:
    """Ask for cases; those that there are come, by reference, when what is returned is called."""
    asked = [session.ask(CASE, {"reference": reference}) for reference in dict.fromkeys(references)]

    def answer() -> dict[str, StoredCase]:
        found = (cursor.fetchone() for cursor in asked)
        return {row[4]: _stored_case(row) for row in found if row is not None}

    return answer


def load_document(session: Session, definition_id: int) -> Document | None:
    """The document of a published definition; None when there is none.

    Raises:
        DocumentError: The stored bytes are no document of a known format.
    """
    from engine.definition.document import read as read_document  # noqa: PLC0415  lists do not need the model

    row = session.one(DOCUMENT, {"id": definition_id})
    return None if row is None else read_document(bytes(row[0]))


def list_definitions(session: Session) -> tuple[StoredDefinition, ...]:
    """Every published definition, by process, oldest first."""
    return tuple(map(_stored_definition, session.all(DEFINITIONS)))


def find_definition(session: Session, digest: str) -> StoredDefinition | None:
    """The published definition with a hash; None when there is none."""
    row = session.one(BY_HASH, {"hash": digest})
    return None if row is None else _stored_definition(row)


def current_definition(session: Session, process: str) -> StoredDefinition | None:
    """The newest published definition of a process; None when it was never published."""
    row = session.one(CURRENT, {"process": process})
    return None if row is None else _stored_definition(row)


def load_person(session: Session, code: str) -> Person | None:
    """The person with a code; None when there is none."""
    row = session.one(PERSON, {"code": code})
    return None if row is None else Person(*row)


def load_person_by_login(session: Session, login: str) -> Person | None:
    """The person with a login; None when there is none."""
    row = session.one(PERSON_BY_LOGIN, {"login": login})
    return None if row is None else Person(*row)


def find_person(session: Session, text: str, *, by_code: bool = True) -> Person | None:
    """The person with a login, else (`by_code`) with a code, in small letters or capitals; None when there is none."""
    found = load_person_by_login(session, text)
    if found is None and by_code:
        found = load_person(session, text)
    if found is not None:
        return found
    wanted, everybody = text.casefold(), load_persons(session)
    logins = (person for person in everybody if person.login and person.login.casefold() == wanted)
    codes = (person for person in everybody if by_code and person.code.casefold() == wanted)
    return next(logins, None) or next(codes, None)


def load_persons(session: Session) -> tuple[Person, ...]:
    """Everybody registered, those who left too, by code."""
    return tuple(Person(*row) for row in session.all(PERSONS))


def load_settings(session: Session) -> Mapping[str, str]:
    """Every setting of the installation that was set."""
    return dict(session.all(SETTINGS))


def list_prefixes(session: Session) -> tuple[str, ...]:
    """The prefixes of all references that were ever given."""
    return tuple(row[0] for row in session.all(PREFIXES))


def written_reference(session: Session, text: str) -> str | None:
    """A reference as it is written, however it was typed; None when no prefix fits."""
    prefix, _, rest = (read_reference(text) or "").partition("-")
    return next((f"{known}-{rest}" for known in list_prefixes(session) if fold(known) == prefix), None)


def count_cases(session: Session) -> int:
    """How many cases there are."""
    row = session.one(CASES)
    return int(row[0]) if row is not None else 0


def stream_seq(session: Session, kind: str, name: str) -> int:
    """How many events a stream has; 0 when there is none."""
    row = session.one(SEQ, {"kind": kind, "name": name})
    return 0 if row is None else int(row[0])


def ask_seqs_beside_cases(session: Session) -> Callable[[], tuple[tuple[str, str, int], ...]]:
    """Ask where the streams of the organisation, the processes and the settings stand: (kind, name, seq), few rows."""
    cursor = session.ask(BESIDE)
    return lambda: tuple((row[0], row[1], row[2]) for row in cursor.fetchall())


def _stored_definition(row: Row) -> StoredDefinition:
    return StoredDefinition(row[0], row[1], row[2], row[3], row[4], bool(row[5]), Words(row[6], row[7]))


def _stored_case(row: Row) -> StoredCase:
    columns: dict[str, Any] = {
        "reference": row[4], "process": row[5], "definition": row[2], "state": row[6], "seq": row[7],
        "unit": row[8], "reporter": row[9], "opened_on": row[10], "recorded_at": row[11],
        "is_open": bool(row[12]), "title": Words(row[13], row[14]), "assignee": row[15],
        "happened_on": row[16],
    }  # fmt: skip
    case = Case.restore(columns, orjson.loads(row[17]), orjson.loads(row[18]))
    return StoredCase(row[0], row[1], row[2], bytes(row[3]).hex(), case)
