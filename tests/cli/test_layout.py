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


def screen(monkeypatch, width, heads, rows, **env):
    out = Stream(terminal=True)
    for name, value in ({"COLUMNS": str(width), "NO_COLOR": "1", "TERM": "xterm"} | env).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", out)
    put_table(Session(), heads, rows)
    return out.text().splitlines()


HEADS = ["Referens", "Rubrik", "Status"]
ROWS = [["AVV-2026-0001", "Hjälpen uteblev, Björkgården", "Rapporterad"], ["AVV-2026-0002", "Fall", ""]]


def test_put_table__is_columns_where_they_fit(monkeypatch):
    assert screen(monkeypatch, 80, HEADS, ROWS) == [
        "Referens       Rubrik                        Status",
        "AVV-2026-0001  Hjälpen uteblev, Björkgården  Rapporterad",
        "AVV-2026-0002  Fall",
    ]


def test_put_table__wraps_cells_within_their_columns(monkeypatch):
    assert screen(monkeypatch, 50, HEADS, ROWS) == [
        "Referens       Rubrik                  Status",
        "AVV-2026-0001  Hjälpen uteblev,        Rapporterad",
        "               Björkgården",
        "AVV-2026-0002  Fall",
    ]


def test_put_table__is_a_block_for_each_row_where_columns_would_be_too_narrow(monkeypatch):
    assert screen(monkeypatch, 36, HEADS, ROWS) == [
        "AVV-2026-0001",
        "  Rubrik  Hjälpen uteblev,",
        "          Björkgården",
        "  Status  Rapporterad",
        "",
        "AVV-2026-0002",
        "  Rubrik  Fall",
    ]


@pytest.mark.parametrize("width", [40, 41, 60, 80, 200])
def test_put_table__cuts_nothing_and_keeps_within_the_terminal(monkeypatch, width):
    heads = ["Referens", "Att göra", "Senast", "Rubrik", "Väntar på"]
    rows = [
        [f"AVV-2026-{number:04}", "Påbörja utredning (paborja_utredning)", "2026-11-20 1 arbetsdag sen",
         "Basala hygienrutiner följs inte, " * number, "enhetschef"]
        for number in range(1, 6)
    ]  # fmt: skip
    lines = screen(monkeypatch, width, heads, rows)
    assert all(len(line) <= width for line in lines)
    shown = " ".join(lines).split()
    for word in {word for row in rows for cell in row for word in cell.split()}:
        assert shown.count(word) >= sum(cell.split().count(word) for row in rows for cell in row)


def test_put_table__is_coloured_unless_no_color(monkeypatch):
    assert "\x1b[" not in "".join(screen(monkeypatch, 80, HEADS, ROWS))
    for width in (30, 80):
        assert "\x1b[" in "".join(screen(monkeypatch, width, HEADS, ROWS, NO_COLOR=""))
