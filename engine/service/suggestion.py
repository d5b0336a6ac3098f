"""Suggestions for the year wheel: shipped plans with their sources, which a plan can begin from.

They are data (`processes/schedules.yaml`). It must not know which there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from engine.calendar.cadence import rule_of
from engine.definition.base import Label
from engine.definition.model import Key, Source
from engine.definition.place import Places
from engine.definition.shape import validated
from engine.definition.yaml import read_sheet
from engine.errors import DefinitionError, UnknownSuggestionError
from engine.language.naming import nearest_key
from engine.language.sentence import Words
from engine.store import reading
from engine.store.database import Database

FILE: Final = "schedules.yaml"


class Suggestion(BaseModel):
    """A plan as it could be; the day is the law's own (`law`) or not."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Label
    process: Key
    every: str
    on: tuple[str, ...] = ()
    kind: Literal["law", "own"] = "own"
    before: int = Field(default=0, ge=0)
    source: Source


@dataclass(frozen=True, slots=True)
class SuggestionRow:
    """A suggestion in the list, and whether the process that it wants is published."""

    key: str
    name: Words
    process: str
    source: str
    is_there: bool
    rule: str


def load_suggestions(folder: Path) -> dict[str, Suggestion]:
    """The suggestions of a folder.

    Raises:
        DefinitionError: The file has problems.
    """
    path = folder / FILE
    sheet = read_sheet(path.read_bytes(), str(path))
    found, problems = validated(dict[Key, Suggestion], sheet.tree, Places(sheet))
    if found is None or sheet.problems:
        raise DefinitionError((*sheet.problems, *problems))
    return found


@dataclass(slots=True)
class SuggestionService:
    """Lists the suggestions of a folder, and says what a plan that begins from one is."""

    database: Database
    folder: Path

    def list(self) -> tuple[SuggestionRow, ...]:
        """Every suggestion, in the order of the file.

        Raises:
            StorageError: The database cannot be read.
        """
        with self.database.read() as session:
            published = {one.process for one in reading.list_definitions(session) if one.is_current}
        return tuple(
            SuggestionRow(
                key,
                one.name,
                one.process,
                one.source.text,
                one.process in published,
                rule_of(one.every, one.on),
            )
            for key, one in load_suggestions(self.folder).items()
        )

    def said(self, key: str, language: str) -> dict[str, Any]:
        """What a suggestion says of a plan, as `ScheduleService.add` takes it.

        Raises:
            UnknownSuggestionError: There is none by that name.
        """
        known = load_suggestions(self.folder)
        found = known.get(key)
        if found is None:
            raise UnknownSuggestionError(key[:60], nearest_key(key, known))
        return {
            "name": found.name.in_(language), "process": found.process, "every": found.every, "on": list(found.on),
            "law": found.kind == "law", "opens_before": found.before, "source": found.source.text,
        }  # fmt: skip
