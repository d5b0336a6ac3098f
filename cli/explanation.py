"""What an error says to a person, and its parts for a program (`--json`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from cli.layout import wrap
from cli.reason import reason_of
from engine.errors import NotFoundError, UnknownCodeError, UnknownRoleError, UnknownUnitError
from engine.language.say import cannot, say_line
from engine.language.sentence import Sentence, Words, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.session import Session
    from engine.errors import HjulError

FEW: Final = 12
"""So many names are listed; of more, how many others there are."""


def explanation(session: Session, error: HjulError) -> tuple[str, dict[str, Any]]:
    """What an error says to a person, and its parts for a program."""
    refusal = getattr(error, "refusal", None)
    if refusal is not None:
        return refused(session, refusal), _refusal_details(session, refusal)
    arguments = error.arguments()
    problems = arguments.get("problems")
    head = session.line(f"error.{error.kind}", **arguments)
    if isinstance(problems, tuple):
        head = "\n".join([*(problem_line(session, problem) for problem in problems), head])
        details = {"problems": [problem_line(session, problem) for problem in problems]}
        return head, details | {"count": len(problems)}
    return _with_suggestion(session, head, error), {
        name: _plain(session, value) for name, value in arguments.items()
    }


def _with_suggestion(session: Session, head: str, error: HjulError) -> str:
    """A sentence, and after it what may have been meant instead, or what there is."""
    match error:
        case UnknownCodeError():
            more = _suggested(session, error.name, error.suggestions, most=len(error.suggestions))
        case NotFoundError():
            more = _suggested(session, error.name, error.suggestions)
        case UnknownRoleError():
            more = _suggested(session, error.role, error.nearest)
        case UnknownUnitError() if error.nearest:
            more = session.say("cli.usage.near", names=error.nearest[:1])
        case _:
            more = ""
    return f"{head} {more}" if more else head


def _suggested(session: Session, name: str, names: tuple[str, ...], most: int = FEW) -> str:
    from difflib import get_close_matches

    from engine.language.alphabet import fold

    near = names if len(names) == 1 else get_close_matches(fold(name), names, n=1)
    if near:
        return session.say("cli.usage.near", names=tuple(near))
    return session.line("cli.there_are", names=_first(session, names, most)) if names else ""


def _first(session: Session, names: Sequence[str], most: int) -> tuple[str, ...] | str:
    """The names; of more than may be listed the first, and how many others there are."""
    if len(names) <= most + 1:
        return tuple(names)
    return session.say("cli.and_more", names=", ".join(names[:most]), n=len(names) - most)


def problem_line(session: Session, problem: Any) -> str:
    """A problem of a file as editors and people read it: `file:line:column: what is wrong; what would do`.

    A row of a spreadsheet is named by its number and heading instead.
    """
    if hasattr(problem, "rows"):
        from cli.table_import_page import row_problem_line

        return row_problem_line(session, problem)
    if hasattr(problem, "error"):
        why = session.line(f"error.{problem.error.kind}", **problem.error.arguments())
        why = _with_suggestion(session, why, problem.error)
        return session.say("cli.row", row=str(problem.row), column=problem.column, why=why)
    parts = [session.say(problem.message)]
    if getattr(problem, "is_warning", False):
        parts[0] = f"{session.say('cli.process.warning')}: {parts[0]}"
    if problem.hint is not None:
        parts.append(session.say(problem.hint))
    said = "; ".join(parts)
    return f"{problem.file}:{problem.line}:{problem.column}: {said}" if problem.file else said


def refused(session: Session, refusal: Any) -> str:
    """A refusal as a person reads it: what cannot be done, why, and every field that is missing or wrong."""
    sources = [reason for reason in refusal.reasons if reason.id == "step.source"]
    reasons = [say_line(reason, session.language) for reason in refusal.reasons if reason not in sources]
    cited = [f"  {say_line(source, session.language)}" for source in sources]
    head = cannot(refusal.label, session.language) if refusal.label else session.say("refused.head")
    if len(reasons) == 1 and not refusal.faults:
        says_it_all = refusal.label is None or refusal.reasons[0].id.startswith("step.")
        return "\n".join([reasons[0] if says_it_all else f"{head}: {reasons[0]}", *cited])
    lines = [
        f"{head}:" if reasons or refusal.faults else f"{head}.",
        *(f"  - {reason}" for reason in reasons),
        *cited,
    ]
    for fault in refusal.faults:
        lines.append(f"  - {session.say(fault.label)} ({fault.field}): {session.say(fault.why)}")
        if fault.choices:
            lines.append(wrap(_choices(session, fault.choices), session.width, "      ", "        "))
    return "\n".join(lines)


def _choices(session: Session, choices: Sequence[tuple[str, Words]]) -> str:
    """What may be chosen: the codes, and what each means when they are few."""
    if len(choices) > FEW:
        return session.say("cli.choices", codes=", ".join(code for code, _ in choices))
    said = (f"{code} = {session.say(label)}" for code, label in choices)
    return session.say("cli.choices", codes="; ".join(said))


def _refusal_details(session: Session, refusal: Any) -> dict[str, Any]:
    return {
        "refusal": refusal.kind,
        "step": refusal.step,
        "reasons": [session.say(reason) for reason in refusal.reasons],
        "faults": [
            {
                "field": fault.field,
                "label": session.say(fault.label),
                "why": session.say(fault.why),
                "choices": [code for code, _ in fault.choices],
            }
            for fault in refusal.faults
        ],
    }


def usage(session: Session, error: click.ClickException) -> str:
    """What was typed wrongly, and where to read how it is typed."""
    text = _usage_sentence(session, error)
    ctx = getattr(error, "ctx", None)
    path = ctx.command_path if ctx is not None else "hjul"
    return f"{say_line(text, session.language)}\n{session.say('cli.usage.help', command=path)}"


def _usage_sentence(session: Session, error: click.ClickException) -> str:
    match error:
        case click.NoSuchOption():
            near = tuple(error.possibilities or ())[:1]
            found = sentence("cli.usage.no_option", name=error.option_name)
        case click.NoSuchCommand():
            near = tuple(error.possibilities or ())[:1]
            found = sentence("cli.usage.no_command", name=error.command_name)
        case click.BadOptionUsage():
            near, found = (), sentence("cli.usage.option_value", name=error.option_name)
        case click.MissingParameter():
            near, found = (), sentence("cli.usage.missing", name=_name_of(session, error.param))
        case click.BadParameter():
            near = ()
            found = sentence("cli.usage.bad", name=_name_of(session, error.param), why=error.message)
        case _:
            return error.message
    if near:
        return f"{session.say(found)} {session.say('cli.usage.near', names=near)}"
    return session.say(found)


def _name_of(session: Session, param: click.Parameter | None) -> str:
    if param is None:
        return ""
    if isinstance(param, click.Option):
        return param.opts[0]
    return session.say(f"help.metavar.{param.metavar or param.name}")


def explain_system(session: Session, error: OSError) -> tuple[str, dict[str, Any]]:
    """A file or a disk that does not do as asked."""
    why = session.say(reason_of(error))
    if error.filename is None:
        return session.line("error.system", why=why), {"why": why}
    return session.line("error.system.file", file=str(error.filename), why=why), {
        "file": error.filename,
        "why": why,
    }


def _plain(session: Session, value: Any) -> Any:
    if isinstance(value, Sentence | Words):
        return session.say(value)
    if isinstance(value, tuple | list):
        return [_plain(session, one) for one in value]
    return value if isinstance(value, bool | int | str | None) else str(value)
