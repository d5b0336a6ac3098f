"""`hjul show log note amend assign claim release link`: one case."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import click

from cli.command import Command, CommandId, Whole
from cli.complete import persons, references
from cli.day import moment
from cli.mistake import MissingKindError
from cli.outcome import put_done
from cli.personal_number import ALLOW, Watch
from cli.shape import case_shape, event_shape
from cli.values import STDIN, read_text, read_values
from engine.language.sentence import sentence

if TYPE_CHECKING:
    from cli.session import Session
    from engine.language.sentence import Sentence
    from engine.service.result import StepResult

ONCE = click.option("--command-id", metavar="id", type=CommandId())
"""For every command that writes: done again under the same id it does nothing new."""


ROWS: Final = 50
"""So many rows of a history are printed at once; programs get all."""


@click.command("show", cls=Command)
@click.argument("reference", shell_complete=references)
@click.option("--as-of", metavar="time")
@click.option("--all", "every", is_flag=True)
@click.pass_obj
def show(session: Session, reference: str, as_of: str | None, every: bool) -> None:
    """Show a case."""
    case = session.app.cases.show(reference, as_of=moment(session, as_of))
    if session.json:
        session.put_json(case_shape(session, case))
        return
    from cli.page import case_lines

    session.put("\n".join(case_lines(session, case, every=every)))


@click.command("log", cls=Command)
@click.argument("reference", shell_complete=references)
@click.option("--limit", type=Whole(1), metavar="number")
@click.option("--after", type=Whole(1), metavar="row")
@click.pass_obj
def log(session: Session, reference: str, limit: int | None, after: int | None) -> None:
    """Show the history of a case."""
    rows = [event for event in session.app.cases.history(reference) if event.seq > (after or 0)]
    most = limit or (len(rows) if session.json else ROWS)
    events = rows[:most]
    if session.json:
        session.put_json([event_shape(session, event) for event in events])
        return
    from cli.history import history_lines

    if events:
        session.put("\n".join(history_lines(session, events)))
    if len(rows) > most:
        session.tell(session.say("cli.log.more", n=len(rows) - most, mark=str(events[-1].seq)))


@click.command("note", cls=Command)
@click.argument("reference", shell_complete=references)
@click.argument("text")
@click.option("--heading", required=True)
@click.option("--source", required=True)
@click.option("--fact", is_flag=True)
@click.option("--judgement", is_flag=True)
@click.option("--corrects", type=Whole(1), metavar="row")
@ALLOW
@ONCE
@click.pass_obj
def note(
    session: Session, reference: str, text: str, heading: str, source: str, fact: bool, judgement: bool,
    corrects: int | None, personal_numbers: bool, command_id: str | None,
) -> None:  # fmt: skip
    """Add an entry to a case."""
    if fact == judgement:
        raise MissingKindError
    said = {"text": read_text(STDIN) if text == STDIN else text, "source": source}
    warnings = Watch(session, personal_numbers).look(said, lambda: _named(*said))
    result = session.app.cases.add_entry(
        reference, heading, said["text"], said["source"], judgement=judgement, corrects=corrects,
        command_id=command_id,
    )  # fmt: skip
    put_done(session, "cli.done.noted", _warned(result, warnings))


def _named(*names: str) -> dict[str, Sentence]:
    """What the texts are called that are no fields."""
    return {name: sentence(f"cli.personal_number.{name}") for name in names}


def _warned(result: StepResult, warnings: tuple[Sentence, ...]) -> StepResult:
    return replace(result, warnings=(*result.warnings, *warnings))


@click.command("amend", cls=Command)
@click.argument("reference", shell_complete=references)
@click.option("--set", "sets", multiple=True, required=True, metavar="pair")
@click.option("--reason", required=True, metavar="text")
@ALLOW
@ONCE
@click.pass_obj
def amend(
    session: Session, reference: str, sets: tuple[str, ...], reason: str, personal_numbers: bool,
    command_id: str | None,
) -> None:  # fmt: skip
    """Correct fields of a case."""
    values, said = read_values(sets, None), {"reason": reason}
    watch = Watch(session, personal_numbers)
    warnings = watch.look(values) + watch.look(said, lambda: _named(*said))
    result = session.app.cases.amend(reference, values, said["reason"], command_id=command_id)
    put_done(session, "cli.done.amended", _warned(result, warnings))


@click.command("assign", cls=Command)
@click.argument("reference", shell_complete=references)
@click.argument("person", shell_complete=persons)
@ONCE
@click.pass_obj
def assign(session: Session, reference: str, person: str, command_id: str | None) -> None:
    """Give a case to somebody."""
    put_done(session, "cli.done.assigned", session.app.cases.assign(reference, person, command_id=command_id))


@click.command("claim", cls=Command)
@click.argument("reference", shell_complete=references)
@ONCE
@click.pass_obj
def claim(session: Session, reference: str, command_id: str | None) -> None:
    """Take a case on."""
    put_done(session, "cli.done.claimed", session.app.cases.claim(reference, command_id=command_id))


@click.command("release", cls=Command)
@click.argument("reference", shell_complete=references)
@ONCE
@click.pass_obj
def release(session: Session, reference: str, command_id: str | None) -> None:
    """Give a case back to the role."""
    put_done(session, "cli.done.released", session.app.cases.release(reference, command_id=command_id))


@click.command("link", cls=Command)
@click.argument("reference", shell_complete=references)
@click.argument("kind")
@click.argument("other", shell_complete=references)
@ONCE
@click.pass_obj
def link(session: Session, reference: str, kind: str, other: str, command_id: str | None) -> None:
    """Connect two cases."""
    put_done(
        session, "cli.done.linked", session.app.cases.link(reference, kind, other, command_id=command_id)
    )
