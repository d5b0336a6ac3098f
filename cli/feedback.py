"""What has become of what one reported: `hjul cases --mine`. In words that need no knowledge of the process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.layout import wrap
from engine.language.moment import format_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.session import Session
    from engine.service.listed import CaseRow, Feedback


def put_feedback(session: Session, rows: Sequence[CaseRow]) -> None:
    """Print each case: where it is, who has it, what comes next, and what it led to."""
    found = session.app.register.feedback([row.reference for row in rows])
    for number, row in enumerate(rows):
        if number:
            session.put("")
        session.put(f"{session.style(row.reference, bold=True)}  {session.say(row.title)}")
        for line in _lines(session, row, found.get(row.reference)):
            session.put(wrap(line, session.width, "  ", "    "))


def _lines(session: Session, row: CaseRow, feedback: Feedback | None) -> list[str]:
    reported = session.line(
        "cli.mine.reported", day=format_day(row.opened_on), unit=row.unit_name, state=row.state_label
    )
    lines = [reported]
    if row.assignee:
        lines.append(session.line("cli.mine.holder", name=row.assignee))
    expected = feedback.expected if feedback else ()
    for one in expected:
        key = "cli.mine.next_by" if one.due_on else "cli.mine.next"
        day = format_day(one.due_on) if one.due_on else ""
        lines.append(session.line(key, step=one.step_label, who=one.who, day=day))
    if not row.is_open:
        lines.append(session.line("cli.mine.ended", reference=row.reference))
    elif not expected:
        lines.append(session.line("cli.mine.waits"))
    if feedback and feedback.linked:
        linked = tuple(f"{reference} ({session.say(label)})" for reference, label in feedback.linked)
        lines.append(session.line("cli.mine.led_to", cases=linked))
    return lines


def with_feedback(session: Session, shapes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same rows for a program, each with what is expected in it and what it is linked to."""
    found = session.app.register.feedback([shape["reference"] for shape in shapes])
    return [shape | {"feedback": _shape(session, found.get(shape["reference"]))} for shape in shapes]


def _shape(session: Session, feedback: Feedback | None) -> dict[str, Any] | None:
    if feedback is None:
        return None
    return {
        "expected": [
            {
                "step": one.step,
                "label": session.say(one.step_label),
                "who": session.say(one.who),
                "due_on": one.due_on,
            }
            for one in feedback.expected
        ],
        "linked": [reference for reference, _ in feedback.linked],
    }
