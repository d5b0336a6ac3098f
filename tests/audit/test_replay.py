"""Whatever people do, replaying what was logged gives the state that was decided; the quick fold gives the same."""

from __future__ import annotations

import itertools
from contextlib import suppress
from functools import cache

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.audit.basis import load_basis
from engine.audit.page import windows
from engine.audit.screen import Fold, doubtful
from engine.audit.verify import verify_log
from engine.cases.case import Case
from engine.cases.decision import Actor, AddEntry, Amend, Assign, LinkCases
from engine.cases.event import Event
from tests.audit.recorded import make
from tests.cases.toy import PEOPLE, new_world
from tests.world import World

WHO = st.sampled_from(list(PEOPLE))
CODE = st.sampled_from(["wet", "wet_mould", "torn", "?", ""])
GRADE = st.sampled_from(["1", "2", "3", "?", ""])
TEXT = st.sampled_from(["Å, en text.", "x", ""])
DAY = st.sampled_from(["2026-03-01", "2026-02-27", "2026-03-20", "?", ""])
VALUES = {
    "look": {
        "damage": CODE, "how_bad": GRADE, "how_dear": GRADE, "mender": st.sampled_from(["mender", "kim"]), "why": TEXT,
    },
    "question": {"why": TEXT}, "answer": {"story": TEXT}, "confirm": {}, "give_back": {}, "close": {},
    "move": {"to_unit": st.sampled_from(["bjork", "ek"])},
    "send": {"sent.+.whom": TEXT, "sent.+.day": DAY},
    "finish": {
        "causes.+.kind": CODE, "causes.+.text": TEXT, "price": st.sampled_from(["12.50", "100", ""]), "until": DAY,
        "also": st.sampled_from(["wet,torn", "wet", ""]),
    },
    "judge": {"result": TEXT}, "hand_over": {"why": TEXT}, "reopen": {"why": TEXT},
    "receive": {"came": DAY}, "drop": {}, "twin_of": {"twin": st.sampled_from(["REP-2026-0001", "REP-2026-0002"])},
}  # fmt: skip
OPENING = {"story": TEXT, "found": DAY, "damage": CODE, "also": CODE, "why": TEXT}


@st.composite
def acts(draw):
    """Draw something that somebody tries, sensible or not."""
    kind = draw(
        st.sampled_from(["open", "order", "step", "step", "step", "step", "amend", "entry", "assign", "link"])
    )
    who, which = draw(WHO), draw(st.integers(0, 5))
    if kind == "open":
        return kind, who, which, draw(st.sampled_from(["bjork", "ek"])), draw(st.fixed_dictionaries(OPENING))
    if kind == "step":
        step = draw(st.sampled_from(list(VALUES)))
        return kind, who, which, step, draw(st.fixed_dictionaries(VALUES[step]))
    return kind, who, which, draw(st.sampled_from(list(PEOPLE))), {"value": draw(TEXT), "code": draw(CODE)}


def sensible(who, which):
    """Acts that lead a case to its end, so that not all is refused."""
    return [
        ("open", "kim", which, "bjork", {"story": "S", "damage": "wet"}),
        (
            "step",
            "keeper",
            which,
            "look",
            {"damage": "wet", "how_bad": "1", "how_dear": "2", "mender": "mender"},
        ),
        ("entry", "keeper", which, who, {"value": "Sett.", "code": ""}),
        (
            "step",
            "mender",
            which,
            "finish",
            {"causes.+.kind": "wet", "causes.+.text": "T.", "until": "2026-03-20"},
        ),
    ]


def do(world, act, minute):
    """Try it; a refusal changes nothing, nor does a case that they do not see."""
    with suppress(LookupError):
        attempt(world, act, minute)


def attempt(world, act, minute):
    kind, who, which, what, values = act
    world.now = f"2026-03-02T{8 + minute // 60:02}:{minute % 60:02}:00.000000Z"
    given_ = {path: value for path, value in values.items() if value}
    if kind == "open":
        world.open(who, "repair", unit=what, **given_)
        return
    if not world.cases:
        return
    reference = list(world.cases)[which % len(world.cases)]
    command = f"x{next(world.ids)}"
    if kind == "order":
        world.open(who, "order", what="Lim.", to=reference)
    elif kind == "step":
        world.step(who, reference, what, given_)
    elif kind == "amend":
        amended = {"story": values["value"], "damage": values["code"]}
        world.do(Amend(command, Actor(who), reference=reference, values=amended, reason="Fel."))
    elif kind == "entry":
        world.do(
            AddEntry(
                command,
                Actor(who),
                reference=reference,
                heading="seen",
                text="Sett.",
                source="S",
                judgement=False,
            )
        )
    elif kind == "assign":
        world.do(Assign(command, Actor(who), reference=reference, assignee=what))
    else:
        other = list(world.cases)[(which + 1) % len(world.cases)]
        world.do(LinkCases(command, Actor(who), reference=reference, kind="like", other=other))


@cache
def documents():
    return new_world().documents


def fresh_world():
    return World(documents(), dict(PEOPLE))


def in_bytes(value) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


STORIES = st.lists(acts(), max_size=14).flatmap(
    lambda found: st.builds(
        lambda which, place: [*found[:place], *sensible("head", which), *found[place:]],
        st.integers(0, 2), st.integers(0, len(found)),
    )
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(story=STORIES)
def test_replay__gives_the_case_that_was_decided(story):
    world = fresh_world()
    for minute, act in enumerate(story):
        do(world, act, minute)
    for reference, events in world.events.items():
        decided = world.cases[reference]
        process = world.definitions[decided.definition].process
        fold, replayed = Fold(), None
        for event in events:
            body = orjson.loads(orjson.dumps(event.body()))
            personal = dict(event.personal)
            read = Event.read(body, personal)
            replayed = replayed.after(read, process) if replayed else Case.born(read, process)
            fold.add(body, {path: value for path, value in personal.items() if not path.startswith("$")})
        assert replayed == decided
        assert in_bytes(fold.data()) == in_bytes(decided.data(process))
        assert in_bytes(fold.private) == in_bytes(decided.private(process))
        assert (fold.unit, fold.reporter, fold.assignee or None) == (
            decided.unit,
            decided.reporter,
            decided.assignee,
        )


NUMBERS = itertools.count()


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(story=STORIES)
def test_verify__is_content_with_whatever_was_recorded(tmp_path, story):
    recorded = make(f"sqlite:///{tmp_path / f'{next(NUMBERS)}.sqlite'}", fresh_world())
    for minute, act in enumerate(story):
        do(recorded.world, act, minute)
    report = verify_log(recorded.database)
    with recorded.database.read() as session:
        basis = load_basis(session)
    assert basis is not None
    doubted = {
        one
        for window in windows(recorded.database)
        if window.page
        for one in doubtful(window, window.page, basis)
    }
    recorded.database.close()
    assert (report.problems, report.cases) == ((), len(recorded.world.cases))
    assert doubted == set(), "what is sound is not looked at twice"
