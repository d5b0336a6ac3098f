"""A random house full of marker strings, a person who tries everything, and what they may be shown.

Every text that anybody writes holds a marker of its own (`zq17x`). Afterwards each person runs every command that
reads, on references they may see and on those they may not, and all that comes out is searched: stdout, stderr, files.
What may come out is settled by the naive oracle (`oracle.py`) and by plain SQL over the payloads, never by the
engine's rule.
"""

from __future__ import annotations

import io
import json
import random
import re
import shutil
import sqlite3
import zipfile
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from engine.cases.reorganisation import Appoint
from engine.errors import HjulError
from tests.access.oracle import level_of, roles_at
from tests.cli.shell import Ended, hjul
from tests.service.house import House, organise
from tests.world import UNITS

MARKER = re.compile(r"zq\d+x")
REFERENCE = re.compile(r"\b(?:REP|ORD)-2026-\d{4}\b")
PEOPLE = ("kim", "lo", "keeper", "mender", "head", "guard", "both", "boss")
ROLES = ("clerk", "keeper", "head", "guard", "administrator")
DAY = "2026-03-02"
PROCESSES = {
    "repair": {
        "roles": {"keeper": "content", "head": "content", "guard": "none"},
        "marks": {"sealed": {"admits": ["guard"], "keeps_for": ["head"]}},
    },
    "order": {
        "roles": {"keeper": "content", "head": "content", "guard": "none"},
        "marks": {"sealed": {"admits": ["guard"], "keeps_for": []}},
    },
}
"""What the invented processes say of access, written down by hand."""


@dataclass
class Hostile:
    """The house, what was written in it, and a way to run `hjul` there as anybody."""

    path: Path
    folder: Path
    monkeypatch: pytest.MonkeyPatch
    random: random.Random
    house: House = field(init=False)
    markers: int = 0

    def __post_init__(self) -> None:
        self.house = House(f"sqlite:///{self.path}")

    # --- filling it

    def marker(self) -> str:
        self.markers += 1
        return f"zq{self.markers}x"

    def text(self) -> str:
        return f"text {self.marker()} här"

    def populate(self, cases: int) -> None:
        """Appoint people at random, open cases, and let people do at random what they are let do."""
        for _ in range(self.random.randrange(2, 6)):
            person, role = self.random.choice(PEOPLE[:-1]), self.random.choice(ROLES)
            unit = self.random.choice(UNITS).code
            substitute = self.random.choice([None, None, *PEOPLE[:3]])
            until = self.random.choice([None, "2026-03-01", "2026-03-02", "2026-06-01"])
            with suppress(HjulError, ValueError):
                organise(self.house.door(), Appoint(person, role, unit, "2020-01-01", until, substitute))
        found: list[str] = []
        for _ in range(cases):
            person, unit = self.random.choice(PEOPLE[:-1]), self.random.choice(["bjork", "ek"])
            self.house.clock.now = f"2026-03-02T{self.random.randrange(10, 20)}:00:00.000000Z"
            found.append(self.house.tell(person, unit, story=self.text(), damage="wet", why=self.text()))
        for reference in found:
            for _ in range(self.random.randrange(2, 7)):
                self.act(reference, found)
            if self.random.random() < 0.6:
                self.attempt(lambda one, r=reference: self.house.take(one, r, "hand_over", why=self.text()))
        self.house.clock.now = "2026-03-02T21:00:00.000000Z"

    def act(self, reference: str, others: list[str]) -> None:
        cases = lambda one: self.house.by(one).cases  # noqa: E731
        file = self.folder / f"{self.marker()}.txt"
        file.write_text(self.text())
        look = {
            "damage": "wet",
            "how_bad": "3",
            "how_dear": "2",
            "why": self.text(),
            "mender": self.random.choice(PEOPLE),
        }
        self.attempt(
            self.random.choice(
                [
                    lambda one: self.house.take(one, reference, "question", why=self.text()),
                    lambda one: self.house.take(one, reference, "look", **look),
                    lambda one: self.house.take(one, reference, "send", whom=self.text()),
                    lambda one: self.house.take(one, reference, "answer", story=self.text()),
                    lambda one: cases(one).add_entry(
                        reference, "seen", self.text(), self.text(), judgement=False
                    ),
                    lambda one: cases(one).amend(reference, {"story": self.text()}, self.text()),
                    lambda one: self.house.by(one).attachments.attach(reference, file),
                    lambda one: cases(one).link(reference, "like", self.random.choice(others)),
                    lambda one: cases(one).take_step(reference, "confirm", comment=self.text()),
                    lambda one: cases(one).open_case(
                        "order", values={"what": self.text(), "kind": "torn"}, link_to=reference
                    ),
                    lambda one: cases(one).assign(reference, self.random.choice(PEOPLE)),
                ]
            )
        )

    def attempt(self, what) -> None:
        """Let people try in a random order until one of them is let."""
        for person in self.random.sample(PEOPLE, len(PEOPLE)):
            try:
                what(person)
            except HjulError:
                continue
            return

    # --- what is there, by plain SQL

    def rows(self, statement: str, *values: object) -> list[tuple]:
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(statement, values).fetchall()

    def written(self) -> dict[str, set[tuple[str, str | None]]]:
        """Marker -> the cases it stands in, each with who wrote it there."""
        found: dict[str, set[tuple[str, str | None]]] = {}
        for name, body, content in self.rows(
            "SELECT s.name, e.body, p.content FROM payloads p JOIN events e USING (stream_id, seq)"
            " JOIN streams s ON s.id = p.stream_id WHERE s.kind = 'case'"
        ):
            said = json.loads(body[body.index(b"{") :])
            person = (
                said["actor"].get("person") if not said["ordinal"] else None
            )  # else copied from another case
            for marker in MARKER.findall(content):
                found.setdefault(marker, set()).add((name, person))
        for name, body, content in self.rows(
            "SELECT s.name, e.body, a.content FROM attachments a"
            " JOIN events e ON e.stream_id = a.case_id AND e.seq = a.seq"
            " JOIN streams s ON s.id = a.case_id"
        ):
            person = json.loads(body[body.index(b"{") :])["actor"].get("person")
            for marker in MARKER.findall(content.decode(errors="replace")):
                found.setdefault(marker, set()).add((name, person))
        return found

    def organisation(self) -> dict:
        return {
            "parents": {unit.code: unit.parent for unit in UNITS},
            "appointments": [
                dict(zip(("person", "role", "unit", "from_on", "to_on"), row, strict=True))
                for row in self.rows("SELECT person, role, unit, from_on, to_on FROM appointments")
            ],
            "processes": PROCESSES,
        }

    def cases(self) -> dict[str, dict]:
        found = {
            row[0]: {"process": row[1], "unit": row[2], "reporter": row[3], "assignee": row[4], "marks": {}}
            for row in self.rows(
                "SELECT s.name, c.process, c.unit, c.reporter, c.assignee FROM cases c JOIN streams s ON s.id = c.id"
            )
        }
        for name, mark, keeps in self.rows(
            "SELECT s.name, m.mark, m.keeps FROM case_marks m JOIN streams s ON s.id = m.case_id"
        ):
            found[name]["marks"][mark] = keeps
        return found

    def levels(self, person: str) -> dict[str, str]:
        """Case -> the level of a person: the oracle's, and the envelope of what waits for them there."""
        organisation, waits = self.organisation(), self.waiting_for(person)
        found = {name: level_of(organisation, person, case, DAY) for name, case in self.cases().items()}
        return {
            name: "envelope" if level == "none" and name in waits else level for name, level in found.items()
        }

    def linked(self) -> set[tuple[str, str]]:
        """Pairs of connected cases, each way."""
        found = self.rows(
            "SELECT a.name, b.name FROM links l JOIN streams a ON a.id = l.case_id JOIN streams b ON b.id = l.other_id"
        )
        return {pair for one, other in found for pair in ((one, other), (other, one))}

    def waiting_for(self, person: str) -> set[str]:
        """The cases that a step brings into sight: a guard gives back what is away, a mender finishes what is open."""
        organisation, found = self.organisation(), set()
        for name, unit in self.rows(
            "SELECT s.name, c.unit FROM cases c JOIN streams s ON s.id = c.id WHERE s.state = 'away'"
        ):
            if "guard" in roles_at(organisation, person, unit, DAY):
                found.add(name)
        for name, private in self.rows(
            "SELECT s.name, c.private FROM cases c JOIN streams s ON s.id = c.id WHERE s.state = 'open'"
        ):
            if json.loads(private).get("mender") == person:
                found.add(name)
        return found

    # --- trying

    def run(self, person: str, *args: str, typed: str = "", complete: bool = False) -> Ended:
        where = {
            "HJUL_DB": f"sqlite:///{self.path}", "HJUL_USER": person, "HJUL_NOW": "2026-03-02T21:00:00Z",
            "NO_COLOR": "1",
        }  # fmt: skip
        for name, value in where.items():
            self.monkeypatch.setenv(name, value)
        if not complete:
            return hjul(self.monkeypatch, *args, typed=typed)
        words = " ".join(["hjul", *args])
        for name, value in {
            "_HJUL_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(len(args)),
        }.items():  # fmt: skip
            self.monkeypatch.setenv(name, value)
        try:
            return hjul(self.monkeypatch)
        finally:
            for name in ("_HJUL_COMPLETE", "COMP_WORDS", "COMP_CWORD"):
                self.monkeypatch.delenv(name)

    def seen_by(self, person: str, *args: str, **settings) -> str:
        """All that a command gives: what it prints, and every file it writes where `{out}` stands, unpacked."""
        out = self.folder / "out"
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        ended = self.run(person, *(arg.replace("{out}", str(out)) for arg in args), **settings)
        assert ended.code != 1 or settings.get("complete"), ended.err
        return "\n".join([ended.out, ended.err, *map(_said, sorted(out.iterdir()))])


def _said(path: Path) -> str:
    """A file's name and all that it says; one that is a bag of files, all of those."""
    data = path.read_bytes()
    if data[:2] != b"PK":
        return f"{path.name} {data.decode(errors='replace')}"
    with zipfile.ZipFile(io.BytesIO(data)) as bag:
        return path.name + "\n".join(bag.read(name).decode(errors="replace") for name in bag.namelist())
