"""Files of commands: read strictly, run in order of time by who did it, begun again without doubles."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.app import Settings, build
from engine.errors import CommandFileError, CommandsRefusedError, TrainingClockError
from engine.exchange.command_file import read_folder
from engine.exchange.commands import run_commands
from engine.language.say import say
from tests.service.house import House, found, make

TOLD = "- {at: 2026-03-02T10:00, as: kim, new: repair, name: r1, unit: bjork, set: {story: våt bok}}\n"
LOOKED = (
    "- at: 2026-03-03T09:30\n  as: keeper\n  step: look\n  on: r1\n"
    '  set: {damage: wet, how_bad: 1, how_dear: "2", mender: mender}\n'
)


@pytest.fixture(scope="module", name="template")
def made_template(tmp_path_factory) -> Path:
    """A house of the invented processes, to be copied."""
    folder = tmp_path_factory.mktemp("house")
    make(f"sqlite:///{folder / 'hjul.sqlite'}", folder / "definitions").close()
    return folder / "hjul.sqlite"


@pytest.fixture
def house(template, tmp_path):
    path = tmp_path / "hjul.sqlite"
    path.write_bytes(template.read_bytes())
    house = House(f"sqlite:///{path}")
    yield house
    house.close()


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "week"
    folder.mkdir()
    return folder


def write(folder, *texts) -> Path:
    """Files of commands, one for each text."""
    for number, text in enumerate(texts, 1):
        (folder / f"{number}.yaml").write_text(text, encoding="utf-8")
    return folder


def said(problems):
    return [f"{one.file}:{one.line}:{one.column}: {say(one.message)}" for one in problems]


def run(house, folder, progress=None):
    return run_commands(house.door(), folder, progress)


def events(house, columns="command_id"):
    return house.rows(
        f"SELECT {columns} FROM events WHERE command_id LIKE 'week/%' ORDER BY recorded_at, ordinal"
    )


# --- reading


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("- {at: 2026-03-02T10:00, as: kim, claim: r1, colour: red}\n", "1.yaml:1:46", "okänd nyckel ”colour”"),
        (TOLD + "- {at: 2026-03-03T10:00, as: kim, claim: r1, text: x}\n", "1.yaml:2:46", "hör inte till ”claim”"),
        ("- {at: 2026-03-02T10:00, as: kim}\n", "1.yaml:1:3", "raden säger inte vad som görs"),
        (TOLD + "- {at: 2026-03-03T10:00, as: kim, claim: r1, release: r1}\n", "1.yaml:2:3", "claim och release"),
        (TOLD + "- {at: 2026-03-03T10:00, as: kim, note: seen, on: r1, text: x}\n", "1.yaml:2:3", "”source” saknas"),
        ("- {at: 2026-03-02, as: kim, new: repair}\n", "1.yaml:1:4", "dag och klockslag"),
        ("- {at: 2026-02-30T10:00, as: kim, new: repair}\n", "1.yaml:1:4", "dag och klockslag"),
        ("- {at: 2026-03-02T10:00, as: kim, new: repair, set: story}\n", "1.yaml:1:48", "ska ha fält och värden"),
        ("- {at: 2026-03-02T10:00, as: '', new: repair}\n", "1.yaml:1:26", "”as” ska ha ett värde"),
        ("- {at: 2026-03-02T10:00, as: kim, new: repair, name: R 1}\n", "1.yaml:1:48", "ska vara ett namn"),
        (TOLD + "- {at: 2026-03-03T10:00, as: kim, step: look, on: []}\n", "1.yaml:2:47", "ska vara ett namn"),
        ("- hello\n", "1.yaml:1:3", "vad någon gjorde"),
        ("at: 2026-03-02T10:00\n", "1.yaml:1:1", "ska vara en lista"),
        (TOLD.replace("10:00, as", "10:00, at: x, as"), "1.yaml:1:26", "”at” står redan på rad 1"),
        (TOLD + TOLD, "1.yaml:2:3", "namnet r1 är redan taget i week/1.yaml, rad 1"),
        (LOOKED + TOLD.replace("03-02", "03-04"), "1.yaml:1:3", "namnet r1 är inte givet"),
        (TOLD.replace("våt bok", "{case: r9}"), "1.yaml:1:3", "namnet r9 är inte givet"),
    ],
)  # fmt: skip
def test_read_folder__names_file_line_and_column_of_what_is_wrong(folder, text, place, message):
    with pytest.raises(CommandFileError) as caught:
        read_folder(write(folder, text))
    (only,) = said(caught.value.problems)
    assert only.startswith(f"week/{place}: ")
    assert message in only


def test_read_folder__tells_the_problems_of_all_files_together(folder):
    write(folder, TOLD + "- {as: kim, new: repair}\n", "- [\n", "- {at: x, as: kim, new: repair}\n")
    with pytest.raises(CommandFileError) as caught:
        read_folder(folder)
    assert [one.file for one in caught.value.problems] == ["week/1.yaml", "week/2.yaml", "week/3.yaml"]


def test_read_folder__orders_by_time_and_keeps_what_is_simultaneous_as_it_stands(folder):
    write(folder, LOOKED + TOLD.replace("r1", "r2"), TOLD)
    assert [(item.id, item.keys.get("name")) for item in read_folder(folder)] == [
        ("week/1:2", "r2"), ("week/2:1", "r1"), ("week/1:1", None),
    ]  # fmt: skip


# --- running


def test_run_commands__does_each_thing_by_who_did_it_at_the_time_it_was_done(house, folder):
    assert run(house, write(folder, LOOKED, TOLD)).done == 2
    told, looked = house.by("keeper").cases.history("REP-2026-0001")
    assert (told.actor.code, told.recorded_at[:16]) == ("kim", "2026-03-02T09:00")
    assert (looked.actor.code, looked.recorded_at[:16]) == ("keeper", "2026-03-03T08:30")


def test_run_commands__does_every_kind_of_thing(house, folder):
    write(
        folder,
        TOLD + TOLD.replace("r1", "r2").replace("story: våt bok", "story: torr bok, damage: torn") + LOOKED,
        "- {at: 2026-03-04T08:00, as: keeper, note: seen, on: r1, name: n1, text: Blöt, source: hyllan}\n"
        "- {at: 2026-03-04T08:10, as: keeper, note: seen, on: r1, text: Fuktig, source: hyllan, corrects: n1,"
        " judgement: ja}\n"
        "- {at: 2026-03-04T09:00, as: keeper, amend: {how_bad: 2}, on: r1, reason: Såg efter}\n"
        "- {at: 2026-03-04T10:00, as: keeper, assign: both, on: r2}\n"
        "- {at: 2026-03-04T10:05, as: both, release: r2}\n"
        "- {at: 2026-03-04T10:10, as: keeper, claim: r2}\n"
        "- {at: 2026-03-04T11:00, as: keeper, link: like, on: r1, to: r2}\n"
        "- {at: 2026-03-04T12:00, as: keeper, step: twin_of, on: r2, set: {twin: {case: r1}}, comment: Lika}\n"
        "- {at: 2026-03-04T13:00, as: head, step: confirm, on: [r1, r2]}\n"
        "- {at: 2026-03-05T08:00, as: mender, step: finish, on: r1, set: {causes: [{kind: wet, text: regn}]},"
        " done_at: 2026-03-04T15:00}\n"
        "- {at: 2026-03-05T09:00, as: keeper, new: order, name: o1, for: r1, row: causes.r1, set: {what: lim}}\n",
    )
    summary = run(house, folder)
    assert said(summary.refused) == []
    assert summary.done == 14
    case = house.by("keeper").cases.show("REP-2026-0001")
    assert (case.state, case.assignee.code) == ("waiting", "mender")
    assert [(one.text, one.judgement, one.corrects) for one in case.entries] == [
        ("Blöt", False, None), ("Fuktig", True, case.entries[0].seq),
    ]  # fmt: skip
    assert {(link.kind, link.reference, link.row) for link in case.links} >= {
        ("like", "REP-2026-0002", ""), ("for_repair", "ORD-2026-0001", "causes.r1"),
    }  # fmt: skip
    finished = next(one for one in house.by("keeper").cases.history("REP-2026-0001") if one.step == "finish")
    assert (finished.occurred_at[:16], finished.recorded_at[:16]) == ("2026-03-04T14:00", "2026-03-05T07:00")


def test_run_commands__tells_what_is_refused_with_place_and_reasons_and_goes_on(house, folder):
    write(
        folder, TOLD + LOOKED.replace("as: keeper", "as: kim").replace("damage: wet", "damage: wett") + LOOKED
    )
    summary = run(house, folder)
    (only,) = said(summary.refused)
    assert only.startswith("week/1.yaml:2:3: nekades: ")
    assert "vårdare" in only
    assert "Skada (damage): " in only
    assert summary.done == 2
    with pytest.raises(CommandsRefusedError) as caught:
        summary.check()
    assert (caught.value.done, caught.value.problems) == (2, summary.refused)


def test_run_commands__tells_what_could_not_be_done_since_its_case_was_refused(house, folder):
    write(folder, TOLD.replace("kim", "nobody") + LOOKED)
    assert [one.partition("nekades: ")[2][:30] for one in said(run(house, folder).refused)] == [
        "Inloggningen nobody är inte re", "det som raden gäller finns int",
    ]  # fmt: skip


def test_run_commands__is_begun_again_without_doubles(house, folder):
    many = "".join(TOLD.replace("r1", f"r{n}").replace("10:00", f"10:{n % 60:02}") for n in range(1, 131))
    write(folder, many, LOOKED)

    class StoppedError(Exception):
        """The machine went down."""

    def stop(done, total):
        assert total == 131
        raise StoppedError

    with pytest.raises(StoppedError):
        run(house, folder, stop)
    before = len(events(house))
    assert 0 < before < 131
    summary = run(house, folder)
    assert (summary.repeated, summary.done, summary.refused) == (before, 131 - before, ())
    assert len(set(events(house))) == len(events(house)) == 131
    again = run(house, folder)
    assert (again.repeated, again.done) == (131, 0)


def test_run_commands__notices_a_file_that_was_changed_above_what_is_done(house, folder):
    run(house, write(folder, TOLD + LOOKED))
    write(
        folder,
        TOLD + "- {at: 2026-03-02T11:00, as: keeper, step: move, on: r1, set: {to_unit: ek}}\n" + LOOKED,
    )
    assert "något annat är redan gjort under samma plats" in said(run(house, folder).refused)[0]


def test_run_commands__keeps_what_was_done_together_or_nothing_of_it(house, folder):
    write(folder, TOLD + LOOKED)

    def fall(*_):
        raise RuntimeError

    door = house.door()
    real = door.cases.decider.work.record
    calls = []

    class Falling:
        """A writer whose machine goes down at the second command."""

        outcome_of = door.unit_of_work.outcome_of

        def record(self, *args, **more):
            calls.append(1)
            return real(*args, **more) if len(calls) == 1 else fall()

    door.decider.work = Falling()
    with pytest.raises(RuntimeError):
        run_commands(door, folder)
    assert events(house) == []
    assert run(house, folder).done == 2


def test_run_commands__is_for_training_only(tmp_path, folder):
    app = build(Settings(f"sqlite:///{tmp_path / 'real.sqlite'}", "kim"))
    found(app, training=False)
    with pytest.raises(TrainingClockError):
        run_commands(app, write(folder, TOLD))
