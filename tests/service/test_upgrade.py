"""A database of an older Hjul, with cases in it, is brought to the tables of today: nothing is lost, all holds."""

from alembic import command

from engine.store import guards, migrating

FIRST = "0001"


def downgrade(app, to):
    """Take a database back to an older revision, as a test may: what later tables held is gone."""
    config = migrating._config()
    with app.database.engine().connect() as connection:
        app.database.begin(connection.connection.driver_connection)
        config.attributes["connection"] = connection
        command.downgrade(config, to)
        connection.commit()


def test_upgrade__of_a_database_with_cases_keeps_every_row_and_goes_on(house, tmp_path):
    told = house.tell()
    house.look(told)
    ended = house.waiting()
    house.take("head", ended, "judge", result="klart")
    boss = house.by("boss")
    downgrade(boss, FIRST)
    assert migrating.revision(boss.database) == FIRST
    (schema,) = (row for row in boss.installation.doctor().rows if row.key == "schema")
    assert (schema.ok, schema.mend) == (False, "hjul init")
    with boss.database.read() as session:
        before = session.raw.execute("SELECT stream_id, seq, hash, body FROM events ORDER BY 1, 2").fetchall()
    boss.backups.backup(tmp_path / "before.sqlite")
    migrating.upgrade(boss.database)
    assert migrating.revision(boss.database) == migrating.head()
    with boss.database.read() as session:
        assert guards.missing(session.raw) == []
        after = session.raw.execute("SELECT stream_id, seq, hash, body FROM events ORDER BY 1, 2").fetchall()
    assert after[: len(before)] == before
    fresh = house.door(as_login="boss")
    assert fresh.audit.verify().ok
    assert house.door(as_login="keeper").cases.show(told).state == "open"
    (tmp_path / "photo").write_bytes(b"x")
    house.door(as_login="keeper").attachments.attach(told, tmp_path / "photo")
    assert fresh.backups.restore(tmp_path / "before.sqlite", force=True).cases == 2
    assert migrating.revision(fresh.database) == migrating.head()
    assert house.door(as_login="boss").audit.verify().ok


def test_upgrade__lets_messages_that_wait_know_what_they_stand_for(house):
    told = house.tell()
    house.clock.now = "2026-03-09T08:00:00.000000Z"
    house.by("keeper").tick.run()
    boss = house.by("boss")
    before = house.rows("SELECT id, key, deadline, alert_on, notice FROM outbox ORDER BY id")
    reminders = [row[2:] for row in before if (row[1] or "").startswith("reminder:")]
    assert reminders
    assert set(reminders) == {("look", "2026-03-09", None)}
    (person,) = {row[0] for row in house.rows("SELECT min(person) FROM outbox WHERE person <> ''")}
    house.run(f"INSERT INTO mail_parts (outbox_id, person) SELECT id, '{person}' FROM outbox")
    parts = house.rows("SELECT outbox_id, person, mail FROM mail_parts ORDER BY 1")
    downgrade(boss, "0008")
    migrating.upgrade(boss.database)
    assert house.rows("SELECT id, key, deadline, alert_on, notice FROM outbox ORDER BY id") == before
    assert house.rows("SELECT outbox_id, person, mail FROM mail_parts ORDER BY 1") == parts
    with boss.database.read() as session:
        assert guards.missing(session.raw) == []
    assert house.door(as_login="keeper").cases.show(told).state == "told"


def test_init__says_which_tables_and_processes_are_other_than_before(sqlite_only):
    boss = sqlite_only.by("boss")
    downgrade(boss, "0009")
    first = sqlite_only.door(as_login="boss").installation.init(training=True)
    assert first.tables == ("0009", migrating.head())
    assert {"order", "repair"} <= set(first.before)
    assert not any(one.unchanged or one.process in first.before for one in first.processes)
    assert first.has_units
    again = sqlite_only.door(as_login="boss").installation.init(training=True)
    assert again.tables is None
    assert all(one.unchanged for one in again.processes)
