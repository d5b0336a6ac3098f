"""A cell that somebody opens in a spreadsheet: read, never computed."""

from __future__ import annotations

import pytest

from engine.language.cell import inert


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1+1", "  =1", "=cmd|' /C calc'!A0"],
)
def test_inert__puts_an_apostrophe_before_what_a_spreadsheet_computes(text):
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["text", "", " ", "a=b", "2026-03-01", "'=1", "  Björkgården"])
def test_inert__leaves_other_text_as_it_is(text):
    assert inert(text) == text
