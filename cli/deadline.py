"""`hjul deadline`: a deadline of one's own rests, runs again, or is let be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import click

from cli.case import ONCE
from cli.command import Group
from cli.complete import references
from cli.outcome import put_done
from cli.personal_number import ALLOW, look_at_reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli.session import Session

Change: TypeAlias = Literal["pause", "resume", "waive"]
_ARGUMENTS: Final = (
    click.argument("reference", shell_complete=references),
    click.argument("name"),
    click.option("--reason", required=True, metavar="text"),
    ALLOW,
    ONCE,
    click.pass_obj,
)

deadline = Group("deadline")


def _changing(run: Callable[..., Any]) -> Callable[..., Any]:
    """What each of them takes: which deadline, and why."""
    for argument in reversed(_ARGUMENTS):
        run = argument(run)
    return run


def _change(
    session: Session, change: Change, reference: str, name: str, reason: str, personal_numbers: bool,
    command_id: str | None,
) -> None:  # fmt: skip
    said = look_at_reason(session, reason, allowed=personal_numbers)
    result = session.app.cases.change_deadline(reference, name, change, said, command_id=command_id)
    put_done(session, f"cli.deadline.done_{change}", result)


@deadline.command("pause")
@_changing
def pause(session: Session, /, **given: Any) -> None:
    """Let a deadline rest."""
    _change(session, "pause", **given)


@deadline.command("resume")
@_changing
def resume(session: Session, /, **given: Any) -> None:
    """Let a deadline run again."""
    _change(session, "resume", **given)
    if not session.json:
        from cli.page import deadline_lines

        case = session.app.cases.show(given["reference"])
        session.tell("\n".join(deadline_lines(session, case.deadlines)))


@deadline.command("waive")
@_changing
def waive(session: Session, /, **given: Any) -> None:
    """Let a deadline be."""
    _change(session, "waive", **given)
