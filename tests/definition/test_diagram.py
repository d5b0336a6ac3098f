"""The diagram shows every state and every way between them, and no label can break it."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from engine.definition.diagram import escaped, mermaid
from engine.definition.load import load_process
from engine.definition.machine import build_machine, target

HERE = Path(__file__).parent
TOY = load_process(HERE / "toy.yaml").process


def test_diagram__is_the_same_for_the_same_process_read_again():
    assert mermaid(TOY) == mermaid(load_process(HERE / "toy.yaml").process)


def test_diagram__has_every_state_by_its_label_in_the_language():
    for language, label in (("sv", "Väntar på svar"), ("en", "Waiting for an answer")):
        assert f'state "{label}" as s_waiting' in mermaid(TOY, language)


def test_diagram__has_exactly_the_ways_that_the_machine_has():
    machine = build_machine(TOY)
    ways = {
        (state, to)
        for key, step in TOY.steps.items()
        for state in TOY.states
        if not step.stays and (to := target(machine, key, state)) is not None
    }
    drawn = re.findall(r"^    s_(\w+) --> s_(\w+) : ", mermaid(TOY), re.MULTILINE)
    assert set(drawn) == ways


def test_diagram__begins_and_ends():
    text = mermaid(TOY, "en")
    assert "    [*] --> s_reported : Report\n" in text
    assert text.count("--> [*]\n") == 2


def test_diagram__lists_staying_steps_beside_each_state_unless_left_out():
    assert "note right of s_mending\n        Add a part\n        Note\n        Move\n    end note" in mermaid(
        TOY, "en"
    )
    assert "note" not in mermaid(TOY, "en", staying=False)


@given(st.text(max_size=40))
def test_escaped__leaves_nothing_that_means_something(text):
    safe = escaped(text)
    assert not set('"<>{}[]:%&|`\n\\') & set(safe)
    assert re.fullmatch(r"(?:[^#;]|#\d+;)*", safe)
