"""Reads files of commands: who did what, when, as a list of items in YAML. All problems of all files together.

An item has a time on the wall (`at`), somebody (`as`, a login), and one thing that is done:

    - {at: 2026-01-12T07:42, as: usk03, new: PROCESS, name: a017, unit: bjork, set: {...}}
    - {at: 2026-01-12T13:05, as: chef_bjork, step: STEP, on: a017, set: {...}, comment: ..., done_at: ...}
    - {at: ..., as: ..., new: PROCESS, step: STEP, name: m005, for: a017, row: TABLE.r1, set: {...}}
    - {at: ..., as: ..., step: STEP, on: [a020, a022], set: {...}}
    - {at: ..., as: ..., note: HEADING, on: a017, name: n1, text: ..., source: ..., judgement: nej, corrects: n0}
    - {at: ..., as: ..., amend: {FIELD: VALUE}, on: a017, reason: ...}
    - {at: ..., as: ..., assign: ssk01, on: a017}
    - {at: ..., as: ..., claim: a017}
    - {at: ..., as: ..., release: a017}
    - {at: ..., as: ..., link: KIND, on: a017, to: a018}

`name` is what the other items call a case (or a note; of a step, the case that it opens): references are given by the
database when the items are run. Values under `set` and `amend` are those of `--set` and `--from`; `{case: m006}` is the
reference of a named case. It must not know the database, nor what the commands lead to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from engine.definition.problem import Problem, closest, in_order
from engine.definition.sheet import Sheet
from engine.definition.yaml import read_sheet
from engine.errors import CommandFileError
from engine.language.sentence import Argument, Sentence, sentence

ALWAYS: Final = ("at", "as")
VERBS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "new": ((), ("step", "name", "unit", "for", "row", "set", "comment", "done_at")),
    "step": (("on",), ("set", "comment", "done_at", "name")),
    "note": (("on", "text", "source"), ("name", "judgement", "corrects")),
    "amend": (("on", "reason"), ()),
    "assign": (("on",), ()),
    "claim": ((), ()),
    "release": ((), ()),
    "link": (("on", "to"), ()),
}
"""What an item can do: the keys that it needs with it, and those that it may have."""

_KEYS: Final = frozenset({*ALWAYS, *VERBS, *(key for needs, may in VERBS.values() for key in (*needs, *may))})
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,30}")
_AT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?")
_MAPPINGS: Final = ("set", "amend")
_CASES: Final = ("on", "for", "to", "claim", "release")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that somebody did.

    Attributes:
        file: The file, as it is named in problems.
        line: Where it begins in the file, from 1; `column` likewise.
        column: See `line`.
        id: A name of its own, from the file and its place in the list: what makes a second run harmless.
        at: The time on the wall.
        login: Who did it.
        verb: What was done, a key of `VERBS`.
        keys: Everything that is said in the item.
    """

    file: str
    line: int
    column: int
    id: str
    at: datetime
    login: str
    verb: str
    keys: Mapping[str, Any]

    @property
    def cases(self) -> tuple[str, ...]:
        """The names of the cases that it is done to."""
        on = self.keys.get(self.verb if self.verb in _CASES else "on", ())
        return tuple(on) if isinstance(on, list) else (on,) if on else ()

    @property
    def names(self) -> frozenset[str]:
        """Every case that it names, but not the one that it opens."""
        found = {*self.cases, *(self.keys[key] for key in ("for", "to") if key in self.keys)}
        return frozenset(
            found | set(_named_in(self.keys.get("set"))) | set(_named_in(self.keys.get("amend")))
        )

    def problem(self, message: Sentence) -> Problem:
        """A problem with this item."""
        return Problem(self.file, self.line, self.column, message)


def read_folder(folder: Path) -> tuple[Item, ...]:
    """The items of every `*.yaml` in a folder, in the order in which they are to be done.

    They are done in order of `at`; at the same time, as they stand.

    Raises:
        CommandFileError: The files have problems, all of them named.
    """
    reader = _Reader()
    for path in sorted(folder.glob("*.yaml")):
        shown = f"{folder.name}/{path.name}"
        reader.read(read_sheet(path.read_bytes(), shown), f"{folder.name}/{path.stem}")
    items = sorted(reader.items, key=lambda item: item.at)
    reader.check_names(items)
    if reader.problems:
        raise CommandFileError(in_order(reader.problems))
    return tuple(items)


def resolved(value: Any, references: Mapping[str, str]) -> Any:
    """A value with every `{case: NAME}` in it as the reference of that case."""
    if isinstance(value, dict):
        if tuple(value) == ("case",):
            return references[value["case"]]
        return {key: resolved(one, references) for key, one in value.items()}
    if isinstance(value, list):
        return [resolved(one, references) for one in value]
    return value


def _named_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if tuple(value) == ("case",) and isinstance(value["case"], str):
            yield value["case"]
        else:
            for one in value.values():
                yield from _named_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from _named_in(one)


@dataclass(slots=True)
class _Reader:
    """Collects the items and the problems of all files."""

    items: list[Item] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def read(self, sheet: Sheet, prefix: str) -> None:
        """Take the items of one file."""
        self.problems += sheet.problems
        if not sheet.is_whole:
            return
        if not isinstance(sheet.tree, list):
            self.problems.append(Problem(sheet.file, *sheet.mark(()), sentence("commands.not_a_list")))
            return
        for number, node in enumerate(sheet.tree):
            before = len(self.problems)
            item = _ItemReader(sheet, number, node, self.problems).item(f"{prefix}:{number + 1}")
            if item is not None and len(self.problems) == before:
                self.items.append(item)

    def check_names(self, items: Iterable[Item]) -> None:
        """Every name is given once, before it is used."""
        given: dict[str, Item] = {}
        for item in items:
            self._check_used(item, given)
            name = item.keys.get("name")
            if name in given:
                first = given[name]
                message = sentence("commands.name_taken", name=name, file=first.file, line=first.line)
                self.problems.append(item.problem(message))
            elif name:
                given[name] = item

    def _check_used(self, item: Item, given: Mapping[str, Item]) -> None:
        cases = [name for name, where in given.items() if where.verb in {"new", "step"}]
        notes = [name for name, where in given.items() if where.verb == "note"]
        corrects = item.keys.get("corrects")
        wanted = [(name, cases) for name in sorted(item.names)] + ([(corrects, notes)] if corrects else [])
        for name, known in wanted:
            if name not in known:
                self.problems.append(item.problem(sentence("commands.unknown_name", name=name[:40])))


@dataclass(slots=True)
class _ItemReader:
    """Reads one item of a file, noting what is wrong with it."""

    sheet: Sheet
    number: int
    node: Any
    problems: list[Problem]

    def item(self, identity: str) -> Item | None:
        """The item; None when it is not to be understood at all."""
        if not isinstance(self.node, dict):
            self._wrong(sentence("commands.not_an_item"))
            return None
        verb = self._verb()
        if verb is None:
            return None
        self._check_keys(verb)
        for key, value in self.node.items():
            self._check_value(key, value, verb)
        at = self._at()
        if at is None or not isinstance(self.node.get("as"), str):
            return None
        line, column = self.sheet.mark((self.number,))
        return Item(self.sheet.file, line, column, identity, at, self.node["as"], verb, self.node)

    def _verb(self) -> str | None:
        """What is done. `step` is also how a case is opened."""
        found = [key for key in VERBS if key in self.node]
        if found == ["new", "step"]:
            found = ["new"]
        if len(found) == 1:
            return found[0]
        message = "commands.many_verbs" if found else "commands.no_verb"
        self._wrong(sentence(message, words=tuple(found or VERBS)))
        return None

    def _check_keys(self, verb: str) -> None:
        needs, may = VERBS[verb]
        allowed = (*ALWAYS, verb, *needs, *may)
        for key in self.node:
            if key not in _KEYS:
                self._wrong(sentence("definition.unknown_key", key=key[:60]), key, closest(key, allowed))
            elif key not in allowed:
                self._wrong(sentence("commands.key_not_here", key=key, verb=verb), key, closest("", allowed))
        for key in (*ALWAYS, *needs):
            if key not in self.node:
                self._wrong(sentence("commands.missing_key", key=key))

    def _check_value(self, key: str, value: Any, verb: str) -> None:
        if key in _MAPPINGS:
            if not isinstance(value, dict):
                self._wrong(sentence("commands.not_a_mapping", key=key), key)
        elif key == "on" and isinstance(value, list) and verb == "step":
            if not value or not all(isinstance(name, str) and _NAME.fullmatch(name) for name in value):
                self._wrong(sentence("commands.not_a_name", key=key), key)
        elif not isinstance(value, str) or not value.strip():
            self._wrong(sentence("commands.not_a_text", key=key[:60]), key)
        elif key in (*_CASES, "name", "corrects") and not _NAME.fullmatch(value):
            self._wrong(sentence("commands.not_a_name", key=key), key)
        elif key == "judgement" and value not in ("ja", "nej"):
            self._wrong(sentence("commands.not_yes_no", key=key), key)

    def _at(self) -> datetime | None:
        text = self.node.get("at")
        try:
            if isinstance(text, str) and _AT.fullmatch(text):
                return datetime.fromisoformat(text)
        except ValueError:
            pass
        if text is not None:
            self._wrong(sentence("commands.not_a_time"), "at")
        return None

    def _wrong(self, message: Sentence, key: str | None = None, hint: Sentence | None = None) -> None:
        path: tuple[str | int, ...] = (self.number,) if key is None else (self.number, key)
        line, column = self.sheet.mark(path, key=key is not None)
        self.problems.append(Problem(self.sheet.file, line, column, message, hint))


def refusal_of(item: Item, reasons: tuple[Argument, ...]) -> Problem:
    """Why an item was not done, at its place in the file."""
    return item.problem(sentence("commands.refused", reasons=reasons))
