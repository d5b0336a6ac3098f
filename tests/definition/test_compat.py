"""Running cases adopt a version that only adds, and requires nothing new in what they may have passed."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.definition.compat import is_compatible, why_not
from engine.definition.document import read
from engine.definition.load import load_text
from engine.ledger import canonical

HERE = Path(__file__).parent
TOY = (HERE / "toy.yaml").read_text()
LISTS = (HERE / "lists.yaml").read_text()
OLD = load_text(TOY, LISTS).process


def changed(old, new, lists=LISTS):
    assert old in TOY or old in LISTS
    return load_text(TOY.replace(old, new, 1), lists.replace(old, new, 1)).process


COMPATIBLE = {
    "the same": ("version: 1", "version: 2"),
    "another label": ("{sv: Bedöm, en: Judge}", "{sv: Bedöm skadan, en: Judge the damage}"),
    "a new field that may be asked": (
        "  verdict: {type: choice",
        "  smell: {type: text, label: {sv: Lukt, en: Smell}}\n  verdict: {type: choice",
    ),
    "a new step": (
        "  discard:\n",
        (
            "  photograph:\n    label: {sv: Fota, en: Photograph}\n    from: judged\n    stays: true\n"
            "    by: librarian\n    asks: story\n  discard:\n"
        ),
    ),
    "one more who may": (
        "    to: waiting\n    by: librarian",
        "    to: waiting\n    by: [librarian, binder]",
    ),
    "one more state to come from": ("    from: [judged, reported]", "    from: [judged, reported, waiting]"),
    "more demanded where the case ends": (
        "    asks: [mended_on, verdict, reason]",
        "    asks: [mended_on, verdict, reason, pages]",
    ),
    "what was required may be left out": (
        "    asks: [story, found_on, $unit]\n    may_ask: [damage, pages]",
        "    asks: [found_on, $unit]\n    may_ask: [damage, pages, story]",
    ),
    "a guard taken away": ("      - {after: [mended_on, found_on]}\n", ""),
    "a wider bound": ("maximum: 9999", "maximum: 99999"),
    "a new code": ("      water:", "      smoke: {sv: Rök, en: Smoke}\n      water:"),
    "a retired code": ("en: Torn spine}", "en: Torn spine, retired: true}"),
}

INCOMPATIBLE = {
    "a field gone": ("is_rare: {type: yes_no", "is_unique: {type: yes_no", "no_field"),
    "a field of another type": ("reason: {type: text", "reason: {type: money", "changed_field"),
    "a field that counts no more": (
        "label: {sv: Klar senast, en: Ready by}, statistics: true",
        "label: {sv: Klar senast, en: Ready by}",
        "changed_field",
    ),
    "a field that must be known": ("past: true, unknown: allowed", "past: true", "changed_field"),
    "a narrower bound": ("maximum: 9999", "maximum: 99", "changed_field"),
    "a column that is required": (
        "{sv: Typ, en: Kind}",
        "{sv: Typ, en: Kind}, required: true",
        "required_column",
    ),
    "a column gone": ("      kind: {type", "      sort: {type", "no_column"),
    "a state that ends": ("expects: [give_back]}", "final: true}", "changed_state"),
    "a step gone": ("  ask_back:", "  ask_them:", "no_step"),
    "a step that leads elsewhere": (
        "    from: waiting\n    to: reported",
        "    from: waiting\n    to: judged",
        "changed_step",
    ),
    "a state left out": ("    from: [judged, reported]", "    from: [judged]", "changed_step"),
    "somebody left out": ("    by: [reporter, librarian]", "    by: [reporter]", "changed_step"),
    "a new guard": (
        "    from: waiting\n",
        "    from: waiting\n    when: {filled: story}\n",
        "changed_step",
    ),
    "a new demand": ("ready_by, $assignee]", "ready_by, $assignee, pages]", "new_demand"),
    "a demand in an opening step": (
        "[story, found_on, $unit]",
        "[story, found_on, damage, $unit]",
        "new_demand",
    ),
    "a demand that was conditional": (
        "{field: reason, when: {at_least: {extent: 3}}}",
        "reason",
        "new_demand",
    ),
    "vet inte taken no more": (
        "[story, found_on, $unit]",
        "[story, {field: found_on, unknown: not_allowed}, $unit]",
        "new_demand",
    ),
    "a harder condition of a demand": ("{at_least: {extent: 3}}", "{at_least: {extent: 2}}", "new_demand"),
    "another deadline": ("from: report, pauses_in: waiting", "from: report", "changed_step"),
    "a role of another level": ("treasurer: envelope", "treasurer: content", "changed_role"),
    "a mark that admits more": ("admits: [conservator]", "admits: [conservator, treasurer]", "changed_mark"),
    "another reference": ("reference: BOK", "reference: LAG", "changed_top"),
    "a code gone": ("      water: {sv", "      flood: {sv", "no_code"),
    "a code in use again": (", retired: true", "", "revived_code"),
    "a heading gone": ("  R9: ", "  R8: ", "no_heading"),
}


@pytest.mark.parametrize("name", COMPATIBLE)
def test_compatible__when_it_only_adds(name):
    old, new = COMPATIBLE[name]
    assert why_not(OLD, changed(old, new)) == ()


@pytest.mark.parametrize("name", INCOMPATIBLE)
def test_incompatible__says_why(name):
    old, new, what = INCOMPATIBLE[name]
    text = TOY.replace(old, new, 1)
    process = load_text(_still_readable(text, name), LISTS.replace(old, new, 1)).process
    assert not is_compatible(OLD, process)
    assert f"compat.{what}" in {reason.id for reason in why_not(OLD, process)}


def _still_readable(text, name):
    """A copy that names a renamed code must be given the new name where a parameter has it."""
    return text.replace("default: [water]", "default: [flood]") if name == "a code gone" else text


def test_compatible__is_not_the_same_both_ways():
    more = changed(*COMPATIBLE["a new step"])
    assert is_compatible(OLD, more)
    assert not is_compatible(more, OLD)


def test_compatible__when_a_guard_took_no_vet_inte_before():
    asks, guarded = "    asks: [story, found_on, $unit]\n", "    when: [{known: found_on}]\n"
    named = asks.replace("found_on", "{field: found_on, unknown: not_allowed}")
    assert asks in TOY
    old = load_text(TOY.replace(asks, asks + guarded, 1), LISTS).process
    assert is_compatible(old, load_text(TOY.replace(asks, named, 1), LISTS).process)


def test_compatible__when_the_list_of_roles_held_more_than_its_own():
    document = load_text(TOY, LISTS)
    lists = document.content["lists"]
    codes = {**lists["roles"]["codes"], "stranger": {"sv": "Främling", "en": "Stranger"}}
    more = {**lists, "roles": {**lists["roles"], "codes": codes}}
    order = {key: names for key, names in document.content["order"].items() if key != "lists.roles.codes"}
    older = read(canonical.encode({**document.content, "lists": more, "order": order})).process
    assert "stranger" in older.lists["roles"].flat
    assert is_compatible(older, document.process)
