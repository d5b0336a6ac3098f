"""Long runs: processes that are killed while they write, and many that write at once."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.errors import ConcurrentChangeError
from tests.contract.checking import check_log
from tests.contract.world import AUTHORITY, World, decision, make

pytestmark = pytest.mark.soak
ROOT = Path(__file__).parents[2]
KILLS, WRITERS, STEPS, ROUNDS = 100, 8, 500, 300


@pytest.fixture(name="world")
def fresh_world(database_url):
    """A database with one published process; `url` is where."""
    world = make(database_url)
    yield world
    world.database.close()


def start(url: str, steps: int, name: str, *references: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.soak.stepping", url, str(steps), name, *references],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def check_acknowledged(world: World, acknowledged: list[dict]) -> None:
    for said in acknowledged:
        outcome = world.work.outcome_of(said["command"])
        assert outcome is not None, f"lost: {said}"
        assert (said["reference"], said["seq"], said["hash"]) in {
            (result.reference, result.seq, result.hash) for result in outcome.results
        }


def test_record__loses_nothing_acknowledged_when_killed_a_hundred_times(world, database_url):
    chance = random.Random(2011)
    everything = []
    for turn in range(KILLS):
        process = start(database_url, 0, f"run{turn}")
        lines: list[str] = []
        assert process.stdout is not None
        reader = threading.Thread(target=lambda p=process.stdout, into=lines: into.extend(p))
        reader.start()
        while not lines and process.poll() is None:
            time.sleep(0.002)
        time.sleep(chance.uniform(0.0, 0.15))
        process.send_signal(signal.SIGKILL)
        process.wait()
        reader.join()
        process.stdout.close()
        # The last line may be half written: then nobody was told.
        acknowledged = [json.loads(line) for line in lines if line.endswith("\n")]
        assert acknowledged
        check_acknowledged(world, acknowledged)
        everything += acknowledged
        if turn % 10 == 9:
            check_log(world.database, AUTHORITY, world.document.process)
    check_acknowledged(world, everything)
    counts = check_log(world.database, AUTHORITY, world.document.process)
    numbers = sorted(int(name.rpartition("-")[2]) for name in counts if name.startswith("ERR-"))
    assert numbers == list(range(1, len(numbers) + 1)), "a number was lost"


def together(url: str, references: list[list[str]]) -> list[dict]:
    """What as many processes as there are lists said, each stepping in the cases of its list."""
    processes = [start(url, STEPS, f"w{n}", *names) for n, names in enumerate(references)]
    with ThreadPoolExecutor(len(processes)) as pool:
        said = list(pool.map(lambda process: process.communicate()[0], processes))
    assert [process.returncode for process in processes] == [0] * len(processes)
    return [json.loads(line) for text in said for line in text.splitlines()]


def test_record__explains_every_refusal_with_eight_processes_on_one_case(world, database_url):
    case = world.opened()
    said = together(database_url, [[case.reference]] * WRITERS)
    done = [line for line in said if "command" in line]
    assert sorted(line["seq"] for line in done) == list(range(2, WRITERS * STEPS + 2))
    assert all(line["between"] == min(20, line["now"] - line["seen"]) for line in said if "conflict" in line)
    check_acknowledged(world, done)
    assert check_log(world.database, AUTHORITY, world.document.process)[case.reference] == WRITERS * STEPS + 1


def test_record__doubles_nothing_with_eight_processes_on_many_cases(world, database_url):
    names = [world.opened().reference for _ in range(WRITERS * 2)]
    said = together(database_url, [names[n:] + names[:n] for n in range(WRITERS)])
    done = [line for line in said if "command" in line]
    assert len({(line["reference"], line["seq"]) for line in done}) == WRITERS * STEPS
    check_acknowledged(world, done)
    counts = check_log(world.database, AUTHORITY, world.document.process)
    assert sum(counts[name] for name in names) == WRITERS * STEPS + len(names)


def test_record__holds_what_decisions_relied_on_under_writers_at_once(world):
    def attempt(asked) -> bool:
        try:
            world.record(asked)
        except ConcurrentChangeError:
            return False
        return True

    with ThreadPoolExecutor(3) as pool:
        for _ in range(ROUNDS):
            a, b, c = world.opened(), world.opened(), world.opened()
            ring = [
                decision(world.judging(one), relied=((two.reference, 1),))
                for one, two in ((a, b), (b, c), (c, a))
            ]
            # In a ring of three, each relying on the next standing still, only the order a, c, b can do two.
            assert sum(pool.map(attempt, ring)) in (1, 2)
    check_log(world.database, AUTHORITY, world.document.process)
