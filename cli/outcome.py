"""What came of a step, said: what happened, what was opened, what is expected next and of whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.layout import wrap
from cli.page import task_lines
from cli.session import Done
from cli.shape import opened_shape, taken_shape
from engine.language.sentence import sentence

if TYPE_CHECKING:
    from cli.session import Session
    from engine.service.result import StepResult


def put_opened(session: Session, result: StepResult | int) -> int | None:
    """Print the reference of a new case, and say on stderr what happens now. An exit code passes through."""
    if isinstance(result, int):
        return result
    head = sentence("cli.done.opened", reference=result.reference, state=result.state_label)
    session.done = Done(head, opened_shape(session, result))
    if session.json:
        session.put_json(session.done.shape)
        return None
    session.tell(wrap(session.line(head), session.width))
    _tell_rest(session, result)
    session.put(result.reference)
    return None


def put_taken(session: Session, result: StepResult | int) -> int | None:
    """Print what a step did. An exit code passes through."""
    if isinstance(result, int):
        return result
    moved = result.from_state != result.state
    head = sentence(
        "cli.done.moved" if moved else "cli.done.stayed", reference=result.reference,
        step=result.step_label or "", state=result.state_label,
    )  # fmt: skip
    session.done = Done(head, taken_shape(session, result))
    if session.json:
        session.put_json(session.done.shape)
        return None
    session.put(wrap(session.line(head), session.width))
    _tell_rest(session, result)
    return None


def put_done(session: Session, message: str, result: StepResult) -> None:
    """Print what a command that is no step did (`claim`, `note`, `link` ...)."""
    head = sentence(message, reference=result.reference)
    session.done = Done(head, taken_shape(session, result))
    if session.json:
        session.put_json(session.done.shape)
        return
    session.put(wrap(session.line(head), session.width))
    if result.repeated:
        session.tell(session.line("cli.done.repeated"))
    _tell_warnings(session, result)


def _tell_rest(session: Session, result: StepResult) -> None:
    for guide in result.guides:
        session.tell(wrap(f"! {session.say(guide)}", session.width, "", "  "))
    if result.repeated:
        session.tell(session.line("cli.done.repeated"))
    for opened in result.opened:
        session.tell(session.line("cli.done.also_opened", reference=opened.reference, process=opened.label))
    for also in result.also:
        text = session.line("cli.done.also_moved", reference=also.reference, state=also.state_label)
        session.tell(wrap(text, session.width))
    _tell_warnings(session, result)
    if result.next:
        session.tell(session.say("cli.done.next"))
        for line in task_lines(session, result.next, session.width):
            session.tell(line)


def _tell_warnings(session: Session, result: StepResult) -> None:
    for warning in result.warnings:
        session.tell(wrap(session.line("cli.ask.warning", text=warning), session.width))
