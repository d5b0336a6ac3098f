"""The measurements start, and what they are measured against is the same work: tried small, and nothing timed.

They follow the shipped processes by hand (`benchmarks/life.py`), so a process that changes may leave them behind.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace

import pytest

from benchmarks import __main__, lists, step
from benchmarks.data import SHARES, UNITS_LARGE, Copier, decide_lives
from benchmarks.life import prepare
from benchmarks.measure import peak_memory
from benchmarks.town import make_town, sqlite_url
from engine.audit.verify import verify_log
from engine.store import reading


@pytest.fixture(scope="module")
def lives():
    return decide_lives()


def test_step__writes_on_sqlite_what_its_floor_writes(monkeypatch, capsys):
    monkeypatch.setattr(step, "UNITS", 2)
    found = step.on_sqlite(rounds=1, lots=1)
    assert (found.name, found.better) == ("step_sqlite", "higher")
    assert "the same rows in both" in capsys.readouterr().out


def test_step__writes_on_postgresql_what_its_floor_writes(monkeypatch, capsys, postgresql_server):
    @contextmanager
    def server():
        yield postgresql_server

    monkeypatch.setattr(step, "UNITS", 2)
    monkeypatch.setattr(step, "server", server)
    assert step.on_postgresql(1, rounds=1, lots=1).name == "step_postgresql_1"
    assert "the same rows in both" in capsys.readouterr().out


def test_lives__are_copied_into_a_town_that_verifies(lives, tmp_path):
    assert [life.name for life in lives] == list(SHARES)
    town = make_town(sqlite_url(tmp_path / "town.sqlite"), UNITS_LARGE)
    made = Copier(town, lives, seed=1).run(12)
    with town.app.database.read() as session:
        assert reading.count_cases(session) == made
    assert verify_log(town.app.database).problems == ()
    town.close()


def test_lists__are_asked_for_what_they_say(tmp_path, monkeypatch, capsys):
    url = sqlite_url(tmp_path / "town.sqlite")
    town = make_town(url, 4)
    prepare(town, 3)
    town.close()
    monkeypatch.setattr(lists, "ROUNDS", 1)
    once = [replace(one, times=1) for one in lists.ASKED]
    names = [one.name for one in lists.measured("sqlite", once, {10: url, 20: url})]
    assert {f"{one.key}_flat_sqlite" for one in lists.ASKED} < {*names}
    assert "tasks_ms_sqlite" in names


def test_names__lead_to_what_measures(capsys):
    assert __main__.main(["nonesuch"]) == 2
    assert all(callable(__main__.found(name)) for name in __main__.MODULES)
    assert peak_memory() > 10
