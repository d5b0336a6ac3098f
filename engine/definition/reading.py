"""Reads a model from a document that was published, by the annotations of its class.

What was published has been found in order, so nothing is explained here: what is not as the annotations say raises
`UnfitError`, and `engine.definition.shape` can say why. It takes a tenth of the time that it takes to load pydantic
alone. It must not know any part of a definition.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, TypeAlias, TypeVar, Union, get_args, get_origin

from engine.definition.part import (
    BeforeValidator,
    Constraint,
    Model,
    PlainValidator,
    Tagged,
    hints_of,
    key_of,
)

T = TypeVar("T")
Reader: TypeAlias = "Callable[[Any], Any]"
_MADE: Final[dict[Any, Reader]] = {}
_TRUTHS: Final = {"true": True, "false": False}
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,18}")
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class UnfitError(Exception):
    """A value is not as the annotations say, or not written as this reader knows it."""


def read_part(kind: type[T], tree: Any) -> T:
    """The model of a tree of dicts, lists and scalars.

    Raises:
        UnfitError: It is none.
    """
    try:
        found: T = _reader(kind)(tree)
    except (TypeError, ValueError, LookupError, ArithmeticError, AttributeError, RecursionError) as error:
        raise UnfitError from error
    return found


def _reader(hint: Any) -> Reader:
    """What reads a value of an annotation; made once."""
    found = _MADE.get(hint)
    if found is None:
        found = _MADE[hint] = _made(hint)
    return found


def _made(hint: Any) -> Reader:
    if hint is Any:
        return lambda value: value
    if isinstance(hint, type) and issubclass(hint, Model):
        return _late(hint, _model)
    if isinstance(hint, type) and is_dataclass(hint):
        return _late(hint, _dataclass)
    if hint in _PLAIN:
        return _PLAIN[hint]
    return _FORMS[get_origin(hint)](hint)


def _late(kind: Any, make: Callable[[Any], Reader]) -> Reader:
    """A reader that is made when it is first used: kinds may hold themselves."""
    made: list[Reader] = []

    def read(value: Any) -> Any:
        if not made:
            made.append(make(kind))
        return made[0](value)

    return read


def _model(kind: type[Model]) -> Reader:
    parts = {key_of(name): (name, _reader(hint)) for name, hint in hints_of(kind).items()}
    checks = {name: _checks(one) for name, one in kind.declared.items() if one.rules}
    required = {key_of(name) for name, one in kind.declared.items() if one.is_required}
    left_out = {name: one.initial for name, one in kind.declared.items() if not one.is_required}

    def read(value: Any) -> Any:
        if type(value) is not dict:
            return value if isinstance(value, kind) else _refuse(value)
        if not required <= value.keys():
            return _refuse(value)
        found = {}
        for key, given in value.items():
            name, part = parts[key]
            found[name] = part(given)
        for name, check in checks.items():
            if name in found:
                check(found[name])
        for name, initial in left_out.items():
            if name not in found:
                found[name] = initial()
        made = object.__new__(kind)
        made.__dict__.update(found)
        return made

    return read


def _dataclass(kind: Any) -> Reader:
    """Texts alone, all of them given."""
    names = {one.name for one in fields(kind)}

    def read(value: Any) -> Any:
        if type(value) is not dict:
            return value if isinstance(value, kind) else _refuse(value)
        if value.keys() != names or not all(type(text) is str for text in value.values()):
            return _refuse(value)
        return kind(**value)

    return read


def _refuse(value: Any) -> Any:
    raise UnfitError(type(value).__name__)


# --- scalars --------------------------------------------------------------------------------------------------


def _text(value: Any) -> str:
    found: str = value if type(value) is str else _refuse(value)
    return found


def _truth(value: Any) -> bool:
    return value if type(value) is bool else _TRUTHS[value]


def _whole(value: Any) -> int:
    if type(value) is int:
        return value
    return int(value if _WHOLE.fullmatch(value) else _refuse(value))


def _decimal(value: Any) -> Decimal:
    if type(value) is int:
        return Decimal(value)
    return Decimal(value if _NUMBER.fullmatch(value) else _refuse(value))


def _day(value: Any) -> date:
    return date.fromisoformat(value if _DAY.fullmatch(value) else _refuse(value))


_PLAIN: Final[Mapping[Any, Reader]] = {str: _text, bool: _truth, int: _whole, Decimal: _decimal, date: _day}


# --- forms ----------------------------------------------------------------------------------------------------


def _literal(hint: Any) -> Reader:
    words = get_args(hint)
    return lambda value: (
        value if any(type(value) is type(word) and value == word for word in words) else _refuse(value)
    )


def _tuple(hint: Any) -> Reader:
    inner = get_args(hint)
    if inner[-1] is not Ellipsis:
        items = [_reader(one) for one in inner]
        return lambda value: tuple(read(one) for read, one in zip(items, _sequence(value), strict=True))
    item = _reader(inner[0])
    return lambda value: tuple(map(item, _sequence(value)))


def _sequence(value: Any) -> Any:
    return value if type(value) in (list, tuple) else _refuse(value)


def _dict(hint: Any) -> Reader:
    key, item = map(_reader, get_args(hint))
    return lambda value: {key(name): item(one) for name, one in value.items()}


def _union(hint: Any) -> Reader:
    """The member that takes values of this type, in the order written; what is left out is for None."""
    members = [one for one in get_args(hint) if one is not NoneType]
    readers = [(_taken(one), _reader(one)) for one in members]
    is_optional = len(members) < len(get_args(hint))
    if is_optional and len(readers) == 1:
        only = readers[0][1]
        return lambda value: None if value is None else only(value)

    def read(value: Any) -> Any:
        if value is None and is_optional:
            return None
        return next((one for kinds, one in readers if type(value) in kinds), _refuse)(value)

    return read


def _taken(hint: Any) -> tuple[type, ...]:
    """The types of the values that a member of a union takes as they stand."""
    origin = get_origin(hint)
    if origin is Annotated:
        return _taken(get_args(hint)[0])
    if origin is Literal:
        return tuple({type(word) for word in get_args(hint)})
    if origin is tuple:
        return (list, tuple)
    return (dict,) if origin is dict or hint not in _PLAIN else (hint,)


def _annotated(hint: Any) -> Reader:
    inner, *said = get_args(hint)
    read: Reader | None = None
    for one in said:
        if isinstance(one, PlainValidator):
            read = one.func
            continue
        if isinstance(one, Tagged):
            read = _tagged(one)
            continue
        read = read or _reader(inner)
        if isinstance(one, BeforeValidator):
            read = _after(one.func, read)
        elif isinstance(one, Constraint):
            read = _after(read, _checks(one))
    return read or _reader(inner)


def _tagged(one: Tagged) -> Reader:
    readers = {key: _reader(kind) for key, kind in one.kinds.items()}

    def read(value: Any) -> Any:
        spread = one.spread(value)
        return readers[one.tag(spread) or _refuse(value)](spread)

    return read


def _after(first: Reader, then: Reader) -> Reader:
    return lambda value: then(first(value))


def _checks(one: Constraint) -> Reader:
    """What gives a value back if it meets the rules."""
    rules: Mapping[str, Any] = one.rules
    matches = re.compile(rules["pattern"]).fullmatch if "pattern" in rules else None
    least, most, lowest = rules.get("min_length"), rules.get("max_length"), rules.get("ge")

    def check(value: Any) -> Any:
        if (
            (matches is not None and not matches(value))
            or (most is not None and len(value) > most)
            or (least is not None and len(value) < least)
            or (lowest is not None and value < lowest)
        ):
            _refuse(value)
        return value

    return check


_FORMS: Final[Mapping[Any, Callable[[Any], Reader]]] = {
    Literal: _literal, tuple: _tuple, dict: _dict, Union: _union, UnionType: _union, Annotated: _annotated,
}  # fmt: skip
