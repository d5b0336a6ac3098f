"""Deadlines of the cases that somebody may see, for a calendar. It must not know how one is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, exists, or_, select

from engine.cases.access import AccessRule
from engine.language.sentence import Words
from engine.store.database import Session
from engine.store.listing import label_of, title, words
from engine.store.sight import sees_envelope
from engine.store.tables import cases, deadlines, labels, streams, tasks, units


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """A deadline: its case by envelope, its key and step, its kind, its day (or instant), whether it holds.

    seq: how far its case has come, which grows with every change.
    """

    reference: str
    seq: int
    title: Words
    unit: str
    key: str
    step_label: Words
    kind: str
    due_on: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class DeadlineFilter:
    """Which deadlines: settled ones since a day; mine only; of a role; at units."""

    settled_since: str
    mine: bool = False
    role: str | None = None
    units: frozenset[str] | None = None


def list_deadlines(session: Session, rule: AccessRule, wanted: DeadlineFilter) -> list[DeadlineRow]:
    """Those with a day that are open, or were settled lately, in cases that the viewer may see; by day."""
    step, named = labels.alias("step_labels"), units.alias("named")
    query = (
        select(
            streams.c.name, streams.c.seq, cases.c.title_sv, cases.c.title_en, named.c.name, cases.c.unit,
            deadlines.c.key, deadlines.c.step, step.c.sv, step.c.en, deadlines.c.kind, deadlines.c.due_on,
            case((deadlines.c.status == "open", 1), else_=0),
        )
        .select_from(deadlines)
        .join(cases, cases.c.id == deadlines.c.case_id)
        .join(streams, streams.c.id == cases.c.id)
        .join(named, named.c.code == cases.c.unit)
        .outerjoin(step, label_of(step, "step", deadlines.c.step))
        .where(
            deadlines.c.kind != "lag_skyndsamt",
            or_(deadlines.c.status == "open", deadlines.c.settled_on >= wanted.settled_since),
            sees_envelope(rule),
            *_chosen(rule, wanted),
        )
        .order_by(deadlines.c.due_on, streams.c.name, deadlines.c.key)
    )  # fmt: skip
    return [
        DeadlineRow(
            row[0], row[1], title(row[2], row[3], row[4]), row[4], row[6], words(row[7], row[8], row[9]), row[10],
            row[11], bool(row[12]),
        )
        for row in session.rows(query)
    ]  # fmt: skip


def _chosen(rule: AccessRule, wanted: DeadlineFilter) -> list[Any]:
    """What the filter demands."""
    of_step = and_(tasks.c.case_id == deadlines.c.case_id, tasks.c.step == deadlines.c.step)
    found: list[Any] = []
    if wanted.units is not None:
        found.append(cases.c.unit.in_(sorted(wanted.units)))
    if wanted.role is not None:
        found.append(exists().where(of_step, tasks.c.role == wanted.role))
    if wanted.mine:
        me = rule.viewer.person or ""
        named = exists().where(of_step, or_(tasks.c.person == me, tasks.c.assignee == me))
        found.append(or_(cases.c.assignee == me, named))
    return found
