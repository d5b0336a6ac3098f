"""A sentence before it is said: an id of the catalogue and its arguments.

The engine never writes prose. It names a sentence; the edge says it in the reader's language (`engine.language.say`).
This module must not know any catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Words:
    """The same words in both languages: a label that comes from a definition or a list."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    sv: str
    en: str

    def in_(self, language: str) -> str:
        """The words in `language`: "en" or, for anything else, Swedish."""
        return self.en if language == "en" else self.sv


@dataclass(frozen=True, slots=True)
class Sentence:
    """A message id and its arguments; equal when it says the same.

    Arguments are text, whole numbers, dates, `Words`, other sentences, or tuples of these (said as a list).
    """

    id: str
    arguments: Mapping[str, Argument] = field(default_factory=lambda: MappingProxyType({}))

    def __hash__(self) -> int:
        return hash((self.id, tuple(sorted(self.arguments))))


Argument: TypeAlias = "str | int | date | Words | Sentence | tuple[Argument, ...]"


def sentence(message: str, /, **arguments: Argument) -> Sentence:
    """Name a sentence: `sentence("when.filled", field=Words("Händelse", "Event"))`."""
    return Sentence(message, MappingProxyType(arguments))


def clip(text: str, most: int = 60) -> str:
    """What somebody typed, no longer than a sentence can say again; that something is left out is seen."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
