"""The year wheel as a picture: whole XML, in words for those who do not see it, told apart without colour."""

from __future__ import annotations

import re
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest

from engine.documents.wheel import SHAPES, Mark, Ring, WheelPicture, draw
from engine.service.occasion import STATUSES, Occasion, Year
from engine.service.picturing import picture_of

SVG = "{http://www.w3.org/2000/svg}"
DAY = date(2026, 3, 31)


def occasion(status="planned", unit="a", due_on="2026-03-31", name="Rond <&>"):
    return Occasion("k", name, unit, unit, due_on, due_on, due_on, status)


def year(*occasions, today=DAY):
    return Year(2026, occasions, (), tuple({one.schedule: one.name for one in occasions}.items()), today)


def drawn(found, language="sv", **more):
    return ET.fromstring(draw(picture_of(found, language, **more)))


def texts(root):
    return [one.text for one in root.iter(f"{SVG}text")]


def test_wheel__says_in_words_what_it_shows():
    root = drawn(year(occasion("done"), occasion("late", "b"), occasion("late", "c")), training=True)
    assert root.find(f"{SVG}title").text == "Årshjulet 2026"
    assert root.find(f"{SVG}desc").text == "Rond <&>: försenat 2, avslutat 1."
    titles = [one.text for one in root.iter(f"{SVG}title")]
    assert "2026-03-31 Rond <&>: försenat 2, avslutat 1" in titles
    assert {"2026", "ÖVNING", "januari", "december", "Rond <&>", "i dag, 2026-03-31"} <= set(texts(root))
    assert {"The year wheel 2026", "late", "March"} <= set(texts(drawn(year(occasion()), "en")))


def test_wheel__without_plans_says_so():
    assert "Inget är planerat." in texts(drawn(year()))
    assert drawn(year()).find(f"{SVG}desc").text == "Inget är planerat."


def test_wheel__tells_states_apart_without_colour():
    assert set(SHAPES) == set(STATUSES)
    letters = [row[1] for row in picture_of(year(), "sv").legend]
    assert len(set(letters)) == len(STATUSES)
    assert len({row[1] for row in picture_of(year(), "en").legend}) == len(STATUSES)


def test_wheel__draws_today_in_its_own_year_only():
    assert len(list(drawn(year(occasion())).iter(f"{SVG}line"))) == 2
    assert not list(drawn(year(occasion(), today=date(2027, 1, 1))).iter(f"{SVG}line"))


@pytest.mark.parametrize("count", [1, 40])
@pytest.mark.parametrize("step", [1, 7, 365])
def test_wheel__lies_within_its_frame_however_many_plans_and_days(count, step):
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(0, 365, step)]
    marks = tuple(Mark(day, "missed", "U", "x") for day in days)
    rings = tuple(Ring(f"Plan {n} " + "med ett långt namn " * 8, "planerat 1", marks) for n in range(count))
    legend = tuple((status, "X", status, 10**6) for status in STATUSES)
    picture = WheelPicture(2026, "Hjul", "x", ("september",) * 12, rings, legend, (DAY, "i dag"), "")
    root = ET.fromstring(draw(picture))
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    top = float(re.findall(r"translate\([0-9.]+ ([0-9.-]+)\)", draw(picture))[0])
    assert top >= 0
    for one in root.iter(f"{SVG}polygon"):
        for x, y in (map(float, corner.split(",")) for corner in one.attrib["points"].split()):
            assert 0 <= x <= width
            assert 0 <= y <= height
    column = next(one for one in root.iter(f"{SVG}g") if one.get("transform"))
    assert max(float(one.attrib["y"]) for one in column.iter(f"{SVG}text")) + top <= height
    assert "<script" not in draw(picture)
