"""The task list: a page of 50 for somebody with 4 units and 3 roles, access rules applied, as the cases grow.

Inside the process, through the service, on SQLite and on PostgreSQL. The floor is the list among the fewest cases:
it should not take longer among many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from benchmarks.data import databases, to_postgresql
from benchmarks.measure import Result, in_turns, note, ratio_of_rounds, report, say, timed
from benchmarks.town import LATER, Town, open_town, sqlite_url
from engine.service.listed import TaskPage

SMALL = (10_000, 50_000)
LARGE = (10_000, 100_000, 1_000_000)
FLAT = 1.2
MILLISECONDS = 2.0
TIMES = 20
ROUNDS = 15
VIEWER = "mycket"


def run(*, large: bool) -> Iterator[Result]:
    """On both databases."""
    paths = databases(*(LARGE if large else SMALL))
    yield from _measure("sqlite", {size: sqlite_url(path) for size, path in paths.items()})
    yield from on_postgresql(paths)


def on_postgresql(paths: Mapping[int, Path]) -> Iterator[Result]:
    """The same on PostgreSQL, from copies."""
    from benchmarks.step import server  # noqa: PLC0415
    from tests.postgresql import new_database  # noqa: PLC0415

    with server() as url, ExitStack() as open_:
        urls = {}
        for size, path in paths.items():
            note(f"  copying {size} cases to PostgreSQL")
            made = open_.enter_context(new_database(url))
            urls[size] = made.render_as_string(hide_password=False)
            to_postgresql(path, urls[size])
        yield from _measure("postgresql", urls)


def _measure(name: str, urls: Mapping[int, str]) -> Iterator[Result]:
    towns = {size: open_town(url, now=LATER) for size, url in urls.items()}
    for size, town in towns.items():
        page = _page(town)
        assert len(page.rows) == 50, (size, len(page.rows))

    found = in_turns({f"{size} cases": _pages(town) for size, town in towns.items()}, ROUNDS)
    medians = report(f"task list, a page of 50, {name}", found, "ms")
    least, most = f"{min(urls)} cases", f"{max(urls)} cases"
    ratio = ratio_of_rounds(found[most], found[least])
    say(f"  among the most cases, times that among the fewest: {ratio:.2f}")
    yield Result(f"tasks_flat_{name}", medians[most], medians[least], "ms", ratio, FLAT, "lower")
    # What it takes when nobody else is served: the quickest round, since this one is no ratio.
    quickest = min(found[most])
    yield Result(f"tasks_ms_{name}", quickest, 1.0, "ms", quickest, MILLISECONDS, "lower")
    for town in towns.values():
        town.close()


def _pages(town: Town) -> Callable[[int], float]:
    def work() -> None:
        for _ in range(TIMES):
            _page(town)

    return lambda _: 1000 * timed(work) / TIMES


def _page(town: Town) -> TaskPage:
    with town.acting(VIEWER):
        return town.register.tasks(limit=50)
