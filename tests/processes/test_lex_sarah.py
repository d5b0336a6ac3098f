"""The lex Sarah process against its table: each step from each status, who, what is given, each condition alone."""

from __future__ import annotations

import pytest

from engine.cases.decision import Decision
from tests.processes import tables_lex_sarah as table
from tests.processes.walk import SHIPPED, lacking, tasks_of, why, written
from tests.processes.walk_lex import (
    OWN,
    PRIVATE,
    act,
    carry_out,
    level,
    lex_in,
    lex_world,
    manager,
    note,
    refused,
    report_lex,
    write_entries,
)
from tests.world import World

DOCUMENT = next(one for one in SHIPPED if one.key == "lex_sarah")
PROCESS = DOCUMENT.process
PRIVATE_STEPS = ("informera_namnd_rapport", "informera_namnd_anmalan")
AFTER_NOTIFYING = (
    "informera_namnd_anmalan",
    "skicka_utredning_ivo",
    "registrera_ivo_begaran",
    "komplettera_ivo",
)

# Who takes a step when the question is where, not who.
TAKER = {step: next(iter(who), "lex_sarah_ansvarig") for step, who in table.WHO.items()}


def unit_of(step: str) -> str:
    return PRIVATE if step in PRIVATE_STEPS else OWN


def taker(step: str) -> str:
    return manager(unit_of(step)) if TAKER[step] == "enhetschef" else TAKER[step]


def prepared(world: World, step: str, state: str) -> str:
    """A case in a status where nothing but the status can be against the step."""
    reference = lex_in(world, state, unit_of(step))
    if state == "rapporterad" or state in table.FINAL:
        return reference
    if step in (*AFTER_NOTIFYING, "registrera_ivo_beslut"):
        act(world, "beslutsfattare", reference, "anmal_ivo")
    if step == "komplettera_ivo":
        act(world, "beslutsfattare", reference, "registrera_ivo_begaran")
    if step == "slutfor_utredning" and state == "under_utredning":
        write_entries(world, reference)
        act(world, "lex_sarah_utredare", reference, "ange_orsak")
    if step == "inte_lex_sarah":
        act(world, "registrator", reference, "diariefor")
    if step == "paborja_uppfoljning" and state == "atgarder_pagar":
        carry_out(world, reference)
    if step == "avsluta":
        act(world, "registrator", reference, "diariefor")
        act(world, manager(OWN), reference, "informera_enskild")
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
    world = lex_world()
    reference = prepared(world, step, state)
    assert world.cases[reference].state == state
    before = world.cases[reference].seq
    leads = table.MOVES[step].get(state)
    found = world.step(taker(step), reference, step, table.REQUIRED[step])
    if leads is None:
        assert refused(found).kind in {"wrong_state", "locked"} | (
            {"guard"} if step == "lamna_till_beslut" else set()
        )
        assert world.cases[reference].seq == before
    else:
        event, case = written(found)
        assert event.step == step
        assert case.state == (state if leads == table.STAYS else leads)


@pytest.mark.parametrize("step", ["rapportera", "registrera_rapport"])
def test_opening__leads_to_its_status_and_is_marked_from_the_first_event(step: str) -> None:
    world = lex_world()
    reference = world.open(table.WHO[step][0], "lex_sarah", step=step, **table.REQUIRED[step])
    assert isinstance(reference, str), reference
    assert world.cases[reference].state == table.OPENING[step]
    assert dict(world.events[reference][0].marks) == {"lex": "envelope"}


# --- who -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", table.PERSONS)
@pytest.mark.parametrize("step", ["rapportera", "registrera_rapport"])
def test_opening__by_whom(step: str, person: str) -> None:
    found = lex_world().open(person, "lex_sarah", step=step, **table.REQUIRED[step])
    if person in table.WHO[step]:
        assert isinstance(found, str)
    else:
        assert refused(found).kind == "not_allowed"


@pytest.mark.parametrize("person", ["lex_sarah_ansvarig", "enhetschef", "rapportor", "administrator"])
def test_opening__what_comes_from_a_deviation_is_opened_by_it_alone(person: str) -> None:
    found = lex_world().open(
        person, "lex_sarah", step="fran_avvikelse", handelse="x", konsekvens="y", omedelbara_atgarder="z"
    )
    assert refused(found).kind == "not_allowed"


@pytest.mark.parametrize("person", table.PERSONS)
@pytest.mark.parametrize("step", [step for step, moves in table.MOVES.items() if moves])
def test_step__by_whom(step: str, person: str) -> None:
    world = lex_world()
    state = "under_utredning" if "under_utredning" in table.MOVES[step] else next(iter(table.MOVES[step]))
    reference = prepared(world, step, state)
    before = world.cases[reference]
    who = manager(unit_of(step)) if person == "enhetschef" else person
    try:
        found = world.step(who, reference, step, table.REQUIRED[step])
    except LookupError:
        found = None  # who does not see a case is not told that it exists
    if person in table.WHO[step]:
        assert isinstance(found, Decision), found
    else:
        assert found is None or refused(found).kind == "not_allowed"
        assert (found is None) == (person not in table.SEES)
        assert world.cases[reference] == before


@pytest.mark.parametrize("person", table.PERSONS)
def test_case__is_read_by_those_who_need_it(person: str) -> None:
    world = lex_world()
    for state in ("rapporterad", "under_utredning", "beslutad"):
        reference = lex_in(world, state)
        reads = person in table.READS or (person, state) == ("lex_sarah_utredare", "under_utredning")
        sees = "content" if reads else "envelope" if person in table.SEES else "none"
        assert level(world, person, reference) == sees


# --- what must be given ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "field"),
    [(step, field) for step, values in table.REQUIRED.items() for field in values],
)
def test_step__refuses_without_a_required_field(step: str, field: str) -> None:
    world = lex_world()
    values = {name: value for name, value in table.REQUIRED[step].items() if name != field}
    if step in table.OPENING:
        found = world.open(table.WHO[step][0], "lex_sarah", step=step, **values)
    else:
        found = world.step(taker(step), prepared(world, step, next(iter(table.MOVES[step]))), step, values)
    assert field in [one.rpartition(".")[2] for one in lacking(found)]


@pytest.mark.parametrize(("step", "values", "field"), table.REQUIRED_WHEN)
def test_step__refuses_without_a_field_that_the_rest_demands(step: str, values: dict, field: str) -> None:
    world = lex_world()
    reference = prepared(world, step, next(iter(table.MOVES[step])))
    assert lacking(world.step(taker(step), reference, step, values)) == [field]


def test_conflict__of_interest_names_who_and_who_does_it_instead() -> None:
    world = lex_world()
    reference = lex_in(world, "mottagen")
    found = world.step("lex_sarah_ansvarig", reference, "prova_jav", {"jav_provad": "finns"})
    assert lacking(found) == ["javiga", "ersattare"]
    act(world, "lex_sarah_ansvarig", reference, "ange_javig")
    act(
        world,
        "lex_sarah_ansvarig",
        reference,
        "prova_jav",
        jav_provad="finns",
        ersattare="Tillförordnad SAS.",
    )


def test_report__says_everything_that_is_missing_at_once() -> None:
    found = refused(lex_world().open("rapportor", "lex_sarah", plats="Badrummet"))
    assert {fault.field for fault in found.faults} == set(table.RAPPORT)


@pytest.mark.parametrize("lagrum", ["?", "sol", "lss", "sol,lss", None])
def test_report__is_never_refused_for_want_of_law_or_category(lagrum: str | None) -> None:
    world = lex_world()
    report_lex(
        world, kategori="?", intraffade="?", uppmarksammad="?", **({"lagrum": lagrum} if lagrum else {})
    )


def test_report__for_another_names_the_reporter() -> None:
    world = lex_world()
    given = {
        name: value
        for name, value in table.REQUIRED["registrera_rapport"].items()
        if name != "rapportor_namn"
    }
    assert lacking(world.open("lex_sarah_ansvarig", "lex_sarah", step="registrera_rapport", **given)) == [
        "rapportor_namn"
    ]
    reference = world.open(
        "lex_sarah_ansvarig", "lex_sarah", step="registrera_rapport", **given, rapporterad_av="mas"
    )
    values = world.cases[reference].values
    assert (values["rapporterad_av"], values["registrerad_av"]) == ("mas", "lex_sarah_ansvarig")


def test_receipt__needs_a_known_law() -> None:
    world = lex_world()
    reference = report_lex(world, lagrum="?")
    found = world.step(
        "lex_sarah_ansvarig",
        reference,
        "bekrafta_mottagande",
        {**table.REQUIRED["bekrafta_mottagande"], "lagrum": "?"},
    )
    assert lacking(found) == ["lagrum"]


def test_receipt__not_before_the_report_came() -> None:
    world = lex_world()
    given = {**table.REQUIRED["bekrafta_mottagande"], "mottagen_datum": "2026-03-01"}
    assert "samma dag som" in why(
        world.step("lex_sarah_ansvarig", report_lex(world), "bekrafta_mottagande", given)
    )


# --- the investigation -----------------------------------------------------------------------------


@pytest.mark.parametrize("missing", table.HEADINGS)
def test_investigation__needs_an_entry_under_every_heading(missing: str) -> None:
    world = lex_world()
    reference = lex_in(world, "under_utredning")
    act(world, "lex_sarah_utredare", reference, "ange_orsak")
    write_entries(world, reference, but=missing)
    found = world.step(
        "lex_sarah_utredare", reference, "slutfor_utredning", table.REQUIRED["slutfor_utredning"]
    )
    label = PROCESS.headings[missing].sv
    assert [
        reason.arguments["headings"] for reason in refused(found).reasons if "headings" in reason.arguments
    ] == [(PROCESS.headings[missing],)], label
    note(world, reference, missing)
    act(world, "lex_sarah_utredare", reference, "slutfor_utredning")


def test_investigation__the_decision_is_written_by_the_decision_alone() -> None:
    world = lex_world()
    reference = lex_in(world, "under_utredning")
    assert refused(note(world, reference, "U9")).kind == "guard"
    reference = lex_in(world, "beslutad")
    last = next(event for event in world.events[reference] if event.step == "besluta")
    assert last.entry is not None
    assert (last.entry.heading, last.entry.judgement) == ("U9", True)
    assert "Insatsen uteblev." in last.personal["$text"]


def test_investigation__needs_a_cause_unless_nothing_was_wrong() -> None:
    world = lex_world()
    reference = lex_in(world, "under_utredning")
    write_entries(world, reference)
    given = table.REQUIRED["slutfor_utredning"]
    assert lacking(world.step("lex_sarah_utredare", reference, "slutfor_utredning", given)) == ["orsaker"]
    act(world, "lex_sarah_utredare", reference, "slutfor_utredning", foreslagen_grad="inget_missforhallande")


def test_investigation__a_correction_is_a_new_entry() -> None:
    world = lex_world()
    reference = lex_in(world, "under_utredning")
    note(world, reference, "U1")
    number = next(iter(world.cases[reference].entries))
    written(note(world, reference, "U1", corrects=number))
    texts = [event.personal["$text"] for event in world.events[reference] if event.kind == "entry"]
    assert len(texts) == 2
    assert list(world.cases[reference].entries.values()) == ["U1"]


@pytest.mark.parametrize("state", table.FINISHED)
def test_investigation__is_locked_when_finished(state: str) -> None:
    world = lex_world()
    assert refused(note(world, lex_in(world, state), "U8", "lex_sarah_ansvarig")).kind == "locked"


def test_investigation__is_unlocked_with_a_reason_and_finished_again() -> None:
    world = lex_world()
    reference = lex_in(world, "utredning_klar")
    act(world, "lex_sarah_ansvarig", reference, "las_upp")
    assert world.cases[reference].assignee == "lex_sarah_utredare"
    assert world.cases[reference].deadlines["utred_upplast"].status == "open"
    note(world, reference, "U8")
    act(world, "lex_sarah_utredare", reference, "slutfor_utredning")
    act(world, "beslutsfattare", reference, "besluta")


# --- the decision ----------------------------------------------------------------------------------


@pytest.mark.parametrize("grade", table.DEGREES)
def test_decision__has_five_degrees_shown_as_three_too(grade: str) -> None:
    world = lex_world()
    case = world.cases[lex_in(world, "beslutad", grade=grade)]
    assert case.values["grad_grupp"] == table.GROUPS[grade]
    assert case.values["ivo_lage"] == ("ska_anmalas" if grade in table.SERIOUS else "ej_aktuell")
    assert (("anmal_ivo", "beslutsfattare") in tasks_of(world, case.reference)) == (grade in table.SERIOUS)
    deadline = case.deadlines.get("anmal_ivo_beslut")
    assert (deadline is not None) == (grade in table.SERIOUS)


def test_decision__not_by_the_investigator() -> None:
    people = {
        "alla": [("lex_sarah_ansvarig", "forv"), ("lex_sarah_utredare", "forv"), ("beslutsfattare", "forv")]
    }
    world = lex_world(people={**lex_world().people, **people})
    reference = lex_in(world, "mottagen")
    act(world, "alla", reference, "forsta_bedomning", utredare="alla")
    write_entries(world, reference, "alla")
    act(world, "alla", reference, "ange_orsak")
    act(world, "alla", reference, "slutfor_utredning")
    found = world.step("alla", reference, "besluta", table.REQUIRED["besluta"])
    assert refused(found).kind == "guard"
    act(world, "beslutsfattare", reference, "besluta")


def test_decision__not_by_whoever_reported() -> None:
    world = lex_world()
    reference = report_lex(world, "beslutsfattare")
    act(world, "lex_sarah_ansvarig", reference, "bekrafta_mottagande")
    act(world, "lex_sarah_ansvarig", reference, "forsta_bedomning")
    write_entries(world, reference)
    act(world, "lex_sarah_utredare", reference, "ange_orsak")
    act(world, "lex_sarah_utredare", reference, "slutfor_utredning")
    assert (
        refused(world.step("beslutsfattare", reference, "besluta", table.REQUIRED["besluta"])).kind == "guard"
    )


def test_decision__not_before_the_report_was_received() -> None:
    world = lex_world()
    given = {**table.REQUIRED["besluta"], "beslutsdatum": "2026-03-01"}
    assert (
        refused(world.step("beslutsfattare", lex_in(world, "utredning_klar"), "besluta", given)).kind
        == "guard"
    )


@pytest.mark.parametrize("reason", table.NOT_LEX_SARAH)
def test_not_lex_sarah__for_the_lawful_reasons(reason: str) -> None:
    world = lex_world()
    other = report_lex(world)
    reference = lex_in(world, "mottagen")
    given = {"inte_skal": reason, **({"dubblett_av": other} if reason == "dubblett" else {})}
    act(world, "registrator", reference, "diariefor")
    act(world, "beslutsfattare", reference, "inte_lex_sarah", **given)
    assert world.cases[reference].state == "avslutad"


def test_not_lex_sarah__never_because_it_is_not_serious_enough() -> None:
    assert tuple(PROCESS.lists["inte_lex_sarah_skal"].flat) == table.NOT_LEX_SARAH
    world = lex_world()
    reference = lex_in(world, "mottagen")
    act(world, "registrator", reference, "diariefor")
    given = {"inte_skal": "inte_tillrackligt_allvarligt", "inte_motivering": "Litet."}
    assert lacking(world.step("beslutsfattare", reference, "inte_lex_sarah", given)) == ["inte_skal"]


def test_not_lex_sarah__is_registered_first() -> None:
    world = lex_world()
    reference = lex_in(world, "mottagen")
    found = world.step("beslutsfattare", reference, "inte_lex_sarah", table.REQUIRED["inte_lex_sarah"])
    assert "Diarienummer" in why(found)


# --- tasks and the end -----------------------------------------------------------------------------


@pytest.mark.parametrize(("state", "expected"), table.EXPECTED.items())
def test_tasks__of_each_status(state: str, expected: set) -> None:
    world = lex_world()
    assert tasks_of(world, lex_in(world, state)) == expected


@pytest.mark.parametrize(
    ("lacks", "said"),
    [("diariefor", "Diarienummer"), ("informera_enskild", "Informera den enskilde")],
)
def test_close__refuses_what_the_law_demands_of_every_case(lacks: str, said: str) -> None:
    world = lex_world()
    reference = lex_in(world, "under_uppfoljning")
    for step, who in (("diariefor", "registrator"), ("informera_enskild", "enhetschef")):
        if step != lacks:
            act(world, who, reference, step)
    found = world.step("lex_sarah_ansvarig", reference, "avsluta", table.REQUIRED["avsluta"])
    assert said in why(found)
    assert len([one for one in refused(found).reasons if one.id != "step.source"]) == 1


def test_close__refuses_a_case_that_is_not_in_the_compilation() -> None:
    world = lex_world()
    reference = prepared(world, "avsluta", "under_uppfoljning")
    given = {**table.REQUIRED["avsluta"], "sparad_i_sammanstallning": "nej"}
    assert refused(world.step("lex_sarah_ansvarig", reference, "avsluta", given)).kind == "guard"


@pytest.mark.parametrize("grade", table.DEGREES)
@pytest.mark.parametrize("unit", [OWN, PRIVATE])
def test_course__from_report_to_end(grade: str, unit: str) -> None:
    world = lex_world()
    reference = lex_in(world, "avslutad", unit, grade)
    assert world.cases[reference].values["grad"] == grade
