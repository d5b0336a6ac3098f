"""The machine knows which step leads where; the tables here are written by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.definition.load import load_process
from engine.definition.machine import UNBORN, build_machine, target

TOY = load_process(Path(__file__).parent / "toy.yaml").process
MACHINE = build_machine(TOY)
OPEN = ("reported", "waiting", "judged", "mending", "with_conservator")
FINAL = ("mended", "discarded")
MOVES = {
    "report": {UNBORN: "reported"},
    "ask_back": {"reported": "waiting"},
    "answer": {"waiting": "reported"},
    "judge": {"reported": "judged"},
    "start": {"judged": "mending"},
    "add_part": {"mending": "mending"},
    "note": {state: state for state in OPEN},
    "move": {state: state for state in OPEN},
    "finish": {"mending": "mended"},
    "hand_to_conservator": {state: "with_conservator" for state in OPEN if state != "with_conservator"},
    "give_back": {"with_conservator": "judged"},
    "discard": {"judged": "discarded", "reported": "discarded"},
    "mend_again": {"mended": "mending"},
    "all_done": {"mending": "mended"},
}


def test_machine__has_the_steps_of_the_table():
    assert set(MOVES) == set(TOY.steps)


@pytest.mark.parametrize("step", MOVES)
def test_target__of_every_step_from_every_state(step):
    found = {state: target(MACHINE, step, state) for state in (UNBORN, *OPEN, *FINAL)}
    assert found == {state: MOVES[step].get(state) for state in found}


def test_target__of_an_unknown_step_or_state_is_nothing():
    assert target(MACHINE, "burn", "reported") is None
    assert target(MACHINE, "judge", "burnt") is None


def test_sources__of_any_open_and_of_except_are_never_final():
    for step in ("note", "move", "hand_to_conservator"):
        assert not set(TOY.sources[step]) & set(FINAL)
