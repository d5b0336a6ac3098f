"""What streams are verified against: whose log it is, and the published definitions, each read once.

A definition stands under the hash of its bytes and under the hash that its row claims, so that a row with a
wrong hash is one problem and not one for each of its cases. It must not know any stream.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

import orjson
from sqlalchemy import select

from engine.definition.document import read as read_document
from engine.definition.model import Process, Whos
from engine.definition.value import Value
from engine.errors import DocumentError
from engine.store.authority import Authority, load_authority
from engine.store.case_projection import CodedKey, coded_rows
from engine.store.database import Session
from engine.store.statement import Statement
from engine.store.tables import definitions

MOST_FRAGMENTS: Final = 20_000
DEFINITIONS: Final = Statement(
    select(
        definitions.c.id, definitions.c.process, definitions.c.version, definitions.c.hash,
        definitions.c.document, definitions.c.published_at, definitions.c.is_current,
    ).order_by(definitions.c.id)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Expected:
    """The tasks that a state allows and demands, by what the definition alone says.

    allowed: step -> the roles that may have it as a task, and whether persons may. demanded: (step, role).
    timed: step -> the same roles, for a step that a deadline alone makes a task.
    """

    allowed: Mapping[str, tuple[frozenset[str], bool]]
    demanded: frozenset[tuple[str, str]]
    timed: Mapping[str, tuple[frozenset[str], bool]]


@dataclass(slots=True)
class Published:
    """A stored definition: its row, its model (None when the bytes cannot be read), and what was worked out of it."""

    id: int
    key: str
    version: int
    hash: str
    digest: str
    published_at: str
    is_current: bool
    process: Process | None
    texts: dict[Any, tuple[str, ...]] = field(default_factory=dict)
    others: dict[Any, tuple[str, ...]] = field(default_factory=dict)
    titles: dict[Any, tuple[str, str]] = field(default_factory=dict)
    _expected: dict[str, Expected] = field(default_factory=dict)

    def coded(self, path: str, value: Value) -> tuple[str, ...]:
        """The rows of `coded_values` for a value, each as the JSON of field, row, code, number, day.

        Raises:
            TypeError: The value is one that no body may hold.
        """
        fragments: dict[Any, tuple[str, ...]] = self.texts if type(value) is str else self.others
        key = (path, value) if fragments is self.texts else (path, type(value), repr(value))
        found = fragments.get(key)
        if found is None:
            assert self.process is not None  # noqa: S101  only cases with a readable definition come here
            if value is None or isinstance(value, float):
                raise TypeError(path)
            if len(fragments) >= MOST_FRAGMENTS:
                fragments.clear()
            rows = coded_rows(self.process, path, value)
            found = fragments[key] = tuple(orjson.dumps(as_listed(*row)).decode() for row in rows.items())
        return found

    def expected(self, state: str) -> Expected:
        """The tasks of a state."""
        found = self._expected.get(state)
        if found is None:
            assert self.process is not None  # noqa: S101  as above
            found = self._expected[state] = _expected(self.process, state)
        return found


@dataclass(frozen=True, slots=True)
class Basis:
    """Whose log it is, and hash -> definition."""

    authority: Authority
    definitions: Mapping[str, Published]


def load_basis(session: Session) -> Basis | None:
    """Read what streams are verified against; None when it is nobody's log."""
    authority = load_authority(session)
    if authority is None:
        return None
    found: dict[str, Published] = {}
    for published in load_definitions(session):
        found[published.hash] = published
        found[published.digest] = published
    return Basis(authority, found)


def load_definitions(session: Session) -> list[Published]:
    """Every stored definition, oldest first."""
    return [
        Published(
            row[0], row[1], row[2], row[3], sha256(row[4]).hexdigest(), row[5], bool(row[6]), _process(row[4])
        )
        for row in session.all(DEFINITIONS)
    ]  # fmt: skip


def as_listed(key: CodedKey, value: tuple[str | None, str | None]) -> list[Any]:
    """A row of `coded_values` as it comes out of the database's JSON."""
    number, day = value
    return [*key, None if number is None else _number(number), day]


def _number(text: str) -> float | int:
    return int(text) if text.lstrip("-").isdigit() else float(text)


def _process(document: bytes) -> Process | None:
    try:
        return read_document(document).process
    except DocumentError:
        return None


def _expected(process: Process, state: str) -> Expected:
    said = process.states[state]
    allowed: dict[str, tuple[frozenset[str], bool]] = {}
    demanded: set[tuple[str, str]] = set()
    named = set()
    if not said.final:
        for expectation in said.expects:
            by = process.steps[expectation.step].by if expectation.by is None else expectation.by
            named.add(expectation.step)
            roles, persons = _holders(by)
            before = allowed.get(expectation.step, (frozenset(), False))
            allowed[expectation.step] = roles | before[0], persons or before[1]
            if expectation.when is None:
                demanded |= {(expectation.step, w.role) for w in by if w.role is not None and w.when is None}
    timed = {
        step: _holders(process.steps[step].by)
        for _, step, _ in process.deadlines
        if not said.final and state in process.sources[step] and not process.steps[step].stays
    }
    return Expected(allowed, frozenset(demanded), timed)


def _holders(whos: Whos) -> tuple[frozenset[str], bool]:
    roles = frozenset(who.role for who in whos if who.role is not None)
    return roles, any(who.role is None for who in whos)
