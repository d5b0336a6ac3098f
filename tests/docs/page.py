"""A page of the handbook as what can be run: its files, its commands and what they are said to print.

A fenced block ```` ```console ```` is a transcript: a line that begins with `$ ` is a command (a backslash at its
end takes the next line with it), the lines after it are what it prints. A line `...` stands for any lines.
A fenced block with a file's name after its language, such as ```` ```yaml fika.yaml ````, is that file. A page that
says `<!-- goes on from PAGE -->` begins where PAGE ended, with its folder and its exported variables.
It must not know how commands are run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^```(?P<language>\w*)(?: +(?P<name>\S+))?\s*$")
GOES_ON = re.compile(r"^<!-- goes on from (?P<page>\S+) -->$", re.MULTILINE)
PROMPT = "$ "


@dataclass(frozen=True, slots=True)
class File:
    """A file that the reader is to write."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Example:
    """A command and what it prints. `line` is its place on the page, `first` and `last` bound what it prints."""

    command: str
    printed: tuple[str, ...]
    line: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Page:
    """What can be run of a page, in its order."""

    path: Path
    parts: tuple[File | Example, ...]
    before: Path | None


def read_page(path: Path) -> Page:
    """Read a page.

    Raises:
        ValueError: A block has no end, or a transcript begins with something that is no command.
    """
    text = path.read_text("utf-8")
    found = GOES_ON.search(text)
    before = (path.parent / found["page"]).resolve() if found else None
    return Page(path, tuple(_parts(path, text.splitlines())), before)


def _parts(path: Path, lines: list[str]) -> list[File | Example]:
    parts: list[File | Example] = []
    at = 0
    while at < len(lines):
        fence = FENCE.match(lines[at])
        at += 1
        if not fence:
            continue
        begun = at
        while at < len(lines) and lines[at].rstrip() != "```":
            at += 1
        if at == len(lines):
            raise ValueError(f"{path}:{begun}: the block has no end")
        if fence["name"]:
            parts.append(File(fence["name"], "\n".join(lines[begun:at]) + "\n"))
        elif fence["language"] == "console":
            parts += _examples(path, lines, begun, at)
        at += 1
    return parts


def _examples(path: Path, lines: list[str], begun: int, end: int) -> list[Example]:
    examples, at = [], begun
    while at < end:
        if not lines[at].startswith(PROMPT):
            raise ValueError(f"{path}:{at + 1}: a transcript begins with a command")
        line, command = at + 1, lines[at].removeprefix(PROMPT)
        while command.endswith("\\") and at + 1 < end:
            at += 1
            command = f"{command[:-1]}{lines[at].strip()}"
        at += 1
        first = at
        while at < end and not lines[at].startswith(PROMPT):
            at += 1
        examples.append(Example(command, tuple(lines[first:at]), line, first, at))
    return examples
