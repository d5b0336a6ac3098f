"""What the law demands is said with its source when a step is refused for it, and only then."""

import pytest

from engine.language.say import say
from tests.cases.toy import REPAIR, new_world

MUSTS = """
musts:
  other_eyes:
    label: {sv: Någon annan dömer än den som tittade, en: Somebody else judges than who looked}
    source: {text: "FL 16 §", mark: V}
  told_why:
    label: {sv: Den som frågas får veta varför, en: Who is asked is told why}
    source: {text: "FL 25 §", mark: V}
roles:"""
DEMANDED = (
    REPAIR.replace("\nroles:", MUSTS, 1)
    .replace(
        "when: [{different_person_from: look},",
        "when: [{by_law: {other_eyes: {different_person_from: look}}},",
    )
    .replace("    not_person_in: [tell]\n", "    not_person_in: [tell]\n    by_law: told_why\n")
)
CITED = "Någon annan dömer än den som tittade, FL 16 §"


@pytest.fixture
def world():
    return new_world(DEMANDED)


def told(world, person="kim"):
    return world.open(person, "repair", story="våt", damage="wet")


def looked(world, reference, person="keeper"):
    return world.step(person, reference, "look", damage="wet", how_bad="1", how_dear="2", mender="mender")


def waiting(world, looker):
    reference = told(world)
    looked(world, reference, looker)
    world.step("keeper", reference, "note")
    world.step("mender", reference, "finish", **{"causes.+.kind": "wet", "causes.+.text": "regn"})
    return reference


def test_condition__is_refused_with_the_law_and_its_source(world):
    refusal = world.step("both", waiting(world, "both"), "judge", result="fel")
    (reason,) = refusal.reasons
    assert reason.id == "when.by_law"
    assert say(reason, "sv").endswith(f"(lagkrav: n{CITED[1:]})")
    assert "FL 16 §" in say(reason, "en")


def test_condition__that_holds_says_nothing(world):
    refusal = world.step("head", waiting(world, "keeper"), "judge")
    assert refusal.reasons == ()
    assert world.step("head", waiting(world, "keeper"), "judge", result="fel").writes


def test_persons_of_a_step__are_refused_with_the_law(world):
    kept_out = told(world, "keeper")
    for reference, person in ((told(world), "kim"), (kept_out, "keeper")):
        refusal = looked(world, reference, person)
        assert [reason.id for reason in refusal.reasons][-1] == "step.by_law"
        assert "FL 25 §" in say(refusal.reasons[-1], "sv")


def test_persons_of_a_step__who_may_are_not_told_the_law(world):
    reference = told(world)
    refusal = world.step("keeper", reference, "look")
    assert refusal.reasons == ()
    assert looked(world, reference).writes


@pytest.mark.parametrize(
    ("demanded", "cited"), [(True, ["when.by_law"]), (False, ["when.different_person", "step.source"])]
)
def test_source_of_a_step__is_not_said_where_its_conditions_say_the_law(demanded, cited):
    text = DEMANDED if demanded else REPAIR
    place = "    writes_entry: {heading: verdict"
    sourced = text.replace(place, f"    source: {{text: FL 32 §, mark: V}}\n{place}", 1)
    world = new_world(sourced)
    refusal = world.step("both", waiting(world, "both"), "judge", result="fel")
    assert [reason.id for reason in refusal.reasons] == cited


def test_version__that_only_says_the_law_is_adopted(world):
    from engine.definition.compat import is_compatible
    from engine.definition.load import load_text
    from tests.cases.toy import LISTS

    old, new = (load_text(text, LISTS).process for text in (REPAIR, DEMANDED))
    assert is_compatible(old, new)
    assert is_compatible(new, old)
