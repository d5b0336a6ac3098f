"""The same command again, and commands upon a case that others changed meanwhile."""

import pytest

from engine.app import App
from engine.cases.decision import Refusal
from engine.cases.reorganisation import Appoint, ChangeAppointment
from engine.errors import ConcurrentChangeError, DuplicateError, RefusedError, UnknownCaseError
from tests.service.house import organise


def look(house, reference, **more):
    return house.by("keeper").cases.take_step(
        reference,
        "look",
        values={"damage": "wet", "how_bad": "1", "how_dear": "2", "mender": "mender"},
        **more,
    )


def same(first, again):
    """The first outcome, said again."""
    names = ("reference", "step", "from_state", "state", "seq", "opened", "also")
    assert again.repeated
    assert [getattr(again, name) for name in names] == [getattr(first, name) for name in names]


# --- again


def test_retry__gives_the_first_outcome(house):
    cases = house.by("kim").cases
    first = cases.open_case("repair", unit="bjork", values={"story": "x"}, command_id="c1")
    assert not first.repeated
    before = house.everything()
    same(first, cases.open_case("repair", unit="bjork", values={"story": "x"}, command_id="c1"))
    same(first, house.door("kim").cases.open_case("repair", values={}, command_id="c1"))
    assert house.everything() == before


def test_retry__when_things_are_named_by_their_labels(house):
    kim, keeper = house.by("kim").cases, house.by("keeper").cases
    opened = kim.open_case("Lagning", step="anmäl", unit="bjork", values={"Berättelse": "x"}, command_id="c1")
    same(opened, kim.open_case("Lagning", unit="bjork", values={"Berättelse": "x"}, command_id="c1"))
    taken = keeper.take_step(opened.reference, "FRÅGA", values={"why": "x"}, command_id="c2")
    assert taken.step == "question"
    same(taken, keeper.take_step(opened.reference, "fråga", values={"why": "x"}, command_id="c2"))
    with pytest.raises(DuplicateError):
        keeper.take_step(opened.reference, "Titta", values={"why": "x"}, command_id="c2")
    with pytest.raises(DuplicateError):
        kim.open_case("Beställning", unit="bjork", values={"what": "x"}, command_id="c1")


def test_retry__when_the_step_is_no_longer_open(house):
    reference = house.tell()
    first = look(house, reference, command_id="c2")
    same(first, look(house, reference, command_id="c2"))
    house.by("keeper").cases.add_entry(reference, "seen", "Blöt.", "hyllan", judgement=False)
    house.take("mender", reference, "finish", **{"causes.+.kind": "wet", "causes.+.text": "regn"})
    before = house.everything()
    same(first, look(house, reference, command_id="c2"))
    same(first, look(house, reference, command_id="c2", expected_seq=1))
    assert house.everything() == before


def test_retry__when_the_case_is_out_of_sight(house):
    organise(house.by("boss"), Appoint("lo", "keeper", "bjork", "2020-01-01"))
    reference, lo = house.tell(), house.by("lo").cases
    first = lo.take_step(reference, "move", values={"to_unit": "forv"}, command_id="c3")
    same(first, lo.take_step(reference, "move", values={"to_unit": "forv"}, command_id="c3"))


def test_retry__when_the_right_has_ended(house):
    organise(house.by("boss"), Appoint("lo", "keeper", "bjork", "2026-01-01"))
    reference, lo = house.tell(), house.by("lo").cases
    first = lo.take_step(reference, "question", values={"why": "x"}, command_id="c4")
    key = house.rows("SELECT key FROM appointments WHERE person = 'lo' AND role = 'keeper'")[0][0]
    house.clock.now = "2026-03-04T08:00:00.000000Z"
    organise(house.by("boss"), ChangeAppointment(key, "2026-03-03"))
    same(first, lo.take_step(reference, "question", values={"why": "x"}, command_id="c4"))


def test_retry__tells_of_cases_opened_and_moved(house):
    reference = house.waiting()
    order = house.by("keeper").cases.open_case("order", values={"what": "lim"}, link_to=reference).reference
    keeper = house.by("keeper").cases
    first = keeper.take_step(order, "receive", values={"came": "2026-03-02"}, command_id="c5")
    assert first.also
    same(first, keeper.take_step(order, "receive", values={"came": "2026-03-02"}, command_id="c5"))
    other = house.tell()
    first = keeper.take_step(other, "hand_over", values={"why": "x"}, command_id="c6")
    assert first.opened
    same(first, keeper.take_step(other, "hand_over", values={"why": "x"}, command_id="c6"))


def ready(house):
    """A repair whose finish makes its own automatic step true."""
    reference = house.tell()
    house.look(reference)
    order = house.by("keeper").cases.open_case("order", values={"what": "lim"}, link_to=reference).reference
    house.take("keeper", order, "receive", came="2026-03-02")
    house.by("keeper").cases.add_entry(reference, "seen", "Blöt.", "hyllan", judgement=False)
    return reference


FINISH = {"causes.+.kind": "wet", "causes.+.text": "regn"}


def test_retry__across_automatic_follow_ups(house):
    reference, mender = ready(house), house.by("mender").cases
    first = mender.take_step(reference, "finish", values=FINISH, command_id="c7")
    assert (first.state, first.seq, [one.step for one in first.also]) == ("done", 6, ["close"])
    same(first, mender.take_step(reference, "finish", values=FINISH, command_id="c7"))
    house.take("head", reference, "reopen", why="fel")
    same(first, mender.take_step(reference, "finish", values=FINISH, command_id="c7"))


def test_retry__takes_the_automatic_step_that_a_crash_left_undone(house, monkeypatch):
    reference, app = ready(house), house.door("mender")

    def crash(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(type(app.decider), "_follow", crash)
        with pytest.raises(KeyboardInterrupt):
            app.cases.take_step(reference, "finish", values=FINISH, command_id="c8")
    assert house.by("both").cases.show(reference).state == "waiting"
    again = app.cases.take_step(reference, "finish", values=FINISH, command_id="c8")
    assert (again.repeated, again.state, [one.step for one in again.also]) == (True, "done", ["close"])


@pytest.mark.parametrize("who", ["other person", "other case", "other step", "opening", "no case"])
def test_retry__an_id_of_another_command_is_no_retry(house, who):
    one, two = house.tell(), house.tell()
    keeper = house.by("keeper").cases
    keeper.take_step(one, "question", values={"why": "x"}, command_id="c9")
    published = house.rows("SELECT command_id FROM events WHERE kind = 'published' LIMIT 1")[0][0]
    before = house.everything()
    calls = {
        "other person": lambda: house.take_as("both", one, "question", "c9"),
        "other case": lambda: keeper.take_step(two, "question", values={"why": "x"}, command_id="c9"),
        "other step": lambda: keeper.take_step(one, "note", command_id="c9"),
        "opening": lambda: house.by("keeper").cases.open_case(
            "repair", unit="bjork", values={"story": "x"}, command_id="c9"
        ),
        "no case": lambda: keeper.take_step(two, "question", values={"why": "x"}, command_id=published),
    }
    with pytest.raises(DuplicateError):
        calls[who]()
    assert house.everything() == before


# --- meanwhile


def test_expected__is_what_is_there(house):
    reference = house.tell()
    assert look(house, reference, expected_seq=1).state == "open"


def neutral(house, reference):
    keeper = house.by("keeper").cases
    keeper.add_entry(reference, "seen", "Blöt.", "hyllan", judgement=False)
    keeper.link(reference, "like", house.tell())
    house.take("head", reference, "confirm")
    house.take("keeper", reference, "send", whom="någon")
    house.by("kim").cases.amend(reference, {"story": "annat"}, "fel")


def test_expected__notes_links_and_other_fields_in_between_are_neutral(house):
    reference = house.tell()
    neutral(house, reference)
    assert look(house, reference, expected_seq=1).seq == 7


MOVES = {
    "state": (lambda house, ref: house.take("keeper", ref, "question", why="var?"), ("keeper", "question")),
    "holder": (lambda house, ref: house.by("keeper").cases.claim(ref), ("keeper", None)),
    "field": (lambda house, ref: house.by("kim").cases.amend(ref, {"damage": "torn"}, "fel"), ("kim", None)),
}


@pytest.mark.parametrize("which", ["state", "holder", "field"])
def test_expected__what_moved_is_refused_naming_who_and_what(house, which):
    reference = house.tell(damage="wet")
    neutral(house, reference)
    move, (person, step) = MOVES[which]
    move(house, reference)
    before = house.everything()
    with pytest.raises(ConcurrentChangeError) as error:
        look(house, reference, expected_seq=1)
    found = error.value
    assert (found.reference, found.seen, found.now) == (reference, 1, 7)
    assert [(one.seq, one.person, one.step) for one in found.changes] == [(7, person, step)]
    assert house.everything() == before


def test_expected__moved_and_moved_back_is_told_too(house):
    reference = house.tell()
    house.take("keeper", reference, "question", why="var?")
    house.take("kim", reference, "answer", story="där")
    with pytest.raises(ConcurrentChangeError) as error:
        look(house, reference, expected_seq=1)
    assert [one.step for one in error.value.changes] == ["question", "answer"]
    assert look(house, reference, expected_seq=3).state == "open"


def test_expected__two_rows_added_at_once_are_both_kept(house):
    reference, keeper = house.tell(), house.by("keeper").cases
    for whom in ("en", "två"):
        keeper.take_step(reference, "send", values={"whom": whom}, expected_seq=1)
    rows = keeper.show(reference).tables[0].rows
    assert [(key, cells[0].value) for key, cells in rows] == [("r1", "en"), ("r2", "två")]


def test_expected__a_seq_that_is_not_there_is_refused(house):
    reference = house.tell()
    for seq in (2, 99):
        with pytest.raises(ConcurrentChangeError):
            look(house, reference, expected_seq=seq)


def test_expected__who_has_no_right_is_told_that_and_nothing_else(house):
    reference = house.tell()
    house.take("keeper", reference, "question", why="var?")
    with pytest.raises(RefusedError) as error:
        house.by("kim").cases.take_step(reference, "look", values={}, expected_seq=1)
    assert isinstance(error.value.refusal, Refusal)
    assert error.value.refusal.is_about_right


def test_expected__what_comes_between_deciding_and_writing_counts_too(house, monkeypatch):
    reference, app = house.tell(), house.door("keeper")
    between(app, monkeypatch, lambda: house.take("keeper", reference, "question", why="var?"))
    with pytest.raises(ConcurrentChangeError) as error:
        app.cases.take_step(
            reference, "look", expected_seq=1,
            values={"damage": "wet", "how_bad": "1", "how_dear": "2", "mender": "mender"},
        )  # fmt: skip
    assert [one.step for one in error.value.changes] == ["question"]


def test_expected__a_note_between_deciding_and_writing_is_neutral(house, monkeypatch):
    reference, app = house.tell(), house.door("keeper")
    note = house.by("keeper").cases.add_entry
    between(app, monkeypatch, lambda: note(reference, "seen", "Blöt.", "hyllan", judgement=False))
    result = app.cases.take_step(reference, "question", values={"why": "x"}, expected_seq=1)
    assert (result.state, result.seq) == ("asked", 3)


def test_step__without_expected_is_decided_again(house, monkeypatch):
    reference, app = house.tell(), house.door("keeper")
    between(app, monkeypatch, lambda: house.take("keeper", reference, "question", why="var?"))
    with pytest.raises(RefusedError) as error:
        app.cases.take_step(reference, "question", values={"why": "igen?"})
    assert error.value.refusal.kind == "wrong_state"


def test_step__right_that_ends_between_deciding_and_writing_is_refused(house, monkeypatch):
    organise(house.by("boss"), Appoint("lo", "keeper", "bjork", "2026-01-01"))
    reference, app = house.tell(), house.door("lo")
    key = house.rows("SELECT key FROM appointments WHERE person = 'lo' AND role = 'keeper'")[0][0]
    between(app, monkeypatch, lambda: organise(house.by("boss"), ChangeAppointment(key, "2026-03-01")))
    before = house.rows("SELECT count(*) FROM events WHERE kind = 'step'")
    with pytest.raises(UnknownCaseError):
        app.cases.take_step(reference, "question", values={"why": "x"})
    assert house.rows("SELECT count(*) FROM events WHERE kind = 'step'") == before


def between(app: App, monkeypatch, act):
    """Let something happen once, after the application has decided and before it writes."""
    record, waiting = type(app.unit_of_work).record, [act]

    def late(work, decision, *rest, **more):
        if waiting and work is app.unit_of_work:
            waiting.pop()()
        return record(work, decision, *rest, **more)

    monkeypatch.setattr(type(app.unit_of_work), "record", late)
