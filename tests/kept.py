"""A PostgreSQL database whose rows are put back before each test: that is quicker than a copy for each.

Every row stands once more in the schema `kept`, beside the tables. It must not know what the rows are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.engine import URL

from engine.store import guards
from engine.store.tables import metadata
from tests.postgresql import leave_alone, plain

TABLES = tuple(metadata.tables)
KEEP = (
    "CREATE SCHEMA kept;"
    + "".join(f"CREATE TABLE kept.{name} AS TABLE public.{name};" for name in TABLES)
    + "CREATE TABLE kept.sequences AS"
    " SELECT sequencename::text AS name, last_value FROM pg_sequences WHERE schemaname = 'public';"
)
PUT_BACK = (
    "SET lock_timeout = '10s'; SET session_replication_role = replica;"  # no guards, no keys: all at once
    + "".join(f"DELETE FROM public.{name};" for name in TABLES)
    + "".join(f"INSERT INTO public.{name} SELECT * FROM kept.{name};" for name in TABLES)
    + "SELECT setval(format('public.%I', name), coalesce(last_value, 1), last_value IS NOT NULL) FROM kept.sequences;"
    + "SET session_replication_role = origin;"
)


class Kept:
    """A database that can be put back to what it was when it was given here. `url` is where it is."""

    def __init__(self, url: URL, connection: psycopg.Connection) -> None:
        self.url = url.render_as_string(hide_password=False)
        self.connection = connection
        connection.execute(KEEP.encode())

    def put_back(self) -> str:
        """Make all rows, numbers and guards what they were, whoever is still connected; give the URL."""
        leave_alone(self.connection)
        self.connection.execute(PUT_BACK.encode())
        guards.install(self.connection)
        return self.url


@contextmanager
def keeping(url: URL) -> Iterator[Kept]:
    """Keep what is in a database now, for the length of a block."""
    with psycopg.connect(plain(url), autocommit=True) as connection:
        yield Kept(url, connection)
