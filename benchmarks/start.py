"""How long whole commands take from nothing: `hjul --help`, lists, a case, a step, against what Python itself needs.

The floor of help is an interpreter that imports click, that of the others one that imports click and SQLAlchemy.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.life import REPORT, prepare
from benchmarks.measure import Result, in_turns, ratio_of_rounds, report, say
from benchmarks.town import make_town, manager, sqlite_url, unit_code, worker

CLICK = ("-c", "import click")
BOTH = ("-c", "import click, sqlalchemy")
HJUL = ("-c", "from cli.main import main; main()")
COMPLETING = {"_HJUL_COMPLETE": "bash_complete", "COMP_WORDS": "hjul ta", "COMP_CWORD": "1"}
UNITS = 12


def run(*, large: bool) -> Iterator[Result]:
    """All of them."""
    rounds = 41 if large else 21
    with tempfile.TemporaryDirectory(prefix="hjul-bench-") as folder:
        path = Path(folder) / "start.sqlite"
        town = make_town(sqlite_url(path), UNITS)
        lots = [prepare(town, unit) for unit in range(UNITS)]
        town.close()
        # An installed program has its bytecode; where the environment forbids to write it, it is kept apart.
        bytecode = {"PYTHONPYCACHEPREFIX": str(Path(folder) / "bytecode"), "PYTHONDONTWRITEBYTECODE": ""}
        settings = bytecode | {"HJUL_DB": sqlite_url(path), "HJUL_NOW": "2026-03-03T09:00:00Z"}
        given = [part for key, value in REPORT.items() for part in ("--set", f"{key}={value}")]
        case = lots[0].investigated
        chief, reporter = {"HJUL_USER": manager(0)}, {"HJUL_USER": worker(0)}
        commands: tuple[tuple[str, Sequence[str], Mapping[str, str], Sequence[str], float], ...] = (
            ("help", ["--help"], {}, CLICK, 1.3),
            ("version", ["--version"], {}, CLICK, 1.3),
            ("completion", [], COMPLETING, CLICK, 1.3),
            ("tasks", ["tasks"], chief, BOTH, 1.3),
            ("cases", ["cases"], chief, BOTH, 1.3),
            ("log", ["log", case], chief, BOTH, 1.3),
            ("show", ["show", case], chief, BOTH, 2.0),
            ("step", ["step", case, "begar_mas_bedomning", "--no-input"], chief, BOTH, 2.0),
            (
                "new",
                ["new", "avvikelse", "--no-input", "--set", f"unit={unit_code(0)}", *given],
                reporter,
                BOTH,
                2.0,
            ),
        )
        for name, arguments, more, floor, goal in commands:
            yield _measure(name, arguments, settings | dict(more), floor, goal, rounds)


def _measure(
    name: str,
    arguments: Sequence[str],
    settings: Mapping[str, str],
    floor: Sequence[str],
    goal: float,
    rounds: int,
) -> Result:
    for warming in ([*HJUL, *arguments], floor):
        _once(warming, settings)
    found = in_turns(
        {
            "hjul": lambda _: _once([*HJUL, *arguments], settings),
            "floor": lambda _: _once(floor, settings),
        },
        rounds,
    )
    each = {key: [seconds * 1000 for seconds in values] for key, values in found.items()}
    medians = report(f"start of {name}, whole process; the floor: python {' '.join(floor)}", each, "ms")
    ratio = ratio_of_rounds(each["hjul"], each["floor"])
    say(f"  times the floor: {ratio:.2f}")
    return Result(f"start_{name}", medians["hjul"], medians["floor"], "ms", ratio, goal, "lower")


def _once(arguments: Sequence[str], settings: Mapping[str, str]) -> float:
    environment = {**os.environ, **settings}
    began = time.perf_counter()
    ended = subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        capture_output=True,
        check=False,
        cwd=Path(__file__).parents[1],
    )
    taken = time.perf_counter() - began
    assert ended.returncode == 0, ended.stderr.decode()
    return taken
