"""What is left out of a published table cannot be worked out from what is shown."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from engine.statistics.small_group import SMALLEST, hidden_parts, hides_part, is_small


def possible(parts, hidden, total_is_shown):
    """Place -> every value that a hidden number may have, to one who knows that nought is always shown."""
    places = sorted(hidden)
    if not total_is_shown:
        return {place: {1, 2} for place in places}
    left = sum(parts[place] for place in places)
    found: dict[int, set[int]] = {place: set() for place in places}
    for values in product(range(1, left + 1), repeat=max(len(places) - 1, 0)):
        if sum(values) < left:
            for place, value in zip(places, (*values, left - sum(values)), strict=True):
                found[place].add(value)
    return found


@given(st.lists(st.integers(0, 7), max_size=5))
def test_hidden_parts__leave_every_small_group_in_doubt(parts):
    hidden = hidden_parts(parts)
    if hidden is None:
        assert (
            is_small(sum(parts)) or all(n < 2 or n == 0 for n in parts) or len([n for n in parts if n]) == 1
        )
        without = hidden_parts(parts, total_is_shown=False)
        assert without is not None
        assert not sum(parts) or without
        return
    assert {place for place, n in enumerate(parts) if is_small(n)} <= hidden
    assert all(parts[place] for place in hidden)
    assert all(len(values) > 1 for values in possible(parts, hidden, total_is_shown=True).values())
    assert not hidden or sum(parts[place] for place in hidden) >= SMALLEST


@given(st.lists(st.integers(0, 30).filter(lambda n: not is_small(n)), max_size=6))
def test_hidden_parts__hides_nothing_where_no_group_is_small(parts):
    assert hidden_parts(parts) == frozenset()


def test_hidden_parts__as_few_as_need_be():
    assert hidden_parts([5, 1, 13, 4, 5]) == frozenset({1, 3})
    assert hidden_parts([13, 1, 5]) == frozenset({1, 2})
    assert hidden_parts([3]) is None
    assert hidden_parts([1] * 5) is None
    assert hidden_parts([5], total_is_shown=False) == frozenset({0})
    assert hidden_parts([]) == frozenset()


def test_hides_part__either_side_of_a_split():
    assert [hides_part(part, 20) for part in (0, 1, 4, 5, 15, 16, 19, 20)] == [
        False, True, True, False, False, True, True, False,
    ]  # fmt: skip
    assert hides_part(0, 3)
