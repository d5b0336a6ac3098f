"""`hjul calendar`: counting days as the law and the office do."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import click

from cli.command import Group, OneOf, Whole
from cli.complete import roles, units
from cli.day import moment
from cli.layout import wrap
from cli.output import put_bytes
from engine.language.moment import format_day, format_instant

if TYPE_CHECKING:
    from cli.session import Session
    from engine.service.counting import Counted

calendar = Group("calendar")


@calendar.command("due")
@click.argument("time")
@click.argument("period")
@click.option("--kind", type=OneOf(("statutory", "working")))
@click.pass_obj
def due(session: Session, time: str, period: str, kind: Literal["statutory", "working"] | None) -> None:
    """Count a period from a day or an instant."""
    found = session.app.counting.due(moment(session, time) or time, period, kind)
    if session.json:
        session.put_json(due_shape(session, found))
        return
    session.put(format_instant(found.at) if found.at else format_day(found.day))
    for line in _why(session, found):
        session.tell(wrap(line, session.width))


@calendar.command("export")
@click.option("--output", "-o", metavar="file")
@click.option("--mine", is_flag=True)
@click.option("--role", shell_complete=roles)
@click.option("--unit", shell_complete=units)
@click.option("--alarm", type=Whole(), metavar="days")
@click.pass_obj
def export(
    session: Session, output: str | None, mine: bool, role: str | None, unit: str | None, alarm: int | None
) -> None:
    """Write deadlines as a calendar that other programs read."""
    found = session.app.calendars.export(session.language, mine=mine, role=role, unit=unit, alarm_days=alarm)
    if output is None and session.json:
        raise click.UsageError(session.say("cli.calendar.needs_file"))
    put_bytes(found.content, output)
    counts = {"deadlines": found.deadlines, "occasions": found.occasions, "cancelled": found.cancelled}
    if output is None or output == "-":
        return
    if session.json:
        session.put_json({"file": output, **counts})
        return
    session.tell(session.say("cli.written", file=output))
    session.tell(session.line("cli.calendar.deadlines", n=found.deadlines))
    if not mine and role is None:
        session.tell(session.line("cli.calendar.occasions", n=found.occasions))


def _why(session: Session, found: Counted) -> list[str]:
    """Which rule the day follows from, in the order in which they were used."""
    start = format_instant(found.start) if isinstance(found.start, datetime) else format_day(found.start)
    lines = [
        session.line(
            f"cli.due.{rule_of(found)}", period=found.period.words, start=start, day=format_day(found.counted)
        )
    ]
    if found.over:
        days = tuple(f"{format_day(day)} ({session.say(what).lower()})" for day, what in found.over)
        lines.append(session.line(f"cli.due.moved_{found.kind}", days=days, day=format_day(found.day)))
    if found.kind == "statutory" and not found.claimed:
        lines.append(session.line("cli.due.not_claimed"))
    return lines


def rule_of(found: Counted) -> str:
    """The rule that the period by itself ends by: the law's own for weeks, months and years."""
    match found.period.unit.value:
        case "hour":
            return "hours"
        case "working day":
            return "working_days"
        case "day":
            return "days"
        case _:
            return "corresponding"


def due_shape(session: Session, found: Counted) -> dict[str, Any]:
    """A counted period, for programs."""
    return {
        "start": found.start.isoformat(),
        "period": str(found.period),
        "kind": found.kind,
        "due_on": found.day,
        "due_at": found.at,
        "counted": found.counted,
        "rule": "1930:173 1 §" if rule_of(found) == "corresponding" else None,
        "moved_by": "1930:173 2 §" if found.over and found.kind == "statutory" else None,
        "over": [{"day": day, "what": session.say(what)} for day, what in found.over],
        "claimed": found.claimed,
    }
