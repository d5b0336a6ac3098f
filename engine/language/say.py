"""Says sentences: a `Sentence`, `Words` or an argument becomes what a person reads, in Swedish or English.

The edge calls `say` for a part of a sentence and `say_line` for one that stands alone. Arguments are data:
braces in what somebody wrote are never read as slots. It must not know errors, cases or screens.

Slots of a message: `{name}` says the argument; `{name:or}` joins a tuple with "eller"; `{name:lower}` begins it,
or each of a tuple, small.
"""

from __future__ import annotations

from datetime import date, datetime
from numbers import Number
from typing import TYPE_CHECKING, Any

from engine.language.catalogue import catalogue, fill
from engine.language.moment import format_day, format_instant, format_number
from engine.language.sentence import Sentence, Words, sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COUNTS = ("n", "count")


def say(thing: Any, language: str = "sv") -> str:
    """Say a sentence, words or an argument in a language.

    Numbers get the language's decimal mark, dates are ISO days, instants the time on the wall in Sweden, yes
    and no their words, a tuple is said as "a, b och c". A sentence that no catalogue has is said by its id,
    which a test of the house refuses.

    Args:
        thing: `Sentence`, `Words`, text, number, bool, date, a tuple of these, or None (said as nothing).
        language: "sv" or "en"; anything else is Swedish.
    """
    if isinstance(thing, Sentence):
        return _sentence(thing, language)
    if isinstance(thing, Words):
        return thing.in_(language)
    if thing is None:
        return ""
    if isinstance(thing, bool):
        return say(sentence("word.yes" if thing else "word.no"), language)
    if isinstance(thing, Number):  # Decimal is one; to load it takes longer than all the rest of this room
        number: Any = thing
        return format_number(number, language)
    if isinstance(thing, datetime):
        return format_instant(thing)
    if isinstance(thing, date):
        return format_day(thing)
    if isinstance(thing, tuple | list):
        return say_list(thing, language)
    return str(thing)


def say_line(thing: Any, language: str = "sv") -> str:
    """Say a sentence that stands alone: a capital first, and a full stop if it ends with nothing else.

    What somebody typed (a login, a code) keeps its letters also where it comes first.
    """
    text = say(thing, language).strip()
    is_typed = isinstance(thing, Sentence) and _begins_with_text(thing, language)
    begun = text if is_typed else begin_large(text)
    return text and begun + ("" if text[-1] in ".?!:…" else ".")


def say_list(things: Sequence[Any], language: str = "sv", last: str = "and") -> str:
    """Say things as a list: "a, b och c", or with `last="or"` "a, b eller c"."""
    said = [text for text in (say(thing, language) for thing in things) if text]
    if len(said) < 2:
        return "".join(said)
    return f"{', '.join(said[:-1])} {say(sentence(f'word.{last}'), language)} {said[-1]}"


def begin_large(text: str) -> str:
    """The text with a capital first letter; the rest as it is."""
    return text[:1].upper() + text[1:]


def begin_small(text: str) -> str:
    """The text with a small first letter, unless it begins with an abbreviation (a second capital)."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def cannot(label: Words, language: str = "sv") -> str:
    """Say that what a button or step is called cannot be done: "Kan inte avslutas", "Cannot close".

    Swedish makes the passive of a label that is one word and ends like an infinitive; other labels are
    quoted, since
    "Påbörja utredning" has no passive that a rule would find.
    """
    name = label.in_(language)
    if language != "en" and (" " in name or not name.endswith("a")):
        return say(sentence("refused.step_named", label=name), language)
    return say(sentence("refused.step", label=name), language)


def _sentence(spoken: Sentence, language: str) -> str:
    text = catalogue(language).text(spoken.id, _count(spoken.arguments))
    if text is None:
        return spoken.id

    def put(name: str, form: str) -> str | None:
        if name not in spoken.arguments:
            return None
        argument = spoken.arguments[name]
        if form == "or" and isinstance(argument, tuple | list):
            return say_list(argument, language, last="or")
        if form == "lower":
            several = argument if isinstance(argument, tuple | list) else (argument,)
            return say_list([begin_small(say(one, language)) for one in several], language)
        return say(argument, language)

    return fill(text, put)


def _begins_with_text(thing: Any, language: str) -> bool:
    """Whether what is said first is a text as it was given, and no word of ours."""
    if isinstance(thing, tuple | list):
        return bool(thing) and _begins_with_text(thing[0], language)
    if not isinstance(thing, Sentence):
        return type(thing) is str
    text = catalogue(language).text(thing.id, _count(thing.arguments)) or ""
    first = next((name for name in thing.arguments if text.startswith((f"{{{name}}}", f"{{{name}:"))), None)
    return first is not None and _begins_with_text(thing.arguments[first], language)


def _count(arguments: Mapping[str, Any]) -> int | None:
    """How many the sentence is about: its only whole number, or the one that is called so."""
    numbers = {name: n for name, n in arguments.items() if isinstance(n, int) and not isinstance(n, bool)}
    if len(numbers) == 1:
        return next(iter(numbers.values()))
    return next((numbers[name] for name in COUNTS if name in numbers), None)
