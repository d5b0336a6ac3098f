"""The law's own word for what is to be done without a fixed day ("genast"), as the definition of the case says it.

Read from stored documents, without loading the model, and only where a list has such a row. It must not know the list.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

import orjson
from sqlalchemy import select

from engine.language.sentence import Words
from engine.store.database import Session
from engine.store.tables import cases, definitions, streams

SWIFT: Final = "lag_skyndsamt"


def load_words(session: Session, wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], Words]:
    """The word of each (reference, step) that has one."""
    if not wanted:
        return {}
    question = (
        select(streams.c.name, cases.c.definition_id, cases.c.data)
        .join(cases, cases.c.id == streams.c.id)
        .where(streams.c.kind == "case", streams.c.name.in_({reference for reference, _ in wanted}))
    )
    found = {name: (number, orjson.loads(data)) for name, number, data in session.rows(question)}
    ids = {number for number, _ in found.values()}
    documents = select(definitions.c.id, definitions.c.document).where(definitions.c.id.in_(ids))
    steps = {
        number: orjson.loads(bytes(document))["process"]["steps"]
        for number, document in session.rows(documents)
    }
    words: dict[tuple[str, str], Words] = {}
    for reference, step in wanted:
        if reference in found:
            number, data = found[reference]
            deadlines = {one["key"]: one for one in data["deadlines"]}
            word = _word(step, _listed(steps[number].get(step, {}).get("due")), deadlines)
            if word is not None:
                words[reference, step] = word
    return words


def _word(step: str, dues: list[dict[str, Any]], deadlines: Mapping[str, Mapping[str, Any]]) -> Words | None:
    """The word of the first deadline of a step that runs: that of what it rests on, else its own."""
    for number, due in enumerate(dues, 1):
        key = due.get("name") or (step if number == 1 else f"{step}_{number}")
        running = deadlines.get(key)
        if running is None or running.get("status", "open") != "open" or running.get("kind") != SWIFT:
            continue
        grounds = {ground["name"]: ground.get("word") for ground in _listed(due.get("grounds"))}
        word = grounds.get(running.get("ground")) or due.get("word")
        if word:
            return Words(word["sv"], word["en"])
    return None


def _listed(node: Any) -> list[dict[str, Any]]:
    """What may be written as one or as several."""
    return node if isinstance(node, list) else [node] if node else []
