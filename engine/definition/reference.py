"""References in a written definition: `$name`, for a parameter or (in `sets`) for the value of a field."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from engine.definition.model import INTRINSICS
from engine.definition.place import Places
from engine.definition.problem import Path, Problem, closest
from engine.language.sentence import sentence

SOURCES_OF_SETS: Final = ("$actor", "$today", "$reporter", "$unit")
"""What a step may write besides constants and fields."""

_REFERENCE: Final = re.compile(r"\$([a-z][a-z0-9_]*)")


def references(tree: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Every name that is referred to, with its place; the declarations of parameters are left out."""
    for key, node in tree.items():
        if key != "parameters":
            yield from _found(node, (key,))


def _found(node: Any, at: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(node, str):
        if found := _REFERENCE.fullmatch(node):
            yield at, found[1]
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _found(value, (*at, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _found(value, (*at, index))


def in_doubt(
    tree: Mapping[str, Any], faulty: Collection[str], places: Places
) -> tuple[list[Problem], set[tuple[str, int, int]]]:
    """The references that lead to nothing, and the places where no sensible value stands.

    Args:
        tree: The process as written.
        faulty: Parameters with problems of their own; what stands in their places is not judged.
        places: Where the tree stands; its parameters are not looked at.
    """
    parameters, fields = (
        node if isinstance(node := tree.get(key), dict) else {} for key in ("parameters", "fields")
    )
    known = {*parameters, *fields, *INTRINSICS, *(name[1:] for name in SOURCES_OF_SETS)}
    problems: list[Problem] = []
    doubtful: set[tuple[str, int, int]] = set()
    written = Places(places.process, places.lists)
    for at, name in references(tree):
        hint = closest(f"${name}", [f"${key}" for key in (*parameters, *fields)])
        problem = written.problem(at, sentence("definition.unknown_parameter", name=f"${name}"), hint)
        if name not in known:
            problems.append(problem)
        if name not in known or name in faulty:
            doubtful.add((problem.file, problem.line, problem.column))
    return problems, doubtful - {("", 0, 0)}
