"""The pages about the command line say what it does: the shapes of its JSON, its exit codes, its Swedish examples."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from cli.exit import Exit
from tests.cli.shell import commands

DOCS = Path(__file__).parents[2] / "docs"
SCRIPT = (DOCS / "how-to" / "script-hjul.md").read_text("utf-8")
ALL = commands()


def told(command):
    (row,) = re.findall(rf"^\| `{re.escape(command)}`(?: \(list\))? \| (.*) \|$", SCRIPT, re.MULTILINE)
    return row.split(", ")


def test_script__tells_the_keys_of_every_shape(town):
    reference = town.judge()
    shapes = {
        "step REF": town.json("chef", "step", reference)[0],
        "tasks": town.json("chef", "tasks")[0],
        "cases": town.json("chef", "cases"),
        "log": town.json("chef", "log", reference)[0],
        "show": town.json("chef", "show", reference),
        "audit verify": town.json("revisor", "audit", "verify"),
        "step REF STEP": town.json("chef", "step", reference, "paborja_utredning", "--set", "utredare=usk"),
    }
    assert {name: list(shape) for name, shape in shapes.items()} == {name: told(name) for name in shapes}


def test_script__tells_every_exit_code():
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", SCRIPT, re.MULTILINE)} == {
        int(code) for code in Exit
    }


def examples():
    pages = [*(DOCS / "sv").glob("*.md"), DOCS / "how-to" / "script-hjul.md"]
    for page in pages:
        text = page.read_text("utf-8").replace("\\\n", " ")
        for line in re.findall(r"^\$ (hjul .*)$", text, re.MULTILINE):
            yield pytest.param(line, id=f"{page.stem}: {line[:50]}")


@pytest.mark.parametrize("line", list(examples()))
def test_example__is_a_command_with_options_that_there_are(line):
    words = shlex.split(line)[1:]
    while words and words[0] == "--lang":
        words = words[2:]
    path: tuple[str, ...] = ()
    while words and (*path, words[0]) in ALL:
        path = (*path, words.pop(0))
    command = ALL[path]
    known = {name for param in command.params for name in param.opts} | {"--help", "-h"}
    assert path
    assert {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)} <= known
    arguments = [param for param in command.params if isinstance(param, click.Argument)]
    assert len([word for word in words if not word.startswith("-")]) >= len(
        [one for one in arguments if one.required]
    )
