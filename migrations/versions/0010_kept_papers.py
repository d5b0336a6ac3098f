"""Papers kept in their case.

Why: a decision, an investigation, a notification is kept to the byte as it was written, in the case that it shows. It
lies in pieces where attached files do, behind an event of its own kind that commits to it.

Revision: 0010
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from engine.store import guards

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


ATTACHED: Final = (
    "Attached files in pieces, in order; the event that attached one commits to its SHA-256. Erasable."
)
KEPT: Final = (
    "Attached files and kept papers in pieces, in order; the event of one commits to its SHA-256. Erasable."
)


def upgrade() -> None:
    _index("kind IN ('attach', 'paper')")
    _comment(KEPT, ATTACHED)
    guards.install(op.get_bind().connection.driver_connection)


def downgrade() -> None:
    _index("kind = 'attach'")
    _comment(ATTACHED, KEPT)


def _index(condition: str) -> None:
    held = sa.text(condition)
    op.drop_index("ix_events_attached", table_name="events")
    op.create_index(
        "ix_events_attached", "events", ["stream_id", "seq"], sqlite_where=held, postgresql_where=held
    )


def _comment(said: str, before: str) -> None:
    """Say what the table holds, where the database keeps such words."""
    if op.get_bind().dialect.supports_comments:
        op.create_table_comment("attachments", said, existing_comment=before)
