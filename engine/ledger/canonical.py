"""One value, one sequence of bytes: what Hjul hashes is written here and nowhere else.

The form is compact JSON in UTF-8 with sorted keys. On the values allowed here (objects with ASCII keys,
arrays, strings, booleans, integers up to 2**53 - 1) that is RFC 8785. What two writers could spell in two
ways is refused, not converted: fractions are strings, what is missing is left out. This module must not know
what the values mean.
"""

from enum import StrEnum
from typing import Any, Final, NoReturn

import orjson

from engine.errors import CanonicalError

MAX_INTEGER: Final = 2**53 - 1
MAX_DEPTH: Final = 254  # what orjson writes

OPTIONS: Final = (
    orjson.OPT_SORT_KEYS
    | orjson.OPT_STRICT_INTEGER
    | orjson.OPT_PASSTHROUGH_SUBCLASS
    | orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
)
"""How `encode` and `spell` tell orjson to write."""
_SCALARS: Final[frozenset[type]] = frozenset((str, int, bool))
_CONTAINERS: Final[frozenset[type]] = frozenset((dict, list, tuple))
_ALLOWED: Final = _SCALARS | _CONTAINERS


class Reason(StrEnum):
    """Why a value, or bytes, have no place in the log."""

    FLOAT = "float"
    NULL = "null"
    INTEGER_TOO_LARGE = "integer_too_large"
    KEY_NOT_TEXT = "key_not_text"
    KEY_NOT_ASCII = "key_not_ascii"
    LONE_SURROGATE = "lone_surrogate"
    TYPE = "type"
    TOO_DEEP = "too_deep"
    NOT_JSON = "not_json"
    NOT_CANONICAL = "not_canonical"


def encode(value: object) -> bytes:
    """Return the canonical bytes of a value.

    Args:
        value: dict with ASCII text keys, list, tuple, str, bool, or int of at most 2**53 - 1; exactly these
            types, no subclass of them, at most 254 deep.

    Raises:
        CanonicalError: The value, or something in it, has no canonical form; the path says where.
    """
    try:
        data = orjson.dumps(value, option=OPTIONS)
    except orjson.JSONEncodeError:
        _refuse(value)
    if not _is_allowed(value, ascii_only=data.isascii()):
        _refuse(value)
    return data


def decode(data: bytes) -> object:
    """Return the value that canonical bytes stand for.

    Raises:
        CanonicalError: The bytes are not JSON, or `encode` would have written the value differently.
    """
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise CanonicalError("$", Reason.NOT_JSON) from None
    if encode(value) != data:
        raise CanonicalError("$", Reason.NOT_CANONICAL)
    return value


def spell(value: object) -> bytes:
    """Return what `encode` writes, without asking whether the value may be written: to compare, never to store.

    Raises:
        TypeError: orjson cannot write it.
    """
    return orjson.dumps(value, option=OPTIONS)


def _is_allowed(value: object, *, ascii_only: bool) -> bool:
    """Tell whether the value, which orjson could write, has one spelling: its types, and its keys.

    Each container costs a few calls into C, not a step of Python per value: events are written all the time.
    That it ends is certain, since orjson refuses what is too deep or contains itself.
    """
    if type(value) not in _CONTAINERS:
        return type(value) in _SCALARS
    containers: list[Any] = [value]
    for container in containers:
        inner = container
        if type(container) is dict:
            if not ascii_only and not "".join(container).isascii():
                return False
            inner = container.values()
        kinds = set(map(type, inner))
        if kinds <= _SCALARS:
            continue
        if not kinds <= _ALLOWED:
            return False
        containers += [item for item in inner if type(item) in _CONTAINERS]
    return True


def _refuse(value: object) -> NoReturn:
    """Raise the error that names the first thing in the value without a canonical form."""
    _walk(value, "$", MAX_DEPTH)
    raise CanonicalError("$", Reason.TOO_DEEP)


def _walk(value: Any, path: str, depth: int) -> None:
    if depth < 0:
        raise CanonicalError(path, Reason.TOO_DEEP)
    kind = type(value)
    if kind is dict:
        for key, item in value.items():
            if type(key) is not str:
                raise CanonicalError(path, Reason.KEY_NOT_TEXT)
            if not key.isascii():
                raise CanonicalError(path, Reason.KEY_NOT_ASCII)
            _walk(item, f"{path}.{key}", depth - 1)
    elif kind is list or kind is tuple:
        for index, item in enumerate(value):
            _walk(item, f"{path}[{index}]", depth - 1)
    elif reason := _fault_of(value):
        raise CanonicalError(path, reason)


def _fault_of(value: Any) -> Reason | None:
    kind = type(value)
    if kind is str:
        try:
            value.encode()
        except UnicodeEncodeError:
            return Reason.LONE_SURROGATE
        return None
    if kind is int:
        return Reason.INTEGER_TOO_LARGE if abs(value) > MAX_INTEGER else None
    if kind is bool:
        return None
    if value is None:
        return Reason.NULL
    return Reason.FLOAT if kind is float else Reason.TYPE
