"""What a process is: fields, states, steps, roles, lists, parameters. Frozen, and shared by all its cases.

The model says what may be written; `check` says what is sound; `load` reads files into it. References to parameters
(`$name`) are replaced before the model sees them (`document.resolve`), so the model never holds one. Its parts are
in `field` and `step`. It must not know cases, the store, or any particular process.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Annotated

from engine.definition.base import INTRINSICS, ROLES, Heading, Key, Label, Level, Period
from engine.definition.field import (
    CodeList,
    Column,
    Computed,
    FieldDefinition,
    ListedCode,
    Must,
    Parameter,
    Sight,
    Source,
)
from engine.definition.part import Field, Model
from engine.definition.step import (
    RELATIONS,
    Ask,
    Due,
    Elsewhere,
    Except,
    Expectation,
    Ground,
    Guides,
    HandsOver,
    LinkKind,
    Mark,
    Marking,
    OpensCase,
    Returns,
    Sets,
    SetValue,
    State,
    Step,
    Tells,
    Warns,
    Who,
    Whos,
    WritesEntry,
)
from engine.definition.value import Value
from engine.language.naming import find_named, nearest_named
from engine.language.sentence import Words

__all__ = [
    "INTRINSICS", "RELATIONS", "ROLES", "Ask", "CodeList", "Column", "Computed", "Due", "Elsewhere", "Except",
    "Expectation", "Feedback", "FieldDefinition", "Ground", "Guides", "HandsOver", "Heading", "Key", "Label", "Level",
    "LinkKind", "ListedCode", "Mark", "Marking", "Model", "Must", "OpensCase", "Parameter", "Process", "Returns",
    "SetValue", "Sets", "Sight", "Source", "State", "Step", "Tells", "Warns", "Who", "Whos", "WritesEntry",
]  # fmt: skip


class Feedback(Model):
    """What whoever opened a case is promised: to hear something within a time, and as often again. 0: nothing."""

    within: Period


class Process(Model):
    """A definition: one process in one version, with the lists it uses."""

    process: Key
    version: int = Field(ge=1)
    label: Label
    plural: Label | None = None
    help: Label | None = None
    reference: Annotated[str, Field(pattern=r"^[A-ZÅÄÖ][A-ZÅÄÖ0-9]{0,7}$")]
    title: str
    happened: Key | None = None
    feedback: Feedback | None = None
    parameters: dict[Key, Parameter] = Field(default_factory=dict)
    musts: dict[Key, Must] = Field(default_factory=dict)
    roles: dict[Key, Level]
    marks: dict[Key, Mark] = Field(default_factory=dict)
    headings: dict[Heading, Label] = Field(default_factory=dict)
    links: dict[Key, LinkKind] = Field(default_factory=dict)
    fields: dict[Key, FieldDefinition] = Field(default_factory=dict)
    states: dict[Key, State] = Field(min_length=1)
    steps: dict[Key, Step] = Field(min_length=1)
    lists: dict[Key, CodeList] = Field(default_factory=dict)

    @cached_property
    def opening_steps(self) -> tuple[str, ...]:
        """The steps that open a case, in the order written; the first is what `new` takes when none is named."""
        return tuple(key for key, step in self.steps.items() if step.opens)

    def find_step(self, text: str, *, opening: bool = False) -> str | None:
        """The step that somebody means by a key or a label, of those that open a case or of the others."""
        named = self.steps.get(text)
        if named is not None and bool(named.opens) is opening:
            return text
        return find_named(
            text, {key: one.label for key, one in self.steps.items() if bool(one.opens) is opening}
        )

    def nearest_step(self, text: str, keys: Iterable[str]) -> tuple[str, ...]:
        """The step that was probably meant, by key or label, by a text that names none of these; else all of them."""
        return nearest_named(text, [(key, self.steps[key].label) for key in keys])

    def find_field(self, text: str) -> str | None:
        """The field that somebody means by a key or a label."""
        return find_named(text, {key: one.label for key, one in self.fields.items()})

    @cached_property
    def sources(self) -> Mapping[str, tuple[str, ...]]:
        """Each step -> the states it may be taken from (none for an opening step)."""
        return {key: self._sources(step) for key, step in self.steps.items()}

    def _sources(self, step: Step) -> tuple[str, ...]:
        is_open = tuple(key for key, state in self.states.items() if not state.final)
        if step.from_ == "any_open":
            return is_open
        if isinstance(step.from_, Except):
            barred = step.from_.except_
            return tuple(key for key in is_open if key not in barred)
        return tuple(step.from_)

    @cached_property
    def sights(self) -> Mapping[str, tuple[Sight, ...]]:
        """Each field that is shown to somebody who sees only the envelope -> to whom, by itself and by steps."""
        found: dict[str, tuple[Sight, ...]] = {
            key: field.shown_to for key, field in self.fields.items() if field.shown_to
        }
        for step in self.steps.values():
            names = [step.adds_row] if step.adds_row else [ask.name for ask, _ in step.asked()]
            for name in names if step.shown_to else ():
                if name in self.fields:
                    found[name] = (*found.get(name, ()), *step.shown_to)
        return found

    @cached_property
    def title_names(self) -> tuple[tuple[str, ...], ...]:
        """The places of the title: in each, the field to say, or several: the first that has a value is said."""
        return tuple(tuple(part.partition("}")[0].split("|")) for part in self.title.split("{")[1:])

    @cached_property
    def links_made(self) -> frozenset[str]:
        """The kinds of link that cases of this process make; of the others they are the other end."""
        made = {step.link_for for step in self.steps.values()}
        made |= {
            opens.link for step in self.steps.values() for opens in step.opens_case if opens.each_row is None
        }
        made |= {field.link for field in self.fields.values()}
        return frozenset(filter(None, made))

    @cached_property
    def computed(self) -> tuple[tuple[str, str | None, Computed], ...]:
        """Every computed field, or column of a table, in order of dependence: (field, column, how)."""
        found: list[tuple[str, str | None, Computed]] = []
        for name, field in self.fields.items():
            if field.computed is not None:
                found.append((name, None, field.computed))
            found += [
                (name, key, one.computed) for key, one in field.columns.items() if one.computed is not None
            ]
        return tuple(found)

    @cached_property
    def deadlines(self) -> tuple[tuple[str, str, Due], ...]:
        """Every deadline as (its key, its step, what it says).

        The key is its own name, else its step's (with a number from the second on).
        """
        return tuple(
            (due.name or (key if number == 1 else f"{key}_{number}"), key, due)
            for key, step in self.steps.items()
            for number, due in enumerate(step.due, 1)
        )

    @cached_property
    def follows(self) -> tuple[tuple[str, str, Due], ...]:
        """The deadlines of which time begins in another case, as `deadlines`."""
        return tuple(one for one in self.deadlines if one[2].elsewhere is not None)

    @cached_property
    def bound_elsewhere(self) -> frozenset[str]:
        """The states with tasks that depend on other cases. A published definition has none, unless it is old."""
        return frozenset(
            state
            for state, said in self.states.items()
            if any(e.reads_others(self.steps) for e in said.expects if e.step in self.steps)
            or any(
                who.reads_others
                for key, step in self.steps.items() if step.due and not step.stays and state in self.sources[key]
                for who in step.by
            )
        )  # fmt: skip

    @cached_property
    def reach(self) -> Mapping[str, frozenset[str]]:
        """Each state -> the steps that can be taken from it, now or later, without reopening a final state."""
        return {state: frozenset(self._reach(state)) for state in self.states}

    def _reach(self, state: str) -> set[str]:
        seen, queue, found = {state}, [state], set[str]()
        while queue:
            here = queue.pop()
            for key, step in self.steps.items():
                if here not in self.sources[key] or (step.reopens and self.states[here].final):
                    continue
                found.add(key)
                if step.to in self.states and step.to not in seen:
                    seen.add(step.to)
                    queue.append(step.to)
        return found

    def column(self, path: str) -> Column | None:
        """The field at `field`, or the column at `table.row.column` or `table.column`; None when there is none."""
        if "." not in path:
            return self.fields.get(path)
        name, _, rest = path.partition(".")
        field = self.fields.get(name)
        if field is None or not rest:
            return field
        return field.columns.get(rest.rpartition(".")[2])

    def is_coded(self, path: str) -> bool:
        """Whether the value at a path stands in the body of the log (else in the erasable payload)."""
        column = self.column(path)
        return column is not None and column.statistics

    def code_list(self, column: Column) -> CodeList | None:
        """The list that a field or column takes its codes from."""
        return self.lists.get(column.list) if column.list else None

    def label_of(self, path: str) -> Words:
        """The label of a field or column; an intrinsic and an unknown name are said as they are."""
        column = self.column(path)
        return column.label if column is not None else Words(path, path)

    def label_of_value(self, column: Column, value: Value) -> Words | None:
        """The label of a code in the list of a field; None when it has no list or the code is not in it."""
        codes = self.code_list(column)
        found = codes.flat.get(str(value)) if codes else None
        return found.label if found else None
