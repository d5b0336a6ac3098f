"""Reads the files of a process into its document, and tells all problems of the files together.

A process stands in `process.yaml`; the lists, which all processes share, in `lists.yaml` beside the folders
of the processes. It must not know what makes a process sound (`check` does) or any particular process.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from engine.definition.document import Document, build
from engine.definition.model import CodeList, Key
from engine.definition.place import Places
from engine.definition.problem import Problem, closest, in_order
from engine.definition.shape import validated
from engine.definition.sheet import Sheet
from engine.definition.yaml import read_sheet
from engine.errors import DefinitionError
from engine.language.sentence import sentence

LISTS: Final = dict[Key, CodeList]


def load_process(
    path: Path, lists_path: Path | None = None, overrides: Mapping[str, Any] | None = None
) -> Document:
    """The document of a process file.

    Args:
        path: The file, such as `processes/<key>/process.yaml`.
        lists_path: The lists; else `lists.yaml`, if there is one, in the folder above the file's or in its
            own.
        overrides: Parameters that are set to something else than their default; own codes as their file.

    Raises:
        DefinitionError: The files have problems.
        UnknownParameterError: An override names no parameter of the process.
        ParameterError: An override is not accepted.
    """
    if lists_path is None:
        lists_path = next(
            (p for p in (path.parent.parent / "lists.yaml", path.parent / "lists.yaml") if p.is_file()), None
        )
    return _load(_sheet(path), _sheet(lists_path) if lists_path else None, overrides)


def load_text(
    text: str | bytes,
    lists: str | bytes | None = None,
    overrides: Mapping[str, Any] | None = None,
    *,
    file: str = "process.yaml",
    lists_file: str = "lists.yaml",
) -> Document:
    """The document of a process that is at hand as YAML; `file` and `lists_file` name the texts in problems.

    Raises:
        DefinitionError: The texts have problems.
        UnknownParameterError: An override names no parameter of the process.
        ParameterError: An override is not accepted.
    """
    sheet = read_sheet(_data(lists), lists_file) if lists is not None else None
    return _load(read_sheet(_data(text), file), sheet, overrides)


def _data(text: str | bytes) -> bytes:
    return text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text


def _sheet(path: Path) -> Sheet:
    try:
        return read_sheet(path.read_bytes(), str(path))
    except OSError:
        problem = Problem(str(path), 1, 1, sentence("definition.no_file"))
        return Sheet(str(path), problems=(problem,), is_whole=False)


def _load(process: Sheet, lists: Sheet | None, overrides: Mapping[str, Any] | None) -> Document:
    places = Places(process, lists)
    problems = [*process.problems, *(lists.problems if lists else ())]
    if not process.is_whole or (lists and not lists.is_whole):
        raise DefinitionError(in_order(problems))
    known = _lists(lists, places, problems) if lists else {}
    places = replace(places, own=_own_sheets(process.tree, overrides or {}))
    given = {**(overrides or {}), **{name: sheet.tree for name, sheet in places.own.items()}}
    problems += [problem for sheet in places.own.values() for problem in sheet.problems]
    if problems and any(not sheet.is_whole for sheet in places.own.values()):
        raise DefinitionError(in_order(problems))
    try:
        document = build(process.tree, known, given, places)
    except DefinitionError as error:
        marked = {(p.file, p.line, p.column) for p in problems if p.line}
        problems += [p for p in error.problems if (p.file, p.line, p.column) not in marked]
    if problems:
        raise DefinitionError(in_order(problems))
    return document


def _own_sheets(tree: Any, overrides: Mapping[str, Any]) -> dict[str, Sheet]:
    """The files of own codes that parameters are set to, by parameter. One that is set to nothing has none."""
    written = tree.get("parameters") if isinstance(tree, dict) else None
    return {
        name: _sheet(Path(given))
        for name, given in overrides.items()
        if isinstance(written, dict) and isinstance(written.get(name), dict)
        and written[name].get("type") == "own_codes" and isinstance(given, str) and given not in ("", "{}")
    }  # fmt: skip


def _lists(sheet: Sheet, places: Places, problems: list[Problem]) -> dict[str, Any]:
    """The lists of their file as written; what is wrong with them is added to the problems."""
    tree = sheet.tree
    lists = tree.get("lists") if isinstance(tree, dict) else None
    if not isinstance(lists, dict) or not isinstance(tree, dict):
        line, column = sheet.mark(("lists",))
        problems.append(Problem(sheet.file, line, column, sentence("definition.not_lists")))
        return {}
    for key in tree:
        if key != "lists":
            line, column = sheet.mark((key,), key=True)
            message = sentence("definition.unknown_key", key=key[:60])
            problems.append(Problem(sheet.file, line, column, message, closest(key, ("lists",)), key))
    problems += validated(LISTS, lists, places, ("lists",))[1]
    return lists
