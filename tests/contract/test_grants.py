"""The rights in docs/how-to/grants.sql are enough for Hjul, and too little to harm the log."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import psycopg
import pytest

import engine.store
from engine.store.statement import Statement
from tests.contract.checking import check_log
from tests.contract.world import AUTHORITY, decision, linked, other, reopen
from tests.postgresql import new_database

pytestmark = pytest.mark.postgresql
GRANTS = Path(__file__).parents[2] / "docs" / "how-to" / "grants.sql"


@pytest.fixture(scope="module", name="url")
def url_of_the_application(postgresql_server, postgresql_world, worker_id):
    """The URL of a database, as a role that has the rights and owns nothing."""
    with new_database(postgresql_server, worker=f"grants_{worker_id}", template=postgresql_world) as url:
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        role = f"{url.database}_app"
        with psycopg.connect(plain, autocommit=True) as owner:
            owner.execute(f'CREATE ROLE "{role}"')
            owner.execute(GRANTS.read_text(encoding="utf-8").replace(':"app"', f'"{role}"'))
        application = url.update_query_dict({"options": f"-crole={role}"})
        yield application.render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as owner:
            owner.execute(f'DROP OWNED BY "{role}"')
            owner.execute(f'DROP ROLE "{role}"')


def test_grants__are_enough_to_record(url):
    with reopen(url) as world:
        case = world.opened()
        judging, opening = linked(world.judging(case), world.opening(0))
        world.record(decision(judging, opening))
        world.work.record(decision(other("settings", "settings", 1, "set", {"key": "a", "value": "b"})), {})
        again = {"version": 1, "hash": world.document.hash, "parameters": {}}
        world.work.record(decision(other("process", "errand", 2, "published", again)), {})
        assert check_log(world.database, AUTHORITY, world.document.process)[case.reference] == 2


def statements() -> dict[str, Statement]:
    """Every statement that a module of the store holds ready, by module and name."""
    names = sorted(module.name for module in pkgutil.iter_modules(engine.store.__path__))
    modules = [importlib.import_module(f"engine.store.{name}") for name in names]
    return {
        f"{module.__name__}.{name}": value
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, Statement)
    }


def test_grants__are_enough_for_every_statement_of_the_store(url):
    refused = []
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as application:
        for name, statement in statements().items():
            compiled = statement.on("postgresql")
            try:
                application.execute(f"EXPLAIN {compiled.sql}", [None] * len(compiled.names))
            except psycopg.errors.InsufficientPrivilege:
                refused.append(name)
    assert not refused


@pytest.mark.parametrize(
    "attack",
    [
        "ALTER TABLE events DISABLE TRIGGER ALL",
        "DROP TRIGGER hjul_events_update ON events",
        "DROP TABLE payloads CASCADE",
        "TRUNCATE access_log",
        "DELETE FROM events",
        "UPDATE events SET kind = 'x'",
        "UPDATE access_log SET person = 'x'",
        "UPDATE definitions SET hash = 'x'",
        "DELETE FROM unsealed",
        "CREATE OR REPLACE FUNCTION hjul_events_update() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "SET session_replication_role = 'replica'",
    ],
)
def test_grants__are_too_little_to(url, attack):
    with (
        psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as application,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        application.execute(attack)
