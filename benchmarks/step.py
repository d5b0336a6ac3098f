"""One durable step through the service against its floor: SQLite, and PostgreSQL with 1 and 8 connections.

Hjul authorises, validates, decides and records; the floor reads and writes the same rows. That they are the same
is checked: afterwards both databases hold the same log to the byte, and as many rows of everything.
"""

from __future__ import annotations

import gc
import multiprocessing
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.floor import PostgresqlFloor, SqliteFloor
from benchmarks.life import Lot, prepare
from benchmarks.measure import Result, in_turns, note, ratio_of_rounds, report, say, timed
from benchmarks.tape import Tape, Transaction
from benchmarks.town import Town, make_town, open_town, sqlite_url
from engine.store.tables import metadata

GOAL_SQLITE = 0.6
GOAL_ONE = 0.6
GOAL_EIGHT = 0.55
UNITS = 40
UNORDERED = {"tasks", "outbox", "search_texts"}
"""Tables whose ids are given by the database in the order of arrival."""


@dataclass(frozen=True, slots=True)
class Round:
    """The lots of one worker in one round."""

    mark: str
    lots: tuple[Lot, ...]


def rounds_of(url: str, rounds: int, lots: int, workers: int = 1) -> list[list[Round]]:
    """Make the database and bring the cases of every round and worker to where they begin."""
    town = make_town(url, UNITS)
    made = [
        [
            Round(
                f"r{number}w{worker}",
                tuple(prepare(town, (worker * lots + lot) % UNITS) for lot in range(lots)),
            )
            for worker in range(workers)
        ]
        for number in range(rounds)
    ]
    town.close()
    return made


def do_round(town: Town, one: Round) -> float:
    """Let Hjul take the steps of a round; gives seconds."""
    return timed(acting(town, one))


def acting(town: Town, one: Round, tape: Tape | None = None) -> Callable[[], None]:
    """What takes the steps of a round when it is called."""
    town.numbers.begin(one.mark)
    acts = [act for lot in one.lots for act in lot.acts()]

    def work() -> None:
        for act in acts:
            act.do(town)
            if tape is not None:
                tape.next_act()

    return work


def warmed(url: str) -> Town:
    """An open database with its definitions loaded, as a process that serves many steps has it."""
    town = open_town(url)
    with town.app.database.read() as session:
        decider = town.app.decider
        for digest in decider.keeper.read(session).current.values():
            decider.library.get(session, digest)
    return town


def record(url: str, rounds: Sequence[Sequence[Round]]) -> list[list[list[Transaction]]]:
    """The transactions of every round and worker, from doing them once on a copy."""
    taped = []
    town = warmed(url)
    for number in rounds:
        of_round = []
        for one in number:
            tape = Tape()
            with tape.recording():
                acting(town, one, tape)()
            of_round.append(tape.transactions)
        taped.append(of_round)
    town.close()
    return taped


def describe(taped: Sequence[Sequence[Sequence[Transaction]]], acts: int) -> None:
    """Say what one call of the service writes."""
    transactions = [one for number in taped for worker in number for one in worker]
    rows = Counter(table for one in transactions for table, _, _ in one.writes)
    rows["streams"] += rows["events"]
    rows["unsealed"] += rows["events"]
    size = sum(
        len(value) if isinstance(value, (bytes, str)) else 8
        for one in transactions for _, _, arguments in one.writes for value in arguments
    )  # fmt: skip
    say(
        f"  {acts} calls, {len(transactions)} commits; rows written per call: {sum(rows.values()) / acts:.1f}"
    )
    say("  " + ", ".join(f"{table} {count / acts:.2f}" for table, count in rows.most_common()))
    say(f"  values written per call: {size / acts:.0f} bytes")


def contents(rows: Iterator[tuple[str, list[tuple[Any, ...]]]]) -> dict[str, Any]:
    """What two databases are compared by: every row, ids apart where the order of arrival gives them."""
    return {
        table: sorted(
            tuple(str(bytes(v)) if isinstance(v, (bytes, memoryview)) else str(v) for v in row[skip:])
            for row in found
        )
        for table, found in rows
        if table not in ("drafts", "access_log")
        for skip in [1 if table in UNORDERED else 0]
    }


def compare(hjul: dict[str, Any], floor: dict[str, Any]) -> None:
    """Make sure that the floor wrote what Hjul wrote.

    Raises:
        AssertionError: It did not.
    """
    for table, rows in hjul.items():
        assert rows == floor[table], f"the floor is not the same in {table}: {len(rows)}, {len(floor[table])}"
    say(f"  the same rows in both: {sum(map(len, hjul.values()))} in {len(hjul)} tables")


# --- SQLite ---------------------------------------------------------------------------------------------------


def on_sqlite(*, rounds: int = 41, lots: int = 2) -> Result:
    """Measure on SQLite."""
    with tempfile.TemporaryDirectory(prefix="hjul-bench-") as folder:
        made, hjul, floor = (Path(folder) / name for name in ("made.sqlite", "hjul.sqlite", "floor.sqlite"))
        plan = rounds_of(sqlite_url(made), rounds, lots)
        shutil.copy(made, hjul)
        shutil.copy(made, floor)
        taped = record(sqlite_url(made), plan)
        acts = sum(len(lot.acts()) for number in plan for one in number for lot in one.lots)
        player, town = SqliteFloor(str(floor)), warmed(sqlite_url(hjul))
        found = in_turns(
            {
                "hjul": lambda number: do_round(town, plan[number][0]),
                "floor": lambda number: timed(lambda: player.play(taped[number][0])),
            },
            rounds,
        )
        mode = player.connection.execute("PRAGMA journal_mode").fetchone()[0]
        player.connection.close()
        town.close()
        result = _result("step_sqlite", found, acts // rounds, GOAL_SQLITE, f"step, SQLite, journal {mode}")
        describe(taped, acts)
        compare(contents(sqlite_rows(hjul)), contents(sqlite_rows(floor)))
        return result


def sqlite_rows(path: Path) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    """Every row of every table of a file."""
    import sqlite3  # noqa: PLC0415

    connection = sqlite3.connect(path)
    for table in metadata.tables:
        yield table, connection.execute(f"SELECT * FROM {table}").fetchall()
    connection.close()


# --- PostgreSQL -----------------------------------------------------------------------------------------------


@contextmanager
def server() -> Iterator[Any]:
    """A PostgreSQL that writes to disk."""
    from tests.postgresql import temporary_server  # noqa: PLC0415

    with temporary_server(durable=True) as url:
        yield url


def on_postgresql(connections: int, *, rounds: int = 41, lots: int = 2) -> Result:
    """Measure on PostgreSQL with so many connections, each in a process of its own."""
    from tests.postgresql import new_database  # noqa: PLC0415

    goal = GOAL_ONE if connections == 1 else GOAL_EIGHT
    with server() as url, new_database(url) as made:
        text = made.render_as_string(hide_password=False)
        plan = rounds_of(text, rounds, lots, connections)
        acts = sum(len(lot.acts()) for number in plan for one in number for lot in one.lots)
        with (
            new_database(url, template=str(made.database)) as hjul,
            new_database(url, template=str(made.database)) as floor,
        ):
            note("  recording the tape")
            taped = record(text, plan)
            crew = Crew(
                hjul.render_as_string(hide_password=False), _conninfo(floor), plan, taped, connections
            )
            with crew.working():
                found = in_turns({"hjul": crew.hjul, "floor": crew.floor}, rounds)
            title = f"step, PostgreSQL, {connections} connection{'s' if connections > 1 else ''}"
            result = _result(f"step_postgresql_{connections}", found, acts // rounds, goal, title)
            describe(taped, acts)
            if connections == 1:
                compare(contents(_postgresql_rows(hjul)), contents(_postgresql_rows(floor)))
            else:
                ours, theirs = ({t: len(r) for t, r in _postgresql_rows(u)} for u in (hjul, floor))
                assert ours == theirs, (ours, theirs)
                say(f"  as many rows in both: {sum(ours.values())}")
            return result


def _conninfo(url: Any) -> str:
    return str(url.set(drivername="postgresql").render_as_string(hide_password=False))


def _postgresql_rows(url: Any) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    with psycopg.connect(_conninfo(url)) as connection:
        for table in metadata.tables:
            yield table, connection.execute(f"SELECT * FROM {table}").fetchall()


class Crew:
    """Workers in processes of their own, which do a round at the same time when they are told."""

    def __init__(
        self, hjul: str, floor: str, plan: list[list[Round]], taped: list[list[list[Transaction]]], size: int
    ) -> None:
        """Take what there is to do."""
        self._jobs = [
            (hjul, floor, [number[worker] for number in plan], [number[worker] for number in taped])
            for worker in range(size)
        ]
        self._pipes: list[Any] = []

    @contextmanager
    def working(self) -> Iterator[None]:
        """Have the workers for a while."""
        context = multiprocessing.get_context("spawn")
        processes = []
        for job in self._jobs:
            here, there = context.Pipe()
            process = context.Process(target=_work, args=(there, *job), daemon=True)
            process.start()
            processes.append(process)
            self._pipes.append(here)
        try:
            yield
        finally:
            for pipe in self._pipes:
                pipe.send(None)
            for process in processes:
                process.join(30)

    def hjul(self, number: int) -> float:
        """Seconds of a round by Hjul."""
        return self._run(("hjul", number))

    def floor(self, number: int) -> float:
        """Seconds of a round by the floor."""
        return self._run(("floor", number))

    def _run(self, order: tuple[str, int]) -> float:
        for pipe in self._pipes:
            pipe.send(order)
        for pipe in self._pipes:
            assert pipe.recv() == "ready"
        began = time.perf_counter()
        for pipe in self._pipes:
            pipe.send("go")
        for pipe in self._pipes:
            assert pipe.recv() == "done"
        return time.perf_counter() - began


def _work(pipe: Any, hjul: str, floor: str, plan: list[Round], taped: list[list[Transaction]]) -> None:
    player, town = PostgresqlFloor(floor), warmed(hjul)
    while (order := pipe.recv()) is not None:
        kind, number = order
        if kind == "floor":
            player.prepare(taped[number])
            work = player.play
        else:
            work = acting(town, plan[number])
        gc.collect()
        gc.disable()
        pipe.send("ready")
        pipe.recv()
        work()
        pipe.send("done")
        gc.enable()


def _result(name: str, found: dict[str, list[float]], acts: int, goal: float, title: str) -> Result:
    each = {key: [1000 * seconds / acts for seconds in values] for key, values in found.items()}
    medians = report(title, each, "ms a step")
    ratio = ratio_of_rounds(each["floor"], each["hjul"])
    say(f"  of the floor: {ratio:.2f}")
    return Result(name, medians["hjul"], medians["floor"], "ms", ratio, goal, "higher")


def run(*, large: bool) -> Iterator[Result]:
    """All of them. Rounds are short and many, so that what disturbs the machine disturbs both sides."""
    rounds = 81 if large else 41
    yield on_sqlite(rounds=rounds)
    yield on_postgresql(1, rounds=rounds)
    yield on_postgresql(8, rounds=rounds // 2, lots=1)
