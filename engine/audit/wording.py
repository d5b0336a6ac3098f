"""What a problem is called in words: its place, its tables and columns, one and several.

Tables and columns are named in the reader's words with their own name behind, so that a manager understands and
whoever looks in the database finds it. It must not know how anything is verified.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.language.sentence import Argument, Sentence, sentence

TABLES: Final = frozenset({
    "appointments", "attachments", "case_marks", "cases", "coded_values", "deadlines", "erasures", "events", "labels",
    "links", "occasions", "payloads", "persons", "schedules", "settings", "streams", "tasks", "units", "unsealed",
})  # fmt: skip
COLUMNS: Final = frozenset({
    "assignee", "command_id", "data", "definition_id", "from_state", "happened_on", "hash", "is_current", "is_open",
    "kind", "opened_at", "opened_on", "ordinal", "prev", "private", "process", "published_at", "recorded_at",
    "reporter", "seq", "stream_kind", "name", "title_en", "title_sv", "to_state", "unit", "version",
})  # fmt: skip
PLACES: Final = frozenset({
    "authority", "counters", "definitions", "guards", "organisation", "process", "rights", "schedule", "series",
    "settings", "stream",
})  # fmt: skip
"""What a problem can be about that is neither a case nor a table."""


def worded(kind: str, arguments: Mapping[str, Argument]) -> Sentence:
    """The sentence of a problem."""
    said = dict(arguments)
    for name, known in (("table", TABLES), ("tables", TABLES), ("columns", COLUMNS)):
        if name in said:
            said[name] = _named(said[name], known, "column" if known is COLUMNS else "table")
    match kind:
        case "rows":
            return sentence("audit.rows", table=said["table"], what=_counted(said))
        case "register":
            more = int(str(said["more"]))
            return sentence("audit.register", **said) if not more else sentence(
                "audit.register_more", table=said["table"], keys=said["keys"], n=more
            )  # fmt: skip
        case "gap" if said["first"] == said["last"]:
            return sentence("audit.gap_one", first=said["first"])
        case "lost_references":
            return sentence("audit.lost_references", references=said["references"], n=int(str(said["count"])))
    return sentence(f"audit.{kind}", **said)


def place_of(reference: str, seq: int | None) -> Sentence | str:
    """Where a problem is: a reference as it is, anything else in words; with its row where it has one."""
    kind, _, name = reference.partition(":")
    where: Sentence | str = reference
    if kind in PLACES:
        where = sentence(f"audit.place.{kind}", name=name)
    elif reference in TABLES:
        where = sentence("audit.named", what=sentence(f"audit.table.{reference}"), name=reference)
    return where if seq is None else sentence("audit.place.row", where=where, seq=str(seq))


def _named(names: Argument, known: frozenset[str], what: str) -> Argument:
    if isinstance(names, tuple):
        return tuple(_named(name, known, what) for name in names)
    if str(names) not in known:
        return names
    return sentence("audit.named", what=sentence(f"audit.{what}.{names}"), name=str(names))


def _counted(said: Mapping[str, Argument]) -> tuple[Sentence, ...]:
    missing, surplus = int(str(said["missing"])), int(str(said["surplus"]))
    found = []
    if missing:
        found.append(sentence("audit.rows_missing", n=missing))
    if surplus:
        found.append(sentence("audit.rows_surplus", n=surplus))
    return tuple(found)
