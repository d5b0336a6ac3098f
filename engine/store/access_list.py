"""The rows of the access log that somebody may see, newest first, a page at a time; and a sample of them.

A sample is drawn by the row's number and a seed alone, so that whoever draws it again finds the same rows. This module
must not know who may see what, but for what `Scope` says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from heapq import nsmallest
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_, select, true

from engine.cases.access import AccessRule
from engine.language.sentence import Words
from engine.store.database import Database, Session
from engine.store.listing import title
from engine.store.sight import oversees, sees_envelope
from engine.store.tables import access_log, case_marks, cases, persons, streams, units

Told = Callable[[int, int], None]
REFUSED: Final = "refused"
PAGE: Final = 2000
_NAMED: Final = 400
"""So many rows are asked for by number at once."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows: `all`; `units`: of cases that the viewer reads by a role, and their own; `own`: their own."""

    rule: AccessRule
    reach: Literal["all", "units", "own"]


@dataclass(frozen=True, slots=True)
class AccessFilter:
    """Which rows. from_at and before_at are instants; a unit stands for all below it too, where the case is now."""

    reference: str | None = None
    person: str | None = None
    unit: str | None = None
    from_at: str | None = None
    before_at: str | None = None
    refused: bool = False
    marked: bool = False


@dataclass(frozen=True, slots=True)
class AccessRow:
    """One row: when, who (and whose login, when another's), what of which case, by what right, how it went.

    reference is `*` when it was more than a case. The case's title and unit are those of today, None without a case.
    """

    id: int
    at: str
    person: str
    person_name: str
    operator: str | None
    reference: str
    title: Words | None
    unit: str | None
    unit_name: str | None
    action: str
    outcome: str
    detail: str
    role: str | None
    role_unit: str | None
    on_behalf_of: str | None
    marks: tuple[str, ...]
    is_marked: bool
    """Whether the case was marked when it was read, or is now."""


def list_access(
    session: Session, scope: Scope, wanted: AccessFilter, *, limit: int, before: int | None = None
) -> tuple[AccessRow, ...]:
    """Return so many rows, the newest first; `before`: only those before this number."""
    question = _described(scope).where(*_demands(scope, wanted))
    if before is not None:
        question = question.where(access_log.c.id < before)
    return tuple(map(_row, session.rows(question.order_by(access_log.c.id.desc()).limit(limit))))


def draw_sample(
    database: Database, scope: Scope, wanted: AccessFilter, *, size: int, seed: str, told: Told | None = None
) -> tuple[tuple[AccessRow, ...], int]:
    """Return a sample of the rows, oldest first, and how many there were to draw from.

    The rows whose number and seed have the smallest SHA-256 are drawn: each is as likely as any other, and nobody can
    choose them but by choosing the seed.
    """
    counted = 0

    def ranked() -> Iterator[tuple[bytes, int]]:
        nonlocal counted
        for number in _numbers(database, scope, wanted, told):
            counted += 1
            yield sha256(f"{seed}:{number}".encode()).digest(), number

    chosen = sorted(number for _, number in nsmallest(size, ranked()))
    rows: list[AccessRow] = []
    with database.read() as session:
        for start in range(0, len(chosen), _NAMED):
            part = chosen[start : start + _NAMED]
            question = _described(scope).where(access_log.c.id.in_(part)).order_by(access_log.c.id)
            rows += map(_row, session.rows(question))
    return tuple(rows), counted


def _numbers(database: Database, scope: Scope, wanted: AccessFilter, told: Told | None) -> Iterator[int]:
    """The numbers of the rows, a page in a short transaction."""
    after, last = 0, 0
    demands = [*_demands(scope, wanted)]
    while True:
        with database.read() as session:
            if not last:
                last = int(session.rows(select(func.coalesce(func.max(access_log.c.id), 0)))[0][0])
            question = _joined(select(access_log.c.id)).where(*demands, access_log.c.id > after)
            found = session.rows(question.order_by(access_log.c.id).limit(PAGE))
        yield from (row[0] for row in found)
        if told is not None and last:
            told(min(found[-1][0], last) if found else last, last)
        if len(found) < PAGE:
            return
        after = found[-1][0]


def _joined(question: Select[Any]) -> Select[Any]:
    is_case = and_(streams.c.kind == "case", streams.c.name == access_log.c.reference)
    return (
        question.select_from(access_log)
        .outerjoin(streams, is_case)
        .outerjoin(cases, cases.c.id == streams.c.id)
    )


def _described(scope: Scope) -> Select[Any]:
    question = select(
        access_log.c.id, access_log.c.at, access_log.c.person, persons.c.name, access_log.c.operator,
        access_log.c.reference, cases.c.title_sv, cases.c.title_en, cases.c.unit, units.c.name,
        access_log.c.action, access_log.c.outcome, access_log.c.detail, access_log.c.role, access_log.c.unit,
        access_log.c.on_behalf_of, access_log.c.marks, _is_marked_now().label("is_marked"),
        _is_seen(scope).label("seen"),
    )  # fmt: skip
    return (
        _joined(question)
        .outerjoin(persons, persons.c.code == access_log.c.person)
        .outerjoin(units, units.c.code == cases.c.unit)
    )


def _is_seen(scope: Scope) -> ColumnElement[bool]:
    """Whether the viewer sees the case as it is today; who did once may read that they did, and no more."""
    return true() if scope.reach == "all" else and_(cases.c.id.is_not(None), sees_envelope(scope.rule))


def _is_marked_now() -> ColumnElement[bool]:
    return cases.c.id.in_(select(case_marks.c.case_id))


def _demands(scope: Scope, wanted: AccessFilter) -> Iterator[ColumnElement[bool]]:
    rule = scope.rule
    if scope.reach != "all":
        own = and_(access_log.c.person == (rule.viewer.person or ""), _may_be_told(rule))
        is_overseen = and_(cases.c.id.is_not(None), oversees(rule)) if scope.reach == "units" else false()
        yield or_(own, is_overseen)
    if wanted.reference is not None:
        yield access_log.c.reference == wanted.reference
    if wanted.person is not None:
        yield or_(access_log.c.person == wanted.person, access_log.c.operator == wanted.person)
    if wanted.unit is not None:
        yield and_(cases.c.unit.in_(sorted(rule.tree.below(wanted.unit))), _is_seen(scope))
    if wanted.from_at is not None:
        yield access_log.c.at >= wanted.from_at
    if wanted.before_at is not None:
        yield access_log.c.at < wanted.before_at
    if wanted.refused:
        yield access_log.c.outcome == REFUSED
    if wanted.marked:
        yield or_(access_log.c.marks.is_not(None), and_(_is_marked_now(), _is_seen(scope)))


def _may_be_told(rule: AccessRule) -> ColumnElement[bool]:
    """Of what was refused them nobody is told whether it is there: a reference can be guessed."""
    is_refused = access_log.c.outcome == REFUSED
    return or_(not_(is_refused), and_(cases.c.id.is_not(None), sees_envelope(rule)))


def _row(row: Sequence[Any]) -> AccessRow:
    is_seen = row[6] is not None and bool(row[18])
    code = row[8] if is_seen else None
    unit = (row[9] or code) if is_seen else None
    named = title(row[6], row[7], unit or "") if is_seen else None
    return AccessRow(
        id=row[0], at=row[1], person=row[2], person_name=row[3] or row[2], operator=row[4], reference=row[5],
        title=named, unit=code, unit_name=unit, action=row[10], outcome=row[11], detail=row[12], role=row[13],
        role_unit=row[14], on_behalf_of=row[15], marks=tuple((row[16] or "").split(",")) if row[16] else (),
        is_marked=bool(row[16]) or (is_seen and bool(row[17])),
    )  # fmt: skip
