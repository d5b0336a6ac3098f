"""The access log: who read marked content, and what was refused. Append only, and no part of any case.

Written, and committed, before anything is shown. It must not know what is marked or why it was refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, func, select

from engine.store.database import Database, Session
from engine.store.statement import Statement, at, insertion
from engine.store.tables import access_log

PAGE: Final = 500
RIGHT: Final = ("role", "unit", "on_behalf_of", "marks")
_INSERT: Final = insertion(access_log, without=["id"])
_INSERT_PLAIN: Final = insertion(access_log, without=["id", *RIGHT])
"""What has no right beside it is written so: that a database waiting for its upgrade was copied is written down too."""
_AFTER: Final = (
    select(
        access_log.c.id, access_log.c.at, access_log.c.person, access_log.c.operator, access_log.c.reference,
        access_log.c.action, access_log.c.outcome, access_log.c.detail,
    )
    .where(access_log.c.id > bindparam("after"))
    .order_by(access_log.c.id)
    .limit(PAGE)
)  # fmt: skip
_LAST: Final = Statement(
    select(func.max(access_log.c.at)).where(*at(access_log, "reference", "action", "outcome"))
)
_ALL: Final = Statement(_AFTER)
_OF_CASE: Final = Statement(_AFTER.where(*at(access_log, "reference")))


@dataclass(frozen=True, slots=True)
class Access:
    """One row: when, who (person code, and whose login it was when another's), which case, what, how it went.

    `detail` holds codes only.
    """

    id: int
    at: str
    person: str
    operator: str | None
    reference: str
    action: str
    outcome: str
    detail: str


def append(  # noqa: PLR0913  the columns of a row
    session: Session, *, at: str, person: str, operator: str | None, reference: str, action: str,
    outcome: str, detail: str = "", role: str | None = None, unit: str | None = None,
    on_behalf_of: str | None = None, marks: str | None = None,
) -> None:  # fmt: skip
    """Add a row; within `Database.write`, which must end before what it tells of is shown."""
    row = {
        "at": at, "person": person, "operator": operator, "reference": reference, "action": action,
        "outcome": outcome, "detail": detail,
    }  # fmt: skip
    right = {"role": role, "unit": unit, "on_behalf_of": on_behalf_of, "marks": marks}
    if any(right.values()):
        session.run(_INSERT, row | right)
    else:
        session.run(_INSERT_PLAIN, row)


def last(session: Session, reference: str, action: str, outcome: str) -> str | None:
    """When something was last done with a reference; None when it never was."""
    row = session.one(_LAST, {"reference": reference, "action": action, "outcome": outcome})
    return row[0] if row else None


def read(database: Database, reference: str | None = None) -> Iterator[Access]:
    """The rows, oldest first: of one case, or all; a page at a time.

    Raises:
        StorageError: The database cannot be read.
    """
    after = 0
    while True:
        with database.read() as session:
            if reference is None:
                rows = session.all(_ALL, {"after": after})
            else:
                rows = session.all(_OF_CASE, {"after": after, "reference": reference})
        yield from (Access(*row) for row in rows)
        if len(rows) < PAGE:
            return
        after = rows[-1][0]
