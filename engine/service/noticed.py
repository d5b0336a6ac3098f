"""Notices as those may see them to whom they are addressed. It must not know when one is due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from engine.cases.access import ADMINISTRATOR, AccessRule
from engine.language.sentence import Argument, Words
from engine.service.listed import NoticeView
from engine.service.notice_words import say_notice
from engine.store.database import Session
from engine.store.notice import Notice, list_notices
from engine.store.organisation import read_staff
from engine.store.reading import load_person

NOBODY: Final = Words("någon som har slutat", "somebody who has left")


def notices_for(
    session: Session, rule: AccessRule, roles: Mapping[str, Words], unit: str | None, day: str
) -> tuple[NoticeView, ...]:
    """The notices for a viewer: those of a role of theirs at the unit or above; unheard ones for administrators.

    Args:
        session: Where they are read.
        rule: What the viewer may see.
        roles: What roles are called.
        unit: Only of this unit and those below.
        day: Who has which role on this day.
    """
    there = list_notices(session)
    if not there:
        return ()
    taken = read_staff(session, {one.role for one in there}, day)
    mine = {(grant.role, grant.unit) for grant in rule.viewer.grants}
    within = rule.tree.below(unit) if unit is not None else None
    found = []
    for one in there:
        path = rule.tree.path(one.unit) if one.unit in rule.tree else ()
        is_heard = any((one.role, above) in taken for above in path)
        role = one.role if is_heard else ADMINISTRATOR
        if any((role, above) in mine for above in path) and (within is None or one.unit in within):
            found.append(_view(session, one, rule, roles))
    return tuple(found)


def _view(session: Session, one: Notice, rule: AccessRule, roles: Mapping[str, Words]) -> NoticeView:
    def name(code: str) -> Argument:
        person = load_person(session, code)
        return person.name if person is not None else NOBODY

    text = say_notice(one, roles, rule.tree, name)
    return NoticeView(one.kind, text, date.fromisoformat(one.since), one.about.get("reference"))
