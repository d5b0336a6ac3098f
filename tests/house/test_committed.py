"""The search for machine paths and registry hosts finds them, and only them."""

from __future__ import annotations

import subprocess

import pytest

from tests.house.committed import findings

REFUSED = [
    "data = /" + "home/someone/hjul",
    'open("/' + 'tmp/x.sqlite")',
    "see https://" + "pypi." + "org/project/hjul",
    "pip install --" + "index-url https://mirror.example/x hjul",
    'url = "https://mirror.example/' + 'simple/hjul"',
]
ALLOWED = [
    "initdb lies under /usr/lib/postgresql/15/bin",
    "docs/home/page.md",
    "https://example.org/work/1",
    "install it from PyPI",
]


def in_repository(folder, line):
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    (folder / "page.md").write_text(f"first\n{line}\n")
    return findings(folder)


@pytest.mark.parametrize("line", REFUSED)
def test_findings__names_file_and_line(tmp_path, line):
    (found,) = in_repository(tmp_path, line)
    assert found.place == "page.md:2"
    assert found.line == line


@pytest.mark.parametrize("line", ALLOWED)
def test_findings__leaves_ordinary_text_alone(tmp_path, line):
    assert in_repository(tmp_path, line) == []


def test_findings__does_not_read_what_git_ignores(tmp_path):
    (tmp_path / ".gitignore").write_text("page.md\n")
    assert in_repository(tmp_path, REFUSED[0]) == []
