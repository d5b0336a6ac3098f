"""Who does a duty of `tick` just now, how far it has been done, and when that was.

A lease keeps several workers from doing the same at once; it is by the machine's clock and runs out by itself when a
worker dies. It saves work and proves nothing: what a duty does must be harmless when done twice. This module must not
know which duties there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, or_, select, update

from engine.store.database import Session
from engine.store.statement import DialectName, Statement, at
from engine.store.tables import duties

if TYPE_CHECKING:
    from sqlalchemy.sql import ClauseElement


@dataclass(frozen=True, slots=True)
class Beat:
    """How far a duty has been done (`through`, the domain's clock), and when it last was (`ran_at`, the machine's)."""

    through: str | None
    ran_at: str | None


def _ensuring(name: DialectName) -> ClauseElement:
    if name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert  # noqa: PLC0415
    else:
        from sqlalchemy.dialects.postgresql import insert  # type: ignore[assignment] # noqa: PLC0415
    return insert(duties).inline().values({"key": bindparam("key")}).on_conflict_do_nothing()


_ENSURE: Final = Statement(_ensuring)
_FREE: Final = Statement(
    select(duties.c.key)
    .where(
        *at(duties, "key"),
        or_(
            duties.c.owner.is_(None),
            duties.c.owner == bindparam("owner"),
            duties.c.held_until < bindparam("now"),
        ),
    )
    .with_for_update(skip_locked=True)
)
_HOLD: Final = Statement(
    update(duties).where(duties.c.key == bindparam("name")).values(
        owner=bindparam("owner"), held_until=bindparam("held_until")
    )
)  # fmt: skip
_LET_GO: Final = Statement(
    update(duties)
    .where(duties.c.key == bindparam("name"), duties.c.owner == bindparam("holder"))
    .values(owner=bindparam("owner"), held_until=bindparam("held_until"))
)
_BEAT: Final = Statement(
    update(duties)
    .where(duties.c.key == bindparam("name"))
    .values(through=bindparam("through"), ran_at=bindparam("ran_at"))
)
_BEATS: Final = Statement(select(duties.c.key, duties.c.through, duties.c.ran_at).order_by(duties.c.key))


def hold(session: Session, key: str, owner: str, now: str, held_until: str) -> bool:
    """Take a duty, or keep it longer; False when somebody else has it. Within `Database.write`."""
    session.run(_ENSURE, {"key": key})
    if session.one(_FREE, {"key": key, "owner": owner, "now": now}) is None:
        return False
    session.run(_HOLD, {"name": key, "owner": owner, "held_until": held_until})
    return True


def let_go(session: Session, key: str, owner: str) -> None:
    """Give a duty back; nothing happens when somebody else has it by now."""
    session.run(_LET_GO, {"name": key, "holder": owner, "owner": None, "held_until": None})


def beat(session: Session, key: str, through: str, now: str) -> None:
    """Say that a duty has been done up to an instant."""
    session.run(_ENSURE, {"key": key})
    session.run(_BEAT, {"name": key, "through": through, "ran_at": now})


def load_beats(session: Session) -> Mapping[str, Beat]:
    """How far each duty has been done."""
    return {key: Beat(through, ran_at) for key, through, ran_at in session.all(_BEATS)}
