"""The year wheel as text: the list of plans, one plan with its year, and the table of units and months."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cli.layout import GAP, pairs, put_table, wrap
from engine.calendar.cadence import month_words, say_rule
from engine.language.sentence import clip
from engine.service.occasion import STATUSES, count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cli.session import Session
    from engine.cases.schedule import Plan
    from engine.service.occasion import Occasion, Status, Year
    from engine.service.schedule import Preview
    from engine.service.suggestion import SuggestionRow
    from engine.service.wheel import ScheduleRow

STYLES: Final[Mapping[Status, dict[str, Any]]] = {
    "missed": {"fg": "red", "bold": True}, "late": {"fg": "red"}, "undone": {"fg": "red"}, "open": {"fg": "yellow"},
    "done": {"fg": "green"}, "skipped": {"dim": True}, "planned": {},
}  # fmt: skip
MOST_UNITS: Final = 12
"""So many units are named; of more only the number is told."""
MONTHS: Final = range(1, 13)


def letter(session: Session, status: Status) -> str:
    """The one letter of a status: what colour says, said without it."""
    return session.say(f"wheel.letter.{status}")


def put_list(session: Session, rows: Sequence[ScheduleRow]) -> None:
    """Print the plans in columns."""
    heads = [session.say(f"cli.schedule.head.{name}") for name in ("key", "name", "when", "next")]
    heads += [session.say(f"wheel.status.{status}") for status in STATUSES]
    table = [
        [
            row.key, row.plan.name, _recurs(session, row.plan), row.next_on or "-",
            *(str(row.counts[status]) for status in STATUSES),
        ]
        for row in rows
    ]  # fmt: skip
    put_table(session, heads, table)


def suggestion_lines(session: Session, rows: Sequence[SuggestionRow]) -> Iterator[str]:
    """The suggestions, each with when, where that stands, and whether its process is there."""
    for row in rows:
        found = say_rule(row.rule)
        yield f"{session.style(row.key, bold=True)}{GAP}{session.say(row.name)}"
        yield wrap(found if isinstance(found, str) else session.say(found), session.width, "  ", "  ")
        yield wrap(row.source, session.width, "  ", "  ")
        if not row.is_there:
            yield wrap(session.say("cli.schedule.waits", process=row.process), session.width, "  ", "  ")


def preview_lines(session: Session, preview: Preview) -> Iterator[str]:
    """A plan as it would be, for whoever makes it to see whether it was meant so."""
    yield pairs(
        [
            *_about(session, preview.plan),
            (session.say("cli.schedule.units"), _units(session, preview.units)),
            (session.say("cli.schedule.coming"), _days(session, [day.isoformat() for day in preview.days])),
        ],
        session.width,
        "  ",
    )


def schedule_lines(
    session: Session, row: ScheduleRow, occasions: Sequence[Occasion], year: int
) -> Iterator[str]:
    """A plan, and what came of it in a year."""
    yield session.style(f"{row.key}  {row.plan.name}", bold=True)
    about = [*_about(session, row.plan), (session.say("cli.schedule.units"), _units(session, row.units))]
    if row.process_label is None:
        about.append((session.say("cli.schedule.note"), session.say("cli.schedule.unpublished")))
    if row.ended_on is not None:
        about.append((session.say("cli.schedule.last"), row.ended_on))
    if row.changes:
        about.append((session.say("cli.schedule.changes"), ", ".join(row.changes)))
    yield pairs(about, session.width, "  ")
    yield ""
    yield session.line("cli.schedule.year", year=str(year), counts=_counts(session, count(occasions)))
    for one in occasions:
        yield wrap(_occasion(session, one), session.width, "  ", "      ")


def put_wheel(session: Session, year: Year) -> None:
    """Print a year as a table: units by months, in each cell the letters of what is due then."""
    if not year.occasions:
        session.tell(session.line("cli.schedule.empty_year", year=str(year.year)))
        return
    cells: dict[tuple[str, int], list[Status]] = {}
    for one in year.occasions:
        cells.setdefault((one.unit, int(one.due_on[5:7])), []).append(one.status)
    names = [session.say(month_words(month))[:3] for month in MONTHS]
    widest = max(3, *(len(_cell(session, cell)) for cell in cells.values()))
    room = max(12, session.width - 12 * (widest + 1) - 2)
    label = min(room, max(len(name) for _, name in year.units))
    session.put(session.style(session.line("cli.schedule.wheel", year=str(year.year)).rstrip("."), bold=True))
    session.put(" " * label + GAP + " ".join(f"{name:<{widest}}" for name in names).rstrip())
    for code, name in year.units:
        row = [cells.get((code, month), []) for month in MONTHS]
        cols = [_coloured(session, cell, widest) for cell in row]
        session.put((f"{clip(name, label):<{label}}{GAP}" + " ".join(cols)).rstrip())
    session.put("")
    session.put(
        wrap(
            session.line("cli.schedule.total", counts=_counts(session, count(year.occasions))), session.width
        )
    )
    legend = [f"{letter(session, status)} {session.say(f'wheel.status.{status}')}" for status in STATUSES]
    session.put(wrap(", ".join(legend), session.width))


def _cell(session: Session, statuses: Sequence[Status]) -> str:
    """The letters of a cell, what wants most attention first; of many, the number of each."""
    counted = {status: statuses.count(status) for status in STATUSES if status in statuses}
    if len(statuses) <= 3:
        return "".join(letter(session, status) * n for status, n in counted.items())
    return "".join(f"{letter(session, status)}{n}" for status, n in counted.items())


def _coloured(session: Session, statuses: Sequence[Status], width: int) -> str:
    text = _cell(session, statuses) or "·"
    worst = next((status for status in STATUSES if status in statuses), None)
    shown = session.style(text, **STYLES[worst]) if worst else session.style(text, dim=True)
    return shown + " " * (width - len(text))


def _about(session: Session, plan: Plan) -> list[tuple[str, str]]:
    kind = "law" if plan.kind == "lag_datum" else f"own_{plan.move}"
    rows = [
        (session.say("cli.schedule.what"), plan.name),
        (session.say("cli.schedule.opens"), f"{plan.process} ({plan.step})"),
        (session.say("cli.schedule.when"), _recurs(session, plan)),
        (session.say("cli.schedule.days"), session.say(f"cli.schedule.kind.{kind}")),
    ]
    if plan.opens_before:
        rows.append(
            (session.say("cli.schedule.opened"), session.say("cli.schedule.before", n=plan.opens_before))
        )
    if plan.source:
        rows.append((session.say("cli.schedule.source"), plan.source))
    if plan.day_field:
        rows.append((session.say("cli.schedule.day_field"), plan.day_field))
    rows += [(name, str(value)) for name, value in plan.values.items()]
    return rows


def _recurs(session: Session, plan: Plan) -> str:
    found = say_rule(plan.recurrence.rule)
    text = found if isinstance(found, str) else session.say(found)
    last = plan.recurrence.last
    return text if last is None else f"{text}, {session.say('cli.org.until', day=last.isoformat())}"


def _units(session: Session, units: Sequence[str]) -> str:
    if not units:
        return session.say("cli.schedule.no_units")
    if len(units) > MOST_UNITS:
        return session.say("cli.schedule.many_units", n=len(units))
    return ", ".join(units)


def _days(session: Session, days: Sequence[str]) -> str:
    return ", ".join(days) or session.say("cli.schedule.no_days")


def _counts(session: Session, counts: Mapping[Status, int]) -> str:
    said = [
        f"{session.say(f'wheel.status.{status}')} {counts[status]}" for status in STATUSES if counts[status]
    ]
    return ", ".join(said) or session.say("cli.schedule.nothing")


def _occasion(session: Session, one: Occasion) -> str:
    parts = [
        one.due_on,
        letter(session, one.status),
        one.unit_name,
        session.say(f"wheel.status.{one.status}"),
    ]
    if one.was_late:
        parts.append(session.say("cli.schedule.was_late"))
    if one.reference is not None:
        parts.append(f"{one.reference} ({session.say(one.state)})" if one.state else one.reference)
    if one.reason:
        parts.append(
            session.say(
                "cli.schedule.because", reason=one.reason, person=one.person_name or one.person or "-"
            )
        )
    return GAP.join(parts)
