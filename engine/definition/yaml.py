"""Reads a YAML file into its `Sheet`.

Read as YAML 1.2 with less: every scalar is a text, whether it is quoted or not; a key may stand once;
anchors, aliases, tags, merge keys and directives are refused; size and depth are bounded. All problems that
leave the rest readable are collected. It must not know what a definition is.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from engine.definition.problem import Path, Problem, dotted
from engine.definition.sheet import MAX_BYTES, MAX_DEPTH, Mark, Sheet
from engine.language.sentence import Argument, Sentence, sentence

KEPT: Final = 16
"""Sheets that are kept when they have been read."""
_UNWANTED: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ufeff\ud800-\udfff]")
_FOLDED: Final = str.maketrans("åäöÅÄÖéÉüÜ", "aaoAAOeEuU")

# What the library says -> our sentence. The first whose text is in its message.
_SYNTAX: Final = (
    ("'\\t'", "definition.tab"),
    ("while scanning a quoted scalar", "definition.open_quote"),
    ("while scanning a double-quoted scalar", "definition.bad_escape"),
    ("expected ',' or ']'", "definition.open_bracket"),
    ("expected ',' or '}'", "definition.open_brace"),
    ("mapping values are not allowed", "definition.stray_colon"),
    ("could not find expected ':'", "definition.missing_colon"),
    ("cannot start any token", "definition.needs_quotes"),
    ("<block end>", "definition.bad_indent"),
    ("expected alphabetic or numeric", "definition.needs_quotes"),
)

# What was begun and not ended: the place is where it began.
_OPENED: Final = ("definition.open_quote", "definition.open_bracket", "definition.open_brace")


@lru_cache(maxsize=KEPT)
def read_sheet(data: bytes, file: str, *, any_key: bool = False) -> Sheet:
    """Read a YAML file. What is wrong stands in `problems`; the tree is what could be read.

    With `any_key` its keys may be written in any letters: they are somebody else's words.
    Reading is most of what it takes to load a process, and several processes have the same lists; so the sheets that
    were read last are kept. A sheet is shared, and not to be changed.
    """
    if len(data) > MAX_BYTES:
        return _unreadable(file, (1, 1), "definition.too_large", size=len(data), most=MAX_BYTES)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        mark = (before.count(b"\n") + 1, error.start - before.rfind(b"\n"))
        return _unreadable(file, mark, "definition.not_utf8")
    reader = _Reader(file, any_key=any_key)
    is_whole = False
    try:
        reader.read(text)
        is_whole = True
    except _UnreadableError as stopped:
        reader.problem(stopped.mark, stopped.message)
    except MarkedYAMLError as error:
        said = _syntax(f"{error.context} {error.problem}")
        begun = error.context_mark if said.id in _OPENED else None
        place = begun or error.problem_mark or error.context_mark
        mark = (place.line + 1, place.column + 1) if place is not None else (1, 1)
        reader.problem(mark, said)
    except ReaderError as error:
        before_it = text[: error.position]
        mark = (before_it.count("\n") + 1, error.position - before_it.rfind("\n"))
        character = error.character if isinstance(error.character, int) else ord(error.character)
        reader.problem(mark, sentence("definition.control_character", code=f"U+{character:04X}"))
    except (YAMLError, ValueError, RecursionError):
        reader.problem(reader.last, sentence("definition.syntax"))
    return Sheet(file, reader.tree, reader.values, reader.keys, tuple(reader.problems), is_whole)


def _unreadable(file: str, mark: Mark, message: str, **arguments: Argument) -> Sheet:
    return Sheet(file, problems=(Problem(file, *mark, sentence(message, **arguments)),), is_whole=False)


def _syntax(said: str) -> Sentence:
    return next(
        (sentence(message) for part, message in _SYNTAX if part in said), sentence("definition.syntax")
    )


class _UnreadableError(Exception):
    """Reading cannot go on."""

    def __init__(self, mark: Mark, message: Sentence) -> None:
        super().__init__()
        self.mark = mark
        self.message = message


@dataclass(slots=True)
class _Frame:
    """A mapping or sequence that is being read. `path` is None below a duplicate key: read, but not kept."""

    container: dict[str, Any] | list[Any]
    path: Path | None
    key: str | None = None
    is_kept: bool = True


class _Reader:
    """Makes the tree out of the parser's events."""

    def __init__(self, file: str, *, any_key: bool) -> None:
        self.file = file
        self.any_key = any_key
        self.tree: Any = ""
        self.values: dict[Path, Mark] = {}
        self.keys: dict[Path, Mark] = {}
        self.problems: list[Problem] = []
        self.last: Mark = (1, 1)
        self._frames: list[_Frame] = []
        self._documents = 0

    def read(self, text: str) -> None:
        """Read all events of the text."""
        for event in YAML(typ="safe", pure=True).parse(io.StringIO(text)):
            self.last = (event.start_mark.line + 1, event.start_mark.column + 1)
            if isinstance(event, DocumentStartEvent):
                self._begin(event)
            elif isinstance(event, (MappingStartEvent, SequenceStartEvent)):
                self._plain(event)
                self._open({} if isinstance(event, MappingStartEvent) else [])
            elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
                self._frames.pop()
            elif isinstance(event, AliasEvent):
                self.problem(self.last, sentence("definition.alias", name=str(event.anchor)))
                self._scalar("")
            elif isinstance(event, ScalarEvent):
                if event.start_mark.index == event.end_mark.index:  # nothing stands there: the key does
                    self.last = self._key_mark()
                self._plain(event)
                self._scalar(event.value)
        if not self._documents:
            raise _UnreadableError((1, 1), sentence("definition.empty_file"))

    def problem(self, mark: Mark, message: Sentence, hint: Sentence | None = None) -> None:
        """Note a problem."""
        frame = self._frames[-1] if self._frames else None
        path = dotted((*(frame.path or ()), *((frame.key,) if frame.key else ()))) if frame else ""
        self.problems.append(Problem(self.file, *mark, message, hint, path))

    def _key_mark(self) -> Mark:
        frame = self._frames[-1] if self._frames else None
        key = (*(frame.path or ()), frame.key) if frame is not None and frame.key is not None else ()
        return self.keys.get(key, self.last)

    def _begin(self, event: DocumentStartEvent) -> None:
        self._documents += 1
        if self._documents > 1:
            raise _UnreadableError(self.last, sentence("definition.many_documents"))
        if event.version or event.tags:
            self.problem((1, 1), sentence("definition.directive"))

    def _plain(self, event: Any) -> None:
        if event.anchor:
            self.problem(self.last, sentence("definition.anchor", name=str(event.anchor)))
        if event.tag:
            self.problem(
                self.last, sentence("definition.tag", tag=str(event.tag).replace("tag:yaml.org,2002:", "!!"))
            )

    def _open(self, container: dict[str, Any] | list[Any]) -> None:
        if len(self._frames) >= MAX_DEPTH:
            raise _UnreadableError(self.last, sentence("definition.too_deep", most=MAX_DEPTH))
        if self._wants_key():
            raise _UnreadableError(self.last, sentence("definition.key_not_text"))
        self._frames.append(_Frame(container, self._put(container)))

    def _scalar(self, text: str) -> None:
        if found := _UNWANTED.search(text):
            self.problem(self.last, sentence("definition.control_character", code=f"U+{ord(found[0]):04X}"))
            text = _UNWANTED.sub("", text)
        if self._wants_key():
            self._key(text)
        else:
            self._put(text)

    def _wants_key(self) -> bool:
        frame = self._frames[-1] if self._frames else None
        return frame is not None and isinstance(frame.container, dict) and frame.key is None

    def _key(self, key: str) -> None:
        frame = self._frames[-1]
        frame.key, frame.is_kept = key, False
        if key == "<<":
            self.problem(self.last, sentence("definition.merge_key"))
        elif not (self.any_key or key.isascii()):
            folded = key.translate(_FOLDED)
            hint = sentence("definition.did_you_mean", word=folded) if folded.isascii() else None
            self.problem(self.last, sentence("definition.key_not_ascii", key=key[:60]), hint)
        elif key in frame.container:
            first = self.keys.get((*(frame.path or ()), key), self.last)
            self.problem(self.last, sentence("definition.duplicate_key", key=key[:60], line=first[0]))
        else:
            frame.is_kept = True
        if frame.path is not None and frame.is_kept:
            self.keys[*frame.path, key] = self.last

    def _put(self, value: Any) -> Path | None:
        """Place a value where it belongs; the path it got, None when it is not kept."""
        if not self._frames:
            self.tree, self.values[()] = value, self.last
            return ()
        frame = self._frames[-1]
        if isinstance(frame.container, list):
            step: str | int = len(frame.container)
            frame.container.append(value)
        else:
            step, frame.key = str(frame.key), None
            if not frame.is_kept:
                return None
            frame.container[step] = value
        if frame.path is None:
            return None
        path = (*frame.path, step)
        self.values[path] = self.last
        return path
