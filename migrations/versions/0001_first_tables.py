"""The first tables, and the guards over the log.

Why: everything that must be provable is an event; the rest are projections of events, and the guards see to it that
neither database takes one without the other.

Revision: 0001
"""

# ruff: noqa: E501  a comment of a table is one text

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from engine.store import guards

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES: Final = (
    "authority", "streams", "events", "payloads", "erasures", "unsealed", "definitions", "labels", "counters", "settings", "cases", "case_marks", "coded_values", "links", "deadlines", "tasks", "outbox", "drafts", "units", "persons", "appointments", "access_log",
)  # fmt: skip


def upgrade() -> None:
    _create_log()
    _create_definitions()
    _create_cases()
    _create_work()
    _create_organisation()
    guards.install(op.get_bind().connection.driver_connection)


def downgrade() -> None:
    guards.lift(op.get_bind().connection.driver_connection)
    for table in reversed(TABLES):
        op.drop_table(table)


def _create_log() -> None:
    op.create_table(
        "authority",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("training", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authority")),
        comment="The responsible authority: one row. Its id and the training mark are part of every hash.",
    )
    op.create_table(
        "streams",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_streams_seq")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_streams")),
        sa.UniqueConstraint("kind", "name", name=op.f("uq_streams_kind_name")),
        comment="Where each stream stands. Only the trigger of an event makes a row, and moves seq, state and head.",
    )
    op.create_table(
        "events",
        sa.Column("stream_id", ID, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("prev", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=False),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        sa.Column("command_id", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(hash) = 32", name=op.f("ck_events_hash")),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_events_seq")),
        sa.ForeignKeyConstraint(
            ["stream_id"],
            ["streams.id"],
            name=op.f("fk_events_stream_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("stream_id", "seq", name=op.f("pk_events")),
        sa.UniqueConstraint("command_id", "ordinal", name=op.f("uq_events_command_id_ordinal")),
        comment="The log. Append only; `body` is what was hashed, to the byte. The first event makes its stream.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "payloads",
        sa.Column("stream_id", ID, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["stream_id", "seq"], ["events.stream_id", "events.seq"], name=op.f("fk_payloads_stream_id_seq")
        ),
        sa.PrimaryKeyConstraint("stream_id", "seq", name=op.f("pk_payloads")),
        comment='Personal values of an event, {path: {"salt", "value"}} as JSON; erasable, the commitments stay.',
        sqlite_with_rowid=False,
    )
    op.create_table(
        "erasures",
        sa.Column("stream_id", ID, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("by_stream_id", ID, nullable=False),
        sa.Column("by_seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_stream_id", "by_seq"],
            ["events.stream_id", "events.seq"],
            name=op.f("fk_erasures_by_stream_id_by_seq"),
        ),
        sa.ForeignKeyConstraint(
            ["stream_id", "seq"], ["events.stream_id", "events.seq"], name=op.f("fk_erasures_stream_id_seq")
        ),
        sa.PrimaryKeyConstraint("stream_id", "seq", "by_stream_id", "by_seq", name=op.f("pk_erasures")),
        comment="Which payload a later erasure event lawfully removed.",
    )
    op.create_table(
        "unsealed",
        sa.Column("stream_id", ID, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("stream_id", "seq", name=op.f("pk_unsealed")),
        comment="Events that no checkpoint covers yet; the sealer takes from it in committed order.",
        sqlite_with_rowid=False,
    )


def _create_definitions() -> None:
    op.create_table(
        "definitions",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("published_at", sa.Text(), nullable=False),
        sa.Column("is_current", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definitions")),
        sa.UniqueConstraint("hash", name=op.f("uq_definitions_hash")),
        comment="Published definitions: the canonical document under its SHA-256. Never changed, never removed.",
    )
    op.create_index("ix_definitions_process", "definitions", ["process", "is_current"], unique=False)
    op.create_table(
        "labels",
        sa.Column("definition_id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("sv", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["definition_id"], ["definitions.id"], name=op.f("fk_labels_definition_id")),
        sa.PrimaryKeyConstraint("definition_id", "kind", "key", name=op.f("pk_labels")),
        comment="Labels of a definition (kind: process, state, step, field), so that lists need not load it.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "counters",
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", "year", name=op.f("pk_counters")),
        comment="The last number given, per prefix and year; taken last in a transaction, so that no number is lost.",
    )
    op.create_table(
        "settings",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_settings")),
    )


def _create_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("definition_id", ID, nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("reporter", sa.Text(), nullable=False),
        sa.Column("assignee", sa.Text(), nullable=True),
        sa.Column("opened_on", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.Text(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("title_sv", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("private", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["definition_id"], ["definitions.id"], name=op.f("fk_cases_definition_id")),
        sa.ForeignKeyConstraint(["id"], ["streams.id"], name=op.f("fk_cases_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        comment="Cases as they stand: the fold of their streams. State, seq and head are in `streams`. `private` holds personal values and is erased with their payloads.",
    )
    op.create_index(
        "ix_cases_assignee",
        "cases",
        ["assignee"],
        unique=False,
        sqlite_where=sa.text("assignee IS NOT NULL"),
        postgresql_where=sa.text("assignee IS NOT NULL"),
    )
    op.create_index("ix_cases_process", "cases", ["process", "opened_at"], unique=False)
    op.create_index("ix_cases_reporter", "cases", ["reporter", "opened_at"], unique=False)
    op.create_index("ix_cases_unit", "cases", ["unit", "process", "opened_at"], unique=False)
    op.create_table(
        "case_marks",
        sa.Column("case_id", ID, nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("keeps", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_marks_case_id")),
        sa.PrimaryKeyConstraint("case_id", "mark", name=op.f("pk_case_marks")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "coded_values",
        sa.Column("case_id", ID, nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("row", sa.Text(), server_default="", nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("number", sa.Numeric(), nullable=True),
        sa.Column("day", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_coded_values_case_id")),
        sa.PrimaryKeyConstraint("case_id", "field", "row", "code", name=op.f("pk_coded_values")),
        comment="Values of fields declared for statistics; a choice of several is several rows. `field` is `table.column` for a column. Unknown is the code `?`.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_coded_values_code", "coded_values", ["field", "code", "case_id"], unique=False)
    op.create_table(
        "links",
        sa.Column("case_id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("other_id", ID, nullable=False),
        sa.Column("outgoing", sa.Boolean(), nullable=False),
        sa.Column("row", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_links_case_id")),
        sa.ForeignKeyConstraint(["other_id"], ["cases.id"], name=op.f("fk_links_other_id")),
        sa.PrimaryKeyConstraint("case_id", "kind", "other_id", "outgoing", "row", name=op.f("pk_links")),
        sqlite_with_rowid=False,
    )


def _create_work() -> None:
    op.create_table(
        "deadlines",
        sa.Column("case_id", ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Text(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("settled_on", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_deadlines_case_id")),
        sa.PrimaryKeyConstraint("case_id", "key", name=op.f("pk_deadlines")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_deadlines_open",
        "deadlines",
        ["due_on"],
        unique=False,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_table(
        "tasks",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), server_default="", nullable=False),
        sa.Column("person", sa.Text(), server_default="", nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("assignee", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Text(), server_default="9999-12-31", nullable=False),
        sa.Column("due_kind", sa.Text(), nullable=True),
        sa.Column("since", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_tasks_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint(
            "case_id", "step", "role", "person", name=op.f("uq_tasks_case_id_step_role_person")
        ),
        comment="What is to be done now. Without a deadline `due_on` is 9999-12-31, so that order is one column.",
    )
    op.create_index(
        "ix_tasks_person",
        "tasks",
        ["person", "due_on", "case_id"],
        unique=False,
        sqlite_where=sa.text("person <> ''"),
        postgresql_where=sa.text("person <> ''"),
    )
    op.create_index("ix_tasks_role", "tasks", ["role", "unit", "due_on", "case_id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), server_default="", nullable=False),
        sa.Column("person", sa.Text(), server_default="", nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("text_sv", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_outbox_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(
        "ix_outbox_unsent",
        "outbox",
        ["id"],
        unique=False,
        sqlite_where=sa.text("sent_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL"),
    )
    op.create_table(
        "drafts",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        comment="What was typed and not yet taken. Personal; seen by its owner only; gone when taken or dropped.",
    )
    op.create_index("ix_drafts_person", "drafts", ["person"], unique=False)


def _create_organisation() -> None:
    op.create_table(
        "units",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("attributes", sa.Text(), server_default="{}", nullable=False),
        sa.Column("from_on", sa.Text(), nullable=False),
        sa.Column("to_on", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["parent"], ["units.code"], name=op.f("fk_units_parent")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_units")),
    )
    op.create_table(
        "persons",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("email", sa.Text(), server_default="", nullable=False),
        sa.Column("from_on", sa.Text(), nullable=False),
        sa.Column("to_on", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_persons")),
        sa.UniqueConstraint("login", name=op.f("uq_persons_login")),
    )
    op.create_table(
        "appointments",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Text(), nullable=False),
        sa.Column("to_on", sa.Text(), nullable=True),
        sa.Column("on_behalf_of", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["on_behalf_of"], ["persons.code"], name=op.f("fk_appointments_on_behalf_of")
        ),
        sa.ForeignKeyConstraint(["person"], ["persons.code"], name=op.f("fk_appointments_person")),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name=op.f("fk_appointments_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
        sa.UniqueConstraint("key", name=op.f("uq_appointments_key")),
        comment="Who has which role where, from and to (both days included). `on_behalf_of` makes it a substitute's.",
    )
    op.create_index("ix_appointments_person", "appointments", ["person"], unique=False)
    op.create_index("ix_appointments_role", "appointments", ["role", "unit"], unique=False)
    op.create_table(
        "access_log",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log")),
        comment="Who read marked content, and what was refused: written before anything is shown. Append only.",
    )
    op.create_index("ix_access_log_reference", "access_log", ["reference"], unique=False)
