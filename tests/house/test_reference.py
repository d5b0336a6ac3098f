"""Generated pages: what is in them, and that a stale one is found (`make lint` asks for the house's own)."""

from __future__ import annotations

import click

from docs import generate


@click.group(help="Quality work.")
def program():
    """Stand for a program with one command inside a group."""


@program.group(help="The log.")
def audit():
    """Stand for a group."""


@audit.command(help="Check the log.")
@click.option("--jobs", type=int, help="How many at a time.")
def verify(jobs):
    """Stand for a command."""


@program.command(hidden=True)
def secret():
    """Stand for a command that help does not show."""


def test_describe__shows_every_command_as_the_program_would():
    page = generate.describe(program, "hjul")
    assert [line for line in page.splitlines() if line.startswith("## ")] == [
        "## hjul",
        "## hjul audit",
        "## hjul audit verify",
    ]
    assert "Usage: hjul audit verify [OPTIONS]" in page
    assert "How many at a time." in page
    assert "secret" not in page


def test_stale__names_what_is_missing_or_differs(tmp_path):
    pages = {"a.md": lambda: "one\n", "below/b.md": lambda: "two\n"}
    assert generate.stale(tmp_path, pages) == ["a.md", "below/b.md"]
    generate.write(tmp_path, pages)
    assert generate.stale(tmp_path, pages) == []
    (tmp_path / "a.md").write_text("by hand\n")
    assert generate.stale(tmp_path, pages) == ["a.md"]
