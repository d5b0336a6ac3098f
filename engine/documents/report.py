"""What a report is: figures and tables declared as data over one process. It must not know the store or any report."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from engine.definition.model import Key, Label
from engine.definition.place import Places
from engine.definition.shape import validated
from engine.definition.yaml import read_sheet
from engine.errors import DefinitionError


class Model(BaseModel):
    """Frozen, and refuses words it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Figure(Model):
    """A count of cases (`engine.store.figure.count` says which)."""

    which: Literal["period", "period_closed", "period_open", "open", "late"]
    label: Label


class FigureTable(Model):
    """Counts per code of a field that counts, or per state (`$state`); `top` adds up the branches of a tree."""

    field: str = Field(pattern=r"^\$?[a-z][a-z0-9_.]*$")
    label: Label
    top: bool = False


class ReportDefinition(Model):
    """A report: its process, its figures and its tables."""

    report: Key
    version: int = Field(ge=1)
    label: Label
    process: Key
    figures: dict[Key, Figure]
    tables: dict[Key, FigureTable] = Field(default_factory=dict)


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
