"""Format 1 of the log: how events become bytes and a chain, and how personal values are committed to.

The bytes hashed are the bytes stored: `EVENT_TAG` and the canonical JSON of the body. What the body says:

    {"format": 1,
     "authority": id made at init,        "training": true in a practice database,
     "stream": "AVV-2026-0017",           "stream_kind": "case",      "seq": 1, 2, 3 ... without a gap,
     "kind": what sort of event,          "step", "from", "to": keys of the definition,
     "actor": {codes only: person, role, unit, for whom},
     "occurred_at", "recorded_at": "2026-03-01T07:30:00.000000Z",
     "definition": SHA-256 of the published definition,
     "coded": {path: value},              fields declared for statistics, in clear
     "commitments": {path: hex},          one per personal field, see `commitment`
     "cleared": [path],                   fields that no longer have a value
     ...,                                 what one kind of event needs beside this
     "prev": SHA-256 of the event before, or `genesis` for the first}

A name, a login or a text that a person wrote is never in it: those are payload, and can be erased while the
chain still verifies. This module must not know SQL, the clock or where salts come from.
"""

from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256
from hmac import compare_digest
from typing import Any, Final

import orjson

from engine.errors import BrokenLinkError, CanonicalError, SaltError, SealedBytesError
from engine.ledger.canonical import OPTIONS, decode, encode, spell

FORMAT: Final = 1
EVENT_TAG: Final = b"hjul/event/1\n"
GENESIS_TAG: Final = b"hjul/genesis/1\n"
COMMITMENT_TAG: Final = b"hjul/commitment/1\n"
SALT_BYTES: Final = 16
MOST_PATHS: Final = 10_000
_begun: Final[dict[str, bytes]] = {}


class Fault(StrEnum):
    """Why bytes are not an event of this format."""

    TAG = "tag"
    BODY = "body"
    FORMAT = "format"


def seal_body(body: Mapping[str, object]) -> tuple[bytes, bytes]:
    """Return the bytes to store for an event, and their SHA-256 digest.

    Raises:
        CanonicalError: Something in the body has no canonical form.
        SealedBytesError: The body does not say the format that the tag says.
    """
    _check_format(body)
    stored = EVENT_TAG + encode(body if type(body) is dict else dict(body))
    return stored, sha256(stored).digest()


def open_body(stored: bytes) -> dict[str, Any]:
    """Return the body that stored bytes hold, having made sure that no other bytes say the same.

    Raises:
        SealedBytesError: The tag is missing, or the body is of another format or no object at all.
        CanonicalError: What follows the tag is not canonical JSON.
    """
    if not stored.startswith(EVENT_TAG):
        raise SealedBytesError(Fault.TAG)
    body = decode(stored[len(EVENT_TAG) :])
    if not isinstance(body, dict):
        raise SealedBytesError(Fault.BODY)
    _check_format(body)
    return body


def hash_stored(stored: bytes) -> str:
    """Return the hash of an event's stored bytes in hex, as the next event's `prev` has it."""
    return sha256(stored).hexdigest()


def genesis(*, authority: str, training: bool, kind: str, stream: str, definition: str) -> str:
    """Return the `prev` of a stream's first event, in hex: no chain can pass for another one's.

    Args:
        authority: Id of the responsible authority, made when its database was.
        training: Whether the database is for practice; a practice chain never passes for a real one.
        kind: Kind of stream, such as `case`.
        stream: Name of the stream, such as the case's reference.
        definition: SHA-256 in hex of the definition that the first event follows, empty where there is none.

    Raises:
        CanonicalError: A name has a lone surrogate.
    """
    named = {
        "authority": authority,
        "definition": definition,
        "stream": stream,
        "stream_kind": kind,
        "training": training,
    }
    return sha256(GENESIS_TAG + encode(named)).hexdigest()


def check_link(previous: str, body: Mapping[str, object], *, seq: int | None = None) -> None:
    """Make sure that an event follows the one before it.

    Args:
        previous: Hash in hex of the event before, or the stream's `genesis` for the first.
        body: The event.
        seq: The number the event must have, when the caller counts.

    Raises:
        BrokenLinkError: The event names another predecessor, or has another number.
    """
    found, number = body.get("prev"), body.get("seq")
    if found != previous:
        raise BrokenLinkError(_text(body.get("stream")), _number(number), previous, _text(found))
    if seq is not None and (type(number) is not int or number != seq):
        raise BrokenLinkError(_text(body.get("stream")), seq, str(seq), _text(number))


def commitment(salt: bytes, stream: str, seq: int, path: str, value: object) -> str:
    """Return what the body says, in hex, in the place of a personal value.

    The salt hides the value and is erased with it. Stream, number and path tie it to its place, so that a
    payload cannot be moved to another field or event. The salt has a fixed length and the rest is canonical,
    so no two inputs give the same bytes.

    Raises:
        SaltError: The salt is not 16 bytes.
        CanonicalError: The value has no canonical form.
    """
    if len(salt) != SALT_BYTES:
        raise SaltError(len(salt), SALT_BYTES)
    placed = encode({"path": path, "seq": seq, "stream": stream, "value": value})
    return sha256(COMMITMENT_TAG + salt + placed).hexdigest()


def verify_commitment(committed: str, salt: bytes, stream: str, seq: int, path: str, value: object) -> bool:
    """Tell whether a salt and a value are those committed to; what cannot have been committed to is not."""
    try:
        expected = commitment(salt, stream, seq, path, value)
    except (CanonicalError, SaltError):
        return False
    return compare_digest(expected.encode(), committed.encode(errors="replace"))


def open_commitments(
    stream: str, seq: int, committed: Mapping[str, str], content: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Return the personal values of an event by path, None unless every one is what was committed to, and no more.

    For many events at once: quicker than `verify_commitment`, and as strict, since equal digests mean equal
    bytes.

    Args:
        stream: Name of the stream.
        seq: Number of the event.
        committed: Path -> commitment, from the body.
        content: Path -> `{"salt": hex, "value": value}`, from the payload.

    Raises:
        KeyError: A value lacks its salt or itself.
        ValueError: A salt is not hex.
        TypeError: A value or salt is of a type that no payload has.
    """
    if content.keys() != committed.keys():
        return None
    values: dict[str, Any] = {}
    between = b',"seq":%d,"stream":%b,"value":' % (seq, spell(stream))
    dumps = orjson.dumps
    for path, kept in content.items():
        value, salt = kept["value"], bytes.fromhex(kept["salt"])
        if len(kept) != 2 or len(salt) != SALT_BYTES:
            return None
        begun = _begun.get(path) or _begin(path)
        placed = b"%b%b%b%b%b}" % (COMMITMENT_TAG, salt, begun, between, dumps(value, option=OPTIONS))
        if sha256(placed).hexdigest() != committed[path]:
            return None
        values[path] = value
    return values


def _begin(path: str) -> bytes:
    """How what is committed to begins; the paths of definitions are few."""
    if len(_begun) >= MOST_PATHS:
        _begun.clear()
    begun = _begun[path] = b'{"path":%b' % spell(path)
    return begun


def _check_format(body: Mapping[str, object]) -> None:
    number = body.get("format")
    if type(number) is not int or number != FORMAT:
        raise SealedBytesError(Fault.FORMAT)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _number(value: object) -> int:
    return value if type(value) is int else 0
