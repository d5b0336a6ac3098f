"""What became of an import: as lines, as JSON, and its problems as a table of their own."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any, Final

from engine.language.cell import inert

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from cli.session import Session
    from engine.exchange.case_import import Imported, RowProblem

MOST_LINES: Final = 40
MOST_RANGES: Final = 8


def import_lines(session: Session, done: Imported) -> Iterator[str]:
    """The lines that tell what was done."""
    for problem in done.problems[:MOST_LINES]:
        yield row_problem_line(session, problem)
    if done.dry_run:
        yield session.line("cli.import.would", n=done.imported, rows=str(done.rows))
    else:
        yield session.line("cli.import.done", n=done.imported, rows=str(done.rows), id=done.id)
    for year, (first, last, count) in sorted(done.years.items()):
        yield session.say("cli.import.year", year=str(year), first=first, last=last, count=count)
    if done.already:
        yield session.line("cli.import.already", n=done.already)
    if done.skipped:
        yield session.line("cli.import.skipped", n=done.skipped)


def import_shape(session: Session, done: Imported) -> dict[str, Any]:
    """What was done, as JSON."""
    return {
        "import": done.id,
        "rows": done.rows,
        "imported": 0 if done.dry_run else done.imported,
        "importable": done.imported if done.dry_run else None,
        "already": done.already,
        "skipped": done.skipped,
        "dry_run": done.dry_run,
        "years": [
            {"year": year, "first": first, "last": last, "count": count}
            for year, (first, last, count) in sorted(done.years.items())
        ],
        "problems": [
            {
                "rows": list(problem.rows),
                "column": problem.column or None,
                "value": problem.value or None,
                "why": session.say(problem.why),
            }
            for problem in done.problems
        ],
    }


def row_problem_line(session: Session, problem: RowProblem) -> str:
    """What is wrong, and in which rows: the rows, the column, what stands there, and why."""
    shown = [f"{low}-{high}" if high > low else str(low) for low, high in _ranges(problem.rows)]
    more = len(shown) - MOST_RANGES
    rows = ", ".join(shown[:MOST_RANGES])
    if more > 0:
        covered = sum(high - low + 1 for low, high in list(_ranges(problem.rows))[:MOST_RANGES])
        rows = session.say("cli.import.and_more", rows=rows, n=len(problem.rows) - covered)
    value = session.say("cli.import.value", value=problem.value) if problem.value else ""
    place = ", ".join(part for part in (problem.column, value) if part)
    said = "cli.import.problem_at" if place else "cli.import.problem"
    return session.line(said, rows=rows, place=place, why=problem.why)


def _ranges(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    low = high = rows[0]
    for row in rows[1:]:
        if row > high + 1:
            yield low, high
            low = row
        high = row
    yield low, high


def write_problems(session: Session, problems: Sequence[RowProblem], path: Path) -> None:
    """Write every row that something is wrong with, as a CSV that Excel opens."""
    found = sorted(
        (row, problem.column, problem.value, session.line(problem.why))
        for problem in problems for row in problem.rows
    )  # fmt: skip
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow([session.say(f"cli.head.{name}") for name in ("row", "column", "value", "why")])
        writer.writerows([row, *map(inert, texts)] for row, *texts in found)
    session.tell(session.line("cli.import.problems_written", file=str(path), n=len(found)))
