"""A file as a tree of dicts, lists and texts, and where in the file each node stands. `read_sheet` makes it.

It must not know how files are read, nor what a definition is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from engine.definition.problem import Path, Problem

MAX_BYTES: Final = 2_000_000
MAX_DEPTH: Final = 40
Mark: TypeAlias = "tuple[int, int]"
"""Line and column, from 1."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was read from one file: its tree, and the mark of every value and every key.

    Of a file that is not `is_whole`, only the part before its last problem could be read.
    """

    file: str
    tree: Any = ""
    values: dict[Path, Mark] = field(default_factory=dict)
    keys: dict[Path, Mark] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    is_whole: bool = True

    def mark(self, path: Path, *, key: bool = False) -> Mark:
        """Where a node stands, or its key; for a node that is not there, its nearest ancestor."""
        for length in range(len(path), -1, -1):
            found = self.keys.get(path[:length]) if key else None
            found = found or self.values.get(path[:length])
            if found:
                return found
        return (1, 1)
