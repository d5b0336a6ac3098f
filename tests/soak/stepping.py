"""A process that records steps and says so, line by line, until it has done enough or is killed.

Run as `python -m tests.soak.stepping URL STEPS NAME [REFERENCE...]`. Without references it opens cases of its
own and steps in them for ever. Each line is what was acknowledged: command, reference, seq, hash; or `conflict`
and how much was said to have come between.
"""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Iterator

from engine.cases.case import Case
from engine.errors import ConcurrentChangeError
from engine.store.database import Patience
from engine.store.reading import load_case
from tests.contract.world import World, case_of, decision, reopen

STEPS_OF_A_CASE = 6


def say(line: dict) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def load(world: World, reference: str) -> Case:
    with world.database.read() as session:
        stored = load_case(session, reference)
    assert stored is not None
    return stored.case


def step(world: World, command: str, reference: str) -> None:
    """Remark on a case, again upon what is there until it is taken."""
    while True:
        case = load(world, reference)
        try:
            outcome = world.record(decision(world.remarking(case), command=command))
        except ConcurrentChangeError as error:
            say({"conflict": reference, "seen": error.seen, "now": error.now, "between": len(error.changes)})
            continue
        (result,) = outcome.results
        say({"command": command, "reference": reference, "seq": result.seq, "hash": result.hash})
        return


def open_and_step(world: World, commands: Iterator[str]) -> None:
    """Open a case, judge it while opening another that it is linked to, and remark on it."""
    command = next(commands)
    opening = world.opening(story=f"story of {command}")
    (result,) = world.record(world.open(opening, command=command)).results
    say({"command": command, "reference": result.reference, "seq": 1, "hash": result.hash})
    case = case_of(opening).renamed({"+0": result.reference})
    command = next(commands)
    outcome = world.record(decision(world.judging(case), world.opening(0), command=command))
    for each in outcome.results:
        say({"command": command, "reference": each.reference, "seq": each.seq, "hash": each.hash})
    for _ in range(STEPS_OF_A_CASE - 2):
        step(world, next(commands), result.reference)


def main(url: str, steps: int, name: str, references: list[str]) -> None:
    """Do as many steps as said."""
    commands = (f"{name}-{number}" for number in itertools.count())
    with reopen(url, Patience(60.0)) as world:
        if references:
            for number, command in zip(range(steps), commands, strict=False):
                step(world, command, references[number % len(references)])
        while not references:
            open_and_step(world, commands)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4:])
