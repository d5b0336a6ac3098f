"""Lines, labels and columns on the page."""

from __future__ import annotations

import sys

import pytest

from cli.layout import pairs, put_table, wrap
from cli.session import Session
from tests.cli.shell import Stream


def test_wrap__keeps_the_writers_line_breaks_and_indents_what_follows():
    assert wrap("ett två\ntre", 5, "- ", "  ") == "- ett\n  två\n  tre"


def test_wrap__does_not_break_a_long_word():
    assert wrap("https://example.org/abc", 10) == "https://example.org/abc"


def test_pairs__puts_values_beside_labels():
    assert pairs([("Status", "Bedömd"), ("Enhet", "Ek")], 40) == "Status  Bedömd\nEnhet   Ek"


def test_pairs__gives_a_long_label_a_line_of_its_own():
    lines = pairs([("En mycket lång etikett här", "Ja"), ("Kort", "Nej")], 30).splitlines()
    assert lines == ["En mycket lång etikett här", "      Ja", "Kort  Nej"]


def test_put_table__writes_plain_columns_in_a_pipe(monkeypatch):
    out = Stream()
    monkeypatch.setattr(sys, "stdout", out)
    put_table(Session(), ["A", "Bb"], [["långt", ""], ["x", "y"]])
    assert out.text() == "A      Bb\nlångt\nx      y\n"


@pytest.mark.parametrize("no_colour", ["", "1"])
def test_put_table__fits_the_terminal_and_obeys_no_color(monkeypatch, no_colour):
    out = Stream(terminal=True)
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setenv("NO_COLOR", no_colour)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "40")
    put_table(Session(), ["Referens", "Titel"], [["AVV-2026-0001", "ett ord " * 12]])
    lines = out.text().splitlines()
    assert len(lines) > 3
    assert ("\x1b[" in out.text()) == (not no_colour)
    assert all(len(line) <= 60 for line in lines[1:])
