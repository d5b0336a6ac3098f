"""The values of parameters: what a municipality may set, each typed and bounded.

A value is read from a definition (its default) or from a command (`--set-param days=7`), and kept as JSON
knows it: number -> int, yes_no -> bool, roles and codes -> list of texts, condition and own_codes -> its tree,
the others -> text. It must not know files or any process.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, get_args

from engine.calendar.period import FORMS, Period
from engine.definition.base import Keeps
from engine.definition.condition import Condition
from engine.definition.model import Parameter
from engine.definition.place import Places
from engine.definition.shape import validated
from engine.errors import ParameterError, PeriodError, PeriodRangeError
from engine.language.sentence import Argument, Sentence, clip, sentence

MAX_TEXT: Final = 500
MAX_NUMBER: Final = 2**53 - 1
CONDITION: Final[Any] = Condition
TRUTHS: Final[Mapping[str, bool]] = {
    "true": True,
    "false": False,
    "ja": True,
    "nej": False,
    "yes": True,
    "no": False,
}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a definition has that a parameter may name: roles, fields, and the codes in use of each list."""

    roles: Collection[str] = ()
    fields: Collection[str] = ()
    lists: Mapping[str, Collection[str]] = field(default_factory=dict)


def parameter_value(name: str, declared: Parameter, given: Any, around: Surroundings) -> Any:
    """The value of a parameter as the document keeps it.

    Args:
        name: The parameter.
        declared: Its type and bounds.
        given: A tree; or, from a command, a text: `a, b` for several, `{at_least: {x: 4}}` for a condition.
        around: What the value may name.

    Raises:
        ParameterError: The value is not accepted; it says what is.
    """
    try:
        return _READERS[declared.type](declared, given, around)
    except _RefusedError as refused:
        raise ParameterError(name, _written(given), refused.accepted) from None


class _RefusedError(Exception):
    def __init__(self, message: str, **arguments: Argument) -> None:
        super().__init__()
        self.accepted: Sentence = sentence(f"definition.accepts.{message}", **arguments)


def _written(given: Any) -> str:
    return clip(given if isinstance(given, str) else str(given), 80)


def _within(declared: Parameter, number: int) -> bool:
    least = -MAX_NUMBER if declared.minimum is None else declared.minimum
    most = MAX_NUMBER if declared.maximum is None else declared.maximum
    return least <= number <= most


def _bounded(kind: str, declared: Parameter, **arguments: Argument) -> _RefusedError:
    least, most = declared.minimum, declared.maximum
    if least is not None and most is not None:
        return _RefusedError(f"{kind}_between", least=least, most=most, **arguments)
    if least is not None:
        return _RefusedError(f"{kind}_from", least=least, **arguments)
    return (
        _RefusedError(f"{kind}_to", most=most, **arguments)
        if most is not None
        else _RefusedError(kind, **arguments)
    )


def _number(declared: Parameter, given: Any, _: Surroundings) -> int:
    text = str(given).strip() if isinstance(given, (str, int)) and not isinstance(given, bool) else ""
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 16 and _within(declared, int(text))):
        raise _bounded("number", declared)
    return int(text)


def _period(declared: Parameter, given: Any, _: Surroundings) -> str:
    """A period of something: no time at all is accepted only where the parameter's own `minimum` says so."""
    try:
        period = given if isinstance(given, Period) else Period.parse(given)
    except (PeriodError, PeriodRangeError):
        raise _bounded("period", declared, forms=FORMS) from None
    bounded = declared if declared.minimum is not None else replace(declared, minimum=1)
    if not _within(bounded, period.count):
        raise _bounded("period", bounded, forms=FORMS)
    return str(period)


def _role(_: Parameter, given: Any, around: Surroundings) -> str:
    if not isinstance(given, str) or given not in around.roles:
        raise _RefusedError("role", roles=tuple(around.roles))
    return given


def _several(given: Any) -> list[Any]:
    if isinstance(given, str):
        return [part.strip() for part in given.split(",") if part.strip()]
    return list(given) if isinstance(given, (list, tuple)) else [None]


def _roles(_: Parameter, given: Any, around: Surroundings) -> list[str]:
    roles = _several(given)
    if (
        not roles
        or not all(isinstance(role, str) and role in around.roles for role in roles)
        or _doubled(roles)
    ):
        raise _RefusedError("roles", roles=tuple(around.roles))
    return roles


def _codes(declared: Parameter, given: Any, around: Surroundings) -> list[str]:
    codes, known = _several(given), around.lists.get(declared.list or "", ())
    if not all(isinstance(code, str) and code in known for code in codes) or _doubled(codes):
        raise _RefusedError("codes", list=declared.list or "", codes=tuple(known))
    return codes


def _doubled(items: list[Any]) -> bool:
    return len(set(items)) < len(items)


def _condition(_: Parameter, given: Any, around: Surroundings) -> Any:
    tree = given
    if isinstance(given, str) and given.strip()[:1] in ("{", "["):
        from engine.definition.yaml import read_sheet  # noqa: PLC0415  80 ms that only a command with one pays

        sheet = read_sheet(given.encode("utf-8", "replace"), "")
        tree = None if sheet.problems else sheet.tree
    condition, problems = validated(CONDITION, tree, Places())
    if problems or condition is None:
        raise _RefusedError("condition")
    named = {path.partition(".")[0] for path in condition.fields()}
    if unknown := sorted(named - set(around.fields) - {"$today", "$unit", "$assignee", "$reporter"}):
        raise _RefusedError("condition_fields", unknown=tuple(unknown))
    return tree


def _keeps(_: Parameter, given: Any, __: Surroundings) -> str:
    words = get_args(Keeps)
    if not isinstance(given, str) or given not in words:
        raise _RefusedError("keeps", words=words)
    return given


def _yes_no(_: Parameter, given: Any, __: Surroundings) -> bool:
    if isinstance(given, bool):
        return given
    found = TRUTHS.get(given.strip().lower()) if isinstance(given, str) else None
    if found is None:
        raise _RefusedError("yes_no")
    return found


def _text(_: Parameter, given: Any, __: Surroundings) -> str:
    if not isinstance(given, str) or not given.strip() or len(given) > MAX_TEXT:
        raise _RefusedError("text", most=MAX_TEXT)
    return given


def _list(_: Parameter, given: Any, around: Surroundings) -> str:
    if not isinstance(given, str) or given not in around.lists:
        raise _RefusedError("list", lists=tuple(around.lists))
    return given


def _own_codes(_: Parameter, given: Any, __: Surroundings) -> dict[str, Any]:
    """Own codes as they were read from their file; nothing at all lays nothing over the list."""
    if given in ("", "{}", None):
        return {}
    if not isinstance(given, dict):
        raise _RefusedError("own_codes")
    return given


_READERS: Final = {
    "number": _number, "period": _period, "role": _role, "roles": _roles, "codes": _codes,
    "condition": _condition, "keeps": _keeps, "yes_no": _yes_no, "text": _text, "list": _list,
    "own_codes": _own_codes,
}  # fmt: skip
