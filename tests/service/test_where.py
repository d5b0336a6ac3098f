"""Every operator on every field that counts, alike on both databases: what a look at each case gives."""

from decimal import Decimal
from itertools import product

import pytest

from engine.errors import FieldOrderError
from tests.service.test_register import fill

VALUES = {
    "damage": ("wet", "wet_mould", "torn", "?", "wet,torn", "Väta", "våta"),
    "also": ("torn", "wet", "?"),
    "risk": ("0", "3", "3,0", "4", "3.5", "-1", "?"),
    "how_bad": ("1", "2", "3", "Stor", "?"),
    "found": ("2026-02-01", "2026-02-10", "2025-12-31", "1/1", "?"),
    "flag": ("ja", "nej"),
}
OPERATORS = ("=", "!=", "<", "<=", ">", ">=")
MEANT = {
    "Väta": "wet",
    "våta": "wet",
    "Stor": "3",
    "1/1": "2026-01-01",
    "ja": "true",
    "nej": "false",
    "3,0": "3",
}
COMPARE = {
    "<": lambda one, other: one < other, "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other, ">=": lambda one, other: one >= other,
}  # fmt: skip


def held(value):
    """The values of a field as they are compared: texts, an unknown one as `?`."""
    if isinstance(value, dict):
        return ["?"]
    if isinstance(value, bool):
        return ["true" if value else "false"]
    return [str(one) for one in (value if isinstance(value, list | tuple) else [value])]


def ordered(text):
    return text[:10] if "-" in text[1:] else Decimal(text)


def holds(values, operator, wanted):
    """Whether a case has what is demanded: of `!=` another value and none of these, of `<` a value known."""
    asked = [MEANT.get(one, one) for one in wanted.split(",")] if wanted not in MEANT else [MEANT[wanted]]
    if operator in ("=", "!="):
        equal = any(same(one, other) for one in values for other in asked)
        return equal if operator == "=" else bool(values) and not equal
    return any(COMPARE[operator](ordered(one), ordered(asked[0])) for one in values if one != "?")


def same(one, other):
    if one == other or one[:10] == other:
        return True
    try:
        return Decimal(one) == Decimal(other)
    except ArithmeticError:
        return False


def test_where__of_every_operator_and_field_is_what_a_look_at_each_case_gives(house):
    references = fill(house)
    app = house.by("both")
    views = {
        reference: {one.field: one.value for one in app.cases.show(reference).fields}
        for reference in references
    }
    asked = 0
    for field, operator in product(VALUES, OPERATORS):
        for wanted in VALUES[field]:
            where = f"{field}{operator}{wanted}"
            try:
                found = {row.reference for row in app.register.cases(where=[where]).rows}
            except FieldOrderError:
                assert operator not in ("=", "!="), where
                assert wanted == "?" or field in ("damage", "also", "flag"), where
                continue
            expected = {
                reference
                for reference, values in views.items()
                if field in values and holds(held(values[field]), operator, wanted)
            }
            assert found == expected, where
            asked += 1
    assert asked > 80


@pytest.mark.parametrize("unit", ["bjork", "ek"])
def test_where__and_a_unit_narrow_each_other(house, unit):
    fill(house)
    register = house.by("both").register
    every = {row.reference for row in register.cases(where=["damage=wet"]).rows}
    there = {row.reference for row in register.cases(unit=unit).rows}
    assert {row.reference for row in register.cases(where=["damage=wet"], unit=unit).rows} == every & there
