"""What people mean by a name: a key, a label, in whatever case."""

import pytest

from engine.language.naming import all_named, find_named, nearest_named
from engine.language.sentence import Words

STEPS = {
    "bedom": Words("Bedöm", "Judge"),
    "paborja_utredning": Words("Påbörja utredning", "Begin"),
    "judge": Words("Döm", "Condemn"),
    "a": Words("Annat", "Other"),
    "b": Words("Annat", "Something else"),
}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("bedom", "bedom"),
        ("Bedöm", "bedom"),
        ("BEDÖM", "bedom"),
        (" bedöm ", "bedom"),
        ("Bedo\u0308m", "bedom"),
        ("påbörja_utredning", "paborja_utredning"),
        ("Paborja  Utredning", "paborja_utredning"),
        ("begin", "paborja_utredning"),
        ("judge", "judge"),
        ("Judge", "judge"),
        ("condemn", "judge"),
        ("other", "a"),
        ("annat", None),
        ("", None),
        ("_", None),
        ("bedö", None),
    ],
)
def test_find_named__takes_keys_and_labels_when_one_is_meant(text, meant):
    assert find_named(text, STEPS) == meant


def test_all_named__gives_every_key_that_is_called_so():
    assert all_named("Annat", STEPS.items()) == ("a", "b")
    assert all_named("a", [("a", Words("x", "x")), ("a", Words("y", "y"))]) == ("a",)


@pytest.mark.parametrize(
    ("text", "nearest"),
    [("bedomm", ("bedom",)), ("Pabörja utred", ("paborja_utredning",)), ("condem", ("judge",))],
)
def test_nearest_named__is_by_key_or_label(text, nearest):
    assert nearest_named(text, STEPS.items()) == nearest


def test_nearest_named__is_all_there_is_when_nothing_is_near():
    assert nearest_named("xyzzy", STEPS.items()) == tuple(STEPS)
    assert nearest_named("xyzzy", ()) == ()
