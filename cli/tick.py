"""`hjul tick`: what is due because time has passed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.command import Command
from cli.day import moment
from cli.exit import Exit
from cli.explanation import explanation
from cli.progress import progress

if TYPE_CHECKING:
    from cli.session import Session
    from engine.service.tick import TickResult


@click.command("tick", cls=Command)
@click.option("--until", metavar="time")
@click.pass_obj
def tick(session: Session, until: str | None) -> int:
    """Do what is due. Ends with 6 when something failed."""
    with progress(session, "cli.tick.running") as told:
        result = session.app.tick.run(moment(session, until), told)
    if session.json:
        session.put_json(tick_shape(session, result))
    else:
        _put(session, result)
    return Exit.DONE if result.is_whole else Exit.FAULT


def _put(session: Session, result: TickResult) -> None:
    for one in result.duties:
        duty = session.say(f"tick.duty.{one.key}")
        if one.done:
            session.put(session.line(f"tick.done.{one.key}", n=one.done))
        for problem in one.problems:
            session.complain(session.line("cli.tick.problem", duty=duty, why=session.say(problem)))
        if one.status == "elsewhere":
            session.tell(session.line("cli.tick.elsewhere", duty=duty))
        if one.error is not None:
            session.complain(
                session.line("cli.tick.failed", duty=duty, why=explanation(session, one.error)[0])
            )
    if not result.done and result.is_whole:
        session.put(session.line("cli.tick.nothing"))
    if result.days:
        session.tell(session.line("cli.tick.days", n=result.days))
    if result.is_whole:
        session.tell(session.line("cli.tick.through", when=result.through_on_the_wall))


def tick_shape(session: Session, result: TickResult) -> dict[str, Any]:
    """What `tick` did."""
    return {
        "through": result.through,
        "days": result.days,
        "ok": result.is_whole,
        "duties": [
            {
                "duty": one.key,
                "done": one.done,
                "status": one.status,
                "problems": [session.say(problem) for problem in one.problems],
                "error": None if one.error is None else explanation(session, one.error)[0],
            }
            for one in result.duties
        ],
    }


def tell_if_late(session: Session) -> None:
    """Say on stderr, to people, that `tick` has not been run."""
    if session.json or session.quiet:
        return
    beat = session.app.heartbeat.listen()
    if not beat.is_late:
        return
    when = "" if beat.ran_at is None else f"{beat.ran_at.astimezone(session.app.zone):%Y-%m-%d %H:%M}"
    session.tell(session.line("cli.tick.late", when=when) if when else session.line("cli.tick.never"))
