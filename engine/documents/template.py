"""Templates: the shipped ones only, in a sandbox, with users' text escaped. It must not know what is rendered."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment


def render(folder: Path, name: str, content: Mapping[str, Any]) -> str:
    """A template of a folder with its content; HTML is escaped, a name that is not given is an error."""
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folder), autoescape=name.startswith("html"), undefined=StrictUndefined,
        keep_trailing_newline=True,
    )  # fmt: skip
    return environment.get_template(f"{name}.j2").render(**content)
