"""Runs files of commands (`command_file`) through the use cases, each by who did it and at the time it was done.

Only a training database has a clock that can be set. A command keeps its id from one run to the next, so that a
run which was stopped can be begun again and nothing is done twice. What is refused is told with its place, and the
rest goes on. This module must not know any process, nor the database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

from engine.calendar.zone import format_instant, to_utc
from engine.definition.problem import Problem
from engine.errors import (
    CommandsRefusedError,
    DuplicateError,
    HjulError,
    RefusedError,
    StorageError,
    TrainingClockError,
)
from engine.exchange.command_file import Item, read_folder, refusal_of, resolved
from engine.language.sentence import Argument, sentence
from engine.service.case import CaseService
from engine.service.result import StepResult
from engine.store.database import Database

Progress = Callable[[int, int], None]
"""Told how many items are done, of how many."""

TOGETHER: Final = 50
"""How many items one commit makes last, where a commit is slow."""


class Host(Protocol):
    """What the composition root gives to those who run commands: the use cases of cases, and its clock."""

    @property
    def cases(self) -> CaseService: ...  # noqa: D102
    @property
    def database(self) -> Database: ...  # noqa: D102
    @property
    def zone(self) -> ZoneInfo: ...  # noqa: D102
    def at(self, instant: str, login: str | None = None) -> AbstractContextManager[Any]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of the items: how many were done now, how many had been done before, what was refused and why."""

    done: int
    repeated: int = 0
    refused: tuple[Problem, ...] = ()

    def check(self) -> None:
        """Do nothing if nothing was refused.

        Raises:
            CommandsRefusedError: Something was; every refusal with file, line and reasons.
        """
        if self.refused:
            raise CommandsRefusedError(self.refused, self.done + self.repeated)


def run_commands(host: Host, folder: Path, progress: Progress | None = None) -> Summary:
    """Do everything that the `*.yaml` files of a folder say, in order of time.

    Args:
        host: The application, on a training database.
        folder: The folder.
        progress: Told from time to time, and at the end.

    Raises:
        CommandFileError: The files have problems; nothing has been done.
        TrainingClockError: It is no training database; nothing has been done.
        StorageError: The database cannot be read or written. What was told as done is kept; the run can be begun
            again.
    """
    items = read_folder(folder)
    run = _Run(host)
    for first in range(0, len(items), TOGETHER):
        part = items[first : first + TOGETHER]
        with host.database.gathered():
            for item in part:
                run.take(item)
        if progress is not None:
            progress(first + len(part), len(items))
    return Summary(run.done, run.repeated, tuple(run.refused))


@dataclass(slots=True)
class _Run:
    """One run: what the named cases and notes came to be called in the database."""

    host: Host
    references: dict[str, str] = field(default_factory=dict)
    notes: dict[str, int] = field(default_factory=dict)
    done: int = 0
    repeated: int = 0
    refused: list[Problem] = field(default_factory=list)

    def take(self, item: Item) -> None:
        """Do an item, or note why not."""
        lacking = sorted(item.names - self.references.keys())
        lacking += sorted({item.keys.get("corrects", "")} - {"", *self.notes})
        if lacking:
            self._refuse(item, sentence("commands.not_opened", names=tuple(lacking)))
            return
        try:
            instant = format_instant(to_utc(item.at, self.host.zone))
            with self.host.at(instant, item.login):
                results = self._do(item)
        except DuplicateError as error:
            if error.code != "command_id":
                raise
            self._refuse(item, sentence("commands.changed"))
        except (StorageError, TrainingClockError):
            raise
        except RefusedError as error:
            refusal = error.refusal
            faults = (
                sentence("commands.fault", label=fault.label, field=fault.field, why=fault.why)
                for fault in refusal.faults
            )
            self._refuse(item, *refusal.reasons, *faults)
        except HjulError as error:
            self._refuse(item, sentence(f"error.{error.kind}", **_said(error)))
        else:
            self._keep(item, results)

    def _do(self, item: Item) -> list[StepResult]:
        """Call the use case of the item, once for each case that it is done to."""
        cases, keys = self.host.cases, item.keys
        if item.verb == "new":
            values = resolved(keys.get("set", {}), self.references)
            source = keys.get("for")
            return [
                cases.open_case(
                    keys["new"], step=keys.get("step"), unit=keys.get("unit"), values=values,
                    link_to=self.references[source] if source else None, link_row=keys.get("row", ""),
                    comment=keys.get("comment"), occurred_at=keys.get("done_at"), command_id=item.id,
                )
            ]  # fmt: skip
        names = item.cases
        return [
            self._do_to(item, self.references[name], item.id if len(names) == 1 else f"{item.id}.{number}")
            for number, name in enumerate(names, 1)
        ]

    def _do_to(self, item: Item, case: str, command_id: str) -> StepResult:
        cases, keys = self.host.cases, item.keys
        match item.verb:
            case "step":
                return cases.take_step(
                    case, keys["step"], values=resolved(keys.get("set", {}), self.references),
                    comment=keys.get("comment"), occurred_at=keys.get("done_at"), command_id=command_id,
                )  # fmt: skip
            case "note":
                corrected = keys.get("corrects")
                return cases.add_entry(
                    case, keys["note"], keys["text"], keys["source"], judgement=keys.get("judgement") == "ja",
                    corrects=self.notes[corrected] if corrected else None, command_id=command_id,
                )  # fmt: skip
            case "amend":
                values = resolved(keys["amend"], self.references)
                return cases.amend(case, values, keys["reason"], command_id=command_id)
            case "assign":
                return cases.assign(case, keys["assign"], command_id=command_id)
            case "claim":
                return cases.claim(case, command_id=command_id)
            case "release":
                return cases.release(case, command_id=command_id)
            case _:
                return cases.link(case, keys["link"], self.references[keys["to"]], command_id=command_id)

    def _keep(self, item: Item, results: list[StepResult]) -> None:
        name, first = item.keys.get("name"), results[0]
        if name is not None and item.verb == "new":
            self.references[name] = first.reference
        elif name is not None and item.verb == "step":
            if first.opened:
                self.references[name] = first.opened[0].reference
        elif name is not None:
            self.notes[name] = first.seq
        if all(result.repeated for result in results):
            self.repeated += 1
        else:
            self.done += 1

    def _refuse(self, item: Item, *reasons: Argument) -> None:
        self.refused.append(refusal_of(item, reasons))


def _said(error: HjulError) -> Mapping[str, Any]:
    """What an error is said with; what is no argument of a sentence as text."""
    plain = (str, int, tuple)
    return {
        name: value if isinstance(value, plain) else str(value) for name, value in error.arguments().items()
    }
