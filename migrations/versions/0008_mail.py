"""Messages by mail: which are to be sent to whom, how far each has come, and how the mail server is.

Why: what is told goes out once to each, whoever runs `tick` and whatever becomes of the mail server meanwhile.

Revision: 0008
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNSENT: Final = sa.text("sent_at IS NULL")
FREE: Final = sa.text("mail IS NULL")


def upgrade() -> None:
    op.create_table(
        "mails",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False, server_default=""),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False, server_default=""),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("next_try_at", sa.Text(), nullable=False, server_default=""),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["persons.code"], name=op.f("fk_mails_person")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_mails")),
        comment="Messages by mail, one to one person: `waiting`, `sending` (held by a worker until `next_try_at`), "
        "`sent`, `refused` (the address was), `late` (too old to be sent any more). `day` is the day of a digest. "
        "No texts.",
    )
    op.create_index("ix_mails_next", "mails", ["next_try_at"], sqlite_where=UNSENT, postgresql_where=UNSENT)
    op.create_index("ix_mails_day", "mails", ["day"])
    op.create_table(
        "mail_parts",
        sa.Column("outbox_id", ID, nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("mail", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_mail_parts_outbox_id")),
        sa.ForeignKeyConstraint(["person"], ["persons.code"], name=op.f("fk_mail_parts_person")),
        sa.ForeignKeyConstraint(["mail"], ["mails.key"], name=op.f("fk_mail_parts_mail")),
        sa.PrimaryKeyConstraint("outbox_id", "person", name=op.f("pk_mail_parts")),
        comment="Who gets a row of the outbox by mail, as the roles were on the day, and in which message; none yet: "
        "it is for the next.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_mail_parts_mail", "mail_parts", ["mail"])
    op.create_index("ix_mail_parts_free", "mail_parts", ["person"], sqlite_where=FREE, postgresql_where=FREE)
    op.create_table(
        "mail_servers",
        sa.Column("server", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.Text(), nullable=True),
        sa.Column("failing_since", sa.Text(), nullable=True),
        sa.Column("failed_at", sa.Text(), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("server", name=op.f("pk_mail_servers")),
        comment="How each mail server was when it was last asked: `failing_since` and `fault` are empty when it is "
        "well.",
    )


def downgrade() -> None:
    op.drop_table("mail_servers")
    op.drop_table("mail_parts")
    op.drop_table("mails")
