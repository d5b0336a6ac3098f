"""The `transitions` machine of a definition: the one truth at run time about which step leads where.

Built once per definition and shared by all its cases. Nothing is fired in the hot path: the machine's own transition
is looked up (`target`), which costs almost nothing, and no second table stands beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from transitions import Machine

if TYPE_CHECKING:
    from engine.definition.model import Process

UNBORN: Final = "-"
"""The pseudo-state before a case is opened."""


def build_machine(process: Process) -> Machine:
    """The machine of a process: its states, `UNBORN`, and one trigger per step. A staying step is internal."""
    machine = Machine(model=None, states=[UNBORN, *process.states], initial=UNBORN, auto_transitions=False)
    for key, step in process.steps.items():
        if step.opens:
            machine.add_transition(key, UNBORN, step.opens)
        for source in process.sources[key]:
            machine.add_transition(key, source, None if step.stays else step.to)
    return machine


def target(machine: Machine, step: str, state: str) -> str | None:
    """Where `step` leads from `state` (the same state when it stays); None when it may not be taken there."""
    event = machine.events.get(step)
    found = event.transitions.get(state) if event is not None else None
    if not found:
        return None
    dest = found[0].dest
    return state if dest is None else str(dest)
