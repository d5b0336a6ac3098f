"""What a picture of a process says: its statuses, the ways between them and what can be done beside, in words.

Steps with the same status to go from and to are one way. A step that may be taken from statuses on either side of
its target, in the order written, is two ways: one downward, one up. It must not know where anything stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from engine.definition.base import ROLES
from engine.definition.drawing.letter import clean
from engine.definition.model import Process, Step
from engine.language.say import begin_small, say, say_list
from engine.language.sentence import sentence

LEFT_OUT: Final = 2
"""As many open statuses may be named as left out; with more, those are named where the step can be taken."""


@dataclass(frozen=True, slots=True)
class Act:
    """A step as it is written: its name, who takes it, and within what time (empty for none)."""

    step: str
    label: str
    who: str
    due: str


@dataclass(frozen=True, slots=True)
class Place:
    """A status, with the steps that can be taken there and nowhere else and leave it as it is."""

    state: str
    label: str
    is_final: bool
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """From some statuses to one: every step that goes there from exactly these. No source: it opens a case."""

    sources: tuple[str, ...]
    target: str
    by_itself: bool
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """Steps that can be taken in several statuses and leave them as they are; `heading` says in which."""

    heading: str
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """All that is drawn, in the reader's language. `told` is the same in words."""

    title: str
    version: str
    heading: str
    told: str
    places: tuple[Place, ...]
    ways: tuple[Way, ...]
    beside: tuple[Beside, ...]


def flow_of(process: Process, language: str, *, staying: bool) -> Flow:
    """What the picture of a process says; without the steps that stay when `staying` is false."""
    places = tuple(
        Place(key, clean(state.label.in_(language)), state.final,
              tuple(_stays_at(process, key, language, staying=staying)))
        for key, state in process.states.items()
    )  # fmt: skip
    ways = tuple(_ways(process, language))
    beside = tuple(_beside(process, language)) if staying else ()
    title = clean(process.label.in_(language))
    return Flow(
        title,
        say(sentence("diagram.version", version=str(process.version)), language),
        say(sentence("diagram.title", process=title), language),
        _told(places, ways, beside, language),
        places,
        ways,
        beside,
    )


def _act(process: Process, key: str, language: str) -> Act:
    step = process.steps[key]
    label = clean(step.label.in_(language))
    return Act(key, label, _who(process, step, language), _due(step, language))


def _who(process: Process, step: Step, language: str) -> str:
    roles = process.lists.get(ROLES)
    said = []
    for who in step.by:
        if who.relation:
            said.append(say(sentence(f"diagram.{who.relation}"), language))
        elif who.role:
            found = roles.flat.get(who.role) if roles else None
            said.append(found.label.in_(language) if found else who.role)
        else:
            said.append(begin_small(say(process.label_of(who.person_in or ""), language)))
    return clean(say_list(tuple(dict.fromkeys(said)), language, "or"))


def _due(step: Step, language: str) -> str:
    """The times of a step: a period, or the law's own word. A date that a field gives is not known here."""
    said = []
    for due in step.due:
        if due.kind == "lag_skyndsamt":
            word = due.word or next((one.word for one in due.grounds if one.word), None)
            if word is not None:
                said.append(say(sentence("diagram.due_promptly", word=word), language))
        elif due.kind != "lag_villkor" and due.period.count:
            name = "diagram.due_law" if due.kind == "lag_datum" else "diagram.due"
            said.append(say(sentence(name, period=due.period.words), language))
    return clean(say_list(tuple(dict.fromkeys(said)), language, "or"))


def _ways(process: Process, language: str) -> Iterator[Way]:
    order = {key: number for number, key in enumerate(process.states)}
    found: dict[tuple[tuple[str, ...], str, bool], list[Act]] = {}
    for key, step in process.steps.items():
        target = step.opens or (None if step.stays else step.to)
        if target not in order:
            continue
        sources = [one for one in order if one in process.sources[key]]
        before = tuple(one for one in sources if order[one] < order[target])
        after = tuple(one for one in sources if order[one] > order[target])
        by_itself = step.automatic or (bool(step.by) and all(who.relation == "system" for who in step.by))
        for side in ((),) if step.opens else (before, after):
            if side or step.opens:
                found.setdefault((side, target, by_itself), []).append(_act(process, key, language))
    for (sources_, target_, by_itself_), acts in found.items():
        yield Way(sources_, target_, by_itself_, tuple(acts))


def _stays_at(process: Process, state: str, language: str, *, staying: bool) -> Iterator[Act]:
    """The steps that leave this status as it is and are told in its box: its own, and those that lead back to it."""
    for key, step in process.steps.items():
        sources = process.sources[key]
        alone = staying and step.stays and sources == (state,)
        if alone or (not step.stays and step.to == state and state in sources):
            yield _act(process, key, language)


def _beside(process: Process, language: str) -> Iterator[Beside]:
    found: dict[str, list[Act]] = {}
    for key, step in process.steps.items():
        sources = tuple(one for one in process.states if one in process.sources[key])
        if step.stays and len(sources) > 1:
            found.setdefault(_heading(process, sources, language), []).append(_act(process, key, language))
    for heading, acts in found.items():
        yield Beside(heading, tuple(acts))


def _heading(process: Process, sources: tuple[str, ...], language: str) -> str:
    is_open = tuple(key for key, state in process.states.items() if not state.final)
    if sources == is_open:
        return say(sentence("diagram.in_every"), language)
    left = tuple(key for key in is_open if key not in sources)
    few = len(left) <= LEFT_OUT < len(sources) and set(sources) <= set(is_open)
    named = tuple(clean(process.states[key].label.in_(language)) for key in (left if few else sources))
    return say(sentence("diagram.in_every_but" if few else "diagram.in_these", states=named), language)


def _told(places: tuple[Place, ...], ways: tuple[Way, ...], beside: tuple[Beside, ...], language: str) -> str:
    labels = {place.state: place.label for place in places}
    told = []
    for way in ways:
        steps = tuple(map(_said, way.acts))
        if way.sources:
            sources = tuple(labels[one] for one in way.sources)
            told.append(sentence("diagram.moves", states=sources, steps=steps, state=labels[way.target]))
        else:
            told.append(sentence("diagram.opens", steps=steps, state=labels[way.target]))
    told += [
        sentence("diagram.stays", place=labels[place.state], steps=tuple(map(_said, place.acts)))
        for place in places
        if place.acts
    ]
    told += [
        sentence("diagram.stays", place=one.heading, steps=tuple(map(_said, one.acts))) for one in beside
    ]
    if ends := tuple(place.label for place in places if place.is_final):
        told.append(sentence("diagram.ends", states=ends))
    return " ".join(say(one, language) for one in told)


def _said(act: Act) -> str:
    more = ", ".join(filter(None, (act.who, act.due)))
    return f"{act.label} ({more})" if more else act.label
