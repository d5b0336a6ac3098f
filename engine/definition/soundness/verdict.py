"""Whether a condition can hold at all, tried on every sort of case that its fields allow.

Each field it reads is given a few values that stand for all of its domain; what depends on other cases,
persons or entries is taken as free. The condition's own test is then asked. It is exact for coded fields and
thresholds; where it cannot be, it says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, combinations, product
from math import prod
from typing import Any, Final, Literal, cast

from engine.definition import condition as vocabulary
from engine.definition.condition import Base
from engine.definition.model import Column, Process
from engine.definition.soundness.worth import bounds, is_numeric
from engine.definition.value import UNKNOWN, number_of, number_value
from engine.definition.view import Truth, View, both, either

MOST: Final = 20_000
"""How many sorts of cases are tried at most; with more, nothing is said."""
DAYS: Final = ("2026-01-01", "2026-06-01", "2026-12-31")
FREE: Final = (
    vocabulary.Linked, vocabulary.LinkedRow, vocabulary.NamedIn, vocabulary.EachRow, vocabulary.DifferentPersonFrom,
    vocabulary.EntriesCover, vocabulary.UnitIs, vocabulary.Taken,
)  # fmt: skip
Verdict = Literal["never", "always"]


@dataclass(frozen=True)
class Imagined:
    """A case as the tried values make it; the few of a `View`'s questions that the tried conditions ask."""

    process: Process
    values: Mapping[str, Any]
    columns: Mapping[str, Column]
    state: str
    today: str = DAYS[1]
    name: str | None = None

    @property
    def is_final(self) -> bool:
        """Whether its state is final."""
        known = self.process.states.get(self.state)
        return known is not None and known.final

    def value(self, field: str) -> Any:
        """The value that is tried."""
        return self.values.get(field)

    def codes_within(self, field: str, code: str) -> frozenset[str]:
        """The code and those below it."""
        column = self.columns.get(field)
        codes = self.process.code_list(column) if column is not None else None
        return codes.below.get(code, frozenset({code})) if codes else frozenset({code})


def verdict(
    process: Process, conditions: Iterable[Base], states: Iterable[str], columns: Mapping[str, Column]
) -> Verdict | None:
    """Whether conditions that must hold together never or always do; None when it depends, or is not known.

    Args:
        process: For lists and states.
        conditions: Conditions over one case or row.
        states: The states the case may be in.
        columns: What the conditions read: the fields, or the columns of a table.
    """
    together = tuple(conditions)
    atoms = [atom for one in together for atom in _atoms(one)]
    if any(isinstance(atom, vocabulary.Constant) for atom in atoms) or not atoms:
        return None
    names = sorted({name for atom in atoms if not isinstance(atom, FREE) for name in atom.fields()})
    free = sorted({repr(atom) for atom in atoms if isinstance(atom, FREE)})
    tried = [
        _values(process, columns[n], n, atoms, columns) if n in columns else _other(n, atoms) for n in names
    ]
    choices: list[tuple[Any, ...]] = [*tried, *[(True, False)] * len(free), tuple(states) or ("",)]
    if prod(map(len, choices)) > MOST:
        return None
    truths: set[Truth] = set()
    for chosen in product(*choices):
        case = Imagined(process, dict(zip(names, chosen, strict=False)), columns, chosen[-1])
        given = dict(zip(free, chosen[len(names) :], strict=False))
        truths.add(both(_truth(one, cast("View", case), given) for one in together))
        if True in truths and len(truths) > 1:
            return None
    return "always" if True in truths else "never"


def _atoms(condition: Base) -> list[Base]:
    parts = list(condition.parts())
    return [atom for part in parts for atom in _atoms(part)] if parts else [condition]


def _truth(condition: Base, case: View, free: Mapping[str, bool]) -> Truth:
    if isinstance(condition, vocabulary.AllOf | vocabulary.ByLaw):
        return both(_truth(part, case, free) for part in condition.parts())
    if isinstance(condition, vocabulary.AnyOf):
        return either(_truth(part, case, free) for part in condition.any)
    if isinstance(condition, vocabulary.Not):
        truth = _truth(condition.not_, case, free)
        return None if truth is None else not truth
    return free[repr(condition)] if isinstance(condition, FREE) else condition.test(case)


def _values(
    process: Process, column: Column, name: str, atoms: list[Base], columns: Mapping[str, Column]
) -> tuple[Any, ...]:
    """Values that stand for all that a column can be: nothing, unknown if it may be, and its domain."""
    absent: list[Any] = [None]
    if column.unknown or column.computed is not None:
        absent.append(UNKNOWN)
    mentioned = list(_mentioned(name, atoms))
    codes = process.code_list(column)
    if column.type == "yes_no":
        return (*absent, True, False)
    if is_numeric(column):
        return (*absent, *_numbers(process, column, mentioned, columns))
    if codes is not None:
        near = [code for code in codes.flat if any(code in codes.below.get(str(m), ()) for m in mentioned)]
        others = [code for code in codes.flat if code not in near and not codes.flat[code].retired]
        if column.type == "choices":
            chosen = [*dict.fromkeys([*near[:5], *others[:1]])]
            sets = chain.from_iterable(combinations(chosen, count) for count in range(1, len(chosen) + 1))
            return (*absent, *map(list, sets))
        return (*absent, *near, *others[:2])
    if column.type in ("date", "datetime"):
        return (*absent, *DAYS, *mentioned)
    return (*absent, "x", *mentioned)


def _numbers(
    process: Process, column: Column, mentioned: list[Any], columns: Mapping[str, Column]
) -> list[int | str]:
    least, most = bounds(process, column, columns)
    codes = process.code_list(column)
    if column.type == "scale" and codes is not None:
        return [code for code in codes.flat if number_of(code) is not None]
    wanted = [number for item in mentioned if (number := number_of(item)) is not None] or [Decimal(1)]
    near = {number + step for number in wanted for step in (-1, 0, 1)}
    near |= {bound for bound in (least, most) if bound is not None}
    inside = (n for n in near if (least is None or n >= least) and (most is None or n <= most))
    return [number_value(number) for number in sorted(inside)]


def _mentioned(name: str, atoms: list[Base]) -> Iterable[Any]:
    for atom in atoms:
        if isinstance(atom, vocabulary.Compared):
            wanted = atom.pairs().get(name)
            yield from wanted if isinstance(wanted, tuple) else () if wanted is None else (wanted,)


def _other(name: str, atoms: list[Base]) -> tuple[Any, ...]:
    """Values of an intrinsic: `$assignee` may be missing."""
    return (
        ("x", *_mentioned(name, atoms))
        if name in ("$unit", "$reporter")
        else (None, "x", *_mentioned(name, atoms))
    )
