"""Attaching a file to a case: who may, where it is not locked, and what a file may be called.

The event says nothing of the file but that there is one; its name, kind, size and SHA-256 are personal and committed
to, so that they can be erased and the log still verifies. It must not know where the bytes are.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Final

from engine.cases.decision import Attach
from engine.cases.event import ATTACH, FILE_DIGEST, FILE_NAME, FILE_SIZE, FILE_TYPE
from engine.cases.work import Work, refuse
from engine.definition.model import Who
from engine.definition.value import Value
from engine.language.sentence import Sentence, sentence

LONGEST: Final = 150
"""Characters of a name; less than any file system takes, also when each is four bytes."""
SEPARATORS: Final = "/\\"
_RELATED: Final = (Who(relation="assignee"), Who(relation="reporter"))


def decide_attach(work: Work, command: Attach) -> None:
    """Attach a file: by whoever has a part in the case and reads it, or reported it."""
    case, definition = work.current(command.reference)
    process, rule = definition.process, work.rule(definition.process)
    if not rule.may_see(case):
        raise LookupError(command.reference)
    fault = name_fault(command.name)
    if fault is not None:
        raise refuse("input", fault)
    if command.size == 0:
        raise refuse("input", sentence("attach.empty", name=command.name))
    if "entries" in process.states[case.state].locks:
        raise refuse("locked", sentence("attach.locked", state=process.states[case.state].label))
    whos = tuple(who for step in process.steps.values() for who in step.by if who.role is not None)
    right = work.right((*whos, *_RELATED), case, process)
    if right is None or not (rule.may_read(case) or rule.is_own_report(case)):
        raise refuse("not_allowed", sentence("attach.not_allowed"))
    event = work.event(case, ATTACH, work.use(right), case.reference, definition)
    personal: dict[str, Value] = {
        FILE_NAME: command.name, FILE_TYPE: command.media_type, FILE_SIZE: command.size,
        FILE_DIGEST: command.digest,
    }  # fmt: skip
    work.write(case, replace(event, personal=personal), definition)


def name_fault(name: str) -> Sentence | None:
    """What is wrong with the name of a file; None when nothing is."""
    if not name.strip() or name.strip(". ") == "":
        return sentence("attach.no_name")
    if any(mark in name for mark in SEPARATORS):
        return sentence("attach.path")
    if any(unicodedata.category(mark) in ("Cc", "Cf", "Cs", "Zl", "Zp") for mark in name):
        return sentence("attach.control")
    if len(name) > LONGEST:
        return sentence("attach.long", n=len(name), most=str(LONGEST))
    return None
