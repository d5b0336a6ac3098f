"""Whether `tick` has been run lately, for those who look at lists. It must not know what it does.

By the machine's clock: a training database whose clock is set is never called late.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from engine.calendar.zone import parse_instant
from engine.service.setting import TICK_LATE_HOURS, load_values
from engine.store.authority import created_at
from engine.store.database import Database, Session
from engine.store.duty import load_beats

WHOLE: Final = "tick"
"""The row of the whole run among those of the duties."""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """When `tick` was last run to its end (None: never), and whether that is too long ago."""

    ran_at: datetime | None
    is_late: bool


@dataclass(slots=True)
class HeartbeatService:
    """Listens for the heartbeat."""

    database: Database
    machine_clock: Callable[[], str]
    training: Callable[[], bool]

    def listen(self, session: Session | None = None) -> Heartbeat:
        """How it is; a database that was made lately is not late yet."""
        if session is None:
            with self.database.read() as reading:
                return self.listen(reading)
        beat = load_beats(session).get(WHOLE)
        ran_at = beat.ran_at if beat is not None else None
        if self.training():
            return Heartbeat(_read(ran_at), is_late=False)
        since = parse_instant(ran_at or created_at(session))
        hours = load_values(session).whole(TICK_LATE_HOURS)
        return Heartbeat(_read(ran_at), parse_instant(self.machine_clock()) - since > timedelta(hours=hours))


def _read(instant: str | None) -> datetime | None:
    return None if instant is None else parse_instant(instant)
