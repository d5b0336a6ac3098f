"""A rule said in words, and in words again: `--every quarter --on last` becomes an RRULE, an RRULE a sentence.

Whoever plans should not have to know RFC 5545. What can be said is a small language, Swedish and English alike; all
else is written as a rule. It must not know plans or the clock.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from engine.calendar.recurrence import WEEKDAYS, read_rule
from engine.errors import RuleError
from engine.language.alphabet import fold
from engine.language.sentence import Sentence, Words, sentence

_MONTHS: Final = (
    Words("januari", "January"), Words("februari", "February"), Words("mars", "March"), Words("april", "April"),
    Words("maj", "May"), Words("juni", "June"), Words("juli", "July"), Words("augusti", "August"),
    Words("september", "September"), Words("oktober", "October"), Words("november", "November"),
    Words("december", "December"),
)  # fmt: skip
_DAYS: Final = (
    Words("måndag", "Monday"), Words("tisdag", "Tuesday"), Words("onsdag", "Wednesday"),
    Words("torsdag", "Thursday"), Words("fredag", "Friday"), Words("lördag", "Saturday"),
    Words("söndag", "Sunday"),
)  # fmt: skip
_LENGTHS: Final[Mapping[str, tuple[Words, int]]] = MappingProxyType(
    {
        "month": (Words("månad", "month"), 1),
        "quarter": (Words("kvartal", "quarter"), 3),
        "third": (Words("tertial", "third"), 4),
        "half": (Words("halvår", "half-year"), 6),
        "year": (Words("år", "year"), 12),
    }
)
"""The months of each period of the year. A tertial is a third of a year, as municipalities report."""
WEEK: Final = Words("vecka", "week")
EVERY: Final = (WEEK, *(words for words, _ in _LENGTHS.values()))
"""What a plan can recur each, as it is typed."""
_LAST: Final = Words("sista", "last")
_FIRST: Final = Words("första", "first")
_WEEKDAY_NUMBERS: Final = {fold(word): n for n, day in enumerate(_DAYS) for word in (day.sv, day.en)}
_MONTH_NUMBERS: Final = {fold(word): n for n, one in enumerate(_MONTHS, 1) for word in (one.sv, one.en)}
_DAY_AND_MONTH: Final = re.compile(r"(0?[1-9]|[12][0-9]|3[01])/(0?[1-9]|1[0-2])")
_DAY_OF_YEAR: Final = re.compile(r"(?:[0-9]{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
_LENGTH_OF_MONTH: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def month_words(month: int) -> Words:
    """What a month is called, 1 to 12."""
    return _MONTHS[month - 1]


def rule_of(every: str, on: Sequence[str] = ()) -> str:
    """The rule of something that recurs every so often, on some day of it: the last when none is said.

    Args:
        every: One of `EVERY`, in either language.
        on: In a week: weekdays. In a month, or the last month of a longer period: the number of a day, `last`
            (of the period) or `first` (of the period). In a year also `MM-DD` or the name of a month (its last day).

    Raises:
        RuleError: It is none of these.
    """
    wanted = fold(every.strip())
    if wanted in (fold(WEEK.sv), fold(WEEK.en)):
        return read_rule(f"FREQ=WEEKLY;BYDAY={','.join(_weekday(one) for one in on or ('fredag',))}")
    for words, length in _LENGTHS.values():
        if wanted in (fold(words.sv), fold(words.en)):
            if length == 12 and on:
                found = _dates_of_year(on)
                if found is not None:
                    return found
            if len(on) > 1:
                raise RuleError(sentence("rule.one_day", part=", ".join(on)[:60]))
            return _in_period(length, on[0] if on else _LAST.sv)
    raise RuleError(sentence("rule.unknown_every", part=every[:60], known=EVERY))


def say_rule(rule: str) -> Sentence | str:
    """A rule in words, where there are words for it; else the rule itself."""
    parts = dict(part.split("=") for part in rule.split(";"))
    frequency = parts.pop("FREQ")
    ended = parts.keys() & {"COUNT", "UNTIL", "INTERVAL"}
    if ended:
        return rule
    if frequency == "WEEKLY" and parts.keys() == {"BYDAY"}:
        days = tuple(_DAYS[WEEKDAYS.index(one)] for one in parts["BYDAY"].split(","))
        return sentence("rule.weekly", days=days)
    months = [int(month) for month in parts.get("BYMONTH", "").split(",") if month]
    day = _said_day(parts)
    if day is None or parts.keys() - {"BYMONTH", "BYMONTHDAY", "BYSETPOS"}:
        return rule
    if frequency == "MONTHLY" and not months:
        return sentence("rule.each", every=_LENGTHS["month"][0], day=day)
    if frequency != "YEARLY" or not months:
        return rule
    if day == sentence("rule.last_day") and (every := _period_ending(months)) is not None:
        return sentence("rule.each", every=every, day=day)
    if day == sentence("rule.day", n="1") and (every := _period_beginning(months)) is not None:
        return sentence("rule.each", every=every, day=sentence("rule.first_day"))
    names = tuple(month_words(month) for month in months)
    if day == sentence("rule.last_day"):
        return sentence("rule.yearly_last", months=names)
    return sentence("rule.yearly", day=day, months=names)


def _weekday(text: str) -> str:
    number = _WEEKDAY_NUMBERS.get(fold(text.strip()))
    if number is None:
        raise RuleError(sentence("rule.no_weekday", part=text[:60]))
    return WEEKDAYS[number]


def _in_period(length: int, on: str) -> str:
    """The rule of one day of each period of so many months, which begin with the year."""
    wanted = fold(on.strip())
    last, first = range(length, 13, length), range(1, 13, length)
    frequency = "MONTHLY" if length == 1 else "YEARLY"
    if wanted in (fold(_FIRST.sv), fold(_FIRST.en)):
        months, day = first, "BYMONTHDAY=1"
    elif wanted in (fold(_LAST.sv), fold(_LAST.en)):
        months, day = last, "BYMONTHDAY=-1"
    elif wanted.isdecimal() and 1 <= int(wanted) <= 31:
        months, day = last, _day(int(wanted))
    else:
        raise RuleError(sentence("rule.no_day", part=on[:60]))
    by = "" if length == 1 else f"BYMONTH={','.join(map(str, months))};"
    return read_rule(f"FREQ={frequency};{by}{day}")


def _day(number: int) -> str:
    """The day of a month by its number; where a month has fewer, its last."""
    if number <= 28:
        return f"BYMONTHDAY={number}"
    if number == 31:
        return "BYMONTHDAY=-1"
    return f"BYMONTHDAY={','.join(map(str, range(28, number + 1)))};BYSETPOS=-1"


def _dates_of_year(on: Sequence[str]) -> str | None:
    """The rule of some dates of each year; None when they are no dates. All must be the same day of their months."""
    found: list[tuple[int, int]] = []
    for one in on:
        found_date = _date_of(one.strip())
        if found_date is not None:
            month, day = found_date
            if day > _LENGTH_OF_MONTH[month - 1] + (month == 2):
                raise RuleError(sentence("rule.no_such_date", part=one[:60]))
            is_last = day >= _LENGTH_OF_MONTH[month - 1] and (month, day) != (2, 28)
            found.append((month, -1 if is_last else day))
        elif (number := _MONTH_NUMBERS.get(fold(one.strip()))) is not None:
            found.append((number, -1))
        elif len(on) > 1 or found:
            raise RuleError(sentence("rule.no_date", part=one[:60]))
        else:
            return None
    days = {day for _, day in found}
    if len(days) > 1:
        raise RuleError(sentence("rule.different_days", part=", ".join(on)[:60]))
    months = ",".join(str(month) for month in sorted({month for month, _ in found}))
    return read_rule(f"FREQ=YEARLY;BYMONTH={months};BYMONTHDAY={days.pop()}")


def _date_of(text: str) -> tuple[int, int] | None:
    """Month and day of `MM-DD`, or of `D/M` as people write it in Swedish."""
    written, spoken = _DAY_OF_YEAR.fullmatch(text), _DAY_AND_MONTH.fullmatch(text)
    if written is not None:
        return int(written[1]), int(written[2])
    return None if spoken is None else (int(spoken[2]), int(spoken[1]))


def _said_day(parts: Mapping[str, str]) -> Sentence | None:
    day, place = parts.get("BYMONTHDAY", ""), parts.get("BYSETPOS")
    if day == "-1" and place is None:
        return sentence("rule.last_day")
    if place == "-1" and day in ("28,29", "28,29,30"):
        return sentence("rule.day", n=day.rpartition(",")[2])
    if day.isdecimal() and place is None:
        return sentence("rule.day", n=day)
    return None


def _period_ending(months: Sequence[int]) -> Words | None:
    return next(
        (words for words, n in _LENGTHS.values() if list(months) == list(range(n, 13, n)) and n > 1), None
    )


def _period_beginning(months: Sequence[int]) -> Words | None:
    return next(
        (words for words, n in _LENGTHS.values() if list(months) == list(range(1, 13, n)) and n > 1), None
    )
