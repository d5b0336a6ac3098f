"""Who may change the year wheel, and what a change of it becomes: planned, changed, ended, skipped.

Whoever may open a case by hand may plan that it is opened: a role of the opening step, at every unit that the plan
names or above it. The administrator may too. What Hjul is to open by itself must say so: the opening step's `by` names
`system`. It must not know the store, nor how cases are opened (`step`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from engine.calendar.recurrence import LAST_YEAR
from engine.cases.access import ADMINISTRATOR, Viewer
from engine.cases.event import Acting
from engine.cases.organisation import UnitTree
from engine.cases.reorganisation import CODE
from engine.cases.schedule import EVERY_UNIT, LONGEST_LEAD, Plan, Schedule
from engine.cases.view import role_words
from engine.definition.model import Process, Step
from engine.errors import CodeFormError, CodeTakenError, OccasionError, PlanError, ScheduleRightError
from engine.language.sentence import sentence

LONGEST_NAME: Final = 120


@dataclass(frozen=True, slots=True)
class Planned:
    """What a change becomes: the kind of event, its data, and its erasable half."""

    kind: str
    data: Mapping[str, Any]
    personal: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PlanningRight:
    """As whom somebody changes the year wheel, and by which appointments."""

    acting: Acting
    appointments: tuple[int, ...] = ()


def planning_right(
    viewer: Viewer, tree: UnitTree, step: Step | None, process: Process | None, units: Iterable[str],
    operator: str | None = None,
) -> PlanningRight:  # fmt: skip
    """By what right somebody plans a step at some units: own appointments before a substitute's.

    Raises:
        ScheduleRightError: By none.
    """
    if viewer.is_system:
        return PlanningRight(Acting(None, "system", operator=operator))
    roles = [who.role for who in step.by if who.role is not None] if step is not None else []
    found = []
    for unit in units:
        path = tree.path(unit)
        held = [
            (grant.on_behalf_of is not None, grant.role == ADMINISTRATOR, path.index(grant.unit), grant.appointment,
             grant)
            for grant in viewer.grants
            if grant.unit in path and (grant.role in roles or _administers(grant.role, grant.unit, tree))
        ]  # fmt: skip
        if not held:
            names = [role_words(process, role) for role in roles] if process is not None else []
            raise ScheduleRightError((*names, sentence("schedule.administrator")))
        found.append(min(held, key=lambda each: each[:4])[4])
    grant = found[0]
    acting = Acting(
        grant.person, role=grant.role, unit=grant.unit, on_behalf_of=grant.on_behalf_of, operator=operator
    )
    return PlanningRight(acting, tuple(sorted({one.appointment for one in found})))


def _administers(role: str, unit: str, tree: UnitTree) -> bool:
    return role == ADMINISTRATOR and unit in tree.tops


def opening_step(process: Process, key: str | None) -> tuple[str, Step]:
    """The step that a plan opens by: the one named, else the first that Hjul may take by itself.

    Raises:
        PlanError: There is none, or Hjul may not take it.
    """
    if key is not None and key not in process.opening_steps:
        raise PlanError(sentence("schedule.not_opening", step=key[:60], steps=process.opening_steps))
    keys = process.opening_steps if key is None else (key,)
    for one in keys:
        if any(who.relation == "system" for who in process.steps[one].by):
            return one, process.steps[one]
    raise PlanError(sentence("schedule.not_by_itself", process=process.label))


def choose_day_field(process: Process, step: Step, said: str | None, values: Mapping[str, Any]) -> str:
    """The field that gets the due day: the one named, else the only day that the step asks for.

    Raises:
        PlanError: The step asks for no such day, or one was given that would be the same each time.
    """
    days = [ask.name for ask, _ in step.asked() if _is_day(process, ask.name)]
    fixed = [name for name in days if name in values]
    if fixed:
        raise PlanError(sentence("schedule.fixed_day", field=process.fields[fixed[0]].label))
    if said is not None:
        if said and said not in days:
            raise PlanError(sentence("schedule.no_day_field", field=said[:60], fields=tuple(days)))
        return said
    return days[0] if len(days) == 1 else ""


def _is_day(process: Process, name: str) -> bool:
    field = process.fields.get(name)
    return field is not None and field.type == "date" and not field.past


def decide_planned(schedule: Schedule | None, key: str, plan: Plan, today: str) -> Planned:
    """A new plan.

    Raises:
        CodeFormError: Its key cannot be used.
        CodeTakenError: There is a plan by that key.
        PlanError: It cannot be as it is said.
    """
    if not CODE.fullmatch(key):
        raise CodeFormError("schedule", key)
    if schedule is not None:
        raise CodeTakenError("schedule", key)
    _check(plan)
    if plan.recurrence.first.isoformat() < today:
        raise PlanError(sentence("schedule.begins_in_past", day=plan.recurrence.first))
    return Planned("planned", plan.data(), plan.personal())


def decide_changed(schedule: Schedule, plan: Plan, today: str) -> Planned:
    """Another plan from a day on.

    Raises:
        PlanError: It has ended, it would change what has been, or nothing is changed.
    """
    if schedule.ended_on is not None:
        raise PlanError(sentence("schedule.has_ended", day=schedule.ended_on))
    _check(plan)
    if plan.from_on < today:
        raise PlanError(sentence("schedule.changes_past", day=plan.from_on))
    before = schedule.plan
    same = {name: value for name, value in plan.data().items() if name != "from_on"}
    if same == {n: v for n, v in before.data().items() if n != "from_on"} and (
        plan.personal() == before.personal()
    ):
        raise PlanError(sentence("schedule.nothing_changed"))
    return Planned("changed", plan.data(), plan.personal())


def decide_ended(schedule: Schedule, to_on: str, reason: str, today: str) -> Planned:
    """A last day: what would come after it does not.

    Raises:
        PlanError: The day has been, it has ended before that, or there is no reason.
    """
    _check_reason(reason)
    if schedule.ended_on is not None and schedule.ended_on < today:
        raise PlanError(sentence("schedule.has_ended", day=schedule.ended_on))
    if to_on < _yesterday(today):
        raise PlanError(sentence("schedule.changes_past", day=to_on))
    return Planned("ended", {"to_on": to_on}, {"reason": reason})


def decide_skipped(schedule: Schedule, on: date, unit: str, reason: str) -> Planned:
    """An occasion that is not to be, for one unit or for every one that nothing was opened for.

    Raises:
        PlanError: There is no reason.
        OccasionError: It was opened or skipped already.
    """
    _check_reason(reason)
    slot = on.isoformat(), unit
    taken = schedule.taken.get(slot) or (schedule.taken_at(*slot) if unit else None)
    if taken is not None:
        which = "already_opened" if taken.status == "opened" else "already_skipped"
        raise OccasionError(sentence(f"schedule.{which}", day=on, reference=taken.reference or ""))
    return Planned("skipped", {"on": slot[0], "unit": unit}, {"reason": reason})


def decide_unskipped(schedule: Schedule, on: date, unit: str, reason: str) -> Planned:
    """An occasion that is to be after all.

    Raises:
        PlanError: There is no reason.
        OccasionError: It was not skipped so.
    """
    _check_reason(reason)
    taken = schedule.taken.get((on.isoformat(), unit))
    if taken is None or taken.status != "skipped":
        whole = schedule.taken.get((on.isoformat(), EVERY_UNIT))
        which = "skipped_for_all" if unit and whole is not None else "not_skipped"
        raise OccasionError(sentence(f"schedule.{which}", day=on))
    return Planned("unskipped", {"on": on.isoformat(), "unit": unit}, {"reason": reason})


def _check(plan: Plan) -> None:
    if not plan.name.strip() or len(plan.name) > LONGEST_NAME:
        raise PlanError(sentence("schedule.name", most=str(LONGEST_NAME)))
    if not 0 <= plan.opens_before <= LONGEST_LEAD:
        raise PlanError(sentence("schedule.opens_before", most=str(LONGEST_LEAD)))
    if plan.kind == "lag_datum" and plan.move != "stays":
        raise PlanError(sentence("schedule.law_moves"))
    if plan.kind == "lag_datum" and not plan.source.strip():
        raise PlanError(sentence("schedule.law_source"))
    if plan.recurrence.first.year > LAST_YEAR:
        raise PlanError(sentence("schedule.too_far", year=str(LAST_YEAR)))


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise PlanError(sentence("schedule.reason"))


def _yesterday(today: str) -> str:
    return date.fromordinal(date.fromisoformat(today).toordinal() - 1).isoformat()
