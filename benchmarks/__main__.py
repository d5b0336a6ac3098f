"""`python -m benchmarks [--large] [NAME...]`: take the measurements, all or those named, and say how they came out.

Small ones together take less than ten minutes; `--large` makes databases of up to a million cases and takes hours
the first time. The last line of each measurement is JSON.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module

from benchmarks.measure import Result, say

MODULES = {
    "step": "benchmarks.step",
    "start": "benchmarks.start",
    "growth": "benchmarks.growth",
    "tasks": "benchmarks.tasks",
    "lists": "benchmarks.lists",
    "verify": "benchmarks.verify",
    "tick": "benchmarks.tick",
    "import": "benchmarks.imports",
}


def main(arguments: Sequence[str]) -> int:
    """Take them; 0 when there was nothing wrong with how they were asked for, whether or not goals are met."""
    large = "--large" in arguments
    names = [name for name in arguments if not name.startswith("-")] or list(MODULES)
    unknown = [name for name in names if name not in MODULES]
    if unknown:
        print(f"no such measurement: {', '.join(unknown)}; there are: {', '.join(MODULES)}", file=sys.stderr)
        return 2
    results: list[Result] = []
    for name in names:
        measure: Callable[..., Iterator[Result]] = import_module(MODULES[name]).run
        for result in measure(large=large):
            results.append(result)
            print(result.line(), flush=True)
    say("")
    for result in results:
        sign = "<=" if result.better == "lower" else ">="
        said = "met" if result.met else "NOT MET"
        say(f"{result.name:<24} {result.ratio:>7.2f}   goal {sign} {result.goal:<5} {said}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
