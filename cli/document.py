"""`hjul document`: a case as a paper. Which papers there are is data (`processes/<key>/documents/`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import click

from cli.command import Command, OneOf
from cli.complete import papers, references
from cli.layout import pairs
from cli.mistake import OutputNeededError, PaperNeededError
from cli.output import format_of, put_bytes

if TYPE_CHECKING:
    from cli.session import Session
    from engine.documents.write import Format

FORMATS: Final = ("html", "pdf", "docx", "md")


@click.command("document", cls=Command)
@click.argument("reference", shell_complete=references)
@click.argument("key", metavar="document", required=False, shell_complete=papers)
@click.option("--format", type=OneOf(FORMATS))
@click.option("--output", "-o", metavar="file")
@click.pass_obj
def document(session: Session, reference: str, key: str | None, format: Any, output: str | None) -> None:
    """Write a paper of a case, or list those there are."""
    if key is None and (output is not None or format is not None):
        found = session.app.papers.list(reference)
        if len(found) == 1:  # nobody need name the only one there is
            key = found[0][0]
    if key is None:
        _put_list(session, reference)
        if output is not None:
            raise PaperNeededError
        return
    if output is None and session.on_terminal:
        raise OutputNeededError
    chosen = cast("Format", format_of(format, output, FORMATS, "html"))
    put_bytes(session.app.papers.write(reference, key, format=chosen, language=session.language), output)
    if output not in (None, "-"):
        session.tell(session.say("cli.written", file=output))


def _put_list(session: Session, reference: str) -> None:
    found = session.app.papers.list(reference)
    if session.json:
        session.put_json([{"document": key, "label": session.say(label)} for key, label in found])
    else:
        session.put(pairs([(key, session.say(label)) for key, label in found], session.width))
