"""`hjul settings`: what holds for the whole installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.command import Group
from cli.layout import put_table
from cli.shape import setting_shape

if TYPE_CHECKING:
    from cli.session import Session

settings = Group("settings")


@settings.command("list")
@click.pass_obj
def list_(session: Session) -> None:
    """List the settings."""
    found = session.app.settings.list()
    if session.json:
        session.put_json([setting_shape(session, one) for one in found])
        return
    rows = [[one.key, str(one.value), session.say(one.label)] for one in found]
    put_table(session, [session.say(f"cli.head.{name}") for name in ("key", "value", "meaning")], rows)


@settings.command("set")
@click.argument("key")
@click.argument("value", required=False)
@click.option("--default", is_flag=True)
@click.pass_obj
def set_(session: Session, key: str, value: str | None, default: bool) -> None:
    """Change a setting, or let it be as it was at first."""
    if (value is None) is not default:
        raise click.UsageError(session.say("cli.setting.value_or_default"))
    one = session.app.settings.clear(key) if value is None else session.app.settings.set(key, value)
    if session.json:
        session.put_json(setting_shape(session, one))
        return
    said = one.value or session.say("cli.setting.nothing")
    session.put(
        session.say("cli.setting.cleared" if default else "cli.setting.done", key=one.key, value=said)
    )


@settings.command("test-mail")
@click.argument("address")
@click.pass_obj
def test_mail(session: Session, address: str) -> None:
    """Send a message to an address, to see whether mail goes out."""
    sent = session.app.mail.test(address)
    if session.json:
        session.put_json({"server": sent.server, "address": sent.address, "message_id": sent.message_id})
        return
    session.put(session.line("cli.setting.test_mail", server=sent.server, address=sent.address))
    if not sent.is_on:
        session.tell(session.line("cli.setting.mail_is_off"))
