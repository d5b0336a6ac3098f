"""Opening the cases that the year wheel has come to: each occasion once, whoever does it and however often.

Each occasion is one command with an id of its own, recorded together with the event of its plan. So several may do it
at once, one that was killed is continued by the next, and after a standstill what was missed is opened in order. It
must not know who calls it, nor when.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.cases.decision import Refusal
from engine.errors import ConcurrentChangeError, DuplicateError, RefusedError, UnknownUnitError
from engine.service.deciding import Decider
from engine.service.occasion import Found, opening_of, to_open, window
from engine.store.schedule import load_schedules, load_trees


@dataclass(frozen=True, slots=True)
class Opened:
    """What became of an occasion that was to be opened.

    Attributes:
        found: The occasion.
        reference: Its case; None when it was not opened.
        repeated: Whether somebody else had opened it.
        refusal: Why it was not opened; None too when it was skipped meanwhile.
    """

    found: Found
    reference: str | None
    repeated: bool = False
    refusal: Refusal | None = None


@dataclass(slots=True)
class OpeningService:
    """Opens what is due."""

    decider: Decider

    def due(self) -> tuple[Found, ...]:
        """The occasions whose cases are to be opened now, in order. Reads nothing but the plans when there are none.

        Raises:
            StorageError: The database cannot be read.
        """
        with self.decider.database.snapshot() as session:
            facts = self.decider.loader(session).facts
            schedules = load_schedules(session, window(facts.today))
            if not schedules:
                return ()
            trees = load_trees(session, facts.day_of)
        return to_open(schedules.values(), trees, facts.calendar, facts.today)

    def open_due(self, is_stopped: Callable[[], bool] = lambda: False) -> Iterator[Opened]:
        """Open what is due, one after the other, until all is done or somebody says stop.

        Args:
            is_stopped: Asked before each.

        Raises:
            StorageError: The database cannot be written.
        """
        for found in self.due():
            if is_stopped():
                return
            yield self.open(found)

    def open(self, found: Found) -> Opened:
        """Open the case of an occasion.

        Raises:
            StorageError: The database cannot be written.
        """
        try:
            outcome, decision = self.decider.run(opening_of(found))
        except RefusedError as error:
            is_gone = any(why.id.startswith("schedule.") for why in error.refusal.reasons)
            return Opened(found, None, refusal=None if is_gone else error.refusal)
        except (ConcurrentChangeError, DuplicateError, UnknownUnitError):
            return Opened(found, None)  # the next who looks finds it as it is then
        return Opened(found, outcome.results[0].reference, repeated=decision is None)
