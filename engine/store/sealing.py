"""From an event to the rows of the log: body, hash, commitments and payload.

The writer adds to an event what only it knows: the authority, the salts and the event before. This module
must not know SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import orjson

from engine.cases.event import Event
from engine.ledger.chain import FORMAT, SALT_BYTES, commitment, genesis, seal_body
from engine.store.authority import Authority

Entropy: TypeAlias = Callable[[int], bytes]
"""Gives as many unpredictable bytes as asked for."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """An event as it is stored: its bytes, their digest, the digest before, and the payload if any."""

    body: bytes
    digest: bytes
    prev: bytes
    payload: str | None


def first_prev(event: Event, authority: Authority) -> bytes:
    """What the first event of a stream has in the place of a predecessor."""
    return bytes.fromhex(
        genesis(
            authority=authority.id,
            training=authority.training,
            kind=event.stream_kind,
            stream=event.stream,
            definition=event.definition if event.stream_kind == "case" else "",
        )
    )


def seal(event: Event, prev: bytes, authority: Authority, entropy: Entropy) -> Sealed:
    """Make the bytes of an event, each personal value behind a commitment with a salt of its own.

    Raises:
        CanonicalError: A value has no canonical form.
    """
    body = event.body()
    body["format"] = FORMAT
    body["authority"] = authority.id
    body["training"] = authority.training
    body["prev"] = prev.hex()
    payload = None
    if event.personal:
        committed, payload = _commit(event, entropy)
        body["commitments"] = committed
    stored, digest = seal_body(body)
    return Sealed(stored, digest, prev, payload)


def _commit(event: Event, entropy: Entropy) -> tuple[Mapping[str, str], str]:
    salts = entropy(SALT_BYTES * len(event.personal))
    committed: dict[str, str] = {}
    content: dict[str, Any] = {}
    for number, (path, value) in enumerate(event.personal.items()):
        salt = salts[number * SALT_BYTES : (number + 1) * SALT_BYTES]
        committed[path] = commitment(salt, event.stream, event.seq, path, value)
        content[path] = {"salt": salt.hex(), "value": value}
    return committed, orjson.dumps(content).decode()
