"""`tick`: reminders of 5,000 deadlines that are due among 100,000 open ones, against the SQL alone on the same rows.

The floor reads what is due, writes its reminders and plans the next, in one transaction on the driver's connection. And
the same 5,000 among 10,000: what is not due should cost nothing.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from benchmarks.life import REPORT
from benchmarks.measure import Result, in_turns, ratio_of_rounds, report, say, timed
from benchmarks.town import BEGAN, Town, make_town, open_town, sqlite_url, unit_code, worker
from engine.service.reminding import RemindingService
from engine.service.tick import TickService

CASES = 100
DUE = 5_000
FEW, MANY = 10_000, 100_000
ROUNDS = 7
GOAL = 6.0
FLAT = 1.2
TODAY = (BEGAN + timedelta(days=2)).date().isoformat()


def run(*, large: bool) -> Iterator[Result]:
    """On SQLite."""
    del large
    with tempfile.TemporaryDirectory() as folder:
        paths = {size: _make(Path(folder) / f"{size}.sqlite", size) for size in (FEW, MANY)}
        copy = Path(folder) / "copy.sqlite"
        works: dict[str, Callable[[int], float]] = {
            "sql": lambda _: _floor(shutil.copyfile(paths[MANY], copy)),
            "tick": lambda _: _tick(shutil.copyfile(paths[MANY], copy)),
            "tick among few": lambda _: _tick(shutil.copyfile(paths[FEW], copy)),
        }
        found = in_turns(works, ROUNDS)
    medians = report(f"{DUE} reminders among {MANY} deadlines", found, "s")
    ratio = ratio_of_rounds(found["tick"], found["sql"])
    flat = ratio_of_rounds(found["tick"], found["tick among few"])
    say(f"  times the SQL alone: {ratio:.2f}; among many, times among few: {flat:.2f}")
    yield Result("tick_sql", medians["tick"], medians["sql"], "s", ratio, GOAL, "lower")
    yield Result("tick_flat", medians["tick"], medians["tick among few"], "s", flat, FLAT, "lower")


def _make(path: Path, size: int) -> Path:
    """Cases with many deadlines each: 5,000 of which the reminder is due, the others later."""
    town = make_town(sqlite_url(path))
    references = [_report(town, number % 40) for number in range(CASES)]
    town.close()
    raw = sqlite3.connect(path)
    ids = [row[0] for row in raw.execute("SELECT id FROM cases ORDER BY id")]
    assert len(ids) == len(references)
    later = (BEGAN + timedelta(days=300)).date().isoformat()
    raw.execute("UPDATE deadlines SET next_on = ?", (later,))
    rows = (
        (ids[n % CASES], f"k{n}", "bedom", "lokal", TODAY if n < DUE else later, "2026-03-01", "open",
         TODAY if n < DUE else later, TODAY if n < DUE else later)
        for n in range(size)
    )  # fmt: skip
    raw.executemany(
        "INSERT INTO deadlines (case_id, key, step, kind, due_on, since, status, alert_on, next_on)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
    raw.commit()
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    return path


def _report(town: Town, unit: int) -> str:
    with town.acting(worker(unit)) as cases:
        return cases.open_case("avvikelse", unit=unit_code(unit), values=REPORT).reference


def _tick(path: Path) -> float:
    town = open_town(sqlite_url(path), now=BEGAN + timedelta(days=2))
    app = town.app
    service = TickService(
        app.database, app.clock, app.numbers.clock, app.new_id, app.zone, (RemindingService(app.decider),)
    )
    taken = timed(lambda: _check(service.run().done))
    town.close()
    return taken


def _check(done: int) -> None:
    assert done >= DUE, done


def _floor(path: Path) -> float:
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("PRAGMA synchronous = FULL")

    def work() -> None:
        raw.execute("BEGIN IMMEDIATE")
        due = raw.execute(
            "SELECT d.case_id, d.key, d.step, d.due_on, s.name, s.seq, c.unit, t.role FROM deadlines d"
            " JOIN cases c ON c.id = d.case_id JOIN streams s ON s.id = d.case_id"
            " JOIN tasks t ON t.case_id = d.case_id AND t.step = d.step"
            " WHERE d.status = 'open' AND d.next_on <= ? ORDER BY d.next_on, d.case_id, d.key",
            (TODAY,),
        ).fetchall()
        assert len(due) == DUE, len(due)
        raw.executemany(
            "INSERT INTO outbox (case_id, seq, role, person, unit, text_sv, text_en, created_at, key)"
            " VALUES (?, ?, '', ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
            [
                (row[0], row[5], row[7], row[6], f"{row[4]}: {row[2]} {row[3]}", f"{row[4]}: {row[2]} {row[3]}",
                 TODAY, f"reminder:{row[4]}:{row[1]}:{row[3]}:0:{row[7]}")
                for row in due
            ],
        )  # fmt: skip
        raw.executemany(
            "UPDATE deadlines SET next_on = '2026-03-05' WHERE case_id = ? AND key = ?",
            [row[:2] for row in due],
        )
        raw.execute("COMMIT")

    taken = timed(work)
    raw.close()
    return taken
