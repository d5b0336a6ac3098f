"""Examples on pages that are no transcripts: those of processes are taken for real, those in Swedish can be typed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from cli.main import program
from cli.session import Session
from engine.definition.load import load_process
from tests.cli.conftest import ORGANISATION
from tests.docs.page import Example, read_page
from tests.docs.shell import Shell
from tests.docs.transcript import is_alike

ROOT = Path(__file__).parents[2]
PROCESSES = [ROOT / "docs" / "processes" / f"{key}.md" for key in ("avvikelse", "atgard")]
BY_INVESTIGATOR = ("ange_orsak", "slutfor_utredning", "genomfor")
TYPED = [
    path
    for path in (
        *sorted((ROOT / "docs" / "sv").glob("*.md")),
        *sorted((ROOT / "processes").glob("*/README.md")),
    )
    if path.name != "kommandon.md"  # written from the program's own help
]
COMMAND = re.compile(r"^ *\$ (hjul (?:[^\n]*\\\n)*[^\n]*)$", re.MULTILINE)


def test_process_pages__are_taken_from_beginning_to_end(tmp_path):
    people = f"{ORGANISATION}person;p6;B. Utredare;;utr;sjuksköterska;;;;;2025-01-01;\n"
    (tmp_path / "people.csv").write_text(people, "utf-8")
    where = {"HJUL_DB": f"sqlite:///{tmp_path}/town.sqlite", "HJUL_NOW": "2026-11-23T09:00:00Z"}
    shell = Shell(tmp_path, where | {"HJUL_USER": "ordnare"})
    shell.do("hjul init --training --name Provby --org people.csv")
    for path in PROCESSES:
        for part in read_page(path).parts:
            assert isinstance(part, Example)
            words = shlex.split(part.command)
            is_by_investigator = words[1] == "step" and words[3] in BY_INVESTIGATOR
            shell.variables["HJUL_USER"] = "utr" if is_by_investigator else "chef"
            printed = tuple(shell.do(part.command).splitlines())
            place = f"{path.name}:{part.line}: {printed}"
            if part.printed:
                assert is_alike(part.printed, printed), place
            else:
                assert shell.code == 0, place


def examples():
    for path in TYPED:
        for found in COMMAND.findall(path.read_text("utf-8")):
            yield pytest.param(found, id=f"{path.parent.name}/{path.name}:{found[:40]}".replace("\n", " "))


@pytest.fixture(scope="session")
def known():
    """What the shipped processes have: steps, and all that `--set` may name."""
    folder = ROOT / "processes"
    shipped = [load_process(path, folder / "lists.yaml").process for path in folder.glob("*/process.yaml")]
    fields = {"unit", "assignee"}.union(*(process.fields for process in shipped))
    for process in shipped:
        fields |= {column for field in process.fields.values() for column in field.columns}
    return (
        {process.process for process in shipped},
        set().union(*(process.steps for process in shipped)),
        fields,
    )


@pytest.mark.parametrize("command", [*examples()])
def test_swedish_pages__show_commands_that_can_be_typed(command, known):
    processes, steps, fields = known
    words = shlex.split(re.split(r" [|>] ", command.replace("\\\n", ""))[0])
    name, given = typed(program, words)
    if name == "new":
        assert given["process"] in processes
    if name in ("new", "step"):
        assert given["step"] is None or given["step"] in steps
        assert {pair.partition("=")[0].split(".")[0] for pair in given["sets"]} <= fields


def typed(group, words):
    """Read words as the program would; give the command and its arguments."""
    with click.Context(group, info_name=words[0], obj=Session()) as ctx:
        while True:
            name, found, rest = group.resolve_command(ctx, words[1:])
            if not isinstance(found, click.Group):
                return name, found.make_context(name, rest, parent=ctx).params
            group, words = found, [name, *rest]
