"""Sends by mail what stands in the outbox: to each person once, whatever becomes of the server; a duty of `tick`.

First it is settled who gets what, as the roles are on the day; then messages are made of it; then they are sent, one at
a time. A message is marked as taken before the server is spoken to and as sent when the server has it, and no
transaction is open meanwhile. A worker that dies between the two leaves a message that is sent again, under the same
Message-ID, when its time is up. It must not know what the messages say beyond what `mail_text` puts in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Final

from engine.calendar.zone import format_instant, local_date, parse_instant
from engine.cases.access import AccessRule, ProcessRule
from engine.cases.organisation import UnitTree
from engine.cases.staff import Staff
from engine.errors import MailRefusedError, MailServerError
from engine.language.sentence import Sentence, sentence
from engine.service.mail_server import Line, MailServer, ascii_address, connect
from engine.service.mail_setting import (
    MAIL_DAYS,
    MAIL_DIGEST,
    MAIL_DIGEST_AT,
    MAIL_LANGUAGE,
    MAIL_ON,
    MAIL_REPLY_TO,
)
from engine.service.mail_text import Frame, Item, compose
from engine.service.setting import Values, load_values
from engine.service.setting_value import is_email
from engine.service.tick import Batch, Moment
from engine.store import mail as store
from engine.store.access_rule import load_process_rules
from engine.store.authority import Authority
from engine.store.database import Session
from engine.store.mail_server import keep_answer, keep_fault
from engine.store.organisation import read_organisation, read_viewer

if TYPE_CHECKING:
    from engine.service.deciding import Decider

CHOOSE: Final = "choose"
WRITE: Final = "write"
SEND: Final = "send"
HELD: Final = timedelta(minutes=15)
"""So long a message is a worker's; longer than any talk with the server about it."""
AGAIN: Final = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 240))
"""How long to wait after each try; after the last, always the same."""
ENOUGH: Final = timedelta(seconds=20)
"""So long a batch goes on, so that the lease of the duty is prolonged in time."""
FAULTS: Final = 3
"""After so many messages in a row that the server let fall it is left alone until the next time."""
KEPT_DAYS: Final = 365
"""So long what was told of an ended case is kept."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message on its way: its mark, to whom, until when it is this worker's, and its bytes."""

    mail: store.Mail
    address: str
    held: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Around:
    """What messages are made with: the organisation of the day, and what processes say of access."""

    staff: Staff
    tree: UnitTree
    processes: Mapping[str, ProcessRule]


@dataclass(slots=True)
class MailingService:
    """Sends mail. machine_clock: what waiting for the server goes by. password: of the login on the server."""

    decider: Decider
    authority: Authority
    machine_clock: Callable[[], str]
    password: Callable[[], str | None]
    key: str = field(default="mail", init=False)

    def count(self, moment: Moment) -> int:
        """How many messages may be sent now, or come to be."""
        del moment
        with self.decider.database.read() as session:
            if not load_values(session).yes(MAIL_ON):
                return 0
            return store.count_due(session, self.machine_clock()) + len(store.list_free(session))

    def do(self, moment: Moment, after: str, most: int) -> Batch:
        """Do the next of: clear away, choose who gets what, make messages of it, send some.

        Only today's: a day that is caught up brought its messages to the outbox, and they go out together.

        Raises:
            MailServerError: The mail server cannot be used.
            StorageError: The database cannot be read or written.
        """
        if moment.day < local_date(parse_instant(self.decider.clock()), self.decider.zone):
            return Batch()
        with self.decider.database.read() as session:
            values = load_values(session)
        phase, _, place = after.partition(" ")
        if not phase:
            return self._clear(moment, values, most)
        if phase == CHOOSE:
            return self._choose(moment, values, int(place), most)
        if phase == WRITE:
            return self._write(moment, values)
        return self._send(moment, values)

    def _clear(self, moment: Moment, values: Values, most: int) -> Batch:
        """Once a day what is old; each time what an address that was mended can get again."""
        is_on, now = values.yes(MAIL_ON), self.machine_clock()
        instant = parse_instant(moment.instant)
        if moment.first:
            before = format_instant(instant - timedelta(days=KEPT_DAYS))
            if self.decider.database.transact(lambda session: store.prune(session, before, most)) == most:
                return Batch(after="")
        if not is_on:
            return Batch()

        def work(session: Session) -> None:
            if moment.first:
                before = format_instant(instant - timedelta(days=values.whole(MAIL_DAYS)))
                store.give_up(session, before, now)
            store.reopen(session)

        self.decider.database.transact(work)
        wall = instant.astimezone(self.decider.zone).time()
        is_time = not values.yes(MAIL_DIGEST) or wall >= values.time(MAIL_DIGEST_AT)
        return Batch(after=f"{CHOOSE} 0" if is_time else SEND)

    def _choose(self, moment: Moment, values: Values, begun: int, most: int) -> Batch:
        """Who gets what: who has the role today, substitutes too. What a vacant role is told waits.

        What everybody concerned could have only in a second digest of the day waits too: who has the role tomorrow
        gets it.
        """
        day = moment.day.isoformat()

        def work(session: Session) -> Batch:
            rows = store.list_untold(session, begun, most)
            if not rows:
                return Batch(after=WRITE)
            staff = Staff(read_organisation(session), day)
            told = store.list_told_on(session, day) if values.yes(MAIL_DIGEST) else frozenset()
            chosen: list[tuple[int, str]] = []
            for row in rows:
                persons = staff.holders(row.role, row.unit) if row.role else (row.person,)
                if not told.issuperset(persons):
                    chosen += [(row.id, person) for person in persons if staff.is_there(person)]
            store.choose(session, chosen)
            gone = [row.id for row in rows if not row.role and not staff.is_there(row.person)]
            store.drop_rows(session, gone)
            return Batch(after=f"{CHOOSE} {rows[-1].id}" if len(rows) == most else WRITE)

        return self.decider.database.transact(work)

    def _write(self, moment: Moment, values: Values) -> Batch:
        """One message to each person of all that they are to be told."""
        day, now = moment.day.isoformat(), self.decider.clock()
        in_digest = values.yes(MAIL_DIGEST)

        def work(session: Session) -> Batch:
            free = store.list_free(session)
            if not free:
                return Batch(after=SEND)
            organisation = read_organisation(session)
            staff = Staff(organisation, day)
            told = store.list_told_on(session, day) if in_digest else frozenset()
            for person, first, _ in free:
                if not staff.is_there(person):
                    store.release(session, person)
                elif person not in told and can_have_mail(organisation.persons[person].email):
                    key = f"digest:{day}:{person}" if in_digest else f"now:{first}:{person}"
                    store.add_mail(session, key, person, day if in_digest else "", now)
            return Batch(after=SEND)

        return self.decider.database.transact(work)

    # --- sending

    def _send(self, moment: Moment, values: Values) -> Batch:
        """Send some of the messages, over one connection for as long as the server keeps it.

        Raises:
            MailServerError: The server cannot be used, or lets one message after another fall.
        """
        with self.decider.database.snapshot() as session:
            if not store.count_due(session, self.machine_clock()):
                return Batch()
            organisation = read_organisation(session)
            staff = Staff(organisation, moment.day.isoformat())
            around = Around(staff, organisation.tree, load_process_rules(session))
        server = MailServer.of(values, self.password())
        sending = _Sending(self, server, frame_of(self.authority, values, server), around)
        return sending.go()


def frame_of(authority: Authority, values: Values, server: MailServer) -> Frame:
    """What is the same in every message."""
    return Frame(
        authority.name, authority.id, authority.training, server.sender, server.domain, values.text(MAIL_REPLY_TO),
        values.text(MAIL_LANGUAGE),
    )  # fmt: skip


def can_have_mail(address: str) -> bool:
    """Whether a message can be sent to an address: it is one, and can be said in ASCII."""
    return is_email(address) and ascii_address(address).isascii()


def _newest(parts: Iterable[store.Part]) -> Iterator[store.Part]:
    """What is said of a case, newest first; of each deadline the newest reminder only, as others were of other days."""
    reminded: set[str] = set()
    for part in parts:
        if part.deadline is None or part.deadline not in reminded:
            yield part
        if part.deadline is not None:
            reminded.add(part.deadline)


class _Sending:
    """A batch of messages, from taking each to saying what became of it."""

    def __init__(self, service: MailingService, server: MailServer, frame: Frame, around: Around) -> None:
        self._service = service
        self._database = service.decider.database
        self._server = server
        self._frame = frame
        self._around = around
        self._sent = 0
        self._fallen = 0
        self._problems: list[Sentence] = []
        self._until = parse_instant(service.machine_clock()) + ENOUGH

    def go(self) -> Batch:
        """Send until there is no more, the time is up, or the server lets too many fall.

        Raises:
            MailServerError: The server cannot be used.
        """
        while True:
            fallen = self._fallen
            try:
                with connect(self._server) as line:
                    is_done = self._over(line)
            except MailServerError as error:
                self._keep_fault(error)
                if not fallen < self._fallen < FAULTS:
                    raise
            else:
                self._keep_answer()
                return Batch(self._sent, None if is_done else SEND, tuple(self._problems))

    def _over(self, line: Line) -> bool:
        """Send over a connection; whether there is no more to send.

        Raises:
            MailServerError: The server does not go on.
        """
        while parse_instant(self._service.machine_clock()) < self._until:
            letter = self._take()
            if letter is None:
                return True
            self._try(line, letter)
        return False

    def _try(self, line: Line, letter: Letter) -> None:
        try:
            line.send(letter.address, letter.content)
        except MailRefusedError as error:
            self._refused(letter, error)
        except MailServerError as error:
            self._fallen = FAULTS if error.fault == "sender" else self._fallen + 1
            self._again(letter, error.code or error.fault)
            raise
        else:
            now = self._service.decider.clock()
            self._database.transact(
                lambda session: store.settle_sent(session, letter.mail.key, letter.held, now)
            )
            self._sent += 1
        self._fallen = 0

    def _refused(self, letter: Letter, error: MailRefusedError) -> None:
        if not error.is_lasting:
            self._again(letter, str(error.code))
            return
        self._settle(letter, "refused", str(error.code), "")
        person = self._around.staff.organisation.persons[letter.mail.person]
        said = sentence("mail.refused", person=person.login or person.code, code=str(error.code))
        self._problems.append(said)

    def _again(self, letter: Letter, code: str) -> None:
        wait = AGAIN[min(letter.mail.tries, len(AGAIN)) - 1]
        now = parse_instant(self._service.machine_clock())
        self._settle(letter, "waiting", code, format_instant(now + wait))

    def _settle(self, letter: Letter, state: str, code: str, next_try_at: str) -> None:
        self._database.transact(
            lambda session: store.settle(session, letter.mail.key, letter.held, state, code, next_try_at)
        )

    def _take(self) -> Letter | None:
        """Take the next message that can be sent, so that no other worker does; None when there is none."""
        while True:
            found = self._database.transact(self._take_one)
            if not isinstance(found, str):
                return found

    def _take_one(self, session: Session) -> Letter | str | None:
        now = self._service.machine_clock()
        mail = store.next_mail(session, now)
        if mail is None:
            return None
        if not self._around.staff.is_there(mail.person):
            store.withdraw(session, mail.key)
            return "gone"
        address = self._around.staff.organisation.persons[mail.person].email
        if not can_have_mail(address):
            store.unwrite(session, mail.key)
            return "no address"
        store.drop_fallen(session, mail.key)
        items, notes = tuple(self._items(session, mail)), tuple(store.list_notes(session, mail.key))
        if not items and not notes:
            store.withdraw(session, mail.key)
            return "nothing to say"
        held = format_instant(parse_instant(now) + HELD)
        store.claim(session, mail, address, held)
        content = compose(self._frame, mail.key, address, parse_instant(mail.created_at), items, notes)
        return Letter(mail, address, held, content)

    def _items(self, session: Session, mail: store.Mail) -> Iterator[Item]:
        """What a message says, as far as its reader may see: the status only of a case that they see."""
        viewer = read_viewer(session, mail.person, self._around.staff.day)
        rule = AccessRule(viewer, self._around.tree, self._around.processes)
        for reference, found in groupby(store.list_parts(session, mail.key), key=lambda part: part.reference):
            parts = list(found)
            state = parts[0].state_label if rule.may_see(parts[0]) else None
            yield Item(reference, state, tuple(part.text for part in _newest(parts)))

    def _keep_answer(self) -> None:
        now = self._service.machine_clock()
        self._database.transact(lambda session: keep_answer(session, self._server.name, now))

    def _keep_fault(self, error: MailServerError) -> None:
        now = self._service.machine_clock()
        self._database.transact(
            lambda session: keep_fault(session, self._server.name, error.fault, error.code, now)
        )
