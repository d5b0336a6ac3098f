"""Asks a person at a terminal for what a step needs: one field at a time, the form anew after each answer.

What to do first ("är någon i fara?") is said before anything is asked. `<` goes back a question. Before it is sent
everything that was answered is shown on one page, with what may be added and who will read it; a number there
changes an answer or adds one. A wrong answer is explained and asked again.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from cli.answer import is_yes, matching
from cli.layout import pairs, wrap
from cli.prompt import Back, Left, read_after, wants_back
from cli.question import ask, choose, said_answer
from engine.language.sentence import clip

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cli.session import Session
    from engine.language.sentence import Words
    from engine.service.result import FormField, StepForm

CHANGE: Final = ("ändra", "ä", "a", "change", "c")
MOST_LINES: Final = 2
"""So many lines of a long answer are shown on the page before it is sent."""


class NotSent(Exception):  # noqa: N818 - a person's choice, told to the one who keeps what was typed
    """The person chose not to send."""


@dataclass
class Asking:
    """One round of questions. `values` grows as answers come; `form_of` gives the form for them.

    asked: whether anything was. trail: the fields that were asked here, in order, for the way back, and `_floor` how
    long it was when the page was last shown.
    """

    session: Session
    form_of: Callable[[dict[str, Any]], StepForm]
    values: dict[str, Any]
    asked: bool = False
    trail: list[str] = field(default_factory=list)
    _floor: int = 0
    _shown: set[Words] = field(default_factory=set)
    _has_head: bool = False

    def resume(self) -> list[str]:
        """Show what was answered before (a draft), and say what is wrong with it; gives the fields to ask anew.

        Raises:
            HjulError: The form cannot be had.
        """
        form = self._form()
        self._say_head(form)
        wrong = [one.field for one in form.fields if any(_is_about(fault, one) for fault in form.faults)]
        if self._next(form, list(wrong)):  # else the page before sending says the same
            self._say_answers(form, "cli.draft.holds")
        for fault in form.faults:
            self.session.tell(f"{self.session.say(fault.label)}: {self.session.say(fault.why)}")
        return wrong

    def fill(self, again: Sequence[str] = ()) -> None:
        """Ask `again` anew, and for every required field without an answer; what follows from them too.

        Raises:
            HjulError: The form cannot be had.
            Left: The person left.
        """
        form, waiting = self._form(), list(again)
        while wanted := self._next(form, waiting):
            self._say_head(form)
            self.asked = True
            before = {one.field for one in form.fields}
            try:
                form = self._answer(form, wanted)
            except Back:
                self._step_back(waiting)
                continue
            if wanted.field in waiting:
                waiting.remove(wanted.field)
            self.trail.append(wanted.field)
            if not wanted.required:
                waiting += [one.field for one in form.fields if one.field not in before]

    def review(self, *, refused: bool = False) -> None:
        """Show everything and who will read it, let answers be changed and added, and ask whether to send.

        Args:
            refused: Whether the same was just refused: then Enter does not send it again.

        Raises:
            HjulError: The form cannot be had.
            NotSent: The person does not want to.
            Left: The person left.
        """
        while True:
            form = self._form()
            listed = self._say_page(form)
            chosen = self._ask_send(form, listed, default=not refused)
            if not chosen:
                return
            self._floor = len(self.trail)
            self.fill(chosen)
            refused = False

    # --- one field -----------------------------------------------------------------------

    def _next(self, form: StepForm, waiting: list[str]) -> FormField | None:
        """What to ask now: what waits, then what is required and has no answer."""
        fields = {one.field: one for one in form.fields}
        waiting[:] = [name for name in waiting if name in fields]
        if waiting:
            return fields[waiting[0]]
        return next((one for one in form.fields if one.required and not self._is_given(one)), None)

    def _is_given(self, one: FormField) -> bool:
        return any(name == one.field or name.startswith(f"{one.field}.") for name in self.values)

    def _step_back(self, waiting: list[str]) -> None:
        """Let the question before wait again, ahead of the others; from the first chosen on the page, go back there."""
        if self._floor and len(self.trail) <= self._floor:
            waiting.clear()
            return
        if not self.trail:
            self.session.tell(f"  {self.session.line('cli.ask.first')}")
            return
        previous = self.trail.pop()
        if previous in waiting:
            waiting.remove(previous)
        waiting.insert(0, previous)

    def _answer(self, form: StepForm, wanted: FormField) -> StepForm:
        """Ask until the answer is one, and the engine takes it."""
        held = (
            None if any(_is_about(fault, wanted) for fault in form.faults) else self.values.get(wanted.field)
        )
        answer = self._ask(wanted, held)
        while True:
            if answer in (None, ""):
                self.values.pop(wanted.field, None)
                return self._without_the_rest(form)
            before = self.values.get(wanted.field)
            self.values[wanted.field] = answer
            now = self._form()
            mine = [fault for fault in now.faults if _is_about(fault, wanted)]
            if not mine:
                return self._without_the_rest(form, now)
            self.values.pop(wanted.field)
            if before is not None:
                self.values[wanted.field] = before
            for fault in mine:
                self.session.tell(f"  {self.session.line(fault.why)}")
            choices = () if wanted.choices else mine[0].choices
            answer = choose(self.session, choices) if choices else self._ask(wanted, held)

    def _ask(self, wanted: FormField, held: Any) -> Any:
        """Ask once; what a person who leaves had written of a text is kept."""
        try:
            return ask(self.session, wanted, held)
        except Left as left:
            if wanted.type == "text" and left.text.strip() and held is None:
                self.values[wanted.field] = left.text.strip()
            raise

    def _without_the_rest(self, before: StepForm, now: StepForm | None = None) -> StepForm:
        """Let go of answers to what is no longer asked, and say so."""
        now = now or self._form()
        asked = {one.field for one in now.fields}
        gone = [one for one in before.fields if one.field not in asked and self._is_given(one)]
        if not gone:
            return now
        for one in gone:
            for name in [name for name in self.values if name.partition(".")[0] == one.field]:
                del self.values[name]
        labels = tuple(one.label for one in gone)
        self.session.tell(
            wrap(self.session.line("cli.ask.gone", n=len(gone), labels=labels), self.session.width)
        )
        return self._form()

    # --- the page before it is sent ------------------------------------------------------

    def _ask_send(self, form: StepForm, listed: Sequence[FormField], *, default: bool) -> list[str]:
        """Ask whether to send; gives the fields to ask for instead, none when it is to be sent."""
        session = self.session
        shown = session.say("cli.ask.send_yes" if default else "cli.ask.send_no")
        question = f"{session.say('cli.ask.send', step=form.label)} [{shown}] "
        how = session.line("cli.ask.send_how" if default else "cli.ask.send_how_refused")
        session.tell(wrap(f"({how})", session.width))
        while True:
            text = read_after(session, question).strip()
            if wants_back(text) and listed:
                return [self.trail.pop() if self.trail else listed[0].field]
            said = is_yes(text, default)
            if said is not None:
                if not said:
                    raise NotSent
                return []
            if text.casefold() in CHANGE:
                text = read_after(session, f"{session.say('cli.ask.which')} ")
            if chosen := _chosen(listed, text):
                return chosen
            session.tell(f"  {how}")

    def _say_page(self, form: StepForm) -> list[FormField]:
        """What was answered and what may be added, numbered, and who will read it; gives the fields in that order."""
        session = self.session
        listed = self._say_answers(form, "cli.ask.answers")
        left = [one for one in form.fields if one not in listed]
        if left:
            first = len(listed) + 1
            names = [f"{number} {session.say(one.label)}" for number, one in enumerate(left, first)]
            session.tell("")
            session.tell(session.line("cli.ask.optional"))
            session.tell(
                wrap(" · ".join(name.replace(" ", "\u00a0") for name in names), session.width, "  ", "  ")
            )
        session.tell("")
        for warning in form.warnings:
            session.tell(wrap(session.line("cli.ask.warning", text=warning), session.width))
        if form.manager:
            session.tell(wrap(session.line("cli.ask.manager", name=form.manager), session.width))
        if form.may_read:
            session.tell(wrap(session.line("cli.ask.may_read", roles=form.may_read), session.width))
        return [*listed, *left]

    def _say_answers(self, form: StepForm, head: str) -> list[FormField]:
        """What was answered, numbered under a head; gives those fields."""
        session = self.session
        listed = [one for one in form.fields if self._is_given(one)]
        rows = []
        for number, one in enumerate(listed, 1):
            is_wrong = any(_is_about(fault, one) for fault in form.faults)
            said = said_answer(replace(one, value=None) if is_wrong else one, self._raw(one))
            text = " ".join(session.say(said).split())
            rows.append(
                (f"{number:>3}  {session.say(one.label)}", clip(text, MOST_LINES * session.width // 2))
            )
        if rows:
            session.tell("")
            session.tell(session.say(head))
            session.tell(pairs(rows, session.width))
        return listed

    def _raw(self, one: FormField) -> Any:
        """What was answered to a field; the rows of a table as a list."""
        if one.field in self.values:
            return self.values[one.field]
        return list({name.rpartition(".")[0] for name in self.values if name.startswith(f"{one.field}.")})

    # --- what is said --------------------------------------------------------------------

    def _form(self) -> StepForm:
        form = self.form_of(self.values)
        fresh = [guide for guide in form.guides if guide not in self._shown]
        self._shown.update(fresh)
        for guide in fresh:
            self.session.tell("")
            self.session.tell(wrap(self.session.say(guide), self.session.width, "! ", "  "))
        return form

    def _say_head(self, form: StepForm) -> None:
        if self._has_head:
            return
        self._has_head = True
        self.session.tell("")
        where = f" · {form.reference}" if form.reference else ""
        self.session.tell(f"{self.session.say(form.label)}{where}")
        if form.help is not None:
            self.session.tell(wrap(self.session.say(form.help), self.session.width))
        self.session.tell(wrap(self.session.line("cli.ask.how"), self.session.width))


def _chosen(listed: Sequence[FormField], text: str) -> list[str]:
    """The fields that numbers, or a part of a name, stand for; empty when something stands for none."""
    words = text.replace(",", " ").split()
    if words and all(word.isdecimal() for word in words):
        numbers = [int(word) for word in words]
        return [listed[n - 1].field for n in numbers] if all(0 < n <= len(listed) for n in numbers) else []
    from engine.service.result import Choice

    found = matching([Choice(one.field, one.label) for one in listed], text.strip()) if text.strip() else ()
    return [listed[found[0]].field] if len(found) == 1 else []


def _is_about(fault: Any, wanted: FormField) -> bool:
    name = str(fault.field)
    return name == wanted.field or name.startswith(f"{wanted.field}.")
