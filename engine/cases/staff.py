"""Who has which role where on a day, and who is told of what is late. Pure; it must not know the store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from engine.cases.organisation import Appointment, Organisation, UnitTree


@dataclass(frozen=True, slots=False)
class Staff:
    """The organisation on a day; a substitute has the role too."""

    organisation: Organisation
    day: str

    @cached_property
    def _by_place(self) -> dict[tuple[str, str], tuple[str, ...]]:
        found: dict[tuple[str, str], dict[str, None]] = {}
        for one in self.organisation.appointments.values():
            if one.is_in_force(self.day) and self.is_there(one.person):
                found.setdefault((one.role, one.unit), {})[one.person] = None
        return {place: tuple(persons) for place, persons in found.items()}

    @cached_property
    def _tree(self) -> UnitTree:
        return self.organisation.tree

    def is_there(self, person: str) -> bool:
        """Whether somebody is registered on the day."""
        known = self.organisation.persons.get(person)
        return known is not None and known.is_in_force(self.day)

    def holders(self, role: str, unit: str) -> tuple[str, ...]:
        """Those who have a role, at the unit or at the nearest one above where anybody has."""
        return self._levels(role, unit)[0] if self._levels(role, unit) else ()

    def next_up(self, role: str, unit: str) -> tuple[str, ...]:
        """Those who have a role one level above its nearest holders, or above an empty unit."""
        levels = self._levels(role, unit)
        return levels[1] if len(levels) > 1 else ()

    def _levels(self, role: str, unit: str) -> list[tuple[str, ...]]:
        path = self._tree.path(unit) if unit in self._tree else ()
        return [found for above in path if (found := self._by_place.get((role, above), ()))]

    def ending(self, until: str) -> Iterable[Appointment]:
        """Appointments in force that end on a day up to another, and that nobody takes over from the day after."""
        for one in self.organisation.appointments.values():
            if not one.is_in_force(self.day) or one.to_on is None or one.to_on > until or one.on_behalf_of:
                continue
            others = (
                other
                for other in self.organisation.appointments.values()
                if other is not one and (other.role, other.unit) == (one.role, one.unit)
                and (other.to_on is None or other.to_on > one.to_on)
            )  # fmt: skip
            if not any(others):
                yield one


@dataclass(frozen=True, slots=True)
class Waiting:
    """Whom a step waits for: who has taken it on, persons it names, roles at the case's unit."""

    unit: str
    assignee: str | None
    persons: tuple[str, ...]
    roles: tuple[str, ...]


def told_of(waiting: Waiting, staff: Staff, *, late: bool, far: bool) -> tuple[str, ...]:
    """Who is reminded: who has taken it on, else those of the role, substitutes among them.

    When it is late those of the role are told too; when it is far too late, those one level up as well. Where nobody
    is, the next level up is told at once.
    """
    named = tuple(
        filter(staff.is_there, dict.fromkeys((*filter(None, [waiting.assignee]), *waiting.persons)))
    )
    found = dict.fromkeys(named)
    if not named or late:
        found |= dict.fromkeys(
            person for role in waiting.roles for person in staff.holders(role, waiting.unit)
        )
    if far:
        found |= dict.fromkeys(
            person for role in waiting.roles for person in staff.next_up(role, waiting.unit)
        )
    return tuple(found)
