"""`hjul audit`: the log is verified and handed out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.command import Group, OneOf, Whole
from cli.complete import processes, references
from cli.day import day
from cli.exit import Exit
from cli.layout import wrap
from cli.shape import verify_shape

if TYPE_CHECKING:
    from cli.session import Session

audit = Group("audit")


@audit.command("verify")
@click.argument("reference", required=False, shell_complete=references)
@click.option("--jobs", type=Whole(1), default=1, metavar="number")
@click.pass_obj
def verify(session: Session, reference: str | None, jobs: int) -> int:
    """Verify the log, or the stream of one case. Ends with 6 when something does not hold."""
    report = session.app.audit.verify(reference, jobs=jobs)
    if session.json:
        session.put_json(verify_shape(session, report))
    else:
        for problem in report.problems:
            where = f"{problem.reference} {problem.seq}" if problem.seq is not None else problem.reference
            session.put(wrap(f"{where}: {session.line(problem.sentence)}", session.width, "", "  "))
        message = "cli.audit.whole" if report.ok else "cli.audit.broken"
        session.put(
            session.line(message, cases=str(report.cases), events=str(report.events), n=len(report.problems))
        )
        if report.erased:
            session.put(session.line("cli.audit.erased", n=report.erased))
    return Exit.DONE if report.ok else Exit.FAULT


@audit.command("export")
@click.option("--format", type=OneOf(("csv", "jsonl")), default="jsonl")
@click.option("--output", "-o", metavar="file", default="-")
@click.option("--process", shell_complete=processes)
@click.option("--from", "from_day", metavar="day")
@click.option("--to", "to_day", metavar="day")
@click.pass_obj
def export(
    session: Session, format: Any, output: str, process: str | None, from_day: str | None, to_day: str | None
) -> None:
    """Hand out the log, without personal data."""
    count = session.app.audit.export(
        format, output, process=process, from_=day(session, from_day), to=day(session, to_day)
    )
    session.tell(session.line("cli.audit.exported", n=count))
