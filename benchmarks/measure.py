"""How things are measured: a floor and Hjul in turn, round after round; medians, their ratio, one line of JSON.

Machines are shared and noisy, so a number alone says nothing. Only a ratio of medians that were taken in turns
in one run is a result. Must not know what is measured.
"""

from __future__ import annotations

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Better = Literal["lower", "higher"]


@dataclass(frozen=True, slots=True)
class Result:
    """A finished measurement.

    hjul and floor are in `unit`. ratio is what the goal is about: hjul / floor, or the other way round where
    the goal says so. `better` tells on which side of the goal the ratio must be.
    """

    name: str
    hjul: float
    floor: float
    unit: str
    ratio: float
    goal: float
    better: Better

    @property
    def met(self) -> bool:
        """Whether the ratio is on the right side of the goal."""
        return self.ratio <= self.goal if self.better == "lower" else self.ratio >= self.goal

    def line(self) -> str:
        """The last line of a measurement."""
        return json.dumps(
            {
                "name": self.name, "hjul": round(self.hjul, 4), "floor": round(self.floor, 4),
                "unit": self.unit, "ratio": round(self.ratio, 3), "goal": self.goal, "met": self.met,
            }
        )  # fmt: skip


def timed(work: Callable[[], object]) -> float:
    """Seconds that the work takes, by the wall; no collection of garbage begins within it."""
    gc.collect()
    gc.disable()
    try:
        began = time.perf_counter()
        work()
        return time.perf_counter() - began
    finally:
        gc.enable()


def peak_memory() -> float:
    """The most memory that this process has held, in MB; `ru_maxrss` would count what the parent had."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def in_turns(works: Mapping[str, Callable[[int], float]], rounds: int) -> dict[str, list[float]]:
    """Run each work once a round, the order reversed every other round; what each returned, by name."""
    found: dict[str, list[float]] = {name: [] for name in works}
    names = list(works)
    for number in range(rounds):
        for name in names if number % 2 == 0 else reversed(names):
            found[name].append(works[name](number))
    return found


def report(title: str, found: Mapping[str, Sequence[float]], unit: str) -> dict[str, float]:
    """Print the medians of the rounds with the spread, and give them."""
    medians = {name: statistics.median(values) for name, values in found.items()}
    say(title)
    for name, values in found.items():
        spread = f"{min(values):.4g} to {max(values):.4g}"
        say(f"  {name:<28} {medians[name]:>10.4g} {unit}   ({len(values)} rounds, {spread})")
    return medians


def ratio_of_rounds(over: Sequence[float], under: Sequence[float]) -> float:
    """The median of the rounds' own ratios: what disturbs a round disturbs both sides of it."""
    return statistics.median(a / b for a, b in zip(over, under, strict=True))


def say(text: str) -> None:
    """Print at once, since a measurement takes its time."""
    print(text, flush=True)


def note(text: str) -> None:
    """Progress, on stderr."""
    print(text, file=sys.stderr, flush=True)
