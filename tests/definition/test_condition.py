"""The vocabulary of conditions: each holds, fails and is unknown as its table says, and says so in both languages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from engine.definition.condition import VOCABULARY, Condition
from engine.definition.value import UNKNOWN
from engine.definition.view import both, either
from engine.language.say import say
from engine.language.sentence import Words

READ: TypeAdapter[Any] = TypeAdapter(Condition)
TREE = {"spine": {"spine", "torn"}, "torn": {"torn"}, "water": {"water"}}


@dataclass
class Seen:
    """A case as these tests make it."""

    values: dict[str, Any] = field(default_factory=dict)
    state: str = "open"
    is_final: bool = False
    name: str | None = None
    today: str = "2026-06-01"
    tables: dict[str, list[Seen]] = field(default_factory=dict)
    links: dict[str, list[Seen]] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)
    people: dict[str, set[str]] = field(default_factory=dict)
    written: tuple[str, ...] = ()

    def value(self, name):
        return self.values.get(name)

    def codes_within(self, name, code):
        return frozenset(TREE.get(code, {code}))

    def rows(self, table):
        return self.tables.get(table, [])

    def linked(self, kind):
        return self.links.get(kind, [])

    def times_taken(self, step):
        return self.taken.get(step, 0)

    def persons(self, name):
        return frozenset(self.people.get(name, ()))

    def headings(self):
        return frozenset(self.written)

    def unit_attribute(self, name):
        return {"kind": "branch"}.get(name)

    def words(self, name):
        return Words(name, name)

    def said(self, name, value):
        return str(value)


ANSWERS = {"answers": [Seen({"to": "r3, R1"}, name="r1"), Seen({"to": None}, name="r2")]}
FULL = Seen(
    values={
        "code": "torn",
        "codes": ["torn", "water"],
        "number": 5,
        "scale": "3",
        "yes": True,
        "no": False,
        "early": "2026-01-01",
        "late": "2026-12-31T08:00:00Z",
        "unknown": UNKNOWN,
        "empty": [],
    },
    tables={
        "rows": [
            Seen({"a": "x"}, name="r1", links={"made": [Seen()]}, tables=ANSWERS),
            Seen({"a": None}, name="r2", tables=ANSWERS),
        ]
    },
    links={"made": [Seen({"effect": "good"}, is_final=True, name="A-1"), Seen(name="A-2")]},
    taken={"judge": 2},
    people={"$actor": {"p1"}, "report": {"p1", "p2"}, "owner": {"p3"}},
    written=("H1", "H2"),
)
TRUTHS = [
    ("always", True),
    ("never", False),
    ({"filled": "code"}, True),
    ({"filled": ["code", "missing"]}, False),
    ({"filled": "empty"}, False),
    ({"filled": "unknown"}, True),
    ({"known": "unknown"}, False),
    ({"known": ["code", "number"]}, True),
    ({"equals": {"code": "torn"}}, True),
    ({"equals": {"code": "spine"}}, False),
    ({"equals": {"missing": "torn"}}, False),
    ({"equals": {"unknown": "torn"}}, None),
    ({"equals": {"number": "5.0"}}, True),
    ({"equals": {"yes": "ja"}}, True),
    ({"equals": {"yes": "false"}}, False),
    ({"equals": {"no": "nej"}}, True),
    ({"one_of": {"code": ["spine", "torn"]}}, True),
    ({"one_of": {"code": "spine"}}, False),
    ({"has": {"codes": "water"}}, True),
    ({"has": {"codes": "mould"}}, False),
    ({"within": {"codes": "spine"}}, True),
    ({"within": {"code": ["water"]}}, False),
    ({"at_least": {"number": 5}}, True),
    ({"at_least": {"scale": "3.5"}}, False),
    ({"at_most": {"scale": 3}}, True),
    ({"at_most": {"missing": 3}}, False),
    ({"at_most": {"unknown": 3}}, None),
    ({"after": ["late", "early"]}, True),
    ({"after": ["early", "$today"]}, False),
    ({"after": ["$today", "$today"]}, True),
    ({"after": ["missing", "early"]}, False),
    ({"after": ["unknown", "early"]}, None),
    ({"in_state": ["open", "closed"]}, True),
    ({"in_state": "closed"}, False),
    ({"is_final": "true"}, False),
    ({"taken": "judge"}, True),
    ({"taken": {"step": "judge", "at_least": 3}}, False),
    ({"different_person_from": "owner"}, True),
    ({"different_person_from": ["owner", "report"]}, False),
    ({"entries_cover": ["H1", "H2"]}, True),
    ({"entries_cover": ["H1", "H9"]}, False),
    ({"unit_is": {"kind": "branch"}}, True),
    ({"unit_is": {"kind": "main"}}, False),
    ({"linked": "made"}, True),
    ({"linked": {"kind": "made", "at_least": 3}}, False),
    ({"linked": {"kind": "made", "each": {"filled": "effect"}}}, False),
    ({"linked": {"kind": "made", "where": {"is_final": "true"}, "each": {"filled": "effect"}}}, True),
    ({"linked": {"kind": "none", "each": {"filled": "effect"}}}, True),
    ({"each_row": {"rows": {"filled": "a"}}}, False),
    ({"each_row": {"none": {"filled": "a"}}}, True),
    ({"each_row": {"rows": {"any": [{"linked_row": "made"}, {"not": {"filled": "a"}}]}}}, True),
    ({"all": [{"filled": "code"}, {"equals": {"unknown": "x"}}]}, None),
    ({"all": ["never", {"equals": {"unknown": "x"}}]}, False),
    ({"any": ["always", {"equals": {"unknown": "x"}}]}, True),
    ({"any": ["never", {"equals": {"unknown": "x"}}]}, None),
    ({"each_row": {"rows": {"any": [{"named_in": {"answers": "to"}}, {"not": {"filled": "a"}}]}}}, True),
    ({"each_row": {"rows": {"named_in": {"answers": "to"}}}}, False),
    ({"by_law": {"the_law": {"filled": "code"}}}, True),
    ({"by_law": {"the_law": {"filled": "code"}, "another": {"equals": {"unknown": "x"}}}}, None),
    ({"by_law": {"the_law": {"all": [{"filled": "missing"}]}}}, False),
    ({"not": {"equals": {"unknown": "x"}}}, None),
    ({"not": {"filled": "code"}}, False),
    ([{"filled": "code"}, {"known": "number"}], True),
]


@pytest.mark.parametrize(("tree", "truth"), TRUTHS, ids=[str(tree) for tree, _ in TRUTHS])
def test_condition__is_as_the_table_says(tree, truth):
    condition = READ.validate_python(tree)
    assert condition.test(FULL) is truth
    assert (condition.why_not(FULL) == []) is (truth is True)


@pytest.mark.parametrize("demanded", [True, False])
@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("tree", [tree for tree, _ in TRUTHS], ids=str)
def test_condition__says_itself_and_its_opposite(tree, language, demanded):
    said = READ.validate_python(tree).says(FULL, demanded=demanded)
    text = say(said, language)
    assert text
    assert "when." not in text
    assert "{" not in text


def test_table__has_every_word_of_the_vocabulary():
    used = str([tree for tree, _ in TRUTHS])
    assert {word for word in VOCABULARY if f"'{word}'" not in used} == {"constant"}


@pytest.mark.parametrize(
    "tree", [{}, {"filled": []}, {"eval": "1"}, {"filled": "a", "known": "b"}, "x", 1, None, {"all": []}]
)
def test_condition__is_nothing_else(tree):
    with pytest.raises(ValidationError):
        READ.validate_python(tree)


def test_by_law__says_the_law_of_each_thing_that_is_lacking():
    condition = READ.validate_python({"by_law": {"the_law": [{"filled": "missing"}, {"filled": "code"}]}})
    (why,) = condition.why_not(FULL)
    assert (why.id, why.arguments["law"], why.arguments["what"].id) == (
        "when.by_law", Words("the_law", "the_law"), "when.filled",
    )  # fmt: skip
    assert condition.fields() == {"missing", "code"}
    assert READ.validate_python({"by_law": {"x": {"linked": "made"}}}).reads_others()
    assert READ.validate_python({"by_law": {"x": {"taken": "s"}}}).steps() == {"s"}


def test_condition__names_the_fields_and_steps_it_reads():
    condition = READ.validate_python(
        {
            "any": [
                {"filled": "a"},
                {"not": {"all": [{"at_least": {"b": 1}}, {"taken": "s"}]}},
                {"each_row": {"t": {"filled": "c"}}},
            ]
        }
    )
    assert condition.fields() == {"a", "b", "t", "t.c"}
    assert condition.steps() == {"s"}
    assert not condition.reads_others()
    assert READ.validate_python({"not": {"linked": "made"}}).reads_others()


KLEENE = st.lists(st.sampled_from([True, False, None]), max_size=6)


@given(KLEENE)
def test_both_and_either__are_each_others_mirror(truths):
    turned = [None if truth is None else not truth for truth in truths]
    mirrored = either(turned)
    assert both(truths) is (None if mirrored is None else not mirrored)


@given(KLEENE, st.booleans())
def test_both__of_unknown_never_promises_what_knowing_would_take_back(truths, known):
    if both(truths) is not None:
        assert both([known if truth is None else truth for truth in truths]) is both(truths)
