"""Whether a definition is sound: what it names is there, every case can end, nothing is in vain.

`check` tells all problems together; a definition with problems must not be published. `warnings` tells what
will work when something else is published. It must not know files (`load` does) or any particular process.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.definition.document import Document
from engine.definition.load import load_process
from engine.definition.model import Process
from engine.definition.problem import Problem, closest, in_order
from engine.definition.soundness.effect import inspect_effects, unknown_processes
from engine.definition.soundness.field import inspect_fields
from engine.definition.soundness.guard import inspect_guards
from engine.definition.soundness.name import inspect_names
from engine.definition.soundness.role import inspect_roles
from engine.definition.soundness.state import inspect_states
from engine.definition.soundness.step import inspect_steps
from engine.definition.soundness.survey import Survey
from engine.errors import DefinitionError

INSPECTIONS = (
    inspect_names, inspect_roles, inspect_fields, inspect_steps, inspect_states, inspect_guards,
    inspect_effects,
)  # fmt: skip


def check(document: Document, known: Mapping[str, Process] | None = None) -> list[Problem]:
    """All that makes a definition unsound, in the order of the file.

    Args:
        document: What would be published.
        known: The newest published version of every other process, for what steps open and links ask about.
    """
    survey = _survey(document, known)
    for inspect in INSPECTIONS:
        inspect(survey)
    return list(in_order(survey.found))


def warnings(document: Document, known: Mapping[str, Process] | None = None) -> list[Problem]:
    """What does not hinder publishing: cases of processes that are not published yet cannot be opened."""
    survey = _survey(document, known)
    for at, opens in unknown_processes(survey):
        near = closest(opens.process, survey.known)
        hint = near if near is not None and near.id == "definition.did_you_mean" else None
        survey.say(at, "opens_unpublished", hint, process=opens.process)
    return list(in_order(survey.found))


def check_file(
    path: Path,
    lists_path: Path | None = None,
    overrides: Mapping[str, Any] | None = None,
    known: Mapping[str, Process] | None = None,
) -> tuple[Document | None, list[Problem]]:
    """The document of a process file, if it could be read, and all problems of it.

    Raises:
        UnknownParameterError: An override names no parameter of the process.
        ParameterError: An override is not accepted.
    """
    try:
        document = load_process(path, lists_path, overrides)
    except DefinitionError as error:
        return None, list(error.problems)
    return document, check(document, known)


def _survey(document: Document, known: Mapping[str, Process] | None) -> Survey:
    tree = document.content["process"]
    others = {key: process for key, process in (known or {}).items() if key != document.key}
    return Survey(document.process, document.places, tree, others)
