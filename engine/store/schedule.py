"""Schedules of the year wheel: the rows that follow from their streams, and what is read of them.

A schedule is stored as the fold of its events leaves it; of its occasions only those that were acted upon. It must not
know which occasions are due, nor who may see what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import bindparam, case, delete, func, literal_column, select

from engine.cases.event import Event
from engine.cases.organisation import Draft, Organisation, UnitTree
from engine.cases.schedule import EVERY_UNIT, Schedule, Slot, Taken, Trees, taken_of
from engine.language.sentence import Words
from engine.ledger.chain import open_body
from engine.store.database import Row, Session
from engine.store.statement import Statement, at, insertion, upsertion
from engine.store.tables import cases, definitions, events, labels, occasions, schedules, streams

SCHEDULE_KINDS: Final = ("planned", "changed", "ended", "opened", "skipped", "unskipped")
_COLUMNS: Final = (
    schedules.c.key, func.coalesce(streams.c.seq, 0), schedules.c.ended_on, schedules.c.recorded_at, schedules.c.plans,
    schedules.c.private,
)  # fmt: skip
_ALL = select(*_COLUMNS).outerjoin(
    streams, (streams.c.kind == "schedule") & (streams.c.name == schedules.c.key)
)
SCHEDULES: Final = Statement(_ALL.order_by(schedules.c.key))
SCHEDULE: Final = Statement(_ALL.where(schedules.c.key == bindparam("key")))
_CASE_STREAMS: Final = streams.alias("case_streams")
_GONE: Final = "?"
"""Stands for the reference of a case that is not there: then somebody has changed the row."""
_REFERENCE: Final = case(
    (occasions.c.case_id.is_not(None), func.coalesce(_CASE_STREAMS.c.name, literal_column(f"'{_GONE}'")))
)
_TAKEN = select(
    occasions.c.schedule, occasions.c.day, occasions.c.unit, occasions.c.status, _REFERENCE,
    occasions.c.person, occasions.c.at, occasions.c.reason,
).outerjoin(_CASE_STREAMS, _CASE_STREAMS.c.id == occasions.c.case_id)  # fmt: skip
TAKEN: Final = Statement(_TAKEN.order_by(occasions.c.schedule, occasions.c.day, occasions.c.unit))
TAKEN_BETWEEN: Final = Statement(
    _TAKEN.where(occasions.c.day >= bindparam("start"), occasions.c.day <= bindparam("end"))
)
TAKEN_AT: Final = Statement(
    _TAKEN.where(
        occasions.c.schedule == bindparam("key"), occasions.c.day == bindparam("day"),
        occasions.c.unit.in_([bindparam("unit"), bindparam("every")]),
    )
)  # fmt: skip
ORIGIN: Final = Statement(
    select(occasions.c.day, *_COLUMNS)
    .select_from(
        occasions.join(schedules, schedules.c.key == occasions.c.schedule)
        .join(_CASE_STREAMS, _CASE_STREAMS.c.id == occasions.c.case_id)
        .outerjoin(streams, (streams.c.kind == "schedule") & (streams.c.name == schedules.c.key))
    )
    .where(_CASE_STREAMS.c.kind == "case", _CASE_STREAMS.c.name == bindparam("reference"))
)
UPSERT: Final = upsertion(schedules)
INSERT_TAKEN: Final = insertion(occasions)
DELETE_TAKEN: Final = Statement(
    delete(occasions).where(
        occasions.c.schedule == bindparam("key"), occasions.c.day == bindparam("day"),
        occasions.c.unit == bindparam("unit"),
    )
)  # fmt: skip
CASE_ID: Final = Statement(
    select(streams.c.id).where(streams.c.kind == "case", streams.c.name == bindparam("name"))
)
_UNIT_EVENTS: Final = Statement(
    select(events.c.body)
    .join(streams, streams.c.id == events.c.stream_id)
    .where(streams.c.kind == "organisation", events.c.kind.in_(["unit_added", "unit_changed"]))
    .order_by(events.c.seq)
)
_SETTLED: Final = (
    select(func.max(events.c.recorded_at))
    .where(events.c.stream_id == cases.c.id, events.c.from_state != events.c.to_state)
    .scalar_subquery()
)
OPENED: Final = Statement(
    select(
        streams.c.name,
        cases.c.process,
        cases.c.unit,
        cases.c.reporter,
        cases.c.assignee,
        cases.c.is_open,
        cases.c.data,
        labels.c.sv,
        labels.c.en,
        _SETTLED,
        streams.c.state,
        definitions.c.id,
    )
    .select_from(
        occasions.join(cases, cases.c.id == occasions.c.case_id)
        .join(streams, streams.c.id == cases.c.id)
        .join(definitions, definitions.c.id == cases.c.definition_id)
        .outerjoin(
            labels,
            (labels.c.definition_id == definitions.c.id)
            & (labels.c.kind == "state")
            & (labels.c.key == streams.c.state),
        )
    )
    .where(occasions.c.day >= bindparam("start"), occasions.c.day <= bindparam("end"))
)


_DOCUMENT: Final = Statement(select(definitions.c.document).where(*at(definitions, "id")))


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A case that a schedule opened, as far as the access rule and the year wheel read it.

    settled_at: when it came to the status it has now. undone: whether that says that it was not done.
    """

    reference: str
    process: str
    unit: str
    reporter: str
    assignee: str | None
    is_open: bool
    marks: Mapping[str, str]
    state_label: Words
    settled_at: str
    undone: bool = False


# --- what follows from events


def project_schedule(session: Session, event: Event, _documents: object) -> None:
    """Write the rows that follow from one event of a schedule.

    Args:
        session: The transaction that the event is written in; the case that it opened is there.
        event: The event, its erasable half included.
    """
    row = session.one(SCHEDULE, {"key": event.stream})
    before = Schedule(event.stream) if row is None else _schedule(row, {})
    after = before.after(event)
    session.run(UPSERT, schedule_row(after))
    if event.kind == "unskipped":
        key = {"key": event.stream, "day": event.data["on"], "unit": event.data["unit"]}
        session.run(DELETE_TAKEN, key)
    elif event.kind in ("opened", "skipped"):
        taken = taken_of(event)
        found = session.one(CASE_ID, {"name": taken.reference}) if taken.reference else None
        session.run(
            INSERT_TAKEN,
            {
                "schedule": event.stream, "day": event.data["on"], "unit": event.data["unit"],
                "status": taken.status, "case_id": found[0] if found else None, "person": taken.person,
                "at": taken.at, "reason": taken.reason,
            },
        )  # fmt: skip


def schedule_row(schedule: Schedule) -> dict[str, Any]:
    """A schedule as it is stored."""
    return {
        "key": schedule.key,
        "plans": orjson.dumps([plan.data() for plan in schedule.plans]).decode(),
        "private": orjson.dumps([plan.personal() for plan in schedule.plans]).decode(),
        "ended_on": schedule.ended_on, "recorded_at": schedule.recorded_at,
    }  # fmt: skip


# --- what is read


def load_schedules(session: Session, between: tuple[str, str] | None = None) -> dict[str, Schedule]:
    """Every schedule by key, with what became of its occasions, or of those between two days. Read it in a snapshot."""
    rows = (
        session.all(TAKEN)
        if between is None
        else session.all(TAKEN_BETWEEN, {"start": between[0], "end": between[1]})
    )
    taken: dict[str, dict[Slot, Taken]] = {}
    for row in rows:
        taken.setdefault(row[0], {})[row[1], row[2]] = Taken(*row[3:])
    return {row[0]: _schedule(row, taken.get(row[0], {})) for row in session.all(SCHEDULES)}


def load_schedule(session: Session, key: str, day: str, unit: str) -> Schedule | None:
    """A schedule, with what became of one occasion of it (a skip of every unit included); None when there is none."""
    row = session.one(SCHEDULE, {"key": key})
    if row is None:
        return None
    found = session.all(TAKEN_AT, {"key": key, "day": day, "unit": unit, "every": EVERY_UNIT})
    return _schedule(row, {(one[1], one[2]): Taken(*one[3:]) for one in found})


def find_origin(session: Session, reference: str) -> tuple[str, str, str] | None:
    """The schedule that opened a case: its key, what it was called on the day, and the day by the rule."""
    row = session.one(ORIGIN, {"reference": reference})
    if row is None:
        return None
    plan = _schedule(row[1:], {}).plan_on(row[0])
    return row[1], plan.name, row[0]


def load_opened(session: Session, start: str, end: str) -> dict[str, OpenedCase]:
    """The cases that were opened for occasions from one day to another, by reference."""
    rows = session.all(OPENED, {"start": start, "end": end})
    undone = _undone(session, {row[11] for row in rows})
    return {
        row[0]: OpenedCase(
            reference=row[0],
            process=row[1],
            unit=row[2],
            reporter=row[3],
            assignee=row[4],
            is_open=bool(row[5]),
            marks=orjson.loads(row[6])["marks"],
            state_label=Words(row[7] or "", row[8] or ""),
            settled_at=row[9] or "",
            undone=(row[11], row[10]) in undone,
        )
        for row in rows
    }


def _undone(session: Session, ids: Iterable[int]) -> frozenset[tuple[int, str]]:
    """The final statuses of definitions that say of a case that it was not done."""
    found = set()
    for number in ids:
        (document,) = session.one(_DOCUMENT, {"id": number}) or (b"{}",)
        states = orjson.loads(bytes(document)).get("process", {}).get("states", {})
        found |= {(number, key) for key, state in states.items() if state.get("undone")}
    return frozenset(found)


def load_trees(session: Session, day_of: Callable[[str], str]) -> Trees:
    """How the units stood at the end of each day that changed them; `day_of` gives the local day of an instant."""
    draft = Draft(Organisation())
    found: list[tuple[str, UnitTree]] = []
    day = ""
    for (body,) in session.all(_UNIT_EVENTS):
        event = Event.read(open_body(bytes(body)))
        changed_on = day_of(event.recorded_at)
        if day and changed_on != day:
            found.append((day, UnitTree(draft.units.values())))
        day = changed_on
        draft.apply(event)
    return Trees((*found, (day, UnitTree(draft.units.values()))))


def _schedule(row: Row, taken: Mapping[Slot, Taken]) -> Schedule:
    columns = {"key": row[0], "seq": row[1], "ended_on": row[2], "recorded_at": row[3], "taken": taken}
    return Schedule.restore(columns, orjson.loads(row[4]), orjson.loads(row[5]))
