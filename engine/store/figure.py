"""Figures over the register: which cases one counts, and which code each of them has in a field.

A figure is the references behind it; the count is how many they are, so the sum of the parts is always the whole.
It must not know what a report looks like.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, TypeAlias

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select

from engine.cases.access import AccessRule
from engine.language.sentence import Words
from engine.store.database import Session
from engine.store.sight import reads_content, sees_envelope
from engine.store.tables import case_marks, cases, coded_values, deadlines, links, persons, streams

Which: TypeAlias = Literal["ever", "period", "period_closed", "period_open", "open", "late"]
NOT_TIMED: Final = "lag_skyndsamt"
LATEST: Final = date.max - timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which cases count, by the codes they have in fields.

    where: (field, codes of which it has one). states: the statuses, when not all. lacks: fields without a value.
    dated: a field whose day lies in the span, instead of the day of opening.
    """

    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    states: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    dated: str | None = None


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
    chosen: Choice = Choice()


@dataclass(frozen=True, slots=True)
class Counted:
    """A case that a figure counts: id, reference, and what access needs to know of it."""

    id: int
    reference: str
    unit: str
    state: str
    opened_on: str


@dataclass(frozen=True, slots=True)
class Connected:
    """The cases that are connected with those of the span by a kind of link, but for some statuses."""

    kind: str
    left_out: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """A case in a list of a report: its envelope, and the nearest day that it is to be dealt with."""

    id: int
    reference: str
    unit: str
    state: str
    opened_on: str
    title: Words
    definition_id: int
    assignee: str | None
    assignee_name: str | None
    due_on: str | None


def count(session: Session, span: Span, which: Which) -> tuple[Counted, ...]:
    """The cases of a figure, by reference.

    `period`: opened in the span; `period_closed` and `period_open`: those of them that are ended or not now; `open`:
    not ended now, whenever opened; `late`: open, with a deadline (other than "at once") that has passed.
    """
    return tuple(Counted(*row) for row in session.rows(_of(span, which).order_by(cases.c.id)))


def count_connected(session: Session, span: Span, wanted: Connected) -> tuple[Counted, ...]:
    """The cases connected with those that were opened in the span, each once."""
    return tuple(Counted(*row) for row in session.rows(_connected(span, wanted).order_by(cases.c.id)))


def codes_of(
    session: Session, span: Span, field: str, connected: Connected | None = None
) -> dict[int, tuple[str, ...]]:
    """Case id -> the codes it has in a field, of the cases opened in the span or connected with them.

    Those without a code are left out.
    """
    inner = (_connected(span, connected) if connected else _of(span, "period")).subquery()
    question = (
        select(coded_values.c.case_id, coded_values.c.code)
        .join(inner, inner.c.id == coded_values.c.case_id)
        .where(coded_values.c.field == field)
        .order_by(coded_values.c.case_id, coded_values.c.code)
    )
    found: dict[int, tuple[str, ...]] = {}
    for case_id, code in session.rows(question):
        known = found.get(case_id, ())
        if code not in known:
            found[case_id] = (*known, code)
    return found


def days_of(session: Session, span: Span, step: str) -> dict[int, str]:
    """Case id -> the day that a step with a deadline was taken, of the cases opened in the span."""
    inner = _of(span, "period").subquery()
    question = (
        select(deadlines.c.case_id, func.min(deadlines.c.settled_on))
        .join(inner, inner.c.id == deadlines.c.case_id)
        .where(deadlines.c.step == step, deadlines.c.status == "met")
        .group_by(deadlines.c.case_id)
    )
    return {row[0]: row[1] for row in session.rows(question)}


def list_counted(session: Session, span: Span, which: Which, rule: AccessRule) -> tuple[Listed, ...]:
    """The cases of a figure that a viewer may see, the oldest first."""
    due = (
        select(func.min(deadlines.c.due_on))
        .where(deadlines.c.case_id == cases.c.id, deadlines.c.status == "open", deadlines.c.kind != NOT_TIMED)
        .scalar_subquery()
    )
    question = (
        _of(span, which)
        .where(sees_envelope(rule))
        .add_columns(
            cases.c.title_sv, cases.c.title_en, cases.c.definition_id, cases.c.assignee, persons.c.name, due
        )
        .outerjoin(persons, persons.c.code == cases.c.assignee)
        .order_by(cases.c.opened_on, cases.c.id)
    )
    return tuple(
        Listed(row[0], row[1], row[2], row[3], row[4], Words(row[5], row[6]), row[7], row[8], row[9], row[10])
        for row in session.rows(question)
    )


def definition_of(session: Session, case_id: int) -> int:
    """The id of the definition that a case runs by."""
    found: int = session.rows(select(cases.c.definition_id).where(cases.c.id == case_id))[0][0]
    return found


def texts_of(session: Session, span: Span, field: str, rule: AccessRule) -> dict[int, str]:
    """Case id -> what stands in a field, of the ended cases of the span whose content a viewer reads.

    Cases under a mark are not among them: what is read from them is written down, and belongs on no such page.
    """
    question = (
        _of(span, "period_closed").where(reads_content(rule)).add_columns(cases.c.data, cases.c.private)
    )
    found = {}
    for row in session.rows(question.order_by(cases.c.opened_on, cases.c.id)):
        said = json.loads(row[6]).get(field)
        if isinstance(said, str) and said.strip() and not json.loads(row[5]).get("marks"):
            found[row[0]] = said.strip()
    return found


def _of(span: Span, which: Which) -> Select[tuple[int, str, str, str, str]]:
    question = _base(span)
    in_period = which in ("period", "period_closed", "period_open")
    if in_period and span.chosen.dated is not None:
        day = coded_values.c.day
        question = question.where(_has(span.chosen.dated, day >= span.from_on, day <= span.to_on))
    elif in_period:
        question = question.where(cases.c.opened_on >= span.from_on, cases.c.opened_on <= span.to_on)
        question = question.where(*_about(span))
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
    return question


def _about(span: Span) -> tuple[ColumnElement[bool], ...]:
    """The instants between which those days lie anywhere on earth: indexes have the instant, not the local day."""
    first, last = date.fromisoformat(span.from_on), date.fromisoformat(span.to_on)
    return (
        cases.c.opened_at >= (first - timedelta(days=1) if first > date.min else first).isoformat(),
        cases.c.opened_at < (last + timedelta(days=2) if last < LATEST else date.max).isoformat(),
    )


def _connected(span: Span, wanted: Connected) -> Select[tuple[int, str, str, str, str]]:
    inner = _of(span, "period").subquery()
    theirs = (
        select(links.c.other_id).join(inner, inner.c.id == links.c.case_id).where(links.c.kind == wanted.kind)
    )
    question = (
        select(cases.c.id, streams.c.name, cases.c.unit, streams.c.state, cases.c.opened_on)
        .join(streams, streams.c.id == cases.c.id)
        .where(cases.c.id.in_(theirs))
    )
    return question.where(streams.c.state.not_in(sorted(wanted.left_out))) if wanted.left_out else question


def _base(span: Span) -> Select[tuple[int, str, str, str, str]]:
    question = (
        select(cases.c.id, streams.c.name, cases.c.unit, streams.c.state, cases.c.opened_on)
        .join(streams, streams.c.id == cases.c.id)
        .where(cases.c.process == span.process)
    )
    if span.units is not None:
        question = question.where(cases.c.unit.in_(sorted(span.units)))
    for field, codes in span.chosen.where:
        question = question.where(_has(field, coded_values.c.code.in_(sorted(codes))))
    for field in span.chosen.lacks:
        question = question.where(not_(_has(field)))
    if span.chosen.states:
        question = question.where(streams.c.state.in_(sorted(span.chosen.states)))
    if span.left_out:
        question = question.where(
            or_(streams.c.state.is_(None), streams.c.state.not_in(sorted(span.left_out)))
        )
    return question


def _has(field: str, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a case has a value in a field, of which something holds."""
    mine = and_(coded_values.c.case_id == cases.c.id, coded_values.c.field == field, *conditions)
    return exists().where(mine)


def visible_ids(session: Session, rule: AccessRule) -> frozenset[int]:
    """The ids of all cases that a viewer sees at least the envelope of."""
    return frozenset(row[0] for row in session.rows(select(cases.c.id).where(sees_envelope(rule))))


def readable_ids(session: Session, rule: AccessRule) -> frozenset[int]:
    """The ids of all unmarked cases whose content a viewer reads: only of those is it said which value they have.

    What is read of a marked case is written down, and belongs on no such page.
    """
    is_marked = exists().where(case_marks.c.case_id == cases.c.id)
    question = select(cases.c.id).where(reads_content(rule), not_(is_marked))
    return frozenset(row[0] for row in session.rows(question))
