"""A house to work in: a database with units, people and the two invented processes, and a door (App) for each person.

`Clock` stands still until it is moved; `House.by` gives the application as somebody uses it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import text

from engine.app import App, Settings
from engine.cases.event import Acting
from engine.cases.reorganisation import AddPerson, AddUnit, Appoint, Cause, Change, decide_changes
from engine.store.authority import Authority, create_authority
from engine.store.migrating import upgrade
from engine.store.organisation import read_organisation
from engine.store.tables import metadata
from tests.cases.toy import LISTS, ORDER, PEOPLE, REPAIR
from tests.world import UNITS

NOW = "2026-03-02T08:00:00.000000Z"
FIRST = "2020-01-01"
OPERATOR = "shell"
"""A login that nobody is registered by: in training it may act as anybody."""
ORDER_AGAIN = ORDER.replace(
    "  drop: {",
    "  again: {label: {sv: Igen, en: Again}, from: [here], to: wanted, by: [keeper], reopens: true,\n"
    "    when: [{linked: {kind: for_repair, each: {not: {in_state: [done]}}}}]}\n  drop: {",
)
"""Orders that can be opened again, unless the repair they are for is done."""


@dataclass
class Clock:
    """The machine's clock of a test."""

    now: str = NOW

    def __call__(self) -> str:
        return self.now


@dataclass
class House:
    """A database; `clock` and `ids` are shared by every door."""

    url: str
    clock: Clock = field(default_factory=Clock)
    doors: dict = field(default_factory=dict)

    def door(self, login=OPERATOR, as_login=None, now=None) -> App:
        """A new application, with connections of its own."""
        app = App(
            Settings(self.url, login, as_login, now),
            machine_clock=self.clock,
        )
        self.doors[id(app)] = app
        return app

    def by(self, person) -> App:
        """The application as somebody uses it, kept from call to call."""
        if person not in self.doors:
            self.doors[person] = self.door(as_login=person)
        return self.doors[person]

    def close(self) -> None:
        for app in set(map(id, self.doors.values())):
            next(one for one in self.doors.values() if id(one) == app).database.close()

    # --- what is done most

    def tell(self, person="kim", unit="bjork", **values) -> str:
        """A told repair; its reference."""
        given = {"story": "våt bok", **values}
        return self.by(person).cases.open_case("repair", unit=unit, values=given).reference

    def take(self, person, reference, step, **values):
        """A step."""
        return self.by(person).cases.take_step(reference, step, values=values)

    def take_as(self, person, reference, step, command_id):
        """A question by somebody, under an id."""
        return self.by(person).cases.take_step(reference, step, values={"why": "x"}, command_id=command_id)

    def look(self, reference, person="keeper", **values):
        """The look of a repair."""
        given = {"damage": "wet", "how_bad": "1", "how_dear": "2", "mender": "mender", **values}
        return self.take(person, reference, "look", **given)

    def waiting(self, **values) -> str:
        """A repair that waits for its orders, the cause explained by a text."""
        reference = self.tell(**values)
        self.look(reference, **{key: value for key, value in values.items() if key == "damage"})
        self.by("keeper").cases.add_entry(reference, "seen", "Blöt.", "hyllan", judgement=False)
        self.take("mender", reference, "finish", **{"causes.+.kind": "wet", "causes.+.text": "regn"})
        return reference

    # --- looking behind

    def rows(self, statement, **values):
        """The rows of a statement, on a connection of its own."""
        with self.by("keeper").database.engine().connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement), values)]

    def everything(self):
        """All that is stored but for the access log: table -> its rows."""
        with self.by("keeper").database.engine().connect() as connection:
            return {
                name: sorted(map(repr, connection.execute(table.select())))
                for name, table in metadata.tables.items()
                if name != "access_log"
            }

    def accesses(self):
        """The access log: person, operator, reference, action, outcome."""
        return self.rows("SELECT person, operator, reference, action, outcome FROM access_log ORDER BY id")

    def run(self, statement, *, guarded=True):
        """Run a statement with the guards lifted, as the owner of the file could; `guarded`: they are put back."""
        from engine.store import guards

        with self.by("keeper").database.write() as session:
            guards.lift(session.raw)
        with self.by("keeper").database.engine().begin() as connection:
            connection.execute(text(statement))
        if not guarded:
            return
        with self.by("keeper").database.write() as session:
            guards.install(session.raw)


def found(app: App, *, training=True, people=PEOPLE, units=UNITS) -> None:
    """Make the database: tables, authority, units and people (login and code are the same)."""
    app.create()
    upgrade(app.database)
    with app.database.write() as session:
        create_authority(session, Authority("prov", "Provkommunen", "Europe/Stockholm", training), NOW)
    changes: list[Change] = [
        AddUnit(unit.code, unit.name, unit.parent, FIRST, None, dict(unit.attributes)) for unit in units
    ]
    changes += [AddPerson(person.title(), FIRST, code=person, login=person) for person in (*people, "boss")]
    changes += [
        Appoint(person, role, unit, FIRST) for person, roles in people.items() for role, unit in roles
    ]
    changes.append(Appoint("boss", "administrator", units[0].code, FIRST))
    organise(app, *changes)


def organise(app: App, *changes) -> None:
    """Change the organisation, as the system."""
    with app.database.snapshot() as session:
        before = read_organisation(session)
    now = app.clock()
    decisions, _ = decide_changes(before, changes, Cause(app.new_id(), Acting(None, "system"), now, now[:10]))
    app.unit_of_work.record_all(decisions, {})


def publish(app: App, folder, **texts) -> None:
    """Publish definitions: key -> text, with the lists of the invented processes beside them."""
    folder.mkdir(exist_ok=True)
    (folder / "lists.yaml").write_text(LISTS)
    with app.as_system():
        for key, content in texts.items():
            path = folder / f"{key}.yaml"
            path.write_text(content)
            app.processes.publish(str(path))


def make(url: str, folder) -> House:
    """A house with both invented processes."""
    house = House(url)
    app = house.door()
    found(app)
    publish(app, folder, order=ORDER_AGAIN, repair=REPAIR)
    return house
