"""Counts of cases per process and definition. It must not know what a process is."""

from __future__ import annotations

from typing import Final

from sqlalchemy import func, select

from engine.store.database import Session
from engine.store.statement import Statement
from engine.store.tables import cases

_OPEN: Final = Statement(
    select(cases.c.process, cases.c.definition_id, func.count())
    .where(cases.c.is_open.is_(True))
    .group_by(cases.c.process, cases.c.definition_id)
)


def count_open(session: Session) -> dict[str, dict[int, int]]:
    """Process -> id of a definition -> how many open cases follow it; where there are none it is left out."""
    found: dict[str, dict[int, int]] = {}
    for process, definition, count in session.all(_OPEN):
        found.setdefault(process, {})[int(definition)] = int(count)
    return found
