"""What every decision needs and what seldom changes: units, working days, which definitions are published.

Kept between decisions, and read anew when an event of the organisation, the settings or a process has come. It
must not know what is decided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.calendar.workday import Calendar
from engine.cases.organisation import UnitTree
from engine.cases.reference import fold
from engine.language.naming import find_named
from engine.language.sentence import Words
from engine.store import reading
from engine.store.database import Session
from engine.store.organisation import read_tree


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything as it was when `seqs` was where the streams beside the cases stood.

    current: process -> hash of its newest published definition, labels: process -> what it is called.
    names: person code -> name, of those asked for so far.
    """

    seqs: tuple[tuple[str, str, int], ...]
    tree: UnitTree
    calendar: Calendar
    current: Mapping[str, str]
    labels: Mapping[str, Words] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def find_process(self, text: str) -> str | None:
        """The published process that somebody means by a key or a label."""
        return find_named(text, self.labels)


@dataclass(slots=True)
class Keeper:
    """Keeps the surroundings.

    calendar: reads the authority's working days. prefixes: folded prefix -> as it is written; there are only ever more.
    """

    calendar: Callable[[Session], Calendar]
    prefixes: dict[str, str] = field(default_factory=dict)
    _kept: Surroundings | None = field(default=None, init=False)

    @property
    def kept(self) -> Surroundings | None:
        """What was read last, None when nothing was."""
        return self._kept

    def read(self, session: Session) -> Surroundings:
        """The surroundings as they are now."""
        return self.ask(session)()

    def ask(self, session: Session) -> Callable[[], Surroundings]:
        """Ask whether they are as before; they come when what is returned is called."""
        asked = reading.ask_seqs_beside_cases(session)

        def answer() -> Surroundings:
            seqs = asked()
            if self._kept is None or self._kept.seqs != seqs:
                published = [one for one in reading.list_definitions(session) if one.is_current]
                self._kept = Surroundings(
                    seqs, read_tree(session), self.calendar(session),
                    {one.process: one.hash for one in published}, {one.process: one.label for one in published},
                )  # fmt: skip
            return self._kept

        return answer

    def written_reference(self, session: Session, text: str) -> str | None:
        """A reference as it is written (`ÅTG-2026-0031`), from its folded or written form; None when no prefix fits."""
        prefix, dash, rest = text.partition("-")
        if not dash:
            return None
        if fold(prefix) not in self.prefixes:
            self.prefixes |= {fold(known): known for known in reading.list_prefixes(session)}
        known = self.prefixes.get(fold(prefix))
        return None if known is None else f"{known}-{rest}"
