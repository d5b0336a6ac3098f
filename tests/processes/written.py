"""A world that is written: what walks a process in memory walks it on SQLite, so that papers can be taken of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from engine.app import App, Settings
from engine.cases.case import Case
from engine.cases.decision import Actor, Decision, OpenCase, Refusal, TakeStep
from engine.cases.reorganisation import AddPerson, AddUnit, Appoint, Change
from engine.errors import RefusedError
from engine.store import reading
from engine.store.authority import Authority, create_authority
from engine.store.migrating import upgrade
from tests.service.house import FIRST, NOW, organise
from tests.world import UNITS


class Written:
    """The shipped processes on a file; people have names that no word is like, and titles. The clock can be moved."""

    def __init__(self, path: Path, people: dict[str, list[tuple[str, str]]]) -> None:
        """Make the database."""
        self.now = NOW
        self.path = path
        self.ids = count(1)
        self.doors: dict[str, App] = {}
        self.cases: Any = _Cases(self)
        self.people = people
        app = self.door("shell")
        app.create()
        upgrade(app.database)
        with app.database.write() as session:
            create_authority(
                session, Authority("prov", "Provnämnden", "Europe/Stockholm", training=True), NOW
            )
        changes: list[Change] = [
            AddUnit(unit.code, unit.name, unit.parent, FIRST, None, dict(unit.attributes)) for unit in UNITS
        ]
        changes += [
            AddPerson(name_of(code), FIRST, code=code, login=code, title=f"Titel för {code}")
            for code in people
        ]
        changes += [
            Appoint(code, role, unit, FIRST) for code, roles in people.items() for role, unit in roles
        ]
        organise(app, *changes)
        with app.as_system():
            for key in app.processes.in_order():
                app.processes.publish(key)

    def door(self, login: str) -> App:
        """The application as somebody uses it; whose clock is this one's."""
        if login not in self.doors:
            settings = Settings(f"sqlite:///{self.path}", "shell", None if login == "shell" else login)
            self.doors[login] = App(settings, machine_clock=lambda: self.now)
        return self.doors[login]

    def close(self) -> None:
        """Let go of the file."""
        for app in self.doors.values():
            app.database.close()

    def do(self, command: Any) -> Decision | Refusal:
        """Decide and record; gives the refusal or the decision."""
        person = command.actor.person
        try:
            _, decision = self.door(person).decider.run(command)
        except RefusedError as error:
            refusal: Refusal = error.refusal
            return refusal
        assert decision is not None
        return decision

    def open(
        self, person: str, process: str, unit: str | None = "bjork", step: str | None = None, *, to: str | None = None,
        row: str = "", **values: Any,
    ) -> str | Refusal:  # fmt: skip
        """Open a case; gives the refusal, or the reference."""
        command = OpenCase(
            f"c{next(self.ids)}", Actor(person), process=process, step=step, unit=unit, values=values, link_to=to,
            link_row=row,
        )  # fmt: skip
        try:
            outcome, _ = self.door(person).decider.run(command)
        except RefusedError as error:
            refusal: Refusal = error.refusal
            return refusal
        return outcome.results[0].reference

    def step(
        self, person: str, reference: str, step: str, values: dict[str, Any] | None = None, **more: Any
    ) -> Decision | Refusal:
        """Take a step; gives the refusal or the decision."""
        given = {**(values or {}), **more}
        return self.do(
            TakeStep(f"c{next(self.ids)}", Actor(person), reference=reference, step=step, values=given)
        )

    def paper(self, person: str, reference: str, key: str, format: str = "md", language: str = "sv") -> bytes:
        """A paper of a case."""
        found: Any = format
        return self.door(person).papers.write(reference, key, format=found, language=language)

    def text(self, person: str, reference: str, key: str, language: str = "sv") -> str:
        """A paper of a case as Markdown, without its marks."""
        said = self.paper(person, reference, key, language=language).decode()
        return said.replace("\\", "").replace("**", "").replace("  \n", "\n")


def name_of(code: str) -> str:
    """The name of a person: two words that stand nowhere else."""
    return f"Q{code.replace('_', '')} Zetterqvist"


class _Cases:
    """The cases as they are stored now."""

    def __init__(self, world: Written) -> None:
        self.world = world

    def __iter__(self) -> Iterator[str]:
        """None that could be taken over from elsewhere: a written world is walked by its own steps."""
        return iter(())

    def __getitem__(self, reference: str) -> Case:
        with self.world.door("shell").database.read() as session:
            stored = reading.load_case(session, reference)
        assert stored is not None, reference
        return stored.case


@contextmanager
def written(path: Path, people: dict[str, list[tuple[str, str]]]) -> Iterator[Written]:
    """A written world, closed afterwards."""
    world = Written(path, people)
    try:
        yield world
    finally:
        world.close()
