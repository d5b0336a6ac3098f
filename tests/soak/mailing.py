"""A process that sends the mail there is, with a lease that is lost at once, until it is done or killed.

Run as `python -m tests.soak.mailing URL NOW`. NOW is the machine's clock too: what a killed worker held is free when it
says so.
"""

from __future__ import annotations

import sys
from dataclasses import replace

from engine.app import App, Settings
from tests.service.house import OPERATOR


def main(url: str, now: str) -> None:
    app = App(Settings(url, OPERATOR, None, None), machine_clock=lambda: now)
    service = replace(
        app.tick, duties=tuple(one for one in app.tick.duties if one.key == "mail"), seconds=-1.0
    )
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    while any(one.status == "elsewhere" for one in service.run().duties):
        pass
    app.database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
