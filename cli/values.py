"""What was given on the command line: `--set` and `--from` become raw values, which the engine reads."""

from __future__ import annotations

import sys
from errno import EBADF
from pathlib import Path
from typing import Any, Final

from cli.mistake import InputFileError, InputFormError
from cli.reason import reason_of
from engine.language.sentence import sentence

STDIN: Final = "-"


def read_values(sets: tuple[str, ...], source_file: str | None) -> dict[str, Any]:
    """Values of a file (JSON or YAML) with those of `--set` over them.

    Raises:
        PairError: A `--set` is not `field=value`.
        InputFileError: The file cannot be read.
        InputFormError: It is neither JSON nor YAML of fields and values.
    """
    values = read_file(source_file) if source_file else {}
    if sets:
        from engine.cases.reading import read_pairs

        values.update(read_pairs(sets))
    return values


def read_file(name: str) -> dict[str, Any]:
    """Fields and values of a file, or of what is piped in when the name is `-`.

    Raises:
        InputFileError: The file cannot be read.
        InputFormError: It is neither JSON nor YAML of fields and values.
    """
    text = read_text(name)
    values = _json(text) if text.lstrip().startswith("{") else _yaml(name, text)
    if not isinstance(values, dict):
        raise InputFormError(name, 1, "mapping")
    return {str(key): value for key, value in values.items()}


def read_attributes(pairs: tuple[str, ...]) -> dict[str, str]:
    """`name=value` texts as attributes.

    Raises:
        PairError: One has no `=`.
    """
    if not pairs:
        return {}
    from engine.cases.reading import read_pairs

    return read_pairs(pairs)


def read_bytes(name: str) -> bytes:
    """What a file holds, or what is piped in.

    Raises:
        InputFileError: It cannot be read.
    """
    try:
        return _piped().buffer.read() if name == STDIN else Path(name).read_bytes()
    except OSError as error:
        raise InputFileError(name, reason_of(error)) from None


def _piped() -> Any:
    """What is piped in; nothing, when there is no such thing."""
    if sys.stdin is None:
        raise OSError(EBADF, "stdin")
    return sys.stdin


def read_text(name: str) -> str:
    """The text of a file, or what is piped in.

    Raises:
        InputFileError: It cannot be read, or is not UTF-8.
    """
    try:
        return _piped().read() if name == STDIN else Path(name).read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise InputFileError(name, sentence("cli.system.no_text")) from None
    except OSError as error:
        raise InputFileError(name, reason_of(error)) from None


def _json(text: str) -> Any:
    import json

    try:
        return json.loads(text, parse_float=str)
    except json.JSONDecodeError:
        return _yaml("JSON", text)
    except RecursionError:
        raise InputFormError("JSON", 1, "yaml") from None


def _yaml(name: str, text: str) -> Any:
    """YAML 1.2 with every scalar as text: `no` and `2026-03-01` stay what was written."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError

    try:
        return YAML(typ="base", pure=True).load(text) or {}
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise InputFormError(name, line, "yaml") from None
    except RecursionError:
        raise InputFormError(name, 1, "yaml") from None
