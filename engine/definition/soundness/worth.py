"""What a field or column can be worth: its codes, its bounds, and whether a constant suits it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from engine.definition.model import Column, Process
from engine.definition.own_codes import PREFIX
from engine.definition.problem import Path, closest, dotted
from engine.definition.soundness.survey import Survey, remedy
from engine.definition.value import number_of

CODED: Final = ("choice", "choices", "scale")
NUMERIC: Final = ("number", "percent", "money", "scale", "computed")
TRUTHS: Final = (True, False, "true", "false", "ja", "nej", "yes", "no")
Bounds = tuple[Decimal | None, Decimal | None]


def is_numeric(column: Column) -> bool:
    """Whether it can be compared as a number."""
    return column.type in NUMERIC


def bounds(process: Process, column: Column, beside: Mapping[str, Column], depth: int = 0) -> Bounds:
    """The least and the most a number or scale can be; None where there is no bound.

    Args:
        process: For its lists.
        column: The field or column.
        beside: What a computed one is computed from: the fields, or the columns of its table.
        depth: How many computed ones were passed; a ring ends it.
    """
    if column.computed is not None and depth < 20:
        return _computed(process, column, beside, depth)
    codes = process.code_list(column)
    if column.type == "scale" and codes is not None:
        numbers = [number for code in codes.flat if (number := number_of(code)) is not None]
        return (min(numbers), max(numbers)) if numbers else (None, None)
    least, most = column.minimum, column.maximum
    return (None if least is None else Decimal(least), None if most is None else Decimal(most))


def _computed(process: Process, column: Column, beside: Mapping[str, Column], depth: int) -> Bounds:
    computed = column.computed
    if computed is None or computed.rows:
        return Decimal(0), None
    parts = [bounds(process, beside[name], beside, depth + 1) for name in computed.inputs if name in beside]
    least, most = [part[0] for part in parts], [part[1] for part in parts]
    if not parts or None in least or any(low is not None and low < 0 for low in least):
        return None, None
    combine = _product if computed.product else max if computed.max else sum
    lows = [low for low in least if low is not None]
    highs = [high for high in most if high is not None]
    return Decimal(combine(lows)), Decimal(combine(highs)) if len(highs) == len(most) else None


def _product(numbers: list[Decimal]) -> Decimal:
    result = Decimal(1)
    for number in numbers:
        result *= number
    return result


def suits(
    survey: Survey, at: Path, column: Column, value: Any, *, key: bool = False, below: bool = False
) -> bool:
    """Whether a constant is a value of a field; else it is noted. A retired code is no value any more.

    below: the codes below it count as it, so that one of them in use is enough.
    """
    if value is None or value == "":
        return True
    if column.type in CODED:
        return _is_code(survey, at, column, str(value), key=key, below=below)
    if column.type == "yes_no" and value not in TRUTHS:
        survey.say(at, "not_yes_no", closest(str(value), ("true", "false")), given=str(value)[:60])
        return False
    if is_numeric(column):
        number = number_of(value)
        least, most = column.minimum, column.maximum
        if number is None:
            survey.say(at, "needs_number", given=str(value)[:60])
            return False
        if (least is not None and number < least) or (most is not None and number > most):
            survey.say(at, "outside_bounds", given=str(value), field=column.label)
            return False
    return True


def _is_code(survey: Survey, at: Path, column: Column, code: str, *, key: bool, below: bool) -> bool:
    codes = survey.process.code_list(column)
    if codes is None:
        return True
    found = codes.flat.get(code)
    if found is None:
        in_use = [name for name, known in codes.flat.items() if not known.retired]
        survey.unknown(at, "code", code, in_use, key=key)
        return False
    inside = [inner for inner in codes.below[code] if inner != code and not codes.flat[inner].retired]
    own = survey.own_codes_over(column.list)
    if found.retired and not (below and inside):
        if own is None:
            survey.say(at, "retired_code", remedy("retired"), key=key, code=found.label)
        else:
            hint = remedy("own_codes_hide", code=code)
            survey.say((*own, "keeps"), "own_codes_hide", hint, code=found.label, place=dotted(at))
        return False
    unseen = [inner for inner in inside if inner.startswith(PREFIX)] if own is not None and not below else []
    if own is not None and unseen:
        place = (*own, "codes", min(unseen), "under")
        survey.say(place, "own_code_unseen", remedy("own_code_unseen"), code=found.label, place=dotted(at))
    return not unseen
