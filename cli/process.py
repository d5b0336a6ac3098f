"""`hjul process`: definitions. What is wrong with one is printed as `file:line:column: message`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import click

from cli.command import Group, OneOf
from cli.complete import processes
from cli.exit import Exit
from cli.explanation import problem_line
from cli.layout import put_table, wrap
from cli.output import format_of, put_bytes
from cli.shape import must_shape, parameter_shape, problem_shape

if TYPE_CHECKING:
    from cli.session import Session
    from engine.service.process import DiagramFormat

DIAGRAMS: Final = ("mermaid", "svg")

process = Group("process")


@process.command("list")
@click.pass_obj
def list_(session: Session) -> None:
    """List the published processes."""
    rows = session.app.processes.list()
    if session.json:
        session.put_json(
            [
                {
                    "process": row.process, "label": session.say(row.label), "version": row.version,
                    "hash": row.hash, "published_at": row.published_at, "open_cases": row.open_cases,
                    "keep_older": row.keep_older,
                }
                for row in rows
            ]
        )  # fmt: skip
        return
    if not rows:
        session.tell(session.line("cli.process.none"))
        return
    names = ("process", "label", "version", "open_cases", "hash")
    table = [
        [row.process, session.say(row.label), str(row.version), str(row.open_cases), row.hash[:12]]
        for row in rows
    ]
    put_table(session, [session.say(f"cli.head.{name}") for name in names], table)
    for row in rows:
        if row.keep_older:
            session.tell(session.say("cli.process.keep_older", n=row.keep_older, process=row.process))


@process.command("show")
@click.argument("key", metavar="process", shell_complete=processes)
@click.pass_obj
def show(session: Session, key: str) -> None:
    """Print a published definition, to the byte."""
    put_bytes(session.app.processes.show(key))


@process.command("check")
@click.argument("file", metavar="definition", shell_complete=processes)
@click.option("--set-param", "sets_params", multiple=True, metavar="param")
@click.pass_obj
def check(session: Session, file: str, sets_params: tuple[str, ...]) -> int:
    """Check a definition."""
    from engine.cases.reading import read_pairs

    problems = session.app.processes.check(file, read_pairs(sets_params))
    wrong = [problem for problem in problems if not problem.is_warning]
    if session.json:
        session.put_json({"ok": not wrong, "problems": [problem_shape(session, one) for one in problems]})
    else:
        for problem in problems:
            session.put(problem_line(session, problem))
        if not wrong:
            session.tell(session.say("cli.process.sound", file=file))
    return Exit.USAGE if wrong else Exit.DONE


@process.command("publish")
@click.argument("key", metavar="definition", shell_complete=processes)
@click.option("--set-param", "sets_params", multiple=True, metavar="param")
@click.pass_obj
def publish(session: Session, key: str, sets_params: tuple[str, ...]) -> None:
    """Publish a process."""
    from engine.cases.reading import read_pairs

    done = session.app.processes.publish(key, read_pairs(sets_params))
    if session.json:
        session.put_json(
            {"process": done.process, "version": done.version, "hash": done.hash, "unchanged": done.unchanged}
        )
        return
    message = "cli.process.unchanged" if done.unchanged else "cli.process.published"
    session.put(session.line(message, process=done.label, version=str(done.version), hash=done.hash[:12]))
    for warning in done.warnings:
        session.tell(problem_line(session, warning))


@process.command("diagram")
@click.argument("key", metavar="process", shell_complete=processes)
@click.option("--format", type=OneOf(DIAGRAMS))
@click.option("--only-moves", is_flag=True)
@click.option("--output", "-o", metavar="file")
@click.pass_obj
def diagram(session: Session, key: str, format: Any, only_moves: bool, output: str | None) -> None:
    """Draw a process as Mermaid or SVG."""
    chosen = cast("DiagramFormat", format_of(format, output, DIAGRAMS, "mermaid"))
    drawn = session.app.processes.diagram(key, session.language, format=chosen, staying=not only_moves)
    put_bytes(drawn.encode(), output)
    if output not in (None, "-"):
        session.tell(session.say("cli.written", file=output))


param = Group("param")
process.add_command(param)


@param.command("list")
@click.argument("key", metavar="process", shell_complete=processes)
@click.pass_obj
def list_parameters(session: Session, key: str) -> None:
    """List the parameters of a process."""
    parameters = session.app.processes.params(key)
    musts = session.app.processes.musts(key)
    if session.json:
        shapes = [parameter_shape(session, one) for one in parameters]
        session.put_json(shapes + [must_shape(session, one) for one in musts])
        return
    if not parameters:
        session.tell(session.line("cli.process.no_params"))
    for one in parameters:
        before = session.say("cli.process.changed", default=_said(session, one.type, one.default))
        mark = f"  ({before})" if one.changed else ""
        text = f"{session.style(one.name, bold=True)} = {_said(session, one.type, one.value)}{mark}"
        session.put(wrap(text, session.width, "", "    "))
        source = f" ({one.source})" if one.source else ""
        session.put(wrap(f"{session.say(one.label)}{source}", session.width, "  ", "  "))
    if musts:
        session.put("\n" + wrap(session.style(session.say("cli.process.musts"), bold=True), session.width))
    for must in musts:
        text = f"{session.say(must.label)} ({must.source})"
        session.put(wrap(text, session.width, "  ", "    "))


def _said(session: Session, kind: str, value: Any) -> str:
    """The value of a parameter as a person reads it; a condition as it is written in the definition."""
    if kind == "period":
        from engine.calendar.period import Period

        return session.say(Period.parse(str(value)).words)
    if kind == "own_codes":
        return _said_codes(session, value)
    if isinstance(value, dict | list | tuple):
        import json

        return json.dumps(value, ensure_ascii=False, default=str)
    return session.say(value) if isinstance(value, bool) else str(value)


def _said_codes(session: Session, value: dict[str, Any]) -> str:
    """Own codes by their labels, and which of the shipped ones are left."""
    codes, keeps = value.get("codes", {}), value.get("keeps")
    if not codes and keeps is None:
        return session.say("cli.process.own_codes_none")
    labels = "; ".join(one[session.language] for one in codes.values() if not one.get("retired"))
    if keeps is None:
        return session.say("cli.process.own_codes", codes=labels)
    kept = ", ".join([keeps] if isinstance(keeps, str) else keeps)
    return session.say("cli.process.own_codes_only", codes=labels, kept=kept or "-")
