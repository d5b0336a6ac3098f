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
@click.argument("value")
@click.pass_obj
def set_(session: Session, key: str, value: str) -> None:
    """Change a setting."""
    one = session.app.settings.set(key, value)
    if session.json:
        session.put_json(setting_shape(session, one))
        return
    session.put(session.say("cli.setting.done", key=one.key, value=str(one.value)))
