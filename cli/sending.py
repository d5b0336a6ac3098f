"""A step on its way: what it is, what was given for it, and what becomes of that when it cannot be taken.

`send` asks for what is missing where a person can be asked, takes the step, and when that does not work keeps
what was typed as a draft: nobody writes the same thing twice.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from cli.asking import Asking, NotSent, ask_yes
from cli.exit import Exit, code_of
from cli.explanation import explanation
from engine.errors import HjulError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cli.session import Session
    from engine.app import App
    from engine.service.result import DraftView, StepForm, StepResult


@dataclass
class Sending:
    """A step to be taken: of a case (`reference`), or one that opens a case of `process`."""

    process: str = ""
    reference: str | None = None
    step: str | None = None
    unit: str | None = None
    link_to: str | None = None
    link_row: str = ""
    comment: str | None = None
    occurred_at: str | None = None
    seq: int | None = None
    draft: int | None = None
    values: dict[str, Any] = field(default_factory=dict)

    def form(self, app: App, values: Mapping[str, Any]) -> StepForm:
        """What the step asks for, given these values.

        Raises:
            HjulError: There is no such step, or it cannot be taken.
        """
        if self.reference is not None:
            found = app.cases.form(self.reference, self.step or "", values)
            self.process, self.reference = found.process, found.reference or self.reference
            return found
        return app.cases.opening_form(self.process, self.step, values, self.unit, link_to=self.link_to)

    def asks(self, app: App, names: list[str]) -> list[str]:
        """Those of some names that the step asks for now: what an answer can mend.

        Raises:
            HjulError: The form cannot be had.
        """
        asked = {field.field for field in self.form(app, self.values).fields}
        return [name for name in names if name in asked]

    def is_open(self, app: App) -> bool:
        """Whether the step can be taken as far as anybody knows; then it makes sense to ask what it needs.

        Raises:
            HjulError: There is no such case.
        """
        if self.reference is None:
            return True
        return any(one.open and one.step == self.step for one in app.cases.steps(self.reference))

    def take(self, app: App) -> StepResult:
        """Take the step.

        Raises:
            HjulError: It was refused, or failed.
        """
        act: dict[str, Any] = {"comment": self.comment, "occurred_at": self.occurred_at, "draft": self.draft}
        if self.reference is not None:
            return app.cases.take_step(
                self.reference, self.step or "", values=self.values, expected_seq=self.seq, **act
            )
        return app.cases.open_case(
            self.process, step=self.step, unit=self.unit, values=self.values, link_to=self.link_to,
            link_row=self.link_row, **act,
        )  # fmt: skip

    def keep(self, app: App) -> DraftView:
        """Keep it as a draft.

        Raises:
            HjulError: It cannot be kept.
        """
        if not self.process:
            self.form(app, self.values)
        content = {name: value for name, value in asdict(self).items() if value and name != "draft"}
        return app.drafts.save(self.process, self.reference, self.step, content, draft=self.draft)


def send(session: Session, sending: Sending, *, save_draft: bool) -> StepResult | int:
    """Ask for what is missing, take the step; or keep what was typed, and say how to go on.

    Returns:
        What came of it, or the exit code when the person chose to stop.

    Raises:
        HjulError: The step was refused or failed; a note on it says which draft keeps the input.
    """
    asking = Asking(session, lambda values: sending.form(session.app, values), sending.values)
    again: list[str] = []
    while True:
        try:
            if session.can_ask and sending.is_open(session.app):
                asking.fill(again)
                if asking.asked:
                    asking.confirm()
            return sending.take(session.app)
        except (KeyboardInterrupt, NotSent):
            return _stop(session, sending, asking, save_draft=save_draft)
        except HjulError as error:
            again = sending.asks(session.app, _to_ask_again(session, error))
            if not again:
                return _refused(session, sending, error, save_draft=save_draft)
            _say_faults(session, error)


def _to_ask_again(session: Session, error: HjulError) -> list[str]:
    """The fields that an answer could mend, at a terminal."""
    refusal = getattr(error, "refusal", None)
    if refusal is None or refusal.reasons or not session.can_ask:
        return []
    return list(dict.fromkeys(str(fault.field).partition(".")[0] for fault in refusal.faults))


def _say_faults(session: Session, error: Any) -> None:
    for fault in error.refusal.faults:
        session.tell(f"  {session.say(fault.label)}: {session.line(fault.why)}")


def _stop(session: Session, sending: Sending, asking: Asking, *, save_draft: bool) -> int:
    """The person left. What was typed is offered a place as a draft; a second Ctrl-C throws it away."""
    session.tell("")
    if asking.asked and sending.values:
        question = session.say("cli.draft.offer")
        if save_draft or ask_yes(session, question, default=True):
            session.tell(_kept(session, sending))
            return Exit.INTERRUPTED
    session.tell(session.line("cli.draft.nothing_sent"))
    return Exit.INTERRUPTED


def _refused(session: Session, sending: Sending, error: HjulError, *, save_draft: bool) -> int:
    """Keep what was typed when that was asked for, or when the person there wants it."""
    if save_draft and sending.values:
        error.add_note(_kept(session, sending))
    if save_draft or not session.can_ask or not sending.values:
        raise error
    session.complain(explanation(session, error)[0])
    if ask_yes(session, session.say("cli.draft.offer"), default=True):
        session.tell(_kept(session, sending))
    return code_of(error)


def _kept(session: Session, sending: Sending) -> str:
    draft = sending.keep(session.app)
    return session.say("cli.draft.kept", number=str(draft.id))
