"""Steps and states: who may take a step, what it asks, sets and does elsewhere, and what a state expects."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Final, Literal, TypeAlias

from engine.definition.base import (
    KEY,
    Conditions,
    DeadlineKind,
    Heading,
    Keeps,
    Key,
    Label,
    Period,
    listed,
)
from engine.definition.condition import ByLaw, Condition
from engine.definition.field import Sights, Source
from engine.definition.part import BeforeValidator, Field, Model


class Mark(Model):
    """An access mark: which roles it admits; everybody else is capped at the envelope.

    `keeps_for` names the roles that keep something after a hand-over (what they keep is said by the hand-over).
    """

    label: Label
    admits: tuple[Key, ...] = Field(min_length=1)
    keeps_for: tuple[Key, ...] = ()


class Marking(Model):
    """An access mark that a case gets; `keeps` says what the roles of the mark's `keeps_for` keep of it.

    With `when` it is set unless the condition is known not to hold: "don't know" marks, since what may be secret is
    kept as if it were.
    """

    mark: Key
    keeps: Keeps = "envelope"
    when: Condition | None = None


Markings: TypeAlias = Annotated[
    tuple[Annotated[Marking, BeforeValidator(lambda v: {"mark": v} if isinstance(v, str) else v)], ...],
    BeforeValidator(listed),
]


class LinkKind(Model):
    """A kind of link: how it reads from the case that made it, and from the other end."""

    label: Label
    reverse: Label


class Who(Model):
    """Who may take a step or is expected to: exactly one kind.

    `role` at the case's unit or above, `person_in` a person field or column (`team.person`), or `relation`: anyone,
    reporter, assignee, system (tick), external (holder of a code).
    """

    role: Key | None = None
    person_in: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$")] | None = None
    relation: Literal["anyone", "reporter", "assignee", "system", "external"] | None = None
    when: Condition | None = None

    @property
    def reads_others(self) -> bool:
        """Whether another case decides who it is."""
        return self.when is not None and self.when.reads_others()


RELATIONS: Final = ("anyone", "reporter", "assignee", "system", "external")


def _who(value: Any) -> Any:
    if isinstance(value, str):
        return {"relation": value} if value in RELATIONS else {"role": value}
    return value


Whos: TypeAlias = Annotated[tuple[Annotated[Who, BeforeValidator(_who)], ...], BeforeValidator(listed)]


class Ask(Model):
    """A field that a step asks for; `$unit` and `$assignee` ask for an intrinsic. `when` makes it depend.

    `kept: true`: a value that the case already has answers (else the step must be given one anew; "vet inte" is
    none). `help` is said here instead of the field's own, and `unknown: not_allowed` takes no "vet inte" here though
    the field does: who reports need not know what who judges must decide. `fills` and `may_fill` name the columns of a
    table that are asked of each row that is there already.
    """

    field: Annotated[str, Field(pattern=r"^\$?[a-z][a-z0-9_]*$")]
    when: Condition | None = None
    kept: bool = False
    help: Label | None = None
    unknown: Literal["not_allowed"] | None = None
    fills: Annotated[tuple[Key, ...], BeforeValidator(listed)] = ()
    may_fill: Annotated[tuple[Key, ...], BeforeValidator(listed)] = ()

    @property
    def name(self) -> str:
        """The key as the user types it: `$unit` is typed `unit`."""
        return self.field.removeprefix("$")


Asks: TypeAlias = Annotated[
    tuple[Annotated[Ask, BeforeValidator(lambda v: {"field": v} if isinstance(v, str) else v)], ...],
    BeforeValidator(listed),
]


def _set(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("$"):
        return {"from_field": value if value in ("$actor", "$today", "$reporter", "$unit") else value[1:]}
    return value if isinstance(value, dict) else {"value": value}


class SetValue(Model):
    """What a step writes by itself: a constant, or `from_field` (an asked value, or `$actor`, `$today`).

    Where `when` does not hold, the first of `otherwise` that holds is written; where none does, nothing is.
    """

    value: bool | int | str | None = None
    from_field: str | None = None
    when: Condition | None = None
    otherwise: Annotated[tuple[Annotated[SetValue, BeforeValidator(_set)], ...], BeforeValidator(listed)] = ()


Sets: TypeAlias = dict[Key, Annotated[SetValue, BeforeValidator(_set)]]


class Ground(Model):
    """What a deadline rests on, for some cases and some time: the law's own word and where it stands.

    Holds when `source` was in force on the day that time began to run, and `when` holds.
    """

    name: Key
    word: Label | None = None
    source: Source | None = None
    when: Condition | None = None


class Elsewhere(Model):
    """Where time begins in another case: a step that is taken in a case linked so, or a field of it. One of the two.

    Of several cases the latest counts.
    """

    linked: Key
    step: Key | None = None
    field: Key | None = None


class Due(Model):
    """A deadline on a step: a period counted from a step's act or from a field's date, here or in a linked case.

    With `period: 0 days` it is the date of the field itself. Paused in `pauses_in`; the remainder is kept. Of the
    `grounds` the first that holds is said, else `word` and `source`. Where the law names no day (`lag_skyndsamt`) the
    period says when one's own reminder comes. `counts: recorded` runs from when the log learnt of the step, not from
    when it was done: what comes from another system is not late on its first day here.
    """

    name: Key | None = None
    period: Period
    from_: Annotated[str, Field(pattern=KEY)] | Elsewhere
    pauses_in: Annotated[tuple[Key, ...], BeforeValidator(listed)] = ()
    kind: DeadlineKind = "lokal"
    counts: Literal["done", "recorded"] = "done"
    word: Label | None = None
    source: Source | None = None
    grounds: Annotated[tuple[Ground, ...], BeforeValidator(listed)] = ()
    when: Condition | None = None

    @property
    def start(self) -> str:
        """The own step or field that it runs from; nothing when time begins in another case."""
        return self.from_ if isinstance(self.from_, str) else ""

    @property
    def elsewhere(self) -> Elsewhere | None:
        """Where time begins, when that is in another case."""
        return None if isinstance(self.from_, str) else self.from_


class OpensCase(Model):
    """Opens a case of another process by one of its opening steps, linked, with copies. The reporter is the actor.

    With `each_row` it opens one for each row of a table that has none yet by that link, as `new --for REF#table.row`
    does; copies and what is set then read the row's columns first.
    """

    process: Key
    step: Key
    link: Key
    each_row: Key | None = None
    where: Condition | None = None
    copies: dict[Key, str] = Field(default_factory=dict)
    sets: Sets = Field(default_factory=dict)
    marks: Markings = ()
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
    from_: Annotated[tuple[Key, ...], Field(min_length=1), BeforeValidator(listed)]
    judgement: bool = True


class Except(Model):
    """Every state but these; final states only when named nowhere (a final status is never included)."""

    except_: tuple[Key, ...]


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
        BeforeValidator(lambda v: [v] if isinstance(v, str) and v != "any_open" else v),
    ] = ()
    to: Key | None = None
    stays: bool = False
    by: Whos
    not_person_in: Annotated[tuple[str, ...], BeforeValidator(listed)] = ()
    asks: Asks = ()
    may_ask: Asks = ()
    sets: Sets = Field(default_factory=dict)
    marks: Markings = ()
    when: Conditions = ()
    warns: Annotated[tuple[Warns, ...], BeforeValidator(listed)] = ()
    guides: Annotated[tuple[Guides, ...], BeforeValidator(listed)] = ()
    due: Annotated[tuple[Due, ...], BeforeValidator(listed)] = ()
    once: bool = False
    bulk: Literal["allowed"] | None = None
    automatic: bool = False
    reopens: bool = False
    adds_row: Key | None = None
    entry: tuple[Heading, ...] = ()
    writes_entry: WritesEntry | None = None
    opens_case: Annotated[tuple[OpensCase, ...], BeforeValidator(listed)] = ()
    link_for: Key | None = None
    tells: Annotated[tuple[Tells, ...], BeforeValidator(listed)] = ()
    hands_over: HandsOver | None = None
    returns: Returns | None = None
    shown_to: Sights = ()
    source: Source | None = None
    by_law: Key | None = None

    def asked(self) -> tuple[tuple[Ask, bool], ...]:
        """Every ask with whether it is required, required first."""
        return tuple((a, True) for a in self.asks) + tuple((a, False) for a in self.may_ask)

    @cached_property
    def says_law(self) -> bool:
        """Whether its refusals say themselves which of them the law demands."""
        return self.by_law is not None or any(isinstance(one, ByLaw) for one in self.when)

    @cached_property
    def asks_by_name(self) -> Mapping[str, Ask]:
        """What it asks for and may ask for, by key."""
        return {ask.name: ask for ask, _ in self.asked()}


class Expectation(Model):
    """What a state expects: a step, when a condition over the own case holds, from these (else the step's `by`)."""

    step: Key
    when: Condition | None = None
    by: Whos | None = None

    def reads_others(self, steps: Mapping[str, Step]) -> bool:
        """Whether another case decides it, which would leave the task standing when that case changes."""
        whos = steps[self.step].by if self.by is None else self.by
        return any(who.reads_others for who in whos) or (self.when is not None and self.when.reads_others())


class State(Model):
    """Where a case can be. A final state expects nothing and lets no deadline run."""

    label: Label
    help: Label | None = None
    expects: tuple[
        Annotated[Expectation, BeforeValidator(lambda v: {"step": v} if isinstance(v, str) else v)], ...
    ] = ()
    final: bool = False
    locks: Annotated[tuple[Literal["fields", "entries"], ...], BeforeValidator(listed)] = ()
    counted: bool = True
    undone: bool = False
