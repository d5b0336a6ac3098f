"""The invented world of `tests/cases/toy.py`, decided in memory and recorded in a database as well."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import count
from typing import Any

from engine.audit.verify import verify_log
from engine.cases.decision import Actor, AddEntry, Amend, Assign, Attach, Decision
from engine.store import guards
from engine.store.authority import create_authority
from engine.store.database import Database
from engine.store.migrating import upgrade
from engine.store.unit_of_work import UnitOfWork
from tests.cases.toy import new_world
from tests.contract.world import AUTHORITY, decision, entropy, other
from tests.world import UNITS, World

DAY = "2000-01-01"
FILE = bytes(range(256)) * 2100


@dataclass
class Recorded:
    """A world, and the database in which everything that it decides is recorded."""

    world: World
    database: Database
    work: UnitOfWork

    def __post_init__(self) -> None:
        self.ids = {document.hash: number for number, document in enumerate(self.world.documents, 1)}
        keep = self.world.keep

        def record(found: Decision) -> dict[str, str]:
            definitions = {h: (self.ids[h], d.process) for h, d in self.world.definitions.items()}
            self.work.record(replace(found, appointments=()), definitions, content=lambda: [FILE])
            return keep(found)

        setattr(self.world, "keep", record)  # noqa: B010  mypy: a method is not assigned to

    def at(self, instant: str) -> None:
        """Let it be later."""
        self.world.now = instant

    def entry(self, person: str, reference: str, text: str, *, corrects: int | None = None) -> None:
        """Write an entry."""
        command = AddEntry(
            f"e{next(self.world.ids)}", Actor(person), reference=reference, heading="seen", text=text, source="Själv",
            judgement=False, corrects=corrects,
        )  # fmt: skip
        assert isinstance(found := self.world.do(command), Decision), found

    def attach(self, person: str, reference: str) -> None:
        """Attach a file of a few pieces."""
        command = Attach(
            f"f{next(self.world.ids)}", Actor(person), reference=reference, name="bild.png", media_type="image/png",
            size=len(FILE), digest=sha256(FILE).hexdigest(),
        )  # fmt: skip
        assert isinstance(found := self.world.do(command), Decision), found

    def amend(self, person: str, reference: str, reason: str, **values) -> None:
        """Correct fields."""
        command = Amend(
            f"a{next(self.world.ids)}", Actor(person), reference=reference, values=values, reason=reason
        )
        assert isinstance(found := self.world.do(command), Decision), found

    def step(self, person: str | None, reference: str, step: str, values=None, **more) -> None:
        """Take a step that is not refused."""
        found = self.world.step(person, reference, step, values, **more)
        assert isinstance(found, Decision), found


def make(url: str, world: World | None = None) -> Recorded:
    """An empty database with both processes, the organisation and a setting."""
    database = Database(url, create=True)
    upgrade(database)
    with database.write() as session:
        create_authority(session, AUTHORITY, "2026-01-01T00:00:00.000000Z")
    world = world or new_world()
    work = UnitOfWork(database, AUTHORITY, entropy())
    for document in world.documents:
        data: dict[str, Any] = {"version": document.version, "hash": document.hash, "parameters": {}}
        work.record(decision(other("process", document.key, 1, "published", data)), {}, [document])
    seq = count(1)

    def said(kind: str, data: dict, personal: dict | None = None):
        return decision(other("organisation", "organisation", next(seq), kind, data, personal))

    found = [
        said(
            "unit_added",
            {"code": unit.code, "name": unit.name, "from_on": DAY, "attributes": dict(unit.attributes)}
            | ({"parent": unit.parent} if unit.parent else {}),
        )
        for unit in UNITS
    ]
    found += [
        said("person_added", {"code": code, "from_on": DAY}, {"name": f"Namn {code}", "login": code})
        for code in world.people
    ]
    found += [
        said("appointed", {"key": f"{code}{n}", "person": code, "role": role, "unit": unit, "from_on": DAY})
        for code, roles in world.people.items()
        for n, (role, unit) in enumerate(roles)
    ]
    found += [
        said("unit_changed", {"code": "ek", "name": "Ekbacken"}),
        said("person_changed", {"code": "lo", "to_on": "2030-01-01"}, {"title": "biträde"}),
        said("appointment_changed", {"key": "kim0", "to_on": "2030-01-01"}),
    ]
    work.record_all(found, {})
    work.record(
        decision(other("settings", "settings", 1, "set", {"key": "holidays", "value": "2026-06-05"})), {}
    )
    return Recorded(world, database, work)


def live(recorded: Recorded) -> None:
    """Let everything happen that leaves a row: entries, tables, marks, links, deadlines met, paused and open."""
    world, step = recorded.world, recorded.step
    first = world.open(
        "kim", "repair", story="Sidan är riven.", found="2026-02-27T14:30", damage="wet", also="wet,torn",
        why="Regnet.",
    )  # fmt: skip
    recorded.at("2026-03-03T09:00:00.000000Z")
    step("keeper", first, "question", why="Var?")
    recorded.at("2026-03-04T09:00:00.000000Z")
    step("kim", first, "answer", story="I källaren.")
    step("keeper", first, "look", damage="wet_mould", how_bad="2", how_dear="?", mender="mender")
    recorded.entry("keeper", first, "Ryggen är lös.")
    recorded.entry("keeper", first, "Ryggen är av.", corrects=world.cases[first].seq)
    step("keeper", first, "send", {"sent.+.whom": "Bindaren", "sent.+.day": "2026-03-03"})
    recorded.at("2026-03-05T09:00:00.000000Z")
    step(
        "mender", first, "finish",
        {"causes.+.kind": "wet", "causes.+.text": "Taket läckte.", "price": "12.50", "until": "2026-03-20"},
    )  # fmt: skip
    recorded.amend("mender", first, "Fel pris.", price="13.75")
    step("head", first, "judge", result="Hel igen.")
    second = world.open("lo", "repair", unit="ek", story="Borta.", damage="torn")
    step("kim" if world.cases[second].unit == "bjork" else "lo", second, "hand_over", why="Den är dyrbar.")
    third = world.open("kim", "repair", story="Fläckar.", damage="torn")
    step("keeper", third, "look", damage="torn", how_bad="1", how_dear="1", mender="mender")
    step("keeper", third, "twin_of", twin=first)
    recorded.attach("keeper", third)
    world.open("keeper", "order", what="Lim.", kind="torn", to=third)
    world.open("kim", "repair", story="Nyss hittad.", damage="?")
    torn = world.open("kim", "repair", story="Trasig.", damage="torn")
    world.do(Assign(f"g{next(world.ids)}", Actor("keeper"), reference=torn, assignee="keeper"))
    wheel(recorded, torn)


def wheel(recorded: Recorded, opened: str) -> None:
    """Let a plan be made, ended, and some of its occasions be acted upon; `opened` stands for the case of one."""
    plan = {"process": "repair", "step": "tell", "under": ["forv"], "rule": "FREQ=MONTHLY;BYMONTHDAY=1"}
    told = {"from_on": "2026-01-01", "first": "2026-01-01", **plan}
    said: list[tuple[str, dict, dict]] = [
        ("planned", told, {"name": "Genomgång", "source": "Praxis", "values": {"story": "Se efter."}}),
        ("changed", {**told, "from_on": "2026-06-01", "opens_before": 5}, {"name": "Genomgång"}),
        ("skipped", {"on": "2026-04-01", "unit": ""}, {"reason": "Flytt."}),
        ("skipped", {"on": "2026-05-01", "unit": "ek"}, {"reason": "Ombyggnad."}),
        ("unskipped", {"on": "2026-05-01", "unit": "ek"}, {"reason": "Färdigt."}),
        ("opened", {"on": "2026-03-01", "unit": "bjork", "due_on": "2026-03-01"}, {}),
        ("ended", {"to_on": "2026-12-31"}, {"reason": "Nytt år."}),
    ]
    for seq, (kind, data, personal) in enumerate(said, 1):
        write = other("schedule", "genomgang", seq, kind, data, personal)
        names = (opened,) if kind == "opened" else ()
        recorded.work.record(decision(replace(write, event=replace(write.event, opened=names))), {})


def lifted(recorded: Recorded) -> None:
    """Take the guards away, and on PostgreSQL the keys that an owner may drop as well."""
    with recorded.database.write() as session:
        guards.lift(session.raw)


def verified(database: Database, **more):
    """What a verification finds."""
    return verify_log(database, **more)
