"""Own codes laid over a shipped list: what it becomes, what is refused and where, what a condition makes of it."""

from __future__ import annotations

import pytest

from engine.definition.check import check
from engine.definition.compat import why_not
from engine.definition.document import build, read
from engine.definition.load import load_text
from engine.definition.own_codes import gone
from engine.errors import DefinitionError, ParameterError

LISTS = """
lists:
  roles:
    label: {sv: Roller, en: Roles}
    codes: {clerk: {sv: expedit, en: clerk}}
  kind:
    label: {sv: Slag, en: Kind}
    first: [water]
    codes:
      fire: {sv: Eld, en: Fire}
      water:
        sv: Vatten
        en: Water
        children: {flood: {sv: Översvämning, en: Flood}, leak: {sv: Läcka, en: Leak}}
      old: {sv: Gammal, en: Old, retired: true}
      other: {sv: Annat, en: Other}
  grade:
    label: {sv: Grad, en: Grade}
    codes: {1: {sv: Låg, en: Low}, 2: {sv: Hög, en: High}}
"""
PROCESS = """
process: damage
version: 1
label: {sv: Skada, en: Damage}
reference: SKA
title: "{kind}, {unit}"
parameters:
  own_kinds: {type: own_codes, list: kind, label: {sv: Egna slag, en: Own kinds}, default: {}}
  always:
    type: codes
    list: kind
    label: {sv: Granskas alltid, en: Always looked at}
    default: [water]
roles: {clerk: content}
fields:
  kind: {type: choice, list: kind, label: {sv: Slag, en: Kind}, statistics: true}
  story: {type: text, label: {sv: Vad hände?, en: What happened?}}
states:
  open: {label: {sv: Öppen, en: Open}, expects: [close]}
  done: {label: {sv: Klar, en: Done}, final: true}
steps:
  report: {label: {sv: Anmäl, en: Report}, by: anyone, opens: open, asks: [kind]}
  close:
    label: {sv: Avsluta, en: Close}
    by: clerk
    from: open
    to: done
    asks: [{field: story, when: {within: {kind: $always}}}]
"""


def laid(tmp_path, text, process=PROCESS):
    path = tmp_path / "own.yaml"
    path.write_text(text, "utf-8")
    return load_text(process, LISTS, {"own_kinds": str(path)})


def problems(tmp_path, text, process=PROCESS):
    """What is wrong, as (message, line, column, path), of what is refused when read or found unsound."""
    try:
        found = tuple(check(laid(tmp_path, text, process)))
    except DefinitionError as error:
        found = error.problems
    return [
        (one.message.id.removeprefix("definition."), one.line, one.column)
        for one in found
        if one.file.endswith("own.yaml")
    ] or [one.message.id for one in found]


OWN = """
label: {sv: Våra slag, en: Our kinds}
keeps: [other]
codes:
  egen_pipe: {sv: Rör, en: Pipe, under: water}
  egen_theft: {sv: Stöld, en: Theft}
"""


def test_own_codes__stand_below_the_code_they_are_under_and_hide_what_is_not_kept(tmp_path):
    document = laid(tmp_path, OWN)
    codes = document.process.lists["kind"]
    assert check(document) == []
    assert codes.label.sv == "Våra slag"
    assert [code for code, one in codes.flat.items() if not one.retired] == [
        "egen_theft",
        "egen_pipe",
        "other",
    ]
    assert codes.below["water"] == {"water", "flood", "leak", "egen_pipe"}
    assert codes.first == ("egen_pipe", "egen_theft")


def test_own_codes__leave_every_shipped_code_as_it_was_when_nothing_is_kept_by_name(tmp_path):
    codes = laid(tmp_path, "codes: {egen_theft: {sv: Stöld, en: Theft}}").process.lists["kind"]
    in_use = [code for code, one in codes.flat.items() if not one.retired]
    assert in_use == ["egen_theft", "fire", "water", "flood", "leak", "other"]
    assert codes.first == ("egen_theft", "water")
    assert {code: one.label for code, one in codes.flat.items()}["fire"].sv == "Eld"


def test_own_codes__are_part_of_the_document_and_come_back_from_its_bytes_in_order(tmp_path):
    text = OWN + "  egen_a_last: {sv: Sist, en: Last}\n"
    document, plain = laid(tmp_path, text), load_text(PROCESS, LISTS)
    assert document.hash != plain.hash
    again = read(document.text)
    assert again.process == document.process
    assert list(again.parameters["own_kinds"]["codes"]) == ["egen_pipe", "egen_theft", "egen_a_last"]
    content = again.content
    kept = build(content["process"], load_text(PROCESS, LISTS).content["lists"], content["parameters"])
    assert kept.hash == document.hash


def test_own_codes__of_none_leave_the_document_as_it_is():
    plain = load_text(PROCESS, LISTS)
    assert plain.parameters["own_kinds"] == {}
    assert load_text(PROCESS, LISTS, {"own_kinds": ""}).hash == plain.hash


def test_own_codes__let_running_cases_adopt_them_and_other_parameters_name_them(tmp_path):
    plain, document = load_text(PROCESS, LISTS), laid(tmp_path, OWN)
    assert why_not(plain.process, document.process) == ()
    path = tmp_path / "own.yaml"
    named = load_text(PROCESS, LISTS, {"own_kinds": str(path), "always": "egen_theft, water"})
    assert check(named) == []
    assert str(named.process.steps["close"].asks[0].when).endswith("{'kind': ('egen_theft', 'water')})")


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("codes:\n  theft: {sv: Stöld, en: Theft}", "own_code_prefix", 2),
        ("codes:\n  fire: {sv: Brand, en: Fire}", "own_code_shipped", 2),
        ("codes:\n  egen_theft: {sv: Stöld}", "missing_en", 2),
        ("codes:\n  egen_pipe: {sv: Rör, en: Pipe, under: watr}", "unknown_code", 2),
        ("keeps: [fire, watr]\ncodes:\n  egen_pipe: {sv: Rör, en: Pipe, under: water}", "unknown_code", 1),
        ("first: [egen_x]\ncodes:\n  egen_pipe: {sv: Rör, en: Pipe}", "unknown_code", 1),
        ("keeps: other\nfirst: [fire]\ncodes:\n  egen_p: {sv: R, en: P, under: water}", "unknown_code", 2),
        ("keeps: [other]\ncodes:\n  egen_theft: {sv: Stöld, en: Theft}", "own_codes_hide", 1),
        ("keep: [other]\ncodes: {}", "unknown_key", 1),
        (
            "codes:\n  egen_a: {sv: A, en: A, children: {egen_b: {sv: B, en: B}}}\n  egen_b: {sv: B, en: B}",
            "code_twice",
            3,
        ),
        ("codes:\n  egen_a: {sv: A, en: A, children: {b: {sv: B, en: B}}}", "own_code_prefix", 2),
    ],
)
def test_own_codes__say_what_is_wrong_in_their_own_file(tmp_path, text, message, line):
    ((found, at, column),) = problems(tmp_path, text)
    assert (found, at) == (message, line)
    assert column >= 1


def test_own_codes__under_a_code_that_a_condition_asks_for_by_itself_are_refused(tmp_path):
    process = PROCESS.replace("{within: {kind: $always}}", "{equals: {kind: water}}").replace(
        "default: [water]", "default: [fire]"
    )
    process = process.replace(
        "asks: [kind]}", "asks: [kind, {field: story, when: {within: {kind: $always}}}]}"
    )
    assert problems(tmp_path, "codes:\n  egen_p: {sv: Rör, en: Pipe, under: water}", process) == [
        ("own_code_unseen", 2, 38)
    ]
    assert problems(
        tmp_path, "keeps: [fire]\ncodes:\n  egen_p: {sv: Rör, en: Pipe, under: water}", process
    ) == [("own_codes_hide", 1, 1 + len("keeps: "))]


def test_own_codes__that_are_no_file_or_no_mapping_are_refused(tmp_path):
    with pytest.raises(DefinitionError) as error:
        load_text(PROCESS, LISTS, {"own_kinds": str(tmp_path / "nowhere.yaml")})
    assert [one.message.id for one in error.value.problems] == ["definition.no_file"]
    with pytest.raises(ParameterError) as refused:
        laid(tmp_path, "- a\n- b\n")
    assert refused.value.accepted.id == "definition.accepts.own_codes"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("list: kind, label: {sv: Egna", "list: grade, label: {sv: Egna"), "own_codes_scale"),
        (("own_codes, list: kind,", "own_codes,"), "needs_a_list"),
    ],
)
def test_own_codes__are_for_one_list_of_choices(change, message):
    text = PROCESS.replace(*change).replace(
        "  story:", "  grade: {type: scale, list: grade, label: {sv: G, en: G}, statistics: true}\n  story:"
    )
    text = text.replace("asks: [kind]", "asks: [kind, grade]")
    assert f"definition.{message}" in [one.message.id for one in check(load_text(text, LISTS))]


def test_own_codes__for_a_list_that_has_them_already_are_refused():
    again = "  more: {type: own_codes, list: kind, label: {sv: Fler, en: More}, default: {}}\n  always:"
    found = check(load_text(PROCESS.replace("  always:", again), LISTS))
    assert [one.message.id for one in found] == ["definition.own_codes_twice"]


def test_gone__finds_an_own_code_that_was_removed_or_moved_but_not_one_that_is_retired(tmp_path):
    def lists(text):
        return laid(tmp_path, text).process.lists

    before = lists(OWN)
    retired = OWN.replace("en: Theft}", "en: Theft, retired: true}")
    moved = OWN.replace("en: Theft}", "en: Theft, under: water}")
    without = "\n".join(OWN.splitlines()[:-1])
    assert list(gone(before, lists(retired))) == []
    assert [code for code, _ in gone(before, lists(moved))] == ["egen_theft"]
    assert [code for code, _ in gone(before, lists(without))] == ["egen_theft"]
