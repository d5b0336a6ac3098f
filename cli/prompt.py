"""Reading what a person types: a line under its prompt, yes or no, the way back, and leaving.

Questions go to stderr: stdout holds the result alone. It must not know what is asked about.
"""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from cli.answer import is_yes
from cli.layout import wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.session import Session

BACK: Final = "<"
BACK_WORDS: Final = ("tillbaka", "back")


class Back(Exception):  # noqa: N818 - a person's choice, told to the one who keeps the order of the questions
    """The person wants the question before this one."""


class Left(KeyboardInterrupt):
    """The person left, with Ctrl-C or Ctrl-D; `text` is what stood on the line."""

    def __init__(self, text: str = "") -> None:
        """Keep the text."""
        super().__init__()
        self.text = text


class HungUp(Left):
    """The terminal went away: its window was closed, or the connection to it was lost. Nobody can be asked."""


def ask_yes(session: Session, question: str, *, default: bool) -> bool:
    """Ask a question that is answered by yes or no; Enter is the default.

    Raises:
        Left: The person left.
    """
    shown = session.say("cli.ask.default_yes" if default else "cli.ask.default_no")
    while (said := is_yes(read_after(session, f"{question} [{shown}] "), default)) is None:
        session.tell(f"  {session.line('cli.ask.yes_no')}")
    return said


def read_line(session: Session, hint: str = "", *, is_text: bool = False, given: str = "") -> str:
    """Read what is typed on one line, under its hint; a line that ends with a backslash goes on with the next.

    Args:
        session: Where the person sits.
        hint: What to say above the prompt.
        is_text: Whether any words may be an answer: then only the sign goes back, no word.
        given: What stands on the line already, to be edited; see `can_edit`.

    Raises:
        Back: The person wants the question before.
        Left: The person left.
    """
    if hint:
        session.tell(wrap(f"({hint})", session.width, "  ", "   "))
    line = read_after(session, "> ", given)
    if wants_back(line.removeprefix(given), is_text=is_text):
        raise Back
    return line


def can_edit(session: Session, text: str) -> bool:
    """Whether a text can stand on the line to be edited: one line, in a terminal that edits."""
    return session.on_terminal and bool(text) and "\n" not in text


def wants_back(line: str, *, is_text: bool = False) -> bool:
    """Whether what was typed asks for the question before."""
    said = line.strip().casefold()
    return said == BACK or (not is_text and said in BACK_WORDS)


def read_after(session: Session, prompt: str, given: str = "") -> str:
    """Read a line after a prompt on the same row, where `given` stands already.

    Raises:
        Left: The person left; what they had written of it is with it.
    """
    line = ""
    try:
        with _noticing_hang_up():
            line = _input(session, prompt, given)
            while line.endswith("\\"):
                line = f"{line[:-1]}\n"
                line += _input(session, "… ")
    except (EOFError, KeyboardInterrupt) as end:
        left = HungUp if isinstance(end, HungUp) else Left
        raise left(line + _unfinished(session)) from None
    except OSError:  # the terminal is gone, and the signal that says so not yet here
        raise HungUp(line) from None
    return line


@contextmanager
def _noticing_hang_up() -> Iterator[None]:
    """Let a terminal that goes away end a question as a person does who leaves; elsewhere it ends the program."""
    number = getattr(signal, "SIGHUP", None)
    if number is None or signal.getsignal(number) is not signal.SIG_DFL:
        yield
        return
    signal.signal(number, _hang_up)
    try:
        yield
    finally:
        signal.signal(number, signal.SIG_DFL)


def _hang_up(*_: object) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # a second one would disturb the keeping of what was typed
    raise HungUp


def _unfinished(session: Session) -> str:
    """What stands on the line that was not ended, where the terminal's editing knows it."""
    if not session.on_terminal:
        return ""
    import readline

    return readline.get_line_buffer()


def _input(session: Session, prompt: str, given: str = "") -> str:
    """Read a line with the terminal's own editing where stdout is the terminal; elsewhere ask on stderr."""
    if session.on_terminal:
        import readline

        readline.set_startup_hook((lambda: readline.insert_text(given)) if given else None)
        try:
            return input(prompt)
        finally:
            readline.set_startup_hook(None)
    sys.stderr.write(prompt)
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.rstrip("\r\n")
