"""`decide`: a command and the facts give a decision or a refusal. Pure: no clock, no SQL, no I/O.

What the facts lack is raised as `FactMissing`; the caller loads it and asks again. A decision never holds a state
without its event: each case in it is the fold of its event (`Case.after`), as replay will have it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from engine.cases.attachment import decide_attach
from engine.cases.change import decide_amend, decide_assign, decide_entry, decide_link
from engine.cases.decision import (
    AddEntry,
    Advance,
    Amend,
    Assign,
    Attach,
    ChangeDeadline,
    Command,
    Decision,
    KeepPaper,
    LinkCases,
    OpenCase,
    Refusal,
    TakeStep,
)
from engine.cases.effect import decide_advance
from engine.cases.facts import Facts
from engine.cases.paper import decide_keep
from engine.cases.step import decide_open, decide_step
from engine.cases.timing import decide_deadline
from engine.cases.work import Refused, Work

DECIDES: Final[Mapping[type[Command], Callable[[Work, Any], None]]] = {
    OpenCase: decide_open, TakeStep: decide_step, Amend: decide_amend, AddEntry: decide_entry, Attach: decide_attach,
    KeepPaper: decide_keep, Assign: decide_assign, ChangeDeadline: decide_deadline, LinkCases: decide_link,
}  # fmt: skip
"""Each kind of command and who decides it, but for `Advance`, which may find nothing to do."""


def decide(command: Command, facts: Facts) -> Decision | Refusal:
    """What becomes of a command: everything it writes, or every reason why it is refused.

    Raises:
        FactMissing: The facts lack something; load it and ask again.
        LookupError: The case that the command names does not exist, or the actor may not know that it does.
    """
    try:
        work = Work(command, facts)
        if isinstance(command, Advance):
            if not decide_advance(work, command.reference):
                return Refusal("nothing", ())
        else:
            DECIDES[type(command)](work, command)
    except Refused as refused:
        return refused.refusal
    return work.decision()
