"""Definitions: list, show, check, publish, parameters, diagram.

The shipped definitions lie in `processes/`; a file of one's own can be published too. What is published is an event
of the process's stream, and its document is kept for ever. It must not know any particular process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from engine.cases.access import SYSTEM, Viewer
from engine.cases.decision import Actor
from engine.cases.event import Acting
from engine.cases.reference import fold
from engine.cases.reorganisation import administrator
from engine.definition.check import check, warnings
from engine.definition.diagram import mermaid
from engine.definition.document import Document
from engine.definition.load import load_process
from engine.definition.model import Process
from engine.definition.own_codes import gone
from engine.definition.problem import Problem, in_order
from engine.errors import (
    DefinitionError,
    OlderVersionError,
    PrefixTakenError,
    UnknownProcessError,
    VersionTakenError,
)
from engine.language.sentence import sentence
from engine.service.deciding import Decider
from engine.service.recording import record_event
from engine.service.result import MustView, ParameterView, ProblemView, ProcessRow, Published
from engine.store import reading
from engine.store.database import Session
from engine.store.organisation import read_viewer
from engine.store.process import count_open

DiagramFormat: TypeAlias = Literal["mermaid", "svg"]


@dataclass(slots=True)
class ProcessService:
    """What is done with definitions. `shipped` is the folder with those that come with Hjul."""

    decider: Decider
    actor: Callable[[], Actor]
    shipped: Path

    def list(self) -> tuple[ProcessRow, ...]:
        """The newest published version of every process."""
        with self.decider.database.read() as session:
            counts, older = count_open(session), self.keep_older(session)
            return tuple(
                ProcessRow(
                    one.process, one.label, one.version, one.hash, one.published_at,
                    sum(counts.get(one.process, {}).values()),
                    sum(n for id_, n in counts.get(one.process, {}).items() if id_ in older),
                )
                for one in reading.list_definitions(session) if one.is_current
            )  # fmt: skip

    def keep_older(self, session: Session) -> frozenset[int]:
        """The definitions, by id, that open cases keep: the one in force demands what these never promised."""
        counts, library = count_open(session), self.decider.library
        published = reading.list_definitions(session)
        current = {one.process: one.hash for one in published if one.is_current}
        return frozenset(
            one.id for one in published
            if not one.is_current and one.id in counts.get(one.process, {})
            and library.in_force(session, one.hash, current).hash == one.hash
        )  # fmt: skip

    def show(self, key: str) -> bytes:
        """The newest published document of a process, to the byte.

        Raises:
            UnknownProcessError: It is not published.
        """
        return self._document(key).text

    def params(self, key: str) -> tuple[ParameterView, ...]:
        """The parameters of a published process.

        Raises:
            UnknownProcessError: It is not published.
        """
        document = self._document(key)
        found = []
        for name, declared in document.process.parameters.items():
            value = document.parameters.get(name, declared.default)
            default = self._default(document, name)
            found.append(
                ParameterView(
                    name, declared.label, declared.type, value, default, value != default,
                    declared.source.text if declared.source else None,
                )
            )  # fmt: skip
        return tuple(found)

    def musts(self, key: str) -> tuple[MustView, ...]:
        """What the law demands of a published process, and nobody may set.

        Raises:
            UnknownProcessError: It is not published.
        """
        found = self._document(key).process.musts
        return tuple(MustView(name, must.label, must.source.text) for name, must in found.items())

    def diagram(
        self, key: str, language: str, *, format: DiagramFormat = "mermaid", staying: bool = True
    ) -> str:
        """A process drawn, as Mermaid or SVG: a published one, a shipped one, or a file's.

        Args:
            key: The process, or a file.
            language: Of the labels.
            format: How it is drawn.
            staying: Whether the steps that do not change the status are told.

        Raises:
            DefinitionError: The file has problems.
            UnknownProcessError: It is none of these.
        """
        from engine.definition.drawing.svg import svg  # noqa: PLC0415  only for the one who draws

        draw = svg if format == "svg" else mermaid
        try:
            return draw(self._document(key).process, language, staying=staying)
        except UnknownProcessError:
            if key not in self.shipped_keys() and not _is_file(Path(key)):
                raise
            return draw(self.load(key).process, language, staying=staying)

    def check(self, file: str, set_params: Mapping[str, Any] | None = None) -> tuple[ProblemView, ...]:
        """Everything wrong with a definition as it would be published with parameters, and what to be warned of.

        Args:
            file: The file, or a shipped process.
            set_params: What parameters would be set to.

        Raises:
            ParameterError: A parameter cannot have that value.
            UnknownParameterError: The process has no such parameter.
        """
        try:
            document = self.load(file, set_params)
        except DefinitionError as error:
            return tuple(self._view(one) for one in error.problems)
        known = self._known()
        wrong = (*check(document, known), *self._wrong_papers(file, document), *self._gone(document, known))
        return tuple(self._view(one) for one in wrong) + tuple(
            self._view(one, is_warning=True) for one in warnings(document, known)
        )

    def publish(self, key: str, set_params: Mapping[str, Any] | None = None) -> Published:
        """Publish a shipped process, or a definition file. Parameters that were set before stay as they were.

        Raises:
            DefinitionError: It has problems, each with its place.
            ParameterError: A parameter cannot have that value.
            UnknownParameterError: The process has no such parameter.
            ByLawError: What is to be set is demanded by the law.
            UnpublishableError: Its prefix belongs to another process, or its version says something else already.
            NotAdministratorError: The actor may not.
            UnknownProcessError: There is neither a shipped process nor a file by that name.
        """
        acting, appointment = self._administrator()
        first = self.load(key)
        overrides = {**self._kept(first), **(set_params or {})}
        document = self.load(key, overrides) if overrides else first
        known = self._known()
        problems = (*check(document, known), *self._wrong_papers(key, document), *self._gone(document, known))
        if problems:
            raise DefinitionError(in_order(problems))
        self._check_prefix(document)
        warned = tuple(
            self._view(one, is_warning=True)
            for one in (*warnings(document, known), *self._openers(document, known))
        )
        with self.decider.database.read() as session:
            current = reading.current_definition(session, document.key)
        label = document.process.label
        if current is not None and current.hash == document.hash:
            return Published(
                document.key, label, document.version, document.hash, unchanged=True, warnings=warned
            )
        self._check_version(document)
        data = {"version": document.version, "hash": document.hash, "parameters": dict(document.parameters)}
        record_event(
            self.decider, self.decider.work, acting, ("process", document.key), "published", data,
            appointment=appointment, documents=[document],
        )  # fmt: skip
        return Published(
            document.key, label, document.version, document.hash, unchanged=False, warnings=warned
        )

    def load(self, key: str, overrides: Mapping[str, Any] | None = None) -> Document:
        """The document of a shipped process or of a file.

        Raises:
            UnknownProcessError: There is neither.
            DefinitionError: It has problems.
        """
        lists = self.shipped / "lists.yaml"
        if key in self.shipped_keys():
            return load_process(self.shipped / key / "process.yaml", lists, overrides or {})
        path = Path(key)
        if not _is_file(path):
            raise UnknownProcessError(key[:200], self.shipped_keys())
        own = path.parent / "lists.yaml"
        return load_process(path, own if own.is_file() else lists, overrides or {})

    def _wrong_papers(self, key: str, document: Document) -> Sequence[Problem]:
        """What is wrong with the papers that lie beside a definition."""
        from engine.documents.paper import FOLDER, check_papers  # noqa: PLC0415  needs Jinja2, which lists need not

        beside = self.shipped / key if key in self.shipped_keys() else Path(key).parent
        return check_papers(beside / FOLDER, document.process)

    def shipped_keys(self) -> tuple[str, ...]:
        """The processes that come with Hjul."""
        return tuple(sorted(path.parent.name for path in self.shipped.glob("*/process.yaml")))

    def in_order(self) -> tuple[str, ...]:
        """The shipped processes, each after those whose cases it opens, so that they can be published in turn."""
        waiting = {key: self.load(key).process for key in self.shipped_keys()}
        found: tuple[str, ...] = ()
        while waiting:
            ready = [
                key for key, process in waiting.items()
                if not _opened_by(process) & (set(waiting) - {key})
            ] or sorted(waiting)[:1]  # fmt: skip
            found += tuple(ready)
            waiting = {key: process for key, process in waiting.items() if key not in ready}
        return found

    # --- inside

    def _administrator(self) -> tuple[Acting, int | None]:
        actor = self.actor()
        with self.decider.database.read() as session:
            facts = self.decider.loader(session).facts
            viewer: Viewer = SYSTEM
            if actor.person is not None:
                viewer = read_viewer(session, actor.person, facts.today.isoformat())
        return administrator(viewer, facts.tree, actor.operator)

    def _document(self, key: str) -> Document:
        with self.decider.database.read() as session:
            stored = reading.current_definition(session, key)
            document = reading.load_document(session, stored.id) if stored else None
            if document is None:
                names = tuple(one.process for one in reading.list_definitions(session) if one.is_current)
                raise UnknownProcessError(key, names)
        return document

    def _known(self) -> dict[str, Process]:
        with self.decider.database.read() as session:
            return dict(self._current(session))

    def _current(self, session: Session) -> dict[str, Process]:
        return {
            one.process: self.decider.library.get(session, one.hash).process
            for one in reading.list_definitions(session) if one.is_current
        }  # fmt: skip

    def _kept(self, fresh: Document) -> dict[str, Any]:
        """The parameters that the published version has set to something else than its default, where they remain."""
        with self.decider.database.read() as session:
            stored = reading.current_definition(session, fresh.key)
            document = reading.load_document(session, stored.id) if stored else None
        if document is None:
            return {}
        return {
            name: value for name, value in document.parameters.items()
            if name in fresh.process.parameters and value != self._default(document, name)
        }  # fmt: skip

    def _default(self, document: Document, name: str) -> Any:
        """The default of a parameter as it stands when it is not set: what the same document without it would have."""
        from engine.definition.document import build  # noqa: PLC0415  only here

        content = document.content
        return build(content["process"], content["lists"], {}).parameters[name]

    def _gone(self, document: Document, known: Mapping[str, Process]) -> Sequence[Problem]:
        """The own codes that a new version would take away from cases: a code is retired, never removed."""
        before = known.get(document.key)
        found = gone(before.lists, document.process.lists) if before else ()
        name = next((key for key, one in document.process.parameters.items() if one.type == "own_codes"), "")
        return [
            document.places.problem(
                ("parameters", name, "value", "codes"),
                sentence("definition.own_code_gone", code=code, label=one.label),
                sentence("definition.hint.own_code_gone", code=code),
            )
            for code, one in found
        ]

    def _check_prefix(self, document: Document) -> None:
        """A prefix belongs to the process that first had it, however it is typed: its references are for ever.

        Raises:
            UnpublishableError: It is another's.
        """
        wanted = fold(document.process.reference)
        with self.decider.database.read() as session:
            for one in reading.list_definitions(session):
                had = self.decider.library.get(session, one.hash).process.reference
                if one.process != document.key and fold(had) == wanted:
                    raise PrefixTakenError(document.key, document.version)

    def _check_version(self, document: Document) -> None:
        """A version says one thing: only its parameters and the shared lists may differ when it is published again.

        Raises:
            UnpublishableError: It says another, or is older than the one in force.
        """
        with self.decider.database.read() as session:
            stored = reading.current_definition(session, document.key)
            before = reading.load_document(session, stored.id) if stored else None
        if before is not None and document.version < before.version:
            raise OlderVersionError(document.key, document.version, before.version)
        if before is None or before.version != document.version:
            return
        if before.content["process"] != document.content["process"]:
            raise VersionTakenError(document.key, document.version)

    def _view(self, problem: Problem, *, is_warning: bool = False) -> ProblemView:
        """A problem; the place of a shipped file is said without the folder it happens to lie in."""
        place = Path(problem.file)
        inside = problem.file and place.is_relative_to(self.shipped)
        file = str(place.relative_to(self.shipped.parent)) if inside else problem.file
        return ProblemView(file, problem.line, problem.column, problem.message, problem.hint, is_warning)

    def _openers(self, document: Document, known: Mapping[str, Process]) -> Sequence[Problem]:
        """What other published processes that open its cases, or count time from them, would find wrong with it."""
        others = {**known, document.key: document.process}
        found: Sequence[Problem] = ()
        for key, process in known.items():
            if key != document.key and (
                any(
                    opens.process == document.key
                    for step in process.steps.values()
                    for opens in step.opens_case
                )
                or any(
                    due.elsewhere.linked in document.process.links
                    for _, _, due in process.follows
                    if due.elsewhere
                )
            ):
                found = (*found, *check(self._document(key), others))
        return found


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # too long, or no name of a file at all
        return False


def _opened_by(process: Process) -> set[str]:
    return {opens.process for step in process.steps.values() for opens in step.opens_case}
