"""Notices as those may see them to whom they are addressed. It must not know when one is due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from engine.cases.access import ADMINISTRATOR, AccessRule
from engine.language.sentence import Argument, Sentence, Words, sentence
from engine.service.listed import NoticeView
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
    reference = one.about.get("reference")
    return NoticeView(one.kind, _text(session, one, rule, roles), date.fromisoformat(one.since), reference)


def _text(session: Session, one: Notice, rule: AccessRule, roles: Mapping[str, Words]) -> Sentence:
    said: dict[str, Argument] = {}
    for name, value in one.about.items():
        match name:
            case "role":
                said[name] = roles.get(value, Words(value, value))
            case "unit":
                unit = rule.tree.get(value)
                said[name] = unit.name if unit is not None else value
            case "person":
                person = load_person(session, value)
                said[name] = person.name if person is not None else NOBODY
            case _:
                said[name] = value
    return sentence(f"notice.{one.kind}", **said)
