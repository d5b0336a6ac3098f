"""`hjul audit`: the log is verified and handed out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.command import Group, OneOf, Whole
from cli.complete import processes, references
from cli.day import day
from cli.exit import Exit
from cli.layout import wrap
from cli.progress import progress
from cli.shape import verify_shape
from engine.language.say import begin_large
from engine.language.sentence import sentence

if TYPE_CHECKING:
    from cli.session import Session
    from engine.audit.problem import VerifyReport

audit = Group("audit", lazy={"access": "cli.access:access"})


@audit.command("verify")
@click.argument("reference", required=False, shell_complete=references)
@click.option("--jobs", type=Whole(1), default=1, metavar="number")
@click.pass_obj
def verify(session: Session, reference: str | None, jobs: int) -> int:
    """Verify the log, or the stream of one case. Ends with 6 when something does not hold."""
    with progress(session, "cli.audit.working") as told:
        report = session.app.audit.verify(reference, jobs=jobs, progress=told)
    if session.json:
        session.put_json(verify_shape(session, report))
    else:
        _put(session, report)
    return Exit.DONE if report.ok else Exit.FAULT


def _put(session: Session, report: VerifyReport) -> None:
    """Everything that was found, what to do about it, and what the answer does not say."""
    for problem in report.problems:
        text = f"{begin_large(session.say(problem.place))}: {session.line(problem.sentence)}"
        session.put(wrap(text, session.width, "", "  "))
    if report.left_off:
        session.put(session.line("cli.audit.left_off", n=report.left_off))
    counted = {
        "cases": sentence("cli.audit.cases", n=report.cases),
        "rows": sentence("cli.audit.rows", n=report.events),
    }
    faults = len(report.problems) + report.left_off
    verdict = session.line("cli.audit.whole", **counted) if report.ok else session.line(
        "cli.audit.broken", faults=sentence("cli.audit.faults", n=faults), **counted
    )  # fmt: skip
    session.put(wrap(verdict, session.width, "", ""))
    if report.erased:
        session.put(session.line("cli.audit.erased", n=report.erased))
    if not report.ok:
        session.put(wrap(session.line("cli.audit.next"), session.width, "", ""))
    unproved = tuple(sentence(f"audit.not_proved.{name}") for name in report.not_proved)
    session.put(wrap(session.line("cli.audit.not_proved", what=unproved), session.width, "", ""))


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
