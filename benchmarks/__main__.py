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
    "tasks": "benchmarks.lists:tasks",
    "lists": "benchmarks.lists",
    "verify": "benchmarks.verify",
    "tick": "benchmarks.tick",
    "import": "benchmarks.imports",
    "peers": "benchmarks.peers",
}


def found(name: str) -> Callable[..., Iterator[Result]]:
    """What takes a measurement."""
    module, _, function = MODULES[name].partition(":")
    measure: Callable[..., Iterator[Result]] = getattr(import_module(module), function or "run")
    return measure


def main(arguments: Sequence[str]) -> int:
    """Take them; 0 when there was nothing wrong with how they were asked for, whether or not goals are met."""
    large = "--large" in arguments
    names = [name for name in arguments if not name.startswith("-")] or [
        name for name in MODULES if name != "tasks"
    ]
    unknown = [name for name in names if name not in MODULES]
    if unknown:
        print(f"no such measurement: {', '.join(unknown)}; there are: {', '.join(MODULES)}", file=sys.stderr)
        return 2
    results: list[Result] = []
    for name in names:
        for result in found(name)(large=large):
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
