"""What a decision may know of the world, as a value: cases, definitions, rights, persons, units, the time.

`decide` asks the facts; what they lack is raised as `FactMissing`, the caller loads it and asks again. So only what
is needed is loaded, `decide` stays pure, and what was read is what the decision relied on. This module must not
know how facts are loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from transitions import Machine

from engine.calendar.workday import Calendar
from engine.calendar.zone import local_date, parse_instant
from engine.cases.access import Grant
from engine.cases.case import Case
from engine.cases.organisation import UnitTree
from engine.cases.schedule import Schedule
from engine.definition.machine import build_machine
from engine.definition.model import Process

Kind: TypeAlias = Literal["case", "definition", "published", "grants", "person", "schedule"]
NOTHING: Final[Mapping[Any, Any]] = MappingProxyType({})
T = TypeVar("T")


class FactMissing(Exception):  # noqa: N818  a signal to load, no mistake
    """The facts lack something that must be loaded before the decision can be made: a kind of fact, and its keys."""

    def __init__(self, kind: Kind, *keys: str) -> None:
        super().__init__(kind, *keys)
        self.kind = kind
        self.keys = keys


@dataclass(frozen=True, slots=True)
class Definition:
    """A published definition ready for use: held once, shared by all its cases."""

    hash: str
    process: Process
    machine: Machine
    automatic: tuple[str, ...]

    @staticmethod
    def of(digest: str, process: Process) -> Definition:
        """Build the machine of a definition."""
        automatic = tuple(key for key, step in process.steps.items() if step.automatic)
        return Definition(digest, process, build_machine(process), automatic)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known. A key that is absent has not been loaded; a value of None means that there is none.

    cases: reference -> case. definitions: hash a case names -> the definition its next event follows (the newest
    compatible one). published: process -> its newest definition. grants: person -> what they may act by on the
    day. persons: login or code in lower case -> person code. schedules: key, day and unit, with `/` between -> the
    schedule, with what became of that occasion.
    """

    now: str
    zone: ZoneInfo
    calendar: Calendar
    tree: UnitTree
    cases: Mapping[str, Case | None] = field(default_factory=lambda: NOTHING)
    definitions: Mapping[str, Definition | None] = field(default_factory=lambda: NOTHING)
    published: Mapping[str, Definition | None] = field(default_factory=lambda: NOTHING)
    grants: Mapping[str, tuple[Grant, ...] | None] = field(default_factory=lambda: NOTHING)
    persons: Mapping[str, str | None] = field(default_factory=lambda: NOTHING)
    schedules: Mapping[str, Schedule | None] = field(default_factory=lambda: NOTHING)

    @property
    def today(self) -> date:
        """The local day of now."""
        return local_date(parse_instant(self.now), self.zone)

    def day_of(self, instant: str) -> str:
        """The local day of an instant, ISO."""
        return local_date(parse_instant(instant), self.zone).isoformat()

    def case(self, reference: str) -> Case | None:
        """The case of a reference."""
        return self._get("case", self.cases, reference)

    def need_cases(self, references: Iterable[str]) -> None:
        """Make sure that these cases are known, so that what is lacking is loaded at once.

        Raises:
            FactMissing: Some are not.
        """
        lacking = [reference for reference in references if reference not in self.cases]
        if lacking:
            raise FactMissing("case", *lacking)

    def definition(self, digest: str) -> Definition:
        """The definition that the next event of a case follows, which names `digest`."""
        found = self._get("definition", self.definitions, digest)
        if found is None:
            raise LookupError(digest)
        return found

    def newest(self, process: str) -> Definition | None:
        """The newest published definition of a process; None when it is not published."""
        return self._get("published", self.published, process)

    def grants_of(self, person: str) -> tuple[Grant, ...]:
        """What a person may act by on the day."""
        return self._get("grants", self.grants, person) or ()

    def person(self, text: str) -> str | None:
        """The code of a person named by login or code; None when there is none."""
        return self._get("person", self.persons, text.strip().casefold())

    def schedule(self, key: str, on: str, unit: str) -> Schedule | None:
        """A schedule, with what became of one occasion of it; None when there is none."""
        return self._get("schedule", self.schedules, f"{key}/{on}/{unit}")

    def _get(self, kind: Kind, known: Mapping[str, T | None], key: str) -> T | None:
        try:
            return known[key]
        except KeyError:
            raise FactMissing(kind, key) from None
