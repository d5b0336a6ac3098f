"""Whatever is written, changed and cleared, the coded values of a case are those of its values as they stand."""

from __future__ import annotations

import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.definition.value import UNKNOWN
from engine.store.case_projection import coded_rows
from tests.contract.checking import check_log
from tests.contract.world import AUTHORITY, case_of, decision, document, make, reopen

PROCESS = document().process
VALUES = {
    "sort": st.sampled_from(["fall", "delay"]),
    "kinds": st.lists(st.sampled_from(["fall", "delay"]), unique=True, min_size=1),
    "cost": st.one_of(st.integers(-5, 10**9), st.decimals("-9", "9", places=2).map(lambda n: format(n, "f"))),
    "risk": st.one_of(st.sampled_from("1234"), st.just(UNKNOWN)),
}
CHANGE = st.fixed_dictionaries({}, optional={**VALUES, **{f"-{name}": st.none() for name in VALUES}})


@pytest.fixture(scope="module", name="made")
def made_world(tmp_path_factory):
    """A file with the world in it, to be copied."""
    path = tmp_path_factory.mktemp("coded") / "hjul.sqlite"
    make(f"sqlite:///{path}").database.close()
    return path


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(CHANGE, max_size=6))
def test_record__keeps_coded_values_as_the_case_has_them(made, changes):
    path = made.with_name("copy.sqlite")
    shutil.copyfile(made, path)
    with reopen(f"sqlite:///{path}") as world:
        case = world.opened()
        for change in changes:
            coded = {name: value for name, value in change.items() if not name.startswith("-")}
            cleared = tuple(name[1:] for name in change if name.startswith("-") and name[1:] not in coded)
            write = world.moving(case, "remark", None, coded=coded, cleared=cleared)
            world.record(decision(write))
            case = case_of(write)
        check_log(world.database, AUTHORITY, PROCESS)


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("sort", "fall", {("sort", "", "fall"): (None, None)}),
        ("kinds", ["fall", "delay"], {("kinds", "", "fall"): (None, None), ("kinds", "", "delay"): (None, None)}),
        ("cost", 7, {("cost", "", ""): ("7", None)}),
        ("cost", "7.25", {("cost", "", ""): ("7.25", None)}),
        ("risk", "3", {("risk", "", "3"): ("3", None)}),
        ("risk", UNKNOWN, {("risk", "", "?"): (None, None)}),
        ("sort", None, {}),
        ("kinds", [], {}),
        ("unheard_of", True, {("unheard_of", "", "true"): (None, None)}),
        ("unheard_of", {"from": "2026-01-01", "to": "2026-02-01"},
         {("unheard_of", "", "from"): (None, "2026-01-01"), ("unheard_of", "", "to"): (None, "2026-02-01")}),
        ("table.r1.cell", "x", {("table.cell", "r1", "x"): (None, None)}),
    ],
)  # fmt: skip
def test_coded_rows__of(path, value, expected):
    assert coded_rows(PROCESS, path, value) == expected
