"""Definitions through the service: published, set, adopted, refused."""

import json

import pytest

from engine.cases.reorganisation import Appoint
from engine.errors import (
    ByLawError,
    DefinitionError,
    NotAdministratorError,
    OlderVersionError,
    ParameterError,
    RefusedError,
    UnknownParameterError,
    UnknownProcessError,
    UnpublishableError,
)
from tests.cases.toy import LISTS, ORDER, REPAIR
from tests.service.house import organise


@pytest.fixture
def folder(tmp_path):
    """A folder for definition files, with the lists beside them."""
    path = tmp_path / "own"
    path.mkdir()
    (path / "lists.yaml").write_text(LISTS)
    return path


def publish(house, folder, text, *, by="boss", **params):
    path = folder / "process.yaml"
    path.write_text(text)
    return house.by(by).processes.publish(str(path), params)


def version(number, *changes, of=REPAIR):
    """A later version of a process, with pieces of text replaced."""
    text = of.replace("version: 1", f"version: {number}", 1)
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


MUSTS = """musts:
  told_at_once:
    label: {sv: Det som hittas anmäls, en: What is found is told}
    source: {text: 1938:121 1 §, mark: V}
"""
OTHER_WAY = ("to: told, by: [reporter]", "to: open, by: [reporter]")
"""A change that a running case cannot adopt."""


def answered(house, reference):
    """The status after a question and its answer."""
    house.take("keeper", reference, "question", why="x")
    return house.take("kim", reference, "answer", story="y").state


def hash_of(house, reference):
    return house.rows(
        "SELECT d.hash FROM cases c JOIN streams s ON s.id = c.id JOIN definitions d ON d.id = c.definition_id "
        "WHERE s.name = :name",
        name=reference,
    )[0][0]


def newest(house):
    return {row.process: (row.version, row.hash) for row in house.by("kim").processes.list()}


# --- publishing


def test_publish__second_time_nothing_happens(house, folder):
    before = house.everything()
    assert publish(house, folder, REPAIR).unchanged
    assert house.everything() == before


def test_publish__an_older_version_over_a_newer_is_refused(house, folder):
    publish(house, folder, version(3))
    before = house.everything()
    with pytest.raises(OlderVersionError) as error:
        publish(house, folder, REPAIR)
    assert (error.value.version, error.value.newest) == (1, 3)
    assert house.everything() == before


def test_params__a_time_of_nothing_is_refused_unless_the_definition_says_so(house, folder):
    for nothing in ("0 working days", "0 dagar"):
        with pytest.raises(ParameterError):
            publish(house, folder, REPAIR, days=nothing)
    publish(house, folder, version(2, ("{type: period,", "{type: period, minimum: 0,")), days="0 days")
    assert house.by("kim").processes.params("repair")[0].value == "0 days"


def test_publish__is_for_administrators(house, folder):
    before = house.everything()
    for person in ("kim", "head", "keeper"):
        with pytest.raises(NotAdministratorError):
            publish(house, folder, version(2), by=person)
    organise(house.by("boss"), Appoint("kim", "administrator", "bjork", "2020-01-01"))
    with pytest.raises(NotAdministratorError):
        publish(house, folder, version(2), by="kim")
    assert {**house.everything(), **dict.fromkeys(("appointments", "events", "streams", "unsealed"))} == {
        **before, **dict.fromkeys(("appointments", "events", "streams", "unsealed"))
    }  # fmt: skip


def test_publish__a_faulty_file_tells_everything_and_changes_nothing(house, folder):
    before = house.everything()
    text = version(2, ("opens: told", "opens: nowhere"), ("by: [reporter]", "by: [nobody_known]"))
    with pytest.raises(DefinitionError) as error:
        publish(house, folder, text)
    assert len(error.value.problems) >= 2
    assert all(problem.line for problem in error.value.problems)
    for broken in ("", "a: [", "process: repair", "- 1", "\x00", "process: repair\nprocess: repair\n"):
        with pytest.raises(DefinitionError):
            publish(house, folder, broken)
    assert house.everything() == before
    assert house.by("kim").processes.check(str(folder / "process.yaml"))


@pytest.mark.parametrize("key", ["nothing", "../lists", "/nowhere/process.yaml", "", ".", "repair/"])
def test_publish__what_is_no_process_is_unknown(house, key):
    with pytest.raises(UnknownProcessError):
        house.by("boss").processes.publish(key)


@pytest.mark.parametrize("prefix", ["ORD", "ord", "ÖRD", "Ord"])
def test_publish__prefix_of_another_process_is_refused(house, folder, prefix):
    text = version(1, ("process: repair", "process: mend"), ("reference: REP", f"reference: {prefix}"))
    with pytest.raises((UnpublishableError, DefinitionError)):
        publish(house, folder, text)
    assert set(newest(house)) == {"repair", "order"}


def test_publish__the_prefix_a_process_once_had_stays_its_own(house, folder):
    house.tell()
    publish(house, folder, version(2, ("reference: REP", "reference: LAG")))
    with pytest.raises(UnpublishableError):
        publish(house, folder, version(1, ("process: order", "process: other"), ("ORD", "REP"), of=ORDER))


# --- parameters


def test_params__are_set_by_publishing_and_kept_by_the_next_version(house, folder):
    first = newest(house)["repair"][1]
    changed = publish(house, folder, REPAIR, days="3 working days")
    assert not changed.unchanged
    (days,) = house.by("kim").processes.params("repair")
    assert (str(days.value), days.changed) == ("3 working days", True)
    publish(house, folder, version(2, ("en: Repair}", "en: Mending}")))
    (days,) = house.by("kim").processes.params("repair")
    assert (str(days.value), str(days.default), days.changed) == ("3 working days", "5 working days", True)
    assert publish(house, folder, version(2, ("en: Repair}", "en: Mending}"))).unchanged
    assert newest(house)["repair"][1] != first


def test_params__can_be_set_back(house, folder):
    first = newest(house)["repair"]
    publish(house, folder, REPAIR, days="3 working days")
    back = publish(house, folder, REPAIR, days="5 working days")
    assert (not back.unchanged, newest(house)["repair"]) == (True, first)
    assert house.take("keeper", house.tell(), "question", why="x").state == "asked"


def test_params__hold_for_new_deadlines(house, folder):
    publish(house, folder, REPAIR, days="1 working day")
    (deadline,) = house.by("keeper").cases.show(house.tell()).deadlines
    assert str(deadline.due_on) == "2026-03-03"


def test_params__unknown_or_wrong_are_refused(house, folder):
    with pytest.raises(UnknownParameterError):
        publish(house, folder, REPAIR, dayz="3 working days")
    for wrong in ("three", "", "-1 days", "5"):
        with pytest.raises(ParameterError):
            publish(house, folder, REPAIR, days=wrong)


def test_params__cannot_set_what_the_law_demands(house, folder):
    text = version(2, ("roles: {keeper: content", f"{MUSTS}roles: {{keeper: content"))
    publish(house, folder, text)
    assert [(one.name, one.label.sv, one.source) for one in house.by("kim").processes.musts("repair")] == [
        ("told_at_once", "Det som hittas anmäls", "1938:121 1 §")
    ]
    before = house.everything()
    with pytest.raises(ByLawError) as error:
        publish(house, folder, text, told_at_once="never")
    assert (error.value.label.sv, error.value.source) == ("Det som hittas anmäls", "1938:121 1 §")
    assert house.everything() == before
    assert "told_at_once" in json.loads(house.by("kim").processes.show("repair"))["process"]["musts"]


def test_params__of_what_is_not_published_are_unknown(house):
    for call in (house.by("kim").processes.params, house.by("kim").processes.show):
        with pytest.raises(UnknownProcessError) as error:
            call("repare")
        assert "repair" in error.value.suggestions


def test_show__is_the_published_document_to_the_byte(house):
    import hashlib

    text = house.by("kim").processes.show("repair")
    assert hashlib.sha256(text).hexdigest() == newest(house)["repair"][1]


# --- running cases


def test_adoption__a_compatible_version_is_adopted_at_the_next_event(house, folder):
    reference = house.tell()
    old = hash_of(house, reference)
    new = "  new: {label: {sv: Ny, en: New}, from: any_open, stays: true, by: [keeper]}"
    publish(house, folder, version(2, ("  note: {label:", f"{new}\n  note: {{label:")))
    assert hash_of(house, reference) == old
    assert "new" in [step.step for step in house.by("keeper").cases.steps(reference)]
    house.take("keeper", reference, "new")
    assert hash_of(house, reference) == newest(house)["repair"][1] != old
    assert [event.seq for event in house.by("keeper").cases.history(reference)] == [1, 2]


def test_adoption__an_incompatible_version_is_for_new_cases_only(house, folder):
    reference = house.tell()
    old = hash_of(house, reference)
    publish(house, folder, version(2, OTHER_WAY))
    assert answered(house, reference) == "told"
    assert hash_of(house, reference) == old
    assert answered(house, house.tell()) == "open"


def test_adoption__goes_past_an_incompatible_version_to_one_that_fits(house, folder):
    reference = house.tell()
    publish(house, folder, version(2, OTHER_WAY))
    publish(house, folder, version(3, ("en: Repair}", "en: Mending}")))
    house.take("keeper", reference, "question", why="x")
    assert hash_of(house, reference) == newest(house)["repair"][1]


def test_adoption__a_door_that_was_open_sees_the_new_version(house, folder):
    house.tell()
    kim = house.by("kim").cases
    publish(
        house,
        folder,
        version(2, ("asks: [story]\n    may_ask: [found,", "asks: [story, flag]\n    may_ask: [found,")),
    )
    assert "flag" in [field.field for field in kim.opening_form("repair").fields if field.required]
    with pytest.raises(RefusedError) as error:
        kim.open_case("repair", unit="bjork", values={"story": "x"})
    assert [fault.field for fault in error.value.refusal.faults] == ["flag"]


def test_adoption__cases_of_both_versions_are_listed_and_shown(house, folder):
    one = house.tell(damage="wet")
    publish(house, folder, version(2, OTHER_WAY, ("en: Told}", "en: Heard}")))
    two = house.tell(damage="torn")
    rows = house.by("keeper").register.cases().rows
    assert [(row.reference, row.state_label.en) for row in rows] == [(two, "Heard"), (one, "Told")]
    assert house.by("keeper").cases.show(one).version == 1
    assert house.by("keeper").cases.show(two).version == 2


def test_in_order__opened_processes_come_first(house):
    order = house.by("boss").processes.in_order()
    assert sorted(order) == sorted(house.by("boss").processes.shipped_keys())


OURS = "codes:\n  egen_ink: {sv: Bläck, en: Ink, under: wet}\n  egen_dog: {sv: Hund, en: Dog}\n"
OWN_DAMAGE = "  own_damage: {type: own_codes, list: damage, label: {sv: Egna, en: Own}, default: {}}\n"
OWN_REPAIR = REPAIR.replace("parameters:\n", f"parameters:\n{OWN_DAMAGE}", 1)
OWN_ORDER = ORDER.replace("links:\n", f"parameters:\n{OWN_DAMAGE}links:\n", 1)


def own_file(folder, text):
    path = folder / "ours.yaml"
    path.write_text(text)
    return str(path)


def lay_own_codes(house, folder):
    """Own codes laid over the list of both processes: what one copies the other must know."""
    file = own_file(folder, OURS)
    publish(house, folder, version(2, of=OWN_ORDER), own_damage=file)
    return publish(house, folder, version(2, of=OWN_REPAIR), own_damage=file)


def test_own_codes__can_be_chosen_at_once_and_stay_when_it_is_published_again(house, folder):
    running = house.tell()
    laid = lay_own_codes(house, folder)
    reference = house.tell(damage="egen_ink")
    house.take("keeper", running, "question", why="x")
    assert hash_of(house, running) == hash_of(house, reference) == laid.hash
    assert publish(house, folder, version(2, of=OWN_REPAIR)).unchanged
    later = publish(house, folder, version(3, of=OWN_REPAIR))
    (param,) = [one for one in house.by("boss").processes.params("repair") if one.name == "own_damage"]
    assert (param.changed, list(param.value["codes"])) == (True, ["egen_ink", "egen_dog"])
    assert (later.version, hash_of(house, house.tell(damage="Hund"))) == (3, later.hash)


@pytest.mark.parametrize("text", ["", "codes: {egen_ink: {sv: Bläck, en: Ink}}"])
def test_own_codes__are_never_removed_nor_moved(house, folder, text):
    laid = lay_own_codes(house, folder)
    with pytest.raises(DefinitionError) as error:
        publish(house, folder, version(2, of=OWN_REPAIR), own_damage=own_file(folder, text) if text else "")
    found = [(one.message.id, one.message.arguments["code"]) for one in error.value.problems]
    assert found == [("definition.own_code_gone", code) for code in ("egen_dog", "egen_ink")]
    retired = OURS.replace("en: Dog}", "en: Dog, retired: true}")
    publish(house, folder, version(2, of=OWN_REPAIR), own_damage=own_file(folder, retired))
    assert newest(house)["repair"][1] != laid.hash
    with pytest.raises(RefusedError):
        house.tell(damage="egen_dog")


def test_own_codes__that_another_process_would_be_given_and_lacks_are_refused(house, folder):
    with pytest.raises(DefinitionError) as error:
        publish(house, folder, version(2, of=OWN_REPAIR), own_damage=own_file(folder, OURS))
    (problem,) = error.value.problems
    assert problem.message.id == "definition.copy_other_codes"
    assert problem.message.arguments["codes"] == ("egen_dog", "egen_ink")
