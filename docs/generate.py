"""Writes the generated pages and pictures of the handbook (`make docs`); with `--check` says which are not up to date.

For: pages that would otherwise be copied from the program by hand and drift. Each page is a function that
gives its text. Must not know: the database; everything here comes from the program as it is imported.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from docs.writers import condition, definition, error, picture, setting, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

DOCS = Path(__file__).parent
HEAD = "<!-- Written by `make docs`; do not edit. -->\n\n"


def command_line(language: str = "en") -> str:
    """Give the page of all commands, each with its own help as the program prints it in a language."""
    from cli.main import program  # noqa: PLC0415 - pages of other kinds do not need the program
    from cli.session import Session  # noqa: PLC0415

    head = "# Kommandoraden\n\n" if language == "sv" else "# The command line\n\n"
    return head + describe(program, "hjul", Session(language=language))


def describe(command: click.Command, name: str, told: object = None) -> str:
    """Give a section for `command` and for every command below it; `told` is what the program is told of its run."""
    sections = _walk(command, name, None, told)
    return "\n".join(f"## {path}\n\n```\n{text.rstrip()}\n```\n" for path, text in sections)


def _walk(
    command: click.Command, name: str, parent: click.Context | None, told: object
) -> Iterator[tuple[str, str]]:
    context = click.Context(
        command, info_name=name, parent=parent, obj=told, terminal_width=80, max_content_width=80
    )
    yield context.command_path, command.get_help(context)
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            if found and not found.hidden:
                yield from _walk(found, below, context, told)


PAGES: Mapping[str, Callable[[], str]] = {
    "reference/cli.md": command_line,
    "reference/conditions.md": condition.page,
    "reference/definition.md": definition.page,
    "reference/errors-and-exit-codes.md": error.page,
    "reference/settings.md": setting.page,
    "reference/tables.md": table.page,
    "sv/kommandon.md": lambda: command_line("sv"),
} | {
    f"processes/{key}{ending}.svg": partial(picture.draw, key, language)
    for key in picture.shipped()
    for language, ending in (("sv", ""), ("en", ".en"))
}


def stale(docs: Path = DOCS, pages: Mapping[str, Callable[[], str]] = PAGES) -> list[str]:
    """Name the pages that are missing or differ from what would be written now."""
    texts = {name: HEAD + make() for name, make in pages.items()}
    return [
        name
        for name, text in texts.items()
        if not (docs / name).exists() or (docs / name).read_text("utf-8") != text
    ]


def write(docs: Path = DOCS, pages: Mapping[str, Callable[[], str]] = PAGES) -> None:
    """Write every generated page."""
    for name, make in pages.items():
        (docs / name).parent.mkdir(parents=True, exist_ok=True)
        (docs / name).write_text(HEAD + make(), "utf-8")


def main(arguments: list[str]) -> int:
    """Write the pages, or with `--check` name the stale ones and give 1 when there are any."""
    if arguments != ["--check"]:
        write()
        return 0
    found = stale()
    sys.stdout.writelines(f"docs/{name} is not up to date: run make docs\n" for name in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
