"""Long runs of `tick`: killed fifty times, three workers at once; every reminder is there and none is twice."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.service.house import make

pytestmark = pytest.mark.soak
ROOT = Path(__file__).parents[2]
KILLS, WORKERS, CASES = 50, 3, 60
DAYS = ("2026-03-07", "2026-03-09", "2026-03-10", "2026-03-14", "2026-03-19")
LEVELS = ("-2", "0", "1", "5", "10")


def start(url: str, day: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.soak.ticking", url, f"{day}T08:00:00+00:00"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def begun(process: subprocess.Popen) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"


def end(process: subprocess.Popen) -> None:
    assert process.stdout is not None
    process.stdout.close()
    process.wait()


def test_tick__killed_fifty_times_by_three_workers_loses_and_doubles_nothing(database_url, tmp_path):
    house = make(database_url, tmp_path / "definitions")
    references = [house.tell() for _ in range(CASES)]
    chance = random.Random(1930)
    for day in DAYS:
        for _ in range(KILLS // len(DAYS)):
            workers = [start(database_url, day) for _ in range(WORKERS)]
            for worker in workers:
                begun(worker)
            time.sleep(chance.uniform(0.0, 0.25))
            killed = chance.choice(workers)
            killed.send_signal(signal.SIGKILL)
            for worker in workers:
                if worker is not killed and chance.random() < 0.5:
                    worker.send_signal(signal.SIGKILL)
                end(worker)
        last = [start(database_url, day) for _ in range(WORKERS)]
        for worker in last:
            begun(worker)
            end(worker)
            assert worker.returncode == 0
    rows = house.rows("SELECT key FROM outbox WHERE key LIKE 'reminder:%'")
    found = Counter((key.split(":")[1], key.split(":")[4], key.split(":")[5]) for (key,) in rows)
    wanted = {(reference, level, "keeper") for reference in references for level in LEVELS}
    assert wanted <= set(found)
    assert set(found.values()) == {1}
    assert house.door().audit.verify().ok
    house.close()
