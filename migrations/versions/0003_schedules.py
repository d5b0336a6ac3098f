"""Schedules of the year wheel, and what became of their occasions.

Why: a recurring plan is a stream of its own, and these are the rows that follow from it. Only additions: nothing of what
was there changes, and no guard is touched.

Revision: 0003
"""

# ruff: noqa: E501  a comment of a table is one text

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "schedules",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("plans", sa.Text(), nullable=False),
        sa.Column("private", sa.Text(), nullable=False),
        sa.Column("ended_on", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_schedules")),
        comment="Recurring plans of the year wheel: what holds from which day, oldest first. `private` holds what people wrote in them and is erased with their payloads.",
    )
    op.create_table(
        "occasions",
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("case_id", ID, nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_occasions_case_id")),
        sa.ForeignKeyConstraint(["schedule"], ["schedules.key"], name=op.f("fk_occasions_schedule")),
        sa.PrimaryKeyConstraint("schedule", "day", "unit", name=op.f("pk_occasions")),
        comment="What became of an occasion of a schedule: `opened` (the case) or `skipped` (why). All others are computed. The unit is empty for a skip of every unit. `reason` is erased with its payload.",
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("occasions")
    op.drop_table("schedules")
