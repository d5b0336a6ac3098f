"""How people, roles and what people wrote are named on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.language.say import begin_small
from engine.service.result import NAMELESS

if TYPE_CHECKING:
    from cli.session import Session
    from engine.language.sentence import Words
    from engine.service.result import EntryView, PersonView


def name_of(session: Session, person: PersonView) -> str:
    """The name; with the role, whom they stood in for, and whose login it was, where that is known."""
    if person == NAMELESS:
        return session.say("shown.nameless")
    name = person.name if person.code else session.say("shown.system")
    extra = []
    if person.role is not None:
        extra.append(role_of(session, person.role))
    if person.on_behalf_of:
        extra.append(session.say("shown.person.for", name=person.on_behalf_of))
    if person.operator:
        extra.append(session.say("shown.person.operator", name=person.operator))
    return f"{name} ({', '.join(extra)})" if extra else name


def role_of(session: Session, role: Words) -> str:
    """A role inside a sentence."""
    return begin_small(session.say(role))


def kind_of(session: Session, entry: EntryView) -> str:
    """Whether an entry is a fact or a judgement."""
    return session.say("shown.entry.judgement" if entry.judgement else "shown.entry.fact")
