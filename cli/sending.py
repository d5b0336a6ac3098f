"""A step on its way: what it is, what was given for it, and what becomes of that when it cannot be taken.

`send` asks for what is missing where a person can be asked, takes the step, and when that does not work keeps
what was typed as a draft: nobody writes the same thing twice.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from cli.asking import Asking, NotSent
from cli.exit import Exit, code_of
from cli.explanation import explanation
from cli.personal_number import Watch
from cli.prompt import HungUp, ask_yes
from engine.errors import ConcurrentChangeError, HjulError, RefusedError
from engine.language.sentence import sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cli.session import Session
    from engine.app import App
    from engine.language.sentence import Argument, Sentence
    from engine.service.result import DraftView, StepForm, StepResult


PASSING: Final = ("draft", "command_id")
"""What belongs to one attempt, and not to the draft that is made of it."""
COMMENT: Final = "comment"


@dataclass
class Sending:
    """A step to be taken: of a case (`reference`), or one that opens a case of `process`."""

    process: str = ""
    reference: str | None = None
    step: str | None = None
    link_to: str | None = None
    link_row: str = ""
    comment: str | None = None
    occurred_at: str | None = None
    seq: int | None = None
    draft: int | None = None
    command_id: str | None = None
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
        return app.cases.opening_form(self.process, self.step, values, link_to=self.link_to)

    def take(self, app: App) -> StepResult:
        """Take the step.

        Raises:
            HjulError: It was refused, or failed.
        """
        given = {"draft": self.draft, "command_id": self.command_id, **self._given()}
        if self.reference is not None:
            return app.cases.take_step(self.reference, self.step or "", **given)
        return app.cases.open_case(self.process, **given)

    def consider(self, app: App) -> RefusedError | None:
        """What would refuse the step as it is; None when nothing would.

        Raises:
            HjulError: There is no such step, or the database cannot be read.
        """
        if self.reference is not None:
            return app.cases.consider_step(self.reference, self.step or "", **self._given())
        return app.cases.consider_opening(self.process, **self._given())

    def _given(self) -> dict[str, Any]:
        given = {"values": self.values, "comment": self.comment, "occurred_at": self.occurred_at}
        if self.reference is not None:
            return given | {"expected_seq": self.seq}
        return given | {"step": self.step, "link_to": self.link_to, "link_row": self.link_row}

    def keep(self, app: App) -> DraftView:
        """Keep it as a draft.

        Raises:
            HjulError: It cannot be kept.
        """
        if not self.process:
            self.form(app, self.values)
        content = {name: value for name, value in asdict(self).items() if value and name not in PASSING}
        return app.drafts.save(self.process, self.reference, self.step, content, draft=self.draft)


def send(
    session: Session, sending: Sending, *, save_draft: bool, personal_numbers: bool = False
) -> StepResult | int:
    """Ask for what is missing, take the step; or keep what was typed, and say how to go on.

    Args:
        session: Who sends.
        sending: What is sent.
        save_draft: Keep what was typed when it cannot be sent.
        personal_numbers: Send texts with personal identity numbers in them, without a question or a warning.

    Returns:
        What came of it, or the exit code when the person chose to stop.

    Raises:
        HjulError: The step was refused or failed; a note on it says which draft keeps the input.
    """
    asking = Asking(session, lambda values: sending.form(session.app, values), sending.values)
    tried = _Tried(Watch(session, personal_numbers))
    try:
        return _try(session, sending, asking, tried)
    except HungUp:
        return _keep_unseen(session, sending, tried.error)
    except (KeyboardInterrupt, NotSent):
        return _stop(session, sending, asking, tried.error, save_draft=save_draft)
    except HjulError as error:
        if error is not tried.error:
            raise
        return _refused(session, sending, error, save_draft=save_draft)


@dataclass
class _Tried:
    """What has come of it so far: the texts that were looked at, and the last refusal, for when the person leaves."""

    watch: Watch
    error: HjulError | None = None


def _try(session: Session, sending: Sending, asking: Asking, tried: _Tried) -> StepResult:
    """Ask and try until it is taken.

    Raises:
        HjulError: It is refused for what no answer mends; or it cannot be asked for.
        NotSent: The person does not want to.
        KeyboardInterrupt: The person left.
    """
    if sending.draft is not None and session.can_ask:
        _resume(session, sending, asking)
    while True:
        try:
            warnings = _look(session, sending, asking, tried.watch)
            result = sending.take(session.app)
            return replace(result, warnings=(*result.warnings, *warnings)) if warnings else result
        except HjulError as refusal:
            tried.error = refusal
        if _is_about_answers(session, sending, tried.error):
            session.tell("")
            session.complain(explanation(session, tried.error)[0])
            asking.review(refused=True)
        elif _can_be_mended(session, sending, tried.error):
            asking.fill(_say_wrong(session, tried.error, first=not asking.asked))
            asking.review()
        else:
            raise tried.error


def _look(session: Session, sending: Sending, asking: Asking, watch: Watch) -> tuple[Sentence, ...]:
    """Let no personal identity number go along unseen, in an answer or in the comment.

    Nobody is asked about what would be refused anyhow.

    Raises:
        HjulError: The step cannot be taken.
        Left: The person left.
    """
    comment = {COMMENT: sending.comment}
    if not watch.finds(sending.values) and not watch.finds(comment):
        return ()
    if session.can_ask:
        refusal = sending.consider(session.app)
        if refusal is not None:
            raise refusal
        asking.asked = True
    warnings = watch.look(sending.values, lambda: _names(session, sending))
    warnings += watch.look(comment, lambda: {COMMENT: sentence("cli.personal_number.comment")})
    sending.comment = comment[COMMENT]
    return warnings


def _names(session: Session, sending: Sending) -> dict[str, Argument]:
    """What the fields are called; nothing where the step cannot be asked for, as taking it will say."""
    try:
        return {one.field: one.label for one in sending.form(session.app, sending.values).fields}
    except HjulError:
        return {}


def _keep_unseen(session: Session, sending: Sending, error: HjulError | None) -> int:
    """The terminal is gone: what was typed is kept as a draft, since nobody can be asked."""
    if sending.values:
        _forget_seen(sending, error)
        sending.keep(session.app)
    return Exit.INTERRUPTED


def _resume(session: Session, sending: Sending, asking: Asking) -> None:
    """Go on with a draft: what is in it, what is wrong with it, what is missing, and then the page before sending.

    Raises:
        HjulError: The step cannot be taken, whatever is answered.
        NotSent: The person does not want to.
        KeyboardInterrupt: The person left.
    """
    error = sending.consider(session.app)
    if error is not None and not (
        _is_about_answers(session, sending, error) or _can_be_mended(session, sending, error)
    ):
        raise error
    asking.fill(asking.resume())
    asking.review()


def _is_about_answers(session: Session, sending: Sending, error: HjulError) -> bool:
    """Whether a condition refuses the answers taken together, and somebody sits there to change them."""
    refusal = getattr(error, "refusal", None)
    if refusal is None or refusal.kind != "guard" or refusal.faults or not session.can_ask:
        return False
    if sending.reference is None:
        return True
    steps = session.app.cases.steps(sending.reference)
    return any(one.step == sending.step and one.open for one in steps)


def _can_be_mended(session: Session, sending: Sending, error: HjulError) -> bool:
    """Whether answers of a person who sits there can mend everything that is wrong."""
    refusal = getattr(error, "refusal", None)
    if refusal is None or refusal.reasons or not refusal.faults or not session.can_ask:
        return False
    asked = {field.field for field in sending.form(session.app, sending.values).fields}
    return all(_field_of(fault) in asked for fault in refusal.faults)


def _say_wrong(session: Session, error: Any, *, first: bool) -> list[str]:
    """Say what is wrong with what was given, and give the fields to ask anew.

    Before any question (`first`), what is missing is not wrong.
    """
    faults = [fault for fault in error.refusal.faults if not first or fault.why.id != "value.required"]
    for fault in faults:
        session.tell(f"{session.say(fault.label)}: {session.say(fault.why)}")
    return list(dict.fromkeys(_field_of(fault) for fault in faults))


def _field_of(fault: Any) -> str:
    return str(fault.field).partition(".")[0]


def _stop(
    session: Session, sending: Sending, asking: Asking, error: HjulError | None, *, save_draft: bool
) -> int:
    """The person left. What was typed is offered a place as a draft; a second Ctrl-C throws it away."""
    session.tell("")
    if (asking.asked or error is not None) and sending.values:
        _forget_seen(sending, error)
        if save_draft or ask_yes(session, session.say("cli.draft.offer"), default=True):
            session.tell(_kept(session, sending))
            return Exit.INTERRUPTED
    session.tell(session.line("cli.draft.nothing_sent"))
    if sending.draft is not None:
        session.tell(session.line("cli.draft.remains", number=str(sending.draft)))
    return Exit.INTERRUPTED


def _refused(session: Session, sending: Sending, error: HjulError, *, save_draft: bool) -> int:
    """Keep what was typed when that was asked for, or when the person there wants it."""
    _forget_seen(sending, error)
    if save_draft and sending.values:
        error.add_note(_kept(session, sending))
    if save_draft or not session.can_ask or not sending.values:
        raise error
    session.complain(explanation(session, error)[0])
    if ask_yes(session, session.say("cli.draft.offer"), default=True):
        session.tell(_kept(session, sending))
    return code_of(error)


def _forget_seen(sending: Sending, error: HjulError | None) -> None:
    """Whoever has been told what came between has seen it: their draft is not refused for it again."""
    if isinstance(error, ConcurrentChangeError):
        sending.seq = None


def _kept(session: Session, sending: Sending) -> str:
    draft = sending.keep(session.app)
    return session.say("cli.draft.kept", number=str(draft.id))
