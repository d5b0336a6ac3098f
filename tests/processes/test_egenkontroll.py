"""The process of a self-check against its table, and what the table cannot say: results, findings, dates."""

from __future__ import annotations

from typing import Any

import pytest

from engine.cases.decision import Decision, Refusal
from engine.definition.check import check
from engine.definition.document import build
from tests.processes import tables_egenkontroll as table
from tests.processes.walk import SHIPPED, STAND_INS, lacking, tasks_of, why, written
from tests.processes.walk_egenkontroll import CHECK, check_in, judge, measure, new_world, plan, take
from tests.world import World

PROCESS = CHECK.process


def given(step: str) -> dict[str, Any]:
    """What a step needs, the answers to the points too."""
    return {**table.REQUIRED[step], **(table.MET if step in ("genomfor", "komplettera_resultat") else {})}


def prepared(world: World, step: str, state: str, *, named: bool = False) -> str:
    """A self-check where nothing but the status can be against the step."""
    reference = check_in(world, state, named=named)
    if step == "besluta_atgarder" and state == "genomford":
        take(world, reference, "komplettera_resultat", **table.NOT_MET)
        measure(world, reference)
    return reference


def taker(step: str) -> str:
    return table.WHO[step][0]


def test_table__covers_the_definition() -> None:
    assert set(PROCESS.states) == set(table.STATES)
    assert set(PROCESS.steps) == {*table.OPENING, *table.MOVES}
    assert {state for state, one in PROCESS.states.items() if one.final} == set(table.FINAL)
    assert {state for state, one in PROCESS.states.items() if one.undone} == {
        "ej_genomford",
        "felregistrerad",
    }
    assert set(table.WHO) == set(table.REQUIRED) == {*table.OPENING, *table.MOVES}


def test_definition__is_sound_beside_what_it_opens() -> None:
    others = {one.key: one.process for one in (*SHIPPED, *STAND_INS)}
    assert check(CHECK, others) == []


@pytest.mark.parametrize("state", table.STATES)
@pytest.mark.parametrize("step", table.MOVES)
def test_step__from_every_status(step: str, state: str) -> None:
    world = new_world()
    reference = prepared(world, step, state)
    before = world.cases[reference].seq
    leads = table.MOVES[step].get(state)
    if step == "atgarder_ar_bedomda" and leads:
        found = world.step(taker(step), reference, step)
        assert "effekt" in why(found).casefold()  # it happens by itself when the effect is judged
        return
    found = world.step(taker(step), reference, step, given(step))
    if leads is None:
        assert isinstance(found, Refusal)
        assert found.kind in ("wrong_state", "locked")
        assert world.cases[reference].seq == before
    else:
        assert written(found)[1].state == (state if leads == table.STAYS else leads)


@pytest.mark.parametrize("person", table.PERSONS)
@pytest.mark.parametrize("step", table.WHO)
def test_step__by_whom(step: str, person: str) -> None:
    world = new_world()
    if step == "planera":
        found: Any = world.open(person, "egenkontroll", **table.PLAN)
        assert isinstance(found, str) == (person in table.WHO[step])
        return
    reference = prepared(world, step, next(iter(table.MOVES[step])), named=True)
    try:
        found = world.step(person, reference, step, given(step))
    except LookupError:
        found = None
    if person in table.WHO[step]:
        assert isinstance(found, Decision) or found.kind == "guard", found
    else:
        assert found is None or found.kind == "not_allowed"


@pytest.mark.parametrize(
    ("step", "field"), [(step, field) for step, values in table.REQUIRED.items() for field in values]
)
def test_step__refuses_without_a_required_field(step: str, field: str) -> None:
    world = new_world()
    values = {name: value for name, value in given(step).items() if name != field}
    if step == "planera":
        found: Any = world.open("enhetschef", "egenkontroll", **values)
    else:
        found = world.step(taker(step), prepared(world, step, next(iter(table.MOVES[step]))), step, values)
    assert lacking(found) == [field]


@pytest.mark.parametrize("state", table.STATES)
def test_tasks__of_each_status(state: str) -> None:
    world = new_world()
    assert tasks_of(world, check_in(world, state)) == table.EXPECTED[state]


def test_tasks__are_of_whoever_is_named_and_they_see_it_until_it_is_done() -> None:
    world = new_world()
    reference = check_in(world, "planerad", named=True)
    assert tasks_of(world, reference) == {("genomfor", "ansvarig")}
    take(world, reference, "genomfor", "ansvarig", **table.MET)
    assert world.cases[reference].assignee in (None, "")


def test_plan__may_name_who_does_it_and_be_opened_by_the_year_wheel() -> None:
    world = new_world()
    assert tasks_of(world, plan(world, kontrollant="ansvarig")) == {("genomfor", "ansvarig")}
    assert any(who.relation == "system" for who in PROCESS.steps["planera"].by)


def test_clock__is_the_day_of_the_plan_and_moves_with_reason() -> None:
    world = new_world()
    reference = check_in(world, "planerad")
    assert world.cases[reference].deadlines["genomfor"].due_on == "2026-03-31"
    take(world, reference, "flytta_tiden")
    assert world.cases[reference].deadlines["genomfor"].due_on == "2026-04-15"
    take(world, reference, "genomfor", **table.MET)
    assert world.cases[reference].deadlines["genomfor"].status == "met"
    assert world.cases[reference].deadlines["ta_stallning"].due_on == "2026-03-16"


# --- the result


@pytest.mark.parametrize(("answers", "grade"), table.GRADES)
def test_grade__follows_from_the_answers(answers: tuple[str, str], grade: str) -> None:
    world = new_world()
    reference = check_in(world, "planerad")
    cells = {f"punkter.r{n}.svar": answer for n, answer in enumerate(answers, 1)}
    cells |= {f"punkter.r{n}.iakttagelse": "Sett" for n in (1, 2)}
    take(world, reference, "genomfor", **cells)
    assert world.cases[reference].values["grad"] == grade


def test_grade__is_made_anew_when_an_answer_is_corrected_and_only_by_that_step() -> None:
    world = new_world()
    reference = check_in(world, "planerad")
    take(world, reference, "genomfor", **table.NOT_MET)
    take(world, reference, "komplettera_resultat", **{"punkter.r2.svar": "ja"})
    assert world.cases[reference].values["grad"] == "gron"
    assert PROCESS.fields["punkter"].amended_by == ()


@pytest.mark.parametrize(("answer", "needs"), table.NEEDS_OBSERVATION.items())
def test_answer__that_is_not_yes_needs_what_was_seen(answer: str, needs: bool) -> None:
    world = new_world()
    reference = check_in(world, "planerad")
    values = {**table.RESULT, "punkter.r1.svar": "ja", "punkter.r2.svar": answer}
    found = world.step("enhetschef", reference, "genomfor", values)
    assert isinstance(found, Refusal) == needs
    if needs:
        assert "rad r2" in why(found)
        take(world, reference, "genomfor", **values, **{"punkter.r2.iakttagelse": "Sett"})


def test_result__needs_an_answer_to_every_point_planned_or_new() -> None:
    world = new_world()
    reference = check_in(world, "planerad")
    found = world.step("enhetschef", reference, "genomfor", {**table.RESULT, "punkter.+1.punkt": "Smycken"})
    assert lacking(found) == ["punkter.r1.svar", "punkter.r2.svar", "punkter.r3.svar"]
    bare = world.open("enhetschef", "egenkontroll", **table.PLAN)
    assert lacking(world.step("enhetschef", bare, "genomfor", table.RESULT)) == ["punkter"]


def test_result__warns_when_nothing_was_checked_or_the_last_findings_remain() -> None:
    world = new_world()
    reference = check_in(world, "planerad")
    cells = {f"punkter.r{n}.{name}": value for n in (1, 2)
             for name, value in (("svar", "ej_kontrollerat"), ("iakttagelse", "Ingen tid"))}  # fmt: skip
    found = take(world, reference, "genomfor", **cells, forra_gangen="kvarstar")
    assert set(written(found)[0].warned) == {"inget_kontrollerat", "kvarstar"}


def test_result__that_is_red_is_told_to_whoever_coordinates() -> None:
    world = new_world()
    told = {}
    for answers in (table.MET, table.NOT_MET):
        reference = check_in(world, "planerad")
        take(world, reference, "genomfor", **answers)
        told[answers["punkter.r2.svar"]] = [m.role for r, m in world.messages if r == reference]
    assert "kvalitetssamordnare" not in told["ja"]
    assert "kvalitetssamordnare" in told["nej"]


# --- what it leads to


@pytest.mark.parametrize(
    "answer", [{"ingen_atgard_motivering": "Rättat på plats."}, {"avvikelse": "AVV-2026-0001"}]
)
def test_finding__has_a_measure_a_deviation_or_reasons_before_it_is_closed(answer: dict[str, str]) -> None:
    world = new_world()
    reference = check_in(world, "planerad")
    take(world, reference, "genomfor", **table.NOT_MET)
    take(world, reference, "rapportera_avvikelse")
    assert "rad r2" in why(world.step("enhetschef", reference, "avsluta", table.REQUIRED["avsluta"]))
    cells = {f"punkter.r2.{name}": value for name, value in answer.items()}
    take(world, reference, "komplettera_resultat", **cells)
    take(world, reference, "avsluta")


def test_finding__is_reported_as_a_deviation_without_typing_it_again_elsewhere() -> None:
    world = new_world()
    reference = check_in(world, "planerad", named=True)
    take(world, reference, "rapportera_avvikelse", "ansvarig")
    opened = world.cases["AVV-2026-0001"]
    assert opened.values["handelse"] == table.DEVIATION["handelse"]
    assert (opened.unit, opened.reporter, opened.state) == ("bjork", "ansvarig", "rapporterad")
    assert [link.kind for link in world.cases[reference].links] == ["upptackt"]


def test_measures__are_waited_for_until_their_effect_is_judged() -> None:
    world = new_world()
    reference = check_in(world, "planerad")
    take(world, reference, "genomfor", **table.NOT_MET)
    assert "koppling" in why(world.step("enhetschef", reference, "besluta_atgarder"))
    measured = measure(world, reference)
    assert (
        "effekt" in why(world.step("enhetschef", reference, "avsluta", table.REQUIRED["avsluta"])).casefold()
    )
    take(world, reference, "besluta_atgarder")
    judge(world, measured)
    assert world.cases[reference].state == "atgarder_bedomda"
    assert world.cases[reference].deadlines["avsluta"].due_on == "2026-03-16"
    take(world, reference, "avsluta_efter_atgarder")


def test_measures__that_are_stopped_are_not_waited_for() -> None:
    world = new_world()
    reference = check_in(world, "atgarder_pagar")
    stopped = {"skal": "Enheten flyttar", "utan_ersattare": "ja"}
    assert isinstance(world.step("enhetschef", "ÅTG-2026-0001", "avbryt", stopped), Decision)
    assert world.cases[reference].state == "atgarder_bedomda"


def test_not_done__is_told_to_whoever_coordinates() -> None:
    world = new_world()
    reference = check_in(world, "ej_genomford")
    assert "kvalitetssamordnare" in [m.role for r, m in world.messages if r == reference]


# --- what municipalities set


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("egna_omraden", {"codes": {"egen_bad": {"sv": "Bad", "en": "Bathing"}}}),
        ("rod_nar", "never"),
        ("gul_nar", "never"),
        ("besluta_inom", "5 working days"),
        ("avsluta_inom", "30 days"),
    ],
)
def test_setting__another_value_gives_another_sound_document(name: str, value: Any) -> None:
    changed = build(CHECK.content["process"], CHECK.content["lists"], {name: value})
    assert changed.hash != CHECK.hash
    assert check(changed, {one.key: one.process for one in (*SHIPPED, *STAND_INS)}) == []


def test_setting__red_can_be_something_else() -> None:
    several = {"not": {"each_row": {"punkter": {"one_of": {"svar": ["ja", "delvis", "ej_aktuellt"]}}}}}
    world = new_world(build(CHECK.content["process"], CHECK.content["lists"], {"rod_nar": several}))
    reference = check_in(world, "planerad")
    take(world, reference, "genomfor", **table.NOT_MET | {"punkter.r2.svar": "ej_kontrollerat"})
    assert world.cases[reference].values["grad"] == "rod"
