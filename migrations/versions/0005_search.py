"""What is searched.

Why: whoever has ten years of deviations must find the one with the wet floor. The words of what is written lie beside
the log in the same transaction, divided and spelt by Hjul itself, so that both databases answer alike. The words of
cases that are there already are written here.

Revision: 0005
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from engine.store import search

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "search_texts",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_search_texts_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_texts")),
        sa.UniqueConstraint("case_id", "seq", "part", name=op.f("uq_search_texts_case_id_seq_part")),
        comment="Words as they are searched for. seq 0: reference and title; else what an event says, erased with it.",
    )
    raw = op.get_bind().connection.driver_connection
    search.install(raw)
    search.rebuild(raw)


def downgrade() -> None:
    search.uninstall(op.get_bind().connection.driver_connection)
    op.drop_table("search_texts")
