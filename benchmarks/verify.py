"""`audit verify` against reading the same rows and hashing the stored bytes, in turns, on SQLite.

The floor reads every row that a verification reads, in raw sqlite3 and in order of key, and hashes the bytes of
each event; it compares nothing. Hjul is measured from the outside, processes and their start included. The ratio is
how much of the floor's speed is left. What a verification needs of memory is told by a process of its own.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from benchmarks.data import databases
from benchmarks.growth import MANY, MOST
from benchmarks.measure import Result, in_turns, peak_memory, ratio_of_rounds, report, say, timed
from benchmarks.town import sqlite_url
from engine.audit.verify import verify_log
from engine.store.database import Database

GOALS = {1: 0.6, 2: 1.0}
MEMORY = 300.0
PAGE = 2000
EVENTS = (
    "SELECT body, stream_id, seq, hash, prev, kind, from_state, to_state, recorded_at, command_id, ordinal"
    " FROM events ORDER BY stream_id, seq"
)
OTHERS = {
    "payloads": "stream_id, seq", "unsealed": "stream_id, seq", "erasures": "stream_id, seq", "streams": "id",
    "cases": "id", "case_marks": "case_id", "coded_values": "case_id", "links": "case_id", "deadlines": "case_id",
    "tasks": "case_id", "definitions": "id", "labels": "definition_id", "units": "code", "persons": "code",
    "appointments": "id", "settings": "key", "counters": "prefix",
}  # fmt: skip


def run(*, large: bool) -> Iterator[Result]:
    """With one process and with two, and the memory of one."""
    size = MOST if large else MANY
    path = databases(*((MANY, MOST) if large else (MANY,)))[size]
    database = Database(sqlite_url(path))
    events = _verify(database, 1)

    def hjul(jobs: int) -> float:
        return 1e6 * timed(lambda: _verify(database, jobs)) / events

    found = in_turns(
        {
            "floor": lambda _: 1e6 * timed(lambda: _read(path)) / events,
            **{f"verify --jobs {jobs}": lambda _, jobs=jobs: hjul(jobs) for jobs in GOALS},
        },
        3 if large else 7,
    )
    medians = report(f"verify, {events} events, SQLite", found, "us an event")
    for jobs, goal in GOALS.items():
        name = f"verify --jobs {jobs}"
        ratio = ratio_of_rounds(found["floor"], found[name])
        say(f"  of the floor's speed, with {jobs} process{'es' if jobs > 1 else ''}: {ratio:.2f}")
        yield Result(f"verify_jobs_{jobs}", medians[name], medians["floor"], "us", ratio, goal, "higher")
    database.close()
    peak = _peak(path)
    say(f"  memory of a process that verifies: {peak:.0f} MB")
    yield Result("verify_memory", peak, 1.0, "MB", peak, MEMORY, "lower")


def _verify(database: Database, jobs: int) -> int:
    found = verify_log(database, jobs=jobs)
    assert found.ok, found.problems[:3]
    return found.events


def _read(path: Path) -> int:
    """The floor."""
    connection = sqlite3.connect(path)
    cursor = connection.execute(EVENTS)
    count = 0
    while rows := cursor.fetchmany(PAGE):
        for row in rows:
            sha256(row[0]).digest()
        count += len(rows)
    for table, order in OTHERS.items():
        cursor = connection.execute(f"SELECT * FROM {table} ORDER BY {order}")
        while cursor.fetchmany(PAGE):
            pass
    connection.close()
    return count


def _peak(path: Path) -> float:
    """The most memory that a process held while it verified, in MB."""
    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks.verify", str(path)], check=True, capture_output=True, text=True
    )
    return float(ended.stdout)


if __name__ == "__main__":
    database_ = Database(sqlite_url(Path(sys.argv[1])))
    _verify(database_, 1)
    print(peak_memory())
