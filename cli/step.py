"""`hjul new` and `hjul step`: cases are opened and moved, with questions where a person sits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.command import Command, CommandId, Whole
from cli.complete import processes, references, steps, units
from cli.day import moment
from cli.mistake import OnlyWithProcessError
from cli.outcome import put_opened, put_taken
from cli.personal_number import ALLOW, look_over
from cli.sending import Sending, send
from cli.shape import step_shape
from cli.values import read_values

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli.session import Session

GIVEN = (
    click.option("--set", "sets", multiple=True, metavar="pair"),
    click.option("--from", "source_file", metavar="file"),
    click.option("--done-at", metavar="time"),
    click.option("--comment", metavar="text"),
    click.option("--save-draft", is_flag=True),
    ALLOW,
    click.option("--command-id", metavar="id", type=CommandId()),
)
"""How values are given, for every command that sends some."""


def given(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of `GIVEN` to a command."""
    for option in reversed(GIVEN):
        command = option(command)
    return command


@click.command("new", cls=Command)
@click.argument("process", shell_complete=processes)
@click.option("--step", shell_complete=steps)
@click.option("--unit", shell_complete=units)
@click.option("--for", "link_to", metavar="link_to", shell_complete=references)
@given
@click.pass_obj
def new(
    session: Session, process: str, step: str | None, unit: str | None, link_to: str | None,
    sets: tuple[str, ...], source_file: str | None, done_at: str | None, comment: str | None,
    save_draft: bool, personal_numbers: bool, command_id: str | None,
) -> int | None:  # fmt: skip
    """Open a case."""
    reference, _, row = (link_to or "").partition("#")
    values = read_values(sets, source_file) | ({"unit": unit} if unit else {})
    sending = Sending(
        process=process, step=step, link_to=reference or None, link_row=row, comment=comment,
        occurred_at=moment(session, done_at), command_id=command_id, values=values,
    )  # fmt: skip
    result = send(session, sending, save_draft=save_draft, personal_numbers=personal_numbers)
    return put_opened(session, result)


@click.command("step", cls=Command)
@click.argument("reference", required=False, shell_complete=references)
@click.argument("step", required=False, shell_complete=steps)
@click.option("--seq", type=Whole(1), metavar="row")
@given
@click.option("--process", shell_complete=processes)
@click.option("--where", multiple=True, metavar="condition")
@click.option("--state")
@click.option("--unit", shell_complete=units)
@click.option("--search", metavar="text")
@click.option("--dry-run", is_flag=True)
@click.option("--yes", is_flag=True)
@click.option("--all-or-nothing", is_flag=True)
@click.pass_obj
def step(
    session: Session, /, reference: str | None, step: str | None, seq: int | None,
    sets: tuple[str, ...], source_file: str | None, done_at: str | None, comment: str | None,
    save_draft: bool, personal_numbers: bool, command_id: str | None, **many: Any,
) -> int | None:  # fmt: skip
    """Take a step of a case, list the steps, or take one of many cases that are alike."""
    values = read_values(sets, source_file)
    if many["process"] is not None:
        if reference is None or step is not None:
            raise click.UsageError(session.say("cli.bulk.one_step"))
        if not many["dry_run"]:
            comment = look_over(session, values, comment, allowed=personal_numbers)
        return _take_many(session, reference, values, comment, command_id, many)
    stray = tuple(f"--{name.replace('_', '-')}" for name, value in many.items() if value)
    if stray:
        raise OnlyWithProcessError(stray)
    if reference is None:
        raise click.UsageError(session.say("cli.usage.missing", name=session.say("help.metavar.reference")))
    if step is None:
        put_steps(session, reference)
        return None
    sending = Sending(
        reference=reference, step=step, seq=seq, comment=comment, occurred_at=moment(session, done_at),
        command_id=command_id, values=values,
    )  # fmt: skip
    result = send(session, sending, save_draft=save_draft, personal_numbers=personal_numbers)
    return put_taken(session, result)


def _take_many(
    session: Session,
    step: str,
    values: dict[str, Any],
    comment: str | None,
    command_id: str | None,
    many: Any,
) -> int:
    from cli.bulk import take_many
    from engine.service.bulk import Selection

    selection = Selection(
        many["process"], tuple(many["where"]), many["state"], many["unit"], search=many["search"]
    )
    return take_many(
        session, selection, step, values=values, comment=comment, dry_run=many["dry_run"], yes=many["yes"],
        together=many["all_or_nothing"], command_id=command_id,
    )  # fmt: skip


def put_steps(session: Session, reference: str) -> None:
    """Print the steps of a case: those that are open, and for each other the sentence why it is not."""
    found = session.app.cases.steps(reference)
    if session.json:
        session.put_json([step_shape(session, one) for one in found])
        return
    from cli.page import step_lines

    session.put("\n".join(step_lines(session, reference, found)))
