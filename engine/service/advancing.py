"""Automatic steps that become true because a day has come; a duty of `tick`.

What an event makes true is taken with the event. Only a condition that asks what day it is can become true by itself,
so only cases in a state from which such a step leads are looked at, and only once a day. It must not know how a step is
taken.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from engine.cases.decision import Actor, Advance
from engine.errors import ConcurrentChangeError, RefusedError, UnknownCaseError
from engine.service.tick import Batch, Moment
from engine.store.reading import list_definitions
from engine.store.waiting import list_waiting

if TYPE_CHECKING:
    from engine.definition.model import Process
    from engine.service.deciding import Decider
    from engine.store.database import Session

MOST: Final = 10_000
"""So many cases are counted beforehand."""


@dataclass(slots=True)
class AdvancingService:
    """Takes automatic steps whose time has come."""

    decider: Decider
    key: str = field(default="steps", init=False)

    def count(self, moment: Moment) -> int:
        """How many cases may have to be looked at; 0 when nothing waits for a day."""
        if not moment.first:
            return 0
        with self.decider.database.read() as session:
            return len(list_waiting(session, self._places(session), 0, MOST))

    def do(self, moment: Moment, after: str, most: int) -> Batch:
        """Take the steps whose conditions hold.

        Raises:
            StorageError: The database cannot be read or written.
        """
        if not moment.first:
            return Batch()
        with self.decider.database.read() as session:
            cases = list_waiting(session, self._places(session), int(after or 0), most)
        done = sum(self._advance(reference, seq) for _, reference, seq in cases)
        return Batch(done, str(cases[-1][0]) if len(cases) == most else None)

    def _advance(self, reference: str, seq: int) -> int:
        """Take the step of a case, if one is open to it, and those that this makes true.

        The command's id says which case and where it stood.
        """
        command = Advance(f"tick:{reference}:{seq}", Actor(None), reference=reference)
        try:
            _, decision = self.decider.run(command)
        except RefusedError:
            return 0  # nothing has become true
        except (ConcurrentChangeError, UnknownCaseError):
            return 0  # whoever moved it lets it advance
        return 0 if decision is None else 1

    def _places(self, session: Session) -> list[tuple[str, str]]:
        """(process, state) from which an automatic step leads that asks what day it is."""
        found: dict[tuple[str, str], None] = {}
        for one in list_definitions(session):
            process = self.decider.library.get(session, one.hash).process
            found |= dict.fromkeys((process.process, state) for state in _states(process))
        return list(found)


def _states(process: Process) -> list[str]:
    return [
        state
        for key, step in process.steps.items()
        if step.automatic and any(condition.reads_today() for condition in step.when)
        for state in process.sources[key]
    ]
