"""What a paper of a process is: a declaration beside its template, and what is wrong with the two.

`documents/KEY.yaml` names it and holds its words in both languages, `documents/KEY.j2` says what stands in it. It must
not know the store or any process.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from engine.definition.model import Key, Label, Process
from engine.definition.place import Places
from engine.definition.problem import Problem, closest
from engine.definition.shape import validated
from engine.definition.yaml import read_sheet
from engine.documents.template import TemplateFault, faults_of
from engine.errors import DefinitionError
from engine.language.sentence import sentence

FOLDER: Final = "documents"
REPORTER: Final = "reporter"
EVERYBODY: Final = "everybody"
"""Of `hides`: whoever opened the case; everybody whose name stands anywhere in it."""
NAMES: Final = frozenset(
    {
        "case", "words", "head", "facts", "rest", "field", "tables", "entries", "deadlines", "history", "linked",
        "reading", "fact_rows", "filled", "today", "taken_on", "taken_by", "acts", "akt", "files", "papers",
        "authority", "signature", "code", "called", "table", "rows",
    }
)  # fmt: skip
"""What a template of a case may speak of (`engine.service.paper`)."""
ABOUT_FIELDS: Final = ("facts", "rest", "field", "tables", "filled", "code")
"""Those of them that are asked for fields by name."""
ABOUT_STEPS: Final = ("taken_on", "taken_by", "acts")
"""Those that are asked for steps."""


class PaperDeclaration(BaseModel):
    """A paper: its key, its name, and the words that its template takes from here.

    letter: it is headed by what it is and whose, not by the case. kept: it belongs in the case, so whoever writes it
    without keeping it is reminded. hides: fields that hold the name of somebody, `reporter` or `everybody`: those names
    stand nowhere on the paper, whoever wrote them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    document: Key
    version: int = Field(ge=1)
    label: Label
    kept: bool = False
    letter: bool = False
    hides: tuple[Key, ...] = ()
    words: dict[Key, Label] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper with its template.

    digest: SHA-256 of both files, the declaration before the template: `cat beslut.yaml beslut.j2 | sha256sum`.
    """

    declaration: PaperDeclaration
    template: str
    file: Path
    digest: str


def list_papers(folder: Path) -> tuple[Path, ...]:
    """The declarations in a folder of papers, by key; none when there is no such folder."""
    return tuple(sorted(folder.glob("*.yaml"))) if folder.is_dir() else ()


def load_paper(path: Path) -> Paper:
    """The paper of a declaration, with the template beside it.

    Raises:
        DefinitionError: The declaration has problems, or there is no template.
    """
    said = path.read_bytes()
    sheet = read_sheet(said, str(path))
    found, problems = validated(PaperDeclaration, sheet.tree, Places(sheet))
    if found is None or sheet.problems:
        raise DefinitionError((*sheet.problems, *problems))
    template = path.with_suffix(".j2")
    if not template.is_file():
        raise DefinitionError(
            (Problem(str(path), 1, 1, sentence("definition.paper_no_template", file=template.name)),)
        )
    written = template.read_bytes()
    return Paper(found, written.decode(), template, sha256(said + written).hexdigest())


def check_papers(folder: Path, process: Process) -> tuple[Problem, ...]:
    """Everything wrong with the papers of a process: what is misspelt, missing, or speaks of no field."""
    return tuple(problem for path in list_papers(folder) for problem in _problems(path, process))


def _problems(path: Path, process: Process) -> Iterator[Problem]:
    try:
        paper = load_paper(path)
    except DefinitionError as error:
        yield from error.problems
        return
    if paper.declaration.document != path.stem:
        yield Problem(str(path), 1, 1, sentence("definition.paper_other_key", key=path.stem))
    links: Collection[str] = process.links
    people = {REPORTER, EVERYBODY, *process.fields}
    for name in paper.declaration.hides:
        if name not in people:
            yield Problem(
                str(path), 1, 1, sentence("definition.paper_field", what=name), closest(name, people)
            )
    called: Mapping[str, Collection[str]] = {
        **dict.fromkeys(ABOUT_FIELDS, process.fields), **dict.fromkeys(ABOUT_STEPS, process.steps),
        **dict.fromkeys(("table", "rows"), frozenset({*process.fields, *_columns(process)})),
        "called": {*process.fields, *process.steps, *process.headings}, "entries": process.headings,
        "linked": links, "words": paper.declaration.words,
    }  # fmt: skip
    for fault in faults_of(paper.template, NAMES, called):
        yield _said(paper, fault, {*process.fields, *process.steps, *links, *paper.declaration.words})


def _columns(process: Process) -> Iterator[str]:
    return (column for field in process.fields.values() for column in field.columns)


def _said(paper: Paper, fault: TemplateFault, accepted: Collection[str]) -> Problem:
    hint = (
        closest(fault.what, NAMES if fault.kind == "name" else accepted) if fault.kind != "syntax" else None
    )
    return Problem(
        str(paper.file),
        fault.line,
        1,
        sentence(f"definition.paper_{fault.kind}", what=fault.what[:120]),
        hint,
    )
