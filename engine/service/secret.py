"""A secret that comes from the environment or from a file that it names, and never stands in the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret: itself, or the file that it is in. It is shown nowhere."""

    text: str | None = field(default=None, repr=False)
    path: str | None = None

    @staticmethod
    def of(variables: Mapping[str, str], name: str) -> Secret:
        """The secret that variables name: `NAME`, else the file `NAME_FILE`."""
        return Secret(variables.get(name), variables.get(f"{name}_FILE"))

    def read(self) -> str | None:
        """The secret, without the line end of its file; None when there is none or the file cannot be read."""
        if self.text is not None or not self.path:
            return self.text
        try:
            return Path(self.path).read_text("utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError):
            return None
