"""`hjul schedule`: the year wheel. Plans that recur, what came of them, and the wheel as a table and a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.command import Group, OneOf, Whole
from cli.complete import processes, schedules, units
from cli.day import day
from cli.output import put_bytes
from cli.personal_number import ALLOW, look_at_reason
from cli.planning import planning_of
from cli.schedule_shape import occasion_shape, plan_shape, schedule_shape, suggestion_shape

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli.session import Session

schedule = Group("schedule")


def _planning(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options by which a plan is said."""
    for option in reversed(
        (
            click.option("--name"),
            click.option("--process", shell_complete=processes),
            click.option("--step"),
            click.option("--unit", "units", multiple=True, metavar="unit", shell_complete=units),
            click.option("--under", multiple=True, metavar="unit", shell_complete=units),
            click.option("--where", multiple=True, metavar="attribute"),
            click.option("--every", metavar="every"),
            click.option("--on", multiple=True, metavar="on"),
            click.option("--rrule", "rule", metavar="rule"),
            click.option("--first", metavar="day"),
            click.option("--last", metavar="day"),
            click.option("--except", "without", multiple=True, metavar="day"),
            click.option("--before", "opens_before", type=Whole(0), metavar="days"),
            click.option("--kind", type=OneOf(("law", "own"))),
            click.option("--source", metavar="text"),
            click.option("--move", type=OneOf(("stays", "next", "previous"))),
            click.option("--day-field", metavar="field"),
            click.option("--set", "sets", multiple=True, metavar="pair"),
            click.option("--dry-run", is_flag=True),
        )
    ):
        command = option(command)
    return command


@schedule.command("list")
@click.option("--year", type=Whole(1953), metavar="year")
@click.option("--ended", is_flag=True)
@click.pass_obj
def list_(session: Session, year: int | None, ended: bool) -> None:
    """List the plans, with how the year stands."""
    rows = session.app.wheel.list(year, ended=ended)
    if session.json:
        session.put_json([schedule_shape(session, row) for row in rows])
        return
    if not rows:
        session.tell(session.line("cli.schedule.none"))
        return
    from cli.schedule_page import put_list

    put_list(session, rows)


@schedule.command("show")
@click.argument("key", metavar="schedule", shell_complete=schedules)
@click.option("--year", type=Whole(1953), metavar="year")
@click.pass_obj
def show(session: Session, key: str, year: int | None) -> None:
    """Show a plan, and what came of it in a year."""
    row, occasions = session.app.wheel.show(key, year)
    if session.json:
        found = [occasion_shape(session, one) for one in occasions]
        session.put_json(schedule_shape(session, row) | {"occasions": found})
        return
    from cli.schedule_page import schedule_lines

    session.put("\n".join(schedule_lines(session, row, occasions, year or session.app.today.year)))


@schedule.command("add")
@click.argument("key", metavar="code")
@_planning
@click.option("--from", "source_file", metavar="file")
@click.option("--like", metavar="suggestion")
@click.pass_obj
def add(
    session: Session, /, key: str, source_file: str | None, like: str | None, dry_run: bool, **options: Any
) -> None:
    """Plan something that recurs."""
    begun = session.app.schedules.suggestions.said(like, session.language) if like is not None else {}
    said = planning_of(session, options, source_file)
    if said.get("rule") or said.get("every"):
        begun = {name: value for name, value in begun.items() if name not in ("every", "on")}
    said = begun | said
    _put(
        session, "cli.schedule.added", session.app.schedules.add(key, said, dry_run=dry_run), dry_run=dry_run
    )


@schedule.command("suggestions")
@click.pass_obj
def suggestions(session: Session) -> None:
    """List what the year holds by law, general advice and practice."""
    rows = session.app.schedules.suggestions.list()
    if session.json:
        session.put_json([suggestion_shape(session, row) for row in rows])
        return
    from cli.schedule_page import suggestion_lines

    session.put("\n".join(suggestion_lines(session, rows)))


@schedule.command("change")
@click.argument("key", metavar="schedule", shell_complete=schedules)
@_planning
@click.option("--from-day", "from_on", metavar="day")
@click.pass_obj
def change(session: Session, /, key: str, from_on: str | None, dry_run: bool, **options: Any) -> None:
    """Plan otherwise from a day on."""
    said = planning_of(session, options)
    done = session.app.schedules.change(key, said, from_on=day(session, from_on), dry_run=dry_run)
    _put(session, "cli.schedule.changed", done, dry_run=dry_run)


@schedule.command("end")
@click.argument("key", metavar="schedule", shell_complete=schedules)
@click.option("--to", "to_day", metavar="day")
@click.option("--reason", required=True, metavar="text")
@ALLOW
@click.pass_obj
def end(session: Session, key: str, to_day: str | None, reason: str, personal_numbers: bool) -> None:
    """Let a plan end."""
    last = day(session, to_day) or session.app.today
    said = look_at_reason(session, reason, allowed=personal_numbers)
    session.app.schedules.end(key, said, to_on=last)
    _answer(session, "cli.schedule.ended", schedule=key, day=last.isoformat())


@schedule.command("skip")
@click.argument("key", metavar="schedule", shell_complete=schedules)
@click.argument("occasion", metavar="day")
@click.option("--unit", shell_complete=units)
@click.option("--reason", required=True, metavar="text")
@click.option("--undo", is_flag=True)
@ALLOW
@click.pass_obj
def skip(
    session: Session,
    key: str,
    occasion: str,
    unit: str | None,
    reason: str,
    undo: bool,
    personal_numbers: bool,
) -> None:
    """Skip an occasion, with the reason why."""
    said = look_at_reason(session, reason, allowed=personal_numbers)
    when = day(session, occasion)
    assert when is not None  # noqa: S101  an argument is always there
    session.app.schedules.skip(key, when, said, unit=unit, undo=undo)
    message = "cli.schedule.unskipped" if undo else "cli.schedule.skipped"
    _answer(session, message, schedule=key, day=when.isoformat())


@schedule.command("wheel")
@click.option("--year", type=Whole(1953), metavar="year")
@click.option("--schedule", "key", metavar="schedule", shell_complete=schedules)
@click.option("--unit", shell_complete=units)
@click.option("--output", "-o", metavar="file")
@click.pass_obj
def wheel(session: Session, year: int | None, key: str | None, unit: str | None, output: str | None) -> None:
    """Show the year: planned against done."""
    found = session.app.wheel.year(year, schedule=key, unit=unit)
    if output is not None:
        put_bytes(session.app.wheel.draw(found, session.language).encode(), output)
        session.tell(session.say("cli.written", file=output))
        return
    if session.json:
        counts = session.app.wheel.counts(found)
        session.put_json(
            {"year": found.year, "counts": counts,
             "occasions": [occasion_shape(session, one) for one in found.occasions]}
        )  # fmt: skip
        return
    from cli.schedule_page import put_wheel

    put_wheel(session, found)


def _put(session: Session, message: str, preview: Any, *, dry_run: bool) -> None:
    if session.json:
        session.put_json(plan_shape(session, preview) | {"dry_run": dry_run})
        return
    from cli.schedule_page import preview_lines

    head = session.line("cli.schedule.would_be" if dry_run else message, schedule=preview.key)
    session.put("\n".join([head, *preview_lines(session, preview)]))


def _answer(session: Session, message: str, **arguments: Any) -> None:
    if session.json:
        session.put_json(arguments)
    else:
        session.put(session.line(message, **arguments))
