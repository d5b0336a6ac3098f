"""What a deviation does outside itself: the MAS, others, lex Sarah; what was reported; titles and tasks."""

from __future__ import annotations

import pytest

from engine.cases.decision import Actor, Amend, Decision, Refusal
from tests.processes import tables_avvikelse as table
from tests.processes.walk import (
    SHIPPED,
    deviation_in,
    lacking,
    needed,
    new_world,
    report,
    take,
    tasks_of,
    walk_on,
    why,
)

PROCESS = SHIPPED[0].process


# --- the MAS and others ----------------------------------------------------------------------------


@pytest.mark.parametrize(("outcome", "opened"), table.MAS_OPENS.items())
def test_mas__opens_lex_maria_for_serious_harm_in_own_work(outcome: str, opened: str | None) -> None:
    world = new_world()
    reference = deviation_in(world, "bedomd", table.RINGA_HSL)
    more = {"vardgivare": "kommunen", "berord_ref": "1234"} if opened else {}
    decision = take(
        world, "mas", reference, "mas_bedom", vardskada_utfall=outcome, motivering="Se journal.", **more
    )
    assert [write.event.process for write in decision.writes[1:]] == ([opened] if opened else [])
    if opened:
        case = world.cases["LM-2026-0001"]
        assert case.values["berord_ref"] == "1234"
        assert case.reporter == "mas"


def test_mas__needs_whose_work_it_was_and_who_it_concerns_when_serious() -> None:
    world = new_world()
    reference = deviation_in(world, "bedomd", table.RINGA_HSL)
    given = {"vardskada_utfall": "allvarlig", "motivering": "Se journal."}
    assert lacking(world.step("mas", reference, "mas_bedom", given)) == ["vardgivare", "berord_ref"]
    case = report(world, berord_ref="1234", lagrum="hsl")
    take(world, "mas", case, "mas_bedom", **given, vardgivare="kommunen")


def test_mas__another_providers_work_is_never_our_lex_maria() -> None:
    world = new_world()
    reference = deviation_in(world, "bedomd", table.RINGA_HSL)
    decision = take(
        world,
        "mas",
        reference,
        "mas_bedom",
        vardskada_utfall="allvarlig",
        motivering="Se journal.",
        vardgivare="annan",
        berord_ref="1234",
    )
    assert len(decision.writes) == 1


def test_mas__opens_one_analysis_at_the_highest_severity() -> None:
    world = new_world()
    judged = {**table.HOG_HSL, "allvarlighet_hsl": "4"}
    reference = deviation_in(world, "bedomd", judged)
    assert len(take(world, "mas", reference, "mas_bedom").writes) == 1  # no harm: nothing to analyse
    given = {"vardskada_utfall": "vardskada", "motivering": "Se journal."}
    assert [w.event.process for w in take(world, "mas", reference, "mas_bedom", **given).writes[1:]] == [
        "handelseanalys"
    ]
    assert len(take(world, "mas", reference, "mas_bedom", **given).writes) == 1


def test_answer__needs_something_sent() -> None:
    world = new_world()
    reference = report(world)
    found = world.step("enhetschef", reference, "registrera_svar", table.REQUIRED["registrera_svar"])
    assert found.kind == "guard"
    take(world, "enhetschef", reference, "skicka_till_annan")
    assert ("registrera_svar", "mas") in tasks_of(world, reference)
    assert world.cases[reference].deadlines["svar"].due_on == "2026-04-01"
    take(world, "mas", reference, "registrera_svar")
    assert ("registrera_svar", "mas") not in tasks_of(world, reference)


# --- lex Sarah -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "lagrum"),
    [("rapportera_missforhallande", "sol"), ("rapportera_missforhallande_hsl_kvar", "hsl")],
)
def test_failing__cannot_be_reported_here_until_its_process_is_published(step: str, lagrum: str) -> None:
    world = new_world(shipped=[one for one in SHIPPED if one.key != "lex_sarah"])
    reference = report(world, lagrum=lagrum)
    found = world.step("rapportor", reference, step, table.REQUIRED[step])
    assert found.kind == "guard"
    assert [reason.id for reason in found.reasons] == ["step.opens_unpublished"]


def test_harm__that_opens_nothing_can_be_judged_before_lex_maria_is_published() -> None:
    world = new_world(others=())
    reference = deviation_in(world, "bedomd", table.RINGA_HSL)
    take(world, "mas", reference, "mas_bedom")
    serious = {
        "vardskada_utfall": "allvarlig",
        "motivering": "Se journal.",
        "vardgivare": "kommunen",
        "berord_ref": "1",
    }
    assert [r.id for r in world.step("mas", reference, "mas_bedom", serious).reasons] == [
        "step.opens_unpublished"
    ]


def test_failing__hands_the_case_over_with_copies() -> None:
    world = new_world()
    reference = report(world)
    take(world, "rapportor", reference, "rapportera_missforhallande")
    case, lex = world.cases[reference], world.cases["LS-2026-0001"]
    assert (case.state, dict(case.marks), case.assignee) == ("overlamnad", {"lex": "envelope"}, None)
    assert lex.values["handelse"] == table.RAPPORT["handelse"]
    assert lex.values["konsekvens"] == "Larmet besvarades inte på två timmar."
    assert (lex.reporter, lex.unit, dict(lex.marks)) == ("rapportor", "bjork", {"lex": "envelope"})
    assert case.values["omedelbara_atgarder"] == table.RAPPORT["omedelbara_atgarder"]


@pytest.mark.parametrize("lagrum", ["?", "sol", "lss", "lvu"])
def test_failing__is_never_refused_for_want_of_an_area(lagrum: str) -> None:
    world = new_world()
    take(world, "rapportor", report(world, lagrum=lagrum), "rapportera_missforhallande")
    take(world, "rapportor", report(world), "rapportera_missforhallande")


@pytest.mark.parametrize("lagrum", ["hsl", "hsl,sol"])
def test_failing__the_health_care_part_stays(lagrum: str) -> None:
    world = new_world()
    reference = report(world, lagrum=lagrum)
    found = world.step(
        "rapportor", reference, "rapportera_missforhallande", table.REQUIRED["rapportera_missforhallande"]
    )
    assert found.kind == "guard"
    take(world, "rapportor", reference, "rapportera_missforhallande_hsl_kvar")
    case = world.cases[reference]
    assert (case.state, dict(case.marks)) == ("rapporterad", {})
    assert world.cases["LS-2026-0001"].state == "rapporterad"


def test_failing__stays_only_with_a_health_care_part() -> None:
    world = new_world()
    reference = report(world, lagrum="sol")
    step = "rapportera_missforhallande_hsl_kvar"
    assert world.step("rapportor", reference, step, table.REQUIRED[step]).kind == "guard"


@pytest.mark.parametrize("step", ["aterta", "aterta_uppfoljning"])
def test_take_back__only_after_a_decision_there(step: str) -> None:
    world = new_world()
    reference = report(world)
    take(world, "rapportor", reference, "rapportera_missforhallande")
    found = world.step("lex_sarah_ansvarig", reference, step, needed(step))
    assert "LS-2026-0001" in why(found)
    walk_on(world, "LS-2026-0001", "beslutad")
    take(world, "lex_sarah_ansvarig", reference, step, **needed(step))
    assert not world.cases[reference].marks


def test_take_back__says_which_area_and_category_it_was() -> None:
    world = new_world()
    reference = deviation_in(world, "overlamnad")
    for lagrum, lacks in (("", "lagrum"), ("sol", "kategori_sol"), ("hsl", "kategori_hsl")):
        found = world.step("lex_sarah_ansvarig", reference, "aterta", {"skal": "x", "lagrum": lagrum})
        assert lacking(found) == [lacks]


# --- what was reported, titles, tasks --------------------------------------------------------------


@pytest.mark.parametrize("person", ["enhetschef", "kvalitetssamordnare", "mas"])
def test_reported__nobody_else_rewrites_it(person: str) -> None:
    world = new_world()
    reference = report(world)
    command = Amend(
        "amend", Actor(person), reference=reference, values={"handelse": "Något annat"}, reason="Fel"
    )
    found = world.do(command)
    assert isinstance(found, Refusal)
    assert found.kind == "not_allowed"
    assert world.cases[reference].values["handelse"] == table.RAPPORT["handelse"]


def test_reported__the_reporter_may_correct_it() -> None:
    world = new_world()
    reference = report(world)
    command = Amend(
        "amend", Actor("rapportor"), reference=reference, values={"handelse": "I köket."}, reason="Fel rum"
    )
    assert isinstance(world.do(command), Decision)


@pytest.mark.parametrize(
    ("told", "judged", "title"),
    [
        ({}, None, "kategori saknas, {unit}"),
        ({"kategori": "fall"}, None, "Fall, {unit}"),
        ({"kategori": "fall"}, table.RINGA, "Insatsen utfördes för sent, {unit}"),
        ({"kategori": "?"}, table.RINGA_HSL, "Fördröjd dos, {unit}"),
    ],
)
def test_title__is_the_judged_category_else_what_the_reporter_said(
    told: dict, judged: dict | None, title: str
) -> None:
    world = new_world()
    reference = report(world, **told)
    if judged:
        take(world, "enhetschef", reference, "bedom", **judged)
    assert world.cases[reference].title.sv == title


@pytest.mark.parametrize(("state", "expected"), table.EXPECTED.items())
def test_tasks__of_each_status(state: str, expected: set) -> None:
    world = new_world()
    assert tasks_of(world, deviation_in(world, state)) == expected


def test_danger__is_told_to_the_manager_and_shown_before_the_form_goes_on() -> None:
    world = new_world()
    reference = report(world, fara_nu="ja")
    texts = [
        message.text.sv
        for ref, message in world.messages
        if ref == reference and message.role == "enhetschef"
    ]
    assert any("fara nu" in text for text in texts)
    guide = PROCESS.steps["rapportera"].guides[0]
    assert "112" in guide.text.sv
    assert "112" in guide.text.en
