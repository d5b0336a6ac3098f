"""DBOS on SQLite: a workflow of six durable steps for each case. Arguments: a new file, how many."""

from __future__ import annotations

import sys
import time

from dbos import DBOS

STEPS = ("report", "judge", "begin", "find", "note", "end")
VALUES = {
    "text": "Den boende hittades på golvet bredvid sängen när nattpersonalen gick sin rond.",
    "code": "fall",
}
DBOS(config={"name": "peer", "system_database_url": f"sqlite:///{sys.argv[1]}", "log_level": "ERROR"})


@DBOS.step()
def take(step: str, values: dict[str, str]) -> dict[str, object]:
    """Take a step."""
    return {"step": step, "by": "p001", "values": values}


@DBOS.workflow()
def case(number: int) -> int:
    """Take a case through all steps."""
    for step in STEPS:
        take(step, VALUES)
    return number


if __name__ == "__main__":
    DBOS.launch()
    for number in range(3):
        case(number)
    began = time.perf_counter()
    for number in range(int(sys.argv[2])):
        case(number)
    print(time.perf_counter() - began)
    DBOS.destroy()
