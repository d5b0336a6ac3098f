"""`hjul audit access`: who has read what, and a random sample of it for the recurring check."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Final

import click

from cli.command import Command, CommandId, OneOf, Whole
from cli.complete import persons, references, units
from cli.day import day
from cli.layout import put_table, wrap
from cli.output import format_of, put_bytes
from cli.progress import progress
from engine.language.catalogue import catalogue
from engine.language.cell import inert
from engine.language.moment import format_instant
from engine.language.say import begin_small

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cli.session import Session
    from engine.service.access import AccessPage, AccessView

FORMATS: Final = ("table", "json", "csv")
PAGE: Final = 50
SHEET: Final = (
    "at", "person", "right", "unit", "for", "operator", "reference", "title", "read", "part", "outcome", "is_marked",
)  # fmt: skip


@click.command("access", cls=Command)
@click.argument("reference", required=False, shell_complete=references)
@click.option("--person", metavar="login", shell_complete=persons)
@click.option("--unit", shell_complete=units)
@click.option("--from", "from_day", metavar="day")
@click.option("--to", "to_day", metavar="day")
@click.option("--refused", is_flag=True)
@click.option("--marked", is_flag=True)
@click.option("--sample", type=Whole(1), metavar="number")
@click.option("--seed", type=CommandId(), metavar="word")
@click.option("--format", type=OneOf(FORMATS))
@click.option("--output", "-o", metavar="file")
@click.option("--limit", type=Whole(1), metavar="number")
@click.option("--after", metavar="mark")
@click.pass_obj
def access(
    session: Session, /, from_day: str | None, to_day: str | None, sample: int | None, seed: str | None,
    format: str | None, output: str | None, limit: int | None, after: str | None, **chosen: Any,
) -> None:  # fmt: skip
    """List who has read what."""
    from engine.service.access import Wanted

    format = "json" if session.json else format_of(format, output, FORMATS, "table")
    if output is not None and format == "table":
        said = session.say("cli.usage.one_of", words=(".csv", ".json"))
        raise click.BadParameter(said, param_hint="-o")
    if seed is not None and sample is None:
        raise click.UsageError(session.say("cli.access.seed_alone"))
    wanted = Wanted(from_=day(session, from_day), to=day(session, to_day), **chosen)
    service = session.app.access
    if sample is not None:
        with progress(session, "cli.access.working") as told:
            page = service.sample(wanted, sample, seed=seed, told=told)
    elif format == "csv":
        with progress(session, "cli.access.working") as told:
            _put_csv(session, service.every(wanted, most=limit, told=told), output)
        return
    else:
        page = service.list(wanted, limit=limit or PAGE, after=after)
    _put(session, page, format, output)


def _put(session: Session, page: AccessPage, format: str, output: str | None) -> None:
    if format == "json":
        shape = page_shape(session, page)
        if output in (None, "-"):
            session.put_json(shape)
        else:
            import json

            put_bytes(json.dumps(shape, ensure_ascii=False, indent=2).encode(), output)
    elif format == "csv":
        _put_csv(session, page.rows, output)
    else:
        _put_rows(session, page)
    if page.sample is not None:
        drawn = page.sample
        said = session.line("cli.access.sample", n=drawn.size, of=str(drawn.of), seed=drawn.seed)
        (session.put if format == "table" else session.tell)(wrap(said, session.width))


def _put_rows(session: Session, page: AccessPage) -> None:
    if page.rows:
        heads = [
            session.say(f"cli.access.{name}") for name in ("at", "person", "reference", "read", "outcome")
        ]
        put_table(session, heads, [_cells(session, one) for one in page.rows])
    else:
        session.tell(session.line("cli.access.none"))
    session.tell(wrap(session.line(f"cli.access.reach.{page.reach}"), session.width))
    if page.next:
        session.tell(session.say("cli.more", mark=page.next))


def _cells(session: Session, one: AccessView) -> list[str]:
    row = one.row
    who = [row.person_name, *([_right(session, one)] if _right(session, one) else [])]
    if one.for_name:
        who.append(session.say("shown.person.for", name=one.for_name))
    if one.operator_name:
        who.append(session.say("shown.person.operator", name=one.operator_name))
    return [
        format_instant(row.at), ", ".join(who), _reference(session, one), _read(session, one),
        session.say(f"cli.access.is.{row.outcome}"),
    ]  # fmt: skip


def _reference(session: Session, one: AccessView) -> str:
    """The case, and that it is marked."""
    if one.row.reference == "*":
        return session.say("cli.access.everything")
    return (
        f"{one.row.reference} ({session.say('cli.access.marked')})"
        if one.row.is_marked
        else one.row.reference
    )


def _right(session: Session, one: AccessView) -> str:
    """By what right: a role at a unit, or what they are to the case."""
    if one.role_label is not None:
        role = begin_small(session.say(one.role_label))
        return f"{role} {one.role_unit_name}" if one.role_unit_name else role
    return session.say(f"cli.access.right.{one.row.role}") if one.row.role else ""


def _read(session: Session, one: AccessView) -> str:
    """What was read or tried, and which part of it."""
    said = _action(session, one)
    return f"{said} {one.row.detail}" if one.row.detail else said


def _action(session: Session, one: AccessView) -> str:
    """What was read or tried; a step is said by its key."""
    key = f"cli.access.action.{one.row.action}"
    return session.say(key) if key in catalogue(session.language) else one.row.action


def _put_csv(session: Session, rows: Iterable[AccessView], output: str | None) -> None:
    """Write a sheet as Excel in Swedish opens it with a double click; nothing in it computes."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([session.say(f"cli.access.{name}") for name in SHEET])
    written = 0
    for one in rows:
        row, written = one.row, written + 1
        cells = (
            format_instant(row.at, seconds=True), row.person_name,
            session.say(one.role_label) if one.role_label else _right(session, one), one.role_unit_name or "",
            one.for_name or "", one.operator_name or "", row.reference,
            session.say(row.title) if row.title else "", _action(session, one), row.detail,
            session.say(f"cli.access.is.{row.outcome}"), session.say(row.is_marked),
        )  # fmt: skip
        writer.writerow([inert(cell) for cell in cells])
    put_bytes(text.getvalue().encode("utf-8-sig"), output)
    if output not in (None, "-"):
        session.tell(session.line("cli.access.written", n=written, file=str(output)))


def page_shape(session: Session, page: AccessPage) -> dict[str, Any]:
    """A page as JSON."""
    drawn = page.sample
    return {
        "rows": [row_shape(session, one) for one in page.rows],
        "reach": page.reach,
        "next": page.next,
        "sample": {"size": drawn.size, "of": drawn.of, "seed": drawn.seed} if drawn is not None else None,
    }


def row_shape(session: Session, one: AccessView) -> dict[str, Any]:
    """A row as JSON."""
    row = one.row
    return {
        "id": row.id, "at": row.at, "person": {"code": row.person, "name": row.person_name},
        "operator": {"code": row.operator, "name": one.operator_name} if row.operator else None,
        "for": {"code": row.on_behalf_of, "name": one.for_name} if row.on_behalf_of else None,
        "right": row.role, "right_unit": row.role_unit, "reference": row.reference,
        "title": session.say(row.title) if row.title else None, "unit": row.unit, "action": row.action,
        "part": row.detail, "outcome": row.outcome, "marks": list(row.marks), "marked": row.is_marked,
    }  # fmt: skip
