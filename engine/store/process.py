"""Counts of cases per process. It must not know what a process is."""

from __future__ import annotations

from typing import Final

from sqlalchemy import func, select

from engine.store.database import Session
from engine.store.statement import Statement
from engine.store.tables import cases

_OPEN: Final = Statement(
    select(cases.c.process, func.count()).where(cases.c.is_open.is_(True)).group_by(cases.c.process)
)


def count_open(session: Session) -> dict[str, int]:
    """Process -> how many of its cases are open; those without any are left out."""
    return {process: int(count) for process, count in session.all(_OPEN)}
