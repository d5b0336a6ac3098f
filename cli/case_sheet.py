"""`hjul cases` as a file for a spreadsheet: every case, in the words of the list, days as days, nothing that computes.

CSV is as Excel in Swedish opens it with a double click: semicolons, a mark that says UTF-8, days as 2026-03-01.
"""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from cli.output import put_bytes
from engine.language.cell import inert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.session import Session
    from engine.service.listed import CaseRow

HEADS: Final = ("reference", "process", "title", "state", "unit", "happened", "opened", "is_open", "assignee")
PAGE: Final = 500


def put_sheet(
    session: Session, format_: str, output: str | None, chosen: dict[str, Any], limit: int | None
) -> None:
    """Write the cases that `chosen` names to a file or to stdout: all of them, or so many."""
    rows = list(_rows(session, chosen, limit))
    heads = [session.say(f"cli.head.{name}") for name in HEADS]
    cells = [_cells(session, row) for row in rows]
    put_bytes(_csv(heads, cells) if format_ == "csv" else _xlsx(session, heads, cells), output)
    if output not in (None, "-"):
        session.tell(session.line("cli.cases.written", n=len(rows), file=str(output)))


def _rows(session: Session, chosen: dict[str, Any], limit: int | None) -> Iterator[CaseRow]:
    left, after = limit, chosen.pop("after")
    while left is None or left > 0:
        page = session.app.register.cases(**chosen, after=after, limit=min(PAGE, left or PAGE))
        yield from page.rows
        if page.next is None:
            return
        after, left = page.next, None if left is None else left - len(page.rows)


def _cells(session: Session, row: CaseRow) -> list[str | date | None]:
    return [
        row.reference, session.say(row.process_label), session.say(row.title), session.say(row.state_label),
        row.unit_name, row.happened_on, row.opened_on, session.say(row.is_open), row.assignee,
    ]  # fmt: skip


def _csv(heads: list[str], rows: list[list[str | date | None]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([inert(_said(cell)) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _xlsx(session: Session, heads: list[str], rows: list[list[str | date | None]]) -> bytes:
    from engine.documents.sheet import write_list
    from engine.documents.tree import Cell, Column, Table

    table = Table(
        session.say("cli.cases.sheet"),
        tuple(Column(head) for head in heads),
        tuple(
            tuple(Cell(_said(cell), cell if isinstance(cell, date) else None) for cell in row) for row in rows
        ),
    )
    return write_list(table, session.app.today)


def _said(cell: str | date | None) -> str:
    return cell.isoformat() if isinstance(cell, date) else cell or ""
