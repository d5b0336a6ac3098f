"""How the mail server was when it was last asked, and what waits for it. It must not know how it is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, exists, func, select

from engine.store.database import Session
from engine.store.statement import Statement, upsertion
from engine.store.tables import mail_parts, mail_servers, mails, outbox, persons


@dataclass(frozen=True, slots=True)
class ServerState:
    """A mail server: when it last took a message, since when it fails and why (None: it does not)."""

    server: str
    answered_at: str | None = None
    failing_since: str | None = None
    failed_at: str | None = None
    fault: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What has not been sent: how many messages wait, since when, and how many went unsent for their age."""

    count: int
    since: str | None
    late: int


_STATE: Final = Statement(
    select(
        mail_servers.c.server, mail_servers.c.answered_at, mail_servers.c.failing_since, mail_servers.c.failed_at,
        mail_servers.c.fault, mail_servers.c.code,
    ).where(mail_servers.c.server == bindparam("server"))
)  # fmt: skip
_KEEP: Final = upsertion(mail_servers)
_WAITING: Final = Statement(
    select(func.count(), func.min(mails.c.created_at)).where(
        mails.c.sent_at.is_(None), mails.c.state.in_(["waiting", "sending"])
    )
)
_LATE: Final = Statement(
    select(func.count()).where(mails.c.state == "late", mails.c.created_at >= bindparam("since"))
)
_CALLED: Final = func.coalesce(persons.c.login, persons.c.code)
"""What an administrator calls a person: the login, else the code."""
_REFUSED: Final = Statement(
    select(_CALLED, func.max(mails.c.code))
    .join(mails, mails.c.person == persons.c.code)
    .where(mails.c.sent_at.is_(None), mails.c.state == "refused", persons.c.email == mails.c.address)
    .group_by(persons.c.code, persons.c.login)
    .order_by(persons.c.code)
)
_FREE: Final = Statement(
    select(_CALLED, persons.c.email)
    .where(exists().where(mail_parts.c.person == persons.c.code, mail_parts.c.mail.is_(None)))
    .order_by(persons.c.code)
)
_UNCHOSEN: Final = Statement(
    select(outbox.c.role, outbox.c.unit, func.count())
    .where(
        outbox.c.sent_at.is_(None),
        outbox.c.role != "",
        ~exists().where(mail_parts.c.outbox_id == outbox.c.id),
    )
    .group_by(outbox.c.role, outbox.c.unit)
    .order_by(outbox.c.role, outbox.c.unit)
)


def load_server(session: Session, server: str) -> ServerState:
    """How a mail server was when it was last asked."""
    row = session.one(_STATE, {"server": server})
    return ServerState(server) if row is None else ServerState(*row)


def keep_answer(session: Session, server: str, now: str) -> None:
    """It took a message, or said of one why not."""
    _keep(session, ServerState(server, now))


def keep_fault(session: Session, server: str, fault: str, code: str, now: str) -> None:
    """It did not do what was asked; since when, stays."""
    before = load_server(session, server)
    since = before.failing_since or now
    _keep(session, ServerState(server, before.answered_at, since, now, fault, code))


def load_waiting(session: Session, since: str) -> Waiting:
    """What waits to be sent, and what was given up of that written since an instant."""
    count, oldest = session.one(_WAITING) or (0, None)
    (late,) = session.one(_LATE, {"since": since}) or (0,)
    return Waiting(int(count), oldest, int(late))


def list_refused(session: Session) -> list[tuple[str, str]]:
    """Whose address the server refuses, and with which code."""
    return [(person, code or "") for person, code in session.all(_REFUSED)]


def list_kept_back(session: Session) -> list[tuple[str, str]]:
    """Who is to be told something that no message says yet, and their address."""
    return [(person, email) for person, email in session.all(_FREE)]


def list_unchosen(session: Session) -> list[tuple[str, str, int]]:
    """Roles at units that are to be told something for which nobody was chosen yet: role, unit, how many."""
    return [(role, unit, int(count)) for role, unit, count in session.all(_UNCHOSEN)]


def _keep(session: Session, state: ServerState) -> None:
    session.run(
        _KEEP,
        {
            "server": state.server, "answered_at": state.answered_at, "failing_since": state.failing_since,
            "failed_at": state.failed_at, "fault": state.fault, "code": state.code,
        },
    )  # fmt: skip
