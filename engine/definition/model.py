"""What a process is: fields, states, steps, roles, lists, parameters. Frozen, and shared by all its cases.

The model says what may be written; `check` says what is sound; `load` reads files into it. References to parameters
(`$name`) are replaced before the model sees them (`document.resolve`), so the model never holds one.
It must not know cases, the store, or any particular process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, PlainValidator

from engine.calendar.period import Period as CalendarPeriod
from engine.definition.condition import Condition
from engine.definition.value import Value
from engine.language.sentence import Words

KEY: Final = r"^[a-z][a-z0-9_]*$"
CODE: Final = r"^[a-z0-9][a-z0-9_]*$"
ROLES: Final = "roles"
"""The list whose codes are the roles of all processes, with their labels."""
INTRINSICS: Final = ("unit", "reporter", "assignee", "opened_on", "reference", "title", "marks")

Key: TypeAlias = Annotated[str, Field(pattern=KEY, max_length=60)]
Code: TypeAlias = Annotated[str, Field(pattern=CODE, max_length=60)]
Heading: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=60)]
Label: TypeAlias = Words
Level: TypeAlias = Literal["none", "envelope", "content"]
Keeps: TypeAlias = Literal["envelope", "own", "read", "write"]
FieldType: TypeAlias = Literal[
    "text", "choice", "choices", "scale", "number", "percent", "money", "date", "datetime", "period", "yes_no",
    "person", "unit", "case", "series", "file", "table", "computed",
]  # fmt: skip
DeadlineKind: TypeAlias = Literal["lag_datum", "lag_villkor", "lag_skyndsamt", "lokal"]
Period: TypeAlias = Annotated[
    CalendarPeriod,
    PlainValidator(lambda v: v if isinstance(v, CalendarPeriod) else CalendarPeriod.parse(v)),
    PlainSerializer(str),
]


def _listed(value: Any) -> Any:
    return value if isinstance(value, (list, tuple)) or value is None else [value]


class Model(BaseModel):
    """Frozen, and refuses words it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


Conditions: TypeAlias = Annotated[tuple[Condition, ...], BeforeValidator(_listed)]


class Source(Model):
    """Where a demand comes from.

    `mark` is how well it is evidenced: V read in the statute, S secondary, I inferred, M memory. What is not V or S
    may only stand in a parameter.
    """

    text: str
    mark: Literal["V", "S", "I", "M"] = "S"
    valid_from: date | None = None
    valid_to: date | None = None


class ListedCode(Model):
    """A code of a list: its labels, the codes below it, and whether it is retired (never removed, never reused)."""

    sv: str = Field(min_length=1)
    en: str = Field(min_length=1)
    help: Label | None = None
    retired: bool = False
    children: dict[Code, ListedCode] = Field(default_factory=dict)

    @property
    def label(self) -> Words:
        """Both labels."""
        return Words(self.sv, self.en)


class CodeList(Model):
    """A shared list of codes, flat or a tree; codes are unique in the whole tree. A picker shows `first` first."""

    label: Label
    source: Source | None = None
    first: Annotated[tuple[Code, ...], BeforeValidator(_listed)] = ()
    codes: dict[Code, ListedCode] = Field(min_length=1)

    @cached_property
    def flat(self) -> Mapping[str, ListedCode]:
        """Every code of the tree, parents before children, in the order written."""
        return dict(self._walk(self.codes))

    @cached_property
    def below(self) -> Mapping[str, frozenset[str]]:
        """Each code -> itself and all its descendants."""
        return {
            key: frozenset({key}) | frozenset(inner for inner, _ in self._walk(code.children))
            for key, code in self._walk(self.codes)
        }

    def _walk(self, codes: Mapping[str, ListedCode]) -> Iterator[tuple[str, ListedCode]]:
        for key, code in codes.items():
            yield key, code
            yield from self._walk(code.children)


class Parameter(Model):
    """What a municipality may set: its type, default and label. What the law demands is never one."""

    type: Literal[
        "number", "period", "role", "roles", "codes", "condition", "keeps", "yes_no", "text", "list"
    ]
    label: Label
    default: Any
    minimum: int | None = None
    maximum: int | None = None
    list: Key | None = None
    source: Source | None = None


class Computed(Model):
    """How a field is computed: exactly one of these, over other fields. Over an unknown value it is unknown."""

    product: tuple[Key, ...] | None = None
    sum: tuple[Key, ...] | None = None
    max: tuple[Key, ...] | None = None
    rows: Key | None = None

    @property
    def inputs(self) -> tuple[str, ...]:
        """The fields it reads."""
        return self.product or self.sum or self.max or ((self.rows,) if self.rows else ())


class Column(Model):
    """A typed column of a table. A column may count (`statistics`), though the table is personal.

    `unknown: allowed` admits "vet inte"; `past` refuses a time that has not come; `link` is the kind of link that a
    value of type case makes; `list` is needed by choice, choices and scale.
    """

    type: FieldType
    label: Label
    help: Label | None = None
    list: Key | None = None
    required: bool = False
    statistics: bool = False
    unknown: Literal["allowed"] | None = None
    past: bool = False
    minimum: int | None = None
    maximum: int | None = None
    computed: Computed | None = None
    link: Key | None = None


class FieldDefinition(Column):
    """A field of a case. Personal unless `statistics` is declared; text, files, persons and tables always are.

    `shown_to` lets these roles or relations see it though they see only the envelope; `amended_by` says who may
    correct it, when not whoever may take a step that asks it (empty: nobody).
    """

    columns: dict[Key, Column] = Field(default_factory=dict)
    shown_to: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    amended_by: Annotated[tuple[str, ...], BeforeValidator(_listed)] | None = None
    example: str | None = None

    @property
    def is_coded(self) -> bool:
        """Whether its value stands in the log's body and counts."""
        return self.statistics


class Mark(Model):
    """An access mark: which roles it admits; everybody else is capped at the envelope.

    `keeps_for` names the roles that keep something after a hand-over (what they keep is said by the hand-over).
    """

    label: Label
    admits: tuple[Key, ...] = Field(min_length=1)
    keeps_for: tuple[Key, ...] = ()


class LinkKind(Model):
    """A kind of link: how it reads from the case that made it, and from the other end."""

    label: Label
    reverse: Label


class Who(Model):
    """Who may take a step or is expected to: exactly one kind.

    `role` at the case's unit or above, `person_in` a person field, or `relation`: anyone, reporter, assignee,
    system (tick), external (holder of a code).
    """

    role: Key | None = None
    person_in: Key | None = None
    relation: Literal["anyone", "reporter", "assignee", "system", "external"] | None = None
    when: Condition | None = None


RELATIONS: Final = ("anyone", "reporter", "assignee", "system", "external")


def _who(value: Any) -> Any:
    if isinstance(value, str):
        return {"relation": value} if value in RELATIONS else {"role": value}
    return value


Whos: TypeAlias = Annotated[tuple[Annotated[Who, BeforeValidator(_who)], ...], BeforeValidator(_listed)]


class Ask(Model):
    """A field that a step asks for; `$unit` and `$assignee` ask for an intrinsic. `when` makes it depend.

    `kept: true`: a value that the case already has answers (else the step must be given one anew; "vet inte" is
    none).
    """

    field: Annotated[str, Field(pattern=r"^\$?[a-z][a-z0-9_]*$")]
    when: Condition | None = None
    kept: bool = False

    @property
    def name(self) -> str:
        """The key as the user types it: `$unit` is typed `unit`."""
        return self.field.removeprefix("$")


Asks: TypeAlias = Annotated[
    tuple[Annotated[Ask, BeforeValidator(lambda v: {"field": v} if isinstance(v, str) else v)], ...],
    BeforeValidator(_listed),
]


class SetValue(Model):
    """What a step writes by itself: a constant, or `from_field` (an asked value, or `$actor`, `$today`)."""

    value: bool | int | str | None = None
    from_field: str | None = None
    when: Condition | None = None


def _set(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("$"):
        return {"from_field": value if value in ("$actor", "$today", "$reporter", "$unit") else value[1:]}
    return value if isinstance(value, dict) else {"value": value}


Sets: TypeAlias = dict[Key, Annotated[SetValue, BeforeValidator(_set)]]


class Due(Model):
    """A deadline on a step: a period counted from a step's act or from a field's date.

    With `period: 0 days` it is the date of the field itself. Paused in `pauses_in`; the remainder is kept.
    """

    name: Key | None = None
    period: Period
    from_: Annotated[str, Field(alias="from", pattern=KEY)]
    pauses_in: Annotated[tuple[Key, ...], BeforeValidator(_listed)] = ()
    kind: DeadlineKind = "lokal"
    word: Label | None = None
    source: Source | None = None
    when: Condition | None = None


class OpensCase(Model):
    """Opens a case of another process by one of its opening steps, linked, with copies. The reporter is the actor."""

    process: Key
    step: Key
    link: Key
    copies: dict[Key, str] = Field(default_factory=dict)
    sets: Sets = Field(default_factory=dict)
    marks: tuple[Key, ...] = ()
    when: Condition | None = None


class HandsOver(Model):
    """Hands the case over to a role and marks it: assignee cleared, the mark set on this case and those it opens."""

    to: Key
    mark: Key
    keeps: Keeps = "envelope"
    when: Condition | None = None


class Returns(Model):
    """Undoes a hand-over: the mark is taken away and the assignee cleared."""

    mark: Key
    when: Condition | None = None


class Tells(Model):
    """A message to somebody: a catalogue-free text without personal data."""

    who: Whos
    text: Label
    when: Condition | None = None


class Warns(Model):
    """A condition that is shown, acknowledged and logged, but never refuses. `text` is shown when it holds."""

    name: Key
    when: Condition
    text: Label


class Guides(Model):
    """Help shown during input, when its condition holds (or always)."""

    text: Label
    when: Condition | None = None


class WritesEntry(Model):
    """Writes an entry under a heading from fields that the step asked for."""

    heading: Heading
    from_: Annotated[tuple[Key, ...], Field(alias="from", min_length=1), BeforeValidator(_listed)]
    judgement: bool = True


class Except(Model):
    """Every state but these; final states only when named nowhere (a final status is never included)."""

    except_: Annotated[tuple[Key, ...], Field(alias="except")]


class Step(Model):
    """What moves a case. It opens it (`opens`), moves it (`from`, `to`) or stays (`from`, `stays`).

    `link_for` is the kind of link that an opening step makes to the case it is opened for (`new --for REF`); a
    condition `{linked: kind}` in `when` makes it required. `entry` names the headings that a staying step may write
    an entry under.
    """

    label: Label
    help: Label | None = None
    opens: Key | None = None
    from_: Annotated[
        tuple[Key, ...] | Literal["any_open"] | Except,
        Field(alias="from"),
        BeforeValidator(lambda v: [v] if isinstance(v, str) and v != "any_open" else v),
    ] = ()
    to: Key | None = None
    stays: bool = False
    by: Whos
    not_person_in: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    asks: Asks = ()
    may_ask: Asks = ()
    sets: Sets = Field(default_factory=dict)
    when: Conditions = ()
    warns: Annotated[tuple[Warns, ...], BeforeValidator(_listed)] = ()
    guides: Annotated[tuple[Guides, ...], BeforeValidator(_listed)] = ()
    due: Annotated[tuple[Due, ...], BeforeValidator(_listed)] = ()
    once: bool = False
    bulk: Literal["allowed"] | None = None
    automatic: bool = False
    reopens: bool = False
    adds_row: Key | None = None
    entry: tuple[Heading, ...] = ()
    writes_entry: WritesEntry | None = None
    opens_case: Annotated[tuple[OpensCase, ...], BeforeValidator(_listed)] = ()
    link_for: Key | None = None
    tells: Annotated[tuple[Tells, ...], BeforeValidator(_listed)] = ()
    hands_over: HandsOver | None = None
    returns: Returns | None = None
    shown_to: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    source: Source | None = None

    def asked(self) -> tuple[tuple[Ask, bool], ...]:
        """Every ask with whether it is required, required first."""
        return tuple((a, True) for a in self.asks) + tuple((a, False) for a in self.may_ask)


class Expectation(Model):
    """What a state expects: a step, when a condition over the own case holds, from these (else the step's `by`)."""

    step: Key
    when: Condition | None = None
    by: Whos | None = None


class State(Model):
    """Where a case can be. A final state expects nothing and lets no deadline run."""

    label: Label
    help: Label | None = None
    expects: tuple[
        Annotated[Expectation, BeforeValidator(lambda v: {"step": v} if isinstance(v, str) else v)], ...
    ] = ()
    final: bool = False
    locks: Annotated[tuple[Literal["fields", "entries"], ...], BeforeValidator(_listed)] = ()
    counted: bool = True


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
    parameters: dict[Key, Parameter] = Field(default_factory=dict)
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
    def title_names(self) -> tuple[tuple[str, ...], ...]:
        """The places of the title: in each, the field to say, or several: the first that has a value is said."""
        return tuple(tuple(part.partition("}")[0].split("|")) for part in self.title.split("{")[1:])

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


KEY_PATTERN: Final = re.compile(KEY)
