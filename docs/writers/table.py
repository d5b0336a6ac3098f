"""Writes the page of tables, from the tables themselves. It must not know any database."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table, UniqueConstraint

from engine.store.tables import WHERE, metadata

INTRO = """# Tables

The same in SQLite and PostgreSQL. How to read them, and which are the log, is in
[Read the tables with SQL of your own](../how-to/read-the-tables.md).

- Instants are UTC text of fixed width, `2026-03-01T07:30:00.000000Z`; days are `2026-03-01`. Both sort as time does.
- Integers such as `id` and `case_id` mean something inside one database only; they are never hashed or exported.
- Codes and references are text. `1` and `0` are true and false in SQLite.
"""
WITHOUT = {
    "case_marks": "Access marks of a case, and what was kept when each was set.",
    "links": "Typed relations between cases, a row on each side; `outgoing` on the side that made it.",
    "deadlines": "Deadlines of a case: the step it wants, since when, the last day, how it stands.",
    "units": "Units, in a tree. `attributes` is JSON, read by conditions.",
    "persons": "Who is registered. Names and logins stand here and in payloads, never in the body of an event.",
    "settings": "Settings of the installation that differ from their default.",
    "outbox": "What is to be told to whom, until it is sent. A reminder has a key, so that it comes once.",
}
"""What a table is that says nothing of itself."""


def page() -> str:
    """Give the page.

    Raises:
        KeyError: A table neither says what it is nor is told here.
    """
    tables = [metadata.tables[name] for name in sorted(metadata.tables)]
    return "\n".join([INTRO, *map(_section, tables)])


def _section(table: Table) -> str:
    lines = [f"## {table.name}", "", table.comment or WITHOUT[table.name], ""]
    lines += ["| column | type | |", "|---|---|---|"]
    lines += [f"| `{column.name}` | {_type(column)} | {_said(column)} |" for column in table.columns]
    found = [
        *_unique(table),
        *(_index(index) for index in sorted(table.indexes, key=lambda one: one.name or "")),
    ]
    return "\n".join(lines) + ("\n\n" + "\n".join(f"- {one}" for one in found) if found else "") + "\n"


def _type(column: Column[object]) -> str:
    words = {"BIGINT": "integer", "INTEGER": "integer", "TEXT": "text", "BLOB": "bytes", "BOOLEAN": "boolean"}
    said = str(column.type).upper()
    return words.get(said, said.lower())


def _said(column: Column[object]) -> str:
    parts = ["primary key"] if column.primary_key else []
    parts += [
        f"→ `{key.target_fullname}`"
        for key in sorted(column.foreign_keys, key=lambda one: one.target_fullname)
    ]
    parts += ["may be empty"] if column.nullable else []
    return ", ".join(parts)


def _unique(table: Table) -> list[str]:
    found = [
        ", ".join(f"`{column.name}`" for column in one.columns)
        for one in table.constraints
        if isinstance(one, UniqueConstraint)
    ]
    return [f"unique: {columns}" for columns in sorted(found)]


def _index(index: Index) -> str:
    columns = ", ".join(f"`{column.name}`" for column in index.columns)
    where = index.info.get(WHERE)
    return f"index: {columns}" + (f", where `{where}`" if where else "")
