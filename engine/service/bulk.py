"""One step over many cases that are alike, where the definition allows it: looked over first, then taken one by one.

Each case gets an event of its own by a command of its own, whose id follows from that of the whole; so one that is done
again takes no step twice. It must not know how a step is decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from engine.cases.decision import Actor, Refusal, TakeStep
from engine.errors import (
    ConcurrentChangeError,
    HjulError,
    RefusedError,
    UnknownCaseError,
    UnknownProcessError,
    UnknownStepError,
)
from engine.language.sentence import Words, sentence
from engine.service.case import CaseService
from engine.service.deciding import Decider
from engine.service.filter import name_process
from engine.service.listed import CaseRow
from engine.service.register import RegisterService

BATCH: Final = 100
"""Cases in one commit, where commits are costly; others write between two."""
PAGE: Final = 500
Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which cases: those of a process that `hjul cases` would list with the same words."""

    process: str
    where: tuple[str, ...] = ()
    state: str | None = None
    unit: str | None = None
    from_: date | None = None
    to: date | None = None
    search: str | None = None


@dataclass(frozen=True, slots=True)
class Unmoved:
    """A case that does not go along, and why."""

    row: CaseRow
    error: HjulError


@dataclass(frozen=True, slots=True)
class BulkPlan:
    """What a step over many would do now: the cases that go, and those that do not."""

    process: str
    step: str
    label: Words
    going: tuple[CaseRow, ...]
    staying: tuple[Unmoved, ...]


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What it did."""

    command_id: str
    done: tuple[str, ...]
    staying: tuple[Unmoved, ...]


@dataclass(slots=True)
class BulkService:
    """Takes a step of many cases. `actor` says who asks."""

    decider: Decider
    actor: Callable[[], Actor]
    cases: CaseService
    register: RegisterService

    def plan(
        self, selection: Selection, step: str, *, values: Mapping[str, Any] | None = None, comment: str | None = None,
        told: Told | None = None,
    ) -> BulkPlan:  # fmt: skip
        """Look over what the step would do; nothing is written.

        Args:
            selection: Which cases. Of these, those whose status the step may be taken from.
            step: The step, by key or label.
            values: What is given for it, the same for all.
            comment: A comment, the same for all.
            told: Told now and then how many have been looked at, of how many.

        Raises:
            RefusedError: The step is not one that may be taken over many.
            UnknownProcessError: There is no such process.
            UnknownStepError: It has no such step.
            HjulError: The selection cannot be read, as in `RegisterService.cases`.
        """
        process, key, label, states = self._named(selection.process, step)
        rows = list(self._selected(selection, process, states))
        going: list[CaseRow] = []
        staying: list[Unmoved] = []
        for number, row in enumerate(rows, 1):
            fault = self._fault(row.reference, key, values, comment)
            if fault is None:
                going.append(row)
            else:
                staying.append(Unmoved(row, fault))
            if told is not None:
                told(number, len(rows))
        return BulkPlan(process, key, label, tuple(going), tuple(staying))

    def take(
        self, plan: BulkPlan, *, values: Mapping[str, Any] | None = None, comment: str | None = None,
        command_id: str | None = None, together: bool = False, told: Told | None = None,
    ) -> BulkResult:  # fmt: skip
        """Take the step of every case that goes. One that is refused now, since others came between, stops no other.

        Args:
            plan: What `plan` gave.
            values: As there.
            comment: As there.
            command_id: An id of the caller's own: done again with it, no step is taken twice.
            together: All or nothing, in one transaction.
            told: Told now and then how many are done, of how many.

        Raises:
            RefusedError: With `together`: one was refused, and nothing has changed.
            ConcurrentChangeError: With `together`: one changed meanwhile, and nothing has changed.
            StorageError: The database cannot be written; what was done before that stays done.
        """
        whole = command_id or self.decider.new_id()
        if together:
            for one in plan.staying:
                raise one.error
            done = self._take_together(plan, values, comment, whole)
            return BulkResult(whole, done, ())
        done_so_far: list[str] = []
        staying = list(plan.staying)
        for start in range(0, len(plan.going), BATCH):
            batch = plan.going[start : start + BATCH]
            taken, left = self._take_batch(batch, plan.step, values, comment, whole)
            done_so_far += taken
            staying += left
            if told is not None:
                told(start + len(batch), len(plan.going))
        return BulkResult(whole, tuple(done_so_far), tuple(staying))

    # --- inside

    def _named(self, process: str, step: str) -> tuple[str, str, Words, tuple[str, ...]]:
        with self.decider.database.read() as session:
            key = name_process(session, process)
            definition = self.decider.ask(lambda facts: facts.newest(key), session)
        if definition is None:
            raise UnknownProcessError(key, ())
        found = definition.process.find_step(step)
        if found is None:
            steps = tuple(name for name, one in definition.process.steps.items() if one.bulk)
            raise UnknownStepError(step[:60], definition.process.nearest_step(step, steps))
        taken = definition.process.steps[found]
        if not taken.bulk:
            many = tuple(one.label for one in definition.process.steps.values() if one.bulk)
            reason = sentence("bulk.none" if not many else "bulk.not_allowed", steps=many)
            raise RefusedError(Refusal("not_bulk", (reason,), step=found, label=taken.label))
        return key, found, taken.label, definition.process.sources[found]

    def _selected(self, selection: Selection, process: str, states: Sequence[str]) -> Iterator[CaseRow]:
        """The cases that are meant, newest first."""
        after: str | None = None
        while True:
            page = self.register.cases(
                process=process, state=selection.state, unit=selection.unit, from_=selection.from_, to=selection.to,
                where=selection.where, search=selection.search, after=after, limit=PAGE,
            )  # fmt: skip
            yield from (row for row in page.rows if row.state in states)
            if page.next is None:
                return
            after = page.next

    def _fault(
        self, reference: str, step: str, values: Mapping[str, Any] | None, comment: str | None
    ) -> HjulError | None:
        try:
            return self.cases.consider_step(reference, step, values=values, comment=comment)
        except (UnknownCaseError, ConcurrentChangeError) as error:
            return error

    def _take_batch(
        self,
        rows: Sequence[CaseRow],
        step: str,
        values: Mapping[str, Any] | None,
        comment: str | None,
        whole: str,
    ) -> tuple[list[str], list[Unmoved]]:
        done, left = [], []
        with self.decider.database.gathered():
            for row in rows:
                try:
                    self.cases.take_step(
                        row.reference,
                        step,
                        values=values,
                        comment=comment,
                        command_id=f"{whole}:{row.reference}",
                    )
                except (RefusedError, UnknownCaseError, ConcurrentChangeError) as error:
                    left.append(Unmoved(row, error))
                else:
                    done.append(row.reference)
        return done, left

    def _take_together(
        self, plan: BulkPlan, values: Mapping[str, Any] | None, comment: str | None, whole: str
    ) -> tuple[str, ...]:
        actor = self.actor()
        self.decider.run_all(
            [
                TakeStep(
                    f"{whole}:{row.reference}", actor, reference=row.reference, step=plan.step, values=values or {},
                    comment=comment,
                )
                for row in plan.going
            ]
        )  # fmt: skip
        return tuple(row.reference for row in plan.going)
