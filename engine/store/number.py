"""Numbers that a transaction takes: references of new cases, without a gap, and ids of new streams.

A counter's row stays locked until the transaction ends, so a number that was taken and not used goes back.
It must not know what is written under the numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, func, select

from engine.cases.decision import Decision
from engine.cases.event import NEW
from engine.cases.reference import format_reference
from engine.definition.model import Process
from engine.store.database import Cursor, Session
from engine.store.statement import DialectName, Statement, at
from engine.store.tables import counters, streams

if TYPE_CHECKING:
    from sqlalchemy.sql import ClauseElement


def _taking(name: DialectName) -> ClauseElement:
    if name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert  # noqa: PLC0415
    else:
        from sqlalchemy.dialects.postgresql import insert  # type: ignore[assignment] # noqa: PLC0415
    row: dict[str, Any] = {
        "prefix": bindparam("prefix"),
        "year": bindparam("year"),
        "last": bindparam("count"),
    }
    inserted = insert(counters).inline().values(row)
    return inserted.on_conflict_do_update(
        index_elements=["prefix", "year"], set_={"last": counters.c.last + inserted.excluded.last}
    )


TAKE: Final = Statement(_taking)
TAKEN: Final = Statement(select(counters.c.last).where(*at(counters, "prefix", "year")))
_SERIES: Final = func.generate_series(1, bindparam("count")).table_valued("number")
NEXT_IDS: Final = Statement(
    lambda name: (
        select(func.coalesce(func.max(streams.c.id), 0) + 1)
        if name == "sqlite"
        else select(func.nextval("streams_id_seq")).select_from(_SERIES)
    )
)


class Numbers:
    """What new cases and streams are called and numbered: asked for when made, waited for when read."""

    __slots__ = ("_dialect", "_ids", "_last", "_next", "_prefixes", "_taken")

    def __init__(
        self, session: Session, decisions: Sequence[Decision], definitions: Mapping[str, tuple[int, Process]]
    ) -> None:
        """Take the numbers; the last locks of the transaction."""
        new = [write for decision in decisions for write in decision.writes if write.event.seq == 1]
        self._dialect: Final = session.dialect
        self._ids: Final[Cursor | None] = session.ask(NEXT_IDS, {"count": len(new)}) if new else None
        self._next: list[int] | None = None
        self._prefixes: Final = {
            write.event.definition: definitions[write.event.definition][1].reference
            for write in new
            if write.event.stream.startswith(NEW)
        }
        wanted = Counter(
            self._counter(write.event.definition, write.event.occurred_on)
            for write in new
            if write.event.stream.startswith(NEW)
        )
        self._last: Final[dict[tuple[str, int], int]] = {}
        self._taken: Final[dict[tuple[str, int], tuple[int, Cursor]]] = {}
        for (prefix, year), count in sorted(wanted.items()):
            session.run(TAKE, {"prefix": prefix, "year": year, "count": count})
            self._taken[prefix, year] = count, session.ask(TAKEN, {"prefix": prefix, "year": year})

    def stream_id(self) -> int:
        """The id of a new stream."""
        if self._next is None:
            rows = self._ids.fetchall() if self._ids is not None else []
            self._next = [row[0] for row in reversed(rows)]
        if self._dialect == "sqlite":
            self._next[0] += 1
            return self._next[0] - 1
        return self._next.pop()

    def names(self, decision: Decision) -> dict[str, str]:
        """References for a decision's new cases: `+0` -> `ABC-2026-0017`. Each call takes the next."""
        return {
            write.event.stream: self._reference(write.event.definition, write.event.occurred_on)
            for write in decision.writes
            if write.event.stream.startswith(NEW)
        }

    def _counter(self, definition: str, day: str) -> tuple[str, int]:
        return self._prefixes[definition], int(day[:4])

    def _reference(self, definition: str, day: str) -> str:
        prefix, year = counter = self._counter(definition, day)
        if counter not in self._last:
            count, cursor = self._taken[counter]
            self._last[counter] = cursor.fetchone()[0] - count
        self._last[counter] += 1
        return format_reference(prefix, year, self._last[counter])
