"""Mail under kill -9: fifty of seventy-five workers, three at once; nothing lost, and twice only as is promised.

Promised: a message is sent again only when a worker died between the server's taking it and the writing down of that;
then under the same Message-ID, so that no two messages ever say the same. So what the server has twice is at most one
message for each worker that was killed.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.service.house import make
from tests.service.posted import address, put, ready
from tests.soak.test_ticking import begun, end

pytestmark = pytest.mark.soak
ROOT = Path(__file__).parents[2]
ROUNDS, WORKERS, DYING, ROWS = 25, 3, 2, 6
PEOPLE = ("keeper", "kim", "mender", "head", "both")


def start(url: str, now: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.soak.mailing", url, now], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def at(minutes: int) -> str:
    return f"{datetime(2026, 3, 2, 8, tzinfo=UTC) + timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%S.000000Z}"


def test_mail__killed_fifty_times_among_three_workers_loses_nothing_and_doubles_only_under_one_name(
    database_url, tmp_path, capsys
):
    taken = tmp_path / "taken"
    house = make(database_url, tmp_path / "definitions")
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.soak.post", str(taken)], cwd=ROOT, text=True, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )  # fmt: skip
    assert server.stdout is not None
    assert server.stdin is not None
    try:
        port = int(server.stdout.readline())
        house.tell()
        ready(house, type("Port", (), {"port": port})(), *PEOPLE, mail_days="90")
        chance = random.Random(5321)
        killed = 0
        for round_ in range(ROUNDS):
            house.clock.now = at(round_ * 20)  # what a killed worker held is free after a quarter of an hour
            put(
                house,
                *(("", person, f"rad {round_}.{number}") for number in range(ROWS) for person in PEOPLE),
            )
            workers = [start(database_url, house.clock.now) for _ in range(WORKERS)]
            for worker in workers:
                begun(worker)
            time.sleep(chance.uniform(0.0, 0.3))
            for worker in workers[:DYING]:
                worker.send_signal(signal.SIGKILL)
            for worker in workers:
                end(worker)
                killed += worker.returncode == -signal.SIGKILL
        for more in (1, 2):
            last = start(database_url, at((ROUNDS + more) * 20))
            begun(last)
            end(last)
            assert last.returncode == 0
    finally:
        server.stdin.close()
        server.stdout.close()
        server.wait()
    assert house.rows("SELECT count(*) FROM outbox WHERE sent_at IS NULL AND person <> ''") == [(0,)]
    assert house.rows("SELECT count(*) FROM mails WHERE state <> 'sent'") == [(0,)]
    lines = taken.read_text().splitlines()
    names = Counter(lines)
    (sent,) = house.rows("SELECT count(*) FROM mails")[0]
    assert len(names) == sent  # every message there is went out, each under a name of its own
    assert {line.split()[1] for line in lines} == set(map(address, PEOPLE))
    twice = sum(names.values()) - len(names)
    assert killed >= ROUNDS
    assert twice <= killed
    with capsys.disabled():
        sys.stdout.write(f"killed {killed}, messages {sent}, sent again {twice}\n")
    house.close()
