"""Writes the page of settings: the environment, and the settings of an installation, from the program.

It must not know what a setting is used for.
"""

# ruff: noqa: E501  rows of tables, each on its line

from __future__ import annotations

from engine.language.say import say
from engine.service.setting import KNOWN, Setting

ENVIRONMENT = {
    "HJUL_DB": (
        "The database: a URL (`sqlite:///hjul.sqlite`, `postgresql://hjul_app@server/hjul`) or the path of a SQLite file. "
        "`--db` goes before it. Without either: a file in the folder for your data, which `hjul doctor` names"
    ),
    "HJUL_USER": "Whom to act as, as `--as`: free in training, else for [a proxy](../how-to/act-for-somebody-else.md)",
    "HJUL_LANG": "`sv` or `en`; `--lang` goes before it. Swedish without either",
    "HJUL_NOW": "The clock, as an instant with its offset: `2026-03-01T08:00:00+01:00`. In a training database only",
    "HJUL_SMTP_PASSWORD": "The password on the mail server, for whatever runs `hjul tick`: [mail](../how-to/send-mail.md)",
    "HJUL_SMTP_PASSWORD_FILE": "The file that it stands in, when the variable above is not set",
    "HJUL_DEBUG": "`1` shows the traceback of a bug. It may hold what people wrote",
    "NO_COLOR": "Anything: no colours. None are used where the output is no terminal",
}
INTRO = """# Settings

Three things decide how Hjul behaves, and each has its place:

| what | where | set by |
|---|---|---|
| which database, who, which language | the environment, or options of each command | whoever runs the program |
| what holds for the whole installation | settings, in the database and the log | the administrator: `hjul settings set` |
| what a municipality decides about a process | [parameters](../how-to/change-what-a-municipality-decides.md) | the administrator: `hjul process publish --set-param` |

Secrets belong in the environment or in a file that only the program may read, never in the database. A password in
`HJUL_DB` is never shown again.

## Environment

| variable | does |
|---|---|
"""


def page() -> str:
    """Give the page."""
    rows = "".join(f"| `{name}` | {does} |\n" for name, does in ENVIRONMENT.items())
    settings = "".join(
        f"| `{key}` | {_means(one)} | {say(one.kind.takes, 'en')} | {one.default or 'nothing'} |\n"
        for key, one in KNOWN.items()
    )
    head = (
        "`hjul settings list` shows them, `hjul settings set KEY VALUE` changes one, and `hjul settings set KEY --default`\n"
        "lets it be as it was. Each change is an event: who and when is in the log.\n\n"
        "| setting | means | takes | until it is set |\n|---|---|---|---|\n"
    )
    note = "\nVariables of the tests are in [Run the tests against a PostgreSQL](../how-to/test-on-postgresql.md).\n"
    return f"{INTRO}{rows}{note}\n## Settings of the installation\n\n{head}{settings}"


def _means(setting: Setting) -> str:
    return f"{setting.label.en}. {setting.help.en}" if setting.help else setting.label.en
