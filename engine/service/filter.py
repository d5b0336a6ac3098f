"""What the words of a list's filter name: a process, a status, a role, a field and its values, by key or by label.

A name that nothing has is refused, since an empty list would say that there are no cases. It must not know how
cases are found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from engine.calendar.spoken import read_when
from engine.cases.access import ProcessRule
from engine.errors import (
    FieldOrderError,
    PeriodBackwardsError,
    UnknownCodeError,
    UnknownFieldError,
    UnknownProcessError,
    UnknownRoleError,
    UnknownStateError,
    WhereError,
)
from engine.language.naming import all_named, find_named, nearest_named
from engine.language.sentence import Words, clip, sentence
from engine.store.database import Session
from engine.store.listing import Where, is_ordered
from engine.store.name import CountedField, load_counted, load_names

_WHERE: Final = re.compile(r"\s*([^=<>!]+?)\s*(!=|<=|>=|=|<|>)\s*(.*)", re.DOTALL)
_YES_NO: Final = {
    "ja": "true",
    "yes": "true",
    "true": "true",
    "nej": "false",
    "no": "false",
    "false": "false",
}
_NUMBERS: Final = frozenset({"number", "percent", "money", "computed", "scale"})
_DAYS: Final = frozenset({"date", "datetime", "period"})
UNKNOWN: Final = "?"


@dataclass(frozen=True, slots=True)
class Demand:
    """A demand on a field as it was typed: the field, the operator, and the values as text."""

    field: str
    operator: str
    text: str


def name_process(session: Session, text: str) -> str:
    """The key of the process that somebody means.

    Raises:
        UnknownProcessError: None is called so.
    """
    names = load_names(session, "process")
    found = all_named(text, ((key, words) for _, key, words in names))
    if len(found) != 1:
        raise UnknownProcessError(clip(text), nearest_named(text, [(key, words) for _, key, words in names]))
    return found[0]


def name_states(session: Session, text: str, process: str | None) -> tuple[str, ...]:
    """The keys of the statuses that somebody means, in a process or in all: several processes may call one alike.

    Raises:
        UnknownStateError: None is called so.
    """
    names = [(key, words) for of, key, words in load_names(session, "state") if process in (None, of)]
    found = all_named(text, names)
    if not found:
        raise UnknownStateError(clip(text), nearest_named(text, names))
    return found


def name_role(rules: Iterable[ProcessRule], called: Mapping[str, Words], text: str) -> str:
    """The key of the role that somebody means.

    Raises:
        UnknownRoleError: No process has a role that is called so; names the nearest.
    """
    roles = {role: called.get(role, Words(role, role)) for rule in rules for role in rule.levels}
    roles |= {role: words for role, words in called.items() if role not in roles}
    found = find_named(text, roles)
    if found is None:
        raise UnknownRoleError(clip(text), nearest_named(text, sorted(roles.items(), key=lambda one: one[0])))
    return found


def check_period(first: date | None, last: date | None) -> None:
    """Make sure that a period does not end before it begins.

    Raises:
        PeriodBackwardsError: It does.
    """
    if first is not None and last is not None and last < first:
        raise PeriodBackwardsError(first.isoformat(), last.isoformat())


def read_demand(text: str) -> Demand:
    """A demand on a field, as it is typed.

    Raises:
        WhereError: It is not `field=value` or with another of the operators.
    """
    found = _WHERE.fullmatch(text)
    if not found or not text.isprintable() or found[3].lstrip()[:1] in ("", *"=<>"):
        raise WhereError(clip(text))
    if not any(part.strip() for part in found[3].split(",")):
        raise WhereError(clip(text))
    return Demand(found[1], found[2], found[3].strip())


def read_demands(
    session: Session, texts: Iterable[str], process: str | None, today: date
) -> tuple[Where, ...]:
    """Demands on fields with every name known: `art=tillbud`, `riskvarde_hsl>=8`, `"Kategori HSL"!=Fall`.

    Raises:
        WhereError: One cannot be read.
        UnknownFieldError: No field that counts is called so.
        UnknownCodeError: The field has no such code.
        FieldOrderError: The field's values have no order, or this is none of them.
    """
    demands = tuple(map(read_demand, texts))
    if not demands:
        return ()
    counted = tuple(one for one in load_counted(session) if process in (None, one.process))
    return tuple(_where(demand, counted, today) for demand in demands)


def _where(demand: Demand, counted: Sequence[CountedField], today: date) -> Where:
    names = [(one.key, one.label) for one in counted]
    keys = all_named(demand.field, names)
    if len(keys) != 1:
        raise UnknownFieldError(clip(demand.field), keys or nearest_named(demand.field, names))
    fields = [one for one in counted if one.key == keys[0]]
    operator: Any = demand.operator
    if operator in ("=", "!="):
        parts = [part.strip() for part in demand.text.split(",") if part.strip()]
        return Where(keys[0], operator, tuple(_value(part, fields, today) for part in parts))
    return Where(keys[0], operator, (_ordered(demand.text, fields, today),))


def _value(text: str, fields: list[CountedField], today: date) -> str:
    """A value as it is stored; which code a label means."""
    if text == UNKNOWN:
        return text
    first = fields[0]
    if first.type == "yes_no":
        if text.casefold() not in _YES_NO:
            raise UnknownCodeError(clip(text), first.label, ("ja", "nej"))
        return _YES_NO[text.casefold()]
    codes = {code: words for one in fields for code, words in one.codes.items()}
    if codes:
        found = find_named(text, codes)
        if found is None:
            raise UnknownCodeError(clip(text), first.label, nearest_named(text, codes.items()))
        return found
    return _ordered(text, fields, today) if first.type in _NUMBERS | _DAYS else text


def _ordered(text: str, fields: list[CountedField], today: date) -> str:
    """A number or a day, as the field's type has it."""
    if fields[0].type in _NUMBERS:
        codes = {code: words for one in fields for code, words in one.codes.items()}  # of a scale
        value = find_named(text, codes) or text.replace(",", ".")
        if is_ordered(value) and value.count("-", 1) == 0:
            return value
    elif fields[0].type in _DAYS:
        value = (read_when(text, today) or text)[:10]
        if is_ordered(value) and "-" in value[1:]:
            return value
    kind = fields[0].type
    wants = "number" if kind in _NUMBERS else "day" if kind in _DAYS else "equal"
    raise FieldOrderError(fields[0].label, sentence(f"where.{wants}", given=clip(text)))
