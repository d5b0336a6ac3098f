"""What `tick` does, how far it has come, and who is at it.

Why: several workers may run at once, a killed one must not hold up the others, and whoever looks must see whether it
has been run.

Revision: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "duties",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("held_until", sa.Text(), nullable=True),
        sa.Column("through", sa.Text(), nullable=True),
        sa.Column("ran_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_duties")),
        comment="What `tick` does: who has each duty just now and until when (the machine's clock), how far it is done "
        "(`through`, the domain's clock) and when it last was. The row `tick` is the whole of it.",
    )


def downgrade() -> None:
    op.drop_table("duties")
