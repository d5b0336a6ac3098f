"""What the published processes say of access, read from their documents without loading the model.

It must not know who is looking.
"""

from __future__ import annotations

from typing import Any, Final

import orjson
from sqlalchemy import select

from engine.cases.access import MarkRule, ProcessRule
from engine.errors import DocumentError
from engine.language.sentence import Words
from engine.store.database import Session
from engine.store.statement import Statement
from engine.store.tables import definitions

ROLES: Final = "roles"
_CURRENT: Final = Statement(
    select(definitions.c.process, definitions.c.document).where(definitions.c.is_current.is_(True))
)


def load_process_rules(session: Session) -> dict[str, ProcessRule]:
    """Process -> what its newest published version says of access."""
    return load_access(session)[0]


def load_role_words(session: Session) -> dict[str, Words]:
    """Role -> what it is called, by the lists that the published processes use."""
    return load_access(session)[1]


def load_access(session: Session) -> tuple[dict[str, ProcessRule], dict[str, Words]]:
    """Both of these, each document read once.

    Raises:
        DocumentError: A stored document is none: somebody has changed it.
    """
    rules: dict[str, ProcessRule] = {}
    called: dict[str, Words] = {}
    for process, document in session.all(_CURRENT):
        try:
            content = orjson.loads(bytes(document))
            rules[process] = _rule(content)
            codes = content["lists"].get(ROLES, {}).get("codes", {})
            called |= {key: Words(code["sv"], code["en"]) for key, code in codes.items()}
        except (ValueError, TypeError, KeyError, AttributeError):
            raise DocumentError("bytes") from None
    return rules, called


def _rule(content: dict[str, Any]) -> ProcessRule:
    process, values = content["process"], content["parameters"]
    marks = {
        key: MarkRule(_roles(mark["admits"], values), _roles(mark.get("keeps_for", []), values))
        for key, mark in process.get("marks", {}).items()
    }
    return ProcessRule({role: _value(level, values) for role, level in process["roles"].items()}, marks)


def _value(node: Any, values: dict[str, Any]) -> Any:
    return values.get(node[1:], node) if isinstance(node, str) and node.startswith("$") else node


def _roles(node: Any, values: dict[str, Any]) -> frozenset[str]:
    found: set[str] = set()
    for item in node if isinstance(node, list) else [node]:
        value = _value(item, values)
        found |= set(value) if isinstance(value, list) else {value}
    return frozenset(found)
