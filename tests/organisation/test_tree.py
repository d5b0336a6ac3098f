"""Units in a tree, people by what they are called, and the order of lists."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.cases.organisation import Person, Unit, UnitTree, find_person
from engine.errors import (
    AmbiguousPersonError,
    AmbiguousUnitError,
    DuplicateUnitError,
    UnitCycleError,
    UnknownParentError,
    UnknownPersonError,
    UnknownUnitError,
)
from engine.language.alphabet import fold, sort_key

TREE = UnitTree(
    [
        Unit("hem", "Äldreboendet Ängen", "omr"),
        Unit("kom", "Kommunen"),
        Unit("omr", "Område Öst", "kom"),
        Unit("hem2", "Korttids", "omr"),
        Unit("hem3", "Korttids", "kom"),
    ]
)


@st.composite
def parents(draw):
    count = draw(st.integers(1, 12))
    above = [draw(st.none() | st.integers(0, n - 1)) if n else None for n in range(count)]
    order = draw(st.permutations(range(count)))
    return [Unit(f"u{n}", f"Enhet {n}", None if above[n] is None else f"u{above[n]}") for n in order]


def test_path__goes_from_the_unit_to_the_top():
    assert TREE.path("hem") == ("hem", "omr", "kom")


def test_below__is_the_unit_and_all_under_it():
    assert TREE.below("omr") == {"omr", "hem", "hem2"}


@given(parents())
def test_below__is_path_turned_round(units):
    tree = UnitTree(units)
    for upper in tree.codes:
        assert tree.below(upper) == {lower for lower in tree.codes if upper in tree.path(lower)}


@given(parents())
def test_walk__gives_every_unit_once_under_the_one_it_lies_under(units):
    seen = []
    for depth, unit in UnitTree(units).walk():
        assert unit.parent is None or unit.parent in seen
        assert depth == len(UnitTree(units).path(unit.code)) - 1
        seen.append(unit.code)
    assert sorted(seen) == sorted(unit.code for unit in units)


def test_path__of_an_unknown_unit_is_itself_alone():
    assert TREE.path("borta") == ("borta",)
    assert TREE.below("borta") == {"borta"}


@pytest.mark.parametrize("text", ["hem", "HEM", "äldreboendet ängen", "Aldreboendet Angen "])
def test_find__knows_code_and_name_whatever_case_and_accents(text):
    assert TREE.find(text).code == "hem"


def test_find__takes_the_code_before_the_name():
    tree = UnitTree([Unit("a", "b"), Unit("b", "a")])
    assert tree.find("A").code == "a"


def test_find__refuses_a_name_that_several_have():
    with pytest.raises(AmbiguousUnitError) as refused:
        TREE.find("korttids")
    assert refused.value.units == ("hem2", "hem3")


def test_find__names_the_nearest_of_an_unknown_one():
    with pytest.raises(UnknownUnitError) as refused:
        TREE.find("Äldreboende Ängen")
    assert refused.value.nearest == ("hem",)


def test_tree__refuses_a_ring():
    with pytest.raises(UnitCycleError) as refused:
        UnitTree([Unit("a", "A", "c"), Unit("b", "B", "a"), Unit("c", "C", "b")])
    assert set(refused.value.units) == {"a", "b", "c"}


def test_tree__refuses_a_parent_that_is_not_there():
    with pytest.raises(UnknownParentError) as refused:
        UnitTree([Unit("a", "A", "b")])
    assert (refused.value.unit, refused.value.parent) == ("a", "b")


def test_tree__refuses_a_code_twice():
    with pytest.raises(DuplicateUnitError):
        UnitTree([Unit("a", "A"), Unit("a", "B")])


PEOPLE = {
    code: Person(code, login, name)
    for code, login, name in [("p1", "anna", "Anna Ek"), ("p2", "bo", "Bo Ek"), ("p3", None, "Bo Ek")]
}


@pytest.mark.parametrize(("text", "code"), [("p1", "p1"), ("ANNA", "p1"), ("anna ek", "p1"), ("bo", "p2")])
def test_find_person__knows_code_login_and_name(text, code):
    assert find_person(PEOPLE, text).code == code


def test_find_person__refuses_a_name_that_several_have():
    with pytest.raises(AmbiguousPersonError) as refused:
        find_person(PEOPLE, "Bo Ek")
    assert refused.value.persons == ("p2", "p3")


@pytest.mark.parametrize("text", ["nobody", "", " "])
def test_find_person__refuses_what_nobody_is_called(text):
    with pytest.raises(UnknownPersonError):
        find_person(PEOPLE, text)


def test_sort_key__puts_the_swedish_letters_last_and_numbers_by_size():
    words = ["Övre", "Ängen", "Åsen", "Zon", "avd 10", "Avd 9", "Éden", "Eken"]
    assert sorted(words, key=sort_key) == ["Avd 9", "avd 10", "Éden", "Eken", "Zon", "Åsen", "Ängen", "Övre"]


@given(st.text(max_size=8), st.text(max_size=8))
def test_sort_key__can_compare_any_texts(one, other):
    assert (sort_key(one) < sort_key(other)) or (sort_key(one) >= sort_key(other))


@given(st.text(max_size=12))
def test_fold__is_the_same_when_done_twice(text):
    assert fold(fold(text)) == fold(text)
