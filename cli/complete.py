"""What the shell offers when Tab is pressed. Quick, and silent when anything goes wrong: see `cli.edge`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from click.shell_completion import CompletionItem

from cli.command import session_of

if TYPE_CHECKING:
    import click


def references(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """References of cases that may be seen, with their titles."""
    session = session_of(ctx)
    return [
        CompletionItem(reference, help=session.say(title))
        for reference, title in session.app.register.references(incomplete)
    ]


def processes(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Published processes."""
    session = session_of(ctx)
    found = session.app.processes.list()
    return [
        CompletionItem(row.process, help=session.say(row.label))
        for row in found
        if row.process.startswith(incomplete)
    ]


def steps(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Open steps of the case that was named, those that are expected first."""
    session, reference = session_of(ctx), ctx.params.get("reference")
    if not reference:
        return []
    found = sorted(session.app.cases.steps(reference), key=lambda one: not one.expected)
    return [
        CompletionItem(one.step, help=session.say(one.label))
        for one in found
        if one.open and one.step.startswith(incomplete)
    ]


def units(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Units, by code."""
    return _named(session_of(ctx).app.organisation.units(), incomplete)


def persons(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Persons, by code."""
    return _named(session_of(ctx).app.organisation.persons(), incomplete)


def roles(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Roles, by key."""
    session = session_of(ctx)
    found = session.app.organisation.roles()
    return [
        CompletionItem(key, help=session.say(label)) for key, label in found if key.startswith(incomplete)
    ]


def _named(found: object, incomplete: str) -> list[CompletionItem]:
    rows = [(row.code, row.name) for row in found]  # type: ignore[attr-defined]
    return [
        CompletionItem(code, help=name)
        for code, name in rows
        if code.startswith(incomplete) or name.casefold().startswith(incomplete.casefold())
    ]


def reports(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Reports, by key."""
    session = session_of(ctx)
    found = session.app.reports.list()
    return [
        CompletionItem(key, help=session.say(label)) for key, label in found if key.startswith(incomplete)
    ]


def papers(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The papers of the case that was named."""
    session, reference = session_of(ctx), ctx.params.get("reference")
    found = session.app.papers.list(reference) if reference else ()
    return [
        CompletionItem(row.key, help=session.say(row.label))
        for row in found
        if row.key.startswith(incomplete)
    ]


def schedules(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Plans of the year wheel, by key."""
    found = session_of(ctx).app.wheel.list()
    return [CompletionItem(row.key, help=row.plan.name) for row in found if row.key.startswith(incomplete)]
