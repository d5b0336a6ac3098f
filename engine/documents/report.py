"""What a report is: figures, tables, lists and texts declared as data over one process, and words for its page.

`report.yaml` declares them, `page.j2` beside it says in which order they stand. It must not know the store or any
report.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from engine.definition.model import Key, Label
from engine.definition.place import Places
from engine.definition.shape import validated
from engine.definition.yaml import read_sheet
from engine.errors import DefinitionError

STATE: Final = "$state"
Which: TypeAlias = Literal["ever", "period", "period_closed", "period_open", "open", "late"]
FieldName = Field(pattern=r"^\$?[a-z][a-z0-9_.]*$")


class Model(BaseModel):
    """Frozen, and refuses words it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Linked(Model):
    """The cases that are connected in a way with those of the period, but for some statuses."""

    kind: Key
    left_out: tuple[Key, ...] = ()


class Chosen(Model):
    """Which cases count, by fields that count.

    where: field -> the codes of which it has one; what lies under a code counts with it; `$state` is the status.
    lacks: fields without a value. dated: a field whose day lies in the period, instead of the day of the report.
    """

    where: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    lacks: tuple[str, ...] = ()
    dated: str | None = None

    @property
    def by(self) -> frozenset[str]:
        """The fields that it chooses by: being chosen tells something of them. The status tells nobody anything new."""
        return frozenset({*self.where, *self.lacks, *filter(None, (self.dated,))}) - {STATE}


class Figure(Chosen):
    """One number: of cases (`which`), of cases connected with them (`linked`), or days until a step (`days_to`).

    filled: only those with a value in this field. of: the figure that this one is a part of, so that it is said as a
    share too. The step of `days_to` must have a deadline, which remembers the day it was taken.
    """

    which: Which = "period"
    linked: Linked | None = None
    filled: str | None = None
    days_to: Key | None = None
    of: Key | None = None
    label: Label


class FigureTable(Model):
    """Counts per code of a field that counts, or per status (`$state`), unit (`$unit`) or month (`$month`).

    top: the branches of a tree are added up. chart: how it is drawn. linked: the field is that of connected cases.
    """

    field: str = FieldName
    label: Label
    top: bool = False
    chart: Literal["none", "bars", "lines"] = "none"
    linked: Linked | None = None


class TwoWayTable(Chosen):
    """Counts per code of one field and of another at once, with the sums of both.

    Each is a field with one value in a case, or `$state`, `$unit`, `$month`. top: the branches of a tree are added up.
    """

    rows: str = FieldName
    columns: str = FieldName
    label: Label
    top: bool = False


class CaseList(Chosen):
    """The cases that a figure counts, a row each: reference, title, status, days, holder; the oldest first.

    columns: fields that stand in place of days, nearest day and holder. Of a case whose chosen fields the reader may
    not read it is not told that it is chosen.
    """

    which: Which
    label: Label
    columns: tuple[str, ...] = ()

    @property
    def told(self) -> frozenset[str]:
        """The fields that the list tells something of: those it chooses by, and its columns."""
        return self.by | frozenset(self.columns)


class Texts(Model):
    """What stands in a field that is written to be read by others, of the cases that were closed in the period.

    beside: a coded field that is said with it. Cases under an access mark, and their reporters, are never among them.
    """

    field: str = FieldName
    beside: tuple[str, ...] = ()
    label: Label


class ReportDefinition(Model):
    """A report. compare: the period before, and the same period a year before, stand beside this one's."""

    report: Key
    version: int = Field(ge=1)
    label: Label
    process: Key
    compare: bool = False
    figures: dict[Key, Figure] = Field(default_factory=dict)
    tables: dict[Key, FigureTable] = Field(default_factory=dict)
    two_way: dict[Key, TwoWayTable] = Field(default_factory=dict)
    lists: dict[Key, CaseList] = Field(default_factory=dict)
    texts: dict[Key, Texts] = Field(default_factory=dict)
    words: dict[Key, Label] = Field(default_factory=dict)


def load_report(path: Path) -> ReportDefinition:
    """The report of a file.

    Raises:
        DefinitionError: The file has problems.
    """
    sheet = read_sheet(path.read_bytes(), str(path))
    found, problems = validated(ReportDefinition, sheet.tree, Places(sheet))
    if found is None or sheet.problems:
        raise DefinitionError((*sheet.problems, *problems))
    return found
