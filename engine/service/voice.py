"""How a paper speaks: words, values and people in its language. It must not know what the paper is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.language.say import begin_small, say, say_line
from engine.language.sentence import sentence
from engine.service.result import NAMELESS, FieldView, PersonView


@dataclass(frozen=True, slots=True)
class Voice:
    """The words of a language."""

    language: str

    def say(self, thing: Any) -> str:
        """What is said of words, a sentence or a value."""
        return say(thing, self.language)

    def sentence(self, key: str, **arguments: Any) -> str:
        """A sentence of the catalogues."""
        return say(sentence(key, **arguments), self.language)

    def line(self, key: str, **arguments: Any) -> str:
        """A sentence of the catalogues that stands by itself."""
        return say_line(sentence(key, **arguments), self.language)

    def value(self, one: FieldView) -> str:
        """What a field says."""
        return self.sentence("value.erased") if one.removed else self.say(one.said)

    def person(self, person: PersonView) -> str:
        """The name, with the role and whom they stood in for."""
        return self._named(person, person.name)

    def signed(self, person: PersonView) -> str:
        """The name as it is signed: with title, role and whom they stood in for."""
        return self._named(
            person, f"{person.name}, {begin_small(person.title)}" if person.title else person.name
        )

    def _named(self, person: PersonView, name: str) -> str:
        if not person.code:
            return self.sentence("shown.nameless" if person == NAMELESS else "shown.system")
        role = begin_small(self.say(person.role)) if person.role else ""
        extra = [role] if role and not name.casefold().endswith(f", {role.casefold()}") else []
        if person.on_behalf_of:
            extra.append(self.sentence("shown.person.for", name=person.on_behalf_of))
        if person.operator:
            extra.append(self.sentence("shown.person.operator", name=person.operator))
        return f"{name} ({', '.join(extra)})" if extra else name
