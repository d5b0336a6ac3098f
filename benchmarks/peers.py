"""A case through six steps: Hjul, and other engines on the same disk in turns, each with a history and a commit a step.

Of Hjul's six, two are signed notes. None of the others authorises, validates, or writes a chained log. They are no part
of the project, so the measurement wants an interpreter that has them: HJUL_BENCH_PEERS names a virtual environment with
django-fsm-2, SpiffWorkflow and dbos. Their start is not counted.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.life import CAUSE, REPORT, SERIOUS
from benchmarks.measure import Result, in_turns, note, report, say, timed
from benchmarks.step import warmed
from benchmarks.town import Town, make_town, manager, sqlite_url, unit_code, worker

PEERS = {"django-fsm-2 and a log": "fsm", "SpiffWorkflow": "spiff", "DBOS": "durable"}
GOAL = 3.0
CASES = 40
ROUNDS = 7
UNITS = 4


def run(*, large: bool) -> Iterator[Result]:
    """Against the quickest of them."""
    del large
    where = os.environ.get("HJUL_BENCH_PEERS")
    if where is None:
        note("peers: HJUL_BENCH_PEERS names no virtual environment with django-fsm-2, SpiffWorkflow and dbos")
        return
    python = Path(where) / "bin" / "python"
    with tempfile.TemporaryDirectory(prefix="hjul-bench-") as folder:
        path = Path(folder) / "hjul.sqlite"
        make_town(sqlite_url(path), UNITS).close()
        town = warmed(sqlite_url(path))
        town.numbers.begin("peers")
        _case(town, 0)
        works = {"hjul": lambda number: timed(lambda: _cases(town, number)) / CASES}
        for name, script in PEERS.items():
            works[name] = lambda number, script=script: _peer(
                python, script, Path(folder) / f"{script}{number}"
            )
        found = in_turns(works, ROUNDS)
        town.close()
    each = {name: [1000 * seconds for seconds in values] for name, values in found.items()}
    medians = report("a case through six steps, SQLite", each, "ms a case")
    best = min(PEERS, key=medians.__getitem__)
    ratio = medians[best] / medians["hjul"]
    say(f"  {1000 / medians['hjul']:.0f} cases a second, {ratio:.2f} times {best}")
    yield Result("six_steps", medians["hjul"], medians[best], "ms", ratio, GOAL, "higher")


def _peer(python: Path, script: str, database: Path) -> float:
    """Seconds of a case."""
    file = Path(__file__).parent / "peer" / f"{script}.py"
    ended = subprocess.run([python, file, database, str(CASES)], check=True, capture_output=True, text=True)
    return float(ended.stdout.split()[-1]) / CASES


def _cases(town: Town, number: int) -> None:
    for _ in range(CASES):
        _case(town, number % UNITS)


def _case(town: Town, unit: int) -> None:
    chief, staff = manager(unit), worker(unit)
    with town.acting(staff) as cases:
        reference = cases.open_case("avvikelse", unit=unit_code(unit), values=REPORT).reference
    with town.acting(chief) as cases:
        cases.take_step(reference, "bedom", values=SERIOUS)
        cases.take_step(reference, "paborja_utredning", values={"utredare": staff})
    with town.acting(staff) as cases:
        cases.take_step(reference, "ange_orsak", values=CAUSE)
        cases.add_entry(
            reference, "samtal", "Samtal med personalen om larmmattan.", "Samtal", judgement=False
        )
        cases.add_entry(reference, "samtal", "Samtal med den boende.", "Samtal", judgement=False)
