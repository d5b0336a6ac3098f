"""Large databases: lives of cases decided once in a small town, then written many times over through the unit of work.

Deciding a life once is enough to know what its events say. Copies differ in unit, people, times and codes; every
copy's events are sealed, chained and projected by `UnitOfWork.record_all`, many to a commit. Larger ones than the
smallest are copies of it (`replica`). Kept in a folder of `HJUL_BENCH_DATA`, or of the
temporary files; never in the repository.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Boolean

from benchmarks.life import CAUSE, CLOSED, DONE, EFFECT, INVESTIGATED, MEASURE, MINOR, PLAN, REPORT, SERIOUS
from benchmarks.measure import note
from benchmarks.replica import multiply
from benchmarks.town import Town, make_town, manager, open_town, sqlite_url, unit_code, worker
from engine.cases.case import Case
from engine.cases.decision import Decision, Task, Write
from engine.cases.event import Deadline, Event
from engine.store import guards, reading
from engine.store.database import Database
from engine.store.migrating import upgrade
from engine.store.tables import metadata
from engine.store.unit_of_work import UnitOfWork

VERSION: Final = 3
"""Of what is written: databases kept from another version are not used."""
UNITS_LARGE: Final = 40
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T|$)")
UNIT: Final = 0
"""The unit that the lives are decided at."""
MOST_WRITTEN: Final = 10_000
"""Cases of the largest database that the unit of work writes by itself."""
BATCH: Final = 2000
"""Lives to a commit."""
KINDS: Final = ("negativ_handelse", "tillbud", "risk")
CATEGORIES: Final = ("fall", "lakemedel", "bemotande", "dokumentation", "informationsoverforing")


@dataclass(frozen=True, slots=True)
class Life:
    """One deviation and its measure, as decided: decisions in order, and how common it is among cases.

    cases: how many streams it opens.
    """

    name: str
    share: int
    decisions: tuple[Decision, ...]

    @property
    def cases(self) -> int:
        """How many cases it makes."""
        return sum(write.event.seq == 1 for decision in self.decisions for write in decision.writes)

    @property
    def events(self) -> int:
        """How many events."""
        return sum(len(decision.writes) for decision in self.decisions)


class Listener:
    """Stands where the unit of work does, and keeps what was decided."""

    def __init__(self, inner: UnitOfWork) -> None:
        """Pass on to `inner`."""
        self._inner = inner
        self.heard: list[Decision] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def record(self, decision: Decision, *more: Any, **named: Any) -> Any:
        """Record, and keep it as it was written: new cases under the references they were given."""
        outcome = self._inner.record(decision, *more, **named)
        self.heard.append(replace(decision, writes=outcome.writes))
        return outcome


SHARES: Final = {"reported": 4, "judged": 4, "minor": 62, "investigated": 5, "measured": 5, "closed": 20}
"""Of a hundred lives: most are over, a few are at each stage."""
OVER: Final = frozenset({"minor", "closed"})


def decide_lives() -> tuple[Life, ...]:
    """Decide each life once, in a small town of its own."""
    with tempfile.TemporaryDirectory(prefix="hjul-bench-") as folder:
        town = make_town(sqlite_url(Path(folder) / "lives.sqlite"), 4)
        listener = Listener(town.app.unit_of_work)
        town.app.decider.work = listener  # type: ignore[assignment]
        lives = []
        for name, share in SHARES.items():
            listener.heard.clear()
            _live(town, name)
            lives.append(Life(name, share, tuple(listener.heard)))
        town.close()
        return tuple(lives)


def _live(town: Town, until: str) -> None:
    chief, staff, unit = manager(UNIT), worker(UNIT), unit_code(UNIT)

    def take(person: str, reference: str, step: str, **values: Any) -> None:
        with town.acting(person) as cases:
            cases.take_step(reference, step, values=values)

    with town.acting(staff) as cases:
        reference = cases.open_case("avvikelse", unit=unit, values=REPORT).reference
    if until == "reported":
        return
    take(chief, reference, "bedom", **(MINOR if until == "minor" else SERIOUS))
    if until == "judged":
        return
    if until == "minor":
        take(chief, reference, "avsluta_ringa", slutsats="Enstaka.", ingen_atgard_motivering="Rutinen följs.")
        return
    take(chief, reference, "paborja_utredning", utredare=staff)
    take(staff, reference, "ange_orsak", **CAUSE)
    if until == "investigated":
        return
    with town.acting(chief) as cases:
        measure = cases.open_case(
            "atgard", values=MEASURE, link_to=reference, link_row="orsaker.r1"
        ).reference
    take(staff, reference, "slutfor_utredning", **INVESTIGATED)
    take(chief, measure, "besluta", motivering="Enkelt och prövat.")
    take(chief, measure, "planera", ansvarig=staff, **PLAN)
    if until == "measured":
        return
    take(staff, measure, "genomfor", **DONE)
    take(chief, measure, "folj_upp", **EFFECT)
    take("verksamhetschef", reference, "avsluta", **CLOSED)


# --- copying a life -------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Copy:
    """A life under way at another unit and time: how far it has come, and its cases as they are.

    names: references of the life as it was decided -> those it has here. days: how far its time is moved.
    """

    life: Life
    people: Mapping[str, str]
    days: timedelta
    coded: Mapping[str, Any]
    names: dict[str, str]
    cases: dict[str, Case]
    at: int = 0


class Copier:
    """Copies lives into a town, many at a time."""

    def __init__(self, town: Town, lives: Sequence[Life], seed: int) -> None:
        """Begin; the same seed gives the same copies."""
        self._town = town
        self._random = random.Random(seed)
        self._seed = seed
        self._count = 0
        self._lives = lives
        self._shares = [life.share for life in lives]
        with town.app.database.read() as session:
            decider = town.app.decider
            for digest in decider.keeper.read(session).current.values():
                decider.library.get(session, digest)
        self._definitions = decider.library.stored()

    def run(self, copies: int) -> int:
        """Write so many copies of lives, step by step together; gives how many cases that made."""
        chosen = [self._begin(life) for life in self._random.choices(self._lives, self._shares, k=copies)]
        while waiting := [one for one in chosen if one.at < len(one.life.decisions)]:
            decisions = [self._next(one) for one in waiting]
            outcomes = self._town.app.unit_of_work.record_all(decisions, self._definitions)
            for one, outcome in zip(waiting, outcomes, strict=True):
                for was, write in zip(one.life.decisions[one.at].writes, outcome.writes, strict=True):
                    one.names[was.event.stream] = write.event.stream
                    assert write.case is not None
                    one.cases[write.event.stream] = write.case
                one.at += 1
        return sum(one.life.cases for one in chosen)

    def _begin(self, life: Life) -> Copy:
        unit = self._random.randrange(UNITS_LARGE)
        weeks = self._random.randrange(1, 250) if life.name in OVER else self._random.randrange(8)
        people = {unit_code(UNIT): unit_code(unit), manager(UNIT): manager(unit), worker(UNIT): worker(unit)}
        coded = {"kategori": self._random.choice(CATEGORIES), "art": self._random.choice(KINDS)}
        return Copy(life, people, timedelta(weeks=-weeks), coded, {}, {})

    def _next(self, one: Copy) -> Decision:
        self._count += 1
        decision = one.life.decisions[one.at]
        command = f"data-{self._seed}-{self._count:08}-aaaa-bbbb-cccc"
        names = dict(one.names)
        for number, write in enumerate(write for write in decision.writes if write.event.seq == 1):
            names[write.event.stream] = f"+{number}"
        return Decision(tuple(self._write(one, write, names, command) for write in decision.writes))

    def _write(self, one: Copy, write: Write, names: Mapping[str, str], command: str) -> Write:
        event = moved_event(write.event, one, names, command)
        process = self._definitions[event.definition][1]
        before = one.cases.get(event.stream)
        case = before.after(event, process) if before else Case.born(event, process)
        tasks = tuple(moved_task(task, one) for task in write.tasks)
        messages = tuple(
            replace(
                message,
                person=one.people.get(message.person or "", message.person),
                unit=one.people.get(message.unit, message.unit),
            )
            for message in write.messages
        )
        return Write(event, case, tasks, messages)


def moved(text: str, days: timedelta) -> str:
    """A day or an instant, moved by whole days."""
    return (date.fromisoformat(text[:10]) + days).isoformat() + text[10:]


def moved_event(event: Event, one: Copy, names: Mapping[str, str], command: str) -> Event:
    """The event as it is in the copy."""
    people, days = one.people, one.days
    acting = event.acting
    person, unit = people.get(acting.person or "", acting.person), people.get(acting.unit or "", acting.unit)
    return replace(
        event,
        stream=names[event.stream],
        acting=replace(acting, person=person, unit=unit),
        occurred_at=moved(event.occurred_at, days),
        occurred_on=moved(event.occurred_on, days),
        recorded_at=moved(event.recorded_at, days),
        command_id=command,
        coded={path: _moved_value(one.coded.get(path, value), days) for path, value in event.coded.items()},
        personal={path: _given(value, people) for path, value in event.personal.items()},
        sets={name: people.get(value, value) for name, value in event.sets.items()},
        links=tuple(replace(link, other=names[link.other]) for link in event.links),
        opened=tuple(names[reference] for reference in event.opened),
        deadlines=tuple(_moved_deadline(due, days) for due in event.deadlines),
    )


def _given(value: Any, people: Mapping[str, str]) -> Any:
    return people.get(value, value) if isinstance(value, str) else value


def _moved_value(value: Any, days: timedelta) -> Any:
    is_day = isinstance(value, str) and _DAY.match(value)
    return moved(value, days) if is_day else value


def _moved_deadline(due: Deadline, days: timedelta) -> Deadline:
    settled = moved(due.settled_on, days) if due.settled_on else None
    return replace(due, due_on=moved(due.due_on, days), since=moved(due.since, days), settled_on=settled)


def moved_task(task: Task, one: Copy) -> Task:
    """The task as it is in the copy."""
    return replace(
        task,
        person=one.people.get(task.person or "", task.person),
        assignee=one.people.get(task.assignee or "", task.assignee),
        unit=one.people.get(task.unit, task.unit),
        due_on=moved(task.due_on, one.days) if task.due_on else None,
        since=moved(task.since, one.days),
    )


# --- databases ------------------------------------------------------------------------------------------------


def folder() -> Path:
    """Where large databases are kept between runs."""
    named = os.environ.get("HJUL_BENCH_DATA")
    found = Path(named) if named else Path(tempfile.gettempdir()) / "hjul-bench-data"
    found.mkdir(parents=True, exist_ok=True)
    return found


def databases(*sizes: int) -> dict[int, Path]:
    """A SQLite database of at least so many cases for each size, made when it is not there.

    The smallest, or one of `MOST_WRITTEN` cases, is written by the unit of work, life by life; the others are that
    one, many times over.
    """
    place = folder()
    first = min(*sizes, MOST_WRITTEN)
    larger = [size for size in sizes if size > first]
    paths = {size: place / f"cases-{VERSION}-{first}-{size}.sqlite" for size in (first, *larger)}
    with tempfile.TemporaryDirectory(prefix="making-", dir=place) as temporary:
        making = Path(temporary) / "making.sqlite"
        if not paths[first].exists():
            make_town(sqlite_url(making), UNITS_LARGE).close()
            _grow(making, decide_lives(), first)
            making.rename(paths[first])
        for size in larger:
            if paths[size].exists():
                continue
            shutil.copy(paths[first], making)
            times, began = -(-size // first), time.monotonic()
            multiply(making, times, lambda done, of: None if done % 10 else note(f"  {done} of {of} copies"))
            note(f"  {times * first} cases in {time.monotonic() - began:.0f} s")
            making.rename(paths[size])
    for path in paths.values():  # one that was kept may be older than the newest migration
        with Database(sqlite_url(path)) as database:
            upgrade(database)
    return paths


def _grow(path: Path, lives: Sequence[Life], size: int) -> None:
    town = open_town(sqlite_url(path), f"grow{size}")
    with town.app.database.read() as session:
        there = reading.count_cases(session)
    copier = Copier(town, lives, seed=size)
    began, before = time.monotonic(), there
    while there < size:
        there += copier.run(min(BATCH, max(1, size - there)))
        rate = (there - before) / (time.monotonic() - began)
        note(f"  {there} of {size} cases, {rate:.0f} a second")
    town.close()


def to_postgresql(path: Path, url: str) -> None:
    """Copy a database, row by row, into an empty PostgreSQL one, and put its guards in place again."""
    database = Database(url)
    upgrade(database)
    source = sqlite3.connect(path)
    with database.engine().connect() as connection:
        target: Any = connection.connection.driver_connection
        target.autocommit = False
        guards.lift(target)
        for table in metadata.sorted_tables:
            names = ", ".join(column.name for column in table.columns)
            booleans = {n for n, column in enumerate(table.columns) if isinstance(column.type, Boolean)}
            rows = source.execute(f"SELECT {names} FROM {table.name}")
            with target.cursor().copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(
                        [bool(v) if n in booleans and v is not None else v for n, v in enumerate(row)]
                    )
            if "id" in table.columns and table.columns["id"].autoincrement is True:
                target.execute(
                    f"SELECT setval('{table.name}_id_seq', coalesce((SELECT max(id) FROM {table.name}), 0) + 1, false)"
                )
        guards.install(target)
        target.commit()
        target.autocommit = True
        target.execute("ANALYZE")
    source.close()
    database.close()
