"""The log: verified and handed out.

Who may (design.md section 7, where the auditor has the envelope, figures and proofs):

- The whole log is verified by anybody who can open the database, registered or not. The answer says how many cases
  and rows there are, and of what does not hold the reference, row, columns and keys: nothing that was written. Who
  may do what is decided from rows that somebody can have changed, so a verification that asked them could be refused by
  the very change it is to find (docs/decisions/0011).
- One case is verified by whoever sees at least its envelope; by anybody when the rows that decide so do not follow
  from the log.
- The log is handed out to whoever sees the envelope of every case: the administrator of the authority, or who has, at
  each top unit, a role to which every published process gives the envelope or more (the auditor's is one). To one
  who is only administrator it is without the values that count, since they never see more than the envelope.

It must not know how the log is verified.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO, Final, Literal
from zoneinfo import ZoneInfo

from engine.audit.export import Format, Selection, export
from engine.audit.problem import VerifyReport
from engine.audit.verify import Progress, has_founded_rights, verify_case, verify_log
from engine.audit.whole import find_case
from engine.calendar.zone import local_date, parse_instant
from engine.cases.access import ADMINISTRATOR, SYSTEM, AccessRule, Viewer
from engine.cases.decision import Refusal
from engine.cases.event import Actor
from engine.cases.reference import asked_for, read_reference
from engine.errors import (
    DatabaseMissingError,
    NotInitialisedError,
    RefusedError,
    SchemaMissingError,
    UnknownCaseError,
    UnknownProcessError,
)
from engine.language.sentence import sentence
from engine.service.witness import Witness
from engine.store.access_rule import load_process_rules
from engine.store.authority import Authority
from engine.store.database import Database, Session
from engine.store.organisation import read_tree, read_viewer
from engine.store.reading import ask_seqs_beside_cases, load_case, written_reference

STANDARD_OUTPUT: Final = "-"


@dataclass(slots=True)
class AuditService:
    """What is done with the log.

    authority, zone, actor and clock are asked only when they are needed: a verification must not fail for lack
    of a row that somebody removed. `actor` says who asks; `clock` gives now as a UTC instant.
    """

    database: Database
    authority: Callable[[], Authority]
    actor: Callable[[], Actor]
    clock: Callable[[], str]
    zone: Callable[[], ZoneInfo]

    def verify(
        self, reference: str | None = None, *, jobs: int = 1, progress: Progress | None = None
    ) -> VerifyReport:
        """Verify the whole log, or one case.

        Args:
            reference: The case; None for everything.
            jobs: How many processes share the work.
            progress: Told now and then how many events have been looked at, of how many.

        Raises:
            NotInitialisedError: There is no log.
            UnknownActorError: One case was asked for, and the caller is not registered.
            UnknownCaseError: There is no such case, or the caller may not know of it.
            StorageError: The database cannot be read.
        """
        self._demand_log()
        if reference is None:
            return verify_log(self.database, jobs=jobs, progress=progress)
        is_founded = has_founded_rights(self.database)
        case_id = self._case_id(reference, asks_rights=is_founded)
        return verify_case(self.database, case_id, has_founded_rights=is_founded)

    def export(
        self, format_: Format, output: str | Path | BinaryIO, *, process: str | None = None,
        from_: date | None = None, to: date | None = None, commitments: bool = True,
    ) -> int:  # fmt: skip
        """Hand out the log, without anything that a person wrote, and return how many events it was.

        Args:
            format_: `csv` or `jsonl`; `engine.audit.export` says what is in them.
            output: A file to make or replace, a file that is open, or `-` for standard output.
            process: Only cases of this process.
            from_: First local day of the act.
            to: Last local day of the act.
            commitments: Whether the commitments to personal values are in it (JSON Lines).

        Raises:
            RefusedError: The caller may not have the log.
            UnknownProcessError: There is no such process.
            StorageError: The database cannot be read.
            LedgerError: A stored event cannot be read; `verify` names it.
            OSError: The file cannot be written.
        """
        coded = self._demand_sight_of_all()
        with self.database.read() as session:
            known = load_process_rules(session)
        if process is not None and process not in known:
            raise UnknownProcessError(process, tuple(known))
        selection = Selection(
            process,
            from_.isoformat() if from_ else None,
            to.isoformat() if to else None,
            coded=coded,
            commitments=commitments,
        )
        self._witness.done("export", process or "")
        with _opened(output) as out:
            return export(self.database, format_, out, selection)

    def _demand_sight_of_all(self) -> bool:
        """Make sure that the caller sees every case; tells whether also what counts in them.

        Raises:
            RefusedError: They do not.
        """
        with self.database.read() as session:
            level = level_of_all(self._rule(session))
        if level is None:
            self._witness.refuses_all("export")
            raise RefusedError(Refusal("not_allowed", (sentence("audit.not_allowed"),)))
        return level == "figures"

    def _demand_log(self) -> None:
        """Make sure that there is something to verify.

        Raises:
            NotInitialisedError: There is not.
        """
        try:
            self.authority()
        except NotInitialisedError:
            try:
                with self.database.read() as session:
                    is_empty = not ask_seqs_beside_cases(session)()
            except (DatabaseMissingError, SchemaMissingError):
                is_empty = True
            if is_empty:
                raise

    def _case_id(self, reference: str, *, asks_rights: bool) -> int:
        with self.database.read() as session:
            case_id = find_case(session, read_reference(reference) or "")
            is_seen = case_id is not None and (not asks_rights or self._may_see(session, reference))
        if case_id is None or not is_seen:
            self._witness.refuses(reference, "verify")
            raise UnknownCaseError(asked_for(reference))
        return case_id

    @property
    def _witness(self) -> Witness:
        return Witness(self.database, self.actor, self.clock)

    def _may_see(self, session: Session, reference: str) -> bool:
        """Whether the caller sees a case; one whose row is gone is seen by those who see every case."""
        rule, written = self._rule(session), written_reference(session, reference)
        stored = load_case(session, written) if written else None
        return rule.may_see(stored.case) if stored is not None else level_of_all(rule) is not None

    def _rule(self, session: Session) -> AccessRule:
        person = self.actor().person
        today = local_date(parse_instant(self.clock()), self.zone()).isoformat()
        viewer = SYSTEM if person is None else read_viewer(session, person, today)
        return AccessRule(viewer, read_tree(session), load_process_rules(session))


def level_of_all(rule: AccessRule) -> Literal["envelope", "figures"] | None:
    """What somebody sees of every case: its envelope and what counts, its envelope alone, or not even that."""
    tops = frozenset(rule.tree.tops)
    if rule.viewer.is_system or _sees_all(rule, tops, without=ADMINISTRATOR):
        return "figures"
    return "envelope" if tops and tops <= rule.units_with({ADMINISTRATOR}) else None


def _sees_all(rule: AccessRule, tops: frozenset[str], *, without: str) -> bool:
    """Whether roles other than one give the envelope or more of every case of every process."""
    grants = tuple(grant for grant in rule.viewer.grants if grant.role != without)
    other = AccessRule(Viewer(rule.viewer.person, grants), rule.tree, rule.processes)
    return bool(rule.processes) and all(
        tops <= other.units_at(process, "envelope") for process in rule.processes
    )


@contextmanager
def _opened(output: str | Path | BinaryIO) -> Iterator[BinaryIO]:
    """The file to write to. One that is named is replaced when it is whole, and is its owner's only."""
    if output == STANDARD_OUTPUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    elif isinstance(output, (str, Path)):
        path = Path(output)
        partly = path.with_name(f"{path.name}.part")
        handle = os.open(partly, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
            partly.replace(path)
        finally:
            partly.unlink(missing_ok=True)
    else:
        yield output
