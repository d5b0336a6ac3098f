"""Random organisations with cases: as dictionaries for the oracle, as values and rows for the engine."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st
from sqlalchemy import bindparam

from engine.cases.access import AccessRule, MarkRule, ProcessRule, Viewer
from engine.cases.organisation import Unit, UnitTree
from engine.store.statement import Statement
from engine.store.tables import (
    appointments,
    case_marks,
    cases,
    coded_values,
    definitions,
    labels,
    metadata,
    persons,
    streams,
    tasks,
    units,
)

DAY = "2026-06-15"
DAYS = ("2026-05-01", "2026-06-14", "2026-06-15", "2026-06-16", "2026-08-01")
PEOPLE = ("p001", "p002", "p003", "p004")
ROLES = ("chef", "utredare", "kvalitet", "administrator")
PROCESSES = ("rapport", "granskning")
MARKS = ("skydd", "jav")
KEEPS = ("envelope", "own", "read", "write")
STEPS = ("bedom", "folj_upp")


@st.composite
def organisations(draw):
    count = draw(st.integers(1, 6))
    names = [f"u{number}" for number in range(count)]
    parents = {"u0": None}
    for number, name in enumerate(names[1:], start=1):
        parents[name] = draw(st.sampled_from([None, *names[:number]]))
    roles = st.sampled_from(ROLES)
    appointment = st.fixed_dictionaries(
        {
            "person": st.sampled_from(PEOPLE),
            "role": roles,
            "unit": st.sampled_from(names),
            "from_on": st.sampled_from(DAYS),
            "to_on": st.none() | st.sampled_from(DAYS),
            "on_behalf_of": st.none() | st.sampled_from(PEOPLE),
        }
    )
    mark = st.fixed_dictionaries(
        {"admits": st.lists(roles, min_size=1, max_size=2), "keeps_for": st.lists(roles, max_size=2)}
    )
    process = st.fixed_dictionaries(
        {
            "roles": st.dictionaries(roles, st.sampled_from(["none", "envelope", "content"])),
            "marks": st.dictionaries(st.sampled_from(MARKS), mark),
        }
    )
    return {
        "parents": parents,
        "appointments": draw(st.lists(appointment, max_size=10)),
        "processes": draw(st.dictionaries(st.sampled_from(PROCESSES), process, min_size=1)),
    }


def case_of(names):
    return st.fixed_dictionaries(
        {
            "process": st.sampled_from(PROCESSES),
            "unit": st.sampled_from(names),
            "reporter": st.sampled_from(PEOPLE),
            "assignee": st.none() | st.sampled_from(PEOPLE),
            "marks": st.dictionaries(st.sampled_from(MARKS), st.sampled_from(KEEPS)),
        }
    )


@st.composite
def populations(draw):
    """Give an organisation, its cases, and tasks of the cases."""
    organisation = draw(organisations())
    found = draw(st.lists(case_of(list(organisation["parents"])), min_size=1, max_size=12))
    for number, each in enumerate(found):
        each["reference"] = f"R-{number:04}"
        each["opened_on"] = draw(st.sampled_from(DAYS))
        each["happened_on"] = draw(st.none() | st.sampled_from(DAYS))
        each["is_open"] = draw(st.booleans())
        each["state"] = draw(st.sampled_from(["ny", "klar"]))
        each["coded"] = draw(st.dictionaries(st.sampled_from(["art", "varde"]), st.sampled_from("12345?")))
    todo = []
    for each in found:
        for step in draw(st.lists(st.sampled_from(STEPS), unique=True)):
            due_on = draw(st.none() | st.sampled_from(DAYS))
            holders = st.sampled_from(
                [("role", role) for role in ROLES] + [("person", code) for code in PEOPLE]
            )
            for kind, holder in draw(st.lists(holders, unique=True, min_size=1, max_size=3)):
                todo.append(
                    {
                        "case": each["reference"],
                        "step": step,
                        "unit": each["unit"],
                        "due_on": due_on,
                        "role": holder if kind == "role" else "",
                        "person": holder if kind == "person" else "",
                        "assignee": holder if kind == "person" else draw(st.none() | st.sampled_from(PEOPLE)),
                    }
                )
    return organisation, found, todo


EMPTYING = tuple(Statement(table.delete()) for table in reversed(metadata.sorted_tables))


@cache
def inserting(table, names):
    return Statement(table.insert().inline().values({name: bindparam(name) for name in names}))


def tree_of(organisation) -> UnitTree:
    return UnitTree(Unit(code, code.upper(), parent) for code, parent in organisation["parents"].items())


def rule_of(organisation, viewer: Viewer) -> AccessRule:
    processes = {
        key: ProcessRule(
            said["roles"],
            {
                mark: MarkRule(frozenset(rule["admits"]), frozenset(rule["keeps_for"]))
                for mark, rule in said["marks"].items()
            },
        )
        for key, said in organisation["processes"].items()
    }
    return AccessRule(viewer, tree_of(organisation), processes)


def make_tables(database):
    engine = database.engine()
    metadata.create_all(engine)
    engine.dispose()


def fill(session, organisation, found=(), todo=()):
    """Put a population into empty tables, by hand: what is tested is reading."""
    for statement in EMPTYING:
        session.run(statement)

    def put(table, **values):
        given = {name: value for name, value in values.items() if value is not None}
        session.run(inserting(table, tuple(given)), given)

    for number, process in enumerate(PROCESSES, start=1):
        put(
            definitions,
            id=number,
            process=process,
            version=1,
            hash=process,
            document=b"{}",
            published_at="2026-01-01T00:00:00.000000Z",
            is_current=True,
        )
        for kind, key in (("process", process), ("state", "ny"), ("step", "bedom")):
            put(
                labels,
                definition_id=number,
                kind=kind,
                key=key,
                sv=f"{key} på svenska",
                en=f"{key} in English",
            )
    for person in PEOPLE:
        put(
            persons,
            code=person,
            login=person,
            name=f"Namn {person}",
            title="",
            email="",
            from_on="2020-01-01",
        )
    for unit in tree_of(organisation):
        put(units, code=unit.code, name=unit.name, parent=unit.parent, attributes="{}", from_on="2020-01-01")
    for number, appointment in enumerate(organisation["appointments"], start=1):
        put(appointments, id=number, key=f"r{number}", **appointment)
    ids = {}
    for number, each in enumerate(found, start=1):
        ids[each["reference"]] = number
        put(streams, id=number, kind="case", name=each["reference"], seq=1, state=each["state"], head=b"")
        put(
            cases,
            id=number,
            process=each["process"],
            definition_id=PROCESSES.index(each["process"]) + 1,
            unit=each["unit"],
            reporter=each["reporter"],
            assignee=each["assignee"],
            opened_on=each["opened_on"],
            happened_on=each["happened_on"],
            recorded_at="",
            opened_at=each["opened_on"] + "T08:00:00.000000Z",
            is_open=each["is_open"],
            title_sv="Fall, {unit}",
            title_en="Falls, {unit}",
            data="{}",
            private="{}",
        )
        for mark, kept in each["marks"].items():
            put(case_marks, case_id=number, mark=mark, keeps=kept)
        for field, code in each["coded"].items():
            number_ = None if code == "?" else code
            put(coded_values, case_id=number, field=field, row="", code=code, number=number_)
    for number, task in enumerate(todo, start=1):
        more = {"due_on": task["due_on"]} if task["due_on"] else {}
        put(
            tasks,
            id=number,
            case_id=ids[task["case"]],
            step=task["step"],
            role=task["role"],
            unit=task["unit"],
            person=task["person"],
            assignee=task["assignee"],
            since="2026-06-01T08:00:00.000000Z",
            **more,
        )
