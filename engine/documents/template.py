"""Templates: Jinja2 text in a small Markdown, in a sandbox, that becomes blocks of a content tree.

What a template says itself is markup: `## heading`, `- item`, `1. item`, `> note`, `!> warning`, `<<<` for a new page,
`**strong**`, `*emphasis*`, `[text](address)`; an empty line ends a paragraph. What comes through `{{ }}` is never
markup: a text becomes that text, a block becomes that block (docs/decisions). Nothing that somebody wrote passes
through a parser. It must not know what is rendered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from jinja2 import StrictUndefined, TemplateSyntaxError, meta, nodes, pass_context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from engine.documents.tree import (
    Block,
    Facts,
    Figure,
    Heading,
    Items,
    Line,
    Note,
    PageBreak,
    Paragraph,
    Run,
    Table,
    text_of,
)

BLOCKS: Final = (Heading, Paragraph, Items, Facts, Table, Figure, Note, PageBreak)
_OPEN, _CLOSE = "\ue000", "\ue001"
_HELD: Final = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_ALONE: Final = re.compile(f"\\s*{_OPEN}(\\d+){_CLOSE}\\s*")
_HEADING: Final = re.compile(r"(#{2,4})(?: +(.*))?")
_ITEM: Final = re.compile(r"(-|\d+\.)(?: +(.*)|$)")
_NOTE: Final = re.compile(r"(!?>)(?: +(.*))?")
_MARK: Final = re.compile(
    r"\*\*(?P<strong>.+?)\*\*(?!\*)|\*(?P<emphasis>.+?)\*|\[(?P<text>[^\]]+)\]\((?P<link>[^)\s]+)\)"
)
BREAK: Final = "<<<"


def compose(source: str, content: Mapping[str, Any]) -> tuple[Block, ...]:
    """The blocks of a template with its content; a name that is not given is an error."""
    held = _Held()
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, finalize=held.keep, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )  # nothing is HTML here: what comes through is held beside the text
    text = environment.from_string(source).render(**content)
    blocks = [block for part in _parts(text) for block in held.blocks_of(part) if not _is_empty(block)]
    return _without_empty_parts(_joined(blocks))


def _joined(blocks: list[Block]) -> list[Block]:
    """The blocks, names and what they are that follow each other made one list."""
    found: list[Block] = []
    for block in blocks:
        last = found[-1] if found else None
        if isinstance(block, Facts) and isinstance(last, Facts):
            found[-1] = Facts(last.rows + block.rows)
        else:
            found.append(block)
    return found


def _without_empty_parts(blocks: list[Block]) -> tuple[Block, ...]:
    """The blocks but for headings with nothing under them."""
    found: list[Block] = []
    next_level: int | None = 0  # of the heading that follows; nought at the end, above every other
    for block in reversed(blocks):
        if isinstance(block, Heading):
            if next_level is not None and next_level <= block.level:
                continue
            next_level = block.level
        else:
            next_level = None
        found.append(block)
    return tuple(reversed(found))


@dataclass(frozen=True, slots=True)
class TemplateFault:
    """What is wrong in a template: the line, and which kind (`syntax`, `name`, `field`) of what."""

    line: int
    kind: str
    what: str


def faults_of(
    source: str, names: Iterable[str], called: Mapping[str, Iterable[str]]
) -> tuple[TemplateFault, ...]:
    """Everything wrong with a template, found without rendering it.

    Args:
        source: The template.
        names: What it may speak of.
        called: Function -> what may be asked of it by name: `facts("handelse")`.
    """
    environment = ImmutableSandboxedEnvironment()
    try:
        tree = environment.parse(source)
    except TemplateSyntaxError as error:
        return (TemplateFault(error.lineno, "syntax", error.message or ""),)
    unknown = meta.find_undeclared_variables(tree) - set(names)
    found = {
        TemplateFault(node.lineno, "name", node.name)
        for node in tree.find_all(nodes.Name)
        if node.name in unknown
    }
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in called:
            accepted = set(called[call.node.name])
            found |= {
                TemplateFault(call.lineno, "field", argument.value)
                for argument in call.args
                if isinstance(argument, nodes.Const)
                and isinstance(argument.value, str)
                and argument.value not in accepted
            }
    for kind in (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends):
        found |= {TemplateFault(node.lineno, "syntax", kind.__name__.lower()) for node in tree.find_all(kind)}
    return tuple(sorted(found, key=lambda one: (one.line, one.kind, one.what)))


@dataclass
class _Held:
    """The values that came through a template, in order; its text holds their numbers."""

    values: list[Any] = field(default_factory=list)

    @pass_context
    def keep(self, context: Any, value: Any) -> str:
        """Keep a value beside the text. That it asks for the context keeps Jinja from doing it beforehand."""
        del context
        if value is None or value in ("", ()):
            return ""
        self.values.append(value)
        return f"{_OPEN}{len(self.values) - 1}{_CLOSE}"

    def blocks_of(self, part: str) -> Iterator[Block]:
        """The blocks of one part of the text."""
        alone = _ALONE.fullmatch(part)
        if alone and (blocks := _as_blocks(self.values[int(alone.group(1))])) is not None:
            yield from blocks
        elif part.strip() == BREAK:
            yield PageBreak()
        elif heading := _HEADING.fullmatch(part):
            yield Heading(len(heading.group(1)), self._line(heading.group(2) or ""))
        elif note := _NOTE.fullmatch(part):
            yield Note(self._line(note.group(2) or ""), "note" if note.group(1) == ">" else "warning")
        elif _ITEM.match(part):
            rows = [match for match in (_ITEM.fullmatch(row) for row in part.split("\n")) if match]
            yield Items(
                tuple(self._line(row.group(2) or "") for row in rows), ordered=rows[0].group(1) != "-"
            )
        else:
            yield Paragraph(self._line(part))

    def _line(
        self, text: str, *, strong: bool = False, emphasis: bool = False, link: str | None = None
    ) -> Line:
        found: list[Run] = []
        place = 0
        for match in _MARK.finditer(text):
            found += self._runs(text[place : match.start()], strong=strong, emphasis=emphasis, link=link)
            inside = match.group("strong") or match.group("emphasis") or match.group("text")
            found += self._line(
                inside,
                strong=strong or match.group("strong") is not None,
                emphasis=emphasis or match.group("emphasis") is not None,
                link=self._address(match.group("link")) if match.group("link") else link,
            )
            place = match.end()
        return (*found, *self._runs(text[place:], strong=strong, emphasis=emphasis, link=link))

    def _runs(self, text: str, *, strong: bool, emphasis: bool, link: str | None) -> Line:
        """Plain runs; a value that is a line keeps its own marks."""
        found: list[Run] = []
        place = 0
        for match in (*_HELD.finditer(text), None):
            said = text[place : match.start() if match else len(text)]
            if said:
                found.append(Run(re.sub(r"\s+", " ", said), strong, emphasis, link))
            if match is None:
                break
            value = self.values[int(match.group(1))]
            if isinstance(value, tuple) and all(isinstance(one, Run) for one in value):
                found += value
            else:
                found.append(Run(str(value), strong, emphasis, link))
            place = match.end()
        return tuple(found)

    def _address(self, text: str) -> str:
        return _HELD.sub(lambda match: str(self.values[int(match.group(1))]), text)


def _as_blocks(value: Any) -> tuple[Block, ...] | None:
    if isinstance(value, BLOCKS):
        return (value,)
    if isinstance(value, tuple | list) and value and all(isinstance(one, BLOCKS) for one in value):
        return tuple(value)
    return None


def _parts(text: str) -> Iterator[str]:
    """The text cut into blocks: by empty lines, and before and after what stands on a line of its own."""
    waiting: list[str] = []

    def flush() -> Iterator[str]:
        if waiting:
            yield "\n".join(waiting)
            waiting.clear()

    for row in text.split("\n"):
        stripped = row.strip()
        is_item = _ITEM.match(stripped) is not None
        was_item = bool(waiting) and _ITEM.match(waiting[0]) is not None
        is_own = bool(
            _HEADING.match(stripped)
            or _NOTE.match(stripped)
            or stripped == BREAK
            or _ALONE.fullmatch(stripped)
        )
        if not stripped or is_own or is_item != was_item:
            yield from flush()
        if is_own:
            yield stripped
        elif stripped:
            waiting.append(stripped)
    yield from flush()


def _is_empty(block: Block) -> bool:
    match block:
        case Heading(_, runs) | Paragraph(runs) | Note(runs, _):
            return not text_of(runs).strip()
        case Items(items, _):
            return not items
        case Facts(rows):
            return not rows
        case _:
            return False
