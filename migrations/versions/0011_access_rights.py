"""By what right somebody read: role, unit, for whom; and whether what was read was marked.

Why: access must be such that it can be checked (SoLPuL 10 §), and a check asks first whether the reader had a role
there. Rows from before have none of it: it was not written down.

Revision: 0011
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

COLUMNS: Final = ("role", "unit", "on_behalf_of", "marks")
BEFORE: Final = (
    "Who read marked content, and what was refused: written before anything is shown. Append only."
)
COMMENT: Final = (
    "Who read what, by what right (`role` at `unit`, or `assignee` or `reporter`), and what was refused: written "
    "before anything is shown. `marks`: those of the case as it was read. Append only."
)


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("access_log", sa.Column(name, sa.Text(), nullable=True))
    op.create_index("ix_access_log_person", "access_log", ["person", "id"])
    op.create_index("ix_access_log_at", "access_log", ["at"])
    if op.get_bind().dialect.name == "postgresql":
        op.create_table_comment("access_log", COMMENT, existing_comment=BEFORE)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.create_table_comment("access_log", BEFORE, existing_comment=COMMENT)
    op.drop_index("ix_access_log_at", table_name="access_log")
    op.drop_index("ix_access_log_person", table_name="access_log")
    for name in COLUMNS:
        op.drop_column("access_log", name)
