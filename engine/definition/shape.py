"""What the model refuses, said as problems: an unknown key, a missing one, a value of the wrong kind.

`validated` gives the model or the problems, never pydantic's own error. It must not know files: `Places`
does.
"""

from __future__ import annotations

from dataclasses import is_dataclass
from functools import cache
from types import NoneType
from typing import TYPE_CHECKING, Any, Final, TypeVar, get_args, get_type_hints

from engine.calendar.period import FORMS
from engine.definition.condition import VOCABULARY
from engine.definition.part import Model, Tagged, hints_of, key_of
from engine.definition.place import Places
from engine.definition.problem import Path, Problem, closest, in_order
from engine.definition.sheet import MAX_DEPTH
from engine.errors import PeriodError, PeriodRangeError
from engine.language.sentence import Sentence, clip, sentence

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")
Said = tuple[Sentence, "Sentence | None"]

# The kinds of error that say "this should have been a ...": pydantic's word -> ours.
_KINDS: Final = {
    "model_type": "definition.needs_mapping", "model_attributes_type": "definition.needs_mapping",
    "dict_type": "definition.needs_mapping", "dataclass_type": "definition.needs_label",
    "tuple_type": "definition.needs_list", "list_type": "definition.needs_list",
    "bool_type": "definition.needs_one_value", "int_type": "definition.needs_one_value",
    "string_type": "definition.needs_one_value", "decimal_type": "definition.needs_one_value",
    "bool_parsing": "definition.needs_true_false",
    "int_parsing": "definition.needs_whole_number", "int_from_float": "definition.needs_whole_number",
    "int_parsing_size": "definition.needs_whole_number", "decimal_parsing": "definition.needs_number",
    "finite_number": "definition.needs_number", "date_type": "definition.needs_date",
    "date_parsing": "definition.needs_date", "date_from_datetime_parsing": "definition.needs_date",
    "date_from_datetime_inexact": "definition.needs_date", "too_short": "definition.empty",
    "string_too_short": "definition.empty", "invalid_key": "definition.bad_name",
}  # fmt: skip


def validated(
    kind: type[T], tree: Any, places: Places, at: Path = ()
) -> tuple[T | None, tuple[Problem, ...]]:
    """The model of a tree, or None and the problems.

    Args:
        kind: What the tree should be.
        tree: Resolved, of dicts, lists and scalars.
        places: Where its nodes stand.
        at: Where in the definition the tree itself stands.
    """
    from pydantic import ValidationError  # noqa: PLC0415  50 ms, and nobody else needs it who reads what is published

    try:
        hint: Any = kind
        found: T = _adapter(hint).validate_python(tree)
    except ValidationError as error:
        told = [
            _problem(detail, kind, places, at)
            for detail in error.errors(include_url=False)
            if _is_told(detail, tree)
        ]
        return None, in_order(told)
    except RecursionError:
        return None, (places.problem(at, sentence("definition.too_deep", most=MAX_DEPTH)),)
    return found, ()


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter as Adapter  # noqa: PLC0415

    return Adapter(kind)


def _is_told(detail: Any, tree: Any) -> bool:
    """Whether an error is worth telling: of the shapes that `from` may have, only the one that was tried."""
    loc = detail["loc"]
    if len(loc) < 4 or loc[0] != "steps" or loc[2] != "from":
        return True
    written = tree["steps"][loc[1]].get("from")
    member = str(loc[3])
    return member.startswith("Except") if isinstance(written, dict) else member.startswith("tuple")


def _problem(detail: Any, top: type, places: Places, at: Path) -> Problem:
    loc: Path = tuple(detail["loc"])
    is_key = loc[-1:] == ("[key]",)
    if is_key:
        loc = loc[:-1]
    message, hint = _said(detail, loc, top)
    if detail["type"] == "missing":  # stands nowhere: the key above it does
        return places.problem((*at, *loc[:-1]), message, hint, key=True)
    is_key = is_key or detail["type"] in ("extra_forbidden", "unexpected_keyword_argument")
    return places.problem((*at, *loc), message, hint, key=is_key)


def _said(detail: Any, loc: Path, top: type) -> Said:
    kind, given = detail["type"], detail["input"]
    last = str(loc[-1]) if loc else ""
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):
        return sentence("definition.unknown_key", key=_shown(last)), closest(last, _keys(top, loc[:-1]))
    if kind == "missing":
        return _missing(last)
    if given == "" and kind not in ("string_too_short", "too_short"):
        return sentence("definition.empty_value"), None
    if found := _unfit(kind, given, detail.get("ctx", {})):
        return found
    return sentence(_KINDS.get(kind, "definition.not_valid"), given=_shown(given)), None


def _missing(key: str) -> Said:
    if key in ("sv", "en"):
        return sentence(f"definition.missing_{key}"), sentence("definition.give_both_languages")
    return sentence("definition.missing_key", key=key), None


def _unfit(kind: str, given: Any, context: Any) -> Said | None:
    """What is said of a value that has the right kind but is not accepted."""
    shown = _shown(given)
    match kind:
        case "union_tag_invalid":
            tag = str(context["tag"])
            return sentence("definition.unknown_condition", key=_shown(tag)), closest(tag, VOCABULARY)
        case "union_tag_not_found" if isinstance(given, dict) and len(given) > 1:
            return sentence("definition.many_conditions", given=shown), sentence("definition.hint.all_of")
        case "union_tag_not_found":
            return sentence("definition.not_condition", given=shown), closest("", VOCABULARY)
        case "literal_error":
            words = [
                word.strip("'") for part in context["expected"].split(" or ") for word in part.split(", ")
            ]
            message = "definition.not_accepted" if isinstance(given, str) else "definition.needs_one_value"
            return sentence(message, given=shown), closest(str(given), words)
        case "string_pattern_mismatch":
            return _pattern(shown, context["pattern"])
        case "string_too_long":
            return sentence("definition.too_long", given=shown, most=context["max_length"]), None
        case "greater_than_equal":
            return sentence("definition.too_small", given=shown, least=int(context["ge"])), None
        case "value_error" if isinstance(context.get("error"), (PeriodError, PeriodRangeError)):
            return sentence("definition.bad_period", given=shown), sentence(
                "definition.write_as", forms=FORMS
            )
    return None


def _pattern(shown: str, pattern: str) -> Said:
    if "ÅÄÖ" in pattern:
        return sentence("definition.bad_reference", given=shown), sentence("definition.reference_form")
    if "A-Za-z" in pattern:
        return sentence("definition.bad_heading", given=shown), sentence("definition.heading_form")
    return sentence("definition.bad_name", given=shown), sentence("definition.name_form")


def _shown(value: Any) -> str:
    """A value as it may be repeated in a sentence: short, one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{str(key)[:20]}: …" for key in list(value)[:3]) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(str(item)[:20] if isinstance(item, str) else "…" for item in value[:3]) + "]"
    return clip(" ".join(str(value).split()))


def _keys(top: type, loc: Path) -> frozenset[str]:
    """The keys that are accepted at a place of the model."""
    kinds = _members(top)
    for name in loc:
        kinds = frozenset(inner for kind in kinds for inner in _inner(kind, name)) or kinds
    return frozenset(key for kind in kinds for key in _own_keys(kind))


def _own_keys(kind: Any) -> tuple[str, ...]:
    if isinstance(kind, type) and issubclass(kind, Model):
        return tuple(map(key_of, kind.declared))
    if (declared := getattr(kind, "model_fields", None)) is not None:  # a model of pydantic's own
        return tuple(declared)
    return tuple(get_type_hints(kind)) if isinstance(kind, type) and is_dataclass(kind) else ()


def _inner(kind: Any, name: str | int) -> frozenset[Any]:
    """The kinds found below `name` in a kind; empty when the name is the model's own."""
    if isinstance(kind, type) and issubclass(kind, Model):
        return next(
            (_members(hint) for key, hint in hints_of(kind).items() if key_of(key) == name), frozenset()
        )
    if (declared := getattr(kind, "model_fields", None)) is not None:
        return _members(declared[name].annotation) if name in declared else frozenset()
    arguments = get_args(kind)
    if getattr(kind, "__origin__", None) is dict:
        return _members(arguments[1])
    if getattr(kind, "__origin__", None) is tuple:
        items = frozenset(
            member for argument in arguments if argument is not ... for member in _members(argument)
        )
        return (
            items
            if isinstance(name, int)
            else frozenset(found for item in items for found in _inner(item, name))
        )
    return frozenset()


def _members(annotation: Any) -> frozenset[Any]:
    """The kinds that an annotation allows, without its wrappings."""
    if (said := getattr(annotation, "__metadata__", None)) is not None:
        tagged = [one for one in said if isinstance(one, Tagged)]
        return frozenset(tagged[0].kinds.values()) if tagged else _members(annotation.__origin__)
    origin = getattr(annotation, "__origin__", None)
    if origin in (dict, tuple):
        return frozenset({annotation})
    arguments = get_args(annotation)
    if arguments and not isinstance(annotation, type):
        return frozenset(member for argument in arguments for member in _members(argument))
    return frozenset() if annotation in (None, NoneType) else frozenset({annotation})
