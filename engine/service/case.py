"""Cases: open, take steps, correct, note, assign, connect.

Each use case is one command: decided and recorded by `Decider`, answered in the words of the definition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from engine.cases.decision import (
    Actor,
    AddEntry,
    Amend,
    Assign,
    ChangeDeadline,
    Command,
    LinkCases,
    OpenCase,
    Refusal,
    TakeStep,
)
from engine.cases.reference import asked_for, read_reference
from engine.errors import (
    HjulError,
    RefusedError,
    UnknownCaseError,
    UnknownPersonError,
    UnknownProcessError,
    UnknownStepError,
)
from engine.service.answering import answer
from engine.service.deciding import Decider
from engine.service.form import FormService
from engine.service.moment import instant_of
from engine.service.result import CaseView, EventView, StepForm, StepResult, StepView
from engine.service.showing import ShowService
from engine.service.witness import Witness
from engine.store import draft as drafts

if TYPE_CHECKING:
    from collections.abc import Callable

Raws = Mapping[str, Any]
T = TypeVar("T")


@dataclass(slots=True)
class CaseService:
    """What people do with cases. `actor` says who asks."""

    decider: Decider
    actor: Callable[[], Actor]
    showing: ShowService
    forms: FormService

    # --- commands

    def open_case(  # noqa: PLR0913  what a case can be opened with
        self,
        process: str,
        *,
        step: str | None = None,
        unit: str | None = None,
        values: Raws | None = None,
        link_to: str | None = None,
        link_row: str = "",
        occurred_at: str | None = None,
        comment: str | None = None,
        command_id: str | None = None,
        draft: int | None = None,
    ) -> StepResult:
        """Open a case.

        Args:
            process: Key of the process.
            step: An opening step; None for the first.
            unit: Code or name of the unit; may stand among the values as `unit` too.
            values: Key -> raw value, see `engine.cases.reading`.
            link_to: Reference of the case it is opened for, and `link_row` a row of a table in it (`orsaker.r1`).
            link_row: See `link_to`.
            occurred_at: When the act was done, a UTC instant of fixed width; None for now.
            comment: A comment, kept as personal.
            command_id: An id of the caller's own, which makes a retry harmless.
            draft: A draft that is gone when the case is opened.

        Raises:
            RefusedError: A rule refuses it, with everything that is missing or wrong.
            UnknownProcessError: There is no such published process.
            UnknownStepError: The process has no such opening step.
            UnknownCaseError: The case it is opened for is not there.
        """
        command = OpenCase(
            self._id(command_id), self.actor(), process=process, step=step, unit=unit,
            values=values or {}, link_to=link_to, link_row=link_row, occurred_at=self._instant(occurred_at),
            comment=comment,
        )  # fmt: skip
        return self._do(command, draft)

    def consider_opening(
        self, process: str, *, step: str | None = None, values: Raws | None = None, link_to: str | None = None,
        link_row: str = "", occurred_at: str | None = None, comment: str | None = None,
    ) -> RefusedError | None:  # fmt: skip
        """What would refuse it if the case were opened now, without opening it. Arguments as `open_case`.

        Raises:
            UnknownCaseError: The case it is opened for is not there.
        """
        command = OpenCase(
            self.decider.new_id(), self.actor(), process=process, step=step, unit=None, values=values or {},
            link_to=link_to, link_row=link_row, occurred_at=self._instant(occurred_at), comment=comment,
        )  # fmt: skip
        return self._considered(command)

    def take_step(
        self,
        reference: str,
        step: str,
        *,
        values: Raws | None = None,
        comment: str | None = None,
        occurred_at: str | None = None,
        expected_seq: int | None = None,
        command_id: str | None = None,
        draft: int | None = None,
    ) -> StepResult:
        """Take a step of a case. Arguments as `open_case`; `expected_seq` is what the caller saw.

        Raises:
            RefusedError: A rule refuses it, with everything that is missing or wrong.
            UnknownCaseError: There is no such case.
            UnknownStepError: The process has no such step.
            ConcurrentChangeError: The case is no longer as the caller saw it.
        """
        command = TakeStep(
            self._id(command_id), self.actor(), reference=self._reference(reference), step=step,
            values=values or {}, comment=comment, occurred_at=self._instant(occurred_at), expected_seq=expected_seq,
        )  # fmt: skip
        return self._do(command, draft)

    def consider_step(
        self, reference: str, step: str, *, values: Raws | None = None, comment: str | None = None,
        occurred_at: str | None = None, expected_seq: int | None = None,
    ) -> RefusedError | None:  # fmt: skip
        """What would refuse the step if it were taken now, without taking it. Arguments as `take_step`.

        Raises:
            UnknownCaseError: There is no such case.
            ConcurrentChangeError: The case is no longer as the caller saw it.
        """
        command = TakeStep(
            self.decider.new_id(), self.actor(), reference=self._reference(reference), step=step,
            values=values or {}, comment=comment, occurred_at=self._instant(occurred_at), expected_seq=expected_seq,
        )  # fmt: skip
        return self._considered(command)

    def amend(
        self, reference: str, values: Raws, reason: str, *, command_id: str | None = None
    ) -> StepResult:
        """Correct fields; the old values stay in the log.

        Raises:
            RefusedError: The fields are locked, or the caller may not, or the values are wrong.
            UnknownCaseError: There is no such case.
        """
        return self._do(
            Amend(
                self._id(command_id),
                self.actor(),
                reference=self._reference(reference),
                values=values,
                reason=reason,
            )
        )

    def add_entry(
        self,
        reference: str,
        heading: str,
        text: str,
        source: str,
        *,
        judgement: bool,
        corrects: int | None = None,
        command_id: str | None = None,
    ) -> StepResult:
        """Add an entry: heading, text, where it comes from, fact or judgement; `corrects` names the one it replaces.

        Raises:
            RefusedError: No such heading, locked, not allowed.
            UnknownCaseError: There is no such case.
        """
        return self._do(
            AddEntry(
                self._id(command_id), self.actor(), reference=self._reference(reference), heading=heading, text=text,
                source=source, judgement=judgement, corrects=corrects,
            )
        )  # fmt: skip

    def assign(self, reference: str, login: str, *, command_id: str | None = None) -> StepResult:
        """Say who has the case, by login or code.

        Raises:
            RefusedError: The caller may not, or the case is ended.
            UnknownCaseError: There is no such case.
            UnknownPersonError: Nobody is registered by that name.
        """
        with self.decider.database.read() as session:
            person = self.decider.ask(lambda facts: facts.person(login), session)
        if person is None:
            raise UnknownPersonError(login)
        return self._assign(reference, person, command_id)

    def claim(self, reference: str, *, command_id: str | None = None) -> StepResult:
        """Take the case on oneself.

        Raises:
            RefusedError: The caller may not, or somebody has it already.
            UnknownCaseError: There is no such case.
        """
        return self._assign(reference, self.actor().person, command_id, only_free=True)

    def release(self, reference: str, *, command_id: str | None = None) -> StepResult:
        """Leave the case to the role again.

        Raises:
            RefusedError: The caller may not, or nobody has it.
            UnknownCaseError: There is no such case.
        """
        return self._assign(reference, None, command_id)

    def change_deadline(
        self, reference: str, deadline: str, change: Literal["pause", "resume", "waive"], reason: str, *,
        command_id: str | None = None,
    ) -> StepResult:  # fmt: skip
        """Let a deadline of one's own rest, run again, or be.

        Raises:
            RefusedError: There is none by that name, it is the law's, it does not stand so, or the caller may not.
            UnknownCaseError: There is no such case.
        """
        return self._do(
            ChangeDeadline(
                self._id(command_id), self.actor(), reference=self._reference(reference), deadline=deadline,
                change=change, reason=reason,
            )
        )  # fmt: skip

    def link(self, reference: str, kind: str, other: str, *, command_id: str | None = None) -> StepResult:
        """Connect two cases.

        Raises:
            RefusedError: No such kind, already connected, not allowed.
            UnknownCaseError: One of them is not there.
        """
        return self._do(
            LinkCases(
                self._id(command_id),
                self.actor(),
                reference=self._reference(reference),
                kind=kind,
                other=other,
            )
        )

    # --- questions

    def show(self, reference: str, as_of: str | None = None) -> CaseView:
        """A case on a page; see `ShowService.show`."""
        return self.showing.show(reference, as_of)

    def history(self, reference: str) -> tuple[EventView, ...]:
        """The events of a case; see `ShowService.history`."""
        return self.showing.history(reference)

    def opening_form(
        self,
        process: str,
        step: str | None = None,
        values: Raws | None = None,
        unit: str | None = None,
        *,
        link_to: str | None = None,
    ) -> StepForm:
        """What an opening step asks for; see `FormService.opening_form`."""
        return self.forms.opening_form(process, step, values, unit, link_to=link_to)

    def form(self, reference: str, step: str, values: Raws | None = None) -> StepForm:
        """What a step of a case asks for; see `FormService.form`."""
        return self.forms.form(reference, step, values)

    def steps(self, reference: str) -> tuple[StepView, ...]:
        """The steps of a case from where it is; see `FormService.steps`."""
        return self.forms.steps(reference)

    # --- inside

    def _assign(
        self, reference: str, person: str | None, command_id: str | None, *, only_free: bool = False
    ) -> StepResult:
        return self._do(
            Assign(
                self._id(command_id),
                self.actor(),
                reference=self._reference(reference),
                assignee=person,
                only_free=only_free,
            )
        )

    def _considered(self, command: Command) -> RefusedError | None:
        decision = self.decider.decide(command)
        return RefusedError(decision) if isinstance(decision, Refusal) else None

    def _id(self, command_id: str | None) -> str:
        return command_id or self.decider.new_id()

    def _instant(self, text: str | None) -> str | None:
        return instant_of(text, self.decider.zone, latest=self.decider.clock())

    def _reference(self, text: str) -> str:
        folded = read_reference(text)
        if folded is None:
            raise UnknownCaseError(asked_for(text))
        return folded

    def _do(self, command: Command, draft_id: int | None = None) -> StepResult:
        try:
            outcome, decision = self.decider.run(command)
        except UnknownCaseError as error:
            self._note_refusal(command, error.name, type(command).__name__)
            raise
        except RefusedError as error:
            refusal: Refusal = error.refusal
            if refusal.is_about_right:
                action = refusal.step or type(command).__name__
                self._note_refusal(command, getattr(command, "reference", ""), action)
            raise self._named(error) from None
        if draft_id is not None and command.actor.person is not None:
            with self.decider.database.write() as session:
                drafts.drop(session, draft_id, command.actor.person)
        return answer(self.decider, outcome, decision)

    def _published(self) -> tuple[str, ...]:
        with self.decider.database.read() as session:
            return tuple(self.decider.keeper.read(session).current)

    def _named(self, error: RefusedError) -> HjulError:
        """What is not there is said as such (exit code 4), not as a refusal."""
        refusal: Refusal = error.refusal
        if refusal.kind in ("unknown_step", "unknown_process") and refusal.reasons:
            arguments = refusal.reasons[0].arguments
            if refusal.kind == "unknown_step":
                return UnknownStepError(str(arguments["step"]), tuple(map(str, arguments["steps"])))  # type: ignore[arg-type]
            return UnknownProcessError(str(arguments["process"]), self._published())
        return error

    def _note_refusal(self, command: Command, reference: str, action: str) -> None:
        """Refused attempts of somebody without the right are rows of the access log, never of the case."""
        Witness(self.decider.database, lambda: command.actor, self.decider.clock).refuses(reference, action)
