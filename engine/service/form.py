"""Forms: what a step asks for, given what has been said so far, and which steps are open to whom.

Nothing is written here. It must not know what becomes of the answers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeAlias, TypeVar

from engine.cases.access import AccessRule
from engine.cases.case import Case
from engine.cases.decision import Actor, Command, Fault
from engine.cases.event import Event
from engine.cases.facts import Facts
from engine.cases.reading import read_values
from engine.cases.reference import asked_for, read_reference
from engine.cases.step import unborn
from engine.cases.view import CaseView as View
from engine.cases.work import Work
from engine.cases.writing import provisional
from engine.definition.model import Step
from engine.definition.value import Value
from engine.errors import UnknownCaseError, UnknownProcessError, UnknownStepError
from engine.language.sentence import sentence
from engine.service.deciding import Decider
from engine.service.logged import logged_events
from engine.service.presenting import (
    asked_fields,
    present_steps,
    readable,
    readers,
    receivers,
    unit_field,
)
from engine.service.result import FormField, StepForm, StepView
from engine.service.showing import Names
from engine.service.witness import Witness
from engine.store.organisation import read_holders

Raws = Mapping[str, Any]
T = TypeVar("T")
Asked: TypeAlias = list[tuple[Case, AccessRule]]
"""The case that was asked about, and what the caller may see."""


@dataclass(slots=True)
class FormService:
    """Says what is asked. `actor` says who asks."""

    decider: Decider
    actor: Callable[[], Actor]
    _noted: set[tuple[str, str]] = field(default_factory=set, init=False)

    def opening_form(
        self,
        process: str,
        step: str | None = None,
        values: Raws | None = None,
        unit: str | None = None,
        *,
        link_to: str | None = None,
    ) -> StepForm:
        """What an opening step asks for, given what has been said so far.

        The unit is among it, unless it follows from the case that it is opened for (`link_to`).

        Raises:
            UnknownProcessError: There is no such published process.
            UnknownStepError: It has no such opening step.
        """
        given = dict(values or {}) | ({"unit": unit} if unit else {})

        def question(facts: Facts) -> StepForm:
            work = Work(Command("", self.actor()), facts)
            definition = facts.newest(process)
            if definition is None:
                raise UnknownProcessError(process, self._published())
            opening = definition.process.opening_steps
            key = definition.process.find_step(step, opening=True) if step else opening[0]
            if key is None:
                raise UnknownStepError(step or "", definition.process.nearest_step(step or "", opening))
            found = definition.process.steps[key]
            read = read_values(definition.process, given, facts, highest={}, columns=found.adds_row)
            case = provisional(
                unborn(work, definition, read.values.get("unit") or ""),
                definition.process,
                _fields(read.values),
            )
            form = self._form(work.view(case, definition.process), key, found, None, read.faults)
            where = unit_field(work, read.values.get("unit"))
            if any(field.field == "unit" for field in form.fields):
                fields = tuple(where if field.field == "unit" else field for field in form.fields)
            else:
                fields = form.fields if link_to is not None else (where, *form.fields)
            read_first = receivers(definition.process, found)
            waiting.append(
                (read_first, work.facts.tree.path(where.value) if where.value else (), facts.today)
            )
            return replace(form, fields=fields)

        waiting: list[tuple[frozenset[str], tuple[str, ...], date]] = []
        form = self._ask(question)
        roles, path, day = waiting[-1]
        with self.decider.database.read() as session:
            names = read_holders(session, roles, path, day.isoformat())
        return self._named(replace(form, manager=", ".join(names) or None))

    def form(self, reference: str, step: str, values: Raws | None = None) -> StepForm:
        """What a step of a case asks for, given what has been said so far.

        What the case holds is suggested to those who may read it, and not at all where the case is marked: what is
        marked is read on its page, where the reading is written down.

        Raises:
            UnknownCaseError: There is no such case.
            UnknownStepError: It has no such step.
        """

        def question(facts: Facts, asked: Asked) -> StepForm:
            work = Work(Command("", self.actor()), facts)
            case, definition = work.current(self._reference(reference))
            process = definition.process
            key = process.find_step(step) or step
            found = process.steps.get(key)
            if (
                not work.rule(process).may_see(case)
                and work.right(found.by if found else (), case, process) is None
            ):
                raise UnknownCaseError(asked_for(reference))
            if found is None or found.opens:
                others = [name for name, one in process.steps.items() if not one.opens]
                raise UnknownStepError(step, process.nearest_step(step, others))
            asked.append((case, work.rule(process)))
            read = read_values(process, values or {}, facts, highest=case.rows, columns=found.adds_row)
            seen = provisional(case, process, _fields(read.values))
            shown = {*read.values}
            if not case.marks:
                shown |= readable(process, work.rule(process), case, self._events(case.reference))
            return self._form(work.view(seen, process), key, found, case.reference, read.faults, shown)

        return self._named(self._ask_of(reference, "form", question))

    def steps(self, reference: str) -> tuple[StepView, ...]:
        """The steps of a case from where it is: open to the caller, or why not.

        Raises:
            UnknownCaseError: There is no such case.
        """

        def question(facts: Facts, asked: Asked) -> tuple[StepView, ...]:
            work = Work(Command("", self.actor()), facts)
            case, definition = work.current(self._reference(reference))
            found = present_steps(work, case, definition, ())
            asked.append((case, work.rule(definition.process)))
            if not work.rule(definition.process).may_see(case) and not any(one.open for one in found):
                raise UnknownCaseError(asked_for(reference))
            return found

        return self._ask_of(reference, "steps", question)

    # --- inside

    def _reference(self, text: str) -> str:
        folded = read_reference(text)
        if folded is None:
            raise UnknownCaseError(asked_for(text))
        return folded

    def _events(self, reference: str) -> Iterator[Event]:
        with self.decider.database.read() as session:
            yield from (one.event for one in logged_events(session, reference))

    def _ask(self, question: Callable[[Facts], T]) -> T:
        with self.decider.database.read() as session:
            try:
                return self.decider.ask(question, session)
            except LookupError as error:
                raise UnknownCaseError(asked_for(str(error.args[0]) if error.args else "")) from None

    def _ask_of(self, reference: str, action: str, question: Callable[[Facts, Asked], T]) -> T:
        """Ask about a case.

        That the caller may not know of it is written down, and once for a sitting that they read what a marked case
        is open to and what it asks.
        """
        witness = Witness(self.decider.database, self.actor, self.decider.clock)
        asked: Asked = []
        try:
            found = self._ask(lambda facts: question(facts, asked))
        except UnknownCaseError:
            witness.refuses(reference, action)
            raise
        case, rule = asked[-1]
        if case.marks and (case.reference, action) not in self._noted:
            witness.reads(case, case.reference, rule, action)
            self._noted.add((case.reference, action))
        return found

    def _form(
        self, view: View, key: str, step: Step, reference: str | None, faults: Iterable[Fault],
        shown: Collection[str] | None = None,
    ) -> StepForm:  # fmt: skip
        process = view.process
        warnings = tuple(
            sentence("step.warning", name=warns.name, text=warns.text)
            for warns in step.warns
            if warns.when.test(view) is True
        )
        guides = tuple(
            guide.text for guide in step.guides if guide.when is None or guide.when.test(view) is True
        )
        return StepForm(
            process=process.process, reference=reference, step=key, label=step.label, help=step.help, guides=guides,
            fields=asked_fields(step, view, shown), warnings=warnings, may_read=readers(process), manager=None,
            faults=tuple(faults),
        )  # fmt: skip

    def _named(self, form: StepForm) -> StepForm:
        """The form with the names of the people that its answers point out."""
        if not any(_is_person(one) for one in form.fields):
            return form
        with self.decider.database.read() as session:
            names = Names(session)
            fields = tuple(
                replace(one, person=names.person(one.value).name) if _is_person(one) else one
                for one in form.fields
            )
        return replace(form, fields=fields)

    def _published(self) -> tuple[str, ...]:
        with self.decider.database.read() as session:
            return tuple(self.decider.keeper.read(session).current)


def _is_person(one: FormField) -> bool:
    return one.type == "person" and isinstance(one.value, str)


def _fields(values: Mapping[str, Value]) -> dict[str, Value]:
    return {path: value for path, value in values.items() if path not in ("unit", "assignee")}
