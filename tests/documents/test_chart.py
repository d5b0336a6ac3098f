"""Charts: well-formed, told without colour, quiet about what is hidden, fit for one bar and for a thousand."""

from xml.etree import ElementTree as ET

import pytest

from engine.documents.chart import LONGEST, Series, draw_bars, draw_lines
from engine.documents.picture import draw_png

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>\"'&]]>\x00 " + "långtord" * 30


def drawn(draw, labels, *series, **more):
    return ET.fromstring(draw("Titel <1>", "Beskrivning & mer", labels, series, **more))


@pytest.mark.parametrize("draw", [draw_bars, draw_lines])
@pytest.mark.parametrize("many", [0, 1, 2, 1000])
def test_chart__of_any_number(draw, many):
    root = drawn(draw, [f"{HOSTILE} {n}" for n in range(many)], Series("2026", tuple(range(many))))
    assert root.find(f"{SVG}title").text == "Titel <1>"
    assert root.find(f"{SVG}desc").text == "Beskrivning & mer"
    assert root.get("role") == "img"
    assert not [
        one
        for one in root.iter()
        if one.tag.endswith("script") or any(k.startswith("on") for k in one.attrib)
    ]


def test_bars__are_as_long_as_their_numbers_and_say_them():
    root = drawn(draw_bars, ["a", "b", "c"], Series("x", (10, 5, None)), instead="<5*")
    bars = [float(one.get("width")) for one in root.iter(f"{SVG}rect") if one.get("class") == "bar-1"]
    assert bars == [pytest.approx(bars[1] * 2), bars[1]]
    assert {"10", "5", "<5*"} <= {one.text for one in root.iter(f"{SVG}text")}


def test_chart__a_second_series_differs_by_more_than_colour():
    bars = drawn(draw_bars, ["a"], Series("x", (2,)), Series("y", (3,)))
    assert [one.get("fill") for one in bars.iter(f"{SVG}rect") if one.get("class") == "line-2"][
        -1
    ] == "url(#stripes)"
    lines = drawn(draw_lines, ["a", "b"], Series("x", (2, 3)), Series("y", (3, 4)))
    assert [one.get("stroke-dasharray") for one in lines.iter(f"{SVG}polyline")] == ["6 4", None]


def test_lines__are_broken_where_a_number_is_left_out():
    root = drawn(draw_lines, list("abcde"), Series("x", (5, 6, None, 7, 8)), instead="<5*")
    assert len(list(root.iter(f"{SVG}polyline"))) == 2
    assert len(list(root.iter(f"{SVG}circle"))) == 4


def test_bars__show_the_greatest_and_leave_the_rest_to_the_table():
    root = drawn(draw_bars, [str(n) for n in range(100)], Series("x", tuple(range(100, 0, -1))))
    assert len([one for one in root.iter(f"{SVG}rect") if one.get("class") == "bar-1"]) == LONGEST


def test_png__is_drawn_without_fonts_of_the_machine():
    svg = draw_bars("t", "d", ["å"], [Series("x", (3,)), Series("y", (2,))])
    assert draw_png(svg).startswith(b"\x89PNG")
