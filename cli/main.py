"""`hjul`: the root of the commands. Each is imported when it is called, so that help is quick."""

from __future__ import annotations

import gc
import sys
from typing import Final

import click

from cli import __version__
from cli.command import Group, session_of
from cli.edge import run

COLLECT_AFTER: Final = 50_000
"""New objects between two collections of garbage: a start makes many that stay, and looking through them takes time."""
MODULES: Final = {
    "new": "cli.step:new",
    "step": "cli.step:step",
    "tasks": "cli.register:tasks",
    "cases": "cli.register:cases",
    "show": "cli.case:show",
    "log": "cli.case:log",
    "note": "cli.case:note",
    "amend": "cli.case:amend",
    "assign": "cli.case:assign",
    "claim": "cli.case:claim",
    "release": "cli.case:release",
    "link": "cli.case:link",
    "document": "cli.document:document",
    "attach": "cli.attachment:attach",
    "deadline": "cli.deadline:deadline",
    "draft": "cli.draft:draft",
    "import": "cli.table_import:import_",
    "report": "cli.report:report",
    "schedule": "cli.schedule:schedule",
    "process": "cli.process:process",
    "org": "cli.org:org",
    "settings": "cli.setting:settings",
    "tick": "cli.tick:tick",
    "calendar": "cli.calendar:calendar",
    "audit": "cli.audit:audit",
    "init": "cli.installation:init",
    "demo": "cli.installation:demo",
    "doctor": "cli.installation:doctor",
    "backup": "cli.backup:backup",
    "restore": "cli.backup:restore",
}
SECTIONS: Final = {
    "everyday": ("new", "tasks", "show", "step", "cases", "draft"),
    "case": ("log", "note", "amend", "assign", "claim", "release", "link", "attach", "document", "deadline"),
    "overview": ("report", "schedule", "calendar", "audit"),
    "administration": (
        "init",
        "demo",
        "doctor",
        "tick",
        "backup",
        "restore",
        "process",
        "org",
        "import",
        "settings",
    ),
}


def _version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    session_of(ctx).put(f"hjul {__version__}")
    ctx.exit()


VERSION = click.Option(["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_version)

program = Group(
    "hjul",
    lazy=MODULES,
    sections=SECTIONS,
    params=[VERSION],
    context_settings={"help_option_names": ["--help", "-h"]},
)


def main() -> None:
    """Run `hjul` with what was typed, and exit with its code."""
    gc.set_threshold(COLLECT_AFTER)
    sys.exit(run(program, sys.argv[1:]))
