"""Deadlines and what the year wheel plans, as a calendar that other programs read.

Only what the caller may see, and of that only the envelope: a calendar lies in other people's systems. It must not know
how the file is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final, Protocol

from engine.calendar.zone import parse_instant
from engine.cases.access import SYSTEM, AccessRule
from engine.exchange.calendar_file import Entry, uid_of, write_calendar
from engine.language.say import say
from engine.language.sentence import Sentence, sentence
from engine.service.filter import name_role
from engine.store.access_rule import load_access
from engine.store.calendar import DeadlineFilter, DeadlineRow, list_deadlines
from engine.store.organisation import read_tree, read_viewer

if TYPE_CHECKING:
    from engine.cases.event import Actor
    from engine.service.occasion import Occasion
    from engine.service.wheel import WheelService
    from engine.store.authority import Authority
    from engine.store.database import Database

KEPT: Final = timedelta(days=30)
"""So long a deadline that no longer holds stands there as cancelled, so that calendars take it away."""
COMING: Final = frozenset({"planned", "open", "late"})


class Host(Protocol):
    """What the composition root gives to those who write a calendar."""

    @property
    def database(self) -> Database: ...  # noqa: D102
    @property
    def authority(self) -> Authority: ...  # noqa: D102
    @property
    def wheel(self) -> WheelService: ...  # noqa: D102
    @property
    def today(self) -> date: ...  # noqa: D102
    def actor(self) -> Actor: ...  # noqa: D102
    def clock(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Exported:
    """A calendar: the file, how many deadlines and occasions hold, and how many no longer do."""

    content: bytes
    deadlines: int
    occasions: int
    cancelled: int


@dataclass(slots=True)
class CalendarExport:
    """Writes calendars."""

    host: Host

    def export(
        self,
        language: str,
        *,
        mine: bool = False,
        role: str | None = None,
        unit: str | None = None,
        alarm_days: int | None = None,
    ) -> Exported:
        """The deadlines that the caller may see, and the year wheel's occasions of this year and the next.

        Args:
            language: In which it is written.
            mine: Only what the caller has taken on, or what names them; no occasions.
            role: Only what waits for this role; no occasions.
            unit: Only at this unit and those below.
            alarm_days: So many days beforehand a reminder is shown.

        Raises:
            UnknownUnitError: There is no such unit.
            UnknownRoleError: There is no such role.
            StorageError: The database cannot be read.
        """
        person, today = self.host.actor().person, self.host.today
        with self.host.database.snapshot() as session:
            rules, called = load_access(session)
            tree = read_tree(session)
            viewer = SYSTEM if person is None else read_viewer(session, person, today.isoformat())
            wanted = DeadlineFilter(
                (today - KEPT).isoformat(), mine, None if role is None else name_role(rules.values(), called, role),
                None if unit is None else tree.below(tree.find(unit).code),
            )  # fmt: skip
            rows = list_deadlines(session, AccessRule(viewer, tree, rules), wanted)
        entries = [self._deadline(row, language) for row in rows]
        held = sum(not one.is_cancelled for one in entries)
        occasions = [] if mine or role is not None else list(self._occasions(unit, language))
        coming = sum(not one.is_cancelled for one in occasions)
        name = say(sentence("calendar.name", authority=self.host.authority.name), language)
        content = write_calendar(name, [*entries, *occasions], parse_instant(self.host.clock()), alarm_days)
        return Exported(content, held, coming, len(entries) + len(occasions) - held - coming)

    def _deadline(self, row: DeadlineRow, language: str) -> Entry:
        kind = say(sentence(f"calendar.kind.{row.kind}"), language)
        lines = (say(row.title, language), kind, f"hjul show {row.reference}")
        return Entry(
            uid_of(self.host.authority.id, "deadline", row.reference, row.key), row.seq, _when(row.due_on),
            self._line(sentence("calendar.deadline", reference=row.reference, step=row.step_label), language),
            "\n".join(lines), kind, row.unit, not row.is_open,
        )  # fmt: skip

    def _occasions(self, unit: str | None, language: str) -> Iterator[Entry]:
        for year in (self.host.today.year, self.host.today.year + 1):
            for one in self.host.wheel.year(year, unit=unit).occasions:
                if one.status in COMING or one.status == "skipped":
                    yield self._occasion(one, language)

    def _occasion(self, one: Occasion, language: str) -> Entry:
        lines = [say(sentence("calendar.occasion"), language)]
        if one.reference is not None:
            lines.append(f"hjul show {one.reference}")
        return Entry(
            uid_of(self.host.authority.id, "occasion", one.schedule, one.unit, one.on),
            1 if one.status == "skipped" else 0, date.fromisoformat(one.due_on),
            self._line(f"{one.name}, {one.unit_name}", language), "\n".join(lines), lines[0], one.unit_name,
            one.status == "skipped",
        )  # fmt: skip

    def _line(self, thing: Sentence | str, language: str) -> str:
        """A summary; what is practice says so."""
        said = say(thing, language)
        if not self.host.authority.training:
            return said
        return f"[{say(sentence('calendar.training'), language)}] {said}"


def _when(text: str) -> date | datetime:
    return parse_instant(text) if "T" in text else date.fromisoformat(text)
