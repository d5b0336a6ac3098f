"""`hjul init demo doctor`: the installation itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.command import Command
from cli.exit import Exit
from cli.layout import pairs, wrap
from cli.progress import progress
from cli.shape import check_shape, demo_shape, init_shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.session import Session
    from engine.service.result import InitResult


@click.command("init", cls=Command)
@click.option("--training", is_flag=True)
@click.option("--org", metavar="file")
@click.option("--name")
@click.option("--zone")
@click.pass_obj
def init(session: Session, training: bool, org: str | None, name: str | None, zone: str | None) -> None:
    """Create or upgrade the database."""
    done = session.app.installation.init(training=training, org_file=org, name=name, zone=zone)
    if session.json:
        session.put_json(init_shape(done))
        return
    session.put(
        session.say("cli.init.created" if done.created else "cli.init.upgraded", database=done.database)
    )
    for line in _changed(session, done):
        session.tell(wrap(line, session.width, "  ", "    "))
    if done.administrator is not None:
        session.tell(session.say("cli.init.administrator", name=done.administrator))
    session.tell(session.line("cli.init.next_known" if done.has_units else "cli.init.next"))


def _changed(session: Session, done: InitResult) -> Iterator[str]:
    """What is other than before: the tables, and each process that is new or has another version or content."""
    changed = [one for one in done.processes if done.created or not one.unchanged]
    if done.tables is not None:
        yield session.line("cli.init.tables", before=done.tables[0], now=done.tables[1])
    for one in changed:
        said = f"{one.process} {one.version}  {session.say(one.label)}"
        before = done.before.get(one.process)
        if done.created:
            yield said
        elif before is None:
            yield session.say("cli.init.new_process", said=said)
        else:
            yield session.say("cli.init.changed_process", said=said, before=str(before))
    if not done.created and not changed and done.tables is None:
        yield session.line("cli.init.nothing")


@click.command("demo", cls=Command)
@click.argument("key", required=False)
@click.pass_obj
def demo(session: Session, key: str | None) -> None:
    """Make a training database with an example."""
    with progress(session, "cli.demo.loading") as told:
        done = session.app.installation.demo(key, told)
    if session.json:
        session.put_json(demo_shape(session, done))
        return
    session.put(session.say("cli.demo.created", database=done.database))
    session.tell(
        session.line("cli.demo.holds", units=str(done.units), persons=str(done.persons), n=done.cases)
    )
    session.tell(session.say("cli.demo.try"))
    for command, why in done.tries:
        session.tell(f"  $ {command}\n    {session.say(why)}")


@click.command("doctor", cls=Command)
@click.pass_obj
def doctor(session: Session) -> int:
    """Say how the installation is. Ends with 6 when something is wrong."""
    report = session.app.installation.doctor()
    if session.json:
        session.put_json([check_shape(session, row) for row in report.rows])
    else:
        session.put(
            pairs([(session.say(row.label), session.say(row.value)) for row in report.rows], session.width)
        )
        for row in report.rows:
            if not row.ok and row.mend:
                session.put(
                    wrap(session.say("cli.doctor.wrong", what=row.label, mend=row.mend or ""), session.width)
                )
    return Exit.DONE if all(row.ok for row in report.rows) else Exit.FAULT
