"""One event on a stream that is no case: a published definition, a setting. It must not know what the event says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.cases.decision import Decision, Write
from engine.cases.event import Acting, Event, StreamKind
from engine.store import reading
from engine.store.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from engine.definition.document import Document
    from engine.service.deciding import Decider


def record_event(
    decider: Decider,
    work: UnitOfWork,
    acting: Acting,
    stream: tuple[StreamKind, str],
    kind: str,
    data: Mapping[str, Any],
    *,
    appointment: int | None = None,
    documents: Sequence[Document] = (),
) -> None:
    """Record one event.

    Raises:
        ConcurrentChangeError: Somebody else wrote to the stream meanwhile.
        StorageError: The database cannot be written.
    """
    stream_kind, name = stream
    with decider.database.read() as session:
        seq = reading.stream_seq(session, stream_kind, name)
        facts = decider.loader(session).facts
    event = Event(
        stream_kind=stream_kind, stream=name, seq=seq + 1, kind=kind, acting=acting, occurred_at=facts.now,
        occurred_on=facts.today.isoformat(), recorded_at=facts.now, command_id=decider.new_id(), data=data,
    )  # fmt: skip
    relied = () if appointment is None else (appointment,)
    work.record(Decision((Write(event, None),), appointments=relied), {}, documents)
