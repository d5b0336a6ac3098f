"""What stands in a case by date, as blocks of a paper: entries, acts, files, kept papers, the whole akt.

It must not know which paper they stand on, nor the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

from engine.documents.tree import Block, Cell, Column, Facts, Heading, Paragraph, Run, Table, line
from engine.language.moment import format_day, format_instant
from engine.language.say import begin_large
from engine.service.result import EntryView, EventView, FileView, KeptPaperView
from engine.service.voice import Voice

DAY: Final = 2
ACT: Final = 3
"""The levels of headings in the akt."""


def entry_block(voice: Voice, entry: EntryView, *, under: bool = True) -> Paragraph:
    """An entry: when, which number, fact or judgement; its text; where from; who, with title.

    under: say under what heading too.
    """
    kind = voice.sentence("shown.entry.judgement" if entry.judgement else "shown.entry.fact")
    heading = f"{voice.say(entry.heading_label)}, " if under else ""
    head = voice.sentence(
        "paper.entry.head", when=format_instant(entry.occurred_at), number=str(entry.seq), kind=heading + kind
    )
    signed = voice.sentence("paper.entry.signed", name=voice.signed(entry.person)) + _late(voice, entry)
    return Paragraph((
        Run(f"{head}\n", strong=True), *_entry_runs(voice, entry), Run(f"\n{signed}", emphasis=True)
    ))  # fmt: skip


def _entry_runs(voice: Voice, entry: EntryView) -> list[Run]:
    runs: list[Run] = []
    for key, number in (("corrects", entry.corrects), ("corrected", entry.corrected_by)):
        if number is not None:
            runs.append(Run(voice.sentence(f"shown.entry.{key}", number=str(number)) + "\n", emphasis=True))
    runs.append(Run(entry.text if entry.text is not None else voice.sentence("value.erased")))
    source = voice.say(entry.step) if entry.step else entry.source
    if source:
        runs.append(Run("\n" + voice.sentence("shown.entry.source", source=source)))
    return runs


def _late(voice: Voice, one: EntryView | EventView) -> str:
    """When something was registered, when that was later."""
    if one.recorded_at[:16] == one.occurred_at[:16]:
        return ""
    return voice.sentence("paper.akt.recorded", when=format_instant(one.recorded_at))


def act_blocks(voice: Voice, events: Iterable[EventView]) -> tuple[Block, ...]:
    """Acts by date: when, what, who; and what was written."""
    found: list[Block] = []
    for event in _by_date(events):
        head = f"{format_day(event.occurred_on)}  {_what(voice, event)}"
        found.append(Paragraph((Run(head, strong=True), Run(f"\n{_who(voice, event)}"))))
        found += _said(voice, event)
    return tuple(found)


def akt_blocks(voice: Voice, events: Sequence[EventView]) -> tuple[Block, ...]:
    """Everything in a case, a heading for each day and each act, in the order it took place."""
    found: list[Block] = []
    for day, acts in groupby(_by_date(events), lambda event: event.occurred_on):
        found.append(Heading(DAY, line(format_day(day))))
        for event in acts:
            moved = event.to_label if event.to_label and event.to_state != event.from_state else None
            state = voice.sentence("paper.akt.state", state=moved) if moved else ""
            clock = format_instant(event.occurred_at)[-5:]
            found.append(Heading(ACT, line(f"{clock}  {_what(voice, event)} ({event.seq}){state}")))
            found.append(Paragraph(line(_who(voice, event))))
            found += _said(voice, event)
    return tuple(found)


def _by_date(events: Iterable[EventView]) -> list[EventView]:
    return sorted(events, key=lambda event: (event.occurred_at, event.seq))


def _what(voice: Voice, event: EventView) -> str:
    if event.entry is not None and event.kind == "entry":
        return voice.say(event.entry.heading_label)
    return voice.say(event.step_label) if event.step_label else voice.sentence(f"shown.event.{event.kind}")


def _who(voice: Voice, event: EventView) -> str:
    return voice.signed(event.actor) + _late(voice, event)


def _said(voice: Voice, event: EventView) -> list[Block]:
    """What an act wrote: values, comment, reason; an entry; a file; a kept paper; what it led to."""
    rows = [(voice.say(one.label), voice.value(one)) for one in event.changes]
    said = [
        ("comment", event.comment or ""),
        ("reason", event.reason or ""),
        ("assigned", _assigned(voice, event)),
        ("moved", event.moved_to or ""),
        ("file", file_line(voice, event.file) if event.file else ""),
        ("paper", paper_line(voice, event.paper) if event.paper else ""),
        ("opened", ", ".join(event.opened)),
        (
            "linked",
            ", ".join(f"{voice.say(words)} {name}" if words else name for words, name in event.connected),
        ),
        ("erased", voice.sentence("paper.akt.is_erased") if event.erased else ""),
    ]
    rows += [(voice.sentence(f"paper.akt.{key}"), text) for key, text in said if text]
    found: list[Block] = [Facts(tuple((name, line(text)) for name, text in rows))] if rows else []
    if event.entry is not None:
        kind = voice.sentence("shown.entry.judgement" if event.entry.judgement else "shown.entry.fact")
        written = event.kind == "entry"  # then the heading of the act says under what
        head = begin_large(kind) if written else f"{voice.say(event.entry.heading_label)} ({kind})"
        found.append(Paragraph((Run(f"{head}\n", strong=True), *_entry_runs(voice, event.entry))))
    return found


def _assigned(voice: Voice, event: EventView) -> str:
    if event.assigned is None:
        return ""
    return voice.signed(event.assigned) if event.assigned.code else voice.sentence("paper.akt.given_back")


def file_line(voice: Voice, file: FileView) -> str:
    """An attached file in a line, without its name: a name may say who it is about."""
    return voice.sentence(
        "paper.file.line", number=str(file.number), kind=_kind(voice, file), size=_size(file)
    )


def paper_line(voice: Voice, paper: KeptPaperView) -> str:
    """A kept paper in a line."""
    return voice.sentence(
        "paper.kept.line", number=str(paper.number), document=paper.label, format=paper.format.upper(),
        row=str(paper.shows),
    )  # fmt: skip


def file_table(voice: Voice, files: Sequence[FileView]) -> Table | None:
    """Attached files: number, kind, size, day, who; None when there is none."""
    rows = tuple(
        (Cell(str(one.number), one.number), Cell(_kind(voice, one)), Cell(_size(one)),
         Cell(format_instant(one.recorded_at)), Cell(voice.person(one.person)))
        for one in files
    )  # fmt: skip
    return Table(voice.sentence("shown.case.files"), _heads(voice, "kind", "size"), rows) if rows else None


def paper_table(voice: Voice, papers: Sequence[KeptPaperView]) -> Table | None:
    """Kept papers: number, which, format, day, who; None when there is none."""
    rows = tuple(
        (Cell(str(one.number), one.number), Cell(voice.say(one.label)),
         Cell(one.format.upper() if one.sha256 is not None else voice.sentence("value.erased")),
         Cell(format_instant(one.recorded_at)), Cell(voice.person(one.person)))
        for one in papers
    )  # fmt: skip
    return (
        Table(voice.sentence("shown.case.papers"), _heads(voice, "document", "format"), rows)
        if rows
        else None
    )


def _heads(voice: Voice, what: str, how: str) -> tuple[Column, ...]:
    say = voice.sentence
    return (
        Column(say("paper.head.number"), number=True), Column(say(f"paper.head.{what}"), wide=True),
        Column(say(f"paper.head.{how}")), Column(say("paper.history.when")),
        Column(say("paper.history.who"), wide=True),
    )  # fmt: skip


def _kind(voice: Voice, file: FileView) -> str:
    return file.media_type or voice.sentence("value.erased")


def _size(file: FileView) -> str:
    if file.size is None:
        return "-"
    return f"{file.size} B" if file.size < 1000 else f"{round(file.size / 1000)} kB"
