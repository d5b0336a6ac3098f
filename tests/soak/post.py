"""A mail server of its own process, slow to answer, that writes to a file what it took: Message-ID and address.

Run as `python -m tests.soak.post FILE`; the first line it prints is its port.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from tests.service.mail_server import Post, serving

SLOWNESS = 0.02


class Keeping(Post):
    """Keeps each message on the disk before it says that it has it."""

    chance = random.Random(2010)
    file: Path

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  aiosmtpd's name
        message = message_from_bytes(envelope.content, policy=default)
        await asyncio.sleep(self.chance.uniform(0, SLOWNESS))
        line = f"{message['Message-ID']} {envelope.rcpt_tos[0]}\n".encode()
        handle = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(handle, line)
        os.close(handle)
        await asyncio.sleep(self.chance.uniform(0, SLOWNESS))
        return "250 OK"


def main(file: str) -> None:
    post = Keeping()
    post.file = Path(file)
    with serving(post):
        sys.stdout.write(f"{post.port}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1])
