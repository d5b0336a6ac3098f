"""A definition under inspection: the process, where its parts stand, and what was found wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from engine.definition.condition import Base
from engine.definition.model import Process, Step, Tells, Who
from engine.definition.part import Model, key_of
from engine.definition.place import Places
from engine.definition.problem import Path, Problem, closest
from engine.definition.soundness.flow import Flow
from engine.language.sentence import Argument, Sentence, sentence

READABLE: Final = ("$unit", "$assignee", "$reporter")
"""The intrinsics that a condition may read."""
SETTABLE: Final = ("unit", "assignee")
"""The intrinsics that a step may ask for and set."""


@dataclass
class Survey:
    """What the inspectors share. `tree` is the process as written, with its references to parameters."""

    process: Process
    places: Places
    tree: Mapping[str, Any]
    known: Mapping[str, Process]
    found: list[Problem] = field(default_factory=list)

    @cached_property
    def flow(self) -> Flow:
        """Which states and steps follow on which."""
        return Flow(self.process)

    def own_codes_over(self, name: str | None) -> Path | None:
        """Where the own codes stand that are laid over a list; None when there are none."""
        for key, parameter in self.process.parameters.items():
            if parameter.type == "own_codes" and parameter.list == name and self.places.parameters.get(key):
                return ("parameters", key, "value")
        return None

    def say(
        self,
        at: Path,
        message: str,
        hint: Sentence | None = None,
        *,
        key: bool = False,
        **arguments: Argument,
    ) -> None:
        """Note a problem, `definition.` + message; `key` points at the key instead of the value."""
        said = sentence(f"definition.{message}", **arguments)
        self.found.append(self.places.problem(at, said, hint, key=key))

    def unknown(self, at: Path, what: str, name: str, accepted: Iterable[str], *, key: bool = False) -> None:
        """Note a name that nothing has, with the name that was probably meant."""
        self.say(at, f"unknown_{what}", closest(name, accepted), key=key, name=name[:60])

    def demand(
        self, at: Path, what: str, name: str | None, accepted: Iterable[str], *, key: bool = False
    ) -> bool:
        """Whether a name (if there is one) is among the accepted; else it is noted."""
        if name is None or name in accepted:
            return True
        self.unknown(at, what, name, accepted, key=key)
        return False


@dataclass(frozen=True, slots=True)
class Placed:
    """A condition, where it stands, and the states that the case may be in when it is asked."""

    at: Path
    condition: Base
    states: tuple[str, ...]


def remedy(message: str, **arguments: Argument) -> Sentence:
    """A remedy: `remedy("ask_it")`."""
    return sentence(f"definition.hint.{message}", **arguments)


def walk(node: Any, at: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every node of a model with its place, from the top down."""
    yield at, node
    if isinstance(node, Model):
        for name in type(node).declared:
            yield from walk(getattr(node, name), (*at, key_of(name)))
    elif isinstance(node, Mapping):
        for key, value in node.items():
            yield from walk(value, (*at, key))
    elif isinstance(node, tuple):
        for index, value in enumerate(node):
            yield from walk(value, (*at, index))


def conditions(survey: Survey) -> Iterator[Placed]:
    """Every condition that is asked about a case as a whole; the conditions inside it are not given again."""
    process = survey.process
    for key, step in process.steps.items():
        before = process.sources[key]
        for at, condition in _outermost(step, ("steps", key)):
            is_guard = at[2] in ("when", "asks", "may_ask", "by", "warns", "guides")
            after = tuple(filter(None, (step.to or step.opens,)))
            yield Placed(at, condition, before if is_guard else (*before, *after))
    for key, state in process.states.items():
        for at, condition in _outermost(state, ("states", key)):
            yield Placed(at, condition, (key,))


def _outermost(node: Any, at: Path) -> Iterator[tuple[Path, Base]]:
    inside: list[Path] = []
    for path, found in walk(node, at):
        if isinstance(found, Base) and not any(path[: len(top)] == top for top in inside):
            inside.append(path)
            yield path, found


def whos(survey: Survey) -> Iterator[tuple[Path, Who, Step | None]]:
    """Everyone who takes a step, is expected to, or is told; with the step for those who take one."""
    for key, step in survey.process.steps.items():
        for index, who in enumerate(step.by):
            yield ("steps", key, "by", index), who, step
        for number, tells in enumerate(step.tells):
            yield from ((at, who, None) for at, who in _told(tells, ("steps", key, "tells", number)))
    for key, state in survey.process.states.items():
        for number, expectation in enumerate(state.expects):
            for index, who in enumerate(expectation.by or ()):
                yield ("states", key, "expects", number, "by", index), who, None


def _told(tells: Tells, at: Path) -> Iterator[tuple[Path, Who]]:
    for index, who in enumerate(tells.who):
        yield (*at, "who", index), who
