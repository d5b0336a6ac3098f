"""What a setting may hold: each kind reads what was typed, gives its one written form, and says what it takes.

Values only; it must not know which settings there are, nor the store.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from typing import Final, Protocol

from engine.language.sentence import Sentence, Words, sentence

TRUE: Final = frozenset({"ja", "yes", "true", "1", "på", "on"})
FALSE: Final = frozenset({"nej", "no", "false", "0", "av", "off"})
_EMAIL: Final = re.compile(
    r"[^\s@<>,;\"]{1,64}@[A-Za-z0-9åäöÅÄÖ](?:[A-Za-z0-9åäöÅÄÖ.-]{0,252}[A-Za-z0-9åäöÅÄÖ])?"
)
_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_TIME: Final = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")


class Kind(Protocol):
    """A kind of value."""

    @property
    def takes(self) -> Sentence:
        """What may be given, for help and refusals."""

    def read(self, text: str) -> str:
        """The one written form of what was typed.

        Raises:
            ValueError: It cannot be that.
        """


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting: what it means, what it may hold, and what holds until it is set. `help` is said on its page."""

    label: Words
    kind: Kind
    default: str
    help: Words | None = None


@dataclass(frozen=True, slots=True)
class Days:
    """Days with commas between; none is allowed."""

    @property
    def takes(self) -> Sentence:
        """What may be given."""
        return sentence("setting.takes_days")

    def read(self, text: str) -> str:
        """The days in order, each once."""
        return ",".join(sorted(day.isoformat() for day in read_days(text)))


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `low` to `high`; `of` says what is counted."""

    low: int
    high: int
    of: Words

    @property
    def takes(self) -> Sentence:
        """What may be given."""
        return sentence("setting.takes_whole", low=str(self.low), high=str(self.high), of=self.of)

    def read(self, text: str) -> str:
        """The number without leading zeros."""
        found = text.strip()
        if not (found.isascii() and found.removeprefix("-").isdecimal() and len(found) < 12):
            raise ValueError(text)
        if not self.low <= int(found) <= self.high:
            raise ValueError(text)
        return str(int(found))


@dataclass(frozen=True, slots=True)
class Wholes:
    """Whole numbers with commas between, each from `low` to `high`, at most `most` of them; none is allowed."""

    low: int
    high: int
    most: int
    of: Words

    @property
    def takes(self) -> Sentence:
        """What may be given."""
        return sentence(
            "setting.takes_wholes", low=str(self.low), high=str(self.high), most=str(self.most), of=self.of
        )

    def read(self, text: str) -> str:
        """The numbers in order, each once."""
        one = Whole(self.low, self.high, self.of)
        found = sorted({int(one.read(part)) for part in text.split(",") if part.strip()})
        if len(found) > self.most:
            raise ValueError(text)
        return ",".join(map(str, found))


@dataclass(frozen=True, slots=True)
class YesNo:
    """Yes or no, in either language."""

    @property
    def takes(self) -> Sentence:
        """What may be given."""
        return sentence("setting.takes_yes_no")

    def read(self, text: str) -> str:
        """`yes` or `no`."""
        found = text.strip().casefold()
        if found not in TRUE | FALSE:
            raise ValueError(text)
        return "yes" if found in TRUE else "no"


@dataclass(frozen=True, slots=True)
class Text:
    """One line of at most `most` characters; nothing is allowed."""

    most: int = 200

    @property
    def takes(self) -> Sentence:
        """What may be given."""
        return sentence("setting.takes_text", most=str(self.most))

    def read(self, text: str) -> str:
        """The line without spaces around it."""
        found = text.strip()
        if len(found) > self.most or not found.isprintable():
            raise ValueError(text)
        return found


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few words."""

    words: tuple[str, ...]

    @property
    def takes(self) -> Sentence:
        """What may be given."""
        return sentence("setting.takes_one_of", words=self.words)

    def read(self, text: str) -> str:
        """The word as it is written."""
        found = text.strip().casefold()
        if found not in self.words:
            raise ValueError(text)
        return found


@dataclass(frozen=True, slots=True)
class Email:
    """An address of e-mail; nothing means none."""

    @property
    def takes(self) -> Sentence:
        """What may be given."""
        return sentence("setting.takes_email")

    def read(self, text: str) -> str:
        """The address."""
        found = text.strip()
        if found and not _EMAIL.fullmatch(found):
            raise ValueError(text)
        return found


@dataclass(frozen=True, slots=True)
class Host:
    """The name or address of a server; nothing means none."""

    @property
    def takes(self) -> Sentence:
        """What may be given."""
        return sentence("setting.takes_host")

    def read(self, text: str) -> str:
        """The name in small letters."""
        from ipaddress import ip_address  # noqa: PLC0415  whoever lists cases reads the calendar, no more

        found = text.strip().rstrip(".").casefold()
        if not found or (len(found) < 254 and all(_LABEL.fullmatch(label) for label in found.split("."))):
            return found
        return str(ip_address(found.removeprefix("[").removesuffix("]")))


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A time on the wall, hours and minutes."""

    @property
    def takes(self) -> Sentence:
        """What may be given."""
        return sentence("setting.takes_time")

    def read(self, text: str) -> str:
        """The time as `HH:MM`."""
        found = _TIME.fullmatch(text.strip())
        if found is None:
            raise ValueError(text)
        return f"{int(found[1]):02}:{found[2]}"


def is_email(text: str) -> bool:
    """Whether a text is an address of e-mail."""
    return _EMAIL.fullmatch(text) is not None


def read_days(text: str) -> frozenset[date]:
    """Days as they stand in a setting: ISO, with commas.

    Raises:
        ValueError: One is no day.
    """
    return frozenset(date.fromisoformat(part.strip()) for part in text.split(",") if part.strip())


def read_wholes(text: str) -> tuple[int, ...]:
    """Whole numbers as they stand in a setting."""
    return tuple(int(part) for part in text.split(",") if part)


def read_time(text: str) -> time:
    """A time of day as it stands in a setting."""
    return time.fromisoformat(text)
