"""What every command and group of `hjul` has: help from the catalogues, and the global options.

The words of a command `process list` are `help.process.list` (one line), `.more` (a paragraph, where there is
one) and `.example`; of an option `help.option.NAME` or, when a command means something else by it,
`help.COMMAND.option.NAME`; of a metavar `help.metavar.NAME`. A test walks all commands and finds every one of
them in both languages.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import click

from cli.session import Session
from engine.language.catalogue import LANGUAGES, catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from click.formatting import HelpFormatter


MOST_ID: Final = 100
"""So many characters an id of a command may have."""


class OneOf(click.ParamType[str]):
    """One of a few words; what is wrong is said in the reader's language."""

    name = "one_of"

    def __init__(self, words: Sequence[str]) -> None:
        """Take the words that are accepted."""
        self.words = tuple(words)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The word, whatever the case it was typed in."""
        found = next((word for word in self.words if word.casefold() == str(value).casefold()), None)
        if found is None:
            session = session_of(ctx)
            self.fail(session.say("cli.usage.one_of", words=self.words), param, ctx)
        return found

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        """The words that begin so."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(word) for word in self.words if word.startswith(incomplete)]


class Whole(click.ParamType[int]):
    """A whole number from `low`."""

    name = "whole"

    def __init__(self, low: int = 0) -> None:
        """Take the lowest number that is accepted."""
        self.low = low

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number."""
        text = str(value)
        if not text.isdecimal() or int(text) < self.low:
            self.fail(session_of(ctx).say("cli.usage.whole", low=str(self.low)), param, ctx)
        return int(text)


class CommandId(click.ParamType[str]):
    """An id that a caller gives a command, so that doing it again is harmless: letters, digits and `-_.`."""

    name = "command_id"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The id."""
        text = str(value)
        if not 1 <= len(text) <= MOST_ID or not all(
            c.isascii() and (c.isalnum() or c in "-_.") for c in text
        ):
            self.fail(session_of(ctx).say("cli.usage.command_id", most=str(MOST_ID)), param, ctx)
        return text


def session_of(ctx: click.Context | None) -> Session:
    """The session of a context; a Swedish one where there is none."""
    found = ctx.find_object(Session) if ctx is not None else None
    return found or Session()


def _remember(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
    if value:
        setattr(session_of(ctx), param.name or "", value)
    return value


def _global(*names: str, **settings: Any) -> click.Option:
    return click.Option(names, expose_value=False, callback=_remember, **settings)


GLOBALS = (
    _global("--db", metavar="url"),
    _global("--as", "as_login", metavar="login"),
    _global("--lang", "language", metavar="language", type=OneOf(LANGUAGES)),
    _global("--json", is_flag=True),
    _global("--quiet", is_flag=True),
    _global("--no-input", is_flag=True),
)
"""Accepted before and after the command, since people type both."""


class Command(click.Command):
    """A command whose help is in the catalogues."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        """Take what click takes, and add the global options."""
        super().__init__(*args, **settings)
        self.params = [*self.params, *GLOBALS]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse, and refuse arguments too many in the reader's language."""
        ctx.allow_extra_args = True
        rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            raise click.UsageError(session_of(ctx).say("cli.usage.extra", words=tuple(rest)), ctx)
        return rest

    def format_help(self, ctx: click.Context, formatter: HelpFormatter) -> None:
        """Write usage, what it does, options and an example."""
        _write_head(self, ctx, formatter)
        _write_options(self, ctx, formatter)
        _write_example(ctx, formatter)


class Group(click.Group):
    """A group of commands, each imported when it is called. `sections` order them in help."""

    command_class = Command

    def __init__(
        self,
        *args: Any,
        lazy: Mapping[str, str] | None = None,
        sections: Mapping[str, Sequence[str]] | None = None,
        **settings: Any,
    ) -> None:
        """Take what click takes, `lazy` (name -> where it is, as `cli.register:tasks`) and `sections`."""
        super().__init__(*args, **settings)
        self.lazy = dict(lazy or {})
        self.sections = dict(sections or {})
        self.params = [*self.params, *GLOBALS]

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order that help shows them."""
        names = [name for section in self.sections.values() for name in section]
        return names or [*self.lazy, *self.commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported."""
        if cmd_name in self.lazy:
            module, _, name = self.lazy[cmd_name].partition(":")
            found: click.Command = getattr(import_module(module), name)
            return found
        return super().get_command(ctx, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; what is none is refused with the ones that look like it."""
        if self.get_command(ctx, args[0]) is None and not ctx.resilient_parsing:
            raise click.NoSuchCommand(args[0], possibilities=self.list_commands(ctx), ctx=ctx)
        return super().resolve_command(ctx, args)

    def shell_complete(
        self, ctx: click.Context, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        """The commands that begin so, with what they do; no command is imported for it."""
        from click.shell_completion import CompletionItem

        session, path = session_of(ctx), _path(ctx)
        names = [
            CompletionItem(name, help=session.say(f"help.{path}{name}"))
            for name in self.list_commands(ctx)
            if name.startswith(incomplete)
        ]
        return names + (click.Command.shell_complete(self, ctx, incomplete) if incomplete else [])

    def format_help(self, ctx: click.Context, formatter: HelpFormatter) -> None:
        """Write usage, what it is for, the commands in their sections, options and an example."""
        session, path = session_of(ctx), _path(ctx)
        _write_head(self, ctx, formatter)
        for title, names in (self.sections or {"commands": self.list_commands(ctx)}).items():
            with formatter.section(session.say(f"help.section.{title}")):
                formatter.write_dl([(name, session.say(f"help.{path}{name}")) for name in names])
        _write_options(self, ctx, formatter)
        _write_example(ctx, formatter)


def words_of_option(session: Session, path: str, name: str) -> str:
    """What an option does: in this command's own words where it has them."""
    own = f"help.{path}option.{name}"
    return session.say(own if own in catalogue(session.language) else f"help.option.{name}")


def _path(ctx: click.Context) -> str:
    """The command's name as ids have it: `process.list.`, and nothing for the program itself."""
    names = ctx.command_path.split()[1:]
    return "".join(f"{name}." for name in names)


def _write_head(command: click.Command, ctx: click.Context, formatter: HelpFormatter) -> None:
    session = session_of(ctx)
    pieces = [session.say("help.metavar.options")]
    for param in command.params:
        if isinstance(param, click.Argument):
            name = session.say(f"help.metavar.{param.metavar or param.name}")
            name = name + "..." if param.nargs == -1 else name
            pieces.append(name if param.required else f"[{name}]")
    if isinstance(command, click.Group):
        pieces.append(session.say("help.metavar.command"))
    formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=session.say("help.usage") + " ")
    key = f"help.{_path(ctx)}".rstrip(".")
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(session.line("program.purpose" if key == "help" else key))
        if f"{key}.more" in catalogue(session.language):
            formatter.write_paragraph()
            formatter.write_text(session.say(f"{key}.more"))


def _write_options(command: click.Command, ctx: click.Context, formatter: HelpFormatter) -> None:
    session, path = session_of(ctx), _path(ctx)
    own: list[tuple[str, str]] = []
    shared: list[tuple[str, str]] = []
    for param in command.get_params(ctx):
        if isinstance(param, click.Option) and not param.hidden:
            name = "help" if "--help" in param.opts else param.name or ""
            row = (_option_names(session, param), words_of_option(session, path, name))
            (shared if param in GLOBALS or name in ("help", "version") else own).append(row)
    if own:
        with formatter.section(session.say("help.section.options")):
            formatter.write_dl(own)
    with formatter.section(session.say("help.section.globals")):
        if ctx.parent is None:
            formatter.write_dl(shared)
        else:
            names = (names.split()[0].rstrip(",") for names, _ in shared)
            formatter.write_text(f"{' '.join(names)} ({session.say('help.globals_told')})")


def _option_names(session: Session, option: click.Option) -> str:
    names = ", ".join(sorted(option.opts, key=lambda name: (not name.startswith("--"), name)))
    if option.is_flag:
        return names
    if isinstance(option.type, OneOf):
        return f"{names} {'|'.join(option.type.words)}"
    return f"{names} {session.say(f'help.metavar.{option.metavar or option.name}')}"


def _write_example(ctx: click.Context, formatter: HelpFormatter) -> None:
    session = session_of(ctx)
    with formatter.section(session.say("help.section.example")):
        for row in session.say(f"help.{_path(ctx)}example").splitlines():
            formatter.write(" " * formatter.current_indent + row + "\n")
