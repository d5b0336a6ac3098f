"""What a case shows to whom: levels, marks, times, links, what has been erased."""

from datetime import date

import pytest

from engine.cases.reorganisation import Appoint
from engine.errors import InstantError, StorageError, UnknownCaseError
from engine.service.showing import ShowService
from engine.store import access_log
from tests.cases.toy import REPAIR
from tests.service.house import organise, publish

SECRET = "hemlig anledning"


def handed(house, person="keeper", **values):
    """A repair that was handed over with a secret, so that it is sealed."""
    reference = house.tell(**values)
    house.by("keeper").cases.add_entry(reference, "seen", SECRET, SECRET, judgement=False)
    house.take(person, reference, "hand_over", why=SECRET)
    return reference


def seen(house, person, reference, as_of=None):
    return house.by(person).cases.show(reference, as_of)


def values(view):
    return {field.field: field.value for field in view.fields}


# --- levels


def test_show__content_by_role_above_the_unit(house):
    reference = house.tell(damage="wet")
    for person in ("keeper", "head", "both"):
        view = seen(house, person, reference)
        assert (view.level, values(view)) == ("content", {"story": "våt bok", "damage": "wet"})


def test_show__reporter_sees_the_envelope_and_what_they_sent(house):
    reference = house.tell()
    house.look(reference, how_bad="2")
    house.by("keeper").cases.add_entry(reference, "seen", SECRET, "hyllan", judgement=False)
    view = seen(house, "kim", reference)
    assert (view.level, view.own_report, values(view)) == ("envelope", True, {"story": "våt bok"})
    assert (view.state, view.assignee.code, view.entries, view.tables) == ("open", "mender", (), ())


def test_show__nobody_else_is_told_that_it_is_there(house):
    reference = house.tell()
    for person in ("lo", "guard", "mender"):
        with pytest.raises(UnknownCaseError):
            seen(house, person, reference)
        with pytest.raises(UnknownCaseError):
            house.by(person).cases.history(reference)
        with pytest.raises(UnknownCaseError):
            house.by(person).cases.steps(reference)
        with pytest.raises(UnknownCaseError):
            house.by(person).cases.form(reference, "look")


def test_show__administrator_sees_the_envelope_only(house):
    view = seen(house, "boss", house.tell(damage="wet"))
    assert (view.level, view.fields, view.entries) == ("envelope", (), ())


def test_show__who_may_take_a_step_sees_where_it_stands(house):
    reference = house.tell()
    house.look(reference)
    house.by("both").cases.assign(reference, "keeper")
    house.by("keeper").cases.add_entry(reference, "seen", SECRET, "hyllan", judgement=False)
    view = seen(house, "mender", reference)
    assert ([step.step for step in view.steps if step.open], view.fields) == (["finish"], ())
    assert SECRET not in str(view)
    assert SECRET not in str(house.by("mender").cases.history(reference))


def test_show__names_are_of_the_day_and_codes_stay(house):
    reference = house.tell()
    house.look(reference)
    view = seen(house, "keeper", reference)
    assert (view.reporter.name, view.reporter.code, view.assignee.name) == ("Kim", "kim", "Mender")
    assert next(field.said for field in view.fields if field.field == "mender") == "Mender"
    assert view.title.sv == "Väta, Björkgården"


def test_show__field_shown_to_reporter_or_role(house, tmp_path):
    shown = REPAIR.replace("version: 1", "version: 2").replace(
        "  result: {type: text,", "  result: {type: text, shown_to: [reporter, clerk],"
    ).replace("roles: {keeper", "roles: {clerk: envelope, keeper")  # fmt: skip
    publish(house.door(), tmp_path / "more", repair=shown)
    reference = house.by("lo").cases.open_case("repair", unit="bjork", values={"story": "x"}).reference
    house.look(reference)
    house.by("keeper").cases.add_entry(reference, "seen", "Blöt.", "hyllan", judgement=False)
    house.take("mender", reference, "finish", **{"causes.+.kind": "wet", "causes.+.text": SECRET})
    house.take("head", reference, "judge", result="lagad")
    assert values(seen(house, "lo", reference)) == {"story": "x", "result": "lagad"}
    assert values(seen(house, "kim", reference)) == {"result": "lagad"}
    assert [change.value for change in house.by("kim").cases.history(reference)[-1].changes] == ["lagad"]
    assert SECRET not in str(house.by("kim").cases.history(reference))


# --- marks


def test_mark__caps_all_whom_it_does_not_admit(house):
    reference = handed(house)
    levels = {person: seen(house, person, reference).level for person in ("kim", "keeper", "head")}
    assert levels == {"kim": "envelope", "keeper": "envelope", "head": "content"}
    assert SECRET in str(seen(house, "head", reference))


def test_mark__hides_who_reported_from_whom_it_does_not_admit(house):
    reference = handed(house)
    for person, named in (("keeper", None), ("kim", "kim"), ("both", "kim")):
        told = house.by(person).cases.history(reference)[0].actor.code
        assert (person, seen(house, person, reference).reporter.code, told) == (person, named, named)


def open_past_mark(house, folder):
    """Repairs whose keeper reads past the mark why, who mends and for what, but not the story."""
    past = "{role: keeper, past: sealed}"
    text = (
        REPAIR.replace("version: 1", "version: 2")
        .replace("  why: {type: text,", f"  why: {{type: text, shown_to: [{past}],")
        .replace("  mender: {type: person,", f"  mender: {{type: person, shown_to: [{past}, head],")
        .replace(
            "    label: {sv: Orsaker, en: Causes}\n",
            f"    label: {{sv: Orsaker, en: Causes}}\n    shown_to: {past}\n",
        )
        .replace("to_unit]\n", f"to_unit]\n    shown_to: [{past}]\n")
    )
    publish(house.door(), folder / "past", repair=text)


def test_mark__does_not_close_what_is_shown_past_it(house, tmp_path):
    open_past_mark(house, tmp_path)
    reference = house.waiting()
    house.take("keeper", reference, "move", to_unit="bjork")
    house.take("both", reference, "hand_over", why="för svårt")
    page = seen(house, "keeper", reference)
    assert page.level == "envelope"
    assert {"why", "mender", "to_unit"} <= set(values(page))
    assert [table.field for table in page.tables] == ["causes"]
    assert "story" not in values(page)
    assert ("keeper", "shown") in {(row[0], row[4]) for row in house.accesses()}, "it is written down"
    assert "why" not in values(seen(house, "kim", reference))


def test_mark__closes_what_is_shown_without_naming_it(house, tmp_path):
    text = REPAIR.replace("version: 1", "version: 2").replace(
        "  why: {type: text,", "  why: {type: text, shown_to: [keeper, {person_in: mender}],"
    )
    publish(house.door(), tmp_path / "shut", repair=text)
    reference = house.tell()
    house.take("both", reference, "question", why="vad hände?")
    assert "why" in values(seen(house, "keeper", reference))
    house.take("both", reference, "hand_over", why=SECRET)
    assert "why" not in values(seen(house, "keeper", reference))


def test_field__is_shown_to_whoever_stands_in_a_field(house, tmp_path):
    text = (
        REPAIR.replace("version: 1", "version: 2")
        .replace("  why: {type: text,", "  why: {type: text, shown_to: [{person_in: mender, past: sealed}],")
        .replace(
            "  price: {type: money,",
            "  price: {type: money, shown_to: [{relation: assignee, past: [sealed]}],",
        )
    )
    publish(house.door(), tmp_path / "mender", repair=text)
    reference = house.tell()
    house.look(reference, mender="kim")
    house.take("both", reference, "hand_over", why="för svårt")
    assert values(seen(house, "kim", reference)) == {"story": "våt bok", "why": "för svårt"}


@pytest.mark.parametrize("as_of", [None, "2026-03-02T07:59:00Z", "2026-03-02"])
def test_mark__nothing_written_by_others_is_shown_in_any_way(house, as_of):
    house.clock.now = "2026-03-02T07:00:00.000000Z"
    reference = house.tell()
    house.take("both", reference, "question", why=SECRET)
    house.by("both").cases.add_entry(reference, "seen", SECRET, SECRET, judgement=False)
    house.clock.now = "2026-03-02T08:00:00.000000Z"
    house.take("both", reference, "hand_over", why=f"{SECRET} igen")
    for person in ("kim", "keeper", "boss"):
        cases = house.by(person).cases
        view = cases.show(reference, as_of)
        assert view.level == "envelope"
        assert SECRET not in str((view, cases.history(reference), cases.steps(reference)))
        for step in view.steps:
            assert SECRET not in str(cases.form(reference, step.step))
    assert SECRET not in str(house.by("keeper").register.cases())


def test_form__suggests_what_is_held_to_those_who_read_it_only(house):
    reference = house.tell()
    house.take("keeper", reference, "question", why=SECRET)

    def suggested(person, given=None):
        form = house.by(person).cases.form(reference, "hand_over", given)
        return next(field.value for field in form.fields if field.field == "why")

    assert suggested("keeper") == SECRET
    assert suggested("kim") is None
    assert suggested("kim", {"why": "mitt"}) == "mitt"
    house.take("keeper", reference, "hand_over", why=SECRET)
    assert SECRET not in str(house.by("head").cases.form(reference, "confirm"))
    assert SECRET not in str(house.by("kim").cases.steps(reference))


def test_mark__reading_is_written_down_with_the_operator(house):
    reference = handed(house)
    seen(house, "kim", reference)
    house.door("lo", "head").cases.show(reference.lower())
    house.by("head").cases.history(reference)
    seen(house, "head", reference, "2026-03-02")
    assert house.accesses() == [
        ("kim", None, reference, "show", "shown"),
        ("head", "lo", reference, "show", "shown"),
        ("head", None, reference, "log", "shown"),
        ("head", None, reference, "show", "shown"),
    ]


def test_mark__reading_is_committed_before_anything_is_given(house, monkeypatch):
    reference = handed(house)
    when = []
    for name in ("_view", "_event"):
        inner = getattr(ShowService, name)

        def watched(*arguments, inner=inner):
            when.append(len(house.accesses()))
            return inner(*arguments)

        monkeypatch.setattr(ShowService, name, watched)
    seen(house, "head", reference)
    house.by("head").cases.history(reference)
    assert when == [1, 2, 2, 2]


def test_mark__nothing_is_shown_when_the_reading_cannot_be_written_down(house, monkeypatch):
    reference, plain = handed(house), house.tell()

    def fail(*_, **__):
        raise StorageError("no")

    monkeypatch.setattr(access_log, "append", fail)
    for call in (house.by("head").cases.show, house.by("head").cases.history):
        with pytest.raises(StorageError):
            call(reference)
        call(plain)
    assert seen(house, "kim", reference).level == "envelope"


def test_mark__nothing_is_shown_when_the_log_is_gone(house):
    reference = handed(house)
    seen(house, "head", reference)
    house.run("ALTER TABLE access_log RENAME TO elsewhere", guarded=False)
    try:
        with pytest.raises(StorageError):
            seen(house, "head", reference)
    finally:
        house.run("ALTER TABLE elsewhere RENAME TO access_log")


# --- times


def moved(house):
    """A repair told, looked at and moved on three days."""
    house.clock.now = "2026-03-02T08:00:00.000000Z"
    reference = house.tell()
    house.clock.now = "2026-03-04T08:00:00.000000Z"
    house.look(reference)
    house.clock.now = "2026-03-20T08:00:00.000000Z"
    house.by("keeper").cases.add_entry(reference, "seen", "Blöt.", "hyllan", judgement=False)
    house.take("both", reference, "move", to_unit="omr")
    return reference


def test_as_of__shows_what_was_known(house):
    reference = moved(house)
    first = seen(house, "both", reference, "2026-03-03")
    assert (first.seq, first.state, first.unit, first.assignee) == (1, "told", "bjork", None)
    assert (values(first), first.entries, first.steps, first.tasks) == ({"story": "våt bok"}, (), (), ())
    second = seen(house, "both", reference, "2026-03-04T09:00")
    assert (second.seq, second.state, second.assignee.code) == (2, "open", "mender")
    assert seen(house, "both", reference, "2026-03-04T08:59").seq == 1
    last = seen(house, "both", reference, "2030-01-01T00:00:00Z")
    assert (last.seq, last.unit, len(last.entries)) == (4, "omr", 1)


def test_as_of__deadlines_are_of_that_day(house):
    house.clock.now = "2026-03-02T08:00:00.000000Z"
    reference = house.tell()
    house.clock.now = "2026-05-02T08:00:00.000000Z"
    (then,) = seen(house, "keeper", reference, "2026-03-04").deadlines
    (now,) = seen(house, "keeper", reference).deadlines
    assert (then.due_on, then.overdue, then.working_days_left) == (date(2026, 3, 9), False, 3)
    assert now.overdue


def test_as_of__before_it_was_or_no_time(house):
    reference = moved(house)
    with pytest.raises(UnknownCaseError):
        seen(house, "both", reference, "2026-03-01")
    for junk in ("igår", "2026-02-30", ""):
        with pytest.raises(InstantError):
            seen(house, "both", reference, junk)


def test_as_of__who_may_see_is_settled_by_today(house):
    reference = moved(house)
    with pytest.raises(UnknownCaseError):
        seen(house, "keeper", reference, "2026-03-03")


def test_as_of__reading_what_is_marked_today_is_written_down(house):
    house.clock.now = "2026-03-01T08:00:00.000000Z"
    reference = house.tell()
    house.clock.now = "2026-03-02T08:00:00.000000Z"
    house.take("keeper", reference, "hand_over", why="x")
    view = seen(house, "head", reference, "2026-03-01")
    assert (view.level, view.marks, values(view)) == ("content", (), {"story": "våt bok"})
    assert [row[4] for row in house.accesses()] == ["shown"]


# --- history


def test_history__says_who_what_and_when(house):
    organise(house.by("boss"), Appoint("lo", "keeper", "bjork", "2026-01-01", None, "keeper"))
    reference = house.tell()
    house.by("lo").cases.take_step(
        reference, "question", values={"why": "var?"}, comment="bråttom", occurred_at="2026-03-01"
    )
    told, question = house.by("keeper").cases.history(reference)
    assert (told.step, told.from_state, told.to_state, told.actor.name) == ("tell", None, "told", "Kim")
    assert (question.actor.name, question.actor.on_behalf_of, question.comment) == ("Lo", "Keeper", "bråttom")
    assert (question.occurred_at, question.erased) == ("2026-03-01T11:00:00.000000Z", False)
    assert [(one.field, one.value) for one in question.changes] == [("why", "var?")]
    own = house.by("kim").cases.history(reference)
    assert ([one.value for one in own[0].changes], own[1].changes, own[1].comment) == (["våt bok"], (), None)


def test_history__comes_from_one_moment(house, monkeypatch):
    reference = house.tell()
    opened = ShowService.open

    def late(*arguments):
        page = opened(*arguments)
        if arguments[0].actor().person == "kim":
            house.take("keeper", reference, "question", why=SECRET)
        return page

    monkeypatch.setattr(ShowService, "open", late)
    assert [event.seq for event in house.by("kim").cases.history(reference)] == [1]


# --- links


def test_links__to_a_case_one_may_not_see_show_the_reference_only(house):
    near = house.tell()
    far = house.by("lo").cases.open_case("repair", unit="ek", values={"story": SECRET, "damage": "torn"})
    house.by("both").cases.link(near, "like", far.reference)
    (hidden,) = seen(house, "keeper", near).links
    assert (hidden.reference, hidden.title, hidden.state, hidden.state_label) == (
        far.reference,
        None,
        None,
        None,
    )
    (shown,) = seen(house, "both", near).links
    assert (shown.title.sv, shown.state) == ("Riven, Ekgården", "told")


# --- erased


@pytest.mark.parametrize("seq", [1, 2, 3, 4, 5])
def test_erased__does_not_break_page_or_history(house, seq):
    reference = house.tell(damage="wet")
    house.look(reference)
    house.by("keeper").cases.add_entry(reference, "seen", SECRET, "hyllan", judgement=False)
    house.take("mender", reference, "finish", **{"causes.+.kind": "wet", "causes.+.text": SECRET})
    house.by("both").cases.amend(reference, {"story": "annat"}, SECRET)
    stream = f"stream_id = (SELECT id FROM streams WHERE name = '{reference}')"
    house.run(f"DELETE FROM payloads WHERE {stream} AND seq = {seq}")
    for person in ("both", "kim"):
        cases = house.by(person).cases
        assert [event.seq for event in cases.history(reference)] == [1, 2, 3, 4, 5]
        assert cases.show(reference).seq == 5
        for as_of in ("2026-03-02", "2026-03-02T08:00:00Z"):
            assert cases.show(reference, as_of).seq == 5
    event = house.by("both").cases.history(reference)[seq - 1]
    assert SECRET not in str(event)


def test_erased__all_payloads_and_the_private_half(house):
    reference = house.tell(damage="wet")
    house.look(reference)
    house.by("keeper").cases.add_entry(reference, "seen", SECRET, "hyllan", judgement=False)
    house.run("DELETE FROM payloads")
    house.run("UPDATE cases SET private = '{}'")
    view = seen(house, "keeper", reference)
    assert SECRET not in str((view, house.by("keeper").cases.history(reference)))
    assert (view.entries[0].text, view.entries[0].heading, view.state) == (None, "seen", "open")
    assert seen(house, "keeper", reference, "2026-03-03").entries[0].text is None
    assert house.take("head", reference, "confirm").seq == 4


def test_show__says_people_in_tables_by_name(house, tmp_path):
    column = "      text: {type: text, label: {sv: Text, en: Text}}\n"
    assert REPAIR.count(column) == 1
    person = "      who: {type: person, label: {sv: Vem, en: Who}}\n"
    text = REPAIR.replace("version: 1", "version: 2").replace(column, column + person)
    publish(house.door(), tmp_path / "named", repair=text)
    reference = house.tell()
    house.look(reference)
    house.by("keeper").cases.add_entry(reference, "seen", "x", "y", judgement=False)
    house.take(
        "mender",
        reference,
        "finish",
        **{"causes.+.kind": "torn", "causes.+.text": "x", "causes.+.who": "kim"},
    )
    (table,) = seen(house, "head", reference).tables
    ((_, row),) = table.rows
    assert {field.field: field.said for field in row}["who"] == "Kim"


def test_copied__is_not_read_by_whoever_took_the_step_that_copied_it(house):
    reference = house.tell()
    house.take("keeper", reference, "look", damage="wet", how_bad="1", how_dear="2", mender="mender")
    house.by("head").cases.amend(reference, {"story": "x"}, "y")
    house.take("kim", reference, "hand_over", why=SECRET)
    (order,) = {link.reference for link in house.by("head").cases.show(reference).links}
    assert seen(house, "kim", order).level == "envelope"
    assert values(seen(house, "kim", order)) == {}
    assert SECRET not in str(house.by("kim").cases.history(order))
    assert values(seen(house, "kim", reference))["why"] == SECRET
