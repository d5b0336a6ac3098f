"""`hjul backup restore`: a verified copy of everything in one file, and back again."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import click

from cli.command import Command
from cli.layout import wrap
from cli.progress import progress

if TYPE_CHECKING:
    from cli.session import Session


@click.command("backup", cls=Command)
@click.argument("file")
@click.option("--force", is_flag=True)
@click.pass_obj
def backup(session: Session, file: str, force: bool) -> None:
    """Copy the database into a file, and verify the copy."""
    with progress(session, "cli.backup.working") as told:
        done = session.app.backups.backup(file, force=force, told=told)
    if session.json:
        session.put_json(
            {
                "file": done.path,
                "cases": done.cases,
                "events": done.events,
                "size": done.size,
                "left": list(done.left),
            }
        )
        return
    session.put(done.path)
    session.tell(
        session.line("cli.backup.done", n=done.cases, events=str(done.events), size=megabytes(done.size))
    )
    for left in done.left:
        session.tell(wrap(session.line("cli.backup.left", file=left), session.width))


@click.command("restore", cls=Command)
@click.argument("file")
@click.option("--force", is_flag=True)
@click.pass_obj
def restore(session: Session, file: str, force: bool) -> None:
    """Put a verified copy back."""
    with progress(session, "cli.restore.working") as told:
        done = session.app.backups.restore(file, force=force, told=told)
    if session.json:
        shape = {"database": done.database, "cases": done.cases, "events": done.events, "kept": done.kept}
        session.put_json(shape)
        return
    session.put(
        session.line("cli.restore.done", database=done.database, n=done.cases, events=str(done.events))
    )
    if done.kept is not None:
        session.tell(session.line("cli.restore.kept", file=done.kept))
    session.tell(session.line("cli.restore.next"))


def megabytes(size: int) -> Decimal:
    """A size in megabytes, to one decimal, and never nothing."""
    return max(round(Decimal(size) / 1_000_000, 1), Decimal("0.1"))
