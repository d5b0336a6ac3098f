"""Reminders before, on and after the day of a deadline, each once; a duty of `tick`.

They go to the outbox; sending is another's. Nothing personal stands in them: the reference, the step, the day. It must
not know how they are sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from engine.cases.staff import Staff, Waiting, told_of
from engine.language.say import say
from engine.language.sentence import Words, sentence
from engine.service.setting import ESCALATE_DAYS, REMIND_DAYS, load_values
from engine.service.tick import Batch, Moment
from engine.store import reminder as store
from engine.store.database import Session
from engine.store.organisation import read_organisation
from engine.store.reminder import NEVER, Due, Reminder

if TYPE_CHECKING:
    from engine.service.deciding import Decider

START: Final = ("", 0, "")
PLACE: Final = "\N{OBJECT REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class Ladder:
    """On which days somebody is reminded, counted from the last day (negative: before), and when the next level is."""

    days: tuple[int, ...]
    escalate: int

    def step(self, alert_on: str, next_on: str, today: date) -> tuple[int | None, str]:
        """Which reminder is sent now (its day, None: none), and when the next one comes.

        What was planned is sent. What was not, since it is new or was moved, is sent when it is due or late; a
        reminder beforehand whose day has passed is not.
        """
        last = date.fromisoformat(alert_on)
        passed = [day for day in self.days if last + timedelta(days=day) <= today]
        coming = [last + timedelta(days=day) for day in self.days if last + timedelta(days=day) > today]
        is_new = not next_on
        now = passed[-1] if passed else None
        if now is not None and is_new and now < 0 and last + timedelta(days=now) < today:
            now = None
        return now, min(coming).isoformat() if coming else NEVER


@dataclass(slots=True)
class RemindingService:
    """Reminds of deadlines."""

    decider: Decider
    key: str = field(default="reminders", init=False)

    def count(self, moment: Moment) -> int:
        """How many deadlines are to be looked at."""
        with self.decider.database.read() as session:
            return store.count_due(session, moment.day.isoformat())

    def do(self, moment: Moment, after: str, most: int) -> Batch:
        """Remind of those that are due and plan their next reminder, in one transaction.

        Raises:
            StorageError: The database cannot be read or written.
        """
        begun = _place(after)
        now = self.decider.clock()

        def work(session: Session) -> Batch:
            dues = store.list_due(session, moment.day.isoformat(), begun, most)
            if not dues:
                return Batch()
            values = load_values(session)
            ladder = Ladder(values.wholes(REMIND_DAYS), values.whole(ESCALATE_DAYS))
            staff = Staff(read_organisation(session), moment.day.isoformat())
            reminders, plans = self._reminders(session, dues, ladder, staff, moment.day)
            store.remind(session, reminders, now)
            store.plan(session, plans)
            last = dues[-1].place
            return Batch(len(reminders), f"{last[0]} {last[1]} {last[2]}" if len(dues) == most else None)

        return self.decider.database.transact(work)

    def _reminders(
        self, session: Session, dues: Sequence[Due], ladder: Ladder, staff: Staff, today: date
    ) -> tuple[list[Reminder], list[tuple[Due, str]]]:
        texts = Texts()
        found: list[Reminder] = []
        plans: list[tuple[Due, str]] = []
        for due in dues:
            if due.alert_on is None or not ladder.days:
                plans.append((due, NEVER))
                continue
            day, next_on = ladder.step(due.alert_on, due.next_on, today)
            plans.append((due, next_on))
            if day is None:
                continue
            waiting = self._waiting(session, due)
            text = texts.of(due, day)
            found += [
                Reminder(f"reminder:{due.reference}:{due.key}:{due.alert_on}:{day}:{person}", due.case_id, due.seq,
                         person, due.unit, text, due.key, due.alert_on)
                for person in told_of(waiting, staff, late=day > 0, far=day >= ladder.escalate)
            ]  # fmt: skip
        return found, plans

    def _waiting(self, session: Session, due: Due) -> Waiting:
        """Whom the step waits for: as the tasks say, else as the definition does."""
        tasks = store.list_to_do(session, due)
        if tasks:
            assignee = next((one.assignee for one in tasks if one.assignee), None)
            persons = tuple(one.person for one in tasks if one.person)
            return Waiting(due.unit, assignee, persons, tuple(one.role for one in tasks if one.role))
        process = self.decider.library.get(session, due.definition).process
        step = process.steps.get(due.step)
        roles = tuple(who.role for who in step.by if who.role is not None) if step is not None else ()
        return Waiting(due.unit, due.assignee, (), roles)


def _place(after: str) -> tuple[str, int, str]:
    if not after:
        return START
    next_on, case_id, key = after.split(" ", 2)
    return next_on, int(case_id), key


class Texts:
    """What reminders say, in both languages: many say the same but for the reference, so it is put in last."""

    def __init__(self) -> None:
        self._said: dict[tuple[str, Words, str], Words] = {}

    def of(self, due: Due, day: int) -> Words:
        """What the reminder of a deadline says so many days from its last."""
        when = (
            "swift"
            if due.kind == "lag_skyndsamt"
            else "before"
            if day < 0
            else "today"
            if day == 0
            else "late"
        )
        key = when, due.step_label, due.due_on
        found = self._said.get(key)
        if found is None:
            said = sentence(f"reminder.{when}", reference=PLACE, step=due.step_label, day=due.due_on)
            found = self._said[key] = Words(say(said, "sv"), say(said, "en"))
        return Words(found.sv.replace(PLACE, due.reference), found.en.replace(PLACE, due.reference))
