"""`hjul report`: figures with the cases behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.command import Group, OneOf
from cli.complete import units
from cli.day import day
from cli.output import put_bytes

if TYPE_CHECKING:
    from cli.session import Session

report = Group("report")
KEYS = ("enhet",)


@report.command("list")
@click.pass_obj
def list_(session: Session) -> None:
    """List the reports."""
    if session.json:
        session.put_json([{"report": key, "label": session.say(f"help.report.{key}")} for key in KEYS])
        return
    for key in KEYS:
        session.put(f"{key}  {session.say(f'help.report.{key}')}")


@report.command("enhet")
@click.option("--unit", shell_complete=units)
@click.option("--from", "from_day", metavar="day")
@click.option("--to", "to_day", metavar="day")
@click.option("--format", type=OneOf(("text", "html", "json")), default="text")
@click.option("--output", "-o", metavar="file")
@click.pass_obj
def enhet(
    session: Session,
    unit: str | None,
    from_day: str | None,
    to_day: str | None,
    format: str,
    output: str | None,
) -> None:
    """Report on the cases of a unit."""
    written = session.app.reports.write(
        "enhet", unit=unit, from_=day(session, from_day), to=day(session, to_day),
        format="json" if session.json else format, language=session.language,
    )  # fmt: skip
    put_bytes(written, output)
    if output is not None:
        session.tell(session.say("cli.written", file=output))
