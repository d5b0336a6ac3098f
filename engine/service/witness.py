"""The witness: writes down who reads what, by what right, and who was refused, before anything is shown.

Every reading of a case's content is a row of the access log (SoLPuL 10 §: access must be documented so that it can be
checked), and so is every attempt that was refused for lack of right. What is marked is not shown when the row cannot be
written; what is not marked is shown all the same, for somebody may need to know now. Envelopes are not content: lists,
tasks and deadlines are not written down. It must not know how a case is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from typing import Final

from engine.cases.access import AccessRule, Seen
from engine.cases.event import Actor
from engine.errors import StorageError
from engine.store import access_log, reading
from engine.store.database import Database

EVERYTHING: Final = "*"
"""What the access log has for a reference when it was about more than a case: a copy, an export, a check."""
SHOWN: Final = "shown"
REFUSED: Final = "refused"


@dataclass(slots=True)
class Witness:
    """Writes rows of the access log for the actor."""

    database: Database
    actor: Callable[[], Actor]
    clock: Callable[[], str]

    def reads(
        self, case: Seen, reference: str, rule: AccessRule, action: str, detail: str = "", *,
        beyond: bool = False, always: bool = False,
    ) -> None:  # fmt: skip
        """Write down that the actor reads a case, when it is its content that they are about to see.

        Args:
            case: The case as it is now.
            reference: Its reference.
            rule: What the actor may see.
            action: What the reading is called: `show`, `log`, `document`, `search` ...
            detail: Codes that say which part, such as the number of a file.
            beyond: Whether something beyond the envelope is shown though their level is that: what they themselves
                sent, what is meant for them. It is written down where the case is marked.
            always: Whether it is written down whatever they see, and nothing is given when it cannot be.

        Raises:
            StorageError: It could not be written: what is marked must not be shown.
        """
        reads_all = rule.level(case) == "content"
        if not (reads_all or always or (beyond and case.marks)):
            return
        with nullcontext() if always or (reads_all and case.marks) else suppress(StorageError):
            self._write([self._row(case, reference, rule, action, detail)])

    def reads_all(self, found: Iterable[tuple[str, Seen]], rule: AccessRule, action: str) -> None:
        """Write down that the actor reads something of several cases at once.

        Raises:
            StorageError: It could not be written.
        """
        self._write([self._row(case, reference, rule, action, "") for reference, case in found])

    def done(self, action: str, detail: str = "", *, reference: str = EVERYTHING) -> None:
        """Write down what was done with more than one case: a copy, an export, a check.

        Raises:
            StorageError: It could not be written.
        """
        self._write([_plain(reference, action, SHOWN, detail)])

    def refuses(self, reference: str, action: str, detail: str = "") -> None:
        """Write down that something was refused the actor; nothing when there is no such case.

        Raises:
            StorageError: It could not be written.
        """
        with self.database.read() as session:
            name = reading.written_reference(session, reference)
            is_there = name is not None and reading.load_case(session, name) is not None
        if name is not None and is_there:
            self._write([_plain(name, action.lower(), REFUSED, detail)])

    def refuses_all(self, action: str) -> None:
        """Write down that something was refused the actor that is about more than a case.

        Raises:
            StorageError: It could not be written.
        """
        self._write([_plain(EVERYTHING, action, REFUSED, "")])

    # --- inside

    def _row(
        self, case: Seen, reference: str, rule: AccessRule, action: str, detail: str
    ) -> dict[str, str | None]:
        ground = rule.ground(case)
        row = _plain(reference, action, SHOWN, detail)
        row["marks"] = ",".join(sorted(case.marks)) or None
        if ground is not None:
            row |= {"role": ground.role, "unit": ground.unit, "on_behalf_of": ground.on_behalf_of}
        return row

    def _write(self, rows: list[dict[str, str | None]]) -> None:
        actor = self.actor()
        if actor.person is None or not rows:
            return
        at = self.clock()
        with self.database.write() as session:
            for row in rows:
                access_log.append(session, at=at, person=actor.person, operator=actor.operator, **row)  # type: ignore[arg-type]


def _plain(reference: str, action: str, outcome: str, detail: str) -> dict[str, str | None]:
    return {"reference": reference, "action": action, "outcome": outcome, "detail": detail}
