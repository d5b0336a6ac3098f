"""`hjul show` as a person reads it: what the case is, what waits for whom, what is known.

It prints what a `CaseView` holds and decides nothing: what may be seen was settled where the view was made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.layout import GAP, pairs, wrap
from cli.person import kind_of, name_of, role_of
from cli.shape import said_value
from engine.language.moment import format_day, format_instant
from engine.language.say import begin_large
from engine.language.sentence import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cli.session import Session
    from engine.service.listed import TaskView
    from engine.service.result import CaseView, DeadlineView, EntryView, KeptPaperView, StepView


def case_lines(session: Session, case: CaseView, *, every: bool = False) -> list[str]:
    """The whole page; with `every` also the steps that nobody waits for and that cannot be taken, each with its why."""
    closed = [one for one in case.steps if not one.open]
    near = closed if every else [one for one in closed if one.expected]
    blocks = [
        _head(session, case),
        _section(session, "tasks", task_lines(session, case.tasks, session.width)),
        _section(session, "deadlines", deadline_lines(session, case.deadlines)),
        _section(session, "fields", _fields(session, case)),
        *(_table(session, case, number) for number in range(len(case.tables))),
        _section(session, "entries", [_entry(session, entry) for entry in case.entries]),
        _section(session, "files", _files(session, case)),
        _section(session, "papers", [kept_paper_line(session, one) for one in case.papers]),
        _section(session, "links", _links(session, case)),
        _section(session, "open_steps", _open_steps(session, case.steps)),
        _section(session, "closed_steps", _closed_steps(session, near)),
        _notes(session, case.reference, case.steps),
        session.say("cli.show.more_steps", n=len(closed) - len(near), reference=case.reference)
        if len(closed) > len(near) else "",
    ]  # fmt: skip
    return "\n\n".join(block for block in blocks if block).splitlines()


def step_lines(session: Session, reference: str, steps: Sequence[StepView]) -> list[str]:
    """The steps of a case: those that can be taken, and each other with the sentence why not."""
    blocks = [
        _section(session, "open_steps", _open_steps(session, steps)),
        _section(session, "closed_steps", _closed_steps(session, [one for one in steps if not one.open])),
        _notes(session, reference, steps),
    ]
    return "\n\n".join(block for block in blocks if block).splitlines() or [
        session.line("shown.case.no_steps")
    ]


def task_lines(session: Session, tasks: Iterable[TaskView], width: int) -> list[str]:
    """What is expected, of whom and when; what several may do is one line."""
    who: dict[tuple[str, str, str], list[str]] = {}
    for task in tasks:
        line = (task.step, session.say(task.step_label), due(session, task))
        who.setdefault(line, []).append(holder(session, task))
    found = []
    for (_, step, when), names in who.items():
        text = session.say("cli.task.expected", step=step, who=tuple(dict.fromkeys(names)))
        found.append(wrap(f"{text}{when}", width, "  ", "    "))
    return found


def holder(session: Session, task: TaskView) -> str:
    """Whom something waits for: who has taken it on, else the role, else the person; a list names only oneself so."""
    if task.assignee:
        return task.assignee_name or task.assignee
    if task.role_label is not None:
        return role_of(session, task.role_label)
    if task.person is not None:
        return task.person_name or session.say("cli.you")
    return session.say("cli.nobody")


def due(session: Session, task: TaskView) -> str:
    """When it is due, as a continuation of a line: ", senast 2026-03-09 (försenad 2 arbetsdagar)"."""
    if task.due_on is None:
        return ""
    if task.days_gone is not None:
        return f", {left(session, task)}"
    day = session.say("cli.task.due", day=format_day(task.due_on))
    return f"{day} ({left(session, task)})"


def left(session: Session, timed: TaskView | DeadlineView) -> str:
    """How long there is, or how late it is, in working days; of a duty without a day, how long it has run."""
    gone = getattr(timed, "days_gone", None)
    if gone is not None:
        word = session.say(getattr(timed, "word", None) or sentence("cli.task.no_word"))
        key = "cli.task.gone" if gone else "cli.task.gone_today"
        return session.say(key, word=word, n=gone)
    days = timed.working_days_left
    if days is None:
        return session.say("cli.task.late" if timed.overdue else "cli.task.in_time")
    if timed.overdue:
        return session.say("cli.task.late_today") if days == 0 else session.say("cli.task.late_days", n=-days)
    return session.say("cli.task.today") if days == 0 else session.say("cli.task.left", n=days)


# --- the parts -------------------------------------------------------------------------------------------


def _section(session: Session, title: str, lines: Iterable[str]) -> str:
    text = "\n".join(lines)
    return f"{session.style(session.say(f'shown.case.{title}'), bold=True)}\n{text}" if text else ""


def _origin(session: Session, case: CaseView) -> str:
    """Which plan of the year wheel opened it."""
    if case.origin is None:
        return ""
    return session.say(
        "shown.case.planned", name=case.origin.name, day=case.origin.on, schedule=case.origin.schedule
    )


def _head(session: Session, case: CaseView) -> str:
    first = f"{session.style(case.reference, bold=True)}{GAP}{session.say(case.process_label)}"
    if case.training:
        first += f"{GAP}{session.style(session.say('cli.training'), bold=True)}"
    happened = format_day(case.happened_on) if case.happened_on else ""
    rows = [
        (session.say("shown.case.state"), session.say(case.state_label)),
        (session.say("shown.case.unit"), case.unit_name),
        (session.say("shown.case.happened"), happened),
        (
            session.say("shown.case.reported"),
            session.say(
                "shown.case.reported_by", day=format_day(case.opened_on), name=name_of(session, case.reporter)
            ),
        ),
        (session.say("shown.case.origin"), _origin(session, case)),
        (session.say("shown.case.assignee"), name_of(session, case.assignee) if case.assignee else ""),
        (session.say("shown.case.marks"), session.say(case.marks)),
        (session.say("shown.case.version"), _version(session, case)),
    ]
    lines = [first, wrap(begin_large(session.say(case.title)), session.width), ""]
    lines.append(pairs([row for row in rows if row[1]], session.width))
    if case.level != "content":
        key = "shown.case.envelope_own" if case.own_report else "shown.case.envelope"
        lines += ["", wrap(session.line(key), session.width)]
    return "\n".join(lines)


def _version(session: Session, case: CaseView) -> str:
    """Which rules the case follows, when they are not those in force, and what that means."""
    if case.newest_version is None:
        return ""
    key = "adopts" if case.adopts else "same" if case.newest_version == case.version else "keeps"
    return session.line(
        f"shown.case.version_{key}", version=str(case.version), newest=str(case.newest_version)
    )


def deadline_lines(session: Session, deadlines: Sequence[DeadlineView]) -> list[str]:
    """The deadlines that matter, a line or two each."""
    lines = []
    for one in deadlines:
        text = _deadline(session, one)
        if text:
            name = f" ({one.key})" if one.kind == "lokal" else ""
            lines.append(wrap(f"{session.say(one.label)}{name}: {text}", session.width, "  ", "    "))
    return lines


def _deadline(session: Session, one: DeadlineView) -> str:
    """A deadline that runs, rests, was waived or was kept too late; what was kept or has ended is not said."""
    kind = session.say(one.word) if one.word is not None else session.say(f"shown.deadline.{one.kind}")
    if one.kind == "lag_skyndsamt":
        if one.status != "open":
            return ""
        text = session.say("shown.deadline.gone", word=kind, day=format_day(one.since), n=one.days)
        if one.remind_on is not None:
            text += " " + session.say("shown.deadline.remind", day=format_day(one.remind_on))
    elif one.status == "open":
        until = format_instant(one.due_at) if one.due_at else format_day(one.due_on)
        text = f"{kind} {until} ({left(session, one)})"
    elif one.status == "paused":
        text = f"{kind} ({session.say('shown.deadline.held' if one.held else 'shown.deadline.paused')})"
    elif one.status == "waived" or one.late:
        settled = format_day(one.settled_on) if one.settled_on else ""
        key = "waived" if one.status == "waived" else "kept_late"
        text = f"{kind} {format_day(one.due_on)} ({session.say(f'shown.deadline.{key}', day=settled)})"
    else:
        return ""
    if one.of is not None:
        text += f", {session.say('shown.deadline.of' if one.of else 'shown.deadline.of_unseen', reference=one.of)}"
    return f"{text}, {one.source}" if one.source else text


def _fields(session: Session, case: CaseView) -> list[str]:
    rows = [(session.say(one.label), said_value(session, one)) for one in case.fields]
    return [pairs(rows, session.width, "  ")] if rows else []


def _table(session: Session, case: CaseView, number: int) -> str:
    table = case.tables[number]
    lines = []
    for key, cells in table.rows:
        said = "; ".join(f"{session.say(one.label)}: {said_value(session, one)}" for one in cells)
        lines.append(wrap(said, session.width, f"  {key:<4}", "      "))
    title = session.style(session.say(table.label), bold=True)
    return "\n".join([title, *lines]) if lines else ""


def _entry(session: Session, entry: EntryView) -> str:
    kind = kind_of(session, entry)
    head = f"  {entry.seq}  {format_instant(entry.occurred_at)}  {session.say(entry.heading_label)} ({kind})"
    lines = [f"{head}, {name_of(session, entry.person)}"]
    if entry.corrects is not None:
        lines.append(f"     {session.line('shown.entry.corrects', number=str(entry.corrects))}")
    if entry.corrected_by is not None:
        lines.append(f"     {session.line('shown.entry.corrected', number=str(entry.corrected_by))}")
    text = entry.text if entry.text is not None else session.say("value.erased")
    lines.append(wrap(text, session.width, "     ", "     "))
    if entry.source:
        lines.append(
            wrap(session.say("shown.entry.source", source=entry.source), session.width, "     ", "     ")
        )
    return "\n".join(lines)


def _files(session: Session, case: CaseView) -> list[str]:
    lines = []
    for one in case.files:
        name = one.name or session.say("value.erased")
        parts = [f"{one.number:>3}  {name}", said_size(session, one.size), name_of(session, one.person)]
        lines.append(wrap(", ".join(part for part in parts if part), session.width, "  ", "       "))
    return lines


def kept_paper_line(session: Session, one: KeptPaperView) -> str:
    """A kept paper in a line: number, what it is, its format and size, who kept it and when."""
    said = session.say("value.erased") if one.sha256 is None else one.format.upper()
    parts = [f"{one.number:>3}  {session.say(one.label)} ({said})", said_size(session, one.size),
             name_of(session, one.person), format_instant(one.recorded_at)]  # fmt: skip
    return wrap(", ".join(part for part in parts if part), session.width, "  ", "       ")


def said_size(session: Session, size: int | None) -> str:
    """A size as people read it."""
    if size is None:
        return ""
    if size < 1000:
        return session.say("cli.size.bytes", size=str(size))
    if size < 1_000_000:
        return session.say("cli.size.kilobytes", size=str(round(size / 1000)))
    return session.say(
        "cli.size.megabytes", size=f"{size / 1_000_000:.1f}".replace(".", session.say("word.decimal"))
    )


def _links(session: Session, case: CaseView) -> list[str]:
    lines = []
    for one in case.links:
        parts = [session.say(one.label), one.reference]
        if one.row:
            parts.append(f"({one.row})")
        if one.title is not None:
            parts.append(session.say(one.title))
        if one.state_label is not None:
            parts.append(f"[{session.say(one.state_label)}]")
        lines.append(wrap(" ".join(parts), session.width, "  ", "    "))
    return lines


def _open_steps(session: Session, steps: Sequence[StepView]) -> list[str]:
    rows = [(one.step, session.say(one.label)) for one in steps if one.open and not one.headings]
    return [pairs(rows, session.width, "  ")] if rows else []


def _notes(session: Session, reference: str, steps: Sequence[StepView]) -> str:
    """How a note is written, where the reader may: it is no step that is taken, though the rules have it as one."""
    open_ = dict(heading for one in steps if one.open for heading in one.headings)
    if not open_:
        return ""
    rows = [(key, session.say(label).removeprefix(f"{key} ")) for key, label in open_.items()]
    how = session.say("cli.show.note", reference=reference, heading=next(iter(open_)))
    title = session.style(session.say("shown.case.notes"), bold=True)
    return "\n".join([title, wrap(how, session.width, "  ", "    "), pairs(rows, session.width, "  ")])


def _closed_steps(session: Session, steps: Sequence[StepView]) -> list[str]:
    rows = [(one.step, " ".join(session.line(why) for why in one.why_not)) for one in steps]
    return [pairs(rows, session.width, "  ")] if rows else []
