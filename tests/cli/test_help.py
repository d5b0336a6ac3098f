"""Help: every command has it in both languages, with an example, and it costs next to nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest

from cli.command import GLOBALS, OneOf
from engine.language.catalogue import catalogue
from tests.cli.shell import commands, hjul

ROOT = Path(__file__).parents[2]
ALL = commands()
NAMED = {" ".join(path): command for path, command in ALL.items()}
EXPECTED = {
    "init", "demo", "doctor", "new", "step", "show", "log", "cases", "tasks", "note", "amend", "assign",
    "backup", "restore", "attach", "claim", "release", "link", "document", "draft", "org", "process", "settings",
    "audit", "report", "schedule", "calendar", "tick", "deadline", "import",
}  # fmt: skip


def options(command):
    return [param for param in command.params if isinstance(param, click.Option) and param not in GLOBALS]


def test_program__has_the_commands_of_the_contract():
    assert set(ALL[()].list_commands(click.Context(ALL[()]))) == EXPECTED


def test_program__shows_every_lazy_command_in_a_section():
    root = ALL[()]
    assert sorted(name for names in root.sections.values() for name in names) == sorted(root.lazy)


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("name", NAMED)
def test_command__explains_itself_with_an_example(monkeypatch, name, language):
    ended = hjul(monkeypatch, *name.split(), "--help", "--lang", language)
    assert ended.code == 0
    assert ended.err == ""
    assert ended.out.startswith("Usage:" if language == "en" else "Användning:")
    example = ended.out.split("Example:" if language == "en" else "Exempel:")[1]
    called = "$ hjul --lang en " if language == "en" else "$ hjul "
    assert f"{called}{name}".rstrip() in example
    assert not re.search(r"help\.[a-z]", ended.out)


@pytest.mark.parametrize("name", NAMED)
def test_command__has_every_word_of_its_help_in_both_languages(name):
    key = ".".join(["help", *name.split()])
    wanted = {key if name else "program.purpose", f"{key}.example"}
    for param in ALL[tuple(name.split())].params:
        if isinstance(param, click.Option) and not param.is_flag and not isinstance(param.type, OneOf):
            wanted.add(f"help.metavar.{param.metavar or param.name}")
        if isinstance(param, click.Argument):
            wanted.add(f"help.metavar.{param.metavar or param.name}")
    for language in ("sv", "en"):
        assert [one for one in sorted(wanted) if one not in catalogue(language)] == []


@pytest.mark.parametrize("name", NAMED)
def test_command__describes_every_option_in_both_languages(name):
    key = ".".join(["help", *name.split()])
    for option in options(ALL[tuple(name.split())]):
        for language in ("sv", "en"):
            assert {f"help.option.{option.name}", f"{key}.option.{option.name}"} & set(catalogue(language))


@pytest.mark.parametrize("name", NAMED)
def test_command__takes_the_global_options_itself(name):
    assert set(GLOBALS) <= set(ALL[tuple(name.split())].params)


def test_catalogue__describes_no_command_that_is_gone():
    keys = {"help.usage", "help.example", "help.globals_told"} | {
        ".".join(["help", *path]) for path in ALL if path
    }
    apart = ("help.section.", "help.metavar.", "help.option.")
    told = {key for key in catalogue("sv") if key.startswith("help.") and not key.startswith(apart)}
    stray = {key for key in told if key not in keys and key.rpartition(".")[0] not in keys}
    assert {key for key in stray if ".option." not in key} == set()


@pytest.mark.parametrize("args", [["--help"], ["tasks", "--help"], ["process", "--help"], ["--version"]])
def test_help__imports_nothing_heavy(args):
    program = (
        "import sys; sys.argv = ['hjul', *sys.argv[1:]]\n"
        "from cli.main import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'sqlalchemy', 'pydantic', 'rich', 'ruamel', 'alembic', 'holidays', 'orjson', 'zoneinfo'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, *args], check=False, cwd=ROOT, capture_output=True, text=True
    )
    assert (ended.returncode, ended.stderr.strip()) == (0, "[]")


def test_help__is_english_when_the_environment_says_so(monkeypatch):
    monkeypatch.setenv("HJUL_LANG", "en_GB.UTF-8")
    assert hjul(monkeypatch, "--help").out.startswith("Usage:")
    assert hjul(monkeypatch, "--help", "--lang", "sv").out.startswith("Användning:")


def test_help__fits_eighty_columns(monkeypatch):
    for path in ALL:
        for line in hjul(monkeypatch, *path, "--help").out.splitlines():
            assert len(line) <= 80 or line.lstrip().startswith("$")


def test_program__without_a_command_shows_help_on_stderr(monkeypatch):
    ended = hjul(monkeypatch)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("Användning:")


def test_version__is_the_one_of_the_project(monkeypatch):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert hjul(monkeypatch, "--version").out == f"hjul {project['version']}\n"


@pytest.mark.parametrize("command", ["tasks", "cases"])
def test_list__loads_neither_pydantic_nor_yaml(town, command):
    town.report()
    code = (
        "import sys; sys.argv = ['hjul', *sys.argv[1:]]\n"
        "from cli.main import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'pydantic', 'rich', 'ruamel', 'alembic', 'holidays', 'transitions', 'jinja2', 'sqlalchemy.orm'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    environment = {**os.environ, **town.env("chef")}
    ended = subprocess.run(
        [sys.executable, "-c", code, command],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=environment,
    )
    assert (ended.returncode, ended.stderr.strip()) == (0, "[]")
