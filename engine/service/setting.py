"""Settings of the installation, each known, typed and bounded. A change is an event of the stream `settings`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from engine.calendar.workday import Calendar
from engine.cases.access import SYSTEM
from engine.cases.event import Actor
from engine.errors import SettingValueError, UnknownSettingError
from engine.language.sentence import Words
from engine.service.listed import SettingView
from engine.store import reading
from engine.store.database import Database, Session
from engine.store.organisation import read_viewer

CLOSED_DAYS: Final = "closed_days"
KNOWN: Final[Mapping[str, tuple[Words, str]]] = {
    CLOSED_DAYS: (
        Words(
            "Dagar då verksamheten är stängd utöver helgdagar, med komma emellan (egna tidsgränser räknar inte dem)",
            "Days when the office is closed beside public holidays, comma between (own time limits skip them)",
        ),
        "",
    ),
}


def read_days(text: str) -> frozenset[date]:
    """Days as they stand in a setting: ISO, with commas.

    Raises:
        ValueError: One is no day.
    """
    return frozenset(date.fromisoformat(part.strip()) for part in text.split(",") if part.strip())


def load_calendar(session: Session) -> Calendar:
    """The authority's working days."""
    return Calendar(read_days(reading.load_settings(session).get(CLOSED_DAYS, "")))


@dataclass(slots=True)
class SettingsService:
    """Reads and changes settings."""

    database: Database
    actor: Callable[[], Actor]
    decider: Callable[[], object]

    def list(self) -> tuple[SettingView, ...]:
        """Every setting there is, with its value."""
        with self.database.read() as session:
            values = reading.load_settings(session)
        return tuple(
            SettingView(key, label, values.get(key, default), default)
            for key, (label, default) in KNOWN.items()
        )

    def set(self, key: str, value: str) -> SettingView:
        """Change a setting.

        Raises:
            UnknownSettingError: There is none by that name.
            SettingValueError: It cannot have that value.
            NotAdministratorError: The actor may not.
        """
        from difflib import get_close_matches  # noqa: PLC0415  whoever lists cases reads the calendar, no more

        from engine.cases.reorganisation import administrator  # noqa: PLC0415
        from engine.service.deciding import Decider  # noqa: PLC0415  listing settings needs no definitions
        from engine.service.recording import record_event  # noqa: PLC0415

        if key not in KNOWN:
            raise UnknownSettingError(key, tuple(get_close_matches(key, list(KNOWN), n=1)) or tuple(KNOWN))
        try:
            value = ",".join(sorted(day.isoformat() for day in read_days(value)))
        except ValueError:
            raise SettingValueError(key, value[:60]) from None
        decider = self.decider()
        assert isinstance(decider, Decider)  # noqa: S101  for the type checker
        actor = self.actor()
        with self.database.read() as session:
            facts = decider.loader(session).facts
            viewer = (
                SYSTEM
                if actor.person is None
                else read_viewer(session, actor.person, facts.today.isoformat())
            )
        acting, appointment = administrator(viewer, facts.tree, actor.operator)
        record_event(
            decider, decider.work, acting, ("settings", "settings"), "set", {"key": key, "value": value},
            appointment=appointment,
        )  # fmt: skip
        return SettingView(key, KNOWN[key][0], value, KNOWN[key][1])
