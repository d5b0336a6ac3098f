"""One question about one field: said with its help and choices, and asked until the answer can be read.

It must not know in which order questions come, nor what becomes of the answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cli.answer import UNKNOWN, Narrowed, Unclear, matching, read_answer
from cli.layout import wrap
from cli.prompt import Back, ask_yes, can_edit, read_line
from engine.language.sentence import clip, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.session import Session
    from engine.language.sentence import Argument
    from engine.service.result import Choice, FormField

LONG: Final = 20
"""A tree of choices longer than this is shown a level at a time."""
CLEAR: Final = "-"
MOST_SHOWN: Final = 60
"""So many characters of an earlier answer are shown where Enter keeps it."""


def ask(session: Session, wanted: FormField, held: Any = None) -> Any:
    """Ask for a field; gives a raw value, None when it is left out.

    Args:
        session: Where the person sits.
        wanted: The field.
        held: What was answered before, which Enter keeps; None for nothing.

    Raises:
        Back: The person wants the question before.
        Left: The person left.
    """
    if wanted.type == "table":
        return _ask_rows(session, wanted, held)
    _say_question(session, wanted)
    shown: Sequence[int] = _first_level(wanted.choices)
    opened: int | None = None
    _say_choices(session, wanted, shown)
    kept = held if held not in (None, "") else _suggested(wanted)
    is_text = wanted.type == "text"
    given = str(kept) if is_text and kept is not None and can_edit(session, str(kept)) else ""
    hint = _hint(session, wanted, held, None if given else kept)
    while True:
        text = read_line(session, hint, is_text=is_text, given=given)
        if not text.strip():
            if not given and kept is not None:
                return kept
            if not wanted.required:
                return None
            session.tell(f"  {session.line('cli.ask.required')}")
            continue
        if text.strip() == CLEAR and not wanted.required:
            return None
        try:
            value = read_answer(wanted, text, session.app.today)
        except Narrowed as several:
            shown = several.choices
            _say_choices(session, wanted, shown)
            continue
        except Unclear as unclear:
            session.tell(f"  {session.line(unclear.why)}")
            continue
        inside = _inside(wanted, text, shown)
        if inside and opened != inside[0]:
            opened, shown = inside[0], inside
            _say_choices(session, wanted, shown)
            continue
        return value


def choose(session: Session, choices: Sequence[tuple[str, Any]]) -> str:
    """Ask which of a few values is meant; gives its code.

    Raises:
        Back: The person wants the question before.
        Left: The person left.
    """
    for number, (_, label) in enumerate(choices, 1):
        session.tell(f"  {number:>3}  {session.say(label)}")
    while True:
        text = read_line(session).strip()
        if text.isdecimal() and 0 < int(text) <= len(choices):
            return choices[int(text) - 1][0]
        session.tell(f"  {session.line('cli.ask.no_choice', text=text)}")


def said_answer(one: FormField, raw: Any) -> Argument:
    """An answer as a person reads it: labels for codes, "ja" for true, "vet inte" for unknown.

    Args:
        one: The field; what the engine read out of the answer is its value.
        raw: What was answered; said as it is where the engine could not read it.
    """
    if raw == UNKNOWN:
        return sentence("value.unknown")
    if one.type == "table" and isinstance(raw, (list, dict)):
        return sentence("cli.ask.rows", n=len(raw))
    value = one.value if one.value is not None else raw
    if one.person and value == one.value:
        return one.person
    if isinstance(value, bool):
        return sentence("value.yes" if value else "value.no")
    if isinstance(value, dict):
        ends = [str(value.get(end, "")).replace("T", " ") for end in ("from", "to")]
        return sentence("value.period", start=ends[0], end=ends[1])
    labels = {choice.code: choice.label for choice in one.choices}
    if isinstance(value, list):
        return tuple(labels.get(code, str(code)) for code in value)
    if one.type == "datetime":
        return str(value).replace("T", " ")
    return labels.get(value, str(value))


def _suggested(wanted: FormField) -> Any:
    """What the engine suggests; unknown and a period are asked anew."""
    return None if isinstance(wanted.value, dict) else wanted.value


def _ask_rows(session: Session, wanted: FormField, held: Any) -> list[dict[str, Any]] | dict[str, Any] | None:
    """Ask for the rows of a table, column by column; gives those that are new, after those that were there if any."""
    _say_question(session, wanted)
    if wanted.rows:
        return _ask_there(session, wanted, held if isinstance(held, dict) else {})
    rows: list[dict[str, Any]] = list(held) if isinstance(held, list) else []
    return _ask_new(session, wanted, rows, len(rows), is_required=wanted.required) or None


def _ask_there(session: Session, wanted: FormField, held: dict[str, Any]) -> dict[str, Any] | None:
    """Ask of each row that is there what is wanted of it, then for new ones; gives row key -> column -> answer."""
    cells: dict[str, Any] = {}
    number = 0
    while number < len(wanted.rows):
        row = wanted.rows[number]
        session.tell("")
        session.tell(f"{number + 1}/{len(wanted.rows)}  {' '.join(session.say(row.label).split())}")
        before = cells.get(row.key) or held.get(row.key) or {}
        answers = _ask_cells(session, row.fields, before)
        if answers is None:
            if number == 0:
                raise Back
            number -= 1
            continue
        cells[row.key] = _given(answers)
        number += 1
    new = [value for key, value in held.items() if key.startswith("+")]
    rows = _ask_new(session, wanted, new, len(wanted.rows) + len(new), is_required=False)
    cells |= {f"+{index}": row for index, row in enumerate(rows, 1)}
    return {key: row for key, row in cells.items() if row} or None


def _given(cells: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in cells.items() if value not in (None, "")}


def _ask_new(
    session: Session, wanted: FormField, rows: list[dict[str, Any]], there: int, *, is_required: bool
) -> list[dict[str, Any]]:
    """Ask for new rows beyond those that are there; gives them all."""
    while (is_required and not rows) or ask_yes(
        session, session.say("cli.ask.more_rows" if there else "cli.ask.a_row"), default=False
    ):
        session.tell(session.say("cli.ask.row", number=str(there + 1)))
        cells = _ask_cells(session, wanted.columns)
        if cells is None:
            if not there:
                raise Back
            continue
        rows.append(_given(cells))
        there += 1
    return rows


def _ask_cells(
    session: Session, columns: Sequence[FormField], held: dict[str, Any] | None = None
) -> dict[str, Any] | None:
    """The cells of one row, one after another; None when the person goes back from the first."""
    cells: dict[str, Any] = dict(held or {})
    number = 0
    while number < len(columns):
        column = columns[number]
        try:
            cells[column.field] = ask(session, column, cells.get(column.field))
        except Back:
            if number == 0:
                return None
            number -= 1
            continue
        number += 1
    return cells


# --- what is said ------------------------------------------------------------------------


def _say_question(session: Session, wanted: FormField) -> None:
    session.tell("")
    label = session.say(wanted.label)
    session.tell(label if wanted.required else f"{label} ({session.say('cli.ask.may_be_left')})")
    if wanted.help is not None:
        session.tell(wrap(session.say(wanted.help), session.width, "  ", "  "))
    if wanted.example:
        example = session.say("cli.ask.example", example=wanted.example)
        session.tell(wrap(example, session.width, "  ", "  "))


def _say_choices(session: Session, wanted: FormField, shown: Sequence[int]) -> None:
    for index in shown:
        choice = wanted.choices[index]
        number = choice.code if choice.code.isdecimal() else str(index + 1)
        more = " …" if _has_below(wanted.choices, index) and index + 1 not in shown else ""
        session.tell(f"  {number:>3}  {'  ' * choice.depth}{session.say(choice.label)}{more}")
    if wanted.choices and wanted.unknown_allowed:
        session.tell(f"    ?  {session.say('value.unknown')}")


def _hint(session: Session, wanted: FormField, held: Any, kept: Any) -> str:
    parts = []
    if wanted.multiple:
        parts.append(session.say("cli.ask.several"))
    elif wanted.type == "yes_no":
        parts.append(session.say("cli.ask.yes_or_no"))
    elif wanted.type in ("date", "datetime", "period"):
        parts.append(session.say(f"cli.ask.like_{wanted.type}"))
    if wanted.unknown_allowed and not wanted.choices:
        parts.append(session.say("cli.ask.or_unknown"))
    if kept is not None:
        text = " ".join(session.say(said_answer(wanted, kept)).split())
        parts.append(session.say("cli.ask.keep", value=clip(text, MOST_SHOWN)))
    if held is not None and not wanted.required:
        parts.append(session.say("cli.ask.clear"))
    return ", ".join(parts)


def _has_below(choices: Sequence[Choice], index: int) -> bool:
    return index + 1 < len(choices) and choices[index + 1].depth > choices[index].depth


def _first_level(choices: Sequence[Choice]) -> list[int]:
    """What is shown first: everything, or of a long tree its uppermost level."""
    top = [index for index, choice in enumerate(choices) if choice.depth == 0]
    return top if len(choices) > LONG and len(top) < len(choices) else list(range(len(choices)))


def _inside(wanted: FormField, text: str, shown: Sequence[int]) -> list[int]:
    """The branch to show when one group was chosen whose parts are not shown; empty when there is none."""
    if wanted.multiple and "," in text:
        return []
    found = matching(wanted.choices, text.strip())
    if len(found) != 1 or not _has_below(wanted.choices, found[0]) or found[0] + 1 in shown:
        return []
    first, depth = found[0], wanted.choices[found[0]].depth
    branch = [first]
    for index in range(first + 1, len(wanted.choices)):
        if wanted.choices[index].depth <= depth:
            break
        branch.append(index)
    return branch
