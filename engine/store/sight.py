"""The access rule as SQL: which rows of `cases` a viewer sees the envelope of, and which they read.

The same `AccessRule` that answers for one case, said for all at once; its rules are numbered in
`engine.cases.access`. This module must not know what is listed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, FromClause, and_, exists, false, not_, or_, true

from engine.cases.access import KEPT_CONTENT, AccessRule
from engine.store.tables import case_marks, cases

if TYPE_CHECKING:
    from engine.definition.model import Level

Truth = ColumnElement[bool]


def sees_envelope(rule: AccessRule, of: FromClause = cases) -> Truth:
    """Say which cases the viewer sees at least the envelope of. Never null."""
    if rule.viewer.is_system:
        return true()
    mine = or_(of.c.reporter == rule.viewer.person, _is_assigned(rule, of))
    return or_(mine, *_by_roles(rule, of, "envelope"))


def reads_content(rule: AccessRule, of: FromClause = cases) -> Truth:
    """Say which cases the viewer reads the content of. Never null."""
    if rule.viewer.is_system:
        return true()
    return and_(or_(_is_assigned(rule, of), *_by_roles(rule, of, "content")), not_(_is_capped(rule, of)))


def oversees(rule: AccessRule, of: FromClause = cases) -> Truth:
    """Say which cases the viewer reads the content of by a role, and so is told who else reads them. Never null."""
    if rule.viewer.is_system:
        return true()
    return and_(or_(false(), *_by_roles(rule, of, "content")), not_(_is_capped(rule, of)))


def _is_assigned(rule: AccessRule, of: FromClause) -> Truth:
    return and_(of.c.assignee.is_not(None), of.c.assignee == rule.viewer.person)


def _by_roles(rule: AccessRule, of: FromClause, level: Level) -> Iterator[Truth]:
    """Rules 1 and 4: processes whose units are the same are said together."""
    together: dict[frozenset[str], list[str]] = {}
    for process in rule.processes:
        together.setdefault(rule.units_at(process, level), []).append(process)
    for units, processes in together.items():
        if units:
            yield and_(of.c.process.in_(processes), _is_in(rule, of, units))


def _is_in(rule: AccessRule, of: FromClause, units: frozenset[str]) -> Truth:
    return true() if units == rule.tree.codes else of.c.unit.in_(sorted(units))


def _is_capped(rule: AccessRule, of: FromClause) -> Truth:
    """Rules 6 and 7: there is a mark that does not let the viewer in."""
    lets_in = list(_let_in(rule, of))
    return exists().where(case_marks.c.case_id == of.c.id, not_(or_(false(), *lets_in)))


def _let_in(rule: AccessRule, of: FromClause) -> Iterator[Truth]:
    for process, said in rule.processes.items():
        for key, mark in said.marks.items():
            is_it = and_(of.c.process == process, case_marks.c.mark == key)
            admitted = rule.units_with(mark.admits)
            if admitted:
                yield and_(is_it, _is_in(rule, of, admitted))
            kept = rule.units_with(mark.keeps_for)
            if kept:
                yield and_(is_it, case_marks.c.keeps.in_(sorted(KEPT_CONTENT)), _is_in(rule, of, kept))
