"""What the committee gets of lex Sarah: decisions to be reported and reported, and a list for its presidium."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.processes import tables_lex_sarah as lex
from tests.processes import walk_lex as walk
from tests.processes.written import Written, written


@pytest.fixture
def world(tmp_path: Any) -> Iterator[Written]:
    """A written world."""
    with written(tmp_path / "hjul.sqlite", walk.PEOPLE) as found:
        yield found


def lists(world: Any, person: str, key: str) -> dict[str, dict[str, Any]]:
    """The lists of a report of 2026, by key."""
    said = json.loads(world.door(person).reports.write(key, format="json", year=2026))
    return {one["list"]: one for one in said["lists"]}


def test_delegation__decisions_wait_for_a_meeting_and_are_then_those_of_it(world: Any) -> None:
    first, second = (walk.report_lex(world) for _ in range(2))
    for reference in (first, second):
        walk.walk_on(world, reference, "beslutad")
    walk.report_lex(world)
    world.now = "2026-03-26T08:00:00.000000Z"
    walk.act(world, "namndsekreterare", first, "anmal_delegationsbeslut")
    found = lists(world, "namndsekreterare", "delegationsbeslut")
    assert [row["reference"] for row in found["ej_anmalda"]["rows"]] == [second]
    (row,) = found["anmalda"]["rows"]
    assert row["reference"] == first
    assert row["values"]["sammantrade"] == lex.REQUIRED["anmal_delegationsbeslut"]["sammantrade"]
    assert row["values"]["delegationspunkt"] == "7.3"
    assert row["values"]["grad"] == "Missförhållande"
    other = lists(world, "controller", "delegationsbeslut")
    assert other["ej_anmalda"]["rows"] == []
    assert other["ej_anmalda"]["hidden"] == 1
    page = world.door("namndsekreterare").reports.write("delegationsbeslut", format="md", year=2026).decode()
    for secret in (lex.RAPPORT["handelse"], "Insatsen uteblev", "Zetterqvist"):
        assert secret not in page


def test_presidium__sees_what_is_open_and_at_ivo_and_no_content(world: Any) -> None:
    reference = walk.report_lex(world)
    walk.walk_on(world, reference, "beslutad", "allvarligt_missforhallande")
    walk.act(world, "beslutsfattare", reference, "anmal_ivo")
    found = lists(world, "forvaltningschef", "presidie")
    for key in ("oppna", "beslutade", "ivo"):
        (row,) = found[key]["rows"]
        assert row["values"]["grad"].startswith("Allvarligt missförhållande")
    assert found["ivo"]["rows"][0]["values"]["ivo_lage"] == "Anmäld"
    assert lex.RAPPORT["handelse"] not in json.dumps(found, ensure_ascii=False)
