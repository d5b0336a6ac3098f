"""`hjul report`: figures with the cases behind them. Which reports there are is data (`processes/reports/`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.command import Command, OneOf
from cli.complete import reports, units
from cli.day import day
from cli.layout import pairs
from cli.output import put_bytes

if TYPE_CHECKING:
    from cli.session import Session


@click.command("report", cls=Command)
@click.argument("key", metavar="report", shell_complete=reports)
@click.option("--unit", shell_complete=units)
@click.option("--from", "from_day", metavar="day")
@click.option("--to", "to_day", metavar="day")
@click.option("--format", type=OneOf(("text", "html", "json")), default="text")
@click.option("--output", "-o", metavar="file")
@click.pass_obj
def report(
    session: Session,
    /,
    key: str,
    unit: str | None,
    from_day: str | None,
    to_day: str | None,
    format: Any,
    output: str | None,
) -> None:
    """Write a report, or list those there are."""
    if key == "list":
        _put_list(session)
        return
    written = session.app.reports.write(
        key, unit=unit, from_=day(session, from_day), to=day(session, to_day),
        format="json" if session.json else format, language=session.language,
    )  # fmt: skip
    put_bytes(written, output)
    if output is not None:
        session.tell(session.say("cli.written", file=output))


def _put_list(session: Session) -> None:
    found = session.app.reports.list()
    if session.json:
        session.put_json([{"report": key, "label": session.say(label)} for key, label in found])
    elif found:
        session.put(pairs([(key, session.say(label)) for key, label in found], session.width))
