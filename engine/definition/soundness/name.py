"""Names and words: none used twice where it confuses, every label in both languages, a safe title."""

from __future__ import annotations

import re
from typing import Final

from engine.calendar.period import Unit
from engine.definition.model import INTRINSICS, Parameter, Source
from engine.definition.problem import Path, closest
from engine.definition.reference import SOURCES_OF_SETS, references
from engine.definition.soundness.field import PERSONAL, inspect_list
from engine.definition.soundness.survey import Survey, remedy, walk
from engine.language.sentence import Words

PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
PLACE_OF: Final = {
    "field": "fields",
    "step": "steps",
    "state": "states",
    "parameter": "parameters",
    "must": "musts",
}
BOUNDABLE: Final = ("number", "period")


def inspect_names(survey: Survey) -> None:
    """Note what is wrong with names, parameters, labels, sources and the title."""
    _inspect_doubles(survey)
    _inspect_parameters(survey)
    _inspect_words(survey)
    _inspect_title(survey)
    _inspect_top(survey)


def _inspect_doubles(survey: Survey) -> None:
    """Fields, steps, states and parameters are asked for and shown by name alone: one namespace."""
    process = survey.process
    taken: dict[str, str] = {}
    for what, names in (
        ("field", process.fields),
        ("step", process.steps),
        ("state", process.states),
        ("parameter", process.parameters),
        ("must", process.musts),
    ):
        for name in names:
            at = (PLACE_OF[what], name)
            if name in INTRINSICS or f"${name}" in SOURCES_OF_SETS:
                survey.say(at, "reserved_name", remedy("rename"), key=True, name=name)
            elif name in taken:
                survey.say(at, f"name_of_{taken[name]}", remedy("rename"), key=True, name=name)
            taken.setdefault(name, what)
    for key, field in process.fields.items():
        for name in field.columns:
            if name in INTRINSICS:
                survey.say(
                    ("fields", key, "columns", name), "reserved_name", remedy("rename"), key=True, name=name
                )


def _inspect_parameters(survey: Survey) -> None:
    process = survey.process
    used = {name for _, name in references(survey.tree)} | _used_for_own_codes(survey)
    for key, parameter in process.parameters.items():
        if key not in used:
            survey.say(
                ("parameters", key),
                "parameter_unused",
                remedy("parameter_unused", name=key),
                key=True,
                name=key,
            )
        _inspect_bounds(survey, ("parameters", key), parameter)


def _used_for_own_codes(survey: Survey) -> set[str]:
    """The parameters of own codes for a list that some field takes its codes from; no scale, and one a list."""
    process = survey.process
    columns = [
        column for field in process.fields.values() for column in (field, *field.columns.values())
    ]  # fmt: skip
    found: dict[str, str] = {}
    for key, parameter in process.parameters.items():
        if parameter.type != "own_codes" or parameter.list is None:
            continue
        at: Path = ("parameters", key, "list")
        if any(column.type == "scale" and column.list == parameter.list for column in columns):
            survey.say(at, "own_codes_scale", list=parameter.list)
        elif parameter.list in found:
            survey.say(at, "own_codes_twice", list=parameter.list, name=found[parameter.list])
        found.setdefault(parameter.list, key)
    lists = {column.list for column in columns}
    return {
        key for key, parameter in process.parameters.items()
        if parameter.type == "own_codes" and parameter.list in lists
    }  # fmt: skip


def _inspect_bounds(survey: Survey, at: Path, parameter: Parameter) -> None:
    for word, bound in (("minimum", parameter.minimum), ("maximum", parameter.maximum)):
        if bound is not None and parameter.type not in BOUNDABLE:
            survey.say((*at, word), "bound_impossible", key=True, word=word, type=parameter.type)
    if (
        parameter.minimum is not None
        and parameter.maximum is not None
        and parameter.minimum > parameter.maximum
    ):
        survey.say((*at, "maximum"), "bounds_crossed", least=parameter.minimum, most=parameter.maximum)
    takes_a_list = parameter.type in ("codes", "own_codes")
    if takes_a_list != (parameter.list is not None):
        message = "needs_a_list" if takes_a_list else "has_a_list"
        survey.say(at, message, remedy("codes_list"), key=True, field=parameter.label, type=parameter.type)
    inspect_list(survey, (*at, "list"), parameter.list)


def _inspect_words(survey: Survey) -> None:
    for at, node in walk(survey.process):
        if isinstance(node, Words):
            for language in ("sv", "en"):
                if not node.in_(language).strip():
                    survey.say((*at, language), f"missing_{language}", remedy("both_languages"), key=True)
        elif isinstance(node, Source):
            if node.mark in ("I", "M") and at[0] != "parameters":
                survey.say((*at, "mark"), "weak_source", remedy("weak_source"), mark=node.mark)
            if node.valid_from and node.valid_to and node.valid_from > node.valid_to:
                survey.say((*at, "valid_to"), "dates_crossed", start=node.valid_from, end=node.valid_to)
    for key, codes in survey.process.lists.items():
        for at, node in walk(codes.codes, ("lists", key, "codes")):
            for language in ("sv", "en"):
                written = getattr(node, language, "x") if not isinstance(node, Words) else "x"
                if isinstance(written, str) and not written.strip():
                    survey.say((*at, language), f"missing_{language}", remedy("both_languages"), key=True)


def _inspect_title(survey: Survey) -> None:
    process = survey.process
    at = ("title",)
    if not process.title.strip():
        survey.say(at, "empty_value")
    if set("{}") & set(PLACEHOLDER.sub("", process.title)):
        survey.say(at, "title_braces", remedy("title"))
    coded = [key for key, field in process.fields.items() if field.statistics and field.type not in PERSONAL]
    for name in (name for place in PLACEHOLDER.findall(process.title) for name in place.split("|")):
        field = process.fields.get(name)
        if name == "unit" or name in coded:
            continue
        if field is None:
            survey.unknown(at, "field", name, ["unit", *coded])
        else:
            survey.say(at, "title_personal", closest("", ["unit", *coded]), field=field.label)


def _inspect_top(survey: Survey) -> None:
    """What the process says about itself."""
    process = survey.process
    if process.happened is not None:
        field = process.fields.get(process.happened)
        dated = [key for key, known in process.fields.items() if known.type in ("date", "datetime", "period")]
        if field is None:
            survey.unknown(("happened",), "field", process.happened, dated)
        elif process.happened not in dated:
            survey.say(("happened",), "deadline_not_dated", closest("", dated), field=field.label)
    if process.feedback is not None and process.feedback.within.unit is Unit.HOUR:
        survey.say(("feedback", "within"), "feedback_hours", remedy("feedback_hours"))
    for other in survey.known.values():
        if other.process != process.process and other.reference == process.reference:
            survey.say(("reference",), "reference_taken", reference=process.reference, process=other.label)
