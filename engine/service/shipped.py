"""Where the data lies that comes with Hjul. It must not know what is in it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


def shipped_folder(name: str) -> Path:
    """A folder of data that comes with Hjul (`processes`, `examples`), inside a checkout or an installation."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise LookupError(name)
    return Path(spec.submodule_search_locations[0])
