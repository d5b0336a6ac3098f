"""Random commands by random people: the database does what the world in memory does (`tests/world.py`)."""

from __future__ import annotations

import random
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engine.cases.decision import (
    Actor,
    AddEntry,
    Amend,
    Assign,
    Decision,
    LinkCases,
    OpenCase,
    Refusal,
    TakeStep,
)
from engine.definition.load import load_text
from engine.errors import (
    RefusedError,
    UnknownCaseError,
    UnknownPersonError,
    UnknownProcessError,
    UnknownStepError,
)
from engine.store import reading
from tests.cases.toy import LISTS, PEOPLE, REPAIR
from tests.service.house import NOW, ORDER_AGAIN, House
from tests.world import World

DOCUMENTS = tuple(load_text(text, LISTS) for text in (ORDER_AGAIN, REPAIR))
STEPS = sorted({step for document in DOCUMENTS for step in document.process.steps})
LIKELY = {
    "answer": ["kim", "lo"], "finish": ["mender"], "judge": ["head"], "reopen": ["head"], "confirm": ["head"],
    "give_back": ["guard"],
}  # fmt: skip
GIVEN = {
    "story": ["bok", ""], "found": ["2026-03-01", "?", "2027-01-01"], "damage": ["wet", "Riven", "?", "eaten", ""],
    "also": ["wet,torn", ""], "how_bad": ["1", "3", "?"], "how_dear": ["2", "3"], "why": ["därför"],
    "mender": ["mender", "Keeper", "nobody"], "to_unit": ["ek", "Björkgården", "x"], "causes.+.kind": ["torn"],
    "causes.+.text": ["regn", ""], "causes.r1.text": ["snö"], "whom": ["någon"], "day": ["2026-03-01"],
    "result": ["lagad"], "price": ["12,50", "gratis"], "until": ["2026-04-01"], "twin": ["REP-2026-0002", "x"],
    "what": ["lim"], "kind": ["wet"], "came": ["2026-03-01"], "unit": ["ek"], "flag": ["ja"],
}  # fmt: skip
FULL = {
    "tell": {"story": "bok"}, "question": {"why": "?!"}, "answer": {"story": "där"}, "move": {"to_unit": "ek"},
    "look": {"damage": "wet", "how_bad": "1", "how_dear": "2", "mender": "mender"}, "send": {"whom": "A"},
    "finish": {"causes.+.kind": "wet", "causes.+.text": "regn"}, "judge": {"result": "bra"},
    "hand_over": {"why": "svårt"}, "reopen": {"why": "fel"}, "twin_of": {"twin": "REP-2026-0002"},
    "ask": {"what": "lim"}, "receive": {"came": "2026-03-01"},
}  # fmt: skip


def act(draw: random.Random, world: World):
    """A command as its kind, its person and what it is given: mostly one that could be done in the world as it is."""
    kind = draw.choices(["open", "step", "entry", "amend", "assign", "link"], [2, 14, 3, 1, 1, 1])[0]
    if len(world.cases) < 2:
        kind = "open"
    known = [*world.cases] * 20 + ["rep-2026-1", "REP-2026-0099", "x"]
    reference, person = draw.choice(known), draw.choice(["keeper", "both", "both"] * 5 + [*PEOPLE])
    some = {
        key: draw.choice(GIVEN[key]) for key in draw.sample(sorted(GIVEN), draw.choice([0, 0, 0, 0, 1, 2]))
    }
    if kind == "open":
        process, step = draw.choice(
            [("repair", "tell")] * 8 + [("order", "ask")] * 8 + [("x", None), ("repair", "look")]
        )
        to = draw.choice([None, *known]) if process == "order" else None
        values = {**(FULL[step] if step and draw.random() < 0.9 else {}), **some}
        unit = draw.choice(["bjork"] * 6 + ["ek", None])
        return kind, person, {"process": process, "step": step, "unit": unit, "values": values, "link_to": to}
    case = world.cases.get(reference)
    if kind == "step":
        definition = world.newest[case.process if case else "repair"].process
        fitting = [
            key for key, sources in definition.sources.items() if case is not None and case.state in sources
        ]
        step = draw.choice(fitting if fitting and draw.random() < 0.9 else STEPS)
        if draw.random() < 0.8:
            person = draw.choice(LIKELY.get(step, ["keeper", "both", "both"]))
        values = {
            **(FULL.get(step, {}) if draw.random() < 0.9 else {}),
            **(some if draw.random() < 0.3 else {}),
        }
        return kind, person, {"reference": reference, "step": step, "values": values}
    if kind == "entry":
        return kind, person, {
            "reference": reference, "heading": draw.choice(["seen"] * 5 + ["said", "verdict", "x"]),
            "text": draw.choice(["a", "b", "c", " "]), "source": "s", "judgement": draw.random() < 0.5,
            "corrects": draw.choice([None, None, None, 2, 3]),
        }  # fmt: skip
    if kind == "amend":
        some = some or {"story": "annan", "damage": draw.choice(["wet", "torn"])}
        return kind, person, {"reference": reference, "values": some, "reason": draw.choice(["r", "r", ""])}
    if kind == "assign":
        return kind, person, {"reference": reference, "assignee": draw.choice([*PEOPLE, None])}
    return (
        kind,
        person,
        {"reference": reference, "kind": draw.choice(["like", "like", "x"]), "other": draw.choice(known)},
    )


FIRST = "REP-2026-0001"
BEGUN = (
    ("open", "kim", {"process": "repair", "step": "tell", "unit": "bjork", "values": FULL["tell"], "link_to": None}),
    ("step", "keeper", {"reference": FIRST, "step": "look", "values": FULL["look"]}),
    ("entry", "keeper", {"reference": FIRST, "heading": "seen", "text": "a", "source": "s", "judgement": True,
                         "corrects": None}),
    ("step", "mender", {"reference": FIRST, "step": "finish", "values": FULL["finish"]}),
    ("open", "both", {"process": "order", "step": "ask", "unit": None, "values": FULL["ask"], "link_to": FIRST}),
)  # fmt: skip
"""How every other course begins: a repair that waits for its order, which is then soon done and opened again."""
MAKES = {
    "open": OpenCase,
    "step": TakeStep,
    "entry": AddEntry,
    "amend": Amend,
    "assign": Assign,
    "link": LinkCases,
}


def in_world(world, number, kind, person, said):
    """What the world does: `done`, a kind of refusal with its faults, or `not there`."""
    try:
        found = world.do(MAKES[kind](f"w{number}", Actor(person), **{**said, **folded(said)}))
    except LookupError:
        return "not there"
    if isinstance(found, Decision):
        return "done", frozenset(warning.id for warning in found.warnings)
    return refusal_of(found)


def folded(said):
    """The reference as the service folds it."""
    from engine.cases.reference import read_reference

    return {"reference": read_reference(said["reference"]) or "?"} if "reference" in said else {}


def refusal_of(refusal: Refusal):
    if refusal.kind in ("unknown_step", "unknown_process"):
        return "not there"
    reasons = frozenset(reason.id for reason in refusal.reasons)
    return refusal.kind, reasons, frozenset((fault.field, fault.why.id) for fault in refusal.faults)


def in_house(house, kind, person, said):
    """What the service does, in the same words."""
    cases = house.by(person).cases
    try:
        match kind:
            case "open":
                result = cases.open_case(**said)
            case "step":
                result = cases.take_step(**said)
            case "entry":
                result = cases.add_entry(**said)
            case "amend":
                result = cases.amend(**said)
            case "assign" if said["assignee"] is None:
                result = cases.release(said["reference"])
            case "assign":
                result = cases.assign(said["reference"], said["assignee"])
            case _:
                result = cases.link(**said)
    except (UnknownCaseError, UnknownStepError, UnknownProcessError, UnknownPersonError):
        return "not there"
    except RefusedError as error:
        return refusal_of(error.refusal)
    return "done", frozenset(warning.id for warning in result.warnings)


def stored(house):
    """Every case as it is stored, by reference."""
    with house.by("both").database.read() as session:
        names = [f"{prefix}-2026-{number:04d}" for prefix in ("REP", "ORD") for number in range(1, 40)]
        return {name: one.case for name, one in reading.load_cases(session, names).items()}


def told(house, reference):
    """The tasks of a case as they are stored: step, role, person, assignee."""
    rows = house.rows(
        "SELECT t.step, t.role, t.person, t.assignee FROM tasks t JOIN streams s ON s.id = t.case_id "
        "WHERE s.name = :name ORDER BY 1, 2, 3",
        name=reference,
    )
    return [(step, role or None, person or None, assignee) for step, role, person, assignee in rows]


def compare(url, seed, length):
    draw = random.Random(seed)
    house = House(url)
    world = World(DOCUMENTS, dict(PEOPLE), now=NOW)
    try:
        for number in range(length):
            kind, person, said = BEGUN[number] if seed % 2 and number < len(BEGUN) else act(draw, world)
            assert in_house(house, kind, person, said) == in_world(world, number, kind, person, said), (
                kind,
                person,
                said,
            )
        cases = stored(house)
        assert cases == world.cases
        for reference, tasks in world.tasks.items():
            expected = sorted((t.step, t.role or "", t.person or "", t.assignee) for t in tasks)
            assert told(house, reference) == [(s, r or None, p or None, a) for s, r, p, a in expected]
        if cases:
            report = house.by("boss").audit.verify()
            assert report.ok, report
    finally:
        house.close()


PROFILE: dict[str, Any] = {
    "deadline": None, "derandomize": True, "database": None, "phases": [Phase.generate, Phase.shrink],
    "suppress_health_check": list(HealthCheck),
}  # fmt: skip


def test_model__sqlite_does_what_the_world_does(sqlite_house):
    @settings(max_examples=15, **PROFILE)
    @given(st.integers(0, 2**32), st.integers(15, 50))
    def check(seed, length):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "hjul.sqlite"
            shutil.copyfile(sqlite_house, path)
            compare(f"sqlite:///{path}", seed, length)

    check()


@pytest.mark.postgresql
def test_model__postgresql_does_what_the_world_does(postgresql_house):
    @settings(max_examples=5, **PROFILE)
    @given(st.integers(0, 2**32), st.integers(15, 50))
    def check(seed, length):
        compare(postgresql_house.put_back(), seed, length)

    check()
