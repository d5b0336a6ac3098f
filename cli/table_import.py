"""`hjul import`: many cases at once, from what people keep in Excel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.command import Command
from cli.complete import processes
from cli.mistake import InputFileError, OutputFileError
from cli.progress import progress
from cli.reason import reason_of
from cli.values import read_bytes
from engine.language.sentence import sentence

if TYPE_CHECKING:
    from cli.session import Session
    from engine.exchange.case_import import Choices, Imported
    from engine.exchange.mapping import Map
    from engine.exchange.spreadsheet import Spreadsheet


@click.command("import", cls=Command)
@click.argument("process", shell_complete=processes)
@click.argument("file", metavar="file")
@click.option("--map", "map_file", metavar="file")
@click.option("--make-map", metavar="file")
@click.option("--step", metavar="step")
@click.option("--sheet", metavar="sheet")
@click.option("--dry-run", is_flag=True)
@click.option("--skip-bad", is_flag=True)
@click.option("--problems", "problem_file", metavar="file")
@click.option("--personal-numbers", is_flag=True)
@click.pass_obj
def import_(
    session: Session, process: str, file: str, map_file: str | None, make_map: str | None, step: str | None,
    sheet: str | None, dry_run: bool, skip_bad: bool, problem_file: str | None, personal_numbers: bool,
) -> None:  # fmt: skip
    """Import cases from a table."""
    from engine.exchange.case_import import Choices

    table = _table(file, sheet)
    if make_map is not None:
        _make_map(session, table, process, step, make_map)
        return
    mapping = _mapping(session, table, process, map_file)
    done = _run(session, table, mapping, file, Choices(step, dry_run, skip_bad, personal_numbers))
    if problem_file is not None:
        from cli.table_import_page import write_problems

        write_problems(session, done.problems, Path(problem_file))
    if done.refused:
        raise done.refusal()
    _put(session, done)


def _table(file: str, sheet: str | None) -> Spreadsheet:
    from engine.exchange.spreadsheet import read_spreadsheet

    try:
        return read_spreadsheet(Path(file), sheet)
    except OSError as error:
        raise InputFileError(file, reason_of(error)) from None


def _mapping(session: Session, table: Spreadsheet, process: str, map_file: str | None) -> Map:
    """What the columns mean: as a file says, else as their headings do."""
    from engine.errors import UnmappedColumnError
    from engine.exchange.mapping import guess_map, read_map

    definition = session.app.imports.process(process)
    if map_file is not None:
        return read_map(read_bytes(map_file), map_file, definition)
    found, unknown = guess_map(table.headings, definition)
    if unknown:
        raise UnmappedColumnError(unknown)
    return found


def _run(session: Session, table: Spreadsheet, mapping: Map, file: str, choices: Choices) -> Imported:
    import hashlib

    with Path(file).open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    service = session.app.imports
    with progress(session, "cli.import.checking") as told:
        staged = service.check(table, mapping, digest, choices, told)
    if choices.dry_run or staged.refuses:
        return staged.result()
    with progress(session, "cli.import.writing") as told:
        staged.write(told)
    return staged.result()


def _make_map(session: Session, table: Spreadsheet, process: str, step: str | None, file: str) -> None:
    from engine.exchange.mapping import propose_map

    path = Path(file)
    if path.exists():
        raise OutputFileError(file, sentence("cli.import.map_exists"))
    text, left = propose_map(table, session.app.imports.process(process), step, session.language)
    path.write_text(text, encoding="utf-8")
    session.put(session.line("cli.import.map_made", file=file))
    if left:
        session.tell(session.line("cli.import.map_left", columns=left))


def _put(session: Session, done: Imported) -> None:
    from cli.table_import_page import import_lines, import_shape

    if session.json:
        session.put_json(import_shape(session, done))
        return
    for line in import_lines(session, done):
        session.put(line)
