"""What comes back: a rule (RFC 5545 RRULE) whose days are computed, never stored.

Days and not instants: a quality year is counted in days where the authority is, so no clock change can move one. The
rule is read strictly, and every part that is not understood is named; the days themselves come from dateutil. This
module must not know plans, units, cases or the clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Literal, Self, TypeAlias

from engine.calendar.workday import STATUTORY, Calendar
from engine.errors import RuleError
from engine.language.sentence import sentence

if TYPE_CHECKING:
    from dateutil.rrule import rrule

Move: TypeAlias = Literal["stays", "next", "previous"]
"""What becomes of a day that is no working day: it stays, or is moved to the next or the previous one."""

LAST_YEAR: Final = 2100
"""The calendar knows no year after this."""
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_NUMBER: Final = r"[+-]?[1-9][0-9]{0,2}"
_PARTS: Final[Mapping[str, str]] = {
    "FREQ": "DAILY|WEEKLY|MONTHLY|YEARLY",
    "INTERVAL": "[1-9][0-9]{0,2}",
    "COUNT": "[1-9][0-9]{0,3}",
    "UNTIL": "[0-9]{8}",
    "BYMONTH": "[1-9]|1[0-2]",
    "BYMONTHDAY": "[+-]?(?:[1-9]|[12][0-9]|3[01])",
    "BYYEARDAY": r"[+-]?[1-9][0-9]{0,2}",
    "BYWEEKNO": r"[+-]?(?:[1-9]|[1-4][0-9]|5[0-3])",
    "BYDAY": rf"(?:[+-]?[1-9][0-9]?)?(?:{'|'.join(WEEKDAYS)})",
    "BYSETPOS": _NUMBER,
    "WKST": "MO",
}
_LISTED: Final = frozenset({"BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYDAY", "BYSETPOS"})
_MOST: Final[Mapping[str, int]] = {"BYYEARDAY": 366, "BYSETPOS": 366}
_ORDER: Final = tuple(_PARTS)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rule, and the days from the first to the last (None: for ever) that it gives, without some.

    Attributes:
        rule: In the one form that is kept: parts in a fixed order, no `RRULE:` before, no `DTSTART`.
        first: The day that the rule is counted from; only a day of the rule when the rule gives it.
        last: The last day there may be.
        without: Days of the rule that are left out.
    """

    rule: str
    first: date
    last: date | None = None
    without: frozenset[date] = frozenset()

    @classmethod
    def read(
        cls, rule: str, first: date, last: date | None = None, without: frozenset[date] = frozenset()
    ) -> Self:
        """Read a rule as it was typed, and keep it in its one form.

        Raises:
            RuleError: A part is unknown, twice, malformed, or the rule never gives a day.
        """
        found = cls(read_rule(rule), first, last, without)
        if last is not None and last < first:
            raise RuleError(sentence("rule.order", part=rule[:120]))
        if next(found.days(first, date(min(first.year + 30, LAST_YEAR), 12, 31)), None) is None:
            raise RuleError(sentence("rule.never", part=rule[:120]))
        return found

    def days(self, start: date, end: date) -> Iterator[date]:
        """The days from one to another, both included, in order."""
        end = min(end, self.last or end, date(LAST_YEAR, 12, 31))
        if end < max(start, self.first):
            return
        rule, count = _rule(self.rule, self.first)
        for instant in islice(rule, count):
            day = instant.date()
            if day > end:
                return
            if day >= start and day not in self.without:
                yield day

    def falls_on(self, day: date) -> bool:
        """Whether a day is one of them."""
        return next(self.days(day, day), None) is not None

    def coming(self, after: date, count: int) -> tuple[date, ...]:
        """The first days from one on, at most so many."""
        found = self.days(after, date(LAST_YEAR, 12, 31))
        return tuple(day for day, _ in zip(found, range(count), strict=False))


def move(day: date, how: Move, calendar: Calendar) -> date:
    """Return the day itself, or where it is moved to when it is no working day.

    Raises:
        CalendarRangeError: The way there leaves the years 1953 to 2100.
    """
    if how == "stays" or calendar.is_working_day(day):
        return day
    return calendar.next_working_day(day) if how == "next" else calendar.add_working_days(day, -1)


def move_by_law(day: date) -> date:
    """Return the last day to do something that the law says (1930:173 2 §): the next working day of the law."""
    return move(day, "next", STATUTORY)


def read_rule(text: str) -> str:
    """Return a rule in the one form that is kept: known parts in order, capitals, no space.

    Raises:
        RuleError: A part is unknown, twice, malformed, or missing.
    """
    parts: dict[str, str] = {}
    body = "".join(text.split()).upper().removeprefix("RRULE:").strip(";")
    for part in body.split(";") if body else ():
        name, equals, value = part.partition("=")
        if not equals or name not in _PARTS:
            raise RuleError(sentence("rule.unknown_part", part=part[:60]))
        if name in parts:
            raise RuleError(sentence("rule.part_twice", part=name))
        parts[name] = _value(name, value, part)
    if "FREQ" not in parts:
        raise RuleError(sentence("rule.no_frequency", part=text[:120]))
    _check_together(parts, text)
    return ";".join(f"{name}={parts[name]}" for name in _ORDER if name in parts)


def _value(name: str, value: str, part: str) -> str:
    values = value.split(",") if name in _LISTED else [value]
    if not all(re.fullmatch(_PARTS[name], one) for one in values):
        raise RuleError(sentence("rule.bad_part", part=part[:60]))
    if name in _MOST and any(abs(int(one)) > _MOST[name] for one in values):
        raise RuleError(sentence("rule.bad_part", part=part[:60]))
    if name == "UNTIL":
        try:
            datetime.strptime(value, "%Y%m%d")  # noqa: DTZ007  a day
        except ValueError:
            raise RuleError(sentence("rule.bad_part", part=part[:60])) from None
    return ",".join(dict.fromkeys(one.removeprefix("+") for one in values))


def _check_together(parts: Mapping[str, str], text: str) -> None:
    """Refuse what RFC 5545 forbids together, and what leaves no set to choose from."""
    numbered = any(one[:-2] for one in parts.get("BYDAY", "").split(","))
    wrong = (
        ("COUNT" in parts and "UNTIL" in parts)
        or (numbered and (parts["FREQ"] not in ("MONTHLY", "YEARLY") or "BYWEEKNO" in parts))
        or ("BYWEEKNO" in parts and parts["FREQ"] != "YEARLY")
        or ("BYYEARDAY" in parts and parts["FREQ"] != "YEARLY")
        or ("BYMONTHDAY" in parts and parts["FREQ"] == "WEEKLY")
        or ("BYSETPOS" in parts and not any(name.startswith("BY") and name != "BYSETPOS" for name in parts))
    )
    if wrong:
        raise RuleError(sentence("rule.together", part=text[:120]))


@lru_cache(maxsize=256)
def _rule(rule: str, first: date) -> tuple[rrule, int | None]:
    """The rule of dateutil, which remembers the days it has given, and how many of them there are (None: no end).

    The count is kept apart: a rule that never gives a day would be followed to the year 9999 for the sake of it.
    """
    from dateutil.rrule import rrulestr  # noqa: PLC0415  most commands ask for no recurrence

    parts = dict(part.split("=") for part in rule.split(";"))
    count = parts.pop("COUNT", None)
    parts.setdefault("UNTIL", f"{LAST_YEAR}1231")
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    found: Any = rrulestr(text, dtstart=datetime.combine(first, time()), cache=True)
    return found, None if count is None else int(count)
