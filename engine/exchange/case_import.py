"""Many cases from a table at once: every row checked before any is written, then written some hundred a commit.

A row is opened by an opening step, by whoever imports and with the rights they have; what it says of the past stays
true (the act is dated when it was done, the log says when it learnt it). A row has a command of its own, named after
its number in the old system, else after the file and its place: an import that was stopped goes on where it was, and
one that is run again does nothing twice. This module must not know any process, nor how tables are read.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final, Protocol

import orjson

from engine.cases.decide import decide
from engine.cases.decision import Actor, Decision, Fault, OpenCase, Refusal
from engine.cases.facts import FactMissing, Facts
from engine.definition.model import Process
from engine.errors import (
    ConcurrentChangeError,
    HjulError,
    ImportRefusedError,
    UnknownProcessError,
)
from engine.exchange.mapping import DONE_AT, Map
from engine.exchange.spreadsheet import Line, Spreadsheet
from engine.exchange.table_row import KEY, MOST_SHOWN, STEP, Row, RowReader, fault_at
from engine.language.personal_number import find_personal_numbers
from engine.language.sentence import Sentence, Words, sentence
from engine.service.deciding import Decider
from engine.service.moment import instant_of
from engine.store.outcome import Outcome, done_commands

Progress = Callable[[int, int], None]
TOGETHER: Final = 500
"""How many rows one commit makes last."""
MOST_CHOICES: Final = 20
MOST_PROBLEMS: Final = 5_000
"""When so many different things are wrong, the rest of the file is not looked at: it is the wrong file, or map."""
_SHOWN: Final = (
    "choice",
    "choices",
    "scale",
    "yes_no",
    "number",
    "percent",
    "money",
    "date",
    "datetime",
    "unit",
)


class Host(Protocol):
    """What the composition root gives to an import."""

    @property
    def decider(self) -> Decider: ...  # noqa: D102
    def actor(self) -> Actor: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing that is wrong, and every row where it is.

    Attributes:
        column: The heading; empty when no column is to blame.
        value: What stands there, when it is a code, a day or a number; never what people wrote.
        why: What is wrong, and what would do.
        rows: The rows, as a spreadsheet numbers them.
    """

    column: str
    value: str
    why: Sentence
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a table.

    Attributes:
        id: The import's own id, which stands in the comment of each case.
        rows: How many rows there are.
        imported: How many cases were opened now (in a dry run: could be).
        already: How many had been opened by an import before.
        skipped: How many rows were left out because something was wrong with them.
        years: Year -> first and last reference of those opened now, and how many.
        problems: What is wrong.
        dry_run: Whether nothing was written.
        whole: Whether every row was looked at.
        refused: Whether nothing was imported since something is wrong.
    """

    id: str
    rows: int
    imported: int
    already: int
    skipped: int
    years: Mapping[int, tuple[str, str, int]]
    problems: tuple[RowProblem, ...]
    dry_run: bool
    whole: bool = True
    refused: bool = False

    def refusal(self) -> ImportRefusedError:
        """Why nothing was imported."""
        return ImportRefusedError(self.problems, self.rows, self.skipped, whole=self.whole)


@dataclass(frozen=True, slots=True)
class Choices:
    """How an import is done.

    Attributes:
        step: The opening step, when the map does not say.
        dry_run: Write nothing.
        skip_bad: Import the rows that are right although others are wrong.
        personal_numbers: Import texts with personal identity numbers in them.
    """

    step: str | None = None
    dry_run: bool = False
    skip_bad: bool = False
    personal_numbers: bool = False


@dataclass(slots=True)
class ImportService:
    """Imports tables of cases."""

    host: Host

    def process(self, key: str) -> Process:
        """The newest published definition of a process.

        Raises:
            UnknownProcessError: There is none.
        """
        decider = self.host.decider
        with decider.database.read() as session:
            found = decider.ask(lambda facts: facts.newest(key), session)
        if found is None:
            raise UnknownProcessError(key)
        return found.process

    def check(
        self, table: Spreadsheet, mapping: Map, digest: str, choices: Choices, told: Progress | None = None
    ) -> Staging:
        """Check every row. Nothing is written.

        Args:
            table: What was read.
            mapping: What its columns mean.
            digest: Names the file: the same for the same bytes.
            choices: How it is done.
            told: Told how many rows have been checked, of 0: how many there are is not known.

        Raises:
            MissingColumnError: The map speaks of a column that the table has not.
            DoubledColumnError: The table has it twice.
            ImportStepError: It is not said which opening step is meant.
            SheetFileError: The rest of the file cannot be read.
        """
        process = self.process(mapping.process)
        reader = RowReader(process, mapping, table.headings, choices.step, digest)
        staged = Staging(self.host.decider, self.host.actor(), reader, choices)
        staged.check(table, told)
        return staged


def _chunks(lines: Iterable[Line]) -> Iterator[list[Line]]:
    rest = iter(lines)
    while chunk := list(islice(rest, TOGETHER)):
        yield chunk


@dataclass(slots=True)
class Staging:
    """The rows of one import: checked first, kept packed in memory, then written."""

    decider: Decider
    actor: Actor
    reader: RowReader
    choices: Choices
    rows: int = 0
    bad: int = 0
    already: int = 0
    ready: int = 0
    whole: bool = True
    years: dict[int, tuple[str, str, int]] = field(default_factory=dict)
    _found: dict[tuple[str, str, Sentence], list[int]] = field(default_factory=dict)
    _packed: list[bytes] = field(default_factory=list)
    _names: dict[bytes, int] = field(default_factory=dict)
    _rights: dict[tuple[str, str], bool] = field(default_factory=dict)

    @property
    def refuses(self) -> bool:
        """Whether nothing is imported since rows are wrong."""
        return not self.whole or (self.bad > 0 and not self.choices.skip_bad)

    def problems(self) -> tuple[RowProblem, ...]:
        """What is wrong, in the order of the first row where it is."""
        found = (RowProblem(*key, tuple(rows)) for key, rows in self._found.items())
        return tuple(sorted(found, key=lambda problem: problem.rows[0]))

    def result(self) -> Imported:
        """What became of it."""
        return Imported(
            self.reader.import_id, self.rows, self.ready, self.already, self.bad, self.years, self.problems(),
            self.choices.dry_run, self.whole, self.refuses,
        )  # fmt: skip

    # --- checking

    def check(self, table: Spreadsheet, told: Progress | None) -> None:
        """Read and check every line; keep the rows that are right."""
        for chunk in _chunks(table.lines):
            self._check_chunk(chunk)
            if told is not None:
                told(self.rows, 0)
            if len(self._found) >= MOST_PROBLEMS:
                self.whole = False
                return

    def _check_chunk(self, chunk: list[Line]) -> None:
        with self.decider.database.read() as session:
            loader = self.decider.loader(session)
            today = loader.facts.today
            read = [self.reader.row(line, today) for line in chunk]
            done = done_commands(session, [row.name for row, _ in read])
            good = []
            for row, faults in read:
                self.rows += 1
                wrong = [*faults, *self._twice(row), *self._personal_numbers(row)]
                if row.name in done and not wrong and self._may(row, loader):
                    self.already += 1
                    continue
                known = {fault.field for fault in faults}
                if STEP not in known:
                    wrong += [fault for fault in self._refused(row, loader) if fault.field not in known]
                self._note(row, wrong)
                if wrong:
                    self.bad += 1
                else:
                    good.append(row)
        if good:
            self.ready += len(good)
            flat = [(row.number, row.name, row.step, row.done_at, row.values) for row in good]
            self._packed.append(zlib.compress(orjson.dumps(flat), 1))

    def _twice(self, row: Row) -> list[Fault]:
        name = bytes.fromhex(row.name.removeprefix("import:"))
        first = self._names.setdefault(name, row.number)
        return [] if first == row.number else [fault_at(KEY, sentence("import.twice", row=first))]

    def _personal_numbers(self, row: Row) -> list[Fault]:
        if self.choices.personal_numbers:
            return []
        return [
            fault_at(name, sentence("import.personal_number", masked=found[0].masked))
            for name, text in row.values.items()
            if isinstance(text, str) and (found := find_personal_numbers(text))
        ]

    def _may(self, row: Row, loader: Any) -> bool:
        """Whether whoever imports may open such a case: to others it is not told what has been imported."""
        about = (row.step, str(row.values.get("unit", "")))
        if about not in self._rights:
            try:
                found = self._decide(row, loader)
            except HjulError:
                return True
            self._rights[about] = not (isinstance(found, Refusal) and found.is_about_right)
        return self._rights[about]

    def _refused(self, row: Row, loader: Any) -> list[Fault]:
        try:
            decision = self._decide(row, loader)
        except HjulError as error:
            return [fault_at(DONE_AT, sentence(f"error.{error.kind}", **_said(error)))]
        if isinstance(decision, Decision):
            return []
        reasons = [
            fault_at(DONE_AT if reason.id == "step.in_future" else "", reason)
            for reason in decision.reasons if reason.id != "step.source"
        ]  # fmt: skip
        return [*decision.faults, *reasons] or [fault_at("", sentence("refused.head"))]

    def _note(self, row: Row, faults: Iterable[Fault]) -> None:
        for fault in faults:
            column = {KEY: self.reader.mapping.key, STEP: self.reader.mapping.step_column}.get(
                fault.field, self.reader.sources.get(fault.field, "")
            )
            value = self._shown(fault.field, row)
            why = fault.why
            if fault.choices:
                codes = tuple(code for code, _ in fault.choices)
                shown = (*codes[:MOST_CHOICES], "…") if len(codes) > MOST_CHOICES else codes
                why = sentence("import.choose", why=why, choices=shown)
            if not column and fault.field and fault.label.sv:
                why = sentence("import.no_column", field=fault.label, key=fault.field, why=why)
            self._found.setdefault((column or "", value, why), []).append(row.number)

    def _shown(self, name: str, row: Row) -> str:
        """What stands there, when nobody can have written anything of their own in it."""
        column = self.reader.process.fields.get(name)
        kind = column.type if column is not None else name
        if kind not in _SHOWN:
            return ""
        value = row.values.get(name)
        return value[:MOST_SHOWN] if isinstance(value, str) else ""

    # --- writing

    def write(self, told: Progress | None) -> None:
        """Open a case for each row that was found right.

        Raises:
            ImportRefusedError: Rights, units or the process changed since the rows were checked. What was written
                stays.
            StorageError: The database cannot be written.
        """
        total, done = self.ready, 0
        self.ready = 0
        for packed in self._packed:
            rows = [Row(*one) for one in orjson.loads(zlib.decompress(packed))]
            self._write_chunk(rows)
            done += len(rows)
            if told is not None:
                told(done, total)

    def _write_chunk(self, rows: list[Row]) -> None:
        end = self.decider.database.patience.until()
        while True:
            decisions = self._decided(rows)
            try:
                outcomes = self.decider.work.record_all(decisions, self.decider.library.stored())
            except ConcurrentChangeError:
                self.decider.database.patience.wait(end)
                continue
            break
        for outcome in outcomes:
            self._count(outcome)

    def _decided(self, rows: list[Row]) -> list[Decision]:
        decisions = []
        with self.decider.database.read() as session:
            loader = self.decider.loader(session)
            for row in rows:
                decision = self._decide(row, loader)
                if isinstance(decision, Refusal):
                    self._note(
                        row, [*decision.faults, *(fault_at("", reason) for reason in decision.reasons)]
                    )
                    raise ImportRefusedError(self.problems(), self.rows, 1, whole=False)
                decisions.append(decision)
        return decisions

    def _decide(self, row: Row, loader: Any) -> Decision | Refusal:
        decider = self.decider
        command = OpenCase(
            row.name, self.actor, process=self.reader.process.process, step=row.step, unit=None, values=row.values,
            occurred_at=instant_of(row.done_at, decider.zone, latest=decider.clock()),
            comment=f"Import {self.reader.import_id}, rad {row.number}",
        )  # fmt: skip
        while True:
            facts: Facts = loader.facts
            try:
                return decide(command, facts)
            except FactMissing as missing:
                loader.load(missing)

    def _count(self, outcome: Outcome) -> None:
        if outcome.repeated:
            self.already += 1
            return
        self.ready += 1
        reference = outcome.results[0].reference
        year = int(reference.split("-")[1])
        first, last, count = self.years.get(year, (reference, reference, 0))
        self.years[year] = (
            min(first, reference, key=_order), max(last, reference, key=_order), count + 1,
        )  # fmt: skip


def _order(reference: str) -> tuple[int, str]:
    """References as they were given: a number that has outgrown its four digits comes after those that have not."""
    return len(reference), reference


def _said(error: HjulError) -> dict[str, Any]:
    return {
        name: value
        for name, value in error.arguments().items()
        if isinstance(value, str | int | tuple | Words | Sentence)
    }
