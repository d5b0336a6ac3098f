"""A mail server of the tests' own: a real one (aiosmtpd) on this machine, that can be told to misbehave."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from ipaddress import ip_address
from threading import Thread
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Post:
    """What the server took, and how it answers: address -> its answer to RCPT."""

    answers: dict[str, str] = field(default_factory=dict)
    after_data: list[str] = field(default_factory=list)
    sender: str = "250 OK"
    taken: list = field(default_factory=list)
    on_data: list = field(default_factory=list)
    logins: list = field(default_factory=list)
    port: int = 0

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802  aiosmtpd's name
        if self.sender == "250 OK":
            envelope.mail_from = address
        return self.sender

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        answer = self.after_data.pop(0) if self.after_data else "250 OK"
        if answer == "drop":
            server.transport.abort()
            return "250 OK"
        if answer.startswith("250"):
            message = message_from_bytes(envelope.content, policy=default)
            self.taken.append((envelope.rcpt_tos[0], message))
            for act in self.on_data:
                act(message)
        return answer

    def login(self, server, session, envelope, mechanism, data):
        self.logins.append((data.login, data.password, session.ssl is not None))
        return AuthResult(success=data.password == b"hemligt", handled=False)

    @property
    def addresses(self):
        return [address for address, _ in self.taken]

    def to(self, address):
        return [message for taken, message in self.taken if taken == address]


def certificate(folder):
    """A certificate for this machine, signed by itself: the files of it and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return paths


@contextmanager
def serving(post, *, port=0, tls=None, starttls=None, login=False):
    """The server, running; `post.port` is where. `tls`: from the start, `starttls`: when asked."""
    said: dict[str, Any] = {"hostname": "localhost"}
    if starttls is not None:
        said |= {"tls_context": starttls, "require_starttls": True}
    if login:
        said |= {"authenticator": post.login, "auth_required": True}
    if login and starttls is None:
        said |= {"auth_require_tls": False}
    loop = asyncio.new_event_loop()
    made = loop.create_server(lambda: SMTP(post, loop=loop, **said), "127.0.0.1", port, ssl=tls)
    server = loop.run_until_complete(made)
    post.port = server.sockets[0].getsockname()[1]
    thread = Thread(target=loop.run_forever)
    thread.start()
    try:
        yield post
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(server):
    server.close()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0)


def context_of(files):
    found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    found.load_cert_chain(*files)
    return found
