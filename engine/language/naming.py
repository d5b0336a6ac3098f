"""Which of several named things somebody means: they type a key (`bedom`) or what it is called ("Bedöm").

It must not know what is named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.language.alphabet import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.language.sentence import Words


def all_named(text: str, names: Iterable[tuple[str, Words]]) -> tuple[str, ...]:
    """The keys that a text may mean, each once: the key itself, else what is called so in either language.

    Case, accents and whether words are joined by `_` make no difference.
    """
    pairs = tuple(names)
    if any(key == text for key, _ in pairs):
        return (text,)
    wanted = _plain(text)
    by_key = (key for key, _ in pairs if _plain(key) == wanted)
    by_label = (key for key, called in pairs if wanted in (_plain(called.sv), _plain(called.en)))
    return tuple(dict.fromkeys(by_key)) or tuple(dict.fromkeys(by_label)) if wanted else ()


def find_named(text: str, names: Mapping[str, Words]) -> str | None:
    """The key of the one thing that a text means; None when it is none, or may be several."""
    if text in names:
        return text
    found = all_named(text, names.items())
    return found[0] if len(found) == 1 else None


def nearest_named(text: str, names: Iterable[tuple[str, Words]]) -> tuple[str, ...]:
    """The key that was probably meant by a text that names nothing, else all keys, each once."""
    from difflib import get_close_matches  # noqa: PLC0415  only when something is refused

    pairs = tuple(names)
    words = {_plain(word): key for key, called in pairs for word in (called.en, called.sv, key)}
    near = get_close_matches(_plain(text), words, n=1)
    return (words[near[0]],) if near else tuple(dict.fromkeys(key for key, _ in pairs))


def nearest_key(text: str, keys: Iterable[str]) -> tuple[str, ...]:
    """The key that was probably meant by a text that is none, else all keys, in their order."""
    from difflib import get_close_matches  # noqa: PLC0415  only when something is refused

    known = tuple(keys)
    return tuple(get_close_matches(text, known, n=1)) or known


def _plain(text: str) -> str:
    return " ".join(fold(text[:200]).replace("_", " ").split())
