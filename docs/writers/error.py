"""Writes the page of errors: every kind with its exit code, what it means and what people read.

Kinds come from the classes, codes from the edge, sentences from the catalogues. It must not know where errors
are raised.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import cli.mistake
import engine.errors
from cli.exit import Exit, code_of
from engine.errors import HjulError
from engine.language.catalogue import catalogue
from engine.language.say import begin_large

INTRO = """# Errors and exit codes

Every mistake that Hjul foresees has a *kind*, a stable name; an exit code; and a sentence that says what is wrong,
where, and what to do next. Under `--json` an error is written to stderr as

```
{"error": {"kind": "not_found.case", "message": "There is no case AVV-2026-0099 that you can see.", "details": {...}}}
```

Go by the exit code first, then by the kind. The sentences are for people and may be worded better at any time.

## Exit codes

| code | meaning |
|---|---|
"""
CODES = {
    Exit.DONE: "Done",
    Exit.BUG: (
        "Something that Hjul does not foresee: a bug. Nothing was saved. `HJUL_DEBUG=1` shows more, and may show what "
        "people wrote"
    ),
    Exit.USAGE: "Used in a way that cannot be: an option, a malformed value, a definition with faults",
    Exit.REFUSED: "Refused by a rule, or something is missing. Nothing has changed in the case",
    Exit.NOT_FOUND: "Not there, or not for the caller to know of",
    Exit.CHANGED: "Changed by somebody else meanwhile. Nothing was written",
    Exit.FAULT: "A fault of the database or of the log; also `doctor` and `audit verify` when something does not hold",
    Exit.INTERRUPTED: "Interrupted at the keyboard",
}
REFUSED = """
## Refusals

A refusal has kind `refused`, and says which sort in `details.refusal`; all reasons stand in `details.reasons`, and
what is wrong with fields in `details.faults`.

| refusal | meaning | exit code |
|---|---|---|
| `missing` | Required fields have no answer | 3 |
| `input` | A value cannot be, or a field is not asked for | 2 |
| `guard` | A condition does not hold | 3 |
| `wrong_state` | The step is not taken from where the case is | 3 |
| `not_allowed` | The step is for others | 3 |
| `locked` | The status locks fields or entries | 3 |

## Kinds

Arguments in braces are put in when it is said.

"""


def page() -> str:
    """Give the page.

    Raises:
        LookupError: An exit code has no meaning here.
    """
    codes = "".join(f"| {int(code)} | {CODES[code]} |\n" for code in Exit)
    rows = "".join(_row(error) for error in kinds())
    head = "| kind | exit code | meaning | svenska | English |\n|---|---|---|---|---|\n"
    return f"{INTRO}{codes}{REFUSED}{head}{rows}"


def kinds() -> Iterator[type[HjulError]]:
    """Every error that has a sentence of its own, by kind."""
    found = {
        error.kind: error
        for module in (engine.errors, cli.mistake)
        for _, error in inspect.getmembers(module, inspect.isclass)
        if issubclass(error, HjulError) and f"error.{error.kind}" in catalogue("en")
    }
    return iter(found[kind] for kind in sorted(found))


def _row(error: type[HjulError]) -> str:
    meaning = inspect.cleandoc(error.__doc__ or "").partition("\n")[0]
    sv, en = (begin_large(catalogue(language).text(f"error.{error.kind}") or "") for language in ("sv", "en"))
    code = int(code_of(error.__new__(error)))
    return f"| `{error.kind}` | {code} | {_cell(meaning)} | {_cell(sv)} | {_cell(en)} |\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
