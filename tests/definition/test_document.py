"""The published document: the same bytes for the same content, the order kept, parameters in place."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.definition.document import build, read, resolve
from engine.definition.load import load_process, load_text
from engine.errors import DefinitionError, DocumentError, ParameterError, UnknownParameterError
from engine.ledger import canonical

HERE = Path(__file__).parent
TOY = load_process(HERE / "toy.yaml")


def toy(**overrides):
    return load_process(HERE / "toy.yaml", overrides=overrides)


def test_document__has_the_hash_of_its_bytes_and_comes_back_from_them():
    again = read(TOY.text)
    assert again == TOY
    assert again.process == TOY.process
    assert again.parameters == TOY.parameters
    assert len(TOY.hash) == 64


def test_document__keeps_the_order_people_see():
    again = read(TOY.text).process
    assert list(again.steps) == list(TOY.process.steps)
    assert list(again.fields["parts"].columns) == ["piece", "kind", "left_as_is"]
    assert list(again.lists["damage"].flat) == ["spine", "loose", "torn", "pages", "water", "mould"]
    assert again.opening_steps[0] == "report"


def test_document__changes_its_hash_with_the_order_of_steps():
    content = TOY.content
    content["process"]["steps"] = dict(reversed(content["process"]["steps"].items()))
    assert build(content["process"], content["lists"]).hash != TOY.hash


def test_document__takes_only_the_lists_it_uses():
    lists = (
        HERE / "lists.yaml"
    ).read_text() + "  unused: {label: {sv: A, en: B}, codes: {a: {sv: A, en: B}}}\n"
    document = load_text((HERE / "toy.yaml").read_text(), lists)
    assert "unused" not in document.process.lists
    assert document == TOY


def test_document__takes_only_the_roles_it_has():
    lists = (HERE / "lists.yaml").read_text()
    more = lists.replace("    codes:\n", "    codes:\n      stranger: {sv: Främling, en: Stranger}\n", 1)
    assert more.index("stranger") > more.index("roles:")
    assert load_text((HERE / "toy.yaml").read_text(), more) == TOY
    assert set(TOY.process.lists["roles"].flat) == set(TOY.process.roles)


def test_document__takes_every_role_where_a_field_is_one():
    text = (HERE / "toy.yaml").read_text()
    asked = text.replace(
        "fields:\n", "fields:\n  post: {type: choice, list: roles, label: {sv: P, en: P}}\n", 1
    )
    lists = (HERE / "lists.yaml").read_text()
    assert len(load_text(asked, lists).process.lists["roles"].flat) > len(TOY.process.roles)


def test_document__is_built_again_from_its_content_with_other_parameters():
    content = TOY.content
    again = build(content["process"], content["lists"], {**content["parameters"], "threshold": 6})
    assert again == toy(threshold="6")
    assert again.hash != TOY.hash


def test_document__types_what_steps_set_as_the_field_holds_it():
    sets = TOY.process.steps["start"].sets
    assert sets["is_rare"].value is False
    assert sets["track"].value == "readable"


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        TOY.text.replace(b'"format":1', b'"format":2'),
        TOY.text + b" ",
        TOY.text.replace(b'"type":"person"', b'"type":"human"'),
        canonical.encode({**TOY.content, "order": {"process.steps": ["report"]}}),
        canonical.encode({**TOY.content, "order": {"no.where": []}}),
        canonical.encode({**TOY.content, "lists": []}),
    ],
)
def test_read__refuses_what_is_no_document(text):
    with pytest.raises(DocumentError):
        read(text)


def test_build__refuses_what_is_no_mapping():
    with pytest.raises(DefinitionError):
        build(["process"], {})


def test_resolve__puts_values_in_their_places():
    tree = {
        "parameters": {"days": {"default": "$days"}},
        "period": "$days",
        "by": ["a", "$roles", "$unit"],
        "when": [{"at_least": {"x": "$least"}}, "$check"],
    }
    values = {"days": "3 days", "roles": ["b", "c"], "least": 4, "check": {"all": [{"filled": "y"}]}}
    assert resolve(tree, values) == {
        "parameters": {"days": {"default": "$days"}},
        "period": "3 days",
        "by": ["a", "b", "c", "$unit"],
        "when": [{"at_least": {"x": 4}}, {"all": [{"filled": "y"}]}],
    }


def test_resolve__leaves_a_text_that_only_contains_a_reference():
    assert resolve({"a": "about $days days"}, {"days": 3}) == {"a": "about $days days"}


ACCEPTED = {
    "days_to_judge": ("3  working days", "3 working days"),
    "threshold": ("6", 6),
    "menders": ("librarian, binder", ["librarian", "binder"]),
    "always_judged": ([], []),
    "second_pair_of_eyes": ("{at_least: {weight: 4}}", {"at_least": {"weight": "4"}}),
    "librarian_keeps": ("read", "read"),
    "bulk_note": ("Kastas", "Kastas"),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_parameter__is_taken_as_its_type(name):
    given, kept = ACCEPTED[name]
    assert toy(**{name: given}).parameters[name] == kept


@pytest.mark.parametrize("constant", ["always", "never"])
def test_parameter__switches_a_condition_on_and_off(constant):
    guard = toy(second_pair_of_eyes=constant).process.steps["start"].when[0]
    assert guard.any[1].not_.constant == constant


REFUSED = [
    ("days_to_judge", "31 days", "period_between"),
    ("days_to_judge", "soon", "period_between"),
    ("days_to_judge", 5, "period_between"),
    ("threshold", "0", "number_between"),
    ("threshold", "7", "number_between"),
    ("threshold", "4.5", "number_between"),
    ("threshold", "²", "number_between"),
    ("threshold", True, "number_between"),
    ("threshold", "9" * 400, "number_between"),
    ("menders", "janitor", "roles"),
    ("menders", "", "roles"),
    ("menders", "binder, binder", "roles"),
    ("menders", {"binder": 1}, "roles"),
    ("always_judged", "water, fire", "codes"),
    ("always_judged", "mould", "codes"),
    ("second_pair_of_eyes", "sometimes", "condition"),
    ("second_pair_of_eyes", "{at_lest: {weight: 4}}", "condition"),
    ("second_pair_of_eyes", "{at_least: {weight: 4}", "condition"),
    ("second_pair_of_eyes", "{filled: wieght}", "condition_fields"),
    ("librarian_keeps", "everything", "keeps"),
    ("bulk_note", " ", "text"),
    ("bulk_note", "x" * 501, "text"),
]


@pytest.mark.parametrize(("name", "given", "accepted"), REFUSED)
def test_parameter__refuses_with_what_is_accepted(name, given, accepted):
    with pytest.raises(ParameterError) as caught:
        toy(**{name: given})
    assert caught.value.name == name
    assert caught.value.accepted.id == f"definition.accepts.{accepted}"
    assert len(caught.value.given) <= 80


def test_parameter__that_is_not_declared_is_refused_with_those_that_are():
    with pytest.raises(UnknownParameterError) as caught:
        toy(treshold=4)
    assert "threshold" in caught.value.known


@pytest.mark.parametrize(("kind", "given", "kept"), [("yes_no", "ja", True), ("yes_no", "false", False)])
def test_parameter__reads_yes_and_no(kind, given, kept):
    text = (
        (HERE / "toy.yaml")
        .read_text()
        .replace(
            "parameters:\n",
            f"parameters:\n  open: {{type: {kind}, label: {{sv: A, en: B}}, default: {given}}}\n",
        )
    )
    text = text.replace("    opens: reported\n", "    opens: reported\n    once: $open\n")
    document = load_text(text, (HERE / "lists.yaml").read_text())
    assert document.parameters["open"] is kept
    assert document.process.steps["report"].once is kept


def test_parameter__chooses_a_list():
    text = (
        (HERE / "toy.yaml")
        .read_text()
        .replace(
            "parameters:\n", "parameters:\n  which: {type: list, label: {sv: A, en: B}, default: verdict}\n"
        )
    )
    text = text.replace("verdict: {type: choice, list: verdict,", "verdict: {type: choice, list: $which,")
    lists = (HERE / "lists.yaml").read_text()
    assert load_text(text, lists).process.fields["verdict"].list == "verdict"
    assert load_text(text, lists, {"which": "value"}).process.fields["verdict"].list == "value"
    with pytest.raises(ParameterError):
        load_text(text, lists, {"which": "nothing"})
