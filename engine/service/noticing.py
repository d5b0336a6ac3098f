"""Notices to those who look after the whole: roles that nobody has, appointments that end, reporters who hear nothing.

A duty of `tick`. They are looked for once a day; one that no longer holds goes the next time. It must not know how they
are shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from engine.calendar.period import Period, due_on
from engine.calendar.workday import Calendar
from engine.calendar.zone import format_instant, local_date, parse_instant
from engine.cases.access import ADMINISTRATOR
from engine.cases.staff import Staff
from engine.language.say import say
from engine.language.sentence import Words, sentence
from engine.service.setting import COORDINATOR_ROLE, ENDING_DAYS, Values, load_values
from engine.service.tick import Batch, Moment
from engine.store import notice as store
from engine.store.database import Session
from engine.store.notice import Notice, Silent
from engine.store.organisation import read_organisation
from engine.store.reading import list_definitions
from engine.store.reminder import Reminder, remind

if TYPE_CHECKING:
    from engine.service.deciding import Decider

DAY: Final = timedelta(days=1)


@dataclass(slots=True)
class NoticingService:
    """Keeps the notices."""

    decider: Decider
    key: str = field(default="notices", init=False)

    def count(self, moment: Moment) -> int:
        """Nothing to count: it is looked at all at once."""
        del moment
        return 0

    def do(self, moment: Moment, after: str, most: int) -> Batch:
        """Add what holds now, drop what no longer does, in one transaction.

        Raises:
            StorageError: The database cannot be read or written.
        """
        del after, most

        def work(session: Session) -> Batch:
            there = store.list_notices(session)
            staff = Staff(read_organisation(session), moment.day.isoformat())
            if not moment.first:
                filled = [one.key for one in there if one.kind == "vacant" and _is_filled(one, staff)]
                store.drop_notices(session, filled)
                return Batch()
            values = load_values(session)
            role = values.text(COORDINATOR_ROLE)
            wanted = {one.key: one for one in self._wanted(session, staff, values, moment)}
            silent = list(self._silent(session, role, moment.day))
            wanted |= {one.key: one for one, _ in silent}
            store.drop_notices(session, [one.key for one in there if wanted.get(one.key) is None])
            changed = [one.key for one in there if one.key in wanted and wanted[one.key].about != one.about]
            store.drop_notices(session, changed)
            since = {one.key: one.since for one in there}
            new = [one for key, one in wanted.items() if key not in since]
            again = [_since(wanted[key], since[key]) for key in changed]
            store.add_notices(session, [*new, *again])
            told = [_told(one, case, staff) for one, case in silent if one.key not in since]
            remind(session, [one for each in told for one in each], self.decider.clock())
            return Batch(len(new))

        return self.decider.database.transact(work)

    def _wanted(self, session: Session, staff: Staff, values: Values, moment: Moment) -> Iterator[Notice]:
        role, day = values.text(COORDINATOR_ROLE), moment.day
        for asked, unit, count in store.list_waited_for(session):
            if not staff.holders(asked, unit):
                about = {"role": asked, "unit": unit, "n": count}
                yield Notice(f"vacant:{asked}:{unit}", "vacant", role, unit, about, day.isoformat())
        until = day + timedelta(days=values.whole(ENDING_DAYS))
        for one in staff.ending(until.isoformat()):
            about = {"role": one.role, "unit": one.unit, "person": one.person, "day": one.to_on}
            yield Notice(f"ending:{one.key}", "ending", role, one.unit, about, day.isoformat())

    def _silent(self, session: Session, role: str, day: date) -> Iterator[tuple[Notice, Silent]]:
        """The cases whose reporter has heard nothing within what their process promises now, with their notices."""
        calendar, zone = self.decider.calendar(session), self.decider.zone
        for process, within in self._promises(session):
            before = first_kept(day, within, calendar)
            midnight = datetime.combine(before, time(0), zone).astimezone(UTC)
            for case in store.list_silent(session, process, format_instant(midnight)):
                heard = local_date(parse_instant(case.heard_at), zone)
                promised = due_on(heard, within, "lokal", calendar).day
                about = {
                    "reference": case.reference,
                    "day": heard.isoformat(),
                    "promised": promised.isoformat(),
                }
                key = f"silent:{case.reference}:{heard}"
                yield Notice(key, "silent", role, case.unit, about, promised.isoformat(), case.case_id), case

    def _promises(self, session: Session) -> Iterator[tuple[str, Period]]:
        """The processes that promise to be heard of, as they are now, and within what time."""
        for one in list_definitions(session):
            if not one.is_current:
                continue
            feedback = self.decider.library.get(session, one.hash).process.feedback
            if feedback is not None and feedback.within.count:
                yield one.process, feedback.within


def first_kept(today: date, within: Period, calendar: Calendar) -> date:
    """The first day such that whoever heard something on it need not have heard more before today."""
    day = today
    while due_on(day - DAY, within, "lokal", calendar).day >= today:
        day -= DAY
    return day


def _told(one: Notice, case: Silent, staff: Staff) -> Iterator[Reminder]:
    """What goes out of a notice about a case: to those of its role, else to the administrators."""
    said = sentence(f"notice.{one.kind}", **one.about)
    text = Words(say(said, "sv"), say(said, "en"))
    for person in staff.holders(one.role, one.unit) or staff.holders(ADMINISTRATOR, one.unit):
        yield Reminder(f"notice:{one.key}:{person}", case.case_id, case.seq, person, one.unit, text)


def _is_filled(one: Notice, staff: Staff) -> bool:
    return bool(staff.holders(str(one.about["role"]), str(one.about["unit"])))


def _since(one: Notice, since: str) -> Notice:
    return Notice(one.key, one.kind, one.role, one.unit, one.about, since, one.case_id)
