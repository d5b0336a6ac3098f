"""Fields, columns and lists: their types fit together, each is asked somewhere, what is computed can be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.definition.model import Column, FieldDefinition, ListedCode
from engine.definition.problem import Path
from engine.definition.soundness.survey import Survey, remedy
from engine.definition.soundness.worth import CODED, NUMERIC, is_numeric
from engine.definition.value import number_of

PERSONAL = ("text", "file", "person", "table")
BOUNDED = ("number", "percent", "money")
COMPUTABLE = ("computed", "number", "percent", "money")
UNKNOWN_CODE = "vet_inte"


def inspect_fields(survey: Survey) -> None:
    """Note what is wrong with the fields, their columns and the lists."""
    fields = survey.process.fields
    for key, field in fields.items():
        at = ("fields", key)
        _inspect_column(survey, at, key, field, fields)
        _inspect_table(survey, at, field)
        for name, column in field.columns.items():
            if column.type in ("table", "file"):
                survey.say((*at, "columns", name, "type"), "column_type", given=column.type)
            _inspect_column(survey, (*at, "columns", name), name, column, field.columns)
        _inspect_rings(survey, (*at, "columns"), field.columns)
    _inspect_rings(survey, ("fields",), fields)
    _inspect_asked(survey)
    _inspect_lists(survey)


def _inspect_column(survey: Survey, at: Path, key: str, column: Column, beside: Mapping[str, Column]) -> None:
    process = survey.process
    if column.type in CODED and column.list is None:
        survey.say(at, "needs_a_list", remedy("list"), key=True, field=column.label)
    elif column.list is not None and column.type not in CODED:
        survey.say(
            (*at, "list"), "has_a_list", remedy("no_list"), key=True, field=column.label, type=column.type
        )
    inspect_list(survey, (*at, "list"), column.list)
    if column.statistics and column.type in PERSONAL:
        survey.say((*at, "statistics"), "personal_counts", remedy("personal"), key=True, type=column.type)
    if column.unknown and (column.type in ("table", "file", "computed") or column.computed):
        survey.say((*at, "unknown"), "unknown_impossible", key=True, type=column.type)
    if column.past and column.type not in ("date", "datetime", "period"):
        survey.say((*at, "past"), "past_impossible", key=True, type=column.type)
    _inspect_bounds(survey, at, column)
    if column.link is not None and column.type != "case":
        survey.say((*at, "link"), "link_impossible", remedy("link_type"), key=True, type=column.type)
    survey.demand((*at, "link"), "link", column.link, process.links)
    _inspect_computed(survey, at, key, column, beside)


def inspect_list(survey: Survey, at: Path, name: str | None) -> None:
    """Note the name of a list that is not there."""
    if name is not None and name not in survey.process.lists:
        shared = survey.places.lists.tree if survey.places.lists else {}
        survey.unknown(at, "list", name, [*survey.process.lists, *shared.get("lists", ())])


def _inspect_bounds(survey: Survey, at: Path, column: Column) -> None:
    for word, bound in (("minimum", column.minimum), ("maximum", column.maximum)):
        if bound is not None and (column.type not in BOUNDED or column.computed):
            survey.say((*at, word), "bound_impossible", key=True, word=word, type=column.type)
    if column.minimum is not None and column.maximum is not None and column.minimum > column.maximum:
        survey.say((*at, "maximum"), "bounds_crossed", least=column.minimum, most=column.maximum)


def _inspect_computed(
    survey: Survey, at: Path, key: str, column: Column, beside: Mapping[str, Column]
) -> None:
    computed = column.computed
    if computed is None:
        if column.type == "computed":
            survey.say(at, "not_computed", remedy("compute"), key=True, field=column.label)
        return
    inside = (*at, "computed")
    if column.type not in COMPUTABLE:
        survey.say(inside, "computed_type", remedy("computed_type"), key=True, type=column.type)
    kinds = [word for word in ("product", "sum", "max", "rows") if getattr(computed, word) is not None]
    if len(kinds) != 1 or not computed.inputs:
        survey.say(inside, "computed_one", remedy("compute"), key=True)
        return
    for index, name in enumerate(computed.inputs):
        place = (*inside, kinds[0], index)
        if not survey.demand(place, "field", name, [other for other in beside if other != key]):
            continue
        given = beside[name]
        if computed.rows is not None:
            if given.type != "table":
                survey.say(place, "rows_of_no_table", field=given.label)
        elif not is_numeric(given):
            survey.say(place, "computed_not_numeric", remedy("numeric", types=NUMERIC), field=given.label)
        elif column.statistics and not given.statistics:
            survey.say(place, "computed_reveals", remedy("statistics"), field=given.label)


def _inspect_rings(survey: Survey, at: Path, columns: Mapping[str, Column]) -> None:
    """Note each ring of computed columns once, at the one of them that is written first."""
    seen: set[str] = set()
    for key in columns:
        ring = _ring(key, columns)
        if ring and not seen & set(ring):
            survey.say(
                (*at, key, "computed"),
                "computed_ring",
                key=True,
                fields=tuple(columns[k].label for k in ring),
            )
        seen |= set(ring)


def _ring(start: str, columns: Mapping[str, Column]) -> tuple[str, ...]:
    """The columns that `start` is computed from and that are computed from it; empty when there are none."""
    ways: list[tuple[str, ...]] = [(start,)]
    passed: set[str] = set()
    while ways:
        way = ways.pop()
        computed = columns[way[-1]].computed
        for name in computed.inputs if computed else ():
            if name == start:
                return way
            if name in columns and name not in passed:
                passed.add(name)
                ways.append((*way, name))
    return ()


def _inspect_table(survey: Survey, at: Path, field: FieldDefinition) -> None:
    if field.type == "table" and not field.columns:
        survey.say(at, "table_without_columns", remedy("columns"), key=True, field=field.label)
    if field.type != "table" and field.columns:
        survey.say((*at, "columns"), "columns_impossible", remedy("columns_type"), key=True, type=field.type)


def _inspect_asked(survey: Survey) -> None:
    """Every field is asked, set, copied in or computed; of a table that only steps fill, every column."""
    process = survey.process
    given = set(_given(survey))
    for key, field in process.fields.items():
        if field.type == "computed" or field.computed is not None:
            continue
        adding = [step for step in process.steps.values() if step.adds_row == key]
        if key not in given and not adding:
            survey.say(
                ("fields", key), "never_asked", remedy("ask_it", field=key), key=True, field=field.label
            )
        elif key not in given:
            asked = {ask.field for step in adding for ask, _ in step.asked()}
            for name, column in field.columns.items():
                if name not in asked and column.computed is None:
                    place = ("fields", key, "columns", name)
                    survey.say(
                        place, "never_asked", remedy("ask_it", field=name), key=True, field=column.label
                    )


def _given(survey: Survey) -> Iterator[str]:
    for step in survey.process.steps.values():
        yield from (ask.field for ask, _ in step.asked())
        yield from step.sets
    for other in (survey.process, *survey.known.values()):
        for step in other.steps.values():
            for opens in step.opens_case:
                if opens.process == survey.process.process:
                    yield from (*opens.copies, *opens.sets)


def _inspect_lists(survey: Survey) -> None:
    process = survey.process
    scales = {
        column.list
        for field in process.fields.values()
        for column in (field, *field.columns.values())
        if column.type == "scale"
    }
    for key, codes in process.lists.items():
        for index, code in enumerate(codes.first):
            place: Path = ("lists", key, "first", index)
            if code in codes.first[:index]:
                survey.say(place, "named_twice", name=code)
            elif survey.demand(place, "code", code, codes.flat) and codes.flat[code].retired:
                survey.say(place, "retired_code", remedy("retired"), code=codes.flat[code].label)
        seen: set[str] = set()
        for at, code, listed in _codes(("lists", key, "codes"), codes.codes):
            if code == UNKNOWN_CODE:
                survey.say(at, "unknown_as_code", remedy("unknown_as_code"), key=True)
            if code in seen:
                survey.say(at, "code_twice", key=True, code=code)
            if key in scales and number_of(code) is None:
                survey.say(at, "scale_not_numeric", remedy("scale"), key=True, code=code)
            seen.add(code)
            del listed


def _codes(at: Path, codes: Mapping[str, ListedCode]) -> Iterator[tuple[Path, str, ListedCode]]:
    for code, listed in codes.items():
        yield (*at, code), code, listed
        yield from _codes((*at, code, "children"), listed.children)
