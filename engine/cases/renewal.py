"""A value with some of its parts changed, as `dataclasses.replace` makes it, for what every step does several times.

The parts are put into the slots without `__init__`, which takes a third of the time. For frozen dataclasses with slots
that check nothing when they are made. It must not know any of them.
"""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

T = TypeVar("T")


def renew(value: T, /, **changes: Any) -> T:
    """The value with other parts.

    Raises:
        KeyError: It has no such part.
    """
    kind: Any = type(value)
    read, write = _parts(kind)
    found: T = object.__new__(kind)
    for put, part in zip(write.values(), read(value), strict=True):
        put(found, part)
    for name, part in changes.items():
        write[name](found, part)
    return found


@cache
def _parts(
    kind: Hashable,
) -> tuple[Callable[[Any], tuple[Any, ...]], Mapping[str, Callable[[Any, Any], None]]]:
    """How all parts are read at once, and each is written."""
    if hasattr(kind, "__post_init__"):
        raise TypeError(kind)
    names = [one.name for one in fields(cast("Any", kind))]
    return attrgetter(*names), {name: getattr(kind, name).__set__ for name in names}
