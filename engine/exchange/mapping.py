"""Which column of somebody's table is which field, and what their codes mean: a file that is kept and used again.

    process: PROCESS
    step: STEP                                   # or by a column:
    steps: {column: Status, values: {Avslutad: STEP, Pågående: STEP}}
    key: Ärendenummer                            # what makes a row the same row the next time
    origin: Namnet på det gamla systemet
    dates: dag/månad                             # or månad/dag, for days written with numbers alone
    columns:
      Händelsedatum: FIELD
      Registrerad: $done_at                      # when it was registered in the old system
      Enhet: {field: unit, values: {Björkgården: bjork}}
      Typ: [FIELD, {field: FIELD, values: {Fall i badrum: fall}}]
      Intern anteckning: "-"                     # left out
    always: {FIELD: VALUE}

Several columns may go to one text field: their texts are put together, each under its heading. This module must not
know the rows, nor the database.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias

from engine.definition.model import Process
from engine.definition.problem import Path, Problem, closest, in_order
from engine.definition.sheet import Sheet
from engine.definition.yaml import read_sheet
from engine.errors import MappingFileError
from engine.exchange.spreadsheet import Spreadsheet
from engine.language.alphabet import fold
from engine.language.say import say
from engine.language.sentence import Sentence, sentence

EMPTY: Final[Mapping[str, str]] = MappingProxyType({})
DONE_AT: Final = "$done_at"
LEFT_OUT: Final = "-"
UNIT: Final = "unit"
LONGEST_CODE: Final = 200
MOST_STRANGE: Final = 200
DateOrder: TypeAlias = Literal["day", "month"]
ORDERS: Final[Mapping[str, DateOrder]] = {
    "dag/manad": "day", "day/month": "day", "manad/dag": "month", "month/day": "month",
}  # fmt: skip
KEYS: Final = ("process", "step", "steps", "key", "origin", "dates", "columns", "always")
MEANINGS: Final[Mapping[str, tuple[str, ...]]] = {
    UNIT: ("enhet", "unit", "arbetsplats", "avdelning", "verksamhet"),
    DONE_AT: (
        "registrerad",
        "registreringsdatum",
        "rapporterad",
        "rapporteringsdatum",
        "skapad",
        "inkom",
        "registered",
    ),
}
"""What columns are often called that are no fields of a process."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a column goes: a field, `unit` or `$done_at`; and what its texts mean there."""

    to: str
    values: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    """Folded text -> what it means."""

    def value(self, text: str) -> str:
        """What a text of the column means. Case and accents are no difference."""
        return self.values.get(fold(text), text) if self.values and len(text) <= LONGEST_CODE else text


@dataclass(frozen=True, slots=True)
class Map:
    """What a mapping file says. See the head of the module."""

    process: str
    columns: Mapping[str, tuple[Target, ...]]
    step: str | None = None
    step_column: str | None = None
    step_values: Mapping[str, str] = field(default_factory=dict)
    key: str | None = None
    origin: str = ""
    dates: DateOrder = "day"
    always: Mapping[str, str] = field(default_factory=dict)

    def headings_of(self, name: str) -> tuple[str, ...]:
        """The columns that go to a field."""
        return tuple(
            heading for heading, targets in self.columns.items() if any(one.to == name for one in targets)
        )


def read_map(content: bytes, file: str, process: Process) -> Map:
    """Read a mapping file.

    Args:
        content: Its bytes.
        file: What it is called in problems.
        process: The process that is imported to.

    Raises:
        MappingFileError: It has problems, all of them named with their places.
    """
    sheet = read_sheet(content, file, any_key=True)
    reader = _Reader(sheet, process, list(sheet.problems))
    found = reader.map() if sheet.is_whole else None
    if found is None or reader.problems:
        raise MappingFileError(in_order(reader.problems))
    return found


def guess_map(headings: Iterable[str], process: Process) -> tuple[Map, tuple[str, ...]]:
    """The map that the headings themselves speak of: those that are called as a field is. And the others."""
    known = {}
    for key, one in process.fields.items():
        if one.type not in ("table", "computed", "file") and not one.computed:
            known.update({fold(name): key for name in (one.label.en, one.label.sv, key)})
    for target, names in MEANINGS.items():
        known |= {name: target for name in names if name not in known}
    columns: dict[str, tuple[Target, ...]] = {}
    unknown = []
    taken = set()
    for heading in headings:
        found = known.get(fold(heading))
        if found is None or found in taken:
            unknown.append(heading)
        else:
            taken.add(found)
            columns[heading] = (Target(found),)
    return Map(process.process, columns), tuple(unknown)


def propose_map(
    table: Spreadsheet, process: Process, step: str | None, language: str = "sv"
) -> tuple[str, tuple[str, ...]]:
    """A mapping file to fill in, as text; and the columns that nobody but its reader can say what they are.

    Texts of a column that goes to a list, and that are none of its codes, are listed to be said what they mean. Where
    a column is not known, the fields that the step asks for are told in comments.
    """
    found, unknown = guess_map(table.headings, process)
    strange = _strange_texts(table, found, process)
    opening = process.opening_steps
    lines = [f"process: {process.process}"]
    lines.append(
        f"step: {step or opening[0]}" + ("" if step or len(opening) == 1 else f"  # {', '.join(opening)}")
    )
    lines.append("columns:")
    for heading, targets in found.columns.items():
        texts = strange.get(heading, ())
        if not texts:
            lines.append(f"  {_quoted(heading)}: {targets[0].to}")
            continue
        lines += [f"  {_quoted(heading)}:", f"    field: {targets[0].to}", "    values:"]
        lines += [f'      {_quoted(text)}: ""' for text in texts]
    lines += [f'  {_quoted(heading)}: "{LEFT_OUT}"' for heading in unknown]
    if unknown:
        lines += [f"# {one}" for one in _told_fields(process, step or opening[0], language)]
    return "\n".join([*lines, ""]), unknown


def _told_fields(process: Process, step: str, language: str) -> Iterator[str]:
    """What a column may be: each field that a step asks for, as it is written here and as it is called."""
    yield say(sentence("import.map_fields", nothing=LEFT_OUT), language)
    yield say(sentence("import.map_unit"), language)
    yield say(sentence("import.map_done_at"), language)
    asked = [ask.field for ask, _ in process.steps[step].asked()] if step in process.steps else []
    for name in dict.fromkeys(asked):
        field_ = process.fields.get(name)
        if field_ is not None and field_.type not in ("table", "file", "computed"):
            yield f"  {name}: {field_.label.in_(language)}"
    yield say(sentence("import.map_key"), language)


def _strange_texts(table: Spreadsheet, found: Map, process: Process) -> dict[str, list[str]]:
    """Heading -> texts below it that are none of the codes of its field, as they first come."""
    columns = []
    for place, heading in enumerate(table.headings):
        for target in found.columns.get(heading, ()):
            field_ = process.fields.get(target.to)
            codes = process.code_list(field_) if field_ is not None else None
            if codes is not None:
                known = {fold(said) for key, code in codes.flat.items() for said in (key, code.sv, code.en)}
                columns.append((place, heading, known))
    strange: dict[str, list[str]] = {heading: [] for _, heading, _ in columns}
    for line in table.lines:
        for place, heading, known in columns:
            text = line.cells[place]
            if (
                text
                and len(text) <= LONGEST_CODE
                and len(strange[heading]) < MOST_STRANGE
                and fold(text) not in known
            ):
                known.add(fold(text))
                strange[heading].append(text)
    return strange


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


@dataclass(slots=True)
class _Reader:
    """Reads one mapping file, noting what is wrong with it."""

    sheet: Sheet
    process: Process
    problems: list[Problem]

    def map(self) -> Map | None:
        """The map; None when the file is not to be understood at all."""
        tree = self.sheet.tree
        if not isinstance(tree, dict):
            self._wrong((), sentence("mapping.not_a_mapping"))
            return None
        for key in tree:
            if key not in KEYS:
                self._wrong((key,), sentence("definition.unknown_key", key=key[:60]), closest(key, KEYS))
        if tree.get("process", self.process.process) != self.process.process:
            self._wrong(
                ("process",),
                sentence("mapping.other_process", said=str(tree["process"])[:60], process=self.process.label),
            )
        columns = dict(self._columns())
        if not columns:
            self._wrong(("columns",), sentence("mapping.no_columns"))
        by = tree.get("steps", {})
        step_column, step_values = None, {}
        if by:
            if isinstance(by, dict) and isinstance(by.get("column"), str) and set(by) <= {"column", "values"}:
                step_column = by["column"]
                step_values = self._texts(by.get("values", {}), ("steps", "values"))
            else:
                self._wrong(("steps",), sentence("mapping.bad_steps"))
        for step, path in [
            (self._text("step"), ("step",)),
            *((s, ("steps", "values", t)) for t, s in step_values.items()),
        ]:
            if step and step not in self.process.opening_steps:
                self._wrong(
                    path,
                    sentence("mapping.no_step", step=step[:60]),
                    closest(step, self.process.opening_steps),
                )
        order = fold(self._text("dates") or "dag/månad").replace(" ", "")
        if order not in ORDERS:
            self._wrong(("dates",), sentence("mapping.bad_dates"))
        always = self._texts(tree.get("always", {}), ("always",))
        for name in always:
            self._check_field(name, ("always", name))
        return Map(
            self.process.process, columns, step=self._text("step"), step_column=step_column, step_values=step_values,
            key=self._text("key"), origin=self._text("origin") or "", dates=ORDERS.get(order, "day"), always=always,
        )  # fmt: skip

    def _columns(self) -> Iterator[tuple[str, tuple[Target, ...]]]:
        columns = self.sheet.tree.get("columns", {})
        if not isinstance(columns, dict):
            self._wrong(("columns",), sentence("mapping.bad_columns"))
            return
        for heading, said in columns.items():
            path: Path = ("columns", heading)
            if said in (LEFT_OUT, ""):
                yield heading, ()
                continue
            items = said if isinstance(said, list) else [said]
            paths = [(*path, n) for n in range(len(items))] if isinstance(said, list) else [path]
            targets = [self._target(item, place) for item, place in zip(items, paths, strict=True)]
            yield heading, tuple(target for target in targets if target is not None)

    def _target(self, said: Any, path: Path) -> Target | None:
        if isinstance(said, str):
            return Target(said) if self._check_field(said, path) else None
        if isinstance(said, dict) and isinstance(said.get("field"), str) and set(said) <= {"field", "values"}:
            values = self._texts(said.get("values", {}), (*path, "values"))
            return (
                Target(said["field"], {fold(text): to for text, to in values.items()})
                if self._check_field(said["field"], (*path, "field"))
                else None
            )
        self._wrong(path, sentence("mapping.bad_column"))
        return None

    def _check_field(self, name: str, path: Path) -> bool:
        known = self.process.fields.get(name)
        fits = known is not None and known.type not in ("table", "computed", "file") and not known.computed
        if name in (UNIT, DONE_AT, "assignee") or fits:
            return True
        self._wrong(
            path, sentence("mapping.no_field", field=name[:60]),
            closest(name, (UNIT, DONE_AT, *(key for key, one in self.process.fields.items() if one.type != "table"))),
        )  # fmt: skip
        return False

    def _text(self, key: str) -> str | None:
        said = self.sheet.tree.get(key)
        if said is None or isinstance(said, str):
            return said or None
        self._wrong((key,), sentence("mapping.not_text", key=key))
        return None

    def _texts(self, said: Any, path: Path) -> dict[str, str]:
        if isinstance(said, dict) and all(isinstance(value, str) for value in said.values()):
            return dict(said)
        if said not in ("", None):
            self._wrong(path, sentence("mapping.not_texts"))
        return {}

    def _wrong(self, path: Path, message: Sentence, hint: Sentence | None = None) -> None:
        line, column = self.sheet.mark(path)
        self.problems.append(Problem(self.sheet.file, line, column, message, hint))
