"""Runs `hjul` inside the test's own process, as the shell would: arguments in, streams and exit code out."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass

from cli.edge import run
from cli.main import program


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


class Stream(io.TextIOWrapper):
    """A stream that is, or is not, a terminal."""

    def __init__(self, text="", *, terminal=False):
        self.bytes = io.BytesIO(text.encode())
        super().__init__(self.bytes, encoding="utf-8", newline="\n", write_through=True)
        self.terminal = terminal

    def isatty(self):
        return self.terminal

    def text(self):
        return self.bytes.getvalue().decode()


def hjul(monkeypatch, *args, typed="", terminal=False, open_app=None, program=program):
    """Run a command. `typed` is what stdin holds; with `terminal` stdin and stderr are one, stdout is not."""
    out, err = Stream(), Stream(terminal=terminal)
    monkeypatch.setattr(sys, "stdin", Stream(typed, terminal=terminal))
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    code = run(program, list(args), open_app)
    return Ended(code, out.text(), err.text())


def commands(group=program, path=()):
    """Every command and group below a group: path -> command."""
    import click

    found = {path: group}
    context = click.Context(group)
    if isinstance(group, click.Group):
        for name in group.list_commands(context):
            found |= commands(group.get_command(context, name), (*path, name))
    return found
