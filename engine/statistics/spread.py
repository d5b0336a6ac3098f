"""The middle and the spread of some numbers. It must not know what they count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Spread:
    """How many numbers, the lowest, the quartiles and the highest. With fewer than four the quartiles say little."""

    n: int
    lowest: int
    lower: Decimal
    median: Decimal
    upper: Decimal
    highest: int


def spread(numbers: Sequence[int]) -> Spread | None:
    """The spread of whole numbers; None of none.

    Quartiles are those of linear interpolation between the two nearest (type 7 of Hyndman and Fan 1996, which
    spreadsheets call QUARTILE.INC).
    """
    if not numbers:
        return None
    order = sorted(numbers)
    return Spread(
        len(order), order[0], _quantile(order, 1), _quantile(order, 2), _quantile(order, 3), order[-1]
    )


def _quantile(order: Sequence[int], quarter: int) -> Decimal:
    place, rest = divmod((len(order) - 1) * quarter, 4)
    above = order[min(place + 1, len(order) - 1)]
    return Decimal(order[place]) + Decimal(above - order[place]) * rest / 4
