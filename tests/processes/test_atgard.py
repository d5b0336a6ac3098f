"""The process of a measure against its table, and what the table cannot say: dates, settings, effects."""

from __future__ import annotations

import pytest

from engine.cases.decision import Decision, Refusal
from engine.definition.document import build
from tests.processes import tables_atgard as table
from tests.processes.walk import (
    SHIPPED,
    deviation_in,
    lacking,
    measure_for,
    measure_in,
    new_world,
    take,
    tasks_of,
    written,
)
from tests.world import World

PROCESS = SHIPPED[1].process

TAKER = dict.fromkeys(table.WHO, "enhetschef") | {"genomfor": "ansvarig"}


def prepared(world: World, step: str, state: str) -> str:
    """A measure in a status where nothing but the status can be against the step."""
    reference = measure_in(world, state)
    if step == "omarbeta" and state == "foreslagen":
        take(world, "enhetschef", reference, "besluta_omarbeta")
    return reference


def test_table__covers_the_definition() -> None:
    assert set(PROCESS.states) == set(table.STATES)
    assert set(PROCESS.steps) == {*table.OPENING, *table.MOVES}
    assert {state for state, one in PROCESS.states.items() if one.final} == set(table.FINAL)
    assert set(table.WHO) == set(table.REQUIRED) == {*table.OPENING, *table.MOVES}


@pytest.mark.parametrize("state", table.STATES)
@pytest.mark.parametrize("step", table.MOVES)
def test_step__from_every_status(step: str, state: str) -> None:
    world = new_world()
    reference = prepared(world, step, state)
    before = world.cases[reference].seq
    leads = table.MOVES[step].get(state)
    try:
        found = world.step(TAKER[step], reference, step, table.REQUIRED[step])
    except LookupError:  # who is not yet responsible does not see the measure
        assert (step, leads) == ("genomfor", None)
        return
    if leads is None:
        assert isinstance(found, Refusal)
        assert found.kind in ("wrong_state", "locked")
        assert world.cases[reference].seq == before
    else:
        assert written(found)[1].state == (state if leads == table.STAYS else leads)


@pytest.mark.parametrize("step", table.OPENING)
def test_opening__leads_to_its_status_and_is_linked(step: str) -> None:
    world = new_world()
    source = deviation_in(world, "under_utredning")
    take(world, "utredare", source, "ange_orsak")
    reference = measure_for(world, source, "orsaker.r1", step=step)
    case = world.cases[reference]
    assert case.state == table.OPENING[step]
    assert [(link.kind, link.other, link.row) for link in case.links] == [
        ("atgard_for", source, "orsaker.r1")
    ]
    assert case.unit == world.cases[source].unit


@pytest.mark.parametrize("step", table.OPENING)
def test_opening__is_always_for_a_case(step: str) -> None:
    found = new_world().open("enhetschef", "atgard", step=step, **table.REQUIRED[step])
    assert found.kind == "guard"


def test_opening__takes_the_unit_of_the_case_it_is_for() -> None:
    world = new_world()
    source = deviation_in(world, "under_utredning")
    take(world, "enhetschef", source, "flytta")
    reference = world.open("enhetschef_ek", "atgard", unit=None, to=source, **table.REQUIRED["foresla"])
    assert world.cases[reference].unit == "ek"


@pytest.mark.parametrize("person", table.PERSONS)
@pytest.mark.parametrize("step", table.OPENING)
def test_opening__by_whom(step: str, person: str) -> None:
    world = new_world()
    source = deviation_in(world, "rapporterad")
    who = {"forslagsstallare": "rapportor"}.get(person, person)
    try:
        found = world.open(who, "atgard", step=step, to=source, **table.REQUIRED[step])
    except LookupError:
        found = None
    if person in table.WHO[step]:
        assert isinstance(found, str), found
    else:
        assert found is None or found.kind == "not_allowed"


@pytest.mark.parametrize("person", table.PERSONS)
@pytest.mark.parametrize("step", table.MOVES)
def test_step__by_whom(step: str, person: str) -> None:
    world = new_world()
    state = "planerad" if "planerad" in table.MOVES[step] else next(iter(table.MOVES[step]))
    reference = prepared(world, step, state)
    before = world.cases[reference]
    who = {"forslagsstallare": "rapportor"}.get(person, person)
    try:
        found = world.step(who, reference, step, table.REQUIRED[step])
    except LookupError:
        found = None
    if person in table.WHO[step]:
        assert isinstance(found, Decision), found
    else:
        assert found is None or found.kind == "not_allowed"
        assert world.cases[reference] == before


@pytest.mark.parametrize(
    ("step", "field"), [(step, field) for step, values in table.REQUIRED.items() for field in values]
)
def test_step__refuses_without_a_required_field(step: str, field: str) -> None:
    world = new_world()
    values = {name: value for name, value in table.REQUIRED[step].items() if name != field}
    if step in table.OPENING:
        source = deviation_in(world, "under_utredning")
        found = world.open("enhetschef", "atgard", step=step, to=source, **values)
    else:
        found = world.step(TAKER[step], prepared(world, step, next(iter(table.MOVES[step]))), step, values)
    assert isinstance(found, Refusal)
    assert field in [fault.field for fault in found.faults]


@pytest.mark.parametrize(("step", "values", "field"), table.REQUIRED_WHEN)
def test_step__refuses_without_a_field_that_the_rest_demands(step: str, values: dict, field: str) -> None:
    world = new_world()
    reference = prepared(world, step, next(iter(reversed(table.MOVES[step]))))
    without = {name: value for name, value in values.items() if name != field}
    found = world.step(TAKER[step], reference, step, without)
    assert isinstance(found, Refusal)
    assert lacking(found) == [field]
    assert isinstance(world.step(TAKER[step], reference, step, values), Decision)


@pytest.mark.parametrize(("effekt", "demands"), table.DEMANDS_MORE.items())
def test_follow_up__no_effect_demands_a_new_measure_or_reasons(effekt: str, demands: bool) -> None:
    world = new_world()
    reference = measure_in(world, "genomford")
    given = {**table.EFFEKT, "effekt": effekt}
    found = world.step("enhetschef", reference, "folj_upp", given)
    assert isinstance(found, Refusal) == demands
    if demands:
        new = {**given, "fortsatt": "ny_atgard", "ny_atgard": "ÅTG-2026-0001"}
        take(world, "enhetschef", reference, "folj_upp", **new)
        assert any(link.kind == "foljs_av" for link in world.cases[reference].links)


def test_follow_up__to_make_it_routine_is_told() -> None:
    world = new_world()
    reference = measure_in(world, "genomford")
    take(
        world,
        "enhetschef",
        reference,
        "folj_upp",
        **{**table.EFFEKT, "fortsatt": "gor_till_rutin"},
        styrdokument="Nattrutin",
    )
    assert "kvalitetssamordnare" in [message.role for ref, message in world.messages if ref == reference]


def test_follow_up__an_immediate_measure_may_be_judged_the_same_day() -> None:
    world = new_world()
    reference = measure_for(world, deviation_in(world, "rapporterad"), step="registrera_omedelbar")
    assert tasks_of(world, reference) == table.EXPECTED["genomford"]
    take(world, "enhetschef", reference, "folj_upp")


@pytest.mark.parametrize(("setting", "is_open"), [("never", True), ("always", False)])
def test_follow_up__by_another_than_the_responsible_where_that_is_set(setting: str, is_open: bool) -> None:
    content = SHIPPED[1].content
    changed = build(content["process"], content["lists"], {"effekt_bedoms_av_annan": setting})
    world = new_world(shipped=(SHIPPED[0], changed))
    source = deviation_in(world, "under_utredning")
    reference = measure_for(world, source)
    take(world, "enhetschef", reference, "besluta")
    take(world, "enhetschef", reference, "planera", **{**table.PLAN, "ansvarig": "enhetschef"})
    take(world, "enhetschef", reference, "genomfor")
    found = world.step("enhetschef", reference, "folj_upp", table.EFFEKT)
    assert isinstance(found, Decision) == is_open
    if not is_open:
        assert found.kind == "guard"


@pytest.mark.parametrize(
    ("changed", "is_open"),
    [({}, True), ({"uppfoljning_datum": "2026-04-01"}, True), ({"uppfoljning_datum": "2026-03-31"}, False)],
)
def test_plan__is_followed_up_after_it_is_carried_out(changed: dict, is_open: bool) -> None:
    world = new_world()
    found = world.step("enhetschef", measure_in(world, "beslutad"), "planera", {**table.PLAN, **changed})
    assert isinstance(found, Decision) == is_open


def test_plan__makes_the_dates_deadlines_and_the_responsible_holder() -> None:
    world = new_world()
    case = world.cases[measure_in(world, "planerad")]
    assert case.assignee == "ansvarig"
    assert {key: case.deadlines[key].due_on for key in ("genomfor", "folj_upp")} == {
        "genomfor": "2026-04-01",
        "folj_upp": "2026-05-04",
    }


def test_plan__warns_of_a_date_that_has_passed() -> None:
    world = new_world()
    decision = take(
        world,
        "enhetschef",
        measure_in(world, "beslutad"),
        "planera",
        **{**table.PLAN, "klart_senast": "2026-03-01"},
    )
    assert decision.writes[0].event.warned == ("tiden_har_gatt",)


def test_plan_anew__moves_the_deadline_and_may_not_pass_the_follow_up() -> None:
    world = new_world()
    reference = measure_in(world, "planerad")
    take(world, "ansvarig", reference, "planera_om")
    case = world.cases[reference]
    assert (case.values["klart_senast"], case.deadlines["genomfor"].due_on) == ("2026-04-20", "2026-04-20")
    later = {"nytt_datum": "2026-06-01", "skal": "Leveransen dröjde."}
    assert world.step("ansvarig", reference, "planera_om", later).kind == "guard"
    take(world, "ansvarig", reference, "planera_om", **later, uppfoljning_datum="2026-07-01")
    assert world.cases[reference].deadlines["folj_upp"].due_on == "2026-07-01"


def test_plan_anew__the_third_time_tells_the_next_level() -> None:
    world = new_world()
    reference = measure_in(world, "planerad")

    def told() -> int:
        return sum(message.role == "verksamhetschef" for ref, message in world.messages if ref == reference)

    for times, expected in ((1, 0), (2, 0), (3, 1)):
        take(world, "ansvarig", reference, "planera_om", nytt_datum=f"2026-04-2{times}", skal="Dröjer.")
        assert told() == expected


def test_plan_anew__an_immediate_measure_needs_a_responsible_and_a_follow_up() -> None:
    world = new_world()
    reference = measure_for(world, deviation_in(world, "rapporterad"), step="registrera_omedelbar")
    found = world.step("enhetschef", reference, "planera_om", table.REQUIRED["planera_om"])
    assert lacking(found) == ["ansvarig", "uppfoljning_datum"]
    take(
        world,
        "enhetschef",
        reference,
        "planera_om",
        **table.REQUIRED["planera_om"],
        ansvarig="ansvarig",
        uppfoljning_datum="2026-05-04",
    )


def test_revise__goes_back_to_who_proposed_and_then_to_the_decision() -> None:
    world = new_world()
    reference = measure_in(world, "foreslagen")
    assert world.cases[reference].deadlines["besluta"].due_on == "2026-03-16"
    assert world.step("enhetschef", reference, "omarbeta", table.REQUIRED["omarbeta"]).kind == "guard"
    take(world, "enhetschef", reference, "besluta_omarbeta")
    assert world.cases[reference].values["utfall"] == "omarbetas"
    assert tasks_of(world, reference) >= {("omarbeta", "rapportor"), ("omarbeta", "enhetschef")}
    take(world, "rapportor", reference, "omarbeta")
    assert tasks_of(world, reference) == table.EXPECTED["foreslagen"]
    assert world.cases[reference].deadlines["besluta_omarbetad"].due_on == "2026-03-16"


@pytest.mark.parametrize(
    ("step", "utfall"),
    [("besluta", "godkand"), ("besluta_omarbeta", "omarbetas"), ("besluta_avsla", "avslas")],
)
def test_decide__writes_what_was_decided(step: str, utfall: str) -> None:
    world = new_world()
    reference = measure_in(world, "foreslagen")
    take(world, "verksamhetschef", reference, step)
    assert world.cases[reference].values["utfall"] == utfall


def test_stop__without_a_replacement_when_that_is_said() -> None:
    world = new_world()
    take(
        world,
        "enhetschef",
        measure_in(world, "planerad"),
        "avbryt",
        skal="Enheten läggs ner.",
        utan_ersattare="ja",
    )


@pytest.mark.parametrize(("state", "expected"), table.EXPECTED.items())
def test_tasks__of_each_status(state: str, expected: set) -> None:
    world = new_world()
    assert tasks_of(world, measure_in(world, state)) == expected


def test_mark__a_measure_does_not_inherit_it() -> None:
    world = new_world()
    source = deviation_in(world, "overlamnad")
    reference = world.open("enhetschef", "atgard", to=source, **table.REQUIRED["foresla"])
    assert not world.cases[reference].marks
