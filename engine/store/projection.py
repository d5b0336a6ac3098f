"""The rows that follow from events of other streams than cases: organisation, processes, settings, schedules.

What an event does not name stays as it is; the empty text takes a value away. Written nowhere else, so that
replaying the streams gives the same rows. It must not know how events are chained or locked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import Table, bindparam, delete, insert, select, update

from engine.cases.event import Event
from engine.errors import NotProjectableError
from engine.store.database import Session
from engine.store.schedule import SCHEDULE_KINDS, project_schedule
from engine.store.statement import Statement, at, insertion, upsertion
from engine.store.tables import appointments, definitions, labels, persons, settings, units

if TYPE_CHECKING:
    from engine.definition.document import Document
    from engine.definition.model import Process

Documents = Mapping[str, "Document"]
NOT_NULL: Final = frozenset({"title", "email"})
"""Columns in which nothing is the empty text."""

INSERT_DEFINITION: Final = insertion(definitions, without=["id"])
FIND_DEFINITION: Final = Statement(select(definitions.c.id).where(definitions.c.hash == bindparam("hash")))
RETIRE_DEFINITIONS: Final = Statement(
    update(definitions)
    .where(definitions.c.process == bindparam("key"), definitions.c.is_current.is_(True))
    .values(is_current=False)
)
MAKE_CURRENT: Final = Statement(
    update(definitions).where(definitions.c.hash == bindparam("key")).values(is_current=True)
)
INSERT_LABEL: Final = insertion(labels)
UPSERT_SETTING: Final = upsertion(settings)
DELETE_SETTING: Final = Statement(delete(settings).where(*at(settings, "key")))


def project(session: Session, event: Event, documents: Documents) -> None:
    """Write the rows that follow from one event.

    Args:
        session: The transaction that the event is written in.
        event: The event, its erasable half included.
        documents: Definitions that the event may publish, by hash.

    Raises:
        NotProjectableError: The event is of a kind that no table shows.
    """
    write = _KINDS.get((event.stream_kind, event.kind))
    if write is None:
        raise NotProjectableError(event.stream_kind, event.kind)
    write(session, event, documents)


def label_rows(process: Process) -> list[tuple[str, str, str, str]]:
    """The labels of a definition that lists need: (kind, key, Swedish, English)."""
    rows = [("process", process.process, process.label.sv, process.label.en)]
    rows += [("state", key, state.label.sv, state.label.en) for key, state in process.states.items()]
    rows += [("step", key, step.label.sv, step.label.en) for key, step in process.steps.items()]
    rows += [("field", key, field.label.sv, field.label.en) for key, field in process.fields.items()]
    return rows


def _insert_row(table: Table, values: Mapping[str, Any]) -> Statement:
    return Statement(insert(table).inline().values({name: bindparam(name) for name in values}))


def _update_row(table: Table, key: str, values: Mapping[str, Any]) -> Statement:
    return Statement(
        update(table)
        .where(table.c[key] == bindparam("key_"))
        .values({name: bindparam(name) for name in values})
    )


def _columns(event: Event) -> dict[str, Any]:
    said = {**event.data, **event.personal}
    return {
        name: orjson.dumps(value).decode() if name == "attributes"
        else None if value == "" and name not in NOT_NULL
        else value
        for name, value in said.items()
    }  # fmt: skip


def _add(table: Table) -> Callable[[Session, Event, Documents], None]:
    def write(session: Session, event: Event, _documents: Documents) -> None:
        values = _columns(event)
        session.run(_insert_row(table, values), values)

    return write


def _change(table: Table, key: str) -> Callable[[Session, Event, Documents], None]:
    def write(session: Session, event: Event, _documents: Documents) -> None:
        values = _columns(event)
        named = values.pop(key)
        if values:
            session.run(_update_row(table, key, values), {**values, "key_": named})

    return write


def _publish(session: Session, event: Event, documents: Documents) -> None:
    digest = event.data["hash"]
    if session.one(FIND_DEFINITION, {"hash": digest}) is None:
        document = documents[digest]
        session.run(
            INSERT_DEFINITION,
            {
                "process": document.key, "version": document.version,
                "hash": digest,
                "document": document.text, "published_at": event.recorded_at, "is_current": False,
            },
        )  # fmt: skip
        row = session.one(FIND_DEFINITION, {"hash": digest})
        assert row is not None  # noqa: S101  it was inserted a line ago
        session.run_many(
            INSERT_LABEL,
            [
                {"definition_id": row[0], "kind": kind, "key": key, "sv": sv, "en": en}
                for kind, key, sv, en in label_rows(document.process)
            ],
        )
    session.run(RETIRE_DEFINITIONS, {"key": event.stream})
    session.run(MAKE_CURRENT, {"key": digest})


def _set_setting(session: Session, event: Event, _documents: Documents) -> None:
    session.run(UPSERT_SETTING, {"key": event.data["key"], "value": event.data["value"]})


def _clear_setting(session: Session, event: Event, _documents: Documents) -> None:
    session.run(DELETE_SETTING, {"key": event.data["key"]})


_KINDS: Final[Mapping[tuple[str, str], Callable[[Session, Event, Documents], None]]] = {
    ("organisation", "unit_added"): _add(units),
    ("organisation", "unit_changed"): _change(units, "code"),
    ("organisation", "person_added"): _add(persons),
    ("organisation", "person_changed"): _change(persons, "code"),
    ("organisation", "appointed"): _add(appointments),
    ("organisation", "appointment_changed"): _change(appointments, "key"),
    ("process", "published"): _publish,
    ("settings", "set"): _set_setting,
    ("settings", "cleared"): _clear_setting,
    **{("schedule", kind): project_schedule for kind in SCHEDULE_KINDS},
}
