"""What people mean by a name: a key, a label, in whatever case."""

import pytest

from engine.language.naming import all_named, find_named
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
