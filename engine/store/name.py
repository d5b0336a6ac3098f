"""What processes and statuses are called, in every version that was published; and which fields lists can choose by.

For those who choose by names: some cases keep an older version, and are found by its words too. It must not know
what was typed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import bindparam, select

from engine.errors import DocumentError
from engine.language.sentence import Words
from engine.store.database import Session
from engine.store.statement import Statement
from engine.store.tables import definitions, labels


@dataclass(frozen=True, slots=True)
class CountedField:
    """A field, or `table.column`, whose values lists can choose by. codes: code -> what it is called; may be empty."""

    process: str
    key: str
    type: str
    label: Words
    codes: Mapping[str, Words]


_LABELS: Final = Statement(
    select(definitions.c.process, labels.c.key, labels.c.sv, labels.c.en)
    .select_from(labels.join(definitions, definitions.c.id == labels.c.definition_id))
    .where(labels.c.kind == bindparam("kind"))
    .order_by(definitions.c.is_current.desc(), definitions.c.id.desc(), labels.c.key)
)
_DOCUMENTS: Final = Statement(
    select(definitions.c.process, definitions.c.document).order_by(
        definitions.c.is_current.desc(), definitions.c.id.desc()
    )
)


def load_names(session: Session, kind: str) -> tuple[tuple[str, str, Words], ...]:
    """What is called what: (process, key, words), the versions in force first. kind: `process` or `state`."""
    return tuple((row[0], row[1], Words(row[2], row[3])) for row in session.all(_LABELS, {"kind": kind}))


def load_counted(session: Session) -> tuple[CountedField, ...]:
    """The fields that count, of every version, those in force first.

    Raises:
        DocumentError: A stored document is none: somebody has changed it.
    """
    found: dict[tuple[str, str], CountedField] = {}
    for process, document in session.all(_DOCUMENTS):
        try:
            for field in _counted(process, orjson.loads(bytes(document))):
                found.setdefault((process, field.key), field)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise DocumentError("bytes") from None
    return tuple(found.values())


def _counted(process: str, content: dict[str, Any]) -> Iterator[CountedField]:
    for key, field in content["process"].get("fields", {}).items():
        columns = field.get("columns", {})
        for path, one in [(key, field), *((f"{key}.{name}", column) for name, column in columns.items())]:
            if one.get("statistics") == "true":
                yield CountedField(process, path, one["type"], Words(**one["label"]), _codes(content, one))


def _codes(content: dict[str, Any], field: dict[str, Any]) -> dict[str, Words]:
    name = field.get("list", "")
    name = content["parameters"].get(name[1:], name) if name.startswith("$") else name
    return dict(_walk(content["lists"].get(name, {}).get("codes", {})))


def _walk(codes: dict[str, Any]) -> Iterator[tuple[str, Words]]:
    for key, code in codes.items():
        yield key, Words(code["sv"], code["en"])
        yield from _walk(code.get("children", {}))
