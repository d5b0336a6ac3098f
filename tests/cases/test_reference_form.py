"""Which names a case can have been given."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.cases.reference import format_reference, is_reference


@given(number=st.integers(1, 10**7), year=st.integers(1900, 2100))
def test_is_reference__takes_every_name_that_is_given(number, year):
    assert is_reference(format_reference("ÅTG", year, number), "ÅTG", f"{year}-12-31")


@pytest.mark.parametrize(
    "number", ["0000", "001", "00001", "", "0001 ", "-001", "\u0660\u0660\u0660\u0661", "000x"]
)
def test_is_reference__takes_no_other_number(number):
    assert not is_reference(f"REP-2026-{number}", "REP", "2026-03-02")


@pytest.mark.parametrize(
    "name", ["REP-2025-0001", "rep-2026-0001", "ORD-2026-0001", "REP2026-0001", "+0", "", "0001"]
)
def test_is_reference__takes_no_other_prefix_or_year(name):
    assert not is_reference(name, "REP", "2026-03-02")
