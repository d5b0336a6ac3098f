"""The event analysis against its table: each step from each status, who, what is given, what is demanded."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.cases.access import AccessRule, ProcessRule, Viewer
from engine.cases.decision import Decision, Refusal
from tests.processes import tables_atgard as measure
from tests.processes import tables_handelseanalys as table
from tests.processes.walk import lacking, tasks_of, why, written
from tests.processes.walk_handelseanalys import begin, in_state, new_world, prepare, take, taker
from tests.processes.walk_lex_maria import ANALYSIS
from tests.world import World

PROCESS = ANALYSIS.process


def ready(world: World, step: str, state: str) -> str:
    """An analysis in a status where nothing but the status can be against the step."""
    forward = state in table.MOVES[step] and step in table.FORWARD
    reference = in_state(world, state, ready=forward)
    if step not in {"bemanna", "lagg_till_deltagare"} and state == "initierad":
        prepare(world, reference, state)
    return reference


# --- every step from every status ------------------------------------------------------------------


def test_table__covers_the_definition() -> None:
    assert set(PROCESS.states) == set(table.STATES)
    assert set(PROCESS.steps) == {*table.OPENING, *table.MOVES}
    assert {state for state, one in PROCESS.states.items() if one.final} == set(table.FINAL)
    assert set(table.WHO) == set(table.REQUIRED) == {*table.OPENING, *table.MOVES}


@pytest.mark.parametrize("state", table.STATES)
@pytest.mark.parametrize("step", table.MOVES)
def test_step__from_every_status(step: str, state: str) -> None:
    world = new_world()
    reference = ready(world, step, state)
    before = world.cases[reference]
    leads = table.MOVES[step].get(state)
    found = world.step(taker(step), reference, step, table.REQUIRED[step])
    if leads is None:
        assert isinstance(found, Refusal)
        assert found.kind in {"wrong_state", "locked"}
        assert world.cases[reference] == before
    else:
        event, case = written(found)
        assert event.step == step
        assert case.state == (state if leads == table.STAYS else leads)


@pytest.mark.parametrize("place", range(1, 8))
def test_back__leads_to_the_one_before_and_needs_a_reason(place: int) -> None:
    world = new_world()
    reference = in_state(world, table.STATES[place])
    step = table.BACK[place - 1]
    assert lacking(world.step(taker(step), reference, step)) == ["skal"]
    take(world, reference, step)
    assert world.cases[reference].state == table.STATES[place - 1]


# --- who -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", table.PERSONS)
def test_opening__by_whom(person: str) -> None:
    found = new_world().open(person, "handelseanalys", **table.HANDELSE)
    assert isinstance(found, str) == (person in table.WHO["initiera"])


@pytest.mark.parametrize("person", table.PERSONS)
@pytest.mark.parametrize("step", table.MOVES)
def test_step__by_whom(step: str, person: str) -> None:
    world = new_world()
    reference = ready(world, step, next(iter(table.MOVES[step])))
    before = world.cases[reference]
    try:
        found = world.step(person, reference, step, table.REQUIRED[step])
    except LookupError:
        found = None
    if person in table.WHO[step]:
        assert isinstance(found, Decision), found
    else:
        assert found is None or found.kind == "not_allowed"
        assert world.cases[reference] == before


def level_of(world: World, reference: str, person: str) -> str:
    rule = AccessRule(
        Viewer(person, world.grants[person]), world.facts().tree, {"handelseanalys": ProcessRule.of(PROCESS)}
    )
    return rule.level(world.cases[reference])


@pytest.mark.parametrize("person", [one for one in table.PERSONS if one != "deltagaren"])
@pytest.mark.parametrize("mark", [None, *table.READS_MARKED])
def test_case__is_read_by_whom(person: str, mark: str | None) -> None:
    world = new_world()
    reference = begin(world)
    if mark:
        world.cases[reference] = replace(world.cases[reference], marks={mark: "envelope"})
    readers = table.READS_MARKED[mark] if mark else table.READS
    expected = "content" if person in readers else "none" if person in table.BLIND else "envelope"
    assert level_of(world, reference, person) == expected


# --- what must be given ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "field"),
    [
        (step, field)
        for step, values in table.REQUIRED.items()
        for field in values
        if (step, field) not in table.KEPT and step != "ta_stallning"
    ],
)
def test_step__refuses_without_a_required_field(step: str, field: str) -> None:
    world = new_world()
    values = {name: value for name, value in table.REQUIRED[step].items() if name != field}
    if step in table.OPENING:
        found = world.open(taker(step), "handelseanalys", step=step, **values)
    else:
        found = world.step(taker(step), ready(world, step, next(iter(table.MOVES[step]))), step, values)
    assert field in [name.rpartition(".")[2] for name in lacking(found)]


@pytest.mark.parametrize(("step", "values", "field"), table.REQUIRED_WHEN)
def test_step__refuses_without_a_field_that_the_rest_demands(step: str, values: dict, field: str) -> None:
    world = new_world()
    reference = ready(world, step, "faktainsamling")
    without = {name: value for name, value in values.items() if name != field}
    assert lacking(world.step(taker(step), reference, step, without)) == [field]
    take(world, reference, step, **values)


@pytest.mark.parametrize(("step", "rows"), table.NEEDS_ROWS.items())
def test_step__refuses_without_rows(step: str, rows: tuple[str, str]) -> None:
    field, adds = rows
    world = new_world()
    reference = in_state(world, next(iter(table.MOVES[step])))
    assert field in lacking(world.step(taker(step), reference, step, table.REQUIRED[step]))
    take(world, reference, adds)
    take(world, reference, step)


def test_assignment__may_be_given_to_somebody_else_on_the_way() -> None:
    world = new_world()
    reference = in_state(world, "orsaksanalys")
    take(world, reference, "ge_uppdrag", uppdragsgivare="uppdragets", analysledare="analysledare")
    case = world.cases[reference]
    assert (case.assignee, case.values["uppdrag"]) == ("analysledare", table.UPPDRAG["uppdrag"])
    assert ("orsaker_klara", "analysledare") in tasks_of(world, reference)


# --- the team --------------------------------------------------------------------------------------


def test_team__nobody_who_was_part_of_the_event() -> None:
    world = new_world()
    reference = begin(world)
    found = world.step("ledaren", reference, "lagg_till_deltagare", {**table.DELTAGARE, "inblandad": "ja"})
    assert isinstance(found, Refusal)
    assert "Var med om händelsen" in why(found)
    assert not world.cases[reference].table("team")


# --- causes, proposals, report ---------------------------------------------------------------------


def test_causes__asked_why_only_once_are_pointed_out() -> None:
    world = new_world()
    decision = take(world, in_state(world, "orsaksanalys", ready=True), "orsaker_klara")
    assert decision.writes[0].event.warned == ("varfor_bara_en_gang",)
    reference = in_state(world, "orsaksanalys")
    take(world, reference, "lagg_till_orsak", **table.ORSAK, varfor_2="Skåpet är för litet.")
    assert take(world, reference, "orsaker_klara").writes[0].event.warned == ()


def test_proposals__a_cause_without_any_needs_reasons() -> None:
    world = new_world()
    reference = in_state(world, "atgardsforslag")
    found = world.step("ledaren", reference, "forslag_klara")
    assert "r1" in why(found)
    take(world, reference, "lagg_till_forslag", **{**table.FORSLAG, "orsak": "r2"})
    assert isinstance(world.step("ledaren", reference, "forslag_klara"), Refusal)
    take(
        world, reference, "forslag_klara",
        **{"orsaker.r1.inget_forslag_motivering": "Avdelningen är stängd."},
    )  # fmt: skip


def test_proposals__only_weak_ones_are_pointed_out() -> None:
    world = new_world()
    reference = in_state(world, "atgardsforslag")
    take(world, reference, "lagg_till_forslag", **{**table.FORSLAG, "styrka": "svag"})
    assert take(world, reference, "forslag_klara").writes[0].event.warned == ("bara_svaga_forslag",)
    reference = in_state(world, "atgardsforslag", ready=True)
    assert take(world, reference, "forslag_klara").writes[0].event.warned == ()


def test_report__is_without_names_of_persons() -> None:
    world = new_world()
    reference = in_state(world, "slutrapport")
    named = {**table.REQUIRED["lamna_rapport"], "utan_namn": "nej"}
    found = world.step("ledaren", reference, "lamna_rapport", named)
    assert "utan namn på personer" in why(found)


def test_clock__counts_from_the_assignment_and_to_the_day_that_was_agreed() -> None:
    world = new_world()  # Monday 2 March 2026
    reference = begin(world, assigned=False)
    assert not world.cases[reference].deadlines
    take(world, reference, "ge_uppdrag")
    deadlines = world.cases[reference].deadlines
    assert deadlines["rapport_uppdrag"].due_on == "2026-05-01"
    assert deadlines["rapport_avtalad"].due_on == "2026-04-20"
    given = world.open("mas", "handelseanalys", **table.HANDELSE, **table.UPPDRAG)
    assert world.cases[given].deadlines["rapport"].due_on == "2026-05-01"


def test_team__is_told_and_has_the_tasks_of_the_analysis() -> None:
    world = new_world()
    reference = in_state(world, "orsaksanalys", ready=True)
    assert "deltagaren" in [message.person for ref, message in world.messages if ref == reference]
    assert ("orsaker_klara", "deltagaren") in tasks_of(world, reference)
    take(world, reference, "orsaker_klara", person="deltagaren")


def test_tasks__wait_for_who_leads_it_and_then_for_who_commissioned_it() -> None:
    world = new_world()
    reference = begin(world, assigned=False)
    assert ("ge_uppdrag", "mas") in tasks_of(world, reference)
    for place, state in enumerate(table.STATES[:8]):
        reference = in_state(world, state)
        expected = "uppdragets" if state in {"beslut", "uppfoljning"} else "ledaren"
        assert (table.FORWARD[place], expected) in tasks_of(world, reference)


# --- the decision ----------------------------------------------------------------------------------


def approved(world: World, **more: str) -> str:
    """An analysis whose only proposal was approved."""
    reference = in_state(world, "beslut")
    take(world, reference, "ta_stallning", **{**table.GODKAND, **more})
    return reference


def test_decision__each_proposal_is_decided_on_with_reasons() -> None:
    world = new_world()
    reference = in_state(world, "beslut")
    assert "r1" in why(world.step("uppdragets", reference, "besluta"))
    for field in table.AVSLAS:
        found = world.step("uppdragets", reference, "besluta", {field: table.AVSLAS[field]})
        assert isinstance(found, Refusal)
    take(world, reference, "besluta", **table.AVSLAS)


def test_decision__what_is_to_be_revised_goes_back_to_who_leads_it() -> None:
    world = new_world()
    reference = in_state(world, "beslut")
    take(world, reference, "ta_stallning", **{**table.AVSLAS, "forslag.r1.beslut": "omarbetas"})
    assert isinstance(world.step("uppdragets", reference, "besluta"), Refusal)
    take(world, reference, "ater_rapport")
    assert ("lamna_rapport", "ledaren") in tasks_of(world, reference)
    take(world, reference, "ater_forslag")
    assert world.cases[reference].state == "atgardsforslag"


def test_decision__what_is_approved_has_a_date_and_is_there_as_a_measure() -> None:
    world = new_world()
    without_date = {key: value for key, value in table.GODKAND.items() if not key.endswith("tidplan")}
    reference = in_state(world, "beslut")
    take(world, reference, "ta_stallning", **without_date)
    assert "Genomförs senast" in why(world.step("uppdragets", reference, "besluta"))
    reference = approved(world)
    decision = take(world, reference, "besluta")
    (opened,) = decision.writes[0].event.opened
    assert opened
    case = world.cases["ÅTG-2026-0001"]
    assert (case.state, dict(case.marks)) == ("beslutad", {})
    assert {key: case.values[key] for key in ("vad", "orsak", "typ", "styrka", "klart_senast", "utfall")} == {
        "vad": "Ett fack per patient",
        "orsak": "Ett fack för alla pennor",
        "typ": "teknik",
        "styrka": "stark",
        "klart_senast": "2026-04-01",
        "utfall": "godkand",
    }
    assert [link.row for link in world.cases[reference].links] == ["forslag.r1"]


def test_decision__what_is_declined_opens_nothing_and_a_second_decision_opens_nothing_twice() -> None:
    world = new_world()
    reference = in_state(world, "atgardsforslag", ready=True)
    take(world, reference, "lagg_till_forslag", **{**table.FORSLAG, "vad": "Mer information"})
    for step in ("forslag_klara", "lamna_rapport"):
        take(world, reference, step)
    declined = {key.replace("r1", "r2"): value for key, value in table.AVSLAS.items()}
    take(world, reference, "besluta", **table.GODKAND, **declined)
    take(world, reference, "ater_beslut")
    take(world, reference, "besluta")
    assert [link.row for link in world.cases[reference].links] == ["forslag.r1"]


def test_close__waits_for_the_effect_of_each_measure() -> None:
    world = new_world()
    reference = approved(world)
    take(world, reference, "besluta")
    proposed = "ÅTG-2026-0001"
    take(world, reference, "lagg_till_spridning")
    found = world.step("uppdragets", reference, "avsluta", table.REQUIRED["avsluta"])
    assert why(found).startswith(f"{proposed} saknar")
    for step in ("planera", "genomfor", "folj_upp"):
        who = "ansvarig" if step == "genomfor" else "enhetschef"
        assert isinstance(world.step(who, proposed, step, measure.REQUIRED[step]), Decision)
    take(world, reference, "avsluta")
    assert world.cases[reference].state == "avslutad"
