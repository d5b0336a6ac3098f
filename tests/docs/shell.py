"""Runs the commands of a page where the reader would: in a folder of its own, with variables that stay.

`hjul` runs in the test's own process, since starting it anew for each of some hundred commands takes minutes; what
is no plain call of it goes to `sh`, where `hjul` is the installed program. The program `sqlite3` need not be there:
the standard library gives the same rows. It must not know pages.
"""

from __future__ import annotations

import os
import re
import shlex
import sqlite3
import subprocess
import sys
from contextlib import chdir, closing
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from cli.edge import run
from cli.main import program
from tests.cli.shell import Stream

ASSIGNED = re.compile(r"^(?P<name>[A-Z_]+)=(?P<value>.*)$", re.DOTALL)
KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")
WITH_SHELL = ("|", "||", "&&", ";", ">>", "&", "(", ")")


@dataclass
class Shell:
    """A shell in a folder. `variables` are those that the reader has exported."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)
    code: int = 0

    def do(self, command: str) -> str:
        """Run a command; give what it prints, on stdout and stderr as a terminal shows them."""
        if command == "echo $?":
            return f"{self.code}\n"
        words = list(shlex.shlex(command, posix=True, punctuation_chars=True))
        plain = not ("$(" in command or "`" in command or set(words) & set(WITH_SHELL))
        if plain and words[0] == "export":
            self.variables |= dict(word.split("=", 1) for word in shlex.split(command)[1:])
            return ""
        own, rest = self._assigned(shlex.split(command)) if plain else ({}, [""])
        if rest[0] == "hjul":
            return self._hjul(rest[1:], own)
        if rest[0] == "sqlite3" and "<" not in rest:
            return self._sqlite3(rest[1:])
        return self._sh(command)

    def _assigned(self, words: list[str]) -> tuple[dict[str, str], list[str]]:
        own: dict[str, str] = {}
        while words and (found := ASSIGNED.match(words[0])):
            own[found["name"]] = found["value"]
            words = words[1:]
        return own, words or [""]

    def environment(self, own: dict[str, str] | None = None) -> dict[str, str]:
        """What a command sees: little of the machine's, the reader's login, and what is exported."""
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        kept["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), kept.get("PATH", "")))
        fixed = {"LOGNAME": "kim", "USER": "kim", "HOME": str(self.folder), "NO_COLOR": "1"}
        return kept | fixed | self.variables | (own or {})

    def _hjul(self, words: list[str], own: dict[str, str]) -> str:
        words, source, target = _redirected(words)
        typed = (self.folder / source).read_text("utf-8") if source else ""
        shown, out = Stream(), Stream()
        with (
            chdir(self.folder),
            mock.patch.dict(os.environ, self.environment(own), clear=True),
            mock.patch.object(sys, "stdin", Stream(typed)),
            mock.patch.object(sys, "stdout", out if target else shown),
            mock.patch.object(sys, "stderr", shown),
        ):
            self.code = run(program, words)
        if target:
            (self.folder / target).write_text(out.text(), "utf-8")
        return shown.text()

    def _sqlite3(self, words: list[str]) -> str:
        """Do as sqlite3 does in a pipe: a row a line, `|` between; `-header` names the columns first."""
        flags = [word for word in words if word.startswith("-")]
        name, query = (word for word in words if not word.startswith("-"))
        mode = "ro" if "-readonly" in flags else "rw"
        address = f"{(self.folder / name).as_uri()}?mode={mode}"
        with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as connection:
            if query.startswith(".backup "):
                with closing(sqlite3.connect(self.folder / query.split()[1])) as copy:
                    connection.backup(copy)
                return ""
            try:
                cursor = connection.execute(query)
                rows = [["" if cell is None else str(cell) for cell in row] for row in cursor]
            except sqlite3.Error as error:
                self.code = 1
                return f"Error: stepping, {error} ({error.sqlite_errorcode & 255})\n"
            if "-header" in flags and rows:
                rows.insert(0, [column[0] for column in cursor.description])
        self.code = 0
        return "".join("|".join(row) + "\n" for row in rows)

    def _sh(self, command: str) -> str:
        ended = subprocess.run(
            ["sh", "-c", command], cwd=self.folder, env=self.environment(), check=False, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
        )  # fmt: skip
        self.code = ended.returncode
        return ended.stdout


def _redirected(words: list[str]) -> tuple[list[str], str | None, str | None]:
    """Take `< FILE` and `> FILE` out of the words of a command."""
    rest: list[str] = []
    found: dict[str, str | None] = {"<": None, ">": None}
    each = iter(words)
    for word in each:
        if word in found:
            found[word] = next(each)
        else:
            rest.append(word)
    return rest, found["<"], found[">"]
