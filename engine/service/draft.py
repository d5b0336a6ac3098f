"""Drafts: what somebody typed and has not taken. Seen by its owner only; gone when taken or dropped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.cases.event import Actor
from engine.errors import UnknownDraftError
from engine.language.sentence import Words
from engine.service.result import DraftView
from engine.store import draft as drafts
from engine.store.database import Database, Session
from engine.store.listing import find_label


@dataclass(slots=True)
class DraftService:
    """The drafts of the actor."""

    database: Database
    actor: Callable[[], Actor]
    clock: Callable[[], str]

    def save(
        self,
        process: str,
        reference: str | None,
        step: str | None,
        content: Mapping[str, Any],
        draft: int | None = None,
    ) -> DraftView:
        """Keep what was typed; in an earlier draft when one is named.

        Raises:
            UnknownDraftError: There is no such draft of the actor's.
        """
        person, at = self._person(), self.clock()
        with self.database.write() as session:
            if draft is not None:
                if not drafts.change(session, draft, person, content, at):
                    raise UnknownDraftError(str(draft))
                number = draft
            else:
                number = drafts.save(
                    session,
                    person=person,
                    process=process,
                    reference=reference,
                    step=step or "",
                    content=content,
                    at=at,
                )
            return self._view(session, number, person)

    def list(self) -> tuple[DraftView, ...]:
        """The actor's drafts, the newest first."""
        with self.database.read() as session:
            return tuple(_view(session, one) for one in reversed(drafts.list_of(session, self._person())))

    def show(self, number: int) -> DraftView:
        """One draft.

        Raises:
            UnknownDraftError: There is no such draft of the actor's.
        """
        with self.database.read() as session:
            return self._view(session, number, self._person())

    def content(self, number: int) -> dict[str, Any]:
        """What a draft holds, as it was saved.

        Raises:
            UnknownDraftError: There is no such draft of the actor's.
        """
        with self.database.read() as session:
            found = drafts.load(session, number, self._person())
        if found is None:
            raise UnknownDraftError(str(number))
        return dict(found.content)

    def drop(self, number: int) -> None:
        """Throw a draft away.

        Raises:
            UnknownDraftError: There is no such draft of the actor's.
        """
        with self.database.write() as session:
            if not drafts.drop(session, number, self._person()):
                raise UnknownDraftError(str(number))

    def _person(self) -> str:
        return self.actor().person or ""

    def _view(self, session: Session, number: int, person: str) -> DraftView:
        found = drafts.load(session, number, person)
        if found is None:
            raise UnknownDraftError(str(number))
        return _view(session, found)


def _view(session: Session, draft: drafts.Draft) -> DraftView:
    label = find_label(session, draft.process, "step", draft.step) if draft.step else None
    label = label or find_label(session, draft.process, "process", draft.process)
    values = draft.content.get("values")
    return DraftView(
        id=draft.id, process=draft.process, reference=draft.reference, step=draft.step,
        label=label or Words(draft.step or draft.process, draft.step or draft.process),
        fields=len(values) if isinstance(values, dict) else 0, created_at=draft.created_at, changed_at=draft.changed_at,
    )  # fmt: skip
