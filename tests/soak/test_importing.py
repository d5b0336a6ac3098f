"""A large table, its import killed again and again while it writes: a case for every row, and no number is lost."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.imports import MAP, rows_of, write_csv
from benchmarks.town import BEGAN, make_town

pytestmark = pytest.mark.soak
ROOT = Path(__file__).parents[2]
ROWS, KILLS, UNITS = 10_000, 8, 40
PROGRAM = "from cli.main import main; main()"


def hjul(url, *args):
    """A run of the program, as whoever imports, on the day that the town was made."""
    env = {"HJUL_DB": url, "HJUL_USER": "kvalitetssamordnare", "HJUL_NOW": f"{BEGAN:%Y-%m-%dT%H:%M:%SZ}"}
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *args],
        cwd=ROOT, env={**os.environ, **env}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def told(url, *args):
    """What a run printed as JSON, when it was done."""
    process = hjul(url, *args, "--json")
    out, err = process.communicate()
    assert process.returncode == 0, err
    return json.loads(out)


def opened(town):
    """How many cases there are."""
    with town.app.database.read() as session:
        return session.raw.execute("SELECT count(*) FROM cases").fetchone()[0]


def test_import__goes_on_where_it_was_killed_and_does_nothing_twice(database_url, tmp_path):
    town = make_town(database_url, UNITS)
    table, mapping = tmp_path / "old.csv", tmp_path / "map.yaml"
    write_csv(table, rows_of(1, ROWS))
    mapping.write_text(MAP, "utf-8")
    args = ("import", "avvikelse", str(table), "--map", str(mapping))
    chance, before, struck = random.Random(2011), 0, 0
    for _ in range(KILLS):
        process = hjul(database_url, *args)
        while opened(town) == before and process.poll() is None:
            time.sleep(0.02)
        time.sleep(chance.uniform(0.0, 0.8))
        struck += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.communicate()
        before = opened(town)
    assert struck >= KILLS // 2
    assert 0 < before < ROWS
    done = told(database_url, *args)
    assert (done["imported"], done["already"]) == (ROWS - before, before)
    assert told(database_url, *args)["already"] == ROWS
    assert opened(town) == ROWS
    with town.app.database.read() as session:
        names = [
            row[0] for row in session.raw.execute("SELECT name FROM streams WHERE kind = 'case'").fetchall()
        ]
    numbers: dict[str, list[int]] = {}
    for name in names:
        year, _, number = name.removeprefix("AVV-").partition("-")
        numbers.setdefault(year, []).append(int(number))
    assert all(sorted(found) == list(range(1, len(found) + 1)) for found in numbers.values())
    verified = told(database_url, "audit", "verify")
    assert (verified["ok"], verified["cases"]) == (True, ROWS)
    town.close()
