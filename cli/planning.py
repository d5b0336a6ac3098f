"""What was said of a plan, by options or in a file, as the engine takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cli.day import day
from cli.mistake import PlanFileError
from cli.values import read_attributes, read_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cli.session import Session

LISTS: Final = frozenset({"unit", "under", "on", "except"})
TEXTS: Final = (
    "name", "process", "step", "every", "rrule", "first", "last", "before", "kind", "source", "move", "day_field",
)  # fmt: skip
MAPPINGS: Final = ("where", "set")
OF_PAIRS: Final = ("where", "sets")
NAMES: Final[Mapping[str, str]] = {
    "unit": "units",
    "rrule": "rule",
    "except": "without",
    "before": "opens_before",
}


def planning_of(
    session: Session, options: Mapping[str, Any], source_file: str | None = None
) -> dict[str, Any]:
    """What is said: of a file, and by options over it. What nobody said is not there.

    Raises:
        PlanFileError: The file says what no plan has.
        WhenError: A day is none.
        PairError: A `--where` or `--set` is not `name=value`.
    """
    said = _of_file(read_file(source_file), source_file) if source_file else {}
    said |= {
        name: value for name, value in options.items() if value not in (None, ()) and name not in OF_PAIRS
    }
    if options["where"]:
        said["where"] = read_attributes(options["where"])
    if options["sets"]:
        said["values"] = said.get("values", {}) | read_attributes(options["sets"])
    for name in ("first", "last"):
        if name in said:
            said[name] = day(session, said[name]) if said[name] else None
    if "without" in said:
        said["without"] = [day(session, text) for text in said["without"]]
    if "kind" in said:
        said["law"] = said.pop("kind") == "law"
    return said


def _of_file(content: Mapping[str, Any], file: str | None) -> dict[str, Any]:
    known = (*TEXTS, *LISTS, *MAPPINGS)
    said: dict[str, Any] = {}
    for key, value in content.items():
        if key not in known:
            raise PlanFileError(file or "", key, known)
        if key in MAPPINGS and not isinstance(value, dict):
            raise PlanFileError(file or "", key, ())
        name = "values" if key == "set" else NAMES.get(key, key)
        said[name] = [str(one) for one in value] if isinstance(value, list) else value
        if key in LISTS and not isinstance(value, list):
            said[name] = [str(value)]
    if "opens_before" in said:
        text = str(said["opens_before"])
        if not text.isdecimal():
            raise PlanFileError(file or "", "before", ())
        said["opens_before"] = int(text)
    return said
