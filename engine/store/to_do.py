"""The list of what is to be done: by one person, most urgent first, a page at a time.

What somebody should do is found from their rights and not by searching: each role at each unit, and the
tasks that name them, is a place in an index, read in order as far as the page needs (on PostgreSQL a
lateral join; an IN list costs fifty times as much). So the time does not grow with the cases. This module
must not know how a row is shown.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
    tuple_,
    union_all,
)

from engine.cases.access import AccessRule
from engine.errors import UnknownPageError
from engine.language.sentence import Words
from engine.store.database import Session
from engine.store.listing import Listing, Page, label_of, title, words
from engine.store.statement import DialectName, Statement
from engine.store.tables import appointments, cases, labels, persons, streams, tasks, units

NEVER: Final = "9999-12-31"
_BEYOND: Final = "~"
_NOWHERE: Final = ("", 0, "")


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """What to list. `today` is the local day; what was due before it is overdue.

    mine: only what names the person or what they have taken. role: only what they may do by this role.
    unit: this and all below. taken: also what another holder of the role has taken; one who has the role no
    longer keeps nothing from those who have. due_before: due before this day.
    """

    today: str
    mine: bool = False
    role: str | None = None
    unit: str | None = None
    overdue: bool = False
    due_before: str | None = None
    taken: bool = False


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task in a list. `title` and `state` are None when the case is not seen; it is to be done anyhow.

    `due_on` is a day, or an instant; `since` the instant it came to be.
    """

    reference: str
    process: str
    step: str
    step_label: Words
    title: Words | None
    state: str | None
    state_label: Words | None
    role: str | None
    person: str | None
    unit: str
    unit_name: str
    assignee: str | None
    assignee_name: str | None
    due_on: str | None
    due_kind: str | None
    overdue: bool
    since: str


def list_tasks(session: Session, rule: AccessRule, wanted: TaskFilter, page: Page) -> Listing[TaskRow]:
    """Return a page of what a person should do: first what is due first, then the oldest cases.

    A task that is theirs in several ways stands there once.

    Raises:
        UnknownPageError: `page.after` is not from `Listing.next`.
    """
    viewer = rule.viewer
    inside = None if wanted.unit is None else rule.tree.below(wanted.unit)
    places = sorted(
        {
            (grant.role, unit)
            for grant in viewer.grants
            if wanted.role in (None, grant.role)
            for unit in rule.tree.below(grant.unit)
            if inside is None or unit in inside
        }
    )
    due_on, case_id, step = _place_of(session, rule, page.after) if page.after else _NOWHERE
    limits = [wanted.today] * wanted.overdue + [wanted.due_before or _BEYOND]
    rows = session.all(
        _TASKS,
        _places(session.dialect, places, sorted(inside or ()))
        | {
            "me": viewer.person or "", "today": wanted.today,
            "named": int(wanted.role is None and not viewer.is_system),
            "anywhere": int(inside is None), "free": int(not wanted.mine),
            "others": int(wanted.taken and not wanted.mine), "before": min(limits), "size": page.size + 1,
            "after_due": due_on, "after_case": case_id, "after_step": step,
        },
    )  # fmt: skip
    shown = tuple(_row(rule, wanted.today, row) for row in rows[: page.size])
    more = len(rows) > page.size
    return Listing(shown, _after(rows[page.size - 1]) if more else "")


def _places(dialect: DialectName, places: Sequence[tuple[str, str]], inside: Sequence[str]) -> dict[str, Any]:
    """The roles and units as the statement of a dialect takes them."""
    if dialect == "sqlite":
        return {"places": json.dumps(places), "inside": json.dumps(inside)}
    return {
        "roles": [role for role, _ in places],
        "units": [unit for _, unit in places],
        "inside": list(inside),
    }


def _urgent(of: FromClause, *demands: ColumnElement[bool]) -> Select[Any]:
    """The most urgent of one place, in the order of its index."""
    place = tuple_(of.c.due_on, of.c.case_id, of.c.step)
    return (
        select(of.c.id, of.c.due_on, of.c.case_id, of.c.step)
        .where(
            *demands,
            of.c.due_on < bindparam("before"),
            place > tuple_(bindparam("after_due"), bindparam("after_case"), bindparam("after_step")),
        )
        .order_by(of.c.due_on, of.c.case_id, of.c.step)
        .limit(bindparam("size"))
    )


def _build(dialect: DialectName) -> Select[Any]:
    of = tasks.alias("of_role")
    still = exists().where(
        appointments.c.person == of.c.assignee,
        appointments.c.role == of.c.role,
        appointments.c.from_on <= bindparam("today"),
        or_(appointments.c.to_on.is_(None), appointments.c.to_on >= bindparam("today")),
    )
    holder = or_(
        and_(or_(of.c.assignee.is_(None), not_(still)), bindparam("free") == 1),
        of.c.assignee == bindparam("me"),
        bindparam("others") == 1,
    )
    if dialect == "postgresql":
        texts = [cast(bindparam(name), ARRAY(Text)) for name in ("roles", "units")]
        place = func.unnest(*texts).table_valued("role", "unit").render_derived(name="place")
        each = _urgent(of, of.c.role == place.c.role, of.c.unit == place.c.unit, holder).lateral("each")
        by_role = select(each).select_from(place.join(each, true()))
        inside = tasks.c.unit == func.any(cast(bindparam("inside"), ARRAY(Text)))
    else:
        spot = func.json_each(bindparam("places")).table_valued("value").alias("place")
        role, unit = (func.json_extract(spot.c.value, f"$[{index}]") for index in (0, 1))
        inner = _urgent(of, of.c.role == role, of.c.unit == unit, holder).with_only_columns(of.c.id)
        outer = tasks.alias("outer_tasks")
        by_role = (
            select(outer.c.id, outer.c.due_on, outer.c.case_id, outer.c.step)
            .select_from(spot, outer)
            .where(outer.c.id.in_(inner.correlate(spot).scalar_subquery()))
        )
        listed = func.json_each(bindparam("inside")).table_valued("value").alias("inside")
        inside = tasks.c.unit.in_(select(listed.c.value))
    # `person <> ''` stands as a literal, or the partial index could not be used.
    named = _urgent(
        tasks,
        tasks.c.person == bindparam("me"),
        tasks.c.person != literal_column("''"),
        bindparam("named") == 1,
        or_(bindparam("anywhere") == 1, inside),
    )
    return _described(union_all(by_role, select(named.subquery())).subquery("found"))


def _described(found: FromClause) -> Select[Any]:
    once = (
        select(func.min(found.c.id).label("id"), found.c.due_on, found.c.case_id, found.c.step)
        .group_by(found.c.due_on, found.c.case_id, found.c.step)
        .order_by(found.c.due_on, found.c.case_id, found.c.step)
        .limit(bindparam("size"))
        .subquery("once")
    )
    step, state = labels.alias("step_labels"), labels.alias("state_labels")
    return (
        select(
            streams.c.name, cases.c.process, tasks.c.step, step.c.sv, step.c.en, cases.c.title_sv,
            cases.c.title_en, streams.c.state, state.c.sv, state.c.en, tasks.c.role,
            tasks.c.person, tasks.c.unit, units.c.name,
            tasks.c.assignee, persons.c.name, tasks.c.due_on, tasks.c.due_kind, tasks.c.since,
            cases.c.unit, cases.c.reporter, cases.c.assignee,
        )
        .select_from(once)
        .join(tasks, tasks.c.id == once.c.id)
        .join(cases, cases.c.id == once.c.case_id)
        .join(streams, streams.c.id == once.c.case_id)
        .outerjoin(units, units.c.code == tasks.c.unit)
        .outerjoin(persons, persons.c.code == tasks.c.assignee)
        .outerjoin(step, label_of(step, "step", tasks.c.step))
        .outerjoin(state, label_of(state, "state", streams.c.state))
        .order_by(once.c.due_on, once.c.case_id, once.c.step)
    )  # fmt: skip


_TASKS: Final = Statement(_build)
_CASE: Final = Statement(
    select(streams.c.id, cases.c.process, cases.c.unit, cases.c.reporter, cases.c.assignee)
    .join(cases, cases.c.id == streams.c.id)
    .where(streams.c.kind == "case", streams.c.name == bindparam("reference"))
)
_HELD: Final = Statement(
    select(tasks.c.role, tasks.c.unit, tasks.c.person).where(tasks.c.case_id == bindparam("case_id"))
)


@dataclass(frozen=True, slots=True)
class _Placed:
    """What the access rule reads of a task's case. Marks never hide an envelope, so they are not read."""

    process: str
    unit: str
    reporter: str
    assignee: str | None
    marks: Any = ()


def _row(rule: AccessRule, today: str, row: Sequence[Any]) -> TaskRow:
    unit = row[13] or row[12]
    is_seen = rule.may_see(_Placed(row[1], row[19], row[20], row[21]))
    return TaskRow(
        reference=row[0], process=row[1], step=row[2], step_label=words(row[2], row[3], row[4]),
        title=title(row[5], row[6], unit) if is_seen else None, state=row[7] if is_seen else None,
        state_label=words(row[7], row[8], row[9]) if is_seen else None, role=row[10] or None,
        person=row[11] or None, unit=row[12], unit_name=unit, assignee=row[14], assignee_name=row[15],
        due_on=None if row[16] == NEVER else row[16], due_kind=row[17],
        overdue=row[16] < today and row[17] != "lag_skyndsamt", since=row[18],
    )  # fmt: skip


def _after(row: Sequence[Any]) -> str:
    return f"{row[16]} {row[0]} {row[2]}"


def _place_of(session: Session, rule: AccessRule, after: str) -> tuple[str, int, str]:
    """Where a list goes on; from a case that the viewer may not know of as from one that is not there."""
    due_on, _, rest = after.partition(" ")
    reference, _, step = rest.partition(" ")
    row = session.one(_CASE, {"reference": reference})
    if row is None or not step or not (rule.may_see(_Placed(*row[1:])) or _has_task(session, rule, row[0])):
        raise UnknownPageError(after)
    return due_on, row[0], step


def _has_task(session: Session, rule: AccessRule, case_id: int) -> bool:
    """Whether something in a case is for the viewer to do."""
    return any(
        person == rule.viewer.person or (role and rule.has_role({role}, unit))
        for role, unit, person in session.all(_HELD, {"case_id": case_id})
    )
