"""Personal identity numbers in what is about to be sent: shown masked, and to be changed or sent all the same.

Where nobody can be asked, a warning goes with the result. Nothing of a number is kept here: what a person has chosen
to send is remembered for this command only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import click

from cli.layout import wrap
from cli.prompt import Back, can_edit, read_after, read_line
from engine.language.sentence import sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cli.session import Session
    from engine.language.personal_number import Spotted
    from engine.language.sentence import Argument, Sentence

ALLOW: Final = click.option("--personal-numbers", is_flag=True)
"""For every command that takes free text: send it without a question or a warning."""
COMMENT: Final = "cli.personal_number.comment"
REASON: Final = "cli.personal_number.reason"
CHANGE: Final = ("", "ändra", "ä", "change", "c")
SEND: Final = ("skicka", "s", "send")


@dataclass
class Watch:
    """Looks at the texts of one command. `allowed`: whether it looks at all."""

    session: Session
    allowed: bool = False
    _chosen: set[str] = field(default_factory=set)

    def look(
        self, texts: dict[str, Any], names: Callable[[], Mapping[str, Argument]] | None = None
    ) -> tuple[Sentence, ...]:
        """Let whoever sits there change each text with a number in it, in place, or choose to send it.

        Args:
            texts: What is to be sent, by field; changed in place.
            names: What the fields are called, asked for only when there is something to say.

        Returns:
            What to warn of, where nobody can be asked.

        Raises:
            Left: The person left.
        """
        found = self._spotted(texts)
        if not found:
            return ()
        called = names() if names is not None else {}
        if not self.session.can_ask:
            return tuple(self._warning(one, called) for one in found)
        while found:
            self._ask(texts, found[0], called)
            found = self._spotted(texts)
        return ()

    def finds(self, texts: Mapping[str, Any]) -> bool:
        """Whether there is something to ask about, or to warn of."""
        return bool(self._spotted(texts))

    def _spotted(self, texts: Mapping[str, Any]) -> list[Spotted]:
        if self.allowed:
            return []
        from engine.language.personal_number import spot_personal_numbers

        return [one for one in spot_personal_numbers(texts) if _read(texts, one) not in self._chosen]

    def _warning(self, one: Spotted, names: Mapping[str, Argument]) -> Sentence:
        return sentence(
            "cli.personal_number.warning", n=len(one.masked), field=_name(one, names), masked=one.masked
        )

    def _ask(self, texts: dict[str, Any], one: Spotted, names: Mapping[str, Argument]) -> None:
        """Show where it stands, and ask what to do; Enter changes."""
        session = self.session
        where = session.say(sentence("cli.personal_number.where", field=_name(one, names), text=one.excerpt))
        session.tell("")
        session.tell(wrap(session.line("cli.personal_number.found", n=len(one.masked)), session.width))
        session.tell(wrap(where, session.width, "  ", "  "))
        how = session.line("cli.personal_number.how")
        session.tell(wrap(f"({how})", session.width))
        while True:
            said = read_after(session, f"{session.say('cli.personal_number.ask')} ").strip().casefold()
            if said in SEND:
                self._chosen.add(_read(texts, one))
                return
            if said in CHANGE:
                break
            session.tell(f"  {how}")
        text = _read(texts, one)
        given = text if can_edit(session, text) else ""
        try:
            typed = read_line(
                session, "" if given else session.say("cli.personal_number.anew"), is_text=True, given=given
            )
        except Back:
            return
        if typed.strip():
            _write(texts, one, typed)


def look_over(session: Session, values: dict[str, Any], comment: str | None, *, allowed: bool) -> str | None:
    """Look at what is the same for many cases before any is written; gives the comment. A warning is said at once.

    Raises:
        Left: The person left.
    """
    watch, said = Watch(session, allowed), {"comment": comment}
    warnings = watch.look(values) + watch.look(said, lambda: {"comment": sentence(COMMENT)})
    for warning in warnings:
        session.tell(wrap(session.line("cli.ask.warning", text=warning), session.width))
    return said["comment"]


def look_at_reason(session: Session, reason: str, *, allowed: bool) -> str:
    """Look at a reason before it is written; gives it as it is to be. A warning is said at once.

    Raises:
        Left: The person left.
    """
    said = {"reason": reason}
    for warning in Watch(session, allowed).look(said, lambda: {"reason": sentence(REASON)}):
        session.tell(wrap(session.line("cli.ask.warning", text=warning), session.width))
    return said["reason"]


def _name(one: Spotted, names: Mapping[str, Argument]) -> Argument:
    """What a field is called where that is known, else as it was typed."""
    key = str(one.path[0])
    return names.get(key) or names.get(key.partition(".")[0]) or key


def _read(texts: Any, one: Spotted) -> str:
    for step in one.path:
        texts = texts[step]
    return str(texts)


def _write(texts: Any, one: Spotted, text: str) -> None:
    for step in one.path[:-1]:
        texts = texts[step]
    texts[one.path[-1]] = text
