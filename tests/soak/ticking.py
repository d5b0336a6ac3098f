"""A process that does what is due, in small batches with short leases, until it is done or killed.

Run as `python -m tests.soak.ticking URL NOW`.
"""

from __future__ import annotations

import sys

from engine.app import App, Settings
from tests.service.house import OPERATOR


def main(url: str, now: str) -> None:
    app = App(Settings(url, OPERATOR, None, now))
    service = app.tick
    service.seconds = 0.3
    service.batch = 3  # many places to be killed in
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    while any(one.status == "elsewhere" for one in service.run().duties):
        pass
    app.database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
