"""Soundness beyond single faults: other processes, warnings, and what must not be taken for a fault."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import TypeAdapter

from engine.definition.check import check, check_file, warnings
from engine.definition.condition import Condition
from engine.definition.load import load_process, load_text
from engine.definition.soundness.verdict import verdict

HERE = Path(__file__).parent
SOUND = (HERE / "sound.yaml").read_text()
LISTS = (HERE / "lists.yaml").read_text()
TOY = load_process(HERE / "toy.yaml")


def ids(text, known=None, lists=LISTS):
    return [p.message.id.removeprefix("definition.") for p in check(load_text(text, lists), known)]


def changed(*pairs):
    text = SOUND
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text


OPENS = "    to: found\n    opens_case: {process: book_repair, step: report, link: follows, copies: {%s}}\n"


def test_check__is_content_with_the_toy():
    assert check(TOY) == []
    assert warnings(TOY) == []


def test_check__says_the_same_of_a_document_that_comes_from_no_file():
    from engine.definition.document import build

    content = load_text(changed(("by: finder\n    asks: spots", "by: findr\n    asks: spots")), LISTS).content
    (problem,) = check(build(content["process"], content["lists"]))
    assert (problem.file, problem.line, problem.path) == ("", 0, "steps.look.by.0.role")


def test_check_file__gives_the_document_of_a_sound_file():
    document, problems = check_file(HERE / "toy.yaml")
    assert (document, problems) == (TOY, [])


def test_opens_case__of_an_unknown_process_is_a_warning_only():
    text = changed(("    to: found\n", OPENS % "story: story"))
    document = load_text(text, LISTS)
    assert check(document) == []
    (warning,) = warnings(document)
    assert warning.message.id == "definition.opens_unpublished"
    assert text.split("\n")[warning.line - 1][warning.column - 1 :].startswith("book_repair")


def test_opens_case__of_a_known_process_must_give_what_it_requires():
    text = changed(("    to: found\n", OPENS % "story: story"))
    known = {"book_repair": TOY.process}
    assert ids(text, known) == ["copy_missing"]
    assert warnings(load_text(text, LISTS), known) == []
    assert ids(changed(("    to: found\n", OPENS % "story: story, found_on: lost_on")), known) == []


@pytest.mark.parametrize(
    ("copies", "what"),
    [
        ("story: story, found_on: lost_on, nothing: story", "unknown_field_there"),
        ("story: story, found_on: nothing", "unknown_field"),
        ("story: story, found_on: story", "copy_other_type"),
    ],
)
def test_opens_case__refuses_a_copy_that_does_not_fit(copies, what):
    assert ids(changed(("    to: found\n", OPENS % copies)), {"book_repair": TOY.process}) == [what]


def test_never_asked__is_not_said_of_a_field_that_another_process_copies_in():
    text = changed(("asks: [story, damage, lost_on]", "asks: [story, damage]"))
    assert ids(text) == ["never_asked"]
    other = (
        (HERE / "toy.yaml")
        .read_text()
        .replace(
            "    asks: [new_shelf, reason]\n",
            "    asks: [new_shelf, reason]\n"
            "    opens_case: {process: lost_umbrella, step: report, link: follows,"
            " copies: {story: story, damage: damage, lost_on: found_on}}\n",
        )
    )
    assert ids(text, {"book_repair": load_text(other, LISTS).process}) == []


def test_linked__asks_only_what_some_known_process_has():
    text = changed(
        ("{different_person_from: report}", "{linked: {kind: follows, at_least: 1, each: {filled: verdit}}}")
    )
    assert ids(text) == []
    assert ids(text, {"book_repair": TOY.process}) == ["unknown_field_there"]
    assert ids(text.replace("verdit", "verdict"), {"book_repair": TOY.process}) == []


def test_reference__is_used_by_one_process_only():
    assert ids(changed(("reference: PAR", "reference: BOK")), {"book_repair": TOY.process}) == [
        "reference_taken"
    ]


def test_role__without_steps_may_read_envelopes_or_be_chosen_by_a_parameter():
    assert ids(changed(("  keeper: content", "  keeper: content\n  janitor: envelope"))) == []
    text = changed(
        ("  keeper: content", "  keeper: content\n  janitor: content"),
        ("  days:\n", "  who: {type: role, label: {sv: A, en: B}, default: keeper}\n  days:\n"),
        ("{person_in: owner}, keeper]", "{person_in: owner}, $who]"),
    )
    assert ids(text) == []


def test_roles__have_labels():
    lists = LISTS.replace("      keeper: {sv: vårdare, en: keeper}\n", "")
    assert ids(SOUND, lists=lists) == ["role_without_label"]
    before, _, after = LISTS.partition("  roles:\n")
    rest = after[after.index("\n  damage:") :]
    assert ids(SOUND, lists=f"{before}{rest}") == ["role_without_label"] * 2


def test_list__refuses_vet_inte_as_a_code_and_a_scale_of_words():
    lists = LISTS.replace("      water:", "      vet_inte: {sv: Vet inte, en: Unknown}\n      water:")
    assert ids(SOUND, lists=lists) == ["unknown_as_code"]
    assert ids(SOUND, lists=LISTS.replace("      3: {sv: Stor", "      many: {sv: Stor")) == [
        "scale_not_numeric"
    ]


def test_list__has_each_code_once_in_the_whole_tree():
    lists = LISTS.replace("      water: {sv: Vatten, en: Water}", "      loose: {sv: Lös, en: Loose}")
    assert ids(SOUND, lists=lists) == ["code_twice"]


def test_constant__from_a_parameter_is_no_fault():
    parameter = "  check: {type: condition, label: {sv: A, en: B}, default: never}\n  days:\n"
    text = changed(("  days:\n", parameter), ("- {at_least: {worth: 2}}", "- $check\n      - {not: $check}"))
    assert ids(text) == []


def test_staying_step__may_name_a_final_state():
    assert ids(changed(("    from: lost\n    stays", "    from: [lost, returned]\n    stays"))) == []


def test_deadline__may_count_from_a_step_that_stays():
    assert ids(changed(("      from: report\n", "      from: look\n"))) == []


def test_deadline__of_a_repeatable_step_may_count_from_itself():
    due = "    stays: true\n    due: {period: 3 days, from: look}\n"
    assert ids(changed(("    stays: true\n", due))) == []


PROCESS = TOY.process
HOLDS = [
    ({"equals": {"damage": "water"}}, None),
    ({"all": [{"equals": {"damage": "water"}}, {"one_of": {"damage": ["pages", "spine"]}}]}, "never"),
    ({"all": [{"within": {"damage": "spine"}}, {"equals": {"damage": "loose"}}]}, None),
    ({"all": [{"within": {"damage": "spine"}}, {"equals": {"damage": "pages"}}]}, "never"),
    ({"all": [{"has": {"more_damage": "water"}}, {"has": {"more_damage": "pages"}}]}, None),
    ({"all": [{"has": {"more_damage": "water"}}, {"not": {"has": {"more_damage": "water"}}}]}, "never"),
    ({"all": [{"at_least": {"weight": 4}}, {"at_most": {"weight": 3}}]}, "never"),
    ({"all": [{"at_least": {"weight": 4}}, {"at_most": {"weight": 4}}]}, None),
    ({"any": [{"filled": "damage"}, {"not": {"filled": "damage"}}]}, "always"),
    ({"any": [{"equals": {"is_rare": True}}, {"equals": {"is_rare": False}}]}, None),
    ({"any": [{"known": "worth"}, {"not": {"known": "worth"}}]}, "always"),
    ({"all": [{"filled": "worth"}, {"not": {"known": "worth"}}]}, None),
    ({"all": [{"filled": "extent"}, {"not": {"known": "extent"}}]}, "never"),
    ({"all": [{"in_state": "judged"}, {"is_final": True}]}, "never"),
    ({"all": [{"taken": "judge"}, {"not": {"taken": "judge"}}]}, "never"),
    ({"any": [{"linked": "follows"}, {"not": {"linked": "follows"}}]}, "always"),
    ({"all": [{"after": ["mended_on", "found_on"]}, {"after": ["found_on", "mended_on"]}]}, None),
    ({"all": [{"at_least": {"pages": 9000}}, {"at_most": {"pages": 100}}]}, "never"),
    ({"all": [{"linked": "follows"}, "never"]}, None),
]


@pytest.mark.parametrize(("tree", "expected"), HOLDS)
def test_verdict__says_what_can_and_cannot_hold(tree, expected):
    condition = TypeAdapter(Condition).validate_python(tree)
    assert verdict(PROCESS, [condition], PROCESS.states, PROCESS.fields) == expected


def test_first__names_codes_in_use_once():
    def first(codes):
        return LISTS.replace(
            "    label: {sv: Skada, en: Damage}", f"    label: {{sv: Skada, en: Damage}}\n    first: {codes}"
        )

    assert ids(SOUND, lists=first("[water, loose]")) == []
    assert ids(SOUND, lists=first("[water, fire]")) == ["unknown_code"]
    assert ids(SOUND, lists=first("[mould]")) == ["retired_code"]
    assert ids(SOUND, lists=first("[water, water]")) == ["named_twice"]


def test_title__may_take_the_first_of_several_coded_fields():
    assert ids(changed(('"{damage}, {unit}"', '"{extent|damage}, {unit}"'))) == []
    assert ids(changed(('"{damage}, {unit}"', '"{damage|story}, {unit}"'))) == ["title_personal"]


@pytest.mark.parametrize("word", ["shown_to", "amended_by"])
def test_field__is_shown_to_and_corrected_by_known_roles_or_relations(word):
    statement = "{sv: Ägare, en: Owner}\n"
    assert ids(changed((statement, f"{statement}    {word}: [reporter, keeper]\n"))) == []
    assert ids(changed((statement, f"{statement}    {word}: [janitor]\n"))) == ["unknown_role"]


def test_shown_to__is_one_kind_past_marks_that_are_there():
    statement = "{sv: Ägare, en: Owner}\n"

    def shown(sight):
        return ids(changed((statement, f"{statement}    shown_to: [{sight}]\n")))

    assert shown("{role: keeper, past: secret}") == []
    assert shown("{person_in: owner}") == []
    assert shown("{relation: assignee, past: [secret]}") == []
    assert shown("{role: keeper, relation: assignee}") == ["sight_one_kind"]
    assert shown("{past: [secret]}") == ["sight_one_kind"]
    assert shown("{role: keeper, past: [secrets]}") == ["unknown_mark"]
    assert shown("{person_in: story}") == ["not_a_person"]


def test_named_in__is_about_a_row_and_a_text_column_of_another_table():
    statement = "      - {at_least: {worth: 2}}"
    table = "    columns:\n      place: {type: text, label: {sv: Plats, en: Place}}\n"
    more = table + (
        "  visits:\n    type: table\n    label: {sv: Besök, en: Visits}\n    columns:\n"
        "      spot: {type: text, label: {sv: Plats, en: Spot}}\n      day: {type: date, label: {sv: Dag, en: Day}}\n"
    )
    asked = ("    asks: spots\n", "    asks: [spots, visits]\n")

    def named(condition):
        return ids(changed((table, more), asked, (statement, f"{statement}\n      - {condition}")))

    assert named("{each_row: {spots: {named_in: {visits: spot}}}}") == []
    assert named("{each_row: {spots: {named_in: {visits: day}}}}") == ["unknown_text_column"]
    assert named("{each_row: {spots: {named_in: {spots: place}}}}") == ["unknown_table"]
    assert named("{named_in: {visits: spot}}") == ["row_outside"]


def test_person_in__may_be_a_column_of_persons():
    table = "      place: {type: text, label: {sv: Plats, en: Place}}\n"
    seeker = (table, f"{table}      seeker: {{type: person, label: {{sv: Sökare, en: Seeker}}}}\n")
    by = "by: [{person_in: owner}, keeper]"
    assert ids(changed(seeker, (by, "by: [{person_in: spots.seeker}, keeper]"))) == []
    assert ids(changed(seeker, (by, "by: [{person_in: spots.place}, keeper]"))) == ["not_a_person"]
    assert ids(changed(seeker, (by, "by: [{person_in: spots.seekr}, keeper]"))) == ["unknown_person"]
