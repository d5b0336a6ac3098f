"""The access rule on one case, against the oracle, and the right to take a step."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.cases.access import (
    SYSTEM,
    AccessRule,
    Grant,
    MarkRule,
    ProcessRule,
    Right,
    Standing,
    Viewer,
    may_take,
)
from engine.cases.event import Acting
from engine.cases.organisation import Unit, UnitTree
from engine.definition.model import Who
from tests.access.oracle import level_of
from tests.access.population import DAY, DAYS, PEOPLE, populations, rule_of

TREE = UnitTree(
    [
        Unit("top", "Kommunen"),
        Unit("omrade", "Området", "top"),
        Unit("hem", "Hemmet", "omrade"),
        Unit("annan", "Annan", "top"),
    ]
)
PROCESS = ProcessRule(
    {"chef": "content", "revisor": "envelope", "ansvarig": "content"},
    {"lex": MarkRule(frozenset({"ansvarig"}), frozenset({"chef"}))},
)


@dataclass
class Plain:
    process: str = "rapport"
    unit: str = "hem"
    reporter: str = "rapportor"
    assignee: str | None = None
    marks: dict = field(default_factory=dict)


def viewer(person="nn", *grants):
    return Viewer(
        person, tuple(Grant(number, person, *grant) for number, grant in enumerate(grants, start=1))
    )


def level(who, **case):
    return AccessRule(who, TREE, {"rapport": PROCESS}).level(Plain(**case))


def viewer_from(organisation, person, day=DAY):
    return Viewer(
        person,
        tuple(
            Grant(number, person, each["role"], each["unit"], each["on_behalf_of"])
            for number, each in enumerate(organisation["appointments"], start=1)
            if each["person"] == person
            and each["from_on"] <= day
            and (each["to_on"] is None or day <= each["to_on"])
        ),
    )


@given(populations(), st.sampled_from(PEOPLE), st.sampled_from(DAYS))
def test_level__is_what_the_oracle_says(population, person, day):
    organisation, cases, _ = population
    rule = rule_of(organisation, viewer_from(organisation, person, day))
    for case in cases:
        plain = Plain(*(case[name] for name in ("process", "unit", "reporter", "assignee", "marks")))
        assert rule.level(plain) == level_of(organisation, person, case, day)


@pytest.mark.parametrize(("unit", "expected"), [("hem", "content"), ("top", "content"), ("annan", "none")])
def test_level__of_a_role_counts_at_the_unit_and_above(unit, expected):
    assert level(viewer("nn", ("chef", unit))) == expected


def test_level__of_a_role_at_a_unit_below_is_none():
    assert level(viewer("nn", ("chef", "hem")), unit="omrade") == "none"


def test_level__of_a_stranger_is_none():
    assert level(viewer()) == "none"


def test_level__of_the_reporter_is_the_envelope_and_their_own_report():
    who = viewer("rapportor")
    assert level(who) == "envelope"
    assert AccessRule(who, TREE, {}).is_own_report(Plain())
    assert not AccessRule(viewer(), TREE, {}).is_own_report(Plain())


def test_level__of_the_assignee_is_content():
    assert level(viewer("nn"), assignee="nn") == "content"


def test_level__of_the_administrator_is_never_content():
    generous = ProcessRule({"administrator": "content"})
    rule = AccessRule(viewer("nn", ("administrator", "top")), TREE, {"rapport": generous})
    assert rule.level(Plain()) == "envelope"


def test_level__of_the_administrator_is_the_envelope_where_the_process_is_silent():
    assert level(viewer("nn", ("administrator", "top"))) == "envelope"


def test_level__of_the_administrator_is_none_where_the_process_says_so():
    rule = AccessRule(
        viewer("nn", ("administrator", "top")), TREE, {"rapport": ProcessRule({"administrator": "none"})}
    )
    assert rule.level(Plain()) == "none"


def test_level__of_a_process_that_is_not_published_is_none_to_every_role():
    who = viewer("nn", ("chef", "top"), ("administrator", "top"))
    assert level(who, process="okand") == "none"


def test_level__of_the_system_is_content_marks_or_not():
    assert level(SYSTEM, marks={"lex": "envelope"}) == "content"


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (viewer("nn", ("chef", "hem")), "envelope"),
        (viewer("nn", ("ansvarig", "omrade")), "content"),
        (viewer("nn", ("ansvarig", "annan"), ("chef", "hem")), "envelope"),
        (viewer("nn", ("revisor", "top")), "envelope"),
        (viewer(), "none"),
    ],
    ids=["chief", "admitted", "admitted elsewhere", "auditor", "stranger"],
)
def test_mark__caps_those_it_does_not_admit(who, expected):
    assert level(who, marks={"lex": "envelope"}) == expected


def test_mark__caps_the_assignee_too():
    assert level(viewer("nn"), assignee="nn", marks={"lex": "envelope"}) == "envelope"


def test_mark__admits_but_does_not_raise():
    process = ProcessRule({"ansvarig": "envelope"}, PROCESS.marks)
    rule = AccessRule(viewer("nn", ("ansvarig", "hem")), TREE, {"rapport": process})
    assert rule.level(Plain(marks={"lex": "envelope"})) == "envelope"


@pytest.mark.parametrize(
    ("kept", "expected"),
    [("envelope", "envelope"), ("own", "envelope"), ("read", "content"), ("write", "content")],
)
def test_mark__lets_the_manager_keep_what_the_hand_over_said(kept, expected):
    assert level(viewer("nn", ("chef", "hem")), marks={"lex": kept}) == expected


def test_mark__that_the_process_does_not_know_admits_nobody():
    assert level(viewer("nn", ("ansvarig", "hem")), marks={"annat": "write"}) == "envelope"


def test_marks__each_cap():
    who = viewer("nn", ("ansvarig", "hem"))
    assert level(who, marks={"lex": "envelope", "annat": "write"}) == "envelope"


# --- the right to a step ----------------------------------------------------------------


def who_of(*whos):
    return tuple(Who(**who) for who in whos)


CHIEF, INVESTIGATOR = {"role": "chef"}, {"role": "utredare"}


def right(whos, who, *, persons=(), case=None, holds=lambda _: True, operator=None):
    standing = case or Standing("hem", reporter="rapportor")
    found = may_take(
        who_of(*whos),
        who,
        TREE,
        standing,
        persons_in=lambda _: frozenset(persons),
        holds=holds,
        operator=operator,
    )
    return found and (found.appointment, found.acting.role, found.acting.unit, found.acting.on_behalf_of)


def test_may_take__is_refused_without_the_role():
    assert right([CHIEF], viewer("nn", ("utredare", "hem"))) is None


def test_may_take__is_refused_at_another_unit():
    assert right([CHIEF], viewer("nn", ("chef", "annan"))) is None


def test_may_take__prefers_the_nearest_unit():
    assert right([CHIEF], viewer("nn", ("chef", "top"), ("chef", "hem"))) == (2, "chef", "hem", None)


def test_may_take__prefers_an_own_role_above_to_a_substitutes_at_the_unit():
    grants = (Grant(1, "nn", "chef", "hem", "mm"), Grant(2, "nn", "chef", "top"))
    assert right([CHIEF], Viewer("nn", grants)) == (2, "chef", "top", None)


def test_may_take__names_for_whom_a_substitute_acts():
    assert right([CHIEF], Viewer("nn", (Grant(7, "nn", "chef", "hem", "mm"),))) == (7, "chef", "hem", "mm")


def test_may_take__at_one_unit_prefers_the_role_named_first():
    who = viewer("nn", ("chef", "hem"), ("utredare", "hem"))
    assert right([INVESTIGATOR, CHIEF], who) == (2, "utredare", "hem", None)


def test_may_take__prefers_an_own_relation_to_a_substitutes_role():
    who = Viewer("nn", (Grant(7, "nn", "chef", "hem", "mm"),))
    assert right([CHIEF, {"person_in": "ansvarig"}], who, persons={"nn"}) == (None, None, None, None)
    assert right([CHIEF, {"person_in": "ansvarig"}], who, persons={"xx"}) == (7, "chef", "hem", "mm")


@pytest.mark.parametrize(
    ("relation", "person", "expected"),
    [
        ("reporter", "rapportor", True),
        ("reporter", "nn", False),
        ("assignee", "har", True),
        ("assignee", "nn", False),
    ],
)
def test_may_take__by_a_relation_to_the_case(relation, person, expected):
    case = Standing("hem", reporter="rapportor", assignee="har")
    assert (right([{"relation": relation}], viewer(person), case=case) is not None) is expected


def test_may_take__nobody_is_the_assignee_of_a_case_without_one():
    assert right([{"relation": "assignee"}], viewer("nn"), case=Standing("hem")) is None


def test_may_take__anyone_only_on_a_case_they_see():
    assert right([{"relation": "anyone"}], viewer("nn")) == (None, None, None, None)
    assert right([{"relation": "anyone"}], viewer("nn"), case=Standing("hem", is_seen=False)) is None


def test_may_take__is_refused_when_the_condition_does_not_hold():
    conditional = {"role": "chef", "when": {"filled": "skal"}}
    who = viewer("nn", ("chef", "hem"))
    assert right([conditional], who, holds=lambda _: False) is None
    assert right([conditional], who) == (1, "chef", "hem", None)


@pytest.mark.parametrize("relation", ["anyone", "reporter", "assignee"])
def test_may_take__the_system_has_only_its_own_steps(relation):
    assert right([{"relation": relation}, CHIEF], SYSTEM, case=Standing("hem")) is None


def test_may_take__the_system_by_its_own_step():
    found = may_take(
        who_of({"relation": "system"}), SYSTEM, TREE, Standing("hem"), persons_in=frozenset, holds=bool
    )
    assert found == Right(Acting(None, "system"))


def test_may_take__a_person_has_not_the_systems_steps_nor_the_outsiders():
    for relation in ("system", "external"):
        assert right([{"relation": relation}], viewer("nn", ("administrator", "top"))) is None


def test_may_take__names_whose_login_it_is():
    found = may_take(
        who_of(CHIEF),
        viewer("nn", ("chef", "hem")),
        TREE,
        Standing("hem"),
        persons_in=frozenset,
        holds=bool,
        operator="oo",
    )
    assert found is not None
    assert found.acting.operator == "oo"


# --- by what right somebody sees a case


def ground(who, process=PROCESS, **case):
    found = AccessRule(who, TREE, {"rapport": process}).ground(Plain(**case))
    return None if found is None else (found.role, found.unit, found.on_behalf_of)


@pytest.mark.parametrize(
    ("who", "case", "expected"),
    [
        (viewer("nn", ("chef", "top"), ("chef", "hem")), {}, ("chef", "hem", None)),
        (viewer("nn", ("chef", "hem", "annan"), ("chef", "top")), {}, ("chef", "top", None)),
        (viewer("nn", ("revisor", "hem"), ("chef", "top")), {}, ("chef", "top", None)),
        (viewer("nn", ("revisor", "hem")), {"assignee": "nn"}, ("assignee", None, None)),
        (viewer("nn", ("chef", "hem")), {"assignee": "nn"}, ("chef", "hem", None)),
        (viewer("rapportor"), {}, ("reporter", None, None)),
        (viewer("rapportor", ("revisor", "top")), {}, ("revisor", "top", None)),
        (
            viewer("nn", ("chef", "hem"), ("ansvarig", "top")),
            {"marks": {"lex": "envelope"}},
            ("ansvarig", "top", None),
        ),
        (viewer("nn", ("chef", "annan")), {}, None),
        (SYSTEM, {}, None),
    ],
)
def test_ground__is_what_gives_the_most(who, case, expected):
    assert ground(who, **case) == expected


@given(populations(), st.sampled_from(PEOPLE))
def test_ground__is_there_exactly_when_the_case_is_seen(population, person):
    organisation, cases, _ = population
    rule = rule_of(organisation, viewer_from(organisation, person))
    for case in cases:
        plain = Plain(*(case[name] for name in ("process", "unit", "reporter", "assignee", "marks")))
        assert (rule.ground(plain) is not None) == rule.may_see(plain)
