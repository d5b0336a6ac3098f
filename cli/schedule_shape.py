"""The JSON of `hjul schedule`: a plan, and occasions of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cli.session import Session
    from engine.cases.schedule import Plan
    from engine.service.occasion import Occasion
    from engine.service.schedule import Preview
    from engine.service.suggestion import SuggestionRow
    from engine.service.wheel import ScheduleRow


def plan_shape(session: Session, preview: Preview) -> dict[str, Any]:
    """A plan as it would be or has become."""
    return {
        "schedule": preview.key,
        **_plan(session, preview.plan),
        "from": preview.from_on,
        "units": list(preview.units),
        "coming": [day.isoformat() for day in preview.days],
    }


def schedule_shape(session: Session, row: ScheduleRow) -> dict[str, Any]:
    """A plan in the list of them."""
    return {
        "schedule": row.key,
        **_plan(session, row.plan),
        "units": list(row.units),
        "counts": dict(row.counts),
        "next_on": row.next_on,
        "ended_on": row.ended_on,
        "changes": list(row.changes),
    }


def occasion_shape(session: Session, one: Occasion) -> dict[str, Any]:
    """An occasion of a plan."""
    return {
        "schedule": one.schedule, "name": one.name, "unit": one.unit, "on": one.on, "due_on": one.due_on,
        "opens_on": one.opens_on, "status": one.status, "was_late": one.was_late, "reference": one.reference,
        "state": session.say(one.state) if one.state else None, "reason": one.reason or None, "person": one.person,
        "at": one.at,
    }  # fmt: skip


def _plan(session: Session, plan: Plan) -> dict[str, Any]:
    recurrence = plan.recurrence
    return {
        "name": plan.name, "process": plan.process, "step": plan.step, "rule": recurrence.rule,
        "first": recurrence.first, "last": recurrence.last, "except": sorted(map(str, recurrence.without)),
        "opens_before": plan.opens_before, "kind": plan.kind, "move": plan.move, "source": plan.source or None,
        "day_field": plan.day_field or None, "values": dict(plan.values),
        "scope": {
            "units": list(plan.scope.units), "under": list(plan.scope.under),
            "where": dict(plan.scope.attributes),
        },
    }  # fmt: skip


def suggestion_shape(session: Session, row: SuggestionRow) -> dict[str, Any]:
    """A suggestion for the year wheel; `published` is whether its process is there."""
    return {
        "suggestion": row.key, "name": session.say(row.name), "process": row.process, "published": row.is_there,
        "rule": row.rule, "source": row.source,
    }  # fmt: skip
