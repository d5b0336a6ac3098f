"""The picture of a process: everything is there, nothing covers anything, and no label can do more than be read."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.calendar.period import Period
from engine.definition.drawing.block import BOLD, INSIDE, SIZES
from engine.definition.drawing.flow import Act, Beside, Flow, Place, Way, flow_of
from engine.definition.drawing.letter import clean, width, wrap
from engine.definition.drawing.place import settle
from engine.definition.drawing.svg import draw, lay_out, svg
from engine.definition.load import load_process, load_text
from engine.language.sentence import Words
from tests.cases.toy import LISTS, ORDER, REPAIR

HERE = Path(__file__).parent
SHIPPED = sorted((HERE.parents[1] / "processes").glob("*/process.yaml"))
TOY = load_process(HERE / "toy.yaml").process
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = (
    "Otydligtochmycketlångtsammansattordsomaldrigtarslut" * 2,
    "<script>alert(1)</script>",
    "]]> & \"'`",
    "👩‍🦽👨‍👩‍👧‍👦 vårdkedja",
    "\u202e\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd\u202c",
    "nul\x00 och \x1b[31m radslut\r\nslut",
    "漢字仮名交じり文の長い見出し",
    "",
)


PROCESSES = [
    TOY,
    *(load_process(path).process for path in SHIPPED),
    *(load_text(text, LISTS).process for text in (REPAIR, ORDER)),
]


def rectangles(picture):
    """Every box, dot and sign as (left, top, right, bottom)."""
    for number, node in enumerate(picture.rows.nodes):
        block, top = picture.blocks[number], picture.routed.tops[number]
        if node.kind != "bend":
            left = picture.where[number] - block.width / 2
            yield node, (left, top, left + block.width, top + block.height)


def overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def assert_nothing_covers_anything(picture):
    found = list(rectangles(picture))
    for block in picture.blocks:
        for line in block.lines:
            wide = width(line.text, SIZES[line.style], bold=line.style in BOLD)
            assert wide <= block.width - INSIDE
            assert 0 < line.base < block.height
    for (_, one), (_, other) in combinations(found, 2):
        assert not overlap(one, other)
    for _, corners in picture.routed.pieces:
        for (x1, y1), (x2, y2) in pairwise(corners):
            assert x1 == x2 or y1 == y2
            line = min(x1, x2) - 2, min(y1, y2), max(x1, x2) + 2, max(y1, y2)
            assert not any(overlap(line, area) for _, area in found)


def assert_no_line_runs_in_another(picture):
    """Lines of two ways cross, but never run so near each other that they would be taken for one."""
    stretches = [
        (way, first, last) for way, corners in picture.routed.pieces for first, last in pairwise(corners)
    ]
    for (one, *first), (other, *second) in combinations(stretches, 2):
        for along, across in ((0, 1), (1, 0)):
            (low, high), (start, end) = (sorted(point[along] for point in ends) for ends in (first, second))
            levels = {point[across] for point in (*first, *second)}
            if one != other and low < end and start < high:
                assert len(levels) > 2 or max(levels) - min(levels) >= 5


def assert_ways_join_what_they_should(picture):
    """Every way is one connected line that touches its sources, its sign and its target, and nothing else."""
    areas = {(node.kind, node.item): area for node, area in rectangles(picture)}
    states = {place.state: number for number, place in enumerate(picture.flow.places)}
    for number, way in enumerate(picture.flow.ways):
        pieces = [corners for of, corners in picture.routed.pieces if of == number]
        ends = [end for corners in pieces for end in (corners[0], corners[-1])]
        met = {
            key
            for key, (left, top, right, bottom) in areas.items()
            if any(left <= x <= right and y in (top, bottom) for x, y in ends)
        }
        wanted = {("place", states[one]) for one in (*way.sources, way.target)} | {("sign", number)}
        assert met == wanted | (set() if way.sources else {("start", number)})
        assert_what_is_written_is_passed(
            pieces, areas, number, [states[one] for one in way.sources], states[way.target]
        )
        (arrow,) = [one for one in picture.routed.arrows if one.way == number]
        left, top, right, bottom = areas["place", states[way.target]]
        assert left < arrow.tip[0] < right
        assert arrow.tip[1] == (top if arrow.down else bottom)


def assert_what_is_written_is_passed(pieces, areas, number, sources, target):
    """Who follows the line from any source comes to what is written on it, and only then to the target."""
    near = defaultdict(set)
    for first, *_, last in pieces:
        near[first].add(last)
        near[last].add(first)

    def on(key):
        left, top, right, bottom = areas[key]
        return {(x, y) for x, y in near if left <= x <= right and y in (top, bottom)}

    def reached(points):
        found, queue = set(points), list(points)
        while queue:
            fresh = near[queue.pop()] - found
            found |= fresh
            queue += fresh
        return found

    sign = on(("sign", number))
    ends = on(("place", target))
    (after,) = [point for point in sign if reached({point}) & ends]
    before = reached(sign - {after})
    assert not before & ends
    for key in [("place", one) for one in sources] or [("start", number)]:
        assert on(key) & before


def assert_is_inert(text):
    tree = ET.fromstring(text)
    tags = {element.tag.removeprefix(SVG) for element in tree.iter()}
    assert tags <= {"svg", "title", "desc", "style", "rect", "g", "path", "circle", "text"}
    assert not any(
        name.startswith("on") or "href" in name for element in tree.iter() for name in element.attrib
    )
    assert tree.get("role") == "img"
    return tree


@pytest.mark.parametrize("process", PROCESSES, ids=lambda one: one.process)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_picture__of_a_process_that_is_there_has_everything_once(process, language):
    tree = assert_is_inert(svg(process, language))
    states = Counter(one.get("data-state") for one in tree.iter(f"{SVG}g") if one.get("data-state"))
    steps = Counter(one.get("data-step") for one in tree.iter(f"{SVG}text") if one.get("data-step"))
    assert states == dict.fromkeys(process.states, 1)
    # A step that may also be taken where it leads to stands in that box too.
    back = [key for key, step in process.steps.items() if step.to in process.sources[key]]
    assert steps == dict.fromkeys(process.steps, 1) | dict.fromkeys(back, 2)
    told = tree.find(f"{SVG}desc").text
    labels = [one.label.in_(language) for one in (*process.states.values(), *process.steps.values())]
    assert all(label in told for label in labels)


@pytest.mark.parametrize("process", PROCESSES, ids=lambda one: one.process)
@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("staying", [True, False])
def test_picture__of_a_process_that_is_there_covers_nothing(process, language, staying):
    picture = lay_out(flow_of(process, language, staying=staying))
    assert_nothing_covers_anything(picture)
    assert_ways_join_what_they_should(picture)
    assert_no_line_runs_in_another(picture)


def test_picture__has_exactly_the_ways_that_the_definition_has():
    tree = ET.fromstring(svg(TOY))
    drawn = {
        (source, path.get("data-to"))
        for path in tree.iter(f"{SVG}path")
        if path.get("data-to")
        for source in path.get("data-from", "").split()
    }
    wanted = {
        (source, step.to)
        for key, step in TOY.steps.items()
        if step.to and not step.stays
        for source in TOY.sources[key]
    }
    assert drawn == wanted


def test_picture__leaves_out_what_stays_when_asked():
    text = svg(TOY, "en", staying=False)
    staying = {key for key, step in TOY.steps.items() if step.stays}
    assert staying
    assert not staying & set(re.findall(r'data-step="(\w+)"', text))


def test_picture__says_who_and_within_what_time():
    text = svg(TOY, "en")
    assert ">within 5 working days<" in text
    assert ">the reporter or<" in text or ">the reporter or librarian<" in text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "within 5 working days"),
        ({"kind": "lag_datum"}, "statutory deadline 5 working days"),
        ({"kind": "lag_skyndsamt", "word": Words("genast", "at once")}, "the law: at once"),
        ({"kind": "lag_skyndsamt"}, ""),  # a reminder of one's own is never called the law's
        ({"kind": "lag_villkor"}, ""),
        ({"period": Period.parse("0 days")}, ""),  # the day stands in a field
    ],
)
def test_flow__says_each_kind_of_time_in_its_own_words(change, said):
    judge = TOY.steps["judge"]
    due = replace(judge.due[0], **change)
    steps = TOY.steps | {"judge": replace(judge, due=(due, due))}
    flow = flow_of(replace(TOY, steps=steps), "en", staying=True)
    (act,) = [act for way in flow.ways for act in way.acts if act.step == "judge"]
    assert act.due == said


def test_flow__names_the_statuses_that_are_left_out_when_they_are_few():
    process = PROCESSES[[one.process for one in PROCESSES].index("avvikelse")]
    headings = [one.heading for one in flow_of(process, "sv", staying=True).beside]
    assert headings == [
        "I varje öppen status",
        "I statusen Bedömd eller Under utredning",
        "I varje öppen status utom Överlämnad till lex Sarah",
    ]


def test_flow__parts_a_step_that_leads_both_down_and_up():
    steps = {
        key: replace(one, from_=("reported", "with_conservator")) if key == "start" else one
        for key, one in TOY.steps.items()
    }
    process = replace(TOY, steps=steps)
    flow = flow_of(process, "sv", staying=True)
    ways = [way.sources for way in flow.ways if "start" in [act.step for act in way.acts]]
    assert ways == [("reported",), ("with_conservator",)]
    assert_ways_join_what_they_should(lay_out(flow))


def test_picture__draws_what_happens_by_itself_dashed():
    picture = lay_out(flow_of(TOY, "sv", staying=True))
    (alone,) = [way for way in picture.flow.ways if way.by_itself]
    assert [act.step for act in alone.acts] == ["all_done"]
    dashed = re.findall(r'stroke-dasharray="6 4" data-from="(\w+)" data-to="(\w+)"', draw(picture, "sv"))
    assert dashed == [("mending", "mended")]


def test_picture__begins_beside_its_title_only_where_that_leaves_room():
    flow = flow_of(TOY, "sv", staying=True)
    short, long = (
        lay_out(replace(flow, title=title)) for title in ("Kort", "Ett mycket långt namn på en process")
    )
    beside, beneath = (
        re.findall(r"translate\([\d.]+ ([\d.]+)\)", draw(one, "sv"))[0] for one in (short, long)
    )
    assert float(beside) < float(beneath)


def test_picture__is_the_same_for_the_same_process_read_again():
    assert svg(TOY) == svg(load_process(HERE / "toy.yaml").process)


@pytest.mark.parametrize("label", HOSTILE)
def test_picture__holds_a_hostile_label_as_text(label):
    def dressed(one):
        return replace(one, label=Words(label, label))

    process = replace(
        TOY,
        states={key: dressed(one) for key, one in TOY.states.items()},
        steps={key: dressed(one) for key, one in TOY.steps.items()},
        label=Words(label, label),
    )
    assert_is_inert(svg(process))
    picture = lay_out(flow_of(process, "sv", staying=True))
    assert_nothing_covers_anything(picture)
    assert all(block.width <= 210 for block in picture.blocks)


@st.composite
def flows(draw_):
    """Any flow: statuses that need not be in a good order, ways between any of them, some joined to nothing."""
    count = draw_(st.integers(1, 7))
    labels = st.sampled_from(("Klar", "Väntar på komplettering", "Överlämnad till annan huvudman", *HOSTILE))
    acts = st.builds(
        Act, st.just("a"), labels, st.sampled_from(("", "enhetschef eller registrator")), st.just("")
    )
    some = st.lists(acts, min_size=1, max_size=2).map(tuple)
    states = [f"s{number}" for number in range(count)]
    places = tuple(
        Place(state, draw_(labels), draw_(st.booleans()), draw_(st.lists(acts, max_size=1).map(tuple)))
        for state in states
    )
    ways = {}
    for _ in range(draw_(st.integers(0, 9))):
        target = draw_(st.integers(0, count - 1))
        down = draw_(st.booleans())
        others = states[:target] if down else states[target + 1 :]
        sources = tuple(sorted(draw_(st.sets(st.sampled_from(others), max_size=4)))) if others else ()
        ways[sources, target] = Way(sources, states[target], draw_(st.booleans()), draw_(some))
    beside = draw_(st.lists(st.builds(Beside, labels, some), max_size=3).map(tuple))
    return Flow("Process", "Version 1", "Process", "", places, tuple(ways.values()), beside)


@settings(max_examples=40, deadline=None)
@given(flows())
def test_picture__of_any_flow_covers_nothing_and_joins_what_it_should(flow):
    picture = lay_out(flow)
    assert_nothing_covers_anything(picture)
    assert_ways_join_what_they_should(picture)
    text = draw(picture, "sv")
    assert_is_inert(text)
    assert text == draw(lay_out(flow), "sv")


@given(st.text(max_size=60), st.sampled_from([40.0, 100.0]))
def test_wrap__gives_lines_that_fit_and_loses_nothing(text, room):
    lines = wrap(text, 12, room)
    assert all(width(line, 12) <= room for line in lines)
    assert "".join(lines).replace("-", "").replace(" ", "") == clean(text).replace("-", "").replace(" ", "")


@given(
    st.lists(st.tuples(st.floats(-500, 500), st.floats(0.1, 20)), min_size=1, max_size=8),
    st.floats(1, 100),
)
def test_settle__keeps_things_apart_and_moves_nothing_that_need_not(wishes, gap):
    found = settle(wishes, [gap] * (len(wishes) - 1))
    assert all(after - before >= gap - 1e-6 for before, after in pairwise(found))
    if all(after[0] - before[0] >= gap for before, after in pairwise(wishes)):
        assert found == pytest.approx([wish for wish, _ in wishes])
