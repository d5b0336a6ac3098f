"""Messages by mail: who gets which rows of the outbox, in which message, and how far each has come.

No text of a message is kept: it is made anew from the outbox each time. It must not know who has a role, when anything
is sent, nor how.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import and_, bindparam, delete, exists, func, not_, null, or_, select, update

from engine.language.sentence import Words
from engine.store.database import Session
from engine.store.listing import label_of, words
from engine.store.statement import DialectName, Statement, at
from engine.store.tables import (
    cases,
    deadlines,
    labels,
    mail_parts,
    mails,
    notices,
    outbox,
    persons,
    streams,
    tasks,
)

if TYPE_CHECKING:
    from sqlalchemy.sql import ClauseElement

NEVER: Final = ""
"""Stands in `outbox.sent_at` for a row that is not going to be sent."""


@dataclass(frozen=True, slots=True)
class Untold:
    """A row of the outbox that nobody has been chosen for yet: a role at a unit, or a person."""

    id: int
    role: str
    person: str
    unit: str


@dataclass(frozen=True, slots=True)
class Mail:
    """A message that is to be sent: its stable name, to whom, and how often that has been tried, this time too."""

    key: str
    person: str
    tries: int
    created_at: str


@dataclass(frozen=True, slots=True)
class Part:
    """What a message says of a case. The case is as the access rule reads it.

    due_on: by when something is to be done in it, "9999-12-31" when there is no day. deadline: what is reminded of.
    """

    reference: str
    text: Words
    state_label: Words
    due_on: str
    created_at: str
    process: str
    unit: str
    reporter: str
    assignee: str | None
    marks: Mapping[str, str]
    deadline: str | None


def _ensuring(table: Any, *columns: str) -> Statement:
    """INSERT of a row that stays as it is when it is there."""

    def build(name: DialectName) -> ClauseElement:
        if name == "sqlite":
            from sqlalchemy.dialects.sqlite import insert  # noqa: PLC0415
        else:
            from sqlalchemy.dialects.postgresql import insert  # type: ignore[assignment] # noqa: PLC0415
        values: dict[str, Any] = {column: bindparam(column) for column in columns}
        return insert(table).inline().values(values).on_conflict_do_nothing()

    return Statement(build)


_IS_TOLD: Final = exists().where(mail_parts.c.outbox_id == outbox.c.id)
_UNTOLD: Final = Statement(
    select(outbox.c.id, outbox.c.role, outbox.c.person, outbox.c.unit)
    .where(outbox.c.sent_at.is_(None), outbox.c.id > bindparam("after"), not_(_IS_TOLD))
    .order_by(outbox.c.id)
    .limit(bindparam("most"))
)
_COUNT_UNTOLD: Final = Statement(
    select(func.count(), func.min(outbox.c.created_at)).where(outbox.c.sent_at.is_(None), not_(_IS_TOLD))
)
_DROP: Final = Statement(
    update(outbox).where(outbox.c.id == bindparam("of"), outbox.c.sent_at.is_(None)).values(sent_at=NEVER)
)
_ADD_PART: Final = _ensuring(mail_parts, "outbox_id", "person")
_FREE: Final = Statement(
    select(mail_parts.c.person, func.min(mail_parts.c.outbox_id), func.count())
    .where(mail_parts.c.mail.is_(None))
    .group_by(mail_parts.c.person)
    .order_by(mail_parts.c.person)
)
_OF_DAY: Final = Statement(select(mails.c.person).where(mails.c.day == bindparam("day")))
_ADD_MAIL: Final = _ensuring(mails, "key", "person", "day", "state", "created_at")
_FILL: Final = Statement(
    update(mail_parts)
    .where(mail_parts.c.person == bindparam("of"), mail_parts.c.mail.is_(None))
    .values(mail=bindparam("key"))
)
_WAITS: Final = and_(
    mails.c.sent_at.is_(None),
    or_(mails.c.state == "waiting", mails.c.state == "sending"),
    mails.c.next_try_at <= bindparam("now"),
)
_COUNT_DUE: Final = Statement(select(func.count()).select_from(mails).where(_WAITS))
_NEXT: Final = Statement(
    select(mails.c.key, mails.c.person, mails.c.tries + 1, mails.c.created_at)
    .where(_WAITS)
    .order_by(mails.c.next_try_at, mails.c.created_at, mails.c.key)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_CLAIM: Final = Statement(
    update(mails)
    .where(mails.c.key == bindparam("of"))
    .values(state="sending", tries=mails.c.tries + 1, next_try_at=bindparam("until"), address=bindparam("to"))
)
_SETTLE: Final = Statement(
    update(mails)
    .where(mails.c.key == bindparam("of"), mails.c.sent_at.is_(None), mails.c.next_try_at == bindparam("held"))
    .values(
        state=bindparam("state"), next_try_at=bindparam("next_try_at"), code=bindparam("code"),
        sent_at=bindparam("sent_at"),
    )
)  # fmt: skip
_SENT: Final = Statement(
    update(outbox)
    .where(
        outbox.c.sent_at.is_(None),
        outbox.c.id.in_(select(mail_parts.c.outbox_id).where(mail_parts.c.mail == bindparam("of"))),
    )
    .values(sent_at=bindparam("sent_at"))
)
_FREE_PARTS: Final = Statement(delete(mail_parts).where(mail_parts.c.mail == bindparam("of")))
_UNFILL: Final = Statement(update(mail_parts).where(mail_parts.c.mail == bindparam("of")).values(mail=null()))
_RELEASE: Final = Statement(
    delete(mail_parts).where(mail_parts.c.person == bindparam("of"), mail_parts.c.mail.is_(None))
)
_DELETE_MAIL: Final = Statement(delete(mails).where(*at(mails, "key")))
_REOPEN: Final = Statement(
    update(mails)
    .where(
        mails.c.sent_at.is_(None),
        mails.c.state == "refused",
        exists().where(
            persons.c.code == mails.c.person, persons.c.email != "", persons.c.email != mails.c.address
        ),
    )
    .values(state="waiting", next_try_at="", tries=0, code=null())
)
_FALLEN: Final = Statement(
    update(outbox)
    .where(
        outbox.c.sent_at.is_(None),
        outbox.c.id.in_(select(mail_parts.c.outbox_id).where(mail_parts.c.mail == bindparam("of"))),
        or_(
            and_(
                outbox.c.deadline.is_not(None),
                not_(
                    exists().where(
                        deadlines.c.case_id == outbox.c.case_id,
                        deadlines.c.key == outbox.c.deadline,
                        deadlines.c.alert_on == outbox.c.alert_on,
                        deadlines.c.status == "open",
                    )
                ),
            ),
            and_(outbox.c.notice.is_not(None), not_(exists().where(notices.c.key == outbox.c.notice))),
        ),
    )
    .values(sent_at=NEVER)
)
_LATE_ROWS: Final = Statement(
    update(outbox)
    .where(outbox.c.sent_at.is_(None), outbox.c.created_at < bindparam("before"))
    .values(sent_at=NEVER)
)
_LATE_PARTS: Final = Statement(
    delete(mail_parts).where(
        mail_parts.c.mail.is_(None),
        mail_parts.c.outbox_id.in_(select(outbox.c.id).where(outbox.c.created_at < bindparam("before"))),
    )
)
_LATE_MAILS: Final = Statement(
    update(mails)
    .where(
        mails.c.sent_at.is_(None),
        mails.c.state != "late",
        mails.c.created_at < bindparam("before"),
        mails.c.next_try_at <= bindparam("now"),
    )
    .values(state="late", sent_at=NEVER)
)
_OLD: Final = Statement(
    select(outbox.c.id)
    .outerjoin(cases, cases.c.id == outbox.c.case_id)
    .where(
        outbox.c.created_at < bindparam("before"),
        or_(outbox.c.case_id.is_(None), cases.c.is_open.is_(False)),
    )
    .order_by(outbox.c.id)
    .limit(bindparam("most"))
)
_DELETE_PARTS_OF: Final = Statement(delete(mail_parts).where(mail_parts.c.outbox_id == bindparam("of")))
_DELETE_ROW: Final = Statement(delete(outbox).where(outbox.c.id == bindparam("of")))
_DELETE_EMPTY: Final = Statement(
    delete(mails).where(
        mails.c.created_at < bindparam("before"), not_(exists().where(mail_parts.c.mail == mails.c.key))
    )
)


_STANDS: Final = func.coalesce(outbox.c.sent_at, "-") != NEVER
"""A row that somebody else has had already is said; one that is never to be sent is not."""


def _parts() -> ClauseElement:
    state = labels.alias("state_labels")
    due = select(func.min(tasks.c.due_on)).where(tasks.c.case_id == outbox.c.case_id).scalar_subquery()
    return (
        select(
            streams.c.name, outbox.c.text_sv, outbox.c.text_en, streams.c.state, state.c.sv, state.c.en,
            func.coalesce(due, "9999-12-31").label("due"), outbox.c.created_at, cases.c.process, cases.c.unit,
            cases.c.reporter, cases.c.assignee, cases.c.data, outbox.c.deadline,
        )
        .select_from(mail_parts)
        .join(outbox, outbox.c.id == mail_parts.c.outbox_id)
        .join(cases, cases.c.id == outbox.c.case_id)
        .join(streams, streams.c.id == outbox.c.case_id)
        .outerjoin(state, label_of(state, "state", streams.c.state))
        .where(mail_parts.c.mail == bindparam("mail"), _STANDS)
        .order_by("due", outbox.c.case_id, outbox.c.id.desc())
    )  # fmt: skip


_PARTS: Final = Statement(_parts())
_NOTES: Final = Statement(
    select(outbox.c.text_sv, outbox.c.text_en)
    .select_from(mail_parts)
    .join(outbox, outbox.c.id == mail_parts.c.outbox_id)
    .where(mail_parts.c.mail == bindparam("mail"), outbox.c.case_id.is_(None), _STANDS)
    .order_by(outbox.c.id)
)


def list_untold(session: Session, after: int, most: int) -> list[Untold]:
    """Rows of the outbox behind one for which nobody has been chosen, in order."""
    return [Untold(*row) for row in session.all(_UNTOLD, {"after": after, "most": most})]


def count_untold(session: Session) -> tuple[int, str | None]:
    """How many rows of the outbox nobody has been chosen for, and since when the oldest waits."""
    row = session.one(_COUNT_UNTOLD)
    return (int(row[0]), row[1]) if row is not None else (0, None)


def drop_rows(session: Session, rows: Iterable[int]) -> None:
    """Let rows of the outbox never be sent."""
    session.run_many(_DROP, [{"of": one} for one in rows])


def choose(session: Session, chosen: Sequence[tuple[int, str]]) -> None:
    """Say who gets which row of the outbox."""
    session.run_many(_ADD_PART, [{"outbox_id": row, "person": person} for row, person in chosen])


def list_free(session: Session) -> list[tuple[str, int, int]]:
    """Who is to be told something that no message says yet: person, the first row of it, how many."""
    return [(person, int(first), int(count)) for person, first, count in session.all(_FREE)]


def list_told_on(session: Session, day: str) -> frozenset[str]:
    """Who has a digest of a day."""
    return frozenset(person for (person,) in session.all(_OF_DAY, {"day": day}))


def add_mail(session: Session, key: str, person: str, day: str, now: str) -> None:
    """A message of all that somebody is to be told and no message says yet; one that is there stays as it is."""
    session.run(_ADD_MAIL, {"key": key, "person": person, "day": day, "state": "waiting", "created_at": now})
    session.run(_FILL, {"of": person, "key": key})


def count_due(session: Session, now: str) -> int:
    """How many messages may be sent now."""
    row = session.one(_COUNT_DUE, {"now": now})
    return int(row[0]) if row is not None else 0


def next_mail(session: Session, now: str) -> Mail | None:
    """The message that has waited longest and may be sent now; locked, so that no other worker has it too."""
    row = session.one(_NEXT, {"now": now})
    return None if row is None else Mail(*row)


def claim(session: Session, mail: Mail, address: str, until: str) -> None:
    """Take a message: nobody else sends it until an instant."""
    session.run(_CLAIM, {"of": mail.key, "to": address, "until": until})


def list_parts(session: Session, mail: str) -> list[Part]:
    """What a message says: what is due first before the rest, and of a case the newest first."""
    return [
        Part(
            row[0], Words(row[1], row[2]), words(row[3], row[4], row[5]), row[6], row[7], row[8], row[9], row[10],
            row[11], orjson.loads(row[12])["marks"], row[13],
        )
        for row in session.all(_PARTS, {"mail": mail})
    ]  # fmt: skip


def list_notes(session: Session, mail: str) -> list[Words]:
    """What a message says that is about no case, the oldest first."""
    return [Words(sv, en) for sv, en in session.all(_NOTES, {"mail": mail})]


def drop_fallen(session: Session, mail: str) -> None:
    """Let never be sent, of what a message would say, reminders and notices of what no longer is so."""
    session.run(_FALLEN, {"of": mail})


def settle(session: Session, mail: str, held: str, state: str, code: str | None, next_try_at: str) -> None:
    """Say what became of a message that was taken until `held`: refused, or to be tried again."""
    session.run(
        _SETTLE,
        {"of": mail, "held": held, "state": state, "code": code, "next_try_at": next_try_at, "sent_at": None},
    )


def settle_sent(session: Session, mail: str, held: str, now: str) -> None:
    """Say that the server has taken a message."""
    session.run(
        _SETTLE,
        {"of": mail, "held": held, "state": "sent", "code": "250", "next_try_at": "", "sent_at": now},
    )
    session.run(_SENT, {"of": mail, "sent_at": now})


def withdraw(session: Session, mail: str) -> None:
    """Let a message never have been: what only it said waits for somebody else to be chosen."""
    session.run(_FREE_PARTS, {"of": mail})
    session.run(_DELETE_MAIL, {"key": mail})


def unwrite(session: Session, mail: str) -> None:
    """Let a message never have been: what it said is for the next one to the same person."""
    session.run(_UNFILL, {"of": mail})
    session.run(_DELETE_MAIL, {"key": mail})


def release(session: Session, person: str) -> None:
    """Somebody is no longer to be told what no message says yet; it waits for somebody else to be chosen."""
    session.run(_RELEASE, {"of": person})


def reopen(session: Session) -> int:
    """Try messages again whose address was refused, when the person has another by now; how many they are."""
    return session.count(_REOPEN)


def give_up(session: Session, before: str, now: str) -> int:
    """What was written before an instant is not sent any more; how many messages and rows that are."""
    values = {"before": before, "now": now}
    given_up = session.count(_LATE_MAILS, values)
    session.run(_LATE_PARTS, values)
    return given_up + session.count(_LATE_ROWS, values)


def prune(session: Session, before: str, most: int) -> int:
    """Delete what was told of ended cases, or of none, before an instant, at most so many rows; how many were there.

    What was told of an open case stays: it shows when somebody was last told something.
    """
    rows = [row for (row,) in session.all(_OLD, {"before": before, "most": most})]
    session.run_many(_DELETE_PARTS_OF, [{"of": row} for row in rows])
    session.run_many(_DELETE_ROW, [{"of": row} for row in rows])
    session.run(_DELETE_EMPTY, {"before": before})
    return len(rows)
