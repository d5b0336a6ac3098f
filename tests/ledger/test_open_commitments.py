"""Many commitments at once: as strict as one by one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ledger.chain import SALT_BYTES, commitment, open_commitments

VALUES = st.recursive(
    st.text(st.characters(codec="utf-8")) | st.integers(-(2**53) + 1, 2**53 - 1) | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=3)
    ),
    max_leaves=5,
)
SALT = bytes(range(SALT_BYTES))


def committed(values):
    return {path: commitment(SALT, "A-1", 3, path, value) for path, value in values.items()}


def payload(values, salt=SALT):
    return {path: {"salt": salt.hex(), "value": value} for path, value in values.items()}


@given(values=st.dictionaries(st.text("abc$.", min_size=1, max_size=5), VALUES, max_size=4))
def test_open_commitments__gives_what_was_committed_to(values):
    assert open_commitments("A-1", 3, committed(values), payload(values)) == values


@given(value=VALUES, other=VALUES)
def test_open_commitments__takes_no_other_value(value, other):
    found = open_commitments("A-1", 3, committed({"a": value}), payload({"a": other}))
    assert (found is not None) is (
        commitment(SALT, "A-1", 3, "a", value) == commitment(SALT, "A-1", 3, "a", other)
    )


@pytest.mark.parametrize(("stream", "seq"), [("A-2", 3), ("A-1", 4)])
def test_open_commitments__takes_no_value_from_elsewhere(stream, seq):
    assert open_commitments(stream, seq, committed({"a": "x"}), payload({"a": "x"})) is None


@pytest.mark.parametrize(
    "content",
    [
        {},
        payload({"a": "x", "b": "y"}),
        payload({"b": "x"}),
        payload({"a": "x"}, SALT[:-1]),
        payload({"a": "x"}, SALT[::-1]),
        {"a": {**payload({"a": "x"})["a"], "more": 1}},
    ],
)
def test_open_commitments__takes_nothing_more_nor_less(content):
    assert open_commitments("A-1", 3, committed({"a": "x"}), content) is None
