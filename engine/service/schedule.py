"""Plans of the year wheel: made, changed, ended, and occasions of them skipped. Each is an event of the plan's stream.

It must not know how cases are opened (`opening`), nor how the wheel is read (`wheel`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from engine.calendar.cadence import rule_of
from engine.calendar.recurrence import LAST_YEAR, Recurrence
from engine.cases.access import SYSTEM, Viewer
from engine.cases.decision import Actor, Decision, OpenCase, Refusal, Write
from engine.cases.event import Event
from engine.cases.facts import Definition, Facts
from engine.cases.organisation import UnitTree
from engine.cases.planning import (
    Planned,
    PlanningRight,
    choose_day_field,
    decide_changed,
    decide_ended,
    decide_planned,
    decide_skipped,
    decide_unskipped,
    opening_step,
    planning_right,
)
from engine.cases.schedule import EVERY_UNIT, Plan, PlanKind, Schedule, Scope, units_of
from engine.errors import (
    ConcurrentChangeError,
    OccasionError,
    PlanError,
    RefusedError,
    RuleError,
    UnknownProcessError,
    UnknownScheduleError,
)
from engine.language.naming import nearest_key
from engine.language.sentence import sentence
from engine.service.deciding import Decider
from engine.service.suggestion import SuggestionService
from engine.store import reading
from engine.store.database import Session
from engine.store.organisation import read_viewer
from engine.store.schedule import load_schedules, load_trees

TRIES: Final = 5
PREVIEW: Final = 5
Said = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Preview:
    """A plan as it would be or has become: its next due days, the units of today, and what gets the day."""

    key: str
    plan: Plan
    days: tuple[date, ...]
    units: tuple[str, ...]
    from_on: str


@dataclass(slots=True)
class ScheduleService:
    """What is done with the year wheel. `actor` says who asks; `suggestions` are what a plan can begin from."""

    decider: Decider
    actor: Callable[[], Actor]
    suggestions: SuggestionService

    # --- changes

    def add(self, key: str, said: Said, *, dry_run: bool = False) -> Preview:
        """Make a plan; `dry_run` says what it would be.

        Args:
            key: Its code, as the unit's.
            said: What is said of it: name, process, step, units, under, where, every, on, rule, first, last, without,
                opens_before, law, move, source, day_field, values.
            dry_run: Change nothing.

        Raises:
            ScheduleError: It cannot be as it was said, or the actor may not.
            CodeTakenError: There is a plan by that key.
            UnknownProcessError: There is no such process.
            UnknownUnitError: There is no such unit.
            RefusedError: The opening step would refuse what the plan gives it.
        """

        def planned(schedule: Schedule | None, facts: Facts) -> tuple[Planned, Plan, str]:
            today = facts.today.isoformat()
            plan = self._plan(said, None, facts, today)
            return decide_planned(schedule, key, plan, today), plan, today

        return self._change(key, planned, dry_run=dry_run)

    def change(self, key: str, said: Said, *, from_on: date | None = None, dry_run: bool = False) -> Preview:
        """Plan otherwise from a day on (today); what is not said stays. Before that day all stays as it was.

        Raises:
            UnknownScheduleError: There is no such plan.
            ScheduleError: It cannot be as it was said, or the actor may not.
            RefusedError: The opening step would refuse what the plan gives it.
        """

        def changed(schedule: Schedule | None, facts: Facts) -> tuple[Planned, Plan, str]:
            there = self._there(schedule, key)
            today = facts.today.isoformat()
            plan = self._plan(said, there.plan, facts, from_on.isoformat() if from_on else today)
            return decide_changed(there, plan, today), plan, plan.from_on

        return self._change(key, changed, dry_run=dry_run)

    def end(self, key: str, reason: str, *, to_on: date | None = None) -> Preview:
        """Say which day (today) is the last that it may be due.

        Raises:
            UnknownScheduleError: There is no such plan.
            ScheduleError: It has ended, there is no reason, or the actor may not.
        """

        def ended(schedule: Schedule | None, facts: Facts) -> tuple[Planned, Plan, str]:
            there = self._there(schedule, key)
            last, today = (to_on or facts.today).isoformat(), facts.today.isoformat()
            return decide_ended(there, last, reason, today), there.plan, today

        return self._change(key, ended)

    def skip(
        self, key: str, day: date, reason: str, *, unit: str | None = None, undo: bool = False
    ) -> Preview:
        """Let an occasion not be, for one unit or for all that nothing was opened for; `undo` lets it be after all.

        Args:
            key: The plan's.
            day: The day it is due, or the day by the rule where that is another.
            reason: Why.
            unit: Code or name.
            undo: Take a skip back.

        Raises:
            UnknownScheduleError: There is no such plan.
            OccasionError: It has no such occasion, or it was opened or skipped already.
            ScheduleError: There is no reason, or the actor may not.
        """

        def skipped(schedule: Schedule | None, facts: Facts) -> tuple[Planned, Plan, str]:
            there = self._there(schedule, key)
            code = facts.tree.find(unit).code if unit is not None else EVERY_UNIT
            on = self._occasion(there, day, code, facts)
            decide = decide_unskipped if undo else decide_skipped
            return decide(there, on, code, reason), there.plan_on(on.isoformat()), facts.today.isoformat()

        return self._change(key, skipped, at=unit)

    # --- inside

    def _there(self, schedule: Schedule | None, key: str) -> Schedule:
        if schedule is None:
            with self.decider.database.snapshot() as session:
                known = tuple(load_schedules(session, ("", "")))
            near = nearest_key(key, known)
            raise UnknownScheduleError(key[:60], near)
        return schedule

    def _change(
        self, key: str, change: Callable[[Schedule | None, Facts], tuple[Planned, Plan, str]], *,
        dry_run: bool = False, at: str | None = None,
    ) -> Preview:  # fmt: skip
        for attempt in range(TRIES):
            with self.decider.database.snapshot() as session:
                schedules, loader = load_schedules(session), self.decider.loader(session)
                facts, viewer = loader.facts, self._viewer(session, loader.facts)
                schedule = schedules.get(key)
                planned, plan, from_on = change(schedule, facts)
                right = self._right(schedule, plan, facts, viewer, at)
                preview = _preview(key, plan, facts, from_on)
            if planned.kind in ("planned", "changed"):
                self._try(preview)
            if dry_run:
                return preview
            try:
                self._record(key, schedule, planned, right, facts)
            except ConcurrentChangeError:
                if attempt == TRIES - 1:
                    raise
                continue
            return preview
        raise AssertionError("unreachable")

    def _record(
        self, key: str, schedule: Schedule | None, planned: Planned, right: PlanningRight, facts: Facts
    ) -> None:
        before = schedule or Schedule(key)
        event = Event(
            stream_kind="schedule", stream=key, seq=before.seq + 1, kind=planned.kind, acting=right.acting,
            occurred_at=facts.now, occurred_on=facts.today.isoformat(),
            recorded_at=max(facts.now, before.recorded_at), command_id=self.decider.new_id(),
            data=planned.data, personal=planned.personal,
        )  # fmt: skip
        self.decider.work.record(Decision((Write(event, None),), appointments=right.appointments), {})

    def _viewer(self, session: Session, facts: Facts) -> Viewer:
        person = self.actor().person
        return SYSTEM if person is None else read_viewer(session, person, facts.today.isoformat())

    def _right(
        self, schedule: Schedule | None, plan: Plan, facts: Facts, viewer: Viewer, at: str | None
    ) -> PlanningRight:
        """The right to the plan as it is and as it is to be; for one unit, there alone."""
        operator = self.actor().operator
        plans = [plan] if schedule is None else [schedule.plan, plan]
        rights = []
        for one in plans:
            definition = self._definition(one.process)
            process = definition.process if definition else None
            step = process.steps.get(one.step) if process else None
            units = (facts.tree.find(at).code,) if at is not None else one.scope.roots(facts.tree)
            rights.append(planning_right(viewer, facts.tree, step, process, units, operator))
        appointments = {appointment for right in rights for appointment in right.appointments}
        return PlanningRight(rights[-1].acting, tuple(sorted(appointments)))

    def _definition(self, process: str) -> Definition | None:
        with self.decider.database.read() as session:
            return self.decider.ask(lambda facts: facts.newest(process), session)

    def _plan(self, said: Said, before: Plan | None, facts: Facts, from_on: str) -> Plan:
        """What is said, upon what was."""
        key = said.get("process") or (before.process if before else "")
        definition = self._definition(key)
        if definition is None:
            with self.decider.database.read() as session:
                known = tuple(one.process for one in reading.list_definitions(session) if one.is_current)
            raise UnknownProcessError(key[:60], known)
        process = definition.process
        same = before is not None and before.process == key
        step_key, step = opening_step(process, said.get("step") or (before.step if before and same else None))
        values = dict(said["values"] if said.get("values") else (before.values if before and same else {}))
        field = said.get("day_field", before.day_field if before and same else None)
        recurrence = _recurrence(said, before, facts.today)
        kind: PlanKind = (
            ("lag_datum" if said["law"] else "lokal") if "law" in said else before.kind if before else "lokal"
        )
        return Plan(
            from_on, said.get("name") or (before.name if before else process.label.sv), key, step_key,
            _scope(said, before, facts.tree), recurrence,
            said.get("opens_before", before.opens_before if before else 0), kind,
            said.get("move", before.move if before and kind == before.kind else "stays"),
            said.get("source", before.source if before else ""),
            choose_day_field(process, step, field, values), values,
        )  # fmt: skip

    def _try(self, preview: Preview) -> None:
        """Let the opening step look at what the plan gives it, so that nobody learns of a fault when it is due."""
        if not preview.units or not preview.days:
            return
        plan = preview.plan
        values = dict(plan.values) | ({plan.day_field: preview.days[0].isoformat()} if plan.day_field else {})
        command = OpenCase(
            "", Actor(None), process=plan.process, step=plan.step, unit=preview.units[0], values=values
        )
        decision = self.decider.decide(command)
        if isinstance(decision, Refusal):
            raise RefusedError(decision)

    def _occasion(self, schedule: Schedule, day: date, unit: str, facts: Facts) -> date:
        """The day by the rule of the occasion that somebody means by a day."""
        around = list(schedule.days(day - timedelta(days=31), day + timedelta(days=31), facts.calendar))
        by_rule = [one for one in around if one.on == day] or [one for one in around if one.due_on == day]
        if not by_rule:
            near = tuple(str(one.due_on) for one in around if one.due_on >= facts.today)[:3]
            which = "schedule.no_occasion_near" if near else "schedule.no_occasion"
            raise OccasionError(sentence(which, day=day, near=near))
        if unit:
            with self.decider.database.snapshot() as session:
                trees = load_trees(session, facts.day_of)
            if unit not in units_of(by_rule[0], trees, facts.today):
                raise OccasionError(sentence("schedule.not_for_unit", unit=unit))
        return by_rule[0].on


def _recurrence(said: Said, before: Plan | None, today: date) -> Recurrence:
    was = before.recurrence if before else None
    if said.get("rule") and said.get("every"):
        raise RuleError(sentence("rule.both"))
    if said.get("every"):
        rule = rule_of(said["every"], said.get("on") or ())
    elif said.get("rule"):
        if said.get("on"):
            raise RuleError(sentence("rule.both"))
        rule = said["rule"]
    elif was is not None and not said.get("on"):
        rule = was.rule
    else:
        raise RuleError(sentence("rule.missing"))
    first = said.get("first") or (was.first if was else today)
    last = said.get("last", was.last if was else None)
    without = frozenset(said["without"]) if said.get("without") else (was.without if was else frozenset())
    return Recurrence.read(rule, first, last, without)


def _scope(said: Said, before: Plan | None, tree: UnitTree) -> Scope:
    if before is not None and not any(said.get(name) for name in ("units", "under", "where")):
        return before.scope
    units = tuple(dict.fromkeys(tree.find(text).code for text in said.get("units") or ()))
    under = tuple(dict.fromkeys(tree.find(text).code for text in said.get("under") or ()))
    where = dict(said.get("where") or {})
    if not units and not under and not where:
        raise PlanError(sentence("schedule.no_units"))
    known = {name for unit in tree for name in unit.attributes}
    unknown = [name for name in where if name not in known]
    if unknown:
        raise PlanError(sentence("schedule.no_attribute", name=unknown[0][:60], known=tuple(sorted(known))))
    return Scope(units, under, where)


def _preview(key: str, plan: Plan, facts: Facts, from_on: str) -> Preview:
    first = max(facts.today, plan.recurrence.first, date.fromisoformat(from_on))
    found = plan.recurrence.days(first, date(LAST_YEAR, 12, 31))
    days = tuple(plan.due_on(day, facts.calendar) for day, _ in zip(found, range(PREVIEW), strict=False))
    return Preview(key, plan, days, plan.scope.pick(facts.tree, facts.today.isoformat()), from_on)
