"""The edge: runs one command, and turns whatever ends it into a sentence and an exit code.

A mistake that Hjul foresees is said in the reader's language, or with `--json` as an object on stderr. One
that it does not foresee is said in one kind sentence; the traceback is for `HJUL_DEBUG=1`, since it may hold
what people wrote.
"""

from __future__ import annotations

import os
import sys
from contextlib import closing
from errno import EBADF
from typing import TYPE_CHECKING, Any

import click

from cli.exit import Exit, code_of
from cli.reason import reason_of
from cli.session import LostOutputError, Session, begin

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.app import App

COMPLETE = "_HJUL_COMPLETE"


def run(program: click.Command, args: Sequence[str], open_app: Callable[[Session], App] | None = None) -> int:
    """Run a command and return its exit code. Nothing escapes but what kills the process.

    Args:
        program: The root of the commands.
        args: What was typed after `hjul`.
        open_app: Opens the engine for a session; tests put in their own.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    session = begin(args, open_app) if open_app else begin(args)
    if instruction := os.environ.get(COMPLETE):
        return _complete(program, session, instruction)
    try:
        with closing(session):
            ended = _invoke(program, list(args), session)
        _flush(session)
    except BrokenPipeError as error:
        _let_go_of_stdout()
        if session.done is not None:
            _say_done(session, error)
        return Exit.DONE
    except LostOutputError as error:
        _let_go_of_stdout()
        return _end(session, error) if session.done is None else _say_done(session, error)
    except (KeyboardInterrupt, EOFError, click.Abort):
        session.complain("")
        return Exit.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last one out: whatever it is, it is said and not shown
        return _end(session, error)
    return ended


def _invoke(program: click.Command, args: list[str], session: Session) -> int:
    try:
        with program.make_context("hjul", args, obj=session) as ctx:
            ended = program.invoke(ctx)
    except click.exceptions.Exit as end:
        return end.exit_code
    return ended if isinstance(ended, int) else Exit.DONE


def _complete(program: click.Command, session: Session, instruction: str) -> int:
    """Answer the shell; whatever goes wrong, it hears nothing, for it would land in somebody's prompt."""
    from click.shell_completion import shell_complete

    try:
        with closing(session):
            return shell_complete(program, {"obj": session}, "hjul", COMPLETE, instruction)
    except Exception:  # noqa: BLE001 - see above
        return Exit.BUG


def _end(session: Session, error: Exception) -> int:
    """Say what went wrong, and give its exit code. What says it is imported now: most commands never need it."""
    from cli.explanation import explain_system, explanation, usage
    from engine.errors import HjulError

    match error:
        case click.exceptions.NoArgsIsHelpError():
            session.complain(error.message)
            return Exit.USAGE
        case click.ClickException():
            return _explain(session, Exit.USAGE, "usage", usage(session, error), {})
        case HjulError():
            message, details = explanation(session, error)
            notes = [str(note) for note in getattr(error, "__notes__", ())]
            details = details | {"notes": notes} if notes else details
            return _explain(session, code_of(error), error.kind, "\n".join([message, *notes]), details)
        case OSError():
            return _explain(session, Exit.FAULT, "system", *explain_system(session, error))
        case _:
            return _explain_bug(session, error)


def _explain(session: Session, code: int, kind: str, message: str, details: dict[str, Any]) -> int:
    if session.json:
        import json

        body = {"error": {"kind": kind, "message": message, "details": details}}
        session.complain(json.dumps(body, ensure_ascii=False, default=str))
    else:
        session.complain(message)
    return int(code)


def _explain_bug(session: Session, error: Exception) -> int:
    if os.environ.get("HJUL_DEBUG") == "1":
        import traceback

        session.complain("".join(traceback.format_exception(error)).rstrip())
    message = session.line("error.unexpected", name=type(error).__name__)
    return _explain(session, Exit.BUG, "unexpected", message, {"type": type(error).__name__})


def _flush(session: Session) -> None:
    """Write what is still to be written.

    Raises:
        BrokenPipeError: The reader has left.
        LostOutputError: It could not be written.
    """
    if sys.stdout is None:
        if session.done is not None:
            raise LostOutputError(EBADF, os.strerror(EBADF))
        return
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise LostOutputError(error.errno, error.strerror) from None


def _say_done(session: Session, error: OSError) -> int:
    """What was done is done, though it could not be printed: say so on stderr, with the reference."""
    done = session.done
    if done is not None:
        why = session.say(reason_of(error))
        message = f"{session.line(done.said)} {session.line('cli.done.not_printed', why=why)}"
        _explain(session, Exit.DONE, "output.lost", message, {"why": why, "done": done.shape})
    return Exit.DONE


def _let_go_of_stdout() -> None:
    """Point stdout at nothing: the interpreter flushes it at the end, and the reader has left."""
    if sys.stdout is None:
        return
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stdout = None
