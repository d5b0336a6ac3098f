"""Values of fields: what a case may hold at a path, and the two ways a value can be absent.

A value is kept as JSON knows it: text, code, date, datetime, person, unit, case, file -> str; scale -> its code as
str; choices -> list of codes; number, percent, money -> int or decimal as str; yes/no -> bool; period ->
{"from": day, "to": day}. *Missing* is None and means that nobody has said anything. *Unknown* is `UNKNOWN` and means
that somebody said "vet inte". A path is `field` or `table.row.column`.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeAlias

Value: TypeAlias = Any
UNKNOWN: Final[dict[str, bool]] = {"unknown": True}


def is_missing(value: Value) -> bool:
    """Nobody has said anything: None, the empty text or the empty choice."""
    return value is None or (isinstance(value, str | list | dict) and not value)


def is_unknown(value: Value) -> bool:
    """Somebody said "vet inte"."""
    return isinstance(value, dict) and value == UNKNOWN


def number_of(value: Value) -> Decimal | None:
    """The value as a number, None when it is missing, unknown or no number (a scale's code counts as its number)."""
    if value is None or isinstance(value, (bool, dict, list)):
        return None
    try:
        return Decimal(value)
    except (InvalidOperation, ValueError, TypeError):
        return None


def number_value(number: Decimal) -> int | str:
    """A number as it is stored: whole numbers as int, others as plain decimal text."""
    return (
        int(number) if number == number.to_integral_value() and abs(number) < 2**53 else format(number, "f")
    )


def path_of(table: str, row: str, column: str) -> str:
    """The path of a cell."""
    return f"{table}.{row}.{column}"


def split_path(path: str) -> tuple[str, str | None, str | None]:
    """A path as (field, row, column); row and column are None for a plain field."""
    parts = path.split(".")
    if len(parts) == 1:
        return parts[0], None, None
    if len(parts) == 3:
        return parts[0], parts[1], parts[2]
    raise ValueError(path)
