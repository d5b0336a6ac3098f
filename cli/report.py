"""`hjul report`: figures with the cases behind them. Which reports there are is data (`processes/reports/`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import click

from cli.command import Command, OneOf, Whole
from cli.complete import reports, units
from cli.day import day
from cli.layout import pairs
from cli.mistake import OutputNeededError, YearAndDaysError
from cli.output import format_of, put_bytes

if TYPE_CHECKING:
    from cli.session import Session
    from engine.service.report import Format

FORMATS: Final = ("text", "html", "pdf", "docx", "xlsx", "md", "json")
BINARY: Final = ("pdf", "docx", "xlsx")


@click.command("report", cls=Command)
@click.argument("key", metavar="report", shell_complete=reports)
@click.option("--unit", shell_complete=units)
@click.option("--year", type=Whole(1900), metavar="year")
@click.option("--from", "from_day", metavar="day")
@click.option("--to", "to_day", metavar="day")
@click.option("--published", is_flag=True)
@click.option("--format", type=OneOf(FORMATS))
@click.option("--output", "-o", metavar="file")
@click.pass_obj
def report(
    session: Session,
    /,
    key: str,
    unit: str | None,
    year: int | None,
    from_day: str | None,
    to_day: str | None,
    published: bool,
    format: Any,
    output: str | None,
) -> None:
    """Write a report, or list those there are."""
    if key == "list":
        _put_list(session)
        return
    if year is not None and (from_day or to_day):
        raise YearAndDaysError
    chosen = "json" if session.json else format_of(format, output, FORMATS, "text")
    if chosen in BINARY and output is None and session.on_terminal:
        raise OutputNeededError
    written = session.app.reports.write(
        key, unit=unit, year=year, from_=day(session, from_day), to=day(session, to_day),
        format=cast("Format", chosen), language=session.language, published=published,
    )  # fmt: skip
    put_bytes(written, output)
    if output not in (None, "-"):
        session.tell(session.say("cli.written", file=output))


def _put_list(session: Session) -> None:
    found = session.app.reports.list()
    if session.json:
        session.put_json([{"report": key, "label": session.say(label)} for key, label in found])
    elif found:
        session.put(pairs([(key, session.say(label)) for key, label in found], session.width))
