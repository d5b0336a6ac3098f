"""What a step costs as the log grows: the same mix of steps among few events and among many, on SQLite."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.data import UNITS_LARGE, databases
from benchmarks.life import prepare
from benchmarks.measure import Result, in_turns, ratio_of_rounds, report, say
from benchmarks.step import Round, do_round, warmed
from benchmarks.town import Town, open_town, sqlite_url
from engine.store.database import Database

FEW, MANY, MOST = 2_300, 23_000, 230_000
"""Cases: about ten thousand, a hundred thousand and a million events."""
GOAL = 1.2
LOTS = 6


def run(*, large: bool) -> Iterator[Result]:
    """Between the fewest and the most."""
    rounds = 9
    sizes = (FEW, MANY, MOST) if large else (FEW, MANY)
    kept = databases(*sizes)
    with tempfile.TemporaryDirectory(prefix="hjul-bench-") as folder:
        urls, plans, names = {}, {}, {}
        for size in sizes:
            path = Path(folder) / f"{size}.sqlite"
            shutil.copy(kept[size], path)
            urls[size] = sqlite_url(path)
            names[size] = f"{_events(urls[size])} events"
            plans[size] = _plan(urls[size], rounds)
        towns = {size: warmed(url) for size, url in urls.items()}
        acts = sum(len(lot.acts()) for lot in plans[FEW][0].lots)
        found = in_turns({names[size]: _rounds(towns[size], plans[size], acts) for size in sizes}, rounds)
        for town in towns.values():
            town.close()
    medians = report("a step as the log grows, SQLite", found, "ms a step")
    few, most = names[min(sizes)], names[max(sizes)]
    ratio = ratio_of_rounds(found[most], found[few])
    say(f"  among the most events, times that among the fewest: {ratio:.2f}")
    yield Result("growth", medians[most], medians[few], "ms", ratio, GOAL, "lower")


def _rounds(town: Town, plan: Sequence[Round], acts: int) -> Callable[[int], float]:
    return lambda number: 1000 * do_round(town, plan[number]) / acts


def _plan(url: str, rounds: int) -> list[Round]:
    town = open_town(url, "plan")
    plan = [
        Round(f"g{number}", tuple(prepare(town, (number * LOTS + lot) % UNITS_LARGE) for lot in range(LOTS)))
        for number in range(rounds)
    ]
    town.close()
    return plan


def _events(url: str) -> int:
    database = Database(url)
    with database.read() as session:
        found = session.raw.execute("SELECT count(*) FROM events").fetchone()[0]
    database.close()
    return int(found)
