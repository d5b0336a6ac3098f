"""One event may be health care and social services at once: two cases, each with its own secrecy."""

from __future__ import annotations

import pytest

from engine.cases.access import AccessRule, ProcessRule, Viewer
from engine.definition.load import load_process
from tests.processes import tables_avvikelse as deviation
from tests.processes.walk import PROCESSES, needed, why
from tests.processes.walk_lex_maria import ANALYSIS, ATGARD, AVVIKELSE, LEX_MARIA
from tests.world import World

LEX_SARAH = load_process(PROCESSES / "lex_sarah" / "process.yaml")
PEOPLE = {
    "rapportor": [],
    "chef": [("enhetschef", "bjork")],
    "mas": [("mas", "forv")],
    "anmalare": [("anmalningsansvarig", "forv")],
    "ansvarig": [("lex_sarah_ansvarig", "forv")],
    "utredare": [("lex_sarah_utredare", "forv")],
    "beslutare": [("beslutsfattare", "forv")],
    "bada": [("mas", "forv"), ("lex_sarah_ansvarig", "forv")],
}
HEALTH = ("mas", "anmalare", "bada")
SOCIAL = ("ansvarig", "beslutare", "bada")  # an investigator reads what they have been given


@pytest.fixture(scope="module")
def world() -> World:
    """A fall that was both: serious harm, and a failing that was reported."""
    world = World((LEX_MARIA, LEX_SARAH, ANALYSIS, ATGARD, AVVIKELSE), PEOPLE)
    world.open("rapportor", "avvikelse", **deviation.RAPPORT, lagrum="hsl,sol", berord_ref="1234")
    serious = {"vardskada_utfall": "allvarlig", "motivering": "Se journal.", "vardgivare": "kommunen"}
    assert world.step("mas", "AVV-2026-0001", "mas_bedom", serious)
    step = "rapportera_missforhallande_hsl_kvar"
    assert world.step("rapportor", "AVV-2026-0001", step, needed(step))
    assert {"LM-2026-0001", "LS-2026-0001"} <= set(world.cases)
    return world


def reads(world: World, person: str, reference: str) -> bool:
    rules = {one.key: ProcessRule.of(one.process) for one in world.documents}
    rule = AccessRule(Viewer(person, world.grants[person]), world.facts().tree, rules)
    return rule.may_read(world.cases[reference])


@pytest.mark.parametrize("person", PEOPLE)
def test_secrecy__who_reads_the_one_does_not_therefore_read_the_other(world: World, person: str) -> None:
    assert reads(world, person, "LM-2026-0001") == (person in HEALTH)
    assert reads(world, person, "LS-2026-0001") == (person in SOCIAL)


@pytest.mark.parametrize("person", ["ansvarig", "utredare", "beslutare"])
def test_secrecy__who_works_with_lex_sarah_is_not_told_that_there_is_a_lex_maria_case(
    world: World, person: str
) -> None:
    with pytest.raises(LookupError):
        world.step(person, "LM-2026-0001", "bedom_vardskada")


def test_secrecy__the_lex_sarah_case_tells_the_mas_nothing_either(world: World) -> None:
    try:
        refused = world.step("mas", "LS-2026-0001", "anmal_ivo")
    except LookupError:
        return
    assert "1234" not in why(refused)
