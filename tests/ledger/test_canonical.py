"""The canonical form equals RFC 8785 on what it allows, and refuses the rest with place and reason."""

import enum
import uuid
from datetime import UTC, date, datetime
from decimal import Decimal

import orjson
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import CanonicalError, HjulError
from engine.ledger.canonical import MAX_DEPTH, MAX_INTEGER, Reason, decode, encode

KEYS = st.text(alphabet=st.characters(max_codepoint=127), max_size=8)
SCALARS = (
    st.text(alphabet=st.characters(exclude_categories=["Cs"]))
    | st.booleans()
    | st.integers(min_value=-MAX_INTEGER, max_value=MAX_INTEGER)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=25,
)


class Colour(enum.StrEnum):
    RED = "red"


class Text(str):
    __slots__ = ()


@given(VALUES)
def test_encode__equals_rfc_8785(value):
    assert encode(value) == rfc8785.dumps(value)


@given(VALUES)
def test_decode__returns_what_was_encoded(value):
    assert decode(encode(value)) == value


@given(st.dictionaries(KEYS, SCALARS, min_size=2))
def test_encode__does_not_depend_on_the_order_of_keys(value):
    assert encode(dict(reversed(value.items()))) == encode(value)


@given(VALUES, st.sampled_from([1.5, 0.0, float("nan"), None, MAX_INTEGER + 1, "\udc00"]), st.data())
def test_encode__refuses_a_bad_value_wherever_it_hides(value, bad, data):
    for _ in range(data.draw(st.integers(0, 5))):
        bad = data.draw(st.sampled_from([[value, bad], {"a": value, "b": bad}, (bad,), [{"x": {}}, bad]]))
    with pytest.raises(CanonicalError):
        encode(bad)


def test_encode__writes_known_bytes():
    value = {"to": "bedömd", "a": [1, True, ("x",)], "B": {"tab": "\t\x01\x7f"}}
    assert encode(value) == '{"B":{"tab":"\\t\\u0001\x7f"},"a":[1,true,["x"]],"to":"bedömd"}'.encode()


@pytest.mark.parametrize(
    ("value", "path", "reason"),
    [
        ({"a": [1, 2.5]}, "$.a[1]", Reason.FLOAT),
        (2.0, "$", Reason.FLOAT),
        ({"a": {"b": None}}, "$.a.b", Reason.NULL),
        (None, "$", Reason.NULL),
        ({"n": 2**53}, "$.n", Reason.INTEGER_TOO_LARGE),
        ([-(2**53)], "$[0]", Reason.INTEGER_TOO_LARGE),
        ({"n": 2**80}, "$.n", Reason.INTEGER_TOO_LARGE),
        ({"a": {"å": "x"}}, "$.a", Reason.KEY_NOT_ASCII),
        ([{"ok": "å"}, {"ö": 1}], "$[1]", Reason.KEY_NOT_ASCII),
        ({1: "x"}, "$", Reason.KEY_NOT_TEXT),
        ({Text("a"): "x"}, "$", Reason.KEY_NOT_TEXT),
        ({None: 1}, "$", Reason.KEY_NOT_TEXT),
        ({"a": "\ud800"}, "$.a", Reason.LONE_SURROGATE),
        ({"\ud800": "a"}, "$", Reason.KEY_NOT_ASCII),
        ({"a": date(2026, 1, 1)}, "$.a", Reason.TYPE),
        ({"a": datetime(2026, 1, 1, tzinfo=UTC)}, "$.a", Reason.TYPE),
        ([uuid.UUID(int=1)], "$[0]", Reason.TYPE),
        ([Colour.RED], "$[0]", Reason.TYPE),
        (Text("a"), "$", Reason.TYPE),
        ([Decimal(1)], "$[0]", Reason.TYPE),
        ([b"a"], "$[0]", Reason.TYPE),
        ({"a": {1}}, "$.a", Reason.TYPE),
    ],
)
def test_encode__names_place_and_reason(value, path, reason):
    with pytest.raises(CanonicalError) as caught:
        encode(value)
    assert caught.value.arguments() == {"path": path, "reason": reason}


def test_encode__takes_the_largest_integers():
    assert encode([MAX_INTEGER, -MAX_INTEGER]) == b"[9007199254740991,-9007199254740991]"


def test_encode__goes_as_deep_as_it_says_and_no_deeper():
    value: object = 1
    for _ in range(MAX_DEPTH):
        value = [value]
    assert decode(encode(value)) == value
    with pytest.raises(CanonicalError) as caught:
        encode({"a": value})
    assert caught.value.reason is Reason.TOO_DEEP


def test_encode__refuses_what_contains_itself():
    value: dict[str, object] = {}
    value["self"] = value
    with pytest.raises(CanonicalError) as caught:
        encode(value)
    assert caught.value.reason is Reason.TOO_DEEP


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.NOT_JSON),
        (b'{"a":', Reason.NOT_JSON),
        (b'"\xff"', Reason.NOT_JSON),
        (b"NaN", Reason.NOT_JSON),
        (b'{"a": 1}', Reason.NOT_CANONICAL),
        (b'{"b":1,"a":2}', Reason.NOT_CANONICAL),
        (b'{"a":1,"a":1}', Reason.NOT_CANONICAL),
        (b'"\\u0061"', Reason.NOT_CANONICAL),
        (b"-0", Reason.NOT_CANONICAL),
        (b"1\n", Reason.NOT_CANONICAL),
        (b"1.0", Reason.FLOAT),
        (b"[null]", Reason.NULL),
        (b"9007199254740992", Reason.INTEGER_TOO_LARGE),
        (b"99999999999999999999", Reason.FLOAT),
        ('{"å":1}'.encode(), Reason.KEY_NOT_ASCII),
    ],
)
def test_decode__refuses_bytes_that_encode_would_not_write(data, reason):
    with pytest.raises(CanonicalError) as caught:
        decode(data)
    assert caught.value.reason is reason


@given(VALUES)
def test_decode__refuses_the_same_value_spelt_with_indentation(value):
    spelt = orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
    if spelt != encode(value):
        with pytest.raises(CanonicalError):
            decode(spelt)


def test_error__says_kind_and_place_to_a_developer_and_shows_no_value():
    with pytest.raises(HjulError) as caught:
        encode({"handelse": ["Greta föll", None]})
    assert str(caught.value) == "ledger.canonical path='$.handelse[1]' reason=<Reason.NULL: 'null'>"
