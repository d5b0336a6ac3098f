"""Messages that are about no case, and what a message stands for.

Why: a role that nobody has is told by mail too, and is no case. And what no longer holds when mail goes out must not
be said: a reminder knows its deadline, a notice that was sent its notice.

Revision: 0009
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNSENT: Final = sa.text("sent_at IS NULL")
FREE: Final = sa.text("mail IS NULL")
NEW: Final = ("deadline", "alert_on", "notice")
COLUMNS: Final = "id, case_id, seq, role, person, unit, text_sv, text_en, created_at, sent_at, key"
PARTS: Final = "outbox_id, person, mail"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _remake(is_new=True)
    else:
        op.alter_column("outbox", "case_id", existing_type=ID, nullable=True)
        op.alter_column("outbox", "seq", existing_type=sa.Integer(), nullable=True)
        for name in NEW:
            op.add_column("outbox", sa.Column(name, sa.Text(), nullable=True))
    _say_what_for()


def downgrade() -> None:
    op.execute("DELETE FROM mail_parts WHERE outbox_id IN (SELECT id FROM outbox WHERE case_id IS NULL)")
    op.execute("DELETE FROM outbox WHERE case_id IS NULL")
    if op.get_bind().dialect.name == "sqlite":
        _remake(is_new=False)
        return
    for name in NEW:
        op.drop_column("outbox", name)
    op.alter_column("outbox", "seq", existing_type=sa.Integer(), nullable=False)
    op.alter_column("outbox", "case_id", existing_type=ID, nullable=False)


def _say_what_for() -> None:
    """Read out of the names of messages that wait what they stand for: `reminder:REFERENCE:DEADLINE:DAY:NUMBER:WHO`."""
    bind = op.get_bind()
    rows = bind.execute(sa.text("SELECT id, key FROM outbox WHERE sent_at IS NULL AND key IS NOT NULL")).all()
    for number, key in rows:
        kind, _, rest = key.partition(":")
        values: dict[str, object] = {"id": number, "deadline": None, "alert_on": None, "notice": None}
        if kind == "reminder":
            values["deadline"], values["alert_on"], _, _ = rest.partition(":")[2].rsplit(":", 3)
        else:
            values["notice"] = rest.rpartition(":")[0]
        bind.execute(
            sa.text(
                "UPDATE outbox SET deadline = :deadline, alert_on = :alert_on, notice = :notice WHERE id = :id"
            ),
            values,
        )


def _remake(*, is_new: bool) -> None:
    """SQLite changes no column: the table is made anew, and the one that points at it as well."""
    op.execute(f"CREATE TABLE parts_before AS SELECT {PARTS} FROM mail_parts")
    op.drop_table("mail_parts")
    for index in ("ix_outbox_unsent", "uq_outbox_key", "ix_outbox_case"):
        op.drop_index(index, table_name="outbox")
    op.rename_table("outbox", "outbox_before")
    op.create_table(
        "outbox",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("case_id", ID, nullable=is_new),
        sa.Column("seq", sa.Integer(), nullable=is_new),
        sa.Column("role", sa.Text(), server_default="", nullable=False),
        sa.Column("person", sa.Text(), server_default="", nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("text_sv", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.Text(), nullable=True),
        sa.Column("key", sa.Text(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=True) for name in NEW if is_new),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_outbox_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.execute(f"INSERT INTO outbox ({COLUMNS}) SELECT {COLUMNS} FROM outbox_before")
    op.drop_table("outbox_before")
    op.create_index("ix_outbox_unsent", "outbox", ["id"], sqlite_where=UNSENT)
    op.create_index("uq_outbox_key", "outbox", ["key"], unique=True)
    op.create_index("ix_outbox_case", "outbox", ["case_id"])
    _make_parts()
    op.execute(f"INSERT INTO mail_parts ({PARTS}) SELECT {PARTS} FROM parts_before")
    op.drop_table("parts_before")


def _make_parts() -> None:
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
    op.create_index("ix_mail_parts_free", "mail_parts", ["person"], sqlite_where=FREE)
