"""`hjul log` as a person reads it: who, what and when, a row for each event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.layout import pairs, wrap
from cli.person import kind_of, name_of
from cli.shape import said_value
from engine.language.moment import format_day, format_instant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.session import Session
    from engine.service.result import EntryView, EventView


def history_lines(session: Session, events: Sequence[EventView]) -> list[str]:
    """The rows of a history, oldest first."""
    return [line for event in events for line in _event(session, event)]


def _entry(session: Session, entry: EntryView) -> list[str]:
    """An entry as it is on the page of its case: what it is, what it corrects, its text and where it comes from."""
    said = [session.say(entry.heading_label), f"({kind_of(session, entry)})"]
    text = entry.text if entry.text is not None else session.say("value.erased")
    lines = [f"{' '.join(said)}: {text}"]
    if entry.source:
        lines.append(session.say("shown.entry.source", source=entry.source))
    if entry.corrects is not None:
        lines.append(session.line("shown.entry.corrects", number=str(entry.corrects)))
    if entry.corrected_by is not None:
        lines.append(session.line("shown.entry.corrected", number=str(entry.corrected_by)))
    return [wrap(line, session.width, "     ", "       ") for line in lines]


def _event(session: Session, event: EventView) -> list[str]:
    what = session.say(event.step_label) if event.step_label else session.say(f"shown.event.{event.kind}")
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
    if event.assigned is not None:
        key = "cli.log.assigned" if event.assigned.code else "cli.log.given_back"
        lines.append(f"     {session.line(key, name=name_of(session, event.assigned))}")
    if event.moved_to is not None:
        lines.append(f"     {session.line('cli.log.moved', unit=event.moved_to)}")
    if event.entry is not None:
        lines += _entry(session, event.entry)
    for key, said in (("comment", event.comment), ("reason", event.reason)):
        if said:
            lines.append(wrap(session.say(f"cli.log.{key}", text=said), session.width, "     ", "       "))
    lines += _held(session, event)
    if event.follows is not None:
        key = "cli.log.follows" if event.follows else "cli.log.follows_unseen"
        lines.append(wrap(session.say(key, reference=event.follows), session.width, "     ", "       "))
    lines += _timed(session, event)
    if event.opened:
        lines.append(f"     {session.line('cli.log.opened', references=event.opened)}")
    for words, reference in event.connected:
        key = "cli.log.linked" if words is None else "cli.log.connected"
        lines.append(f"     {session.line(key, kind=words or '', reference=reference)}")
    if event.erased:
        lines.append(f"     {session.line('cli.log.erased')}")
    return lines


def _held(session: Session, event: EventView) -> list[str]:
    """The file that was attached, or the paper that was kept."""
    if event.file is not None and event.file.name is not None:
        return [wrap(f"{event.file.number}. {event.file.name}", session.width, "     ", "     ")]
    if event.paper is not None:
        said = session.say("value.erased") if event.paper.sha256 is None else event.paper.format.upper()
        return [f"     {event.paper.number}. {session.say(event.paper.label)} ({said})"]
    return []


def _timed(session: Session, event: EventView) -> list[str]:
    """What became of the deadlines that were there."""
    lines = []
    for one in event.timed:
        key = "moved" if one.before != one.after and one.status == "open" else one.status
        days = {"before": format_day(one.before), "after": format_day(one.after)}
        said = session.say(f"cli.log.deadline_{key}", step=one.label, **days)
        lines.append(wrap(said, session.width, "     ", "       "))
    return lines
