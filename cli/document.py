"""`hjul document`: a case as a paper, kept in the case when asked. Which papers there are is data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import click

from cli.command import Command, OneOf, Whole
from cli.complete import papers, references
from cli.layout import pairs, put_table
from cli.mistake import OutputNeededError, PaperNeededError
from cli.output import format_of, put_bytes
from cli.page import said_size
from cli.person import name_of
from cli.session import Done
from cli.shape import kept_paper_shape
from engine.language.moment import format_instant
from engine.language.sentence import sentence

if TYPE_CHECKING:
    from cli.session import Session
    from engine.documents.write import Format
    from engine.service.kept_paper import TakenOut
    from engine.service.paper import PaperRow
    from engine.service.result import KeptPaperView

USUAL: Final = "arende"
"""The paper that is written when none is named: the case itself."""
FORMATS: Final = ("html", "pdf", "docx", "md")


@click.command("document", cls=Command)
@click.argument("reference", shell_complete=references)
@click.argument("key", metavar="document", required=False, shell_complete=papers)
@click.option("--format", type=OneOf(FORMATS))
@click.option("--output", "-o", metavar="file")
@click.option("--keep", is_flag=True)
@click.option("--list", "listed", is_flag=True)
@click.option("--get", type=Whole(1), metavar="number")
@click.pass_obj
def document(
    session: Session, reference: str, key: str | None, format: Any, output: str | None, keep: bool, listed: bool,
    get: int | None,
) -> None:  # fmt: skip
    """Write a paper of a case, keep it there, list those there are, or fetch one that is kept."""
    if sum((keep, listed, get is not None)) > 1 or ((listed or get is not None) and (key or format)):
        raise click.UsageError(session.say("cli.document.one_thing"))
    if get is not None:
        _put_taken_out(session, session.app.kept_papers.fetch(reference, get), output)
        return
    asked = keep or output is not None or format is not None
    rows = session.app.papers.list(reference) if key is None else ()
    if key is None and asked and not listed:  # nobody need name the usual one, or the only one there is
        key = next((row.key for row in rows if row.key == USUAL or len(rows) == 1), None)
    if key is None:
        _put_list(session, rows, session.app.kept_papers.list(reference))
        if output is not None or keep:
            raise PaperNeededError
        return
    if output is None and not keep and session.on_terminal:
        raise OutputNeededError
    chosen = cast("Format", format_of(format, output, FORMATS, "pdf" if keep else "html"))
    if keep:
        _keep(session, reference, key, chosen, output)
    else:
        _write(session, reference, key, chosen, output)


def _write(session: Session, reference: str, key: str, format: Format, output: str | None) -> None:
    put_bytes(session.app.papers.write(reference, key, format=format, language=session.language), output)
    if output not in (None, "-"):
        session.tell(session.say("cli.written", file=output))
        if session.app.papers.belongs(reference, key):
            session.tell(session.line("cli.document.belongs", reference=reference, document=key))


def _keep(session: Session, reference: str, key: str, format: Format, output: str | None) -> None:
    found = session.app.kept_papers.keep(reference, key, format=format, language=session.language)
    one = found.paper
    head = sentence(
        "cli.document.was_there" if found.was_there else "cli.document.kept", reference=found.reference,
        document=one.label, format=one.format.upper(), number=str(one.number), when=format_instant(one.recorded_at),
    )  # fmt: skip
    session.done = Done(head, kept_paper_shape(session, one) | {"kept": not found.was_there})
    if output is not None:
        put_bytes(b"".join(found.content), output)
        if output == "-":
            session.tell(session.line(head))
            return
        session.tell(session.say("cli.written", file=output))
    if session.json:
        session.put_json(session.done.shape)
    else:
        session.put(session.line(head))


def _put_taken_out(session: Session, found: TakenOut, output: str | None) -> None:
    if output is None and session.on_terminal:
        raise OutputNeededError
    put_bytes(b"".join(found.content), output)
    if output not in (None, "-"):
        session.tell(session.say("cli.written", file=output))


def _put_list(session: Session, rows: tuple[PaperRow, ...], kept: tuple[KeptPaperView, ...]) -> None:
    if session.json:
        mine = {
            row.key: [kept_paper_shape(session, one) for one in kept if one.paper == row.key] for row in rows
        }
        gone = [one for one in kept if one.paper not in mine]
        session.put_json([
            {"document": row.key, "label": session.say(row.label), "version": row.version, "template": row.template,
             "belongs": row.kept, "kept": mine[row.key]} for row in rows
        ] + [
            {"document": one.paper, "label": session.say(one.label), "version": None, "template": None,
             "belongs": False, "kept": [kept_paper_shape(session, one)]} for one in gone
        ])  # fmt: skip
        return
    session.put(pairs([(row.key, session.say(row.label)) for row in rows], session.width))
    if not kept:
        return
    session.put("\n" + session.style(session.say("shown.case.papers"), bold=True))
    heads = ("number", "document", "format", "size", "who", "when")
    put_table(session, [session.say(f"cli.head.{name}") for name in heads], [
        [str(one.number), session.say(one.label),
         session.say("value.erased") if one.sha256 is None else one.format.upper(),
         said_size(session, one.size), name_of(session, one.person), format_instant(one.recorded_at)]
        for one in kept
    ])  # fmt: skip
