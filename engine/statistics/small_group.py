"""Small groups in what is published: which numbers of a table are left out, so that none comes back by subtraction.

A number from one to four is a small group. Leaving only that one out gives it away (the total less the others), so
others are left out with it, until what is shown leaves every small group more than one value that it may have. It must
not know what is counted.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

SMALLEST: Final = 5
"""The smallest group that is published."""


def is_small(number: int) -> bool:
    """Whether a number counts so few that it could point somebody out."""
    return 0 < number < SMALLEST


def hidden_parts(
    parts: Sequence[int], *, total_is_shown: bool = True, also: Collection[int] = ()
) -> frozenset[int] | None:
    """Which parts of a total to leave out, by their places; none where no group is small.

    Args:
        parts: The numbers, whose sum is the total.
        total_is_shown: Whether the total is shown, here or anywhere else.
        also: Places that are left out for another reason, none of them nought.

    Returns:
        The places, or None when the total must be left out too: nothing else keeps the small ones apart.
    """
    total = sum(parts)
    if is_small(total) and total_is_shown:
        return None
    hidden = {place for place, number in enumerate(parts) if is_small(number)} | set(also)
    if not total_is_shown:
        if not hidden and total:  # all others together would be the total that is left out
            hidden.add(min((n, place) for place, n in enumerate(parts) if n)[1])
        return frozenset(hidden)
    if not hidden:
        return frozenset()
    others = sorted((number, place) for place, number in enumerate(parts) if number and place not in hidden)
    while _gives_away([parts[place] for place in hidden]):
        if not others:
            return None
        hidden.add(others.pop(0)[1])
    return frozenset(hidden)


def hides_part(part: int, whole: int) -> bool:
    """Whether a part of a whole, both shown, would show a small group: the part, or what is left of the whole."""
    return is_small(part) or is_small(whole - part) or is_small(whole)


def _gives_away(hidden: Sequence[int]) -> bool:
    """Whether the sum of what is left out, which everybody can compute, settles one of them.

    A reader knows that each is at least one (nought is shown). Each may vary when there are two, and something is
    left to move: a sum greater than their number. Below the smallest group the sum itself is a small group.
    """
    return len(hidden) < 2 or sum(hidden) <= len(hidden) or sum(hidden) < SMALLEST
