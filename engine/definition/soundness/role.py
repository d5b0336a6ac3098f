"""Roles and persons: who takes a step is known and one kind of person, and no role is declared in vain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.definition.model import RELATIONS, ROLES, Sight, Step, Who
from engine.definition.problem import Path
from engine.definition.soundness.survey import Survey, remedy, whos


def inspect_roles(survey: Survey) -> None:
    """Note what is wrong with roles, with the persons that steps name, and with access marks."""
    for at, who, step in whos(survey):
        _inspect_who(survey, at, who, step)
    process = survey.process
    for key, step in process.steps.items():
        if not step.by:
            survey.say(("steps", key, "by"), "by_nobody", remedy("who"), key=True)
        if step.hands_over is not None:
            survey.demand(("steps", key, "hands_over", "to"), "role", step.hands_over.to, process.roles)
        survey.demand(("steps", key, "by_law"), "must", step.by_law, process.musts)
        for index, name in enumerate(step.not_person_in):
            if name not in process.steps and name not in ("$reporter", "$assignee"):
                inspect_person(survey, ("steps", key, "not_person_in", index), name, process.steps)
    for at, names in _correctors(survey):
        for index, name in enumerate(names):
            survey.demand((*at, index), "role", name, [*process.roles, *RELATIONS])
    for at, sight in _sights(survey):
        _inspect_sight(survey, at, sight)
    _inspect_marks(survey)
    _inspect_labels(survey)
    _inspect_unused(survey)


def _inspect_who(survey: Survey, at: Path, who: Who, step: Step | None) -> None:
    process = survey.process
    kinds = [kind for kind in (who.role, who.person_in, who.relation) if kind is not None]
    if len(kinds) != 1:
        survey.say(at, "who_one_kind", remedy("who"))
    survey.demand((*at, "role"), "role", who.role, process.roles)
    if who.person_in is not None:
        inspect_person(survey, (*at, "person_in"), who.person_in)
    if step is not None and step.opens and (who.person_in or who.relation in ("reporter", "assignee")):
        survey.say(at, "nobody_yet", remedy("nobody_yet"))


def _inspect_labels(survey: Survey) -> None:
    """Each role has its label in the list of roles: without one people would read its key."""
    labels = survey.process.lists.get(ROLES)
    for role in survey.process.roles:
        if labels is None or role not in labels.flat:
            survey.say(("roles", role), "role_without_label", remedy("role_label"), key=True, role=role)


def _inspect_unused(survey: Survey) -> None:
    """A role that takes no step is in vain, unless it only reads envelopes or a parameter may choose it."""
    process = survey.process
    if any(parameter.type in ("role", "roles") for parameter in process.parameters.values()):
        return
    used = {who.role for _, who, _ in whos(survey)}
    used |= {name for _, names in _correctors(survey) for name in names}
    used |= {sight.role for _, sight in _sights(survey)}
    used |= {step.hands_over.to for step in process.steps.values() if step.hands_over}
    for mark in process.marks.values():
        used |= {*mark.admits, *mark.keeps_for}
    for role, level in process.roles.items():
        if role not in used and level != "envelope":
            survey.say(("roles", role), "role_unused", remedy("role_unused"), key=True, role=role)


def _sights(survey: Survey) -> Iterator[tuple[Path, Sight]]:
    for place, named in (("steps", survey.process.steps), ("fields", survey.process.fields)):
        for key, one in named.items():
            for index, sight in enumerate(one.shown_to):
                yield (place, key, "shown_to", index), sight


def _inspect_sight(survey: Survey, at: Path, sight: Sight) -> None:
    process = survey.process
    if len([kind for kind in (sight.role, sight.person_in, sight.relation) if kind is not None]) != 1:
        survey.say(at, "sight_one_kind", remedy("sight"))
    survey.demand((*at, "role"), "role", sight.role, [*process.roles, "reporter", "assignee"])
    if sight.person_in is not None:
        inspect_person(survey, (*at, "person_in"), sight.person_in)
    for index, mark in enumerate(sight.past):
        survey.demand((*at, "past", index), "mark", mark, process.marks)


def _correctors(survey: Survey) -> Iterator[tuple[Path, tuple[str, ...]]]:
    for key, field in survey.process.fields.items():
        yield ("fields", key, "amended_by"), field.amended_by or ()


def inspect_person(survey: Survey, at: Path, name: str, also: Iterable[str] = ()) -> None:
    """Note a name that is no person field or column; `also` are other names that would do."""
    process = survey.process
    column = process.column(name) if name.count(".") <= 1 else None
    if column is None:
        people = [key for key, field in process.fields.items() if field.type == "person"]
        survey.unknown(at, "person", name, [*people, *also])
    elif column.type != "person":
        survey.say(at, "not_a_person", remedy("person"), field=column.label)


def _inspect_marks(survey: Survey) -> None:
    process = survey.process
    for key, mark in process.marks.items():
        for word, roles in (("admits", mark.admits), ("keeps_for", mark.keeps_for)):
            for index, role in enumerate(roles):
                survey.demand(("marks", key, word, index), "role", role, process.roles)
    for key, step in process.steps.items():
        marked: set[str] = set()
        for index, marking in enumerate(step.marks):
            at = ("steps", key, "marks", index, "mark")
            if survey.demand(at, "mark", marking.mark, process.marks) and marking.mark in marked:
                survey.say(at, "named_twice", name=marking.mark)
            marked.add(marking.mark)
        if step.returns is not None and step.returns.mark in marked:
            survey.say(("steps", key, "returns", "mark"), "marks_and_returns", name=step.returns.mark)
        for word, effect in (("hands_over", step.hands_over), ("returns", step.returns)):
            if effect is not None:
                survey.demand(("steps", key, word, "mark"), "mark", effect.mark, process.marks)
