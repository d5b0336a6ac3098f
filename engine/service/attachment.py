"""Files of a case: attached, listed, handed out.

A file is read twice and never held whole: once to know its size and fingerprint, once to write it, in the transaction
of the event that commits to it. That somebody takes one out is written in the access log before the first byte leaves.
It must not know where the pieces lie.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Final

from engine.cases.attachment import name_fault
from engine.cases.decision import Actor, Attach, Refusal
from engine.cases.reference import asked_for, read_reference
from engine.errors import (
    AttachmentErasedError,
    AttachmentTooLargeError,
    AttachmentTwiceError,
    NoFileError,
    RefusedError,
    UnknownAttachmentError,
    UnknownCaseError,
)
from engine.service.answering import answer
from engine.service.deciding import Decider
from engine.service.media_type import HEAD, media_type
from engine.service.result import FileView, StepResult
from engine.service.setting import ATTACHMENT_MEGABYTES, load_values
from engine.service.showing import ShowService
from engine.store import reading
from engine.store.attachment import read_content

MEGABYTE: Final = 1_000_000
READ: Final = 1 << 18


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file on its way out: what it is, and its bytes piece by piece."""

    file: FileView
    content: Iterable[bytes]


@dataclass(slots=True)
class AttachmentService:
    """Attaches files and hands them out. `actor` says who asks."""

    decider: Decider
    actor: Callable[[], Actor]
    showing: ShowService

    def attach(
        self, reference: str, path: str | Path, *, name: str | None = None, command_id: str | None = None
    ) -> StepResult:
        """Attach a file to a case.

        Args:
            reference: The case.
            path: The file.
            name: What it is to be called; None for the name that it has.
            command_id: An id of the caller's own, which makes a retry harmless.

        Raises:
            RefusedError: The name cannot be, the file is empty, the case is locked, or the caller may not.
            UnknownCaseError: There is no such case.
            AttachmentTooLargeError: It is larger than the installation takes.
            AttachmentTwiceError: The same file is attached already.
            AttachmentChangedError: It became another while it was read.
            NoFileError: It is a folder, a device or a pipe.
            OSError: It cannot be read.
        """
        path = Path(path)
        folded = read_reference(reference)
        if folded is None:
            raise UnknownCaseError(asked_for(reference))
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise NoFileError(str(path))
        with self.decider.database.read() as session:
            most = load_values(session).whole(ATTACHMENT_MEGABYTES)
        if found.st_size > most * MEGABYTE:
            raise AttachmentTooLargeError(round(Decimal(found.st_size) / MEGABYTE, 1), str(most))
        digest, size, kind = _read(path)
        command = Attach(
            command_id or self.decider.new_id(), self.actor(), reference=folded, name=name or path.name,
            media_type=kind, size=size, digest=digest,
        )  # fmt: skip
        if name_fault(command.name) is None:
            self._refuse_again(folded, digest, command.command_id)
        try:
            outcome, decision = self.decider.run(command, partial(_parts, path))
        except UnknownCaseError:
            self.showing.witness.refuses(folded, "attach")
            raise
        except RefusedError as error:
            refusal: Refusal = error.refusal
            if refusal.is_about_right:
                self.showing.witness.refuses(folded, "attach")
            raise
        return answer(self.decider, outcome, decision)

    def list(self, reference: str) -> tuple[FileView, ...]:
        """The files of a case that the caller may read.

        Raises:
            UnknownCaseError: There is no such case, or the caller may not know of it.
        """
        page = self.showing.open(reference, "files")
        with self.decider.database.read() as session:
            return self.showing.files(session, page)

    def fetch(self, reference: str, number: int) -> Fetched:
        """A file of a case. That it is taken out has been written down when this returns.

        Raises:
            UnknownCaseError: There is no such case, or the caller may not know of it.
            UnknownAttachmentError: It has no such file, or the caller may not read it.
            AttachmentErasedError: It has been erased.
        """
        page = self.showing.open(reference, "file", reads=False)
        case = page.case.reference
        with self.decider.database.read() as session:
            files = self.showing.files(session, page)
            stored = reading.load_case(session, case)
        file = next((one for one in files if one.number == number), None)
        if file is None or stored is None:
            self.showing.witness.refuses(case, "file", str(number))
            raise UnknownAttachmentError(str(number), tuple(str(one.number) for one in files))
        if file.sha256 is None:
            raise AttachmentErasedError(case, number)
        self.showing.witness.reads(page.now, case, page.rule, "file", str(number), always=True)
        return Fetched(file, read_content(self.decider.database, stored.id, file.seq))

    # --- inside

    def _refuse_again(self, reference: str, digest: str, command_id: str) -> None:
        """Make sure that it is not attached already, as far as the caller can see."""
        if self.decider.work.outcome_of(command_id) is not None:
            return
        page = self.showing.open(reference, "attach", reads=False)
        with self.decider.database.read() as session:
            files = self.showing.files(session, page)
        same = next((one for one in files if one.sha256 == digest), None)
        if same is not None:
            self.showing.witness.reads(page.now, page.case.reference, page.rule, "attach", str(same.number))
            raise AttachmentTwiceError(page.case.reference, same.number)


def _parts(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(READ):
            yield part


def _read(path: Path) -> tuple[str, int, str]:
    """Fingerprint, size and kind of a file."""
    running, size, head = sha256(), 0, b""
    for part in _parts(path):
        head = head or part[:HEAD]
        running.update(part)
        size += len(part)
    return running.hexdigest(), size, media_type(head, os.fspath(path))
