"""Who a login is on a day, and whom they may act as. It must not know what is done in their name."""

from __future__ import annotations

from engine.cases.access import PROXY
from engine.cases.event import Actor
from engine.errors import ActingAsError, NotHereTodayError, NotYetHereError, UnknownActorError
from engine.store import reading
from engine.store.database import Database
from engine.store.organisation import read_viewer


def find_actor(database: Database, login: str, wanted: str | None, day: str, *, training: bool) -> Actor:
    """Who acts when a login runs Hjul: its person, or the one whom it wants to act as. In training anybody may.

    Raises:
        UnknownActorError: The login is not registered that day, or nobody is by the other.
        ActingAsError: They may not act as that person.
    """
    own = wanted is None or wanted == login
    try:
        operator = _find(database, login, day)
    except NotHereTodayError:
        if own or not training:
            raise
        operator = None
    if own and operator is not None:
        return Actor(operator)
    person = find_person(database, wanted, day) if wanted is not None and not own else None
    if person is None or (operator is None and not training):
        raise UnknownActorError(login)
    if not training and operator != person and not _is_proxy(database, operator or "", person, day):
        raise ActingAsError(login, wanted or "")
    return Actor(person, operator if operator != person else None)


def find_person(database: Database, text: str, day: str) -> str:
    """Who is meant by a login or a code. Never for the login that runs it: that could be another's code.

    Raises:
        UnknownActorError: Nobody is registered so that day.
    """
    found = _find(database, text, day, by_code=True)
    if found is None:
        raise UnknownActorError(text)
    return found


def _find(database: Database, login: str, day: str, *, by_code: bool = False) -> str | None:
    """The code of whom a login names, None for nobody.

    Raises:
        NotHereTodayError: They have left, or have not begun.
    """
    with database.read() as session:
        person = reading.find_person(session, login, by_code=by_code)
    if person is None or person.is_in_force(day):
        return person.code if person is not None else None
    if person.to_on is not None and person.to_on < day:
        raise NotHereTodayError(login, person.to_on)
    raise NotYetHereError(login, person.from_on)


def _is_proxy(database: Database, operator: str, person: str, day: str) -> bool:
    with database.read() as session:
        grants = read_viewer(session, operator, day).grants
    return any(grant.role == PROXY and grant.on_behalf_of == person for grant in grants)
