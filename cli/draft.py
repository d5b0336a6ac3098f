"""`hjul draft`: what was typed and not sent. Only its owner sees it."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import click

from cli.command import CommandId, Group, Whole
from cli.day import moment
from cli.layout import pairs, put_table
from cli.mistake import DraftError
from cli.outcome import put_opened, put_taken
from cli.personal_number import ALLOW
from cli.question import said_answer
from cli.sending import Sending, send
from cli.shape import draft_shape
from cli.values import read_values
from engine.errors import HjulError
from engine.language.moment import format_instant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cli.session import Session

draft = Group("draft")


@draft.command("list")
@click.pass_obj
def list_(session: Session) -> None:
    """List the drafts."""
    drafts = session.app.drafts.list()
    if session.json:
        session.put_json([draft_shape(session, one) for one in drafts])
        return
    if not drafts:
        session.tell(session.line("cli.draft.none"))
        return
    names = ("draft", "task", "reference", "changed")
    rows = [
        [str(one.id), session.say(one.label), one.reference or one.process, format_instant(one.changed_at)]
        for one in drafts
    ]
    put_table(session, [session.say(f"cli.head.{name}") for name in names], rows)


@draft.command("show")
@click.argument("number", type=Whole(1), metavar="draft")
@click.pass_obj
def show(session: Session, number: int) -> None:
    """Show what a draft holds."""
    one, content = session.app.drafts.show(number), session.app.drafts.content(number)
    if session.json:
        session.put_json({**draft_shape(session, one), "content": content})
        return
    session.put(f"{session.style(session.say(one.label), bold=True)}  {one.reference or one.process}")
    session.put(pairs(_answers(session, _restore(number, content)), session.width, "  "))


@draft.command("continue")
@click.argument("number", type=Whole(1), metavar="draft")
@click.option("--set", "sets", multiple=True, metavar="pair")
@click.option("--from", "source_file", metavar="file")
@click.option("--done-at", metavar="time")
@click.option("--comment", metavar="text")
@ALLOW
@click.option("--command-id", metavar="id", type=CommandId())
@click.pass_obj
def continue_(
    session: Session, number: int, sets: tuple[str, ...], source_file: str | None, done_at: str | None,
    comment: str | None, personal_numbers: bool, command_id: str | None,
) -> int | None:  # fmt: skip
    """Go on with a draft: show it, ask for what is wrong or missing, and send it."""
    sending = _restore(number, session.app.drafts.content(number))
    override(sending.values, read_values(sets, source_file))
    sending.occurred_at = moment(session, done_at) or sending.occurred_at
    sending.comment = comment or sending.comment
    sending.command_id = command_id
    result = send(session, sending, save_draft=bool(sets or source_file), personal_numbers=personal_numbers)
    return put_taken(session, result) if sending.reference else put_opened(session, result)


@draft.command("drop")
@click.argument("number", type=Whole(1), metavar="draft")
@click.pass_obj
def drop(session: Session, number: int) -> None:
    """Throw a draft away."""
    session.app.drafts.drop(number)
    session.tell(session.line("cli.draft.dropped", number=str(number)))


def _restore(number: int, content: dict[str, Any]) -> Sending:
    """The sending that a draft was made of."""
    known = {one.name for one in fields(Sending)}
    sending = Sending(**{name: value for name, value in content.items() if name in known})
    if not (sending.process or sending.reference):
        raise DraftError(number)
    sending.draft = number
    sending.values = dict(sending.values)
    if content.get("unit"):  # as drafts were kept once: beside the values
        sending.values.setdefault("unit", content["unit"])
    return sending


def override(values: dict[str, Any], given: Mapping[str, Any]) -> None:
    """Put what is given now over what was kept; the rows of a table as a whole, where it was kept so."""
    for name, value in given.items():
        field = name.partition(".")[0]
        if name == field:
            for old in [old for old in values if old.partition(".")[0] == field]:
                del values[old]
        elif field in values:
            del values[field]
        values[name] = value


def _answers(session: Session, sending: Sending) -> list[tuple[str, str]]:
    """What was answered, called as the questions are; as it was typed where the step cannot be asked for any more."""
    try:
        form = sending.form(session.app, sending.values)
    except HjulError:
        return [(name, _said(value)) for name, value in sending.values.items()]
    wrong = {str(fault.field).partition(".")[0] for fault in form.faults}
    known = {one.field: one for one in form.fields if one.type != "table"}
    rows = []
    for name, value in sending.values.items():
        one = known.get(name)
        if one is None or name in wrong:
            rows.append((session.say(one.label) if one else name, _said(value)))
        else:
            rows.append((session.say(one.label), session.say(said_answer(one, value))))
    return rows


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_said, value))
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_said(one)}" for name, one in value.items())
    return str(value)
