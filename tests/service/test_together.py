"""Many at once, each with a door of their own: every transition has one winner, and guards hold over other cases."""

import threading
from typing import Any

import pytest

from engine.errors import ConcurrentChangeError, DatabaseBusyError, RefusedError

WRITERS = 8


def together(*calls):
    """Run calls at once, each in a thread of its own; what each gave or raised."""
    found: list[Any] = [None] * len(calls)
    start = threading.Barrier(len(calls))

    def run(number, call):
        start.wait()
        try:
            found[number] = call()
        except Exception as error:  # noqa: BLE001  it is looked at below
            found[number] = error

    threads = [threading.Thread(target=run, args=one) for one in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def doors(house, person, count=WRITERS):
    """Applications that have connected already, so that all begin at once."""
    apps = [house.door(as_login=person) for _ in range(count)]
    for app in apps:
        app.register.cases(limit=1)
    return apps


def taken(house, reference):
    return [event.step for event in house.by("both").cases.history(reference)]


def settled(found):
    """The winners; every other one was told why."""
    won = [one for one in found if not isinstance(one, Exception)]
    for one in found:
        assert one in won or isinstance(one, RefusedError | ConcurrentChangeError), one
    return won


def test_together__each_transition_has_one_winner(house):
    reference, apps = house.tell(), doors(house, "keeper")
    found = together(
        *(lambda app=app: app.cases.take_step(reference, "question", values={"why": "x"}) for app in apps)
    )
    assert len(settled(found)) == 1
    assert taken(house, reference) == ["tell", "question"]
    refusals = [one.refusal for one in found if isinstance(one, RefusedError)]
    assert {refusal.kind for refusal in refusals} == {"wrong_state"}


def test_together__who_saw_the_same_and_expects_it(house):
    reference, apps = house.tell(), doors(house, "keeper")
    found = together(
        *(
            lambda app=app: app.cases.take_step(reference, "question", values={"why": "x"}, expected_seq=1)
            for app in apps
        )
    )
    assert len(settled(found)) == 1
    losers = [one for one in found if isinstance(one, ConcurrentChangeError)]
    assert len(losers) == WRITERS - 1
    assert {(one.changes[0].person, one.changes[0].step) for one in losers} == {("keeper", "question")}


def test_together__everybody_notes_and_all_notes_are_kept(house):
    reference, apps = house.tell(), doors(house, "keeper", 6)

    def write(app, number):
        for part in range(3):
            text = f"{number}.{part}"
            while True:
                try:
                    app.cases.take_step(reference, "send", values={"whom": text}, expected_seq=1)
                    break
                except DatabaseBusyError:
                    continue

    assert together(*(lambda a=app, n=n: write(a, n) for n, app in enumerate(apps))) == [None] * 6
    (table,) = house.by("both").cases.show(reference).tables
    assert [key for key, _ in table.rows] == [f"r{number}" for number in range(1, 19)]
    assert len({row[0].value for _, row in table.rows}) == 18


def test_together__numbers_are_without_gaps(house):
    apps = doors(house, "kim")

    def tell(app):
        return [
            app.cases.open_case("repair", unit="bjork", values={"story": "x"}).reference for _ in range(3)
        ]

    found = together(*(lambda app=app: tell(app) for app in apps))
    assert sorted(reference for some in found for reference in some) == [
        f"REP-2026-{number:04d}" for number in range(1, 25)
    ]


def test_together__one_command_from_many_is_done_once(house):
    apps = doors(house, "kim")
    found = together(
        *(
            lambda app=app: app.cases.open_case(
                "repair", unit="bjork", values={"story": "x"}, command_id="one"
            )
            for app in apps
        )
    )
    assert {one.reference for one in found} == {"REP-2026-0001"}
    assert sorted(one.repeated for one in found) == [False] + [True] * (WRITERS - 1)


def test_together__an_automatic_step_happens_once(house):
    reference = house.waiting()
    keeper = house.by("keeper").cases
    orders = [
        keeper.open_case("order", values={"what": str(n)}, link_to=reference).reference for n in range(4)
    ]
    apps = doors(house, "keeper", 4)
    found = together(
        *(
            lambda app=app, order=order: app.cases.take_step(order, "receive", values={"came": "2026-03-02"})
            for app, order in zip(apps, orders, strict=True)
        )
    )
    assert len(settled(found)) == 4
    assert taken(house, reference).count("close") == 1
    assert house.by("both").cases.show(reference).state == "done"


def test_together__an_automatic_step_of_its_own_happens_once(house):
    reference = house.tell()
    house.look(reference)
    keeper = house.by("keeper").cases
    keeper.add_entry(reference, "seen", "Blöt.", "hyllan", judgement=False)
    order = keeper.open_case("order", values={"what": "lim"}, link_to=reference).reference
    (mender,), (receiver,) = doors(house, "mender", 1), doors(house, "keeper", 1)
    given = {"causes.+.kind": "wet", "causes.+.text": "regn"}
    found = together(
        lambda: mender.cases.take_step(reference, "finish", values=given),
        lambda: receiver.cases.take_step(order, "receive", values={"came": "2026-03-02"}),
    )
    assert len(settled(found)) == 2
    assert taken(house, reference).count("close") == 1


@pytest.mark.parametrize("_round", range(4))
def test_together__a_guard_over_another_case_holds(house, _round):
    """A repair is done only while its order is here; an order is wanted again only while its repair is not done."""
    reference = house.waiting()
    keeper = house.by("keeper").cases
    order = keeper.open_case("order", values={"what": "lim"}, link_to=reference).reference
    house.by("keeper").cases.take_step(order, "receive", values={"came": "2026-03-02"})
    house.take("head", reference, "reopen", why="fel")
    house.by("keeper").cases.add_entry(reference, "seen", "Åter.", "hyllan", judgement=False)
    (mender,), (again,) = doors(house, "mender", 1), doors(house, "keeper", 1)
    given = {"causes.+.kind": "wet", "causes.+.text": "regn"}
    found = together(
        lambda: mender.cases.take_step(reference, "finish", values=given),
        lambda: again.cases.take_step(order, "again"),
    )
    settled(found)
    state, other = (house.by("both").cases.show(one).state for one in (reference, order))
    assert (state, other) in {("done", "here"), ("waiting", "wanted")}
    if other == "here":
        assert isinstance(found[1], RefusedError)


def test_together__claims_have_one_holder(house):
    reference = house.tell()
    (keeper,), (both,) = doors(house, "keeper", 1), doors(house, "both", 1)
    found = together(lambda: keeper.cases.claim(reference), lambda: both.cases.claim(reference))
    assert settled(found)
    events = house.by("both").cases.history(reference)
    last = [event.actor.code for event in events if event.kind == "assign"][-1]
    assert house.by("both").cases.show(reference).assignee.code == last


def test_together__readers_do_not_fail_while_others_write(house):
    reference = house.tell()
    (writer,), readers = doors(house, "keeper", 1), doors(house, "both", 3)

    def write():
        for number in range(12):
            writer.cases.take_step(reference, "send", values={"whom": str(number)})

    def read(app):
        seqs = []
        for _ in range(12):
            view, events = app.cases.show(reference), app.cases.history(reference)
            rows = sum(len(table.rows) for table in view.tables)
            assert rows == view.seq - 1
            assert [event.seq for event in events] == list(range(1, len(events) + 1))
            seqs.append(view.seq)
        assert seqs == sorted(seqs)

    found = together(write, *(lambda app=app: read(app) for app in readers))
    assert found == [None] * 4, found


def test_together__the_log_is_whole_afterwards(house):
    references = [house.tell() for _ in range(3)]
    apps = doors(house, "both", 4)

    def mix(app, number):
        for turn in range(4):
            for reference in references:
                try:
                    if (turn + number) % 3 == 0:
                        app.cases.claim(reference)
                    elif (turn + number) % 3 == 1:
                        app.cases.add_entry(reference, "seen", "x", "y", judgement=True)
                    else:
                        app.cases.link(reference, "like", references[(turn + number) % 3])
                except (RefusedError, ConcurrentChangeError):
                    continue

    assert together(*(lambda a=app, n=n: mix(a, n) for n, app in enumerate(apps))) == [None] * 4
    report = house.by("boss").audit.verify()
    assert (report.ok, report.cases) == (True, 3), report
