"""Where in its files a place of a definition stands: from the model's way of naming it to line and column.

The model names a place in the resolved definition, with its own words among the names (the kind of a union,
the index of a single value that it took as a list). Parameters may have been put in place of their
references. It must not know what is wrong there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.definition.problem import Path, Problem, dotted
from engine.definition.sheet import Sheet
from engine.language.sentence import Sentence


@dataclass(frozen=True, slots=True)
class Places:
    """The sheets that a definition was read from, and the parameters that were put into it.

    own: the files of own codes, by parameter.
    """

    process: Sheet | None = None
    lists: Sheet | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    own: Mapping[str, Sheet] = field(default_factory=dict)

    def problem(
        self, at: Path, message: Sentence, hint: Sentence | None = None, *, key: bool = False
    ) -> Problem:
        """A problem at a place of the resolved definition; `key` points at the key instead of the value."""
        if at[:1] == ("parameters",) and at[2:3] == ("value",) and at[1] in self.own:
            own = self.own[str(at[1])]
            line, column = own.mark(at[3:], key=key)
            return Problem(own.file, line, column, message, hint, dotted(at))
        sheet = self.lists if at[:1] == ("lists",) else self.process
        if sheet is None:
            return Problem("", 0, 0, message, hint, dotted(at))
        written = self._written(sheet, at)
        line, column = sheet.mark(written, key=key and written[-1:] == at[-1:])
        return Problem(sheet.file, line, column, message, hint, dotted(at))

    def _written(self, sheet: Sheet, at: Path) -> Path:
        """The path of the written node that a place of the resolved definition comes from."""
        node: Any = sheet.tree
        path: Path = ()
        for name in at:
            step: str | int | None = None
            if isinstance(node, dict) and name in node:
                step = str(name)
            elif isinstance(node, list) and isinstance(name, int):
                step = self._index(node, name)
            if step is not None:
                node, path = node[step], (*path, step)
        return path

    def _index(self, items: list[Any], wanted: int) -> int | None:
        """The index as written of an item, when references before it were replaced by several values."""
        passed = 0
        for index, item in enumerate(items):
            value = self.parameters.get(item[1:]) if isinstance(item, str) and item.startswith("$") else None
            passed += len(value) if isinstance(value, list) else 1
            if wanted < passed:
                return index
        return None
