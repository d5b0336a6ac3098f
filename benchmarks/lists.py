"""Lists, searches and reports as the cases grow: what people wait for, inside the process, access rules applied.

For somebody with 4 units and 3 roles, and for somebody who works at one unit and sees what they reported. On SQLite and
on PostgreSQL. The floor is the same among the fewest cases. A page of a list should not take longer among many; a
search may, as far as there is more to find, and so may a report, which counts them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.data import databases, to_postgresql
from benchmarks.measure import Result, in_turns, note, ratio_of_rounds, report, say, timed
from benchmarks.town import LATER, Town, open_town, sqlite_url, worker

SMALL = (10_000, 50_000)
LARGE = (10_000, 100_000, 1_000_000)
FLAT = 1.2
MILLISECONDS = 2.0
"""Of a page of tasks."""
ROUNDS = 9
MUCH, LITTLE = "mycket", worker(3)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for, by whom, how often in a round, and how many times longer it may take among many cases.

    growing: how much of the growth in cases there is more to do, such as rows to count: the goal grows with it.
    """

    key: str
    viewer: str
    ask: Callable[[Town], object]
    times: int = 5
    growing: bool = False

    def goal(self, growth: float) -> float:
        """How many times longer it may take among so many times more cases."""
        return FLAT * growth if self.growing else FLAT


def _tasks(town: Town) -> object:
    return town.register.tasks(limit=50)


def _cases(town: Town) -> object:
    return town.register.cases(limit=50)


def _search(words: str) -> Callable[[Town], object]:
    return lambda town: town.register.cases(limit=50, search=words)


def _report(town: Town) -> object:
    return town.app.reports.write("handelser", format="json")


TASKS: Sequence[Asked] = (Asked("tasks", MUCH, _tasks, 20), Asked("tasks_few_rights", LITTLE, _tasks, 20))
ASKED: Sequence[Asked] = (
    *TASKS,
    Asked("cases", MUCH, _cases), Asked("cases_few_rights", LITTLE, _cases),
    Asked("search_common", MUCH, _search("larmmattan"), 1, growing=True),
    Asked("search_common_few_rights", LITTLE, _search("larmmattan"), 1, growing=True),
    Asked("search_reference", MUCH, _search("avv-2026-77")),
    Asked("search_nothing", MUCH, _search("kamelkaravan")),
    Asked("report", MUCH, _report, 1, growing=True),
)  # fmt: skip


def run(*, large: bool) -> Iterator[Result]:
    """All of them, on both databases."""
    yield from measure(ASKED, LARGE if large else SMALL)


def tasks(*, large: bool) -> Iterator[Result]:
    """The task lists alone."""
    yield from measure(TASKS, LARGE if large else SMALL)


def measure(asked: Sequence[Asked], sizes: Sequence[int]) -> Iterator[Result]:
    """So many cases at least, on both databases; on PostgreSQL in copies."""
    from benchmarks.step import server  # noqa: PLC0415
    from tests.postgresql import new_database  # noqa: PLC0415

    paths = databases(*sizes)
    yield from measured("sqlite", asked, {size: sqlite_url(path) for size, path in paths.items()})
    with server() as url, ExitStack() as open_:
        urls = {size: _copied(path, open_.enter_context(new_database(url))) for size, path in paths.items()}
        yield from measured("postgresql", asked, urls)


def _copied(path: Path, url: object) -> str:
    from sqlalchemy.engine import make_url  # noqa: PLC0415

    text = make_url(url).render_as_string(hide_password=False)  # type: ignore[arg-type]
    note(f"  copying {path.name} to PostgreSQL")
    to_postgresql(path, text)
    return text


def measured(name: str, asked: Sequence[Asked], urls: Mapping[int, str]) -> Iterator[Result]:
    """What is asked of databases of one kind, by their number of cases."""
    towns = {size: open_town(url, now=LATER) for size, url in urls.items()}
    for one in asked:
        yield from _measure(name, one, towns)
    for town in towns.values():
        town.close()


def _measure(name: str, one: Asked, towns: Mapping[int, Town]) -> Iterator[Result]:
    for town in towns.values():
        _pages(town, one)(0)  # what a process that serves many has done before
    found = in_turns({f"{size} cases": _pages(town, one) for size, town in towns.items()}, ROUNDS)
    medians = report(f"{one.key}, {name}", found, "ms")
    least, *others = (f"{size} cases" for size in sorted(towns))
    for number, more in enumerate(others, 1):
        ratio = ratio_of_rounds(found[more], found[least])
        say(f"  among {more}, times that among {least}: {ratio:.2f}")
        if number == len(others):
            goal = one.goal(max(towns) / min(towns))
            yield Result(f"{one.key}_flat_{name}", medians[more], medians[least], "ms", ratio, goal, "lower")
    if one.key == "tasks":
        # What it takes when nobody else is served: the quickest round, since this one is no ratio.
        quickest = min(found[f"{max(towns)} cases"])
        yield Result(f"tasks_ms_{name}", quickest, 1.0, "ms", quickest, MILLISECONDS, "lower")


def _pages(town: Town, one: Asked) -> Callable[[int], float]:
    def work() -> None:
        for _ in range(one.times):
            with town.acting(one.viewer):
                one.ask(town)

    return lambda _: 1000 * timed(work) / one.times
