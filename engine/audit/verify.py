"""`audit verify`: the whole log, or one case, against its bytes, its chain and what follows from it.

Streams are read window by window; `screen` lets pass what is beyond doubt, `walk` and `replay` name what is wrong
in the rest. Streams do not depend on each other, so several processes may share them, each with a connection
of its own that cannot write. Memory does not grow with the log. It must not know who asks.
"""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import get_context
from typing import Any, Final, TypeAlias

import orjson
from sqlalchemy import func, select

from engine.audit.attachment import verify_files
from engine.audit.basis import Basis, load_basis
from engine.audit.page import FIRST, LAST, Page, Window, grouped, pages, windows
from engine.audit.problem import Findings, VerifyReport
from engine.audit.register import verify_registers
from engine.audit.replay import Replay, Stored
from engine.audit.screen import doubtful
from engine.audit.walk import Walk
from engine.audit.whole import Numbered, verify_links, verify_whole
from engine.cases.organisation import STREAM
from engine.ledger.chain import EVENT_TAG
from engine.store.database import Database, Row
from engine.store.statement import Statement
from engine.store.tables import streams

Progress: TypeAlias = Callable[[int, int], None]
"""Told now and then: events looked at, events there are."""
Part: TypeAlias = tuple[int, int]
"""The streams whose id is above the one and at most the other."""
SHARES: Final = 16
"""How many parts each process takes, one after the other, so that none waits long for the last."""
AHEAD: Final = 2
"""How many parts each other process has been given, so that it need not wait for this one."""
SMALLEST: Final = 500
"""The fewest streams in a part."""
WORTH: Final = 100_000
"""Events from which it is worth while to start other processes: one costs as much as some 40,000 events do."""
_DECIDING: Final = Statement(
    select(streams.c.id).where(streams.c.kind.in_(("organisation", "process"))).order_by(streams.c.id)
)
_EXTENT: Final = Statement(
    select(func.min(streams.c.id), func.max(streams.c.id), func.coalesce(func.sum(streams.c.seq), 0))
)


@dataclass(slots=True)
class Tally:
    """What was looked at, and what was found."""

    cases: int = 0
    events: int = 0
    erased: int = 0
    numbered: dict[tuple[str, int], Numbered] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)

    def count(self, window: Window) -> None:
        """Count the streams of a window, and the numbers of their references."""
        self.erased += len({row[:2] for row in window.erased})
        for row in window.streams:
            if row[1] == "case":
                self.cases += 1
                prefix, _, rest = str(row[2]).partition("-")
                year, _, number = rest.partition("-")
                if year.isdecimal() and number.isdecimal():
                    seen = self.numbered.setdefault((prefix, int(year)), Numbered())
                    seen.count += 1
                    seen.highest = max(seen.highest, int(number))

    def add(self, other: Tally) -> None:
        """Add what was looked at elsewhere."""
        self.cases += other.cases
        self.events += other.events
        self.erased += other.erased
        for place, numbered in other.numbered.items():
            seen = self.numbered.setdefault(place, Numbered())
            seen.count += numbered.count
            seen.highest = max(seen.highest, numbered.highest)
        self.findings.take(other.findings)

    def report(self, seconds: float) -> VerifyReport:
        """All of it as a report."""
        problems = self.findings.problems()
        return VerifyReport(
            self.cases, self.events, not problems and not self.findings.left_off, problems, self.erased, seconds,
            self.findings.left_off,
        )  # fmt: skip


def verify_log(database: Database, *, jobs: int = 1, progress: Progress | None = None) -> VerifyReport:
    """Verify everything.

    Args:
        database: Where the log is.
        jobs: How many processes share the streams, this one included; a small log is not shared.
        progress: Told now and then how far it has come.

    Raises:
        StorageError: The database cannot be read.
    """
    clock = database.patience.clock
    began = clock()
    tally = Tally()
    with database.read() as session:
        basis = load_basis(session)
        lowest, highest, total = session.one(_EXTENT) or (None, None, 0)
    if basis is None:
        tally.findings.add("authority", None, "no_authority")
        return tally.report(clock() - began)
    _tell_past(basis, tally.findings)
    parts = _parts(lowest, highest, jobs)
    is_shared = jobs > 1 and total >= WORTH
    seen: dict[int, Tally] = {}
    for number, part in (
        _shared(database, basis, parts, jobs) if is_shared else _in_turn(database, basis, parts)
    ):
        seen[number] = part
        if progress is not None:
            done = sum(one.events for one in seen.values())
            progress(done, max(done, total))
    for number in sorted(seen):
        tally.add(seen[number])
    verify_registers(database, tally.findings)
    verify_files(database, tally.findings)
    verify_whole(database, tally.numbered, tally.findings)
    tally.findings.look_at_rights()
    return tally.report(clock() - began)


def verify_case(database: Database, case_id: int, *, has_founded_rights: bool = True) -> VerifyReport:
    """Verify one case: its stream, its rows, and that the cases it is linked to know of it.

    Args:
        database: Where the log is.
        case_id: Its id in the database.
        has_founded_rights: Whether the rows that decide who may see it follow from the log; else that is a problem.

    Raises:
        StorageError: The database cannot be read.
    """
    clock = database.patience.clock
    began = clock()
    tally = Tally()
    with database.read() as session:
        basis = load_basis(session)
    if basis is None:
        tally.findings.add("authority", None, "no_authority")
        return tally.report(clock() - began)
    tally = verify_part(database, basis, case_id - 1, case_id)
    _tell_past(basis, tally.findings)
    verify_files(database, tally.findings, case_id)
    with database.read() as session:
        verify_links(session, tally.findings, case_id)
    if not has_founded_rights:
        tally.findings.warn_of_rights()
    return tally.report(clock() - began)


def has_founded_rights(database: Database) -> bool:
    """Whether the rows that decide who may do what follow from the log: the organisation and the definitions.

    Raises:
        StorageError: The database cannot be read.
    """
    findings = Findings()
    with database.read() as session:
        basis = load_basis(session)
        deciding = [row[0] for row in session.all(_DECIDING)]
    if basis is None:
        return False
    for stream_id in deciding:
        findings.take(verify_part(database, basis, stream_id - 1, stream_id).findings)
    verify_registers(database, findings)
    return not findings.touches_rights


def verify_part(database: Database, basis: Basis, after: int, upto: int) -> Tally:
    """Verify the streams whose id is above `after` and at most `upto`.

    Raises:
        StorageError: The database cannot be read.
    """
    tally = Tally()
    with _uncollected():
        for window in windows(database, after, upto):
            basis = _verify_window(database, basis, window, tally)
    return tally


def _tell_past(basis: Basis, findings: Findings) -> None:
    if basis.past is None:
        findings.add(f"{STREAM}:{STREAM}", None, "tasks_not_compared")


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let no cycles be looked for: nothing here makes any, and looking costs a tenth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _verify_window(database: Database, basis: Basis, window: Window, tally: Tally) -> Basis:
    """Verify a window; gives its basis, read anew when something has come that cases follow from."""
    tally.count(window)
    if window.page is None:
        basis = _renewed(database, basis)
        pages_of_it = pages(database, window.upto, window.top or 0)
        tally.events += _Look(basis, window, tally.findings).look(window.upto, pages_of_it)
        return basis
    tally.events += len(window.page.events)
    doubted = doubtful(window, window.page, basis)
    if doubted:
        renewed = _renewed(database, basis)
        doubted, basis = (doubted if renewed is basis else doubtful(window, window.page, renewed)), renewed
        look = _Look(basis, window, tally.findings)
        by_stream = [grouped(rows) for rows in window.page]
        for stream_id in sorted(doubted):
            look.look(stream_id, [Page(*(rows.get(stream_id, []) for rows in by_stream))])
    return basis


def _renewed(database: Database, basis: Basis) -> Basis:
    """The same while nothing has come that cases may follow from; else it is read anew."""
    with database.snapshot() as session:
        return basis if basis.is_newest(session) else load_basis(session) or basis


class _Look:
    """Streams of a window that are looked at closely."""

    def __init__(self, basis: Basis, window: Window, findings: Findings) -> None:
        self.basis, self.findings = basis, findings
        self.streams = {row[0]: row for row in window.streams}
        self.erased, self.cases = grouped(window.erased), {row[0]: row for row in window.cases}
        self.coded, self.deadlines = window.coded, window.deadlines
        self.links, self.marks, self.tasks = map(grouped, (window.links, window.marks, window.tasks))

    def look(self, stream_id: int, pages_of_it: Iterable[Page]) -> int:
        """Name everything that is wrong in a stream; return how many events it has."""
        stream = self.streams.get(stream_id)
        walk: Walk | None = None
        replay: Replay | None = None
        count = 0
        for page in pages_of_it:
            if walk is None:
                kind, name = _named(stream_id, stream, page)
                erased = {row[1] for row in self.erased.get(stream_id, ())}
                walk = Walk(self.basis, self.findings, kind, name, stream, erased)
                replay = Replay(self.basis, self.findings, walk.reference) if kind == "case" else None
            contents = {row[1]: row[2] for row in page.payloads}
            queued = {row[1] for row in page.unsealed}
            for row in page.events:
                found = walk.step(row, contents.pop(row[1], None), is_unsealed=row[1] in queued)
                queued.discard(row[1])
                if replay is not None:
                    replay.step(found)
            count += len(page.events)
            for seq in sorted(contents):
                self.findings.add(walk.reference, seq, "payload_orphan")
            for seq in sorted(queued):
                self.findings.add(walk.reference, seq, "queue_orphan")
        if walk is not None:
            self._end(stream_id, walk, replay, count)
        return count

    def _end(self, stream_id: int, walk: Walk, replay: Replay | None, count: int) -> None:
        if count or walk.stream is not None:
            walk.end()
        stored = self._stored(stream_id)
        if replay is not None and count:
            replay.end(stored)
        elif stored.tables():
            self.findings.add(walk.reference, None, "orphans", tables=tuple(stored.tables()))

    def _stored(self, stream_id: int) -> Stored:
        def mine(rows: dict[int, list[Row]]) -> list[Row]:
            return [tuple(row[1:]) for row in rows.get(stream_id, ())]

        return Stored(
            self.cases.get(stream_id), orjson.loads(self.coded.get(stream_id, "[]")),
            orjson.loads(self.deadlines.get(stream_id, "[]")), mine(self.links), mine(self.marks), mine(self.tasks),
        )  # fmt: skip


def _named(stream_id: int, stream: Row | None, page: Page) -> tuple[str, str]:
    """Kind and name of a stream: by its row, else by what its first event says."""
    if stream is not None:
        return str(stream[1]), str(stream[2])
    try:
        body: Any = orjson.loads(page.events[0][10][len(EVENT_TAG) :])
        return str(body["stream_kind"]), str(body["stream"])
    except (LookupError, ValueError, TypeError):
        return "stream", f"#{stream_id}"


def _parts(lowest: int | None, highest: int | None, jobs: int) -> list[Part]:
    """Divide all ids there can be: the ends lie open, since rows may stand where no stream does."""
    if lowest is None or highest is None:
        return [(FIRST, LAST)]
    size = max(SMALLEST, (highest - lowest) // (max(jobs, 4) * SHARES) + 1)
    cuts = [*range(lowest + size - 1, highest, size)]
    return list(zip([FIRST, *cuts], [*cuts, LAST], strict=True))


def _in_turn(database: Database, basis: Basis, parts: Sequence[Part]) -> Iterator[tuple[int, Tally]]:
    for number, part in enumerate(parts):
        yield number, verify_part(database, basis, *part)


def _shared(
    database: Database, basis: Basis, parts: Sequence[Part], jobs: int
) -> Iterator[tuple[int, Tally]]:
    """The parts as they are done, by this process and by others; this one begins while the others start.

    They are started anew and not forked: a connection must not be in two processes.
    """
    url = database.url.render_as_string(hide_password=False)
    waiting = deque(enumerate(parts))
    running: dict[Future[Tally], int] = {}
    with ProcessPoolExecutor(jobs - 1, mp_context=get_context("spawn")) as pool:
        while waiting or running:
            while waiting and len(running) < AHEAD * (jobs - 1):
                number, part = waiting.popleft()
                running[pool.submit(_part_elsewhere, url, part)] = number
            if waiting:
                number, part = waiting.popleft()
                yield number, verify_part(database, basis, *part)
            for future in wait(running, 0 if waiting else None, FIRST_COMPLETED).done:
                yield running.pop(future), future.result()


def _part_elsewhere(url: str, part: Part) -> Tally:
    database, basis = _opened(url)
    return verify_part(database, basis, *part)


@cache
def _opened(url: str) -> tuple[Database, Basis]:
    """A database that this process cannot write, and what its streams are verified against."""
    database = Database(url, connections=1)
    with database.read() as session:
        if session.dialect == "sqlite":
            session.raw.execute("PRAGMA query_only = ON")
        basis = load_basis(session)
    if basis is None:
        raise LookupError(url.partition(":")[0])
    return database, basis
