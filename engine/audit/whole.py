"""What can only be told of the log as a whole: both sides of links, references without a gap, guards in place.

It must not know how a stream is verified.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, bindparam, not_, or_, select

from engine.audit.page import stray_rows
from engine.audit.problem import Findings
from engine.cases.reference import fold, format_reference
from engine.store import guards
from engine.store.database import Database, Session
from engine.store.statement import Statement
from engine.store.tables import counters, erasures, events, links, streams

MOST_NAMED: Final = 20
_OTHER_SIDE: Final = links.alias("other_side")
_HERE: Final = streams.alias("here")
_THERE: Final = streams.alias("there")
_ONE_SIDED = (
    select(_HERE.c.name, links.c.kind, _THERE.c.name)
    .select_from(
        links.outerjoin(
            _OTHER_SIDE,
            and_(
                _OTHER_SIDE.c.case_id == links.c.other_id,
                _OTHER_SIDE.c.other_id == links.c.case_id,
                _OTHER_SIDE.c.kind == links.c.kind,
                _OTHER_SIDE.c.outgoing != links.c.outgoing,
                _OTHER_SIDE.c.row == links.c.row,
            ),
        )
        .outerjoin(_HERE, _HERE.c.id == links.c.case_id)
        .outerjoin(_THERE, _THERE.c.id == links.c.other_id)
    )
    .where(_OTHER_SIDE.c.case_id.is_(None))
    .order_by(links.c.case_id, links.c.other_id)
)
ONE_SIDED: Final = Statement(_ONE_SIDED)
ONE_SIDED_OF: Final = Statement(_ONE_SIDED.where(links.c.case_id == bindparam("case_id")))
COUNTERS: Final = Statement(select(counters.c.prefix, counters.c.year, counters.c.last))
NAMES: Final = Statement(
    select(streams.c.name).where(
        streams.c.kind == "case", streams.c.name.like(bindparam("pattern"), escape="\\")
    )
)
CASES_NAMED: Final = Statement(
    select(streams.c.id, streams.c.name)
    .where(streams.c.kind == "case", streams.c.name.like(bindparam("pattern")))
    .order_by(streams.c.id)
)
_BY: Final = events.alias("by")
_EVENT: Final = events.alias("erased")
UNFOUNDED: Final = Statement(
    select(streams.c.name, erasures.c.seq)
    .select_from(
        erasures.outerjoin(streams, streams.c.id == erasures.c.stream_id)
        .outerjoin(_BY, and_(_BY.c.stream_id == erasures.c.by_stream_id, _BY.c.seq == erasures.c.by_seq))
        .outerjoin(_EVENT, and_(_EVENT.c.stream_id == erasures.c.stream_id, _EVENT.c.seq == erasures.c.seq))
    )
    .where(
        or_(
            _BY.c.kind.is_(None),
            _EVENT.c.kind.is_(None),
            _BY.c.kind != "erasure",
            and_(_BY.c.stream_id == _EVENT.c.stream_id, _BY.c.seq <= _EVENT.c.seq),
            and_(_BY.c.stream_id != _EVENT.c.stream_id, not_(_BY.c.recorded_at >= _EVENT.c.recorded_at)),
        )
    )
    .order_by(erasures.c.stream_id, erasures.c.seq)
)


@dataclass(slots=True)
class Numbered:
    """The references seen of one prefix and year: how many, and the highest number."""

    count: int = 0
    highest: int = 0


def verify_whole(
    database: Database, numbered: Mapping[tuple[str, int], Numbered], findings: Findings
) -> None:
    """Look at what no stream shows alone.

    Raises:
        StorageError: The database cannot be read.
    """
    with database.snapshot() as session:
        for name in guards.missing(session.raw):
            findings.add("guards", None, "guard", name=name)
        for table in dict.fromkeys(stray_rows(session)):
            findings.add(table, None, "stray")
        for name, seq in session.all(UNFOUNDED):
            findings.add(name or "erasures", seq, "unfounded_erasure")
        verify_links(session, findings)
    with database.snapshot() as session:
        _verify_references(session, numbered, findings)


def find_case(session: Session, folded: str) -> int | None:
    """The stream of a case by its folded reference, whether or not it has a row among the cases."""
    pattern = f"%{folded[folded.find('-') :]}" if "-" in folded else ""
    found = session.all(CASES_NAMED, {"pattern": pattern})
    return next((row[0] for row in found if fold(row[1]) == folded), None)


def verify_links(session: Session, findings: Findings, case_id: int | None = None) -> None:
    """Look whether each link, or each of one case, has its other side."""
    rows = session.all(ONE_SIDED) if case_id is None else session.all(ONE_SIDED_OF, {"case_id": case_id})
    for name, kind, other in rows:
        findings.add(name or "links", None, "one_sided", link=kind, other=other or "?")


def _verify_references(
    session: Session, numbered: Mapping[tuple[str, int], Numbered], findings: Findings
) -> None:
    last = {(prefix, year): number for prefix, year, number in session.all(COUNTERS)}
    for prefix, year in sorted({*last, *numbered}):
        seen = numbered.get((prefix, year), Numbered())
        given = last.get((prefix, year), 0)
        if given < seen.highest:
            findings.add(
                "counters",
                None,
                "counter",
                prefix=prefix,
                year=str(year),
                last=str(given),
                highest=str(seen.highest),
            )
        if seen.count != max(seen.highest, given):
            _name_gaps(session, prefix, year, max(seen.highest, given), findings)


def _name_gaps(session: Session, prefix: str, year: int, last: int, findings: Findings) -> None:
    pattern = f"{prefix}-{year}-%".replace("_", "\\_")
    there = {row[0] for row in session.all(NAMES, {"pattern": pattern})}
    absent = (
        reference
        for number in range(1, last + 1)
        if (reference := format_reference(prefix, year, number)) not in there
    )
    named = [reference for reference, _ in zip(absent, range(MOST_NAMED), strict=False)]
    if named:
        lost = str(last - len(there)) if last > len(there) else str(len(named))
        findings.add("counters", None, "lost_references", references=tuple(named), count=lost)
