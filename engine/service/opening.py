"""Opening the cases that the year wheel has come to: each occasion once, whoever does it and however often.

Each occasion is one command with an id of its own, recorded together with the event of its plan. So several may do it
at once, one that was killed is continued by the next, and after a standstill what was missed is opened in order. It
must not know who calls it, nor when.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from engine.cases.decision import Fault, Refusal
from engine.errors import ConcurrentChangeError, DuplicateError, RefusedError
from engine.language.sentence import Sentence, sentence
from engine.service.deciding import Decider
from engine.service.occasion import Found, opening_of, to_open, window
from engine.service.tick import Batch, Moment
from engine.store.schedule import load_schedules, load_trees

TOGETHER: Final = 50
"""So many cases are opened in one commit."""


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
    """Opens what is due; a duty of `tick`."""

    decider: Decider
    key: str = field(default="schedules", init=False)

    def due(self, day: date | None = None) -> tuple[Found, ...]:
        """The occasions whose cases are to be opened by a day (today), in order.

        Raises:
            StorageError: The database cannot be read.
        """
        with self.decider.database.snapshot() as session:
            facts = self.decider.loader(session).facts
            when = day or facts.today
            schedules = load_schedules(session, window(when))
            if not schedules:
                return ()
            trees = load_trees(session, facts.day_of)
        return to_open(schedules.values(), trees, facts.calendar, when)

    def count(self, moment: Moment) -> int:
        """How many occasions wait to be opened."""
        return len(self.due(moment.day))

    def do(self, moment: Moment, after: str, most: int) -> Batch:
        """Open at most so many of what is due, beginning after a place; what is refused is told and passed over.

        Raises:
            StorageError: The database cannot be read or written.
        """
        waiting = [found for found in self.due(moment.day) if found.place > after]
        opened = [
            one
            for start in range(0, min(most, len(waiting)), TOGETHER)
            for one in self.open_together(waiting[start : min(start + TOGETHER, most)])
        ]
        problems = tuple(
            sentence(
                "schedule.not_opened", name=one.found.day.plan.name, day=one.found.day.due_on, unit=one.found.unit,
                why=(*one.refusal.reasons, *(_said(fault) for fault in one.refusal.faults)),
            )
            for one in opened
            if one.refusal is not None
        )  # fmt: skip
        done = sum(one.reference is not None and not one.repeated for one in opened)
        return Batch(done, waiting[most - 1].place if len(waiting) > most else None, problems)

    def open_together(self, waiting: Sequence[Found]) -> list[Opened]:
        """Open the cases of some occasions in one commit; when others came between, or one is refused, one by one.

        Raises:
            StorageError: The database cannot be written.
        """
        try:
            done = self.decider.run_together(map(opening_of, waiting))
        except (ConcurrentChangeError, DuplicateError):
            done = {}
        outcomes = [(found, done.get(opening_of(found).command_id)) for found in waiting]
        return [
            self.open(found) if outcome is None else Opened(found, outcome.results[0].reference)
            for found, outcome in outcomes
        ]

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
        except (ConcurrentChangeError, DuplicateError):
            return Opened(found, None)  # the next who looks finds it as it is then
        return Opened(found, outcome.results[0].reference, repeated=decision is None)


def _said(fault: Fault) -> Sentence:
    return sentence("schedule.fault", field=fault.label, why=fault.why)
