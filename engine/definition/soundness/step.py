"""Steps: how they move a case, what they ask and set, who takes them, their deadlines and entries."""

from __future__ import annotations

from engine.calendar.period import Unit
from engine.definition.model import Ask, Elsewhere, Except, FieldDefinition, SetValue, Step
from engine.definition.problem import Path
from engine.definition.reference import SOURCES_OF_SETS
from engine.definition.soundness.survey import SETTABLE, Survey, remedy
from engine.definition.soundness.worth import suits

DATED = ("date", "datetime", "period")


def inspect_steps(survey: Survey) -> None:
    """Note what is wrong with the steps."""
    for key, step in survey.process.steps.items():
        at = ("steps", key)
        _inspect_move(survey, at, step)
        _inspect_kind(survey, at, step)
        _inspect_asks(survey, at, step)
        for name, value in step.sets.items():
            inspect_set(survey, (*at, "sets", name), name, value)
        _inspect_entries(survey, at, step)
        _inspect_warnings(survey, at, step)
    _inspect_deadlines(survey)


def _inspect_move(survey: Survey, at: Path, step: Step) -> None:
    states = survey.process.states
    if step.opens is not None:
        survey.demand((*at, "opens"), "state", step.opens, states)
        for word, is_there in (("from", bool(step.from_)), ("to", step.to), ("stays", step.stays)):
            if is_there:
                survey.say((*at, word), "opening_with", remedy("opening_alone"), key=True, word=word)
        return
    survey.demand((*at, "to"), "state", step.to, states)
    if step.to and step.stays:
        survey.say((*at, "stays"), "to_and_stays", remedy("to_or_stays"), key=True)
    if not step.to and not step.stays:
        survey.say(at, "leads_nowhere", remedy("to_or_stays"), key=True, step=step.label)
    _inspect_sources(survey, at, step)


def _inspect_sources(survey: Survey, at: Path, step: Step) -> None:
    process = survey.process
    if isinstance(step.from_, Except):
        named: tuple[str, ...] = step.from_.except_
        inside: Path = (*at, "from", "except")
    else:
        named = () if step.from_ == "any_open" else step.from_
        inside = (*at, "from")
    for index, state in enumerate(named):
        if survey.demand((*inside, index), "state", state, process.states) and state in named[:index]:
            survey.say((*inside, index), "named_twice", name=state)
    sources = [state for state in process.sources[at[1]] if state in process.states]  # type: ignore[index]
    if not sources and not any(state not in process.states for state in named):
        survey.say(at, "comes_from_nowhere", remedy("from"), key=True, step=step.label)
    final = [state for state in sources if process.states[state].final]
    if step.to and not step.reopens:
        for state in final:
            label = process.states[state].label
            survey.say((*at, "from"), "leaves_final", remedy("reopens"), state=label)
    if step.reopens and (not final or not step.to):
        survey.say((*at, "reopens"), "reopens_nothing", remedy("reopens_from_final"), key=True)


def _inspect_kind(survey: Survey, at: Path, step: Step) -> None:
    """What goes with automatic, bulk, once and rows."""
    process = survey.process
    if step.automatic:
        if step.opens:
            survey.say((*at, "automatic"), "automatic_opening", key=True)
        if step.asks:
            survey.say((*at, "asks"), "automatic_asks", remedy("may_ask"), key=True)
        if not step.when:
            survey.say((*at, "automatic"), "automatic_always", remedy("automatic_when"), key=True)
    if step.bulk and (step.opens or step.automatic or step.adds_row):
        survey.say((*at, "bulk"), "bulk_impossible", remedy("bulk"), key=True)
    if step.bulk:
        for ask in step.asks:
            field = process.fields.get(ask.field)
            if field is not None and field.type in ("file", "table", "case"):
                survey.say((*at, "bulk"), "bulk_asks", remedy("bulk_asks"), key=True, field=field.label)
    if step.adds_row is not None:
        tables = [name for name, field in process.fields.items() if field.type == "table"]
        survey.demand((*at, "adds_row"), "table", step.adds_row, tables)
        if step.once:
            survey.say((*at, "once"), "row_once", remedy("row_once"), key=True)
    survey.demand((*at, "link_for"), "link", step.link_for, process.links)
    if step.link_for is not None and not step.opens:
        survey.say((*at, "link_for"), "link_for_not_opening", remedy("link_for"), key=True)


def _inspect_asks(survey: Survey, at: Path, step: Step) -> None:
    for word, asks in (("asks", step.asks), ("may_ask", step.may_ask)):
        names: set[str] = set()
        for index, ask in enumerate(asks):
            place = (*at, word, index, "field")
            _inspect_ask(survey, place, ask, step)
            if ask.field in names:
                survey.say(place, "asked_twice", name=ask.name)
            names.add(ask.field)
    always = {ask.field for ask in step.asks if ask.when is None}
    for index, ask in enumerate(step.may_ask):
        if ask.field in always:
            survey.say((*at, "may_ask", index, "field"), "asked_twice", name=ask.name)


def _inspect_ask(survey: Survey, at: Path, ask: Ask, step: Step) -> None:
    process = survey.process
    table = process.fields.get(step.adds_row or "")
    columns = table.columns if table is not None else {}
    if ask.field.startswith("$"):
        survey.demand(at, "ask", ask.field, [f"${name}" for name in SETTABLE])
        return
    if ask.field in columns and ask.field in process.fields:
        survey.say(at, "ambiguous_ask", remedy("rename"), name=ask.field)
    if not survey.demand(at, "field", ask.field, [*process.fields, *columns]):
        return
    asked = columns.get(ask.field) or process.fields[ask.field]
    if asked.computed is not None or asked.type == "computed":
        survey.say(at, "asks_computed", remedy("computed"), field=asked.label)
    if ask.unknown is not None and asked.unknown != "allowed":
        survey.say((*at[:-1], "unknown"), "unknown_in_vain", key=True, field=asked.label)
    inner = asked.columns if isinstance(asked, FieldDefinition) else {}
    for name in ("fills", "may_fill"):
        for index, column in enumerate(getattr(ask, name)):
            survey.demand((*at[:-1], name, index), "field", column, inner)


def inspect_set(survey: Survey, at: Path, name: str, value: SetValue) -> None:
    """Note what is wrong with what a step of this process writes into a field of it."""
    process = survey.process
    if not survey.demand(at, "field", name, [*process.fields, *SETTABLE], key=True):
        return
    if value.otherwise and value.when is None:
        survey.say((*at, "otherwise"), "otherwise_in_vain", remedy("otherwise"), key=True)
    for index, other in enumerate(value.otherwise):
        inspect_set(survey, (*at, "otherwise", index), name, other)
    field = process.fields.get(name)
    if field is not None and (field.computed is not None or field.type in ("computed", "table", "file")):
        survey.say(at, "sets_impossible", key=True, field=field.label)
        return
    if value.from_field is None:
        if field is None:
            if value.value not in (None, ""):
                survey.say(at, "sets_constant", remedy("set_from"), name=name)
        else:
            suits(survey, (*at, "value"), field, value.value)
        return
    _inspect_source_of_set(survey, at, name, value.from_field)


def _inspect_source_of_set(survey: Survey, at: Path, name: str, source: str) -> None:
    fields = survey.process.fields
    if source not in SOURCES_OF_SETS and source not in fields:
        survey.unknown(at, "value", f"${source}", [*(f"${key}" for key in fields), *SOURCES_OF_SETS])
        return
    intrinsic = {"$actor": "person", "$reporter": "person", "$today": "date", "$unit": "unit"}
    given = intrinsic[source] if source in SOURCES_OF_SETS else fields[source].type
    wanted = fields[name].type if name in fields else {"unit": "unit", "assignee": "person"}[name]
    if given != wanted and (given, wanted) not in (
        ("date", "datetime"),
        ("datetime", "date"),
        ("choice", "text"),
    ):
        survey.say(at, "set_other_type", given=given, wanted=wanted)
    elif name in fields and source in fields and fields[name].list != fields[source].list:
        survey.say(at, "set_other_list", given=fields[source].list or "", wanted=fields[name].list or "")
    elif name in fields and source in fields and fields[name].statistics and not fields[source].statistics:
        survey.say(at, "set_reveals", remedy("statistics"), name=name, source=source)


def _inspect_entries(survey: Survey, at: Path, step: Step) -> None:
    process = survey.process
    for index, heading in enumerate(step.entry):
        survey.demand((*at, "entry", index), "heading", heading, process.headings)
    if step.entry and not step.stays:
        survey.say((*at, "entry"), "entry_not_staying", remedy("entry"), key=True)
    if step.writes_entry is None:
        return
    inside = (*at, "writes_entry")
    survey.demand((*inside, "heading"), "heading", step.writes_entry.heading, process.headings)
    asked = [ask.name for ask, _ in step.asked() if not ask.field.startswith("$")]
    for index, name in enumerate(step.writes_entry.from_):
        place = (*inside, "from", index)
        if survey.demand(place, "field", name, process.fields) and name not in asked:
            survey.say(place, "entry_not_asked", remedy("ask_here"), field=process.fields[name].label)


def _inspect_warnings(survey: Survey, at: Path, step: Step) -> None:
    names: set[str] = set()
    for index, warning in enumerate(step.warns):
        if warning.name in names:
            survey.say((*at, "warns", index, "name"), "named_twice", name=warning.name)
        names.add(warning.name)


def _inspect_deadlines(survey: Survey) -> None:
    process = survey.process
    names: set[str] = set()
    for key, step in process.steps.items():
        for number, due in enumerate(step.due):
            at: Path = ("steps", key, "due", number)
            name = due.name or (key if number == 0 else f"{key}_{number + 1}")
            if name in names:
                survey.say((*at, "name"), "deadline_twice", remedy("name_it"), name=name)
            names.add(name)
            for index, state in enumerate(due.pauses_in):
                survey.demand((*at, "pauses_in", index), "state", state, process.states)
            if due.counts == "recorded" and (due.start not in process.steps or due.period.unit is Unit.HOUR):
                survey.say((*at, "counts"), "counts_in_vain", remedy("counts"), key=True)
            if step.opens:
                survey.say(at, "deadline_of_opening", remedy("deadline_of_opening"))
            elif due.elsewhere is not None:
                _inspect_elsewhere(survey, (*at, "from"), due.elsewhere)
            else:
                _inspect_start(survey, (*at, "from"), key, due.start)


def _inspect_start(survey: Survey, at: Path, step: str, start: str) -> None:
    process = survey.process
    field = process.fields.get(start)
    if start in process.steps:
        if survey.process.opening_steps and not survey.flow.may_precede(start, step):
            first, second = process.steps[start].label, process.steps[step].label
            survey.say(at, "deadline_before", remedy("deadline_from"), first=first, second=second)
    elif field is not None:
        if field.type not in DATED:
            survey.say(at, "deadline_not_dated", remedy("deadline_from"), field=field.label)
    else:
        dated = [name for name, known in process.fields.items() if known.type in DATED]
        survey.unknown(at, "start", start, [*process.steps, *dated])


def _inspect_elsewhere(survey: Survey, at: Path, start: Elsewhere) -> None:
    """Time begins in another case: some known process with that kind of link must have what it begins with."""
    process = survey.process
    if (start.step is None) == (start.field is None):
        survey.say(at, "deadline_elsewhere_one", remedy("deadline_elsewhere"))
        return
    if not survey.demand((*at, "linked"), "link", start.linked, process.links):
        return
    there = [one for one in (process, *survey.known.values()) if start.linked in one.links]
    if there == [process]:
        return  # the other process is not published yet: asked again when it is
    if start.step is not None and not any(start.step in one.steps for one in there):
        steps = [key for one in there for key in one.steps]
        survey.unknown((*at, "step"), "step_there", start.step, steps)
    dated = [key for one in there for key, field in one.fields.items() if field.type in DATED]
    if start.field is not None and start.field not in dated:
        survey.unknown((*at, "field"), "dated_field_there", start.field, dated)
