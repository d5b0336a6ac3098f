"""A case as it is: the fold of its events. `Case.after` is the only way one comes to be, in `decide` and in replay.

`Case.data` and `Case.private` are its two halves as they are stored: codes that count, and what can be erased. It
must not know the store; it knows the definition only for titles and for which state is final.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.cases.event import EMPTY, Deadline, Event, Link
from engine.cases.renewal import renew
from engine.definition.value import Value, is_missing, is_unknown, split_path
from engine.language.sentence import Words

if TYPE_CHECKING:
    from engine.definition.model import Process


@dataclass(frozen=True, slots=True)
class TakenStep:
    """How often a step has been taken, by whom (person codes, each once, in order), and when it was last taken."""

    times: int
    persons: tuple[str, ...]
    last_on: str
    last_at: str
    last_seq: int


@dataclass(frozen=True, slots=True)
class Case:
    """One running instance of one process version.

    values: path -> value, coded and personal together; a computed value stands among them. entries: seq of each
    entry in force -> its heading. taken: step -> how often and by whom. marks: access mark -> what is kept.
    rows: table -> highest row number ever given.
    """

    reference: str
    process: str
    definition: str
    state: str
    seq: int
    unit: str
    reporter: str
    opened_on: str
    recorded_at: str
    is_open: bool
    title: Words
    assignee: str | None = None
    happened_on: str | None = None
    values: Mapping[str, Value] = field(default_factory=lambda: EMPTY)
    taken: Mapping[str, TakenStep] = field(default_factory=lambda: EMPTY)
    entries: Mapping[int, str] = field(default_factory=dict)
    deadlines: Mapping[str, Deadline] = field(default_factory=lambda: EMPTY)
    marks: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    links: tuple[Link, ...] = ()
    rows: Mapping[str, int] = field(default_factory=lambda: EMPTY)

    def table(self, name: str) -> dict[str, dict[str, Value]]:
        """The rows of a table that hold anything: row key -> column -> value, in the order they were added."""
        found: dict[str, dict[str, Value]] = {}
        for path, value in self.values.items():
            table, row, column = split_path(path)
            if table == name and row is not None and column is not None:
                found.setdefault(row, {})[column] = value
        return dict(sorted(found.items(), key=lambda item: int(item[0][1:])))

    def value(self, name: str) -> Value:
        """The value of a field; of a table, its rows."""
        if name in self.values:
            return self.values[name]
        return self.table(name) or None if name in self.rows else None

    def data(self, process: Process) -> dict[str, Any]:
        """The half of the case that holds codes only, as it is stored."""
        return {
            "values": {path: value for path, value in self.values.items() if process.is_coded(path)},
            "taken": {
                step: [taken.times, list(taken.persons), taken.last_on, taken.last_at, taken.last_seq]
                for step, taken in self.taken.items()
            },
            "entries": {str(seq): heading for seq, heading in self.entries.items()},
            "deadlines": [deadline.body() for deadline in self.deadlines.values()],
            "marks": dict(self.marks),
            "links": [link.body() for link in self.links],
            "rows": dict(self.rows),
        }

    def private(self, process: Process) -> dict[str, Value]:
        """The half that can be erased: path -> value."""
        return {path: value for path, value in self.values.items() if not process.is_coded(path)}

    @staticmethod
    def restore(columns: Mapping[str, Any], data: Mapping[str, Any], private: Mapping[str, Value]) -> Case:
        """The case from its stored halves; `columns` are the attributes with columns of their own. No guard runs."""
        return Case(
            **columns,
            values={**data["values"], **private},
            taken={
                step: TakenStep(times, tuple(persons), on, at, seq)
                for step, (times, persons, on, at, seq) in data["taken"].items()
            },
            entries={int(seq): heading for seq, heading in data["entries"].items()},
            deadlines={body["key"]: Deadline.read(body) for body in data["deadlines"]},
            marks=data["marks"],
            links=tuple(map(Link.read, data["links"])),
            rows=data["rows"],
        )

    def renamed(self, names: Mapping[str, str]) -> Case:
        """The case with the references of new cases replaced by those they were given."""
        if not names:
            return self
        return renew(
            self,
            reference=names.get(self.reference, self.reference),
            values={p: names.get(v, v) if isinstance(v, str) else v for p, v in self.values.items()},
            links=tuple(renew(link, other=names.get(link.other, link.other)) for link in self.links),
            deadlines={key: one.renamed(names) for key, one in self.deadlines.items()},
        )

    @staticmethod
    def born(event: Event, process: Process) -> Case:
        """The case that an opening event makes."""
        unborn = Case(
            reference=event.stream, process=event.process, definition=event.definition, state="", seq=0,
            unit=event.sets["unit"], reporter=event.sets["reporter"], opened_on=event.occurred_on,
            recorded_at=event.recorded_at, is_open=True, title=Words("", ""),
        )  # fmt: skip
        return unborn.after(event, process)

    def after(self, event: Event, process: Process) -> Case:
        """The case as the event leaves it. Says nothing about whether the event was allowed."""
        values = {path: value for path, value in self.values.items() if path not in event.cleared}
        values.update(event.coded)
        values.update((path, value) for path, value in event.personal.items() if not path.startswith("$"))
        state = event.to_state or self.state
        assignee = event.sets.get("assignee", self.assignee)
        return renew(
            self,
            definition=event.definition,
            state=state,
            seq=event.seq,
            recorded_at=event.recorded_at,
            is_open=not process.states[state].final,
            unit=event.sets.get("unit", self.unit),
            reporter=event.sets.get("reporter", self.reporter),
            assignee=assignee or None,
            values=values,
            rows=_rows(self.rows, values),
            taken=_taken(self.taken, event),
            entries=_entries(self.entries, event),
            deadlines={**self.deadlines, **{deadline.key: deadline for deadline in event.deadlines}},
            marks={mark: kept for mark, kept in {**self.marks, **event.marks}.items() if kept},
            links=tuple(dict.fromkeys((*self.links, *event.links))),
            happened_on=_happened_on(process, values),
            title=title_of(process, values),
        )


def title_of(process: Process, values: Mapping[str, Value]) -> Words:
    """The coded title in both languages; `{unit}` stays, to be filled with the unit's name of the day.

    A place may name several fields, `{a|b}`: the first that has a value is said, else that the last one is missing
    ("kategori saknas").
    """
    sv, en = process.title, process.title
    for names in process.title_names:
        if names == ("unit",):
            continue
        name = next((name for name in names if not is_missing(values.get(name))), names[-1])
        swedish, english = _said(process, name, values.get(name))
        place = "{" + "|".join(names) + "}"
        sv, en = sv.replace(place, swedish), en.replace(place, english)
    return Words(sv, en)


def _said(process: Process, name: str, value: Value) -> tuple[str, str]:
    field_ = process.fields[name]
    if is_missing(value):
        return f"{field_.label.sv.lower()} saknas", f"no {field_.label.en.lower()}"
    if is_unknown(value):
        return f"{field_.label.sv.lower()} okänd", f"{field_.label.en.lower()} unknown"
    codes = value if isinstance(value, list) else [value]
    labels = [process.label_of_value(field_, code) or Words(str(code), str(code)) for code in codes]
    return ", ".join(label.sv for label in labels), ", ".join(label.en for label in labels)


def _happened_on(process: Process, values: Mapping[str, Value]) -> str | None:
    value = values.get(process.happened) if process.happened else None
    if isinstance(value, dict):
        value = value.get("from")
    return str(value)[:10] if isinstance(value, str) and value else None


def _rows(rows: Mapping[str, int], values: Mapping[str, Value]) -> Mapping[str, int]:
    highest = dict(rows)
    for path in values:
        table, row, _ = split_path(path)
        if row is not None:
            highest[table] = max(highest.get(table, 0), int(row[1:]))
    return highest


def _taken(taken: Mapping[str, TakenStep], event: Event) -> Mapping[str, TakenStep]:
    if event.step is None or event.kind not in ("step", "entry"):
        return taken
    before = taken.get(event.step)
    person = (event.acting.person,) if event.acting.person else ()
    persons = tuple(dict.fromkeys((*(before.persons if before else ()), *person)))
    times = (before.times if before else 0) + 1
    return {**taken, event.step: TakenStep(times, persons, event.occurred_on, event.occurred_at, event.seq)}


def _entries(entries: Mapping[int, str], event: Event) -> Mapping[int, str]:
    if event.entry is None:
        return entries
    kept = {seq: heading for seq, heading in entries.items() if seq != event.entry.corrects}
    return {**kept, event.seq: event.entry.heading}
