"""The organisation as it was when something was recorded: what the tasks of a case once followed from.

Streams have no order among each other beyond the instants they recorded. What was decided within `MOMENT` of a
change may have been decided before it or after it, and clocks of two machines differ, so what is asked for is
given as all the organisations that it can have been: nearly always one. It must not know tasks.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import product
from typing import Final
from zoneinfo import ZoneInfo

from engine.calendar.workday import Calendar
from engine.calendar.zone import format_instant, local_date, parse_instant
from engine.cases.access import Grant
from engine.cases.event import Event
from engine.cases.facts import Facts
from engine.cases.organisation import Appointment, Draft, Organisation, Person, Unit, UnitTree
from engine.errors import HjulError

MOMENT: Final = timedelta(minutes=5)
"""How far apart two instants may be and still be of either order."""
MOST_KEPT: Final = 5000
_MINUTE: Final = 16
"""The characters of an instant down to its minute."""
_NO_CLOSED_DAYS: Final = Calendar()


@dataclass(frozen=True, slots=True)
class _Rights:
    """What one person was registered and appointed to from an instant on."""

    person: Person | None = None
    appointments: tuple[Appointment, ...] = ()

    def grants(self, day: str) -> tuple[Grant, ...]:
        """What they may act by on a day."""
        if self.person is None or not self.person.is_in_force(day):
            return ()
        return tuple(
            Grant(0, one.person, one.role, one.unit, one.on_behalf_of)
            for one in self.appointments if one.is_in_force(day)
        )  # fmt: skip


@dataclass(slots=True)
class _Line:
    """Something that changed from instant to instant: `things[n]` held from `instants[n]` on."""

    instants: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)

    def add(self, event: Event) -> bool:
        """Go on; tells whether it is a new step, and not a part of the same command."""
        if self.commands and self.commands[-1] == event.command_id:
            return False
        self.instants.append(event.recorded_at)
        self.commands.append(event.command_id)
        return True

    def steps(self, low: str, high: str) -> range:
        """Which steps can have been the last one between two instants; -1 is before the first."""
        return range(bisect_right(self.instants, low) - 1, bisect_right(self.instants, high))


class Past:
    """The organisation at every instant, folded once from its events."""

    def __init__(self, events: Iterable[Event], zone: ZoneInfo) -> None:
        """Fold.

        Raises:
            LookupError: An event lacks what its kind says.
        """
        self._zone = zone
        self._units: list[list[Unit]] = []
        self._unit_line = _Line()
        self._people: dict[str, tuple[_Line, list[_Rights]]] = {}
        self._trees: dict[int, UnitTree] = {}
        self._facts: dict[tuple[str, str | None], tuple[Facts, ...]] = {}
        draft = Draft(Organisation())
        for event in events:
            draft.apply(event)
            self._keep(event, draft)
        self.organisation: Final = draft.organisation

    def facts(self, at: str, person: str | None) -> tuple[Facts, ...]:
        """What may have been known of the units and of a person's roles when something was recorded at an instant.

        Args:
            at: The instant.
            person: Whose roles; None for nobody's.

        Raises:
            LookupError: The units were no tree.
        """
        key = at[:_MINUTE], person
        found = self._facts.get(key)
        if found is None:
            if len(self._facts) >= MOST_KEPT:
                self._facts.clear()
            found = self._facts[key] = self._all_facts(at, person)
        return found

    def _all_facts(self, at: str, person: str | None) -> tuple[Facts, ...]:
        minute = parse_instant(f"{at[:_MINUTE]}:00.000000Z")
        ends = minute - MOMENT, minute + MOMENT + timedelta(minutes=1)
        low, high = map(format_instant, ends)
        days = sorted({local_date(end, self._zone).isoformat() for end in ends})
        trees = [self._tree(step) for step in self._unit_line.steps(low, high)]
        grants = self._grants(person, low, high, days) if person is not None else [()]
        return tuple(
            Facts(at, self._zone, _NO_CLOSED_DAYS, tree, grants={} if person is None else {person: one})
            for tree, one in product(reversed(trees), grants)
        )

    def _grants(self, person: str, low: str, high: str, days: list[str]) -> list[tuple[Grant, ...]]:
        line, rights = self._people.get(person, (_Line(), []))
        held = [rights[step] if step >= 0 else _Rights() for step in reversed(line.steps(low, high))]
        return list(dict.fromkeys(one.grants(day) for one in held for day in reversed(days)))

    def _tree(self, step: int) -> UnitTree:
        """The units after a step, built when they are first asked for."""
        found = self._trees.get(step)
        if found is None:
            units = {unit.code: unit for changed in self._units[: step + 1] for unit in changed}
            try:
                found = self._trees[step] = UnitTree(units.values())
            except HjulError:
                raise LookupError(step) from None
        return found

    def _keep(self, event: Event, draft: Draft) -> None:
        if event.kind.startswith("unit"):
            if self._unit_line.add(event):
                self._units.append([])
            self._units[-1].append(draft.units[event.data["code"]])
            return
        code = event.data.get("code") or draft.appointments[event.data["key"]].person
        line, rights = self._people.setdefault(code, (_Line(), []))
        now = _Rights(draft.persons.get(code), tuple(draft.appointments_of(code)))
        if line.add(event):
            rights.append(now)
        else:
            rights[-1] = now
