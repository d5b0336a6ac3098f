"""What is searched: the words of each event and of each case's envelope, beside them in the same transaction.

Rows of `search_texts` hold words as `engine.language.words` spells them. SQLite finds them by an FTS5 table that
triggers keep, PostgreSQL by an index on `to_tsvector('simple', ...)`; since words come spelt and divided, both
answer alike. A row of seq 0 is the envelope (reference, title); the others are what somebody wrote, to be found only by
those who read the content, and removed with the payload of their event. This module must not know who asks.
"""

# ruff: noqa: S608, ISC004  SQL of constants, a statement of several lines each

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import ColumnElement, Select, column, func, literal, literal_column, select, table

from engine.cases.event import FILE_NAME
from engine.language.words import Term, spell, words_of
from engine.ledger.chain import EVENT_TAG
from engine.store.statement import DialectName, Statement
from engine.store.tables import search_texts

if TYPE_CHECKING:
    from sqlalchemy.sql import ClauseElement

    from engine.cases.event import Event
    from engine.definition.model import Process
    from engine.language.sentence import Words

WORDS: Final = 250
"""Words of one row: fewer than the places of one word that PostgreSQL keeps."""
OVERLAP: Final = 20
"""Words that the next row begins with again, so that words which stand beside each other do so in one row."""
SAID: Final = frozenset({"$text", "$source", "$comment", "$reason", FILE_NAME})
"""What an event says that is no field, and is searched."""
INDEX: Final = "search_index"
BATCH: Final = 2000
WRITTEN: Final = (
    "SELECT e.stream_id, e.seq, e.body, p.content FROM cases c CROSS JOIN events e CROSS JOIN payloads p"
)
"""In this order: SQLite follows it, and else goes through every case for each batch of them."""
SIMPLE: Final[ColumnElement[Any]] = literal_column("'simple'::regconfig")
"""The configuration, written as the index has it."""

SQLITE: Final = (
    f"CREATE VIRTUAL TABLE {INDEX} USING fts5(words, content='search_texts', content_rowid='id', tokenize='ascii')",
    "CREATE TRIGGER search_texts_insert AFTER INSERT ON search_texts BEGIN "
    f"INSERT INTO {INDEX} (rowid, words) VALUES (NEW.id, NEW.words); END",
    "CREATE TRIGGER search_texts_delete AFTER DELETE ON search_texts BEGIN "
    f"INSERT INTO {INDEX} ({INDEX}, rowid, words) VALUES ('delete', OLD.id, OLD.words); END",
    "CREATE TRIGGER search_texts_update AFTER UPDATE ON search_texts BEGIN "
    f"INSERT INTO {INDEX} ({INDEX}, rowid, words) VALUES ('delete', OLD.id, OLD.words); "
    f"INSERT INTO {INDEX} (rowid, words) VALUES (NEW.id, NEW.words); END",
    "CREATE TRIGGER search_texts_erased AFTER DELETE ON payloads BEGIN "
    "DELETE FROM search_texts WHERE case_id = OLD.stream_id AND seq = OLD.seq; END",
    "CREATE TRIGGER search_texts_reduced AFTER UPDATE ON payloads BEGIN "
    "DELETE FROM search_texts WHERE case_id = OLD.stream_id AND seq = OLD.seq; END",
)
POSTGRESQL: Final = (
    "CREATE INDEX ix_search_texts_words ON search_texts USING gin (to_tsvector('simple'::regconfig, words))",
    "CREATE FUNCTION search_texts_erased() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "EXECUTE format('DELETE FROM %I.search_texts WHERE case_id = $1 AND seq = $2', TG_TABLE_SCHEMA) "
    "USING OLD.stream_id, OLD.seq; RETURN NULL; END $$",
    "CREATE TRIGGER search_texts_erased AFTER UPDATE OR DELETE ON payloads "
    "FOR EACH ROW EXECUTE FUNCTION search_texts_erased()",
)
"""What finds words; and what lets them go with the payload that they are of, whoever removes that."""


def _upserting(name: DialectName) -> ClauseElement:
    if name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert  # noqa: PLC0415
    else:
        from sqlalchemy.dialects.postgresql import insert  # type: ignore[assignment] # noqa: PLC0415
    from sqlalchemy import bindparam  # noqa: PLC0415

    names = ("case_id", "seq", "part", "words")
    inserted = insert(search_texts).inline().values({each: bindparam(each) for each in names})
    return inserted.on_conflict_do_update(
        index_elements=["case_id", "seq", "part"], set_={"words": inserted.excluded.words}
    )


UPSERT: Final = Statement(_upserting)


def rows_of(case_id: int, event: Event, process: Process, title: Words) -> Iterator[dict[str, Any]]:
    """The rows that follow from an event: its words, and the envelope's when that may have changed."""
    names = {name for several in process.title_names for name in several}
    if event.seq == 1 or names & {*event.coded, *event.cleared}:
        yield _row(case_id, 0, 0, envelope(event.stream, title.sv, title.en))
    if event.personal:
        texts = (
            value
            for path, value in event.personal.items()
            if isinstance(value, str) and _is_searched(process, path)
        )
        yield from content_rows(case_id, event.seq, texts)


def envelope(reference: str, *titles: str) -> str:
    """The words of an envelope."""
    said = " ".join(dict.fromkeys(title.replace("{unit}", " ") for title in titles))
    return " ".join(map(spell, words_of(f"{reference} {said}")))


def content_rows(case_id: int, seq: int, texts: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The words of texts, so many a row; two texts never stand beside each other."""
    part = 0
    for text in texts:
        words = list(map(spell, words_of(text)))
        while words:
            yield _row(case_id, seq, part, " ".join(words[:WORDS]))
            words = words[WORDS - OVERLAP :] if len(words) > WORDS else []
            part += 1


def _row(case_id: int, seq: int, part: int, words: str) -> dict[str, Any]:
    return {"case_id": case_id, "seq": seq, "part": part, "words": words}


def _is_searched(process: Process, path: str) -> bool:
    if path.startswith("$"):
        return path in SAID
    found = process.column(path)
    return found is not None and found.type == "text"


def cases_with(term: Term, dialect: DialectName, *, content: bool) -> Select[Any]:
    """The ids of the cases in which a term is found: in what was written, or in the envelope."""
    words = [spell(word) for word in term.words]
    if dialect == "sqlite":
        index = table(INDEX, column("rowid"), column("words"))
        wanted = '"' + " ".join(words) + '"' + (" *" if term.begins else "")
        found: ColumnElement[bool] = index.c.words.op("MATCH", is_comparison=True)(literal(wanted))
        query = select(search_texts.c.case_id).select_from(
            index.join(search_texts, search_texts.c.id == index.c.rowid)
        )
    else:
        wanted = " <-> ".join(words) + (":*" if term.begins else "")
        vector = func.to_tsvector(SIMPLE, search_texts.c.words)
        found = vector.op("@@", is_comparison=True)(func.to_tsquery(SIMPLE, literal(wanted)))
        # Set apart, or PostgreSQL goes through every envelope and spells it anew rather than ask the index of words.
        rows = select(search_texts.c.case_id, search_texts.c.seq).where(found).offset(0).subquery()
        return select(rows.c.case_id).where(rows.c.seq > 0 if content else rows.c.seq == 0)
    return query.where(found, search_texts.c.seq > 0 if content else search_texts.c.seq == 0)


# --- made and made anew ----------------------------------------------------------------------------------


def install(raw: Any) -> None:
    """Make what finds words, on a driver connection of either database. The caller commits."""
    for statement in SQLITE if isinstance(raw, sqlite3.Connection) else POSTGRESQL:
        raw.execute(statement)


def is_in_tables(name: str | None, kind: str, _parents: object) -> bool:
    """Whether Alembic finds a table or an index in the code's tables; what finds words is made here alone."""
    if kind == "table":
        return name is None or not name.startswith(INDEX)
    return name != "ix_search_texts_words"


def uninstall(raw: Any) -> None:
    """Take it away again. The caller commits."""
    if isinstance(raw, sqlite3.Connection):
        for name in ("insert", "delete", "update", "erased", "reduced"):
            raw.execute(f"DROP TRIGGER IF EXISTS search_texts_{name}")
        raw.execute(f"DROP TABLE IF EXISTS {INDEX}")
    else:
        raw.execute("DROP TRIGGER IF EXISTS search_texts_erased ON payloads")
        raw.execute("DROP FUNCTION IF EXISTS search_texts_erased()")
        raw.execute("DROP INDEX IF EXISTS ix_search_texts_words")


def rebuild(raw: Any, told: Callable[[int, int], None] | None = None) -> int:
    """Make every row anew from log and cases, on a driver connection; returns how many. The caller commits.

    Plain SQL on columns that the first revision has, so that a migration may call it.
    """
    raw.execute("DELETE FROM search_texts")
    mark = "?" if isinstance(raw, sqlite3.Connection) else "%s"
    insert = f"INSERT INTO search_texts (case_id, seq, part, words) VALUES ({', '.join([mark] * 4)})"
    total = raw.execute("SELECT count(*) FROM cases").fetchone()[0]
    texts = _text_fields(raw)
    done, written, after = 0, 0, 0
    while True:
        cases = raw.execute(
            f"SELECT c.id, s.name, c.title_sv, c.title_en FROM cases c JOIN streams s ON s.id = c.id "
            f"WHERE c.id > {mark} ORDER BY c.id LIMIT {BATCH}",
            (after,),
        ).fetchall()
        if not cases:
            break
        rows = [_row(case_id, 0, 0, envelope(name, sv, en)) for case_id, name, sv, en in cases]
        events = raw.execute(
            f"{WRITTEN} WHERE c.id > {mark} AND c.id <= {mark} AND e.stream_id = c.id"
            " AND p.stream_id = e.stream_id AND p.seq = e.seq",
            (after, cases[-1][0]),
        ).fetchall()
        for case_id, seq, body, content in events:
            definition = orjson.loads(bytes(body)[len(EVENT_TAG) :]).get("definition")
            rows += content_rows(
                case_id, seq, _said(orjson.loads(content), texts.get(definition, frozenset()))
            )
        raw.cursor().executemany(insert, [tuple(row.values()) for row in rows])
        written += len(rows)
        after, done = cases[-1][0], done + len(cases)
        if told is not None:
            told(done, total)
    return written


def _said(content: Mapping[str, Any], fields: frozenset[str]) -> Iterator[str]:
    for path, kept in content.items():
        parts = path.split(".")
        name = f"{parts[0]}.{parts[-1]}" if len(parts) > 2 else path
        value = kept.get("value")
        if isinstance(value, str) and (path in SAID or name in fields):
            yield value


def _text_fields(raw: Any) -> dict[str, frozenset[str]]:
    """Definition -> its fields that hold text, a column as `table.column`."""
    found = {}
    for digest, document in raw.execute("SELECT hash, document FROM definitions").fetchall():
        fields: set[str] = set()
        for name, said in orjson.loads(bytes(document))["process"].get("fields", {}).items():
            if said.get("type") == "text":
                fields.add(name)
            for key, cell in (said.get("columns") or {}).items():
                if cell.get("type") == "text":
                    fields.add(f"{name}.{key}")
        found[digest] = frozenset(fields)
    return found
