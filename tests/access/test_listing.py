"""Lists under the access rule, on both databases, against the oracle and plain filtering."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from engine.cases.access import SYSTEM
from engine.errors import UnknownPageError
from engine.store.database import Database
from engine.store.listing import CaseFilter, Page, Where, count_hidden, list_cases
from engine.store.organisation import read_viewer
from engine.store.sight import reads_content, sees_envelope
from engine.store.tables import cases as case_table
from engine.store.tables import streams
from engine.store.to_do import TaskFilter, list_tasks
from tests.access.oracle import ORDER, is_at_or_above, level_of, tasks_of
from tests.access.population import DAY, DAYS, PEOPLE, PROCESSES, fill, make_tables, populations, rule_of
from tests.postgresql import new_database

EXAMPLES = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request, tmp_path_factory):
    """Tables without guards, made once: `fill` empties them."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path_factory.mktemp('access') / 'hjul.sqlite'}"
        else:
            made = stack.enter_context(
                new_database(request.getfixturevalue("postgresql_server"), worker="access")
            )
            url = made.render_as_string(hide_password=False)
        found = Database(url, create=True)
        stack.callback(found.close)
        make_tables(found)
        yield found


@contextmanager
def filled(database, population):
    organisation, found, todo = population
    with database.write() as session:
        fill(session, organisation, found, todo)
    with database.read() as session:
        yield session


def every(listed, page_size=2):
    """Turn all the pages of a list."""
    rows, page = [], Page(page_size)
    while True:
        listing = listed(page)
        assert len(listing.rows) <= page_size
        rows += listing.rows
        if not listing.next:
            return rows
        assert len(listing.rows) == page_size
        page = Page(page_size, listing.next)


def newest_first(found):
    return sorted(found, key=lambda case: (case["opened_on"], case["reference"]), reverse=True)


@EXAMPLES
@given(population=populations(), person=st.sampled_from(PEOPLE), day=st.sampled_from(DAYS))
def test_sql__gives_each_case_the_level_of_the_oracle(database, population, person, day):
    organisation, found, _ = population
    with filled(database, population) as session:
        rule = rule_of(organisation, read_viewer(session, person, day))
        seen, read = (
            {
                row[0]
                for row in session.rows(
                    select(streams.c.name).join(case_table, case_table.c.id == streams.c.id).where(truth)
                )
            }
            for truth in (sees_envelope(rule), reads_content(rule))
        )
    said = {case["reference"]: level_of(organisation, person, case, day) for case in found}
    assert seen == {reference for reference, level in said.items() if level != "none"}
    assert read == {reference for reference, level in said.items() if level == "content"}


@EXAMPLES
@given(population=populations(), person=st.sampled_from(PEOPLE), day=st.sampled_from(DAYS))
def test_list_cases__shows_what_may_be_seen_and_counts_the_rest(database, population, person, day):
    organisation, found, _ = population
    with filled(database, population) as session:
        rule = rule_of(organisation, read_viewer(session, person, day))
        rows = every(lambda page: list_cases(session, rule, CaseFilter(), page))
        hidden = count_hidden(session, rule, CaseFilter())
    levels = [(case["reference"], level_of(organisation, person, case, day)) for case in newest_first(found)]
    assert [(row.reference, row.level) for row in rows] == [each for each in levels if each[1] != "none"]
    ruled = {case["reference"] for case in found if case["process"] in organisation["processes"]}
    assert hidden == sum(1 for reference, level in levels if level == "none" and reference in ruled)
    own = {case["reference"] for case in found if case["reporter"] == person}
    assert {row.reference for row in rows if row.is_own_report} == own


WHERE = st.builds(
    lambda field, operator, value: Where(field, operator, (value,)),
    st.sampled_from(["art", "varde"]),
    st.sampled_from(["=", "!=", "<", "<=", ">", ">="]),
    st.sampled_from("1235"),
)
FILTERS = st.builds(
    CaseFilter,
    processes=st.sampled_from([(), ("rapport",), PROCESSES]),
    states=st.sampled_from([(), ("ny",)]),
    unit=st.none() | st.just("u0"),
    from_on=st.none() | st.just("2026-06-14"),
    to_on=st.none() | st.just("2026-06-15"),
    by=st.sampled_from(["happened", "recorded"]),
    where=st.lists(WHERE, max_size=1).map(tuple),
    mine=st.booleans(),
    open_only=st.booleans(),
)


def matches(organisation, person, case, wanted):
    day = case["happened_on"] if wanted.by == "happened" else case["opened_on"]
    demands = [
        not wanted.processes or case["process"] in wanted.processes,
        not wanted.states or case["state"] in wanted.states,
        wanted.unit is None or is_at_or_above(organisation, wanted.unit, case["unit"]),
        wanted.from_on is None or (day is not None and day >= wanted.from_on),
        wanted.to_on is None or (day is not None and day <= wanted.to_on),
        not wanted.mine or case["reporter"] == person,
        not wanted.open_only or case["is_open"],
    ]
    where = all(meets(case["coded"].get(w.field), w.operator, w.values[0]) for w in wanted.where)
    return where and all(demands)


def meets(value, operator, wanted):
    if value is None:
        return False
    if operator in ("=", "!="):
        return (value == wanted) is (operator == "=")
    if value == "?":
        return False
    return {"<": value < wanted, "<=": value <= wanted, ">": value > wanted, ">=": value >= wanted}[operator]


@EXAMPLES
@given(population=populations(), person=st.sampled_from(PEOPLE), wanted=FILTERS)
def test_list_cases__finds_what_the_filter_asks_for(database, population, person, wanted):
    organisation, found, _ = population
    needed = "content" if wanted.where else "envelope"
    with filled(database, population) as session:
        rule = rule_of(organisation, read_viewer(session, person, DAY))
        rows = every(lambda page: list_cases(session, rule, wanted, page), 3)
        hidden = 0 if wanted.where else count_hidden(session, rule, wanted)
    asked = [case for case in newest_first(found) if matches(organisation, person, case, wanted)]
    shown = [
        case["reference"]
        for case in asked
        if ORDER.index(level_of(organisation, person, case, DAY)) >= ORDER.index(needed)
    ]
    assert [row.reference for row in rows] == shown
    counted = wanted.processes or organisation["processes"]
    ruled = [case for case in asked if case["process"] in counted or case["reference"] in shown]
    assert wanted.where or hidden == len(ruled) - len(shown)


def test_count_hidden__no_further_than_is_told(database, monkeypatch):
    """Of more than are told, no more are counted than shows that they are more."""
    organisation, (case,), *rest = one_case()
    population = organisation, [{**case, "reference": f"R-000{number}"} for number in range(4)], *rest
    with filled(database, population) as session:
        rule = rule_of(organisation, read_viewer(session, "p003", DAY))
        assert count_hidden(session, rule, CaseFilter()) == 4
        monkeypatch.setattr("engine.store.listing.MOST_HIDDEN", 2)
        assert count_hidden(session, rule, CaseFilter()) == 3


def test_list_cases__shows_the_system_all(database):
    population = one_case()
    with filled(database, population) as session:
        rule = rule_of(population[0], SYSTEM)
        rows = list_cases(session, rule, CaseFilter(), Page()).rows
        assert [(row.reference, row.level) for row in rows] == [("R-0000", "content")]
        assert count_hidden(session, rule, CaseFilter()) == 0


def one_case(**more):
    organisation = {
        "parents": {"u0": None, "u1": "u0"},
        "appointments": [
            {
                "person": "p001",
                "role": "chef",
                "unit": "u0",
                "from_on": "2026-01-01",
                "to_on": None,
                "on_behalf_of": None,
            },
        ],
        "processes": {"rapport": {"roles": {"chef": "content"}, "marks": {}}},
    }
    case = {
        "process": "rapport",
        "unit": "u1",
        "reporter": "p002",
        "assignee": None,
        "marks": {},
        "reference": "R-0000",
        "opened_on": DAY,
        "happened_on": None,
        "is_open": True,
        "state": "ny",
        "coded": {"art": "12"},
    }
    return organisation, [case | more], []


def listed(database, population, person, wanted=None):
    with filled(database, population) as session:
        rule = rule_of(population[0], read_viewer(session, person, DAY))
        return list_cases(session, rule, wanted or CaseFilter(), Page()).rows


def test_list_cases__names_unit_state_and_process_in_both_languages(database):
    (row,) = listed(database, one_case(assignee="p003"), "p001")
    assert (row.title.sv, row.title.en) == ("Fall, U1", "Falls, U1")
    assert (row.state_label.sv, row.process_label.en) == ("ny på svenska", "rapport in English")
    assert (row.unit_name, row.assignee_name, row.is_open) == ("U1", "Namn p003", True)


def test_list_cases__says_the_key_where_a_label_is_missing(database):
    (row,) = listed(database, one_case(state="klar"), "p001")
    assert row.state_label.sv == row.state_label.en == "klar"


def test_list_cases__by_a_field_does_not_find_what_may_not_be_read(database):
    wanted = CaseFilter(where=(Where("art", "=", ("12",)),))
    assert len(listed(database, one_case(), "p001", wanted)) == 1
    assert listed(database, one_case(), "p002", wanted) == ()
    assert len(listed(database, one_case(), "p002")) == 1


@pytest.mark.parametrize(
    ("operator", "values", "found"),
    [
        ("=", ("12",), 1),
        ("=", ("12.0",), 1),
        ("=", ("3", "12"), 1),
        ("=", ("3",), 0),
        ("!=", ("3",), 1),
        ("!=", ("3", "12"), 0),
        ("<", ("9",), 0),
        (">", ("9",), 1),
        (">=", ("12",), 1),
        (">", ("11.5",), 1),
    ],
)
def test_where__compares_numbers_as_numbers(database, operator, values, found):
    wanted = CaseFilter(where=(Where("art", operator, values),))
    assert len(listed(database, one_case(), "p001", wanted)) == found


@pytest.mark.parametrize("operator", ["=", "!="])
def test_where__does_not_find_a_case_without_the_field(database, operator):
    wanted = CaseFilter(where=(Where("varde", operator, ("1",)),))
    assert listed(database, one_case(), "p001", wanted) == ()


def test_where__finds_what_is_unknown(database):
    population = one_case(coded={"art": "?"})
    assert len(listed(database, population, "p001", CaseFilter(where=(Where("art", "=", ("?",)),)))) == 1
    assert listed(database, population, "p001", CaseFilter(where=(Where("art", ">", ("1",)),))) == ()


def test_list_cases__refuses_to_go_on_from_a_case_that_is_not_there(database):
    with filled(database, one_case()) as session, pytest.raises(UnknownPageError):
        list_cases(session, rule_of(one_case()[0], SYSTEM), CaseFilter(), Page(5, "R-9999"))


# --- tasks ------------------------------------------------------------------------------


@EXAMPLES
@given(
    population=populations(),
    person=st.sampled_from(PEOPLE),
    day=st.sampled_from(DAYS),
    taken=st.booleans(),
)
def test_list_tasks__is_what_the_oracle_says_page_by_page(database, population, person, day, taken):
    organisation, _, todo = population
    with filled(database, population) as session:
        rule = rule_of(organisation, read_viewer(session, person, day))
        rows = every(lambda page: list_tasks(session, rule, TaskFilter(day, taken=taken), page))
    assert [(row.reference, row.step) for row in rows] == tasks_of(
        organisation, person, todo, day, taken=taken
    )


@EXAMPLES
@given(
    population=populations(),
    person=st.sampled_from(PEOPLE),
    mine=st.booleans(),
    role=st.none() | st.just("chef"),
    unit=st.none() | st.just("u0"),
    overdue=st.booleans(),
    due_before=st.none() | st.sampled_from(DAYS),
)
def test_list_tasks__finds_what_the_filter_asks_for(
    database, population, person, mine, role, unit, overdue, due_before
):
    organisation, _, todo = population
    wanted = TaskFilter(DAY, mine=mine, role=role, unit=unit, overdue=overdue, due_before=due_before)
    asked = [
        task
        for task in todo
        if (not mine or person in (task["person"], task["assignee"]))
        and (role is None or task["role"] == role)
        and (unit is None or is_at_or_above(organisation, unit, task["unit"]))
        and (not overdue or (task["due_on"] is not None and task["due_on"] < DAY))
        and (due_before is None or (task["due_on"] is not None and task["due_on"] < due_before))
    ]
    with filled(database, population) as session:
        rule = rule_of(organisation, read_viewer(session, person, DAY))
        rows = every(lambda page: list_tasks(session, rule, wanted, page), 3)
    assert [(row.reference, row.step) for row in rows] == tasks_of(organisation, person, asked, DAY)


def one_task(**more):
    organisation, found, _ = one_case()
    task = {
        "case": "R-0000",
        "step": "bedom",
        "unit": "u1",
        "due_on": "2026-06-14",
        "role": "chef",
        "person": "",
        "assignee": None,
    }
    return organisation, found, [task | more]


def to_do(database, population, person):
    with filled(database, population) as session:
        rule = rule_of(population[0], read_viewer(session, person, DAY))
        return list_tasks(session, rule, TaskFilter(DAY), Page()).rows


def test_list_tasks__tells_the_case_and_when_it_was_due(database):
    (row,) = to_do(database, one_task(), "p001")
    assert (row.reference, row.step_label.sv, row.title.en) == ("R-0000", "bedom på svenska", "Falls, U1")
    assert (row.due_on, row.overdue, row.role, row.person) == ("2026-06-14", True, "chef", None)


@pytest.mark.parametrize(("assignee", "count"), [(None, 1), ("p001", 1), ("p002", 1)])
def test_list_tasks__is_not_kept_by_one_who_has_not_the_role(database, assignee, count):
    assert len(to_do(database, one_task(assignee=assignee), "p001")) == count


def test_list_tasks__without_a_deadline_is_never_overdue(database):
    (row,) = to_do(database, one_task(due_on=None), "p001")
    assert (row.due_on, row.overdue) == (None, False)


def test_list_tasks__of_today_is_not_yet_overdue(database):
    (row,) = to_do(database, one_task(due_on=DAY), "p001")
    assert not row.overdue


def test_list_tasks__does_not_show_the_case_of_a_task_to_one_who_may_not_see_it(database):
    (row,) = to_do(database, one_task(role="", person="p003"), "p003")
    assert (row.reference, row.title, row.state, row.state_label) == ("R-0000", None, None, None)


def test_list_tasks__refuses_to_go_on_from_nowhere(database):
    with filled(database, one_task()) as session:
        rule = rule_of(one_task()[0], read_viewer(session, "p001", DAY))
        for after in ("nonsense", "2026-06-14 R-9999 bedom", "2026-06-14 R-0000"):
            with pytest.raises(UnknownPageError):
                list_tasks(session, rule, TaskFilter(DAY), Page(5, after))
