"""One run of `hjul`: what was chosen for the whole of it, what it says and prints, and the engine.

Data goes to stdout, talk to stderr. Commands get it as their first argument. The engine is built on first
use, so that help never waits for it.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click

from engine.language.catalogue import LANGUAGES
from engine.language.say import say, say_line
from engine.language.sentence import Sentence, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.app import App


def _open_app(session: Session) -> App:
    from engine.app import Settings, build

    return build(Settings.from_environment(session.db, session.as_login))


class LostOutputError(OSError):
    """What was printed could not be written: the disk behind stdout is full, or it is closed."""


@dataclass(frozen=True)
class Done:
    """What a command has done for good, to be said elsewhere should stdout not take it."""

    said: Sentence
    shape: dict[str, Any]


@dataclass
class Session:
    """What holds for one command, whichever it is."""

    language: str = LANGUAGES[0]
    json: bool = False
    quiet: bool = False
    no_input: bool = False
    db: str | None = None
    as_login: str | None = None
    open_app: Callable[[Session], App] = field(default=_open_app, repr=False)
    done: Done | None = field(default=None, repr=False)

    @cached_property
    def app(self) -> App:
        """The engine, opened on the chosen database for the chosen login.

        Raises:
            HjulError: The database cannot be opened.
        """
        return self.open_app(self)

    def close(self) -> None:
        """Let go of the database, when it was opened."""
        app = vars(self).get("app")
        if app is not None and "database" in vars(app):
            app.database.close()

    # --- words ---------------------------------------------------------------------------

    def say(self, thing: Any, /, **arguments: Any) -> str:
        """Say a thing, or the message of an id with arguments, in the chosen language."""
        if isinstance(thing, str):
            thing = sentence(thing, **arguments)
        return say(thing, self.language)

    def line(self, thing: Any, /, **arguments: Any) -> str:
        """Say it as a sentence that stands alone."""
        return say_line(sentence(thing, **arguments) if isinstance(thing, str) else thing, self.language)

    # --- output --------------------------------------------------------------------------

    def put(self, text: str = "") -> None:
        """Print data, to stdout.

        Raises:
            LostOutputError: It could not be written.
        """
        try:
            _write(sys.stdout, text)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise LostOutputError(error.errno, error.strerror) from None

    def put_json(self, value: Any) -> None:
        """Print data as JSON, to stdout; instants, days and decimals as text."""
        import json

        self.put(json.dumps(value, ensure_ascii=False, indent=2, default=str))

    def tell(self, text: str) -> None:
        """Talk to whoever sits there, on stderr; not when quiet. What cannot be heard stops nothing."""
        if not self.quiet:
            self.complain(text)

    def complain(self, text: str) -> None:
        """Say on stderr what went wrong; also when quiet."""
        with suppress(OSError):
            _write(sys.stderr, text)

    # --- the terminal --------------------------------------------------------------------

    @property
    def can_ask(self) -> bool:
        """Whether a person sits there and may be asked: a terminal, and neither `--no-input` nor `--json`."""
        return not (self.no_input or self.json) and is_terminal(sys.stdin) and is_terminal(sys.stderr)

    @property
    def on_terminal(self) -> bool:
        """Whether stdout is a terminal."""
        return is_terminal(sys.stdout)

    @property
    def colour(self) -> bool:
        """Whether stdout takes colour: a terminal that can, and `NO_COLOR` is not set."""
        return self.on_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    def style(self, text: str, **style: Any) -> str:
        """The text in a style of click's, where stdout takes it."""
        return click.style(text, **style) if self.colour else text

    @property
    def width(self) -> int:
        """How many characters a line of text has: the terminal's width between 24 and 100, and 80 elsewhere."""
        return min(max(self.full_width, 24), 100)

    @property
    def full_width(self) -> int:
        """How many characters fit on a line of the terminal; 80 elsewhere."""
        if not self.on_terminal:
            return 80
        import shutil

        return shutil.get_terminal_size().columns


def begin(args: Sequence[str], open_app: Callable[[Session], App] = _open_app) -> Session:
    """A session in the language asked for: `--lang` anywhere, else `HJUL_LANG`, else Swedish.

    The language is looked up before anything is parsed: what is wrong with the rest is said in it.
    """
    wanted = os.environ.get("HJUL_LANG", "")[:2].lower()
    for word, following in zip(args, [*args[1:], ""], strict=False):
        if word == "--":
            break
        if word == "--lang":
            wanted = following
        elif word.startswith("--lang="):
            wanted = word.removeprefix("--lang=")
    language = wanted if wanted in LANGUAGES else LANGUAGES[0]
    return Session(language=language, json="--json" in args, quiet="--quiet" in args, open_app=open_app)


def is_terminal(stream: Any) -> bool:
    """Whether a stream is there, open, and a terminal."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False


def said(thing: Sentence | str, session: Session) -> str:
    """A sentence in the session's language; text is already said."""
    return thing if isinstance(thing, str) else session.say(thing)


def _write(stream: Any, text: str) -> None:
    if stream is not None:
        stream.write(f"{text}\n")
