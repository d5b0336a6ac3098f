"""A made-up authority to measure in: a database made ready, an organisation, and somebody to act as.

Clock, ids and salts are given and the same in each run, so that the same commands write the same bytes and two
databases can be compared. Must not know what is measured.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.app import App, Settings
from engine.calendar.zone import format_instant
from engine.cases.event import Acting, Actor
from engine.cases.reorganisation import AddPerson, AddUnit, Appoint, Cause, Change, decide_changes
from engine.service.case import CaseService
from engine.service.register import RegisterService
from engine.store.organisation import read_organisation

BEGAN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
"""When lists are asked for."""
DAY = "2020-01-01"
TOP = "top"
ROLES_ABOVE = (
    "verksamhetschef", "mas", "lex_sarah_ansvarig", "kvalitetssamordnare", "registrator", "controller", "revisor",
)  # fmt: skip


def unit_code(number: int) -> str:
    """The code of the unit with a number, from 0."""
    return f"enh{number:03}"


def manager(number: int) -> str:
    """The manager of a unit."""
    return f"chef{number:03}"


def worker(number: int) -> str:
    """Somebody who works at a unit."""
    return f"med{number:03}"


@dataclass
class Numbers:
    """Clock, ids and salts that are the same in each run. `mark` keeps two processes apart."""

    mark: str = ""
    now: datetime = BEGAN
    step: timedelta = timedelta(seconds=7)
    ids: int = 0
    salts: int = 0
    actor: Actor = field(default_factory=lambda: Actor(None))

    def begin(self, mark: str) -> None:
        """Begin anew under a mark, so that what follows is the same whatever came before."""
        self.mark, self.now, self.ids, self.salts = mark, BEGAN, 0, 0

    def clock(self) -> str:
        """An instant, a little later each time."""
        self.now += self.step
        return format_instant(self.now)

    def new_id(self) -> str:
        """An id as long as a UUID."""
        self.ids += 1
        return hashlib.sha256(f"{self.mark}:{self.ids}".encode()).hexdigest()[:36]

    def entropy(self, size: int) -> bytes:
        """Bytes that differ each time."""
        self.salts += 1
        return hashlib.shake_128(f"{self.mark}:{self.salts}".encode()).digest(size)


@dataclass
class Benched(App):
    """The application, acting as whoever `numbers.actor` is."""

    numbers: Numbers = field(default_factory=Numbers)

    def actor(self) -> Actor:
        """Whoever the numbers say."""
        return self.numbers.actor


@dataclass
class Town:
    """An open database with the use cases of cases."""

    app: Benched
    numbers: Numbers

    @property
    def cases(self) -> CaseService:
        """What is done with cases."""
        return self.app.cases

    @property
    def register(self) -> RegisterService:
        """Lists."""
        return self.app.register

    @contextmanager
    def acting(self, person: str) -> Iterator[CaseService]:
        """Act as a person."""
        self.numbers.actor = Actor(person)
        yield self.cases

    def close(self) -> None:
        """Close its connections."""
        self.app.database.close()


def open_town(url: str, mark: str = "", now: datetime = BEGAN) -> Town:
    """Open a database that was made before."""
    numbers = Numbers(mark, now)
    app = Benched(Settings(url, "bench"), numbers.clock, numbers.entropy, numbers.new_id, numbers=numbers)
    return Town(app, numbers)


def make_town(url: str, units: int = 40) -> Town:
    """Make a database: the shipped processes, units in areas of ten, a manager and a worker at each.

    Args:
        url: Where; must be empty.
        units: How many.
    """
    numbers = Numbers("made", BEGAN - timedelta(days=400))
    app = App(Settings(url, "bench"), numbers.clock, numbers.entropy, numbers.new_id)
    app.installation.init(training=True, name="Mätstad")
    with app.database.snapshot() as session:
        organisation = read_organisation(session)
    cause = Cause("made-organisation", Acting(None, "system"), numbers.clock(), DAY)
    decisions, _ = decide_changes(organisation, list(_changes(units)), cause)
    app.unit_of_work.record_all(decisions, {})
    app.database.close()
    return open_town(url)


def _changes(units: int) -> Iterator[Change]:
    areas = -(-units // 10)
    for area in range(areas):
        yield AddUnit(f"omr{area:02}", f"Område {area + 1}", TOP, DAY)
    for number in range(units):
        yield AddUnit(unit_code(number), f"Enhet {number + 1}", f"omr{number // 10:02}", DAY)
    for role in ROLES_ABOVE:
        yield AddPerson(f"Person {role}", DAY, code=role, login=role)
        yield Appoint(role, role, TOP, DAY)
    for number in range(units):
        yield AddPerson(f"Chef {number + 1}", DAY, code=manager(number), login=manager(number))
        yield Appoint(manager(number), "enhetschef", unit_code(number), DAY)
        yield AddPerson(f"Medarbetare {number + 1}", DAY, code=worker(number), login=worker(number))
        yield Appoint(worker(number), "medarbetare", unit_code(number), DAY)
    yield AddPerson("Den som har mycket", DAY, code="mycket", login="mycket")
    for number in (3, 11, 17, 26):
        for role in ("enhetschef", "mas", "kvalitetssamordnare"):
            if number < units:
                yield Appoint("mycket", role, unit_code(number), DAY)


def sqlite_url(path: Path) -> str:
    """The URL of a file."""
    return f"sqlite:///{path}"
