"""Replays the streams that are no cases, and names what is wrong in the rows that follow from them.

Units, persons and appointments are compared with the fold of the organisation's events, settings with theirs,
definitions with what was published. What a stream itself must be is told by `walk`; an event that cannot be
read is told there too, and here the rows it leads to are then not compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import bindparam, select

from engine.audit.basis import UNREADABLE, Published, load_definitions, read_events
from engine.audit.problem import Findings
from engine.cases.organisation import STREAM, Draft, Organisation
from engine.cases.schedule import Schedule
from engine.store.database import Database, Row, Session
from engine.store.organisation import read_organisation
from engine.store.projection import label_rows
from engine.store.reading import load_settings
from engine.store.schedule import load_schedules, schedule_row
from engine.store.statement import Statement
from engine.store.tables import labels

MOST_NAMED: Final = 10
_LABELS: Final = Statement(
    select(labels.c.kind, labels.c.key, labels.c.sv, labels.c.en).where(
        labels.c.definition_id == bindparam("id")
    )
)


def verify_registers(database: Database, findings: Findings) -> None:
    """Compare the organisation, the settings, the year wheel and the definitions with their streams.

    Raises:
        StorageError: The database cannot be read.
    """
    with database.snapshot() as session:
        _verify_organisation(session, findings)
        _verify_settings(session, findings)
        _verify_schedules(session, findings)
        published = _published(session, findings)
        for definition in load_definitions(session):
            _verify_definition(session, definition, published, findings)


def _verify_organisation(session: Session, findings: Findings) -> None:
    draft = Draft(Organisation())
    try:
        for event in read_events(session, STREAM):
            draft.apply(event)
        stored = read_organisation(session)
    except UNREADABLE:
        findings.add(f"{STREAM}:{STREAM}", None, "rows_not_compared")
        return
    made = draft.organisation
    tables: dict[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {
        "units": (stored.units, made.units),
        "persons": (stored.persons, made.persons),
        "appointments": (stored.appointments, made.appointments),
    }
    for table, (there, wanted) in tables.items():
        _compare(f"{STREAM}:{STREAM}", table, there, wanted, findings)


def _verify_settings(session: Session, findings: Findings) -> None:
    made: dict[str, str] = {}
    try:
        for event in read_events(session, "settings"):
            if event.kind == "cleared":
                made.pop(event.data["key"], None)
            else:
                made[event.data["key"]] = event.data["value"]
    except UNREADABLE:
        findings.add("settings", None, "rows_not_compared")
        return
    _compare("settings", "settings", load_settings(session), made, findings)


def _verify_schedules(session: Session, findings: Findings) -> None:
    made: dict[str, Schedule] = {}
    try:
        for event in read_events(session, "schedule"):
            made[event.stream] = made.get(event.stream, Schedule(event.stream)).after(event)
        stored = load_schedules(session)
    except UNREADABLE:
        findings.add("schedules", None, "rows_not_compared")
        return
    for key in sorted({*stored, *made}):
        there, wanted = stored.get(key), made.get(key)
        if there is not None and there.seq != (wanted.seq if wanted is not None else 0):
            continue  # events are lost: `walk` says so
        found, due = (({one.key: schedule_row(one)} if one else {}) for one in (there, wanted))
        _compare(f"schedule:{key}", "schedules", found, due, findings)
        taken, acted = (dict(one.taken) if one else {} for one in (there, wanted))
        _compare(f"schedule:{key}", "occasions", taken, acted, findings)


def _published(session: Session, findings: Findings) -> dict[str, tuple[str, int, str, bool]]:
    """What the events say was published: hash -> process, version, when first, whether it is the newest."""
    found: dict[str, tuple[str, int, str, bool]] = {}
    newest: dict[str, str] = {}
    try:
        for event in read_events(session, "process"):
            digest = event.data["hash"]
            found.setdefault(digest, (event.stream, event.data["version"], event.recorded_at, False))
            newest[event.stream] = digest
    except UNREADABLE:
        findings.add("definitions", None, "rows_not_compared")
    stored = {definition.hash for definition in load_definitions(session)}
    for digest, (key, version, _, _) in found.items():
        if digest not in stored:
            findings.add(f"process:{key}", None, "definition_gone", version=str(version))
    for digest in newest.values():
        key, version, at, _ = found[digest]
        found[digest] = key, version, at, True
    return found


def _verify_definition(
    session: Session,
    definition: Published,
    published: Mapping[str, tuple[str, int, str, bool]],
    findings: Findings,
) -> None:
    reference, version = f"process:{definition.key}", str(definition.version)
    if definition.digest != definition.hash:
        findings.add(reference, None, "definition_bytes", version=version)
    said = published.get(definition.hash)
    if said is None:
        findings.add(reference, None, "definition_unpublished", version=version)
    process = definition.process
    if process is None:
        findings.add(reference, None, "definition_unreadable", version=version)
        return
    wrong = [
        column
        for column, stored, wanted in (
            ("process", definition.key, process.process),
            ("version", definition.version, process.version),
            ("published_at", definition.published_at, said[2] if said else definition.published_at),
            ("is_current", definition.is_current, said[3] if said else definition.is_current),
        )
        if stored != wanted
    ]
    if said is not None and said[:2] != (process.process, process.version):
        wrong.append("hash")
    if wrong:
        findings.add(reference, None, "definition_columns", version=version, columns=tuple(wrong))
    there = {row[:2]: tuple(row[2:]) for row in _all(session, definition.id)}
    _compare(reference, "labels", there, {row[:2]: row[2:] for row in label_rows(process)}, findings)


def _all(session: Session, definition_id: int) -> list[Row]:
    return session.all(_LABELS, {"id": definition_id})


def _compare(
    reference: str, table: str, there: Mapping[Any, Any], wanted: Mapping[Any, Any], findings: Findings
) -> None:
    """Name the keys of rows that are missing, surplus or other than they must be."""
    keys = sorted(
        {
            " ".join(key) if isinstance(key, tuple) else str(key)
            for key in {*there, *wanted}
            if there.get(key) != wanted.get(key)
        }
    )
    if keys:
        more = len(keys) - MOST_NAMED
        named = tuple(keys[:MOST_NAMED])
        findings.add(reference, None, "register", table=table, keys=named, more=str(max(more, 0)))
