"""`hjul tasks` and `hjul cases`: what is to be done, and what there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.command import Command, OneOf, Whole
from cli.complete import processes, roles, units
from cli.day import day
from cli.feedback import put_feedback, with_feedback
from cli.layout import put_table
from cli.mistake import OutputNeededError
from cli.output import format_of, put_bytes
from cli.shape import row_shape, to_do_shape
from engine.language.moment import format_day
from engine.service.listed import NoticeView

if TYPE_CHECKING:
    from cli.session import Session
    from engine.service.listed import CasePage, TaskPage, TaskView

PAGE = 50
FORMATS = ("table", "json", "csv", "xlsx")
LAW = ("lag_datum", "lag_villkor")


@click.command("tasks", cls=Command)
@click.option("--mine", is_flag=True)
@click.option("--role", shell_complete=roles)
@click.option("--unit", shell_complete=units)
@click.option("--overdue", is_flag=True)
@click.option("--due-before", metavar="day")
@click.option("--limit", type=Whole(1), default=PAGE, metavar="number")
@click.option("--after", metavar="mark")
@click.pass_obj
def tasks(
    session: Session, mine: bool, role: str | None, unit: str | None, overdue: bool, due_before: str | None,
    limit: int, after: str | None,
) -> None:  # fmt: skip
    """List what is to be done, most urgent first."""
    page = session.app.register.tasks(
        mine=mine, role=role, unit=unit, overdue=overdue, due_before=day(session, due_before), after=after,
        limit=limit,
    )  # fmt: skip
    if session.json:
        session.put_json([to_do_shape(session, one) for one in page.merged])
        _tell_more(session, page.next)
        return
    put_tasks(session, page, empty="cli.tasks.none_of_these" if role or unit or overdue else "cli.tasks.none")
    from cli.tick import tell_if_late

    tell_if_late(session)


def put_tasks(session: Session, page: TaskPage, *, empty: str) -> None:
    """Print what is to be done; nothing to do is said and not praised."""
    if not page.merged:
        session.tell(session.line(empty))
        return
    heads = [session.say(f"cli.head.{name}") for name in ("reference", "task", "due", "title", "holder")]
    rows = [
        _notice_cells(session, one) if isinstance(one, NoticeView) else _task_cells(session, one)
        for one in page.merged
    ]
    put_table(session, heads, rows)
    if page.total is not None and page.total > len(page.rows):
        session.tell(session.line("cli.tasks.of", shown=len(page.rows), total=str(page.total)))
    _tell_more(session, page.next)


def _task_cells(session: Session, task: TaskView) -> list[str]:
    from cli.page import holder

    step = f"{session.say(task.step_label)} ({task.step})"
    return [
        task.reference,
        step,
        _due(session, task),
        session.say(task.title),
        holder(session, task),
    ]


def _notice_cells(session: Session, one: NoticeView) -> list[str]:
    """What should be known without there being a step, as a row among the others."""
    days = one.working_days
    due = (
        f"{format_day(one.due_on)} {session.say('cli.task.late_days', n=-days)}"
        if one.overdue
        else (
            format_day(one.due_on) if days > 0 else session.say("cli.task.since", day=format_day(one.due_on))
        )
    )
    return [
        one.reference or "-",
        session.say(one.to_do),
        due,
        session.say(one.about),
        session.say(one.role_label),
    ]


def _due(session: Session, task: TaskView) -> str:
    """The day and how long there is; what the law demands is said to be the law's."""
    from cli.page import left

    if task.due_on is None:
        return ""
    if task.days_gone is not None:
        return left(session, task)
    kind = f", {session.say(f'shown.deadline.{task.due_kind}')}" if task.due_kind in LAW else ""
    return f"{format_day(task.due_on)} {left(session, task)}{kind}"


@click.command("cases", cls=Command)
@click.option("--process", shell_complete=processes)
@click.option("--state")
@click.option("--unit", shell_complete=units)
@click.option("--from", "from_day", metavar="day")
@click.option("--to", "to_day", metavar="day")
@click.option("--by", type=OneOf(("happened", "recorded")), default="happened")
@click.option("--where", multiple=True, metavar="condition")
@click.option("--search", metavar="text")
@click.option("--mine", is_flag=True)
@click.option("--open", "open_only", is_flag=True)
@click.option("--older-rules", is_flag=True)
@click.option("--format", type=OneOf(FORMATS))
@click.option("--output", "-o", metavar="file")
@click.option("--limit", type=Whole(1), metavar="number")
@click.option("--after", metavar="mark")
@click.pass_obj
def cases(
    session: Session, /, from_day: str | None, to_day: str | None, format: str | None, output: str | None,
    limit: int | None, **chosen: Any,
) -> None:  # fmt: skip
    """List cases."""
    format = format_of(format, output, FORMATS, "table")
    chosen |= {
        "where": list(chosen["where"]),
        "from_": day(session, from_day),
        "to": day(session, to_day),
    }
    if format in ("csv", "xlsx") and not session.json:
        if format == "xlsx" and output is None and session.on_terminal:
            raise OutputNeededError
        from cli.case_sheet import put_sheet

        put_sheet(session, format, output, chosen, limit)
        return
    if output is not None and format == "table" and not session.json:
        raise click.BadParameter(
            session.say("cli.usage.one_of", words=(".csv", ".xlsx", ".json")), param_hint="-o"
        )
    page = session.app.register.cases(**chosen, limit=limit or PAGE)
    if session.json or format == "json":
        shapes = [row_shape(session, row) for row in page.rows]
        if chosen["mine"]:
            shapes = with_feedback(session, shapes)
        _put_json(
            session,
            {"cases": shapes, "hidden": page.hidden, "more_hidden": page.more_hidden, "next": page.next},
            output,
        )
    elif chosen["mine"] and page.rows:
        put_feedback(session, page.rows)
        _tell_more(session, page.next)
    else:
        _put_cases(session, page)


def _put_json(session: Session, shape: dict[str, Any], output: str | None) -> None:
    if output in (None, "-"):
        session.put_json(shape)
        return
    import json

    put_bytes(json.dumps(shape, ensure_ascii=False, indent=2, default=str).encode(), output)


def _put_cases(session: Session, page: CasePage) -> None:
    if page.rows:
        names = ("reference", "title", "state", "unit", "happened", "assignee")
        rows = [
            [
                row.reference, session.say(row.title), session.say(row.state_label), row.unit_name,
                format_day(row.happened_on) if row.happened_on else "", row.assignee or "",
            ]
            for row in page.rows
        ]  # fmt: skip
        put_table(session, [session.say(f"cli.head.{name}") for name in names], rows)
    else:
        session.tell(session.line("cli.cases.none"))
    if page.hidden:
        said = "cli.cases.more_hidden" if page.more_hidden else "cli.cases.hidden"
        session.tell(session.line(said, n=page.hidden))
    _tell_more(session, page.next)


def _tell_more(session: Session, mark: str | None) -> None:
    if mark and not session.json:
        session.tell(session.say("cli.more", mark=mark))
    elif mark:
        import json

        session.tell(json.dumps({"more": {"after": mark}}))
