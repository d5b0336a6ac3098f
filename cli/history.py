"""`hjul log` as a person reads it: who, what and when, a row for each event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.layout import pairs, wrap
from cli.person import name_of
from cli.shape import said_value
from engine.language.moment import format_instant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.session import Session
    from engine.service.result import EventView


def history_lines(session: Session, events: Sequence[EventView]) -> list[str]:
    """The rows of a history, oldest first."""
    return [line for event in events for line in _event(session, event)]


def _event(session: Session, event: EventView) -> list[str]:
    what = session.say(event.step_label) if event.step_label else session.say(f"cli.event.{event.kind}")
    where = (
        f" → {session.say(event.to_label)}" if event.to_label and event.to_state != event.from_state else ""
    )
    head = f"{event.seq:>3}  {format_instant(event.occurred_at)}  {session.style(what, bold=True)}{where}"
    lines = [head, f"     {name_of(session, event.actor)}"]
    if event.recorded_at[:16] != event.occurred_at[:16]:
        lines[1] += f", {session.say('cli.log.recorded', when=format_instant(event.recorded_at))}"
    rows = [(session.say(one.label), said_value(session, one)) for one in event.changes]
    if rows:
        lines.append(pairs(rows, session.width, "     "))
    if event.entry is not None and event.entry.text:
        label = session.say(event.entry.heading_label)
        lines.append(wrap(f"{label}: {event.entry.text}", session.width, "     ", "       "))
    for key, said in (("comment", event.comment), ("reason", event.reason)):
        if said:
            lines.append(wrap(session.say(f"cli.log.{key}", text=said), session.width, "     ", "       "))
    if event.opened:
        lines.append(f"     {session.line('cli.log.opened', references=event.opened)}")
    if event.links:
        lines.append(f"     {session.line('cli.log.linked', references=event.links)}")
    if event.erased:
        lines.append(f"     {session.line('cli.log.erased')}")
    return lines
