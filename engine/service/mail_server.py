"""Talks to the mail server (SMTP, RFC 5321; STARTTLS, RFC 3207). It must not know what is sent, nor the database.

What the server says in words is never repeated: it may quote a message or an address. Its codes are.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final

from engine.errors import MailRefusedError, MailServerError
from engine.language.sentence import Sentence, sentence
from engine.service.mail_setting import (
    MAIL_CA_FILE,
    MAIL_ENCRYPTION,
    MAIL_FROM,
    MAIL_HOST,
    MAIL_LOGIN,
    MAIL_PORT,
)
from engine.service.setting import Values

TIMEOUT: Final = 20.0
"""Seconds to wait for each answer of the server."""
TAKEN: Final = (250, 251)
CLOSING: Final = 421


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server and how it is talked to, as the settings say; the password as the environment does."""

    host: str
    port: int
    encryption: str
    sender: str
    login: str = ""
    password: str | None = field(default=None, repr=False)
    ca_file: str = ""
    timeout: float = TIMEOUT

    @staticmethod
    def of(values: Values, password: str | None) -> MailServer:
        """As the settings say."""
        return MailServer(
            values.text(MAIL_HOST), values.whole(MAIL_PORT), values.text(MAIL_ENCRYPTION), values.text(MAIL_FROM),
            values.text(MAIL_LOGIN), password, values.text(MAIL_CA_FILE),
        )  # fmt: skip

    @property
    def name(self) -> str:
        """What it is called."""
        return f"{self.host}:{self.port}"

    @property
    def domain(self) -> str:
        """The sender's domain, in ASCII."""
        return ascii_domain(self.sender.rpartition("@")[2]) or "localhost"

    def check(self) -> None:
        """Make sure that the settings are enough, and safe.

        Raises:
            MailServerError: They are not.
        """
        if not self.host:
            raise self.fault("no_host")
        if not self.sender:
            raise self.fault("no_sender")
        if self.encryption == "none" and not _is_here(self.host):
            raise self.fault("not_encrypted")
        if self.login and self.password is None:
            raise self.fault("no_password")

    def fault(self, fault: str, code: int | str = "") -> MailServerError:
        """What is wrong, as an error to raise."""
        return MailServerError(self.name, fault, why(fault, str(code)), str(code))


def why(fault: str, code: str = "") -> Sentence:
    """The sentence of a fault."""
    return sentence(f"mail.fault.{fault}", code=code)


class Line:
    """An open connection to a mail server, logged in where it asks for that."""

    def __init__(self, server: MailServer, client: smtplib.SMTP) -> None:
        """Made by `connect` only."""
        self._server: Final = server
        self._client: Final = client

    def send(self, address: str, message: bytes) -> None:
        """Give the server a message to one address. When it returns, the server has taken it.

        Raises:
            MailRefusedError: It is not taken, or not for this address; the connection can be used for others.
            MailServerError: The server does not go on; whether the message was taken is not known.
        """
        client = self._client
        with _explained(self._server):
            self._check(client.mail(ascii_address(self._server.sender))[0], "sender")
            code = client.rcpt(ascii_address(address))[0]
            if code == CLOSING:
                raise self._server.fault("closed", code)
            if code not in TAKEN:
                client.rset()
                raise MailRefusedError(self._server.name, code)
            try:
                code = client.data(message)[0]
            except smtplib.SMTPDataError as error:
                code = error.smtp_code
            if code == CLOSING:
                raise self._server.fault("closed", code)
            if code not in TAKEN:
                client.rset()
                raise MailRefusedError(self._server.name, code)

    def _check(self, code: int, fault: str) -> None:
        if code not in TAKEN:
            raise self._server.fault("closed" if code == CLOSING else fault, code)


@contextmanager
def connect(server: MailServer) -> Iterator[Line]:
    """Connect, make it safe, log in; and say goodbye at the end.

    Raises:
        MailServerError: It cannot be reached, trusted or logged in to.
    """
    server.check()
    context = None if server.encryption == "none" else _context(server)
    with _explained(server):
        client = _open(server, context)
    try:
        with _explained(server):
            _greet(server, client, context)
        yield Line(server, client)
        with suppress(smtplib.SMTPException, OSError):
            client.quit()
    finally:
        client.close()


def _open(server: MailServer, context: ssl.SSLContext | None) -> smtplib.SMTP:
    if server.encryption == "tls":
        return smtplib.SMTP_SSL(
            server.host, server.port, server.domain, timeout=server.timeout, context=context
        )
    return smtplib.SMTP(server.host, server.port, server.domain, timeout=server.timeout)


def _greet(server: MailServer, client: smtplib.SMTP, context: ssl.SSLContext | None) -> None:
    client.ehlo_or_helo_if_needed()
    if server.encryption == "starttls":
        if not client.has_extn("starttls"):
            raise server.fault("no_starttls")
        client.starttls(context=context)
        client.ehlo_or_helo_if_needed()
    if server.login:
        try:
            client.login(server.login, server.password or "")
        except smtplib.SMTPAuthenticationError as error:
            raise server.fault("login", error.smtp_code) from None
        except (smtplib.SMTPNotSupportedError, UnicodeEncodeError):
            raise server.fault("login") from None


def _context(server: MailServer) -> ssl.SSLContext:
    """What is trusted: the machine's certificates, or those of a file.

    Raises:
        MailServerError: The file cannot be read.
    """
    try:
        return ssl.create_default_context(cafile=server.ca_file or None)
    except (OSError, ssl.SSLError):
        raise server.fault("ca_file") from None


@contextmanager
def _explained(server: MailServer) -> Iterator[None]:
    """Turn what goes wrong on the way into an error of Hjul.

    Raises:
        MailServerError: Something did.
    """
    try:
        yield
    except TimeoutError:
        raise server.fault("slow") from None
    except ssl.SSLCertVerificationError:
        raise server.fault("certificate") from None
    except ssl.SSLError:
        raise server.fault("no_tls") from None
    except smtplib.SMTPServerDisconnected as error:
        raise server.fault("slow" if isinstance(error.__context__, TimeoutError) else "closed") from None
    except smtplib.SMTPResponseException as error:
        raise server.fault("answer", error.smtp_code) from None
    except smtplib.SMTPException:
        raise server.fault("login" if server.login else "answer") from None
    except OSError:
        raise server.fault("unreachable") from None


def _is_here(host: str) -> bool:
    """Whether a server is on this machine, so that nobody can listen on the way."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def ascii_address(address: str) -> str:
    """An address with its domain as DNS has it."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{ascii_domain(domain)}"


def ascii_domain(domain: str) -> str:
    """A domain as DNS has it; as it is when it cannot be."""
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain
