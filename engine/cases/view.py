"""A case, or a row of it, as a condition may see it (`engine.definition.condition.View`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from engine.cases.case import Case
from engine.cases.facts import Facts
from engine.definition.model import ROLES, Process
from engine.definition.value import UNKNOWN, Value, is_missing, is_unknown
from engine.definition.view import View
from engine.language.sentence import Argument, Words, sentence


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case seen by an actor on a day.

    other: gives the case of a reference as the decision in the making leaves it, with the process it follows.
    named: whether the case must be named in sentences (it is not the one that was asked about).
    """

    case: Case
    process: Process
    facts: Facts
    other: Callable[[str], tuple[Case, Process]]
    actor: str | None
    day: str
    named: bool = False
    given: Mapping[str, Value] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """The key of its state."""
        return self.case.state

    @property
    def is_final(self) -> bool:
        """Whether its state is final."""
        return self.case.state in self.process.states and self.process.states[self.case.state].final

    @property
    def name(self) -> str | None:
        """Its reference, when it must be named."""
        return self.case.reference if self.named else None

    @property
    def today(self) -> str:
        """The local day of the act."""
        return self.day

    def value(self, field: str) -> Value:
        """The value of a field or intrinsic."""
        match field:
            case "$unit":
                return self.case.unit
            case "$assignee":
                return self.case.assignee
            case "$reporter":
                return self.case.reporter
        return self.case.value(field)

    def codes_within(self, field: str, code: str) -> frozenset[str]:
        """The code and those below it in the list of the field."""
        return codes_within(self.process, field, code)

    def rows(self, table: str) -> Sequence[RowView]:
        """The rows of a table."""
        return [RowView(self, table, key, cells) for key, cells in self.case.table(table).items()]

    def linked(self, kind: str) -> Sequence[View]:
        """The cases linked by a kind, in either direction."""
        return self.linked_at(kind, "")

    def linked_at(self, kind: str, row: str) -> Sequence[View]:
        """The linked cases, those of a row when one is given."""
        found = {link.other for link in self.case.links if link.kind == kind and (not row or link.row == row)}
        views: list[View] = []
        for reference in sorted(found):
            case, process = self.other(reference)
            views.append(CaseView(case, process, self.facts, self.other, self.actor, self.day, named=True))
        return views

    def times_taken(self, step: str) -> int:
        """How often a step has been taken."""
        taken = self.case.taken.get(step)
        return taken.times if taken else 0

    def persons(self, name: str) -> frozenset[str]:
        """The person codes in a field or column, or of those who took a step."""
        if name == "$actor":
            return frozenset({self.actor} if self.actor else ())
        if name in self.case.taken:
            return frozenset(self.case.taken[name].persons)
        if name in ("$reporter", "$assignee"):
            person = self.value(name)
            return frozenset({person} if person else ())
        return persons_in(self.case, name)

    def headings(self) -> frozenset[str]:
        """The headings with an entry in force."""
        return frozenset(self.case.entries.values())

    def unit_attribute(self, name: str) -> str | None:
        """An attribute of the case's unit."""
        unit = self.facts.tree.get(self.case.unit)
        return unit.attributes.get(name) if unit else None

    def words(self, field: str) -> Words:
        """The label of whatever the definition calls by this name."""
        return words_of(self.process, field)

    def said(self, field: str, value: Value) -> Argument:
        """A value as a reader says it."""
        return say_value(self.process, field, value)


@dataclass(frozen=True, slots=True)
class RowView:
    """One row of a table: its columns first, then the case around it."""

    whole: CaseView
    table: str
    key: str
    cells: Mapping[str, Value]

    @property
    def state(self) -> str:
        """The state of the case."""
        return self.whole.state

    @property
    def is_final(self) -> bool:
        """Whether the case is ended."""
        return self.whole.is_final

    @property
    def name(self) -> str | None:
        """The row's key, such as `r1`."""
        return self.key

    @property
    def today(self) -> str:
        """The local day of the act."""
        return self.whole.today

    def value(self, field: str) -> Value:
        """The value of a column, else of a field of the case."""
        if field in self.whole.process.fields[self.table].columns:
            return self.cells.get(field)
        return self.whole.value(field)

    @property
    def path(self) -> str:
        """What a link says of it: `table.row`."""
        return f"{self.table}.{self.key}"

    def has_link(self, kind: str) -> bool:
        """Whether a case is linked to it by a kind, whichever."""
        return any(link.kind == kind and link.row == self.path for link in self.whole.case.links)

    def _path(self, field: str) -> str:
        return f"{self.table}.{field}" if field in self.whole.process.fields[self.table].columns else field

    def codes_within(self, field: str, code: str) -> frozenset[str]:
        """The code and those below it."""
        return codes_within(self.whole.process, self._path(field), code)

    def rows(self, table: str) -> Sequence[View]:
        """Rows of another table of the case."""
        return self.whole.rows(table)

    def linked(self, kind: str) -> Sequence[View]:
        """The cases linked to this row."""
        return self.whole.linked_at(kind, self.path)

    def times_taken(self, step: str) -> int:
        """How often a step of the case has been taken."""
        return self.whole.times_taken(step)

    def persons(self, name: str) -> frozenset[str]:
        """The person of a column, else as the case."""
        if name in self.whole.process.fields[self.table].columns:
            person = self.cells.get(name)
            return frozenset({person} if person else ())
        return self.whole.persons(name)

    def headings(self) -> frozenset[str]:
        """The headings of the case."""
        return self.whole.headings()

    def unit_attribute(self, name: str) -> str | None:
        """An attribute of the case's unit."""
        return self.whole.unit_attribute(name)

    def words(self, field: str) -> Words:
        """The label of a column, else as the case."""
        return words_of(self.whole.process, self._path(field))

    def said(self, field: str, value: Value) -> Argument:
        """A value as a reader says it."""
        return say_value(self.whole.process, self._path(field), value)


def persons_in(case: Case, name: str) -> frozenset[str]:
    """The person codes in a field, or in a column of a table (`table.column`)."""
    table, _, column = name.partition(".")
    if column:
        cells = (row.get(column) for row in case.table(table).values())
        return frozenset(cell for cell in cells if isinstance(cell, str))
    value = case.value(name)
    return frozenset({value} if isinstance(value, str) and value else ())


def codes_within(process: Process, path: str, code: str) -> frozenset[str]:
    """A code and its descendants in the list of a field; the code alone where there is no tree."""
    column = process.column(path)
    codes = process.code_list(column) if column else None
    return codes.below.get(code, frozenset({code})) if codes else frozenset({code})


def words_of(process: Process, name: str) -> Words:
    """The label of a field, column, step, state, heading or kind of link; the name itself when there is none."""
    column = process.column(name)
    if column is not None:
        return column.label
    for known in (process.steps, process.states):
        if name in known:
            return known[name].label
    if name in process.headings:
        return process.headings[name]
    if name in process.links:
        kind = process.links[name]
        return kind.label if name in process.links_made else kind.reverse
    if name in process.musts:
        must = process.musts[name]
        return Words(f"{must.label.sv}, {must.source.text}", f"{must.label.en}, {must.source.text}")
    return INTRINSIC_WORDS.get(name.removeprefix("$"), Words(name, name))


def role_words(process: Process, role: str) -> Words:
    """What a role is called, by the list of roles; the key itself when it is not there."""
    roles = process.lists.get(ROLES)
    found = roles.flat.get(role) if roles else None
    return found.label if found else Words(role, role)


INTRINSIC_WORDS = {
    "unit": Words("Enhet", "Unit"),
    "assignee": Words("Den som har ärendet", "Holder"),
    "reporter": Words("Rapporterad av", "Reporter"),
    "opened_on": Words("Öppnat", "Opened"),
    "reference": Words("Referens", "Reference"),
    "title": Words("Rubrik", "Title"),
    "marks": Words("Behörighetsmarkering", "Access mark"),
}


def say_value(process: Process, path: str, value: Value) -> Argument:
    """A value as words, a sentence or text: labels for codes, "ja" for True, "vet inte" for unknown."""
    if is_unknown(value) or value == UNKNOWN:
        return sentence("value.unknown")
    if is_missing(value):
        return sentence("value.missing")
    if isinstance(value, bool):
        return sentence("value.yes" if value else "value.no")
    column = process.column(path)
    if isinstance(value, list):
        return tuple(say_value(process, path, one) for one in value)
    if isinstance(value, dict):
        ends = (str(value.get(end, "")).replace("T", " ") for end in ("from", "to"))
        return sentence("value.period", start=next(ends), end=next(ends))
    found = process.label_of_value(column, value) if column is not None else None
    if found is not None:
        return found
    if column is not None and column.type == "yes_no" and value in ("ja", "nej"):
        return sentence("value.yes" if value == "ja" else "value.no")
    if column is not None and column.type == "datetime":
        return str(value).replace("T", " ")
    return value if isinstance(value, int) else str(value)
