"""What lies behind an event: an attached file, a kept paper, as values from what the event says of it.

It must not know who may see them.
"""

from __future__ import annotations

from engine.cases.event import FILE_DIGEST, FILE_NAME, FILE_SIZE, FILE_TYPE, PAPER_CONTENT, Event
from engine.cases.paper import KeptPaper
from engine.service.result import FileView, KeptPaperView, PersonView


def file_view(event: Event, number: int, person: PersonView) -> FileView:
    """An attached file, from the event that attached it."""
    said = event.personal
    size = said.get(FILE_SIZE)
    name, kind, digest = (
        str(said[key]) if key in said else None for key in (FILE_NAME, FILE_TYPE, FILE_DIGEST)
    )
    return FileView(
        number=number, seq=event.seq, name=name, media_type=kind, size=int(str(size)) if size is not None else None,
        sha256=digest, person=person, recorded_at=event.recorded_at,
    )  # fmt: skip


def kept_paper_view(event: Event, number: int, person: PersonView) -> KeptPaperView:
    """A kept paper, from the event that kept it."""
    kept, said = KeptPaper.of(event), event.personal
    size = said.get(FILE_SIZE)
    digest, content = (str(said[key]) if key in said else None for key in (FILE_DIGEST, PAPER_CONTENT))
    return KeptPaperView(
        number=number, seq=event.seq, paper=kept.paper, label=kept.label, version=kept.version,
        template=kept.template, format=kept.format, language=kept.language, shows=kept.shows, others=kept.others,
        size=int(str(size)) if size is not None else None, sha256=digest, content=content, person=person,
        recorded_at=event.recorded_at,
    )  # fmt: skip
