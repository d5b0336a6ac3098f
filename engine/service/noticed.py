"""Notices as those may see them to whom they are addressed. It must not know when one is due."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Final, TypeAlias

from engine.cases.access import ADMINISTRATOR, AccessRule
from engine.language.sentence import Argument, Words, sentence
from engine.service.listed import NoticeView
from engine.service.notice_words import say_notice
from engine.store.database import Session
from engine.store.notice import Notice, list_notices
from engine.store.organisation import read_staff
from engine.store.reading import load_person

Left: TypeAlias = Callable[[date], int]
_DAYS: Final = {"silent": "promised", "ending": "day"}
"""What of a notice is the day that it goes by; of the others it is the day since which it is so."""
NOBODY: Final = Words("någon som har slutat", "somebody who has left")


def notices_for(
    session: Session, rule: AccessRule, roles: Mapping[str, Words], unit: str | None, day: str, left: Left
) -> tuple[NoticeView, ...]:
    """The notices for a viewer: those of a role of theirs at the unit or above; unheard ones for administrators.

    The most urgent come first: by the day from which something is wrong.

    Args:
        session: Where they are read.
        rule: What the viewer may see.
        roles: What roles are called.
        unit: Only of this unit and those below.
        day: Who has which role on this day.
        left: How many working days there are until a day.
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
            found.append(_view(session, one, rule, roles, role, left))
    return tuple(sorted(found, key=lambda one: one.due_on))


def _view(
    session: Session, one: Notice, rule: AccessRule, roles: Mapping[str, Words], role: str, left: Left
) -> NoticeView:
    def name(code: str) -> Argument:
        person = load_person(session, code)
        return person.name if person is not None else NOBODY

    text = say_notice(one, roles, rule.tree, name)
    since = date.fromisoformat(one.since)
    due_on = date.fromisoformat(one.about.get(_DAYS.get(one.kind, ""), one.since))
    days = left(due_on)
    return NoticeView(
        one.kind, text, since, one.about.get("reference"), due_on, one.kind == "silent" and days < 0, days,
        sentence(f"notice.{one.kind}_to_do"), replace(text, id=f"notice.{one.kind}_about"),
        roles.get(role, Words(role, role)),
    )  # fmt: skip
