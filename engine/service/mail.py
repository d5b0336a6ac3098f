"""Mail as whoever runs the installation sees it: tried out with a message, and looked over for `doctor`.

It must not know how messages are chosen and sent (`engine.service.mailing`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine.calendar.zone import format_instant, local_date, parse_instant
from engine.cases.access import SYSTEM
from engine.cases.event import Actor
from engine.cases.staff import Staff
from engine.errors import MailAddressError, MailRefusedError, MailServerError
from engine.language.sentence import Sentence, sentence
from engine.service.mail_server import MailServer, connect, why
from engine.service.mail_setting import MAIL_DAYS, MAIL_ON
from engine.service.mail_text import compose_test, message_id
from engine.service.mailing import can_have_mail, frame_of
from engine.service.result import Check
from engine.service.setting import Values, load_values
from engine.store import mail_server as store
from engine.store.authority import Authority
from engine.store.database import Session
from engine.store.organisation import read_organisation, read_tree, read_viewer

if TYPE_CHECKING:
    from engine.service.deciding import Decider

FEW: Final = 10
"""So many people or roles are named; of more, how many others there are."""
TOO_LONG: Final = timedelta(days=1)
"""What has waited longer than this is said to be wrong."""
MENDS: Final[Mapping[str, str]] = {
    "no_host": "hjul settings set mail_host SERVER",
    "no_sender": "hjul settings set mail_from ADRESS",
    "not_encrypted": "hjul settings set mail_encryption starttls",
}
TRY: Final = "hjul settings test-mail ADRESS"


@dataclass(frozen=True, slots=True)
class SentTest:
    """A message that the server took; `is_on`: whether others are sent too."""

    server: str
    address: str
    message_id: str
    is_on: bool


@dataclass(slots=True)
class MailService:
    """Tries mail, and looks it over."""

    decider: Decider
    actor: Callable[[], Actor]
    authority: Authority
    machine_clock: Callable[[], str]
    password: Callable[[], str | None]

    def test(self, address: str) -> SentTest:
        """Send a message to an address, by the settings as they are, whether or not mail is on.

        Raises:
            MailAddressError: It is no address.
            MailServerError: The mail server cannot be used.
            MailRefusedError: It does not take a message to this address.
            NotAdministratorError: The actor may not.
        """
        from engine.cases.reorganisation import administrator  # noqa: PLC0415  `doctor` needs none of it

        actor = self.actor()
        with self.decider.database.snapshot() as session:
            values = load_values(session)
            tree = read_tree(session)
            viewer = SYSTEM if actor.person is None else read_viewer(session, actor.person, self._today())
        administrator(viewer, tree, actor.operator)
        address = address.strip()
        if not can_have_mail(address):
            raise MailAddressError(address[:100])
        server = MailServer.of(values, self.password())
        frame = frame_of(self.authority, values, server)
        key = f"test:{self.decider.new_id()}"
        content = compose_test(frame, key, address, parse_instant(self.decider.clock()))
        try:
            with connect(server) as line:
                line.send(address, content)
        except MailServerError as error:
            fault, code = error.fault, error.code
            self._keep(lambda session, now: store.keep_fault(session, server.name, fault, code, now))
            raise
        except MailRefusedError:
            self._keep(lambda session, now: store.keep_answer(session, server.name, now))
            raise
        self._keep(lambda session, now: store.keep_answer(session, server.name, now))
        return SentTest(server.name, address, message_id(frame, key), values.yes(MAIL_ON))

    def checks(self) -> Iterator[Check]:
        """What `doctor` says of mail: whether it goes out, and why not; what waits; who cannot be reached."""
        with self.decider.database.snapshot() as session:
            values = load_values(session)
            if not values.yes(MAIL_ON):
                yield _check("mail", sentence("doctor.mail_off"))
                return
            yield self._server_check(session, values)
            yield from self._waiting_checks(session, values)
            yield from self._people_checks(session)

    def _server_check(self, session: Session, values: Values) -> Check:
        server = MailServer.of(values, "")
        try:
            server.check()
        except MailServerError as error:
            return _check("mail", why(error.fault), MENDS.get(error.fault, TRY))
        state = store.load_server(session, server.name)
        if state.fault is not None:
            said = sentence(
                "doctor.mail_failing", server=server.name, why=why(state.fault, state.code or ""),
                since=self._wall(state.failing_since),
            )  # fmt: skip
            return _check("mail", said, TRY)
        if state.answered_at is None:
            return _check("mail", sentence("doctor.mail_untried", server=server.name))
        when = self._wall(state.answered_at)
        return _check("mail", sentence("doctor.mail_answered", server=server.name, when=when))

    def _waiting_checks(self, session: Session, values: Values) -> Iterator[Check]:
        now = parse_instant(self.machine_clock())
        found = store.load_waiting(session, format_instant(now - timedelta(days=values.whole(MAIL_DAYS) * 2)))
        if found.since is not None:
            is_late = parse_instant(self.decider.clock()) - parse_instant(found.since) > TOO_LONG
            said = sentence("doctor.mail_waiting", n=found.count, since=self._wall(found.since))
            yield _check("mail_waiting", said, "hjul tick" if is_late else None)
        if found.late:
            yield _check("mail_late", sentence("doctor.mail_late", n=found.late))

    def _people_checks(self, session: Session) -> Iterator[Check]:
        """Who cannot be reached: an address that is refused, a role that nobody has; no address is no fault."""
        without = [person for person, email in store.list_kept_back(session) if not can_have_mail(email)]
        if without:
            yield _check("mail_without", _some(without))
        refused = [f"{person} ({code})" for person, code in store.list_refused(session)]
        if refused:
            first = refused[0].partition(" ")[0]
            yield _check("mail_refused", _some(refused), f"hjul org person {first} --email ADRESS")
        there = store.list_unchosen(session)
        staff = Staff(read_organisation(session), self._today()) if there else None
        vacant = [one for one in there if staff is not None and not staff.holders(one[0], one[1])]
        if vacant:
            role, unit, _ = vacant[0]
            said = _some([f"{role} {unit} ({count})" for role, unit, count in vacant])
            yield _check("mail_vacant", said, f"hjul org appoint LOGIN {role} {unit}")

    def _today(self) -> str:
        return local_date(parse_instant(self.decider.clock()), self.decider.zone).isoformat()

    def _wall(self, instant: str | None) -> str:
        if not instant:
            return ""
        return f"{parse_instant(instant).astimezone(self.decider.zone):%Y-%m-%d %H:%M}"

    def _keep(self, keep: Callable[[Session, str], None]) -> None:
        now = self.machine_clock()
        self.decider.database.transact(lambda session: keep(session, now))


def _some(names: list[str]) -> Sentence:
    """The first of some names, and how many others there are."""
    if len(names) <= FEW:
        return sentence("doctor.mail_names", names=", ".join(names))
    return sentence("doctor.mail_names_and_more", names=", ".join(names[:FEW]), n=len(names) - FEW)


def _check(key: str, value: Sentence, mend: str | None = None) -> Check:
    return Check(key, sentence(f"doctor.{key}_label"), value, mend is None, mend)
