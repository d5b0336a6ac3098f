"""The tests' own PostgreSQL: fresh databases, one server, no privileges, and nothing left behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.postgresql import (
    NOT_FOUND,
    PostgresqlUnavailableError,
    Run,
    find_binaries,
    new_database,
    server_url,
)

ROOT = Path(__file__).parents[2]


def run_sql(url, statement):
    engine = sa.create_engine(url)
    try:
        with engine.begin() as connection:
            result = connection.execute(sa.text(statement))
            return result.scalar() if result.returns_rows else None
    finally:
        engine.dispose()


@pytest.mark.parametrize("turn", [1, 2])
def test_postgresql_url__is_an_empty_database_for_each_test(postgresql_url, turn):
    run_sql(
        postgresql_url, "CREATE TABLE written (by_turn integer)"
    )  # fails if the other turn is still there


def test_postgresql_url__speaks_utf8(postgresql_url):
    assert run_sql(postgresql_url, "SELECT octet_length('åäö')") == 6


def test_postgresql_server__runs_without_privileges(postgresql_server):
    if os.environ.get("HJUL_TEST_POSTGRESQL"):
        pytest.skip("a server given by HJUL_TEST_POSTGRESQL runs as it pleases")
    data = Path(postgresql_server.query["host"]) / "data"
    assert data.stat().st_uid != 0


def test_database_url__runs_once_on_each_kind(database_url, request):
    kind = request.node.callspec.params["database_url"]
    assert sa.make_url(database_url).get_backend_name() == kind
    assert run_sql(database_url, "SELECT 1 + 1") == 2
    assert (request.node.get_closest_marker("postgresql") is not None) == (kind == "postgresql")


def test_new_database__is_dropped_with_a_connection_still_open(postgresql_server):
    with new_database(postgresql_server) as url:
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        left_open = engine.connect()
    left_open.invalidate()
    with pytest.raises(sa.exc.OperationalError, match="does not exist"):
        run_sql(url, "SELECT 1")


def test_find_binaries__takes_the_newest_of_debian(tmp_path):
    for version in ("9.6", "15", "17"):
        folder = tmp_path / version / "bin"
        folder.mkdir(parents=True)
        for name in ("initdb", "pg_ctl", "postgres") if version != "17" else ("psql",):
            (folder / name).touch()
    assert find_binaries(tmp_path).parent.name == "15"  # 17 is a client only


def test_find_binaries__takes_the_package_where_debian_has_none(tmp_path):
    assert find_binaries(tmp_path).parent.name == "pginstall"


def test_find_binaries__says_what_to_do_when_there_is_none(tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(PostgresqlUnavailableError) as refused:
        find_binaries(tmp_path)
    assert str(refused.value) == NOT_FOUND


def test_server_url__is_the_given_server_where_there_is_one(tmp_path):
    url = server_url(tmp_path, {"HJUL_TEST_POSTGRESQL": "postgresql://someone:word@db.example/base"})
    assert url.render_as_string(hide_password=False) == "postgresql+psycopg://someone:word@db.example/base"
    assert list(tmp_path.iterdir()) == []


def test_server_url__says_the_same_to_all_workers_when_it_does_not_start(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.postgresql.find_binaries", lambda: find_binaries_of(tmp_path))
    run = Run()
    try:
        for _ in range(2):
            with pytest.raises(PostgresqlUnavailableError, match="initdb ended with 7"):
                server_url(run.folder, {})
            (tmp_path / "bin" / "initdb").unlink(missing_ok=True)  # a second try would say something else
    finally:
        run.close()
    assert not run.folder.exists()


@pytest.mark.postgresql
def test_server_url__serves_from_a_package_in_folders_that_others_cannot_enter(tmp_path, monkeypatch):
    package = find_binaries(tmp_path / "no debian").parents[1]
    for part in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(
            part, tmp_path / "private" / part.name, ignore=shutil.ignore_patterns("include", "doc")
        )
    (tmp_path / "private").chmod(0o700)
    binaries = tmp_path / "private" / package.name / "pginstall" / "bin"
    monkeypatch.setattr("tests.postgresql.find_binaries", lambda: binaries)
    run = Run()
    try:
        with new_database(server_url(run.folder, {})) as url:
            assert run_sql(url, "SELECT 1") == 1
    finally:
        run.close()
    assert not run.folder.exists()


def find_binaries_of(folder):
    """Give a PostgreSQL whose `initdb` fails."""
    folder.chmod(0o755)
    binaries = folder / "bin"
    for part in ("bin", "lib", "share"):
        (folder / part).mkdir(exist_ok=True)
    (binaries / "initdb").write_text("#!/bin/sh\nexit 7\n")
    (binaries / "initdb").chmod(0o755)
    return binaries


SCRIPT = """
import sys, time
from tests.postgresql import temporary_server
with temporary_server(durable=False) as url:
    print(url.query["host"], flush=True)
    time.sleep(float(sys.argv[1]))
"""


@pytest.mark.parametrize("killed", [False, True], ids=["ended", "killed"])
@pytest.mark.postgresql
def test_temporary_server__leaves_no_process_and_no_data_behind(killed):
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, "60" if killed else "0"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "HJUL_TEST_POSTGRESQL"},
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout
        folder = Path(process.stdout.readline().strip())
        if killed:
            server = int((folder / "data" / "postmaster.pid").read_text().split()[0])
            process.send_signal(signal.SIGKILL)
    for _ in range(100):
        if not (folder / "data").exists():
            break
        time.sleep(0.1)
    assert not (folder / "data").exists()
    if killed:
        assert not is_running(server)
    else:
        assert not folder.exists()


def is_running(process_id):
    """Say whether the process does anything: one that has ended may wait for its parent to notice (`Z`)."""
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    status = Path("/proc", str(process_id), "stat")
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")
