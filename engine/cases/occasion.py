"""An occasion of a schedule whose case is opened: whether it may be, and what the schedule then knows of it.

The case and the event of the schedule are one decision, so that no occasion is opened twice and none is half opened. It
must not know when occasions are due to be opened: whoever commands it has settled that.
"""

from __future__ import annotations

from engine.cases.decision import ForOccasion
from engine.cases.event import NEW, Acting, Event
from engine.cases.work import Work, refuse
from engine.language.sentence import sentence


def check_occasion(work: Work, occasion: ForOccasion, unit: str) -> None:
    """Refuse what the schedule does not have, what was opened or skipped, and whoever is not Hjul itself.

    Raises:
        Refused: It may not be opened.
    """
    schedule = work.facts.schedule(occasion.schedule, occasion.on, unit)
    if schedule is None or not work.viewer.is_system:
        raise refuse("not_allowed", sentence("schedule.only_by_itself"))
    taken = schedule.taken_at(occasion.on, unit)
    if taken is not None:
        which = "already_opened" if taken.status == "opened" else "already_skipped"
        raise refuse("guard", sentence(f"schedule.{which}", day=occasion.on, reference=taken.reference or ""))
    if schedule.is_ended(occasion.on):
        raise refuse("guard", sentence("schedule.has_ended", day=schedule.ended_on or ""))


def record_occasion(work: Work, occasion: ForOccasion, unit: str) -> None:
    """Let the schedule know that the case of this decision was opened for its occasion."""
    schedule = work.facts.schedule(occasion.schedule, occasion.on, unit)
    assert schedule is not None  # noqa: S101  checked before the case was made
    command = work.command
    work.write_beside(
        Event(
            stream_kind="schedule", stream=occasion.schedule, seq=schedule.seq + 1, kind="opened",
            acting=Acting(None, "system", operator=command.actor.operator), occurred_at=work.occurred_at,
            occurred_on=work.occurred_on, recorded_at=max(work.facts.now, schedule.recorded_at),
            command_id=command.command_id, ordinal=len(work.writes), opened=(f"{NEW}0",),
            data={"on": occasion.on, "unit": unit, "due_on": occasion.due_on},
        )
    )  # fmt: skip
