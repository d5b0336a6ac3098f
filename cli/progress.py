"""A bar for what takes more than a moment: on a terminal only, on stderr, and never in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from cli.session import Session

Told = Callable[[int, int], None]


@contextmanager
def progress(session: Session, message: str) -> Iterator[Told | None]:
    """What is to be told how far it has come: (done, of how many). None where nobody would see it."""
    if session.quiet or session.json or not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=1, label=session.say(message), file=sys.stderr) as bar:

        def told(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield told
