"""`tick`: does what is due because time has passed. Each kind of it is a `Duty`; `engine.app` says which there are.

Safe to run at any time, by several at once, and to kill anywhere: a duty does its work in batches, each in
transactions of its own and harmless when done again. What was missed is caught up day by day, in order. It must not
know what the duties do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal, Protocol, TypeAlias
from zoneinfo import ZoneInfo

from engine.calendar.zone import format_instant, local_date, parse_instant
from engine.errors import FutureTickError, HjulError, MailError
from engine.language.sentence import Sentence
from engine.service.heartbeat import WHOLE
from engine.service.moment import END_OF_DAY, instant_of
from engine.store.database import Database
from engine.store.duty import Beat, beat, hold, let_go, load_beats

BATCH: Final = 500
LEASE_SECONDS: Final = 60.0
"""So long a duty stays with a worker that is not heard of; from the half of it on a batch prolongs it."""
Told: TypeAlias = Callable[[int, int], None]
Status: TypeAlias = Literal["done", "elsewhere", "failed"]


@dataclass(frozen=True, slots=True)
class Moment:
    """Up to when things are due: an instant (UTC, of fixed width) and its local day. Now, or a day to be caught up.

    first: the duty has not been done on this day, for what need be looked at but once a day.
    """

    instant: str
    day: date
    first: bool = True


@dataclass(frozen=True, slots=True)
class Batch:
    """What a duty did in one go.

    done: how many things. after: where to go on, None when there is no more. problems: what could not be done, each
    said once; it is tried again the next time.
    """

    done: int = 0
    after: str | None = None
    problems: tuple[Sentence, ...] = ()


class Duty(Protocol):
    """One kind of thing that falls due.

    What it does is found anew each time from the database and done under ids or keys that follow from what it is
    about, never from chance or the clock. So it is done once, whoever does it and however often.
    """

    @property
    def key(self) -> str:
        """Its stable name, also of its lease; `tick.duty.KEY` is its label and `tick.done.KEY` says how many it did."""

    def count(self, moment: Moment) -> int:
        """About how many things are due, for the progress bar."""

    def do(self, moment: Moment, after: str, most: int) -> Batch:
        """Do at most `most` things that are due, in order, beginning after the place `after` ("": the first).

        Raises:
            HjulError: None of it can be done now (the database, the mail server); the other duties are.
        """


@dataclass(frozen=True, slots=True)
class DutyResult:
    """How a duty went: how much it did, what it could not, and why it was not begun or stopped."""

    key: str
    done: int
    status: Status
    problems: tuple[Sentence, ...] = ()
    error: HjulError | None = None


@dataclass(frozen=True, slots=True)
class TickResult:
    """How a run went. `through` is the instant up to which it went, also as the wall says; `days` were caught up."""

    through: str
    through_on_the_wall: str
    days: int
    duties: tuple[DutyResult, ...]

    @property
    def done(self) -> int:
        """How much was done in all."""
        return sum(one.done for one in self.duties)

    @property
    def is_whole(self) -> bool:
        """Whether no duty failed."""
        return all(one.status != "failed" for one in self.duties)

    @property
    def is_heard(self) -> bool:
        """Whether all was done that can be done here: a mail server that does not answer stops nothing else."""
        return all(one.status != "failed" or isinstance(one.error, MailError) for one in self.duties)


@dataclass(slots=True)
class TickService:
    """Does the duties.

    clock is the domain's, machine_clock the one that leases go by. seconds: how long a lease is. batch: how
    much a duty does at most in one go.
    """

    database: Database
    clock: Callable[[], str]
    machine_clock: Callable[[], str]
    new_id: Callable[[], str]
    zone: ZoneInfo
    duties: tuple[Duty, ...]
    seconds: float = LEASE_SECONDS
    batch: int = BATCH

    def run(self, until: str | None = None, progress: Told | None = None) -> TickResult:
        """Do everything that is due, now or up to an instant or the end of a day.

        Raises:
            FutureTickError: The instant has not come yet.
            InstantError: It is neither.
            StorageError: The database cannot be read or written.
        """
        now = self.clock()
        until = instant_of(until, self.zone, day_at=END_OF_DAY, latest=now)
        if until is not None and until > now:
            raise FutureTickError(self._wall(until), self._wall(now))
        last = Moment(until or now, local_date(parse_instant(until or now), self.zone))
        with self.database.read() as session:
            beats = load_beats(session)
        moments = self._moments(beats, last)
        bar = _Bar(progress, sum(duty.count(last) for duty in self.duties) if progress is not None else 0)
        owner = self.new_id()
        runs = [_Run(self, owner, duty, self._reached(beats, duty.key), bar) for duty in self.duties]
        try:
            for moment in moments:
                for run in runs:
                    run.go(moment, is_last=moment is last)
        finally:
            for run in runs:
                run.end()
        result = TickResult(
            last.instant, self._wall(last.instant), len(moments) - 1, tuple(run.result() for run in runs)
        )  # fmt: skip
        if result.is_heard:
            self.beat(WHOLE, max(last.instant, self._reached(beats, WHOLE)))
        return result

    def beat(self, key: str, through: str) -> None:
        """Say that a duty is done up to an instant."""
        self.database.transact(lambda session: beat(session, key, through, self.machine_clock()))

    def hold(self, key: str, owner: str) -> str | None:
        """Take a duty or keep it longer: until when it need not be prolonged. None when somebody else has it."""
        now = self.machine_clock()
        until, half = (
            format_instant(parse_instant(now) + timedelta(seconds=part * self.seconds)) for part in (1.0, 0.5)
        )
        held = self.database.transact(lambda session: hold(session, key, owner, now, until))
        return half if held else None

    def let_go(self, key: str, owner: str) -> None:
        """Give a duty back."""
        self.database.transact(lambda session: let_go(session, key, owner))

    def _moments(self, beats: Mapping[str, Beat], last: Moment) -> list[Moment]:
        """The end of each day since the duty that is furthest behind, then the last moment."""
        begun = min(
            filter(None, (self._reached(beats, duty.key) for duty in self.duties)), default=last.instant
        )
        day = local_date(parse_instant(begun), self.zone)
        days = [day + timedelta(days=number) for number in range((last.day - day).days)]
        return [*(Moment(self._end_of(one), one) for one in days), last]

    def _end_of(self, day: date) -> str:
        midnight = datetime.combine(day + timedelta(days=1), time(0), self.zone)
        return format_instant(midnight.astimezone(UTC) - timedelta(microseconds=1))

    def _wall(self, instant: str) -> str:
        return f"{parse_instant(instant).astimezone(self.zone):%Y-%m-%d %H:%M}"

    @staticmethod
    def _reached(beats: Mapping[str, Beat], key: str) -> str:
        """How far a duty is done; "" when it never was."""
        found = beats.get(key)
        return (found.through if found is not None else None) or ""


class _Bar:
    """How far a run has come, told to whoever looks."""

    def __init__(self, told: Told | None, total: int) -> None:
        self._told = told
        self._total = total
        self._done = 0

    def add(self, done: int) -> None:
        """More was done; it may be more than was counted, since one thing leads to another."""
        if self._told is None or not done:
            return
        self._done += done
        self._total = max(self._total, self._done)
        self._told(self._done, self._total)


class _Run:
    """A duty through the moments of a run. After an error, or when somebody else has the duty, it rests."""

    def __init__(self, service: TickService, owner: str, duty: Duty, reached: str, bar: _Bar) -> None:
        self._service = service
        self._owner = owner
        self._duty = duty
        self._reached = self._said = reached
        self._bar = bar
        self._held_until = ""
        self._status: Status = "done"
        self._done = 0
        self._problems: dict[Sentence, None] = {}
        self._error: HjulError | None = None

    def go(self, moment: Moment, *, is_last: bool) -> None:
        """Do what is due by a moment; a duty that is beyond it, or was never done, waits for the last."""
        if self._status != "done" or (not is_last and not "" < self._reached < moment.instant):
            return
        try:
            self._status = "done" if self._do(moment) else "elsewhere"
        except HjulError as error:
            self._status, self._error = "failed", error

    def _do(self, moment: Moment) -> bool:
        after: str | None = ""
        while after is not None:
            if not self._hold():
                return False
            batch = self._duty.do(
                replace(moment, first=self._is_first_on(moment.day)), after, self._service.batch
            )
            self._done += batch.done
            self._problems |= dict.fromkeys(batch.problems)
            self._bar.add(batch.done)
            after = batch.after
        self._reached = max(self._reached, moment.instant)
        return True

    def _hold(self) -> bool:
        """Have the duty; when it has to be taken or prolonged, say how far it is done."""
        if self._held_until and self._service.machine_clock() < self._held_until:
            return True
        self._beat()
        self._held_until = self._service.hold(self._duty.key, self._owner) or ""
        return bool(self._held_until)

    def _beat(self) -> None:
        if self._held_until and self._reached > self._said:
            self._service.beat(self._duty.key, self._reached)
            self._said = self._reached

    def _is_first_on(self, day: date) -> bool:
        return not self._reached or local_date(parse_instant(self._reached), self._service.zone) < day

    def end(self) -> None:
        """Say how far the duty is done, and give it back."""
        if self._held_until:
            self._beat()
            self._service.let_go(self._duty.key, self._owner)
            self._held_until = ""

    def result(self) -> DutyResult:
        """How it went."""
        return DutyResult(self._duty.key, self._done, self._status, tuple(self._problems), self._error)
