"""Asks a person at a terminal for what a step needs: one field at a time, the form anew after each answer.

What to do first ("är någon i fara?") is said before anything is asked, who will read it before it is sent. A
wrong answer is explained and asked again. Questions go to stderr: stdout holds the result alone.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from cli.answer import Narrowed, Unclear, is_yes, matching, read_answer
from cli.layout import wrap
from engine.language.sentence import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cli.session import Session
    from engine.service.result import Choice, FormField, StepForm

LONG: Final = 20
"""A tree of choices longer than this is shown a level at a time."""


class NotSent(Exception):  # noqa: N818 - a person's choice, told to the one who keeps what was typed
    """The person chose not to send."""


@dataclass
class Asking:
    """One round of questions. `values` grows as answers come; `form_of` gives the form for them."""

    session: Session
    form_of: Callable[[dict[str, Any]], StepForm]
    values: dict[str, Any]
    asked: bool = False
    _shown: set[Words] = field(default_factory=set)

    def fill(self, again: Sequence[str] = ()) -> None:
        """Ask for every required field without an answer, then offer the others; ask `again` anew.

        Raises:
            HjulError: The form cannot be had.
            KeyboardInterrupt: The person left.
        """
        had_begun = self.asked
        form = self._require(self._form(), list(again))
        if not had_begun:
            self._require(self._offer(form), [])

    def confirm(self) -> None:
        """Say who will read it and what to mind, and ask whether to send.

        Raises:
            NotSent: The person does not want to.
        """
        session, form = self.session, self._form()
        session.tell("")
        for warning in form.warnings:
            session.tell(wrap(session.line("cli.ask.warning", text=warning), session.width))
        if form.manager:
            session.tell(wrap(session.line("cli.ask.manager", name=form.manager), session.width))
        if form.may_read:
            session.tell(wrap(session.line("cli.ask.may_read", roles=form.may_read), session.width))
        if not ask_yes(session, session.say("cli.ask.send", step=form.label), default=True):
            raise NotSent

    def _require(self, form: StepForm, waiting: list[str]) -> StepForm:
        """Ask for what is required or waits, until there is nothing of it left; gives the form as it is then."""
        while wanted := next((one for one in form.fields if self._is_wanted(one, waiting)), None):
            if not self.asked:
                self._say_head(form)
            self.asked = True
            if wanted.field in waiting:
                waiting.remove(wanted.field)
            form = self._answer(form, wanted)
        return form

    # --- one field -----------------------------------------------------------------------

    def _is_wanted(self, one: FormField, waiting: Sequence[str]) -> bool:
        if one.field in waiting:
            return True
        given = any(name == one.field or name.startswith(f"{one.field}.") for name in self.values)
        return one.required and not given

    def _answer(self, form: StepForm, wanted: FormField) -> StepForm:
        """Ask until the answer is one, and the engine takes it."""
        while True:
            before = self.values.get(wanted.field)
            self.values[wanted.field] = self._ask(wanted, required=wanted.required)
            if self.values[wanted.field] in (None, ""):
                self.values.pop(wanted.field)
                return form
            form = self._form()
            mine = [fault for fault in form.faults if _is_about(fault, wanted)]
            if not mine:
                return form
            self.values.pop(wanted.field)
            if before is not None:
                self.values[wanted.field] = before
            for fault in mine:
                self.session.tell(f"  {self.session.line(fault.why)}")

    def _ask(self, wanted: FormField, *, required: bool) -> Any:
        if wanted.type == "table":
            return self._ask_rows(wanted, required=required)
        self._say_question(wanted)
        shown: Sequence[int] = _first_level(wanted.choices)
        opened: int | None = None
        self._say_choices(wanted, shown)
        while True:
            text = read_line(self.session, self._hint(wanted))
            if not text.strip():
                if wanted.value is not None and not isinstance(wanted.value, dict):
                    return wanted.value
                if not required:
                    return None
                self.session.tell(f"  {self.session.line('cli.ask.required')}")
                continue
            try:
                value = read_answer(wanted, text, self.session.app.today)
            except Narrowed as several:
                shown = several.choices
                self._say_choices(wanted, shown)
                continue
            except Unclear as unclear:
                self.session.tell(f"  {self.session.line(unclear.why)}")
                continue
            inside = _inside(wanted, text, shown)
            if inside and opened != inside[0]:
                opened, shown = inside[0], inside
                self._say_choices(wanted, shown)
                continue
            return value

    def _ask_rows(self, wanted: FormField, *, required: bool) -> list[dict[str, Any]] | None:
        """Ask for the rows of a table, column by column."""
        self._say_question(wanted)
        rows: list[dict[str, Any]] = []
        while (required and not rows) or ask_yes(
            self.session, self.session.say("cli.ask.more_rows" if rows else "cli.ask.a_row"), default=False
        ):
            self.session.tell(self.session.say("cli.ask.row", number=str(len(rows) + 1)))
            cells = {one.field: self._ask(one, required=one.required) for one in wanted.columns}
            rows.append({name: value for name, value in cells.items() if value not in (None, "")})
        return rows or None

    def _offer(self, form: StepForm) -> StepForm:
        """Offer the fields that may be left out, by number; gives the form as it is after that."""
        session = self.session
        left = [one for one in form.fields if not one.required and one.field not in self.values]
        if not left:
            return form
        session.tell("")
        session.tell(session.line("cli.ask.optional"))
        for number, one in enumerate(left, 1):
            session.tell(f"  {number:>3}  {session.say(one.label)}")
        chosen = read_line(session, session.say("cli.ask.which")).replace(",", " ").split()
        for one in [
            left[int(word) - 1] for word in chosen if word.isdecimal() and 0 < int(word) <= len(left)
        ]:
            if any(one.field == now.field for now in form.fields):
                form = self._answer(form, one)
        return form

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
        self.session.tell("")
        where = f" · {form.reference}" if form.reference else ""
        self.session.tell(f"{self.session.say(form.label)}{where}")
        if form.help is not None:
            self.session.tell(wrap(self.session.say(form.help), self.session.width))
        self.session.tell(self.session.line("cli.ask.how"))

    def _say_question(self, wanted: FormField) -> None:
        self.session.tell("")
        label = self.session.say(wanted.label)
        self.session.tell(
            label if wanted.required else f"{label} ({self.session.say('cli.ask.may_be_left')})"
        )
        if wanted.help is not None:
            self.session.tell(wrap(self.session.say(wanted.help), self.session.width, "  ", "  "))
        if wanted.example:
            example = self.session.say("cli.ask.example", example=wanted.example)
            self.session.tell(wrap(example, self.session.width, "  ", "  "))

    def _say_choices(self, wanted: FormField, shown: Sequence[int]) -> None:
        for index in shown:
            choice = wanted.choices[index]
            number = choice.code if choice.code.isdecimal() else str(index + 1)
            more = " …" if _has_below(wanted.choices, index) and index + 1 not in shown else ""
            self.session.tell(f"  {number:>3}  {'  ' * choice.depth}{self.session.say(choice.label)}{more}")
        if wanted.choices and wanted.unknown_allowed:
            self.session.tell(f"    ?  {self.session.say('value.unknown')}")

    def _hint(self, wanted: FormField) -> str:
        parts = []
        if wanted.multiple:
            parts.append(self.session.say("cli.ask.several"))
        elif wanted.type == "yes_no":
            parts.append(self.session.say("cli.ask.yes_or_no"))
        elif wanted.type in ("date", "datetime", "period"):
            parts.append(self.session.say(f"cli.ask.like_{wanted.type}"))
        if wanted.unknown_allowed and not wanted.choices:
            parts.append(self.session.say("cli.ask.or_unknown"))
        if wanted.value is not None and not isinstance(wanted.value, dict):
            parts.append(self.session.say("cli.ask.keep", value=self._said(wanted)))
        return ", ".join(parts)

    def _said(self, wanted: FormField) -> Any:
        values = wanted.value if isinstance(wanted.value, list) else [wanted.value]
        labels = {choice.code: choice.label for choice in wanted.choices}
        return tuple(labels.get(value, value) if isinstance(value, str) else value for value in values)


def ask_yes(session: Session, question: str, *, default: bool) -> bool:
    """Ask a question that is answered by yes or no; Enter is the default."""
    shown = session.say("cli.ask.default_yes" if default else "cli.ask.default_no")
    while (said := is_yes(_read(f"{question} [{shown}] ", session), default)) is None:
        session.tell(f"  {session.line('cli.ask.yes_no')}")
    return said


def read_line(session: Session, hint: str = "") -> str:
    """Read what is typed on one line, under its hint; a line that ends with a backslash goes on with the next.

    Raises:
        KeyboardInterrupt: The person left, with Ctrl-C or with Ctrl-D.
    """
    if hint:
        session.tell(wrap(f"({hint})", session.width, "  ", "   "))
    return _read("> ", session)


def _read(prompt: str, session: Session) -> str:
    try:
        line = _input(session, prompt)
        while line.endswith("\\"):
            line = f"{line[:-1]}\n{_input(session, '… ')}"
    except EOFError:
        raise KeyboardInterrupt from None
    return line


def _input(session: Session, prompt: str) -> str:
    """Read a line with the terminal's own editing where stdout is the terminal; elsewhere ask on stderr."""
    if session.on_terminal:
        import readline  # noqa: F401 - imported for its effect on input()

        return input(prompt)
    sys.stderr.write(prompt)
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.rstrip("\r\n")


def _is_about(fault: Any, wanted: FormField) -> bool:
    name = str(fault.field)
    return name == wanted.field or name.startswith(f"{wanted.field}.")


def _has_below(choices: Sequence[Choice], index: int) -> bool:
    return index + 1 < len(choices) and choices[index + 1].depth > choices[index].depth


def _first_level(choices: Sequence[Choice]) -> list[int]:
    """What is shown first: everything, or of a long tree its uppermost level."""
    top = [index for index, choice in enumerate(choices) if choice.depth == 0]
    return top if len(choices) > LONG and len(top) < len(choices) else list(range(len(choices)))


def _inside(wanted: FormField, text: str, shown: Sequence[int]) -> list[int]:
    """The branch to show when one group was chosen whose parts are not shown; empty when there is none."""
    if wanted.multiple and "," in text:
        return []
    found = matching(wanted.choices, text.strip())
    if len(found) != 1 or not _has_below(wanted.choices, found[0]) or found[0] + 1 in shown:
        return []
    first, depth = found[0], wanted.choices[found[0]].depth
    branch = [first]
    for index in range(first + 1, len(wanted.choices)):
        if wanted.choices[index].depth <= depth:
            break
        branch.append(index)
    return branch
