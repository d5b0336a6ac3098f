"""Fields and what they may hold: types, code lists, tables, computed values; parameters and sources beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal, TypeAlias

from engine.definition.base import Code, FieldType, Key, Label, listed
from engine.definition.part import BeforeValidator, Field, Model
from engine.language.sentence import Words


class Source(Model):
    """Where a demand comes from.

    `mark` is how well it is evidenced: V read in the statute, S secondary, I inferred, M memory. What is not V or S
    may only stand in a parameter.
    """

    text: str
    mark: Literal["V", "S", "I", "M"] = "S"
    valid_from: date | None = None
    valid_to: date | None = None


class Sight(Model):
    """Who sees a field though they see only the envelope: exactly one kind.

    An access mark closes it to all but the reporter, unless `past` names every mark that the case has.
    """

    role: Key | None = None
    person_in: str | None = None
    relation: Literal["reporter", "assignee"] | None = None
    past: Annotated[tuple[Key, ...], BeforeValidator(listed)] = ()


def _sight(value: Any) -> Any:
    if isinstance(value, str):
        return {"relation": value} if value in ("reporter", "assignee") else {"role": value}
    return value


Sights: TypeAlias = Annotated[tuple[Annotated[Sight, BeforeValidator(_sight)], ...], BeforeValidator(listed)]


class ListedCode(Model):
    """A code of a list: its labels, the codes below it, and whether it is retired (never removed, never reused)."""

    sv: str = Field(min_length=1)
    en: str = Field(min_length=1)
    help: Label | None = None
    retired: bool = False
    children: dict[Code, ListedCode] = Field(default_factory=dict)

    @property
    def label(self) -> Words:
        """Both labels."""
        return Words(self.sv, self.en)


class CodeList(Model):
    """A shared list of codes, flat or a tree; codes are unique in the whole tree. A picker shows `first` first."""

    label: Label
    source: Source | None = None
    first: Annotated[tuple[Code, ...], BeforeValidator(listed)] = ()
    codes: dict[Code, ListedCode] = Field(min_length=1)

    @cached_property
    def flat(self) -> Mapping[str, ListedCode]:
        """Every code of the tree, parents before children, in the order written."""
        return dict(self._walk(self.codes))

    @cached_property
    def below(self) -> Mapping[str, frozenset[str]]:
        """Each code -> itself and all its descendants."""
        return {
            key: frozenset({key}) | frozenset(inner for inner, _ in self._walk(code.children))
            for key, code in self._walk(self.codes)
        }

    def _walk(self, codes: Mapping[str, ListedCode]) -> Iterator[tuple[str, ListedCode]]:
        for key, code in codes.items():
            yield key, code
            yield from self._walk(code.children)


class Parameter(Model):
    """What a municipality may set: its type, default and label. What the law demands is never one."""

    type: Literal[
        "number", "period", "role", "roles", "codes", "condition", "keeps", "yes_no", "text", "list",
        "own_codes",
    ]  # fmt: skip
    label: Label
    default: Any
    minimum: int | None = None
    maximum: int | None = None
    list: Key | None = None
    source: Source | None = None


class Must(Model):
    """What the law demands, and no municipality may set differently. Conditions and steps say which one they keep."""

    label: Label
    source: Source


class Computed(Model):
    """How a field is computed: exactly one of these, over other fields. Over an unknown value it is unknown."""

    product: tuple[Key, ...] | None = None
    sum: tuple[Key, ...] | None = None
    max: tuple[Key, ...] | None = None
    rows: Key | None = None

    @property
    def inputs(self) -> tuple[str, ...]:
        """The fields it reads."""
        return self.product or self.sum or self.max or ((self.rows,) if self.rows else ())


class Column(Model):
    """A typed column of a table. A column may count (`statistics`), though the table is personal.

    `unknown: allowed` admits "vet inte"; `past` refuses a time that has not come; `link` is the kind of link that a
    value of type case makes; `list` is needed by choice, choices and scale.
    """

    type: FieldType
    label: Label
    help: Label | None = None
    list: Key | None = None
    required: bool = False
    statistics: bool = False
    unknown: Literal["allowed"] | None = None
    past: bool = False
    minimum: int | None = None
    maximum: int | None = None
    computed: Computed | None = None
    link: Key | None = None


class FieldDefinition(Column):
    """A field of a case. Personal unless `statistics` is declared; text, files, persons and tables always are.

    `shown_to` lets these roles or relations see it though they see only the envelope; `amended_by` says who may
    correct it, when not whoever may take a step that asks it (empty: nobody).
    """

    columns: dict[Key, Column] = Field(default_factory=dict)
    shown_to: Sights = ()
    amended_by: Annotated[tuple[str, ...], BeforeValidator(listed)] | None = None
    example: str | None = None

    @property
    def is_coded(self) -> bool:
        """Whether its value stands in the log's body and counts."""
        return self.statistics
