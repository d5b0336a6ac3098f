"""Settings of the installation, each known, typed and bounded. A change is an event of the stream `settings`.

A new setting is one entry in `KNOWN`: the list, the refusals and the page of reference follow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from engine.calendar.workday import Calendar
from engine.cases.access import SYSTEM
from engine.cases.event import Actor
from engine.errors import SettingValueError, UnknownSettingError
from engine.language.naming import nearest_key
from engine.language.sentence import Words
from engine.service.listed import SettingView
from engine.service.mail_setting import MAIL
from engine.service.setting_value import (
    Days,
    Setting,
    Text,
    Whole,
    Wholes,
    read_days,
    read_time,
    read_wholes,
)
from engine.store import reading
from engine.store.database import Database, Session
from engine.store.organisation import read_viewer

CLOSED_DAYS: Final = "closed_days"
TICK_LATE_HOURS: Final = "tick_late_hours"
ATTACHMENT_MEGABYTES: Final = "attachment_megabytes"
REMIND_DAYS: Final = "remind_days"
ESCALATE_DAYS: Final = "escalate_days"
COORDINATOR_ROLE: Final = "coordinator_role"
ENDING_DAYS: Final = "ending_days"
BACKUP_DAYS: Final = "backup_days"


KNOWN: Final[Mapping[str, Setting]] = {
    CLOSED_DAYS: Setting(
        Words(
            "Dagar då verksamheten är stängd utöver helgdagar, med komma emellan (egna tidsgränser räknar inte dem)",
            "Days when the office is closed beside public holidays, comma between (own time limits skip them)",
        ),
        Days(),
        "",
    ),
    TICK_LATE_HOURS: Setting(
        Words(
            "Efter så många timmar utan hjul tick varnar hjul doctor och hjul tasks",
            "After so many hours without hjul tick, hjul doctor and hjul tasks warn",
        ),
        Whole(1, 720, Words("timmar", "hours")),
        "26",
    ),
    ATTACHMENT_MEGABYTES: Setting(
        Words("Största bilagan, i megabyte", "The largest attached file, in megabytes"),
        Whole(1, 500, Words("megabyte", "megabytes")),
        "50",
    ),
    REMIND_DAYS: Setting(
        Words(
            "Dagar då det påminns om en tidsgräns, räknat från sista dagen: före med minus, 0 är dagen själv",
            "Days on which one is reminded of a time limit, counted from its last day: before with a minus, 0 on it",
        ),
        Wholes(-90, 365, 10, Words("dagar", "days")),
        "-2,0,1,5,10",
        Words("Utan någon dag påminns ingen.", "Without any day nobody is reminded."),
    ),
    ESCALATE_DAYS: Setting(
        Words(
            "Efter så många dagars försening påminns också den som har rollen på nivån ovanför",
            "After so many days too late, whoever has the role one level up is reminded too",
        ),
        Whole(1, 365, Words("dagar", "days")),
        "5",
    ),
    COORDINATOR_ROLE: Setting(
        Words(
            "Den roll som får veta när en roll är obemannad eller den som rapporterade inte har hört något",
            "The role that is told when a role is vacant or a reporter has heard nothing",
        ),
        Text(60),
        "kvalitetssamordnare",
        Words(
            "Har ingen den rollen visas det för administratörerna.",
            "While nobody has that role the administrators are shown it.",
        ),
    ),
    ENDING_DAYS: Setting(
        Words(
            "Så många dagar i förväg sägs att någon snart inte har sin roll längre och att ingen tar vid",
            "So many days beforehand it is said that somebody's role ends and nobody takes over",
        ),
        Whole(0, 365, Words("dagar", "days")),
        "14",
    ),
    BACKUP_DAYS: Setting(
        Words(
            "Efter så många dagar utan hjul backup varnar hjul doctor (0: varna aldrig)",
            "After so many days without hjul backup, hjul doctor warns (0: never)",
        ),
        Whole(0, 366, Words("dagar", "days")),
        "7",
    ),
    **MAIL,
}


@dataclass(frozen=True, slots=True)
class Values:
    """The settings as they are: what was set, else what holds until then. Each is read as its kind is."""

    given: Mapping[str, str]

    def text(self, key: str) -> str:
        """A setting as it is written."""
        return self.given.get(key, KNOWN[key].default)

    def whole(self, key: str) -> int:
        """A whole number."""
        return int(self.text(key))

    def wholes(self, key: str) -> tuple[int, ...]:
        """Whole numbers, in order."""
        return read_wholes(self.text(key))

    def yes(self, key: str) -> bool:
        """Whether it is yes."""
        return self.text(key) == "yes"

    def days(self, key: str) -> frozenset[date]:
        """Days."""
        return read_days(self.text(key))

    def time(self, key: str) -> time:
        """A time of day."""
        return read_time(self.text(key))


def load_values(session: Session) -> Values:
    """Every setting as it is."""
    return Values(reading.load_settings(session))


def load_calendar(session: Session) -> Calendar:
    """The authority's working days."""
    return Calendar(load_values(session).days(CLOSED_DAYS))


@dataclass(slots=True)
class SettingsService:
    """Reads and changes settings."""

    database: Database
    actor: Callable[[], Actor]
    decider: Callable[[], object]

    def list(self) -> tuple[SettingView, ...]:
        """Every setting there is, with its value."""
        with self.database.read() as session:
            given = reading.load_settings(session)
        return tuple(_view(key, given.get(key)) for key in KNOWN)

    def set(self, key: str, value: str) -> SettingView:
        """Change a setting.

        Raises:
            UnknownSettingError: There is none by that name.
            SettingValueError: It cannot have that value.
            NotAdministratorError: The actor may not.
        """
        setting = _known(key)
        try:
            written = setting.kind.read(value)
        except ValueError:
            raise SettingValueError(key, value[:60], setting.kind.takes) from None
        self._record("set", {"key": key, "value": written})
        return _view(key, written)

    def clear(self, key: str) -> SettingView:
        """Let a setting be as it was before anybody set it; done again it changes nothing.

        Raises:
            UnknownSettingError: There is none by that name.
            NotAdministratorError: The actor may not.
        """
        _known(key)
        self._record("cleared", {"key": key})
        return _view(key, None)

    def _record(self, kind: str, data: Mapping[str, str]) -> None:
        from engine.cases.reorganisation import administrator  # noqa: PLC0415
        from engine.service.deciding import Decider  # noqa: PLC0415  listing settings needs no definitions
        from engine.service.recording import record_event  # noqa: PLC0415

        decider = self.decider()
        assert isinstance(decider, Decider)  # noqa: S101  for the type checker
        actor = self.actor()
        with self.database.read() as session:
            facts = decider.loader(session).facts
            there = reading.load_settings(session)
            viewer = (
                SYSTEM
                if actor.person is None
                else read_viewer(session, actor.person, facts.today.isoformat())
            )
        acting, appointment = administrator(viewer, facts.tree, actor.operator)
        if kind == "cleared" and data["key"] not in there:
            return
        record_event(
            decider, decider.work, acting, ("settings", "settings"), kind, data, appointment=appointment
        )


def _known(key: str) -> Setting:
    found = KNOWN.get(key)
    if found is None:
        raise UnknownSettingError(key, nearest_key(key, KNOWN))
    return found


def _view(key: str, given: str | None) -> SettingView:
    setting = KNOWN[key]
    value = setting.default if given is None else given
    return SettingView(
        key, setting.label, value, setting.default, setting.kind.takes, setting.help, given is not None
    )
