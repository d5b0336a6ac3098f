"""A line of somebody's table as a row to import: which field each cell goes to, and what it says there.

What is wrong with the writing of a cell is told here; what is wrong with its value, by whoever decides. It must not
know the database.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from engine.calendar.spoken import read_when
from engine.cases.decision import Fault
from engine.definition.model import Process
from engine.errors import DoubledColumnError, ImportStepError, MissingColumnError
from engine.exchange.mapping import DONE_AT, Map, Target
from engine.exchange.spreadsheet import Line
from engine.language.alphabet import fold
from engine.language.sentence import Sentence, Words, sentence

EXCEL_BEGAN: Final = date(1899, 12, 30)
MOST_SHOWN: Final = 60
KEY: Final = "$key"
STEP: Final = "$step"
_SERIAL: Final = re.compile(r"(\d{5})(?:\.\d+)?")
_NUMBERS: Final = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(?=$|[\sT])")
_YEAR: Final = re.compile(r"\d{4}|^\d{6}$|\d{1,2}[./-]\d{1,2}[./-]\d{2}\b")
_UNKNOWN: Final = frozenset(
    {"?", "vet inte", "vet ej", "okant", "okand", "ej kant", "unknown", "don't know", "not known"}
)
_DATED: Final = ("date", "datetime")


@dataclass(frozen=True, slots=True)
class Row:
    """A row as a command: its number, what names it, the opening step, when the act was done, and raw values."""

    number: int
    name: str
    step: str
    done_at: str | None
    values: Mapping[str, Any]


class RowReader:
    """Makes rows of lines, by a map."""

    def __init__(
        self, process: Process, mapping: Map, headings: tuple[str, ...], step: str | None, digest: str
    ) -> None:
        """Find the columns.

        Raises:
            MissingColumnError: The map speaks of a column that the table has not.
            DoubledColumnError: The table has it twice.
            ImportStepError: It is not said which opening step is meant.
        """
        self.process: Final = process
        self.mapping: Final = mapping
        self.import_id: Final = hashlib.sha256(f"{digest}\n{mapping!r}".encode()).hexdigest()[:8]
        self._digest: Final = digest
        places = {fold(heading): place for place, heading in enumerate(headings)}
        wanted = [*mapping.columns, *filter(None, (mapping.key, mapping.step_column))]
        lacking = [heading for heading in wanted if fold(heading) not in places]
        if lacking:
            raise MissingColumnError(tuple(lacking), headings)
        twice = [one for one in wanted if sum(fold(heading) == fold(one) for heading in headings) > 1]
        if twice:
            raise DoubledColumnError(tuple(twice))
        self._columns: Final = [
            (places[fold(name)], name, targets) for name, targets in mapping.columns.items()
        ]
        self._key: Final = places[fold(mapping.key)] if mapping.key else None
        self._step_at: Final = places[fold(mapping.step_column)] if mapping.step_column else None
        self._steps: Final = {fold(said): to for said, to in mapping.step_values.items()}
        self._step: Final = step or mapping.step or self._only_step()
        sources: dict[str, list[str]] = {}
        for _, name, targets in self._columns:
            for target in targets:
                sources.setdefault(target.to, []).append(name)
        self.sources: Final = {name: " + ".join(found) for name, found in sources.items()}

    def _only_step(self) -> str:
        steps = self.process.opening_steps
        if len(steps) > 1 and self._step_at is None:
            raise ImportStepError(self.process.label, steps)
        return steps[0]

    def row(self, line: Line, today: date) -> tuple[Row, list[Fault]]:
        """A line as a row, and what is wrong with it before anything is decided."""
        faults: list[Fault] = []
        texts: dict[str, list[tuple[str, str]]] = {}
        if line.surplus:
            faults.append(fault_at("", sentence("import.surplus")))
        for place, heading, targets in self._columns:
            cell = line.cells[place]
            for target in targets if cell else ():
                texts.setdefault(target.to, []).append((heading, self._said(target, cell, today, faults)))
        values: dict[str, Any] = dict(self.mapping.always)
        values |= {name: self._joined(name, parts) for name, parts in texts.items()}
        done_at = values.pop(DONE_AT, None)
        if done_at == "":
            done_at = None
        return Row(
            line.number, self._name(line, faults), self._step_of(line, faults), done_at, values
        ), faults

    def _said(self, target: Target, cell: str, today: date, faults: list[Fault]) -> str:
        """What a cell says to its field: mapped, a day written as ours are, "vet inte" as unknown."""
        text = target.value(cell)
        known = self.process.fields.get(target.to)
        kind = "datetime" if target.to == DONE_AT else known.type if known is not None else target.to
        if known is not None and known.unknown == "allowed" and fold(text[:20]) in _UNKNOWN:
            return "?"
        if kind not in _DATED or not text:
            return text
        day = written_day(text, self.mapping.dates, today)
        if day is None:
            faults.append(fault_at(target.to, sentence("import.no_day", said=text[:MOST_SHOWN])))
            return ""
        return day

    def _joined(self, name: str, parts: list[tuple[str, str]]) -> Any:
        known = self.process.fields.get(name)
        if len(parts) == 1:
            return parts[0][1]
        if known is not None and known.type == "choices":
            return ",".join(text for _, text in parts)
        if known is not None and known.type == "text":
            return "\n\n".join(f"{heading}: {text}" for heading, text in parts)
        return parts[0][1]

    def _step_of(self, line: Line, faults: list[Fault]) -> str:
        if self._step_at is None:
            return self._step
        said = line.cells[self._step_at]
        found = self._steps.get(fold(said))
        if found is None:
            faults.append(fault_at(STEP, sentence("import.no_step", said=said[:MOST_SHOWN])))
        return found or self._step

    def _name(self, line: Line, faults: list[Fault]) -> str:
        """What makes the row the same row the next time."""
        if self._key is None:
            said = f"{self._digest}\n{line.number}"
        else:
            key = line.cells[self._key]
            if not key:
                faults.append(fault_at(KEY, sentence("import.no_key")))
            said = f"{fold(self.mapping.origin)}\n{key}"
        text = f"{self.process.process}\n{said}"
        return f"import:{hashlib.sha256(text.encode()).hexdigest()[:40]}"


def written_day(text: str, order: str, today: date) -> str | None:
    """A day, or day and time, as it stands in somebody's table: ISO on the wall; None when it is none, or has no year.

    Args:
        text: "2019-03-05 08:30", "5/3 2019", "05.03.2019", "5 mars 2019", "20190305", 43529 (as Excel counts days).
        order: Whether "5/3/2019" has the `day` or the `month` first.
        today: Not used for what has a year, which all must have.
    """
    text = " ".join(text.split())
    if found := _SERIAL.fullmatch(text):
        return (EXCEL_BEGAN + timedelta(days=int(found[1]))).isoformat()
    if found := _NUMBERS.match(text):
        first, second, year = (int(part) for part in found.groups())
        day, month = (first, second) if order == "day" else (second, first)
        text = f"{year + 2000 if year < 100 else year:04}-{month:02}-{day:02}{text[found.end() :]}"
    if not _YEAR.search(text):
        return None
    return read_when(text.replace("T", " "), today)


def fault_at(name: str, why: Sentence) -> Fault:
    """What is wrong with what goes to a field."""
    return Fault(name, Words(name, name), why)
