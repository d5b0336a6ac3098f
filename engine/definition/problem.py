"""A problem in a definition: where it stands, what is wrong, what to do. Collected, never raised one by one.

It must not know how files are read or what is checked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final, TypeAlias

from engine.language.sentence import Sentence, sentence

Path: TypeAlias = "tuple[str | int, ...]"
"""The way from the top of a definition: `("steps", "bedom", "asks", 0)`."""

MOST_LISTED: Final = 25
"""How many of the accepted words a remedy lists."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at one place.

    line and column begin at 1; both are 0, and `file` is empty, when the definition was not read from a file.
    `path` is the place within the definition, `steps.bedom.asks.0`. `hint` is the remedy, where there is one.
    """

    file: str
    line: int
    column: int
    message: Sentence
    hint: Sentence | None = None
    path: str = ""


def dotted(path: Path) -> str:
    """A path as it is written: `steps.bedom.asks.0`."""
    return ".".join(map(str, path))


def closest(word: str, accepted: Iterable[str]) -> Sentence | None:
    """The remedy for an unknown word: the word that was probably meant, else those that are accepted."""
    words = sorted(set(accepted))
    near = get_close_matches(word[:60], words, n=1, cutoff=0.6)
    if near:
        return sentence("definition.did_you_mean", word=near[0])
    if not words:
        return None
    shown = tuple(words[:MOST_LISTED])
    return sentence(
        "definition.accepted" if len(words) <= MOST_LISTED else "definition.accepted_among", words=shown
    )


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems as a reader meets them in the file, each once."""
    unique: dict[tuple[object, ...], Problem] = {}
    for problem in problems:
        what = (problem.message.id, repr(sorted(problem.message.arguments.items())))
        unique.setdefault(
            (problem.file, problem.line, problem.column, problem.path if not problem.line else "", *what),
            problem,
        )
    return tuple(sorted(unique.values(), key=lambda p: (p.file, p.line, p.column, p.path, p.message.id)))
