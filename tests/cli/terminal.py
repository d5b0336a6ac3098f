"""A terminal for tests: runs `hjul` on a pseudo-terminal and answers when a text has appeared."""

from __future__ import annotations

import codecs
import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0
PROGRAM = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored when the tests run in the background of a shell
from cli.main import main
main()
"""


class Terminal:
    """A running `hjul` with a person in front of it. `screen` is all that has been shown so far."""

    def __init__(self, *args, env, stdout=None):
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *args],
            cwd=ROOT, stdin=slave, stdout=slave if stdout is None else stdout, stderr=slave,
            env={**os.environ, "TERM": "dumb", "COLUMNS": "80", **env}, start_new_session=True, close_fds=True,
        )  # fmt: skip
        os.close(slave)
        self.screen, self.decode = "", codecs.getincrementaldecoder("utf-8")("replace").decode
        self.seen = 0

    def see(self, text):
        """Wait until a text is shown after what was waited for last; give what was shown in between."""
        end = time.monotonic() + PATIENCE
        while text not in self.screen[self.seen :]:
            if not self._read(end):
                raise AssertionError(
                    f"{text!r} was never shown; after it was looked for:\n{self.screen[self.seen :]}"
                )
        found = self.screen.index(text, self.seen) + len(text)
        between, self.seen = self.screen[self.seen : found], found
        return between

    def type(self, text):
        """Type a line."""
        os.write(self.master, f"{text}\n".encode())

    def answer(self, question, text):
        """Wait for a question and its prompt, and type an answer."""
        self.see(question)
        self.see("> ")
        self.type(text)

    def agree(self, question, text=""):
        """Wait for a question of yes or no, and answer it; Enter takes what it suggests."""
        self.see(question)
        self.see("] ")
        self.type(text)

    def write(self, text):
        """Type something without ending the line."""
        os.write(self.master, text.encode())

    def interrupt(self):
        """Press Ctrl-C."""
        self._signal(signal.SIGINT)

    def hang_up(self):
        """Close the window."""
        self._signal(signal.SIGHUP)

    def _signal(self, number):
        """Send a signal once the program waits for what is typed.

        A signal that comes between the prompt and the waiting is noted by Python and not acted upon until a key is
        pressed. A person is never that quick; a test is, whenever another program gets the processor in between.
        """
        end = time.monotonic() + PATIENCE
        while not self._waits() and time.monotonic() < end:
            time.sleep(0.005)
        self.process.send_signal(number)

    def _waits(self):
        """Whether the program sleeps; where that cannot be seen it has had time to."""
        try:
            status = Path(f"/proc/{self.process.pid}/stat").read_text("ascii", "replace")
        except OSError:
            time.sleep(0.5)
            return True
        return status.rpartition(")")[2].split()[0] == "S"

    def end(self):
        """Wait for the end; give the exit code."""
        end = time.monotonic() + PATIENCE
        while self._read(end):
            pass
        code = self.process.wait(PATIENCE)
        os.close(self.master)
        return code

    def leave(self):
        """Turn it off, if it is still on."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(PATIENCE)

    def _read(self, end):
        ready, _, _ = select.select([self.master], [], [], max(0.0, end - time.monotonic()))
        if not ready:
            return False
        try:
            read = os.read(self.master, 65536)
        except OSError:
            return False
        self.screen += self.decode(read).replace("\r\n", "\n")
        return bool(read)
