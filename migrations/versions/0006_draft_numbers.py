"""A draft's number is given once.

Why: SQLite gave the number of a draft that was thrown away to the next one, and whoever had the first in mind went on
with the second. PostgreSQL never did, and is left as it is.

Revision: 0006
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COLUMNS: Final = "id, person, process, reference, step, content, created_at, changed_at"


def upgrade() -> None:
    _remake(given_once=True)


def downgrade() -> None:
    _remake(given_once=False)


def _remake(*, given_once: bool) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    op.drop_index("ix_drafts_person", table_name="drafts")
    op.rename_table("drafts", "drafts_before")
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
        sqlite_autoincrement=given_once,
        comment="What was typed and not yet taken. Personal; seen by its owner only; gone when taken or dropped.",
    )
    op.create_index("ix_drafts_person", "drafts", ["person"], unique=False)
    op.execute(f"INSERT INTO drafts ({COLUMNS}) SELECT {COLUMNS} FROM drafts_before")
    op.drop_table("drafts_before")
