"""A recurring plan of the year wheel: what it opens, when and for which units. The fold of its stream.

Its occasions (a unit on a day) are computed from the plan and the organisation of the day, and stored only when they
are acted upon: opened or skipped. A change holds from a day on, so that what was planned before stays what it was. It
must not know the store, the clock, or who may plan.

Events of the stream `schedule`, their data and what of it is personal (what people wrote):

| kind | data | personal |
|---|---|---|
| `planned`, `changed` | from_on, process, step, and what `Plan.data` says | name, source, values |
| `ended` | to_on | reason |
| `skipped`, `unskipped` | on, unit ("" for every unit that nothing was opened for) | reason |
| `opened` | on, unit, due_on; the case in `opened` | |
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias

from engine.calendar.recurrence import Move, Recurrence, move, move_by_law
from engine.calendar.workday import Calendar
from engine.cases.event import EMPTY, Event
from engine.cases.organisation import Unit, UnitTree

PlanKind: TypeAlias = Literal["lag_datum", "lokal"]
Slot: TypeAlias = tuple[str, str]
"""An occasion of a plan: its day by the rule, ISO, and the code of its unit (the empty text: every unit)."""
EVERY_UNIT: Final = ""
NOTHING_TAKEN: Final[Mapping[Slot, Taken]] = MappingProxyType({})
LONGEST_LEAD: Final = 366
"""The most days before its due day that a case can be opened."""


@dataclass(frozen=True, slots=True)
class Scope:
    """For which units: those named, those that have no unit below them under others, and of these some attributes.

    With `under` empty and no unit named, all units of the organisation that have none below them.
    """

    units: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=lambda: EMPTY, hash=False)

    def pick(self, tree: UnitTree, day: str) -> tuple[str, ...]:
        """The units of a day, each under the one it lies under, in Swedish order."""
        above = set(self.under) if self.units or self.under else set(tree.tops)
        there = [unit for _, unit in tree.walk() if unit.is_in_force(day)]
        parents = {unit.parent for unit in there}
        return tuple(unit.code for unit in there if self._holds(tree, unit, above, parents))

    def roots(self, tree: UnitTree) -> tuple[str, ...]:
        """The units at or under which all of it lies."""
        return (self.units + self.under) or tree.tops

    def _holds(self, tree: UnitTree, unit: Unit, above: set[str], parents: set[str | None]) -> bool:
        is_named = unit.code in self.units
        is_under = unit.code not in parents and not above.isdisjoint(tree.path(unit.code))
        wanted = all(unit.attributes.get(name) == value for name, value in self.attributes.items())
        return is_named or (is_under and wanted)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is planned from a day on.

    Attributes:
        from_on: The first day that it holds, ISO.
        name: What people call it.
        process: What it opens, and `step` by which opening step.
        scope: For which units.
        recurrence: When it is due.
        opens_before: So many days before its due day the case is opened.
        kind: A day of the law moves as the law says; a promise of one's own as `move` says.
        source: Where it is demanded.
        day_field: The field that gets the due day; the empty text for none.
        values: What the opening step is given beside it, as it was typed.
    """

    from_on: str
    name: str
    process: str
    step: str
    scope: Scope
    recurrence: Recurrence
    opens_before: int = 0
    kind: PlanKind = "lokal"
    move: Move = "stays"
    source: str = ""
    day_field: str = ""
    values: Mapping[str, Any] = field(default_factory=lambda: EMPTY, hash=False)

    def due_on(self, day: date, calendar: Calendar) -> date:
        """The day that an occasion is due, of its day by the rule."""
        return move_by_law(day) if self.kind == "lag_datum" else move(day, self.move, calendar)

    def data(self) -> dict[str, Any]:
        """Its coded half, as it stands in an event."""
        found: dict[str, Any] = {
            "from_on": self.from_on, "process": self.process, "step": self.step, "units": list(self.scope.units),
            "under": list(self.scope.under), "attributes": dict(self.scope.attributes),
            "rule": self.recurrence.rule, "first": self.recurrence.first.isoformat(),
            "last": self.recurrence.last and self.recurrence.last.isoformat(),
            "without": sorted(day.isoformat() for day in self.recurrence.without),
            "opens_before": self.opens_before, "kind": self.kind, "move": self.move, "day_field": self.day_field,
        }  # fmt: skip
        return {name: value for name, value in found.items() if value not in (None, "", [], {})}

    def personal(self) -> dict[str, Any]:
        """What people wrote in it, as it stands in the payload."""
        found = {"name": self.name, "source": self.source, "values": dict(self.values)}
        return {name: value for name, value in found.items() if value}

    @staticmethod
    def read(data: Mapping[str, Any], personal: Mapping[str, Any]) -> Plan:
        """From an event, what is left of its payload included."""
        last = data.get("last")
        recurrence = Recurrence(
            data["rule"], date.fromisoformat(data["first"]), date.fromisoformat(last) if last else None,
            frozenset(map(date.fromisoformat, data.get("without", ()))),
        )  # fmt: skip
        scope = Scope(
            tuple(data.get("units", ())), tuple(data.get("under", ())), data.get("attributes", EMPTY)
        )
        return Plan(
            data["from_on"], personal.get("name", ""), data["process"], data["step"], scope, recurrence,
            data.get("opens_before", 0), data.get("kind", "lokal"), data.get("move", "stays"),
            personal.get("source", ""), data.get("day_field", ""), personal.get("values", EMPTY),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an occasion: opened (the case) or skipped (why), by whom (None: Hjul itself), and when."""

    status: Literal["opened", "skipped"]
    reference: str | None
    person: str | None
    at: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a plan, before units: by the rule, when it is due, and from when its cases are opened."""

    plan: Plan
    on: date
    due_on: date
    opens_on: date


@dataclass(frozen=True, slots=True)
class Schedule:
    """A plan through time: what held from which day, its last day when it has ended, and what was acted upon."""

    key: str
    seq: int = 0
    plans: tuple[Plan, ...] = ()
    ended_on: str | None = None
    recorded_at: str = ""
    taken: Mapping[Slot, Taken] = field(default_factory=lambda: NOTHING_TAKEN, hash=False)

    @property
    def plan(self) -> Plan:
        """What is planned last."""
        return self.plans[-1]

    def plan_on(self, day: str) -> Plan:
        """What is planned on a day; before the first, the first."""
        return next((plan for plan in reversed(self.plans) if plan.from_on <= day), self.plans[0])

    def is_ended(self, day: str) -> bool:
        """Whether its last day has been."""
        return self.ended_on is not None and self.ended_on < day

    def days(self, start: date, end: date, calendar: Calendar) -> Iterator[Day]:
        """Its days by the rule from one to another, both included, in order. Two windows give what their union does."""
        for number, plan in enumerate(self.plans):
            first = max(start, date.fromisoformat(plan.from_on))
            last = end if self.ended_on is None else min(end, date.fromisoformat(self.ended_on))
            if number + 1 < len(self.plans):
                last = min(last, _before(self.plans[number + 1].from_on))
            for on in plan.recurrence.days(first, last):
                yield self.day_of(plan, on, calendar)

    def day_of(self, plan: Plan, on: date, calendar: Calendar) -> Day:
        """A day of a plan, with when it is due and opens: never before the day that it was first planned."""
        due_on = plan.due_on(on, calendar)
        planned_on = date.fromisoformat(self.plans[0].from_on)
        return Day(plan, on, due_on, max(due_on - timedelta(days=plan.opens_before), planned_on))

    def taken_at(self, on: str, unit: str) -> Taken | None:
        """What became of an occasion; a skip of every unit counts where nothing was opened."""
        return self.taken.get((on, unit)) or self.taken.get((on, EVERY_UNIT))

    @staticmethod
    def restore(
        columns: Mapping[str, Any], plans: Sequence[Mapping[str, Any]], private: Sequence[Mapping[str, Any]]
    ) -> Schedule:
        """The schedule from its stored halves; `columns` are the attributes with columns of their own."""
        found = tuple(Plan.read(data, personal) for data, personal in zip(plans, private, strict=True))
        return Schedule(plans=found, **columns)

    def after(self, event: Event) -> Schedule:
        """The schedule as the event leaves it. Says nothing about whether it was allowed."""
        found = replace(self, key=event.stream, seq=event.seq, recorded_at=event.recorded_at)
        data = event.data
        if event.kind in ("planned", "changed"):
            plan = Plan.read(data, event.personal)
            kept = tuple(one for one in self.plans if one.from_on < plan.from_on)
            return replace(found, plans=(*kept, plan))
        if event.kind == "ended":
            return replace(found, ended_on=data["to_on"])
        slot = data["on"], data["unit"]
        if event.kind == "unskipped":
            return replace(found, taken={one: kept for one, kept in self.taken.items() if one != slot})
        return replace(found, taken={**self.taken, slot: taken_of(event)})


def taken_of(event: Event) -> Taken:
    """What an event `opened` or `skipped` says became of its occasion."""
    reference = event.opened[0] if event.opened else None
    return Taken(
        "opened" if event.kind == "opened" else "skipped", reference, event.acting.person, event.recorded_at,
        event.personal.get("reason", ""),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trees:
    """The organisation through time: from which day, at its end, the units stood so. The last holds on."""

    since: Sequence[tuple[str, UnitTree]]

    def between(self, start: str, end: str) -> Iterator[UnitTree]:
        """Each way the units stood at the end of a day, from one day to another, both included."""
        for number, (_, tree) in enumerate(self.since):
            until = self.since[number + 1][0] if number + 1 < len(self.since) else None
            begins = self.since[number][0] if number else ""
            if begins <= end and (until is None or until > start):
                yield tree


def units_of(day: Day, trees: Trees, today: date) -> tuple[str, ...]:
    """The units of a day of a plan: those in scope on any day from when it opens until it is due, as far as known.

    A unit counts that exists on the due day. So it makes no difference when or how often anybody looks: a unit that was
    in scope when the cases were opened, or came before they were due, is there.
    """
    due, last = day.due_on.isoformat(), max(day.opens_on, min(day.due_on, today))
    found: dict[str, None] = {}
    for tree in trees.between(day.opens_on.isoformat(), last.isoformat()):
        found.update(dict.fromkeys(day.plan.scope.pick(tree, due)))
    return tuple(found)


def _before(day: str) -> date:
    return date.fromordinal(date.fromisoformat(day).toordinal() - 1)
