"""Rules that no linter knows: the engine names no process, rooms stay small, help stays light."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from engine.definition.own_codes import PREFIX

ROOT = Path(__file__).parents[2]
CODE = ("engine", "processes", "cli", "migrations", "examples", "tests", "benchmarks")
PURE = ("definition", "cases", "calendar", "ledger", "statistics")
LARGEST = 500
# A file above the limit stands here with the reason why it is one noun; one that shrinks leaves the list.
LARGE: dict[str, str] = {
    "engine/definition/condition.py": "the closed vocabulary: one class a condition, read as a list",
    "engine/errors.py": "every error class in one file, by family (docs/decisions/0015); each is a few lines",
}
LONGEST = 45
# Lines of a function without its docstring. One above stands here with its length, which may only shrink, and why.
LONG: dict[str, tuple[int, str]] = {
    "engine/audit/screen.py:_holds": (
        53,
        "the loop that every event passes: a call for each would cost a tenth",
    ),
    "engine/cases/step.py:_take": (46, "what a step does, read from the top down"),
}
# Keys that processes have or will have: the engine must not know them before they come either.
SWEDISH = {
    "avvikelse",
    "atgard",
    "lex_sarah",
    "lex_maria",
    "synpunkt",
    "klagomal",
    "riskanalys",
    "egenkontroll",
    "internkontroll",
    "intern_kontroll",
    "brukarundersokning",
    "kvalitetsberattelse",
    "forbattringsarbete",
    "handlingsplan",
    "arshjul",
}


def source_files(*folders):
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def process_keys():
    return SWEDISH | {path.parent.name for path in (ROOT / "processes").glob("*/process.yaml")}


def named_processes(text, keys):
    """Find keys as whole words, and as parts of longer names such as `open_avvikelse` or `test.avvikelse`."""
    return {key for key in keys if re.search(rf"(?<![a-z]){key}(?![a-z])", text, re.IGNORECASE)}


@pytest.mark.parametrize("text", ["open_avvikelse()", '"lex_sarah"', "Avvikelse: en", "# for atgard only"])
def test_named_processes__sees_a_key_inside_names_and_prose(text):
    assert named_processes(text, process_keys())


def test_named_processes__does_not_stumble_on_longer_words():
    assert not named_processes("avvikelsen avvikelser atgarden", process_keys())


def test_engine__names_no_swedish_process():
    kinds = {".py", ".yaml", ".j2", ".sql"}
    files = [path for path in (ROOT / "engine").rglob("*") if path.suffix in kinds]
    assert files
    found = {
        str(path.relative_to(ROOT)): named
        for path in files
        if (named := named_processes(path.read_text("utf-8"), process_keys()))
    }
    assert found == {}


def test_code__keeps_its_files_to_one_noun():
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in source_files(*CODE)
    }
    too_long = {name for name, length in lengths.items() if length > LARGEST}
    assert too_long == set(LARGE), "divide the file, or give it a line in LARGE that says why not"


def functions_of(path):
    """Each function of a file with its lines, its docstring not counted."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            said = first if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) else None
            end, told = node.end_lineno or 0, ((said.end_lineno or 0) - said.lineno + 1) if said else 0
            yield node.name, end - node.lineno + 1 - told


def test_code__keeps_its_functions_to_what_can_be_read_at_once():
    """Migrations are left out: what has landed is never edited."""
    lengths = {
        f"{path.relative_to(ROOT)}:{name}": lines
        for path in source_files("engine", "processes", "cli", "examples", "benchmarks", "docs")
        for name, lines in functions_of(path)
        if lines > LONGEST
    }
    assert lengths == {name: lines for name, (lines, _) in LONG.items()}


def test_engine__imports_nothing_when_it_is_imported():
    tree = ast.parse((ROOT / "engine" / "__init__.py").read_text("utf-8"))
    assert [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)] == []


def test_import_contract__covers_every_pure_room_there_is():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    covered = next(each["source_modules"] for each in contracts if each["id"] == "pure")
    there = {f"engine.{room}" for room in PURE if (ROOT / "engine" / room / "__init__.py").exists()}
    assert there <= set(covered)


def test_changelog__has_an_unreleased_head_with_prose():
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    head = re.search(r"^## Unreleased\n+(?P<prose>(?:(?!^## ).*\n)+)", text, re.MULTILINE)
    assert head
    assert head["prose"].strip()


def test_decisions__are_numbered_without_gaps_and_listed():
    folder = ROOT / "docs" / "decisions"
    pages = sorted(path.name for path in folder.glob("[0-9][0-9][0-9][0-9]-*.md"))
    assert [int(name[:4]) for name in pages] == list(range(len(pages)))
    index = (folder / "README.md").read_text("utf-8")
    assert [name for name in pages if f"({name})" not in index] == []


def test_docs__link_only_to_pages_that_exist():
    pages = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]
    dead = [
        f"{page.relative_to(ROOT)} -> {target}"
        for page in pages
        for target in re.findall(
            r"\]\(([^)#\s]+)", re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
        )
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert dead == []


@pytest.mark.skipif(not (ROOT / "cli" / "main.py").exists(), reason="the command line is not there yet")
@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_command_line__is_light_until_it_has_work(arguments):
    heavy = (
        "sqlalchemy",
        "alembic",
        "pydantic",
        "ruamel",
        "rich",
        "holidays",
        "cryptography",
        "jinja2",
        "transitions",
    )
    program = (
        "import sys; from cli.main import main\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        f"loaded = [name for name in {heavy!r} if name in sys.modules]\n"
        "sys.exit(f'loaded: {loaded}' if loaded else 0)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (ended.returncode, ended.stderr) == (0, "")


def test_shipped_lists__leave_the_beginning_of_own_codes_to_municipalities():
    shipped = (ROOT / "processes" / "lists.yaml").read_text("utf-8")
    assert PREFIX not in shipped
