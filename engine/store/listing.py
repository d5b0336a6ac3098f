"""Lists of cases under the access rule: filtered, newest first, a page at a time; and how many are not shown.

A list must not say what may not be read: a filter on fields finds only cases whose content the viewer
reads, since being found tells the value. The others are counted (design.md section 7). A page is found by
way of the indexes from what the viewer has a right to, never by reading all cases. This module must not
know how a row is shown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, TypeAlias, TypeVar

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    Numeric,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    true,
    tuple_,
    union,
)

from engine.cases.access import AccessRule
from engine.errors import UnknownPageError
from engine.language.sentence import Words
from engine.language.words import Term
from engine.store.database import Session
from engine.store.search import cases_with
from engine.store.sight import reads_content, sees_envelope
from engine.store.statement import Statement
from engine.store.tables import case_marks, cases, coded_values, definitions, labels, persons, streams, units

if TYPE_CHECKING:
    from engine.definition.model import Level

T = TypeVar("T")
Operator: TypeAlias = Literal["=", "!=", "<", "<=", ">", ">="]
MANY: Final = 8
"""From this part of all units on, it costs less to read a process in order than to ask each unit for its newest."""
MOST_HIDDEN: Final = 1000
"""Of so many cases that may not be seen the number is told; of more, that they are more."""
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list: how many rows, after which (`Listing.next` of the page before)."""

    size: int = 50
    after: str = ""


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """A page of a list. `next` is what asks for the page after it, empty at the end."""

    rows: tuple[T, ...]
    next: str = ""


@dataclass(frozen=True, slots=True)
class Where:
    """A demand on a field that counts: any of the values (`=`), none of them (`!=`), or an order.

    A code, a number, a day, or `?` for unknown. `!=` finds what has another value, unknown too, not what
    has none.
    """

    field: str
    operator: Operator
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What to list. A unit stands for all below it too. `by`: the days of what happened, or of opening.

    definitions: only cases that follow these, by id.
    """

    processes: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    unit: str | None = None
    from_on: str | None = None
    to_on: str | None = None
    by: Literal["happened", "recorded"] = "happened"
    where: tuple[Where, ...] = ()
    mine: bool = False
    open_only: bool = False
    terms: tuple[Term, ...] = ()
    definitions: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in a list: its envelope, and the viewer's level. A label that is missing is the key."""

    reference: str
    process: str
    process_label: Words
    state: str
    state_label: Words
    title: Words
    unit: str
    unit_name: str
    assignee: str | None
    assignee_name: str | None
    opened_on: str
    happened_on: str | None
    is_open: bool
    level: Level
    is_own_report: bool


def list_cases(session: Session, rule: AccessRule, wanted: CaseFilter, page: Page) -> Listing[CaseRow]:
    """Return a page of the cases that the viewer may see, newest first.

    Raises:
        UnknownPageError: `page.after` is no reference.
    """
    last = _place_of(session, rule, page.after) if page.after else None
    sources = list(_sources(session, rule, wanted, last, page.size + 1))
    if not sources:
        return Listing(())
    found = union(*sources).subquery("found")
    top = select(found).order_by(found.c.opened_at.desc(), found.c.id.desc()).limit(page.size + 1)
    rows = session.rows(_described(rule, top.subquery("top")))
    shown = tuple(_row(rule, row) for row in rows[: page.size])
    return Listing(shown, shown[-1].reference if len(rows) > page.size else "")


def count_hidden(session: Session, rule: AccessRule, wanted: CaseFilter) -> int:
    """Return how many cases the filter would also find for one who may see all; when more than `MOST_HIDDEN`, one more.

    Counted from what the viewer has no right to, and no further than is told, so that it does not grow with the log.
    """
    unseen = list(_unseen(rule, wanted))
    if not unseen:
        return 0
    mine = or_(
        cases.c.reporter == rule.viewer.person,
        and_(cases.c.assignee.is_not(None), cases.c.assignee == rule.viewer.person),
    )
    found: Select[Any] = (
        select(literal_column("1").label("one"))
        .select_from(cases)
        .where(or_(*unseen), *_demands(rule, wanted, cases), not_(mine))
        .limit(MOST_HIDDEN + 1)
    )
    return int(session.rows(select(func.count()).select_from(found.subquery()))[0][0])


def _unseen(rule: AccessRule, wanted: CaseFilter) -> Iterator[ColumnElement[bool]]:
    """The units of each process where the viewer's roles give no sight. Every process with cases has a rule."""
    if rule.viewer.is_system:
        return
    inside = rule.tree.codes if wanted.unit is None else rule.tree.below(wanted.unit)
    for process in wanted.processes or tuple(rule.processes):
        units = inside - rule.units_at(process, "envelope")
        if units:
            here = true() if units == rule.tree.codes else cases.c.unit.in_(sorted(units))
            yield and_(cases.c.process == process, here)


Place: TypeAlias = tuple[str, int]


def _place_of(session: Session, rule: AccessRule, reference: str) -> Place:
    """Where a list goes on; from a case that the viewer may not know of as from one that is not there."""
    question = (
        select(cases.c.opened_at, cases.c.id)
        .join(streams, streams.c.id == cases.c.id)
        .where(streams.c.kind == "case", streams.c.name == reference, sees_envelope(rule))
    )
    rows = session.rows(question)
    if not rows:
        raise UnknownPageError(reference)
    return rows[0][0], rows[0][1]


def _sources(
    session: Session, rule: AccessRule, wanted: CaseFilter, last: Place | None, limit: int
) -> Iterator[Select[Any]]:
    """Each right to see, as a query of its own that an index answers in order: the newest `limit` of each."""

    def newest(of: FromClause, *demands: ColumnElement[bool]) -> Select[Any]:
        after = [tuple_(of.c.opened_at, of.c.id) < tuple_(*map(literal, last))] if last else []
        readable = [reads_content(rule, of)] if wanted.where else []
        return (
            select(of.c.id, of.c.opened_at)
            .where(*demands, *_demands(rule, wanted, of), *after, *readable)
            .order_by(of.c.opened_at.desc(), of.c.id.desc())
            .limit(limit)
        )

    def whole(query: Select[Any]) -> Select[Any]:
        return select(query.subquery())

    if rule.viewer.is_system:
        yield whole(newest(cases, *_found(session, rule, wanted)))
        return
    if wanted.terms:
        yield whole(newest(cases, sees_envelope(rule), *_found(session, rule, wanted)))
        return
    yield whole(newest(cases, cases.c.reporter == rule.viewer.person))
    if wanted.mine:
        return
    yield whole(newest(cases, cases.c.assignee.is_not(None), cases.c.assignee == rule.viewer.person))
    places: list[tuple[str, str]] = []
    for process in wanted.processes or tuple(rule.processes):
        seen = rule.units_at(process, "envelope")
        inside = seen if wanted.unit is None else seen & rule.tree.below(wanted.unit)
        if len(inside) * MANY >= len(rule.tree):
            here = [] if inside == rule.tree.codes else [cases.c.unit.in_(sorted(inside))]
            yield whole(newest(cases, cases.c.process == process, *here))
        else:
            places += [(process, unit) for unit in sorted(inside)]
    if places:
        yield _of_places(session, newest, places)


def _of_places(session: Session, newest: Any, places: list[tuple[str, str]]) -> Select[Any]:
    """The newest of each process and unit: a lateral join, on SQLite its like, an IN asked for each."""
    inner = cases.alias("inner_cases")
    if session.dialect == "postgresql":
        texts = [
            cast(literal(list(column), ARRAY(Text)), ARRAY(Text)) for column in zip(*places, strict=True)
        ]
        place = func.unnest(*texts).table_valued("process", "unit").render_derived(name="place")
        each = newest(inner, inner.c.process == place.c.process, inner.c.unit == place.c.unit).lateral("each")
        return select(each.c.id, each.c.opened_at).select_from(place.join(each, true()))
    place = func.json_each(literal(json.dumps(places))).table_valued("value").alias("place")
    process, unit = (func.json_extract(place.c.value, f"$[{index}]") for index in (0, 1))
    each = newest(inner, inner.c.process == process, inner.c.unit == unit).with_only_columns(inner.c.id)
    outer = cases.alias("outer_cases")
    is_one = outer.c.id.in_(each.correlate(place).scalar_subquery())
    return select(outer.c.id, outer.c.opened_at).select_from(place, outer).where(is_one)


def _found(session: Session, rule: AccessRule, wanted: CaseFilter) -> Iterator[ColumnElement[bool]]:
    """What is searched for: each term in the envelope, or in what was written where the viewer reads that."""
    for term in wanted.terms:
        outside, inside = (cases_with(term, session.dialect, content=content) for content in (False, True))
        yield or_(cases.c.id.in_(outside), and_(cases.c.id.in_(inside), reads_content(rule)))


def _demands(rule: AccessRule, wanted: CaseFilter, of: FromClause) -> Iterator[ColumnElement[bool]]:
    """What the filter demands of a case, apart from what may be seen."""
    if wanted.processes:
        yield of.c.process.in_(wanted.processes)
    if wanted.unit is not None:
        yield of.c.unit.in_(sorted(rule.tree.below(wanted.unit)))
    if wanted.open_only:
        yield of.c.is_open
    if wanted.definitions is not None:
        yield of.c.definition_id.in_(wanted.definitions)
    if wanted.mine:
        yield of.c.reporter == rule.viewer.person
    if wanted.states:
        yield exists().where(streams.c.id == of.c.id, streams.c.state.in_(wanted.states))
    day = of.c.happened_on if wanted.by == "happened" else of.c.opened_on
    if wanted.from_on is not None:
        yield day >= wanted.from_on
    if wanted.to_on is not None:
        yield day <= wanted.to_on
    for where in wanted.where:
        yield _has_value(where, of)


def is_ordered(value: str) -> bool:
    """Whether a value has an order: it is a number or a day that there is."""
    if _DAY.fullmatch(value):
        try:
            date.fromisoformat(value)
        except ValueError:
            return False
        return True
    return _NUMBER.fullmatch(value) is not None


def _has_value(where: Where, of: FromClause) -> ColumnElement[bool]:
    given = and_(coded_values.c.case_id == of.c.id, coded_values.c.field == where.field)
    if where.operator in ("=", "!="):
        equal = exists().where(given, or_(*map(_equals, where.values)))
        return equal if where.operator == "=" else and_(exists().where(given), not_(equal))
    column, value = _ordered(where.values[0])
    return exists().where(given, column.op(where.operator, is_comparison=True)(value))


def _equals(value: str) -> ColumnElement[bool]:
    if _NUMBER.fullmatch(value):
        return or_(coded_values.c.code == value, coded_values.c.number == cast(literal(value, Text), Numeric))
    if _DAY.fullmatch(value):
        return or_(coded_values.c.code == value, coded_values.c.day == value)
    return coded_values.c.code == value


def _ordered(value: str) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    if _DAY.fullmatch(value):
        return coded_values.c.day, literal(value, Text)
    return coded_values.c.number, cast(literal(value, Text), Numeric)


def _described(rule: AccessRule, top: FromClause) -> Select[Any]:
    process, state = labels.alias("process_labels"), labels.alias("state_labels")
    return (
        select(
            streams.c.name, cases.c.process, process.c.sv, process.c.en, streams.c.state, state.c.sv,
            state.c.en, cases.c.title_sv, cases.c.title_en, cases.c.unit, units.c.name,
            cases.c.assignee, persons.c.name, cases.c.opened_on, cases.c.happened_on,
            cases.c.is_open, cases.c.reporter,
            case((reads_content(rule), 1), else_=0),
        )
        .select_from(top)
        .join(cases, cases.c.id == top.c.id)
        .join(streams, streams.c.id == cases.c.id)
        .outerjoin(units, units.c.code == cases.c.unit)
        .outerjoin(persons, persons.c.code == cases.c.assignee)
        .outerjoin(process, label_of(process, "process", cases.c.process))
        .outerjoin(state, label_of(state, "state", streams.c.state))
        .order_by(top.c.opened_at.desc(), top.c.id.desc())
    )  # fmt: skip


def label_of(of: FromClause, kind: str, key: ColumnElement[str]) -> ColumnElement[bool]:
    """Say which label belongs to a key in the definition of a case."""
    return and_(of.c.definition_id == cases.c.definition_id, of.c.kind == kind, of.c.key == key)


def words(key: str, sv: str | None, en: str | None) -> Words:
    """Return a label, the key itself when there is none."""
    return Words(sv or key, en or key)


def title(sv: str, en: str, unit: str) -> Words:
    """Return a title with the unit's name of the day in its place."""
    return Words(sv.replace("{unit}", unit), en.replace("{unit}", unit))


def _row(rule: AccessRule, row: Sequence[Any]) -> CaseRow:
    unit = row[10] or row[9]
    return CaseRow(
        reference=row[0], process=row[1], process_label=words(row[1], row[2], row[3]), state=row[4],
        state_label=words(row[4], row[5], row[6]), title=title(row[7], row[8], unit), unit=row[9],
        unit_name=unit, assignee=row[11], assignee_name=row[12], opened_on=row[13], happened_on=row[14],
        is_open=bool(row[15]), level="content" if row[17] else "envelope",
        is_own_report=not rule.viewer.is_system and row[16] == rule.viewer.person,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Marked:
    """What the access rule reads of a marked case in a list."""

    process: str
    unit: str
    reporter: str
    assignee: str | None
    marks: dict[str, str]


def marked_of(session: Session, references: Sequence[str]) -> dict[str, Marked]:
    """Of some cases those that are marked, as the access rule reads them."""
    if not references:
        return {}
    question = (
        select(
            streams.c.name, cases.c.process, cases.c.unit, cases.c.reporter, cases.c.assignee,
            case_marks.c.mark, case_marks.c.keeps,
        )
        .join(cases, cases.c.id == streams.c.id)
        .join(case_marks, case_marks.c.case_id == cases.c.id)
        .where(streams.c.kind == "case", streams.c.name.in_(references))
    )  # fmt: skip
    found: dict[str, Marked] = {}
    for row in session.rows(question):
        found.setdefault(row[0], Marked(row[1], row[2], row[3], row[4], {})).marks[row[5]] = row[6]
    return found


def list_references(
    session: Session, rule: AccessRule, prefix: str, limit: int
) -> tuple[tuple[str, Words], ...]:
    """Return references that begin so, with titles, newest first, of cases that the viewer may see."""
    wanted = prefix.upper().replace("\\", "").replace("%", "").replace("_", "")
    question = (
        select(streams.c.name, cases.c.title_sv, cases.c.title_en, units.c.name)
        .join(cases, cases.c.id == streams.c.id)
        .outerjoin(units, units.c.code == cases.c.unit)
        .where(streams.c.kind == "case", streams.c.name.startswith(wanted), sees_envelope(rule))
        .order_by(streams.c.id.desc())
        .limit(limit)
    )
    return tuple((name, title(sv, en, unit or "")) for name, sv, en, unit in session.rows(question))


_LABEL: Final = Statement(
    select(labels.c.sv, labels.c.en)
    .where(
        labels.c.kind == bindparam("kind"),
        labels.c.key == bindparam("key"),
        definitions.c.process == bindparam("process"),
        definitions.c.is_current.is_(True),
    )
    .select_from(labels.join(definitions, definitions.c.id == labels.c.definition_id))
)


def find_label(session: Session, process: str, kind: str, key: str) -> Words | None:
    """Return the label of a step, state or field in the newest version of a process; None when it has none."""
    row = session.one(_LABEL, {"process": process, "kind": kind, "key": key})
    return None if row is None else Words(row[0], row[1])
