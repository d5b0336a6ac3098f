"""Events become bytes in one way, follow one another, and commit to personal values without showing them."""

import hashlib
import json
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import BrokenLinkError, CanonicalError, LedgerError, SaltError, SealedBytesError
from engine.ledger.canonical import Reason
from engine.ledger.chain import (
    EVENT_TAG,
    Fault,
    check_link,
    commitment,
    genesis,
    hash_stored,
    open_body,
    seal_body,
    verify_commitment,
)

BODY = {
    "format": 1,
    "authority": "a1",
    "training": False,
    "stream": "AVV-2026-0001",
    "stream_kind": "case",
    "seq": 1,
    "kind": "step",
    "coded": {"skada": "nej"},
    "prev": "0" * 64,
}
NAMED: dict[str, Any] = {
    "authority": "a1",
    "training": False,
    "kind": "case",
    "stream": "AVV-2026-0001",
    "definition": "d" * 64,
}
SALT = bytes(range(16))
VALUES = st.text(st.characters(exclude_categories=["Cs"])) | st.booleans() | st.lists(st.integers(0, 9))


def chain(length):
    previous = genesis(**NAMED)
    events = []
    for seq in range(1, length + 1):
        stored, digest = seal_body(BODY | {"seq": seq, "prev": previous})
        events.append(stored)
        previous = digest.hex()
    return events


def test_seal_body__gives_tag_and_sorted_json_and_their_digest():
    stored, digest = seal_body(BODY)
    spelt = json.dumps(BODY, sort_keys=True, separators=(",", ":")).encode()
    assert stored == b"hjul/event/1\n" + spelt
    assert digest == hashlib.sha256(stored).digest()
    assert hash_stored(stored) == digest.hex()


def test_seal_body__takes_any_mapping():
    assert seal_body(MappingProxyType(BODY)) == seal_body(BODY)


def test_seal_body__refuses_a_value_without_canonical_form():
    with pytest.raises(CanonicalError) as caught:
        seal_body(BODY | {"coded": {"antal": 1.5}})
    assert caught.value.path == "$.coded.antal"


@pytest.mark.parametrize("number", [2, "1", True, None])
def test_seal_body__refuses_another_format(number):
    with pytest.raises(SealedBytesError) as caught:
        seal_body(BODY | {"format": number})
    assert caught.value.reason is Fault.FORMAT


def test_open_body__returns_what_was_sealed():
    assert open_body(seal_body(BODY)[0]) == BODY


@pytest.mark.parametrize(
    ("stored", "reason"),
    [
        (b"", Fault.TAG),
        (b'{"format":1}', Fault.TAG),
        (b'hjul/event/2\n{"format":2}', Fault.TAG),
        (EVENT_TAG + b"[1]", Fault.BODY),
        (EVENT_TAG + b'{"format":2}', Fault.FORMAT),
        (EVENT_TAG + b'{"format":true}', Fault.FORMAT),
        (EVENT_TAG + b"{}", Fault.FORMAT),
        (EVENT_TAG, Reason.NOT_JSON),
        (EVENT_TAG + b'{"format":1 }', Reason.NOT_CANONICAL),
        (EVENT_TAG + b'{"format":1}\n', Reason.NOT_CANONICAL),
        (EVENT_TAG + b'{"format":1,"format":1}', Reason.NOT_CANONICAL),
        (EVENT_TAG + b'{"format":1,"x":null}', Reason.NULL),
    ],
)
def test_open_body__refuses_bytes_that_seal_body_would_not_write(stored, reason):
    with pytest.raises(LedgerError) as caught:
        open_body(stored)
    assert caught.value.arguments()["reason"] is reason


@given(st.data())
def test_open_body__a_changed_byte_is_refused_or_changes_the_hash(data):
    stored, digest = seal_body(BODY)
    at = data.draw(st.integers(0, len(stored) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda b: b != stored[at]))
    forged = stored[:at] + bytes([byte]) + stored[at + 1 :]
    try:
        body = open_body(forged)
    except LedgerError:
        return
    assert body != BODY
    assert hash_stored(forged) != digest.hex()


@pytest.mark.parametrize(
    "other",
    [
        {"authority": "a2"},
        {"training": True},
        {"kind": "series"},
        {"stream": "AVV-2026-0002"},
        {"definition": "e" * 64},
        {"authority": "a1AVV", "stream": "-2026-0001"},
    ],
)
def test_genesis__differs_in_everything_it_binds(other):
    assert genesis(**(NAMED | other)) != genesis(**NAMED)


def test_genesis__has_known_bytes():
    spelt = (
        b'hjul/genesis/1\n{"authority":"a1","definition":"' + b"d" * 64 + b'",'
        b'"stream":"AVV-2026-0001","stream_kind":"case","training":false}'
    )
    assert genesis(**NAMED) == hashlib.sha256(spelt).hexdigest()


def test_check_link__follows_a_whole_chain():
    previous = genesis(**NAMED)
    for seq, stored in enumerate(chain(5), start=1):
        check_link(previous, open_body(stored), seq=seq)
        previous = hash_stored(stored)


def test_check_link__names_the_event_after_a_removed_one():
    events = chain(4)
    with pytest.raises(BrokenLinkError) as caught:
        check_link(hash_stored(events[1]), open_body(events[3]))
    assert caught.value.arguments() == {
        "stream": "AVV-2026-0001",
        "seq": 4,
        "expected": hash_stored(events[1]),
        "found": hash_stored(events[2]),
    }


def test_check_link__refuses_the_first_event_of_a_practice_database():
    first = open_body(chain(1)[0])
    with pytest.raises(BrokenLinkError):
        check_link(genesis(**(NAMED | {"training": True})), first)


@pytest.mark.parametrize("number", [2, True, "1", None])
def test_check_link__refuses_another_number(number):
    with pytest.raises(BrokenLinkError) as caught:
        check_link("0" * 64, BODY | {"seq": number}, seq=1)
    assert caught.value.seq == 1


def test_check_link__refuses_an_event_that_names_no_predecessor():
    with pytest.raises(BrokenLinkError) as caught:
        check_link("0" * 64, {"seq": 1})
    assert caught.value.found == ""


@given(VALUES, st.binary(min_size=16, max_size=16))
def test_commitment__is_verified_by_its_salt_and_value(value, salt):
    committed = commitment(salt, "S", 1, "handelse", value)
    assert verify_commitment(committed, salt, "S", 1, "handelse", value)


@given(VALUES, VALUES)
def test_commitment__is_not_verified_by_another_value(one, other):
    committed = commitment(SALT, "S", 1, "handelse", one)
    same = json.dumps(one) == json.dumps(other)
    assert verify_commitment(committed, SALT, "S", 1, "handelse", other) is same


def test_commitment__has_known_bytes():
    spelt = b"hjul/commitment/1\n" + SALT + '{"path":"h","seq":3,"stream":"S","value":"å"}'.encode()
    assert commitment(SALT, "S", 3, "h", "å") == hashlib.sha256(spelt).hexdigest()


@pytest.mark.parametrize(
    "place",
    [("T", 1, "h", "x"), ("S", 2, "h", "x"), ("S", 1, "i", "x"), ("S", 1, "hx", ""), ("S", 11, "h", "x")],
)
def test_commitment__is_tied_to_its_place(place):
    assert not verify_commitment(commitment(SALT, "S", 1, "h", "x"), SALT, *place)


@pytest.mark.parametrize("length", [0, 15, 17])
def test_commitment__refuses_a_salt_of_another_length(length):
    with pytest.raises(SaltError) as caught:
        commitment(bytes(length), "S", 1, "h", "x")
    assert caught.value.arguments() == {"length": length, "expected": 16}


def test_commitment__refuses_a_value_without_canonical_form():
    with pytest.raises(CanonicalError):
        commitment(SALT, "S", 1, "h", 1.5)


def test_verify_commitment__says_no_to_a_damaged_payload():
    committed = commitment(SALT, "S", 1, "h", "x")
    assert not verify_commitment(committed, SALT[:8], "S", 1, "h", "x")
    assert not verify_commitment(committed, SALT, "S", 1, "h", 1.5)
    assert not verify_commitment("\ud800å", SALT, "S", 1, "h", "x")
