"""`hjul org`: units, people, and who has which role where, from and to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.command import Group
from cli.complete import persons, roles, units
from cli.day import day
from cli.layout import put_table
from cli.shape import import_shape, organisation_shape
from cli.values import read_attributes, read_bytes
from engine.errors import FixedError

if TYPE_CHECKING:
    from cli.session import Session

org = Group("org")


@org.command("show")
@click.option("--unit", shell_complete=units)
@click.pass_obj
def show(session: Session, unit: str | None) -> None:
    """Show the units, and who has which role in them."""
    service = session.app.organisation
    appointments = service.appointments(unit=unit)
    inside = {row.unit for row in appointments}
    tree = [
        row for row in service.units() if unit is None or row.code in inside or unit in (row.code, row.name)
    ]
    if session.json:
        session.put_json(organisation_shape(session, tree, service.persons(unit=unit), appointments))
        return
    from cli.organisation_page import organisation_lines

    session.put("\n".join(organisation_lines(session, tree, appointments)))


@org.command("roles")
@click.pass_obj
def list_roles(session: Session) -> None:
    """List the roles that the published processes know."""
    found = session.app.organisation.roles()
    if session.json:
        session.put_json([{"role": key, "label": session.say(label)} for key, label in found])
        return
    heads = [session.say(f"cli.head.{name}") for name in ("role", "label")]
    put_table(session, heads, [[key, session.say(label)] for key, label in found])


@org.command("import")
@click.argument("file", metavar="file")
@click.option("--dry-run", is_flag=True)
@click.option("--end-missing", is_flag=True)
@click.pass_obj
def import_(session: Session, file: str, dry_run: bool, end_missing: bool) -> None:
    """Make the organisation as a file says."""
    done = session.app.organisation.import_csv(read_bytes(file), dry_run=dry_run, end_missing=end_missing)
    if session.json:
        session.put_json(import_shape(done))
        return
    counts = {
        "added": str(sum(done.added.values())), "changed": str(sum(done.changed.values())),
        "ended": str(done.ended), "same": str(done.same),
    }  # fmt: skip
    session.put(session.line("cli.org.would_import" if done.dry_run else "cli.org.imported", **counts))
    for kind, name in done.missing:
        session.tell(session.say("cli.org.missing", kind=session.say(f"cli.org.{kind}"), name=name))


@org.command("unit")
@click.argument("code", shell_complete=units)
@click.option("--name")
@click.option("--parent", metavar="unit", shell_complete=units)
@click.option("--from", "from_day", metavar="day")
@click.option("--to", "to_day", metavar="day")
@click.option("--set", "attributes", multiple=True, metavar="attribute")
@click.pass_obj
def unit(
    session: Session, code: str, name: str | None, parent: str | None, from_day: str | None, to_day: str | None,
    attributes: tuple[str, ...],
) -> None:  # fmt: skip
    """Add a unit, or change one that there is."""
    service = session.app.organisation
    there = next((row for row in service.units(ended=True) if row.code == code), None)
    said = read_attributes(attributes)
    if there is None:
        service.add_unit(code, name or "", parent=parent, from_on=day(session, from_day), attributes=said)
        if to_day is not None:
            service.close_unit(code, day(session, to_day))
    else:
        _keep("--from", from_day and str(day(session, from_day)), there.from_on)
        kept = {**there.attributes, **said} if said else None
        service.change_unit(code, name=name, parent=parent, to_on=day(session, to_day), attributes=kept)
    _put(session, "cli.org.unit_added" if there is None else "cli.org.unit_changed", unit=code)


@org.command("person")
@click.argument("login", shell_complete=persons)
@click.option("--name")
@click.option("--title", metavar="text")
@click.option("--email", metavar="text")
@click.option("--code")
@click.option("--from", "from_day", metavar="day")
@click.option("--to", "to_day", metavar="day")
@click.pass_obj
def person(
    session: Session, login: str, name: str | None, title: str | None, email: str | None, code: str | None,
    from_day: str | None, to_day: str | None,
) -> None:  # fmt: skip
    """Register a person by login, or change one that there is."""
    service = session.app.organisation
    there = next((one for one in service.persons(ended=True) if login in (one.login, one.code)), None)
    if there is None:
        found = service.add_person(
            name or "",
            login=login,
            title=title or "",
            email=email or "",
            code=code,
            from_on=day(session, from_day),
        )
    else:
        found = there.code
        _keep("--code", code, there.code)
        service.change_person(
            found,
            name=name,
            title=title,
            email=email,
            from_on=day(session, from_day),
            to_on=day(session, to_day),
        )
    _put(session, "cli.org.person_added" if there is None else "cli.org.person_changed", person=found)


@org.command("appoint")
@click.argument("person", shell_complete=persons)
@click.argument("role", shell_complete=roles)
@click.argument("unit", shell_complete=units)
@click.option("--from", "from_day", metavar="day")
@click.option("--to", "to_day", metavar="day")
@click.option("--for", "substitute_for", metavar="person", shell_complete=persons)
@click.pass_obj
def appoint(
    session: Session, person: str, role: str, unit: str, from_day: str | None, to_day: str | None,
    substitute_for: str | None,
) -> None:  # fmt: skip
    """Give a person a role at a unit and those under it."""
    key = session.app.organisation.appoint(
        person,
        role,
        unit,
        from_on=day(session, from_day),
        to_on=day(session, to_day),
        on_behalf_of=substitute_for,
    )
    _put(session, "cli.org.appointed", appointment=key)


@org.command("substitute")
@click.argument("person", shell_complete=persons)
@click.argument("absent", shell_complete=persons)
@click.option("--from", "from_day", metavar="day")
@click.option("--to", "to_day", metavar="day")
@click.pass_obj
def substitute(session: Session, person: str, absent: str, from_day: str | None, to_day: str | None) -> None:
    """Let somebody stand in for a person in every role of theirs."""
    keys = session.app.organisation.substitute(
        person, absent, from_on=day(session, from_day), to_on=day(session, to_day)
    )
    _put(session, "cli.org.substituted", appointments=keys)


@org.command("end")
@click.argument("appointment")
@click.option("--to", "to_day", metavar="day")
@click.pass_obj
def end(session: Session, appointment: str, to_day: str | None) -> None:
    """Say which day is the last of somebody's role."""
    session.app.organisation.end_appointment(appointment, day(session, to_day))
    _put(session, "cli.org.ended", appointment=appointment)


def _keep(option: str, wanted: str | None, there: str) -> None:
    """Refuse an option that would change what stays as it was registered.

    Raises:
        FixedError: It says something else than what is there.
    """
    if wanted not in (None, there):
        raise FixedError(option, there)


def _put(session: Session, message: str, **arguments: Any) -> None:
    if session.json:
        session.put_json(arguments)
    else:
        session.put(session.line(message, **arguments))
