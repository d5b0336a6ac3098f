"""What somebody answered at a prompt, read as a raw value of a field; what cannot be is explained.

The engine checks every value again. This is the part that only a prompt needs: numbers of choices, words for
days. It must not know how questions are asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from engine.calendar.spoken import read_period, read_when
from engine.language.sentence import Sentence, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from engine.service.result import Choice, FormField

UNKNOWN: Final = "?"
YES: Final = ("ja", "j", "yes", "y")
NO: Final = ("nej", "n", "no")


class Unclear(Exception):  # noqa: N818 - it carries a sentence to the one who asks, and goes no further
    """An answer that is none, with the sentence that says why."""

    def __init__(self, why: Sentence) -> None:
        """Keep the sentence."""
        super().__init__(why.id)
        self.why = why


class Narrowed(Exception):  # noqa: N818 - not an error: there is more to ask
    """An answer that fits several choices, which should be shown instead of all."""

    def __init__(self, choices: tuple[int, ...]) -> None:
        """Keep their indices."""
        super().__init__(choices)
        self.choices = choices


def read_answer(field: FormField, text: str, today: date) -> Any:
    """A raw value for a field out of an answer.

    Raises:
        Unclear: It is no answer to this field.
        Narrowed: It fits several choices.
    """
    text = text.strip()
    if text == UNKNOWN:
        if not field.unknown_allowed:
            raise Unclear(sentence("cli.ask.no_unknown"))
        return UNKNOWN
    if field.choices:
        return _choice(field, text)
    if field.type == "yes_no":
        return _yes_no(text)
    if field.type == "period":
        return _known(read_period(text, today), "cli.ask.period")
    if field.type in ("date", "datetime"):
        found = read_when(text, today) or (read_period(text, today) if field.type == "datetime" else None)
        return _known(found, f"cli.ask.{field.type}")
    return text


def is_yes(text: str, default: bool) -> bool | None:
    """Whether a text says yes; the default when it says nothing, None when it is neither."""
    text = text.strip().casefold()
    if not text:
        return default
    if text in YES:
        return True
    return False if text in NO else None


def matching(choices: Sequence[Choice], text: str) -> tuple[int, ...]:
    """Which choices a text names, by index: by number, code or label, or else by a part of these."""
    if text.isdecimal() and not any(choice.code == text for choice in choices):
        return (int(text) - 1,) if 0 < int(text) <= len(choices) else ()
    wanted = text.casefold()
    named = [(i, (choice.code, choice.label.sv, choice.label.en)) for i, choice in enumerate(choices)]
    exact = tuple(i for i, names in named if wanted in (name.casefold() for name in names))
    return exact or tuple(i for i, names in named if any(wanted in name.casefold() for name in names))


def _choice(field: FormField, text: str) -> Any:
    parts = [part.strip() for part in text.split(",") if part.strip()] if field.multiple else [text]
    codes: list[str] = []
    for part in parts:
        found = matching(field.choices, part)
        if not found:
            raise Unclear(sentence("cli.ask.no_choice", text=part))
        if len(found) > 1:
            raise Narrowed(found)
        codes.append(field.choices[found[0]].code)
    return codes if field.multiple else codes[0]


def _yes_no(text: str) -> str:
    said = is_yes(text, default=False) if text else None
    if said is None:
        raise Unclear(sentence("cli.ask.yes_no"))
    return "ja" if said else "nej"


def _known(found: str | None, message: str) -> str:
    if found is None:
        raise Unclear(sentence(message))
    return found
