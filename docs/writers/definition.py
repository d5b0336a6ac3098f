"""Writes the page of the grammar of a definition, from the models that read it.

Keys, types and defaults come from the models; what a key means stands here, and a key without a meaning, or a meaning
without a key, stops the page. It must not know any process.
"""

from __future__ import annotations

import inspect
import re
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from docs.writers.meaning import MEANING
from engine.definition.base import Code, DeadlineKind, FieldType, Heading, Key, Period, listed
from engine.definition.condition import Condition
from engine.definition.field import (
    CodeList,
    Column,
    Computed,
    FieldDefinition,
    ListedCode,
    Must,
    Parameter,
    Sight,
    Source,
)
from engine.definition.model import Feedback, Process
from engine.definition.part import BeforeValidator, Constraint, Model, key_of
from engine.definition.step import (
    Ask,
    Due,
    Elsewhere,
    Except,
    Expectation,
    Ground,
    Guides,
    HandsOver,
    LinkKind,
    Mark,
    Marking,
    OpensCase,
    Returns,
    SetValue,
    State,
    Step,
    Tells,
    Warns,
    Who,
    WritesEntry,
)
from engine.language.sentence import Words

INTRO = """# The grammar of a definition

Every key that a process may hold, with its type and what it is when it is left out. How a process is written step by
step is in [Write a process of your own](../how-to/write-a-process.md); conditions have
[a page of their own](conditions.md).

A definition is one file, YAML 1.2, for one process; code lists stand in `lists.yaml` beside it (the file that comes
with Hjul where there is none). Every value is read as text until the grammar says what it is: `no` stays *no*. A key
that is not on this page, the same key twice, an anchor, a tag or a second document in the file is an error.
`hjul process check FILE` says all that is wrong, with line and column.

Words in the column *type*:

- **key**: small letters a-z, digits and `_`, beginning with a letter, at most 60. Keys are for ever: cases and
  log name them.
- **code**: as a key, but may begin with a digit.
- **label**: `{sv: ..., en: ...}`, both always.
- **period**: `5 working days`, `30 days`, `2 weeks`, `2 months`, `1 year`, `24 hours`; in Swedish too.
- **condition**: see [Conditions](conditions.md). A list of them means that all must hold.
- **X, or several**: one X, or a list of them.
- **$name** may stand in the place of a value: the parameter of that name.
"""
SECTIONS: tuple[tuple[str, type[Model]], ...] = (
    ("The process", Process), ("feedback", Feedback), ("parameters", Parameter), ("musts", Must), ("marks", Mark),
    ("links", LinkKind),
    ("fields", FieldDefinition), ("shown_to", Sight),
    ("fields.columns", Column), ("computed", Computed), ("states", State), ("expects", Expectation), ("steps", Step),
    ("except", Except), ("by", Who), ("asks, may_ask", Ask), ("sets", SetValue),
    ("steps.marks", Marking), ("due", Due), ("due.from", Elsewhere),
    ("grounds", Ground), ("warns", Warns),
    ("guides", Guides), ("tells", Tells), ("writes_entry", WritesEntry), ("opens_case", OpensCase),
    ("hands_over", HandsOver), ("returns", Returns), ("source", Source), ("lists", CodeList),
    ("lists.codes", ListedCode),
)  # fmt: skip
NAMES = {
    Code: "code",
    Heading: "name of a heading",
    Key: "key",
    Period: "period",
    Condition: "condition",
    Words: "label",
}
"""What is said instead of the type itself."""
LONG = {FieldType: "type of field", DeadlineKind: "kind of deadline"}
BAR = "\\|"
"""How a bar is written inside a table."""
SCALARS = {str: "text", int: "number", bool: "true or false", Any: "a value of its type"}


class Row(NamedTuple):
    """A key of the grammar."""

    key: str
    type: str
    default: str
    meaning: str


def page() -> str:
    """Give the page.

    Raises:
        LookupError: A key has no meaning here, or a meaning has no key.
    """
    parts = [INTRO]
    unused = {(model, key) for model, keys in MEANING.items() for key in keys}
    for title, model in SECTIONS:
        rows = rows_of(model)
        unused -= {(model.__name__, row.key) for row in rows}
        parts.append(_section(title, model, rows))
    if unused:
        raise LookupError(f"meanings without a key: {sorted(unused)}")
    for named, title in LONG.items():
        words = ", ".join(f"`{word}`" for word in get_args(named))
        parts.append(f"## {title.capitalize()}\n\n{words}.\n")
    return "\n".join(parts)


def rows_of(model: type[Model]) -> list[Row]:
    """Every key of a model, those that must be given first.

    Raises:
        LookupError: A key has no meaning here.
    """
    hints = get_type_hints(model, include_extras=True)
    rows = []
    for name, field in model.declared.items():
        key = key_of(name)
        try:
            meaning = MEANING[model.__name__][key]
        except KeyError:
            raise LookupError(f"{model.__name__}.{key} has no meaning in docs/writers/meaning.py") from None
        rows.append(Row(key, say_type(hints[name]), _default(field), meaning))
    return sorted(rows, key=lambda row: row.default != "**must be given**")


def say_type(hint: Any) -> str:
    """Say a type as somebody who writes YAML knows it."""
    for named, words in (NAMES | LONG).items():
        if hint == named:
            return words
    if get_origin(hint) is Annotated:
        inner = say_type(get_args(hint)[0])
        is_single_too = any(
            isinstance(one, BeforeValidator) and one.func is listed for one in hint.__metadata__
        )
        return inner.replace("list of ", "", 1) + ", or several" if is_single_too else inner
    return _say_plain(hint)


def _say_plain(hint: Any) -> str:
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return " or ".join(f"`{word}`" for word in args)
    if origin in (tuple, list):
        return f"list of {say_type(args[0])}"
    if origin is dict:
        return f"{say_type(args[0])} → {say_type(args[1])}"
    if origin is Union or type(hint).__name__ == "UnionType":
        said = dict.fromkeys(say_type(one) for one in args if one is not type(None))
        return " or ".join(said)
    if inspect.isclass(hint) and issubclass(hint, Model):
        title = next(title for title, model in SECTIONS if model is hint)
        return f"[{title}](#{anchor(title)})"
    return SCALARS.get(hint, getattr(hint, "__name__", str(hint)))


def anchor(title: str) -> str:
    """The anchor that a heading gets."""
    return re.sub(r"[^a-z0-9_ -]", "", title.lower()).replace(" ", "-")


def _default(field: Constraint) -> str:
    if field.is_required:
        return "**must be given**"
    value = field.initial()
    if value is None or value in ((), {}):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _section(title: str, model: type[Model], rows: list[Row]) -> str:
    doc = inspect.cleandoc(model.__doc__ or "")
    lines = ["| key | type | left out | meaning |", "|---|---|---|---|"]
    lines += [
        f"| `{row.key}` | {row.type} | {row.default} | {row.meaning.replace('|', BAR)} |" for row in rows
    ]
    return f"## {title}\n\n{doc}\n\n" + "\n".join(lines) + "\n"
