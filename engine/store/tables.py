"""The tables, once, for both databases.

Instants are UTC text of fixed width ("2026-03-01T07:30:00.000000Z"), days are ISO text, codes are text: the same
bytes in both databases, and they sort as time does. Integers are inside the database only: no id here is hashed or
exported. `streams` is what the log guards; the rest are projections of it, which `audit verify` replays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    event,
    false,
    text,
)
from sqlalchemy.types import BigInteger

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

Id: Final = BigInteger().with_variant(Integer, "sqlite")

WHERE: Final = "where"
"""Of an index: the condition of the rows in it, the same in both databases."""

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

authority: Final = Table(
    "authority", metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("training", Boolean, nullable=False),
    Column("created_at", Text, nullable=False),
    comment="The responsible authority: one row. Its id and the training mark are part of every hash.",
)  # fmt: skip

streams: Final = Table(
    "streams", metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("head", LargeBinary, nullable=False),
    UniqueConstraint("kind", "name"),
    CheckConstraint("seq >= 1", name="seq"),
    comment="Where each stream stands. Only the trigger of an event makes a row, and moves seq, state and head.",
)  # fmt: skip

events: Final = Table(
    "events", metadata,
    Column("stream_id", Id, ForeignKey("streams.id", deferrable=True, initially="DEFERRED"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("prev", LargeBinary, nullable=False),
    Column("kind", Text, nullable=False),
    Column("from_state", Text, nullable=False),
    Column("to_state", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
    Column("command_id", Text, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("stream_id", "seq"),
    UniqueConstraint("command_id", "ordinal"),
    CheckConstraint("seq >= 1", name="seq"),
    CheckConstraint("length(hash) = 32", name="hash"),
    Index("ix_events_attached", "stream_id", "seq", info={WHERE: "kind IN ('attach', 'paper')"}),
    comment="The log. Append only; `body` is what was hashed, to the byte. The first event makes its stream.",
    sqlite_with_rowid=False,
)  # fmt: skip

payloads: Final = Table(
    "payloads", metadata,
    Column("stream_id", Id, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("content", Text, nullable=False),
    PrimaryKeyConstraint("stream_id", "seq"),
    ForeignKeyConstraint(["stream_id", "seq"], ["events.stream_id", "events.seq"]),
    comment='Personal values of an event, {path: {"salt", "value"}} as JSON; erasable, the commitments stay.',
    sqlite_with_rowid=False,
)  # fmt: skip

attachments: Final = Table(
    "attachments", metadata,
    Column("case_id", Id, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("case_id", "seq", "number"),
    ForeignKeyConstraint(["case_id", "seq"], ["events.stream_id", "events.seq"]),
    CheckConstraint("number >= 0", name="number"),
    comment="Attached files and kept papers in pieces, in order; the event of one commits to its SHA-256. Erasable.",
)  # fmt: skip

erasures: Final = Table(
    "erasures", metadata,
    Column("stream_id", Id, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("by_stream_id", Id, nullable=False),
    Column("by_seq", Integer, nullable=False),
    PrimaryKeyConstraint("stream_id", "seq", "by_stream_id", "by_seq"),
    ForeignKeyConstraint(["stream_id", "seq"], ["events.stream_id", "events.seq"]),
    ForeignKeyConstraint(["by_stream_id", "by_seq"], ["events.stream_id", "events.seq"]),
    comment="Which payload a later erasure event lawfully removed.",
)  # fmt: skip

unsealed: Final = Table(
    "unsealed", metadata,
    Column("stream_id", Id, nullable=False),
    Column("seq", Integer, nullable=False),
    PrimaryKeyConstraint("stream_id", "seq"),
    comment="Events that no checkpoint covers yet; the sealer takes from it in committed order.",
    sqlite_with_rowid=False,
)  # fmt: skip

definitions: Final = Table(
    "definitions", metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("process", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("hash", Text, nullable=False, unique=True),
    Column("document", LargeBinary, nullable=False),
    Column("published_at", Text, nullable=False),
    Column("is_current", Boolean, nullable=False, server_default=false()),
    Index("ix_definitions_process", "process", "is_current"),
    comment="Published definitions: the canonical document under its SHA-256. Never changed, never removed.",
)  # fmt: skip

labels: Final = Table(
    "labels", metadata,
    Column("definition_id", Id, ForeignKey("definitions.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("sv", Text, nullable=False),
    Column("en", Text, nullable=False),
    PrimaryKeyConstraint("definition_id", "kind", "key"),
    comment="Labels of a definition (kind: process, state, step, field), so that lists need not load it.",
    sqlite_with_rowid=False,
)  # fmt: skip

cases: Final = Table(
    "cases", metadata,
    Column("id", Id, ForeignKey("streams.id"), primary_key=True, autoincrement=False),
    Column("process", Text, nullable=False),
    Column("definition_id", Id, ForeignKey("definitions.id"), nullable=False),
    Column("unit", Text, nullable=False),
    Column("reporter", Text, nullable=False),
    Column("assignee", Text),
    Column("opened_on", Text, nullable=False),
    Column("happened_on", Text),
    Column("recorded_at", Text, nullable=False),
    Column("opened_at", Text, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("title_sv", Text, nullable=False),
    Column("title_en", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("private", Text, nullable=False),
    Index("ix_cases_unit", "unit", "process", "opened_at"),
    Index("ix_cases_process", "process", "opened_at"),
    Index("ix_cases_reporter", "reporter", "opened_at"),
    Index("ix_cases_assignee", "assignee", info={WHERE: "assignee IS NOT NULL"}),
    comment="Cases as they stand: the fold of their streams. State, seq and head are in `streams`. "
            "`private` holds personal values and is erased with their payloads.",
)  # fmt: skip

case_marks: Final = Table(
    "case_marks", metadata,
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
    Column("mark", Text, nullable=False),
    Column("keeps", Text, nullable=False),
    PrimaryKeyConstraint("case_id", "mark"),
    sqlite_with_rowid=False,
)  # fmt: skip

coded_values: Final = Table(
    "coded_values", metadata,
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
    Column("field", Text, nullable=False),
    Column("row", Text, nullable=False, server_default=""),
    Column("code", Text, nullable=False),
    Column("number", Numeric),
    Column("day", Text),
    PrimaryKeyConstraint("case_id", "field", "row", "code"),
    Index("ix_coded_values_code", "field", "code", "case_id"),
    comment="Values of fields declared for statistics; a choice of several is several rows. `field` is "
            "`table.column` for a column. Unknown is the code `?`.",
    sqlite_with_rowid=False,
)  # fmt: skip

search_texts: Final = Table(
    "search_texts", metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("part", Integer, nullable=False),
    Column("words", Text, nullable=False),
    UniqueConstraint("case_id", "seq", "part"),
    comment="Words as they are searched for. seq 0: reference and title; else what an event says, erased with it.",
)  # fmt: skip

links: Final = Table(
    "links", metadata,
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("other_id", Id, ForeignKey("cases.id"), nullable=False),
    Column("outgoing", Boolean, nullable=False),
    Column("row", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("case_id", "kind", "other_id", "outgoing", "row"),
    sqlite_with_rowid=False,
)  # fmt: skip

deadlines: Final = Table(
    "deadlines", metadata,
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
    Column("key", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("due_on", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("settled_on", Text),
    Column("alert_on", Text),
    Column("next_on", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("case_id", "key"),
    Index("ix_deadlines_open", "due_on", info={WHERE: "status = 'open'"}),
    Index("ix_deadlines_next", "next_on", info={WHERE: "status = 'open'"}),
    sqlite_with_rowid=False,
)  # fmt: skip

tasks: Final = Table(
    "tasks", metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
    Column("step", Text, nullable=False),
    Column("role", Text, nullable=False, server_default=""),
    Column("person", Text, nullable=False, server_default=""),
    Column("unit", Text, nullable=False),
    Column("assignee", Text),
    Column("due_on", Text, nullable=False, server_default="9999-12-31"),
    Column("due_kind", Text),
    Column("since", Text, nullable=False),
    UniqueConstraint("case_id", "step", "role", "person"),
    Index("ix_tasks_role", "role", "unit", "due_on", "case_id"),
    Index("ix_tasks_person", "person", "due_on", "case_id", info={WHERE: "person <> ''"}),
    comment="What is to be done now. Without a deadline `due_on` is 9999-12-31, so that order is one column.",
)  # fmt: skip

units: Final = Table(
    "units", metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("parent", Text, ForeignKey("units.code")),
    Column("attributes", Text, nullable=False, server_default="{}"),
    Column("from_on", Text, nullable=False),
    Column("to_on", Text),
)  # fmt: skip

persons: Final = Table(
    "persons", metadata,
    Column("code", Text, primary_key=True),
    Column("login", Text, unique=True),
    Column("name", Text, nullable=False),
    Column("title", Text, nullable=False, server_default=""),
    Column("email", Text, nullable=False, server_default=""),
    Column("from_on", Text, nullable=False),
    Column("to_on", Text),
)  # fmt: skip

appointments: Final = Table(
    "appointments", metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("key", Text, nullable=False, unique=True),
    Column("person", Text, ForeignKey("persons.code"), nullable=False),
    Column("role", Text, nullable=False),
    Column("unit", Text, ForeignKey("units.code"), nullable=False),
    Column("from_on", Text, nullable=False),
    Column("to_on", Text),
    Column("on_behalf_of", Text, ForeignKey("persons.code")),
    Index("ix_appointments_person", "person"),
    Index("ix_appointments_role", "role", "unit"),
    comment="Who has which role where, from and to (both days included). `on_behalf_of` makes it a substitute's.",
)  # fmt: skip

settings: Final = Table(
    "settings", metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)  # fmt: skip

counters: Final = Table(
    "counters", metadata,
    Column("prefix", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    PrimaryKeyConstraint("prefix", "year"),
    comment="The last number given, per prefix and year; taken last in a transaction, so that no number is lost.",
)  # fmt: skip

outbox: Final = Table(
    "outbox", metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("case_id", Id, ForeignKey("cases.id")),
    Column("seq", Integer),
    Column("role", Text, nullable=False, server_default=""),
    Column("person", Text, nullable=False, server_default=""),
    Column("unit", Text, nullable=False),
    Column("text_sv", Text, nullable=False),
    Column("text_en", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("sent_at", Text),
    Column("key", Text),
    Column("deadline", Text),
    Column("alert_on", Text),
    Column("notice", Text),
    Index("ix_outbox_unsent", "id", info={WHERE: "sent_at IS NULL"}),
    Index("uq_outbox_key", "key", unique=True),
    Index("ix_outbox_case", "case_id"),
)  # fmt: skip

notices: Final = Table(
    "notices", metadata,
    Column("key", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("case_id", Id, ForeignKey("cases.id")),
    Column("role", Text, nullable=False, server_default=""),
    Column("unit", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("since", Text, nullable=False),
    comment="What somebody should know without there being a step: kept by `tick`, gone when it no longer holds. "
            "`role` at `unit` or above is told; `about` is what the sentence `notice.KIND` says, as JSON.",
)  # fmt: skip

mails: Final = Table(
    "mails", metadata,
    Column("key", Text, primary_key=True),
    Column("person", Text, ForeignKey("persons.code"), nullable=False),
    Column("day", Text, nullable=False, server_default=""),
    Column("state", Text, nullable=False),
    Column("address", Text, nullable=False, server_default=""),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("next_try_at", Text, nullable=False, server_default=""),
    Column("code", Text),
    Column("created_at", Text, nullable=False),
    Column("sent_at", Text),
    Index("ix_mails_next", "next_try_at", info={WHERE: "sent_at IS NULL"}),
    Index("ix_mails_day", "day"),
    comment="Messages by mail, one to one person: `waiting`, `sending` (held by a worker until `next_try_at`), "
            "`sent`, `refused` (the address was), `late` (too old to be sent any more). `day` is the day of a digest. "
            "No texts.",
)  # fmt: skip

mail_parts: Final = Table(
    "mail_parts", metadata,
    Column("outbox_id", Id, ForeignKey("outbox.id"), nullable=False),
    Column("person", Text, ForeignKey("persons.code"), nullable=False),
    Column("mail", Text, ForeignKey("mails.key")),
    PrimaryKeyConstraint("outbox_id", "person"),
    Index("ix_mail_parts_mail", "mail"),
    Index("ix_mail_parts_free", "person", info={WHERE: "mail IS NULL"}),
    comment="Who gets a row of the outbox by mail, as the roles were on the day, and in which message; none yet: it is "
            "for the next.",
    sqlite_with_rowid=False,
)  # fmt: skip

mail_servers: Final = Table(
    "mail_servers", metadata,
    Column("server", Text, primary_key=True),
    Column("answered_at", Text),
    Column("failing_since", Text),
    Column("failed_at", Text),
    Column("fault", Text),
    Column("code", Text),
    comment="How each mail server was when it was last asked: `failing_since` and `fault` are empty when it is well.",
)  # fmt: skip

duties: Final = Table(
    "duties", metadata,
    Column("key", Text, primary_key=True),
    Column("owner", Text),
    Column("held_until", Text),
    Column("through", Text),
    Column("ran_at", Text),
    comment="What `tick` does: who has each duty just now and until when (the machine's clock), how far it is done "
            "(`through`, the domain's clock) and when it last was. The row `tick` is the whole of it.",
)  # fmt: skip

drafts: Final = Table(
    "drafts", metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("person", Text, nullable=False),
    Column("process", Text, nullable=False),
    Column("reference", Text),
    Column("step", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
    Index("ix_drafts_person", "person"),
    sqlite_autoincrement=True,  # a number is never given to another draft
    comment="What was typed and not yet taken. Personal; seen by its owner only; gone when taken or dropped.",
)  # fmt: skip

access_log: Final = Table(
    "access_log", metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("at", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("operator", Text),
    Column("reference", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
    Column("role", Text),
    Column("unit", Text),
    Column("on_behalf_of", Text),
    Column("marks", Text),
    Index("ix_access_log_reference", "reference"),
    Index("ix_access_log_person", "person", "id"),
    Index("ix_access_log_at", "at"),
    comment="Who read what, by what right (`role` at `unit`, or `assignee` or `reporter`), and what was refused: "
            "written before anything is shown. `marks`: those of the case as it was read. Append only.",
)  # fmt: skip

schedules: Final = Table(
    "schedules", metadata,
    Column("key", Text, primary_key=True),
    Column("plans", Text, nullable=False),
    Column("private", Text, nullable=False),
    Column("ended_on", Text),
    Column("recorded_at", Text, nullable=False),
    comment="Recurring plans of the year wheel: what holds from which day, oldest first. `private` holds what people "
            "wrote in them and is erased with their payloads.",
)  # fmt: skip

occasions: Final = Table(
    "occasions", metadata,
    Column("schedule", Text, ForeignKey("schedules.key"), nullable=False),
    Column("day", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("case_id", Id, ForeignKey("cases.id")),
    Column("person", Text),
    Column("at", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("schedule", "day", "unit"),
    comment="What became of an occasion of a schedule: `opened` (the case) or `skipped` (why). All others are "
            "computed. The unit is empty for a skip of every unit. `reason` is erased with its payload.",
    sqlite_with_rowid=False,
)  # fmt: skip


@event.listens_for(metadata, "before_create")
def _limit_indexes(target: MetaData, connection: Connection, **_: object) -> None:
    """Give each partial index its condition when tables are made.

    Said where the index stands, it would make SQLAlchemy load the dialects of both databases at every start.
    """
    for table in target.tables.values():
        for index in table.indexes:
            if WHERE in index.info:
                index.dialect_options[connection.dialect.name]["where"] = text(index.info[WHERE])


@event.listens_for(search_texts, "after_create")
def _find_words(_target: Table, connection: Connection, **_: object) -> None:
    """Make what finds words, which no table can say."""
    from engine.store import search  # noqa: PLC0415  it knows the tables

    search.install(connection.connection.driver_connection)
