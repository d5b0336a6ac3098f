"""Whether what came between what somebody saw and what they want to do concerns it (design.md section 4).

Entries, links and other acts beside it are neutral; another status, another holder or a field that both touch are
not. It must not know where events come from.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from engine.cases.event import Event
from engine.definition.model import Process


def touched_paths(event: Event, process: Process) -> frozenset[str]:
    """The fields that an event writes or clears, by path; what is computed from others is not among them."""
    return frozenset(
        path
        for path in (*event.coded, *event.personal, *event.cleared)
        if not path.startswith("$") and not ((column := process.column(path)) is not None and column.computed)
    )


def named_paths(keys: Iterable[str]) -> frozenset[str]:
    """The fields that keys of input name; a cell of a new row (`table.+.column`) is nobody else's."""
    return frozenset(key for key in keys if ".+" not in key)


def disturbs(event: Event, process: Process, touched: Collection[str]) -> bool:
    """Whether an event changed the status, the holder (person, unit or mark), or one of the fields touched."""
    if event.to_state != event.from_state or event.sets or event.marks:
        return True
    written = touched_paths(event, process)
    return any(path in touched or path.partition(".")[0] in touched for path in written)
