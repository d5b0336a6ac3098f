"""The year wheel as values to be drawn: what each mark, ring and legend says, in the reader's language.

It must not know how a wheel is drawn, nor where its occasions come from.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from engine.calendar.cadence import month_words
from engine.documents.wheel import Mark, Ring, WheelPicture
from engine.language.say import say, say_line
from engine.language.sentence import sentence
from engine.service.occasion import STATUSES, Occasion, Status, Year, count

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def picture_of(year: Year, language: str, *, training: bool = False) -> WheelPicture:
    """A year, ready to be drawn: a ring for each plan, a mark for each day that something is due."""
    counted = count(year.occasions)
    rings = tuple(
        _ring(name, [one for one in year.occasions if one.schedule == key], language)
        for key, name in year.schedules
    )
    title = say(sentence("wheel.title", year=str(year.year)), language)
    said = [f"{name}: {_counts(count(_of(year, key)), language)}" for key, name in year.schedules]
    description = " ".join(f"{each}." for each in said) or say_line(sentence("wheel.empty"), language)
    return WheelPicture(
        year=year.year,
        title=title,
        description=description,
        months=tuple(say(month_words(month), language) for month in range(1, 13)),
        rings=rings,
        legend=tuple(
            (
                status,
                _letter(status, language),
                say(sentence(f"wheel.status.{status}"), language),
                counted[status],
            )
            for status in STATUSES
        ),
        today=(year.today, say(sentence("wheel.today", day=year.today), language)),
        empty=say_line(sentence("wheel.empty"), language),
        mark=say(sentence("wheel.training"), language) if training else "",
    )


def _of(year: Year, key: str) -> list[Occasion]:
    return [one for one in year.occasions if one.schedule == key]


def _ring(name: str, occasions: Sequence[Occasion], language: str) -> Ring:
    days: dict[str, list[Occasion]] = {}
    for one in occasions:
        days.setdefault(one.due_on, []).append(one)
    about = _counts(count(occasions), language)
    return Ring(name, about, tuple(_mark(name, day, found, language) for day, found in days.items()))


def _mark(name: str, day: str, occasions: Sequence[Occasion], language: str) -> Mark:
    """A day of a plan: shown by the unit that wants most attention, told in full."""
    counted = count(occasions)
    worst = next(status for status in STATUSES if counted[status])
    text = f"{day} {name}: {_counts(counted, language)}"
    return Mark(date.fromisoformat(day), worst, _letter(worst, language), text)


def _letter(status: Status, language: str) -> str:
    return say(sentence(f"wheel.letter.{status}"), language)


def _counts(counted: Mapping[Status, int], language: str) -> str:
    said = [
        f"{say(sentence(f'wheel.status.{status}'), language)} {counted[status]}"
        for status in STATUSES
        if counted[status]
    ]
    return ", ".join(said)
