"""A case that is marked when it is opened: what whoever sent it sees of it, what others see, what is written down."""

import pytest

from engine.errors import UnknownCaseError
from tests.cases.toy import WHISPERING
from tests.service.house import publish

SECRET = "hemligt om grannen"


@pytest.fixture(autouse=True)
def whispering(house, tmp_path):
    """Repairs that can be told of in secret too."""
    publish(house.door(), tmp_path / "own", repair=WHISPERING)


def whisper(house, person="keeper", **more):
    return house.by(person).cases.open_case(
        "repair", step="whisper", unit="bjork", values={"story": SECRET, "damage": "torn"}, **more
    )


def shown(house, person, reference):
    return {field.field for field in house.by(person).cases.show(reference).fields}


def test_opening__answers_whoever_sent_it_though_they_may_not_read_it(house):
    result = whisper(house)
    assert (result.reference, result.seq, result.state) == ("REP-2026-0001", 1, "told")
    assert [task.step for task in result.next] == ["look", "confirm"]
    page = house.by("keeper").cases.show(result.reference)
    assert (page.level, page.own_report) == ("envelope", True)
    assert [mark.sv for mark in page.marks] == ["Förseglad"]
    assert {field.field for field in page.fields} == {"story", "damage"}, "what they sent themselves"


def test_what_others_add__is_kept_from_whoever_sent_it(house):
    reference = whisper(house).reference
    house.take("both", reference, "question", why=SECRET)
    assert shown(house, "keeper", reference) == {"story", "damage"}
    assert shown(house, "both", reference) == {"story", "damage", "why"}
    with pytest.raises(UnknownCaseError):
        house.by("lo").cases.show(reference)


def test_reading_a_marked_case__is_written_down_from_the_first(house):
    reference = whisper(house).reference
    with pytest.raises(UnknownCaseError):
        house.by("guard").cases.show(reference)
    house.by("head").cases.show(reference)
    said = [(person, of, outcome) for person, _, of, _, outcome in house.accesses()]
    assert ("head", reference, "shown") in said, "the mark let the head keep reading"
    assert ("guard", reference, "refused") in said, "a mark raises nobody"


def test_search_and_lists__leave_the_content_out(house):
    reference = whisper(house).reference
    told = house.tell("kim", story=SECRET)

    def found(person, **wanted):
        return {row.reference for row in house.by(person).register.cases(**wanted).rows}

    assert found("both") == {reference, told}
    assert found("head", search="grannen") == {reference, told}, "the mark let the head keep reading"
    assert found("keeper", search="grannen") == {told}, "their role gives the one they did not mark"


def test_draft__becomes_the_marked_case(house):
    keeper = house.by("keeper")
    number = keeper.drafts.save("repair", None, "whisper", {"values": {"story": SECRET}}).id
    result = whisper(house, draft=number)
    assert keeper.drafts.list() == ()
    assert house.by("keeper").cases.show(result.reference).own_report


def test_marked_case__can_be_opened_for_another_and_have_one_opened_for_it(house):
    first = house.tell()
    second = whisper(house, link_to=first).reference
    assert [link.reference for link in house.by("keeper").cases.show(second).links] == [first]
    third = whisper(house, person="keeper", link_to=second).reference
    assert second in {link.reference for link in house.by("keeper").cases.show(third).links}
    with pytest.raises(UnknownCaseError):
        whisper(house, person="lo", link_to=second)


def test_audit__replays_the_mark_of_the_opening_event(house):
    whisper(house)
    assert house.by("head").audit.verify().ok
