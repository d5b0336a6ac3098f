"""`hjul deadline`: a deadline of one's own rests, runs again, or is let be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import click

from cli.case import ONCE
from cli.command import Group
from cli.complete import references
from cli.outcome import put_done

if TYPE_CHECKING:
    from cli.session import Session

deadline = Group("deadline")


def _change(
    session: Session, reference: str, name: str, change: Literal["pause", "resume", "waive"], reason: str,
    command_id: str | None,
) -> None:  # fmt: skip
    result = session.app.cases.change_deadline(reference, name, change, reason, command_id=command_id)
    put_done(session, f"cli.deadline.done_{change}", result)
    if not session.json and change == "resume":
        case = session.app.cases.show(reference)
        from cli.page import deadline_lines

        session.tell("\n".join(deadline_lines(session, case.deadlines)))


@deadline.command("pause")
@click.argument("reference", shell_complete=references)
@click.argument("name")
@click.option("--reason", required=True, metavar="text")
@ONCE
@click.pass_obj
def pause(session: Session, reference: str, name: str, reason: str, command_id: str | None) -> None:
    """Let a deadline rest."""
    _change(session, reference, name, "pause", reason, command_id)


@deadline.command("resume")
@click.argument("reference", shell_complete=references)
@click.argument("name")
@click.option("--reason", required=True, metavar="text")
@ONCE
@click.pass_obj
def resume(session: Session, reference: str, name: str, reason: str, command_id: str | None) -> None:
    """Let a deadline run again."""
    _change(session, reference, name, "resume", reason, command_id)


@deadline.command("waive")
@click.argument("reference", shell_complete=references)
@click.argument("name")
@click.option("--reason", required=True, metavar="text")
@ONCE
@click.pass_obj
def waive(session: Session, reference: str, name: str, reason: str, command_id: str | None) -> None:
    """Let a deadline be."""
    _change(session, reference, name, "waive", reason, command_id)
