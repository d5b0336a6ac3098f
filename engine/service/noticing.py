"""Notices to those who look after the whole: roles that nobody has, appointments that end, reporters who hear nothing.

A duty of `tick`. They are looked for once a day; one that no longer holds goes the next time. What is new is also sent,
without names; a role that is still vacant again each week. That `tick` itself has not come to its end is only sent: a
list that nobody keeps could not say it. This module must not know how they are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from engine.calendar.period import Period, due_on
from engine.calendar.workday import Calendar
from engine.calendar.zone import format_instant, local_date, parse_instant
from engine.cases.access import ADMINISTRATOR
from engine.cases.organisation import UnitTree
from engine.cases.staff import Staff
from engine.language.say import say_line
from engine.language.sentence import Sentence, Words, sentence
from engine.service.heartbeat import HeartbeatService
from engine.service.notice_words import say_notice
from engine.service.setting import COORDINATOR_ROLE, ENDING_DAYS, Values, load_values
from engine.service.tick import Batch, Moment
from engine.store import notice as store
from engine.store.access_rule import load_role_words
from engine.store.database import Session
from engine.store.notice import Notice
from engine.store.organisation import read_organisation
from engine.store.reading import list_definitions
from engine.store.reminder import Reminder, remind

if TYPE_CHECKING:
    from engine.service.deciding import Decider

DAY: Final = timedelta(days=1)
AGAIN_DAYS: Final = 7
"""After so many days whoever looks after the whole is told again of a role that is still vacant."""


@dataclass(slots=True)
class NoticingService:
    """Keeps the notices. heartbeat: whether `tick` has come to its end lately."""

    decider: Decider
    heartbeat: HeartbeatService
    key: str = field(default="notices", init=False)

    def count(self, moment: Moment) -> int:
        """Nothing to count: it is looked at all at once."""
        del moment
        return 0

    def do(self, moment: Moment, after: str, most: int) -> Batch:
        """Add what holds now, drop what no longer does, send what is new, in one transaction.

        Raises:
            StorageError: The database cannot be read or written.
        """
        del after, most

        def work(session: Session) -> Batch:
            there = store.list_notices(session)
            organisation = read_organisation(session)
            staff = Staff(organisation, moment.day.isoformat())
            values = load_values(session)
            post = _Post(staff, organisation.tree, load_role_words(session) if moment.first else {})
            told = list(self._standstill(session, post, values.text(COORDINATOR_ROLE)))
            if not moment.first:
                filled = [one.key for one in there if one.kind == "vacant" and _is_filled(one, staff)]
                store.drop_notices(session, filled)
                remind(session, told, self.decider.clock())
                return Batch()
            wanted = {one.key: one for one in self._wanted(session, staff, values, moment)}
            new = _keep(session, there, wanted)
            told += [each for one in new for each in post.of(one, moment.day)]
            remind(session, told, self.decider.clock())
            before = {one.key for one in there}
            return Batch(sum(one.key not in before for one in new))

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
            yield Notice(f"ending:{one.key}:{one.to_on}", "ending", role, one.unit, about, day.isoformat())
        yield from self._silent(session, role, day)

    def _silent(self, session: Session, role: str, day: date) -> Iterator[Notice]:
        """The cases whose reporter has heard nothing within what their process promises now."""
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
                since = promised.isoformat()
                yield Notice(key, "silent", role, case.unit, about, since, case.case_id, case.seq)

    def _promises(self, session: Session) -> Iterator[tuple[str, Period]]:
        """The processes that promise to be heard of, as they are now, and within what time."""
        for one in list_definitions(session):
            if not one.is_current:
                continue
            feedback = self.decider.library.get(session, one.hash).process.feedback
            if feedback is not None and feedback.within.count:
                yield one.process, feedback.within

    def _standstill(self, session: Session, post: _Post, role: str) -> Iterator[Reminder]:
        """That `tick` has not come to its end for too long: once for each time, when it runs at all."""
        heard = self.heartbeat.listen(session)
        if heard.is_late and heard.ran_at is not None:
            since = heard.ran_at.astimezone(self.decider.zone)
            yield from post.of_standstill(
                role, sentence("notice.standstill", since=f"{since:%Y-%m-%d %H:%M}"), f"{since:%Y%m%dT%H%M%S}"
            )


def first_kept(today: date, within: Period, calendar: Calendar) -> date:
    """The first day such that whoever heard something on it need not have heard more before today."""
    day = today
    while due_on(day - DAY, within, "lokal", calendar).day >= today:
        day -= DAY
    return day


def _keep(session: Session, there: Iterable[Notice], wanted: Mapping[str, Notice]) -> list[Notice]:
    """Let the notices be those that are wanted; as they are kept, each since when it was first so."""
    before = {one.key: one for one in there}
    kept = [replace(one, since=before[key].since) if key in before else one for key, one in wanted.items()]
    gone = [key for key, one in before.items() if key not in wanted or wanted[key].about != one.about]
    store.drop_notices(session, gone)
    store.add_notices(session, [one for one in kept if one.key not in before or one.key in gone])
    return kept


@dataclass(frozen=True, slots=True)
class _Post:
    """What goes out of notices: to those who coordinate the unit, else to the administrators. No names stand in it."""

    staff: Staff
    tree: UnitTree
    roles: Mapping[str, Words]

    def of(self, one: Notice, day: date) -> Iterator[Reminder]:
        """A notice as it is sent on a day, under a name of its own: it goes out once however often it is made."""
        name = f"notice:{one.key}"
        if one.kind == "vacant":
            name += f":{one.since}:{(day - date.fromisoformat(one.since)).days // AGAIN_DAYS}"
        text = _both(say_notice(one, self.roles, self.tree))
        for person in self._told(one.role, one.unit):
            yield Reminder(f"{name}:{person}", one.case_id, one.seq, person, one.unit, text, notice=one.key)

    def of_standstill(self, role: str, said: Sentence, name: str) -> Iterator[Reminder]:
        """What is sent to those at the top who coordinate, and to the administrators, since they mend it."""
        text = _both(said)
        for unit in (one.code for one in self.tree if one.parent is None):
            persons = (*self.staff.holders(role, unit), *self.staff.holders(ADMINISTRATOR, unit))
            for person in dict.fromkeys(persons):
                yield Reminder(f"standstill:{name}:{person}", None, None, person, unit, text)

    def _told(self, role: str, unit: str) -> tuple[str, ...]:
        return self.staff.holders(role, unit) or self.staff.holders(ADMINISTRATOR, unit)


def _both(said: Sentence) -> Words:
    return Words(say_line(said, "sv"), say_line(said, "en"))


def _is_filled(one: Notice, staff: Staff) -> bool:
    return bool(staff.holders(str(one.about["role"]), str(one.about["unit"])))
