"""What a verification finds: problems, each with its place and its sentence, and the report they end in.

A problem names references, seqs, columns and keys of the definition; never a value, which somebody may have
written. It must not know how anything is verified.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, TypeAlias

from engine.audit.wording import place_of, worded
from engine.language.sentence import Argument, Sentence

MOST: Final = 1000
"""The most problems that a report names; the others are counted."""
MOST_OF_ONE: Final = 50
"""The most that it names of one stream."""
NOT_PROVED: Final = (
    "access_log",
    "outbox",
    "notices",
    "search",
    "drafts",
    "clockwork",
    "authority_name",
    "environment",
    "permitted",
    "true",
    "rewritten",
)
"""What no verification can prove, whatever it finds; each has its words in `audit.not_proved.<name>`."""
RIGHTS: Final = "rights"
"""The reference of the problem that the rows which decide rights do not follow from the log."""
_DECIDE_RIGHTS: Final = frozenset({"organisation", "process", "definitions"})
Raw: TypeAlias = tuple[str, int | None, str, dict[str, Argument]]
"""A problem as it travels between processes: reference, seq, kind, arguments of the sentence."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that does not hold: in which stream, at which row of it (None: all of it), what, and in words.

    `reference` is a case's reference; another stream is `kind:name`; what belongs to no stream is a table. `place` is
    reference and seq in words.
    """

    reference: str
    seq: int | None
    kind: str
    sentence: Sentence
    place: Sentence | str


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What a verification found.

    Attributes:
        cases: How many cases were looked at.
        events: How many events.
        ok: Whether everything holds.
        problems: What does not, stream by stream, the first bad row of each stream first.
        erased: How many events have lost personal values lawfully.
        seconds: How long it took.
        left_off: How many more problems there are than those named.
        not_proved: What it says nothing about.
    """

    cases: int
    events: int
    ok: bool
    problems: tuple[Problem, ...]
    erased: int
    seconds: float
    left_off: int = 0
    not_proved: tuple[str, ...] = NOT_PROVED


@dataclass(slots=True)
class Findings:
    """Problems as they are found: bounded, the rest counted."""

    found: list[Raw] = field(default_factory=list)
    left_off: int = 0
    touches_rights: bool = False
    _of: dict[str, int] = field(default_factory=dict)

    def add(self, reference: str, seq: int | None, kind: str, **arguments: Argument) -> None:
        """Note a problem; `kind` is also its sentence, `audit.<kind>`."""
        self.touches_rights = self.touches_rights or reference.partition(":")[0] in _DECIDE_RIGHTS
        number = self._of.get(reference, 0)
        self._of[reference] = number + 1
        if len(self.found) >= MOST or number >= MOST_OF_ONE:
            self.left_off += 1
        else:
            self.found.append((reference, seq, kind, arguments))

    def take(self, other: Findings) -> None:
        """Add what was found elsewhere."""
        self.left_off += other.left_off
        self.touches_rights = self.touches_rights or other.touches_rights
        for reference, seq, kind, arguments in other.found:
            self.add(reference, seq, kind, **arguments)

    def look_at_rights(self) -> None:
        """Say first of all when rows that decide who may do what are among those that do not hold."""
        if self.touches_rights:
            self.warn_of_rights()

    def warn_of_rights(self) -> None:
        """Say first of all that nobody can rely on who may do what."""
        if len(self.found) >= MOST:
            self.found.pop()
            self.left_off += 1
        self.found.insert(0, (RIGHTS, None, "rights", {}))

    def problems(self) -> tuple[Problem, ...]:
        """The problems, those of one stream together, by seq where they have one."""
        first = {raw[0]: number for number, raw in reversed(list(enumerate(self.found)))}
        ordered = sorted(self.found, key=lambda raw: (first[raw[0]], raw[1] is None, raw[1] or 0))
        return tuple(
            Problem(reference, seq, kind, worded(kind, arguments), place_of(reference, seq))
            for reference, seq, kind, arguments in ordered
        )
