"""Writes the page of conditions: each with its form and the sentences that people read, said by the program itself.

It must not know any process: the examples come from the conditions' own docstrings.
"""

# ruff: noqa: ARG002  a stand-in answers what the protocol asks, whatever the name

from __future__ import annotations

import inspect
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML

from engine.definition.condition import VOCABULARY, Base, Condition
from engine.definition.reading import read_part
from engine.definition.value import Value
from engine.language.say import say
from engine.language.sentence import Argument, Words

INTRO = """# Conditions

What may stand after `when:` in [a definition](definition.md). The vocabulary is closed: a condition is data with one
key, never an expression that is evaluated. Several in a list must all hold.

A condition answers *yes*, *no* or *unknown*: unknown when a value that it reads is "don't know". What a condition
guards opens on *yes* alone, and the opposite of unknown is unknown, so nothing opens by an answer that nobody has
given. (After Kleene's three-valued logic.)

Each condition says itself, in the same words wherever it is met: in `show`, in a refusal, in a form. The sentences
below are what the program says of the example; where a sentence names a field, a step or a code, people read its label.
"""
EXTRA = {
    "constant": "always",
    "linked_row": "{each_row: {orsaker: {linked_row: part_of}}}",
    "named_in": "{each_row: {orsaker: {named_in: {forslag: orsak}}}}",
    "all": "{all: [{equals: {art: tillbud}}, {filled: plats}]}",
    "any": "{any: [{equals: {art: tillbud}}, {filled: plats}]}",
    "not": "{not: {equals: {art: tillbud}}}",
}
"""Examples of conditions whose docstring shows no form that can stand alone."""
FORM = re.compile(r"`(\{.+?\})`(?=[\s:,]|$)")


@dataclass(frozen=True)
class Stand:
    """A case in which nothing is known, and every name is its own label."""

    name: str | None = None
    state: str = "rapporterad"
    is_final: bool = False
    today: str = "2026-03-02"

    def value(self, field: str) -> Value:
        """Nothing has a value."""
        return None

    def codes_within(self, field: str, code: str) -> frozenset[str]:
        """A code has nothing below it."""
        return frozenset({code})

    def rows(self, table: str) -> Sequence[Stand]:
        """Every table has one row."""
        return [Stand("r1")]

    def linked(self, kind: str) -> Sequence[Stand]:
        """Nothing is linked."""
        return []

    def times_taken(self, step: str) -> int:
        """No step has been taken."""
        return 0

    def persons(self, name: str) -> frozenset[str]:
        """Nobody stands anywhere."""
        return frozenset()

    def headings(self) -> frozenset[str]:
        """There are no entries."""
        return frozenset()

    def unit_attribute(self, name: str) -> str | None:
        """The unit has no attributes."""
        return None

    def words(self, field: str) -> Words:
        """A name is said as it is."""
        return Words(field, field)

    def said(self, field: str, value: Value) -> Argument:
        """A value is said as it is."""
        return str(value)


def page() -> str:
    """Give the page."""
    return "\n".join([INTRO, *(_section(key, model) for key, model in VOCABULARY.items())])


def _section(key: str, model: type[Base]) -> str:
    doc = inspect.cleandoc(model.__doc__ or "")
    example = EXTRA.get(key) or next(iter(FORM.findall(doc)))
    condition = read(example)
    lines = [f"## {key}", "", doc, "", f"Example: `{example}`", ""]
    lines += ["| | svenska | English |", "|---|---|---|"]
    for name, demanded in (("demanded", True), ("the opposite", False)):
        said = condition.says(Stand(), demanded=demanded)
        lines.append(f"| {name} | {say(said, 'sv')} | {say(said, 'en')} |")
    return "\n".join(lines) + "\n"


def read(text: str) -> Any:
    """A condition from its form."""
    tree = YAML(typ="base", pure=True).load(text)
    condition: Any = Condition
    return read_part(condition, tree)
