"""Data that is bytes or goes to a file: to stdout as it is, or to the file named by `-o`."""

from __future__ import annotations

import sys
from pathlib import Path

from cli.mistake import OutputFileError


def put_bytes(data: bytes, output: str | None = None) -> None:
    """Write data to the file, else to stdout with a line end after it.

    Raises:
        OutputFileError: The file cannot be written.
    """
    if output is not None and output != "-":
        try:
            Path(output).write_bytes(data)
        except OSError as error:
            raise OutputFileError(output, error.strerror or type(error).__name__) from None
    elif sys.stdout is not None:
        text = data.decode()
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
