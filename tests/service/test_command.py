"""What people do with cases through the service: done, refused, noted."""

import pytest

from engine.cases.reorganisation import AddPerson, Appoint
from engine.errors import (
    HjulError,
    RefusedError,
    UnknownCaseError,
    UnknownPersonError,
    UnknownProcessError,
    UnknownStepError,
)
from tests.service.house import NOW, OPERATOR, organise


def state(house, reference, person="both"):
    return house.by(person).cases.show(reference).state


def refused(call, *arguments, **values):
    with pytest.raises(RefusedError) as error:
        call(*arguments, **values)
    return error.value.refusal


# --- opening


def test_open__gives_the_reference_and_what_comes_next(house):
    result = house.by("kim").cases.open_case("repair", unit="Björkgården", values={"story": "våt"})
    assert (result.reference, result.state, result.seq, result.repeated) == (
        "REP-2026-0001",
        "told",
        1,
        False,
    )
    assert [(task.step, task.role) for task in result.next] == [("look", "keeper")]


@pytest.mark.parametrize(
    ("of", "values", "error"),
    [
        ("nothing", {}, UnknownProcessError),
        ("repair", {"step": "look"}, UnknownStepError),
        ("repair", {"step": "never"}, UnknownStepError),
        ("order", {"link_to": "REP-2026-0099", "values": {"what": "lim"}}, UnknownCaseError),
        ("order", {"link_to": "junk", "values": {"what": "lim"}}, UnknownCaseError),
    ],
)
def test_open__what_is_not_there_is_said_as_such(house, of, values, error):
    with pytest.raises(error):
        house.by("keeper").cases.open_case(of, unit="bjork", **values)


def test_open__a_refusal_says_everything_and_takes_no_number(house):
    refusal = refused(house.by("kim").cases.open_case, "repair", values={"damage": "burnt", "nothing": "1"})
    assert {fault.field for fault in refusal.faults} == {"story", "unit", "damage", "nothing"}
    assert house.tell() == "REP-2026-0001"


def test_open__for_a_case_one_may_not_see_is_as_if_it_were_not_there(house):
    reference = house.tell()
    organise(house.by("boss"), AddPerson("Far", "2020-01-01", code="far", login="far"))
    organise(house.by("boss"), Appoint("far", "keeper", "ek", "2020-01-01"))
    for other in (reference, "REP-2026-0099"):
        with pytest.raises(UnknownCaseError):
            house.by("far").cases.open_case("order", unit="ek", values={"what": "lim"}, link_to=other)


WHEN = [
    "2026-03-01T08:00:00-05:00", "2026-03-01T08:00Z", "2026-03-01T08:00:00.1Z", "2026-03-01 08:00",
    "2026-03-01", "2026-02-30", "0001-01-01", "9999-12-31", "2026-03-02T07:59:59Z", "2026-03-02T08:00:01Z",
    "2026-W10-1", "20260301", "2025-10-26T02:30", "2026-03-29T02:30", "igår", "", "Z", "+",
    "2026-03-01T08:00+99:00", "0001-01-01T00:00:00+14:00",
]  # fmt: skip


def test_open__any_text_for_the_time_of_the_act_is_an_instant_or_an_error_of_ours(house):
    cases, opened = house.by("kim").cases, 0
    for when in WHEN:
        try:
            result = cases.open_case("repair", unit="bjork", values={"story": "x"}, occurred_at=when)
        except HjulError:
            assert house.rows("SELECT count(*) FROM cases") == [(opened,)], when
        else:
            opened += 1
            event = cases.history(result.reference)[0]
            assert len(event.occurred_at) == len(NOW), when
            assert event.occurred_at <= event.recorded_at == NOW, when
    assert opened >= 5


def test_open__negative_offset_is_an_instant(house):
    result = house.by("kim").cases.open_case(
        "repair", unit="bjork", values={"story": "x"}, occurred_at="2026-03-01T08:00:00-05:00"
    )
    assert house.by("kim").cases.history(result.reference)[0].occurred_at == "2026-03-01T13:00:00.000000Z"


# --- steps


def test_step__reference_is_read_as_people_type_it(house):
    reference = house.tell()
    assert house.take("keeper", " rep-2026-1 ", "question", why="var?").reference == reference


def test_step__unknown_step_and_unknown_case_are_said_as_such(house):
    reference = house.tell()
    with pytest.raises(UnknownStepError) as error:
        house.take("keeper", reference, "lok")
    assert "look" in error.value.suggestions
    for other in ("REP-2026-0002", "XXX-2026-0001", "REP", "", "ÅÄÖ", "REP-2026-0001; DROP"):
        with pytest.raises(UnknownCaseError):
            house.take("keeper", other, "look")


def test_step__nothing_is_told_of_a_case_one_may_not_see(house):
    reference = house.tell()
    for step in ("look", "never", "tell"):
        with pytest.raises(UnknownCaseError):
            house.take("lo", reference, step, why="x")


def test_step__opening_another_case_says_which(house):
    reference = house.tell(damage="wet")
    result = house.take("keeper", reference, "hand_over", why="för svårt")
    assert (result.state, [one.reference for one in result.opened]) == ("away", ["ORD-2026-0001"])
    order = house.by("keeper").cases.show("ORD-2026-0001")
    assert (order.level, [(link.reference, link.state) for link in order.links]) == (
        "envelope",
        [(reference, "away")],
    )


def test_step__automatic_step_of_a_linked_case_is_told(house):
    reference = house.waiting()
    order = house.by("keeper").cases.open_case("order", values={"what": "lim"}, link_to=reference)
    result = house.take("keeper", order.reference, "receive", came="2026-03-02")
    assert [(one.reference, one.step, one.state) for one in result.also] == [(reference, "close", "done")]
    assert state(house, reference) == "done"
    last = house.by("both").cases.history(reference)[-1]
    assert (last.step, last.actor.code) == ("close", None)


def test_step__automatic_step_of_its_own_follows(house):
    reference = house.tell()
    house.look(reference)
    order = house.by("keeper").cases.open_case("order", values={"what": "lim"}, link_to=reference)
    house.take("keeper", order.reference, "receive", came="2026-03-02")
    house.by("keeper").cases.add_entry(reference, "seen", "Blöt.", "hyllan", judgement=False)
    result = house.take("mender", reference, "finish", **{"causes.+.kind": "wet", "causes.+.text": "regn"})
    assert (result.state, [one.step for one in result.also]) == ("done", ["close"])
    assert result.seq == house.by("both").cases.show(reference).seq == 6


def test_amend__is_kept_with_its_reason(house):
    reference = house.tell()
    house.by("kim").cases.amend(reference, {"story": "torr bok"}, "fel bok")
    event = house.by("kim").cases.history(reference)[-1]
    assert (event.kind, house.by("both").cases.show(reference).fields[0].value) == ("amend", "torr bok")
    assert house.by("both").cases.history(reference)[-1].reason == "fel bok"


def test_entry__and_its_correction(house):
    reference = house.tell()
    keeper = house.by("keeper").cases
    seq = keeper.add_entry(reference, "seen", "Blöt.", "hyllan", judgement=False).seq
    keeper.add_entry(reference, "seen", "Fuktig.", "hyllan", judgement=True, corrects=seq)
    first, second = keeper.show(reference).entries
    assert (first.corrected_by, second.corrects, second.judgement) == (second.seq, first.seq, True)
    assert (
        refused(keeper.add_entry, reference, "seen", "x", "y", judgement=False, corrects=seq).kind == "input"
    )


def test_assign__by_login_or_code_whatever_its_case(house):
    organise(house.by("boss"), AddPerson("Ada", "2020-01-01", code="P7", login="ada.L"))
    reference = house.tell()
    keeper = house.by("keeper").cases
    for number, name in enumerate(("ada.l", "P7", "p7", "ADA.L ")):
        keeper.assign(reference, name)
        assert keeper.show(reference).assignee.code == "P7", number
        keeper.release(reference)
    with pytest.raises(UnknownPersonError):
        keeper.assign(reference, "nobody")


def test_claim__and_release__and_twice(house):
    reference = house.tell()
    keeper = house.by("keeper").cases
    keeper.claim(reference)
    assert keeper.show(reference).assignee.name == "Keeper"
    assert refused(keeper.claim, reference).kind == "guard"
    keeper.release(reference)
    assert refused(keeper.release, reference).kind == "guard"


def test_link__stands_in_both_histories(house):
    one, two = house.tell(), house.tell()
    house.by("keeper").cases.link(one, "like", two.lower())
    assert [link.reference for link in house.by("keeper").cases.show(one).links] == [two]
    assert [link.reference for link in house.by("keeper").cases.show(two).links] == [one]
    assert refused(house.by("keeper").cases.link, one, "like", two).kind == "guard"
    with pytest.raises(UnknownCaseError):
        house.by("keeper").cases.link(one, "like", "REP-2026-0099")


def test_command__old_appointment_gives_no_right(house):
    organise(house.by("boss"), Appoint("lo", "keeper", "bjork", "2020-01-01", "2026-03-01"))
    reference = house.tell()
    with pytest.raises(UnknownCaseError):
        house.take("lo", reference, "question", why="x")


# --- refusals change nothing


REFUSED = {
    "not allowed": lambda house, ref: house.take("kim", ref, "look", damage="wet"),
    "guard": lambda house, ref: house.take("mender", ref, "finish", **{"causes.+.kind": "wet"}),
    "missing": lambda house, ref: house.take("keeper", ref, "hand_over"),
    "unknown field": lambda house, ref: house.take("keeper", ref, "hand_over", why="x", whi="y"),
    "wrong state": lambda house, ref: house.take("keeper", ref, "question", why="x"),
    "future": lambda house, ref: house.by("keeper").cases.take_step(
        ref, "hand_over", values={"why": "x"}, occurred_at="2026-03-03T00:00:00Z"),
    "no reason": lambda house, ref: house.by("keeper").cases.amend(ref, {"damage": "torn"}, " "),
    "no heading": lambda house, ref: house.by("keeper").cases.add_entry(ref, "x", "t", "s", judgement=True),
    "not there": lambda house, ref: house.by("keeper").cases.link(ref, "like", "REP-2026-0099"),
    "itself": lambda house, ref: house.by("keeper").cases.link(ref, "like", ref),
    "nobody": lambda house, ref: house.by("keeper").cases.assign(ref, "nobody"),
    "unseen": lambda house, ref: house.take("lo", ref, "hand_over", why="x"),
    "when": lambda house, ref: house.by("kim").cases.open_case("repair", occurred_at="igår"),
}  # fmt: skip


@pytest.mark.parametrize("which", REFUSED)
def test_refusal__leaves_every_table_as_it_was(house, which):
    reference = house.tell()
    house.look(reference)
    house.by("kim").drafts.save("repair", reference, "look", {"values": {"why": "x"}})
    before = house.everything()
    with pytest.raises(HjulError):
        REFUSED[which](house, reference)
    assert house.everything() == before


def test_refusal__for_lack_of_right_is_in_the_access_log(house):
    reference = house.tell()
    with pytest.raises(RefusedError):
        house.door("lo", "kim").cases.take_step(reference.lower(), "look", values={"damage": "wet"})
    assert house.accesses() == [("kim", "lo", reference, "look", "refused")]


def test_refusal__for_lack_of_right_is_noted_whatever_else_is_wrong(house):
    reference = house.tell()
    house.look(reference)
    with pytest.raises(RefusedError):
        house.take("kim", reference, "look")
    with pytest.raises(RefusedError):
        house.by("kim").cases.add_entry(reference, "seen", "x", "y", judgement=False)
    with pytest.raises(RefusedError):
        house.by("kim").cases.assign(reference, "kim")
    assert [row[3:] for row in house.accesses()] == [
        ("look", "refused"),
        ("note", "refused"),
        ("assign", "refused"),
    ]


def test_refusal__of_a_case_one_may_not_know_of_is_noted(house):
    reference = house.tell()
    for call in (
        lambda: house.take("lo", reference, "look"), lambda: house.by("lo").cases.show(reference),
        lambda: house.by("lo").cases.history(reference), lambda: house.by("lo").cases.amend(reference, {}, "x"),
    ):  # fmt: skip
        with pytest.raises(UnknownCaseError):
            call()
    assert house.accesses() == [
        ("lo", None, reference, action, "refused") for action in ("takestep", "show", "log", "amend")
    ]


def test_refusal__of_what_is_not_there_or_wrong_is_not_noted(house):
    reference = house.tell()
    for call in (
        lambda: house.take("keeper", reference, "look"), lambda: house.take("lo", "REP-2026-0099", "look"),
        lambda: house.by("lo").cases.show("REP-2026-0099"), lambda: house.take("keeper", reference, "never"),
    ):  # fmt: skip
        with pytest.raises(HjulError):
            call()
    assert house.accesses() == []


# --- drafts


def test_draft__that_was_thrown_away_leaves_its_number_to_nobody(house):
    kim, lo = house.by("kim"), house.by("lo")
    first = kim.drafts.save("repair", None, "tell", {"values": {"story": "x"}}).id
    kim.drafts.drop(first)
    assert lo.drafts.save("repair", None, "tell", {"values": {"story": "y"}}).id > first


def test_draft__is_gone_when_taken_and_kept_when_refused(house):
    kim = house.by("kim")
    draft = kim.drafts.save("repair", None, "tell", {"values": {"story": "x"}, "unit": "bjork"}).id
    with pytest.raises(RefusedError):
        kim.cases.open_case("repair", unit="bjork", values={}, draft=draft)
    assert kim.drafts.content(draft) == {"values": {"story": "x"}, "unit": "bjork"}
    kim.cases.open_case("repair", unit="bjork", values={"story": "x"}, draft=draft)
    assert kim.drafts.list() == ()


def test_draft__of_somebody_else_is_neither_seen_nor_dropped(house):
    draft = house.by("kim").drafts.save("repair", None, "tell", {"values": {"story": "x"}}).id
    lo = house.by("lo")
    for call in (lo.drafts.show, lo.drafts.content, lo.drafts.drop):
        with pytest.raises(HjulError):
            call(draft)
    lo.cases.open_case("repair", unit="ek", values={"story": "y"}, draft=draft)
    assert [one.id for one in house.by("kim").drafts.list()] == [draft]


def test_draft__is_dropped_by_a_retry_of_what_took_it(house):
    kim = house.by("kim")
    kim.cases.open_case("repair", unit="bjork", values={"story": "x"}, command_id="one")
    draft = kim.drafts.save("repair", None, "tell", {"values": {"story": "x"}}).id
    assert kim.cases.open_case("repair", unit="bjork", values={}, command_id="one", draft=draft).repeated
    assert kim.drafts.list() == ()


def test_drafts__newest_first(house):
    kim = house.by("kim")
    made = [kim.drafts.save("repair", None, "tell", {"values": {}}).id for _ in range(3)]
    assert [one.id for one in kim.drafts.list()] == made[::-1]


def test_draft__of_the_operator_is_the_persons(house):
    draft = house.by("kim").drafts.save("repair", None, "tell", {"values": {"story": "x"}}).id
    assert house.door(OPERATOR, "kim").drafts.show(draft).fields == 1
