"""The messages of one language, looked up by id.

Read with the standard library from the compiled `.mo` beside it, so that starting a command costs next to
nothing. It must not know what a message is about, nor who reads it.
"""

from __future__ import annotations

import gettext
import os.path
import re
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LANGUAGES: Final = ("sv", "en")
"""What Hjul speaks; the first is what it speaks when nobody has chosen."""

LOCALE: Final = os.path.join(os.path.dirname(__file__), "locale")  # noqa: PTH118, PTH120 - help does without pathlib
_SLOT: Final = re.compile(r"\{\{|\}\}|\{(?P<name>[a-z_][a-z0-9_]*)(?::(?P<form>[a-z]+))?\}")


class Catalogue:
    """The messages of one language, by id; `catalogue("sv")` gives the one that is read once and shared."""

    def __init__(self, language: str, translations: gettext.NullTranslations) -> None:
        """Keep the messages that gettext has read."""
        self.language = language
        self._translations = translations

    def text(self, message: str, count: int | None = None) -> str | None:
        """The text of a message as it stands, with its `{arguments}`; None when there is no such id.

        Args:
            message: The id, such as `error.calendar.range`.
            count: How many, for a message with singular and plural; without it, such a message is singular.
        """
        text = self._translations.ngettext(message, message, 1 if count is None else count)
        if text == message:
            text = self._translations.gettext(message)
        return None if text == message else text

    def __contains__(self, message: str) -> bool:
        return self.text(message) is not None

    def __iter__(self) -> Iterator[str]:
        """The ids, sorted."""
        kept = getattr(self._translations, "_catalog", {})
        return iter(sorted({key if isinstance(key, str) else key[0] for key in kept} - {""}))


@cache
def catalogue(language: str) -> Catalogue:
    """The catalogue of a language; of a language that Hjul does not speak, the Swedish one.

    When the compiled file is missing (a checkout without `make catalogues`) it is empty, and ids are shown.
    """
    known = language if language in LANGUAGES else LANGUAGES[0]
    try:
        # not gettext.translation: it loads the module locale, to guess at names that are known here
        with open(f"{LOCALE}/{known}/LC_MESSAGES/hjul.mo", "rb") as file:  # noqa: PTH123
            return Catalogue(known, gettext.GNUTranslations(file))
    except OSError:
        return Catalogue(known, gettext.NullTranslations())


def fill(text: str, put: Callable[[str, str], str | None]) -> str:
    """Fill the `{name}` and `{name:form}` of a message in one pass: braces in what is put in stay as they are.

    Args:
        text: The message; `{{` and `}}` are said as single braces.
        put: Gives the words for a name and a form ("" when none is written); None leaves the slot visible.
    """

    def one(found: re.Match[str]) -> str:
        if found["name"] is None:
            return found[0][0]
        words = put(found["name"], found["form"] or "")
        return found[0] if words is None else words

    return _SLOT.sub(one, text)
