"""`hjul attach`: files of a case, attached, listed and fetched."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.case import ONCE
from cli.command import Command, Whole
from cli.complete import references
from cli.layout import put_table
from cli.outcome import put_done
from cli.page import said_size
from cli.person import name_of
from cli.shape import file_shape
from engine.errors import FileThereError
from engine.language.moment import format_instant

if TYPE_CHECKING:
    from cli.session import Session
    from engine.service.attachment import Fetched

STDOUT = "-"


@click.command("attach", cls=Command)
@click.argument("reference", shell_complete=references)
@click.argument("file", required=False)
@click.option("--name", metavar="text")
@click.option("--get", type=Whole(1), metavar="number")
@click.option("--output", "-o", metavar="file")
@click.option("--force", is_flag=True)
@ONCE
@click.pass_obj
def attach(
    session: Session, reference: str, file: str | None, name: str | None, get: int | None, output: str | None,
    force: bool, command_id: str | None,
) -> None:  # fmt: skip
    """Attach a file to a case, list the files, or fetch one."""
    files = session.app.attachments
    if file is not None:
        if get is not None or output is not None:
            raise click.UsageError(session.say("cli.attach.both"))
        put_done(
            session, "cli.done.attached", files.attach(reference, file, name=name, command_id=command_id)
        )
    elif get is not None:
        _save(session, files.fetch(reference, get), output, force=force)
    else:
        _list(session, reference)


def _list(session: Session, reference: str) -> None:
    found = session.app.attachments.list(reference)
    if session.json:
        session.put_json([file_shape(session, one) for one in found])
        return
    if not found:
        session.tell(session.line("cli.attach.none"))
        return
    rows = [
        [
            str(one.number), one.name or session.say("value.erased"), one.media_type or "",
            said_size(session, one.size), name_of(session, one.person), format_instant(one.recorded_at),
        ]
        for one in found
    ]  # fmt: skip
    heads = ("number", "name", "kind", "size", "who", "when")
    put_table(session, [session.say(f"cli.head.{name}") for name in heads], rows)


def _save(session: Session, fetched: Fetched, output: str | None, *, force: bool) -> None:
    """Write a file whole or not at all; to stdout as it comes."""
    if output == STDOUT:
        for piece in fetched.content:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return
    path = Path(output or fetched.file.name or "")
    if path.is_dir():
        path /= fetched.file.name or ""
    if path.exists() and not force:
        raise FileThereError(str(path))
    partly = path.with_name(f".{path.name[:100]}.part")
    handle = os.open(partly, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            for piece in fetched.content:
                file.write(piece)
        partly.replace(path)
    finally:
        partly.unlink(missing_ok=True)
    if session.json:
        session.put_json(file_shape(session, fetched.file) | {"file": str(path)})
    else:
        session.put(str(path))
