"""How a command ends: one code for each kind of ending, and which error means which."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from engine.errors import HjulError


class Exit(IntEnum):
    """The exit codes of `hjul`."""

    DONE = 0
    BUG = 1
    USAGE = 2
    REFUSED = 3
    NOT_FOUND = 4
    CHANGED = 5
    FAULT = 6
    INTERRUPTED = 130


BY_KIND: Final[tuple[tuple[str, Exit], ...]] = (
    ("refused", Exit.REFUSED),
    ("unknown_actor", Exit.REFUSED),
    ("not_found", Exit.NOT_FOUND),
    ("concurrent_change", Exit.CHANGED),
    ("storage", Exit.FAULT),
    ("audit", Exit.FAULT),
    ("ledger", Exit.FAULT),
    ("attachment.twice", Exit.REFUSED),
    ("attachment.erased", Exit.NOT_FOUND),
    ("attachment.there", Exit.REFUSED),
    ("kept_paper.erased", Exit.NOT_FOUND),
    ("kept_paper.closed", Exit.REFUSED),
    ("backup.exists", Exit.REFUSED),
    ("backup.itself", Exit.USAGE),
    ("backup.occupied", Exit.REFUSED),
    ("backup.other", Exit.REFUSED),
    ("backup", Exit.FAULT),
    ("definition.document", Exit.FAULT),
    ("organisation.unknown_parent", Exit.REFUSED),
    ("organisation.unknown_unit", Exit.NOT_FOUND),
    ("organisation.unknown_person", Exit.NOT_FOUND),
    ("organisation.unknown_role", Exit.NOT_FOUND),
    ("organisation.unknown_appointment", Exit.NOT_FOUND),
    ("organisation.code_form", Exit.USAGE),
    ("organisation.period_order", Exit.USAGE),
    ("organisation", Exit.REFUSED),
    ("acting_as", Exit.REFUSED),
    ("report_unit", Exit.REFUSED),
    ("not_initialised", Exit.FAULT),
    ("already_initialised", Exit.REFUSED),
    ("unpublishable", Exit.REFUSED),
    ("mail.address", Exit.USAGE),
    ("mail", Exit.FAULT),
    ("schedule.rule", Exit.USAGE),
    ("schedule", Exit.REFUSED),
)
"""The kind of an error, or the family before its first dot, and its code. Every other kind is wrong usage."""


def code_of(error: HjulError) -> Exit:
    """The exit code of an error. A refusal of malformed input is wrong usage; of missing input it is not."""
    refusal = getattr(error, "refusal", None)
    if refusal is not None and refusal.kind == "input":
        return Exit.USAGE
    for kind, code in BY_KIND:
        if error.kind == kind or error.kind.startswith(f"{kind}."):
            return code
    return Exit.USAGE
