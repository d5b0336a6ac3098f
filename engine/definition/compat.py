"""Whether running cases may adopt a new version of their process at their next event.

They may when it only adds and requires nothing new in what they may already have passed (design.md section
3). The comparison is careful: what it does not know to be harmless counts as a difference, and then cases
stay with the version they were opened under. It must not know cases.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from engine.definition.condition import ByLaw, Known
from engine.definition.model import (
    ROLES,
    Ask,
    CodeList,
    Column,
    Due,
    FieldDefinition,
    ListedCode,
    Process,
    State,
    Step,
)
from engine.language.sentence import Sentence, Words, sentence

SAME_IN_STEP: Final = (
    "opens", "to", "stays", "automatic", "reopens", "adds_row", "writes_entry", "opens_case", "link_for",
    "hands_over", "returns", "sets", "marks", "shown_to",
)  # fmt: skip
SAME_IN_COLUMN: Final = ("type", "list", "statistics", "computed", "link", "past")


def is_compatible(old: Process, new: Process) -> bool:
    """Whether every running case of the old version can go on under the new one."""
    return not why_not(old, new)


def why_not(old: Process, new: Process) -> tuple[Sentence, ...]:
    """What in the new version a running case of the old one could not adopt; empty when it can."""
    return tuple(_differences(old, new))


def _differences(old: Process, new: Process) -> Iterator[Sentence]:
    for name in ("process", "reference", "happened"):
        if getattr(old, name) != getattr(new, name):
            yield sentence("compat.changed_top", name=name)
    yield from _gone("field", old.fields, new.fields)
    yield from _gone("state", old.states, new.states)
    yield from _gone("step", old.steps, new.steps)
    yield from _gone("list", old.lists, new.lists)
    yield from _gone("mark", old.marks, new.marks)
    yield from _unlabelled("role", old.roles, new.roles)
    yield from _unlabelled("heading", old.headings, new.headings)
    yield from _unlabelled("link", old.links, new.links)
    for key, field in _both(old.fields, new.fields):
        yield from _field(field, new.fields[key])
    for key, state in _both(old.states, new.states):
        yield from _state(state, new.states[key])
    for key, step in _both(old.steps, new.steps):
        yield from _step(key, step, new.steps[key], old, new)
    for key, codes in _both(old.lists, new.lists):
        if key != ROLES:  # only words: which roles there are is said by the process
            yield from _codes(codes, new.lists[key])
    for key, mark in _both(old.marks, new.marks):
        if (mark.admits, mark.keeps_for) != (new.marks[key].admits, new.marks[key].keeps_for):
            yield sentence("compat.changed_mark", name=mark.label)
    for role, level in _both(old.roles, new.roles):
        if level != new.roles[role]:
            yield sentence("compat.changed_role", name=role)


def _both(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((key, value) for key, value in old.items() if key in new)


def _gone(what: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Sentence]:
    return (sentence(f"compat.no_{what}", name=value.label) for key, value in old.items() if key not in new)


def _unlabelled(what: str, old: Iterable[str], new: Iterable[str]) -> Iterator[Sentence]:
    return (sentence(f"compat.no_{what}", name=key) for key in old if key not in new)


def _field(old: FieldDefinition, new: FieldDefinition) -> Iterator[Sentence]:
    yield from _column(old, new, old.label)
    if old.shown_to != new.shown_to:
        yield sentence("compat.changed_field", name=old.label, what="shown_to")
    for key, column in old.columns.items():
        if key not in new.columns:
            yield sentence("compat.no_column", name=column.label, field=old.label)
        else:
            yield from _column(column, new.columns[key], column.label)
            if new.columns[key].required and not column.required:
                yield sentence("compat.required_column", name=column.label, field=old.label)
    for key, column in new.columns.items():
        if key not in old.columns and column.required:
            yield sentence("compat.required_column", name=column.label, field=old.label)


def _column(old: Column, new: Column, label: Words) -> Iterator[Sentence]:
    """What a value that the case already has may not meet."""
    for name in SAME_IN_COLUMN:
        if getattr(old, name) != getattr(new, name):
            yield sentence("compat.changed_field", name=label, what=name)
    if old.unknown and not new.unknown:
        yield sentence("compat.changed_field", name=label, what="unknown")
    if new.minimum is not None and (old.minimum is None or old.minimum < new.minimum):
        yield sentence("compat.changed_field", name=label, what="minimum")
    if new.maximum is not None and (old.maximum is None or old.maximum > new.maximum):
        yield sentence("compat.changed_field", name=label, what="maximum")


def _state(old: State, new: State) -> Iterator[Sentence]:
    for name in ("final", "locks", "counted", "undone"):
        if getattr(old, name) != getattr(new, name):
            yield sentence("compat.changed_state", name=old.label, what=name)


def _step(key: str, old: Step, new: Step, before: Process, after: Process) -> Iterator[Sentence]:
    for name in SAME_IN_STEP:
        if getattr(old, name) != getattr(new, name):
            yield sentence("compat.changed_step", name=old.label, what=name)
    if new.once and not old.once:
        yield sentence("compat.changed_step", name=old.label, what="once")
    if not set(before.sources[key]) <= set(after.sources[key]):
        yield sentence("compat.changed_step", name=old.label, what="from")
    if any(who not in new.by for who in old.by):
        yield sentence("compat.changed_step", name=old.label, what="by")
    if not set(new.not_person_in) <= set(old.not_person_in):
        yield sentence("compat.changed_step", name=old.label, what="not_person_in")
    if not set(old.entry) <= set(new.entry):
        yield sentence("compat.changed_step", name=old.label, what="entry")
    if not _demands(new) <= _demands(old):
        yield sentence("compat.changed_step", name=old.label, what="when")
    if [_timing(due) for due in old.due] != [_timing(due) for due in new.due[: len(old.due)]]:
        yield sentence("compat.changed_step", name=old.label, what="due")
    yield from _asks(old, new, after)


def _demands(step: Step) -> frozenset[str]:
    """The conditions of a step, whether or not they say which law demands them."""
    parts = (part for one in step.when for part in (one.parts() if isinstance(one, ByLaw) else (one,)))
    return frozenset(map(repr, parts))


def _timing(due: Due) -> Due:
    """What a deadline demands, without what is only said of it."""
    return replace(due, word=None, source=None, grounds=())


def _asks(old: Step, new: Step, after: Process) -> Iterator[Sentence]:
    """A step may ask more, but require more only where it ends a case: no running case has passed it."""
    ends = new.to is not None and new.to in after.states and after.states[new.to].final
    gone = {ask.field for ask, _ in old.asked()} - {ask.field for ask, _ in new.asked()}
    for name in sorted(gone):
        yield sentence("compat.no_ask", name=old.label, field=after.label_of(name))
    if not ends:
        for ask in new.asks:
            if not any(_covers(known, ask, old) for known in old.asks):
                yield sentence("compat.new_demand", name=old.label, field=after.label_of(ask.name))


def _covers(old: Ask, new: Ask, step: Step) -> bool:
    """Whether whoever answered the old question of a step has answered the new one."""
    if old.field != new.field or (old.when is not None and old.when != new.when):
        return False
    is_decided = any(isinstance(one, Known) and old.field in one.known for one in step.when)
    return (new.unknown is None or old.unknown is not None or is_decided) and set(new.fills) <= set(old.fills)


def _codes(old: CodeList, new: CodeList) -> Iterator[Sentence]:
    """Codes are added or retired, never removed, moved or taken into use again."""
    parents = _parents(new.codes, "")
    for code, parent in _parents(old.codes, "").items():
        label = old.flat[code].label
        if code not in parents:
            yield sentence("compat.no_code", name=label, list=old.label)
        elif parents[code] != parent:
            yield sentence("compat.moved_code", name=label, list=old.label)
        elif old.flat[code].retired and not new.flat[code].retired:
            yield sentence("compat.revived_code", name=label, list=old.label)


def _parents(codes: Mapping[str, ListedCode], parent: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, code in codes.items():
        found[key] = parent
        found.update(_parents(code.children, key))
    return found
