"""`hjul schedule`: plans made in words and seen before they are made, read as a table, JSON and a picture."""

from __future__ import annotations

import shutil

import pytest

from engine.app import App, Settings
from tests.cli.shell import hjul
from tests.service.house import House, make
from tests.service.rounds import on, tick, with_rounds

PLAN = (
    "--process", "round", "--name", "Brandrond", "--under", "forv", "--every", "kvartal", "--before", "30",
    "--set", "what=Dörrarna",
)  # fmt: skip


@pytest.fixture(scope="module", name="made")
def made_rounds(tmp_path_factory):
    """A file with the house in which rounds are published, to be copied."""
    folder = tmp_path_factory.mktemp("rounds")
    with_rounds(make(f"sqlite:///{folder / 'hjul.sqlite'}", folder / "definitions"), folder).close()
    return folder / "hjul.sqlite"


@pytest.fixture(name="rounds")
def copied_rounds(made, tmp_path):
    shutil.copyfile(made, tmp_path / "hjul.sqlite")
    found = House(f"sqlite:///{tmp_path / 'hjul.sqlite'}")
    yield found
    found.close()


@pytest.fixture(name="say")
def speaking(rounds, monkeypatch):
    """Runs `hjul schedule` as the head, or as somebody else."""

    def say(*args, person="head"):
        def open_app(_session):
            return App(Settings(rounds.url, "shell", person), machine_clock=rounds.clock)

        return hjul(monkeypatch, "schedule", *args, open_app=open_app)

    return say


def test_add__shows_the_next_days_before_anything_is_made(say):
    shown = say("add", "fire", *PLAN, "--dry-run")
    assert shown.code == 0
    for words in (
        "Så skulle planen fire bli. Inget har ändrats.", "varje kvartal, sista dagen", "bjork, ek", "30 dagar före",
        "2026-03-31, 2026-06-30, 2026-09-30, 2026-12-31, 2027-03-31", "ready_by", "Dörrarna",
    ):  # fmt: skip
        assert words in shown.out
    assert say("list").err.startswith("Årshjulet är tomt")
    assert "Planen fire är upplagd." in say("add", "fire", *PLAN).out


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("add", "fire", "--process", "round", "--unit", "ek"), 2, "Säg hur ofta det återkommer"),
        (("add", "fire", *PLAN, "--rrule", "FREQ=DAILY"), 2, "inte båda"),
        (("add", "fire", *PLAN[:-4], "--every", "ibland"), 2, "”ibland” är ingen takt. Skriv vecka"),
        (
            ("add", "fire", "--process", "repair", "--unit", "ek", "--every", "år"),
            3,
            "kan inte öppnas av årshjulet",
        ),
        (("add", "fire", *PLAN, "--under", "nowhere"), 4, "Det finns ingen enhet nowhere"),
        (("add", "fire", "--process", "round", "--unit", "ek", "--every", "år"), 3, "Vad (what)"),
        (("show", "nothing"), 4, "Det finns ingen plan nothing"),
        (("skip", "fire", "2026-03-31"), 2, "--reason"),
        (("wheel", "--year", "x"), 2, "--year"),
        (("wheel", "--year", "9999"), 2, "2100"),
        (("list", "--year", "2101"), 2, "2100"),
    ],
)
def test_schedule__says_what_is_wrong(say, args, code, words):
    ended = say(*args)
    assert (ended.code, ended.out) == (code, "")
    assert words in ended.err


def test_add__is_refused_for_whoever_may_not(say):
    ended = say("add", "fire", *PLAN, person="kim")
    assert ended.code == 3
    assert "administratör" in ended.err


def test_add__reads_a_file_and_lets_options_go_before(say, tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(
        "name: Brandrond\nprocess: round\nunder: forv\nevery: år\non: [03-01]\nbefore: 10\nset: {what: Dörrar}\n"
    )
    said = say("add", "fire", "--from", str(path), "--on", "05-01", "--json")
    assert said.code == 0
    assert '"rule": "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=1"' in said.out
    path.write_text("name: x\nhow: y\n")
    wrong = say("add", "other", "--from", str(path))
    assert (wrong.code, "how" in wrong.err) == (2, True)


def test_suggestions__give_days_and_sources_and_say_what_waits(say):
    listed = say("suggestions")
    assert "PSL (2010:659) 3 kap. 10 §" in listed.out
    assert "Väntar på processen riskanalys" in listed.out
    begun = say(
        "add", "psb", "--like", "patientsakerhetsberattelse", "--process", "round", "--unit", "forv", "--set", "what=x"
    )  # fmt: skip
    assert begun.code == 0
    assert "2027-03-01, 2028-03-01, 2029-03-01" in begun.out
    assert "lagens dag" in begun.out
    own = say("add", "own", "--like", "riskanalys", "--process", "round", "--unit", "ek", "--every", "år", "--set",
              "what=x", "--json")  # fmt: skip
    assert '"rule": "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=-1"' in own.out
    waits = say("add", "psb2", "--like", "riskanalys", "--unit", "ek")
    assert (waits.code, "riskanalys" in waits.err) == (4, True)
    assert say("add", "psb2", "--like", "riskanalyser", "--unit", "ek").code == 4


def test_wheel__is_a_table_a_picture_and_json(say, rounds, tmp_path):
    say("add", "fire", *PLAN)
    tick(rounds)
    say("skip", "fire", "2026-06-30", "--unit", "ek", "--reason", "Ombyggnad")
    rounds.take("keeper", "RON-2026-0001", "walk", result="Bra")
    on(rounds, "2026-04-02")
    table = say("wheel").out.splitlines()
    assert table[:2] == ["Årshjulet 2026", "             jan feb mar apr maj jun jul aug sep okt nov dec"]
    assert [line.split() for line in table[2:4]] == [
        ["Björkgården", *"··A··P··P··P"], ["Ekgården", *"··F··H··P··P"],
    ]  # fmt: skip
    assert "Tillsammans: försenat 1, planerat 5, överhoppat 1, avslutat 1." in table
    path = tmp_path / "wheel.svg"
    assert say("wheel", "-o", str(path)).out == ""
    assert path.read_text().startswith("<svg")
    assert '"late": 1' in say("wheel", "--json").out
    shown = say("show", "fire").out
    assert "Ombyggnad (Head)" in shown
    assert "RON-2026-0002 (Planerad)" in shown
    assert say("wheel", "--year", "2025").err == "Inget är planerat 2025.\n"
    assert "fire" in say("list").out


def test_change_and_end__answer_with_what_holds_from_then(say):
    say("add", "fire", *PLAN)
    changed = say("change", "fire", "--every", "månad", "--on", "15", "--from-day", "2026-07-01")
    assert "2026-07-15, 2026-08-15" in changed.out
    assert say("change", "fire").code == 3
    assert (
        "Planen fire slutar 2026-12-31."
        in say("end", "fire", "--to", "2026-12-31", "--reason", "Ersätts").out
    )


def test_tick__says_what_the_year_wheel_opened(rounds, monkeypatch):
    from tests.service.rounds import add

    add(rounds)

    def open_app(_session):
        return App(Settings(rounds.url, "shell", "head"), machine_clock=rounds.clock)

    assert "Årshjulet har öppnat 2 ärenden." in hjul(monkeypatch, "tick", open_app=open_app).out
