"""Which states and steps follow on which, as the definition allows it and whatever its conditions say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from engine.definition.model import Process


@dataclass
class Flow:
    """The graph of a process: its states, and the steps between them."""

    process: Process

    @cached_property
    def after(self) -> Mapping[str, frozenset[str]]:
        """Each state -> the states that one step leads to from it, itself not counted when the step stays."""
        following: dict[str, set[str]] = {state: set() for state in self.process.states}
        for key, step in self.process.steps.items():
            if step.to in following and not step.stays:
                for source in self.process.sources[key]:
                    if source in following:
                        following[source].add(step.to)
        return {state: frozenset(states) for state, states in following.items()}

    def reach(self, states: Iterable[str]) -> frozenset[str]:
        """These states and all that can be reached from them."""
        reached = {state for state in states if state in self.process.states}
        waiting = list(reached)
        while waiting:
            new = self.after[waiting.pop()] - reached
            reached |= new
            waiting += new
        return frozenset(reached)

    @cached_property
    def reachable(self) -> frozenset[str]:
        """The states that a case can come to."""
        return self.reach(step.opens for step in self.process.steps.values() if step.opens)

    @cached_property
    def ending(self) -> frozenset[str]:
        """The states from which a final state can be reached."""
        final = {state for state, definition in self.process.states.items() if definition.final}
        return frozenset(state for state in self.process.states if self.reach([state]) & final)

    def left_in(self, step: str) -> frozenset[str]:
        """The states that a case can be in when a step has just been taken."""
        definition = self.process.steps[step]
        if definition.opens:
            return frozenset({definition.opens}) & self.process.states.keys()
        sources = frozenset(self.process.sources[step]) & self.reachable
        if definition.stays or definition.to is None:
            return sources
        return frozenset({definition.to}) & self.process.states.keys() if sources else frozenset()

    def may_precede(self, first: str, second: str) -> bool:
        """Whether some case can take `first` and later `second`."""
        return bool(self.reach(self.left_in(first)) & frozenset(self.process.sources[second]))
