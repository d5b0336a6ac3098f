"""Lists and searches: a page of 50 cases, of one unit and of a rare and a common word, as the cases grow.

Inside the process, through the service, access rules applied, on SQLite and on PostgreSQL. The floor is the same among
the fewest cases. A page of a list should not take longer among many; a search may, as far as there is more to find.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from benchmarks.data import databases, to_postgresql
from benchmarks.measure import Result, in_turns, note, ratio_of_rounds, report, say, timed
from benchmarks.town import LATER, Town, open_town, sqlite_url
from engine.service.listed import CasePage

SMALL = (10_000,)
LARGE = (10_000, 100_000)
FLAT = 1.2
SEARCH_FLAT = 12.0
"""A word that stands in half of the cases: there is ten times as much to sort."""
TIMES = 5
ROUNDS = 7
VIEWER = "mycket"
ASKED: Mapping[str, dict[str, str]] = {
    "cases": {},
    "search_common": {"search": "larmmattan"},
    "search_reference": {"search": "avv-2026-77"},
    "search_nothing": {"search": "kamelkaravan"},
}


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
    least, most = f"{min(urls)} cases", f"{max(urls)} cases"
    for key, asked in ASKED.items():
        found = in_turns({f"{size} cases": _pages(town, asked) for size, town in towns.items()}, ROUNDS)
        medians = report(f"{key}, a page of 50, {name}", found, "ms")
        ratio = ratio_of_rounds(found[most], found[least])
        say(f"  among the most cases, times that among the fewest: {ratio:.2f}")
        goal = SEARCH_FLAT if key == "search_common" else FLAT
        yield Result(f"{key}_flat_{name}", medians[most], medians[least], "ms", ratio, goal, "lower")
    for town in towns.values():
        town.close()


def _pages(town: Town, asked: dict[str, str]) -> Callable[[int], float]:
    def work() -> None:
        for _ in range(TIMES):
            _page(town, asked)

    return lambda _: 1000 * timed(work) / TIMES


def _page(town: Town, asked: dict[str, str]) -> CasePage:
    with town.acting(VIEWER):
        return town.register.cases(limit=50, search=asked.get("search"))
