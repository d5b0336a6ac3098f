"""What a condition may see of a case, and the logic of three values that its answers follow (Kleene 1938)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeAlias

from engine.definition.value import Value
from engine.language.sentence import Argument, Words

Truth: TypeAlias = "bool | None"


class View(Protocol):
    """What a condition may see of a case, or of one row of a table in it."""

    @property
    def state(self) -> str:
        """The key of the state the case is in."""

    @property
    def is_final(self) -> bool:
        """Whether that state is final."""

    @property
    def name(self) -> str | None:
        """The reference or row to name in a sentence; None for the case that is asked about itself."""

    @property
    def today(self) -> str:
        """The local date of the act, ISO."""

    def value(self, field: str) -> Value:
        """The value of a field, a column (in a row) or an intrinsic such as `$unit`."""

    def codes_within(self, field: str, code: str) -> frozenset[str]:
        """The code and its descendants in the list of the field."""

    def rows(self, table: str) -> Sequence[View]:
        """The rows of a table that are not struck out."""

    def linked(self, kind: str) -> Sequence[View]:
        """The cases at the other end of links of this kind (of this row, when the view is a row)."""

    def times_taken(self, step: str) -> int:
        """How often a step has been taken."""

    def persons(self, name: str) -> frozenset[str]:
        """The person codes in a person field or column (`table.column`), or those who took the step of that name."""

    def headings(self) -> frozenset[str]:
        """The headings that have at least one entry in force."""

    def unit_attribute(self, name: str) -> str | None:
        """An attribute of the case's unit, such as `regi`."""

    def words(self, field: str) -> Words:
        """The label of a field, a column, a step, a state or a heading."""

    def said(self, field: str, value: Value) -> Argument:
        """A value as a reader says it: the label of a code, "ja" for True."""


def both(truths: Iterable[Truth]) -> Truth:
    """Kleene's and: False wins, then unknown."""
    unknown = False
    for truth in truths:
        if truth is False:
            return False
        unknown = unknown or truth is None
    return None if unknown else True


def either(truths: Iterable[Truth]) -> Truth:
    """Kleene's or: True wins, then unknown."""
    unknown = False
    for truth in truths:
        if truth is True:
            return True
        unknown = unknown or truth is None
    return None if unknown else False
