"""The process of a request for a public document against its table, and what the table cannot say."""

from __future__ import annotations

from typing import Any

import pytest

from engine.cases.access import AccessRule, ProcessRule, Viewer
from engine.cases.decision import Actor, AddEntry, Decision, Refusal
from engine.definition.document import Document, build
from engine.definition.load import load_process
from tests.processes import tables_utlamnande as table
from tests.processes.walk import PROCESSES, SHIPPED, STAND_INS, report, why, written
from tests.world import World

DOCUMENT = load_process(PROCESSES / "utlamnande" / "process.yaml")
PROCESS = DOCUMENT.process
PEOPLE: dict[str, list[tuple[str, str]]] = {
    **{role: [(role, "bjork")] for role in table.ROLES},
    "mottagare": [],
    "handlaggare": [],
    "utomstaende": [],
    "rapportor": [],
}
TAKER = {step: "handlaggare" if "handlaggare" in who else who[0] for step, who in table.WHO.items()}


def new_world(document: Document = DOCUMENT) -> World:
    return World((document,), PEOPLE)


def changed(**settings: Any) -> Document:
    """The process as a municipality has set it."""
    content = DOCUMENT.content
    return build(content["process"], content["lists"], settings)


def received(world: World, person: str = "mottagare") -> str:
    reference = world.open(person, "utlamnande", **table.BEGARAN)
    assert isinstance(reference, str), reference
    return reference


def take(world: World, reference: str, step: str, values: dict | None = None, person: str | None = None):
    given = table.REQUIRED.get(step, {}) if values is None else values
    return world.step(person or TAKER[step], reference, step, given)


def act(world: World, reference: str, *steps: str, assessed: dict | None = None) -> None:
    for step in steps:
        found = take(world, reference, step, assessed if step == "prova" else None)
        assert isinstance(found, Decision), (step, found)


def in_state(world: World, state: str) -> str:
    reference = received(world)
    act(world, reference, *table.WAYS[state])
    assert world.cases[reference].state == state
    return reference


def status_of(step: str) -> str:
    """A status that a step is taken from, with a handler where it may have one."""
    return "under_provning" if "under_provning" in table.MOVES[step] else next(iter(table.MOVES[step]))


def prepared(world: World, step: str, state: str) -> str:
    """A request in a status where nothing but the status can be against the step."""
    if state != "under_provning":
        return in_state(world, state)
    reference = in_state(world, state)
    assessed = {"lamna_ut": table.INGEN, "neka": table.HELA}.get(step, table.DELVIS)
    before = table.BEFORE.get(step, ("prova",) if step in ("lamna_ut", "neka") else ())
    act(world, reference, *before, assessed=assessed)
    return reference


def attempt(world: World, person: str, reference: str, step: str):
    """A step, or a note, by somebody; None when they do not see the case."""
    try:
        if step == "anteckna":
            return world.do(
                AddEntry(
                    f"note-{person}", Actor(person), reference=reference, heading="ovrigt", text="x", source="samtal",
                    judgement=False,
                )
            )  # fmt: skip
        return take(world, reference, step, person=person)
    except LookupError:
        return None


def test_table__covers_the_definition() -> None:
    assert set(PROCESS.states) == set(table.STATES)
    assert set(PROCESS.steps) == {"ta_emot", *table.MOVES}
    assert {state for state, one in PROCESS.states.items() if one.final} == set(table.FINAL)
    assert set(table.WHO) == {"ta_emot", *table.MOVES}
    assert set(table.REQUIRED) == set(table.WHO) - {"anteckna"}


@pytest.mark.parametrize("state", table.STATES)
@pytest.mark.parametrize("step", table.MOVES)
def test_step__from_every_status(step: str, state: str) -> None:
    world = new_world()
    reference = prepared(world, step, state)
    before = world.cases[reference]
    is_early = state == "mottagen" and "registrator" in table.WHO[step]  # there is no handler yet
    found = attempt(world, "registrator" if is_early else TAKER[step], reference, step)
    leads = table.MOVES[step].get(state)
    if leads is None:
        assert found is None or (
            isinstance(found, Refusal) and found.kind in ("wrong_state", "locked", "guard")
        )
        assert world.cases[reference] == before
    else:
        assert written(found)[1].state == (state if leads == table.STAYS else leads)


@pytest.mark.parametrize("person", table.PERSONS)
@pytest.mark.parametrize("step", table.MOVES)
def test_step__by_whom(step: str, person: str) -> None:
    world = new_world()
    reference = prepared(world, step, status_of(step))
    before = world.cases[reference]
    found = attempt(world, person, reference, step)
    if person in table.WHO[step]:
        assert isinstance(found, Decision), found
    else:
        assert found is None or (isinstance(found, Refusal) and found.kind == "not_allowed")
        assert world.cases[reference] == before


@pytest.mark.parametrize("person", table.PERSONS)
def test_opening__by_everybody(person: str) -> None:
    world = new_world()
    assert world.cases[received(world, person)].state == "mottagen"


@pytest.mark.parametrize(
    ("step", "field"), [(step, field) for step, values in table.REQUIRED.items() for field in values]
)
def test_step__refuses_without_a_required_field(step: str, field: str) -> None:
    world = new_world()
    values = {name: value for name, value in table.REQUIRED[step].items() if name != field}
    if step == "ta_emot":
        found = world.open("mottagare", "utlamnande", **values)
    else:
        found = take(world, prepared(world, step, status_of(step)), step, values)
    assert isinstance(found, Refusal)
    assert field in [fault.field.rpartition(".")[2] for fault in found.faults]


@pytest.mark.parametrize("row", table.CONDITIONS, ids=lambda row: f"{row[0]} {row[4]}")
def test_step__refuses_when_a_condition_is_false(row) -> None:
    step, assessed, before, values, said = row
    world = new_world()
    reference = in_state(world, "under_provning")
    act(world, reference, *(("prova",) if assessed else ()), *before, assessed=assessed)
    found = take(world, reference, step, values)
    assert isinstance(found, Refusal)
    assert found.kind == "guard"
    assert said in why(found)


@pytest.mark.parametrize("assessed", [table.DELVIS, table.HELA, table.UTKAST], ids=["part", "all", "draft"])
def test_assessment__that_does_not_release_all_has_its_reasons(assessed) -> None:
    world = new_world()
    found = take(world, in_state(world, "under_provning"), "prova", {**assessed, "provning": ""})
    assert isinstance(found, Refusal)
    assert [fault.field for fault in found.faults] == ["provning"]


@pytest.mark.parametrize("state", table.STATES)
def test_state__expects(state: str) -> None:
    world = new_world()
    reference = in_state(world, state)
    tasks = {(task.step, task.role or task.person) for task in world.tasks[reference]}
    assert tasks == table.EXPECTED[state]


@pytest.mark.parametrize(("assessed", "before", "expected"), table.EXPECTED_AFTER)
def test_assessment__decides_what_is_to_be_done(assessed, before, expected) -> None:
    world = new_world()
    reference = in_state(world, "under_provning")
    act(world, reference, "prova", *before, assessed=assessed)
    assert {task.step for task in world.tasks[reference]} == expected


def test_masking__is_not_checked_by_whoever_made_it() -> None:
    world = World((DOCUMENT,), {**PEOPLE, "handlaggare": [("registrator", "bjork")]})
    reference = in_state(world, "under_provning")
    act(world, reference, "prova", "gor_maskad_kopia", assessed=table.DELVIS)
    found = take(world, reference, "kontrollera_maskning", person="handlaggare")
    assert isinstance(found, Refusal)
    assert "annan person" in why(found)
    assert isinstance(take(world, reference, "kontrollera_maskning", person="registrator"), Decision)


def test_masking__needs_no_second_person_where_the_municipality_says_so() -> None:
    world = new_world(changed(maskning_klar={"filled": "maskning"}))
    reference = in_state(world, "under_provning")
    act(world, reference, "prova", "gor_maskad_kopia", "lamna_ut_maskad", assessed=table.DELVIS)
    assert world.cases[reference].state == "besked_lamnat"


def test_reservation__is_closed_where_the_municipality_does_not_use_it() -> None:
    world = new_world(changed(forbehall_far_stallas="never"))
    found = take(world, in_state(world, "hos_myndigheten"), "besluta_forbehall")
    assert isinstance(found, Refusal)
    assert found.kind == "guard"


def test_answer__promptly_is_no_date_of_the_law() -> None:
    world = new_world()
    reference = in_state(world, "under_provning")
    (one,) = [
        d for d in world.cases[reference].deadlines.values() if d.status == "open" and d.step == "prova"
    ]
    assert one.kind == "lag_skyndsamt"
    act(world, reference, "prova", assessed=table.HELA)
    kinds = {d.step: d.kind for d in world.cases[reference].deadlines.values() if d.status == "open"}
    assert kinds == {"neka": "lag_skyndsamt"}


def test_refusal__says_how_to_appeal_and_release_after_assessment_does_not() -> None:
    world = new_world()
    refused = world.cases[in_state(world, "avslagen")]
    assert "överklaga" in refused.values["hur_overklaga"]
    other = received(world)
    act(world, other, "fordela", "prova", "lamna_ut", assessed=table.INGEN)
    assert "hur_overklaga" not in world.cases[other].values
    found = take(world, other, "registrera_overklagande")
    assert isinstance(found, Refusal)


def test_requester__may_be_anonymous() -> None:
    assert not {"namn", "begard_av", "syfte"} & set(PROCESS.fields)
    assert [ask.field for ask in PROCESS.steps["ta_emot"].asks] == [
        "begaran",
        "slag",
        "kanal",
        "ankomstdatum",
    ]


def test_linked_case__shows_nothing_of_its_content_to_the_handler() -> None:
    world = World((DOCUMENT, *SHIPPED, *STAND_INS), PEOPLE)
    source = report(world, handelse="hemligt zq1x")
    reference = received(world)
    found = take(
        world, reference, "fordela", {"handlaggare": "handlaggare", "arende": source}, person="enhetschef"
    )
    assert isinstance(found, Decision), found
    link = next(one for one in world.cases[reference].links if one.other == source)
    assert link.kind == "utlamnande_av"
    assert "zq1x" not in str(world.cases[reference]) + str(world.events[reference])
    grants = world.grants["handlaggare"]
    rules = {one.key: ProcessRule.of(one.process) for one in (DOCUMENT, *SHIPPED)}
    rule = AccessRule(Viewer("handlaggare", grants), world.facts().tree, rules)
    assert rule.level(world.cases[reference]) == "content"
    assert rule.level(world.cases[source]) == "none"


@pytest.mark.parametrize("person", table.PERSONS)
def test_level__by_role(person: str) -> None:
    world = new_world()
    case = world.cases[in_state(world, "under_provning")]
    rule = AccessRule(
        Viewer(person, world.grants[person]), world.facts().tree, {"utlamnande": ProcessRule.of(PROCESS)}
    )
    content, nothing = (*table.CONTENT, "handlaggare"), ("medarbetare", "utomstaende")
    expected = "content" if person in content else "none" if person in nothing else "envelope"
    assert rule.level(case) == expected
