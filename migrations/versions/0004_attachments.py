"""Attached files.

Why: a photo, a letter, a minute belongs with its case. It lies in the same database, in pieces, so that one backup
and one transaction hold both; an event commits to it, so that `audit verify` proves the bytes.

Revision: 0004
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from engine.store import guards

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("case_id", ID, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_attachments_number")),
        sa.ForeignKeyConstraint(
            ["case_id", "seq"],
            ["events.stream_id", "events.seq"],
            name=op.f("fk_attachments_case_id_seq"),
        ),
        sa.PrimaryKeyConstraint("case_id", "seq", "number", name=op.f("pk_attachments")),
        comment="Attached files in pieces, in order; the event that attached one commits to its SHA-256. Erasable.",
    )
    kept = sa.text("kind = 'attach'")
    op.create_index(
        "ix_events_attached",
        "events",
        ["stream_id", "seq"],
        unique=False,
        sqlite_where=kept,
        postgresql_where=kept,
    )
    guards.install(op.get_bind().connection.driver_connection)


def downgrade() -> None:
    op.drop_index("ix_events_attached", table_name="events")
    op.drop_table("attachments")
