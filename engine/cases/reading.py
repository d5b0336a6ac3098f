"""Input becomes values: what was typed or sent, checked against the fields, every fault at once.

A raw value is text as `--set` takes it ("?" unknown, "" cleared, "a,b" choices, "2026-03-01..2026-03-05" period) or
JSON as `--from` gives it. A key is `field`, `table.r2.column`, `table.r2` (struck out when empty) or
`table.+.column` for a new row (`+2`, `+3` ... for further ones). It must not know where input comes from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from engine.calendar.spoken import read_period
from engine.cases.decision import Fault, Raw
from engine.cases.reference import read_reference
from engine.cases.wall import Unreadable, check_past, is_before, read_wall
from engine.definition.model import CodeList, Column, ListedCode, Process
from engine.definition.value import UNKNOWN, Value, is_missing, is_unknown, number_of, number_value
from engine.errors import HjulError, PairError, PairTwiceError
from engine.language.alphabet import fold
from engine.language.naming import find_named
from engine.language.sentence import Words, clip, sentence

if TYPE_CHECKING:
    from engine.cases.facts import Facts

MOST_TEXT: Final = 20_000
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff]")
"""What no text has: control characters but for tab and new line, and halves of characters."""
_NEW_ROW: Final = re.compile(r"\+(\d{0,3})")
_ROW: Final = re.compile(r"r[1-9]\d{0,5}")
_TRUE: Final = frozenset({"ja", "j", "yes", "y", "true", "sant", "1"})
_FALSE: Final = frozenset({"nej", "n", "no", "false", "falskt", "0"})


@dataclass(slots=True)
class Input:
    """What was read: path -> value (None clears), and every fault."""

    values: dict[str, Value] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def read_pairs(pairs: Iterable[str]) -> dict[str, str]:
    """`field=value` texts as raw values, in order; a new row begins where a column of `table.+` comes again.

    Raises:
        PairError: A text has no `=`.
        PairTwiceError: A field comes twice.
    """
    values: dict[str, str] = {}
    rows: dict[str, int] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key.strip():
            raise PairError(clip(pair, 40))
        key = key.strip()
        table, plus, column = key.partition(".+.")
        if plus:
            number = rows.setdefault(table, 1)
            if f"{table}.+{number}.{column}" in values:
                number = rows[table] = number + 1
            key = f"{table}.+{number}.{column}"
        if key in values:
            raise PairTwiceError(clip(key))
        values[key] = value
    return values


def read_values(
    process: Process,
    raw: Mapping[str, Raw],
    facts: Facts,
    *,
    highest: Mapping[str, int],
    columns: str | None = None,
) -> Input:
    """Read raw values of a process's fields and of the intrinsics `unit` and `assignee`.

    Args:
        process: Whose fields they are.
        raw: Key -> raw value.
        facts: For persons, units, cases and the time.
        highest: Table -> highest row number ever given.
        columns: A table whose columns are asked for by their own names, as a new row (`adds_row`).
    """
    found = Input()
    fresh = _Rows(dict(highest))
    for typed, value in raw.items():
        key = _meant(process, typed, columns)
        if key != typed and key in raw:
            found.faults.append(
                Fault(clip(typed), Words(clip(typed), clip(typed)), sentence("value.twice", field=key))
            )
            continue
        for name, one in _spread(process, key, value, columns):
            _read_one(process, name, one, facts, fresh, found)
    return found


def _meant(process: Process, typed: str, columns: str | None) -> str:
    """A typed key by keys instead of labels: `Händelse` is `handelse`, `Orsaker.+1.Område` is `orsaker.+1.omrade`."""
    head, *rest = (part.strip() for part in typed.split("."))
    if head not in process.fields and head not in INTRINSIC:
        names = {key: one.label for key, one in process.fields.items()}
        if columns:
            names |= {key: one.label for key, one in process.fields[columns].columns.items()}
        head = find_named(head, names) or find_named(head, INTRINSIC_LABELS) or head
    known = process.fields.get(head)
    if known is not None and len(rest) == 2:
        rest[1] = find_named(rest[1], {key: one.label for key, one in known.columns.items()}) or rest[1]
    return ".".join((head, *rest))


@dataclass(slots=True)
class _Rows:
    """Gives permanent keys to new rows."""

    highest: dict[str, int]
    given: dict[tuple[str, str], str] = field(default_factory=dict)

    def key(self, table: str, row: str) -> str:
        """The key of a row: itself, or the next free one for `+`."""
        if not _NEW_ROW.fullmatch(row):
            return row
        if (table, row) not in self.given:
            self.highest[table] = self.highest.get(table, 0) + 1
            self.given[table, row] = f"r{self.highest[table]}"
        return self.given[table, row]


def _spread(process: Process, key: str, value: Raw, columns: str | None) -> Iterable[tuple[str, Raw]]:
    """JSON of a table as one key a cell; everything else as it is."""
    if columns and key in process.fields[columns].columns:
        return [(f"{columns}.+.{key}", value)]
    named = process.fields.get(key)
    if named is None or named.type != "table":
        return [(key, value)]
    if isinstance(value, list) and all(isinstance(row, dict) for row in value):
        return [
            (f"{key}.+{n}.{column}", cell) for n, row in enumerate(value, 1) for column, cell in row.items()
        ]
    if isinstance(value, dict) and all(isinstance(row, dict) for row in value.values()):
        return [
            (f"{key}.{row}.{column}", cell) for row, cells in value.items() for column, cell in cells.items()
        ]
    return [(key, value)]


def _read_one(process: Process, key: str, raw: Raw, facts: Facts, rows: _Rows, found: Input) -> None:
    name, dot, rest = key.partition(".")
    if key in ("unit", "assignee"):
        _collect(found, key, INTRINSIC[key], lambda: _INTRINSIC_READERS[key](raw, facts))
        return
    known = process.fields.get(name)
    if known is None:
        found.faults.append(_unknown_field(process, key))
    elif known.type == "computed" or known.computed:
        found.faults.append(Fault(key, known.label, sentence("value.computed")))
    elif known.type == "table":
        _read_cell(process, key, raw, facts, rows, found)
    elif dot:
        found.faults.append(_unknown_field(process, key))
    else:
        _collect(found, key, known, lambda: read_value(process, known, raw, facts))
    del rest


def _read_cell(process: Process, key: str, raw: Raw, facts: Facts, rows: _Rows, found: Input) -> None:
    table, _, rest = key.partition(".")
    row, _, name = rest.partition(".")
    known = process.fields[table]
    is_new = bool(_NEW_ROW.fullmatch(row))
    if not is_new and (not _ROW.fullmatch(row) or int(row[1:]) > rows.highest.get(table, 0)):
        found.faults.append(
            Fault(key, known.label, sentence("value.no_row", row=clip(row, 20), table=known.label))
        )
        return
    if not name and not is_new and is_missing(raw):
        found.values.update({f"{table}.{row}.{column}": None for column in known.columns})
        return
    column = known.columns.get(name)
    if column is None:
        why = sentence("value.no_column", column=clip(name, 40), columns=tuple(known.columns))
        found.faults.append(Fault(key, known.label, why))
        return
    if column.computed:
        found.faults.append(Fault(key, column.label, sentence("value.computed")))
        return
    _collect(
        found,
        f"{table}.{rows.key(table, row)}.{name}",
        column,
        lambda: read_value(process, column, raw, facts),
    )


def _collect(found: Input, key: str, column: Column, read: Callable[[], Value]) -> None:
    try:
        found.values[key] = read()
    except Unreadable as error:
        found.faults.append(Fault(key, column.label, error.why, error.choices))


def _unknown_field(process: Process, key: str) -> Fault:
    near = get_close_matches(key.partition(".")[0], [*process.fields, "unit", "assignee"], n=1, cutoff=0.6)
    why = sentence("value.unknown_field_near", near=near[0]) if near else sentence("value.unknown_field")
    return Fault(clip(key), Words(clip(key), clip(key)), why)


def read_value(process: Process, column: Column, raw: Raw, facts: Facts) -> Value:
    """One raw value as a value of a field or column; None clears.

    Raises:
        Unreadable: It is none; the sentence says why and what would do.
    """
    if isinstance(raw, str):
        raw = raw.strip()
    if raw is None or raw in ("", []):
        return None
    if raw == "?" or (isinstance(raw, dict) and is_unknown(raw)):
        if column.unknown == "allowed":
            return UNKNOWN
        raise Unreadable(sentence("value.unknown_not_allowed"))
    value = _READERS[column.type](process, column, raw, facts)
    _check_bounds(column, value)
    if column.past:
        check_past(value, facts)
    return value


def _text(process: Process, column: Column, raw: Raw, facts: Facts) -> Value:
    if not isinstance(raw, (str, int)) or isinstance(raw, bool):
        raise Unreadable(sentence("value.not_text"))
    text = str(raw).replace("\r\n", "\n")
    most = column.maximum or MOST_TEXT
    if len(text) > most:
        raise Unreadable(sentence("value.too_long", most=most, length=len(text)))
    if _CONTROL.search(text):
        raise Unreadable(sentence("value.control_character"))
    return text


def choices_of(codes: CodeList) -> list[tuple[str, ListedCode]]:
    """The codes that may be chosen now: those not retired, in order."""
    return [(key, code) for key, code in codes.flat.items() if not code.retired]


def _choice(process: Process, column: Column, raw: Raw, facts: Facts) -> Value:
    codes = process.code_list(column)
    wanted = str(raw).strip()
    if codes is None:
        return wanted
    open_codes = dict(choices_of(codes))
    if wanted in open_codes:
        return wanted
    named = find_named(wanted, {key: code.label for key, code in open_codes.items()})
    if named is not None:
        return named
    if wanted in codes.flat:
        raise Unreadable(sentence("value.retired_code", value=codes.flat[wanted].label))
    near = get_close_matches(fold(wanted), list(open_codes), n=1, cutoff=0.6)
    listed = tuple((code, one.label) for code, one in open_codes.items())
    raise Unreadable(
        sentence("value.no_code_near", near=near[0]) if near else sentence("value.no_code"), listed
    )


def _choices(process: Process, column: Column, raw: Raw, facts: Facts) -> Value:
    parts = raw if isinstance(raw, list) else [part for part in str(raw).split(",") if part.strip()]
    return list(dict.fromkeys(_choice(process, column, part, facts) for part in parts))


def _number(process: Process, column: Column, raw: Raw, facts: Facts) -> Value:
    text = str(raw).strip().replace("\u00a0", "").replace(" ", "").replace(",", ".")
    for suffix in ("kr", "%"):
        text = text.removesuffix(suffix)
    number = None if isinstance(raw, bool) else number_of(text)
    if number is None or not number.is_finite() or abs(number) >= 10**15:
        raise Unreadable(sentence("value.not_number"))
    return number_value(number)


def _date(process: Process, column: Column, raw: Raw, facts: Facts) -> Value:
    value = read_wall(raw, facts)
    if "T" in value:
        raise Unreadable(sentence("value.day_only"))
    return value


def _datetime(process: Process, column: Column, raw: Raw, facts: Facts) -> Value:
    if isinstance(raw, dict) or ".." in str(raw) or read_period(str(raw), facts.today):
        return _period(process, column, raw, facts)
    return read_wall(raw, facts)


def _period(process: Process, column: Column, raw: Raw, facts: Facts) -> Value:
    said = None if isinstance(raw, dict) else read_period(str(raw), facts.today)
    ends = (raw.get("from"), raw.get("to")) if isinstance(raw, dict) else (said or str(raw)).split("..", 1)
    if len(ends) != 2 or not all(ends):
        raise Unreadable(sentence("value.not_period"))
    start, end = (read_wall(one, facts, is_end=True) for one in ends)
    if is_before(end, start, facts.zone):
        raise Unreadable(sentence("value.period_backwards", start=start, end=end))
    return {"from": start, "to": end}


def _yes_no(process: Process, column: Column, raw: Raw, facts: Facts) -> Value:
    if isinstance(raw, bool):
        return raw
    text = str(raw).strip().casefold()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise Unreadable(sentence("value.not_yes_no"))


def _person(process: Process, column: Column, raw: Raw, facts: Facts) -> Value:
    code = facts.person(str(raw))
    if code is None:
        raise Unreadable(sentence("value.no_person"))
    return code


def _unit(process: Process, column: Column, raw: Raw, facts: Facts) -> Value:
    try:
        unit = facts.tree.find(str(raw))
    except HjulError:
        raise Unreadable(sentence("value.no_unit", unit=clip(str(raw)))) from None
    if not unit.is_in_force(facts.today.isoformat()):
        raise Unreadable(sentence("value.closed_unit", unit=unit.name))
    return unit.code


def _case(process: Process, column: Column, raw: Raw, facts: Facts) -> Value:
    reference = read_reference(str(raw))
    case = facts.case(str(reference)) if reference else None
    if case is None:
        raise Unreadable(sentence("value.no_case", reference=clip(str(raw), 40)))
    return case.reference


def _not_here(process: Process, column: Column, raw: Raw, facts: Facts) -> Value:
    raise Unreadable(sentence("value.not_by_hand"))


def _check_bounds(column: Column, value: Value) -> None:
    if column.type not in ("number", "percent", "money"):
        return
    number = number_of(value)
    low, high = column.minimum, column.maximum
    if number is not None and ((low is not None and number < low) or (high is not None and number > high)):
        if low is not None and high is not None:
            raise Unreadable(sentence("value.out_of_range", low=low, high=high))
        raise Unreadable(
            sentence("value.too_low", low=low)
            if low is not None
            else sentence("value.too_high", high=high or 0)
        )


_READERS: Final[dict[str, Callable[[Process, Column, Raw, Any], Value]]] = {
    "text": _text, "choice": _choice, "choices": _choices, "scale": _choice, "number": _number,
    "percent": _number, "money": _number, "date": _date, "datetime": _datetime, "period": _period,
    "yes_no": _yes_no, "person": _person, "unit": _unit, "case": _case, "series": _not_here, "file": _not_here,
    "table": _not_here, "computed": _not_here,
}  # fmt: skip

INTRINSIC: Final = {
    "unit": Column(type="unit", label=Words("Enhet", "Unit")),
    "assignee": Column(type="person", label=Words("Den som har ärendet", "Holder")),
}
INTRINSIC_LABELS: Final = {key: one.label for key, one in INTRINSIC.items()}
_INTRINSIC_READERS: Final[dict[str, Callable[[Raw, Any], Value]]] = {
    "unit": lambda raw, facts: _unit(None, INTRINSIC["unit"], raw, facts),  # type: ignore[arg-type]
    "assignee": lambda raw, facts: _person(None, INTRINSIC["assignee"], raw, facts),  # type: ignore[arg-type]
}
