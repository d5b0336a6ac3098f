"""What is wrong in the rows of the year wheel is found and named: its plans, and what became of their occasions."""

from __future__ import annotations

import pytest

from engine.store import guards
from tests.audit.recorded import verified


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("DELETE FROM occasions", "occasions"),
        ("DELETE FROM occasions WHERE unit = ''", "occasions"),
        ("UPDATE occasions SET reason = 'Sjukdom.' WHERE status = 'skipped'", "occasions"),
        ("UPDATE occasions SET case_id = (SELECT min(id) FROM cases) WHERE status = 'opened'", "occasions"),
        (
            "INSERT INTO occasions VALUES ('genomgang', '2026-07-01', 'ek', 'skipped', NULL, 'kim', 'x', '')",
            "occasions",
        ),
        ("UPDATE schedules SET ended_on = '2026-11-30'", "schedules"),
        ("UPDATE schedules SET plans = replace(plans, 'BYMONTHDAY=1', 'BYMONTHDAY=2')", "schedules"),
        ("UPDATE schedules SET private = replace(private, 'Praxis', 'Lag')", "schedules"),
        ("INSERT INTO schedules SELECT 'ny', plans, private, NULL, recorded_at FROM schedules", "schedules"),
    ],
)
def test_verify__names_rows_of_the_year_wheel_that_were_changed(lived_sqlite, tmp_path, statement, table):
    import shutil

    from sqlalchemy import text

    from engine.store.database import Database

    shutil.copyfile(lived_sqlite, tmp_path / "hjul.sqlite")
    database = Database(f"sqlite:///{tmp_path / 'hjul.sqlite'}")
    assert verified(database).ok
    with database.write() as session:
        guards.lift(session.raw)
    with database.engine().begin() as connection:
        connection.execute(text(statement))
    with database.write() as session:
        guards.install(session.raw)
    found = verified(database).problems
    database.close()
    assert [(one.kind, one.sentence.arguments["table"].arguments["name"]) for one in found] == [
        ("register", table)
    ]
