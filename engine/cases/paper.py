"""Keeping a paper of a case in the case: who may, and what the event says of it.

The event says in the open which paper it is, by which template, in which format, which event of the case is the last
that stands in it, and which other cases it shows. Size and SHA-256 of its bytes are committed to and can be erased,
as with attached files. It must not know how a paper is written, or where the bytes are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.cases.decision import KeepPaper, ShownCase
from engine.cases.event import FILE_DIGEST, FILE_SIZE, PAPER, PAPER_CONTENT, Event
from engine.cases.work import Work, refuse
from engine.definition.model import Who
from engine.language.sentence import Words, sentence


def decide_keep(work: Work, command: KeepPaper) -> None:
    """Keep a paper: by whoever reads the content and has a role that takes steps in the case, or has the case.

    No lock hinders it, and no final status: it adds nothing to what the case says, and what is decided last is what
    most needs to be kept. A reporter who sees the envelope only may not: their paper is not the paper of the case.
    """
    case, definition = work.current(command.reference)
    process, rule = definition.process, work.rule(definition.process)
    if not rule.may_see(case):
        raise LookupError(command.reference)
    whos = tuple(who for step in process.steps.values() for who in step.by if who.role is not None)
    right = work.right((*whos, Who(relation="assignee")), case, process)
    if right is None or not rule.may_read(case):
        raise refuse("not_allowed", sentence("paper.not_allowed"))
    event = work.event(case, PAPER, work.use(right), case.reference, definition, data=_data(command))
    personal = {FILE_SIZE: command.size, FILE_DIGEST: command.digest, PAPER_CONTENT: command.content}
    work.write(case, replace(event, personal=personal), definition)


def _data(command: KeepPaper) -> dict[str, Any]:
    return {
        "paper": command.paper, "version": command.version, "template": command.template,
        "label": {"sv": command.label.sv, "en": command.label.en},
        "format": command.format, "language": command.language, "shows": command.shows,
        "others": [{"case": one.reference, "seq": one.seq, "content": one.content} for one in command.others],
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class KeptPaper:
    """What an event says of the paper it keeps."""

    paper: str
    version: int
    template: str
    label: Words
    format: str
    language: str
    shows: int
    others: tuple[ShownCase, ...]

    @staticmethod
    def of(event: Event) -> KeptPaper:
        """From an event of the kind `paper`."""
        data: Mapping[str, Any] = event.data
        return KeptPaper(
            paper=data["paper"], version=data["version"], template=data["template"],
            label=Words(data["label"]["sv"], data["label"]["en"]), format=data["format"],
            language=data["language"], shows=data["shows"],
            others=tuple(ShownCase(one["case"], one["seq"], one["content"]) for one in data["others"]),
        )  # fmt: skip
