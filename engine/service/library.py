"""Published definitions, loaded once and shared by all their cases; which one a case's next event follows.

It must not know what is decided with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.cases.facts import Definition
from engine.definition.compat import is_compatible
from engine.definition.model import Process
from engine.store import reading
from engine.store.database import Session


@dataclass(slots=True)
class Library:
    """Definitions by hash. What is in it never changes: a published definition does not.

    ids: hash -> id in the database. adopted: (old hash, new hash) -> whether a case may go from the one to the other.
    """

    definitions: dict[str, Definition] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    adopted: dict[tuple[str, str], bool] = field(default_factory=dict)

    def get(self, session: Session, digest: str) -> Definition:
        """The definition of a hash.

        Raises:
            LookupError: There is none.
        """
        found = self.definitions.get(digest)
        if found is None:
            stored = reading.find_definition(session, digest)
            document = reading.load_document(session, stored.id) if stored is not None else None
            if stored is None or document is None:
                raise LookupError(digest)
            self.ids[digest] = stored.id
            found = self.definitions[digest] = Definition.of(digest, document.process)
        return found

    def newest(self, session: Session, process: str, current: Mapping[str, str]) -> Definition | None:
        """The newest published definition of a process; None when it is not published."""
        digest = current.get(process)
        return self.get(session, digest) if digest is not None else None

    def in_force(self, session: Session, digest: str, current: Mapping[str, str]) -> Definition:
        """What the next event of a case follows: the newest definition when it is compatible, else its own."""
        own = self.get(session, digest)
        newest = current.get(own.process.process)
        if newest is None or newest == digest:
            return own
        key = (digest, newest)
        if key not in self.adopted:
            self.adopted[key] = is_compatible(own.process, self.get(session, newest).process)
        return self.get(session, newest) if self.adopted[key] else own

    def stored(self) -> dict[str, tuple[int, Process]]:
        """Everything in it, as the unit of work wants it."""
        return {digest: (id_, self.definitions[digest].process) for digest, id_ in self.ids.items()}
