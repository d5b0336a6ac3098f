"""What a notice says, to whoever may know of whom it speaks, and without names where it leaves the house.

It must not know the store, nor who is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.cases.organisation import UnitTree
from engine.language.sentence import Argument, Sentence, Words, sentence
from engine.store.notice import Notice


def say_notice(
    one: Notice, roles: Mapping[str, Words], tree: UnitTree, name: Callable[[str], Argument] | None = None
) -> Sentence:
    """What a notice says.

    Args:
        one: The notice.
        roles: What roles are called.
        tree: The units, for their names.
        name: The name of a person; None: nobody is named.
    """
    said: dict[str, Argument] = {}
    for key, value in one.about.items():
        match key:
            case "role":
                said[key] = roles.get(value, Words(value, value))
            case "unit":
                unit = tree.get(value)
                said[key] = unit.name if unit is not None else value
            case "person":
                if name is not None:
                    said[key] = name(value)
            case _:
                said[key] = value
    is_unnamed = name is None and "person" in one.about
    return sentence(f"notice.{one.kind}_unnamed" if is_unnamed else f"notice.{one.kind}", **said)
