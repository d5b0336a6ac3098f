"""Data that is bytes or goes to a file: to stdout as it is, or to the file named by `-o`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from cli.mistake import EndingError, OutputFileError, OutputNeededError
from cli.reason import reason_of
from cli.session import is_terminal

ALSO: Final[dict[str, tuple[str, ...]]] = {
    "htm": ("html",), "markdown": ("md",), "txt": ("text", "table"), "mmd": ("mermaid",), "md": ("mermaid",),
}  # fmt: skip
"""Endings that people use for a format of another name."""


def put_bytes(data: bytes, output: str | None = None) -> None:
    """Write data to the file, else to stdout: text with a line end after it, anything else to the byte.

    Raises:
        OutputFileError: The file cannot be written.
        OutputNeededError: It is no text, and stdout is a terminal.
    """
    if output is not None and output != "-":
        try:
            Path(output).write_bytes(data)
        except OSError as error:
            raise OutputFileError(output, reason_of(error, writing=True)) from None
        return
    if sys.stdout is None:
        return
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = ""
    if text and "\0" not in text:
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
    elif is_terminal(sys.stdout):
        raise OutputNeededError
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)


def format_of(asked: str | None, output: str | None, known: tuple[str, ...], otherwise: str) -> str:
    """The format that was asked for, else the one that the file's name ends with, else the usual one.

    Raises:
        EndingError: The name ends with something that is no format; said before anything is written.
    """
    if asked is not None:
        return asked
    ending = Path(output).suffix.lstrip(".").casefold() if output else ""
    meant = next((name for name in (ending, *ALSO.get(ending, ())) if name in known), otherwise)
    if ending and meant not in (ending, *ALSO.get(ending, ())):
        raise EndingError(ending[:20], known)
    return meant
