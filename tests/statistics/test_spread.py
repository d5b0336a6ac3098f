"""The middle and the spread, against the standard library."""

from decimal import Decimal
from statistics import median, quantiles

from hypothesis import given
from hypothesis import strategies as st

from engine.statistics.spread import spread


@given(st.lists(st.integers(0, 1000), min_size=2))
def test_spread__agrees_with_the_standard_library(numbers):
    found = spread(numbers)
    assert found is not None
    assert float(found.median) == median(numbers)
    assert [float(found.lower), float(found.upper)] == [
        quantiles(numbers, method="inclusive")[n] for n in (0, 2)
    ]
    assert (found.lowest, found.highest, found.n) == (min(numbers), max(numbers), len(numbers))


def test_spread__of_one_and_of_none():
    one = spread([7])
    assert one is not None
    assert (one.lower, one.median, one.upper) == (Decimal(7), Decimal(7), Decimal(7))
    assert spread([]) is None
