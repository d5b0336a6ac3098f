"""`hjul step --process`: one step over many cases that are alike; looked over, asked about, then taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.exit import Exit
from cli.explanation import explanation
from cli.layout import put_table, wrap
from cli.mistake import NotAskedError
from cli.progress import progress
from engine.language.moment import format_day
from engine.service.bulk import Selection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.session import Session
    from engine.service.bulk import BulkPlan, Unmoved

FEW = 5
"""So many references of those that stay for one reason are named."""


def take_many(
    session: Session, selection: Selection, step: str, *, values: dict[str, Any], comment: str | None, dry_run: bool,
    yes: bool, together: bool, command_id: str | None,
) -> int:  # fmt: skip
    """Take a step of many cases, and say what came of it. Ends with 3 when some were refused."""
    bulk = session.app.bulk
    with progress(session, "cli.bulk.looking") as told:
        plan = bulk.plan(selection, step, values=values, comment=comment, told=told)
    if dry_run or not plan.going:
        _put_plan(session, plan, dry_run=dry_run)
        return Exit.DONE if dry_run or not plan.staying else Exit.REFUSED
    if not yes:
        if not session.can_ask:
            raise NotAskedError(len(plan.going))
        from cli.prompt import ask_yes

        _put_plan(session, plan, dry_run=False)
        if not ask_yes(
            session, session.say("cli.bulk.ask", step=plan.label, n=len(plan.going)), default=False
        ):
            session.tell(session.line("cli.bulk.left"))
            return Exit.REFUSED
    with progress(session, "cli.bulk.taking") as told:
        result = bulk.take(
            plan, values=values, comment=comment, command_id=command_id, together=together, told=told
        )
    if session.json:
        shape = {"step": plan.step, "done": list(result.done), "refused": _shapes(session, result.staying)}
        session.put_json(shape | {"command_id": result.command_id})
    else:
        session.put(session.line("cli.bulk.done", step=plan.label, n=len(result.done)))
        _put_staying(session, result.staying)
    return Exit.REFUSED if result.staying else Exit.DONE


def _put_plan(session: Session, plan: BulkPlan, *, dry_run: bool) -> None:
    if session.json:
        going = [row.reference for row in plan.going]
        session.put_json({"step": plan.step, "going": going, "refused": _shapes(session, plan.staying)})
        return
    if not plan.going and not plan.staying:
        session.tell(session.line("cli.bulk.none", step=plan.label))
        return
    if plan.going:
        rows = [
            [
                row.reference, session.say(row.title), session.say(row.state_label),
                format_day(row.happened_on) if row.happened_on else "",
            ]
            for row in plan.going
        ]  # fmt: skip
        heads = ("reference", "title", "state", "happened")
        put_table(session, [session.say(f"cli.head.{name}") for name in heads], rows)
    _put_staying(session, plan.staying)
    if dry_run:
        session.tell(session.line("cli.bulk.would", step=plan.label, n=len(plan.going)))


def _put_staying(session: Session, staying: Sequence[Unmoved]) -> None:
    """Say why cases do not go along, each reason once."""
    reasons: dict[str, list[str]] = {}
    for one in staying:
        reasons.setdefault(explanation(session, one.error)[0], []).append(one.row.reference)
    if staying:
        session.put(session.line("cli.bulk.staying", n=len(staying)))
    for why, references in reasons.items():
        named = ", ".join(references[:FEW])
        more = len(references) - FEW
        if more > 0:
            named += " " + session.say("cli.bulk.more", n=more)
        session.put(wrap(f"{named}: {why}", session.width, "  ", "    "))


def _shapes(session: Session, staying: Sequence[Unmoved]) -> list[dict[str, Any]]:
    return [
        {"reference": one.row.reference, "kind": one.error.kind, "why": explanation(session, one.error)[0]}
        for one in staying
    ]
