"""Figures over the register: which cases one counts, and which code each of them has in a field.

A figure is the references behind it; the count is how many they are, so the sum of the parts is always the whole.
It must not know what a report looks like.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from sqlalchemy import Select, and_, exists, or_, select

from engine.cases.access import AccessRule
from engine.store.database import Session
from engine.store.sight import sees_envelope
from engine.store.tables import cases, coded_values, deadlines, streams

Which: TypeAlias = Literal["period", "period_closed", "period_open", "open", "late"]
NOT_TIMED: Final = "lag_skyndsamt"


@dataclass(frozen=True, slots=True)
class Span:
    """What a report is about: a process, units (None for all), days of opening, and which day it is.

    left_out: states whose cases count nowhere (registered by mistake).
    """

    process: str
    units: Collection[str] | None
    from_on: str
    to_on: str
    today: str
    left_out: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """A case that a figure counts: id, reference, and what access needs to know of it."""

    id: int
    reference: str
    unit: str
    state: str


def count(session: Session, span: Span, which: Which) -> tuple[Counted, ...]:
    """The cases of a figure, by reference.

    `period`: opened in the span; `period_closed` and `period_open`: those of them that are ended or not now; `open`:
    not ended now, whenever opened; `late`: open, with a deadline (other than "at once") that has passed.
    """
    question = _base(span)
    if which in ("period", "period_closed", "period_open"):
        question = question.where(cases.c.opened_on >= span.from_on, cases.c.opened_on <= span.to_on)
    if which in ("period_open", "open", "late"):
        question = question.where(cases.c.is_open.is_(True))
    if which == "period_closed":
        question = question.where(cases.c.is_open.is_(False))
    if which == "late":
        passed = and_(
            deadlines.c.case_id == cases.c.id, deadlines.c.status == "open", deadlines.c.due_on < span.today,
            deadlines.c.kind != NOT_TIMED,
        )  # fmt: skip
        question = question.where(exists().where(passed))
    return tuple(Counted(*row) for row in session.rows(question.order_by(cases.c.id)))


def codes_of(session: Session, span: Span, field: str) -> dict[int, tuple[str, ...]]:
    """Case id -> the codes it has in a field, of the cases opened in the span; those without are left out."""
    inner = _base(span).where(cases.c.opened_on >= span.from_on, cases.c.opened_on <= span.to_on).subquery()
    question = (
        select(coded_values.c.case_id, coded_values.c.code)
        .join(inner, inner.c.id == coded_values.c.case_id)
        .where(coded_values.c.field == field)
        .order_by(coded_values.c.case_id, coded_values.c.code)
    )
    found: dict[int, tuple[str, ...]] = {}
    for case_id, code in session.rows(question):
        found[case_id] = (*found.get(case_id, ()), code)
    return found


def _base(span: Span) -> Select[tuple[int, str, str, str]]:
    question = (
        select(cases.c.id, streams.c.name, cases.c.unit, streams.c.state)
        .join(streams, streams.c.id == cases.c.id)
        .where(cases.c.process == span.process)
    )
    if span.units is not None:
        question = question.where(cases.c.unit.in_(sorted(span.units)))
    if span.left_out:
        question = question.where(
            or_(streams.c.state.is_(None), streams.c.state.not_in(sorted(span.left_out)))
        )
    return question


def visible_ids(session: Session, rule: AccessRule) -> frozenset[int]:
    """The ids of all cases that a viewer sees at least the envelope of."""
    return frozenset(row[0] for row in session.rows(select(cases.c.id).where(sees_envelope(rule))))
