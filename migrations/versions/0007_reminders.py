"""When to remind of each deadline, a stable name for each reminder, and notices to those who look after the whole.

Why: a reminder is sent once, whoever runs `tick` and however often, and finding what is due must cost what is due.

Revision: 0007
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IS_OPEN: Final = sa.text("status = 'open'")


def upgrade() -> None:
    op.add_column("deadlines", sa.Column("alert_on", sa.Text(), nullable=True))
    op.add_column("deadlines", sa.Column("next_on", sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE deadlines SET alert_on = due_on WHERE kind <> 'lag_skyndsamt'")
    op.create_index(
        "ix_deadlines_next", "deadlines", ["next_on"], sqlite_where=IS_OPEN, postgresql_where=IS_OPEN
    )
    op.add_column("outbox", sa.Column("key", sa.Text(), nullable=True))
    op.create_index("uq_outbox_key", "outbox", ["key"], unique=True)
    op.create_index("ix_outbox_case", "outbox", ["case_id"])
    op.create_table(
        "notices",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("case_id", ID, nullable=True),
        sa.Column("role", sa.Text(), nullable=False, server_default=""),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_notices_case_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_notices")),
        comment="What somebody should know without there being a step: kept by `tick`, gone when it no longer holds. "
        "`role` at `unit` or above is told; `about` is what the sentence `notice.KIND` says, as JSON.",
    )


def downgrade() -> None:
    op.drop_table("notices")
    op.drop_index("ix_outbox_case", "outbox")
    op.drop_index("uq_outbox_key", "outbox")
    op.drop_column("outbox", "key")
    op.drop_index("ix_deadlines_next", "deadlines")
    op.drop_column("deadlines", "next_on")
    op.drop_column("deadlines", "alert_on")
