"""Every example in the handbook prints what its page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.page import Example, read_page
from tests.docs.transcript import is_alike, rewrite, run_page

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
# The pages of processes show how a command is written, on a town of no particular day.
PAGES = [
    path
    for path in (ROOT / "README.md", *sorted(DOCS.rglob("*.md")))
    if "processes" not in path.parts and "\n```console\n" in path.read_text("utf-8")
]


@pytest.fixture(scope="session")
def ended():
    """Keep what each page left, for those that go on from it."""
    return {}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_page__prints_what_it_says(path, tmp_path, ended):
    name = str(path.relative_to(ROOT))
    wrong = [
        "\n".join((f"{name}:{one.example.line}: $ {one.example.command}", *one.printed))
        for one in run_page(read_page(path), tmp_path / "page", ended)
    ]
    assert not wrong, "\n\n".join((*wrong, f"python -m tests.docs.transcript {name}"))


def page_of(folder, text):
    path = folder / "page.md"
    path.write_text(text, "utf-8")
    return read_page(path)


def test_read_page__takes_files_and_commands_in_their_order(tmp_path):
    text = "# Ask\n\n```yaml a.yaml\nx: 1\n```\n\n```console\n$ cat \\\n    a.yaml\nx: 1\n$ true\n```\n"
    page = page_of(tmp_path, text)
    file, cat, true = page.parts
    assert (file.name, file.text) == ("a.yaml", "x: 1\n")
    assert (cat.command, cat.printed, cat.line) == ("cat a.yaml", ("x: 1",), 8)
    assert (true.command, true.printed) == ("true", ())


@pytest.mark.parametrize("text", ["```console\n$ true\n", "```console\nx: 1\n```\n"])
def test_read_page__refuses_a_block_that_is_none(tmp_path, text):
    with pytest.raises(ValueError, match=r"page\.md"):
        page_of(tmp_path, text)


@pytest.mark.parametrize(
    ("said", "printed", "alike"),
    [
        (["one", "two"], ["one", "two"], True),
        (["one", "two"], ["one", "three"], False),
        (["one"], ["one", "two"], False),
        (["one", "..."], ["one", "two", "three"], True),
        (["...", "three"], ["one", "two", "three"], True),
        (["one", "...", "four"], ["one", "two", "three"], False),
        (["...", "two", "...", "four"], ["one", "two", "three", "four"], True),
        (["...", "two", "...", "two"], ["one", "two"], False),
        (["one", "..."], ["two", "one"], False),
        (["hash 0a1b2c3d4e5f"], ["hash f5e4d3c2b1a0"], True),
        (["hash 0a1b2c3d4e5f"], ["hash f5e4d3"], False),
    ],
)
def test_is_alike__sees_what_differs_and_nothing_else(said, printed, alike):
    assert is_alike(tuple(said), tuple(printed)) is alike


def test_run_page__finds_what_is_printed_otherwise_and_rewrite_puts_it_right(tmp_path):
    page = page_of(
        tmp_path, "```console\n$ export NAME=kim\n$ echo $NAME\nanna\n$ false\n$ echo $?\n1\n```\n"
    )
    (found,) = run_page(page, tmp_path / "one")
    assert (found.example.command, found.printed) == ("echo $NAME", ("kim",))
    rewrite(page, [found])
    again = read_page(page.path)
    assert [part.printed for part in again.parts if isinstance(part, Example)] == [(), ("kim",), (), ("1",)]
    assert run_page(again, tmp_path / "two") == []


def test_run_page__goes_on_where_another_page_ended(tmp_path):
    first = tmp_path / "first.md"
    first.write_text("```text a.txt\nhere\n```\n```console\n$ export A=1\n```\n", "utf-8")
    page = page_of(
        tmp_path, "<!-- goes on from first.md -->\n```console\n$ cat a.txt\nhere\n$ echo $A\n1\n```\n"
    )
    assert run_page(page, tmp_path / "folder") == []
