"""`decide`: a command and the facts give a decision or a refusal. Pure: no clock, no SQL, no I/O.

What the facts lack is raised as `FactMissing`; the caller loads it and asks again. A decision never holds a state
without its event: each case in it is the fold of its event (`Case.after`), as replay will have it.
"""

from __future__ import annotations

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
    LinkCases,
    OpenCase,
    Refusal,
    TakeStep,
)
from engine.cases.effect import decide_advance
from engine.cases.facts import Facts
from engine.cases.step import decide_open, decide_step
from engine.cases.timing import decide_deadline
from engine.cases.work import Refused, Work


def decide(command: Command, facts: Facts) -> Decision | Refusal:
    """What becomes of a command: everything it writes, or every reason why it is refused.

    Raises:
        FactMissing: The facts lack something; load it and ask again.
        LookupError: The case that the command names does not exist, or the actor may not know that it does.
    """
    try:
        work = Work(command, facts)
        match command:
            case OpenCase():
                decide_open(work, command)
            case TakeStep():
                decide_step(work, command)
            case Amend():
                decide_amend(work, command)
            case AddEntry():
                decide_entry(work, command)
            case Attach():
                decide_attach(work, command)
            case Assign():
                decide_assign(work, command)
            case ChangeDeadline():
                decide_deadline(work, command)
            case LinkCases():
                decide_link(work, command)
            case Advance():
                if not decide_advance(work, command.reference):
                    return Refusal("nothing", ())
            case _:
                raise TypeError(type(command).__name__)
    except Refused as refused:
        return refused.refusal
    return work.decision()
