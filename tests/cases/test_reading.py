"""Input becomes values: what is typed and sent, every type, every fault, and where the remedy is."""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.cases.facts import FactMissing
from engine.cases.reading import read_pairs, read_value, read_values
from engine.cases.reference import fold, format_reference, read_reference
from engine.cases.wall import Unreadable, is_before
from engine.definition.model import FieldDefinition
from engine.definition.value import UNKNOWN
from engine.errors import PairError
from engine.language.sentence import Words
from tests.cases.toy import new_world

WORLD = new_world()
PROCESS = WORLD.newest["repair"].process
LABEL = Words("Fält", "Field")


def read(kind, raw, **more):
    column = FieldDefinition(type=kind, label=LABEL, **more)
    facts = WORLD.facts()
    while True:
        try:
            return read_value(PROCESS, column, raw, facts)
        except FactMissing as missing:
            facts = WORLD.load(facts, missing)


@pytest.mark.parametrize(
    ("kind", "raw", "more", "expected"),
    [
        ("text", "  hej\r\nhopp ", {}, "hej\nhopp"),
        ("text", 12, {}, "12"),
        ("text", "", {}, None),
        ("choice", "wet", {"list": "damage"}, "wet"),
        ("choice", "VÄTA", {"list": "damage"}, "wet"),
        ("choice", "Mould", {"list": "damage"}, "wet_mould"),
        ("choices", "wet, torn,wet", {"list": "damage"}, ["wet", "torn"]),
        ("choices", ["torn"], {"list": "damage"}, ["torn"]),
        ("scale", "2", {"list": "grade"}, "2"),
        ("scale", 2, {"list": "grade"}, "2"),
        ("number", "1 200", {}, 1200),
        ("number", "3,50", {}, "3.50"),
        ("number", "-0", {}, 0),
        ("percent", "12 %", {}, 12),
        ("money", "1 200,50 kr", {}, "1200.50"),
        ("date", "2026-03-01", {}, "2026-03-01"),
        ("date", "idag", {}, "2026-03-02"),
        ("date", "igår", {}, "2026-03-01"),
        ("date", "1/3", {}, "2026-03-01"),
        ("date", "i fredags", {}, "2026-02-27"),
        ("datetime", "1 mars kl. 8.30", {}, "2026-03-01T08:30"),
        ("datetime", "1/3 till 2/3", {}, {"from": "2026-03-01", "to": "2026-03-02"}),
        ("period", "28 februari till igår", {}, {"from": "2026-02-28", "to": "2026-03-01"}),
        ("datetime", "2026-03-01", {}, "2026-03-01"),
        ("datetime", "2026-03-01 08:30", {}, "2026-03-01T08:30"),
        ("datetime", "2026-03-01T08:30:12", {}, "2026-03-01T08:30"),
        ("datetime", "igår 21:05", {}, "2026-03-01T21:05"),
        ("datetime", "2026-03-01T07:30Z", {}, "2026-03-01T08:30"),
        ("datetime", "2026-03-01..2026-03-02", {}, {"from": "2026-03-01", "to": "2026-03-02"}),
        (
            "period",
            {"from": "2026-03-01", "to": "2026-03-01"},
            {},
            {"from": "2026-03-01", "to": "2026-03-01"},
        ),
        ("yes_no", "Ja", {}, True),
        ("yes_no", "n", {}, False),
        ("yes_no", False, {}, False),
        ("person", "KIM", {}, "kim"),
        ("unit", "Björkgården", {}, "bjork"),
        ("choice", "?", {"list": "damage", "unknown": "allowed"}, UNKNOWN),
        ("choice", {"unknown": True}, {"list": "damage", "unknown": "allowed"}, UNKNOWN),
    ],
)
def test_read__understands(kind, raw, more, expected):
    assert read(kind, raw, **more) == expected


@pytest.mark.parametrize(
    ("kind", "raw", "more", "expected"),
    [
        ("text", ["a"], {}, "value.not_text"),
        ("text", "x" * 20_001, {}, "value.too_long"),
        ("text", "xx", {"maximum": 1}, "value.too_long"),
        ("text", "a\x00b", {}, "value.control_character"),
        ("text", "\ud800", {}, "value.control_character"),
        ("choice", "wett", {"list": "damage"}, "value.no_code_near"),
        ("choice", "zzz", {"list": "damage"}, "value.no_code"),
        ("choice", "eaten", {"list": "damage"}, "value.retired_code"),
        ("choice", "?", {"list": "damage"}, "value.unknown_not_allowed"),
        ("number", "tolv", {}, "value.not_number"),
        ("number", True, {}, "value.not_number"),
        ("number", "1e999", {}, "value.not_number"),
        ("number", "nan", {}, "value.not_number"),
        ("number", "5", {"minimum": 6}, "value.too_low"),
        ("number", "5", {"maximum": 4}, "value.too_high"),
        ("number", "5", {"minimum": 1, "maximum": 4}, "value.out_of_range"),
        ("date", "2026-02-30", {}, "value.no_such_day"),
        ("date", "i våras", {}, "value.not_date"),
        ("date", "2026-03-01 08:00", {}, "value.day_only"),
        ("date", "2026-03-03", {"past": True}, "value.in_future"),
        ("datetime", "2026-03-02 09:01", {"past": True}, "value.in_future"),
        ("datetime", "2026-03-01 25:00", {}, "value.not_date"),
        ("period", "2026-03-05..2026-03-01", {}, "value.period_backwards"),
        ("period", "2026-03-05", {}, "value.not_period"),
        ("yes_no", "kanske", {}, "value.not_yes_no"),
        ("person", "nobody", {}, "value.no_person"),
        ("unit", "nowhere", {}, "value.no_unit"),
        ("case", "REP-2026-0099", {}, "value.no_case"),
        ("case", "hej", {}, "value.no_case"),
        ("file", "a.pdf", {}, "value.not_by_hand"),
    ],
)
def test_read__refuses(kind, raw, more, expected):
    with pytest.raises(Unreadable) as error:
        read(kind, raw, **more)
    assert error.value.why.id == expected


def test_read__accepts_the_present_minute_as_past():
    assert read("datetime", "2026-03-02 09:00", past=True) == "2026-03-02T09:00"


def test_read__refuses_a_unit_that_is_closed():
    facts = WORLD.facts()
    closed = replace(next(iter(facts.tree)), to_on="2026-01-01")
    from engine.cases.organisation import UnitTree

    facts = replace(facts, tree=UnitTree([closed]))
    with pytest.raises(Unreadable) as error:
        read_value(PROCESS, FieldDefinition(type="unit", label=LABEL), closed.code, facts)
    assert error.value.why.id == "value.closed_unit"


def values(raw, **highest):
    return read_values(PROCESS, raw, WORLD.facts(), highest=highest)


def test_read_values__gives_new_rows_keys_that_were_never_used():
    found = values({"causes.+.kind": "wet", "causes.+.text": "a", "causes.+2.kind": "torn"}, causes=4)
    assert found.values == {"causes.r5.kind": "wet", "causes.r5.text": "a", "causes.r6.kind": "torn"}


def test_read_values__takes_rows_as_json():
    found = values({"causes": [{"kind": "wet"}, {"kind": "torn"}]})
    assert found.values == {"causes.r1.kind": "wet", "causes.r2.kind": "torn"}
    assert values({"causes": {"r1": {"kind": "torn"}}}, causes=1).values == {"causes.r1.kind": "torn"}


def test_read_values__strikes_out_a_row():
    assert values({"causes.r1": ""}, causes=1).values == {"causes.r1.kind": None, "causes.r1.text": None}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"stroy": "x"}, "value.unknown_field_near"),
        ({"zzz": "x"}, "value.unknown_field"),
        ({"risk": "1"}, "value.computed"),
        ({"causes.r9.kind": "wet"}, "value.no_row"),
        ({"causes.r1x.kind": "wet"}, "value.no_row"),
        ({"causes.+.colour": "red"}, "value.no_column"),
        ({"story.r1": "x"}, "value.unknown_field_near"),
        ({"causes": "x"}, "value.no_row"),
    ],
)
def test_read_values__says_what_is_wrong_with_a_key(raw, expected):
    assert [fault.why.id for fault in values(raw, causes=1).faults] == [expected]


def test_read_values__finds_every_fault_at_once():
    assert len(values({"how_bad": "9", "damage": "zzz", "found": "nyss"}).faults) == 3


def test_read_pairs__begins_a_new_row_when_a_column_comes_again():
    pairs = ["a=1", "t.+.x=1", "t.+.y=2=3", "t.+.x=4"]
    assert read_pairs(pairs) == {"a": "1", "t.+1.x": "1", "t.+1.y": "2=3", "t.+2.x": "4"}


@pytest.mark.parametrize("pair", ["a", "=b", " =b"])
def test_read_pairs__refuses_what_is_no_pair(pair):
    with pytest.raises(PairError):
        read_pairs([pair])


@given(
    st.text(max_size=40),
    st.sampled_from(["text", "choice", "number", "date", "datetime", "period", "yes_no", "case"]),
)
def test_read__never_breaks_on_what_people_type(raw, kind):
    more = {"list": "damage"} if kind == "choice" else {}
    with suppress(Unreadable):
        read(kind, raw, **more)


@given(st.sampled_from(["ÅTG", "AVV", "FÖRB"]), st.integers(2000, 2099), st.integers(1, 99_999))
def test_reference__is_found_without_case_accents_and_zeros(prefix, year, number):
    written = format_reference(prefix, year, number)
    assert read_reference(f"{fold(prefix).lower()}-{year}-{number}") == fold(written)
    assert read_reference(written) == fold(written)


@pytest.mark.parametrize(
    "text", ["", "ATG", "ATG-26-1", "ATG-2026-0", "ATG 2026 1", "1-2026-1", "ATG-2026-x"]
)
def test_reference__refuses_what_is_none(text):
    assert read_reference(text) is None


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("story", "story"),
        ("Berättelse", "story"),
        ("berattelse", "story"),
        ("HOW BAD", "how_bad"),
        ("hur illa", "how_bad"),
        ("Orsaker.+1.Text", "causes.r1.text"),
        ("causes.+.Sort", "causes.r1.kind"),
        ("Enhet", "unit"),
        ("unit", "unit"),
        ("den som har ärendet", "assignee"),
    ],
)
def test_read_values__takes_a_field_by_its_label(typed, key):
    values = {"unit": "bjork", "assignee": "kim", "how_bad": "1", "causes.r1.kind": "wet"}
    facts = WORLD.facts()
    while True:
        try:
            found = read_values(PROCESS, {typed: values.get(key, "x")}, facts, highest={})
            break
        except FactMissing as missing:
            facts = WORLD.load(facts, missing)
    assert (list(found.values), found.faults) == ([key], [])


def test_read_values__a_label_and_its_key_together_are_told_as_twice():
    found = read_values(PROCESS, {"story": "x", "Berättelse": "y"}, WORLD.facts(), highest={})
    assert [(fault.field, fault.why.id) for fault in found.faults] == [("Berättelse", "value.twice")]


def test_read_values__a_code_that_is_none_is_told_with_all_there_are():
    (fault,) = read_values(PROCESS, {"damage": "dry"}, WORLD.facts(), highest={}).faults
    assert [code for code, _ in fault.choices] == ["wet", "wet_mould", "torn"]


# --- when the clock is changed


@pytest.mark.parametrize("said", ["2026-03-29 02:30", "2026-03-29T02:00", "29/3 2026 kl 2.59"])
def test_wall__refuses_a_time_that_never_was(said):
    for kind, raw in (("datetime", said), ("period", {"from": "2026-03-28", "to": said})):
        with pytest.raises(Unreadable) as unreadable:
            read(kind, raw)
        assert unreadable.value.why.id == "value.missing_hour"


def test_wall__asks_which_of_a_time_that_was_twice():
    with pytest.raises(Unreadable) as unreadable:
        read("datetime", "2026-10-25 02:30")
    assert unreadable.value.why.id == "value.doubled_hour"
    assert [code for code, _ in unreadable.value.choices] == [
        "2026-10-25T02:30+02:00",
        "2026-10-25T02:30+01:00",
    ]
    for code, _ in unreadable.value.choices:
        assert read("datetime", code) == code


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("2026-10-25T00:30Z", "2026-10-25T02:30+02:00"),
        ("2026-10-25T01:30Z", "2026-10-25T02:30+01:00"),
        ("2026-10-25 01:59", "2026-10-25T01:59"),
        ("2026-10-25T02:00Z", "2026-10-25T03:00"),
        ("2026-03-29T01:00Z", "2026-03-29T03:00"),
        ("2026-03-29T02:30+01:00", "2026-03-29T03:30"),
    ],
)
def test_wall__has_an_offset_only_where_it_says_which(said, kept):
    assert read("datetime", said) == kept


def test_wall__keeps_the_order_of_instants():
    zone = WORLD.facts().zone
    assert is_before("2026-10-25T02:45+02:00", "2026-10-25T02:15+01:00", zone)
    assert is_before("2026-10-25", "2026-10-25T02:15+01:00", zone)
    assert not is_before("2026-10-25T02:15", "2026-10-25T02:15", zone)
    assert read("period", "2026-10-25T02:45+02:00..2026-10-25T02:15+01:00")
    with pytest.raises(Unreadable) as unreadable:
        read("period", "2026-10-25T02:15+01:00..2026-10-25T02:45+02:00")
    assert unreadable.value.why.id == "value.period_backwards"


def test_wall__was_only_once_it_has_come():
    early = replace(WORLD.facts(), now="2026-10-25T00:45:00.000000Z")
    column = FieldDefinition(type="datetime", label=LABEL, past=True)
    assert read_value(PROCESS, column, "2026-10-25T02:30+02:00", early)
    with pytest.raises(Unreadable) as unreadable:
        read_value(PROCESS, column, "2026-10-25T02:30+01:00", early)
    assert unreadable.value.why.id == "value.in_future"
