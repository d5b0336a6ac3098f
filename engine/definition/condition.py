"""The closed vocabulary of conditions. One class a condition: its shape, the names it reads, its test, its sentence.

A condition is data with one key, `{filled: effekt}`, never an evaluated expression. Its test answers True, False or
None: None when a value it reads is unknown ("vet inte"), which closes a guard but can be negated to None only
(Kleene's three-valued logic). Its sentence says what is demanded, in the same words in `show`, in a refusal and on
a button. It sees the case through `View` alone, so it must not know cases, the store or any process.

To add a condition: one class here, its two sentences in the catalogues, one test.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from engine.definition.part import BeforeValidator, Field, Model, Tagged
from engine.definition.value import is_missing, is_unknown, number_of
from engine.definition.view import Truth, View, both, either
from engine.language.sentence import Argument, Sentence, sentence


class Base(Model):
    """What every condition can do."""

    needs_others: ClassVar[bool] = False

    @abstractmethod
    def test(self, view: View) -> Truth:
        """True, False, or None when a value is unknown."""

    @abstractmethod
    def says(self, view: View, *, demanded: bool = True) -> Sentence:
        """The demand as a sentence; with `demanded=False` its opposite."""

    def why_not(self, view: View) -> list[Sentence]:
        """What is demanded and does not hold; empty when the condition holds."""
        return [] if self.test(view) is True else [self.says(view)]

    def fields(self) -> frozenset[str]:
        """The fields of the own case that it reads (`table.column` for a column)."""
        return frozenset()

    def steps(self) -> frozenset[str]:
        """The steps it names."""
        return frozenset()

    def reads_today(self) -> bool:
        """Whether it asks what day it is, so that it may become true by itself."""
        return any(part.reads_today() for part in self.parts())

    def parts(self) -> Iterator[Base]:
        """The conditions inside that are asked about the same view."""
        return iter(())

    def reads_others(self) -> bool:
        """Whether it needs linked cases."""
        return self.needs_others or any(part.reads_others() for part in self.parts())


def _pairs(pairs: Mapping[str, Any], read: Any) -> Truth:
    return both(read(name, wanted) for name, wanted in pairs.items())


def _one(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_one), Field(min_length=1)]
Scalar: TypeAlias = "bool | int | str"


class Constant(Base):
    """`always` or `never`: what a parameter sets a condition to when it switches it on or off."""

    constant: Literal["always", "never"]

    def test(self, view: View) -> Truth:
        return self.constant == "always"

    def says(self, view: View, *, demanded: bool = True) -> Sentence:
        return sentence("when.always" if (self.constant == "always") is demanded else "when.never")


class Filled(Base):
    """`{filled: effekt}` or a list: every one has a value. Unknown is a value; `known` asks for more."""

    filled: Names

    def test(self, view: View) -> Truth:
        return all(not is_missing(view.value(name)) for name in self.filled)

    def says(self, view: View, *, demanded: bool = True) -> Sentence:
        labels = tuple(view.words(name) for name in self._lacking(view, demanded=demanded))
        return sentence("when.filled" if demanded else "when.not_filled", fields=labels)

    def why_not(self, view: View) -> list[Sentence]:
        if self.test(view) is True or not view.name:
            return super().why_not(view)
        labels = tuple(view.words(name) for name in self._lacking(view, demanded=True))
        return [sentence("when.lacks", name=view.name, fields=labels)]

    def _lacking(self, view: View, *, demanded: bool) -> tuple[str, ...]:
        return tuple(n for n in self.filled if is_missing(view.value(n)) is demanded) or self.filled

    def fields(self) -> frozenset[str]:
        return frozenset(self.filled)


class Known(Base):
    """`{known: skada}`: every one has a value other than "vet inte"."""

    known: Names

    def test(self, view: View) -> Truth:
        return all(not is_missing(v) and not is_unknown(v) for v in map(view.value, self.known))

    def says(self, view: View, *, demanded: bool = True) -> Sentence:
        labels = tuple(view.words(name) for name in self.known)
        return sentence("when.known" if demanded else "when.not_known", fields=labels)

    def fields(self) -> frozenset[str]:
        return frozenset(self.known)


class Compared(Base):
    """What the comparing conditions share: pairs of field and wanted value."""

    def pairs(self) -> Mapping[str, Any]:
        """Field -> what it is compared with."""
        raise NotImplementedError

    def compare(self, view: View, name: str, wanted: Any) -> bool:
        """Compare a known value."""
        raise NotImplementedError

    def said(self, view: View, name: str, value: Any) -> Argument:
        """What it is compared with, as a reader says it."""
        return view.said(name, value)

    def test(self, view: View) -> Truth:
        def one(name: str, wanted: Any) -> Truth:
            value = view.value(name)
            if is_unknown(value):
                return None
            return False if is_missing(value) else self.compare(view, name, wanted)

        return _pairs(self.pairs(), one)

    def says(self, view: View, *, demanded: bool = True) -> Sentence:
        key = next(iter(type(self).declared))
        message = f"when.{key}" if demanded else f"when.not_{key}"
        parts: list[Sentence] = []
        for name, wanted in self.pairs().items():
            values = wanted if isinstance(wanted, tuple) else (wanted,)
            said = tuple(self.said(view, name, value) for value in values)
            parts.append(sentence(message, field=view.words(name), value=said[0] if len(said) == 1 else said))
        return parts[0] if len(parts) == 1 else sentence("when.all", parts=tuple(parts))

    def fields(self) -> frozenset[str]:
        return frozenset(self.pairs())


class Limit(Compared):
    """What `at_least` and `at_most` share: a limit is said as a number, on a scale too."""

    def said(self, view: View, name: str, value: Any) -> Argument:
        return format(value.normalize(), "f")


class Equals(Compared):
    """`{equals: {art: tillbud}}`: the field has this code, text, number or yes/no."""

    equals: dict[str, Scalar]

    def pairs(self) -> Mapping[str, Any]:
        return self.equals

    def compare(self, view: View, name: str, wanted: Any) -> bool:
        value = view.value(name)
        if isinstance(value, bool) or isinstance(wanted, bool):
            return value is _truth(wanted)
        return bool(value == wanted) or (
            number_of(value) is not None and number_of(value) == number_of(wanted)
        )


def _truth(wanted: Any) -> Any:
    return {"ja": True, "nej": False, "yes": True, "no": False, "true": True, "false": False}.get(
        wanted, wanted
    )


class OneOf(Compared):
    """`{one_of: {effekt: [ja, delvis]}}`: the field has one of these codes."""

    one_of: dict[str, Annotated[tuple[str, ...], BeforeValidator(_one)]]

    def pairs(self) -> Mapping[str, Any]:
        return self.one_of

    def compare(self, view: View, name: str, wanted: Any) -> bool:
        return view.value(name) in wanted


class Has(Compared):
    """`{has: {lagrum: hsl}}`: the code is among those chosen."""

    has: dict[str, str]

    def pairs(self) -> Mapping[str, Any]:
        return self.has

    def compare(self, view: View, name: str, wanted: Any) -> bool:
        value = view.value(name)
        return wanted in value if isinstance(value, list) else value == wanted


class Within(Compared):
    """`{within: {kategori: hsl_fall}}`: a chosen code is this one or lies below it in the tree of the list."""

    within: dict[str, Annotated[tuple[str, ...], BeforeValidator(_one)]]

    def pairs(self) -> Mapping[str, Any]:
        return self.within

    def compare(self, view: View, name: str, wanted: Any) -> bool:
        value = view.value(name)
        chosen = value if isinstance(value, list) else [value]
        return any(code in view.codes_within(name, top) for top in wanted for code in chosen)


class AtLeast(Limit):
    """`{at_least: {riskvarde: 8}}`: a number or scale is this or more."""

    at_least: dict[str, Decimal]

    def pairs(self) -> Mapping[str, Any]:
        return self.at_least

    def compare(self, view: View, name: str, wanted: Any) -> bool:
        number = number_of(view.value(name))
        return number is not None and number >= wanted


class AtMost(Limit):
    """`{at_most: {riskvarde: 4}}`: a number or scale is this or less."""

    at_most: dict[str, Decimal]

    def pairs(self) -> Mapping[str, Any]:
        return self.at_most

    def compare(self, view: View, name: str, wanted: Any) -> bool:
        number = number_of(view.value(name))
        return number is not None and number <= wanted


class After(Base):
    """`{after: [genomford, beslutad]}`: the first date is on or after the second. `$today` may stand for either."""

    after: tuple[str, str]

    def test(self, view: View) -> Truth:
        first, second = (view.today if name == "$today" else view.value(name) for name in self.after)
        if is_unknown(first) or is_unknown(second):
            return None
        if is_missing(first) or is_missing(second):
            return False
        return str(first)[:10] >= str(second)[:10]

    def says(self, view: View, *, demanded: bool = True) -> Sentence:
        first, second = (
            sentence("when.today") if name == "$today" else view.words(name) for name in self.after
        )
        return sentence("when.after" if demanded else "when.not_after", first=first, second=second)

    def fields(self) -> frozenset[str]:
        return frozenset(name for name in self.after if name != "$today")

    def reads_today(self) -> bool:
        return "$today" in self.after


class InState(Base):
    """`{in_state: [genomford, uppfoljd]}`: the case is in one of these states."""

    in_state: Names

    def test(self, view: View) -> Truth:
        return view.state in self.in_state

    def says(self, view: View, *, demanded: bool = True) -> Sentence:
        states = tuple(view.words(state) for state in self.in_state)
        message = "when.in_state" if demanded else "when.not_in_state"
        if view.name:
            return sentence(f"{message}_of", name=view.name, states=states, now=view.words(view.state))
        return sentence(message, states=states)


class IsFinal(Base):
    """`{is_final: true}`: the case is ended."""

    is_final: Annotated[Literal[True], BeforeValidator(lambda v: True if v == "true" else v)]

    def test(self, view: View) -> Truth:
        return view.is_final

    def says(self, view: View, *, demanded: bool = True) -> Sentence:
        message = "when.is_final" if demanded else "when.not_is_final"
        return sentence(f"{message}_of", name=view.name) if view.name else sentence(message)


class Taken(Base):
    """`{taken: bedom}` or `{taken: {step: planera_om, at_least: 3}}`: the step has been taken so many times."""

    taken: Annotated[TakenTimes, BeforeValidator(lambda v: {"step": v} if isinstance(v, str) else v)]

    def test(self, view: View) -> Truth:
        return view.times_taken(self.taken.step) >= self.taken.at_least

    def says(self, view: View, *, demanded: bool = True) -> Sentence:
        message = "when.taken" if demanded else "when.not_taken"
        return sentence(message, step=view.words(self.taken.step), times=self.taken.at_least)

    def steps(self) -> frozenset[str]:
        return frozenset({self.taken.step})


class TakenTimes(Model):
    """The argument of `taken`."""

    step: str
    at_least: int = Field(default=1, ge=1)


class DifferentPersonFrom(Base):
    """`{different_person_from: rapportera}`: the actor is not in this person field, column or earlier step."""

    different_person_from: Names

    def test(self, view: View) -> Truth:
        return not any(view.persons("$actor") & view.persons(name) for name in self.different_person_from)

    def says(self, view: View, *, demanded: bool = True) -> Sentence:
        names = tuple(view.words(name) for name in self.different_person_from)
        return sentence("when.different_person" if demanded else "when.same_person", names=names)


class EntriesCover(Base):
    """`{entries_cover: [U1, U2]}`: each heading has an entry in force."""

    entries_cover: Names

    def test(self, view: View) -> Truth:
        return frozenset(self.entries_cover) <= view.headings()

    def says(self, view: View, *, demanded: bool = True) -> Sentence:
        lacking = [h for h in self.entries_cover if h not in view.headings()] or list(self.entries_cover)
        message = "when.entries_cover" if demanded else "when.not_entries_cover"
        return sentence(message, headings=tuple(view.words(heading) for heading in lacking))


class UnitIs(Base):
    """`{unit_is: {regi: extern}}`: an attribute of the case's unit."""

    unit_is: dict[str, str]

    def test(self, view: View) -> Truth:
        return all(view.unit_attribute(name) == wanted for name, wanted in self.unit_is.items())

    def says(self, view: View, *, demanded: bool = True) -> Sentence:
        pairs = ", ".join(f"{name} = {wanted}" for name, wanted in self.unit_is.items())
        return sentence("when.unit_is" if demanded else "when.not_unit_is", pairs=pairs)


class LinkedCases(Model):
    """The argument of `linked`: which cases count (`where`; else all), how many there must be, what each must meet."""

    kind: str
    where: Condition | None = None
    at_least: int = Field(default=0, ge=0)
    each: Condition | None = None


class Linked(Base):
    """`{linked: {kind: part_of, at_least: 1, each: {filled: effekt}}}`: about the cases at the other end."""

    linked: Annotated[
        LinkedCases, BeforeValidator(lambda v: {"kind": v, "at_least": 1} if isinstance(v, str) else v)
    ]
    needs_others: ClassVar[bool] = True

    def counted(self, view: View) -> list[View]:
        """The linked cases that count."""
        where = self.linked.where
        return [one for one in view.linked(self.linked.kind) if where is None or where.test(one) is True]

    def test(self, view: View) -> Truth:
        others = self.counted(view)
        if len(others) < self.linked.at_least:
            return False
        return True if self.linked.each is None else both(self.linked.each.test(other) for other in others)

    def says(self, view: View, *, demanded: bool = True) -> Sentence:
        kind = view.words(self.linked.kind)
        if self.linked.each is None:
            message = "when.linked" if demanded else "when.not_linked"
            return sentence(message, kind=kind, count=max(self.linked.at_least, 1))
        others = self.counted(view)
        message = "when.linked_each" if demanded else "when.not_linked_each"
        return sentence(message, kind=kind, what=self.linked.each.says(others[0] if others else view))

    def why_not(self, view: View) -> list[Sentence]:
        others = self.counted(view)
        if len(others) < self.linked.at_least:
            return [sentence("when.linked", kind=view.words(self.linked.kind), count=self.linked.at_least)]
        each = self.linked.each
        return [why for other in others for why in each.why_not(other)] if each is not None else []


class LinkedRow(Base):
    """`{linked_row: part_of}` inside `each_row`: the row has a linked case."""

    linked_row: str
    needs_others: ClassVar[bool] = False

    def test(self, view: View) -> Truth:
        return bool(view.linked(self.linked_row))

    def says(self, view: View, *, demanded: bool = True) -> Sentence:
        message = "when.linked_row" if demanded else "when.not_linked_row"
        return sentence(message, kind=view.words(self.linked_row))


class NamedIn(Base):
    """`{named_in: {forslag: orsak}}` inside `each_row`: a row of another table names this row, by its key (`r1`)."""

    named_in: dict[str, str]

    def test(self, view: View) -> Truth:
        return all(
            any(view.name in _row_keys(row.value(column)) for row in view.rows(table))
            for table, column in self.named_in.items()
        )

    def says(self, view: View, *, demanded: bool = True) -> Sentence:
        message = "when.named_in" if demanded else "when.not_named_in"
        said = [
            sentence(message, table=view.words(table), column=view.words(f"{table}.{column}"))
            for table, column in self.named_in.items()
        ]
        return said[0] if len(said) == 1 else sentence("when.all", parts=tuple(said))

    def fields(self) -> frozenset[str]:
        return frozenset(f"{table}.{column}" for table, column in self.named_in.items())


def _row_keys(value: Any) -> list[str]:
    """The rows that somebody names: `r1`, or several with commas or spaces between."""
    return str(value or "").lower().replace(",", " ").split()


class EachRow(Base):
    """`{each_row: {orsaker: {filled: omrade}}}`: every row of the table meets the condition."""

    each_row: dict[str, Condition]

    def test(self, view: View) -> Truth:
        return both(each.test(row) for table, each in self.each_row.items() for row in view.rows(table))

    def says(self, view: View, *, demanded: bool = True) -> Sentence:
        message = "when.each_row" if demanded else "when.not_each_row"
        parts: list[Argument] = []
        for table, each in self.each_row.items():
            rows = view.rows(table)
            if rows:
                parts.append(sentence(message, table=view.words(table), what=each.says(rows[0])))
            else:
                parts.append(sentence("when.each_row_any", table=view.words(table)))
        return (
            parts[0]
            if len(parts) == 1 and isinstance(parts[0], Sentence)
            else sentence("when.all", parts=tuple(parts))
        )

    def why_not(self, view: View) -> list[Sentence]:
        reasons = []
        for table, each in self.each_row.items():
            for row in view.rows(table):
                reasons += [
                    sentence("when.row", table=view.words(table), row=row.name or "", what=why)
                    for why in each.why_not(row)
                ]
        return reasons

    def fields(self) -> frozenset[str]:
        return frozenset(self.each_row) | frozenset(
            column if "." in column else f"{table}.{column}"
            for table, each in self.each_row.items()
            for column in each.fields()
        )

    def reads_others(self) -> bool:
        return any(each.reads_others() for each in self.each_row.values())


class Group(Base):
    """What `all` and `any` share."""

    def members(self) -> tuple[Base, ...]:
        """The conditions inside."""
        raise NotImplementedError

    def parts(self) -> Iterator[Base]:
        return iter(self.members())

    def fields(self) -> frozenset[str]:
        return frozenset[str]().union(*(part.fields() for part in self.members()))

    def steps(self) -> frozenset[str]:
        return frozenset[str]().union(*(part.steps() for part in self.members()))


class AllOf(Group):
    """`{all: [...]}`: every one holds."""

    all: Annotated[tuple[Condition, ...], Field(min_length=1)]

    def members(self) -> tuple[Base, ...]:
        return self.all

    def test(self, view: View) -> Truth:
        return both(part.test(view) for part in self.all)

    def says(self, view: View, *, demanded: bool = True) -> Sentence:
        message = "when.all" if demanded else "when.any"
        return sentence(message, parts=tuple(part.says(view, demanded=demanded) for part in self.all))

    def why_not(self, view: View) -> list[Sentence]:
        return [why for part in self.all for why in part.why_not(view)]


class AnyOf(Group):
    """`{any: [...]}`: at least one holds."""

    any: Annotated[tuple[Condition, ...], Field(min_length=1)]

    def members(self) -> tuple[Base, ...]:
        return self.any

    def test(self, view: View) -> Truth:
        return either(part.test(view) for part in self.any)

    def says(self, view: View, *, demanded: bool = True) -> Sentence:
        message = "when.any" if demanded else "when.all"
        return sentence(message, parts=tuple(part.says(view, demanded=demanded) for part in self.any))


class Not(Base):
    """`{not: {...}}`: the condition does not hold."""

    not_: Condition

    def parts(self) -> Iterator[Base]:
        return iter((self.not_,))

    def test(self, view: View) -> Truth:
        truth = self.not_.test(view)
        return None if truth is None else not truth

    def says(self, view: View, *, demanded: bool = True) -> Sentence:
        return self.not_.says(view, demanded=not demanded)

    def fields(self) -> frozenset[str]:
        return self.not_.fields()

    def steps(self) -> frozenset[str]:
        return self.not_.steps()


class ByLaw(Base):
    """`{by_law: {utreds_alltid: {taken: utred}}}`: the law demands it, as `musts` says, with its source.

    A refusal says so too. Stands as a whole condition of a step's `when`.
    """

    by_law: Annotated[dict[str, Condition], Field(min_length=1)]

    def parts(self) -> Iterator[Base]:
        return iter(self.by_law.values())

    def test(self, view: View) -> Truth:
        return both(part.test(view) for part in self.parts())

    def says(self, view: View, *, demanded: bool = True) -> Sentence:
        said = [
            sentence("when.by_law", what=part.says(view, demanded=demanded), law=view.words(must))
            for must, part in self.by_law.items()
        ]
        return said[0] if len(said) == 1 else sentence("when.all", parts=tuple(said))

    def why_not(self, view: View) -> list[Sentence]:
        return [
            sentence("when.by_law", what=why, law=view.words(must))
            for must, part in self.by_law.items()
            for why in part.why_not(view)
        ]

    def fields(self) -> frozenset[str]:
        return frozenset[str]().union(*(part.fields() for part in self.parts()))

    def steps(self) -> frozenset[str]:
        return frozenset[str]().union(*(part.steps() for part in self.parts()))


VOCABULARY: dict[str, type[Base]] = {
    "constant": Constant, "filled": Filled, "known": Known, "equals": Equals, "one_of": OneOf, "has": Has,
    "within": Within, "at_least": AtLeast, "at_most": AtMost, "after": After, "in_state": InState,
    "is_final": IsFinal, "taken": Taken, "different_person_from": DifferentPersonFrom,
    "entries_cover": EntriesCover, "unit_is": UnitIs, "linked": Linked, "linked_row": LinkedRow,
    "named_in": NamedIn, "each_row": EachRow, "all": AllOf, "any": AnyOf, "not": Not,
    "by_law": ByLaw,
}  # fmt: skip


def _spread(value: Any) -> Any:
    if value in ("always", "never"):
        return {"constant": value}
    return {"all": value} if isinstance(value, list) else value


def _tag(value: Any) -> str | None:
    if isinstance(value, Base):
        return next(iter(type(value).declared)).rstrip("_")
    if isinstance(value, dict) and len(value) == 1:
        return str(next(iter(value)))
    return None


Condition: TypeAlias = Annotated[Base, Tagged(VOCABULARY, _tag, _spread)]
