"""`hjul org`: units, people, and who has which role where, from and to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.command import Group

if TYPE_CHECKING:
    from cli.session import Session

org = Group("org")


@org.command("import")
@click.argument("file", metavar="file")
@click.pass_obj
def import_(session: Session, file: str) -> None:
    """Read the organisation from a file."""
    done = session.app.organisation.import_csv(file)
    if session.json:
        session.put_json({"units": done.units, "persons": done.persons, "appointments": done.appointments})
        return
    counts = {"units": str(done.units), "persons": str(done.persons), "appointments": str(done.appointments)}
    session.put(session.line("cli.org.imported", **counts))
